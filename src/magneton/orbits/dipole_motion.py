"""Bounce, drift and adiabatic invariants of charges in a dipole field, in closed form or by quadrature.

The field is that of a dipole at the origin, B0 on the equator of a sphere of radius R, pointing north there (as the
Earth's: the moment points south). A field line crosses the equator at L R.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._vectors import C
from magneton.orbits.dipole_integrals import bounce_and_action, bounce_integral, pitch_angles
from magneton.orbits.species import Species, as_species

#: The Earth's geomagnetic reference radius, and its field on the dipole's equator, rounded.
_RADIUS, _FIELD = 6.3712e6, 3.12e-5


def _energies(energy: Any) -> np.ndarray:
    values = _check.real_array("energy", energy, "J", "an energy or an array of energies")
    if (values <= 0.0).any():
        raise ValueError(f"energy must be positive, got {values.min():g}")
    return values


def _shells(L: Any) -> np.ndarray:
    values = _check.real_array("L", L, "1", "a number or an array of numbers")
    if (values <= 0.0).any():
        raise ValueError(f"L must be positive, got {values.min():g}")
    return values


def _motion(species: Species, energy: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return momentum (kg m/s), speed (m/s) and gamma m v^2 (J)."""
    rest = species.rest_energy
    pc = np.sqrt(energy * (energy + 2.0 * rest))
    return pc / C, C * pc / (energy + rest), energy * (energy + 2.0 * rest) / (energy + rest)


def bounce_period(species: Any, energy: Any, L: Any, pitch_angle: Any, *, radius: Any = _RADIUS) -> Any:
    """Return the bounce period in a dipole field.

    T_b = (4 L R/v) T(alpha), for a whole bounce [SchulzLanzerotti1974]_ (section I.4).

    Parameters
    ----------
    species : Species or str
        What moves.
    energy : array_like, joule
        Kinetic; relativity is exact.
    L : array_like
        Where the field line crosses the equator, in radii.
    pitch_angle : array_like, radian
        At the equator, 0 to pi.
    radius : float, metre
        R; the Earth's unless given.

    Returns
    -------
    ndarray or float, second
        The period.
    """
    _, speed, _ = _motion(as_species(species), _energies(energy))
    return (4.0 * _shells(L) * _check.positive("radius", radius, "m") / speed * bounce_integral(pitch_angle))[
        ()
    ]


def drift_rate(
    species: Any,
    energy: Any,
    L: Any,
    pitch_angle: Any,
    *,
    radius: Any = _RADIUS,
    equatorial_field: Any = _FIELD,
) -> Any:
    """Return the angular velocity of the drift by gradient and curvature, averaged over the bounce.

    d(phi)/dt = -3 gamma m v^2 L (D/T)/(q B0 R^2), positive eastward (counterclockwise seen from the north): positive
    charges drift west in a field that points north on the equator, electrons east ([SchulzLanzerotti1974]_ section
    I.4).

    Parameters
    ----------
    species : Species or str
        What moves.
    energy : array_like, joule
        Kinetic; relativity is exact.
    L : array_like
        Where the field line crosses the equator, in radii.
    pitch_angle : array_like, radian
        At the equator, 0 to pi.
    radius : float, metre
        R; the Earth's unless given.
    equatorial_field : float, tesla
        B0 at R on the equator; positive where it points north.

    Returns
    -------
    ndarray or float, rad/s
        The angular velocity.
    """
    species = as_species(species)
    _, _, twice = _motion(species, _energies(energy))
    size = _check.positive("radius", radius, "m")
    field = _check.number("equatorial_field", equatorial_field, "T")
    if field == 0.0:
        raise ValueError("equatorial_field must not be zero")
    time, action = bounce_and_action(pitch_angle)
    ratio = 0.5 - action / (12.0 * time)
    return (-3.0 * twice * _shells(L) * ratio / (species.charge * field * size**2))[()]


def drift_period(
    species: Any,
    energy: Any,
    L: Any,
    pitch_angle: Any,
    *,
    radius: Any = _RADIUS,
    equatorial_field: Any = _FIELD,
) -> Any:
    """Return the time (s) of one drift around the dipole, T_d = 2 pi |q| B0 R^2/(3 gamma m v^2 L D/T).

    Positive whatever the charge: `drift_rate`, whose arguments it takes, tells the direction.
    """
    rate = drift_rate(species, energy, L, pitch_angle, radius=radius, equatorial_field=equatorial_field)
    return 2.0 * np.pi / np.abs(rate)


