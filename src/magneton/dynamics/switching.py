"""How long a damped moment takes to turn over in a constant field along its axis."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from magneton import constants
from magneton._check import numbers, plain, positives
from magneton.dynamics._shapes import common_shape, nonzero


def switching_time(
    theta0: Any,
    theta1: Any,
    B: Any,
    alpha: Any,
    B_k: Any = 0.0,
    *,
    gamma: Any = float(constants.gamma_e),
) -> Any:
    """Return the time in which a damped moment turns from one angle with the axis to another.

    Parameters
    ----------
    theta0, theta1 : float or array_like
        Angles with the axis at the start and at the end in rad, between the poles 0 and pi and not on them: there the
        torque is zero.
    B : float or array_like
        Field along the axis in T; B > 0 drives from `theta0` towards `theta1`, whichever is larger.
    alpha : float or array_like
        Gilbert damping, positive.
    B_k : float or array_like
        Anisotropy field 2 K V/m of the same axis in T; negative for an easy plane.
    gamma : float or array_like
        Gyromagnetic ratio in 1/(s T); by default the electron's.

    Returns
    -------
    float or ndarray
        In s, all arguments broadcast. Least for alpha = 1, as (1 + alpha^2)/alpha is ([Kikuchi1956]_).

    Raises
    ------
    ValueError
        If the moment never gets there; the angle that stops it is named.

    Notes
    -----
    With theta1 < theta0 and u = tan^2(theta/2), dtheta/dt = -alpha abs(gamma') (B + B_k cos(theta)) sin(theta) gives

    t = [ln(u0/u1) + 2 B_k int_{u1}^{u0} du/(B + B_k + (B - B_k) u)] / (2 alpha abs(gamma') (B + B_k)),

    a sum of positive terms for B_k > 0 ([Mallinson2000]_, for B_k = 0); for B_k < 0 the same is done with 1/u.

    Examples
    --------
    >>> import numpy as np
    >>> t = switching_time(np.radians(170.0), np.radians(10.0), B=1.0, alpha=0.1)
    >>> print(f"{t:.6e} s")
    2.794781e-10 s
    """
    start, end = _angles("theta0", theta0), _angles("theta1", theta1)
    field, anisotropy = numbers("B", B, "T"), numbers("B_k", B_k, "T")
    damping, ratio = positives("alpha", alpha), nonzero("gamma", gamma, "1/(s T)")
    common_shape(
        theta0=start.shape,
        theta1=end.shape,
        B=field.shape,
        alpha=damping.shape,
        B_k=anisotropy.shape,
        gamma=ratio.shape,
    )
    start, end, field, anisotropy = np.broadcast_arrays(start, end, field, anisotropy)
    # Mirrored (theta -> pi - theta) where the way goes up, and where it is an easy plane that needs 1/u: there the
    # integral of u from start to end is that of 1/u from end to start, with B - B_k for B + B_k.
    up = end > start
    sine, cosine = _halves(start, up)
    sine_end, cosine_end = _halves(end, up)
    before = _drive(sine, cosine, field, anisotropy)
    after = _drive(sine_end, cosine_end, field, anisotropy)
    stopped = ((before <= 0.0) | (after <= 0.0)) & (start != end)
    if stopped.any():
        _never(stopped, start, field, anisotropy, up)
    swap = anisotropy < 0.0
    low_sine, low_cosine = np.where(swap, cosine, sine_end), np.where(swap, sine, cosine_end)
    high_sine, high_cosine = np.where(swap, cosine_end, sine), np.where(swap, sine_end, cosine)
    path = _integral(
        np.sin(0.5 * np.abs(start - end)),
        (low_sine, low_cosine),
        (high_sine, high_cosine),
        field + np.abs(anisotropy),
        field - np.abs(anisotropy),
    )
    path = np.where(start == end, 0.0, path)
    return plain(path * (1.0 + damping**2) / (damping * np.abs(ratio)))


def _integral(turned: Any, low: Any, high: Any, plus: Any, minus: Any) -> Any:
    """Return the integral of dtheta/((B + B_k cos) sin); `turned` is the sine of half the way, B_k >= 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        step = turned / (high[1] * low[1])  # tan(high/2) - tan(low/2)
        tangent = low[0] / low[1]
        rise = step * (2.0 * tangent + step)
        slow = plus + minus * tangent**2
        z = minus * rise / slow
        mean = np.where(z == 0.0, 1.0, np.log1p(z) / np.where(z == 0.0, 1.0, z))
        return (np.log1p(step / tangent) + 0.5 * (plus - minus) * rise / slow * mean) / plus


def _angles(name: str, value: Any) -> np.ndarray:
    array = numbers(name, value, "rad")
    wrong = array[~((array > 0.0) & (array < np.pi))]
    if wrong.size:
        raise ValueError(
            f"{name} must lie between 0 and pi, without the poles, where the torque is zero, got {wrong[0]:g}"
        )
    return array


def _halves(theta: np.ndarray, up: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return sine and cosine of half the angle, or of half pi - theta."""
    sine, cosine = np.sin(0.5 * theta), np.cos(0.5 * theta)
    return np.where(up, cosine, sine), np.where(up, sine, cosine)


def _drive(sine: np.ndarray, cosine: np.ndarray, field: np.ndarray, anisotropy: np.ndarray) -> np.ndarray:
    """Return B + B_k cos(theta)."""
    return (field + anisotropy) * cosine**2 + (field - anisotropy) * sine**2


def _never(stopped: np.ndarray, start: Any, field: Any, anisotropy: Any, up: Any) -> NoReturn:
    """Raise for the first way that does not end, and say where it does."""
    i = tuple(np.argwhere(stopped)[0])
    at, B, B_k = float(start[i]), float(field[i]), float(anisotropy[i])
    own = np.pi - at if up[i] else at
    drive = B + B_k * np.cos(own)
    ends = [0.0, np.pi, *([np.arccos(-B / B_k)] if abs(B) < abs(B_k) else [])]
    if drive > 0.0:
        end = max(angle for angle in ends if angle < own)
    else:
        end = min((angle for angle in ends if angle > own and drive < 0.0), default=own)
    end = np.pi - end if up[i] else end
    raise ValueError(
        "B must drive the moment from theta0 all the way to theta1, "
        f"got {B:g} T with B_k = {B_k:g} T: from {np.degrees(at):.6g} degrees it goes to {np.degrees(end):.6g}"
    )
