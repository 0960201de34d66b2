"""Roots of a slope along the field: where it changes its sign, to rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Slope = Callable[[np.ndarray], np.ndarray]

#: A slope that has not changed its sign after so many doublings of the field never does.
_DOUBLINGS = 64
#: The least that brentq accepts.
_RTOL = np.float64(4.0 * np.finfo(float).eps)


def rising_end(slope: Slope, start: float) -> float:
    """Return a field, `start` times a power of two, beyond which the sign stays what it is far away."""
    ends = start * 2.0 ** np.arange(_DOUBLINGS)
    signs = np.sign(slope(ends))
    return float(ends[np.argmax(signs == signs[-1])])


def refined(slope: Slope, grid: np.ndarray) -> np.ndarray:
    """Return the roots, ascending: points of an ascending grid with a slope of 0, and one between changes of sign."""
    from scipy.optimize import brentq  # as late as it is needed: it takes long to import

    def at(B: float) -> float:
        return float(slope(np.asarray(B)))

    values = slope(grid)
    roots = [float(B) for B, value in zip(grid, values, strict=True) if value == 0.0]
    for left in np.flatnonzero(values[:-1] * values[1:] < 0.0):
        root: Any = brentq(at, grid[left], grid[left + 1], xtol=1e-300, rtol=_RTOL)
        roots.append(float(root))
    return np.array(sorted(roots))
