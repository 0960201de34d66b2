"""Where field lines start: around each moment, closer where the flux is denser."""

from __future__ import annotations

import math

import numpy as np

from magneton.plot.bodies import Geometry, across

_WITHIN = 0.93  # of the body's reach: how far out the outermost line through it starts
_AXIS = 0.04
_ASIDE = 0.003  # of the reach: how far from the plane itself, which may be a sheet of current


def around(
    centre: np.ndarray, moment: np.ndarray | None, geometry: Geometry, size: float, count: int
) -> np.ndarray:
    """Return about `count` seeds for the lines of one source, shape (n, 3), metre.

    Lines through a body with a moment start in the plane across it, spread so that each stands for the same flux if
    B were even there; those of a point start at distances in geometric progression, and those of anything else on a
    sphere around it.

    Parameters
    ----------
    centre : ndarray, shape (3,), metre
        Of the source.
    moment : ndarray, shape (3,), or None
        Its moment, if it has one.
    geometry : Geometry
        Of the source.
    size : float, metre
        The scene's.
    count : int
        How many.
    """
    points = geometry.points()
    reach = float(np.linalg.norm(points - centre, axis=1).max()) if len(points) else 0.0
    if moment is None or not np.any(moment):
        return centre + _sphere(count) * (1.3 * reach if reach > 0.0 else 0.15 * size)
    first, second = across(moment)
    start = centre + _ASIDE * reach * moment / np.linalg.norm(moment)
    turns = 8 if count >= 24 else 6 if count >= 12 else 4
    rows = max(2, round(count / turns))
    angles = 2.0 * math.pi * np.arange(turns) / turns
    directions = np.cos(angles)[:, None] * first + np.sin(angles)[:, None] * second
    planet = max((radius for _, radius in geometry.stops), default=0.0)
    if reach == 0.0 or planet > 0.0 or (len(geometry.stops) and not geometry.solids):
        distances = np.geomspace(
            max(0.12 * size, 1.25 * reach), reach + (0.85 if reach else 0.95) * size, rows
        )
        return start + (distances[:, None, None] * directions).reshape(-1, 3)
    support = _WITHIN * np.max((points - centre) @ directions.T, axis=0)
    shares = np.sqrt((np.arange(rows) + 0.6) / (rows - 0.4 + 1e-9))
    outer = start + (shares[:, None, None] * (support[:, None] * directions)).reshape(-1, 3)
    # Not on the axis itself: there the line may run along an edge, or through a null.
    return np.vstack([start + _AXIS * support[0] * directions[0], outer])


def across_the_box(low: np.ndarray, high: np.ndarray, direction: np.ndarray, count: int) -> np.ndarray:
    """Return seeds on a square across a uniform field, shape (n, 3), metre."""
    first, second = across(direction)
    side = max(2, round(math.sqrt(count)))
    steps = (np.arange(side) + 0.5) / side - 0.5
    middle, width = 0.5 * (low + high), float(np.min(high - low))
    grid = steps[:, None, None] * first + steps[None, :, None] * second
    return middle + width * grid.reshape(-1, 3)


def _sphere(count: int) -> np.ndarray:
    """Return unit vectors spread evenly: a spiral in steps of the golden angle."""
    k = np.arange(count) + 0.5
    z = 1.0 - 2.0 * k / count
    angle = math.pi * (3.0 - math.sqrt(5.0)) * k
    rho = np.sqrt(1.0 - z**2)
    return np.stack([rho * np.cos(angle), rho * np.sin(angle), z], axis=-1)
