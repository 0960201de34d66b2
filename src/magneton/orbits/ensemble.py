"""Many particles at once, by fixed steps: over threads, in chunks, streamed to disk and resumed."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton import _check, constants
from magneton._jit import parallel_for
from magneton.orbits._ensemble_input import (
    fingerprint,
    momentum,
    required_step,
    sample_steps,
    states,
    warn_of_turns,
)
from magneton.orbits._gyrocentre import mu_gyrocentre
from magneton.orbits._particle_run import ParticleRun, energy_drift
from magneton.orbits._push import LANES, METHODS, push_particles
from magneton.orbits.fields.base import OrbitField, as_field
from magneton.orbits.gyration import mu, pitch_angle
from magneton.orbits.species import Species, as_species
from magneton.orbits.walls import wall_rows
from magneton.runs import Chunk, Run, execute

_C = float(constants.c)
#: Particles a chunk: its work takes seconds, and its files are of a handy size.
CHUNK = 32768
_UNITS = {"position": "m", "velocity": "m/s", "lost_time": "s", "lost_by": "1", "largest_turn": "rad"}
_DIMS = {"position": ("time", "component"), "velocity": ("time", "component")}


@dataclass(frozen=True, eq=False, repr=False)
class Ensemble(ParticleRun):
    """Orbits of many particles.

    Attributes
    ----------
    field : OrbitField
        What they moved in.
    species : Species
        What they are.
    time : ndarray, shape (k,), second
        The times of the samples, counted from each particle's own start.
    start : ndarray, shape (n,), second
        The times at which they started.
    run : magneton.runs.Run
        The arrays as they were computed, with the certificate.
    """

    field: OrbitField
    species: Species
    time: np.ndarray
    start: np.ndarray
    run: Run

    @functools.cached_property
    def velocity(self) -> np.ndarray:
        """The velocities, shape (n, k, 3), in m/s."""
        return self.run["velocity"]

    @property
    def energy(self) -> np.ndarray:
        """The kinetic energies, shape (n, k), in joule."""
        return _kinetic_energy(self.species, momentum(self.velocity))

    @functools.cached_property
    def B(self) -> np.ndarray:
        """The flux densities at the samples, shape (n, k, 3), in tesla."""
        return self.field.B(self.position, self.when)

    @property
    def pitch_angle(self) -> np.ndarray:
        """The angles between velocity and B, shape (n, k), in radian."""
        return pitch_angle(self.velocity, self.B)

    @property
    def mu(self) -> np.ndarray:
        """The first invariant as it is at the particles, shape (n, k), in J/T."""
        return mu(self.species, self.velocity, self.B)

    @property
    def mu_gyrocentre(self) -> np.ndarray:
        """The first invariant to the next order in rho/L, shape (n, k), in J/T: see `magneton.orbits.mu_gyrocentre`."""
        return mu_gyrocentre(self.field, self.species, self.position, self.velocity, self.when)

    @functools.cached_property
    def lost_by(self) -> np.ndarray:
        """Which of the walls took each, shape (n,); -1 for those not lost, -2 where the field is not defined."""
        return self.run["lost_by"]

    @functools.cached_property
    def largest_turn(self) -> np.ndarray:
        """The largest angle by which each gyrated in a step, shape (n,), in radian."""
        return self.run["largest_turn"]


def _kinetic_energy(species: Species, w: np.ndarray) -> np.ndarray:
    """Return (gamma - 1) m c^2 without the difference."""
    w2 = np.sum(w * w, axis=-1)
    return species.rest_energy * w2 / (1.0 + np.sqrt(1.0 + w2))


def trace_ensemble(
    field: Any,
    species: Species | str,
    position: Any,
    velocity: Any,
    duration: float,
    *,
    dt: float | None = None,
    method: Literal["boris", "vay", "higuera-cary"] = "higuera-cary",
    times: Any = None,
    start: Any = 0.0,
    walls: Any = (),
    folder: str | Path | None = None,
    chunk: int = CHUNK,
    progress: Any = None,
    resume: Literal["auto"] | bool = "auto",
) -> Ensemble:
    """Follow many particles through a field by fixed steps.

    The steps are relativistic and symmetric (half a step of the position, a step of the momentum with the fields at
    the place and time in the middle, half a step of the position), so that position and velocity are known at the same
    times and both are of second order in `dt`. Boris' scheme conserves the energy exactly without E; those of Vay and
    of Higuera & Cary also keep the E x B drift exactly [Ripperda2018]_.

    Parameters
    ----------
    field : source, OrbitField or list
        What they move in.
    species : Species or str
        What they are.
    position, velocity : array_like, shapes (n, 3) or (3,), metre and m/s
        At the start.
    duration : float, second
        How long.
    dt : float, second
        The longest step; the one taken fills the duration a whole number of times. A warning says if a particle
        gyrated by more than a fifth of a turn in a step.
    method : {"higuera-cary", "vay", "boris"}
        The scheme.
    times : array_like, shape (k,), second, optional
        When to write down positions and velocities, from the start; each is taken at the nearest step. The end by
        default.
    start : float or array_like, shape (n,), second
        The time at which each starts; matters in fields that depend on time.
    walls : list of AbsorbingBall, EnclosingBall and AbsorbingHalfSpace
        Where particles are lost; looked at after each step, and on the straight way of a step towards a ball. A
        particle is lost too where the field is not defined.
    folder : path, optional
        Where to stream the results to, a chunk at a time. An interrupted run goes on where it was, to the same arrays
        bit for bit: see `magneton.runs.execute`, as for `progress` and `resume`.
    chunk : int
        Particles a chunk.

    Returns
    -------
    Ensemble
        With ``time``, ``position``, ``velocity``, ``energy``, ``mu``, ``lost``, ``lost_time`` and ``certificate``.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton import UniformField, orbits
    >>> start = np.zeros((1000, 3))
    >>> velocity = np.random.default_rng(1).normal(scale=1e5, size=(1000, 3))
    >>> protons = orbits.trace_ensemble(UniformField([0, 0, 1e-3]), "proton", start, velocity, 1e-3, dt=1e-6)
    >>> bool(protons.certificate.worst < 1e-13)
    True
    """
    field, species = as_field(field), as_species(species)
    x, w, begin = states(position, velocity, start)
    duration = _check.positive("duration", duration, "s")
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {_check.shown(method)}")
    step = required_step(field, species, x, w, begin, dt)
    steps = max(1, math.ceil(duration / step * (1.0 - 1e-12)))
    if steps > 2**40:
        raise ValueError(
            f"dt must not be that short: {duration:g} s would take {steps:.1e} steps of {step:g} s"
        )
    step = duration / steps
    samples, rows = sample_steps(times, duration, step, steps), wall_rows(walls)
    compiled = field.compiled

    def work(first: int, last: int) -> Chunk:
        count = last - first
        xs, ws, begins = x[first:last], w[first:last], begin[first:last]
        places, momenta = np.empty((count, len(samples), 3)), np.empty((count, len(samples), 3))
        lost, turns = np.empty((count, 2), dtype=np.int64), np.empty(count)
        flat = compiled.kinds, compiled.starts, compiled.params, METHODS[method]
        ratio = species.charge / species.mass
        parallel_for(
            lambda i, j: push_particles(
                *flat, ratio, step, rows, samples, xs, ws, begins, places, momenta, lost, turns, i, j
            ),
            count,
            LANES,
        )
        return _results(field, species, (xs, ws), (places, momenta, lost, turns), (samples, step))

    names, params = fingerprint(field, folder is not None)
    spec = {
        "task": "trace_ensemble",
        "field": names,
        "charge": species.charge,
        "mass": species.mass,
        "method": method,
        "dt": step,
        "walls": rows,
    }
    inputs = {"field": params, "position": x, "momentum": w, "start": begin, "samples": samples}
    run = execute(
        folder,
        spec,
        len(x),
        work,
        chunk=chunk,
        inputs=inputs,
        units=_UNITS,
        dims=_DIMS,
        item="particle",
        progress=progress,
        resume=resume,
    )
    warn_of_turns(run["largest_turn"], step)
    return Ensemble(field, species, samples * step, begin, run)


def _results(field: OrbitField, species: Species, begun: Any, ended: Any, sampling: Any) -> Chunk:
    """Return the arrays of a chunk, and how well the energy was kept where it should be."""
    (x, w), (places, momenta, losses, turns), (samples, step) = begun, ended, sampling
    lost = losses[:, 0]
    gamma = np.sqrt(1.0 + np.sum(momenta * momenta, axis=-1, keepdims=True))
    arrays = {
        "position": places,
        "velocity": momenta * (_C / gamma),
        "lost_time": np.where(lost >= 0, lost * step, np.nan),
        "lost_by": losses[:, 1],
        "largest_turn": turns,
    }
    drift = {}
    if not field.time_dependent:
        whole = np.concatenate([w[:, None], momenta], axis=1)
        there = np.concatenate([x[:, None], places], axis=1)
        drift = energy_drift(field, species, there, _kinetic_energy(species, whole))
    taken = np.where(lost >= 0, lost, samples[-1])
    return Chunk(arrays, drift, {"particle-steps": int(taken.sum())})
