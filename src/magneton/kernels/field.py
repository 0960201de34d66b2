"""The compiled field protocol: any sum of fields, evaluated at a point without a Python call.

A field is three flat arrays: `kinds` (one code a term), `starts` (where the term's parameters begin, and one
more for the end) and `params` (floats). The functions below take them and a point and are module-level globals,
so that a driver in another room (orbits, spins, line integrals) compiles once and its cache hits. A user's own
compiled function comes in as `USER`, by its address.

Parameters by kind (SI; R is the rotation from the source's frame, row by row)::

    UNIFORM   Bx By Bz  x0 y0 z0                  A = B x (r - r0)/2, potential zero at r0
    DIPOLE    x y z  mx my mz
    POLE      x y z  p
    POLE_PAIR x y z  p  lx ly lz                  north at +l/2, south at -l/2
    LOOP      x y z  R (9)  radius  current
    POLYLINE  x y z  extent  current  has_multipoles  n_vertices  vertices  multipoles if it has them
    CURVE     x y z  extent  current  n_params  parameters of `kernels.curve`  multipoles
    USER      address  the user's own parameters
    BODY      x y z  R (9)  extent  address of its field function  its own parameters
    TIMED     as BODY; its function is given x y z t and knows E too: for `kernels.electromagnetic` only
"""

import math

import numpy as np

from magneton._jit import call_field_function, call_user_field, kernel
from magneton.constants import mu_0
from magneton.kernels import curve, quantities
from magneton.kernels.curve import curve_sum
from magneton.kernels.dipole import dipole_A, dipole_B, dipole_grad, dipole_potential
from magneton.kernels.loop import loop_A, loop_B, loop_B_grad
from magneton.kernels.multipole import REACH, multipole_A, multipole_B, multipole_grad
from magneton.kernels.pole import (
    pole_B,
    pole_grad,
    pole_pair_B,
    pole_pair_grad,
    pole_pair_potential,
    pole_potential,
)
from magneton.kernels.segment import CANCELS, segment_A, segment_B, segment_grad, sides_exact

UNIFORM, DIPOLE, POLE, POLE_PAIR, LOOP, POLYLINE, CURVE, USER, BODY, TIMED = range(10)
MU0_4PI = float(mu_0) / (4.0 * math.pi)
_CURVE_A, _CURVE_B, _CURVE_GRAD = curve.A, curve.B, curve.GRAD
_A, _B, _GRAD, _POTENTIAL = quantities.A, quantities.B, quantities.GRAD, quantities.POTENTIAL
#: Where a body's own parameters begin.
BODY_PARAMS = 14


@kernel
def to_local(p, x, y, z):
    """Return R^T (r - r0) for a source that has a position and a rotation."""
    dx, dy, dz = x - p[0], y - p[1], z - p[2]
    return (
        p[3] * dx + p[6] * dy + p[9] * dz,
        p[4] * dx + p[7] * dy + p[10] * dz,
        p[5] * dx + p[8] * dy + p[11] * dz,
    )


@kernel
def _to_global(p, x, y, z):
    """Return R v."""
    return (
        p[3] * x + p[4] * y + p[5] * z,
        p[6] * x + p[7] * y + p[8] * z,
        p[9] * x + p[10] * y + p[11] * z,
    )


@kernel
def _symmetric_to_global(p, xx, xy, xz, yy, yz):
    """Return R G R^T of a symmetric traceless G, as (xx, xy, xz, yy, yz)."""
    zz = -xx - yy
    # The columns of R G; the last row is not needed.
    ax, ay, _ = _to_global(p, xx, xy, xz)
    bx, by, _ = _to_global(p, xy, yy, yz)
    cx, cy, _ = _to_global(p, xz, yz, zz)
    gx = _to_global(p, ax, bx, cx)
    gy = _to_global(p, ay, by, cy)
    return gx[0], gx[1], gx[2], gy[1], gy[2]


@kernel
def _is_far(p, x, y, z):
    dx, dy, dz = x - p[0], y - p[1], z - p[2]
    return dx * dx + dy * dy + dz * dz > (REACH * p[3]) ** 2


