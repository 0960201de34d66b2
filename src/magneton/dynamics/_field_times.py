"""When fields that change in time must not be stepped over.

The error of a step is estimated from the field at its stages. It sees no pulse that lies between two of them, and it is
wrong where the field has a kink within the step. So steps end at kinks, and are no longer than a pulse's width near it,
nor than half a period of an oscillation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from magneton.kernels import moment_terms as codes

#: Beyond so many widths a Gaussian pulse is less than the rounding of its peak: exp(-40).
_WIDTHS = 9.0

#: Times between which something holds, and the longest step there.
Window = tuple[float, float, float]


def intervals(
    local: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], duration: float, longest: float
) -> list[tuple[float, float]]:
    """Return when steps must end, ascending, the last at the duration, and the longest step until then, in s."""
    windows = list(_windows(local))
    edges = {duration} | {t for window in windows for t in window[:2] if 0.0 < t < duration}
    result, before = [], 0.0
    for stop in sorted(edges):
        middle = 0.5 * (before + stop)
        limits = [limit for begin, end, limit in windows if begin <= middle <= end]
        result.append((stop, min([longest, *limits])))
        before = stop
    return result


def _windows(local: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]) -> Iterator[Window]:
    """Yield begin, end and the longest step between, of each waveform that is among the local terms."""
    kinds, rows, starts, values = local
    width = codes.WIDTHS[codes.WAVE]
    for kind, count, start in zip(kinds, rows, starts, strict=True):
        if kind == codes.WAVE:
            table = values[start : start + count * width].reshape(count, width)
            for shape, p, q, _ in np.unique(table[:, 6:], axis=0).tolist():
                yield _window(int(shape), p, q)


def _window(shape: int, p: float, q: float) -> Window:
    """Return what holds of one waveform, by the numbers of `magneton.kernels.moment_terms.wave`."""
    if shape == codes.RAMP:
        return p, q, math.inf
    if shape == codes.PULSE:
        return p - _WIDTHS * q, p + _WIDTHS * q, q
    return -math.inf, math.inf, math.pi / abs(p) if p else math.inf
