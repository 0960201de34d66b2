"""An orbit made of guiding centres and full orbits, as it was computed."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._guiding_orbit import GuidingCentreOrbit
from magneton.orbits._sampled import SampledOrbit
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.orbit import Orbit
from magneton.orbits.species import Species


@dataclass(frozen=True, eq=False)
class Segment:
    """A part of a hybrid orbit.

    Attributes
    ----------
    kind : str
        "guiding centre" or "full".
    orbit : GuidingCentreOrbit or Orbit
        It, with the times of the whole.
    """

    kind: str
    orbit: GuidingCentreOrbit | Orbit


@dataclass(frozen=True, eq=False, repr=False)
class HybridOrbit(SampledOrbit):
    """An orbit made of guiding centres and full orbits.

    Attributes
    ----------
    field : OrbitField
        What it moved in.
    species : Species
        What it is.
    segments : tuple of Segment
        Its parts, in order; each ends at the time at which the next begins.
    """

    field: OrbitField
    species: Species
    segments: tuple[Segment, ...]

    def _joined(self, name: str) -> np.ndarray:
        return np.concatenate([getattr(segment.orbit, name) for segment in self.segments])

    def __call__(self, t: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return position and velocity at any times within it, of guiding centre or particle, whichever is followed.

        Parameters
        ----------
        t : array_like, shape (...), second
            When; at a hand-over, of the segment that begins.

        Returns
        -------
        position, velocity : ndarray, shape (..., 3), metre and m/s
            As exact as the samples.
        """
        times = _check.real_array("t", t, "s", "a number or an array of numbers")
        flat, sign = times.ravel(), 1.0 if self.time[-1] >= self.time[0] else -1.0
        which = np.searchsorted(sign * self.handover_time, sign * flat, side="right")
        position, velocity = np.empty((len(flat), 3)), np.empty((len(flat), 3))
        for i in np.unique(which):
            position[which == i], velocity[which == i] = self.segments[i].orbit(flat[which == i])
        return position.reshape(*times.shape, 3), velocity.reshape(*times.shape, 3)

    @property
    def status(self) -> str:
        """Why the last segment ended: "finished"."""
        return self.segments[-1].orbit.status

    @property
    def step_count(self) -> int:
        """The steps of all segments."""
        return sum(segment.orbit.step_count for segment in self.segments)

    @functools.cached_property
    def time(self) -> np.ndarray:
        """The times of the samples, shape (n,), in second; those of hand-overs are there twice."""
        return self._joined("time")

    @functools.cached_property
    def position(self) -> np.ndarray:
        """The positions, shape (n, 3), in metre: of guiding centres or of the particle, as `full` tells."""
        return self._joined("position")

    @functools.cached_property
    def velocity(self) -> np.ndarray:
        """The velocities of these, shape (n, 3), in m/s."""
        return self._joined("velocity")

    @functools.cached_property
    def energy(self) -> np.ndarray:
        """The kinetic energies, shape (n,), in joule."""
        return self._joined("energy")

    @functools.cached_property
    def mu(self) -> np.ndarray:
        """The first invariant, of full orbits as it is at the particle, shape (n,), in J/T."""
        return self._joined("mu")

    @functools.cached_property
    def mu_gyrocentre(self) -> np.ndarray:
        """The first invariant to first order in rho/L, shape (n,), in J/T."""
        return self._joined("mu_gyrocentre")

    @functools.cached_property
    def full(self) -> np.ndarray:
        """Which samples are of full orbits, shape (n,)."""
        return np.concatenate([np.full(len(s.orbit), s.kind == "full") for s in self.segments])

    def to_xarray(self) -> Any:
        """Return time, position, velocity, energy, both mu and `full` as an `xarray.Dataset` with units."""
        vectors = {"position": "m", "velocity": "m/s", "B": "T"}
        return self._dataset(vectors, {"energy": "J", "mu": "J/T", "mu_gyrocentre": "J/T", "full": "1"})

    @property
    def handover_time(self) -> np.ndarray:
        """When it was handed over, shape (number of segments - 1,), in second."""
        return np.array([segment.orbit.time[0] for segment in self.segments[1:]])


@dataclass(frozen=True, eq=False)
class GyrophaseAverage:
    """Hybrid orbits of particles that differ in gyrophase alone.

    Attributes
    ----------
    gyrophase : ndarray, shape (n,), radian
        The gyrophases at the first hand-over.
    orbits : tuple of HybridOrbit
        The orbits; if there was no hand-over, all the same.
    """

    gyrophase: np.ndarray
    orbits: tuple[HybridOrbit, ...]

    @functools.cached_property
    def mu(self) -> np.ndarray:
        """The first invariant of each at the end, to first order in rho/L, shape (n,), in J/T."""
        return np.array([orbit.segments[-1].orbit.mu_gyrocentre[-1] for orbit in self.orbits])

    @property
    def mu_before(self) -> float:
        """The first invariant at the start, in J/T."""
        return float(self.orbits[0].segments[0].orbit.mu_gyrocentre[0])

    @property
    def mean_mu(self) -> float:
        """The mean of mu at the end over the gyrophase, in J/T."""
        return float(np.mean(self.mu))

    @property
    def spread_mu(self) -> float:
        """The standard deviation of mu at the end over the gyrophase, in J/T."""
        return float(np.std(self.mu))
