"""Magnets and a solenoid: their B at many points, beside magpylib."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

import magneton
from _harness import Contender, Entry, Pace, Report, compare
from _reference import MU0, worst
from accuracy import reference_table

Row = Mapping[str, np.ndarray]
_POLARIZATION = (0.3, -0.5, 1.0)


@dataclass(frozen=True)
class Body:
    """One kind of body: how both packages make the timed one, and those of a reference table's rows.

    Attributes
    ----------
    ours, theirs : callable
        Take a row (geometry and magnetization by the names of the table) and make the source.
    row : mapping
        The body that is timed.
    table : str
        Of tests/reference.
    edge : callable, optional
        Takes random numbers, shape (n, 4), and gives points close to an edge of the timed body, timed apart.
    """

    title: str
    ours: Callable[[Row], Any]
    theirs: Callable[[Row], Any]
    row: Row
    table: str = ""
    edge: Callable[[np.ndarray], np.ndarray] | None = None

    @cached_property
    def rows(self) -> list[tuple[str, dict[str, np.ndarray]]]:
        """Kind and values of the rows of the reference table."""
        if not self.table:
            return []
        table = reference_table(self.table)
        names = [name for name in table if name != "kinds"]
        return [(str(kind), {n: table[n][i] for n in names}) for i, kind in enumerate(table["kinds"])]

    def errors(self, make: Callable[[Row], Callable], mu0: float) -> dict[str, float]:
        """Return the largest error of generic and of all rows; nan if a field is nan."""
        found: dict[str, list[float]] = {}
        for kind, row in self.rows:
            got = np.asarray(make(row)(row["points"][None])).reshape(1, 3)
            error = worst(got, row["B"][None], mu0)
            for column in ("error all",) + (("error generic",) if kind == "generic" else ()):
                found.setdefault(column, []).append(error)
        return {
            column: float(np.max(found[column]))
            for column in ("error generic", "error all")
            if column in found
        }


def _points(count: int) -> np.ndarray:
    return np.random.default_rng(5).normal(size=(count, 3))


def _ours(body: Body, points: np.ndarray, said: str) -> Contender:
    source = body.ours(body.row)
    return Contender(
        f"{type(source).__name__}(...).B({said})",
        lambda: source.B(points),
        len(points),
        (lambda _: body.errors(lambda row: body.ours(row).B, MU0)) if said == "points" else None,
        magneton.get_threads(),
    )


def _theirs(body: Body, points: np.ndarray, said: str) -> Contender:
    import magpylib
    from scipy.constants import mu_0

    magpylib.defaults.threads = magneton.get_threads()
    source = body.theirs(body.row)
    return Contender(
        f"{type(source).__name__}(...).getB({said})",
        lambda: source.getB(points),
        len(points),
        (lambda _: body.errors(lambda row: body.theirs(row).getB, mu_0)) if said == "points" else None,
        magneton.get_threads(),
    )


def _report(body: Body, count: int, pace: Pace, least: int = 100) -> Report:
    """Time generic points, and points close to an edge if there are any."""
    count = max(least, count)
    sets = [("points", _points(count))]
    if body.edge is not None:
        sets.append(
            ("points near an edge", body.edge(np.random.default_rng(6).uniform(size=(count // 10, 4))))
        )
    entries = [
        Entry(package, lambda make=make, points=points, said=said: make(body, points, said))
        for said, points in sets
        for package, make in (("magneton", _ours), ("magpylib", _theirs))
    ]
    notes = [f"{count} generic points (normal, of unit spread); both ratios are to the first line"]
    if body.table:
        notes.append(
            f"errors: largest of B over tests/reference/{body.table}.csv, bodies of all aspects; generic points, all"
        )
    return compare(body.title, entries, pace, "ns/point", notes=notes)


def _near_edge(corner: tuple[float, float], length: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function to points 1e-9 to 1e-1 from the edge x, y = corner of a body `length` high."""

    def points(u: np.ndarray) -> np.ndarray:
        gap, turn = 10.0 ** (-9 + 8 * u[:, 0]), 2 * np.pi * u[:, 1]
        x, y = corner[0] + gap * np.cos(turn), corner[1] + gap * np.sin(turn)
        return np.stack([x, y, length * (u[:, 2] - 0.5)], axis=1)

    return points


def _magpylib_magnet(kind: str, **geometry: Callable[[Row], Any]) -> Callable[[Row], Any]:
    def make(row: Row) -> Any:
        import magpylib

        shape = {name: value(row) for name, value in geometry.items()}
        return getattr(magpylib.magnet, kind)(polarization=MU0 * np.asarray(row["magnetization"]), **shape)

    return make


def _magneton_magnet(kind: str, *geometry: str) -> Callable[[Row], Any]:
    def make(row: Row) -> Any:
        return getattr(magneton, kind)(*(row[name] for name in geometry), magnetization=row["magnetization"])

    return make


def _magnetized(**geometry: Any) -> Row:
    return {"magnetization": np.array(_POLARIZATION) / MU0, **{k: np.asarray(v) for k, v in geometry.items()}}


CUBOID = Body(
    "Cuboid",
    _magneton_magnet("Cuboid", "dimension"),
    _magpylib_magnet("Cuboid", dimension=lambda row: row["dimension"]),
    _magnetized(dimension=(1.0, 0.8, 1.3)),
    "cuboid",
    _near_edge((0.5, 0.4), 1.0),
)
SPHERE = Body(
    "Sphere",
    _magneton_magnet("Sphere", "radius"),
    _magpylib_magnet("Sphere", diameter=lambda row: 2 * row["radius"]),
    _magnetized(radius=0.8),
)


