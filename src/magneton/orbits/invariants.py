"""The second adiabatic invariant and the bounce period, in any field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._vectors import C, norm
from magneton.orbits._well import integrals, wells_of_charges, wells_of_mirror_field
from magneton.orbits.dipole_integrals import pitch_angles
from magneton.orbits.field_lines import events
from magneton.orbits.fields.base import as_field
from magneton.orbits.species import as_species


@dataclass(frozen=True)
class Bounce:
    """A bounce between two mirror points, all of shape (...); nan where the charge does not mirror.

    Attributes
    ----------
    second_invariant : ndarray, kg m^2/s
        J, the integral of p_par ds over a whole bounce.
    period : ndarray, second
        The integral of ds/v_par over a whole bounce; nan for a charge at rest along B.
    error : ndarray
        The relative error of either, estimated.
    """

    second_invariant: np.ndarray
    period: np.ndarray
    error: np.ndarray


def bounce(field: Any, species: Any, position: Any, velocity: Any, *, t: Any = 0.0) -> Bounce:
    """Return the second invariant and the period of the bounce along the field line through each position.

    J = closed integral of p_par ds and T_b = closed integral of ds/v_par, p_par from the conserved moment and energy
    (see `mirror_points`), relativistic, with a parallel electric field if there is one [Northrop1963]_. Between the
    mirror points both integrands are a smooth function times the root of the distances to them, or over it, and
    Chebyshev's rules are exact for that. Drifts are left out: to lowest order in the Larmor radius.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field; its electric field must have a potential.
    species : Species or str
        What moves.
    position : array_like, shape (..., 3), metre
        Where from.
    velocity : array_like, shape (..., 3), m/s
        How.
    t : float, second
        The time at which a field that changes is frozen.

    Returns
    -------
    Bounce
        J, T_b and their error.
    """
    wells, momentum, lorentz, shape = wells_of_charges(field, species, position, velocity, t)
    mass = as_species(species).mass
    action, time, error = integrals(wells, wells.mirrors()[1], lorentz * mass * C**2)
    results = 2.0 * momentum * action, 2.0 * lorentz * mass / momentum * time, error
    return Bounce(*(result.reshape(shape) for result in results))


def second_invariant(field: Any, species: Any, position: Any, velocity: Any, *, t: Any = 0.0) -> Any:
    """Return J, the closed integral of p_par ds (kg m^2/s), shape (...); arguments as of `bounce`."""
    return bounce(field, species, position, velocity, t=t).second_invariant[()]


def bounce_period_along(field: Any, species: Any, position: Any, velocity: Any, *, t: Any = 0.0) -> Any:
    """Return the bounce period (s) on the field lines of any field, shape (...); arguments as of `bounce`."""
    return bounce(field, species, position, velocity, t=t).period[()]


def modified_invariant(field: Any, position: Any, pitch_angle: Any, *, t: Any = 0.0) -> Any:
    """Return K, the second invariant without the momentum.

    K = integral between the mirror points of sqrt(B_m - B) ds = J/sqrt(8 m mu), B_m = B/sin^2 alpha; sqrt(B_m) I in the
    notation of McIlwain [Roederer1970]_. It does not depend on the charge, and E plays no part.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field.
    position : array_like, shape (..., 3), metre
        A point of each line.
    pitch_angle : array_like, shape (...), radian
        There; above 0 and below pi.
    t : float, second
        The time at which a field that changes is frozen.

    Returns
    -------
    ndarray or float, shape (...), T^(1/2) m
        K; nan where the line does not reach B_m on both sides.
    """
    field = as_field(field)
    rows, shape = events(position, t)
    sin2 = sine_squared(pitch_angle)
    if sin2.size != 1 and sin2.shape != shape:
        raise ValueError(f"pitch_angle must be one angle or have shape {shape}, got shape {sin2.shape}")
    strength = norm(field.B(rows[:, :3], rows[:, 3]))
    mirror_field = strength / np.broadcast_to(sin2, shape).reshape(-1)
    wells = wells_of_mirror_field(field, rows, mirror_field)
    action, _, _ = integrals(wells, wells.mirrors()[1])
    return (np.sqrt(mirror_field) * action).reshape(shape)[()]


def sine_squared(pitch_angle: Any) -> np.ndarray:
    """Return sin^2 of pitch angles that a mirror field belongs to."""
    sine = np.sin(pitch_angles(pitch_angle))
    if (sine < 1e-12).any():
        raise ValueError(f"pitch_angle must lie above 0 and below pi, got {_check.shown(pitch_angle)}")
    return sine**2
