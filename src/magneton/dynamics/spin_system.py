"""Moments that precess about the field they feel."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton import _check, constants
from magneton.dynamics.integrators import (
    METHODS,
    THERMAL,
    Stepper,
    angle_deviation,
    random_key,
    thermal_deviation,
)
from magneton.dynamics.terms.assembled import Energies, assembled
from magneton.dynamics.terms.base import Moments
from magneton.dynamics.trajectory import Trajectory
from magneton.runs import Chunk, Drift, execute, relative_drift

#: Times, and vectors, that a run writes down unless the caller says otherwise.
_TIMES, _VECTORS = 1000, 10_000_000
#: Vectors, and moment-steps, in a chunk unless the caller says otherwise: 50 MB, and seconds.
_CHUNK_VECTORS, _CHUNK_STEPS = 2_000_000, 200_000_000
#: |gamma| B dt above which a thermal run is warned of: the mean moment is then wrong by per cents.
_LARGEST_TURN = 0.1
_UNITS = {"moments": "A m^2", "mean_moment": "A m^2", "energy": "J"}
_DIMS = {"moments": ("moment", "component"), "mean_moment": ("component",)}


class SpinSystem:
    """Moments that precess: dm/dt = gamma m x B_eff - sign(gamma) (alpha/|m|) m x dm/dt.

    This is Gilbert's equation [Gilbert2004]_, with B_eff = -dE/dm of the sum E of all terms. Solved for dm/dt it is
    that of Landau and Lifshitz: du/dt = gamma' u x B - alpha |gamma'| u x (u x B), u = m/|m|,
    gamma' = gamma/(1 + alpha^2). Damping turns moments towards B_eff for either sign of gamma.

    Parameters
    ----------
    moments : array_like, shape (n, 3) or (3,), A m^2
        At the start.
    positions : array_like, shape (n, 3) or (3,), metre, optional
        Where they are, for terms that depend on it.
    terms : list
        The parts of the energy: `Zeeman`, `UniaxialAnisotropy`, ...
    gamma : float or array_like, shape (n,), 1/(s T)
        Gyromagnetic ratios, signed; the electron's by default.
    alpha : float or array_like, shape (n,)
        Gilbert's damping.

    Raises
    ------
    ValueError
        For a moment of no length, a gamma that is zero, a negative alpha, or terms that do not fit.

    Examples
    --------
    >>> from magneton import constants
    >>> from magneton.dynamics import SpinSystem, Zeeman
    >>> spin = SpinSystem([constants.mu_B, 0, 0], terms=[Zeeman([0, 0, 1])], alpha=0.1)
    >>> run = spin.run(100e-12, dt=1e-13)
    >>> (run.moments[-1, 0] / constants.mu_B).round(6)
    array([ 0.052571, -0.335359,  0.940623])
    """

    def __init__(
        self,
        moments: Any,
        positions: Any = None,
        terms: Any = (),
        gamma: Any = constants.gamma_e,
        alpha: Any = 0.0,
    ) -> None:
        self.moments = _rows("moments", moments, "A m^2")
        self.magnitude = np.linalg.norm(self.moments, axis=1)
        if not self.magnitude.all():
            raise ValueError(
                f"moments must not be zero, got moment {int(np.flatnonzero(self.magnitude == 0.0)[0])}"
            )
        self.positions = None if positions is None else _rows("positions", positions, "m")
        if self.positions is not None:
            _check.same_length("positions", self.positions, "moments", self.moments)
        self.gamma = _each("gamma", gamma, "1/(s T)", len(self.moments))
        if not self.gamma.all():
            raise ValueError("gamma must not be zero")
        self.alpha = _each("alpha", alpha, "1", len(self.moments))
        if self.alpha.min() < 0.0:
            raise ValueError(f"alpha must not be negative, got {self.alpha.min():g}")
        self._energies: Energies = assembled(terms, Moments(self.magnitude, self.positions))
        self.terms = tuple(terms)

    def __len__(self) -> int:
        return len(self.moments)

    def __repr__(self) -> str:
        names = ", ".join(type(term).__name__ for term in self.terms) or "no terms"
        return f"<SpinSystem: {len(self)} moments, {names}>"

    def _at(self, moments: Any, t: Any) -> tuple[np.ndarray, float]:
        """Return the field and the energy."""
        m = self.moments if moments is None else _rows("moments", moments, "A m^2")
        if m.shape != self.moments.shape:
            raise ValueError(f"moments must have shape {self.moments.shape}, got shape {m.shape}")
        return self._energies.field_and_energy(m / self.magnitude[:, None], _check.number("t", t, "s"))

    def energy(self, moments: Any = None, t: float = 0.0) -> float:
        """Return the energy of all terms.

        Parameters
        ----------
        moments : array_like, shape (n, 3), A m^2, optional
            Of the system's magnitudes; those at the start by default.
        t : float, second
            When.

        Returns
        -------
        float, joule
            E; each pair counts once.
        """
        return self._at(moments, t)[1]

    def field(self, moments: Any = None, t: float = 0.0) -> np.ndarray:
        """Return B_eff = -dE/dm.

        Parameters
        ----------
        moments : array_like, shape (n, 3), A m^2, optional
            Of the system's magnitudes; those at the start by default.
        t : float, second
            When.

        Returns
        -------
        ndarray, shape (n, 3), tesla
            The field at each moment; what lies along a moment has no effect.
        """
        return self._at(moments, t)[0]

    def torque(self, moments: Any = None, t: float = 0.0) -> np.ndarray:
        """Return m x B_eff, shape (n, 3), in N m; parameters as for `field`."""
        m = self.moments if moments is None else _rows("moments", moments, "A m^2")
        return np.cross(m, self.field(m, t))

    def run(
        self,
        duration: float,
        *,
        dt: float,
        method: Literal["lie-rk4", "midpoint", "gauss4", "depondt-mertens", "strang"] | None = None,
        times: Any = None,
        temperature: float = 0.0,
        seed: int | None = None,
        folder: str | Path | None = None,
        chunk: int | None = None,
        progress: Any = None,
        resume: Literal["auto"] | bool = "auto",
    ) -> Trajectory:
        """Follow the moments in time by fixed steps.

        All methods keep the magnitudes to rounding. With a temperature, "depondt-mertens" and "midpoint" have in each
        step a thermal field that is constant over it, of the variance 2 alpha k_B T/(|gamma| |m| dt) a component
        [Brown1963]_ (see `magneton.dynamics.integrators.thermal_deviation`): they converge to the solution in
        Stratonovich's sense, their means with the first order of `dt`. "strang" has random rotations instead, half a
        step of the same diffusion before and after each step of the rest, and means of second order.

        Moments that do not feel each other are stepped each by itself. Results do not depend on the number of threads,
        nor on chunks.

        Parameters
        ----------
        duration : float, second
            How long.
        dt : float, second
            The longest step; the one taken fills the duration a whole number of times.
        method : {"lie-rk4", "midpoint", "gauss4", "depondt-mertens", "strang"}, optional
            Rotations of order 4 [CelledoniMarthinsenOwren2003]_ (the default without temperature); the implicit
            midpoint rule and the Gauss-Legendre method of order 4, which also keep an energy quadratic in the moments
            [HairerLubichWanner2006]_; rotations of order 2 [DepondtMertens2009]_; these between random rotations (the
            default with a temperature). With a temperature "strang", "depondt-mertens" or "midpoint".
        times : array_like, shape (k,), second, optional
            When to write down the moments, ascending; each is taken at the nearest step. By default at every step, but
            at not more than a thousand times, and fewer if the moments are more than ten thousand.
        temperature : float, kelvin
            T.
        seed : int, optional
            Of the thermal field; needed with a temperature.
        folder : path, optional
            Where to stream the results to. An interrupted run goes on where it was, to the same arrays bit for bit: see
            `magneton.runs.execute`, as for `progress` and `resume`.
        chunk : int, optional
            Times a chunk.

        Returns
        -------
        Trajectory
            With ``time``, ``moments``, ``mean_moment``, ``energy`` and ``certificate``: the drift of the magnitudes
            and, without damping, in static terms, of the energy.

        Warns
        -----
        UserWarning
            If |gamma| B dt exceeds 0.1 in a run with a temperature.
        """
        duration = _check.positive("duration", duration, "s")
        steps = max(1, math.ceil(duration / _check.positive("dt", dt, "s") * (1.0 - 1e-12)))
        step = duration / steps
        temperature, seed = _thermal(temperature, seed)
        name = _method(method, temperature)
        samples = _samples(times, duration, step, steps, len(self))
        work = _Work(self, self._stepper(METHODS[name], step, temperature, seed), samples)
        if temperature:
            self._warn_of_turns(work.start_field, step)
        spec = {"task": "SpinSystem.run", "method": name, "dt": step, "temperature": temperature}
        spec |= {"seed": seed} if temperature else {}
        kept = execute(
            folder,
            spec,
            len(samples),
            work,
            chunk=_chunk(samples, len(self)) if chunk is None else chunk,
            inputs=self._inputs(work, samples),
            units=_UNITS,
            dims=_DIMS,
            item="time",
            progress=progress,
            resume=resume,
            in_sequence=True,
        )
        return Trajectory(samples * step, kept)

    def _stepper(self, method: int, dt: float, temperature: float, seed: int | None) -> Stepper:
        """Return what takes the moments through steps."""
        slower = self.gamma / (1.0 + self.alpha**2)
        thermal = np.zeros(len(self))
        if temperature:
            deviation = angle_deviation if method == METHODS["strang"] else thermal_deviation
            thermal = deviation(self.magnitude, self.gamma, self.alpha, temperature, dt)
        rates = np.column_stack([slower * dt, self.alpha * np.abs(slower) * dt, thermal])
        return Stepper(self._energies, method, dt, rates, random_key(seed or 0))

    def _inputs(self, work: _Work, samples: np.ndarray) -> dict[str, np.ndarray]:
        """Return all arrays that a run depends on; of terms that couple moments, what field they make."""
        kinds, rows, starts, values = self._energies.local
        return {
            "moments": self.moments,
            "gamma": self.gamma,
            "alpha": self.alpha,
            "samples": samples,
            "terms": np.concatenate([kinds, rows, starts, values]),
            "field": work.start_field,
        }

    def _warn_of_turns(self, field: np.ndarray, dt: float) -> None:
        """Warn of steps in which moments turn far."""
        turn = float((np.abs(self.gamma) * np.linalg.norm(field, axis=1)).max() * dt)
        if turn > _LARGEST_TURN:
            warnings.warn(
                f"|gamma| B dt is {turn:.2g}: above {_LARGEST_TURN} thermal means may be wrong by per cents",
                stacklevel=3,
            )


class _Work:
    """Computes the samples of a run in sequence."""

    def __init__(self, system: SpinSystem, stepper: Stepper, samples: np.ndarray) -> None:
        """Take the system from its start."""
        self.system, self.stepper, self.samples = system, stepper, samples
        self.start = system.moments / system.magnitude[:, None]
        self.start_field, self.start_energy = stepper.energies.field_and_energy(self.start, 0.0)

    def __call__(self, start: int, stop: int, state: Any) -> Chunk:
        """Return the moments at the samples start .. stop."""
        u = self.start.copy() if state is None else np.array(state["u"])
        before = begun = 0 if state is None else int(state["step"])
        magnitude = self.system.magnitude[:, None]
        moments, energy, change = np.empty((stop - start, *u.shape)), np.empty(stop - start), np.zeros(len(u))
        length = np.linalg.norm(self.start, axis=1)
        for row, sample in enumerate(self.samples[start:stop].tolist()):
            self.stepper.advance(u, before, sample - before)
            before = sample
            np.multiply(u, magnitude, out=moments[row])
            energy[row] = self.stepper.energies.field_and_energy(u, sample * self.stepper.dt)[1]
            np.maximum(change, np.abs(np.linalg.norm(u, axis=1) - length), out=change)
        worst = int(np.argmax(change))  # a nan counts as the largest
        drift = {"|m|": Drift(float(change[worst]), float(self.system.magnitude[worst]), "A m^2")}
        return Chunk(
            {"moments": moments, "mean_moment": moments.mean(axis=1), "energy": energy},
            drift | self._energy_drift(energy),
            {"moment-steps": len(u) * (before - begun)},
            {"u": u, "step": before},
        )

    def _energy_drift(self, energy: np.ndarray) -> dict[str, Drift]:
        """Return how well the energy was kept, where it should be."""
        system = self.system
        if system.alpha.any() or self.stepper.energies.time_dependent:
            return {}
        typical = float(system.magnitude @ np.linalg.norm(self.start_field, axis=1))
        scale = max(typical, abs(self.start_energy))
        return {"energy": relative_drift([self.start_energy], energy[None], scale, "J")}


def _rows(name: str, value: Any, unit: str) -> np.ndarray:
    """Return vectors, shape (n, 3), of one or many."""
    array = _check.numbers(name, value, unit)
    return _check.vectors(name, array[None] if array.shape == (3,) else array, unit)


def _each(name: str, value: Any, unit: str, count: int) -> np.ndarray:
    """Return a number for each moment, shape (n,)."""
    array = _check.numbers(name, value, unit)
    if array.shape not in ((), (1,), (count,)):
        raise ValueError(f"{name} must be a number or have shape ({count},), got shape {array.shape}")
    array = np.array(np.broadcast_to(array, count))
    array.setflags(write=False)
    return array


def _thermal(temperature: Any, seed: Any) -> tuple[float, int | None]:
    """Return the temperature and the seed, which belongs to it."""
    temperature = _check.number("temperature", temperature, "K")
    if temperature < 0.0:
        raise ValueError(f"temperature must not be negative, got {temperature:g}")
    if temperature and seed is None:
        raise ValueError("seed must be an integer, 0 or more, in a run with a temperature, got None")
    return temperature, None if seed is None else _check.integer("seed", seed, 0)


def _method(method: str | None, temperature: float) -> str:
    """Return the name of the method, one that is right for the temperature."""
    names = THERMAL if temperature else tuple(METHODS)
    if method is None:
        return THERMAL[0] if temperature else "lie-rk4"
    if method not in names:
        at = " with a temperature" if temperature else ""
        raise ValueError(f"method must be one of {', '.join(names)}{at}, got {_check.shown(method)}")
    return method


def _samples(times: Any, duration: float, step: float, steps: int, moments: int) -> np.ndarray:
    """Return the numbers of steps after which moments are written down."""
    if times is None:
        count = min(steps, _TIMES, max(1, _VECTORS // moments))
        return np.rint(np.linspace(0.0, steps, count + 1)).astype(np.int64)
    asked = np.atleast_1d(_check.numbers("times", times, "s"))
    if asked.ndim != 1 or not asked.size or (np.diff(asked) < 0.0).any():
        raise ValueError(f"times must ascend, in a list of one or more, got {_check.shown(times)}")
    if asked[0] < 0.0 or asked[-1] > duration * (1.0 + 1e-12):
        raise ValueError(f"times must lie within 0 and {duration:g} s, got {asked[0]:g} to {asked[-1]:g}")
    return np.minimum(np.rint(asked / step).astype(np.int64), steps)


def _chunk(samples: np.ndarray, moments: int) -> int:
    """Return how many times make a chunk."""
    steps = max(1, int(samples[-1]) // len(samples))
    return max(1, min(_CHUNK_VECTORS, _CHUNK_STEPS // steps) // moments)
