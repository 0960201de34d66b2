"""What is drawn of each kind of source: one table from the name of its class to its geometry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from magneton.plot import solids
from magneton.plot.solids import Surface
from magneton.sources.framed import turning_z_to

MOST_VOXELS = 300  # more are drawn as the box that holds them
MOST_HEADS = 60


def _no_heads() -> np.ndarray:
    return np.empty((0, 7))


@dataclass(frozen=True)
class Geometry:
    """What is drawn of a source, in metres.

    Attributes
    ----------
    solids : list of Surface
        What has a volume or an area: drawn translucent.
    outlines : list of ndarray, shape (n, 3)
        Edges and rims of these.
    wires : list of ndarray, shape (n, 3)
        Currents along lines, in their direction.
    heads : ndarray, shape (k, 7)
        Middle, direction and size of the cones that show a sense: of a current, a velocity.
    dots : ndarray, shape (k, 3)
        What has no size.
    stops : list of (ndarray of shape (3,), float)
        Centre and radius of what field lines do not enter; a radius of 0 stands for a point that they run into.
    """

    solids: list[Surface] = field(default_factory=list)
    outlines: list[np.ndarray] = field(default_factory=list)
    wires: list[np.ndarray] = field(default_factory=list)
    heads: np.ndarray = field(default_factory=_no_heads)
    dots: np.ndarray = field(default_factory=lambda: np.empty((0, 3)))
    stops: list[tuple[np.ndarray, float]] = field(default_factory=list)

    def points(self) -> np.ndarray:
        """Return all points of it, shape (n, 3)."""
        return np.concatenate([*(s.vertices for s in self.solids), *self.outlines, *self.wires, self.dots])

    def placed(self, matrix: np.ndarray, shift: np.ndarray) -> Geometry:
        """Return the geometry at R r + shift."""

        def moved(points: np.ndarray) -> np.ndarray:
            return points @ matrix.T + shift

        heads = np.hstack([moved(self.heads[:, :3]), self.heads[:, 3:6] @ matrix.T, self.heads[:, 6:]])
        return Geometry(
            [Surface(moved(s.vertices), s.faces) for s in self.solids],
            [moved(line) for line in self.outlines],
            [moved(line) for line in self.wires],
            heads,
            moved(self.dots),
            [(moved(centre), radius) for centre, radius in self.stops],
        )


def geometry(source: Any) -> Geometry:
    """Return what is drawn of a source, in the global frame; a sphere of its extent if its class has no entry.

    Parameters
    ----------
    source : Source
        Anything but a Collection, whose members are drawn one by one.
    """
    for kind in type(source).__mro__:
        if kind.__name__ in GEOMETRY:
            local = GEOMETRY[kind.__name__](source)
            break
    else:
        local = _sphere_of_extent(source)
    matrix = getattr(source, "_matrix", None)
    if matrix is None:
        return local
    return local.placed(matrix, np.asarray(source.position))


def _sphere_of_extent(source: Any) -> Geometry:
    given: Any = getattr(source, "_extent", 0.0)
    found: Any = given() if callable(given) else given
    extent = float(found)
    framed = hasattr(source, "_matrix")
    centre = np.zeros(3) if framed else np.asarray(getattr(source, "position", np.zeros(3)), dtype=np.float64)
    if extent == 0.0:
        return Geometry(dots=centre[None], stops=[(centre, 0.0)])
    surface, lines = solids.ball(np.full(3, extent))
    return Geometry([surface], lines).placed(np.eye(3), centre)


def _senses(line: np.ndarray, sign: float, count: int, size: float) -> np.ndarray:
    """Return cones evenly along a line, shape (count, 7), that point along it or, for `sign` < 0, against it."""
    if sign == 0.0:
        return _no_heads()
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    travelled = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = travelled[-1] * (np.arange(count) + 0.5) / count
    index = np.searchsorted(travelled, wanted, side="right") - 1
    tangents = np.diff(line, axis=0)[index] / steps[index, None]
    middles = line[index] + (wanted - travelled[index])[:, None] * tangents
    return np.hstack([middles, np.sign(sign) * tangents, np.full((count, 1), size)])


def _wire(line: np.ndarray, current: float, count: int = 4) -> Geometry:
    size = 0.14 * float(np.linalg.norm(np.ptp(line, axis=0)) / 2.0)
    return Geometry(wires=[line], heads=_senses(line, current, count, size))


def _points(positions: Any, most: int = 1000) -> Geometry:
    """Return dots; field lines end at them if they are not too many to look after."""
    dots = np.atleast_2d(positions)
    return Geometry(dots=dots, stops=[(dot, 0.0) for dot in dots] if len(dots) <= most else [])


def _polyline(source: Any) -> Geometry:
    sides = len(source.vertices) - 1
    return _wire(source.vertices, source.current, min(max(sides, 2), 6))


def _curve(source: Any) -> Geometry:
    line = source._nodes(512)[0] + source.position
    return _wire(np.vstack([line, line[:1]]), source.current, 6)


def _pole_pair(source: Any) -> Geometry:
    ends = source.position + 0.5 * np.outer([-1.0, 1.0], source.separation)
    return Geometry(outlines=[ends], dots=ends, stops=[(end, 0.0) for end in ends])


def _solid(made: tuple[Surface, list[np.ndarray]]) -> Geometry:
    return Geometry([made[0]], made[1])


def _cylinder(source: Any) -> Geometry:
    return _solid(solids.tube(0.0, source.radius, source.height))


def _polyhedron(source: Any) -> Geometry:
    surface = Surface(*source._surface())
    return Geometry([surface], solids.sharp_edges(surface))


def _winding(source: Any, inner: float, outer: float) -> Geometry:
    """Return a coil as a cylinder, with its current's sense around its middle and its rims."""
    length = float(source.length)
    surface, rims = solids.tube(inner, outer, length)
    heads = [
        _senses(solids.ring(outer, height), source.current, 4, 0.14 * outer)
        for height in ((-0.5 * length, 0.5 * length) if length else (0.0,))
    ]
    return Geometry([surface], rims, heads=np.concatenate(heads))


