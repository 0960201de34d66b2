"""Forces between bodies of all kinds at three tolerances, beside magpylib's meshes."""

from __future__ import annotations

import contextlib
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

import magneton
from _body_reference import Reference, miss, reference, values_of
from _harness import Pace, Report, package_version
from magneton.interactions import NotConverged
from magneton.sources import Ellipsoid, Solenoid, TriangularMesh

_TOLERANCES = (1e-4, 1e-8, 1e-11)
_WEDGE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [0, 1, 1]]) - [0.33, 0.33, 0.5]
_FACES = [[0, 2, 1], [3, 4, 5], [0, 1, 4], [0, 4, 3], [1, 2, 5], [1, 5, 4], [2, 0, 3], [2, 3, 5]]
_CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]) - 0.25
_M = (2e5, -3e5, 9e5)
#: Bodies of about 1 m at the origin, their axis along z; A/m and A.
_BODIES = {
    "Dipole": magneton.Dipole((2e5, -3e5, 9e5)),
    "Sphere": magneton.Sphere(0.5, magnetization=_M),
    "CircularLoop": magneton.CircularLoop(0.5, 1e6),
    "Cuboid": magneton.Cuboid((1.0, 0.8, 1.0), magnetization=_M),
    "Cylinder": magneton.Cylinder(0.5, 1.0, magnetization=_M),
    "Ellipsoid": Ellipsoid((0.5, 0.4, 0.3), magnetization=_M),
    "Tetrahedron": magneton.Tetrahedron(_CORNERS, magnetization=_M),
    "TriangularMesh": TriangularMesh(_WEDGE, _FACES, magnetization=_M),
    "Solenoid": Solenoid(0.5, 1.0, 100.0, 1e4),
    "Coil": magneton.Coil(0.3, 0.5, 1.0, 100.0, 1e4),
}
_TILT = Rotation.from_rotvec([0.4, -0.7, 0.3])
_STRAIGHT = Rotation.identity()
#: From the one body's top to the other's bottom, in sizes.
_GAPS = {"20": 20.0, "1": 1.0, "1 %": 0.01}
#: Source, target, gap, whether the target is tilted.
_PAIRS = (
    ("Cuboid", "Cuboid", "20", True),
    ("Cylinder", "Sphere", "20", False),
    ("Sphere", "Tetrahedron", "20", True),
    ("Dipole", "Cuboid", "20", True),
    ("CircularLoop", "Cylinder", "20", True),
    ("Ellipsoid", "Solenoid", "20", False),
    ("Tetrahedron", "TriangularMesh", "20", True),
    ("TriangularMesh", "Ellipsoid", "20", False),
    ("Solenoid", "Dipole", "20", True),
    ("Coil", "CircularLoop", "20", False),
    ("Cuboid", "Cuboid", "1", False),
    ("Cuboid", "Cylinder", "1", True),
    ("Cylinder", "Cylinder", "1", False),
    ("Sphere", "Ellipsoid", "1", True),
    ("Dipole", "TriangularMesh", "1", False),
    ("CircularLoop", "CircularLoop", "1", True),
    ("Ellipsoid", "Ellipsoid", "1", True),
    ("Tetrahedron", "Tetrahedron", "1", False),
    ("Solenoid", "Coil", "1", True),
    ("Coil", "Coil", "1", False),
    ("Cuboid", "Cuboid", "1 %", False),
    ("Cuboid", "Cuboid", "1 %", True),
    ("Cylinder", "Cylinder", "1 %", False),
    ("Sphere", "Cuboid", "1 %", False),
    ("Dipole", "Cylinder", "1 %", True),
    ("CircularLoop", "Solenoid", "1 %", False),
    ("Ellipsoid", "Tetrahedron", "1 %", True),
    ("TriangularMesh", "Cuboid", "1 %", False),
    ("Tetrahedron", "Sphere", "1 %", True),
    ("Coil", "TriangularMesh", "1 %", True),
)
#: Cells that magpylib is given, until a call takes too long.
_COARSER = 4
_MESHES = tuple(16 * _COARSER**k for k in range(9))
#: Steps of its finite differences (m), the default first.
_STEPS = (1e-5, 1e-4, 1e-3)


