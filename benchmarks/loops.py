"""The circular loop: its field at many points, and the force between two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial.transform import Rotation

import magneton
from _harness import Contender, Entry, Pace, Report, compare
from _reference import MU0, cfsem_mu0, loop_loop_force, unit_loop_fields, worst


@dataclass(frozen=True)
class FieldCase:
    """A unit loop in the plane z = 0 with 1 A, and points all around it."""

    count: int
    sample: int

    @cached_property
    def points(self) -> np.ndarray:
        """Where the field is timed, shape (n, 3)."""
        return np.random.default_rng(3).normal(size=(self.count, 3))

    @cached_property
    def samples(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Points and reference field by the column their error goes to."""
        rng = np.random.default_rng(4)
        n = self.sample
        turn, tilt = rng.uniform(0, 2 * np.pi, n), rng.uniform(0, 2 * np.pi, n)
        gap = 10.0 ** rng.uniform(-9, -1, n)
        rho = 1.0 + gap * np.cos(tilt)
        near = np.stack([rho * np.cos(turn), rho * np.sin(turn), gap * np.sin(tilt)], axis=1)
        rays = rng.normal(size=(n, 3))
        far = rays / np.linalg.norm(rays, axis=1)[:, None] * 10.0 ** rng.uniform(1, 6, (n, 1))
        chosen = {"error generic": self.points[:n], "error near wire": near, "error far": far}
        return {name: (points, unit_loop_fields(points)) for name, points in chosen.items()}

    def errors(self, evaluate: Callable[[np.ndarray], np.ndarray], mu0: float) -> dict[str, float]:
        """Return the largest relative error in each sample of a function from points to B, shape (n, 3)."""
        return {
            name: worst(evaluate(points), reference, mu0)
            for name, (points, reference) in self.samples.items()
        }


def _magneton(case: FieldCase) -> Contender:
    loop = magneton.CircularLoop(radius=1.0, current=1.0)
    return Contender(
        "CircularLoop(1, 1).B(points)",
        lambda: loop.B(case.points),
        case.count,
        lambda _: case.errors(loop.B, MU0),
        magneton.get_threads(),
    )


def _cfsem_cylindrical(case: FieldCase, converted: bool) -> Contender:
    """Return cfsem's call in (r, z); with `converted`, from Cartesian points to Cartesian B in the timing."""
    import cfsem

    one, zero = np.ones(1), np.zeros(1)

    def field(r: np.ndarray, z: np.ndarray):
        return cfsem.flux_density_circular_filament(one, one, zero, r, z, par=True)

    def evaluate(points: np.ndarray) -> np.ndarray:
        x, y, z = points.T
        r = np.hypot(x, y)
        outward, along = field(r, z)
        scale = outward / r
        return np.stack([scale * x, scale * y, along], axis=1)

    r, z = np.hypot(case.points[:, 0], case.points[:, 1]), np.ascontiguousarray(case.points[:, 2])
    said = "flux_density_circular_filament(r, z, par=True)"
    return Contender(
        said + (", with the way to r, z and back by numpy" if converted else ", r, z given"),
        (lambda: evaluate(case.points)) if converted else (lambda: field(r, z)),
        case.count,
        lambda _: case.errors(evaluate, cfsem_mu0()),
        magneton.get_threads(),
    )


def _cfsem_cartesian(case: FieldCase) -> Contender:
    import cfsem

    one, zero = np.ones(1), np.zeros(1)

    def field(points: tuple[np.ndarray, ...]):
        place, normal = (zero, zero, zero), (zero, zero, one)
        return cfsem.flux_density_circular_filament_cartesian(one, one, place, normal, points, par=True)

    components = tuple(np.ascontiguousarray(case.points.T))
    return Contender(
        "flux_density_circular_filament_cartesian(points, par=True), contiguous component arrays",
        lambda: field(components),
        case.count,
        lambda _: case.errors(lambda points: np.stack(field(tuple(points.T)), axis=1), cfsem_mu0()),
        magneton.get_threads(),
    )


def _magpylib(case: FieldCase) -> Contender:
    import magpylib
    from scipy.constants import mu_0

    magpylib.defaults.threads = magneton.get_threads()
    loop = magpylib.current.Circle(diameter=2.0, current=1.0)
    return Contender(
        "Circle(diameter=2, current=1).getB(points)",
        lambda: loop.getB(case.points),
        case.count,
        lambda _: case.errors(loop.getB, mu_0),
        magneton.get_threads(),
    )


