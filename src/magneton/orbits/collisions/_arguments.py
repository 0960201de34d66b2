"""What the functions of this package ask of their arguments."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from magneton._check import number, real_array, shown


def one_rate(name: str, value: Any) -> float:
    """Return a number of 1/s that is not negative."""
    rate = number(name, value, "1/s")
    if rate < 0.0:
        raise ValueError(f"{name} must not be negative, got {rate:g}")
    return rate


def cosines(name: str, value: Any) -> np.ndarray:
    """Return an array, of any shape, of numbers from -1 to 1."""
    array = real_array(name, value, "1", "a number or an array of numbers from -1 to 1")
    outside = array[np.abs(array) > 1.0]
    if outside.size:
        raise ValueError(f"{name} must lie between -1 and 1, got {outside[0]:g}")
    return array


def mirror_ratios(value: Any) -> np.ndarray:
    """Return an array, of any shape, of numbers greater than one."""
    array = real_array("mirror_ratio", value, "1", "a number or an array of numbers")
    if array.size and array.min() <= 1.0:
        raise ValueError(f"mirror_ratio must be greater than 1, got {array.min():g}")
    return array


def one_mirror_ratio(value: Any) -> float:
    """Return a single mirror ratio."""
    return float(mirror_ratios(number("mirror_ratio", value)))


def number_of_sides(value: Any) -> int:
    """Return at how many ends particles are lost: 1, near xi = 1, or 2."""
    if isinstance(value, bool) or value not in (1, 2):
        raise ValueError(f"sides must be 1 or 2, got {shown(value)}")
    return int(value)


def trapped_interval(mirror_ratio: float, sides: int) -> tuple[float, float]:
    """Return the smallest and the largest cosine of the pitch angle outside the loss cone."""
    upper = math.sqrt((mirror_ratio - 1.0) / mirror_ratio)
    return (-upper if sides == 2 else -1.0), upper


def random_key(rng: Any) -> np.ndarray:
    """Return 64 random bits as a key of the streams: of a seed always the same, of a generator the next ones."""
    if isinstance(rng, np.random.Generator):
        return rng.integers(0, 2**32, size=2, dtype=np.uint64)
    try:
        seed = -1 if isinstance(rng, bool) else operator.index(rng)
    except TypeError:
        seed = -1
    if seed < 0:
        raise ValueError(f"rng must be a numpy.random.Generator or an integer, 0 or more, got {shown(rng)}")
    return np.random.SeedSequence(seed).generate_state(2, np.uint32).astype(np.uint64)
