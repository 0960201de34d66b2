"""A guiding centre where there is one, the full orbit where there is none, and the hand-over between them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._handover import Walk
from magneton.orbits._hybrid_orbit import GyrophaseAverage, HybridOrbit
from magneton.orbits._trace import checked_duration, checked_tolerance
from magneton.orbits.fields.base import as_field
from magneton.orbits.sampling import generator
from magneton.orbits.species import Species, as_species


def _walk(
    field: Any, species: Any, duration: Any, start: Any, threshold: Any, rtol: Any, max_step: Any
) -> Walk:
    start = _check.number("start", start, "s")
    if max_step is not None:
        max_step = _check.positive("max_step", max_step, "s")
    return Walk(
        as_field(field),
        as_species(species),
        start + checked_duration(duration),
        _check.fraction("threshold", threshold),
        checked_tolerance(rtol),
        max_step,
    )


def _phases(gyrophase: Any, seed: Any) -> Callable[[], float]:
    """Return what gives the gyrophase of each hand-over."""
    if isinstance(gyrophase, str):
        if gyrophase != "random":
            raise ValueError(f'gyrophase must be a number in rad or "random", got {gyrophase!r}')
        return _drawn(seed)
    value = _check.number("gyrophase", gyrophase, "rad")
    return lambda: value


def _drawn(seed: Any) -> Callable[[], float]:
    """Return what draws gyrophases; without a seed only where there is no hand-over."""
    if seed is None:

        def refuse() -> float:
            raise ValueError("seed must be given to draw the gyrophase; or give gyrophase in radian")

        return refuse
    try:
        random = generator(seed)
    except ValueError:
        raise ValueError(
            f"seed must be a numpy.random.Generator or an integer, 0 or more, got {_check.shown(seed)}"
        ) from None
    return lambda: 2.0 * math.pi * random.random()


def trace_hybrid(
    field: Any,
    species: Species | str,
    position: Any,
    velocity: Any,
    duration: float,
    *,
    start: float = 0.0,
    threshold: float = 0.1,
    gyrophase: float | str = "random",
    seed: Any = None,
    rtol: float = 1e-12,
    max_step: float | None = None,
    max_segments: int = 1000,
) -> HybridOrbit:
    """Follow the guiding centre of a particle while it has one, and the particle itself while not.

    A guiding centre is followed while every ratio of `adiabaticity`, and the relative change of B within 1.5 Larmor
    radii of it, divided by 1.5, is below `threshold`. There it is handed over to the full orbit of a particle that has
    this guiding centre, mu and energy to first order in rho/L; and back where the largest ratio falls below 0.8 of the
    threshold.

    Parameters
    ----------
    field : OrbitField, source, or a list of these
        What it moves in; its gradients must be known.
    species : Species or str
        The particle, or the name of a ready one.
    position, velocity : array_like, shape (3,), metre and m/s
        Of the particle at the start.
    duration : float, second
        How long; a negative duration follows it back in time.
    start : float, second
        The time at the start, for fields that depend on time.
    threshold : float
        The largest ratio of the kind rho/L of a guiding centre, below 1.
    gyrophase : float or "random", radian
        Of a particle that takes over from a guiding centre, which knows of none: given (as `gyrophase` counts it), or
        drawn at each hand-over. To average over it, see `gyrophase_average`.
    seed : int or numpy.random.Generator
        For random gyrophases: needed where a particle takes over from a guiding centre.
    rtol : float
        The error allowed to a step.
    max_step : float, second, optional
        The longest step of a guiding centre. By default half a gyration at the segment's start, so that nothing thin is
        passed over; in a smooth field a longer one is faster.
    max_segments : int
        Where to give up.

    Returns
    -------
    HybridOrbit
        Its segments, and time, position, velocity, energy and mu of all of them.

    Examples
    --------
    >>> from magneton import orbits
    >>> from magneton.orbits.fields import SheetStep
    >>> sheet = SheetStep((3e-9, 0.0, 4e-9), (0.0, 3e-9, 4e-9), 5e5)
    >>> orbit = orbits.trace_hybrid(sheet, "proton", (0.0, 0.0, -2e7), (1e6, 1e6, 2e6), 30.0, seed=1)
    >>> [segment.kind for segment in orbit.segments]
    ['guiding centre', 'full', 'guiding centre']
    """
    walk = _walk(field, species, duration, start, threshold, rtol, max_step)
    x, v = _check.vector("position", position, "m"), _check.vector("velocity", velocity, "m/s")
    phase = _phases(gyrophase, seed)
    most = _check.integer("max_segments", max_segments, 1)
    first = walk.first(x, v, float(start))
    return HybridOrbit(walk.field, walk.species, tuple(walk.go_on(first, phase, most)))


def gyrophase_average(
    field: Any,
    species: Species | str,
    position: Any,
    velocity: Any,
    duration: float,
    *,
    phases: int = 16,
    start: float = 0.0,
    threshold: float = 0.1,
    rtol: float = 1e-12,
    max_step: float | None = None,
    max_segments: int = 1000,
) -> GyrophaseAverage:
    """Follow a guiding centre through where it has none, averaged over the gyrophase.

    Parameters
    ----------
    phases : int
        How many evenly spaced gyrophases to take at the first hand-over. At later ones each keeps its own.
    field, species, position, velocity, duration, start, threshold, rtol, max_step, max_segments
        As for `trace_hybrid`. If the particle has no guiding centre at the start, its own gyrophase is the first.

    Returns
    -------
    GyrophaseAverage
        The orbits, and mean and spread of mu at the end.
    """
    phases, most = (
        _check.integer("phases", phases, 1),
        _check.integer("max_segments", max_segments, 1),
    )
    walk = _walk(field, species, duration, start, threshold, rtol, max_step)
    x, v = _check.vector("position", position, "m"), _check.vector("velocity", velocity, "m/s")
    angles = 2.0 * math.pi * np.arange(phases) / phases
    first = walk.first(x, v, float(start))
    orbits = []
    for angle in angles:
        segments = walk.go_on(first, _phases(float(angle), None), most)
        orbits.append(HybridOrbit(walk.field, walk.species, tuple(segments)))
    return GyrophaseAverage(angles, tuple(orbits))
