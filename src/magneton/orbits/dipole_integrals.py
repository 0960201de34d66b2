r"""The integrals of a bouncing charge's motion in a dipole field, as functions of the equatorial pitch angle.

On a dipole's field line r = L R cos^2(lambda), with x = sin(lambda), ds = L R sqrt(1 + 3 x^2) dx and B relative to its
value at the equator is b = sqrt(1 + 3 x^2)/(1 - x^2)^3; the charge mirrors at x_m, where y^2 b = 1, y = sin(alpha):

    T = integral_0^(x_m) sqrt(1 + 3 x^2)/sqrt(1 - y^2 b) dx
    Y = 2 integral_0^(x_m) sqrt(1 + 3 x^2) sqrt(1 - y^2 b) dx
    D/T = 1/2 - Y/(12 T)

([Hamlin1961]_; [SchulzLanzerotti1974]_ section I.4). x = x_m sin(theta) and the divided difference of b in x^2 take the
root singularity away; theta = pi/2 - z^4 smooths what is left of it when the mirror point comes near the pole, and a
Gauss-Legendre rule does the rest.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(80)
_TOP = (0.5 * np.pi) ** 0.25
_Z = 0.5 * _TOP * (1.0 + _NODES)
_COS, _SIN = np.sin(_Z**4), np.cos(_Z**4)  # of theta = pi/2 - z^4
_WEIGHTS = 2.0 * _TOP * _WEIGHTS * _Z**3  # d theta = 4 z^3 dz
_CHUNK = 4096


def pitch_angles(pitch_angle: Any) -> np.ndarray:
    """Return pitch angles from 0 to pi as an array."""
    angles = _check.real_array("pitch_angle", pitch_angle, "rad", "an angle or an array of angles")
    if ((angles < 0.0) | (angles > np.pi)).any():
        wrong = angles[(angles < 0.0) | (angles > np.pi)].flat[0]
        raise ValueError(f"pitch_angle must lie between 0 and pi, got {wrong:g}")
    return angles


def _mirror(angles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return sin^2 and cos^2 of the mirror latitude, each to rounding, for angles of shape (n,).

    c = cos^2 is the root of c^3 = sin^2(alpha) sqrt(4 - 3 c): Newton's method on c - y^(2/3) (4 - 3 c)^(1/6), convex
    and rising. Where the point is near the equator, w = sin^2 is polished in
    6 log(1 - w) - log(1 + 3 w) = 2 log(y^2), whose right side comes from the cosine.
    """
    scale = np.cbrt(np.sin(angles)) ** 2
    c = np.minimum(1.0, scale * 4.0 ** (1.0 / 6.0))
    for _ in range(7):
        sixth = scale * (4.0 - 3.0 * c) ** (1.0 / 6.0)
        c = np.minimum(1.0, c - (c - sixth) / (1.0 + 0.5 * sixth / (4.0 - 3.0 * c)))
    right = 2.0 * np.log1p(-np.minimum(np.cos(angles) ** 2, 0.999))
    w = np.minimum(1.0 - c, 0.9)
    for _ in range(5):
        left = 6.0 * np.log1p(-w) - np.log1p(3.0 * w)
        w = np.clip(w + (left - right) / (6.0 / (1.0 - w) + 3.0 / (1.0 + 3.0 * w)), 0.0, 0.9)
    near = c > 0.5
    return np.where(near, w, 1.0 - c), np.where(near, 1.0 - w, c)


def mirror_latitude(pitch_angle: Any) -> Any:
    """Return the latitude at which a charge mirrors in a dipole field.

    The root of cos^6(lambda)/sqrt(1 + 3 sin^2(lambda)) = sin^2(alpha), to rounding.

    Parameters
    ----------
    pitch_angle : array_like, radian
        At the equator, 0 to pi.

    Returns
    -------
    ndarray or float, radian
        From the dipole's equator, 0 to pi/2.
    """
    angles = pitch_angles(pitch_angle)
    sin2, cos2 = _mirror(angles.ravel())
    with np.errstate(invalid="ignore"):
        latitude = np.arctan2(np.sqrt(sin2), np.sqrt(cos2))
    return latitude.reshape(angles.shape)[()]


