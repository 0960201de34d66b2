"""Many particles at once, by fixed steps: over threads, in chunks, streamed to disk and resumed."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton import _check, constants
from magneton._jit import field_function_name, parallel_for
from magneton.kernels import field as codes
from magneton.orbits._push import LANES, METHODS, push_particles
from magneton.orbits.fields.base import OrbitField, as_field
from magneton.orbits.species import Species, as_species
from magneton.orbits.walls import wall_rows
from magneton.runs import Chunk, Run, execute, relative_drift
from magneton.summation.compiled import CompiledField

_C = float(constants.c)
#: Particles a chunk: its work takes seconds, and its files are of a handy size.
CHUNK = 32768
_UNITS = {"position": "m", "velocity": "m/s", "lost_time": "s"}
_DIMS = {"position": ("time", "component"), "velocity": ("time", "component"), "lost_time": ()}


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Orbits of many particles.

    Attributes
    ----------
    field : OrbitField
        What they moved in.
    species : Species
        What they are.
    time : ndarray, shape (k,), second
        The times of the samples, counted from each particle's own start.
    run : magneton.runs.Run
        The arrays as they were computed, with the certificate.
    """

    field: OrbitField
    species: Species
    time: np.ndarray
    run: Run

    @functools.cached_property
    def position(self) -> np.ndarray:
        """The positions, shape (n, k, 3), in metre; of a lost particle the place where it was lost."""
        return self.run["position"]

    @functools.cached_property
    def velocity(self) -> np.ndarray:
        """The velocities, shape (n, k, 3), in m/s."""
        return self.run["velocity"]

    @property
    def energy(self) -> np.ndarray:
        """The kinetic energies, shape (n, k), in joule."""
        return _kinetic_energy(self.species, _momentum(self.velocity))

    @functools.cached_property
    def lost_time(self) -> np.ndarray:
        """When each was lost, shape (n,), in second from its start; nan for those that were not."""
        return self.run["lost_time"]

    @property
    def lost(self) -> np.ndarray:
        """Which were lost, shape (n,)."""
        return ~np.isnan(self.lost_time)

    @property
    def certificate(self) -> Any:
        """What was conserved and how well, and with what it was computed: see `magneton.runs.Certificate`."""
        return self.run.certificate

    def __len__(self) -> int:
        return self.run.count

    def to_xarray(self) -> Any:
        """Return all arrays as an `xarray.Dataset` with units."""
        dataset = self.run.to_xarray()
        return dataset.assign_coords(
            time=("time", self.time, {"units": "s"}), component=("component", ["x", "y", "z"])
        )


def _momentum(velocity: np.ndarray) -> np.ndarray:
    """Return gamma v/c."""
    beta = velocity / _C
    return beta / np.sqrt(1.0 - np.sum(beta * beta, axis=-1, keepdims=True))


def _kinetic_energy(species: Species, w: np.ndarray) -> np.ndarray:
    """Return (gamma - 1) m c^2 without the difference."""
    w2 = np.sum(w * w, axis=-1)
    return species.rest_energy * w2 / (1.0 + np.sqrt(1.0 + w2))


def fingerprint(compiled: CompiledField) -> tuple[list[str], np.ndarray]:
    """Return what a field is, the same in every process: names of its functions, and its numbers without addresses."""
    names, params = [], compiled.params.copy()
    for kind, start in zip(compiled.kinds, compiled.starts[:-1], strict=True):
        name = str(int(kind))
        if kind in (codes.BODY, codes.TIMED):
            name = field_function_name(int(params[start + 13])) or "user"
            params[start + 13] = 0.0
        names.append(name)
    return names, params


def _samples(times: Any, duration: float, dt: float, steps: int) -> np.ndarray:
    """Return the numbers of steps after which to write down."""
    if times is None:
        return np.array([steps])
    wanted = _check.real_array("times", times, "s", "an array of times")
    if wanted.ndim != 1 or not len(wanted) or (np.diff(wanted) <= 0).any():
        raise ValueError(f"times must be a list of increasing times, got {_check.shown(times)}")
    if wanted[0] < 0 or wanted[-1] > duration * (1 + 1e-12):
        raise ValueError(
            f"times must lie between 0 and the duration {duration:g} s, got {_check.shown(times)}"
        )
    return np.rint(wanted / dt).astype(np.int64)


