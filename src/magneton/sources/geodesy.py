"""Geodetic places on the Earth, and the elements of a field at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check

#: Semi-major axis (m) and flattening of WGS 84.
WGS84 = (6378137.0, 1.0 / 298.257223563)
_STEPS = 12


def _places(**given: Any) -> list[np.ndarray]:
    """Return latitude, longitude (degree) and, if given, altitude (m), checked and of one shape; nan stays."""
    units = {"altitude": ("m", "real numbers")}
    arrays = {
        name: _check.with_gaps(name, value, *units.get(name, ("deg", "real numbers in degrees")))
        for name, value in given.items()
    }
    beyond = np.abs(arrays["latitude"]) > 90.0
    if np.any(beyond):
        wrong = arrays["latitude"][beyond].flat[0]
        raise ValueError(f"latitude must lie between -90 and 90 degrees, got {wrong:g}")
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        *names, last = arrays
        shapes = ", ".join(str(array.shape) for array in arrays.values())
        raise ValueError(
            f"{', '.join(names)} and {last} must have shapes that broadcast together, got {shapes}"
        ) from None


def _sin_cos(degrees: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return sine and cosine, exact at multiples of 90 degrees: cos 90 is 0, so that a pole lies on the axis."""
    quarter = np.round(np.where(np.isnan(degrees), 0.0, degrees) / 90.0)
    rest = np.radians(degrees - 90.0 * quarter)
    sine, cosine = np.sin(rest), np.cos(rest)
    turn = quarter.astype(int) % 4
    return (
        np.choose(turn, [sine, cosine, -sine, -cosine]) + 0.0,  # no -0
        np.choose(turn, [cosine, -sine, -cosine, sine]) + 0.0,
    )


def from_geodetic(latitude: Any, longitude: Any, altitude: Any = 0.0) -> np.ndarray:
    """Return geocentric Cartesian coordinates of places given on the WGS 84 ellipsoid.

    x = (N + h) cos(lat) cos(lon), y = (N + h) cos(lat) sin(lon), z = (N (1 - e^2) + h) sin(lat), with
    N = a/sqrt(1 - e^2 sin^2(lat)) [HofmannWellenhofMoritz2006]_.

    Parameters
    ----------
    latitude, longitude : array_like, degree
        Geodetic, north and east positive; they broadcast.
    altitude : array_like, metre
        Above the ellipsoid; it broadcasts too.

    Returns
    -------
    ndarray, shape (..., 3), metre
        z is north, x at longitude 0; nan for a place with a nan.

    Raises
    ------
    ValueError
        If a latitude lies beyond a pole, something is infinite or no number, or the shapes do not broadcast.

    Examples
    --------
    >>> from magneton.sources.geodesy import from_geodetic
    >>> from_geodetic(90.0, 0.0).round(3).tolist()
    [0.0, 0.0, 6356752.314]
    """
    latitude, longitude, altitude = _places(latitude=latitude, longitude=longitude, altitude=altitude)
    sine, cosine = _sin_cos(latitude)
    sine_lon, cosine_lon = _sin_cos(longitude)
    a, f = WGS84
    e2 = f * (2.0 - f)
    normal = a / np.sqrt(1.0 - e2 * sine**2)
    rho = (normal + altitude) * cosine
    z = (normal * (1.0 - e2) + altitude) * sine
    places = np.stack([rho * cosine_lon, rho * sine_lon, z], axis=-1)
    return np.where(np.isnan(places).any(axis=-1, keepdims=True), np.nan, places)


def to_geodetic(points: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return geodetic latitude, longitude (degree) and altitude (m) of geocentric points on the WGS 84 ellipsoid.

    The latitude comes from Bowring's iteration on the reduced latitude [Bowring1976]_, which is at rest after a few
    steps for all points above the evolute of the ellipsoid, some 43 km from the centre.

    Parameters
    ----------
    points : array_like, shape (..., 3), metre
        Geocentric.

    Returns
    -------
    latitude, longitude, altitude : ndarray, shape (...)
        On the axis the longitude is 0.
    """
    x, y, z = np.moveaxis(_check.points("points", points), -1, 0)
    a, f = WGS84
    b, e2 = a * (1.0 - f), f * (2.0 - f)
    rho = np.hypot(x, y)
    reduced = np.arctan2(z, (1.0 - f) * rho)
    for _ in range(_STEPS):
        sine, cosine = np.sin(reduced), np.cos(reduced)
        latitude = np.arctan2(z + e2 / (1.0 - e2) * b * sine**3, rho - e2 * a * cosine**3)
        reduced = np.arctan2((1.0 - f) * np.sin(latitude), np.cos(latitude))
    sine, cosine = np.sin(latitude), np.cos(latitude)
    # Along the normal, so that neither the poles nor the equator divide by zero.
    altitude = rho * cosine + z * sine - a * np.sqrt(1.0 - e2 * sine**2)
    longitude = np.degrees(np.arctan2(y + 0.0, x + 0.0))  # no -0: on the axis it is 0
    return np.degrees(latitude), longitude, altitude


def north_east_down(latitude: Any, longitude: Any) -> np.ndarray:
    """Return the unit vectors to the north, to the east and down, in geocentric axes.

    Parameters
    ----------
    latitude, longitude : array_like, degree
        Geodetic; they broadcast. At a pole the longitude says which way is called north.

    Returns
    -------
    ndarray, shape (..., 3, 3)
        ``[..., 0, :]`` is north, ``[..., 1, :]`` east, ``[..., 2, :]`` down.
    """
    latitude, longitude = _places(latitude=latitude, longitude=longitude)
    sine, cosine = _sin_cos(latitude)
    sine_lon, cosine_lon = _sin_cos(longitude)
    zero = np.zeros_like(sine)
    north = np.stack([-sine * cosine_lon, -sine * sine_lon, cosine], axis=-1)
    east = np.stack([-sine_lon, cosine_lon, zero], axis=-1)
    down = np.stack([-cosine * cosine_lon, -cosine * sine_lon, -sine], axis=-1)
    return np.stack([north, east, down], axis=-2)


@dataclass(frozen=True)
class Elements:
    """The elements of a magnetic field at places on the Earth, all of the places' shape.

    Attributes
    ----------
    north, east, down : ndarray, tesla
        X, Y and Z of geomagnetism.
    """

    north: np.ndarray
    east: np.ndarray
    down: np.ndarray

    @property
    def horizontal(self) -> np.ndarray:
        """The horizontal intensity in T."""
        return np.hypot(self.north, self.east)

    @property
    def intensity(self) -> np.ndarray:
        """The total intensity in T."""
        return np.hypot(self.horizontal, self.down)

    @property
    def declination(self) -> np.ndarray:
        """The angle of the horizontal field from north, east positive, in degree, -180 to 180."""
        return np.degrees(np.arctan2(self.east, self.north))

    @property
    def inclination(self) -> np.ndarray:
        """The angle of the field below the horizontal, in degree, -90 to 90."""
        return np.degrees(np.arctan2(self.down, self.horizontal))


def elements(B: np.ndarray, latitude: Any, longitude: Any) -> Elements:
    """Return the elements of B (T, geocentric axes, shape (..., 3)) at geodetic places."""
    parts = np.einsum("...ij,...j->...i", north_east_down(latitude, longitude), B)
    return Elements(parts[..., 0], parts[..., 1], parts[..., 2])