@kernel
def _user(p, x, y, z):
    """Return the user's B (3) and gradient (9); what the function leaves unset is nan."""
    point = np.array([0.0, x, y, z])
    result = np.full(12, np.nan)
    call_user_field(np.int64(p[0]), point, p[1:], result)
    return result


@kernel
def _body(p, x, y, z, what, width):
    """Return a quantity of a body in its own frame, shape (1, width)."""
    point, out = np.empty((1, 3)), np.empty((1, width))
    point[0, 0], point[0, 1], point[0, 2] = to_local(p, x, y, z)
    call_field_function(np.int64(p[13]), what, p[BODY_PARAMS:], point, out)
    return out


@kernel
def _gradient_to_global(p, g):
    """Replace nine floats G by R G R^T."""
    for _ in range(2):  # R G, transposed; then R (R G)^T = (R G R^T)^T
        a = _to_global(p, g[0], g[3], g[6])
        b = _to_global(p, g[1], g[4], g[7])
        c = _to_global(p, g[2], g[5], g[8])
        g[0], g[1], g[2] = a
        g[3], g[4], g[5] = b
        g[6], g[7], g[8] = c


@kernel
def to_global(p, values):
    """Turn vectors or gradients, rows of 3 or 9 floats, from a body's own frame to the global one, in place."""
    for i in range(len(values)):
        if values.shape[1] == 3:
            values[i, 0], values[i, 1], values[i, 2] = _to_global(p, values[i, 0], values[i, 1], values[i, 2])
        elif values.shape[1] == 9:
            _gradient_to_global(p, values[i])


@kernel
def _polyline_B(p, x, y, z):
    n = int(p[6])
    if p[5] > 0.0 and _is_far(p, x, y, z):
        s = 1.0 / p[3]
        b = multipole_B((x - p[0]) * s, (y - p[1]) * s, (z - p[2]) * s, p[7 + 3 * n :])
        return s * b[0], s * b[1], s * b[2]
    bx = by = bz = size = 0.0
    for i in range(n - 1):
        b = segment_B(x, y, z, p[7 + 3 * i : 13 + 3 * i])
        bx, by, bz = bx + b[0], by + b[1], bz + b[2]
        size += abs(b[0]) + abs(b[1]) + abs(b[2])
    if size > CANCELS * (abs(bx) + abs(by) + abs(bz)):
        b = sides_exact(p[7 : 7 + 3 * n], x, y, z, _B)
        return b[0], b[1], b[2]
    return bx, by, bz


@kernel
def _polyline_A(p, x, y, z):
    n = int(p[6])
    if p[5] > 0.0 and _is_far(p, x, y, z):
        s = 1.0 / p[3]
        return multipole_A((x - p[0]) * s, (y - p[1]) * s, (z - p[2]) * s, p[7 + 3 * n :])
    ax = ay = az = size = 0.0
    for i in range(n - 1):
        a = segment_A(x, y, z, p[7 + 3 * i : 13 + 3 * i])
        ax, ay, az = ax + a[0], ay + a[1], az + a[2]
        size += abs(a[0]) + abs(a[1]) + abs(a[2])
    if size > CANCELS * (abs(ax) + abs(ay) + abs(az)):
        a = sides_exact(p[7 : 7 + 3 * n], x, y, z, _A)
        return a[0], a[1], a[2]
    return ax, ay, az


@kernel
def _polyline_grad(p, x, y, z, out, scale):
    n = int(p[6])
    if p[5] > 0.0 and _is_far(p, x, y, z):
        s = 1.0 / p[3]
        g = multipole_grad((x - p[0]) * s, (y - p[1]) * s, (z - p[2]) * s, p[7 + 3 * n :])
        _add_symmetric(out, scale * s * s, g[0], g[1], g[2], g[3], g[4])
        return
    total, size = np.zeros(9), 0.0
    for i in range(n - 1):
        g = segment_grad(x, y, z, p[7 + 3 * i : 13 + 3 * i])
        for k in range(9):
            total[k] += g[k]
            size += abs(g[k])
    if size > CANCELS * np.sum(np.abs(total)):
        total = sides_exact(p[7 : 7 + 3 * n], x, y, z, _GRAD)
    out += scale * total


