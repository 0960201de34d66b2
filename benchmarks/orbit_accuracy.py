"""How exact orbits are: order and phase of the pushers, energy, the adaptive method, and the swing of mu."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from _harness import Pace, Report
from accuracy import reference_table

_PUSHERS = ("boris", "vay", "higuera-cary")
_TOLERANCES = (1e-12, 1e-13, 1e-14)
#: Steps of the coarsest run, and how often they are halved.
_STEPS, _HALVINGS = 2_000, 5
_MANY = 100_000


@dataclass(frozen=True, eq=False)
class Case:
    """A particle, and where it is in the end, to 30 digits."""

    name: str
    field: Any
    species: Any
    position: np.ndarray
    velocity: np.ndarray
    duration: float
    end_position: np.ndarray
    end_proper: np.ndarray

    def trace(self, **options: Any) -> Any:
        """Return the orbit."""
        from magneton import orbits

        duration = options.pop("duration", self.duration)
        return orbits.trace(self.field, self.species, self.position, self.velocity, duration, **options)

    @cached_property
    def turns(self) -> float:
        """Gyrations from start to end."""
        from magneton import orbits

        orbit = self.trace(rtol=1e-10)
        rate = np.abs(orbits.gyrofrequency(self.species, orbit.B, orbit.velocity))
        return float(np.trapezoid(rate, orbit.time)) / (2.0 * math.pi)

    @cached_property
    def radius(self) -> float:
        """The Larmor radius of the whole momentum at the end."""
        momentum = self.species.mass * np.linalg.norm(self.end_proper)
        B = self.field.B(self.end_position, self.duration)
        return float(momentum / abs(self.species.charge) / np.linalg.norm(B))

    def errors(self, orbit: Any) -> dict[str, float]:
        """Return the errors at the end: of the place in Larmor radii, of gamma v relative to it, and of the phase."""
        away = orbit.position[-1] - self.end_position
        size = np.linalg.norm(self.end_proper)
        along = float(away @ self.end_proper / size)
        return {
            "position/rho": float(np.linalg.norm(away)) / self.radius,
            "velocity": float(np.linalg.norm(orbit.proper_velocity[-1] - self.end_proper) / size),
            "phase [rad]": along / self.radius,
        }


def _tabulated(kind: str) -> Case:
    """Return a case of the table of orbits."""
    from magneton import Dipole, orbits
    from magneton.orbits.fields import as_field

    table = reference_table("orbit")
    i = int(np.flatnonzero(table["kinds"] == kind)[0])
    row = {name: values[i] for name, values in table.items()}
    dipoles = [
        Dipole(row[f"moment_{j}"], position=row[f"place_{j}"]) for j in "ab" if row[f"moment_{j}"].any()
    ]
    species = orbits.Species(float(row["charge"]), float(row["mass"]))
    start = row["position"], row["velocity"], float(row["time"])
    names = {"dipole": "dipole, p of 10 MeV", "scattered": "dipole, e- of gamma 16"}
    return Case(
        names[kind], as_field(dipoles), species, *start, row["end_position"], row["end_proper_velocity"]
    )


def _crossed() -> Case:
    """Return a proton in crossed E and B: in the frame of the drift a helix, whose time is found by Newton's method."""
    from mpmath import mp, mpf

    from magneton import UniformField, constants, orbits
    from magneton.orbits.fields import UniformE

    E, B, velocity, duration = 1.5e5, 1e-3, (1e8, -0.5e8, 1e8), 6e-4
    proton = orbits.proton
    with mp.workdps(40):
        c, drift, t = mpf(float(constants.c)), mpf(E) / mpf(B), mpf(duration)
        g = 1 / mp.sqrt(1 - (drift / c) ** 2)
        v = [mpf(a) for a in velocity]
        scale = 1 / (1 - drift * v[0] / c**2)
        u = [(v[0] - drift) * scale, v[1] * scale / g, v[2] * scale / g]
        gamma = 1 / mp.sqrt(1 - sum(a * a for a in u) / c**2)
        omega = mpf(proton.charge) * mpf(B) / g / (gamma * mpf(proton.mass))

        def x(s: Any) -> Any:
            return (u[0] * mp.sin(omega * s) + u[1] * (1 - mp.cos(omega * s))) / omega

        s = mp.findroot(lambda s: g * (s + drift * x(s) / c**2) - t, t / g)
        sine, cosine = mp.sin(omega * s), mp.cos(omega * s)
        place = [g * (x(s) + drift * s), (u[1] * sine - u[0] * (1 - cosine)) / omega, u[2] * s]
        w = [gamma * a for a in (u[0] * cosine + u[1] * sine, u[1] * cosine - u[0] * sine, u[2])]
        proper = [g * (w[0] + gamma * drift), w[1], w[2]]
        ends = np.array([float(a) for a in place]), np.array([float(a) for a in proper])
    field = UniformField([0.0, 0.0, B]) + UniformE([0.0, E, 0.0])
    start = np.zeros(3), np.array(velocity), duration
    return Case("E across B = c/2, p", field, proton, *start, *ends)


