"""Bounce and drift periods of protons of 1 MeV in the Earth's dipole: closed forms, guiding centres, full orbits.

Run it as ``python benchmarks/orbit_periods.py``. Guiding centres move by the closed forms to rounding; a full orbit, by
the square of rho/R_c, the Larmor radius of all its momentum over the field line's radius of curvature at the equator.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import Dipole, constants, orbits
from magneton.orbits._guiding_state import guiding_state, particle_state
from magneton.orbits.dipole_motion import bounce_period, drift_rate
from magneton.orbits.events import Plane
from magneton.orbits.fields import as_field
from magneton.orbits.guiding import trace_guiding_centre

RADIUS, STRENGTH = 6.3712e6, 3.12e-5
EARTH = as_field(Dipole((0.0, 0.0, -4.0 * math.pi * STRENGTH * RADIUS**3 / constants.mu_0)))
ENERGY, PITCH = 1e6 * constants.e, math.radians(45.0)
SHELLS = (2.0, 3.0, 4.0, 5.0, 6.0)
FOLLOW = functools.partial(trace_guiding_centre, at="gyrocentre"), orbits.trace
NORTHWARD = Plane((0.0, 0.0, 0.0), (0.0, 0.0, 1.0), direction=1)


@dataclass(frozen=True)
class Periods:
    """What was measured, in s, and the wall time it took."""

    bounce: float
    drift: float
    bounces: int
    wall: float


def _slope(values: np.ndarray) -> float:
    """Return by how much values grow from one to the next, by least squares: what swings about it averages out."""
    return float(np.polyfit(np.arange(len(values)) - 0.5 * len(values), values, 1)[0])


def _periods(follow: Callable[..., Any], state: tuple[np.ndarray, np.ndarray], duration: float) -> Periods:
    """Follow it twice: without events for the time it takes, and with them for the periods."""
    began = time.perf_counter()
    follow(EARTH, "proton", *state, duration, times=[duration])
    wall = time.perf_counter() - began
    crossing = follow(EARTH, "proton", *state, duration, times=[duration], events=NORTHWARD).events["plane"]
    centres = crossing.position
    if follow is orbits.trace:
        centres = orbits.gyrocentre(EARTH, "proton", centres, crossing.velocity)
    bounce = _slope(crossing.time)
    turn = _slope(np.unwrap(np.arctan2(centres[:, 1], centres[:, 0])))
    return Periods(bounce, 2.0 * math.pi * bounce / abs(turn), len(crossing), wall)


def states(L: float) -> tuple[Any, Any]:
    """Return the guiding centre's state, and that of a particle which has it to first order in rho/L."""
    R = np.array([L * RADIUS, 0.0, 0.0])
    v = float(orbits.speed("proton", ENERGY)) * np.array([0.0, math.sin(PITCH), math.cos(PITCH)])
    _, u, mu = guiding_state(EARTH, orbits.proton, R, v, 0.0, "gyrocentre")
    return (R, v), particle_state(EARTH, orbits.proton, R, u, mu, 0.0, 0.0)


def main() -> None:
    """Print the table."""
    for follow, state in zip(FOLLOW, states(2.0), strict=True):
        _periods(follow, state, 10.0)  # compiles
    print(
        "1 MeV protons, equatorial pitch angle 45 degrees, one drift period; errors relative to the closed form"
    )
    head = (
        "L",
        "T_b/s",
        "T_d/s",
        "rho/R_c",
        "of (rho/R_c)^2",
        "bounce",
        "drift",
        "us/bounce",
        "bounce",
        "drift",
        "us/bounce",
    )
    print(f"{'':50} {'guiding centre':>30} {'full orbit':>30}")
    print("".join(f"{word:>15}" if "^" in word else f"{word:>10}" for word in head))
    for L in SHELLS:
        bounce = bounce_period("proton", ENERGY, L, PITCH, radius=RADIUS)
        rate = drift_rate("proton", ENERGY, L, PITCH, radius=RADIUS, equatorial_field=STRENGTH)
        drift = 2.0 * math.pi / abs(rate)
        ratio = _ratio(L)
        row = [f"{L:10.0f}{bounce:10.4f}{drift:10.2f}{ratio:10.4f}{ratio**2:15.1e}"]
        for follow, state in zip(FOLLOW, states(L), strict=True):
            found = _periods(follow, state, drift)
            row.append(f"{found.bounce / bounce - 1:10.1e}{found.drift / drift - 1:10.1e}")
            row.append(f"{1e6 * found.wall / found.bounces:10.0f}")
        print("".join(row))


def _ratio(L: float) -> float:
    """Return rho/R_c at the equator: p/(q B) over L R/3."""
    gamma = 1.0 + ENERGY / orbits.proton.rest_energy
    momentum = gamma * orbits.proton.mass * float(orbits.speed("proton", ENERGY))
    return momentum / (orbits.proton.charge * STRENGTH / L**3) / (L * RADIUS / 3.0)


if __name__ == "__main__":
    main()
