"""The orbit of one particle, as it was computed, and what follows from it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

import numpy as np

from magneton.orbits import kinematics
from magneton.orbits._sampled import SampledOrbit
from magneton.orbits._steps import Steps
from magneton.orbits._vectors import C, dot, norm
from magneton.orbits.events import EventRecord
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.species import Species


class OrbitStopped(ArithmeticError):
    """An orbit ended before its time and not at an event; `orbit` is what was computed."""

    def __init__(self, orbit: Orbit) -> None:
        super().__init__(orbit.message)
        self.orbit = orbit

    def __reduce__(self) -> tuple[type[OrbitStopped], tuple[Orbit]]:
        """Return how it is made anew: exceptions are pickled with their words alone."""
        return type(self), (self.orbit,)


@dataclass(frozen=True, eq=False, repr=False)
class Orbit(SampledOrbit):
    """The full orbit of one particle. Everything but the samples is computed when it is asked for.

    Attributes
    ----------
    field : OrbitField
        What it moved in.
    species : Species
        What it is.
    time : ndarray, shape (n,), second
        The times of the samples.
    position : ndarray, shape (n, 3), metre
        The positions.
    proper_velocity : ndarray, shape (n, 3), m/s
        u = gamma v, the momentum per mass.
    events : mapping of str to EventRecord
        Time, position and velocity of the events that were looked for.
    status : str
        "finished", "event" (at a terminal one), "undefined field", "stalled" or "too many steps".
    message : str
        The same in words.
    step_count : int
        The steps that were taken.
    collision_rate : float, 1/s
        nu of the collisions that turned the velocity; 0 without.
    """

    field: OrbitField
    species: Species
    time: np.ndarray
    position: np.ndarray
    proper_velocity: np.ndarray
    events: Mapping[str, EventRecord] = default(default_factory=dict)
    status: str = "finished"
    message: str = ""
    step_count: int = 0
    steps: Steps | None = default(default=None, repr=False)
    collision_rate: float = 0.0

    @functools.cached_property
    def velocity(self) -> np.ndarray:
        """The velocities, shape (n, 3), in m/s."""
        return kinematics.velocity_from_proper(self.proper_velocity)

    @functools.cached_property
    def gamma(self) -> np.ndarray:
        """The Lorentz factors, shape (n,)."""
        return np.sqrt(1.0 + dot(self.proper_velocity, self.proper_velocity) / C**2)

    @functools.cached_property
    def energy(self) -> np.ndarray:
        """The kinetic energies (gamma - 1) m c^2 = m u^2/(gamma + 1), shape (n,), in joule."""
        return self.species.mass * dot(self.proper_velocity, self.proper_velocity) / (self.gamma + 1.0)

    @functools.cached_property
    def pitch_angle(self) -> np.ndarray:
        """The angles between velocity and B, shape (n,), in radian, sharp at 0 and pi too."""
        u, B = self.proper_velocity, self.B
        return np.arctan2(norm(np.cross(u, B)), dot(u, B))

    @functools.cached_property
    def mu(self) -> np.ndarray:
        """The first invariant at the particle, in the frame of its drift E x B/B^2, shape (n,), in J/T.

        See `magneton.orbits.mu_particle`; without electric field it is p_perp^2/(2 m B). It swings with the gyration
        by about rho/L: see `mu_gyrocentre`. nan where E_perp >= c B.
        """
        from magneton.orbits import _gyrocentre

        return _gyrocentre.mu_particle(self.field, self.species, self.position, self.velocity, self.time)

    @functools.cached_property
    def mu_gyrocentre(self) -> np.ndarray:
        """The first invariant to the next order in rho/L, shape (n,), in J/T: see `magneton.orbits.mu_gyrocentre`."""
        from magneton.orbits import _gyrocentre

        return _gyrocentre.mu_gyrocentre(self.field, self.species, self.position, self.velocity, self.time)

    def to_xarray(self) -> Any:
        """Return time, position, velocity, energy, pitch angle and both mu as an `xarray.Dataset` with units."""
        vectors = {"position": "m", "velocity": "m/s", "B": "T"}
        scalars = {"energy": "J", "gamma": "1", "pitch_angle": "rad", "mu": "J/T", "mu_gyrocentre": "J/T"}
        return self._dataset(vectors, scalars)
