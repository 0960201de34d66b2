r"""A smooth closed curve that carries a current, given by its Fourier series: B, A and grad B.

r(t) = Re sum_k c_k e^(i k t), t in [0, 2 pi). At a point a fair way off, the trapezoidal rule over the curve's
nodes is exact to rounding (its error falls as e^(-n d/|r'|) with the distance d). Nearer, the parameter interval
is halved until each panel is shorter than its distance, and each gets a Gauss rule: some 60 panels at 1e-9 of
the size. Results are for unit mu_0 I/(4 pi); on the curve they are nan.

Layout of `params`: n harmonics, n nodes, then the coefficients (k = 0..n: re, im of x, y, z), then the nodes
(x, y, z and the line element times its weight).
"""

import math

import numpy as np

from magneton._jit import kernel
from magneton.numerics.quadrature import PANEL, PANEL_NODES, PANEL_WEIGHTS

A, B, GRAD = 0, 1, 2
_DEEPEST = 52  # halvings of the parameter interval after which a point counts as on the curve
_CONVERGED = 40.0  # e^-40 is below rounding


@kernel
def _add(out, what, x, y, z, lx, ly, lz):
    """Add the Biot-Savart integrand at the separation (x, y, z) from the line element (lx, ly, lz)."""
    r2 = x * x + y * y + z * z
    w = 1.0 / math.sqrt(r2)
    if what == A:
        out[0] += w * lx
        out[1] += w * ly
        out[2] += w * lz
        return
    w3 = w / r2
    cx, cy, cz = ly * z - lz * y, lz * x - lx * z, lx * y - ly * x
    if what == B:
        out[0] += w3 * cx
        out[1] += w3 * cy
        out[2] += w3 * cz
        return
    w5 = 3.0 * w3 / r2
    out[0] -= w5 * cx * x
    out[1] -= w5 * 0.5 * (cx * y + cy * x)
    out[2] -= w5 * 0.5 * (cx * z + cz * x)
    out[3] -= w5 * cy * y
    out[4] -= w5 * 0.5 * (cy * z + cz * y)


@kernel
def curve_point(params, t):
    """Return r(t) and r'(t) as six floats."""
    n = int(params[0])
    step = complex(math.cos(t), math.sin(t))
    phase = complex(1.0, 0.0)
    x, y, z = params[2], params[4], params[6]
    dx = dy = dz = 0.0
    for k in range(1, n + 1):
        if k % 16 == 0:  # the running product of phases drifts by a rounding error a step
            phase = complex(math.cos(k * t), math.sin(k * t))
        else:
            phase *= step
        i = 2 + 6 * k
        c, s = phase.real, phase.imag
        x += params[i] * c - params[i + 1] * s
        y += params[i + 2] * c - params[i + 3] * s
        z += params[i + 4] * c - params[i + 5] * s
        dx -= k * (params[i] * s + params[i + 1] * c)
        dy -= k * (params[i + 2] * s + params[i + 3] * c)
        dz -= k * (params[i + 4] * s + params[i + 5] * c)
    return x, y, z, dx, dy, dz


@kernel
def _nodes_suffice(params, x, y, z):
    """Say whether the trapezoidal rule over the nodes is converged at this point."""
    count = int(params[1])
    start = 8 + 6 * int(params[0])
    for i in range(start, start + 6 * count, 6):
        dx, dy, dz = x - params[i], y - params[i + 1], z - params[i + 2]
        lx, ly, lz = params[i + 3], params[i + 4], params[i + 5]
        # |line element| = |r'| 2 pi/count, so the strip of analyticity d/|r'| gives e^(-2 pi d/|element|).
        limit = (_CONVERGED / (2.0 * math.pi)) ** 2 * (lx * lx + ly * ly + lz * lz)
        if dx * dx + dy * dy + dz * dz < limit:
            return False
    return True


@kernel
def _by_panels(params, x, y, z, what, out):
    """Add the integral by panels that shrink towards the point; return False where it is on the curve."""
    first = max(8, 2 * int(params[0]))
    left = np.empty(_DEEPEST + 2)
    width = np.empty(_DEEPEST + 2)
    for panel in range(first):
        left[0] = panel * 2.0 * math.pi / first
        width[0] = 2.0 * math.pi / first
        waiting = 1
        while waiting:
            waiting -= 1
            t0, h = left[waiting], 0.5 * width[waiting]
            px, py, pz, dx, dy, dz = curve_point(params, t0 + h)
            gap2 = (x - px) ** 2 + (y - py) ** 2 + (z - pz) ** 2
            if gap2 < 5.0 * h * h * (dx * dx + dy * dy + dz * dz):
                if waiting + 2 > _DEEPEST or h < 1e-15:
                    return False
                left[waiting], width[waiting] = t0, h
                left[waiting + 1], width[waiting + 1] = t0 + h, h
                waiting += 2
                continue
            for j in range(PANEL):
                px, py, pz, dx, dy, dz = curve_point(params, t0 + h * (1.0 + PANEL_NODES[j]))
                w = h * PANEL_WEIGHTS[j]
                _add(out, what, x - px, y - py, z - pz, w * dx, w * dy, w * dz)
    return True


@kernel
def _outside(params, x, y, z, what, out):
    """Add A or B by the nodes, each 1/R or 1/R^3 less that of the centre, since the closed integral of dl is zero.

    So far off, where the curve's elements nearly cancel, fewer digits do.
    """
    r0 = math.sqrt(x * x + y * y + z * z)
    start = 8 + 6 * int(params[0])
    for i in range(start, start + 6 * int(params[1]), 6):
        px, py, pz = params[i], params[i + 1], params[i + 2]
        lx, ly, lz = params[i + 3], params[i + 4], params[i + 5]
        r = math.sqrt((x - px) ** 2 + (y - py) ** 2 + (z - pz) ** 2)
        w = (px * (2.0 * x - px) + py * (2.0 * y - py) + pz * (2.0 * z - pz)) / (r * r0 * (r + r0))
        if what == A:
            out[0] += w * lx
            out[1] += w * ly
            out[2] += w * lz
        else:
            w3 = 1.0 / (r * r * r)
            w *= (1.0 / r + 1.0 / r0) / r0 + 1.0 / (r * r)
            vx, vy, vz = w * x - w3 * px, w * y - w3 * py, w * z - w3 * pz
            out[0] += ly * vz - lz * vy
            out[1] += lz * vx - lx * vz
            out[2] += lx * vy - ly * vx


@kernel
def curve_sum(params, x, y, z, what):
    """Return A (3), B (3) or dB_i/dx_j (xx, xy, xz, yy, yz) at a point, as an array of five."""
    out = np.zeros(5)
    if not _nodes_suffice(params, x, y, z):
        if not _by_panels(params, x, y, z, what, out):
            out[:] = np.nan
        return out
    start = 8 + 6 * int(params[0])
    size2 = params[start] ** 2 + params[start + 1] ** 2 + params[start + 2] ** 2
    if what != GRAD and x * x + y * y + z * z > size2:
        _outside(params, x, y, z, what, out)
        return out
    for i in range(start, start + 6 * int(params[1]), 6):
        _add(
            out, what, x - params[i], y - params[i + 1], z - params[i + 2],
            params[i + 3], params[i + 4], params[i + 5],
        )  # fmt: skip
    return out
