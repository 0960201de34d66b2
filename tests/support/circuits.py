"""Random circuits."""

import numpy as np
from scipy.spatial.transform import Rotation

from magneton.sources import CircularLoop, CurveLoop, Polyline


def random_circuit(rng, spread):
    """Return a loop, closed polyline or smooth curve of size about one at a random place."""
    position = rng.normal(size=3) * spread
    current = float(rng.normal())
    kind = rng.integers(3)
    if kind == 0:
        return CircularLoop(
            rng.uniform(0.3, 1.5), current, position, Rotation.random(random_state=rng.integers(2**31))
        )
    if kind == 1:
        corners = rng.normal(size=(rng.integers(3, 7), 3)) * 0.7
        return Polyline(position + corners, current, closed=True)
    samples = 32
    t = 2 * np.pi * np.arange(samples) / samples
    points = sum(
        np.outer(np.cos(k * t), rng.normal(size=3)) + np.outer(np.sin(k * t), rng.normal(size=3))
        for k in (1,)
    ) + 0.2 * np.outer(np.cos(2 * t), rng.normal(size=3))
    return CurveLoop(position + 0.6 * points, current)
