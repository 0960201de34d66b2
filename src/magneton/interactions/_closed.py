"""Pairs of bodies whose force, torque and energy are closed forms."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton.interactions._patches import (
    PLACE_NOISE,
    SMALL,
    extent_over_length,
    patch_scales,
    places_over_gap,
)
from magneton.interactions._tally import Tally
from magneton.interactions.cuboids import cuboid_pair
from magneton.sources.base import turned

#: How far the cosines between edges may be from 0 and 1: rounding of the two rotations.
_PARALLEL = 1e-15
#: Faces this close, relative to the edges, touch.
_TOUCH = 1e-12


def parallel_cuboids(source: Any, target: Any, pivot: np.ndarray, rtol: float) -> Tally | None:
    """Return force, torque and energy of two cuboids in closed form if that is right to `rtol`; None otherwise.

    Raises
    ------
    ValueError
        If the two overlap.
    """
    axes = source._matrix
    turn = axes.T @ target._matrix
    whole = np.round(turn)
    if np.abs(turn - whole).max() > _PARALLEL:
        return None
    edges = source.dimension, np.abs(whole) @ target.dimension
    offset = turned(axes.T, target.position - source.position)
    if np.all(np.abs(offset) < 0.5 * (1.0 - _TOUCH) * (edges[0] + edges[1])):
        raise ValueError("source and target must not overlap: a part of one lies inside the Cuboid")
    small, large = sorted((source, target), key=lambda cuboid: cuboid.body.extent)
    if extent_over_length(large, small.body) < SMALL:
        return None  # the surfaces' poles would nearly cancel: through the volume they do not
    about = turned(axes.T, pivot - source.position)
    values, noise = cuboid_pair(
        edges[0], source.magnetization, edges[1], whole @ target.magnetization, offset, about
    )
    scales = patch_scales(source, target.body, pivot)
    errors = noise + PLACE_NOISE * places_over_gap(source, target.body) * scales
    if not (np.all(np.isfinite(values)) and np.all(errors <= max(rtol, 1e-12) * scales)):
        return None
    turned_back = np.concatenate([axes @ values[:3], axes @ values[3:6], values[6:]])
    return Tally(turned_back, scales, errors, 1)
