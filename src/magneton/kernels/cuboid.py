r"""The uniformly magnetized cuboid: B, H, A, grad B and the scalar potential, inside and out.

Parameters: the three edges (m), and M (A/m) in the cuboid's own frame; its centre is the origin. All fields follow
from phi = \int dV'/|r - r'| over the cuboid:

    psi = -M.grad phi/(4 pi),   H = grad(M.grad phi)/(4 pi),   B = mu_0 (H + M inside),
    A = mu_0/(4 pi) grad phi x M,   dB_i/dx_j = mu_0/(4 pi) sum_k phi_ijk M_k

[JosephSchlomann1965]_, [Nagy1966]_. The second derivatives are closed forms in floats where these keep 12 digits,
and in double-double where they would not (`magneton.kernels.cuboid_exact`); far away dipoles at Gauss nodes take
over (`magneton.kernels.cuboid_far`). Which one is used depends on the point and the result alone.

On faces, edges and corners B, H and grad B are nan: they jump or diverge there. A and the scalar potential are
continuous, and given there too. A point is mirrored into the first octant, where phi has the same derivatives up to
signs, and taken in units of a power of two near the longest edge, so that no digit depends on the unit of length.
"""

import math

import numpy as np

from magneton._jit import field_function, inline_kernel, kernel
from magneton.constants import mu_0
from magneton.kernels import cuboid_quick, cuboid_rows, quantities
from magneton.kernels.cuboid_exact import angles_seen, logs_seen
from magneton.kernels.cuboid_far import NEAREST, THREE, far_first, far_second, far_third
from magneton.kernels.cuboid_quick import quick
from magneton.kernels.cuboid_rows import corners, exact_workspace, look_along
from magneton.kernels.cuboid_third import thirds

_A, _B, _GRAD, _POTENTIAL, _H = (
    quantities.A,
    quantities.B,
    quantities.GRAD,
    quantities.POTENTIAL,
    quantities.H,
)
_MU0 = float(mu_0)
_MU0_4PI = _MU0 / (4.0 * math.pi)
_BLOCK, _ROW = cuboid_rows.BLOCK, cuboid_rows.ROW
_POINT, _THETA, _LOG = cuboid_rows.POINT, cuboid_rows.THETA, cuboid_rows.LOG
_OMEGA, _FIRST, _SECOND = cuboid_rows.OMEGA, cuboid_rows.LOG_FIRST, cuboid_rows.LOG_SECOND
_THIRD = cuboid_rows.THIRD
_QUICK_LOG, _QUICK_THETA = cuboid_quick.LOG, cuboid_quick.THETA
# Plain floats are right to 1e-15 of M times 4 pi, so to 3e-13 of a field larger than this times M.
_ENOUGH = 4.0 * math.pi * 3e-4
# Of a flatter or longer body an angle may be as small as its rounding, which can then turn it by 2 pi.
_SLENDER = 1e-5
# Of a body that fills more than this of a cube on its longest edge, double-double is right as far as `THREE`.
_FILLED = 1e-8


# --- one point: from derivatives of phi to the field ------------------------------------------------------


@inline_kernel
def _signs(points, i):
    return (
        math.copysign(1.0, points[i, 0]),
        math.copysign(1.0, points[i, 1]),
        math.copysign(1.0, points[i, 2]),
    )


@inline_kernel
def _scaled(points, i, unit):
    """Return the point in the first octant, in the unit of the kernels."""
    return abs(points[i, 0]) * unit, abs(points[i, 1]) * unit, abs(points[i, 2]) * unit


@inline_kernel
def _where(x, y, z, half):
    """Return whether a point of the first octant is inside, and whether on the surface."""
    a, b, c = half[0], half[1], half[2]
    held = x <= a and y <= b and z <= c
    inside = x < a and y < b and z < c
    return inside, held and not inside


@inline_kernel
def _apply(diagonal, off, signs, m):
    """Return the tensor times M; its diagonal is xx yy zz, `off` is yz zx xy, of the mirrored point."""
    mx, my, mz = signs[0] * m[0], signs[1] * m[1], signs[2] * m[2]
    return (
        signs[0] * (diagonal[0] * mx + (off[2] * my + off[1] * mz)),
        signs[1] * (diagonal[1] * my + (off[2] * mx + off[0] * mz)),
        signs[2] * (diagonal[2] * mz + (off[1] * mx + off[0] * my)),
    )


@inline_kernel
def _set_vector(out, i, factor, x, y, z):
    out[i, 0], out[i, 1], out[i, 2] = factor * x, factor * y, factor * z


