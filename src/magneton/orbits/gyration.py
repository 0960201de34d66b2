"""The gyration of a charge about B: frequency, radius, pitch angle, gyrophase, and the moment of its current.

B is a vector (..., 3) everywhere; where its direction does not matter one number is taken as its magnitude.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._vectors import cross, dot, fit, norm, unit, velocities
from magneton.orbits.kinematics import gamma
from magneton.orbits.species import Species, as_species


def _strength(B: Any) -> np.ndarray:
    """Return |B| of vectors or of one number."""
    if np.ndim(B) == 0:
        return np.abs(_check.real_array("B", B, "T", "a vector of shape (..., 3) or its magnitude, a number"))
    return norm(_check.points("B", B, "T"))


def _pair(velocity: Any, B: Any) -> tuple[np.ndarray, np.ndarray]:
    v, field = velocities("velocity", velocity), _check.points("B", B, "T")
    fit(velocity=v.shape[:-1], B=field.shape[:-1])
    return v, field


def _perpendicular_speed(v: np.ndarray, field: np.ndarray) -> np.ndarray:
    """Return |v x b|: to rounding also next to B, where v^2 - v_par^2 is not."""
    return norm(cross(v, unit(field)))


def gyrofrequency(species: Species | str, B: Any, velocity: Any = None) -> np.ndarray:
    """Return the signed gyrofrequency Omega = q B/(gamma m).

    The velocity turns with the angular velocity vector -Omega b: positive charges turn left-handed about B.

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    B : array_like, shape (..., 3), or float, tesla
        The flux density, or its magnitude.
    velocity : array_like, shape (..., 3), m/s, optional
        For gamma; a slow particle without it.

    Returns
    -------
    ndarray, shape (...), rad/s
        With the sign of the charge.
    """
    particle = as_species(species)
    strength = _strength(B)
    if velocity is None:
        return particle.charge / particle.mass * strength
    v = velocities("velocity", velocity)
    fit(B=strength.shape, velocity=v.shape[:-1])
    return particle.charge / particle.mass * strength / gamma(v)


def gyroperiod(species: Species | str, B: Any, velocity: Any = None) -> np.ndarray:
    """Return the gyroperiod 2 pi gamma m/(|q| B), shape (...), in second, inf where B = 0; see `gyrofrequency`."""
    with np.errstate(divide="ignore"):
        return 2.0 * np.pi / np.abs(gyrofrequency(species, B, velocity))


def larmor_radius(species: Species | str, velocity: Any, B: Any) -> np.ndarray:
    """Return the Larmor radius gamma m v_perp/(|q| B).

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    velocity : array_like, shape (..., 3), m/s
        Where there is an electric field, less its drift E x B/B^2 if the radius about the drifting centre is meant.
    B : array_like, shape (..., 3), tesla
        The flux density; nan where it is zero.

    Returns
    -------
    ndarray, shape (...), metre
        The Larmor radius.
    """
    particle = as_species(species)
    v, field = _pair(velocity, B)
    scale = particle.mass / abs(particle.charge)
    with np.errstate(invalid="ignore", divide="ignore"):
        return scale * gamma(v) * _perpendicular_speed(v, field) / norm(field)


def pitch_angle(velocity: Any, B: Any) -> np.ndarray:
    """Return the angle between velocity and B, 0 to pi, to rounding also next to 0 and pi.

    Parameters
    ----------
    velocity : array_like, shape (..., 3), m/s
        Below the speed of light.
    B : array_like, shape (..., 3), tesla
        The flux density; nan where it is zero.

    Returns
    -------
    ndarray, shape (...), radian
        atan2(abs(v x b), v.b).
    """
    v, field = _pair(velocity, B)
    b = unit(field)
    return np.arctan2(norm(cross(v, b)), dot(v, b))


def perpendicular_basis(B: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the unit vectors e1, e2 with e1 x e2 = b that gyrophases are counted from.

    They are x and y turned by the shortest rotation that takes z to b: e1 = x - b_x (b + z)/(1 + b_z), e2 = b x e1. So
    they are x and y for B along z, and change smoothly with the direction of B everywhere but at -z (some such
    direction exists in every convention); there e1 = x.

    Parameters
    ----------
    B : array_like, shape (..., 3), tesla
        The flux density; nan where it is zero.

    Returns
    -------
    e1, e2 : ndarray, shape (..., 3)
        The basis.
    """
    b = unit(_check.points("B", B, "T"))
    x, y, z = b[..., 0], b[..., 1], b[..., 2]
    # 1 + z without cancellation below the equator.
    with np.errstate(invalid="ignore", divide="ignore"):
        one_plus_z = np.where(z < 0.0, (x * x + y * y) / (1.0 - z), 1.0 + z)
        ratio = np.where(one_plus_z == 0.0, 0.0, x / one_plus_z)
    e1 = np.stack([1.0 - ratio * x, -ratio * y, -x], axis=-1)
    e1[np.isnan(b).any(axis=-1)] = np.nan
    return e1, cross(b, e1)


