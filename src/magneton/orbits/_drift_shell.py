"""Drift shells, the third invariant and L*, in any field that has a vector potential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.kernels.field import MU0_4PI
from magneton.orbits._shell_search import Search
from magneton.orbits._well import integrals, wells_of_mirror_field
from magneton.orbits.field_lines import events, weakest
from magneton.orbits.fields.base import as_field
from magneton.orbits.invariants import sine_squared

_FIRST, _MOST = 8, 1024


@dataclass(frozen=True)
class DriftShell:
    """The surface that the field lines of a drifting charge sweep out.

    Attributes
    ----------
    points : ndarray, shape (n, 3), metre
        Where the shell cuts the plane through the centre at right angles to the moment, evenly spaced in longitude,
        counterclockwise seen from the side that the field points to there.
    mirror_field : float, tesla
        B_m.
    K : float, T^(1/2) m
        The integral of sqrt(B_m - B) ds between mirror points, the same on all lines.
    flux : float, weber
        The third invariant: the magnetic flux through the closed curve of the points, by the right-hand rule.
    error : float, weber
        Of the flux, estimated: its change with half the points.
    """

    points: np.ndarray
    mirror_field: float
    K: float
    flux: float
    error: float


def drift_shell(
    field: Any,
    position: Any,
    pitch_angle: Any,
    *,
    moment: Any = None,
    centre: Any = None,
    rtol: Any = 1e-9,
    t: Any = 0.0,
) -> DriftShell:
    """Return the drift shell of a charge, with its third invariant.

    On the shell the mirror field B_m = B/sin^2 alpha and K are conserved, as they are for a charge that drifts slowly
    without an electric field [Roederer1970]_. Along rays from the centre the line is sought that has both; the flux is
    the closed integral of A dl through the points found, by the trapezoidal rule on twice as many rays until it
    agrees.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field; it must have a vector potential, and one shell only on each ray.
    position : array_like, shape (3,), metre
        Where the charge is.
    pitch_angle : float, radian
        There; above 0 and below pi.
    moment : array_like, shape (3,), A m^2, optional
        The dipole moment of the planet: the rays lie in the plane at right angles to it. The field's own unless given.
    centre : array_like, shape (3,), metre, optional
        What the charge drifts around; the field's position, or the origin, unless given.
    rtol : float
        Relative error of the flux that is aimed at.
    t : float, second
        The time at which a field that changes is frozen.

    Returns
    -------
    DriftShell
        The shell.

    Raises
    ------
    ValueError
        If the shell is not closed, or is not settled on 1024 rays.
    """
    _check.vector("position", position, "m")
    sin2 = sine_squared(_check.number("pitch_angle", pitch_angle, "rad"))
    tolerance = _check.fraction("rtol", rtol)
    axes = _plane(_moment(field, moment))
    middle = _centre(field, centre)
    field = as_field(field)
    rows, _ = events(position, t)
    strength = np.linalg.norm(field.B(rows[0, :3], rows[0, 3]))
    mirror_field = float(strength / sin2)
    search = Search(field, middle, axes, mirror_field, _own_K(field, rows, mirror_field), rows[0, 3])
    guess = np.linalg.norm(weakest(field, rows)[0, :3] - middle)
    return _settled(search, np.full(_FIRST, guess), tolerance)


def _own_K(field: Any, rows: np.ndarray, mirror_field: float) -> float:
    wells = wells_of_mirror_field(field, rows, np.array([mirror_field]))
    action = integrals(wells, wells.mirrors()[1])[0][0]
    if np.isnan(action):
        raise ValueError(
            "position must lie on a line that reaches the mirror field on both sides: it does not"
        )
    return float(np.sqrt(mirror_field) * action)


def _moment(field: Any, moment: Any) -> np.ndarray:
    """Return the moment that is given, or the field's own."""
    given = getattr(field, "moment", None) if moment is None else moment
    if given is None:
        raise ValueError("moment must be given: the field has none of its own")
    vector = _check.vector("moment", given, "A m^2")
    if not vector.any():
        raise ValueError("moment must not be zero: there is no shell around it")
    return vector


