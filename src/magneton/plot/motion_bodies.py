"""What is drawn of a rigid body: its source, or the solid that has its inertia, and the arrow of its moment."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from magneton.plot import solids, words
from magneton.plot.bodies import geometry
from magneton.plot.moment_track import body_moment
from magneton.plot.solids import Surface

_ALIKE = 1e-6  # relative: moments of inertia of a body with an axis of symmetry
_THINNEST = 0.02  # of the largest size
_PALE = 0.4  # share of the colour on one half, so that a spin is seen


class BodyShape(NamedTuple):
    """A body in its own frame, in metres: a surface with a colour for each corner, lines, and an arrow or None."""

    surface: Surface
    colours: list[str]
    lines: list[np.ndarray]
    arrow: Surface | None

    @property
    def reach(self) -> float:
        """The distance of the farthest point from the origin."""
        points = [self.surface.vertices, *self.lines, *([] if self.arrow is None else [self.arrow.vertices])]
        return float(np.linalg.norm(np.concatenate(points), axis=1).max())


def body_shape(body: Any, colour: str) -> BodyShape:
    """Return the shape of a body of `magneton.dynamics`."""
    if body.source is not None and body.extended:
        shape = geometry(body.source)
        surface, lines = solids.merged(shape.solids), [*shape.wires, *shape.outlines]
    else:
        surface, lines = solid_of_inertia(float(body.mass), body.inertia), []
    points = np.concatenate([surface.vertices, *lines])
    across = np.linalg.eigh(body.inertia)[1][:, 0 if _is_flat(body.inertia) else 1]
    pale = surface.vertices @ across > 1e-9 * np.abs(points).max()
    colours = [words.mixed(colour, _PALE if light else 1.0) for light in pale]
    return BodyShape(surface, colours, lines, _arrow(points, body_moment(body)))


def _is_flat(inertia: np.ndarray) -> bool:
    """Return whether the axis of symmetry, if there is one, is that of the largest moment of inertia."""
    small, middle, large = np.linalg.eigvalsh(inertia)
    return bool(middle - small <= large - middle)


def solid_of_inertia(mass: float, inertia: np.ndarray) -> Surface:
    """Return the homogeneous ball, cylinder or cuboid of a mass (kg) and a tensor of inertia (kg m^2), shape (3, 3)."""
    moments, axes = np.linalg.eigh(inertia)
    if np.linalg.det(axes) < 0.0:
        axes = axes * [1.0, 1.0, -1.0]
    small, middle, large = moments
    if large - small <= _ALIKE * large:
        return solids.ball(np.full(3, np.sqrt(2.5 * large / mass)))[0]
    for own, other, turned in ((large, (small, middle), (0, 1, 2)), (small, (middle, large), (1, 2, 0))):
        if other[1] - other[0] <= _ALIKE * large:
            square = 2.0 * own / mass
            length = np.sqrt(max(0.0, 12.0 * (other[0] / mass - square / 4.0)))
            radius = np.sqrt(square)
            surface, _ = solids.tube(0.0, radius, max(length, _THINNEST * radius))
            return Surface(surface.vertices @ axes[:, turned].T, surface.faces)
    edges = np.sqrt(np.maximum(0.0, 6.0 / mass * (moments.sum() - 2.0 * moments)))
    surface, _ = solids.box(np.maximum(edges, _THINNEST * edges.max()))
    return Surface(surface.vertices @ axes.T, surface.faces)


def _arrow(points: np.ndarray, moment: np.ndarray) -> Surface | None:
    """Return an arrow along the moment that sticks out of the body."""
    size = float(np.linalg.norm(moment))
    if size == 0.0:
        return None
    direction = moment / size
    breadth = float(np.linalg.norm(points, axis=1).max())
    length = 1.1 * float(np.max(points @ direction)) + 0.6 * breadth
    return solids.arrow(np.zeros(3), length * direction, 0.05 * breadth)
