"""The third derivatives of phi of a cuboid, in double-double: see `magneton.kernels.cuboid_exact`."""

from magneton._jit import inline_kernel, kernel
from magneton.kernels.cuboid_pair import add, choose, divide, multiply, subtract
from magneton.kernels.cuboid_rows import (
    CORNER,
    PAIR,
    ROW,
    SCRATCH,
    THIRD,
    corner_r,
    load,
    look_along,
    side_x,
    side_y,
    side_z,
    squared,
)


@inline_kernel
def _slope(w, j, k, i):
    """Return Q of one edge along x."""
    x0, x1, y, z = side_x(w, 0, i), side_x(w, 1, i), side_y(w, j, i), side_z(w, k, i)
    r0, r1 = corner_r(w, 0, j, k, i), corner_r(w, 1, j, k, i)
    beside = x1[0] < 0.0
    # Beside the edge the two terms add. Beyond its end 1 - x/r = rho^2/(r (r + x)) takes the cancelling part out.
    near, far = multiply(r1, add(r1, x1)), multiply(r0, add(r0, x0))
    rho2 = add(squared(y), squared(z))
    above = choose(beside, subtract(multiply(x0, r1), multiply(x1, r0)), subtract(far, near))
    below = choose(beside, multiply(multiply(r0, r1), rho2), multiply(near, far))
    return divide(above, below)


@inline_kernel
def _weighted(a, p, b, q):
    """Return b q - a p, rounded."""
    return subtract(multiply(b, q), multiply(a, p))[0]


@kernel
def _thirds_seen(w, first, second, count):
    """Set two rows to the derivatives of phi_yz by y and by z, where x is the axis looked along."""
    for i in range(count):
        q00, q01, q10, q11 = _slope(w, 0, 0, i), _slope(w, 0, 1, i), _slope(w, 1, 0, i), _slope(w, 1, 1, i)
        y0, y1, z0, z1 = side_y(w, 0, i), side_y(w, 1, i), side_z(w, 0, i), side_z(w, 1, i)
        w[SCRATCH + i] = _weighted(y0, subtract(q00, q01), y1, subtract(q10, q11))
        w[SCRATCH + ROW + i] = _weighted(z0, subtract(q00, q10), z1, subtract(q01, q11))
    for i in range(count):
        w[first + i], w[second + i] = w[SCRATCH + i], w[SCRATCH + ROW + i]


@inline_kernel
def _inverse(w, index, i):
    return divide((1.0, 0.0), load(w, CORNER + index * PAIR, i))


@kernel
def thirds(w, count):
    """Set the rows THIRD: phi_xyz, then phi_yzy yzz zxz zxx xyx xyy."""
    for i in range(count):
        even = add(add(_inverse(w, 0, i), _inverse(w, 3, i)), add(_inverse(w, 5, i), _inverse(w, 6, i)))
        odd = add(add(_inverse(w, 1, i), _inverse(w, 2, i)), add(_inverse(w, 4, i), _inverse(w, 7, i)))
        w[THIRD + i] = subtract(even, odd)[0]
    for axis in range(3):
        look_along(w, axis, count)
        _thirds_seen(w, THIRD + (2 * axis + 1) * ROW, THIRD + (2 * axis + 2) * ROW, count)
