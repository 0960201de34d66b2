"""Pieces of surface and volume, mapped from the unit square or cube: what bodies are made of for forces.

A patch is an exact shape with a density on it; nothing is meshed. Each parameter runs from 0 to 1, the last ones
innermost in nested quadrature; an angle is the last parameter where there is one, since it is periodic.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

_TURN = 2.0 * math.pi


class Places(NamedTuple):
    """Points of patches: where (n, 3), the element of area (n, 3) or volume (n,), and the unit vector of the turn."""

    points: np.ndarray
    element: np.ndarray
    around: np.ndarray | None = None
    radius: np.ndarray | None = None  #: Of discs and tubes, in units of the outer one.


class Shape(NamedTuple):
    """A kind of patch: how many parameters, whether the last is an angle, and the map."""

    parameters: int
    periodic: bool
    place: Callable[[np.ndarray, np.ndarray, np.ndarray, float], Places]

    @property
    def is_volume(self) -> bool:
        """Whether it is a piece of volume."""
        return self.parameters == 3


def _of(axes: np.ndarray, *weights: np.ndarray | float) -> np.ndarray:
    """Return the sum of the first axes (n, k, 3), each by its weights."""
    return sum(np.reshape(w, (-1, 1)) * axes[:, k] for k, w in enumerate(weights))  # type: ignore[return-value]


def _determinant(axes: np.ndarray) -> np.ndarray:
    return np.abs(np.linalg.det(axes))


def _plane(origin: np.ndarray, axes: np.ndarray, t: np.ndarray, hole: float) -> Places:
    return Places(origin + _of(axes, t[:, 0], t[:, 1]), np.cross(axes[:, 0], axes[:, 1]))


def _triangle(origin: np.ndarray, axes: np.ndarray, t: np.ndarray, hole: float) -> Places:
    u, v = t.T
    area = np.cross(axes[:, 0], axes[:, 1])
    return Places(origin + _of(axes, u * (1.0 - v), u * v), u[:, None] * area)


def _box(origin: np.ndarray, axes: np.ndarray, t: np.ndarray, hole: float) -> Places:
    return Places(origin + _of(axes, *t.T), _determinant(axes))


def _tetrahedron(origin: np.ndarray, axes: np.ndarray, t: np.ndarray, hole: float) -> Places:
    u, v, w = t.T
    points = origin + _of(axes, u * (1.0 - v), u * v * (1.0 - w), u * v * w)
    return Places(points, u * u * v * np.linalg.det(axes))  # signed: a fan over a surface may fold back


def _turn(axes: np.ndarray, angle: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cosine, sine and the unit vector along growing angle."""
    c, s = np.cos(_TURN * angle), np.sin(_TURN * angle)
    along = _of(axes, -s, c)
    return c, s, along / np.linalg.norm(along, axis=1)[:, None]


def _disc(origin: np.ndarray, axes: np.ndarray, t: np.ndarray, hole: float) -> Places:
    rho, angle = t.T
    c, s, around = _turn(axes, angle)
    area = (_TURN * rho)[:, None] * np.cross(axes[:, 0], axes[:, 1])
    return Places(origin + _of(axes, rho * c, rho * s), area, around, rho)


def _side(origin: np.ndarray, axes: np.ndarray, t: np.ndarray, hole: float) -> Places:
    height, angle = t.T
    c, s, around = _turn(axes, angle)
    x, y, z = axes[:, 0], axes[:, 1], axes[:, 2]
    area = 2.0 * _TURN * (c[:, None] * np.cross(y, z) + s[:, None] * np.cross(z, x))
    return Places(origin + _of(axes, c, s, 2.0 * height - 1.0), area, around)


def _ellipsoid(origin: np.ndarray, axes: np.ndarray, t: np.ndarray, hole: float) -> Places:
    polar, angle = t.T
    c, s, around = _turn(axes, angle)
    down, flat = np.cos(math.pi * polar), np.sin(math.pi * polar)
    x, y, z = axes[:, 0], axes[:, 1], axes[:, 2]
    outward = np.stack([np.cross(y, z), np.cross(z, x), np.cross(x, y)], axis=1)
    area = (math.pi * _TURN * flat)[:, None] * _of(outward, flat * c, flat * s, down)
    return Places(origin + _of(axes, flat * c, flat * s, down), area, around)


def _tube(origin: np.ndarray, axes: np.ndarray, t: np.ndarray, hole: float) -> Places:
    across, height, angle = t.T
    c, s, around = _turn(axes, angle)
    rho = hole + (1.0 - hole) * across
    volume = 2.0 * _TURN * (1.0 - hole) * rho * _determinant(axes)
    return Places(origin + _of(axes, rho * c, rho * s, 2.0 * height - 1.0), volume, around, rho)


def _ball(origin: np.ndarray, axes: np.ndarray, t: np.ndarray, hole: float) -> Places:
    rho, polar, angle = t.T
    c, s, around = _turn(axes, angle)
    down, flat = rho * np.cos(math.pi * polar), rho * np.sin(math.pi * polar)
    volume = math.pi * _TURN * rho * flat * _determinant(axes)
    return Places(origin + _of(axes, flat * c, flat * s, down), volume, around)


#: By name; `axes` are edges from the origin, or half axes from the centre where there is an angle.
SHAPES = {
    "plane": Shape(2, False, _plane),
    "triangle": Shape(2, False, _triangle),
    "disc": Shape(2, True, _disc),
    "side": Shape(2, True, _side),
    "ellipsoid": Shape(2, True, _ellipsoid),
    "box": Shape(3, False, _box),
    "tetrahedron": Shape(3, False, _tetrahedron),
    "tube": Shape(3, True, _tube),
    "ball": Shape(3, True, _ball),
}


