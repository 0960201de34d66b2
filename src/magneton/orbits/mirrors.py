"""Magnetic mirrors: where charges turn round, and how many are trapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._vectors import norm
from magneton.orbits._well import wells_of_charges


@dataclass(frozen=True)
class MirrorPoints:
    """Where charges mirror; the first of each pair lies against B from the start, the second along B.

    Attributes
    ----------
    position : ndarray, shape (..., 2, 3), metre
        The points; nan where the charge does not mirror.
    arc_length : ndarray, shape (..., 2), metre
        Along the field line from the start: the first is negative or zero, the second positive or zero.
    B : ndarray, shape (..., 2), tesla
        The field strength there.
    """

    position: np.ndarray
    arc_length: np.ndarray
    B: np.ndarray


def mirror_points(
    field: Any, species: Any, position: Any, velocity: Any, *, length: Any = None, t: Any = 0.0
) -> MirrorPoints:
    """Return the mirror points of charges on the field lines through their positions.

    With mu = p_perp^2/(2 m B) and the energy gamma m c^2 + q phi conserved,

        p_par^2 = p^2 - 2 m mu B = p0^2 (cos^2 alpha + sin^2 alpha (1 - B/B0)) + e (2 gamma0 m + e/c^2),

    e = -q (phi - phi0), and the charge mirrors where this is zero: without a parallel electric field at
    B = B0/sin^2 alpha, with one earlier or later [Northrop1963]_. To lowest order in the Larmor radius over the scale
    of the field: the position is taken for the gyrocentre's, and the drifts are left out.

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
    length : float, metre, optional
        How far along the line to look; the whole line unless given.
    t : float, second
        The time at which a field that changes is frozen.

    Returns
    -------
    MirrorPoints
        The points, their arc lengths and fields; nan where the charge gets away.
    """
    reach = np.inf if length is None else _check.positive("length", length, "m")
    wells, _, _, shape = wells_of_charges(field, species, position, velocity, t)
    ends, lengths = wells.mirrors(reach)
    strength = norm(wells.field.B(ends, wells.rows[:, 3, None]))
    return MirrorPoints(ends.reshape(*shape, 2, 3), lengths.reshape(*shape, 2), strength.reshape(*shape, 2))


def _fields(B: Any, B_max: Any) -> tuple[np.ndarray, np.ndarray]:
    weak = _check.real_array("B", B, "T", "a field strength or an array of them")
    strong = _check.real_array("B_max", B_max, "T", "a field strength or an array of them")
    if (weak <= 0.0).any():
        raise ValueError(f"B must be positive, got {weak.min():g}")
    if (strong < weak).any():
        raise ValueError(f"B_max must not be less than B, got {strong.min():g}")
    return weak, strong


def mirror_ratio(B: Any, B_max: Any) -> Any:
    """Return R = B_max/B, from field strengths in tesla."""
    weak, strong = _fields(B, B_max)
    return (strong / weak)[()]


def loss_cone_angle(B: Any, B_max: Any) -> Any:
    """Return the pitch angle (radian) at B below which a charge passes B_max: sin^2 alpha = B/B_max.

    Parameters
    ----------
    B : array_like, tesla
        Where the pitch angle is measured.
    B_max : array_like, tesla
        The strongest field on the line, or where charges are lost.

    Returns
    -------
    ndarray or float, radian
        The angle, to rounding also when B is close to B_max.
    """
    weak, strong = _fields(B, B_max)
    return np.arctan2(np.sqrt(weak), np.sqrt(strong - weak))[()]


def trapped_fraction(mirror_ratio: Any) -> Any:
    """Return the part of an isotropic distribution that a mirror of ratio R traps: sqrt(1 - 1/R).

    Parameters
    ----------
    mirror_ratio : array_like
        B_max/B, at least 1.

    Returns
    -------
    ndarray or float
        The fraction, cos of the loss cone angle.
    """
    ratio = _check.real_array("mirror_ratio", mirror_ratio, "1", "a ratio or an array of ratios")
    if (ratio < 1.0).any():
        raise ValueError(f"mirror_ratio must be at least 1, got {ratio.min():g}")
    return np.sqrt((ratio - 1.0) / ratio)[()]