def _reach(body: magneton.sources.Source, along: np.ndarray) -> float:
    """Return how far a body goes from its position in a direction, in its own axes."""
    across = math.hypot(along[0], along[1])
    match type(body).__name__:
        case "Sphere":
            return body.radius
        case "CircularLoop":
            return body.radius * across
        case "Cuboid":
            return 0.5 * float(np.abs(along) @ body.dimension)
        case "Cylinder":
            return body.radius * across + 0.5 * body.height * abs(along[2])
        case "Ellipsoid":
            return float(np.linalg.norm(along * body.semi_axes))
        case "Tetrahedron" | "TriangularMesh":
            return float(np.max(body.vertices @ along))
        case "Solenoid":
            return body.radius * across + 0.5 * body.length * abs(along[2])
        case "Coil":
            return body.outer_radius * across + 0.5 * body.length * abs(along[2])
    return 0.0


@dataclass(frozen=True)
class Pair:
    """Two bodies over each other, so far apart as asked along z."""

    names: tuple[str, str]
    gap: str
    tilted: bool

    @cached_property
    def bodies(self) -> tuple[magneton.sources.Source, magneton.sources.Source]:
        """Source and target; the target's axis is off the source's, so that nothing vanishes."""
        source, target = (_BODIES[name] for name in self.names)
        turn = _TILT if self.tilted else _STRAIGHT
        down = turn.inv().apply([0.0, 0.0, -1.0])
        height = _reach(source, np.array([0.0, 0.0, 1.0])) + _GAPS[self.gap] + _reach(target, down)
        return source, target.rotated(turn).translated([0.1, 0.05, height])

    @cached_property
    def pivot(self) -> np.ndarray:
        """What torques are about."""
        return self.bodies[1].body.position

    @cached_property
    def tight(self) -> magneton.interactions.Interaction:
        """The closest that `interaction` comes."""
        for rtol in (1e-12, _TOLERANCES[-1]):
            with contextlib.suppress(NotConverged):
                return magneton.interaction(*self.bodies, rtol=rtol)
        return magneton.interaction(*self.bodies, rtol=_TOLERANCES[0])

    @cached_property
    def reference(self) -> Reference:
        """What the errors are by; if nothing independent converges, the closest result itself."""
        tight = self.tight
        independent = reference(*self.bodies, tight.scales)
        return independent or Reference(values_of(tight), tight.error * np.array(tight.scales), "itself")


def _samples(run: Callable[[], Any], pace: Pace, budget: float) -> tuple[Any, list[float]]:
    """Return what a call gives, and the seconds of each repeat."""
    result, times = run(), []
    while len(times) < pace.rounds and (len(times) < 2 or sum(times) < budget):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return result, times


def _ours(pair: Pair, rtol: float, pace: Pace) -> dict[str, Any]:
    """Return achieved and stated error, evaluations and time at one tolerance."""
    try:
        result, times = _samples(
            lambda: magneton.interaction(*pair.bodies, rtol=rtol), pace, 0.02 * pace.budget
        )
    except NotConverged:
        return {"rtol": rtol, "evaluations": "not converged"}
    return {
        "rtol": rtol,
        "true": miss(values_of(result), pair.reference.values, result.scales),
        "stated": result.error,
        "evaluations": result.evaluations,
        "ms": 1e3 * statistics.median(times),
        "reference": pair.reference.by,
        "its bound": pair.reference.doubt(result.scales),
    }


def _as_magpylib(body: magneton.sources.Source) -> Any | None:
    """Return magpylib's object of the same kind, or None."""
    import magpylib

    if isinstance(body, magneton.Dipole):
        return magpylib.misc.Dipole(moment=body.moment, position=body.position)
    at = {"position": body.position, "orientation": body.orientation}
    match type(body).__name__:
        case "CircularLoop":
            return magpylib.current.Circle(diameter=2.0 * body.radius, current=body.current, **at)
        case "Sphere":
            shape, kind = {"diameter": 2.0 * body.radius}, magpylib.magnet.Sphere
        case "Cuboid":
            shape, kind = {"dimension": body.dimension}, magpylib.magnet.Cuboid
        case "Cylinder":
            shape, kind = {"dimension": (2.0 * body.radius, body.height)}, magpylib.magnet.Cylinder
        case "Tetrahedron":
            shape, kind = {"vertices": body.vertices}, magpylib.magnet.Tetrahedron
        case "TriangularMesh":
            shape, kind = {"vertices": body.vertices, "faces": body.faces}, magpylib.magnet.TriangularMesh
        case _:
            return None
    return kind(magnetization=body.magnetization, **shape, **at)


