"""The guiding centre of one particle: the drift-kinetic equations by an adaptive method of order 8."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from magneton import _check
from magneton.kernels.guiding_centre import unit_field_terms
from magneton.orbits import _dop853
from magneton.orbits._drive import Ended, run
from magneton.orbits._guiding_orbit import (
    GuidingCentreOrbit,
    GuidingCentreStopped,
    guiding_adiabaticity,
    read_guiding,
)
from magneton.orbits._guiding_state import guiding_state
from magneton.orbits._steps import Problem
from magneton.orbits._trace import checked_duration, checked_tolerance, sample_times
from magneton.orbits.fields.base import OrbitField, as_field
from magneton.orbits.species import Species, as_species

# Below this part of B, B*_par is taken to have vanished where the rates became nan.
_VANISHING = 0.1
# At how many samples it is looked whether there is a guiding centre, and above what there is none by any standard.
_LOOKS, _INVALID = 100, 0.5


def start_of(
    field: OrbitField, species: Species, position: Any, velocity: Any, start: float, at: str, mu: Any
) -> tuple[np.ndarray, float, float]:
    """Return R, u and mu of one guiding centre at its start."""
    x, v = _check.vector("position", position, "m"), _check.vector("velocity", velocity, "m/s")
    R, u, own = guiding_state(field, species, x, v, start, at)
    if mu is not None:
        own = _check.number("mu", mu, "J/T")
        if own < 0.0:
            raise ValueError(f"mu must not be negative, got {own:g}")
    if not np.isfinite(own) or not np.isfinite(R).all():
        raise ValueError(
            f"position must be where B is defined, not zero and more than E_perp/c, got {x.tolist()}"
        )
    return R, float(u), float(own)


def parallel_part(field: OrbitField, species: Species, state: np.ndarray, t: float) -> float:
    """Return B*_par/B of a state."""
    values = field.derivatives(state[:3], t)
    g = np.concatenate([values["B"], values["grad_B"].ravel()])
    strength, bx, by, bz, _, _, _, cx, cy, cz = unit_field_terms(g)
    return 1.0 + species.mass * state[3] / species.charge * (bx * cx + by * cy + bz * cz) / strength


def trace_guiding_centre(
    field: Any,
    species: Species | str,
    position: Any,
    velocity: Any,
    duration: float,
    *,
    start: float = 0.0,
    rtol: float = 1e-13,
    at: str = "particle",
    mu: float | None = None,
    events: Any = (),
    times: Any = None,
    dense: bool | None = None,
    max_step: float = math.inf,
    max_steps: int = 10_000_000,
    strict: bool = True,
) -> GuidingCentreOrbit:
    r"""Follow the guiding centre of one charged particle.

    The relativistic drift-kinetic equations in Hamiltonian form [CaryBrizard2009]_, [TaoChanBrizard2007]_. With
    u = p_par/m, gamma^2 = 1 + u^2/c^2 + 2 mu B/(m c^2), B* = B + (m u/q) curl b and
    E* = E - (1/q)(m u db/dt + (mu/gamma) grad B),

        dR/dt = (u/gamma) B*/B*_par + E* x b/B*_par,        m du/dt = q E*.B*/B*_par,

    so that gamma m c^2 + q phi is conserved in static fields, and the volume B*_par d^3R du in phase space always. They
    hold mirror force, E x B, grad-B and curvature drift (one by one in `drifts`), but no polarization drift, for
    rho << L (`adiabaticity`) and v_E << v, the drift E x B/B^2 slow beside the particle: what is dropped is of order
    v_E/v of what is kept, such as m v_E.(db/dt) in the force along B.

    Parameters
    ----------
    field : OrbitField, source, or a list of these
        What it moves in; its gradients must be known.
    species : Species or str
        The particle, or the name of a ready one.
    position : array_like, shape (3,), metre
        Of the particle, or of the guiding centre: see `at`.
    velocity : array_like, shape (3,), m/s
        Of the particle. Its part along B and the magnitude of its part across B, less E x B/B^2, count; the direction
        of the latter, only with ``at="particle"``.
    duration : float, second
        How long; a negative duration follows it back in time.
    start : float, second
        The time at the start, for fields that depend on time.
    rtol : float
        The error allowed to a step: of p_par relative to p, of the position relative to the way of the step. 1e-13
        keeps the energy to 1e-10 over a thousand bounces.
    at : {"particle", "gyrocentre"}
        Whose position is given. That of a particle, as for `trace`, is taken to its `gyrocentre`, and mu and p_par to
        first order in rho/L.
    mu : float, J/T, optional
        The first invariant, if it shall not be that of the velocity.
    events : Event, callable, list or mapping of these
        What to look for: see `magneton.orbits.events`. They are given the guiding centre and its velocity dR/dt, whose
        part along B is that of the particle: `Mirror` points are where it is zero.
    times : array_like, second, optional
        When to sample, in the order of the run; by default at every step.
    dense : bool, optional
        Whether to keep the steps, so that the orbit can be called at any time; by default if `times` is not given.
    max_step : float, second
        The longest step. To be given where a guiding centre flies through a uniform field towards something thin, which
        a long step would not see.
    max_steps : int
        About where to give up.
    strict : bool
        Whether to raise if the orbit ends before its time and not at an event.

    Returns
    -------
    GuidingCentreOrbit
        Time, position, velocity, energy, mu and what else follows from them.

    Raises
    ------
    ValueError
        For arguments that make no sense.
    GuidingCentreStopped
        If it came to where the field is nan or B*_par zero, if steps became too short or too many, and `strict`.

    Warns
    -----
    UserWarning
        If a ratio of its `adiabaticity` is above 0.5: there is no guiding centre there.

    Examples
    --------
    >>> from magneton import Dipole, orbits
    >>> earth = Dipole((0.0, 0.0, -8e22))
    >>> orbit = orbits.trace_guiding_centre(earth, "proton", (3e7, 0.0, 0.0), (0.0, 3e6, 4e6), 600.0)
    >>> orbit.status, orbit.drift["energy"] < 1e-10
    ('finished', True)
    """
    field, species = as_field(field), as_species(species)
    duration, start = checked_duration(duration), _check.number("start", start, "s")
    most = _check.integer("max_steps", max_steps, 1)
    longest = max_step if max_step == math.inf else _check.positive("max_step", max_step, "s")
    sampling = sample_times(times, start, duration)
    R, u, own = start_of(field, species, position, velocity, start, at, mu)
    problem = guiding_problem(field, species, own, start, checked_tolerance(rtol), longest)
    keep = times is None if dense is None else bool(dense)
    orbit = follow(problem, R, u, duration, events, sampling, keep, most, strict)
    _warn_where_invalid(orbit, R, u, start)
    return orbit


def follow(
    problem: Problem,
    R: np.ndarray,
    u: float,
    duration: float,
    events: Any = (),
    times: np.ndarray | None = None,
    dense: bool = True,
    max_steps: int = 10_000_000,
    strict: bool = True,
) -> GuidingCentreOrbit:
    """Follow the guiding centre of a state; `times` are counted from the start."""
    _, species, mu = problem.read.args
    end = run(problem, packed(R, u), duration, events, times, dense, max_steps)
    orbit = orbit_of(problem, species, mu, end)
    if strict and orbit.status not in ("finished", "event"):
        raise GuidingCentreStopped(orbit)
    return orbit


def _warn_where_invalid(orbit: GuidingCentreOrbit, R: np.ndarray, u: float, start: float) -> None:
    """Warn if what was followed is no guiding centre, at its start or at some of the samples."""
    some = np.unique(np.linspace(0, len(orbit) - 1, _LOOKS - 1).astype(int)) if len(orbit) else []
    place = np.concatenate([R[None], orbit.position[some]])
    along = np.append(u, orbit.parallel_proper_velocity[some])
    time = np.append(start, orbit.time[some])
    mu = np.full(len(place), orbit.invariant)
    found = guiding_adiabaticity(orbit.field, orbit.species, place, along, mu, time)
    largest = np.nan_to_num(found.largest, nan=0.0, posinf=math.inf)
    worst = int(np.argmax(largest))
    if largest[worst] > _INVALID:
        name = str(found.condition[worst])
        name = "rho/L" if name.startswith("rho_over_L") else name
        warnings.warn(
            f"guiding centre not valid: {name} = {largest[worst]:.3g} at t = {time[worst]:.6g} s "
            f"(limit {found.limit:g}); use trace or trace_hybrid",
            stacklevel=3,
        )


def packed(R: np.ndarray, u: float) -> np.ndarray:
    """Return a state of the driver."""
    state = np.zeros(_dop853.WIDTH)
    state[:3], state[3] = R, u
    return state


def guiding_problem(
    field: OrbitField, species: Species, mu: float, start: float, rtol: float, max_step: float
) -> Problem:
    """Return the equations of motion of a guiding centre."""
    constants = (species.charge, species.mass, mu)
    read = read_guiding(field, species, mu)
    return Problem(_dop853.GUIDING, field, constants, start, rtol, max_step, read)


def orbit_of(problem: Problem, species: Species, mu: float, end: Ended) -> GuidingCentreOrbit:
    """Return what the driver has computed as an orbit."""
    status, message = end.status, end.message
    times, states = (end.times, end.states) if end.steps is None else (end.steps.times, end.steps.states)
    if status == "undefined field" and len(times):
        time = problem.start + float(times[-1])
        share = parallel_part(problem.field, species, states[-1], time)
        if share < _VANISHING:
            status = "no guiding centre"
            message = (
                f"B*_par came to {share:.3g} B at {states[-1, :3].tolist()} m and {time!r} s: field lines bend or "
                "twist within a Larmor radius, and there is no guiding centre"
            )
    return GuidingCentreOrbit(
        problem.field,
        species,
        mu,
        problem.start + end.times,
        np.ascontiguousarray(end.states[:, :3]),
        np.ascontiguousarray(end.states[:, 3]),
        end.events,
        status,
        message,
        end.step_count,
        end.steps,
    )
