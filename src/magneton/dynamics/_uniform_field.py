"""Fields that are the same everywhere, as users may give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from magneton._check import vector
from magneton.dynamics.terms.waveforms import Waveform


def uniform_field(name: str, B: Any) -> tuple[Callable[[np.ndarray], Any], bool]:
    """Return a field as a function of times, and whether it is constant.

    It may be given as a function of times in s, shape (k,), to T, shape (k, 3), as a waveform, or as a vector in T.
    """
    if isinstance(B, Waveform):
        count = len(B.rows())
        if count > 1:
            raise ValueError(f"{name} must be one field, got a waveform for {count} moments")
        return B.B, False
    if callable(B) and not isinstance(B, type):
        return B, False
    constant = vector(name, B, "T")
    return lambda times: np.tile(constant, (len(times), 1)), True