class Elements(NamedTuple):
    """What sits at points of patches: each is None or an array of n rows."""

    points: np.ndarray
    #: Elements of poles (A m), of current (A m) and of moment (A m^2).
    poles: np.ndarray | None = None
    currents: np.ndarray | None = None
    moments: np.ndarray | None = None
    #: Outward unit vectors, of the surface of a solid body.
    normals: np.ndarray | None = None


@dataclass(frozen=True)
class Patches:
    """Patches of one shape that carry one kind of density.

    Attributes
    ----------
    shape : str
        One of `SHAPES`.
    origins : ndarray, shape (n, 3), metre
        Corners, or centres of round shapes.
    axes : ndarray, shape (n, 2 or 3, 3), metre
        Edges, or half axes.
    content : str
        "magnetized": the density is M (A/m), shape (n, 3); a surface then carries the poles M.n, a volume moments.
        "bound": the same, but a surface carries the currents M x n.
        "current": of a volume j (A/m^2), shape (n, 3). "poles": of a volume (A/m^2), shape (n,).
        "turning": a current around the third axis, of a volume in A/m^2, of a surface in A/m, shape (n,).
    density : ndarray
        The density.
    hole : float
        Inner radius of a tube in units of the outer one.
    power : int
        A turning current grows as this power of the radius, up to the density at the outer radius.
    tapered : bool
        Whether M falls off from the density at the tube's inner radius to zero at the outer one.
    """

    shape: str
    origins: np.ndarray
    axes: np.ndarray
    content: str
    density: np.ndarray
    hole: float = 0.0
    power: int = 0
    tapered: bool = False

    def __len__(self) -> int:
        return len(self.origins)

    @property
    def kind(self) -> Shape:
        """The shape's parameters and map."""
        return SHAPES[self.shape]

    def elements(self, which: np.ndarray, t: np.ndarray) -> Elements:
        """Return what sits at parameters `t`, shape (n, 2 or 3), of patches number `which`, shape (n,)."""
        place = self.kind.place(self.origins[which], self.axes[which], t, self.hole)
        density = self.density[which]
        if self.content == "turning":
            size = place.element if self.kind.is_volume else np.linalg.norm(place.element, axis=1)
            if self.power and place.radius is not None:
                size = size * place.radius**self.power
            assert place.around is not None
            return Elements(place.points, currents=(density * size)[:, None] * place.around)
        if self.content == "poles":
            return Elements(place.points, poles=density * place.element)
        if self.content == "current":
            return Elements(place.points, currents=place.element[:, None] * density)
        if self.kind.is_volume:
            volume = place.element
            if self.tapered and place.radius is not None:
                volume = volume * (1.0 - place.radius) / (1.0 - self.hole)
            return Elements(place.points, moments=volume[:, None] * density)
        normals = place.element / np.linalg.norm(place.element, axis=1)[:, None]
        if self.content == "bound":
            return Elements(place.points, currents=np.cross(density, place.element), normals=normals)
        poles = np.einsum("ij,ij->i", density, place.element)
        return Elements(place.points, poles=poles, normals=normals)


def of_magnet(
    shape: str, origins: np.ndarray, axes: np.ndarray, magnetization: np.ndarray, content: str = "magnetized"
) -> Patches:
    """Return patches of one magnetization (A/m), shape (3,) or (n, 3)."""
    density = np.broadcast_to(magnetization, (len(origins), 3))
    return Patches(shape, np.asarray(origins, dtype=float), np.asarray(axes, dtype=float), content, density)


def cuboid_faces(
    centres: np.ndarray, edges: np.ndarray, matrix: np.ndarray, magnetization: np.ndarray, content: str
) -> tuple[Patches, ...]:
    """Return the faces of cuboids that carry poles ("magnetized") or currents ("bound"): one set of patches or none.

    The cuboids' own axes are the columns of `matrix`; `edges` is (3,) or (n, 3), and so is `magnetization`, in the
    cuboids' own axes.
    """
    count = len(centres)
    edges = np.broadcast_to(edges, (count, 3))
    own = np.broadcast_to(magnetization, (count, 3))
    origins, axes, densities = [], [], []
    for k in range(3):
        first, second = (k + 1) % 3, (k + 2) % 3
        carries = own[:, k] != 0.0 if content == "magnetized" else np.any(own[:, [first, second]], axis=1)
        used = np.flatnonzero(carries)
        for sign in (1.0, -1.0):
            a = edges[used, first, None] * matrix[:, first]
            b = sign * edges[used, second, None] * matrix[:, second]
            centre = centres[used] + 0.5 * sign * edges[used, k, None] * matrix[:, k]
            origins.append(centre - 0.5 * (a + b))
            axes.append(np.stack([a, b], axis=1))
            densities.append(own[used] @ matrix.T)
    if not sum(map(len, origins)):
        return ()
    parts = (np.concatenate(origins), np.concatenate(axes), np.concatenate(densities))
    return (of_magnet("plane", *parts, content),)


def cuboid_insides(
    centres: np.ndarray, edges: np.ndarray, matrix: np.ndarray, magnetization: np.ndarray
) -> Patches:
    """Return the volumes of cuboids as patches of moments; arguments as of `cuboid_faces`."""
    count = len(centres)
    axes = np.broadcast_to(edges, (count, 3))[:, :, None] * matrix.T
    own = np.broadcast_to(magnetization, (count, 3))
    return of_magnet("box", centres - 0.5 * axes.sum(axis=1), axes, own @ matrix.T)


def half_axes(matrix: np.ndarray, *lengths: float) -> np.ndarray:
    """Return axes of one round patch, shape (1, 3, 3): the columns of `matrix` by their lengths."""
    return (matrix.T * np.array(lengths)[:, None])[None]
