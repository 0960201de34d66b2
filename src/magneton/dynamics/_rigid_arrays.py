"""Rigid bodies as the flat arrays of compiled steps: constants, moments, states; and what a state says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from magneton import _check
from magneton.dynamics.rigid_bodies import RigidBody
from magneton.dynamics.terms.waveforms import Waveform
from magneton.kernels.rigid_body import STATE, WIDTH


def quaternion_product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a b of quaternions, scalar last, shapes (..., 4)."""
    vector = a[..., 3:] * b[..., :3] + b[..., 3:] * a[..., :3] + np.cross(a[..., :3], b[..., :3])
    scalar = a[..., 3:] * b[..., 3:] - np.sum(a[..., :3] * b[..., :3], axis=-1, keepdims=True)
    return np.concatenate([vector, scalar], axis=-1)


def matrices(q: np.ndarray) -> np.ndarray:
    """Return the rotation matrices of unit quaternions, shape (..., 3, 3)."""
    x, y, z, w = np.moveaxis(q, -1, 0)
    rows = [
        [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
        [2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)],
        [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def constants_of(bodies: Sequence[RigidBody]) -> np.ndarray:
    """Return the rows of constants of `magneton.kernels.rigid_body`."""
    rows = np.zeros((len(bodies), WIDTH))
    for row, body in zip(rows, bodies, strict=True):
        inertia, axes = body._principal
        row[0], row[1] = body.mass, 0.0 if body.fixed else 1.0 / body.mass
        row[2:5] = 1.0 / inertia
        row[5:7] = body.linear_drag, body.angular_drag
        if body.hinge is not None:
            row[7], row[8:11] = 1.0, axes.T @ body.hinge
            row[11] = 1.0 / (body.hinge @ body.inertia @ body.hinge)
        row[12], row[13] = body.radius, 0.0 if body.fixed else 1.0
        row[14:17] = body.mass * (axes.T @ body.centre_of_mass)
    return rows


def moment_rows(bodies: Sequence[RigidBody]) -> np.ndarray:
    """Return the rows of point moments of `magneton.kernels.rigid_forces`, shape (k, 7)."""
    rows = [np.empty((0, 7))]
    for i, body in enumerate(bodies):
        moments, places = body._point_moments()
        axes = body._principal[1]
        rows.append(np.hstack([np.full((len(moments), 1), float(i)), moments @ axes, places @ axes]))
    return np.ascontiguousarray(np.concatenate(rows))


def principal_quaternions(bodies: Sequence[RigidBody]) -> np.ndarray:
    """Return the rotations from the frames of the principal axes to those of the bodies, shape (n, 4)."""
    from scipy.spatial.transform import Rotation  # takes longer to import than this package

    return Rotation.from_matrix(np.array([body._principal[1] for body in bodies])).as_quat()


def quaternions_of(name: str, value: Any, count: int) -> np.ndarray:
    """Return what users give as orientations as quaternions, shape (n, 4): Rotations, one or one for each body."""
    if value is None:
        return np.tile([0.0, 0.0, 0.0, 1.0], (count, 1))
    if not hasattr(value, "as_quat"):
        raise ValueError(f"{name} must be a scipy Rotation or None, got {_check.shown(value)}")
    q = np.array(value.as_quat(), dtype=np.float64)
    if q.shape not in ((4,), (count, 4)):
        raise ValueError(f"{name} must be one rotation or one for each of {count} bodies, got {len(q)}")
    return np.ascontiguousarray(np.broadcast_to(q, (count, 4)))


def starting_state(
    bodies: Sequence[RigidBody],
    position: np.ndarray,
    orientation: np.ndarray,
    velocity: np.ndarray,
    angular_velocity: np.ndarray,
) -> np.ndarray:
    """Return rows of the state of `magneton.kernels.rigid_body`; q takes bodies' frames to the global one."""
    state = np.zeros((len(bodies), STATE))
    state[:, :3] = position
    state[:, 3:6] = velocity * np.array([body.mass for body in bodies])[:, None]
    state[:, 6:10] = quaternion_product(orientation, principal_quaternions(bodies))
    turned = matrices(orientation)
    for i, body in enumerate(bodies):
        tensor = turned[i] @ body.inertia @ turned[i].T
        if body.hinge is None:
            state[i, 10:13] = tensor @ angular_velocity[i]
        else:
            axis = turned[i] @ body.hinge
            state[i, 10:13] = (axis @ tensor @ axis) * (axis @ angular_velocity[i]) * axis
    return state


def orientations_of(bodies: Sequence[RigidBody], states: np.ndarray) -> np.ndarray:
    """Return the quaternions from the bodies' frames to the global one, shape (..., n, 4)."""
    back = principal_quaternions(bodies) * [-1.0, -1.0, -1.0, 1.0]
    return quaternion_product(states[..., 6:10], back)


def angular_velocities_of(constants: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Return angular velocities in the global frame, shape (..., n, 3)."""
    turned, momentum = matrices(states[..., 6:10]), states[..., 10:13]
    own = constants[:, 2:5] * np.einsum("...ji,...j->...i", turned, momentum)
    free = np.einsum("...ij,...j->...i", turned, own)
    return np.where(constants[:, 7:8] != 0.0, constants[:, 11:12] * momentum, free)


def waves_of(name: str, drive: Any) -> np.ndarray:
    """Return waveforms, one or several, as rows of 10 numbers: see `magneton.kernels.moment_terms.wave`."""
    if drive is None:
        return np.empty((0, 10))
    several = [drive] if isinstance(drive, Waveform) else list(drive) if isinstance(drive, Iterable) else []
    if not several or not all(isinstance(one, Waveform) for one in several):
        raise ValueError(f"{name} must be a waveform such as Rotating, or several, got {_check.shown(drive)}")
    rows = [one.rows() for one in several]
    if max(map(len, rows)) > 1:
        raise ValueError(
            f"{name} must be the same field for all bodies, got one of {max(map(len, rows))} rows"
        )
    return np.concatenate(rows)