def _integrals(angles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return T and Y for angles of shape (n,)."""
    w_m, c_m = (part[:, None] for part in _mirror(angles))
    w, c = w_m * _SIN**2, c_m + w_m * _COS**2
    s, s_m = np.sqrt(1.0 + 3.0 * w), np.sqrt(1.0 + 3.0 * w_m)
    # Delta^2 = (1 - y^2 b)/(w_m - w) in a form that does not cancel
    slope = 3.0 * c**3 / (s_m + s) + s * (c * c + c * c_m + c_m * c_m)
    delta = np.sqrt(slope / (c**3 * s_m))
    time = (s / delta) @ _WEIGHTS
    action = 2.0 * w_m[:, 0] * ((s * delta * _COS**2) @ _WEIGHTS)
    return time, action


def bounce_and_action(pitch_angle: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return T and Y, in the shape of `pitch_angle`."""
    angles = pitch_angles(pitch_angle)
    parts = [_integrals(angles.ravel()[i : i + _CHUNK]) for i in range(0, max(angles.size, 1), _CHUNK)]
    time, action = (np.concatenate(part).reshape(angles.shape) for part in zip(*parts, strict=True))
    return time, action


def bounce_integral(pitch_angle: Any) -> Any:
    """Return T(alpha), with which a charge in a dipole field bounces in T_b = (4 L R/v) T.

    T(0) = 1 + log(2 + sqrt 3)/(2 sqrt 3) and T(pi/2) = pi sqrt(2)/6; to 1e-14 in between. The approximation that is
    often printed, 1.30 - 0.56 sin(alpha), is good to 2 % only above 5 degrees (2.1 % at 36), and 6 % wrong at 0.

    Parameters
    ----------
    pitch_angle : array_like, radian
        At the equator, 0 to pi.

    Returns
    -------
    ndarray or float
        T.

    Notes
    -----
    T = integral_0^(lambda_m) cos(l) sqrt(1 + 3 sin^2 l)/sqrt(1 - sin^2(alpha) sqrt(1 + 3 sin^2 l)/cos^6 l) dl
    ([Hamlin1961]_; [SchulzLanzerotti1974]_ section I.4).

    Examples
    --------
    >>> import math
    >>> from magneton.orbits.dipole_integrals import bounce_integral
    >>> print(f"{bounce_integral(math.radians(45.0)):.6f}")
    0.886859
    """
    return bounce_and_action(pitch_angle)[0][()]


def action_integral(pitch_angle: Any) -> Any:
    """Return Y(alpha), with which the second invariant in a dipole field is J = 2 p L R Y.

    Y(0) = 2 T(0), Y(pi/2) = 0, and d(Y/y)/dy = -2 T/y^2 with y = sin(alpha).

    Parameters
    ----------
    pitch_angle : array_like, radian
        At the equator, 0 to pi.

    Returns
    -------
    ndarray or float
        Y, to 1e-14 relative.

    Notes
    -----
    Y = 2 integral_0^(lambda_m) cos(l) sqrt(1 + 3 sin^2 l) sqrt(1 - sin^2(alpha) sqrt(1 + 3 sin^2 l)/cos^6 l) dl
    ([SchulzLanzerotti1974]_ section I.4).
    """
    return bounce_and_action(pitch_angle)[1][()]


def drift_integral(pitch_angle: Any) -> Any:
    """Return D(alpha)/T(alpha), with which a charge in a dipole field drifts around it.

    T_d = 2 pi |q| B0 R^2/(3 gamma m v^2 L D/T); D/T is 1/3 at 0 and 1/2 at pi/2.

    Parameters
    ----------
    pitch_angle : array_like, radian
        At the equator, 0 to pi.

    Returns
    -------
    ndarray or float
        D/T, to 1e-14.

    Notes
    -----
    From the energy's dependence on L at constant mu and J, dE/dL = -gamma m v^2 (6 T - Y)/(4 T L), so that
    D = (6 T - Y)/12 ([SchulzLanzerotti1974]_ section I.4).

    Examples
    --------
    >>> import math
    >>> from magneton.orbits.dipole_integrals import drift_integral
    >>> print(f"{drift_integral(math.radians(45.0)):.6f}")
    0.454819
    """
    time, action = bounce_and_action(pitch_angle)
    return (0.5 - action / (12.0 * time))[()]