@kernel
def _curve(p, x, y, z, what):
    """Return the curve's A, B or gradient; `p` as for CURVE."""
    n = int(p[5])
    dx, dy, dz = x - p[0], y - p[1], z - p[2]
    s = 1.0 / p[3]
    if not _is_far(p, x, y, z):
        return curve_sum(p[6 : 6 + n], dx, dy, dz, what)
    out = np.zeros(5)
    if what == _CURVE_A:
        out[0], out[1], out[2] = multipole_A(dx * s, dy * s, dz * s, p[6 + n :])
    elif what == _CURVE_B:
        out[0], out[1], out[2] = multipole_B(dx * s, dy * s, dz * s, p[6 + n :])
        out *= s
    else:
        out[0], out[1], out[2], out[3], out[4] = multipole_grad(dx * s, dy * s, dz * s, p[6 + n :])
        out *= s * s
    return out


@kernel
def _term_B(kind, p, x, y, z):
    """Return B of one term in tesla."""
    if kind == LOOP:
        lx, ly, lz = to_local(p, x, y, z)
        bx, by, bz = loop_B(lx, ly, lz, p[12])
        bx, by, bz = _to_global(p, bx, by, bz)
        scale = MU0_4PI * p[13]
    elif kind == DIPOLE:
        bx, by, bz = dipole_B(x - p[0], y - p[1], z - p[2], p[3], p[4], p[5])
        scale = MU0_4PI
    elif kind == POLYLINE:
        bx, by, bz = _polyline_B(p, x, y, z)
        scale = MU0_4PI * p[4]
    elif kind == CURVE:
        values = _curve(p, x, y, z, _CURVE_B)
        bx, by, bz = values[0], values[1], values[2]
        scale = MU0_4PI * p[4]
    elif kind == POLE:
        bx, by, bz = pole_B(x - p[0], y - p[1], z - p[2])
        scale = MU0_4PI * p[3]
    elif kind == POLE_PAIR:
        bx, by, bz = pole_pair_B(x - p[0], y - p[1], z - p[2], p[4], p[5], p[6])
        scale = MU0_4PI * p[3]
    elif kind == UNIFORM:
        bx, by, bz = p[0], p[1], p[2]
        scale = 1.0
    elif kind == BODY:
        values = _body(p, x, y, z, _B, 3)[0]
        bx, by, bz = _to_global(p, values[0], values[1], values[2])
        scale = 1.0
    else:
        values = _user(p, x, y, z)
        bx, by, bz = values[0], values[1], values[2]
        scale = 1.0
    return scale * bx, scale * by, scale * bz


@kernel
def field_B(kinds, starts, params, x, y, z):
    """Return (Bx, By, Bz) of the sum in tesla."""
    sx = sy = sz = 0.0
    for i in range(len(kinds)):
        bx, by, bz = _term_B(kinds[i], params[starts[i] : starts[i + 1]], x, y, z)
        sx, sy, sz = sx + bx, sy + by, sz + bz
    return sx, sy, sz


@kernel
def _term_A(kind, p, x, y, z):
    """Return A of one term in T m; nan for kinds without a vector potential."""
    if kind == LOOP:
        lx, ly, lz = to_local(p, x, y, z)
        ax, ay, az = loop_A(lx, ly, lz, p[12])
        ax, ay, az = _to_global(p, ax, ay, az)
        scale = MU0_4PI * p[13]
    elif kind == DIPOLE:
        ax, ay, az = dipole_A(x - p[0], y - p[1], z - p[2], p[3], p[4], p[5])
        scale = MU0_4PI
    elif kind == POLYLINE:
        ax, ay, az = _polyline_A(p, x, y, z)
        scale = MU0_4PI * p[4]
    elif kind == CURVE:
        values = _curve(p, x, y, z, _CURVE_A)
        ax, ay, az = values[0], values[1], values[2]
        scale = MU0_4PI * p[4]
    elif kind == UNIFORM:
        rx, ry, rz = x - p[3], y - p[4], z - p[5]
        ax, ay, az = p[1] * rz - p[2] * ry, p[2] * rx - p[0] * rz, p[0] * ry - p[1] * rx
        scale = 0.5
    elif kind == BODY:
        values = _body(p, x, y, z, _A, 3)[0]
        ax, ay, az = _to_global(p, values[0], values[1], values[2])
        scale = 1.0
    else:
        ax = ay = az = np.nan
        scale = 1.0
    return scale * ax, scale * ay, scale * az