def gyrophase(velocity: Any, B: Any) -> np.ndarray:
    """Return the gyrophase: the angle of v_perp about B, right-handed, from e1 of `perpendicular_basis`.

    v = v_par b + v_perp (e1 cos phi + e2 sin phi); along an orbit phi falls for positive charges.

    Parameters
    ----------
    velocity : array_like, shape (..., 3), m/s
        Below the speed of light.
    B : array_like, shape (..., 3), tesla
        The flux density; nan where it is zero.

    Returns
    -------
    ndarray, shape (...), radian
        From -pi to pi.
    """
    v, field = _pair(velocity, B)
    e1, e2 = perpendicular_basis(field)
    return np.arctan2(dot(v, e2), dot(v, e1))


def mu(species: Species | str, velocity: Any, B: Any) -> np.ndarray:
    """Return the first adiabatic invariant mu = p_perp^2/(2 m B) at the particle, to lowest order.

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    velocity : array_like, shape (..., 3), m/s
        Where there is an electric field, less its drift E x B/B^2 (`mu_gyrocentre` does so).
    B : array_like, shape (..., 3), tesla
        The flux density at the particle; nan where it is zero.

    Returns
    -------
    ndarray, shape (...), J/T
        mu = gamma^2 m v_perp^2/(2 B). It swings with the gyration by about rho/L; `mu_gyrocentre` by (rho/L)^2.
    """
    m = as_species(species).mass
    v, field = _pair(velocity, B)
    with np.errstate(invalid="ignore", divide="ignore"):
        return 0.5 * m * (gamma(v) * _perpendicular_speed(v, field)) ** 2 / norm(field)


def orbital_moment(species: Species | str, velocity: Any, B: Any) -> np.ndarray:
    """Return the magnetic moment of the gyration's current, I A = p_perp^2/(2 gamma m B), shape (...), in J/T.

    The current is |q|/period and the area pi rho^2. It is less than `mu`, which is conserved, by the Lorentz factor.
    Arguments as for `mu`.
    """
    v = velocities("velocity", velocity)
    return mu(species, v, B) / gamma(v)


def diamagnetic_moment(species: Species | str, velocity: Any, B: Any) -> np.ndarray:
    """Return the magnetic moment vector of the gyration, -(I A) b.

    It is the `orbital_moment` (not `mu`, which is gamma times larger), and opposes B for either sign of charge. The
    mirror force on it, averaged over the gyration, is -(I A) grad_par B = -(mu/gamma) grad_par B.

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    velocity : array_like, shape (..., 3), m/s
        As for `mu`.
    B : array_like, shape (..., 3), tesla
        The flux density at the particle; nan where it is zero.

    Returns
    -------
    ndarray, shape (..., 3), J/T
        The moment.
    """
    v, field = _pair(velocity, B)
    return -orbital_moment(species, v, field)[..., None] * unit(field)
