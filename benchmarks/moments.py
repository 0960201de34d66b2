"""Moments that precess: an ensemble of macrospins in a constant field with an easy axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from _harness import Contender, Entry, Pace, Report, compare

_GAMMA, _MU_0 = 1.76085962784e11, 1.25663706127e-6


@dataclass(frozen=True)
class Macrospins:
    """Films' free layers: a field along z with an easy axis along it, damping 0.1, steps of 0.1 ps."""

    count: int
    steps: int
    field: float = 0.1
    magnetization: float = 8e5
    anisotropy: float = 2e5
    volume: float = 1e-24
    alpha: float = 0.1
    dt: float = 1e-13

    @cached_property
    def directions(self) -> np.ndarray:
        """Unit vectors at the start, shape (n, 3)."""
        u = np.random.default_rng(1).normal(size=(self.count, 3))
        return u / np.linalg.norm(u, axis=1)[:, None]

    def reference(self, u: np.ndarray) -> np.ndarray:
        """Return the unit vector of the first moment at the end."""
        from scipy.integrate import solve_ivp

        hard = 2.0 * self.anisotropy / self.magnetization
        slower = -_GAMMA / (1.0 + self.alpha**2)

        def rate(_: float, m: np.ndarray) -> np.ndarray:
            turn = np.cross(m, [0.0, 0.0, self.field + hard * m[2]])
            return slower * turn + self.alpha * slower * np.cross(m, turn)

        span = (0.0, self.steps * self.dt)
        return solve_ivp(rate, span, u, method="DOP853", rtol=1e-12, atol=1e-13).y[:, -1]


def _magneton(case: Macrospins, method: str) -> Contender:
    from magneton import _jit
    from magneton.dynamics import SpinSystem, UniaxialAnisotropy, Zeeman

    size = case.magnetization * case.volume
    terms = [Zeeman([0.0, 0.0, case.field]), UniaxialAnisotropy(case.anisotropy * case.volume)]
    system = SpinSystem(size * case.directions, terms=terms, gamma=-_GAMMA, alpha=case.alpha)
    end = case.steps * case.dt
    return Contender(
        f"SpinSystem(...).run(dt={case.dt:g}, method={method!r}), {case.count} moments",
        lambda: system.run(end, dt=case.dt, method=method, times=[end], progress=False),
        case.count * case.steps,
        lambda run: {
            "error": float(np.linalg.norm(run.moments[-1, 0] / size - case.reference(case.directions[0])))
        },
        _jit.get_threads(),
    )


def _cmtj(case: Macrospins, steps: int) -> Contender:
    import cmtj

    single = Macrospins(1, steps)
    u = single.directions[0]
    none = cmtj.CVector(0.0, 0.0, 0.0)
    layer = cmtj.Layer(
        "free",
        mag=cmtj.CVector(*u),
        anis=cmtj.CVector(0.0, 0.0, 1.0),
        Ms=_MU_0 * case.magnetization,
        thickness=1e-9,
        cellSurface=1e-15,
        demagTensor=[none, none, none],
        damping=case.alpha,
    )
    junction = cmtj.Junction([layer])
    junction.setLayerAnisotropyDriver("free", cmtj.ScalarDriver.getConstantDriver(case.anisotropy))
    field = cmtj.ScalarDriver.getConstantDriver(case.field / _MU_0)
    still = cmtj.ScalarDriver.getConstantDriver(0.0)
    junction.setLayerExternalFieldDriver("free", cmtj.AxialDriver(still, still, field))
    end = steps * case.dt

    def run() -> Any:
        junction.clearLog()
        junction.setLayerMagnetisation("free", cmtj.CVector(*u))
        junction.runSimulation(end, case.dt, end, solverMode=cmtj.SolverMode.RK4)
        return junction.getLayerMagnetisation("free")

    def errors(m: Any) -> dict[str, float]:
        return {"error": math.dist((m.x, m.y, m.z), single.reference(u))}

    return Contender(f"Junction.runSimulation(solverMode=RK4), one moment, {steps} steps", run, steps, errors)


def macrospins(quick: bool, pace: Pace) -> Report:
    """An ensemble of macrospins by fixed steps of order 4."""
    case = Macrospins(10_000 if quick else 100_000, 20 if quick else 100)
    entries = [
        Entry("magneton", lambda: _magneton(case, "lie-rk4")),
        Entry("magneton", lambda: _magneton(case, "depondt-mertens")),
        Entry("magneton", lambda: _magneton(case, "gauss4")),
        Entry("cmtj", lambda: _cmtj(case, 2_000 if quick else 20_000)),
    ]
    notes = [
        f"{case.count} macrospins, {case.steps} steps, field {case.field} T, anisotropy field "
        f"{2.0 * case.anisotropy / case.magnetization} T, alpha = {case.alpha}; ns a moment and step",
        "cmtj has no ensembles and no threads: one junction, many steps; two processes would halve its time",
    ]
    return compare("Macrospins by fixed steps", entries, pace, "ns/moment-step", 1e9, notes=notes)