def _cylinder(title: str, magnetization: tuple[float, float, float]) -> Body:
    return Body(
        title,
        _magneton_magnet("Cylinder", "radius", "height"),
        _magpylib_magnet("Cylinder", dimension=lambda row: (2 * row["radius"], row["height"])),
        {**_magnetized(radius=0.7, height=1.2), "magnetization": np.array(magnetization) / MU0},
        "cylinder",
        lambda u: _rim(u, 0.7, 0.6),
    )


def _rim(u: np.ndarray, radius: float, z: float) -> np.ndarray:
    """Return points 1e-9 to 1e-1 from the edge of a cylinder."""
    gap, turn, around = 10.0 ** (-9 + 8 * u[:, 0]), 2 * np.pi * u[:, 1], 2 * np.pi * u[:, 2]
    rho = radius + gap * np.cos(turn)
    return np.stack([rho * np.cos(around), rho * np.sin(around), z + gap * np.sin(turn)], axis=1)


_CORNERS = ((0.1, -0.2, 0.3), (1.2, 0.1, 0.15), (0.3, 0.9, -0.1), (0.45, 0.25, 1.1))
TETRAHEDRON = Body(
    "Tetrahedron",
    _magneton_magnet("Tetrahedron", "vertices"),
    _magpylib_magnet("Tetrahedron", vertices=lambda row: row["vertices"]),
    _magnetized(vertices=_CORNERS),
)


def _ball(faces: int) -> Row:
    """Return a closed mesh of this many faces, nearly, around an ellipsoid: the convex hull of a spiral."""
    from scipy.spatial import ConvexHull

    n = faces // 2 + 2
    k = np.arange(n) + 0.5
    height, turn = 1 - 2 * k / n, np.pi * (1 + 5**0.5) * k
    ring = np.sqrt(1 - height**2)
    vertices = np.stack([0.9 * ring * np.cos(turn), 0.7 * ring * np.sin(turn), 0.8 * height], axis=1)
    hull = ConvexHull(vertices)
    corners = vertices[hull.simplices]
    outward = np.sum(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) * corners[:, 0], axis=1
    )
    ordered = np.where((outward > 0)[:, None], hull.simplices, hull.simplices[:, ::-1])
    return _magnetized(vertices=vertices, faces=ordered)


def cuboid(quick: bool, pace: Pace) -> Report:
    """B of a cuboid magnet."""
    return _report(CUBOID, 50_000 if quick else 1_000_000, pace)


def sphere(quick: bool, pace: Pace) -> Report:
    """B of a sphere magnet."""
    return _report(SPHERE, 50_000 if quick else 1_000_000, pace)


def axial_cylinder(quick: bool, pace: Pace) -> Report:
    """B of a cylinder magnetized along its axis."""
    body = _cylinder("Cylinder, axial magnetization", (0, 0, 1.0))
    return _report(body, 50_000 if quick else 1_000_000, pace)


def diametral_cylinder(quick: bool, pace: Pace) -> Report:
    """B of a cylinder magnetized across its axis."""
    body = _cylinder("Cylinder, diametral magnetization", (0.6, 0.8, 0))
    return _report(body, 50_000 if quick else 1_000_000, pace)


def tetrahedron(quick: bool, pace: Pace) -> Report:
    """B of a tetrahedron."""
    return _report(TETRAHEDRON, 50_000 if quick else 1_000_000, pace)


def mesh(quick: bool, pace: Pace) -> Report:
    """B of a triangular mesh of 1000 faces."""
    body = Body(
        "Triangular mesh of 1000 faces",
        _magneton_magnet("TriangularMesh", "vertices", "faces"),
        _magpylib_magnet(
            "TriangularMesh", vertices=lambda row: row["vertices"], faces=lambda row: row["faces"]
        ),
        _ball(1000),
    )
    return _report(body, 500 if quick else 10_000, pace)


def solenoid(quick: bool, pace: Pace) -> Report:
    """B of a solenoid, beside a stack of 1000 loops."""
    points = _points(10_000 if quick else 1_000_000)
    few = points[: 500 if quick else 10_000]

    def stack() -> Contender:
        import magpylib

        magpylib.defaults.threads = magneton.get_threads()
        places = (np.arange(1000) + 0.5) / 1000 * 1.2 - 0.6
        loops = [magpylib.current.Circle(diameter=1.4, current=1.0, position=(0, 0, z)) for z in places]
        together = magpylib.Collection(*loops)
        return Contender(
            f"Collection of 1000 Circle, getB({len(few)} points)",
            lambda: together.getB(few),
            len(few),
            None,
            magneton.get_threads(),
        )

    def sheet() -> Contender:
        source = magneton.Solenoid(0.7, 1.2, 1000, 1.0)
        return Contender(
            "Solenoid(0.7, 1.2, 1000, 1).B(points)", lambda: source.B(points), len(points), None, 2
        )

    notes = [
        f"{len(points)} generic points; the stack of loops differs from the sheet by 1/N^2, which is no error"
    ]
    entries = [Entry("magneton", sheet), Entry("magpylib", stack)]
    return compare("Solenoid of 1000 turns", entries, pace, "ns/point", notes=notes)
