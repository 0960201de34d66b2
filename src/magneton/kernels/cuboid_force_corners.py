"""The 64 differences of two cuboids' corners, and r, the logarithms and the angles of each, in double-double.

A row holds one number for each corner, a pair of rows a double-double, so that loops over corners vectorise. See
`magneton.kernels.cuboid_force`.
"""

import math

import numpy as np

from magneton._jit import inline_kernel, kernel
from magneton.kernels.cuboid_force_functions import angle_table, arc, complement, half_log, half_log_table
from magneton.kernels.cuboid_pair import add, choose, multiply, root, scale
from magneton.numerics.double_double import two_sum

CORNERS = 64
# Rows are a little longer than needed: starts a multiple of 4096 bytes apart would alias in the cache.
ROW = CORNERS + 8
PAIR = 2 * ROW
# Pairs of rows: x, y, z; r; the logarithms and the angles; the terms of F, of int H_1 and of the torque.
X, Y, Z, R = 0, PAIR, 2 * PAIR, 3 * PAIR
LX, LY, LZ = 4 * PAIR, 5 * PAIR, 6 * PAIR
AX, AY, AZ = 7 * PAIR, 8 * PAIR, 9 * PAIR
OUT = 10 * PAIR
# What a table gives: k and a pair. The lever arms s_2 a_2, in floats. Numerator and denominator.
_TABLE = 19 * PAIR
LEVER = _TABLE + 3 * ROW
_ABOVE, _BELOW = LEVER + 3 * ROW, LEVER + 5 * ROW
_TURN = LEVER + 7 * ROW
WORK = LEVER + 8 * ROW
# The square of a length, in units of the largest, that is as good as none: its reciprocal must not overflow.
_NOTHING = 1e-280
# Minus the product of a corner's six signs.
SIGNS = -np.array([(-1.0) ** i.bit_count() for i in range(CORNERS)])


@inline_kernel
def load(w, row, i):
    """Return the pair in two rows."""
    return w[row + i], w[row + ROW + i]


@inline_kernel
def save(w, row, i, pair):
    """Set the pair in two rows."""
    w[row + i] = pair[0]
    w[row + ROW + i] = pair[1]


@inline_kernel
def _differences(w, row, lever, step, half1, half2, d):
    """Set one coordinate of all corners; `step` is how far apart in the list the axis's four are."""
    for i in range(CORNERS):
        place = i // step % 4
        s1 = 1.0 if place % 2 == 0 else -1.0
        s2 = 1.0 if place // 2 == 0 else -1.0
        sides, error = two_sum(s2 * half2, -s1 * half1)
        total, low = two_sum(d, sides)
        save(w, row, i, two_sum(total, low + error))
        w[lever + i] = s2 * half2


@inline_kernel
def _absolute(a):
    return scale(a, math.copysign(1.0, a[0]))


@inline_kernel
def _distances(w):
    for i in range(CORNERS):
        x, y, z = load(w, X, i), load(w, Y, i), load(w, Z, i)
        square = add(multiply(x, x), add(multiply(y, y), multiply(z, z)))
        none = square[0] < _NOTHING
        distance = root(choose(none, (1.0, 0.0), square))
        save(w, R, i, choose(none, (0.0, 0.0), distance))


@inline_kernel
def _logarithms(w, x, y, z, out):
    """Set artanh(x/r) = ln[(r + |x|)^2/(y^2 + z^2)]/2 with the sign of x; 0 where it is infinite."""
    for i in range(CORNERS):
        long = add(load(w, R, i), _absolute(load(w, x, i)))
        above = multiply(long, long)
        b, c = load(w, y, i), load(w, z, i)
        below = add(multiply(b, b), multiply(c, c))
        none = below[0] < _NOTHING
        save(w, _ABOVE, i, choose(none, (1.0, 0.0), above))
        save(w, _BELOW, i, choose(none, (1.0, 0.0), below))
    for i in range(CORNERS):
        k, base, low = half_log_table(max(1.0, w[_ABOVE + i] / w[_BELOW + i]))
        w[_TABLE + i], w[_TABLE + ROW + i], w[_TABLE + 2 * ROW + i] = k, base, low
    for i in range(CORNERS):
        base = load(w, _TABLE + ROW, i)
        value = half_log(load(w, _ABOVE, i), load(w, _BELOW, i), w[_TABLE + i], base)
        save(w, out, i, scale(value, math.copysign(1.0, w[x + i])))


@inline_kernel
def _angles(w, x, y, z, out):
    """Set atan(y z/(x r)); what it is where x = 0 does not matter."""
    for i in range(CORNERS):
        a = _absolute(multiply(load(w, y, i), load(w, z, i)))
        b = multiply(_absolute(load(w, x, i)), load(w, R, i))
        less = a[0] <= b[0]
        larger = choose(less, b, a)
        save(w, _ABOVE, i, choose(less, a, b))
        save(w, _BELOW, i, choose(larger[0] < _NOTHING, (1.0, 0.0), larger))
        w[_TURN + i] = 1.0 if less else 0.0
    for i in range(CORNERS):
        k, base, low = angle_table(w[_ABOVE + i] / w[_BELOW + i])
        w[_TABLE + i], w[_TABLE + ROW + i], w[_TABLE + 2 * ROW + i] = k, base, low
    for i in range(CORNERS):
        base = load(w, _TABLE + ROW, i)
        value = arc(load(w, _ABOVE, i), load(w, _BELOW, i), w[_TABLE + i], base)
        value = choose(w[_TURN + i] > 0.0, value, complement(value))
        sign = math.copysign(1.0, w[x + i]) * math.copysign(1.0, w[y + i]) * math.copysign(1.0, w[z + i])
        save(w, out, i, scale(value, sign))


@inline_kernel
def set_corners(w, half1, half2, offset):
    """Set the differences of the corners, the lever arms and r."""
    for axis in range(3):
        step = 4 ** (2 - axis)
        _differences(w, axis * PAIR, LEVER + axis * ROW, step, half1[axis], half2[axis], offset[axis])
    _distances(w)


@kernel
def set_functions(w):
    """Set the logarithms and the angles of all corners."""
    _logarithms(w, X, Y, Z, LX)
    _logarithms(w, Y, Z, X, LY)
    _logarithms(w, Z, X, Y, LZ)
    _angles(w, X, Y, Z, AX)
    _angles(w, Y, Z, X, AY)
    _angles(w, Z, X, Y, AZ)