def _slope(sizes: Any, errors: Any) -> float:
    """Return the power with which errors grow."""
    return float(np.polyfit(np.log(sizes), np.log(errors), 1)[0])


def _pusher(case: Case, method: str, halvings: int, many: int) -> dict[str, Any]:
    """Return the row of a pusher."""
    steps = _STEPS * 2 ** np.arange(halvings + 1)
    options = {"method": method, "times": [case.duration]}
    found = [case.errors(case.trace(dt=case.duration / n, **options)) for n in steps]
    orders = {
        f"order, {name}": f"{_slope(1.0 / steps, [abs(one[key]) for one in found]):.3f}"
        for name, key in (("position", "position/rho"), ("velocity", "velocity"), ("phase", "phase [rad]"))
    }
    dt = case.duration / case.turns / 50.0
    long = case.trace(
        duration=many * dt, dt=dt, method=method, times=dt * np.arange(0, many + 1, many // 1000)
    )
    return {
        "field, particle": case.name,
        "method": method,
        "steps/turn": f"{steps[0] / case.turns:.0f} to {steps[-1] / case.turns:.0f}",
        **found[-1],
        **orders,
        "energy drift": long.drift["energy"],
    }


def _seconds(run: Callable[[], Any], pace: Pace) -> float:
    """Return the shortest time of a few."""
    taken = []
    for _ in range(pace.rounds):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


def _adaptive(case: Case, rtol: float, pace: Pace, turns: int) -> dict[str, Any]:
    """Return the row of the adaptive method; its energy drift is that of many turns, a turn."""
    orbit = case.trace(rtol=rtol)
    span = turns * case.duration / case.turns
    long = case.trace(rtol=rtol, duration=span, times=np.linspace(0.0, span, 1000))
    return {
        "field, particle": case.name,
        "method": f"dop853, rtol {rtol:g}",
        "steps/turn": f"{orbit.step_count / case.turns:.0f}",
        **case.errors(orbit),
        "energy drift/turn": long.drift["energy"] / turns,
        "us/turn": 1e6 * _seconds(lambda: case.trace(rtol=rtol), pace) / case.turns,
    }


def errors(quick: bool, pace: Pace) -> Report:
    """Pushers and the adaptive method against orbits of 30 digits."""
    cases = [_tabulated("dipole"), _crossed()]
    halvings, many, turns = (2, 2_000, 50) if quick else (_HALVINGS, _MANY, 1000)
    rows = [_pusher(case, method, halvings, many) for case in cases for method in _PUSHERS]
    for case in (*cases, _tabulated("scattered")):
        far = turns if case.name != "dipole, e- of gamma 16" else 1
        rows += [_adaptive(case, rtol, pace, far) for rtol in _TOLERANCES]
    notes = [
        f"errors at the end ({cases[0].turns:.1f} and {cases[1].turns:.0f} turns; pushers: with the shortest steps) "
        "against tests/reference/orbit.csv, Taylor series of 30 digits; for crossed fields, the closed form by mpmath",
        "position and phase (what is along the velocity) in Larmor radii p/qB; velocity: of gamma v, relative; orders: "
        f"by least squares over {halvings} halvings",
        f"energy drift: the largest change over {many} steps, 50 a turn, with q phi, over the largest kinetic energy; "
        f"of dop853 that over {turns} turns, a turn (of the electron, over its whole flight)",
    ]
    return Report("Accuracy of orbits", rows, notes)


def _places() -> dict[str, tuple[Any, np.ndarray]]:
    """Return fields, each with a gyrocentre to start from; the first two point along z there, but for a little."""
    from magneton import Dipole
    from magneton.orbits.fields import HarrisSheet, ParaxialBottle, Tokamak, magnetic_bottle

    return {
        "paraxial bottle (along z)": (ParaxialBottle(1e-2, 1.0), np.array([0.4, 0.1, 0.1])),
        "two coils (along z)": (magnetic_bottle(1.0, 0.25, 1e4), np.array([0.1, 0.02, 0.1])),
        "dipole, 15 degrees north": (Dipole([0.0, 0.0, -8e22]), 2.5e7 * np.array([0.966, 0.0, 0.259])),
        "sheared sheet": (HarrisSheet(1e-8, 1e6, normal=3e-9, guide=1e-8), np.array([0.0, 0.0, 3e5])),
        "tokamak": (Tokamak(2.0, 1.7, 1.2, 0.6), np.array([2.0, 0.0, 0.1])),
    }


def _swings(field: Any, centre: np.ndarray, speed: float) -> tuple[float, float, float]:
    """Return rho/L, and by how much mu at the particle and at the gyrocentre swing in two gyrations, relative."""
    from magneton import orbits

    x, v = orbits.initial_state(
        field, "proton", centre, speed=speed, pitch_angle=1.0, gyrophase=0.7, at="gyrocentre"
    )
    period = float(orbits.gyroperiod("proton", orbits.fields.as_field(field).B(x), v))
    orbit = orbits.trace(
        field, "proton", x, v, 2.0 * period, rtol=1e-14, times=np.linspace(0.0, 2.0 * period, 201)
    )
    ratio = float(orbits.adiabaticity(field, "proton", x, v).rho_over_L)
    raw, first = (float(np.ptp(mu) / np.mean(mu)) for mu in (orbit.mu, orbit.mu_gyrocentre))
    return ratio, raw, first


def _swing_row(name: str, field: Any, centre: np.ndarray, halvings: int) -> dict[str, Any]:
    """Return by how much mu swings at rho/L = 0.05, and with which power of rho/L it falls."""
    from magneton import orbits

    slow = 1.0
    v = orbits.initial_state(field, "proton", centre, speed=slow, pitch_angle=1.0)[1]
    speed = 0.05 * slow / float(orbits.adiabaticity(field, "proton", centre, v).rho_over_L)
    ratios, raw, first = np.array([_swings(field, centre, speed / 2**i) for i in range(halvings + 1)]).T
    return {
        "field": name,
        "rho/L": f"{ratios[0]:.3g} to {ratios[-1]:.2g}",
        "swing of mu": raw[0],
        "of mu_gyrocentre": first[0],
        "slope of mu": _slope(ratios[1:], raw[1:]),
        "of mu_gyrocentre ": _slope(ratios[1:], first[1:]),
    }


def swing(quick: bool, pace: Pace) -> Report:
    """By how much mu swings with the gyration, at the particle and at the gyrocentre."""
    halvings = 3 if quick else 6
    rows = [_swing_row(name, field, centre, halvings) for name, (field, centre) in _places().items()]
    notes = [
        "protons of pitch angle 1 rad, two gyrations; largest less smallest value over the mean, at the first rho/L; "
        "slopes: powers of rho/L, by least squares over the rest",
    ]
    return Report("Swing of mu with the gyration", rows, notes)
