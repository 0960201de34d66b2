"""Refines tables of a field until their error, measured at random points, is small enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from magneton.orbits.fields.base import OrbitField, as_field

#: Nodes beyond the domain, where the field is known there: the ends of splines are less exact than their middle.
MARGIN = 4
#: The fewest nodes along an axis to begin with.
LEAST_COUNT = 8
#: Random points at which the error is measured, and what the largest found is multiplied by.
CHECKS, _SAFETY = 20_000, 1.5
#: Where B is weaker than this part of its largest value, errors are relative to that.
_WEAK = 1e-4
#: The power of the spacing with which errors are taken to fall: between that at the ends and in the middle of splines.
_ORDER = 5


def static_field(field: Any) -> OrbitField:
    original = as_field(field)
    if original.time_dependent:
        raise ValueError("field must not depend on time for an interpolant")
    return original


def unit_samples(generator: np.random.Generator, width: int) -> np.ndarray:
    """Return numbers from 0 to 1, shape (CHECKS, width): even, but for a third that crowd at the ends."""
    values = generator.uniform(size=(CHECKS, width))
    crowd = slice(0, CHECKS // 3)
    values[crowd] = 0.5 - 0.5 * np.cos(np.pi * np.round(values[crowd]) + 0.3 * (values[crowd] - 0.5))
    return values


def refined(
    build: Callable[[np.ndarray], Any],
    exact: Callable[[np.ndarray], np.ndarray],
    sample: Callable[[np.random.Generator], np.ndarray],
    counts: np.ndarray,
    size: Callable[[np.ndarray], float],
    rtol: float,
    memory: float,
    seed: int,
) -> tuple[Any, float]:
    """Return the coarsest table found that is good enough, and its error.

    The error is taken for a sum of terms C_a/n_a^5, one an axis, told from each other by refining one axis at a time.
    """
    generator = np.random.default_rng(seed)

    def tried(n: np.ndarray) -> tuple[Any, float]:
        if size(n) > memory:
            raise ValueError(
                f"rtol = {rtol:g} would take {size(n):.3g} bytes of tables, above memory = {memory:g}: "
                f"the error is {error:.2g} with {' x '.join(map(str, counts))} nodes"
            )
        made = build(n)
        points = sample(generator)
        return made, _SAFETY * _largest_error(made.B(points), exact(points))

    error = math.inf
    made, error = tried(counts)
    while error > rtol:
        shares = []
        for axis in range(len(counts)):
            finer = counts.copy()
            finer[axis] = math.ceil(1.5 * finer[axis])
            shares.append(max(error - tried(finer)[1], 0.02 * error))
        shares = np.array(shares) * error / sum(shares)
        growth = (1.2 * len(counts) * shares / rtol) ** (1.0 / _ORDER)
        growth = np.clip(growth, 1.0, 2.5)
        if np.all(growth < 1.05):
            growth[:] = 1.05
        counts = np.ceil(counts * growth).astype(int)
        made, error = tried(counts)
    return made, error


def _largest_error(found: np.ndarray, exact: np.ndarray) -> float:
    size = np.linalg.norm(exact, axis=1)
    if not np.isfinite(size).all():
        raise ValueError("field must be defined everywhere on the domain, got nan or inf at some points")
    scale = np.maximum(size, _WEAK * np.max(size))
    return float(np.max(np.linalg.norm(found - exact, axis=1) / np.where(scale > 0.0, scale, 1.0)))


def with_margin(low: float, high: float, count: int, before: int, after: int) -> np.ndarray:
    """Return `count` coordinates from low to high in equal steps, and some beyond."""
    return low + (high - low) / (count - 1) * np.arange(-before, count + after)
