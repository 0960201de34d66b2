"""Magnets as rigid bodies: they fall, fly, swing and spin under the forces and torques of fields and of each other."""

from __future__ import annotations

import functools
import time as clock
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton.dynamics._rigid_arrays import quaternions_of, starting_state
from magneton.dynamics._rigid_run import drift_of, follow, nearest_pair, sample_steps, steps_of
from magneton.dynamics._rigid_steppers import COMPOSITIONS, PointStepper, SourceStepper
from magneton.dynamics.rigid_bodies import RigidBody
from magneton.dynamics.rigid_trajectory import Contact, RigidTrajectory
from magneton.interactions._external import as_source_or_none
from magneton.kernels.field import UNIFORM
from magneton.runs import Certificate, Drift
from magneton.runs.certificate import session

#: How well the velocity of a hinged body must be along its hinge, relative.
_ALONG = 1e-9


@dataclass(frozen=True, eq=False)
class RigidMagnets:
    """Rigid bodies with magnetic moments, in each other's fields, a field from outside, gravity and drag.

    m dv/dt = sum grad (m.B) + m g - c v and dL/dt = sum (m x B + r x F) - c' omega, with L = I omega about the
    body's centre of mass: moments are current loops, which have no angular momentum of their own, and fields act at
    once, without retardation or induction.

    Steps are symmetric splittings: drag, kick, free motion, kick, drag, each exact or, for the rotation of a body
    with three different moments of inertia, itself split [DullweberLeimkuhlerMcLachlan1997]_; see
    `magneton.kernels.rigid_body`. Momentum and angular momentum are kept to rounding, the energy without drift to the
    order of the method.

    Bodies with point moments are followed in compiled code. As soon as one is an extended source, all pairs are
    integrated by `magneton.interactions.BodySystem` to `rtol`: where the distance of two is more than the sum of their
    `magneton.sources.far_dipole.dipole_range` for a tenth of `rtol`, as dipoles.

    Parameters
    ----------
    bodies : RigidBody or sequence of n
        The bodies.
    position : array_like, shape (n, 3) or (3,), metre
        Where their centres of mass, or pivots, are.
    orientation : scipy Rotation, optional
        Takes the bodies' frames to the global one; one for each body, or one for all.
    velocity : array_like, shape (n, 3) or (3,), m/s, optional
        Of the centres of mass; zero by default.
    angular_velocity : array_like, shape (n, 3) or (3,), rad/s, optional
        In the global frame; zero by default.
    external : source or sequence of sources, optional
        What acts on all bodies and is held in place.
    gravity : array_like, shape (3,), m/s^2, optional
        The acceleration of free fall; none by default.
    rtol : float
        Of the forces between extended sources.

    Raises
    ------
    ValueError
        If shapes differ, bodies touch at the start, a body whose place is held has a velocity, or one turns about
        another axis than its hinge.

    Examples
    --------
    A compass needle, let go 30 degrees from the Earth's field:

    >>> import numpy as np
    >>> from scipy.spatial.transform import Rotation
    >>> from magneton import UniformField
    >>> from magneton.dynamics import RigidBody, RigidMagnets
    >>> needle = RigidBody(1e-3, 2e-7, moment=[0.1, 0, 0], fixed=True, hinge=[0, 0, 1])
    >>> start = Rotation.from_rotvec([0, 0, np.radians(30)])
    >>> compass = RigidMagnets(needle, [0, 0, 0], start, external=UniformField([2e-5, 0, 0]))
    >>> swing = compass.run(2.021508, dt=1e-3, order=4)
    >>> abs(round(float(np.degrees(swing.rotation().as_rotvec()[-1, 2])), 4))
    30.0
    """

    bodies: Any
    position: Any
    orientation: Any = None
    velocity: Any = None
    angular_velocity: Any = None
    external: Any = None
    gravity: Any = None
    rtol: float = 1e-9

    def __post_init__(self) -> None:
        object.__setattr__(self, "bodies", _several(self.bodies))
        bodies = self.bodies
        for name, unit in (("position", "m"), ("velocity", "m/s"), ("angular_velocity", "rad/s")):
            object.__setattr__(self, name, _rows(name, getattr(self, name), unit, len(bodies)))
        gravity = (0.0, 0.0, 0.0) if self.gravity is None else self.gravity
        object.__setattr__(self, "gravity", _check.vector("gravity", gravity, "m/s^2"))
        object.__setattr__(self, "external", as_source_or_none("external", self.external))
        object.__setattr__(self, "rtol", _check.fraction("rtol", self.rtol))
        quaternions_of("orientation", self.orientation, len(bodies))
        self._require_held()
        gap, (i, j), _ = nearest_pair(self._stepper.constants, self._start)
        if gap <= 0.0:
            raise ValueError(
                f"bodies[{i}] and bodies[{j}] must not touch at the start: they overlap by {-gap:g} m"
            )

    def _require_held(self) -> None:
        """Require that no velocity is one that the body's bearing does not allow."""
        momenta = self._start[:, 10:13]
        for i, body in enumerate(self.bodies):
            omega = self.angular_velocity[i]
            if body.fixed and self.velocity[i].any():
                raise ValueError(
                    f"velocity[{i}] must be zero, its body is fixed, got {self.velocity[i].tolist()}"
                )
            if body.hinge is not None:
                along = momenta[i] * self._stepper.constants[i, 11]
                if np.linalg.norm(omega - along) > _ALONG * np.linalg.norm(omega):
                    raise ValueError(
                        f"angular_velocity[{i}] must be along the body's hinge, got {omega.tolist()}"
                    )

    @functools.cached_property
    def _stepper(self) -> PointStepper | SourceStepper:
        kind = SourceStepper if any(body.extended for body in self.bodies) else PointStepper
        return kind(self.bodies, self.gravity, self.external, self.rtol)

    @functools.cached_property
    def _start(self) -> np.ndarray:
        orientation = quaternions_of("orientation", self.orientation, len(self.bodies))
        return starting_state(self.bodies, self.position, orientation, self.velocity, self.angular_velocity)

    def forces(self) -> np.ndarray:
        """Return the magnetic force on each body as it is placed, shape (n, 3), N."""
        return self._stepper.loads(self._start)[0][:, :3].copy()

    def torques(self) -> np.ndarray:
        """Return the magnetic torque on each body about its position, shape (n, 3), N m."""
        return self._stepper.loads(self._start)[0][:, 3:].copy()

    def run(
        self, duration: float, *, dt: float, times: Any = None, order: Literal[2, 4, 6] = 2
    ) -> RigidTrajectory:
        """Let them move.

        Parameters
        ----------
        duration : float, second
            How long; a contact of two bodies ends it before, found to rounding of the time.
        dt : float, second
            The longest step; the one taken fills the duration a whole number of times. It should be a small part of
            the shortest period of swings, turns and encounters: bodies that pass each other within a step are not
            seen to touch.
        times : array_like, shape (k,), second, optional
            When to write down the motion, ascending; each is taken at the nearest step. The start and the ends of
            up to 1000 equal parts by default.
        order : {2, 4, 6}
            The order in `dt`: one, five or nine evaluations of the forces a step. Steps of orders 4 and 6 go back for
            a part of them: where drag stops a body within a step, take the second.

        Returns
        -------
        RigidTrajectory
            With ``time``, ``position``, ``orientation``, ``velocity``, ``angular_velocity``, ``energy``, ``momentum``,
            ``angular_momentum``, ``heat``, ``contact`` and ``certificate``.

        Raises
        ------
        RuntimeError
            If a body comes to where the field is not defined.
        """
        if order not in COMPOSITIONS:
            raise ValueError(f"order must be 2, 4 or 6, got {_check.shown(order)}")
        steps, step = steps_of(duration, dt)
        samples = sample_steps(times, steps, step)
        begun, state = clock.perf_counter(), self._start.copy()
        when, states, touched, taken = follow(self._stepper, state, COMPOSITIONS[order], step, samples)
        states = np.concatenate([self._start[None], states])  # what is kept is counted from the start
        magnetic = np.array([self._stepper.loads(one)[1] for one in states])
        contact = None
        if touched is not None:
            _, pair, speed = nearest_pair(self._stepper.constants, states[-1])
            contact = Contact(touched, pair, speed)
        whole = RigidTrajectory(
            self.bodies, np.append(0.0, when), states, magnetic, self.gravity, contact, Certificate()
        )
        took = clock.perf_counter() - begun
        certificate = Certificate(self._drift(whole), {"steps": taken}, wall_time=took, **session())
        return replace(
            whole, time=when, states=states[1:], magnetic_energy=magnetic[1:], certificate=certificate
        )

    def _drift(self, motion: RigidTrajectory) -> dict[str, Drift]:
        """Return how well the motion kept what it should, from its first state on."""
        kinetic = motion.kinetic_energy + motion.rotational_energy
        scale = float(kinetic.max()) or float(np.abs(motion.magnetic_energy).max())
        drift = {"energy": drift_of(motion.energy + motion.heat, scale, "J")}
        length = np.linalg.norm(motion.states[:, :, 6:10], axis=2)
        drift["quaternion norm"] = drift_of(length, 1.0, "")
        bodies, p = self.bodies, motion.states[:, :, 3:6]
        alone = not self.gravity.any() and not any(
            body.fixed or body.linear_drag or body.angular_drag for body in bodies
        )
        if alone and (self.external is None or self.external.compiled.kind_set == {UNIFORM}):
            size = float(np.linalg.norm(p, axis=2).sum(axis=1).max())
            drift["momentum"] = drift_of(motion.momentum, size, "kg m/s")
        if alone and self.external is None and all(body.hinge is None for body in bodies):
            orbital = np.linalg.norm(np.cross(motion.position, p), axis=2)
            own = np.linalg.norm(motion.states[:, :, 10:13], axis=2)
            size = float((orbital + own).sum(axis=1).max())
            drift["angular momentum"] = drift_of(motion.angular_momentum, size, "kg m^2/s")
        return drift


def _several(bodies: Any) -> tuple[RigidBody, ...]:
    """Return the bodies, one or many."""
    several = (bodies,) if isinstance(bodies, RigidBody) else bodies
    several = tuple(several) if isinstance(several, Iterable) else ()
    if not several or not all(isinstance(one, RigidBody) for one in several):
        raise ValueError(f"bodies must be a RigidBody or several, got {_check.shown(bodies)}")
    return several


def _rows(name: str, value: Any, unit: str, count: int) -> np.ndarray:
    """Return vectors for all bodies, shape (n, 3); zeros where None is given and allowed."""
    if value is None and name != "position":
        return np.zeros((count, 3))
    given = _check.numbers(name, value, unit)
    rows = np.atleast_2d(given)
    if rows.shape != (count, 3):
        raise ValueError(f"{name} must have shape ({count}, 3), got shape {given.shape}")
    return rows
