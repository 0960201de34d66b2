"""Stormer's theory: what a charge's rigidity allows it in a dipole field."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.kernels.field import MU0_4PI
from magneton.orbits._vectors import C, dot, norm, velocities
from magneton.orbits.kinematics import gamma
from magneton.orbits.species import as_species


def _numbers(name: str, value: Any, unit: str) -> np.ndarray:
    return _check.real_array(name, value, unit, "a number or an array of numbers")


def _positive(name: str, value: Any, unit: str) -> np.ndarray:
    values = _numbers(name, value, unit)
    if (values <= 0.0).any():
        raise ValueError(f"{name} must be positive, got {values.min():g}")
    return values


def stormer_length(moment: Any, rigidity: Any) -> Any:
    """Return Stormer's length, the radius of the circular orbit in the equatorial plane of a dipole.

    C = sqrt(mu0 m |q|/(4 pi p)) = sqrt(mu0 m c/(4 pi rigidity)) [Stormer1955]_.

    Parameters
    ----------
    moment : array_like, A m^2
        The size of the dipole moment.
    rigidity : array_like, volt
        p c/|q|: see `magneton.orbits.rigidity`.

    Returns
    -------
    ndarray or float, metre
        The length.
    """
    return np.sqrt(MU0_4PI * C * _positive("moment", moment, "A m^2") / _positive("rigidity", rigidity, "V"))[
        ()
    ]


def stormer_constant(
    moment: Any, species: Any, position: Any, velocity: Any, *, centre: Any = (0.0, 0.0, 0.0)
) -> Any:
    """Return Stormer's constant of the motion in a dipole field, the canonical angular momentum about its axis.

    b = (rho/C) v_phi/v - s (C/r) cos^2(lambda), s the sign of the charge, C Stormer's length, phi eastward about the
    direction north = -moment: (rho p_phi + q rho A_phi)/(p C). Stormer writes 2 gamma = -s b. A charge with -s b > 2
    cannot come from infinity to within r = C [Stormer1955]_.

    Parameters
    ----------
    moment : array_like, shape (3,), A m^2
        The dipole moment.
    species : Species or str
        What moves.
    position : array_like, shape (..., 3), metre
        Where.
    velocity : array_like, shape (..., 3), m/s
        How; not zero.
    centre : array_like, shape (3,), metre
        Where the dipole is.

    Returns
    -------
    ndarray or float, shape (...)
        b, without a unit.
    """
    species = as_species(species)
    vector = _check.vector("moment", moment, "A m^2")
    size = np.linalg.norm(vector)
    if size == 0.0:
        raise ValueError("moment must not be zero")
    place = _check.points("position", position) - _check.vector("centre", centre, "m")
    v = velocities("velocity", velocity)
    speed = norm(v)
    if (speed == 0.0).any():
        raise ValueError("velocity must not be zero")
    north = -vector / size
    momentum = species.mass * gamma(v) * speed
    length = np.sqrt(MU0_4PI * size * abs(species.charge) / momentum)
    lever = np.cross(place, v) @ north / speed  # rho v_phi/v
    distance, across = norm(place), np.cross(north, place)
    return (lever / length - np.sign(species.charge) * length * dot(across, across) / distance**3)[()]


def stormer_cutoff_rigidity(
    latitude: Any,
    *,
    distance: Any = 1.0,
    zenith: Any = 0.0,
    azimuth: Any = 0.0,
    charge_sign: Any = 1,
    equatorial_field: Any = 3.12e-5,
    radius: Any = 6.3712e6,
) -> Any:
    """Return the rigidity below which no charge arrives from infinity, in a dipole field.

        R_c = B0 R c cos^4(lambda)/(r^2 [1 + sqrt(1 - s sin(zenith) sin(azimuth) cos^3(lambda))]^2),

    s the sign of the charge; vertically (B0 R c/4) cos^4(lambda)/r^2 ([Stormer1955]_; [CookeEtAl1991]_). Where the path
    is blocked by the planet itself (the penumbra) the true cutoff is higher.

    Parameters
    ----------
    latitude : array_like, radian
        Magnetic, -pi/2 to pi/2.
    distance : array_like
        r, from the dipole, in radii.
    zenith : array_like, radian
        From the vertical to the direction that the charge comes from, 0 to pi.
    azimuth : array_like, radian
        Of that direction, clockwise from magnetic north: pi/2 is east. Positive charges from the east need more
        rigidity than those from the west.
    charge_sign : 1 or -1
        Of the charge.
    equatorial_field : float, tesla
        B0 at R on the equator, pointing north.
    radius : float, metre
        R.

    Returns
    -------
    ndarray or float, volt
        p c/|q|.

    Examples
    --------
    >>> from magneton.orbits.stormer import stormer_cutoff_rigidity
    >>> print(f"{stormer_cutoff_rigidity(0.0) / 1e9:.2f} GV")
    14.90 GV
    """
    angle = _numbers("latitude", latitude, "rad")
    if (np.abs(angle) > 0.5 * np.pi).any():
        raise ValueError(f"latitude must lie between -pi/2 and pi/2, got {_check.shown(latitude)}")
    tilt = _numbers("zenith", zenith, "rad")
    if ((tilt < 0.0) | (tilt > np.pi)).any():
        raise ValueError(f"zenith must lie between 0 and pi, got {_check.shown(zenith)}")
    sign = _check.number("charge_sign", charge_sign)
    if abs(sign) != 1.0:
        raise ValueError(f"charge_sign must be 1 or -1, got {sign:g}")
    scale = (
        _check.positive("equatorial_field", equatorial_field, "T")
        * _check.positive("radius", radius, "m")
        * C
    )
    cosine = np.cos(angle)
    eastward = np.sin(tilt) * np.sin(_numbers("azimuth", azimuth, "rad"))
    root = np.sqrt(np.maximum(1.0 - sign * eastward * cosine**3, 0.0))
    return (scale * cosine**4 / (_positive("distance", distance, "1") * (1.0 + root)) ** 2)[()]
