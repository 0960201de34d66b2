"""The field that acts on rigid bodies from outside, compiled apart: runs without one need not wait for it."""

import numpy as np

from magneton._jit import field_function
from magneton.kernels.field import field_B, field_grad


@field_function
def rigid_outside(what, params, points, out):
    """Set rows of `out` to B (0:3) and dB_i/dx_j (3:12) of a field given flat: see `magneton.kernels.field`.

    `params` holds the number n of terms, their kinds, where each begins (n + 1), and their parameters. There is one
    quantity only: `what` plays no part.
    """
    n = int(params[0])
    kinds, starts = np.empty(n, dtype=np.int64), np.empty(n + 1, dtype=np.int64)
    for i in range(n):
        kinds[i] = int(params[1 + i])
    for i in range(n + 1):
        starts[i] = int(params[1 + n + i])
    terms = params[2 + 2 * n :]
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        out[i, 0], out[i, 1], out[i, 2] = field_B(kinds, starts, terms, x, y, z)
        field_grad(kinds, starts, terms, x, y, z, out[i, 3:])
