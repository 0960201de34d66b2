"""Many guiding centres at once: over threads, in chunks, streamed to disk and resumed."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton._jit import parallel_for
from magneton.orbits import _dop853
from magneton.orbits._ensemble_input import fingerprint
from magneton.orbits._guiding_state import energy_of, gamma_of, guiding_state, rates
from magneton.orbits._particle_run import ParticleRun, energy_drift
from magneton.orbits._steps import Problem, chunks
from magneton.orbits._trace import checked_duration, checked_tolerance, sample_times
from magneton.orbits._vectors import norm, velocities
from magneton.orbits.fields.base import OrbitField, as_field
from magneton.orbits.guiding import guiding_problem
from magneton.orbits.species import Species, as_species
from magneton.runs import Chunk, Run, execute

#: Guiding centres a chunk: a thousand bounces of each take seconds.
CHUNK = 1024
_UNITS = {"position": "m", "parallel_proper_velocity": "m/s", "mu": "J/T", "lost_time": "s"}
_DIMS = {"position": ("time", "component"), "parallel_proper_velocity": ("time",), "mu": (), "lost_time": ()}


@dataclass(frozen=True, eq=False, repr=False)
class GuidingCentreEnsemble(ParticleRun):
    """Orbits of many guiding centres.

    Attributes
    ----------
    field : OrbitField
        What they moved in.
    species : Species
        What they are.
    time : ndarray, shape (k,), second
        The times of the samples, counted from each one's own start.
    start : ndarray, shape (n,), second
        When each started.
    run : magneton.runs.Run
        The arrays as they were computed, with the certificate.
    """

    field: OrbitField
    species: Species
    time: np.ndarray
    start: np.ndarray
    run: Run

    @functools.cached_property
    def parallel_proper_velocity(self) -> np.ndarray:
        """The momenta along B per mass, u = p_par/m, shape (n, k), in m/s."""
        return self.run["parallel_proper_velocity"]

    @functools.cached_property
    def mu(self) -> np.ndarray:
        """The first invariants, shape (n,), in J/T."""
        return self.run["mu"]

    @functools.cached_property
    def _strength(self) -> np.ndarray:
        return norm(self.field.B(self.position, self.when))

    @property
    def velocity(self) -> np.ndarray:
        """The velocities dR/dt, shape (n, k, 3), in m/s."""
        u, mu = self.parallel_proper_velocity, self.mu[:, None]
        return rates(self.field, self.species, self.position, u, mu, self.when)[0]

    @property
    def parallel_velocity(self) -> np.ndarray:
        """The velocities along B, shape (n, k), in m/s."""
        u = self.parallel_proper_velocity
        return u / gamma_of(self.species, u, self.mu[:, None], self._strength)

    @property
    def energy(self) -> np.ndarray:
        """The kinetic energies without that of the drifts, shape (n, k), in joule."""
        return energy_of(self.species, self.parallel_proper_velocity, self.mu[:, None], self._strength)


def _begun(
    field: OrbitField, species: Species, position: Any, velocity: Any, start: Any, at: str, mu: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return states (n, WIDTH), mu and times at the start (n,)."""
    x = _check.vectors("position", np.atleast_2d(position), "m")
    v = velocities("velocity", _check.vectors("velocity", np.atleast_2d(velocity), "m/s"))
    begin = _check.real_array("start", start, "s", "a number or one for each")
    given = () if mu is None else (_check.real_array("mu", mu, "J/T", "a number or one for each"),)
    try:
        (n,) = np.broadcast_shapes(x.shape[:1], v.shape[:1], begin.shape, *(m.shape for m in given))
    except ValueError:
        raise ValueError(
            "position, velocity, start and mu must have the same length, "
            f"got {len(x)}, {len(v)}, shapes {begin.shape} and {[m.shape for m in given]}"
        ) from None
    begin = np.broadcast_to(begin, (n,)).copy()
    R, u, own = guiding_state(
        field, species, np.broadcast_to(x, (n, 3)), np.broadcast_to(v, (n, 3)), begin, at
    )
    if given:
        if (given[0] < 0.0).any():
            raise ValueError(f"mu must not be negative, got {given[0].min():g}")
        own = np.broadcast_to(given[0], (n,))
    if not np.isfinite(own).all() or not np.isfinite(R).all():
        bad = int(np.argmax(~np.isfinite(own + R.sum(axis=1))))
        raise ValueError(f"position must be where B is defined and not zero, got item {bad} of {n}")
    states = np.zeros((n, _dop853.WIDTH))
    states[:, :3], states[:, 3] = R, u
    return states, np.ascontiguousarray(own), begin


def _follow(
    problem: Problem, state: np.ndarray, duration: float, samples: np.ndarray, max_steps: int, out: np.ndarray
) -> tuple[float, int]:
    """Set `out` to the states at `samples`; return when one was lost, nan if it was not, and the number of its steps.

    The compiled steps hold no lock; what is done here between hundreds of them takes little.
    """
    done, count, last, code = 0, 0, state, _dop853.MORE
    time = 0.0
    for chunk in chunks(problem, state, duration, False, max_steps):
        steps, code = chunk.steps, chunk.code
        count += len(steps.times) - 1
        time, last = float(steps.times[-1]), steps.states[-1]
        more = int(np.searchsorted(np.abs(samples[done:]), abs(time), side="right"))
        if more and len(steps.times) > 1:
            out[done : done + more] = steps.at_times(samples[done : done + more])
            done += more
    out[done:] = last
    return (math.nan if code == _dop853.FINISHED else time), count


