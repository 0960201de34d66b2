"""Escape from a mirror's loss cone by pitch-angle scattering: slowest decay, mean time, and the strong limit.

In a mirror of ratio R = B_max/B_min, seen where the field is weakest, particles with |xi| > sqrt(1 - 1/R) are lost.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma, rgamma

from magneton._check import non_negatives, number
from magneton.orbits.collisions._arguments import cosines, mirror_ratios, number_of_sides, one_mirror_ratio

_TERMS = 64


def _logarithmic(a: float, b: float, z: float) -> float:
    """Return Gamma(b)/Gamma(a+b) 2F1(a, b; a+b; 1 - z) for 0 < z <= 1/2 and b > 0 (DLMF 15.8.10)."""
    total, term = 0.0, float(rgamma(a))  # small, or 0, where digamma(a + k) is large
    for k in range(_TERMS):
        psi = 2.0 * digamma(k + 1.0) - digamma(a + k) - digamma(b + k) - math.log(z)
        total += term * psi
        term *= (a + k) * (b + k) * z / (k + 1.0) ** 2
    return total


def _power_series(a: float, b: float, x: float) -> float:
    """Return 2F1(a, b; 1/2; x) for x <= 1/2."""
    total, term = 0.0, 1.0
    for k in range(_TERMS):
        total += term
        term *= (a + k) * (b + k) * x / ((k + 0.5) * (k + 1.0))
    return total


def _mode_at_the_cone(eigenvalue: float, ratio: float, sides: int) -> float:
    """Return a multiple of the regular Legendre function of degree n, n(n+1) = `eigenvalue`, at the cone's edge."""
    n = 2.0 * eigenvalue / (1.0 + math.sqrt(1.0 + 4.0 * eigenvalue))
    if sides == 1:
        return _logarithmic(-n, n + 1.0, _nearness(ratio))
    if ratio < 2.0:
        return _power_series(-0.5 * n, 0.5 * n + 0.5, (ratio - 1.0) / ratio)
    return _logarithmic(-0.5 * n, 0.5 * n + 0.5, 1.0 / ratio)


def _nearness(ratio: Any) -> Any:
    """Return (1 - xi_c)/2 without the loss of digits at large ratios."""
    return 0.5 / (ratio * (1.0 + np.sqrt((ratio - 1.0) / ratio)))


def _mean_time(ratio: Any, sides: int) -> np.ndarray:
    """Return nu times the mean time of escape of particles that begin isotropic in the trapped region."""
    if sides == 1:
        z = _nearness(ratio)
        return -np.log(z) / (1.0 - z) - 1.0
    square = (ratio - 1.0) / ratio
    xi, near = np.sqrt(square), np.minimum(square, 0.1)
    series = sum(near**k / (2 * k + 1) for k in range(16, 0, -1))
    with np.errstate(divide="ignore"):
        # atanh(xi), from R: 1 - xi^2 = 1/R keeps its digits.
        closed = 0.5 * np.log(ratio * (1.0 + xi) ** 2) / xi - 1.0
    return np.where(square < 0.1, series, closed)


def loss_cone_decay_rate(mirror_ratio: float, nu: float, *, sides: int = 2) -> float:
    """Return the rate of the slowest decay of f with an absorbing loss cone, the escape rate at late times.

    nu n(n+1) with the smallest degree n > 0 for which the Legendre function that is regular in the trapped region
    vanishes at the cone xi_c = sqrt(1 - 1/R): for one cone P_n(-xi_c) = 0, for two the even function
    2F1(-n/2, (n+1)/2; 1/2; xi_c^2) = 0 (DLMF 14.2, 15.8.10 [DLMF2024]_). For high mirror ratios, within O(1/ln^2 R),

        rate = nu/[ln(4 R)/2 - 1]  (two cones),      rate = nu/[ln(4 R) - 1]  (one cone).

    Parameters
    ----------
    mirror_ratio : float
        R = B_max/B_min > 1.
    nu : float
        Scattering rate [1/s] of df/dt = nu d/dxi[(1 - xi^2) df/dxi]; papers with nu/2 there have twice this nu.
    sides : int, default 2
        1: only particles with xi > 0 find a loss cone; 2: both ends lose.

    Returns
    -------
    float
        Rate [1/s], to 1e-12 or better.

    Raises
    ------
    ValueError
        If the mirror ratio is 1 or less, nu is negative, or `sides` is neither 1 nor 2.

    Examples
    --------
    >>> print(f"{loss_cone_decay_rate(mirror_ratio=10.0, nu=1.0):.9f}")
    1.001153033
    """
    ratio, ends = one_mirror_ratio(mirror_ratio), number_of_sides(sides)
    rate = float(non_negatives("nu", number("nu", nu, "1/s"), "1/s"))
    # Rigorous: the longest mean time is above the inverse of the eigenvalue, their average over the region below.
    longest = math.log(ratio) / 2.0 if ends == 2 else -math.log(_nearness(ratio))
    low, high = 1.0 / longest, 1.0 / float(_mean_time(ratio, ends))
    find: Any = brentq  # its types want a NumPy scalar for rtol
    return rate * find(_mode_at_the_cone, low, high, (ratio, ends), xtol=1e-300, rtol=1e-15)


