"""The terms of one corner in the force, the field and the torque between two cuboids, in double-double.

N stands as 12 G_ij, the force's derivatives as 4 G_ijl; the equations are in `magneton.kernels.cuboid_force`. A triple
goes along x, y, z; `logs` are 2 L_x, ..., `own` their products with x, ..., and `a` are 2 x A_x, ...
"""

from magneton._jit import inline_kernel, kernel
from magneton.kernels.cuboid_force_corners import (
    AX,
    AY,
    AZ,
    CORNERS,
    LEVER,
    LX,
    LY,
    LZ,
    OUT,
    PAIR,
    ROW,
    SIGNS,
    R,
    X,
    Y,
    Z,
    load,
    save,
)
from magneton.kernels.cuboid_force_functions import times
from magneton.kernels.cuboid_pair import add, multiply, scale, subtract
from magneton.numerics.double_double import two_product


@inline_kernel
def _twice(a):
    return scale(a, 2.0)


@inline_kernel
def _second_same(y, z, xx, yy, zz, ly, lz, ax, r):
    """Return 12 G_xx; ly = 2 y L_y and so on, ax = 2 x A_x."""
    r2 = _twice(r)
    first = multiply(subtract(xx, yy), subtract(r2, times(lz, 3.0)))
    second = multiply(subtract(xx, zz), subtract(r2, times(ly, 3.0)))
    return subtract(add(first, second), times(multiply(multiply(y, z), ax), 6.0))


@inline_kernel
def _second_mixed(x, y, z, xx, yy, zz, logs, lz, arcs, r):
    """Return 12 G_xy; `logs` are 2 L_x and 2 L_y, `arcs` 2 x A_x and so on."""
    z3 = times(zz, 3.0)
    first = multiply(multiply(y, subtract(z3, yy)), logs[0])
    second = multiply(multiply(x, subtract(z3, xx)), logs[1])
    third = multiply(multiply(x, y), subtract(times(lz, 6.0), scale(r, 4.0)))
    turns = add(times(add(multiply(x, arcs[0]), multiply(y, arcs[1])), 3.0), multiply(z, arcs[2]))
    return subtract(add(add(first, second), third), multiply(z, turns))


@inline_kernel
def _third_same(y, z, xx, zz, log_y, lz, ax, r):
    """Return 4 G_xxy; log_y is 2 L_y."""
    main = subtract(multiply(y, subtract(lz, r)), multiply(z, ax))
    return subtract(_twice(main), multiply(subtract(xx, zz), log_y))


@inline_kernel
def _third_mixed(x, y, z, logs, arcs):
    """Return 4 G_xyz."""
    yz, zx, xy = multiply(y, z), multiply(z, x), multiply(x, y)
    main = add(multiply(yz, logs[0]), add(multiply(zx, logs[1]), multiply(xy, logs[2])))
    turns = add(multiply(x, arcs[0]), add(multiply(y, arcs[1]), multiply(z, arcs[2])))
    return subtract(_twice(main), turns)


@inline_kernel
def _lever_term(y, z, xx, yy, zz, log_y, log_z, ax, r):
    """Return 12 times the integral of G_xxy over z."""
    x3, z3 = times(xx, 3.0), times(zz, 3.0)
    along = multiply(scale(subtract(subtract(_twice(z3), x3), yy), 0.5), log_z)
    first = multiply(y, subtract(along, times(multiply(z, r), 5.0)))
    second = multiply(multiply(z, subtract(zz, x3)), log_y)
    return add(add(first, second), multiply(subtract(xx, z3), ax))


# --- all of a kind, by their indices -----------------------------------------------------------------------


@inline_kernel
def _seconds(p, squares, logs, own, a, r):
    """Return 12 times G_xx, G_yy, G_zz, G_yz, G_zx, G_xy."""
    (x, y, z), (xx, yy, zz), (log_x, log_y, log_z), (lx, ly, lz), (ax, ay, az) = p, squares, logs, own, a
    return (
        _second_same(y, z, xx, yy, zz, ly, lz, ax, r),
        _second_same(z, x, yy, zz, xx, lz, lx, ay, r),
        _second_same(x, y, zz, xx, yy, lx, ly, az, r),
        _second_mixed(y, z, x, yy, zz, xx, (log_y, log_z), lx, (ay, az, ax), r),
        _second_mixed(z, x, y, zz, xx, yy, (log_z, log_x), ly, (az, ax, ay), r),
        _second_mixed(x, y, z, xx, yy, zz, (log_x, log_y), lz, (ax, ay, az), r),
    )


