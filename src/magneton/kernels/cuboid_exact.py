r"""The cuboid's closed form in double-double: right to rounding wherever the terms cancel.

With phi = \int dV'/|r - r'| over the cuboid, all fields are derivatives of phi up to the third. The corners seen
from the point are (u_i, v_j, w_k), u_0 = x + a/2, u_1 = x - a/2 and so on, r_ijk their distances, s_0 = 1,
s_1 = -1 and s_ij = s_i s_j:

    phi_xx  = -theta_x,  theta_x = Omega_0 - Omega_1,  Omega_i = sum_jk s_jk atan(v_j w_k/(u_i r_ijk))
    phi_xy  = sum_ij s_ij L_ij,  L_ij = ln[(w_0 + r_ij0)/(w_1 + r_ij1)]
    phi_x   = sum_ij s_ij v_j L_ij + sum_ik s_ik w_k L_ik - sum_i s_i u_i Omega_i
            = v_1 phi_xy + b (L_00 - L_10) + w_1 phi_xz + c (L_00 - L_10) - u_1 theta_x - a Omega_0
    phi_xyx = -sum_ij s_ij u_i Q_ij,  Q_ij = [w_0/r_ij0 - w_1/r_ij1]/(u_i^2 + v_j^2)
    phi_xyz = sum_ijk s_i s_j s_k/r_ijk

[JosephSchlomann1965]_, [Nagy1966]_. Sums of logarithms are taken as the logarithm of one quotient, sums of angles as
the angle of one product of complex numbers; these are formed in double-double, so that what is left of them, however
small, is right to rounding. Only the last step is in floats. The workspace is laid out in
`magneton.kernels.cuboid_rows`.
"""

import math

from magneton._jit import inline_kernel, kernel
from magneton.kernels.cuboid_pair import add, choose, multiply, rotate, scale, subtract
from magneton.kernels.cuboid_rows import (
    LOG,
    LOG_FIRST,
    LOG_SECOND,
    OMEGA,
    PAIR,
    ROW,
    SCRATCH,
    SIDE_X,
    THETA,
    corner_r,
    side_x,
    side_y,
    side_z,
    squared,
)

# --- angles ----------------------------------------------------------------------------------------------


@inline_kernel
def _factor(w, side, j, k, i, x, yz):
    """Return |x| r + i s_j s_k y z of one corner."""
    real = multiply(x, corner_r(w, side, j, k, i))
    # In line with an edge both ends of it give 0/0; their angles cancel to second order.
    none = real[0] == 0.0 and yz[0] == 0.0
    return (1.0 if none else real[0], real[1]), scale(yz, 1.0 if j == k else -1.0)


@inline_kernel
def _face(w, side, i):
    """Return a complex number whose angle is |Omega| of one face, and whether a half turn was taken off it.

    |Omega| is up to a full turn, above pi only where the foot of the point lies in the face.
    """
    x, y0, y1, z0, z1 = side_x(w, side, i), side_y(w, 0, i), side_y(w, 1, i), side_z(w, 0, i), side_z(w, 1, i)
    x = scale(x, 1.0 if x[0] >= 0.0 else -1.0)
    product = rotate(
        rotate(
            _factor(w, side, 0, 0, i, x, multiply(y0, z0)), _factor(w, side, 1, 1, i, x, multiply(y1, z1))
        ),
        rotate(
            _factor(w, side, 0, 1, i, x, multiply(y0, z1)), _factor(w, side, 1, 0, i, x, multiply(y1, z0))
        ),
    )
    within = (y1[0] < 0.0) and (z1[0] < 0.0)
    over = (product[1][0] < 0.0) and (within or (product[0][0] < 0.0))
    sign = -1.0 if over else 1.0
    return (scale(product[0], sign), scale(product[1], sign)), 1.0 if over else 0.0


@inline_kernel
def _combine(first, turns, second, second_turns, same):
    """Return real and imaginary part of the sum (if `same`) or difference of two angles, and half turns besides."""
    sign = 1.0 if same else -1.0
    product = rotate(first, (second[0], scale(second[1], sign)))
    real, imaginary = product[0][0], product[1][0] + 0.0  # no negative zero
    wrap = same and imaginary < 0.0 and (first[0][0] < 0.0 or second[0][0] < 0.0)
    halves = turns + sign * second_turns + (2.0 if wrap else 0.0)
    # A single half turn goes back into the product: what is left of the angle near pi - pi must not be rounded.
    odd = turns != second_turns
    flip = -1.0 if odd else 1.0
    return flip * real, flip * imaginary, halves + ((1.0 if imaginary >= 0.0 else -1.0) if odd else 0.0)