def _magpylib(pair: Pair, pace: Pace, seconds: float) -> dict[str, Any]:
    """Return cells, error and time of getFT with the cells that do best within the seconds a call may take."""
    import magpylib

    source, target = (_as_magpylib(body) for body in pair.bodies)
    if source is None or target is None:
        return {}
    magpylib.defaults.threads = magneton.get_threads()
    exact = pair.reference.values[:6] * (magpylib.mu_0 / float(magneton.constants.mu_0))

    def error(result: Any) -> float:
        return miss(np.concatenate(result), exact, pair.tight.scales)

    def run(cells: int | None, step: float = _STEPS[0]) -> Any:
        return magpylib.getFT(source, target, pivot=pair.pivot, eps=step, meshing=cells)

    run(_MESHES[0])  # to warm up
    found = []
    for cells in (None,) if pair.names[1] in ("Dipole", "Sphere") else _MESHES:
        start = time.perf_counter()
        found.append((error(run(cells)), cells, _STEPS[0]))
        if _COARSER * (time.perf_counter() - start) > seconds:
            break
    cells = min(found)[1]
    found += [(error(run(cells, step)), cells, step) for step in _STEPS[1:]]
    least, _, step = min(found)
    _, times = _samples(lambda: run(cells, step), pace, 0.02 * pace.budget)
    return {
        "peer true": least,
        "peer cells": cells or "",
        "peer step": step,
        "peer ms": 1e3 * statistics.median(times),
    }


def _beyond(rows: list[dict[str, Any]]) -> str:
    """Return the pairs whose true error is beyond the stated one and that of the reference."""
    found = [
        f"{row['source']} on {row['target']}, gap {row['gap']}, rtol {row['rtol']:.0e}"
        for row in rows
        if "true" in row and row["true"] > row["stated"] + row["its bound"]
    ]
    return "; ".join(found) or "none"


def _peer(pair: Pair, pace: Pace, seconds: float) -> dict[str, Any]:
    try:
        return _magpylib(pair, pace, seconds)
    except ModuleNotFoundError as missing:
        return {"peer cells": f"not installed: {missing.name}"}


def forces(quick: bool, pace: Pace) -> Report:
    """Force, torque and energy of thirty pairs: errors asked for, stated and made; evaluations and times."""
    rows, seconds = [], 0.2 if quick else 2.0
    for source, target, gap, tilted in _PAIRS:
        pair = Pair((source, target), gap, tilted)
        names = {"source": source, "target": target, "gap": gap, "tilted": "yes" if tilted else ""}
        ours = [names | _ours(pair, rtol, pace) for rtol in _TOLERANCES]
        rows += [ours[0] | _peer(pair, pace, seconds), *ours[1:]]
    notes = [
        "interaction(source, target, rtol=...): bodies of about 1 m, gap in sizes; largest error of force, torque and "
        "energy relative to the integrals of magnitudes (.scales), made (true) and stated (.error)",
        "reference moments: both bodies as moments in their volumes, in extended precision; reaction: the integral "
        "over the other body, to 2e-14 or 2e-13; its bound is what it says of its own error",
        f"peer: magpylib {package_version('magpylib')} getFT(source, target, meshing=cells, eps=step): force and "
        f"torque only; of {_COARSER}-fold finer meshes up to about {seconds:g} s a call, and steps {_STEPS} m, the "
        "best; blank where it has no such source or target; Dipole and Sphere need no mesh",
        f"true error beyond .error and the reference's bound: {_beyond(rows)}",
    ]
    return Report("Forces between bodies", rows, notes)