@inline_kernel
def _thirds(p, squares, logs, own, a, r):
    """Return 4 times G_xxy, G_xxz, G_yyz, G_yyx, G_zzx, G_zzy, G_xyz."""
    (x, y, z), (xx, yy, zz), (log_x, log_y, log_z), (lx, ly, lz), (ax, ay, az) = p, squares, logs, own, a
    return (
        _third_same(y, z, xx, zz, log_y, lz, ax, r),
        _third_same(z, y, xx, yy, log_z, ly, ax, r),
        _third_same(z, x, yy, xx, log_z, lx, ay, r),
        _third_same(x, z, yy, zz, log_x, lz, ay, r),
        _third_same(x, y, zz, yy, log_x, ly, az, r),
        _third_same(y, x, zz, xx, log_y, lx, az, r),
        _third_mixed(x, y, z, logs, a),
    )


@inline_kernel
def _integrals(p, squares, logs, a, r):
    """Return 12 times the integrals of G_xxy, G_xxz, G_yyz, G_yyx, G_zzx, G_zzy over the axis that is not in them."""
    (x, y, z), (xx, yy, zz), (log_x, log_y, log_z), (ax, ay, az) = p, squares, logs, a
    return (
        _lever_term(y, z, xx, yy, zz, log_y, log_z, ax, r),
        _lever_term(z, y, xx, zz, yy, log_z, log_y, ax, r),
        _lever_term(z, x, yy, zz, xx, log_z, log_x, ay, r),
        _lever_term(x, z, yy, xx, zz, log_x, log_z, ay, r),
        _lever_term(x, y, zz, xx, yy, log_x, log_y, az, r),
        _lever_term(y, x, zz, yy, xx, log_y, log_x, az, r),
    )


# --- with the magnetizations -----------------------------------------------------------------------------


@inline_kernel
def _products(m1, m2):
    """Return M_1i M_2j as they enter: differences of the diagonal xx-yy, yy-zz, zz-xx, and sums yz, zx, xy."""
    xx, yy, zz = two_product(m1[0], m2[0]), two_product(m1[1], m2[1]), two_product(m1[2], m2[2])
    yz = add(two_product(m1[1], m2[2]), two_product(m1[2], m2[1]))
    zx = add(two_product(m1[2], m2[0]), two_product(m1[0], m2[2]))
    xy = add(two_product(m1[0], m2[1]), two_product(m1[1], m2[0]))
    return subtract(xx, yy), subtract(yy, zz), subtract(zz, xx), yz, zx, xy


@inline_kernel
def _weighted(c0, a0, c1, a1, c2, a2, c3, a3, c4, a4):
    """Return the sum of five products."""
    total = add(multiply(c0, a0), multiply(c1, a1))
    return add(add(total, multiply(c2, a2)), add(multiply(c3, a3), multiply(c4, a4)))


@inline_kernel
def applied(a, b, c, m):
    """Return a m_x + b m_y + c m_z."""
    return add(add(times(a, m[0]), times(b, m[1])), times(c, m[2]))


@inline_kernel
def _field(g, m):
    """Return G_ij M_1j."""
    xx, yy, zz, yz, zx, xy = g
    return applied(xx, xy, zx, m), applied(xy, yy, yz, m), applied(zx, yz, zz, m)


