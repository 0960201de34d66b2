"""Who takes the steps of rigid bodies: a compiled loop for point moments, Python for extended sources."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from magneton.dynamics._rigid_arrays import constants_of, matrices, moment_rows, orientations_of
from magneton.dynamics.rigid_bodies import RigidBody
from magneton.interactions.bodies import BodySystem
from magneton.kernels.field import UNIFORM
from magneton.kernels.rigid_body import STATE
from magneton.kernels.rigid_drive import WORK, rigid_drive
from magneton.kernels.rigid_forces import rigid_loads
from magneton.kernels.rigid_outside import rigid_outside
from magneton.kernels.rigid_steps import rigid_steps, stage_begun, stage_ended, touching
from magneton.sources import Source

#: The weights of symmetric compositions of a step of second order, by order: none; five stages [Suzuki1990]_; nine
#: [KahanLi1997]_, with the digits of [HairerLubichWanner2006]_ V.3.2.
_SUZUKI = 1.0 / (4.0 - 4.0 ** (1.0 / 3.0))
_KAHAN_LI = (0.39216144400731413928, 0.33259913678935943860, -0.70624617255763935981, 0.082213596293550800230)
COMPOSITIONS = {
    2: np.array([1.0]),
    4: np.array([_SUZUKI, _SUZUKI, 1.0 - 4.0 * _SUZUKI, _SUZUKI, _SUZUKI]),
    6: np.array([*_KAHAN_LI, 1.0 - 2.0 * sum(_KAHAN_LI), *_KAHAN_LI[::-1]]),
}


class PointStepper:
    """Point moments, in each other's fields and in those from outside: all in compiled code."""

    def __init__(
        self,
        bodies: Sequence[RigidBody],
        gravity: np.ndarray,
        external: Source | None,
        waves: np.ndarray,
        rtol: float,
    ) -> None:
        self.constants, self.moments = constants_of(bodies), moment_rows(bodies)
        self.gravity, self.waves = np.array(gravity), waves
        self.drive = rigid_drive.address if len(waves) else 0, waves.ravel()
        self.outside = _outside(external)
        n, k = len(bodies), len(self.moments)
        self.pace = 1e-7 * n + 2e-8 * k * k + (1e-6 * k if self.outside[1] else 0.0)
        self.fields = np.empty((k, 6)), np.empty((k, 3)), np.empty((k, 12))
        self.scratch = np.empty((n, STATE)), np.empty((n, 6)), np.empty((4, 3)), self.fields

    def advance(self, state: np.ndarray, start: float, stages: np.ndarray, count: int, watch: bool) -> int:
        """Take up to `count` steps in place; stop before the one in which two bodies come to touch."""
        return rigid_steps(
            self.constants,
            self.gravity,
            self.outside,
            self.moments,
            self.drive,
            start,
            stages,
            watch,
            count,
            state,
            self.scratch,
        )

    def loads(self, state: np.ndarray, time: float) -> tuple[np.ndarray, float]:
        """Return forces and torques about the bodies' positions, shape (n, 6), and the magnetic energy."""
        loads, (uniform, address, params) = np.empty((len(state), 6)), self.outside
        field = uniform + driven_by(self.waves, time)[0]
        return loads, rigid_loads(field, address, params, self.moments, state, self.fields, loads)


def _outside(external: Source | None) -> tuple[np.ndarray, int, np.ndarray]:
    """Return a field as `rigid_loads` takes it: what is uniform of it, and the rest as a function and numbers."""
    if external is None:
        return np.zeros(3), 0, np.zeros(1)
    field = external.compiled
    uniform = field.of_kind(UNIFORM)
    rest = field.without([UNIFORM])
    total = uniform[:, :3].sum(axis=0) if len(uniform) else np.zeros(3)
    if not len(rest.kinds):
        return total, 0, np.zeros(1)
    flat = np.concatenate([[float(len(rest.kinds))], rest.kinds, rest.starts, rest.params])
    return total, rigid_outside.address, flat


