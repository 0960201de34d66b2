"""Thermal moments of a 16-level ion: at many fields and temperatures, on a grid, and of its powder."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from _harness import Contender, Entry, Pace, Report, compare

#: J = 15/2 as in Dy3+, with an easy axis.
SPIN, G, D_MHZ, E_MHZ = 7.5, 4.0 / 3.0, -3.0e5, 2.0e4
DIRECTION = np.array([1.0, 2.0, 2.0]) / 3.0
#: Matrices that a thread solves at a time.
_BATCH = 50


def _ion() -> Any:
    from magneton import constants
    from magneton.quantum import spin_hamiltonian

    unit = 1e6 * float(constants.h)
    return spin_hamiltonian(SPIN, g=G, D=D_MHZ * unit, E=E_MHZ * unit)


class Points:
    """Fields (count, 3) in T and temperatures (count,) in K, and the moments at a few of them by mpmath."""

    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(1)
        self.B = 4.0 * rng.normal(size=(count, 3))
        self.T = rng.uniform(1.0, 300.0, count)

    @cached_property
    def matrices(self) -> np.ndarray:
        """H(B) in J, shape (count, 16, 16)."""
        ion = _ion()
        return ion.hamiltonian - np.einsum("nk,kij->nij", self.B, ion.moment_operators)

    @cached_property
    def reference(self) -> np.ndarray:
        """The first 5 moments."""
        return np.array([_exact(_ion(), B, T) for B, T in zip(self.B[:5], self.T[:5], strict=True)])

    def errors(self, moments: np.ndarray) -> dict[str, float]:
        """Return the largest relative error of the vectors."""
        off = np.linalg.norm(moments[:5] - self.reference, axis=1)
        return {"max error": float((off / np.linalg.norm(self.reference, axis=1)).max())}


def _exact(ion: Any, B: np.ndarray, T: float) -> list[float]:
    from mpmath import mp

    with mp.workdps(40):
        operators = [mp.matrix(m.tolist()) for m in ion.moment_operators]
        h = mp.matrix(ion.hamiltonian.tolist())
        for b, m in zip(B, operators, strict=True):
            h -= mp.mpf(float(b)) * m
        energies, states = mp.eighe(h)
        p = [mp.exp((min(energies) - e) / (mp.mpf(1.380649e-23) * mp.mpf(float(T)))) for e in energies]
        means = [states.H * m * states for m in operators]
        return [float(mp.fsum(w * m[n, n].real for n, w in enumerate(p)) / mp.fsum(p)) for m in means]


def _magneton(points: Points, method: str) -> Contender:
    from magneton._jit import get_threads

    ion = _ion()
    errors = points.errors if method == "moment" else None
    call = getattr(ion, method)
    return Contender(
        f"Levels.{method}(B, T)", lambda: call(points.B, points.T), len(points.T), errors, get_threads()
    )


def _solver(points: Points, name: str, threaded: bool) -> Contender:
    """NumPy's solver of all matrices, which are ready made; in threads as ours uses them."""
    from magneton._jit import get_threads, parallel_for

    solve, h, count = getattr(np.linalg, name), points.matrices, len(points.T)
    if not threaded:
        return Contender(f"np.linalg.{name}(H), all at once", lambda: solve(h), count)

    def body(start: int, stop: int) -> None:
        for k in range(start, stop):
            solve(h[k * _BATCH : (k + 1) * _BATCH])

    return Contender(
        f"np.linalg.{name}(H), in threads",
        lambda: parallel_for(body, -(-count // _BATCH), 1),
        count,
        threads=get_threads(),
    )


def moments(quick: bool, pace: Pace) -> Report:
    """Thermal quantities at 1e4 fields and temperatures, beside the bare eigenvalue solver."""
    points = Points(500 if quick else 10_000)
    entries = [
        Entry("numpy", lambda: _solver(points, "eigvalsh", True)),
        Entry("numpy", lambda: _solver(points, "eigvalsh", False)),
        Entry("numpy", lambda: _solver(points, "eigh", True)),
        *(
            Entry("magneton", lambda method=method: _magneton(points, method))
            for method in ("moment", "free_energy", "susceptibility", "moment_slope")
        ),
    ]
    notes = [
        f"{len(points.T)} points, each with its own field (normal, 4 T a component) and temperature (1 to 300 K); "
        "us a point; errors of the vector against mpmath; the solver gets the matrices ready made"
    ]
    return compare("A 16-level ion in many fields", entries, pace, "us", 1e6, notes=notes)


# ---- beside easyspyn


def _system() -> dict[str, Any]:
    return {"S": SPIN, "g": G, "D": [D_MHZ, E_MHZ]}


def _axes(count: int) -> tuple[np.ndarray, np.ndarray]:
    return np.linspace(0.05, 7.0, count), np.geomspace(2.0, 300.0, count)


def _curry(count: int, options: dict[str, Any], crystal: bool, errors: Callable[[Any], Any]) -> Contender:
    from epreasy import curry

    B, T = _axes(count)
    experiment: dict[str, Any] = {"Field": 1e3 * B, "Temperature": T}
    if crystal:
        x, y, z = DIRECTION
        experiment |= {"SampleFrame": [0.0, -np.arccos(z), -np.arctan2(y, x)], "MolFrame": [0, 0, 0]}
    options = {"Output": "mu", **options}
    said = ", ".join(f"{key}={value!r}" for key, value in options.items())
    return Contender(
        f"curry(system, fields x temperatures, {said})",
        lambda: curry(_system(), experiment, options),
        B.size * T.size,
        errors,
    )


def _relative(values: np.ndarray, reference: np.ndarray) -> dict[str, float]:
    return {"max difference": float(np.abs(values / reference - 1.0).max())}


def grid(quick: bool, pace: Pace) -> Report:
    """The moment along the field on a grid of 100 fields by 100 temperatures, in one direction."""
    count = 10 if quick else 100
    B, T = _axes(count)
    ion = _ion()

    def ours() -> np.ndarray:
        return ion.moment(B[:, None], T, direction=DIRECTION) @ DIRECTION

    def magneton() -> Contender:
        from magneton._jit import get_threads

        return Contender(
            "Levels.moment(B[:, None], T, direction)", ours, B.size * T.size, threads=get_threads()
        )

    entries = [
        Entry("magneton", magneton),
        Entry("easyspyn", lambda: _curry(count, {}, True, lambda mu: _relative(mu, ours()))),
    ]
    notes = [f"{B.size} fields of 0.05 to 7 T by {T.size} temperatures of 2 to 300 K; us a point"]
    return compare("A 16-level ion on a grid, one crystal", entries, pace, "us", 1e6, notes=notes)


def powder(quick: bool, pace: Pace) -> Report:
    """The same grid, averaged over directions."""
    count = 2 if quick else 4
    B, T = _axes(count)
    ion = _ion()
    exact = ion.powder_moment(B[:, None], T, rtol=1e-10)

    def ours(rtol: float) -> Contender:
        from magneton._jit import get_threads

        return Contender(
            f"Levels.powder_moment(B[:, None], T, rtol={rtol:g})",
            lambda: ion.powder_moment(B[:, None], T, rtol=rtol),
            B.size * T.size,
            lambda values: _relative(values, exact),
            get_threads(),
        )

    knots = (10, 20)
    entries = [
        *(Entry("magneton", lambda rtol=rtol: ours(rtol)) for rtol in (1e-3, 1e-6, 1e-8)),
        *(
            Entry(
                "easyspyn",
                lambda size=size: _curry(count, {"GridSize": size}, False, lambda mu: _relative(mu, exact)),
            )
            for size in knots
        ),
    ]
    notes = [f"{B.size} fields by {T.size} temperatures; us a point; differences to rtol=1e-10"]
    return compare("A 16-level ion as a powder", entries, pace, "us", 1e6, notes=notes)
