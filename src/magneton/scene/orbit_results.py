"""What a scene tells of one orbit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from magneton.scene.tasks.base import FORMULA


def start_results(field: Any, species: Any, position: Any, velocity: Any, t: float) -> dict[str, Any]:
    """Return what is known of a particle before it moves."""
    from magneton import orbits

    B = field.B(position, t)
    result = {
        "gyroperiod": float(orbits.gyroperiod(species, B, velocity)),
        "larmor_radius": float(orbits.larmor_radius(species, velocity, B)),
    }
    points, strengths = np.full((2, 3), math.nan), np.full(2, math.nan)
    if not (field.time_dependent or field.waves):
        try:
            mirrors = orbits.mirror_points(field, species, position, velocity, t=t)
            points, strengths = mirrors.position, mirrors.B
        except ValueError:  # E without a potential
            pass
    return result | {"mirror_point": points, "mirror_B": strengths}


def full_results(
    task: Any, field: Any, species: Any, position: Any, velocity: Any, times: Any, walls: Any, period: float
) -> dict[str, Any]:
    """Return a full orbit at its samples, with the verdict on mu."""
    from magneton import orbits

    duration = float(times[-1] - times[0])
    orbit = orbits.trace(
        field, species, position, velocity, duration,
        start=task.start, rtol=task.rtol, events=_events(walls, period), dense=True,
    )  # fmt: skip
    there = times <= orbit.time[-1]
    x, v = orbit(np.clip(times[there], orbit.time[0], orbit.time[-1]))
    samples = {
        "position": x,
        "velocity": v,
        "energy": orbits.kinetic_energy(species, v),
        "mu": orbits.mu_particle(field, species, x, v, times[there]),
        "mu_gyrocentre": orbits.mu_gyrocentre(field, species, x, v, times[there]),
        "pitch_angle": orbits.pitch_angle(v, field.B(x, times[there])),
    }
    state = orbits.adiabaticity(field, species, x, v, times[there])
    return _padded(samples, there) | _ending(orbit, walls, state, period) | _judged(orbit)


def _judged(orbit: Any) -> dict[str, Any]:
    """Return the verdict in numbers and in words."""
    from magneton import orbits

    try:
        found = orbits.verdict(orbit)
    except ValueError as error:  # no background field, or hardly any orbit
        return {"mu_change": math.nan, "mu_change" + FORMULA: math.nan, "verdict": f"no verdict: {error}"}
    return {"mu_change": found.jump, "mu_change" + FORMULA: found.expected.jump, "verdict": str(found)}


def guiding_results(
    task: Any, field: Any, species: Any, position: Any, velocity: Any, times: Any, walls: Any, period: float
) -> dict[str, Any]:
    """Return the orbit of a guiding centre at its samples; its mu does not change."""
    from magneton import orbits

    duration = float(times[-1] - times[0])
    orbit = orbits.trace_guiding_centre(
        field, species, position, velocity, duration,
        start=task.start, rtol=task.rtol, at=task.at, events=_events(walls, period), times=times,
    )  # fmt: skip
    there = np.arange(len(times)) < len(orbit.time)
    names = ("position", "velocity", "energy", "mu", "mu_gyrocentre", "pitch_angle")
    samples = {name: np.asarray(getattr(orbit, name)) for name in names}
    words = f"mu is conserved by construction; {orbit.adiabaticity}"
    judged = {"mu_change": 0.0, "mu_change" + FORMULA: math.nan, "verdict": words}
    return _padded(samples, there) | _ending(orbit, walls, orbit.adiabaticity, period) | judged


def _events(walls: Any, period: float) -> dict[str, Any]:
    """Return walls, and the equator where there is one."""
    from magneton.orbits.events import Equator

    return walls | ({"equator": Equator(direction=1)} if math.isfinite(period) else {})


def _padded(samples: dict[str, np.ndarray], there: np.ndarray) -> dict[str, Any]:
    """Return samples with nan where the orbit had ended."""
    result = {}
    for name, values in samples.items():
        result[name] = np.full((len(there), *values.shape[1:]), math.nan)
        result[name][there] = values
    return result


def _ending(orbit: Any, walls: Any, adiabaticity: Any, period: float) -> dict[str, float]:
    """Return what is known of an orbit when it has ended."""
    hits = [t for name in walls for t in orbit.events[name].time]
    return {
        "rho_over_L": float(np.nanmax(adiabaticity.rho_over_L)),
        "energy_drift": orbit.drift.get("energy", math.nan),
        "bounce_period": _mean_period(orbit, period),
        "lost_time": min(hits, default=math.nan),
    }


def _mean_period(orbit: Any, period: float) -> float:
    """Return the mean time between crossings of the equator along B; nan if there are not two.

    A gyrating particle may cross it several times where its gyrocentre does once: crossings closer than a part of the
    expected `period` are one. Those at the start may not all have been seen, and are left out where others are enough.
    """
    if "equator" not in orbit.events or not len(orbit.events["equator"]):
        return math.nan
    crossings = orbit.events["equator"].time
    groups = np.split(crossings, np.flatnonzero(np.diff(crossings) > 0.25 * period) + 1)
    if len(groups) > 2 and groups[0][0] - orbit.time[0] < 0.25 * period:
        groups = groups[1:]
    times = [float(np.mean(group)) for group in groups]
    return (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else math.nan