@kernel
def field_A(kinds, starts, params, x, y, z):
    """Return (Ax, Ay, Az) of the sum in T m."""
    sx = sy = sz = 0.0
    for i in range(len(kinds)):
        ax, ay, az = _term_A(kinds[i], params[starts[i] : starts[i + 1]], x, y, z)
        sx, sy, sz = sx + ax, sy + ay, sz + az
    return sx, sy, sz


@kernel
def field_potential(kinds, starts, params, x, y, z):
    """Return the scalar potential of the sum in ampere; nan for kinds without one."""
    total = 0.0
    for i in range(len(kinds)):
        p = params[starts[i] : starts[i + 1]]
        kind = kinds[i]
        if kind == DIPOLE:
            total += dipole_potential(x - p[0], y - p[1], z - p[2], p[3], p[4], p[5])
        elif kind == POLE:
            total += p[3] * pole_potential(x - p[0], y - p[1], z - p[2])
        elif kind == POLE_PAIR:
            total += p[3] * pole_pair_potential(x - p[0], y - p[1], z - p[2], p[4], p[5], p[6])
        elif kind == UNIFORM:
            flux = p[0] * (x - p[3]) + p[1] * (y - p[4]) + p[2] * (z - p[5])
            total -= flux / MU0_4PI
        elif kind == BODY:
            total += 4.0 * math.pi * _body(p, x, y, z, _POTENTIAL, 1)[0, 0]
        else:
            total += np.nan
    return total / (4.0 * math.pi)


@kernel
def _add_symmetric(out, scale, xx, xy, xz, yy, yz):
    """Add a symmetric traceless gradient to nine floats."""
    out[0] += scale * xx
    out[1] += scale * xy
    out[2] += scale * xz
    out[3] += scale * xy
    out[4] += scale * yy
    out[5] += scale * yz
    out[6] += scale * xz
    out[7] += scale * yz
    out[8] -= scale * (xx + yy)


@kernel
def field_grad(kinds, starts, params, x, y, z, out):
    """Set `out` to dB_i/dx_j of the sum, nine floats row by row, in T/m."""
    out[:] = 0.0
    for i in range(len(kinds)):
        p = params[starts[i] : starts[i + 1]]
        kind = kinds[i]
        if kind == LOOP:
            lx, ly, lz = to_local(p, x, y, z)
            h = loop_B_grad(lx, ly, lz, p[12])
            g = _symmetric_to_global(p, h[3], h[4], h[5], h[6], h[7])
            _add_symmetric(out, MU0_4PI * p[13], g[0], g[1], g[2], g[3], g[4])
        elif kind == DIPOLE:
            g = dipole_grad(x - p[0], y - p[1], z - p[2], p[3], p[4], p[5])
            _add_symmetric(out, MU0_4PI, g[0], g[1], g[2], g[3], g[4])
        elif kind == POLYLINE:
            _polyline_grad(p, x, y, z, out, MU0_4PI * p[4])
        elif kind == CURVE:
            v = _curve(p, x, y, z, _CURVE_GRAD)
            _add_symmetric(out, MU0_4PI * p[4], v[0], v[1], v[2], v[3], v[4])
        elif kind == POLE:
            g = pole_grad(x - p[0], y - p[1], z - p[2])
            _add_symmetric(out, MU0_4PI * p[3], g[0], g[1], g[2], g[3], g[4])
        elif kind == POLE_PAIR:
            g = pole_pair_grad(x - p[0], y - p[1], z - p[2], p[4], p[5], p[6])
            _add_symmetric(out, MU0_4PI * p[3], g[0], g[1], g[2], g[3], g[4])
        elif kind == BODY:
            values = _body(p, x, y, z, _GRAD, 9)
            to_global(p, values)
            out += values[0]
        elif kind == USER:
            out += _user(p, x, y, z)[3:]
