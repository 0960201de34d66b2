"""Moments that precess about the field they feel."""

from __future__ import annotations

import copy
import functools
import math
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton import _check, constants
from magneton.dynamics._adaptive_run import adaptive_run
from magneton.dynamics._spin_run import (
    ADAPTIVE,
    DIMS,
    UNITS,
    Work,
    chunk_of,
    inputs_of,
    method_name,
    sample_steps,
    stepper_of,
    thermal_arguments,
)
from magneton.dynamics._turns import TurnWatch
from magneton.dynamics.integrators import METHODS
from magneton.dynamics.terms.assembled import Energies, assembled
from magneton.dynamics.terms.base import Moments, lengths
from magneton.dynamics.trajectory import Trajectory
from magneton.runs import execute

#: Relative differences of magnitudes that are taken for rounding.
_SAME_MAGNITUDE = 1e-6


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

    Notes
    -----
    Its attributes are its arguments, which cannot be set afterwards, and ``magnitude``, shape (n,).

    Examples
    --------
    >>> from magneton import constants
    >>> from magneton.dynamics import SpinSystem, Zeeman
    >>> spin = SpinSystem([constants.mu_B, 0, 0], terms=[Zeeman([0, 0, 1])], alpha=0.1)
    >>> run = spin.run(100e-12, dt=1e-13)
    >>> (run.moments[-1, 0] / constants.mu_B).round(6)
    array([ 0.052571, -0.335359,  0.940623])
    """

    moments: np.ndarray
    magnitude: np.ndarray
    positions: np.ndarray | None
    gamma: np.ndarray
    alpha: np.ndarray
    terms: tuple[Any, ...]
    _energies: Energies

    def __init__(
        self,
        moments: Any,
        positions: Any = None,
        terms: Any = (),
        gamma: Any = constants.gamma_e,
        alpha: Any = 0.0,
    ) -> None:
        set_ = functools.partial(object.__setattr__, self)
        set_("moments", _rows("moments", moments, "A m^2"))
        set_("magnitude", lengths(self.moments))
        self.magnitude.setflags(write=False)
        if not self.magnitude.all():
            raise ValueError(
                f"moments must not be zero, got moment {int(np.flatnonzero(self.magnitude == 0.0)[0])}"
            )
        set_("positions", None if positions is None else _rows("positions", positions, "m"))
        if self.positions is not None:
            _check.same_length("positions", self.positions, "moments", self.moments)
        set_("gamma", _each("gamma", gamma, "1/(s T)", len(self.moments)))
        if not self.gamma.all():
            raise ValueError("gamma must not be zero")
        set_("alpha", _each("alpha", alpha, "1", len(self.moments)))
        if self.alpha.min() < 0.0:
            raise ValueError(f"alpha must not be negative, got {self.alpha.min():g}")
        set_("_energies", assembled(terms, Moments(self.magnitude, self.positions)))
        set_("terms", tuple(terms))

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse: what the terms were made of cannot be changed under them."""
        raise AttributeError(f"{name} of a SpinSystem cannot be set: make another SpinSystem")

    def __len__(self) -> int:
        return len(self.moments)

    def __repr__(self) -> str:
        names = ", ".join(type(term).__name__ for term in self.terms) or "no terms"
        return f"<SpinSystem: {len(self)} moments, {names}>"

    def with_moments(self, moments: Any) -> SpinSystem:
        """Return the same system with other moments at the start, shape (n, 3) in A m^2, of the same magnitudes."""
        other = copy.copy(self)
        object.__setattr__(other, "moments", self._own(moments))
        return other

    def _own(self, moments: Any) -> np.ndarray:
        """Return moments of the system's magnitudes, those at the start for None."""
        if moments is None:
            return self.moments
        m = _rows("moments", moments, "A m^2")
        if m.shape != self.moments.shape:
            raise ValueError(f"moments must have shape {self.moments.shape}, got shape {m.shape}")
        size = lengths(m)
        off = np.abs(size / self.magnitude - 1.0)
        if off.max() > _SAME_MAGNITUDE:
            i = int(np.argmax(off))
            raise ValueError(
                f"moments must have the system's magnitudes, {self.magnitude[i]:.6g} A m^2 of moment {i}, "
                f"got {size[i]:.6g} A m^2"
            )
        return m

    def _at(self, moments: Any, t: Any) -> tuple[np.ndarray, float]:
        """Return the field and the energy."""
        u = self._own(moments) / self.magnitude[:, None]
        return self._energies.field_and_energy(u, _check.number("t", t, "s"))

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
        m = self._own(moments)
        return np.cross(m, self.field(m, t))

    def run(
        self,
        duration: float,
        *,
        dt: float | None = None,
        method: Literal["lie-rk4", "midpoint", "gauss4", "depondt-mertens", "strang", "dop853"] | None = None,
        rtol: float | None = None,
        times: Any = None,
        events: Any = (),
        dense: bool | None = None,
        temperature: float = 0.0,
        seed: int | None = None,
        folder: str | Path | None = None,
        chunk: int | None = None,
        progress: Any = None,
        resume: Literal["auto"] | bool = "auto",
    ) -> Trajectory:
        """Follow the moments in time, by fixed steps `dt` or by adaptive ones to a tolerance `rtol`.

        All methods keep the magnitudes to rounding. With a temperature, "depondt-mertens" and "midpoint" have in each
        step a thermal field that is constant over it, of the variance 2 alpha k_B T/(|gamma| |m| dt) a component
        [Brown1963]_ (see `magneton.dynamics.integrators.thermal_deviation`): they converge to the solution in
        Stratonovich's sense, their means with the first order of `dt`. "strang" has random rotations instead, half a
        step of the same diffusion before and after each step of the rest, and means of second order.

        "dop853" is the method of Dormand and Prince of order 8 [HairerNorsettWanner1993]_. All moments take the same
        steps, ended by a projection onto the spheres, which keeps the order, as the exact end is there
        [HairerLubichWanner2006]_ IV.4. Steps end at the kinks of a `Ramp`, and are short enough to see pulses and
        oscillations.

        The implicit methods solve each step for a field that stays, of any strength, and iterate. That comes to rest,
        unless what moments do in a step to the fields they feel, or alpha times the field, turns them by some radians.

        Moments that do not feel each other are stepped each by itself. Results do not depend on the number of threads,
        nor on chunks.

        Parameters
        ----------
        duration : float, second
            How long.
        dt : float, second
            The longest step; fixed steps fill the duration a whole number of times. "dop853" needs none.
        method : {"lie-rk4", "midpoint", "gauss4", "depondt-mertens", "strang", "dop853"}, optional
            Rotations of order 4 [CelledoniMarthinsenOwren2003]_ (the default with a `dt`, without temperature); the
            implicit midpoint rule and the Gauss-Legendre method of order 4, which also keep an energy quadratic in the
            moments [HairerLubichWanner2006]_; rotations of order 2 [DepondtMertens2009]_; these between random
            rotations (the default with a temperature); adaptive steps (the default without a `dt`). With a temperature
            "strang", "depondt-mertens" or "midpoint".
        rtol : float, optional
            Of "dop853": the error of each moment allowed to a step, relative to |m|; 1e-9 by default.
        times : array_like, shape (k,), second, optional
            When to write down the moments, ascending; by fixed steps each is moved to the nearest one, no two to the
            same, and the result's ``time`` says when; by "dop853" they are on its dense output. By default at every
            step, or at times evenly apart, but at not more than a thousand, and fewer if the moments are more than ten
            thousand.
        events : list or mapping, optional
            Of "dop853": `ComponentCrossing`, `FunctionCrossing`, or functions f(t, moments) whose sign changes.
        dense : bool, optional
            Of "dop853": whether the result's `at` is to have the moments at any time, for 192 bytes a moment and step.
            By default it has, up to a gigabyte.
        temperature : float, kelvin
            T.
        seed : int, optional
            Of the thermal field; needed with a temperature.
        folder : path, optional
            Where to stream the results to, by fixed steps. An interrupted run goes on where it was, to the same arrays
            bit for bit: see `magneton.runs.execute`, as for `progress` and `resume`.
        chunk : int, optional
            Times a chunk.

        Returns
        -------
        Trajectory
            With ``time``, ``moments``, ``mean_moment``, ``energy`` and ``certificate``: the drift of the magnitudes
            and, without damping, in static terms, of the energy. By "dop853" also with ``events``, ``end`` and
            ``at(t)``.

        Raises
        ------
        ValueError
            For a method that cannot do what is asked; for implicit steps too long for their iterations; for two
            times at one step; for steps in which the thermal field turns moments by more than a radian.

        Warns
        -----
        UserWarning
            With fixed steps, if |gamma| B dt exceeds 1, or 0.1 in a run with a temperature, or the thermal field
            turns moments far in a step: by sqrt(2 alpha/(1 + alpha^2) |gamma| k_B T dt/|m|) a component, more than
            0.6 rad with "strang" and 0.2 rad with the others, where means are wrong by a per cent or so.
            B is a bound on the fields of the terms of single moments in all the run; what moments do to each other is
            looked at at the start and at the times written down.
        """
        duration = _check.positive("duration", duration, "s")
        temperature, seed = thermal_arguments(temperature, seed)
        name = method_name(method, temperature, dt)
        if name == ADAPTIVE:
            if folder is not None or resume is True:
                raise ValueError(f"folder must be None with the method dop853, got {_check.shown(folder)}")
            return adaptive_run(self, duration, dt, rtol, times, events, dense, progress, chunk)
        for key, value in (("rtol", rtol), ("events", events or None), ("dense", dense)):
            if value is not None:
                raise ValueError(f"{key} must not be given with fixed steps, got {_check.shown(value)}")
        if dt is None:
            raise ValueError(f"dt must be given with the method {name}, got None")
        steps = max(1, math.ceil(duration / _check.positive("dt", dt, "s") * (1.0 - 1e-12)))
        step = duration / steps
        samples = sample_steps(times, duration, step, steps, len(self))
        watch = TurnWatch(self, name, step, duration, temperature)
        work = Work(self, stepper_of(self, METHODS[name], step, temperature, seed), samples, watch)
        spec = {"task": "SpinSystem.run", "method": name, "dt": step, "temperature": temperature}
        spec |= {"seed": seed} if temperature else {}
        kept = execute(
            folder,
            spec,
            len(samples),
            work,
            chunk=chunk_of(samples, len(self)) if chunk is None else chunk,
            inputs=inputs_of(self, samples),
            units=UNITS,
            dims=DIMS,
            item="time",
            progress=progress,
            resume=resume,
            in_sequence=True,
        )
        return Trajectory(samples * step, kept, duration)


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