def trace_guiding_centre_ensemble(
    field: Any,
    species: Species | str,
    position: Any,
    velocity: Any,
    duration: float,
    *,
    start: Any = 0.0,
    rtol: float = 1e-13,
    at: str = "particle",
    mu: Any = None,
    times: Any = None,
    max_step: float = math.inf,
    max_steps: int = 10_000_000,
    folder: str | Path | None = None,
    chunk: int = CHUNK,
    progress: Any = None,
    resume: Literal["auto"] | bool = "auto",
) -> GuidingCentreEnsemble:
    """Follow the guiding centres of many particles, each as `trace_guiding_centre` does.

    Parameters
    ----------
    field : source, OrbitField or list
        What they move in; its gradients must be known.
    species : Species or str
        What they are.
    position, velocity : array_like, shapes (n, 3) or (3,), metre and m/s
        At the start: see `trace_guiding_centre`, as for `at` and `rtol`.
    duration : float, second
        How long; a negative duration follows them back in time.
    start : float or array_like, shape (n,), second
        The time at which each starts; matters in fields that depend on time.
    mu : float or array_like, shape (n,), J/T, optional
        The first invariants, if they shall not be those of the velocities.
    times : array_like, shape (k,), second, optional
        When to write down states, from each one's start, in the order of the run. The end by default.
    max_step : float, second
        The longest step.
    max_steps : int
        After so many one is given up, and counts as lost.
    folder : path, optional
        Where to stream the results to, a chunk at a time. An interrupted run goes on where it was, to the same arrays
        bit for bit: see `magneton.runs.execute`, as for `progress` and `resume`.
    chunk : int
        Guiding centres a chunk.

    Returns
    -------
    GuidingCentreEnsemble
        With ``time``, ``position``, ``velocity``, ``energy``, ``mu``, ``lost``, ``lost_time`` and ``certificate``.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton import Dipole, orbits
    >>> velocity = np.random.default_rng(1).normal(scale=3e6, size=(20, 3))
    >>> earth = Dipole((0.0, 0.0, -8e22))
    >>> protons = orbits.trace_guiding_centre_ensemble(earth, "proton", (3e7, 0.0, 0.0), velocity, 60.0)
    >>> protons.position.shape
    (20, 1, 3)
    """
    field, species = as_field(field), as_species(species)
    duration, tolerance = checked_duration(duration), checked_tolerance(rtol)
    most = _check.integer("max_steps", max_steps, 1)
    states, invariants, begin = _begun(field, species, position, velocity, start, at, mu)
    longest = max_step if max_step == math.inf else _check.positive("max_step", max_step, "s")
    wanted = sample_times(times, 0.0, duration)
    samples = np.array([duration]) if wanted is None else wanted

    def work(first: int, last: int) -> Chunk:
        count = last - first
        out = np.empty((count, len(samples), _dop853.WIDTH))
        lost, steps = np.empty(count), np.empty(count, dtype=np.int64)
        begun = states[first:last], invariants[first:last]

        def body(i: int, j: int) -> None:
            for k in range(i, j):
                own, time = float(begun[1][k]), float(begin[first + k])
                problem = guiding_problem(field, species, own, time, tolerance, longest)
                lost[k], steps[k] = _follow(problem, begun[0][k], duration, samples, most, out[k])

        parallel_for(body, count, 1)
        return _results(field, species, begun, (out, lost, steps))

    names, params = fingerprint(field, folder is not None)
    spec = {
        "task": "trace_guiding_centre_ensemble",
        "field": names,
        "charge": species.charge,
        "mass": species.mass,
        "duration": duration,
        "rtol": tolerance,
        "max_step": longest,
        "max_steps": most,
    }
    inputs = {"field": params, "state": states, "mu": invariants, "start": begin, "samples": samples}
    run = execute(
        folder, spec, len(states), work, chunk=chunk, inputs=inputs, units=_UNITS, dims=_DIMS, item="particle",
        progress=progress, resume=resume,
    )  # fmt: skip
    return GuidingCentreEnsemble(field, species, samples, begin, run)


def _results(field: OrbitField, species: Species, begun: Any, ended: Any) -> Chunk:
    """Return the arrays of a chunk, and how well the energy was kept where it should be."""
    (states, mu), (out, lost, steps) = begun, ended
    arrays = {
        "position": out[:, :, :3].copy(),
        "parallel_proper_velocity": out[:, :, 3].copy(),
        "mu": mu.copy(),
        "lost_time": lost,
    }
    drift = {}
    if not field.time_dependent:
        places = np.concatenate([states[:, None, :3], out[:, :, :3]], axis=1)
        u = np.concatenate([states[:, None, 3], out[:, :, 3]], axis=1)
        kinetic = energy_of(species, u, mu[:, None], norm(field.B(places)))
        drift = energy_drift(field, species, places, kinetic)
    return Chunk(arrays, drift, {"steps": int(steps.sum())})