def _helmholtz(source: Any) -> Geometry:
    half = 0.5 * float(getattr(source, "separation", source.radius))
    rings = [solids.ring(source.radius, height) for height in (-half, half)]
    heads = [_senses(line, source.current, 4, 0.14 * source.radius) for line in rings]
    return Geometry(wires=rings, heads=np.concatenate(heads))


def _charges(source: Any) -> Geometry:
    geometry = _points(source.positions)
    speeds = np.linalg.norm(source.velocities, axis=1)
    spread = float(np.linalg.norm(np.ptp(source.positions, axis=0)))
    moving = np.flatnonzero(speeds > 0.0)[:MOST_HEADS]
    directions = source.velocities[moving] / speeds[moving, None]
    size = np.full((len(moving), 1), 0.08 * spread)
    heads = np.hstack([source.positions[moving] + 0.7 * size * directions, directions, size])
    return Geometry(dots=geometry.dots, stops=geometry.stops, heads=heads if spread else _no_heads())


def _spinning(source: Any) -> Geometry:
    radius = source.radius
    made = {
        "ring": lambda: Geometry(wires=[solids.ring(radius)]),
        "disk": lambda: _solid(solids.tube(0.0, radius, 0.0)),
        "cylinder": lambda: _solid(solids.tube(0.0, radius, source.length or 0.0)),
    }
    shape = made.get(source.shape, lambda: _solid(solids.ball(np.full(3, radius))))()
    heads = _senses(solids.ring(radius), 1.0, 4, 0.14 * radius)  # of the rotation, not of the current
    return Geometry(shape.solids, shape.outlines, shape.wires, heads)