def mean_escape_time(mirror_ratio: Any, nu: Any, xi: Any = None, *, sides: int = 2) -> np.ndarray:
    """Return the mean time until scattering takes a particle into the loss cone, at once lost there (weak diffusion).

    d/dxi[(1 - xi^2) dT/dxi] = -1/nu with T = 0 at the cones gives

        T = ln[R (1 - xi^2)]/(2 nu)  (two cones),      T = ln[(1 - xi)/(1 - xi_c)]/nu  (one cone),

    and for particles that begin isotropic in the trapped region the average [atanh(xi_c)/xi_c - 1]/nu, or
    [-ln(z)/(1 - z) - 1]/nu with z = (1 - xi_c)/2. So confinement grows only with the logarithm of R. It is also the
    number held by an isotropic source of one particle a second.

    Parameters
    ----------
    mirror_ratio : array_like
        R = B_max/B_min > 1.
    nu : array_like
        Scattering rate [1/s], as for `loss_cone_decay_rate`.
    xi : array_like, optional
        Cosine of the pitch angle at the start, where the field is weakest; None: the average over the trapped region.
    sides : int, default 2
        1: only particles with xi > 0 find a loss cone; 2: both ends lose.

    Returns
    -------
    ndarray
        Time [s], of the broadcast shape; 0 inside the cone, inf where nu is 0.

    Raises
    ------
    ValueError
        If a mirror ratio is 1 or less, nu is negative, a cosine is beyond 1, or `sides` is neither 1 nor 2.
    """
    ratio, rate = mirror_ratios(mirror_ratio), non_negatives("nu", nu, "1/s")
    ends = number_of_sides(sides)
    if xi is None:
        time = _mean_time(ratio, ends)
    else:
        start = cosines("xi", xi)
        above = (1.0 - start) * (1.0 + start) * ratio if ends == 2 else 0.5 * (1.0 - start) / _nearness(ratio)
        time = np.log(np.maximum(above, 1.0)) / ends
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(time == 0.0, 0.0, time / rate)


def strong_diffusion_time(mirror_ratio: Any, length: Any, speed: Any) -> np.ndarray:
    """Return the life time in a mirror when scattering keeps the loss cone full: 2 R L/v, however large nu is.

    For a field that is flat over the length L and rises at its two ends: of n L particles on a unit area, with
    isotropic velocities, n v/(2 R) a second are within the cones and go out. It is the shortest life time that
    scattering can bring about, since the cone cannot be fuller than full [Kennel1969]_. The other limit is
    `mean_escape_time`.

    Parameters
    ----------
    mirror_ratio : array_like
        R = B_max/B_min > 1.
    length : array_like
        Length L between the mirrors [m].
    speed : array_like
        Speed v [m/s].

    Returns
    -------
    ndarray
        Time [s], of the broadcast shape.

    Raises
    ------
    ValueError
        If a mirror ratio is 1 or less, or a length or speed is negative; inf at speed 0.
    """
    ratio = mirror_ratios(mirror_ratio)
    with np.errstate(divide="ignore"):
        return 2.0 * ratio * non_negatives("length", length, "m") / non_negatives("speed", speed, "m/s")
