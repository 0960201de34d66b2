"""What a body with internal spin did: its angular momenta, its energies, and how well both were kept."""

from __future__ import annotations

import functools
import time as clock
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton.kernels import spin_lattice as kernel
from magneton.runs import Certificate
from magneton.runs.certificate import relative_drift, session

if TYPE_CHECKING:
    from magneton.dynamics.spin_lattice import SpinLattice


def _cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.sum(a * b, axis=-1)


@dataclass(frozen=True, eq=False, repr=False)
class SpinLatticeRun:
    """What a `SpinLattice` did.

    Attributes
    ----------
    body : SpinLattice
        Which.
    time : ndarray, shape (k,), second
        Of the samples.
    moment : ndarray, shape (k, 3), A m^2
        In the laboratory.
    quaternion : ndarray, shape (k, 4)
        The turn of the body from its own axes to the laboratory's, scalar last.
    angle : ndarray, shape (k,), rad
        By which a body on a bearing has turned, whole turns included; 0 without a bearing.
    angular_velocity : ndarray, shape (k, 3), rad/s
        Of the body, in the laboratory.
    from_field, from_support : ndarray, shape (k, 3), kg m^2/s
        Angular momentum that has come from the field (the impulse of m x B), and from the fibre and the friction.
    energies : mapping of str to ndarray, shape (k,), joule
        ``kinetic``, ``field`` (-m.B), ``anisotropy``, ``fibre``, and the ``heat`` of both kinds of friction.
    certificate : magneton.runs.Certificate
        How well the angular momentum was kept and, in a constant field, the energy with the heat.
    """

    body: SpinLattice
    time: np.ndarray
    moment: np.ndarray
    quaternion: np.ndarray
    angle: np.ndarray
    angular_velocity: np.ndarray
    from_field: np.ndarray
    from_support: np.ndarray
    energies: Mapping[str, np.ndarray]
    certificate: Certificate

    @property
    def spin(self) -> np.ndarray:
        """The angular momentum of the moment, m/gamma, shape (k, 3), in kg m^2/s."""
        return self.moment / self.body.gamma

    @functools.cached_property
    def lattice(self) -> np.ndarray:
        """The angular momentum of the lattice, I Omega, shape (k, 3), in kg m^2/s; on a bearing, along it only."""
        return lattice_momentum(self.body, self.quaternion, self.angular_velocity)

    @property
    def orientation(self) -> Any:
        """The turns of the body, a scipy Rotation of length k."""
        from scipy.spatial.transform import Rotation

        return Rotation.from_quat(self.quaternion)


def _turned(quaternion: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Return vectors turned by unit quaternions, scalar last."""
    axis, scalar = quaternion[..., :3], quaternion[..., 3:]
    t = np.cross(axis, vectors)
    return vectors + 2.0 * (scalar * t + np.cross(axis, t))


def lattice_momentum(body: SpinLattice, quaternion: np.ndarray, omega: np.ndarray) -> np.ndarray:
    """Return I Omega in the laboratory."""
    back = quaternion * np.array([-1.0, -1.0, -1.0, 1.0])
    return _turned(quaternion, _turned(back, omega) @ body.inertia)


def _energies(
    body: SpinLattice, states: np.ndarray, omega: np.ndarray, B: np.ndarray
) -> dict[str, np.ndarray]:
    m, q, angle = states[:, :3], states[:, kernel.ORIENTATION : kernel.ANGLE], states[:, kernel.ANGLE]
    u = _turned(q, np.broadcast_to(body.easy_axis, m.shape))
    across = np.cross(m, u)
    return {
        "kinetic": 0.5 * _cosines(omega, lattice_momentum(body, q, omega)),
        "field": -_cosines(m, B),
        "anisotropy": body.anisotropy * _cosines(across, across) / _cosines(m, m),
        "fibre": 0.5 * body.stiffness * angle**2,
        "heat": states[:, kernel.HEAT].copy(),
    }


def _omegas(states: np.ndarray, parameters: np.ndarray) -> np.ndarray:
    """Return the angular velocities of the body in the laboratory, shape (k, 3)."""
    total = parameters[: kernel.MOBILITY] + (
        states[:, kernel.FIELD : kernel.SUPPORT] + states[:, kernel.SUPPORT : kernel.HEAT]
    )
    q = states[:, kernel.ORIENTATION : kernel.ANGLE]
    back = q * np.array([-1.0, -1.0, -1.0, 1.0])
    inverse = parameters[kernel.MOBILITY : kernel.EASY].reshape(3, 3)
    lattice = total - states[:, : kernel.ORIENTATION] / parameters[kernel.GAMMA]
    return _turned(q, _turned(back, lattice) @ inverse)


def spin_lattice_run(
    body: SpinLattice,
    times: np.ndarray,
    states: np.ndarray,
    parameters: np.ndarray,
    B: np.ndarray,
    *,
    steps: int,
    started: float,
    steady: bool,
) -> SpinLatticeRun:
    """Return the run, with its certificate from what is reported: m/gamma + I Omega less what came from outside."""
    omega = _omegas(states, parameters)
    moment, quaternion = states[:, : kernel.ORIENTATION], states[:, kernel.ORIENTATION : kernel.ANGLE]
    from_field, from_support = (
        states[:, kernel.FIELD : kernel.SUPPORT],
        states[:, kernel.SUPPORT : kernel.HEAT],
    )
    lattice, spin = lattice_momentum(body, quaternion, omega), moment / body.gamma
    total = lattice + spin - from_field - from_support
    if body.bearing is not None:
        total = total @ body.bearing[:, None]
    scale = float(np.max(np.linalg.norm(lattice, axis=1) + np.linalg.norm(spin, axis=1)))
    magnitudes = np.linalg.norm(moment, axis=1)
    drift = {
        "angular momentum": relative_drift(total[0], total.T, scale, "kg m^2/s"),
        "moment": relative_drift(magnitudes[:1], magnitudes[None], unit="A m^2"),
    }
    energies = _energies(body, states, omega, B)
    if steady:
        budget = np.sum(list(energies.values()), axis=0)
        largest = sum(float(np.abs(energy).max()) for energy in energies.values())
        drift["energy and heat"] = relative_drift(budget[:1], budget[None], largest, "J")
    certificate = Certificate(
        drift=drift, steps={"steps": steps}, wall_time=clock.perf_counter() - started, **session()
    )
    angle = states[:, kernel.ANGLE]
    return SpinLatticeRun(
        body,
        times,
        moment,
        quaternion,
        angle,
        omega,
        from_field,
        from_support,
        energies,
        certificate,
    )
