"""The orbit of one guiding centre, as it was computed, and what follows from it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

import numpy as np

from magneton.orbits._adiabaticity import Adiabaticity, adiabaticity
from magneton.orbits._guiding_state import energy_of, gamma_of, moving, rates
from magneton.orbits._sampled import SampledOrbit
from magneton.orbits._steps import Steps
from magneton.orbits._vectors import norm
from magneton.orbits.events import EventRecord
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.species import Species


class GuidingCentreStopped(ArithmeticError):
    """A guiding centre ended before its time and not at an event; `orbit` is what was computed."""

    def __init__(self, orbit: GuidingCentreOrbit) -> None:
        super().__init__(orbit.message)
        self.orbit = orbit

    def __reduce__(self) -> tuple[type[GuidingCentreStopped], tuple[GuidingCentreOrbit]]:
        return type(self), (self.orbit,)


@dataclass(frozen=True, eq=False, repr=False)
class GuidingCentreOrbit(SampledOrbit):
    """The orbit of one guiding centre. Everything but the samples is computed when it is asked for.

    Attributes
    ----------
    field : OrbitField
        What it moved in.
    species : Species
        What it is.
    invariant : float, J/T
        mu = p_perp^2/(2 m B), which does not change.
    time : ndarray, shape (n,), second
        The times of the samples.
    position : ndarray, shape (n, 3), metre
        The guiding centres.
    parallel_proper_velocity : ndarray, shape (n,), m/s
        u = p_par/m.
    events : mapping of str to EventRecord
        Time, position and velocity of the events that were looked for.
    status : str
        "finished", "event" (at a terminal one), "undefined field", "no guiding centre" (B*_par came to zero),
        "stalled" or "too many steps".
    message : str
        The same in words.
    step_count : int
        The steps that were taken.
    """

    field: OrbitField
    species: Species
    invariant: float
    time: np.ndarray
    position: np.ndarray
    parallel_proper_velocity: np.ndarray
    events: Mapping[str, EventRecord] = default(default_factory=dict)
    status: str = "finished"
    message: str = ""
    step_count: int = 0
    steps: Steps | None = default(default=None, repr=False)

    @functools.cached_property
    def velocity(self) -> np.ndarray:
        """The velocities dR/dt of the guiding centre, along B and drifts, shape (n, 3), in m/s."""
        u = self.parallel_proper_velocity
        return rates(self.field, self.species, self.position, u, self.invariant, self.time)[0]

    @functools.cached_property
    def _strength(self) -> np.ndarray:
        return norm(self.B)

    @functools.cached_property
    def gamma(self) -> np.ndarray:
        """The Lorentz factors, gamma^2 = 1 + u^2/c^2 + 2 mu B/(m c^2), shape (n,)."""
        return gamma_of(self.species, self.parallel_proper_velocity, self.invariant, self._strength)

    @property
    def parallel_velocity(self) -> np.ndarray:
        """The velocities along B, u/gamma, shape (n,), in m/s."""
        return self.parallel_proper_velocity / self.gamma

    @functools.cached_property
    def energy(self) -> np.ndarray:
        """The kinetic energies (gamma - 1) m c^2 without that of the drifts, shape (n,), in joule."""
        return energy_of(self.species, self.parallel_proper_velocity, self.invariant, self._strength)

    @functools.cached_property
    def pitch_angle(self) -> np.ndarray:
        """The pitch angles at the guiding centre, of momenta p_par and p_perp, shape (n,), in radian."""
        across = np.sqrt(2.0 * self.invariant * self._strength / self.species.mass)
        return np.arctan2(across, self.parallel_proper_velocity)

    @property
    def mu(self) -> np.ndarray:
        """The first invariant, the same at all times, shape (n,), in J/T."""
        return np.full(len(self), self.invariant)

    #: A guiding centre has no gyration that mu could swing with.
    mu_gyrocentre = mu

    @functools.cached_property
    def adiabaticity(self) -> Adiabaticity:
        """How nearly mu is conserved at the samples, an `Adiabaticity`."""
        u = self.parallel_proper_velocity
        return guiding_adiabaticity(self.field, self.species, self.position, u, self.mu, self.time)

    def to_xarray(self) -> Any:
        """Return time, position, velocity, energy, pitch angle and mu as an `xarray.Dataset` with units."""
        return self._dataset(
            {"position": "m", "velocity": "m/s", "B": "T"},
            {"parallel_velocity": "m/s", "energy": "J", "gamma": "1", "pitch_angle": "rad", "mu": "J/T"},
        )


def guiding_adiabaticity(
    field: OrbitField, species: Species, R: Any, u: Any, mu: Any, t: Any
) -> Adiabaticity:
    """Return how nearly mu is conserved at guiding centres."""
    velocity = moving(field, species, R, u, mu, np.zeros(len(R)), t)
    return adiabaticity(field, species, R, velocity, t)


def read_guiding(field: OrbitField, species: Species, mu: float) -> Any:
    """Return what tells positions and velocities of states (R, u)."""
    return functools.partial(_read, field, species, mu)


def _read(
    field: OrbitField, species: Species, mu: float, states: np.ndarray, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    place = np.ascontiguousarray(states[:, :3])
    return place, rates(field, species, place, states[:, 3], mu, times)[0]
