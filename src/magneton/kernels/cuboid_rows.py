"""The rows that the cuboid's closed forms work in: distances from the point to the faces and corners.

The point is in the first octant, in units of a power of two near the longest edge. A row holds one number for each
point of a block; a pair of rows holds a double-double. See `magneton.kernels.cuboid_exact`.
"""

import numpy as np

from magneton._jit import inline_kernel, kernel
from magneton.kernels.cuboid_pair import add, choose, multiply, root
from magneton.numerics.double_double import two_sum

#: Points in a block.
BLOCK = 64
# Rows are a little longer than a block: starts a multiple of 4096 bytes apart would alias in the cache.
ROW = BLOCK + 8
PAIR = 2 * ROW
# Rows: the point; pairs of the six distances to the faces (x+, x-, y+, ...) and of the eight to the corners;
# and results.
POINT = 0
_SIDE = 3 * ROW
CORNER = _SIDE + 6 * PAIR
# The distances again, as seen along one axis: x stands for that axis, y and z for the two that follow it.
SIDE_X, _CORNERS = CORNER + 8 * PAIR, CORNER + 14 * PAIR
_Y, _Z = SIDE_X + 2 * PAIR, SIDE_X + 4 * PAIR
RESULT = _CORNERS + 8 * PAIR
_ROWS = 3 + 28 + 28 + 21
#: Rows of results: theta and ln of the products along x, y, z; then what the potentials need besides.
THETA, LOG = RESULT, RESULT + 3 * ROW
OMEGA, LOG_FIRST, LOG_SECOND = RESULT + 6 * ROW, RESULT + 9 * ROW, RESULT + 12 * ROW
SCRATCH = RESULT + 15 * ROW
#: Rows of the third derivatives: xyz, then yzy yzz, zxz zxx, xyx xyy.
THIRD = RESULT


@inline_kernel
def load(w, row, i):
    """Return the pair in two rows."""
    return w[row + i], w[row + ROW + i]


@inline_kernel
def _save(w, row, i, pair):
    w[row + i] = pair[0]
    w[row + ROW + i] = pair[1]


@kernel
def look_along(w, axis, count):
    """Set the rows of the distances as seen along `axis`."""
    for side in range(6):
        row, source = SIDE_X + side * PAIR, _SIDE + (2 * axis + side) % 6 * PAIR
        for i in range(count):
            _save(w, row, i, load(w, source, i))
    for corner in range(8):
        i_x, i_y, i_z = corner // 4, corner // 2 % 2, corner % 2
        index = corner
        if axis == 1:
            index = 4 * i_z + 2 * i_x + i_y
        elif axis == 2:
            index = 4 * i_y + 2 * i_z + i_x
        row, source = _CORNERS + corner * PAIR, CORNER + index * PAIR
        for i in range(count):
            _save(w, row, i, load(w, source, i))


# These read the workspace themselves: through a second call the loops would no longer vectorise.


@inline_kernel
def side_x(w, j, i):
    """Return the distance to the face behind the origin (j = 0) or before it (1)."""
    return w[SIDE_X + j * PAIR + i], w[SIDE_X + j * PAIR + ROW + i]


@inline_kernel
def side_y(w, j, i):
    """Return the distance to a face across y."""
    return w[_Y + j * PAIR + i], w[_Y + j * PAIR + ROW + i]


@inline_kernel
def side_z(w, j, i):
    """Return the distance to a face across z."""
    return w[_Z + j * PAIR + i], w[_Z + j * PAIR + ROW + i]


@inline_kernel
def corner_r(w, j, k, m, i):
    """Return the distance to a corner."""
    row = _CORNERS + (4 * j + 2 * k + m) * PAIR
    return w[row + i], w[row + ROW + i]


@inline_kernel
def squared(a):
    """Return a^2."""
    return multiply(a, a)


@inline_kernel
def _distance(w, row, i, xx, yy, zz):
    square = add(add(xx, yy), zz)
    _save(w, row, i, choose(square[0] > 0.0, root(square), (0.0, 0.0)))  # at a corner the root gives 0/0


@kernel
def corners(w, count, half):
    """Set the rows of the distances to faces and corners; `half` holds half the edges."""
    for axis in range(3):
        point, h, row = POINT + axis * ROW, half[axis], _SIDE + 2 * axis * PAIR
        for i in range(count):
            w[row + i], w[row + ROW + i] = two_sum(w[point + i], h)
            w[row + PAIR + i], w[row + PAIR + ROW + i] = two_sum(w[point + i], -h)
    for i in range(count):
        x0, x1 = squared(load(w, _SIDE, i)), squared(load(w, _SIDE + PAIR, i))
        y0, y1 = squared(load(w, _SIDE + 2 * PAIR, i)), squared(load(w, _SIDE + 3 * PAIR, i))
        z0, z1 = squared(load(w, _SIDE + 4 * PAIR, i)), squared(load(w, _SIDE + 5 * PAIR, i))
        _distance(w, CORNER, i, x0, y0, z0)
        _distance(w, CORNER + PAIR, i, x0, y0, z1)
        _distance(w, CORNER + 2 * PAIR, i, x0, y1, z0)
        _distance(w, CORNER + 3 * PAIR, i, x0, y1, z1)
        _distance(w, CORNER + 4 * PAIR, i, x1, y0, z0)
        _distance(w, CORNER + 5 * PAIR, i, x1, y0, z1)
        _distance(w, CORNER + 6 * PAIR, i, x1, y1, z0)
        _distance(w, CORNER + 7 * PAIR, i, x1, y1, z1)


@kernel
def exact_workspace():
    """Return the rows that the kernels of this module work in; points go in at POINT."""
    return np.empty(_ROWS * ROW)
