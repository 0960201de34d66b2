"""Averages of correlated samples, with errors from blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

#: Blocks of a series: each must be longer than the samples remember.
BLOCKS = 32


class Estimate(NamedTuple):
    """A value and its standard error."""

    value: float
    error: float


def block_jackknife(function: Callable[..., float], *series: np.ndarray) -> Estimate:
    """Return a function of averages of series, with its error from leaving out one block at a time.

    Samples of one run are correlated; averages of blocks that are longer than the correlation are not, whatever it is
    [FlyvbjergPetersen1989]_. Leaving each out in turn gives the error of any smooth function of the averages.
    """
    length = len(series[0]) // BLOCKS
    blocks = [s[: length * BLOCKS].reshape(BLOCKS, length).mean(axis=1) for s in series]
    rest = [(b.sum() - b) / (BLOCKS - 1) for b in blocks]
    values = np.array([function(*(r[k] for r in rest)) for k in range(BLOCKS)])
    error = float(np.sqrt((BLOCKS - 1) * np.var(values)))
    return Estimate(float(function(*(s.mean() for s in series))), error)