def driven_by(waves: np.ndarray, time: float) -> np.ndarray:
    """Return the field that changes in time and its derivative, shape (2, 3)."""
    found = np.zeros((2, 3))
    if len(waves):
        rigid_drive(0, waves.ravel(), np.full((1, 3), time), found)
    return found


class SourceStepper:
    """Extended sources, every pair by `magneton.interaction`: a Python call a stage."""

    def __init__(
        self,
        bodies: Sequence[RigidBody],
        gravity: np.ndarray,
        external: Source | None,
        waves: np.ndarray,
        rtol: float,
    ) -> None:
        self.bodies, self.constants, self.gravity = bodies, constants_of(bodies), np.array(gravity)
        self.external, self.waves, self.rtol = external, waves, rtol
        sources = [body._as_source() for body in bodies]
        self.magnetic = [(i, source) for i, source in enumerate(sources) if source is not None]
        self.pace = 3e-3 * len(self.magnetic) ** 2
        self._last: tuple[bytes, np.ndarray, float] = (b"", np.empty(0), 0.0)

    def advance(self, state: np.ndarray, start: float, stages: np.ndarray, count: int, watch: bool) -> int:
        """Take up to `count` steps in place; stop before the one in which two bodies come to touch."""
        loads, _ = self.loads(state, start)
        for step in range(count):
            before, loads_before = state.copy(), loads
            now = start + step * stages.sum()
            for time in stages:
                self._add_work(state, now, 0.5 * time)
                stage_begun(self.constants, self.gravity, loads, state, time)
                if watch and touching(self.constants, state):
                    break  # what overlaps has no forces
                now += time
                loads = self._loads_on_the_way(state, now)
                stage_ended(self.constants, self.gravity, loads, state, time)
                self._add_work(state, now, 0.5 * time)
            if watch and touching(self.constants, state):
                state[:], loads = before, loads_before
                return step
        return count

    def loads(self, state: np.ndarray, time: float) -> tuple[np.ndarray, float]:
        """Return forces and torques about the bodies' positions, shape (n, 6), and the magnetic energy."""
        there = state[:, [0, 1, 2, 6, 7, 8, 9]].tobytes()
        if self._last[0] != there:
            self._last = (there, *self._loads(state))
        if not len(self.waves):
            return self._last[1], self._last[2]
        loads, moments, (B, _) = (
            self._last[1].copy(),
            self._turned_moments(state),
            driven_by(self.waves, time),
        )
        loads[:, 3:] += np.cross(moments, B)
        return loads, self._last[2] - float((moments @ B).sum())

    def _loads_on_the_way(self, state: np.ndarray, time: float) -> np.ndarray:
        """Return the loads, or raise a RuntimeError that says when bodies came to overlap."""
        try:
            return self.loads(state, time)[0]
        except ValueError as error:
            raise RuntimeError(
                f"bodies came to overlap before {time:g} s ({error}): give each a radius, at which they touch, "
                "or end the run before"
            ) from None

    def _turned_moments(self, state: np.ndarray) -> np.ndarray:
        """Return the moments of all bodies in the global frame, shape (n, 3): all that an even field acts on."""
        moments, turned = np.zeros((len(state), 3)), matrices(orientations_of(self.bodies, state))
        for i, source in self.magnetic:
            moments[i] = turned[i] @ source.moment
        return moments

    def _add_work(self, state: np.ndarray, time: float, kick: float) -> None:
        """Book the work of a kick: see `magneton.kernels.rigid_drive`."""
        if len(self.waves):
            state[:, WORK] -= kick * (self._turned_moments(state) @ driven_by(self.waves, time)[1])

    def _loads(self, state: np.ndarray) -> tuple[np.ndarray, float]:
        loads, turned = np.zeros((len(state), 6)), matrices(orientations_of(self.bodies, state))
        placed = [source._moved(turned[i], state[i, :3]) for i, source in self.magnetic]
        system = BodySystem(placed, self.external, self.rtol)
        forces, torques = system.forces(), system.torques()
        for (i, _), source, force, torque in zip(self.magnetic, placed, forces, torques, strict=True):
            loads[i, :3] = force
            loads[i, 3:] = torque + np.cross(source.body.position - state[i, :3], force)
        return loads, system.energy()
