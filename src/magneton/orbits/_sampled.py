"""What all orbits of one particle share: samples, steps between them, energy and its drift."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._steps import Steps
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.species import Species
from magneton.runs.certificate import Certificate, Drift, session


class SampledOrbit:
    """An orbit that was sampled; subclasses are frozen dataclasses that hold these attributes."""

    field: OrbitField
    species: Species
    time: np.ndarray
    position: np.ndarray
    status: str
    step_count: int
    steps: Steps | None

    def __len__(self) -> int:
        return len(self.time)

    def __repr__(self) -> str:
        what = self.species.name or "particle"
        span = f", {self.time[0]:g} to {self.time[-1]:g} s" if len(self.time) else ""
        return f"<{type(self).__name__}: {what}, {len(self.time)} samples{span}, {self.status}>"

    def __call__(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return position and velocity at any times within the orbit.

        Parameters
        ----------
        t : array_like, shape (...), second
            When.

        Returns
        -------
        position, velocity : ndarray, shape (..., 3), metre and m/s
            Each time is reached by a Runge-Kutta step of its own from the last step before it, so that states between
            the samples are as exact as those at them.

        Raises
        ------
        ValueError
            For times outside the orbit, or where its steps were not kept.
        """
        if self.steps is None:
            raise ValueError(
                "t can be any time only for an orbit that kept its steps: trace it with dense=True"
            )
        times = _check.real_array("t", t, "s", "a number or an array of numbers")
        start = self.steps.problem.start
        elapsed = times.ravel() - start
        low, high = sorted((self.steps.times[0], self.steps.times[-1]))
        slack = 4.0 * np.finfo(float).eps * (abs(start) + max(abs(low), abs(high)))
        if len(elapsed) and (elapsed.min() < low - slack or elapsed.max() > high + slack):
            low, high = float(start + low), float(start + high)
            raise ValueError(f"t must lie between {low!r} and {high!r} s, got {_check.shown(t)}")
        states = self.steps.at_times(np.clip(elapsed, low, high))
        position, velocity = self.steps.problem.read(states, times.ravel())
        return position.reshape(*times.shape, 3), velocity.reshape(*times.shape, 3)

    @property
    def energy(self) -> np.ndarray:
        """The kinetic energies, shape (n,), in joule."""
        raise NotImplementedError

    @functools.cached_property
    def total_energy(self) -> np.ndarray:
        """The kinetic energies plus q phi, shape (n,), in joule; nan in an electric field without a potential."""
        if not self.field.electric:
            return self.energy
        return self.energy + self.species.charge * self.field.electric_potential(self.position, self.time)

    @functools.cached_property
    def B(self) -> np.ndarray:
        """The flux density at the samples, shape (n, 3), in tesla."""
        return self.field.B(self.position, self.time)

    @functools.cached_property
    def drift(self) -> dict[str, float]:
        """By how much what should be conserved has changed at most, relative to the greatest kinetic energy.

        The energy, in a field that does not depend on time and whose potential is known.
        """
        if self.field.time_dependent or not len(self.time):
            return {}
        change = float(np.max(np.abs(self.total_energy - self.total_energy[0])))
        if np.isnan(change):
            return {}
        # A particle that stays at rest has no scale, and nothing to lose.
        return {"energy": change / float(np.max(self.energy)) if change > 0.0 else 0.0}

    @property
    def certificate(self) -> Certificate:
        """What was conserved and how well, and with what it was computed."""
        scale = float(np.max(self.energy, initial=0.0))
        drift = {name: Drift(value, scale, "J") for name, value in self.drift.items()}
        return Certificate(drift=drift, steps={"steps": self.step_count}, **session())

    def _dataset(self, vectors: dict[str, str], scalars: dict[str, str]) -> Any:
        """Return attributes, given with their units, as an `xarray.Dataset`."""
        import xarray as xr

        data = {n: (("time", "component"), getattr(self, n), {"units": unit}) for n, unit in vectors.items()}
        data |= {n: (("time",), getattr(self, n), {"units": unit}) for n, unit in scalars.items()}
        coords = {
            "time": ("time", self.time, {"units": "s"}),
            "component": ("component", ["x", "y", "z"]),
        }
        attrs = {"species": self.species.name, "status": self.status, "step_count": self.step_count}
        return xr.Dataset(data, coords, attrs)
