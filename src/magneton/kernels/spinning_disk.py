r"""Charged disks and solid cylinders that turn about the z axis, as sums of rings and of cylindrical sheets.

The charge between the radii s and s + ds moves as a ring of current q omega s ds/(pi R^2), or as a sheet of that much
current over the cylinder's length (see `magneton.kernels.sheet`). As functions of s their fields are smooth but at
s = rho +- i zeta, zeta the height of the point over the disk or over the nearer end. So the radius is cut at rho, and
panels that double in width from there on carry Gauss-Legendre rules of 16 points; rho - s is exact in each. Inside the
cylinder B_z jumps by 4 pi at each sheet, which gives d B_z/d rho its term in the current density at the point.

Next to the disk the slopes of single rings are large and cancel. But B of a ring is homogeneous of degree -1 in rho,
z and s, and has no curl and no divergence off the wire. So, integrated by parts over the rings up to a rim S,

    (rho^2 + z^2) dB_z/dz = z (b - b_S) + rho^2 (a_S - 2 a),   (rho^2 + z^2) d(B_rho/rho)/dz = b - b_S - z (a_S - 2 a)

with a and b the sums of s B_rho/rho and s B_z, and a_S and b_S those of the ring at the rim times S^2. The rim is at
2 rho: then nothing cancels near the middle of the disk; the rings beyond it are far from the point.

A is continuous everywhere, B everywhere but on the disk, where it is nan: there B_rho jumps by mu_0 times the sheet's
current, which is zero at the centre only, so that B is whole there. grad B is nan on the disk and on the cylinder's
surface, but for the middle of an end: its jump goes with the current density, which is zero on the axis.
"""

import math

import numpy as np

from magneton._jit import field_function, inline_kernel, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.sheet import circle, ring, ring_slopes, sheet_slopes, sheet_sums
from magneton.numerics.quadrature import PANEL_NODES, PANEL_WEIGHTS

_MU0 = float(mu_0)
_MU0_4PI = _MU0 / (4.0 * math.pi)
_A, _GRAD, _POTENTIAL, _H = quantities.A, quantities.GRAD, quantities.POTENTIAL, quantities.H
#: The first panel is never narrower than this part of the radius: what it then lacks is below rounding.
_NARROWEST = 1e-18
#: The same for grad B, whose integrand has a peak as narrow as the point is near; nearer yet only fourth powers fail.
_NARROWEST_PEAK = 1e-40
#: So near the disk, in units of the way to its rim, grad B is that of its face.
_AT_THE_FACE = 1e-18


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
def _slopes_beyond(rho, z, low, radius):
    """Return the integrals over s ds of the slopes of the rings from `low` >= 2 rho on."""
    a = b = c = 0.0
    while low < radius:
        high = min(1.5 * low, radius)
        for i in range(len(PANEL_NODES)):
            s = 0.5 * (low + high) + 0.5 * (high - low) * PANEL_NODES[i]
            da, db, dc = ring_slopes(rho, rho - s, z, s)
            weight = 0.5 * (high - low) * PANEL_WEIGHTS[i] * s
            a, b, c = a + weight * da, b + weight * db, c + weight * dc
        low = high
    return a, b, c


@kernel
def _disk_slopes(rho, gap, z, radius, first):
    """Return the integrals over s ds of B_rho/rho, dB_z/dz and d(B_rho/rho)/dz of rings next to their plane."""
    rim = min(2.0 * rho, radius)
    to_rim = gap if rim == radius else -rho
    a, b, _ = _sums(False, rho, to_rim, z, rim, 0.0, first)
    rim_a, rim_b, _ = ring(rho, to_rim, z, rim)
    over = 1.0 / (rho * rho + z * z)
    left_a, left_b = rim * rim * rim_a - 2.0 * a, b - rim * rim * rim_b
    q, bzz, qz = _slopes_beyond(rho, z, rim, radius)
    return a + q, over * (z * left_b + rho * rho * left_a) + bzz, over * (left_b - z * left_a) + qz


@kernel
def _set_gradient(x, y, rho, sums, jump, out):
    """Set nine floats; `jump` is the part of dB_z/drho over rho that the currents at the point make."""
    q, bzz, qz = sums
    c, d = (x / rho, y / rho) if rho > 0.0 else (0.0, 0.0)
    turn = bzz + 2.0 * q
    out[0], out[1], out[2] = q - c * c * turn, -c * d * turn, x * qz
    out[3], out[4], out[5] = out[1], q - d * d * turn, y * qz
    out[6], out[7], out[8] = x * (qz - jump), y * (qz - jump), bzz


@inline_kernel
def _jumps(what, rho, gap, z, zeta, half):
    """Return whether the quantity jumps at a point, or has no value there."""
    end = zeta == 0.0 and gap <= 0.0
    if half == 0.0:
        return end and (what == _GRAD or (what != _A and rho > 0.0))
    wall = gap == 0.0 and abs(z) <= half
    return what == _GRAD and (wall or (end and rho > 0.0))


@kernel
def _set(what, x, y, z, radius, length, out):
    """Set `out` per mu_0 q omega/(4 pi^2 R^2), of a cylinder also per length."""
    rho, gap = circle(x, y, radius)
    half = 0.5 * length
    zeta = abs(abs(z) - half)
    over = gap <= 0.0 and (length == 0.0 or abs(z) <= half)
    if _jumps(what, rho, gap, z, zeta, half):
        out[:] = math.nan
        return
    if what == _GRAD and length == 0.0 and zeta < -_AT_THE_FACE * gap:
        zeta = -_AT_THE_FACE * gap
        z = math.copysign(zeta, z)
    beyond = max(gap, 0.0)
    narrowest = _NARROWEST_PEAK if what == _GRAD else _NARROWEST
    first = max(math.sqrt(beyond * beyond + zeta * zeta), narrowest * radius)
    if what == _GRAD and length == 0.0 and rho > zeta:
        a, b, c = _disk_slopes(rho, gap, z, radius, first)
    else:
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
