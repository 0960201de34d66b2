"""The well that a charge moves in along its field line, and integrals over it between the mirror points.

With the magnetic moment and the energy conserved, p_par^2 = p0^2 g(s): see `magneton.kernels.field_line`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton._jit import parallel_for
from magneton.kernels import field_line as kernels
from magneton.orbits._vectors import C, dot, fit, norm, velocities
from magneton.orbits.field_lines import first_steps, flat, points_along
from magneton.orbits.fields.base import OrbitField, as_field
from magneton.orbits.kinematics import gamma
from magneton.orbits.species import Species, as_species

_GRAIN = 4
#: Nodes of the Chebyshev rules: each holds the one before, which judges it.
_RULES = (9, 27, 81, 243)
#: Relative errors: what is good enough, and what rounding leaves where the field hardly changes between mirror points.
_ENOUGH, _ROUNDING = 3e-13, 300.0 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Wells:
    """The wells of n charges.

    Attributes
    ----------
    field : OrbitField
        What they move in.
    rows : ndarray, shape (n, 4)
        Where and when they are: x y z t.
    wells : ndarray, shape (n, 8)
        As `magneton.kernels.field_line` takes them.
    steps : ndarray, shape (n,)
        First steps along the lines.
    """

    field: OrbitField
    rows: np.ndarray
    wells: np.ndarray
    steps: np.ndarray

    def mirrors(self, length: float = np.inf) -> tuple[np.ndarray, np.ndarray]:
        """Return the mirror points against B and along it, shape (n, 2, 3), and their arc lengths (n, 2), or nan."""
        count, parts = len(self.rows), flat(self.field)
        ends, lengths = np.empty((count, 2, 3)), np.empty((count, 2))
        wells = self.rows, self.wells, self.steps, length
        parallel_for(lambda i, j: kernels.mirror_rows(*parts, *wells, ends, lengths, i, j), count, _GRAIN)
        return ends, lengths

    def depths(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return g and the kinetic energy gained (J) at points (n, m, 3) of the lines."""
        column = [self.wells[:, i, None] for i in range(kernels.WELL)]
        t = self.rows[:, 3, None]
        strength = norm(self.field.B(points, t))
        gained = np.zeros(strength.shape)
        if self.field.electric:
            potential = self.field.electric_potential(points, t)
            gained = -column[kernels.CHARGE] * (potential - column[kernels.PHI0])
        depth = column[kernels.C0] + column[kernels.K] * (column[kernels.B0] - strength)
        return depth + gained * (column[kernels.A1] + column[kernels.A2] * gained), gained


def wells_of_charges(
    field: Any, species: Any, position: Any, velocity: Any, t: Any
) -> tuple[Wells, np.ndarray, np.ndarray, tuple[int, ...]]:
    """Return the wells of charges, their momenta and Lorentz factors (n,), and the shape they came in."""
    field, species = as_field(field), as_species(species)
    rows, v, shape = _paired(position, velocity, _check.number("t", t, "s"))
    speed = norm(v)
    if not (speed > 0.0).all():
        raise ValueError("velocity must not be zero or undefined: such a charge does not move along its line")
    lorentz = gamma(v)
    momentum = lorentz * species.mass * speed
    wells = _wells(field, species, rows, v / speed[:, None], momentum, lorentz)
    return Wells(field, rows, wells, first_steps(field, rows)), momentum, lorentz, shape


def _paired(position: Any, velocity: Any, t: float) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Return rows x y z t and velocities, shape (n, 3), and the shape they broadcast to."""
    place, v = _check.points("position", position), velocities("velocity", velocity)
    shape = fit(position=place.shape[:-1], velocity=v.shape[:-1])
    rows = np.empty((math.prod(shape), 4))
    rows[:, :3], rows[:, 3] = np.broadcast_to(place, (*shape, 3)).reshape(-1, 3), t
    return rows, np.broadcast_to(v, (*shape, 3)).reshape(-1, 3), shape


def _wells(
    field: OrbitField,
    species: Species,
    rows: np.ndarray,
    heading: np.ndarray,
    momentum: np.ndarray,
    lorentz: np.ndarray,
) -> np.ndarray:
    """Return the rows of wells of charges that set out along unit vectors."""
    strength, direction = _strength(field, rows)
    wells = np.zeros((len(rows), kernels.WELL))
    across = np.cross(heading, direction)
    wells[:, kernels.C0] = dot(heading, direction) ** 2
    wells[:, kernels.K] = dot(across, across) / strength
    wells[:, kernels.B0] = strength
    wells[:, kernels.CHARGE] = species.charge
    if field.electric:
        potential = field.electric_potential(rows[:, :3], rows[:, 3])
        if np.isnan(potential).any():
            raise ValueError("field must know its electric potential at position, got nan")
        wells[:, kernels.PHI0], wells[:, kernels.ELECTRIC] = potential, 1.0
        wells[:, kernels.A1] = 2.0 * lorentz * species.mass / momentum**2
        wells[:, kernels.A2] = 1.0 / (momentum * C) ** 2
    return wells


def _strength(field: OrbitField, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return |B| and its direction; an error where there is none."""
    B = field.B(rows[:, :3], rows[:, 3])
    strength = norm(B)
    if not (strength > 0.0).all():
        raise ValueError(
            f"field must not be zero or undefined at position, got B = {_check.shown(B.tolist())}"
        )
    return strength, B / strength[:, None]


