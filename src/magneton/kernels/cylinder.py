r"""The uniformly magnetized cylinder, and the solenoid: the same current sheet.

With the vector g = (x w, y w, v), w and v the sums of `magneton.kernels.sheet` over 4 pi (w = A_phi/rho of the
sheet, v the potential of the end discs), a cylinder of magnetization M about the z axis has

    psi = M.g,    A = mu_0 M x g,    H = -N M,    B = mu_0 (M + H) inside,    N_ij = dg_i/dx_j,

N symmetric, its trace 1 inside and 0 outside: with s = (B_z - 2 w)/rho^2 and q = B_rho/rho of the sheet,

    N = [[w + x^2 s, x y s, -x q], [x y s, w + y^2 s, -y q], [-x q, -y q, N_z]].

For M along z these are the fields of a solenoid ([DerbyOlbert2010]_), for M across it those of
[CaciagliEtAl2018]_. B inside is formed from sums of the other diagonal elements, not as a difference with M.
"""

import math

import numpy as np

from magneton._jit import field_function, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.disc_potential import discs_potential
from magneton.kernels.sheet import circle, sheet_slopes, sheet_sums
from magneton.kernels.sheet_block import BLOCK, BZ, GAP, NZ, RHO, Q, W, Z, block_sums, block_workspace

_MU0 = float(mu_0)
_A, _B, _GRAD, _POTENTIAL, _H = (
    quantities.A, quantities.B, quantities.GRAD, quantities.POTENTIAL, quantities.H,
)  # fmt: skip
#: So few points are not worth the workspace of a block.
_FEW = 4


@kernel
def _set_field(what, mx, my, mz, x, y, rho, inside, sums, out):
    """Set `out` to 4 pi B/mu_0 or 4 pi H."""
    q, bz, w, nz = sums
    c, s = (x / rho, y / rho) if rho > 0.0 else (0.0, 0.0)
    split = bz - 2.0 * w
    radial = q * (x * mx + y * my)
    off = c * s * split
    if inside and what == _B:
        nx, ny = w + nz + s * s * split, w + nz + c * c * split
        out[0] = nx * mx - off * my + q * x * mz
        out[1] = ny * my - off * mx + q * y * mz
        out[2] = radial + bz * mz
    else:
        out[0] = -(w + c * c * split) * mx - off * my + q * x * mz
        out[1] = -(w + s * s * split) * my - off * mx + q * y * mz
        out[2] = radial - nz * mz


@kernel
def _set_gradient(mx, my, mz, x, y, rho, slopes, out):
    """Set `out` to 4 pi grad B/mu_0."""
    q, bzz, qz, s = slopes
    c, d = (x / rho, y / rho) if rho > 0.0 else (0.0, 0.0)
    turn, rest = bzz + 2.0 * q, qz - 4.0 * s
    # Minus the third derivatives of the potential of a unit of charge density in the cylinder.
    xxz, xyz, yyz = q - c * c * turn, -c * d * turn, q - d * d * turn
    xzz, yzz = x * qz, y * qz
    xxx, xxy = -x * (3.0 * s + c * c * rest), -y * (s + c * c * rest)
    xyy, yyy = -x * (s + d * d * rest), -y * (3.0 * s + d * d * rest)
    out[0] = xxx * mx + xxy * my + xxz * mz
    out[1] = out[3] = xxy * mx + xyy * my + xyz * mz
    out[2] = out[6] = xxz * mx + xyz * my + xzz * mz
    out[4] = xyy * mx + yyy * my + yyz * mz
    out[5] = out[7] = xyz * mx + yyz * my + yzz * mz
    out[8] = -(out[0] + out[4])


@kernel
def _set_potential(what, mx, my, mz, x, y, w, v, out):
    """Set `out` to 4 pi A/mu_0 or 4 pi psi."""
    gx, gy = x * w, y * w
    if what == _POTENTIAL:
        out[0] = mx * gx + my * gy + mz * v
    else:
        out[0] = my * v - mz * gy
        out[1] = mz * gx - mx * v
        out[2] = w * (mx * y - my * x)


