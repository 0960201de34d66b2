"""What a body with internal spin did: its angular momenta, its energies, and how well both were kept."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton.kernels import spin_lattice as kernel
from magneton.runs import Certificate, Chunk, Drift, Run, relative_drift

if TYPE_CHECKING:
    from magneton.dynamics._spin_lattice_input import StageField
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

    def __repr__(self) -> str:
        return f"<SpinLatticeRun: {len(self.time)} samples to {self.time[-1]:g} s>"

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


class SpinLatticeWork:
    """Computes the samples of a run in sequence, and puts the run together."""

    def __init__(
        self,
        body: SpinLattice,
        first: np.ndarray,
        parameters: np.ndarray,
        times: np.ndarray,
        steps: int,
        field: StageField,
    ) -> None:
        self.body, self.first, self.parameters = body, first, parameters
        self.times, self.steps, self.field = times, steps, field
        self.B = field.at(times)

    def __call__(self, start: int, stop: int, state: Any) -> Chunk:
        """Return the states at the samples start ... stop."""
        y = (self.first if state is None else state["y"]).copy()
        largest = 0.0 if state is None else float(state["largest_turn"])
        states, interval = np.empty((stop - start, len(y))), float(self.times[1])
        for i in range(start, stop):
            if i:
                rows = self.field.rows(self.times[i - 1], interval, self.steps)
                step = interval / self.steps
                turn = kernel.advance_spin_lattice(
                    y, self.parameters, rows, self.field.stride, step, self.steps
                )
                largest = max(largest, turn)
            states[i - start] = y
        return Chunk(
            {"state": states},
            self.drift(np.concatenate([self.first[None], states]), self.B[[0, *range(start, stop)]]),
            {"steps": self.steps * (stop - max(start, 1))},
            {"y": y, "largest_turn": largest},
        )

    def drift(self, states: np.ndarray, B: np.ndarray) -> dict[str, Drift]:
        """Return how well was kept, from the first state on, what is reported: m/gamma + I Omega less what came."""
        body, omega = self.body, _omegas(states, self.parameters)
        moment, quaternion = states[:, : kernel.ORIENTATION], states[:, kernel.ORIENTATION : kernel.ANGLE]
        lattice, spin = lattice_momentum(body, quaternion, omega), moment / body.gamma
        total = (
            lattice
            + spin
            - states[:, kernel.FIELD : kernel.SUPPORT]
            - states[:, kernel.SUPPORT : kernel.HEAT]
        )
        if body.bearing is not None:
            total = total @ body.bearing[:, None]
        scale = float(np.max(np.linalg.norm(lattice, axis=1) + np.linalg.norm(spin, axis=1)))
        magnitudes = np.linalg.norm(moment, axis=1)
        drift = {
            "angular momentum": relative_drift(total[0], total.T, scale, "kg m^2/s"),
            "moment": relative_drift(magnitudes[:1], magnitudes[None], unit="A m^2"),
        }
        if self.field.steady:
            energies = list(_energies(body, states, omega, B).values())
            budget, largest = (
                np.sum(energies, axis=0),
                sum(float(np.abs(energy).max()) for energy in energies),
            )
            # As a moment in equilibrium has next to no energy that changes, what a reversal would take is counted too.
            largest = max(largest, float((magnitudes * np.linalg.norm(B, axis=1)).max()))
            drift["energy and heat"] = relative_drift(budget[:1], budget[None], largest, "J")
        return drift

    def run(self, kept: Run) -> SpinLatticeRun:
        """Return what was kept as the run, with the drift of all of it."""
        states = np.array(kept["state"])
        omega = _omegas(states, self.parameters)
        return SpinLatticeRun(
            self.body,
            self.times,
            states[:, : kernel.ORIENTATION],
            states[:, kernel.ORIENTATION : kernel.ANGLE],
            states[:, kernel.ANGLE],
            omega,
            states[:, kernel.FIELD : kernel.SUPPORT],
            states[:, kernel.SUPPORT : kernel.HEAT],
            _energies(self.body, states, omega, self.B),
            replace(kept.certificate, drift=self.drift(states, self.B)),
        )