def loss_cone(L: Any) -> Any:
    """Return the equatorial pitch angle below which a charge meets the surface of a planet with a dipole field.

    sin^2 alpha = (4 L^6 - 3 L^5)^(-1/2): the charge mirrors at r = R [Walt1994]_.

    Parameters
    ----------
    L : array_like
        Where the field line crosses the equator, in radii; at least 1.

    Returns
    -------
    ndarray or float, radian
        The half angle of the cone.

    Examples
    --------
    >>> import math
    >>> from magneton.orbits.dipole_motion import loss_cone
    >>> print(f"{math.degrees(loss_cone(4.0)):.3f}")
    5.342
    """
    shell = _shells(L)
    if (shell < 1.0).any():
        raise ValueError(f"L must be at least 1, got {shell.min():g}")
    # tan^2 alpha = 1/(1/sin^2 alpha - 1), and the difference in a form that does not cancel near L = 1
    inverse = np.sqrt(shell**5 * (4.0 * shell - 3.0))
    u = shell - 1.0
    grown = u * (9.0 + u * (30.0 + u * (50.0 + u * (45.0 + u * (21.0 + u * 4.0)))))
    return np.arctan2(1.0, np.sqrt(grown / (inverse + 1.0)))[()]


def second_invariant_dipole(
    species: Any, energy: Any, L: Any, pitch_angle: Any, *, radius: Any = _RADIUS
) -> Any:
    """Return J = 2 p L R Y(alpha) (kg m^2/s), the integral of p_par ds over a bounce in a dipole field.

    Arguments as of `bounce_period`; [SchulzLanzerotti1974]_ (section I.4).
    """
    momentum, _, _ = _motion(as_species(species), _energies(energy))
    size = _check.positive("radius", radius, "m")
    return (2.0 * momentum * _shells(L) * size * bounce_and_action(pitch_angle)[1])[()]


def modified_invariant_dipole(
    L: Any, pitch_angle: Any, *, radius: Any = _RADIUS, equatorial_field: Any = _FIELD
) -> Any:
    """Return K = L R Y(alpha) sqrt(B_m) (T^(1/2) m), B_m = B0/(L^3 sin^2 alpha); infinite at alpha = 0.

    Parameters
    ----------
    L : array_like
        Where the field line crosses the equator, in radii.
    pitch_angle : array_like, radian
        At the equator, 0 to pi.
    radius : float, metre
        R; the Earth's unless given.
    equatorial_field : float, tesla
        B0 at R on the equator.

    Returns
    -------
    ndarray or float, T^(1/2) m
        The integral of sqrt(B_m - B) ds between the mirror points.
    """
    shell = _shells(L)
    size = _check.positive("radius", radius, "m")
    field = abs(_check.number("equatorial_field", equatorial_field, "T"))
    sine = np.sin(pitch_angles(pitch_angle))
    with np.errstate(divide="ignore"):
        mirror_field = np.sqrt(field / shell**3) / sine
    return (shell * size * bounce_and_action(pitch_angle)[1] * mirror_field)[()]


def third_invariant_dipole(L: Any, *, radius: Any = _RADIUS, equatorial_field: Any = _FIELD) -> Any:
    """Return the flux through a drift shell of a dipole, Phi = -2 pi B0 R^2/L (weber).

    Through the curve r = L R around the equator, counterclockwise seen from the north: the field outside it points
    north and that inside south ([Roederer1970]_).

    Parameters
    ----------
    L : array_like
        Where the field line crosses the equator, in radii.
    radius : float, metre
        R; the Earth's unless given.
    equatorial_field : float, tesla
        B0 at R on the equator.

    Returns
    -------
    ndarray or float, weber
        The flux.
    """
    size = _check.positive("radius", radius, "m")
    return (-2.0 * np.pi * _check.number("equatorial_field", equatorial_field, "T") * size**2 / _shells(L))[
        ()
    ]


def L_of_flux(flux: Any, *, radius: Any = _RADIUS, equatorial_field: Any = _FIELD) -> Any:
    """Return the L of the dipole shell with a given flux (weber): L = 2 pi |B0| R^2/|Phi|."""
    values = _check.real_array("flux", flux, "Wb", "a flux or an array of fluxes")
    if (values == 0.0).any():
        raise ValueError("flux must not be zero: the shell is at infinity")
    size = _check.positive("radius", radius, "m")
    field = _check.number("equatorial_field", equatorial_field, "T")
    return (2.0 * np.pi * abs(field) * size**2 / np.abs(values))[()]
