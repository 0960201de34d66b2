"""What the closed forms ask of their arguments beyond `magneton._check`, and what they hand back."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import units
from magneton._check import numbers, shown


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


def common_shape(**shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Return what the shapes of arguments broadcast to, or raise a ValueError that names them."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        several = [f"{name} of shape {shape}" for name, shape in shapes.items() if shape]
        names = [name for name, shape in shapes.items() if shape]
        raise ValueError(f"{' and '.join(names)} must broadcast, got {', '.join(several)}") from None


def times_or_inf(name: str, value: Any) -> np.ndarray:
    """Return positive times in s; inf is allowed."""
    array = np.asarray(units.strip(name, value, "s"))
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} must be a time or an array of times, got {shown(value)}")
    if not (array > 0.0).all():
        raise ValueError(f"{name} must be positive, got {shown(value)}")
    return np.array(array, dtype=np.float64)


def complexes(name: str, value: Any, unit: str = "1") -> np.ndarray:
    """Return an array, of any shape, of finite complex numbers."""
    try:
        array = np.asarray(units.strip(name, value, unit))
    except TypeError:
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "fiuc" or not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite complex numbers, got {shown(value)}")
    return np.array(array, dtype=np.complex128)
