"""One charged particle's orbit in a dipole at a tolerance."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from _harness import Contender, Entry, Pace, Report, compare
from _orbit_peers import from_sixvectors, gtracr_trace, gtracr_tracer, sixvectors
from _orbit_reference import (
    CHARGE,
    ENERGY,
    LIGHT,
    MASS,
    RADIUS,
    STRENGTH,
    Ensemble,
    States,
    dipole_field,
    lorentz_factor,
    reference_orbit,
)


@dataclass(frozen=True)
class Orbit:
    """A proton of 10 MeV, 4 radii out, at a pitch angle of 45 degrees, for a number of turns."""

    turns: int

    @cached_property
    def start(self) -> States:
        """Position (m) and velocity (m/s), shape (3,)."""
        speed = LIGHT * math.sqrt(1.0 - (1.0 + ENERGY / (MASS * LIGHT**2)) ** -2)
        return np.array([4.0 * RADIUS, 0.0, 0.0]), speed * np.array([0.0, math.sqrt(0.5), math.sqrt(0.5)])

    @cached_property
    def scaled(self) -> np.ndarray:
        """Position and gamma v in Earth radii and seconds, shape (6,), which suits the peers."""
        position, velocity = self.start
        return np.concatenate([position, velocity * lorentz_factor(velocity)]) / RADIUS

    @cached_property
    def duration(self) -> float:
        """Time of so many turns, the field taken along the orbit (s)."""
        from scipy.integrate import solve_ivp

        longest = 0.5 * self.turns
        orbit = solve_ivp(
            rates, (0.0, longest), self.scaled, method="DOP853", rtol=1e-9, atol=1e-9, dense_output=True
        )
        times = np.linspace(0.0, longest, 1000 * self.turns)
        B = np.linalg.norm(dipole_field(RADIUS * orbit.sol(times)[:3].T), axis=1)
        rate = CHARGE * B / (2 * np.pi * MASS * lorentz_factor(self.start[1]))
        passed = np.concatenate([[0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]))]) * (times[1] - times[0])
        return float(np.interp(self.turns, passed, times))

    @cached_property
    def reference(self) -> np.ndarray:
        """Where it is in the end (m), shape (3,)."""
        return reference_orbit(dipole_field, *self.start, self.duration, 13 * self.turns)[0]

    def errors(self, last: np.ndarray) -> dict[str, float]:
        """Return the error of the last state, position and gamma v, scaled."""
        away = np.asarray(RADIUS * np.asarray(last[:3]) - self.reference, dtype=float)
        energy, first = (
            math.sqrt(1.0 + np.sum((RADIUS / LIGHT * np.asarray(s[3:])) ** 2)) - 1.0
            for s in (last, self.scaled)
        )
        relative = np.linalg.norm(away) / np.linalg.norm(self.start[0])
        return {"error": float(relative), "energy drift": abs(energy / first - 1.0)}


#: q mu_0 m/(4 pi) over the mass and 1/c^2, in Earth radii and seconds.
_TURN, _SLOW = CHARGE / MASS * STRENGTH / RADIUS**3, (RADIUS / LIGHT) ** 2


def rates(_: float, state: np.ndarray) -> tuple[float, ...]:
    """Return the rates of position and gamma v in the dipole, scaled."""
    x, y, z, px, py, pz = state
    slow = 1.0 / math.sqrt(1.0 + (px * px + py * py + pz * pz) * _SLOW)
    vx, vy, vz = px * slow, py * slow, pz * slow
    squared = x * x + y * y + z * z
    axial = _TURN / (squared * math.sqrt(squared))
    radial = -3.0 * z * axial / squared
    bx, by, bz = radial * x, radial * y, radial * z + axial
    return vx, vy, vz, vy * bz - vz * by, vz * bx - vx * bz, vx * by - vy * bx


def _magneton_orbit(case: Orbit, rtol: float) -> Contender:
    from magneton import orbits

    field, (position, velocity), duration = Ensemble(1).source, case.start, case.duration

    def errors(orbit: Any) -> dict[str, float]:
        pace = orbit.velocity[-1]
        return case.errors(np.concatenate([orbit.position[-1], pace * lorentz_factor(pace)]) / RADIUS)

    return Contender(
        f"orbits.trace(field, proton, x, v, duration, rtol={rtol:g})",
        lambda: orbits.trace(field, orbits.proton, position, velocity, duration, rtol=rtol),
        case.turns,
        errors,
    )


def _scipy(case: Orbit, said: str, function: Callable[..., Any], rtol: float) -> Contender:
    from scipy.integrate import solve_ivp

    span, start = (0.0, case.duration), case.scaled
    return Contender(
        f"solve_ivp(method='DOP853', rtol={rtol:g}), {said}",
        lambda: solve_ivp(function, span, start, method="DOP853", rtol=rtol, atol=rtol),
        case.turns,
        lambda result: case.errors(result.y[:, -1]),
    )


def _scipy_python(case: Orbit, rtol: float) -> Contender:
    return _scipy(case, "field in Python floats", lambda t, state: rates(t, state.tolist()), rtol)


def _scipy_numba(case: Orbit, rtol: float) -> Contender:
    import numba

    compiled = numba.njit(rates)
    return _scipy(case, "field compiled by numba", numba.njit(lambda t, s: np.array(compiled(t, s))), rtol)


def _heyoka_system(steady: bool) -> list[tuple[Any, Any]]:
    """Return the equations of motion; with `steady`, of the velocity, with gamma a constant in par[0]."""
    import heyoka as hy

    x, y, z, px, py, pz = hy.make_vars("x", "y", "z", "px", "py", "pz")
    slow = 1.0 if steady else (1.0 + (px * px + py * py + pz * pz) * _SLOW) ** -0.5
    vx, vy, vz = px * slow, py * slow, pz * slow
    squared = x * x + y * y + z * z
    axial = hy.par[0] * squared**-1.5
    radial = -3.0 * z * axial / squared
    bx, by, bz = radial * x, radial * y, radial * z + axial
    force = vy * bz - vz * by, vz * bx - vx * bz, vx * by - vy * bx
    return list(zip((x, y, z, px, py, pz), (vx, vy, vz, *force), strict=True))


def _heyoka(case: Orbit, rtol: float, steady: bool) -> Contender:
    import heyoka as hy

    gamma = float(lorentz_factor(case.start[1])) if steady else 1.0
    scale = np.array([1.0, 1.0, 1.0, gamma, gamma, gamma])
    start, duration = case.scaled / scale, case.duration
    before = time.perf_counter()
    stepper = hy.taylor_adaptive(_heyoka_system(steady), start.copy(), pars=[_TURN / gamma], tol=rtol)
    built = time.perf_counter() - before

    def run() -> np.ndarray:
        stepper.time = 0.0
        stepper.state[:] = start
        stepper.propagate_until(duration)
        return stepper.state * scale

    said = ", gamma held constant by hand" if steady else ""
    return Contender(
        f"taylor_adaptive(tol={rtol:g}).propagate_until{said}",
        run,
        case.turns,
        lambda last: case.errors(last) | {"seconds to build": built},
    )


def _gtracr_orbit(case: Orbit, rtol: float) -> Contender:
    most = 1_000_000
    # So low an absolute tolerance that the relative one rules: momenta are 1e-19 kg m/s.
    tracer = gtracr_tracer("d", "a", case.duration / most, most, atol=1e-19 * rtol, rtol=rtol)
    position, velocity = case.start
    states = sixvectors(position[None], velocity[None])

    def errors(last: list[list[float]]) -> dict[str, float]:
        place, pace = from_sixvectors(last)
        return case.errors(np.concatenate([place[0], pace[0] * lorentz_factor(pace[0])]) / RADIUS)

    return Contender(
        f"TrajectoryTracer, dipole, rk45, rtol={rtol:g}, atol={1e-19 * rtol:g}",
        lambda: gtracr_trace(tracer, states),
        case.turns,
        errors,
    )


def adaptive(quick: bool, pace: Pace) -> Report:
    """One proton in the dipole at a tolerance."""
    case = Orbit(5 if quick else 40)
    entries = [
        Entry("magneton", lambda: _magneton_orbit(case, 1e-12)),
        Entry("scipy", lambda: _scipy_python(case, 1e-12)),
        Entry("scipy", lambda: _scipy_numba(case, 1e-12)),
        Entry("heyoka", lambda: _heyoka(case, 1e-12, False)),
        Entry("heyoka", lambda: _heyoka(case, 1e-15, False)),
        Entry("heyoka", lambda: _heyoka(case, 1e-12, True)),
        Entry("gtracr", lambda: _gtracr_orbit(case, 1e-12)),
    ]
    notes = [
        f"a proton of 10 MeV at 4 Earth radii, pitch angle 45 degrees, {case.turns} turns in "
        f"{case.duration:.3f} s; us a turn, from Python; error of the last position, relative to "
        "the first, against extended precision",
        "heyoka keeps what it compiled in ~/.cache/heyoka: the first time ever, building takes 0.3 to 0.9 s",
    ]
    return compare("A charged particle's orbit at a tolerance", entries, pace, "us/turn", 1e6, notes=notes)