@inline_kernel
def _angle(real, imaginary, halves):
    return math.atan2(imaginary, real) + math.pi * halves


@kernel
def angles_seen(w, axis, count, half):
    """Set the rows THETA and OMEGA of the axis looked along.

    OMEGA is Omega_0 + Omega_1 in the middle half of the body, as this vanishes on the plane of symmetry, and Omega_0
    elsewhere.
    """
    for i in range(count):
        first, turns = _face(w, 0, i)
        second, second_turns = _face(w, 1, i)
        inside = w[SIDE_X + PAIR + i] < 0.0
        w[SCRATCH + i], w[SCRATCH + ROW + i], w[SCRATCH + 2 * ROW + i] = _combine(
            first, turns, second, second_turns, inside
        )
        real, imaginary, halves = _combine(first, turns, second, second_turns, not inside)
        central = w[SIDE_X + i] < 1.5 * half
        w[SCRATCH + 3 * ROW + i] = real if central else first[0][0]
        w[SCRATCH + 4 * ROW + i] = imaginary if central else first[1][0]
        w[SCRATCH + 5 * ROW + i] = halves if central else turns
    for i in range(count):
        w[THETA + axis * ROW + i] = _angle(w[SCRATCH + i], w[SCRATCH + ROW + i], w[SCRATCH + 2 * ROW + i])
    for i in range(count):
        real, imaginary, halves = w[SCRATCH + 3 * ROW + i], w[SCRATCH + 4 * ROW + i], w[SCRATCH + 5 * ROW + i]
        w[OMEGA + axis * ROW + i] = _angle(real, imaginary, halves)


# --- logarithms ------------------------------------------------------------------------------------------


@inline_kernel
def _edge(w, j, k, i):
    """Return the quotient whose logarithm is L of one edge along x, as numerator and denominator."""
    x0, x1, y, z = side_x(w, 0, i), side_x(w, 1, i), side_y(w, j, i), side_z(w, k, i)
    beside = x1[0] < 0.0
    ahead = add(x0, corner_r(w, 0, j, k, i))
    behind = add(scale(x1, -1.0 if beside else 1.0), corner_r(w, 1, j, k, i))
    rho2 = add(squared(y), squared(z))
    numerator = multiply(ahead, choose(beside, behind, (1.0, 0.0)))
    denominator = choose(beside, rho2, behind)
    # On the edge L is infinite, but only ever times zero in the potentials; in B the point is set to nan.
    return numerator, choose(denominator[0] > 0.0, denominator, (1.0, 0.0))


@inline_kernel
def _product(a, b):
    return multiply(a[0], b[0]), multiply(a[1], b[1])


@inline_kernel
def _quotient(a, b):
    """Return q = a/b and q - 1, where a and b are quotients themselves."""
    above, below = multiply(a[0], b[1]), multiply(a[1], b[0])
    return above[0] / below[0], subtract(above, below)[0] / below[0]


@inline_kernel
def _logarithm(w, row, to, count):
    for i in range(count):
        excess = w[row + ROW + i]
        w[to + i] = math.log1p(excess) if abs(excess) < 0.5 else math.log(w[row + i])


@kernel
def logs_seen(w, axis, count):
    """Set the rows of the logarithms of the edges along the axis looked along.

    LOG is L_00 - L_01 - L_10 + L_11, the first index along the next axis; LOG_FIRST is L_00 - L_10, and LOG_SECOND is
    L_00 - L_01.
    """
    for i in range(count):
        e00, e01, e10, e11 = _edge(w, 0, 0, i), _edge(w, 0, 1, i), _edge(w, 1, 0, i), _edge(w, 1, 1, i)
        w[SCRATCH + i], w[SCRATCH + ROW + i] = _quotient(_product(e00, e11), _product(e01, e10))
        w[SCRATCH + 2 * ROW + i], w[SCRATCH + 3 * ROW + i] = _quotient(e00, e10)
        w[SCRATCH + 4 * ROW + i], w[SCRATCH + 5 * ROW + i] = _quotient(e00, e01)
    _logarithm(w, SCRATCH, LOG + axis * ROW, count)
    _logarithm(w, SCRATCH + 2 * ROW, LOG_FIRST + axis * ROW, count)
    _logarithm(w, SCRATCH + 4 * ROW, LOG_SECOND + axis * ROW, count)
