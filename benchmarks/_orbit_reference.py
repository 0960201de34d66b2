"""Protons in the Earth's dipole or main field: states to start from, and their orbits in extended precision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

import magneton
from magneton import constants

_LONG = np.longdouble
CHARGE, MASS, LIGHT = float(constants.e), float(constants.m_p), float(constants.c)
#: Of the Earth (m), and its dipole along -z (T): gtracr has these values and no other.
RADIUS, DIPOLE = 6371.2e3, 29404.8e-9
STRENGTH = DIPOLE * RADIUS**3
#: A date at which IGRF-13, which gtracr has, and IGRF-14 are the same.
DATE, YEAR = "2015-01-01", 2015.0
ENERGY = 1e7 * CHARGE
#: How far an ensemble is followed (s): one to ten turns each.
DURATION = 0.15
STEPS = 200
#: Steps of the reference in that time, and the midpoint subdivisions of each: order 16.
_REFERENCE_STEPS = 128
_SUBDIVISIONS = tuple(range(2, 18, 2))

Field = Callable[[np.ndarray], np.ndarray]
States = tuple[np.ndarray, np.ndarray]


def dipole_field(points: np.ndarray) -> np.ndarray:
    """Return B (T) of the dipole at points (m), shape (..., 3), in the points' precision."""
    squared = np.sum(points**2, axis=-1)
    axial = STRENGTH / (squared * np.sqrt(squared))
    field = (-3.0 * axial * points[..., 2] / squared)[..., None] * points
    field[..., 2] += axial
    return field


def lorentz_factor(velocity: np.ndarray) -> np.ndarray:
    """Return gamma of velocities (m/s), shape (..., 3)."""
    return 1.0 / np.sqrt(1.0 - np.sum((velocity / LIGHT) ** 2, axis=-1))


def _rates(state: np.ndarray, field: Field) -> np.ndarray:
    """Return the rates of position and of gamma v."""
    position, proper = state[..., :3], state[..., 3:]
    velocity = proper / np.sqrt(1.0 + np.sum((proper / LIGHT) ** 2, axis=-1, keepdims=True))
    force = _LONG(CHARGE) / _LONG(MASS) * np.cross(velocity, field(position))
    return np.concatenate([velocity, force], axis=-1)


def _extrapolated_step(state: np.ndarray, span: np.floating, field: Field) -> np.ndarray:
    """Advance by Gragg's midpoint rule at growing subdivision, extrapolated to none."""
    first = _rates(state, field)
    row: list[np.ndarray] = []
    for order, count in enumerate(_SUBDIVISIONS):
        step = span / count
        before, now = state, state + step * first
        for _ in range(count - 1):
            before, now = now, before + 2 * step * _rates(now, field)
        fresh = [(before + now + step * _rates(now, field)) / 2]
        for j, coarser in enumerate(row):
            weight = (_LONG(count) / _SUBDIVISIONS[order - 1 - j]) ** 2 - 1
            fresh.append(fresh[j] + (fresh[j] - coarser) / weight)
        row = fresh
    return row[-1]


def reference_orbit(
    field: Field, position: np.ndarray, velocity: np.ndarray, duration: float, steps: int = _REFERENCE_STEPS
) -> States:
    """Return position (m) and velocity (m/s) of protons after a time, shapes (..., 3).

    Equal steps by Gragg-Bulirsch-Stoer extrapolation of order 16 in extended precision. With twelve steps a turn
    it is right to 1e-14.
    """
    place, pace = np.asarray(position, dtype=_LONG), np.asarray(velocity, dtype=_LONG)
    state = np.concatenate([place, pace * lorentz_factor(pace)[..., None]], axis=-1)
    for _ in range(steps):
        state = _extrapolated_step(state, _LONG(duration) / steps, field)
    return state[..., :3], _rates(state, field)[..., :3]


@dataclass(frozen=True)
class Ensemble:
    """Protons of 10 MeV on the equator, 3 to 5 radii out, at pitch angles of 30 to 90 degrees."""

    count: int
    igrf: bool = False
    sample: int = 6

    @cached_property
    def states(self) -> States:
        """Positions (m) and velocities (m/s), shape (n, 3); the first ones are the same however many there are."""
        longitude, phase, pitch, distance = np.random.default_rng(5).random((self.count, 4)).T
        longitude, phase = 2 * np.pi * longitude, 2 * np.pi * phase
        pitch, distance = np.pi / 6 * (1.0 + 2.0 * pitch), RADIUS * (3.0 + 2.0 * distance)
        speed = LIGHT * np.sqrt(1.0 - (1.0 + ENERGY / (MASS * LIGHT**2)) ** -2)
        turn = longitude + phase
        around = np.stack([np.cos(longitude), np.sin(longitude), 0.0 * longitude], axis=1)
        along = np.stack([np.sin(pitch) * np.cos(turn), np.sin(pitch) * np.sin(turn), np.cos(pitch)], axis=1)
        return distance[:, None] * around, speed * along

    @property
    def source(self) -> magneton.Dipole | magneton.GaussCoefficients:
        """The field as a source of ours."""
        if self.igrf:
            return magneton.earth(DATE)
        return magneton.Dipole([0.0, 0.0, -4.0 * np.pi * STRENGTH / float(constants.mu_0)])

    @cached_property
    def field(self) -> Field:
        """The field for the reference."""
        if not self.igrf:
            return dipole_field
        earth = self.source
        return lambda points: earth.B(points.astype(float))

    def first(self, count: int) -> States:
        """Return the first states."""
        position, velocity = self.states
        return position[:count], velocity[:count]

    @cached_property
    def reference(self) -> np.ndarray:
        """Where these are in the end, shape (sample, 3)."""
        return reference_orbit(self.field, *self.first(self.sample), DURATION)[0]

    def half_a_step_back(self) -> np.ndarray:
        """Return the velocities half a step before the start, which a leapfrog wants, shape (sample, 3)."""
        return reference_orbit(self.field, *self.first(self.sample), -0.5 * DURATION / STEPS, 2)[1].astype(
            float
        )

    def errors(self, trace: Callable[..., States]) -> dict[str, float]:
        """Return the errors of a function from first to last positions and velocities.

        The distance from the reference in gyroradii at the start, and the change of the kinetic energy as a
        fraction; the largest over the sample.
        """
        position, velocity = self.first(self.sample)
        last, pace = trace(position, velocity)
        gamma, gamma_last = lorentz_factor(velocity), lorentz_factor(pace)
        speed = np.linalg.norm(velocity, axis=1)
        radius = MASS * gamma * speed / (CHARGE * np.linalg.norm(self.field(position), axis=1))
        away = np.linalg.norm(np.asarray(last - self.reference, dtype=float), axis=1)
        drift = np.abs(gamma_last - gamma) / (gamma - 1.0)
        return {"error/gyroradius": float(np.max(away / radius)), "energy drift": float(np.max(drift))}