def _centre(field: Any, centre: Any) -> np.ndarray:
    given = getattr(field, "position", None) if centre is None else centre
    return _check.vector("centre", np.zeros(3) if given is None else given, "m")


def _plane(moment: np.ndarray) -> np.ndarray:
    """Return two unit vectors at right angles to the moment; with -moment they are right-handed, shape (2, 3)."""
    north = -moment / np.linalg.norm(moment)
    first = np.cross(np.eye(3)[np.argmin(np.abs(north))], north)
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(north, first)])


def _settled(search: Search, guess: np.ndarray, rtol: float) -> DriftShell:
    """Return the shell on as many rays as the flux needs."""
    radii, before = search.radii(guess), np.nan
    while True:
        points = search.points(radii)
        flux = _flux(search, radii, points)
        error = abs(flux - before)
        if error <= rtol * abs(flux):
            return DriftShell(points, search.mirror_field, search.K, flux, error)
        if 2 * len(radii) > _MOST:
            raise ValueError(
                f"rtol must be above {error / abs(flux):.1g}: the shell is not settled on {_MOST} rays"
            )
        between = _interpolated(radii)
        radii = np.stack([radii, search.radii(between, offset=0.5)], axis=1).ravel()
        before = flux


def _interpolated(radii: np.ndarray) -> np.ndarray:
    """Return a periodic function halfway between its even spaced values, by its Fourier series."""
    count = len(radii)
    orders = np.fft.rfftfreq(count, 1.0 / count)
    return np.fft.irfft(np.fft.rfft(radii) * np.exp(1j * np.pi * orders / count), count)


def _flux(search: Search, radii: np.ndarray, points: np.ndarray) -> float:
    """Return the closed integral of A dl."""
    count = len(radii)
    orders = np.fft.rfftfreq(count, 1.0 / count)
    orders[-1] = 0.0  # the highest order has no derivative of its own at these points
    slope = np.fft.irfft(1j * orders * np.fft.rfft(radii), count)
    outward = (points - search.centre) / radii[:, None]
    onward = np.cross(np.cross(search.axes[0], search.axes[1]), outward)
    tangent = slope[:, None] * outward + radii[:, None] * onward
    A = search.field.A(points, search.t)
    if np.isnan(A).any():
        raise ValueError("field must have a vector potential on the shell, got nan")
    return float(2.0 * np.pi * np.mean(np.sum(A * tangent, axis=1)))


def third_invariant(field: Any, position: Any, pitch_angle: Any, **options: Any) -> float:
    """Return the flux through the drift shell (weber), negative around a planet's dipole: see `drift_shell`."""
    return drift_shell(field, position, pitch_angle, **options).flux


def L_star(
    field: Any, position: Any, pitch_angle: Any, *, moment: Any = None, radius: Any = 6.3712e6, **options: Any
) -> float:
    """Return Roederer's L*, the third invariant as the L of the dipole shell that has the same flux.

    L* = 2 pi k0/(|Phi| R), k0 = mu0 |m|/4 pi [Roederer1970]_.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field; it must have a vector potential.
    position : array_like, shape (3,), metre
        Where the charge is.
    pitch_angle : float, radian
        There; above 0 and below pi.
    moment : array_like, shape (3,), A m^2, optional
        The planet's dipole moment; the field's own unless given.
    radius : float, metre
        The planet's, R.
    **options
        Of `drift_shell`: centre, rtol, t.

    Returns
    -------
    float
        L*, without a unit.
    """
    radius = _check.positive("radius", radius, "m")
    vector = _moment(field, moment)
    flux = third_invariant(field, position, pitch_angle, moment=vector, **options)
    return float(2.0 * np.pi * MU0_4PI * np.linalg.norm(vector) / (abs(flux) * radius))