@inline_kernel
def _set_first(what, out, i, unit, signs, m, g):
    """Set the scalar potential or A from -grad phi."""
    gx, gy, gz = signs[0] * g[0], signs[1] * g[1], signs[2] * g[2]
    if what == _POTENTIAL:
        out[i, 0] = (m[0] * gx + m[1] * gy + m[2] * gz) / (4.0 * math.pi * unit)
    else:
        factor = _MU0_4PI / unit
        _set_vector(out, i, factor, m[1] * gz - m[2] * gy, m[2] * gx - m[0] * gz, m[0] * gy - m[1] * gx)


@inline_kernel
def _set_third(out, i, unit, signs, m, t):
    """Set grad B from phi_xyz, phi_yzy yzz zxz zxx xyx xyy."""
    sx, sy, sz = signs
    mx, my, mz = m[0], m[1], m[2]
    xyz = sx * sy * sz * t[0]
    zyy, yzz, xzz, zxx, yxx, xyy = sz * t[1], sy * t[2], sx * t[3], sz * t[4], sy * t[5], sx * t[6]
    factor = _MU0_4PI * unit
    xy = factor * (yxx * mx + xyy * my + xyz * mz)
    xz = factor * (zxx * mx + xyz * my + xzz * mz)
    yz = factor * (xyz * mx + zyy * my + yzz * mz)
    out[i, 0] = factor * (yxx * my + zxx * mz - (xyy + xzz) * mx)
    out[i, 4] = factor * (xyy * mx + zyy * mz - (yxx + yzz) * my)
    out[i, 8] = factor * (xzz * mx + yzz * my - (zxx + zyy) * mz)
    out[i, 1], out[i, 3] = xy, xy
    out[i, 2], out[i, 6] = xz, xz
    out[i, 5], out[i, 7] = yz, yz


# --- a block of points by each of the three ways ----------------------------------------------------------


@kernel
def _far(what, m, points, i, unit, half, out):
    """Set one row by the rule for far points."""
    x, y, z = _scaled(points, i, unit)
    signs = _signs(points, i)
    edges = 2.0 * half
    volume = edges[0] * edges[1] * edges[2]
    longest = max(half[0], half[1], half[2])
    distance2 = (x * x + y * y + z * z) / (longest * longest)
    if what == _B or what == _H:
        xx, yy, zz, yz, zx, xy = far_second(x, y, z, edges, distance2)
        hx, hy, hz = _apply((xx, yy, zz), (yz, zx, xy), signs, m)
        _set_vector(out, i, volume * (_MU0_4PI if what == _B else 0.25 / math.pi), hx, hy, hz)
    elif what == _GRAD:
        _set_third(out, i, volume * unit, signs, m, far_third(x, y, z, edges, distance2))
    else:
        g = far_first(x, y, z, edges, distance2)
        _set_first(what, out, i, unit, signs, m, (volume * g[0], volume * g[1], volume * g[2]))


@kernel
def _quick_block(m, points, start, count, unit, half, out, w, wants_B, rest):
    """Set H or B where floats suffice; return how many points they do not suffice for, listed in `rest`."""
    for i in range(count):
        w[_POINT + i], w[_POINT + _ROW + i], w[_POINT + 2 * _ROW + i] = _scaled(points, start + i, unit)
    quick(w, count, half)
    full, left = 4.0 * math.pi, 0
    factor = _MU0_4PI if wants_B else 0.25 / math.pi
    enough = _ENOUGH * max(abs(m[0]), abs(m[1]), abs(m[2]))
    for i in range(count):
        inside, surface = _where(w[_POINT + i], w[_POINT + _ROW + i], w[_POINT + 2 * _ROW + i], half)
        tx, ty = w[_QUICK_THETA + i], w[_QUICK_THETA + _ROW + i]
        added = full if inside and wants_B else 0.0
        off = (w[_QUICK_LOG + i], w[_QUICK_LOG + _ROW + i], w[_QUICK_LOG + 2 * _ROW + i])
        third = tx + ty - (full if inside and not wants_B else 0.0)
        bx, by, bz = _apply((added - tx, added - ty, third), off, _signs(points, start + i), m)
        _set_vector(out, start + i, factor, bx, by, bz)
        if surface or not abs(bx) + abs(by) + abs(bz) >= enough:
            rest[left] = start + i
            left += 1
    return left


