"""What the closed forms ask of their arguments beyond `magneton._check`, and what they hand back."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton._check import numbers


def nonzero(name: str, value: Any, unit: str = "1") -> np.ndarray:
    """Return an array, of any shape, of numbers of which none is zero."""
    array = numbers(name, value, unit)
    if (array == 0.0).any():
        raise ValueError(f"{name} must not be zero, got 0")
    return array


def vector_array(name: str, value: Any, unit: str) -> np.ndarray:
    """Return finite vectors, shape (..., 3)."""
    array = numbers(name, value, unit)
    if array.ndim < 1 or array.shape[-1] != 3:
        raise ValueError(f"{name} must have shape (..., 3), got shape {array.shape}")
    return array
