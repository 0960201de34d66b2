"""The full orbit of one particle to any accuracy: the Lorentz force by an adaptive method of order 8."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits import _dop853, kinematics
from magneton.orbits._drive import Ended, message, run
from magneton.orbits._fixed import METHODS, fixed_steps
from magneton.orbits._steps import Problem
from magneton.orbits._vectors import C
from magneton.orbits.fields.base import as_field
from magneton.orbits.orbit import Orbit, OrbitStopped
from magneton.orbits.species import Species, as_species

_LEAST_RTOL = 1e-15


def read_full(states: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return positions and velocities of states x, u."""
    return states[:, :3], kinematics.velocity_from_proper(states[:, 3:6])


def _stepped(field, species, state, start, duration, dt, method, times, max_steps) -> Ended:
    """Take fixed steps."""
    elapsed, x, u, count = fixed_steps(field, species, state, start, duration, dt, method, times, max_steps)
    whole = len(elapsed) == (count + 1 if times is None else len(times))
    status = "finished" if whole else "undefined field"
    place, time = (x[-1], elapsed[-1]) if len(x) else (state[:3], 0.0)
    words = message(status, start, time, place, max_steps)
    return Ended(elapsed, np.concatenate([x, u], axis=1), {}, status, words, count, None)


def checked_duration(value: Any) -> float:
    duration = _check.number("duration", value, "s")
    if duration == 0.0:
        raise ValueError("duration must not be zero (a negative one follows the orbit back)")
    return duration


def sample_times(times: Any, start: float, duration: float) -> np.ndarray | None:
    """Return times since the start, or None."""
    if times is None:
        return None
    wanted = _check.real_array("times", times, "s", "an array of times")
    elapsed = wanted - start
    way, slack = elapsed / duration, 1e-15 * (1.0 + abs(start / duration))
    if wanted.ndim != 1 or not len(wanted) or (np.diff(way) <= 0.0).any():
        raise ValueError(f"times must be a list of times in the order of the run, got {_check.shown(times)}")
    if way[0] < -slack or way[-1] > 1.0 + slack:
        raise ValueError(
            f"times must lie between {start!r} and {start + duration!r} s, got {_check.shown(times)}"
        )
    return np.clip(elapsed, min(0.0, duration), max(0.0, duration))


def initial_state(position: Any, velocity: Any) -> np.ndarray:
    """Return x and u of one particle as a state."""
    state = np.zeros(_dop853.WIDTH)
    state[:3] = _check.vector("position", position, "m")
    v = _check.vector("velocity", velocity, "m/s")
    speed = math.hypot(*v)
    if speed >= C:
        raise ValueError(f"velocity must be slower than light, {C:g} m/s, got {speed:.17g} m/s")
    state[3:6] = v * (C / math.sqrt((C - speed) * (C + speed)))
    return state


def checked_tolerance(rtol: Any) -> float:
    value = _check.fraction("rtol", rtol)
    if value < _LEAST_RTOL:
        raise ValueError(f"rtol must be at least {_LEAST_RTOL:g}, the rounding of a step, got {value:g}")
    return value


def trace(
    field: Any,
    species: Species | str,
    position: Any,
    velocity: Any,
    duration: float,
    *,
    start: float = 0.0,
    rtol: float | None = None,
    events: Any = (),
    times: Any = None,
    dense: bool | None = None,
    max_step: float | None = None,
    max_steps: int = 10_000_000,
    method: str = "dop853",
    dt: float | None = None,
    strict: bool = True,
) -> Orbit:
    r"""Follow the full orbit of one charged particle.

    The Lorentz force, dx/dt = u/gamma and du/dt = (q/m)(E + u x B/gamma) with u = gamma v, by the method DOP853
    [HairerNorsettWanner1993]_ in compiled steps whose rounding errors are carried along.

    Parameters
    ----------
    field : OrbitField, source, or a list of these
        What it moves in.
    species : Species or str
        The particle, or the name of a ready one.
    position : array_like, shape (3,), metre
        Where it starts.
    velocity : array_like, shape (3,), m/s
        Its velocity there, below that of light.
    duration : float, second
        How long; a negative duration follows the orbit back in time.
    start : float, second
        The time at the start, for fields that depend on time.
    rtol : float
        The error allowed to a step: of the momentum relative to it, of the position relative to the gyroradius, or to
        the way of the step where the field is weak. 1e-12 unless given, at least 1e-15.
    events : Event, callable, list or mapping of these
        What to look for: see `magneton.orbits.events`.
    times : array_like, second, optional
        When to sample, in the order of the run; by default at every step, 15 to 50 a gyration.
    dense : bool, optional
        Whether to keep the steps (72 bytes each), so that the orbit can be called at any time; by default if `times`
        is not given.
    max_step : float, second
        The longest step. To be given where a particle flies through nothing towards a small field, which a long step
        would not see; or, a hundredth of the gyroperiod, for an energy that drifts by 1e-16 a gyration.
    max_steps : int
        About where to give up.
    method : str
        "dop853", or the fixed steps of ensembles: "boris", "vay", "higuera-cary" (see `trace_ensemble`), which know
        neither `rtol` nor events.
    dt : float, second, optional
        The fixed step, of those methods only; what fills the duration and is not longer is taken.
    strict : bool
        Whether to raise if the orbit ends before its time and not at an event.

    Returns
    -------
    Orbit
        Time, position, velocity and what follows from them.

    Raises
    ------
    ValueError
        For arguments that make no sense.
    OrbitStopped
        If the orbit came to where the field is nan, if steps became too short or too many, and `strict`.

    Examples
    --------
    >>> from magneton import Dipole, orbits
    >>> earth = Dipole((0.0, 0.0, -8e22))
    >>> orbit = orbits.trace(earth, "proton", (3e7, 0.0, 0.0), (0.0, 3e6, 4e6), 60.0)
    >>> orbit.status, orbit.drift["energy"] < 1e-11
    ('finished', True)
    """
    field, species = as_field(field), as_species(species)
    state, duration = initial_state(position, velocity), checked_duration(duration)
    start = _check.number("start", start, "s")
    max_steps = _check.integer("max_steps", max_steps, 1)
    sampling = sample_times(times, start, duration)
    if method == "dop853":
        if dt is not None:
            raise ValueError(
                f"dt goes with the methods {', '.join(METHODS)} only; give max_step, got dt = {dt!r}"
            )
        longest = math.inf if max_step in (None, math.inf) else _check.positive("max_step", max_step, "s")
        rtol = 1e-12 if rtol is None else rtol
        constants = (species.charge, species.mass, 0.0)
        problem = Problem(_dop853.FULL, field, constants, start, checked_tolerance(rtol), longest, read_full)
        keep = times is None if dense is None else bool(dense)
        end = run(problem, state, duration, events, sampling, keep, max_steps)
    elif isinstance(method, str) and method in METHODS:
        given = {"events": events or None, "dense": dense or None, "rtol": rtol, "max_step": max_step}
        if names := [name for name, value in given.items() if value is not None]:
            raise ValueError(f"{' and '.join(names)} must go with the method 'dop853', got {method!r}")
        end = _stepped(field, species, state, start, duration, dt, method, sampling, max_steps)
    else:
        names = ", ".join(map(repr, ("dop853", *METHODS)))
        raise ValueError(f"method must be one of {names}, got {_check.shown(method)}")
    samples = start + end.times, end.states[:, :3], end.states[:, 3:6]
    orbit = Orbit(field, species, *samples, end.events, end.status, end.message, end.step_count, end.steps)
    if strict and orbit.status not in ("finished", "event"):
        raise OrbitStopped(orbit)
    return orbit