@inline_kernel
def _exact_second(what, m, out, row, signs, w, i, inside):
    tx, ty, tz = w[_THETA + i], w[_THETA + _ROW + i], w[_THETA + 2 * _ROW + i]
    off = (w[_LOG + i], w[_LOG + _ROW + i], w[_LOG + 2 * _ROW + i])
    # Inside the three add up to 4 pi, and B has one's complement: the sum of two positive numbers.
    turned = what == _B and inside
    xx, yy, zz = (ty + tz, tz + tx, tx + ty) if turned else (-tx, -ty, -tz)
    bx, by, bz = _apply((xx, yy, zz), off, signs, m)
    _set_vector(out, row, _MU0_4PI if what == _B else 0.25 / math.pi, bx, by, bz)


@inline_kernel
def _attraction(w, i, half, axis):
    """Return -phi_x, x any of the axes: see `magneton.kernels.cuboid_exact`."""
    one, two = (axis + 1) % 3, (axis + 2) % 3
    x, h = w[_POINT + axis * _ROW + i], half[axis]
    y, z = w[_POINT + one * _ROW + i] - half[one], w[_POINT + two * _ROW + i] - half[two]
    theta, omega = w[_THETA + axis * _ROW + i], w[_OMEGA + axis * _ROW + i]
    faces = x * theta + h * omega if x < 0.5 * h else (x - h) * theta + 2.0 * h * omega
    first = y * w[_LOG + two * _ROW + i] + 2.0 * half[one] * w[_FIRST + two * _ROW + i]
    second = z * w[_LOG + one * _ROW + i] + 2.0 * half[two] * w[_SECOND + one * _ROW + i]
    return faces - (first + second)


@kernel
def _exact_block(what, m, points, rows, unit, half, out, w):
    """Set the listed rows, at most a block, from the closed form in double-double."""
    count = len(rows)
    for i in range(count):
        w[_POINT + i], w[_POINT + _ROW + i], w[_POINT + 2 * _ROW + i] = _scaled(points, rows[i], unit)
    corners(w, count, half)
    first = what == _A or what == _POTENTIAL
    if what == _GRAD:
        thirds(w, count)
    else:
        for axis in range(3):
            look_along(w, axis, count)
            angles_seen(w, axis, count, half[axis])
            logs_seen(w, axis, count)
    for i in range(count):
        row = rows[i]
        signs = _signs(points, row)
        inside, surface = _where(w[_POINT + i], w[_POINT + _ROW + i], w[_POINT + 2 * _ROW + i], half)
        if first:
            g = _attraction(w, i, half, 0), _attraction(w, i, half, 1), _attraction(w, i, half, 2)
            _set_first(what, out, row, unit, signs, m, g)
        elif surface:
            out[row] = np.nan
        elif what == _GRAD:
            t = w[_THIRD + i :: _ROW]
            _set_third(out, row, unit, signs, m, (t[0], t[1], t[2], t[3], t[4], t[5], t[6]))
        else:
            _exact_second(what, m, out, row, signs, w, i, inside)


@field_function
def cuboid_field(what, params, points, out):
    """Set `out` (n, width) to the quantity `what` at `points` (n, 3) in the cuboid's own frame."""
    m = params[3:6]
    longest = max(params[0], params[1], params[2])
    _, exponent = math.frexp(longest)
    unit = math.ldexp(1.0, -exponent)
    half = 0.5 * unit * params[:3]
    second = what == _B or what == _H
    # Double-double lasts longer the more body there is, and is faster than five nodes an axis. But only the nodes
    # give potentials that are right as they vanish on planes of symmetry.
    filled = (params[0] / longest) * (params[1] / longest) * (params[2] / longest) > _FILLED
    reach = (THREE if filled and (second or what == _GRAD) else NEAREST) * 0.5 * unit * longest
    slender = min(params[0], params[1], params[2]) < _SLENDER * longest
    w = exact_workspace()
    rest = np.empty(_BLOCK, np.int64)
    for start in range(0, len(points), _BLOCK):
        count, left = min(_BLOCK, len(points) - start), 0
        if second and not slender:
            left = _quick_block(m, points, start, count, unit, half, out, w, what == _B, rest)
        else:
            for i in range(count):
                rest[i] = start + i
            left = count
        near = 0
        for k in range(left):
            row = rest[k]
            x, y, z = _scaled(points, row, unit)
            if x * x + y * y + z * z > reach * reach:
                _far(what, m, points, row, unit, half, out)
            else:
                rest[near] = row
                near += 1
        if near > 0:
            _exact_block(what, m, points, rest[:near], unit, half, out, w)
