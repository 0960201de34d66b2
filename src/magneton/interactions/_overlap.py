"""Whether two bodies keep apart: they may touch, but no part of one may lie inside the other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from magneton.interactions._integrand import circuit_point
from magneton.sources import Source
from magneton.sources.body import SEGMENT, Body
from magneton.sources.patches import Patches

#: Bodies that touch may lie inside one another by this part of their coordinates.
_ROUNDING = 1e-14
#: Points are closer to each other than this part of the solid that they might lie in.
_SPACING = 1.0 / 16.0
#: So many points are looked at in all at most; a mesh of more patches is looked at in one point of each.
_MOST_POINTS = 20_000
_MOST_PATCHES = 512


def body_of(source: Source) -> Body | None:
    """Return what a force can act on, or None."""
    try:
        return source.body
    except ValueError:
        return None


def require_apart(source: Source, target: Source) -> None:
    """Require that neither body has a part inside the other; touching is allowed.

    Points on surfaces, wires and sheets are tried, a sixteenth of the solid apart and on all edges and corners: what
    is cut less deep than that may pass.

    Raises
    ------
    ValueError
        If they overlap.
    """
    bodies = body_of(source), body_of(target)
    if bodies[0] is None or bodies[1] is None:
        return
    for solid, other in ((source, bodies[1]), (target, bodies[0])):
        if not hasattr(solid, "contains") or not solid.body.hull:
            continue
        reach = reach_of(solid.body)
        points = _points_near(other, solid.body.position, reach)
        if len(points) and _inside(solid, points, bool(other.hull or other.patches)):
            raise ValueError(
                f"source and target must not overlap: a part of one lies inside the {type(solid).__name__}"
            )


def reach_of(body: Body) -> float:
    """Return the radius of a sphere about a solid's position that holds it; of a sphere itself its extent is zero."""
    if body.extent > 0.0 or not body.hull:
        return body.extent
    return max(float(np.linalg.norm(axes, axis=1).max()) for patches in body.hull for axes in patches.axes)


def _inside(solid: Any, points: np.ndarray, may_touch: bool) -> bool:
    """Say whether a point lies inside a body: where surfaces may touch, by more than the rounding of places.

    Wires and points have no side on which a field would be taken: there every rounding counts.
    """
    found = points[solid.contains(points)]
    if not may_touch or not len(found):
        return len(found) > 0
    size = float(np.linalg.norm(solid.position)) + reach_of(solid.body) + float(np.abs(found).max())
    steps = _ROUNDING * size * np.concatenate([np.eye(3), -np.eye(3)])
    return bool(solid.contains(found[:, None] + steps).all(axis=1).any())


def _points_near(body: Body, centre: np.ndarray, reach: float) -> np.ndarray:
    """Return points of a body within reach of a solid: of its surface if it is solid, of what it carries otherwise."""
    parts = [body.moment_positions, body.pole_positions, body.charge_positions] if not body.hull else []
    for patches in body.hull or body.patches:
        parts += list(_of_patches(patches, centre, reach))
    parts += list(_of_wires(body, centre, reach))
    if not parts:
        return np.empty((0, 3))
    points = np.concatenate(parts)
    return points[np.linalg.norm(points - centre, axis=1) <= reach * (1.0 + 1e-9)]


def _of_patches(patches: Patches, centre: np.ndarray, reach: float) -> Iterator[np.ndarray]:
    """Give points of patches, with all corners: cells that may be near are divided until they are small."""
    count = patches.kind.parameters
    corners = np.array(list(itertools.product((0.0, 0.5, 1.0), repeat=count)))
    which, start, width = np.arange(len(patches)), np.zeros((len(patches), count)), 1.0
    given = 0
    while len(which):
        t = start[:, None] + width * corners
        numbers = np.repeat(which, len(corners))
        place = patches.kind.place(
            patches.origins[numbers], patches.axes[numbers], t.reshape(-1, count), patches.hole
        )
        points = place.points.reshape(len(which), len(corners), 3)
        yield points.reshape(-1, 3)
        given += points.size // 3
        middle = points[:, len(corners) // 2]
        # Of a whole turn all corners are one: the points between them tell its size.
        half = np.linalg.norm(points - middle[:, None], axis=2).max(axis=1)
        divided = (np.linalg.norm(middle - centre, axis=1) <= reach + 2.0 * half) & (half > _SPACING * reach)
        if len(patches) > _MOST_PATCHES or given > _MOST_POINTS:
            return
        width *= 0.5
        halves = width * np.array(list(itertools.product((0.0, 1.0), repeat=count)))
        start = (start[divided][:, None] + halves).reshape(-1, count)
        which = np.repeat(which[divided], len(halves))


def _of_wires(body: Body, centre: np.ndarray, reach: float) -> Iterator[np.ndarray]:
    """Give points of line currents: arcs that may be near are divided until they are short."""
    for circuit in body.circuits:
        starts, width = np.arange(32) / 32.0, 1.0 / 32.0
        whole = 1.0 if circuit.kind == SEGMENT else 2.0 * np.pi
        while len(starts):
            rows = [circuit_point(circuit.kind, circuit.params, whole * (s + 0.5 * width)) for s in starts]
            along = np.array(rows)
            yield along[:, :3]
            half = 0.5 * whole * width * np.linalg.norm(along[:, 3:], axis=1)
            near = np.linalg.norm(along[:, :3] - centre, axis=1) <= reach + 2.0 * half
            starts = starts[near & (half > _SPACING * reach)]
            width *= 0.5
            starts = np.concatenate([starts, starts + width])
