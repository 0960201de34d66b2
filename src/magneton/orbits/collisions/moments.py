"""How collisions break the first adiabatic invariant: mean and spread of mu in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton._check import non_negatives, real_array

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
#: Below this tau the difference of two decays is an integral of positive terms; above it nothing cancels.
_SHORT = 0.05


def _difference_of_decays(tau: np.ndarray) -> np.ndarray:
    """Return (1 - e^(-6 tau))/6 - (1 - e^(-20 tau))/20, which is 7 tau^2 for small tau, to rounding."""
    short = np.minimum(tau, _SHORT)[..., None]
    s = 0.5 * short * (1.0 + _NODES)
    integral = (0.5 * short * _WEIGHTS * 2.0 * np.exp(-13.0 * s) * np.sinh(7.0 * s)).sum(axis=-1)
    return np.where(tau < _SHORT, integral, np.expm1(-20.0 * tau) / 20.0 - np.expm1(-6.0 * tau) / 6.0)


def mu_relaxation(time: Any, nu: Any, pitch_angle: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of mu/(m v^2/2B) = 1 - xi^2 under pitch-angle scattering.

    All particles begin at one pitch angle; speed and field stay as they are. With tau = nu t and Legendre
    polynomials of the cosine at the start,

        1 - xi^2 = (2/3)(P_0 - P_2),     (1 - xi^2)^2 = (8/15) P_0 - (16/21) P_2 + (8/35) P_4,

    and <P_l> = P_l(xi_0) exp(-l(l+1) tau): the mean goes to 2/3 at the rate 6 nu, the spread to sqrt(4/45), and at
    first the spread is |sin 2a| sqrt(2 nu t), a the pitch angle.

    Parameters
    ----------
    time : array_like
        Time [s].
    nu : array_like
        Scattering rate [1/s] of df/dt = nu d/dxi[(1 - xi^2) df/dxi]; papers with nu/2 there have twice this nu.
    pitch_angle : array_like
        Pitch angle at the start [rad]. The three are broadcast.

    Returns
    -------
    mean, deviation : ndarray
        Both in units of m v^2/2B (relativistic: p^2/2mB), to rounding at all times.

    Raises
    ------
    ValueError
        If a time or a rate is negative, or not finite.

    Examples
    --------
    >>> mean, deviation = mu_relaxation(time=1e9, nu=1.0, pitch_angle=0.3)
    >>> print(f"{mean:.6f} {deviation:.6f}")
    0.666667 0.298142
    """
    tau = non_negatives("time", time, "s") * non_negatives("nu", nu, "1/s")
    angle = real_array("pitch_angle", pitch_angle, "rad", "a number or an array of numbers")
    tau, angle = np.broadcast_arrays(tau, angle)
    xi_2, start = np.cos(angle) ** 2, np.sin(angle) ** 2
    p_2 = 1.5 * xi_2 - 0.5
    p_4 = (35.0 * xi_2**2 - 30.0 * xi_2 + 3.0) / 8.0
    decay = -np.expm1(-6.0 * tau) / 6.0
    mean = start + 4.0 * p_2 * decay
    variance = (
        8.0 * xi_2 * start * decay
        + (32.0 / 7.0) * p_4 * _difference_of_decays(tau)
        - 16.0 * (p_2 * decay) ** 2
    )
    return mean, np.sqrt(np.maximum(variance, 0.0))