def wells_of_mirror_field(field: OrbitField, rows: np.ndarray, mirror_field: np.ndarray) -> Wells:
    """Return the wells 1 - B/B_m of lines through points where B <= B_m; E plays no part."""
    strength, _ = _strength(field, rows)
    wells = np.zeros((len(rows), kernels.WELL))
    wells[:, kernels.C0] = (mirror_field - strength) / mirror_field
    wells[:, kernels.K] = 1.0 / mirror_field
    wells[:, kernels.B0] = strength
    return Wells(field, rows, wells, first_steps(field, rows))


def integrals(
    wells: Wells, lengths: np.ndarray, rest: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return integrals between mirror points at arc lengths (n, 2), each of shape (n,).

    The root singularities at both ends are the weights of Chebyshev's rules.

    Parameters
    ----------
    wells : Wells
        The wells.
    lengths : ndarray, shape (n, 2)
        From `Wells.mirrors`.
    rest : ndarray, shape (n,), optional
        The energy gamma0 m c^2 (J) that the first charges have: with an electric field the time depends on it.

    Returns
    -------
    action, time, error : ndarray
        The integrals of sqrt(g) and of (1 + e/rest)/sqrt(g) over ds, and the larger of their relative errors,
        estimated.
    """
    middle, half = 0.5 * (lengths[:, 0] + lengths[:, 1]), 0.5 * (lengths[:, 1] - lengths[:, 0])
    action, time = np.zeros(len(half)), np.full(len(half), np.nan)
    error = np.where(half > 0.0, np.inf, np.where(half == 0.0, 0.0, np.nan))
    action[np.isnan(half)] = np.nan
    going = np.flatnonzero(half > 0.0)
    for count in _RULES:
        if not len(going):
            break
        part = Wells(wells.field, *(each[going] for each in (wells.rows, wells.wells, wells.steps)))
        values, truncation, rounding = _by_rule(
            part, middle[going], half[going], count, None if rest is None else rest[going]
        )
        total = np.fmax(truncation, rounding)
        better = total < error[going]
        chosen = going[better]
        action[chosen], time[chosen] = values[0, better], values[1, better]
        error[chosen] = total[better]
        going = going[truncation > np.fmax(rounding, _ENOUGH)]
    return action, time, error


def _by_rule(
    wells: Wells, middle: np.ndarray, half: np.ndarray, count: int, rest: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return both integrals, shape (2, n), by the rule of `count` nodes, and its errors by truncation and rounding."""
    angle = np.pi * (np.arange(count)[::-1] + 0.5) / count
    lengths = middle[:, None] + half[:, None] * np.cos(angle)
    depth, gained = wells.depths(points_along(wells.field, wells.rows, wells.steps, lengths))
    weight = np.sin(angle)
    with np.errstate(all="ignore"):
        root = np.sqrt(depth) / weight
        slowness = 1.0 / root if rest is None else (1.0 + gained / rest[:, None]) / root
        terms = np.stack([root * weight**2, slowness]) * half[:, None]
        values, coarse = np.pi * terms.mean(axis=-1), np.pi * terms[..., 1::3].mean(axis=-1)
        difference = np.max(np.abs(coarse / values - 1.0), axis=0)
        # Convergence is geometric: this rule's error is the cube of that of the rule with a third of the nodes.
        truncation = 10.0 * difference**2
        rounding = _ROUNDING / np.max(depth, axis=1)
    return values, np.where(np.isfinite(truncation), truncation, np.inf), rounding
