"""Scattering of mu by current sheets: orbits of all gyrophases through one or many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton._check import integer
from magneton.orbits._trace import trace
from magneton.orbits._vectors import norm
from magneton.orbits.breaking._arguments import velocity_parts
from magneton.orbits.breaking._sheet import layers
from magneton.orbits.ensemble import trace_ensemble
from magneton.orbits.events import Plane
from magneton.orbits.gyration import mu, perpendicular_basis
from magneton.orbits.species import Species, as_species
from magneton.orbits.walls import AbsorbingHalfSpace

#: For so many times the way at the mean velocity a particle may stay among the sheets.
_PATIENCE = 300.0


@dataclass(frozen=True, eq=False)
class SheetScattering:
    """Particles before and after current sheets, both in uniform fields, where mu at the particle is exact.

    Attributes
    ----------
    gyrophase : ndarray, shape (n,), radian
        At the start: see `magneton.orbits.gyrophase`.
    mu_before, mu_after : ndarray, shape (n,), J/T
        nan after for those that did not leave.
    transmitted : ndarray, shape (n,)
        Whether a particle left on the other side.
    """

    gyrophase: np.ndarray
    mu_before: np.ndarray
    mu_after: np.ndarray
    transmitted: np.ndarray

    @property
    def ratio(self) -> np.ndarray:
        """mu after/before, shape (n,)."""
        return self.mu_after / self.mu_before

    @property
    def spread(self) -> float:
        """The rms of the relative change of mu, over those that left."""
        return float(np.sqrt(np.nanmean((self.ratio - 1.0) ** 2)))

    @property
    def mean(self) -> float:
        """The mean of mu after/before, over those that left."""
        return float(np.nanmean(self.ratio))


@dataclass(frozen=True)
class _Course:
    """The start of all particles, the planes at which they end, and how long they may take."""

    position: np.ndarray
    velocity: np.ndarray
    planes: tuple[tuple[np.ndarray, np.ndarray], ...]
    duration: float


def sheet_scattering(
    field: Any,
    species: Species | str,
    parallel_velocity: Any,
    perpendicular_velocity: Any,
    *,
    gyrophase: Any = None,
    count: int = 64,
    rtol: float = 1e-12,
    dt: float | None = None,
) -> SheetScattering:
    """Send particles of all gyrophases through current sheets and compare mu after and before.

    The sheets must have a component Bz through them. Far away B is then uniform and oblique, the particles come along
    it and leave along it, and mu before and after is exact, at the particle; a sheet with B along it only holds its
    particles for ever and has no "after". The gyrocentres start in one plane below or above the sheets, whichever the
    parallel velocity comes from, beyond where tanh differs from 1 in a float.

    Parameters
    ----------
    field : SheetStep, HarrisSheet or SheetRow
        The sheets.
    species : Species or str
        The particle, or the name of a ready one.
    parallel_velocity, perpendicular_velocity : float or array_like, shape (n,), m/s
        At the start, along B (its sign says from where they come) and across it.
    gyrophase : array_like, shape (n,), radian, optional
        At the start; by default `count` evenly spread ones.
    count : int
        How many, if neither phases nor velocities say so.
    rtol : float
        Tolerance of `magneton.orbits.trace`, one orbit at a time.
    dt : float, second, optional
        With a step, all at once by `magneton.orbits.trace_ensemble`: second order, for thousands of particles.

    Returns
    -------
    SheetScattering
        With ``ratio``, ``mean`` and ``spread``.

    Raises
    ------
    ValueError
        If the field has no component through the sheets, particles do not move along B, or not all from one side.
    """
    particle = as_species(species)
    along, across, gamma = velocity_parts(parallel_velocity, perpendicular_velocity)
    if gyrophase is None:
        n = along.shape[0] if along.ndim else integer("count", count, 1)
        gyrophase = 2.0 * np.pi * np.arange(n) / n
    phases = np.atleast_1d(_check.real_array("gyrophase", gyrophase, "rad", "a list of angles"))
    try:
        along, across, gamma, phases = np.broadcast_arrays(along, across, gamma, phases)
    except ValueError:
        raise ValueError(
            f"gyrophase must be as many as the velocities, got {phases.shape} and {along.shape}"
        ) from None
    course = _course(field, particle, along, across, gamma, phases)
    if dt is None:
        ends = _one_by_one(field, particle, course, rtol)
    else:
        ends = _all_at_once(field, particle, course, _check.positive("dt", dt, "s"))
    x, v, left = ends
    before = mu(particle, course.velocity, field.B(course.position))
    after = np.where(left, mu(particle, v, field.B(x)), np.nan)
    beyond, normal = course.planes[1]
    return SheetScattering(phases, before, after, left & ((x - beyond) @ normal > -1e-6 * norm(x - beyond)))


def _course(
    field: Any,
    particle: Species,
    along: np.ndarray,
    across: np.ndarray,
    gamma: np.ndarray,
    phases: np.ndarray,
) -> _Course:
    """Return the start and the end of the orbits."""
    sheets = layers(field)
    way = np.unique(np.sign(along * sheets.normal))
    if len(way) != 1 or way[0] == 0.0:
        raise ValueError(
            f"parallel_velocity must not be zero and of one sign, got {along.min():g} to {along.max():g} m/s"
        )
    ahead = float(way[0])
    matrix = field._matrix
    normal = ahead * matrix[:, 2]
    # Distances along the way of the particles, from the field's own origin.
    low, high = sheets.extent if ahead > 0.0 else tuple(-z for z in reversed(sheets.extent))
    sides = [matrix @ side for side in (sheets.plateaus if ahead > 0.0 else sheets.plateaus[::-1])[[0, -1]]]
    momentum = gamma * particle.mass * np.hypot(along, across) / abs(particle.charge)
    radius = [float(np.max(momentum)) / norm(side) for side in sides]
    # A start that no gyration takes into the sheet, and ends that none takes back.
    begin, back, end = low - 1.01 * radius[0], low - 2.1 * radius[0], high + 2.1 * radius[1]
    B = sides[0]
    b = B / norm(B)
    e1, e2 = perpendicular_basis(B)
    v = along[:, None] * b + across[:, None] * (np.cos(phases)[:, None] * e1 + np.sin(phases)[:, None] * e2)
    rho = np.cross(b, v) * (gamma * particle.mass / (particle.charge * norm(B)))[:, None]
    planes = tuple((field.position + z * normal, side * normal) for z, side in ((back, -1.0), (end, 1.0)))
    slowest = float(np.min(np.abs(along))) * abs(b @ normal)
    return _Course(field.position + begin * normal + rho, v, planes, _PATIENCE * (end - back) / slowest)


def _one_by_one(field: Any, particle: Species, course: _Course, rtol: float) -> Any:
    """Return where each orbit ended, with which velocity, and whether it left."""
    events = [Plane(point, normal, direction=1, terminal=True) for point, normal in course.planes]
    x, v = np.empty_like(course.position), np.empty_like(course.velocity)
    left = np.empty(len(x), dtype=bool)
    for i in range(len(x)):
        orbit = trace(
            field,
            particle,
            course.position[i],
            course.velocity[i],
            course.duration,
            rtol=rtol,
            events=events,
            dense=False,
        )
        x[i], v[i], left[i] = orbit.position[-1], orbit.velocity[-1], orbit.status == "event"
    return x, v, left


def _all_at_once(field: Any, particle: Species, course: _Course, dt: float) -> Any:
    """Return the same by fixed steps."""
    walls = [AbsorbingHalfSpace(point, normal) for point, normal in course.planes]
    swarm = trace_ensemble(
        field, particle, course.position, course.velocity, course.duration, dt=dt, walls=walls
    )
    return swarm.position[:, -1], swarm.velocity[:, -1], swarm.lost
