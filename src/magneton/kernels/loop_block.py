"""B of a circular loop at a block of points: the steps of `magneton.kernels.loop`, each for all points at once.

The chain of square roots in the arithmetic-geometric mean is long and each waits for the last. One point at a
time the processor idles; one step at a time for a block of points, which stays in the first-level cache, it does
not. The arithmetic is that of `loop_B`, to the last bit.
"""

import numpy as np

from magneton._jit import kernel
from magneton.kernels.loop import MEAN_STEPS, assemble_B, geometry, mean_begin, mean_end, mean_step

#: Points in a block.
BLOCK = 128
# Rows are a little longer than a block: starts a multiple of 4096 bytes apart would alias in the cache.
_ROW = BLOCK + 24
X, Y, Z = 0, _ROW, 2 * _ROW
_RHO, _GAP, _ALPHA2, _BETA2, _FIRST, _SECOND, _MEAN, _PRODUCT, _TAIL = (k * _ROW for k in range(3, 12))


@kernel
def block_workspace():
    """Return the rows that `block_B` works in; points go in at X, Y and Z."""
    return np.ones(12 * _ROW)


@kernel
def block_B(w, a):
    """Replace the points at X, Y, Z by the unit loop's B there, in units of mu_0 I/(4 pi)."""
    for i in range(BLOCK):
        w[_RHO + i], w[_GAP + i], w[_ALPHA2 + i], w[_BETA2 + i] = geometry(w[X + i], w[Y + i], w[Z + i], a)
    for i in range(BLOCK):
        w[_FIRST + i], w[_PRODUCT + i] = mean_begin(w[_ALPHA2 + i], w[_BETA2 + i])
    for i in range(BLOCK):
        mean, w[_PRODUCT + i], _ = mean_step(w[_FIRST + i], w[_PRODUCT + i])
        w[_SECOND + i] = mean
        w[_MEAN + i] = mean
        w[_TAIL + i] = 0.0
    weight = 4.0
    for _ in range(MEAN_STEPS):
        for i in range(BLOCK):
            w[_MEAN + i], w[_PRODUCT + i], c2 = mean_step(w[_MEAN + i], w[_PRODUCT + i])
            w[_TAIL + i] += weight * c2
        weight *= 2.0
    for i in range(BLOCK):
        mean, _, c2 = mean_step(w[_MEAN + i], w[_PRODUCT + i])
        w[_MEAN + i], w[_PRODUCT + i] = mean_end(
            a, w[_RHO + i], w[_BETA2 + i], w[_FIRST + i], w[_SECOND + i], mean, c2, w[_TAIL + i], weight
        )
    for i in range(BLOCK):
        w[X + i], w[Y + i], w[Z + i] = assemble_B(
            w[X + i], w[Y + i], w[Z + i], a, w[_RHO + i], w[_GAP + i], w[_ALPHA2 + i], w[_BETA2 + i],
            w[_MEAN + i], w[_PRODUCT + i],
        )  # fmt: skip