@inline_kernel
def _force(c, g):
    """Return 12 G_ijl M_1i M_2j from 4 G_ijl."""
    c_xy, c_yz, c_zx, q_yz, q_zx, q_xy = c
    c_yx, c_zy, c_xz = scale(c_xy, -1.0), scale(c_yz, -1.0), scale(c_zx, -1.0)
    xxy, xxz, yyz, yyx, zzx, zzy, xyz = g
    return (
        times(_weighted(c_yx, yyx, c_zx, zzx, q_xy, xxy, q_zx, xxz, q_yz, xyz), 3.0),
        times(_weighted(c_xy, xxy, c_zy, zzy, q_xy, yyx, q_yz, yyz, q_zx, xyz), 3.0),
        times(_weighted(c_xz, xxz, c_yz, yyz, q_zx, zzx, q_yz, zzy, q_xy, xyz), 3.0),
    )


@inline_kernel
def _integrated(c, second, third):
    """Return the force along y and z integrated over x, z and x over y, x and y over z, from the above integrated."""
    c_xy, c_yz, c_zx, q_yz, q_zx, q_xy = c
    c_yx, c_zy, c_xz = scale(c_xy, -1.0), scale(c_yz, -1.0), scale(c_zx, -1.0)
    xx, yy, zz, yz, zx, xy = second
    xxy, xxz, yyz, yyx, zzx, zzy = third
    return (
        _weighted(c_zy, zzy, c_xy, xy, q_yz, yyz, q_xy, yy, q_zx, yz),
        _weighted(c_yz, yyz, c_xz, zx, q_yz, zzy, q_zx, zz, q_xy, yz),
        _weighted(c_xz, xxz, c_yz, yz, q_zx, zzx, q_yz, zz, q_xy, zx),
        _weighted(c_zx, zzx, c_yx, xy, q_zx, xxz, q_xy, xx, q_yz, zx),
        _weighted(c_yx, yyx, c_zx, zx, q_xy, xxy, q_zx, xx, q_yz, xy),
        _weighted(c_xy, xxy, c_zy, yz, q_xy, yyx, q_yz, yy, q_zx, xy),
    )


@inline_kernel
def _turn(p, first, f, q, second, g):
    """Return p first - f - (q second - g)."""
    return subtract(subtract(times(first, p), f), subtract(times(second, q), g))


@inline_kernel
def _torque(arm, force, parts):
    """Return the lever arm's part of the torque."""
    xy, xz, yz, yx, zx, zy = parts
    return (
        _turn(arm[1], force[2], yz, arm[2], force[1], zy),
        _turn(arm[2], force[0], zx, arm[0], force[2], xz),
        _turn(arm[0], force[1], xy, arm[1], force[0], yx),
    )


@inline_kernel
def _save_vector(w, row, i, v, sign):
    save(w, row, i, scale(v[0], sign))
    save(w, row + PAIR, i, scale(v[1], sign))
    save(w, row + 2 * PAIR, i, scale(v[2], sign))


@kernel
def set_terms(w, m1, m2):
    """Set the terms of the force, of int H_1 dV_2 and of the lever arm's torque, all times 12 (4 pi)/mu_0."""
    c = _products(m1, m2)
    for i in range(CORNERS):
        x, y, z, r = load(w, X, i), load(w, Y, i), load(w, Z, i), load(w, R, i)
        p, squares = (x, y, z), (multiply(x, x), multiply(y, y), multiply(z, z))
        logs = _twice(load(w, LX, i)), _twice(load(w, LY, i)), _twice(load(w, LZ, i))
        own = multiply(x, logs[0]), multiply(y, logs[1]), multiply(z, logs[2])
        ax, ay, az = multiply(x, load(w, AX, i)), multiply(y, load(w, AY, i)), multiply(z, load(w, AZ, i))
        a = _twice(ax), _twice(ay), _twice(az)
        second = _seconds(p, squares, logs, own, a, r)
        force = _force(c, _thirds(p, squares, logs, own, a, r))
        parts = _integrated(c, second, _integrals(p, squares, logs, a, r))
        arm = w[LEVER + i], w[LEVER + ROW + i], w[LEVER + 2 * ROW + i]
        _save_vector(w, OUT, i, force, SIGNS[i])
        _save_vector(w, OUT + 3 * PAIR, i, _field(second, m1), SIGNS[i])
        _save_vector(w, OUT + 6 * PAIR, i, _torque(arm, force, parts), SIGNS[i])
