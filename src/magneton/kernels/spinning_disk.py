r"""Charged disks and solid cylinders that turn about the z axis, as sums of rings and of cylindrical sheets.

The charge between the radii s and s + ds moves as a ring of current q omega s ds/(pi R^2), or as a sheet of that much
current over the cylinder's length (see `magneton.kernels.sheet`). As functions of s their fields are smooth but at
s = rho +- i zeta, zeta the height of the point over the disk or over the nearer end. So the radius is cut at rho, and
panels that double in width from there on carry Gauss-Legendre rules of 16 points; rho - s is exact in each. Inside the
cylinder B_z jumps by 4 pi at each sheet, which gives d B_z/d rho its term in the current density at the point.

B and A are continuous all over the cylinder; its grad B is nan on its surface. On the disk all is nan.
"""

import math

import numpy as np

from magneton._jit import field_function, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.sheet import circle, ring, ring_slopes, sheet_slopes, sheet_sums
from magneton.numerics.quadrature import PANEL_NODES, PANEL_WEIGHTS

_MU0 = float(mu_0)
_MU0_4PI = _MU0 / (4.0 * math.pi)
_A, _GRAD, _POTENTIAL, _H = quantities.A, quantities.GRAD, quantities.POTENTIAL, quantities.H
#: The first panel is never narrower than this part of the radius: what it then lacks is below rounding.
_NARROWEST = 1e-18


@kernel
def _of_radius(slopes, rho, gap, z, s, half):
    """Return B_rho/rho, B_z, A_phi/rho of a ring or sheet, or B_rho/rho, dB_z/dz, d(B_rho/rho)/dz."""
    if half == 0.0:
        return ring_slopes(rho, gap, z, s) if slopes else ring(rho, gap, z, s)
    if slopes:
        q, bzz, qz, _ = sheet_slopes(rho, gap, z, s, half, False)
        return q, bzz, qz
    q, bz, w, _ = sheet_sums(rho, gap, z, s, half)
    return q, bz, w


@kernel
def _sums(slopes, rho, gap, z, radius, half, first):
    """Return the integrals over s ds of `_of_radius`; `gap` is rho - R, `half` the half length, 0 of a disk."""
    cut, beyond = min(rho, radius), max(gap, 0.0)
    a = b = c = 0.0
    for side in (-1.0, 1.0):
        end = cut if side < 0.0 else max(-gap, 0.0)
        low, width = 0.0, first
        while low < end:
            high = min(low + width, end)
            for i in range(len(PANEL_NODES)):
                delta = 0.5 * (low + high) + 0.5 * (high - low) * PANEL_NODES[i]
                s = cut + side * delta
                da, db, dc = _of_radius(slopes, rho, beyond - side * delta, z, s, half)
                weight = 0.5 * (high - low) * PANEL_WEIGHTS[i] * s
                a, b, c = a + weight * da, b + weight * db, c + weight * dc
            low, width = high, 2.0 * width
    return a, b, c


@kernel
def _set_gradient(x, y, rho, sums, jump, out):
    """Set nine floats; `jump` is the part of dB_z/drho over rho that the currents at the point make."""
    q, bzz, qz = sums
    c, d = (x / rho, y / rho) if rho > 0.0 else (0.0, 0.0)
    turn = bzz + 2.0 * q
    out[0], out[1], out[2] = q - c * c * turn, -c * d * turn, x * qz
    out[3], out[4], out[5] = out[1], q - d * d * turn, y * qz
    out[6], out[7], out[8] = x * (qz - jump), y * (qz - jump), bzz


@kernel
def _set(what, x, y, z, radius, length, out):
    """Set `out` per mu_0 q omega/(4 pi^2 R^2), of a cylinder also per length."""
    rho, gap = circle(x, y, radius)
    half = 0.5 * length
    zeta = abs(abs(z) - half)
    over = gap <= 0.0 and (length == 0.0 or abs(z) <= half)
    surface = (zeta == 0.0 and gap <= 0.0) or (length > 0.0 and gap == 0.0 and abs(z) <= half)
    if surface and (what == _GRAD or length == 0.0):
        out[:] = math.nan
        return
    beyond = max(gap, 0.0)
    first = max(math.sqrt(beyond * beyond + zeta * zeta), _NARROWEST * radius)
    a, b, c = _sums(what == _GRAD, rho, gap, z, radius, half, first)
    if what == _GRAD:
        _set_gradient(x, y, rho, (a, b, c), 4.0 * math.pi if over and length > 0.0 else 0.0, out)
    elif what == _A:
        out[0], out[1], out[2] = -y * c, x * c, 0.0 * c
    else:
        out[0], out[1], out[2] = x * a, y * a, b


@field_function
def spinning_disk_field(what, params, points, out):
    """Set `out` to the quantity `what`; `params` holds kind, radius, q omega (A), length (m; 0 of a disk)."""
    if what == _POTENTIAL:
        out[:] = np.nan
        return
    radius, length = params[1], params[3]
    unit = (1.0 / (4.0 * math.pi) if what == _H else _MU0_4PI) * params[2] / (math.pi * radius * radius)
    if length > 0.0:
        unit /= length
    for i in range(len(points)):
        _set(what, points[i, 0], points[i, 1], points[i, 2], radius, length, out[i])
        for k in range(out.shape[1]):
            out[i, k] *= unit
