"""What the functions of this package ask of their arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton._check import integer, non_negatives, numbers
from magneton.orbits._vectors import C


def velocity_parts(parallel: Any, perpendicular: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return v_par and v_perp, broadcast, and gamma."""
    along = numbers("parallel_velocity", parallel, "m/s")
    across = non_negatives("perpendicular_velocity", perpendicular, "m/s")
    try:
        along, across = np.broadcast_arrays(along, across)
    except ValueError:
        raise ValueError(
            "parallel_velocity and perpendicular_velocity must have shapes that broadcast, "
            f"got {along.shape} and {across.shape}"
        ) from None
    beta = np.hypot(along, across) / C
    if beta.size and beta.max() >= 1.0:
        raise ValueError(
            "parallel_velocity and perpendicular_velocity must make a speed below that of light, "
            f"got {beta.max() * C:.9g} m/s"
        )
    return along, across, 1.0 / np.sqrt((1.0 - beta) * (1.0 + beta))


def generator(seed: Any) -> np.random.Generator:
    """Return a generator of random numbers, given as one or by a seed."""
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(integer("seed", seed, 0))
