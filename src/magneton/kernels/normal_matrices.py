"""Inverses of many small normal matrices, with a word on which of them lost too many digits."""

import math

import numpy as np

from magneton._jit import kernel

#: A pivot of Cholesky's factor, of a matrix of unit diagonal, below which digits are short.
_SMALL = 1e-8


@kernel
def _factor(matrix, length, factor):
    """Set `factor` to Cholesky's of the matrix scaled to unit diagonal, lower; return whether all pivots are large."""
    p = len(length)
    for i in range(p):
        length[i] = math.sqrt(matrix[i, i]) if matrix[i, i] > 0.0 else 0.0
        if not (length[i] > 0.0 and length[i] < math.inf):
            return False
    for i in range(p):
        for j in range(i + 1):
            total = matrix[i, j] / (length[i] * length[j])
            for k in range(j):
                total -= factor[i, k] * factor[j, k]
            if j < i:
                factor[i, j] = total / factor[j, j]
            elif total > _SMALL:
                factor[i, i] = math.sqrt(total)
            else:
                return False
    return True


@kernel
def _invert_lower(factor, inverse):
    p = len(factor)
    for j in range(p):
        inverse[j, j] = 1.0 / factor[j, j]
        for i in range(j + 1, p):
            total = 0.0
            for k in range(j, i):
                total -= factor[i, k] * inverse[k, j]
            inverse[i, j] = total / factor[i, i]


@kernel
def inverses(normal, first, covariance, good):
    """Set `covariance`, shape (n, first, first), to the upper left of the inverses of matrices, shape (n, p, p).

    `good`, shape (n,), says which inverses have at least half their digits; the others are nan.
    """
    p = normal.shape[1]
    length, factor, inverse = np.empty(p), np.empty((p, p)), np.empty((p, p))
    for n in range(len(normal)):
        good[n] = _factor(normal[n], length, factor)
        if not good[n]:
            covariance[n] = math.nan
            continue
        _invert_lower(factor, inverse)
        for i in range(first):
            for j in range(i + 1):
                total = 0.0
                for k in range(i, p):
                    total += inverse[k, i] * inverse[k, j]
                covariance[n, i, j] = total / (length[i] * length[j])
                covariance[n, j, i] = covariance[n, i, j]
