"""Where rigid magnets went: samples of their motion, what was conserved, and the contact that ended it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton._check import integer
from magneton.dynamics._rigid_arrays import angular_velocities_of, constants_of, matrices, orientations_of
from magneton.dynamics.rigid_bodies import RigidBody
from magneton.kernels.rigid_drive import WORK
from magneton.runs import Certificate

if TYPE_CHECKING:
    from scipy.spatial.transform import Rotation


@dataclass(frozen=True)
class Contact:
    """Two bodies that came to touch.

    Attributes
    ----------
    time : float, second
        When, from the start of the run.
    bodies : tuple of int
        Which two.
    approach_speed : float, m/s
        The rate at which their distance decreased.
    heat : float, joule
        What of their energy became heat: nothing if the contact itself ended the run, without a `restitution`.
    """

    time: float
    bodies: tuple[int, int]
    approach_speed: float
    heat: float = 0.0


@dataclass(frozen=True, eq=False, repr=False)
class RigidTrajectory:
    """The motion of n rigid magnets at k times.

    Attributes
    ----------
    bodies : tuple of RigidBody
        What moved.
    time : ndarray, shape (k,), second
        The times of the samples, from the start of the run.
    states : ndarray, shape (k, n, 18)
        The states as they were computed: see `magneton.kernels.rigid_body`.
    magnetic_energy : ndarray, shape (k,), joule
        Of the moments in each other's fields and in the field from outside.
    gravity : ndarray, shape (3,), m/s^2
        The acceleration of free fall.
    contact : Contact or None
        What ended the run before its time.
    certificate : magneton.runs.Certificate
        What was conserved and how well, at the samples, and with what it was computed.
    contacts : tuple of Contact
        All contacts, in order of time.
    """

    bodies: tuple[RigidBody, ...]
    time: np.ndarray
    states: np.ndarray
    magnetic_energy: np.ndarray
    gravity: np.ndarray
    contact: Contact | None
    certificate: Certificate
    contacts: tuple[Contact, ...] = ()

    @functools.cached_property
    def _constants(self) -> np.ndarray:
        return constants_of(self.bodies)

    @property
    def position(self) -> np.ndarray:
        """The places of the centres of mass, or of pivots, shape (k, n, 3), in metre."""
        return self.states[:, :, :3]

    @property
    def velocity(self) -> np.ndarray:
        """The velocities of those, shape (k, n, 3), in m/s."""
        return self.states[:, :, 3:6] / self._constants[:, :1]

    @functools.cached_property
    def orientation(self) -> np.ndarray:
        """The quaternions, scalar last, that take the bodies' frames to the global one, shape (k, n, 4)."""
        return orientations_of(self.bodies, self.states)

    def rotation(self, body: int = 0) -> Rotation:
        """Return the orientations of one body at all samples as a scipy Rotation."""
        if integer("body", body, 0) >= len(self.bodies):
            raise ValueError(f"body must be below the number of bodies, {len(self.bodies)}, got {body}")
        from scipy.spatial.transform import Rotation

        return Rotation.from_quat(self.orientation[:, body])

    @functools.cached_property
    def angular_velocity(self) -> np.ndarray:
        """The angular velocities in the global frame, shape (k, n, 3), in rad/s."""
        return angular_velocities_of(self._constants, self.states)

    @property
    def kinetic_energy(self) -> np.ndarray:
        """The kinetic energy of translation, shape (k,), in joule."""
        p = self.states[:, :, 3:6]
        return 0.5 * np.einsum("kni,kni,n->k", p, p, 1.0 / self._constants[:, 0])

    @property
    def rotational_energy(self) -> np.ndarray:
        """The kinetic energy of rotation, shape (k,), in joule."""
        return 0.5 * np.einsum("kni,kni->k", self.states[:, :, 10:13], self.angular_velocity)

    @property
    def gravitational_energy(self) -> np.ndarray:
        """The energy -m g.r of the centres of mass, of bodies on a pivot from there, shape (k,), in joule."""
        constants = self._constants
        held = np.einsum("knij,nj->kni", matrices(self.states[:, :, 6:10]), constants[:, 14:17])
        free = constants[:, :1] * constants[:, 13:14] * self.position
        return -np.einsum("kni,i->k", free + held, self.gravity)

    @property
    def energy(self) -> np.ndarray:
        """The mechanical energy: kinetic, rotational, magnetic and gravitational, shape (k,), in joule."""
        return self.kinetic_energy + self.rotational_energy + self.magnetic_energy + self.gravitational_energy

    @property
    def heat(self) -> np.ndarray:
        """The heat that drag and contacts have made since the start, shape (k,), in joule.

        energy + heat - work is conserved.
        """
        return self.states[:, :, 13].sum(axis=1)

    @property
    def work(self) -> np.ndarray:
        """The work that fields which change in time have done since the start, shape (k,), in joule."""
        return self.states[:, :, WORK].sum(axis=1)

    @property
    def momentum(self) -> np.ndarray:
        """The total momentum, shape (k, 3), in kg m/s."""
        return self.states[:, :, 3:6].sum(axis=1)

    @property
    def angular_momentum(self) -> np.ndarray:
        """The total angular momentum about the origin, shape (k, 3), in kg m^2/s."""
        orbital = np.cross(self.position, self.states[:, :, 3:6])
        return (orbital + self.states[:, :, 10:13]).sum(axis=1)

    def __len__(self) -> int:
        return len(self.time)

    def __repr__(self) -> str:
        end = (
            ""
            if self.contact is None
            else f", contact of {self.contact.bodies[0]} and {self.contact.bodies[1]}"
        )
        count = len(self.bodies)
        return (
            f"<RigidTrajectory: {count} bod{'y' if count == 1 else 'ies'}, "
            f"{len(self)} samples to {self.time[-1]:g} s{end}>"
        )

    def to_xarray(self) -> Any:
        """Return the samples as an `xarray.Dataset` with units."""
        import xarray

        vector = ("time", "body", "component")
        dataset = xarray.Dataset(
            {
                "position": (vector, self.position, {"units": "m"}),
                "velocity": (vector, self.velocity, {"units": "m/s"}),
                "angular_velocity": (vector, self.angular_velocity, {"units": "rad/s"}),
                "orientation": (("time", "body", "quaternion"), self.orientation, {"units": "1"}),
                "energy": ("time", self.energy, {"units": "J"}),
                "heat": ("time", self.heat, {"units": "J"}),
                "work": ("time", self.work, {"units": "J"}),
                "momentum": (("time", "component"), self.momentum, {"units": "kg m/s"}),
                "angular_momentum": (("time", "component"), self.angular_momentum, {"units": "kg m^2/s"}),
            }
        )
        return dataset.assign_coords(
            time=("time", self.time, {"units": "s"}),
            component=["x", "y", "z"],
            quaternion=["x", "y", "z", "w"],
        )
