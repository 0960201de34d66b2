"""The orbit of one particle that collides: free flight between random kicks of the velocity's direction."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._trace import trace
from magneton.orbits.collisions import scatter
from magneton.orbits.fields.base import as_field
from magneton.orbits.orbit import Orbit
from magneton.orbits.species import Species, as_species

#: Most kicks of an orbit.
_MOST = 1_000_000
#: nu dt of a kick unless the caller says otherwise: a turn by some 0.1 radian.
_DEPTH = 0.005


def trace_scattered(
    field: Any,
    species: Species | str,
    position: Any,
    velocity: Any,
    duration: float,
    collision_rate: float,
    *,
    seed: Any,
    interval: float | None = None,
    start: float = 0.0,
    rtol: float = 1e-10,
) -> Orbit:
    """Follow a particle whose velocity is turned by elastic collisions.

    The full orbit, as `trace`, with a kick in the middle of each interval. It turns the velocity as collisions would
    in the interval, exactly in law for a direction that diffuses freely [NikolayevSavyolov1997]_: in a uniform field
    <P_l> has decayed by exp(-nu l(l+1) duration) at the end, however long the intervals are. Elsewhere the error falls
    as the square of the interval.

    Parameters
    ----------
    field, species, position, velocity, duration, start, rtol
        As for `trace`.
    collision_rate : float, 1/s
        nu of df/dt = nu d/dxi[(1 - xi^2) df/dxi], xi = cos(pitch angle).
    seed : int or numpy.random.Generator
        Of the kicks.
    interval : float, second, optional
        Time between kicks; 0.005/nu by default.

    Returns
    -------
    Orbit
        Its samples are the steps, the velocity at a kick being that after it.

    Examples
    --------
    >>> from magneton import UniformField, orbits
    >>> field = UniformField([0, 0, 1e-6])
    >>> orbit = orbits.trace_scattered(field, "electron", [0, 0, 0], [1e6, 0, 0], 1e-3, 100.0, seed=1)
    >>> bool(abs(orbit.energy[-1] / orbit.energy[0] - 1) < 1e-9)
    True
    """
    field, species = as_field(field), as_species(species)
    duration = _check.positive("duration", duration, "s")
    rate = _check.positive("collision_rate", collision_rate, "1/s")
    longest = _DEPTH / rate if interval is None else _check.positive("interval", interval, "s")
    count = math.ceil(duration / longest)
    if count > _MOST:
        raise ValueError(f"interval must allow at most {_MOST} kicks, got {count} in {duration:g} s")
    begin = _check.number("start", start, "s")
    rng = np.random.default_rng(seed)
    kicks = (np.arange(count) + 0.5) / count
    edges = begin + duration * np.concatenate([[0.0], kicks, [1.0]])
    x, v = position, velocity
    times, places, momenta, taken = [], [], [], 0
    for first, last in itertools.pairwise(edges):
        if times:
            v = scatter(v, rate, duration / count, rng)
        leg = trace(field, species, x, v, last - first, start=first, rtol=rtol)
        x, v = leg.position[-1], leg.velocity[-1]
        times.append(leg.time[:-1])
        places.append(leg.position[:-1])
        momenta.append(leg.proper_velocity[:-1])
        taken += leg.step_count
    times.append(edges[-1:])
    places.append(leg.position[-1:])
    momenta.append(leg.proper_velocity[-1:])
    time, place, momentum = (np.concatenate(parts) for parts in (times, places, momenta))
    return Orbit(field, species, time, place, momentum, step_count=taken, collision_rate=rate)