def _magpylib_function(case: FieldCase) -> Contender:
    import magpylib
    from scipy.constants import mu_0

    magpylib.defaults.threads = magneton.get_threads()

    def evaluate(points: np.ndarray) -> np.ndarray:
        return magpylib.func.circle_field("B", points, diameters=2.0, currents=1.0)

    return Contender(
        "func.circle_field('B', points, 2, 1)",
        lambda: evaluate(case.points),
        case.count,
        lambda _: case.errors(evaluate, mu_0),
        magneton.get_threads(),
    )


def field(quick: bool, pace: Pace) -> Report:
    """B of one circular loop at many points."""
    case = FieldCase(100_000 if quick else 1_000_000, 20 if quick else 200)
    entries = [
        Entry("magneton", lambda: _magneton(case)),
        Entry("cfsem", lambda: _cfsem_cylindrical(case, False)),
        Entry("cfsem", lambda: _cfsem_cylindrical(case, True)),
        Entry("cfsem", lambda: _cfsem_cartesian(case)),
        Entry("magpylib", lambda: _magpylib(case)),
        Entry("magpylib", lambda: _magpylib_function(case)),
    ]
    notes = [
        f"one loop, {case.count} points; largest error of {case.sample} points each against mpmath: generic, 1e-9 to "
        "0.1 radii from the wire, 10 to 1e6 radii away; the Cartesian floats are exact",
        "next to the wire a call in r, z loses the digits that rounding r costs, whatever its formula",
    ]
    return compare("Field of a circular loop", entries, pace, "ns/point", notes=notes)


@dataclass(frozen=True)
class ForceCase:
    """Two unequal loops, tilted and offset."""

    @cached_property
    def loops(self) -> tuple[magneton.CircularLoop, magneton.CircularLoop]:
        """Source and target."""
        turn = Rotation.from_rotvec([0.4, -0.3, 0.2])
        return magneton.CircularLoop(1.0, 2.0), magneton.CircularLoop(0.7, 3.0, [0.4, 0.2, 0.8], turn)

    @cached_property
    def reference(self) -> np.ndarray:
        """The force from the double line integral."""
        return loop_loop_force(*self.loops)

    def errors(self, force: np.ndarray, mu0: float) -> dict[str, float]:
        """Return the relative error of the force."""
        return {"error": worst(force, self.reference, mu0)}


def _magneton_force(case: ForceCase) -> Contender:
    a, b = case.loops
    return Contender(
        "interaction(a, b, rtol=1e-10): force, torque and energy",
        lambda: magneton.interaction(a, b, rtol=1e-10),
        1,
        lambda result: case.errors(result.force, MU0) | {"error stated": result.error},
    )


def _magneton_force_anew(case: ForceCase) -> Contender:
    a, b = case.loops

    def run():
        source = magneton.CircularLoop(a.radius, a.current)
        target = magneton.CircularLoop(b.radius, b.current, b.position, b.orientation)
        return magneton.interaction(source, target, rtol=1e-10)

    return Contender(
        "the same, both loops made anew in each call",
        run,
        1,
        lambda result: case.errors(result.force, MU0) | {"error stated": result.error},
    )


def _magpylib_force(case: ForceCase, meshing: int) -> Contender:
    import magpylib
    from scipy.constants import mu_0

    magpylib.defaults.threads = magneton.get_threads()
    source, target = (
        magpylib.current.Circle(
            diameter=2 * c.radius, current=c.current, position=c.position, orientation=c.orientation
        )
        for c in case.loops
    )
    return Contender(
        f"getFT(Circle, Circle, meshing={meshing}): force and torque",
        lambda: magpylib.getFT(source, target, meshing=meshing),
        1,
        lambda result: case.errors(result[0], mu_0),
        magneton.get_threads(),
    )


def force(quick: bool, pace: Pace) -> Report:
    """Force between two circular loops, from Python."""
    case = ForceCase()
    entries = [
        Entry("magneton", lambda: _magneton_force(case)),
        Entry("magneton", lambda: _magneton_force_anew(case)),
        *(
            Entry("magpylib", lambda meshing=meshing: _magpylib_force(case, meshing))
            for meshing in (100, 1000, 10_000)
        ),
    ]
    notes = ["error of the force against the double line integral in extended precision, 512 x 512 nodes"]
    return compare("Force between two loops", entries, pace, "us/call", 1e6, notes=notes)