def _states(position: Any, velocity: Any, start: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x = np.atleast_2d(_check.vectors("position", np.atleast_2d(position), "m"))
    v = np.atleast_2d(_check.vectors("velocity", np.atleast_2d(velocity), "m/s"))
    try:
        x, v = np.broadcast_arrays(x, v)
    except ValueError:
        raise ValueError(
            f"position and velocity must have the same length, got {len(x)} and {len(v)}"
        ) from None
    fastest = float(np.sqrt(np.max(np.sum(v * v, axis=1))))
    if fastest >= _C:
        raise ValueError(f"velocity must be slower than light, got {fastest:.9g} m/s")
    begin = np.broadcast_to(_check.real_array("start", start, "s", "a number or one for each"), len(x))
    return np.ascontiguousarray(x), np.ascontiguousarray(_momentum(v)), np.ascontiguousarray(begin)


def _require_step(field: OrbitField, species: Species, x: np.ndarray, w: np.ndarray, dt: Any) -> float:
    """Return the step, or say what it could be."""
    if dt is not None:
        return _check.positive("dt", dt, "s")
    strongest = float(np.nanmax(np.linalg.norm(field.B(x), axis=1)))
    period = 2 * math.pi * species.mass / (abs(species.charge) * strongest) if strongest > 0 else math.inf
    raise ValueError(
        "dt must be given; a fiftieth of the shortest gyration at the start (without gamma) "
        f"is {period / 50:.3g} s"
    )


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
        How long; a whole number of steps is taken, the last time is the nearest multiple of `dt`.
    dt : float, second
        The step.
    method : {"higuera-cary", "vay", "boris"}
        The scheme.
    times : array_like, shape (k,), second, optional
        When to write down positions and velocities, from the start; each is taken at the nearest step. The end by
        default.
    start : float or array_like, shape (n,), second
        The time at which each starts; matters in fields that depend on time.
    walls : list of AbsorbingBall, EnclosingBall and AbsorbingHalfSpace
        Where particles are lost; looked at after each step. A particle is lost too where the field is not defined.
    folder : path, optional
        Where to stream the results to, a chunk at a time. An interrupted run goes on where it was, to the same arrays
        bit for bit: see `magneton.runs.execute`, as for `progress` and `resume`.
    chunk : int
        Particles a chunk.

    Returns
    -------
    Ensemble
        With ``time``, ``position``, ``velocity``, ``energy``, ``lost``, ``lost_time`` and ``certificate``.

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
    x, w, begin = _states(position, velocity, start)
    duration = _check.positive("duration", duration, "s")
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {_check.shown(method)}")
    step = _require_step(field, species, x, w, dt)
    steps = max(1, round(duration / step))
    if steps > 2**40:
        raise ValueError(
            f"dt must not be that short: {duration:g} s would take {steps:.1e} steps of {step:g} s"
        )
    samples, rows = _samples(times, duration, step, steps), wall_rows(walls)
    compiled = field.compiled

    def work(first: int, last: int) -> Chunk:
        count = last - first
        xs, ws, begins = x[first:last], w[first:last], begin[first:last]
        places, momenta = np.empty((count, len(samples), 3)), np.empty((count, len(samples), 3))
        lost = np.empty(count, dtype=np.int64)
        flat = compiled.kinds, compiled.starts, compiled.params, METHODS[method]
        ratio = species.charge / species.mass
        parallel_for(
            lambda i, j: push_particles(
                *flat, ratio, step, rows, samples, xs, ws, begins, places, momenta, lost, i, j
            ),
            count,
            LANES,
        )
        return _results(field, species, (xs, ws, begins), (places, momenta, lost), (samples, step))

    names, params = fingerprint(compiled)
    spec = {
        "task": "trace_ensemble",
        "field": names,
        "charge": species.charge,
        "mass": species.mass,
        "method": method,
        "dt": step,
        "samples": samples,
        "walls": rows,
    }
    inputs = {"field": params, "position": x, "momentum": w, "start": begin}
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
    return Ensemble(field, species, samples * step, run)


def _results(field: OrbitField, species: Species, begun: Any, ended: Any, sampling: Any) -> Chunk:
    """Return the arrays of a chunk, and how well the energy was kept where it should be."""
    (x, w, start), (places, momenta, lost), (samples, step) = begun, ended, sampling
    gamma = np.sqrt(1.0 + np.sum(momenta * momenta, axis=-1, keepdims=True))
    arrays = {
        "position": places,
        "velocity": momenta * (_C / gamma),
        "lost_time": np.where(lost >= 0, lost * step, np.nan),
    }
    drift = {}
    if not field.time_dependent:
        before, after = _kinetic_energy(species, w), _kinetic_energy(species, momenta)
        scale = before
        if field.electric:
            before = before + species.charge * field.electric_potential(x, start)
            after = after + species.charge * field.electric_potential(places)
            scale = np.maximum(scale, _kinetic_energy(species, momenta).max(axis=1))
        known = np.isfinite(before) & np.isfinite(after).all(axis=1)
        drift["energy"] = relative_drift(before[known], after[known], scale[known], "J")
    taken = np.where(lost >= 0, lost, samples[-1])
    return Chunk(arrays, drift, {"particle-steps": int(taken.sum())})
