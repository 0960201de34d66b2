"""What rigid magnets may not be at the start: against their bearings, touching, or on top of each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from magneton.dynamics._rigid_contact import nearest_pair
from magneton.dynamics.rigid_bodies import RigidBody

#: How well the velocity of a hinged body must be along its hinge, relative.
_ALONG = 1e-9


def require_held(
    bodies: Sequence[RigidBody], velocity: np.ndarray, angular_velocity: np.ndarray, turned: np.ndarray
) -> None:
    """Require that no velocity is one that a body's bearing does not allow; `turned` are rotation matrices."""
    for i, body in enumerate(bodies):
        if body.fixed and velocity[i].any():
            raise ValueError(f"velocity[{i}] must be zero, its body is fixed, got {velocity[i].tolist()}")
        if body.hinge is not None:
            omega, axis = angular_velocity[i], turned[i] @ body.hinge
            if np.linalg.norm(omega - (axis @ omega) * axis) > _ALONG * np.linalg.norm(omega):
                raise ValueError(
                    f"angular_velocity[{i}] must be along the body's hinge, got {omega.tolist()}"
                )


def require_apart(
    bodies: Sequence[RigidBody], constants: np.ndarray, state: np.ndarray, turned: np.ndarray
) -> None:
    """Require that no bodies touch, nor have point moments at one place, where the forces are not defined."""
    gap, (i, j) = nearest_pair(constants, state)
    if gap <= 0.0:
        raise ValueError(
            f"bodies[{i}] and bodies[{j}] must not touch at the start: they overlap by {-gap:g} m"
        )
    owners: dict[tuple[float, ...], int] = {}
    for j, body in enumerate(bodies):
        places = np.empty((0, 3)) if body.extended else body._point_moments()[1] @ turned[j].T + state[j, :3]
        for place in places.tolist():
            i = owners.setdefault(tuple(place), j)
            if i != j:
                raise ValueError(
                    f"bodies[{i}] and bodies[{j}] must not have moments at one place, got {place} m"
                )
