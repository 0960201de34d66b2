"""What constructors of readings take: places, values with gaps, noise, axes."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from magneton import _check

#: What to do about readings that are nan.
Missing = Literal["raise", "drop"]


def places(points: Any) -> np.ndarray:
    """Return points, shape (n, 3)."""
    array = _check.numbers("points", points, "m")
    return _check.vectors("points", array[None] if array.shape == (3,) else array, "m")


def values_with_gaps(name: str, value: Any, shape: tuple[int, ...], unit: str) -> np.ndarray:
    """Return readings of a shape; nan marks gaps."""
    array = _check.with_gaps(name, value, unit, "an array of real numbers, nan where missing")
    if array.shape == shape[1:] and shape[0] == 1:
        array = array[None]
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, as points are {shape[0]}, got shape {array.shape}")
    return array


def standard_deviations(noise: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return standard deviations of a shape, nan if unknown."""
    if noise is None:
        return np.full(shape, np.nan)
    sigma = _check.positives("noise", noise, "T")
    allowed = [(), shape] + ([shape[:1]] if len(shape) == 2 else [])
    if sigma.shape not in allowed:
        raise ValueError(
            f"noise must be a number or have one of the shapes {allowed[1:]}, got shape {sigma.shape}"
        )
    if len(shape) == 2 and sigma.shape == shape[:1]:
        sigma = sigma[:, None]
    return np.array(np.broadcast_to(sigma, shape))


def labels(sensor: Any, count: int) -> np.ndarray:
    """Return the numbers of sensors, each its own by default."""
    if sensor is None:
        return np.arange(count)
    labels = _check.whole_numbers("sensor", sensor, "whole numbers").astype(int)
    if labels.shape != (count,):
        raise ValueError(f"sensor must have shape ({count},), got shape {labels.shape}")
    return np.unique(labels, return_inverse=True)[1]


def vector_for_each(name: str, value: Any, count: int, unit: str) -> np.ndarray:
    """Return a vector for each, shape (count, 3)."""
    array = _check.numbers(name, value, unit)
    if array.shape not in ((3,), (count, 3)):
        raise ValueError(f"{name} must have shape (3,) or ({count}, 3), got shape {array.shape}")
    return np.array(np.broadcast_to(array, (count, 3)))


def unit_vectors(name: str, value: Any, count: int) -> np.ndarray:
    """Return unit vectors, shape (count, 3)."""
    array = vector_for_each(name, value, count, "1")
    length = np.linalg.norm(array, axis=1)
    if not length.all():
        raise ValueError(f"{name} must not be zero, got axis {int(np.flatnonzero(length == 0.0)[0])}")
    return array / length[:, None]