def _voxels(source: Any) -> Geometry:
    """Return the voxels, or the box that holds them if they are many, with the directions of the density."""
    points, edges = source.points, source.edges
    if len(points) <= MOST_VOXELS:
        made = [solids.box(edge) for edge in edges]
        boxes = [Surface(s.vertices + p, s.faces) for (s, _), p in zip(made, points, strict=True)]
        outlines = [line + p for (_, lines), p in zip(made, points, strict=True) for line in lines]
    else:
        low, high = (points - 0.5 * edges).min(axis=0), (points + 0.5 * edges).max(axis=0)
        surface, lines = solids.box(high - low)
        boxes = [Surface(surface.vertices + 0.5 * (low + high), surface.faces)]
        outlines = [line + 0.5 * (low + high) for line in lines]
    rows = np.asarray(source._rows())
    sizes = np.linalg.norm(rows, axis=1)
    chosen = np.flatnonzero(sizes > 0.0)
    chosen = chosen[:: -(-len(chosen) // MOST_HEADS)] if len(chosen) else chosen
    if type(source).__name__ == "PoleDensity":  # its density has no direction
        chosen = chosen[:0]
    cones = np.full((len(chosen), 1), 0.6 * float(np.max(edges)))
    heads = np.hstack([points[chosen], rows[chosen] / sizes[chosen, None], cones])
    return Geometry([solids.merged(boxes)], outlines, heads=heads)


def _planet(source: Any) -> Geometry:
    """Return a planet: its sphere with parallels and meridians; field lines end on it."""
    radius = next(
        (float(getattr(source, n)) for n in ("radius", "reference_radius") if hasattr(source, n)), 0.0
    )
    if radius <= 0.0:
        return _sphere_of_extent(source)
    surface, _ = solids.ball(np.full(3, radius))
    latitudes = np.radians([-60.0, -30.0, 0.0, 30.0, 60.0])
    lines = [solids.ring(radius * np.cos(a), radius * np.sin(a)) for a in latitudes]
    meridian = solids.ring(radius)[:, [2, 0, 1]]
    lines += [meridian @ _about_z(turn).T for turn in np.radians([0.0, 45.0, 90.0, 135.0])]
    place = getattr(source, "position", None)
    centre = (
        np.zeros(3) if place is None or hasattr(source, "_matrix") else np.asarray(place, dtype=np.float64)
    )
    return Geometry([surface], lines, stops=[(np.zeros(3), radius)]).placed(np.eye(3), centre)


def _about_z(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


#: Class name -> its geometry in its own frame if it has one, or else in the global frame.
GEOMETRY: dict[str, Callable[[Any], Geometry]] = {
    "Dipole": lambda s: _points(s.position),
    "Multipole": lambda s: _sphere_of_extent(s),
    "Dipoles": lambda s: _points(s.positions),
    "Pole": lambda s: _points(s.position),
    "PolePair": _pole_pair,
    "UniformField": lambda s: Geometry(),
    "CircularLoop": lambda s: Geometry(
        wires=[solids.ring(s.radius)], heads=_senses(solids.ring(s.radius), s.current, 4, 0.14 * s.radius)
    ),
    "Polyline": _polyline,
    "CurveLoop": _curve,
    "HelmholtzPair": _helmholtz,
    "Solenoid": lambda s: _winding(s, s.radius, s.radius),
    "Coil": lambda s: _winding(s, s.inner_radius, s.outer_radius),
    "MovingCharges": _charges,
    "SpinningBody": _spinning,
    "Cuboid": lambda s: _solid(solids.box(s.dimension)),
    "Cylinder": _cylinder,
    "Sphere": lambda s: _solid(solids.ball(np.full(3, s.radius))),
    "Ellipsoid": lambda s: _solid(solids.ball(s.semi_axes)),
    "Tetrahedron": _polyhedron,
    "TriangularMesh": _polyhedron,
    "Magnetization": _voxels,
    "CurrentDensity": _voxels,
    "PoleDensity": _voxels,
    "GaussCoefficients": _planet,
}


def across(direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return two unit vectors that make a right-handed frame with `direction`."""
    matrix = turning_z_to(direction)
    return matrix[:, 0], matrix[:, 1]