@kernel
def _set_fields(what, a, b, mx, my, mz, points, out):
    """Set rows of `out` to 4 pi B/mu_0 or 4 pi H, a block of points at a time."""
    if len(points) < _FEW:
        for i in range(len(points)):
            x, y, z = points[i, 0], points[i, 1], points[i, 2]
            rho, gap = circle(x, y, a)
            inside = gap < 0.0 and abs(z) < b
            _set_field(what, mx, my, mz, x, y, rho, inside, sheet_sums(rho, gap, z, a, b), out[i])
        return
    rows, places = block_workspace()
    for start in range(0, len(points), BLOCK):
        count = min(BLOCK, len(points) - start)
        for i in range(count):
            rows[RHO, i], rows[GAP, i] = circle(points[start + i, 0], points[start + i, 1], a)
            rows[Z, i] = points[start + i, 2]
        block_sums(rows, places, count, a, b)
        for i in range(count):
            sums = rows[Q, i], rows[BZ, i], rows[W, i], rows[NZ, i]
            inside = rows[GAP, i] < 0.0 and abs(rows[Z, i]) < b
            x, y = points[start + i, 0], points[start + i, 1]
            _set_field(what, mx, my, mz, x, y, rows[RHO, i], inside, sums, out[start + i])


@kernel
def _set_sheet(what, a, b, mx, my, mz, points, out):
    """Set rows of `out`; the body's surface needs no care here."""
    unit = 1.0 / (4.0 * math.pi)
    scale = unit if what == _POTENTIAL or what == _H else unit * _MU0
    across = mx != 0.0 or my != 0.0
    if what == _B or what == _H:
        _set_fields(what, a, b, mx, my, mz, points, out)
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        rho, gap = circle(x, y, a)
        if what == _GRAD:
            _set_gradient(mx, my, mz, x, y, rho, sheet_slopes(rho, gap, z, a, b, across), out[i])
        elif what == _A or what == _POTENTIAL:
            w = v = 0.0
            if across or what == _A:
                _, _, w, _ = sheet_sums(rho, gap, z, a, b)
            if mz != 0.0 if what == _POTENTIAL else across:
                v = discs_potential(rho, gap, z, a, b)
            _set_potential(what, mx, my, mz, x, y, w, v, out[i])
        for k in range(out.shape[1]):
            out[i, k] *= scale


@field_function
def cylinder_field(what, params, points, out):
    """Set `out` to the quantity `what`; `params`: radius, height (m), magnetization (3) (A/m).

    On the surface B, H and grad B are nan, on the edges everything.
    """
    a, b = params[0], 0.5 * params[1]
    _set_sheet(what, a, b, params[2], params[3], params[4], points, out)
    continuous = what == _A or what == _POTENTIAL
    for i in range(len(points)):
        z = abs(points[i, 2])
        _, gap = circle(points[i, 0], points[i, 1], a)
        on_face, on_wall = z == b and gap <= 0.0, gap == 0.0 and z <= b
        if (on_face and on_wall) if continuous else (on_face or on_wall):
            out[i] = np.nan


@field_function
def solenoid_field(what, params, points, out):
    """Set `out` to the quantity `what`; `params`: radius, length (m), current per length (A/m).

    On the sheet B, H and grad B are nan; there is no scalar potential.
    """
    if what == _POTENTIAL:
        out[:] = np.nan
        return
    a, b = params[0], 0.5 * params[1]
    _set_sheet(_B if what == _H else what, a, b, 0.0, 0.0, params[2], points, out)
    for i in range(len(points)):
        _, gap = circle(points[i, 0], points[i, 1], a)
        if what != _A and gap == 0.0 and abs(points[i, 2]) <= b:
            out[i] = np.nan
        elif what == _H:
            out[i] = out[i] / _MU0
