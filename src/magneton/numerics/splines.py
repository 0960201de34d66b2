"""Quartic splines on a uniform grid, and the cubic splines that are their derivatives.

A quartic spline S has its knots midway between the nodes, where interpolation of even degree is stable. Its value in
knot cell i, centred on node i, is the sum of c_(i+j) w_j(t), j = 0..4: n nodes give n + 4 coefficients. What the nodes
leave open is set at the ends by leaving out the two outermost knots on each side (the fourth derivative does not
jump), so quartic polynomials are met exactly. S' is a cubic spline with the same knots and coefficients
(c_(i+1) - c_i)/h [deBoor2001]_.

So two linear maps commute with differentiation: I, node values to a quartic spline, and H, means over the cells
between nodes to a cubic spline, H(means of f') = (I f)'. Tensor products of the two make discrete spaces in which
div curl = 0 and curl grad = 0 hold identically [BuffaSangalliVazquez2010]_.
"""

import functools

import numpy as np

#: The fewest nodes that determine a quartic.
LEAST_NODES = 5
_DEGREE = 4
#: Values of the five quartic B-splines in the middle of a knot cell.
_AT_NODE = np.array([1.0, 76.0, 230.0, 76.0, 1.0]) / 384.0
#: Their means from the middle of one knot cell to that of the next.
_BETWEEN_NODES = np.array([1.0, 237.0, 1682.0, 1682.0, 237.0, 1.0]) / 3840.0
_FIFTH_DIFFERENCE = np.array([-1.0, 5.0, -10.0, 10.0, -5.0, 1.0])


@functools.cache
def _inverse(count: int) -> np.ndarray:
    """Return the matrix that takes node values to coefficients, shape (count + 4, count).

    It is applied as it is, to many columns at once: products of matrices are faster here than banded solvers.
    """
    matrix = np.zeros((count + _DEGREE, count + _DEGREE))
    for row, first in ((0, 0), (1, 1), (count + 2, count - 3), (count + 3, count - 2)):
        matrix[row, first : first + 6] = _FIFTH_DIFFERENCE
    for i in range(count):
        matrix[i + 2, i : i + 5] = _AT_NODE
    return np.linalg.inv(matrix)[:, 2:-2]


def interpolating(values: np.ndarray, axis: int) -> np.ndarray:
    """Return I: the coefficients of the quartic splines through node values, four more along the axis."""
    return np.moveaxis(np.tensordot(_inverse(values.shape[axis]), values, (1, axis)), 0, axis)


def cell_means(values: np.ndarray, axis: int) -> np.ndarray:
    """Return the means between neighbouring nodes of the quartic splines through node values, one fewer."""
    c = np.moveaxis(interpolating(values, axis), axis, 0)
    count = len(c) - 5
    means = np.zeros((count, *c.shape[1:]))
    for j, weight in enumerate(_BETWEEN_NODES):
        means += weight * c[j : j + count]
    return np.moveaxis(means, 0, axis)


def histopolating(means: np.ndarray, axis: int) -> np.ndarray:
    """Return H: the coefficients of the cubic splines with given means between nodes, four more along the axis."""
    means = np.moveaxis(means, axis, 0)
    sums = np.zeros((len(means) + 1, *means.shape[1:]))
    # Without their average, so that a sum over many cells rounds no more than one over few.
    average = np.mean(means, axis=0)
    np.cumsum(means - average, axis=0, out=sums[1:])
    found = np.diff(interpolating(sums, 0), axis=0) + average
    return np.moveaxis(found, 0, axis)


def sums_from_middle(values: np.ndarray, axis: int) -> np.ndarray:
    """Return the array, one longer, whose differences are the values and whose middle is zero."""
    values = np.moveaxis(values, axis, 0)
    middle = len(values) // 2
    sums = np.zeros((len(values) + 1, *values.shape[1:]))
    np.cumsum(values[middle:], axis=0, out=sums[middle + 1 :])
    sums[:middle] = -np.cumsum(values[:middle][::-1], axis=0)[::-1]
    return np.moveaxis(sums, 0, axis)
