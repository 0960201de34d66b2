"""Cyclotron autoresonance: a charge that stays in resonance with a vacuum wave while it gains energy."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from magneton._check import numbers, positives

#: Coefficients of (x - sin x)/x^3 = sum_j c_j x^(2j), enough for |x| < 1.
_SERIES = np.cumprod([1.0 / 6.0] + [-1.0 / ((2 * j + 2) * (2 * j + 3)) for j in range(1, 9)])


class Autoresonance(NamedTuple):
    """A charge in a vacuum wave at given phases; arrays of one shape.

    `u_perp` and `u_par` are gamma v/c across and along B; `time` is omega t and `distance` k z, both since the start.
    """

    u_perp: np.ndarray
    u_par: np.ndarray
    gamma: np.ndarray
    time: np.ndarray
    distance: np.ndarray


def autoresonance(amplitude: Any, phase: Any, invariant: Any = 1.0, detuning: Any = 0.0) -> Autoresonance:
    r"""Return the motion of a charge in a circularly polarized vacuum wave along a uniform B.

    As omega = k c, I = gamma - u_par is conserved, and so is the Doppler-shifted frequency omega (1 - beta_par) gamma =
    omega I: what is once in resonance, omega I = \|Omega\|, stays so at every energy [RobertsBuchsbaum1964]_. With
    the phase phi = omega t - k z for time, d phi = omega I d tau, the motion is linear whatever the amplitude:

        u_perp = a0 \|sin(delta phi/2)/(delta/2)\| = a0 phi on resonance,   delta = \|Omega\|/(omega I) - 1,
        gamma = (1 + I^2 + u_perp^2)/(2 I),   u_par = gamma - I.

    From rest, I = 1: gamma = 1 + u_perp^2/2. mu = m c^2 u_perp^2/(2 B) grows as phi^2, and off resonance no further
    than u_perp = 2 a0/delta. The wave must turn as the charge does: right-hand about B for electrons,
    left-hand for ions.

    Parameters
    ----------
    amplitude : array_like
        a0 = \|q\| E/(m c omega) = \|q\| b/(m omega), with the amplitudes E and b of the circular wave; not negative.
    phase : array_like, radian
        phi, since the charge was at u_perp = 0.
    invariant : array_like
        I = gamma - u_par, positive: 1 from rest, sqrt((1 - beta)/(1 + beta)) from motion along the wave.
    detuning : array_like
        delta, with Omega = q B/m. All are broadcast.

    Returns
    -------
    Autoresonance
        u_perp, u_par, gamma, and omega t and k z, of which the difference is phi.

    Examples
    --------
    >>> motion = autoresonance(0.1, 30.0)
    >>> print(f"{motion.u_perp:.12g} {motion.gamma:.12g}")
    3 5.5
    """
    a, phi = numbers("amplitude", amplitude), numbers("phase", phase, "rad")
    if a.size and a.min() < 0.0:
        raise ValueError(f"amplitude must not be negative, got {a.min():g}")
    constant, delta = positives("invariant", invariant), numbers("detuning", detuning)
    try:
        a, phi, constant, delta = np.broadcast_arrays(a, phi, constant, delta)
    except ValueError:
        raise ValueError("amplitude, phase, invariant and detuning must have shapes that broadcast") from None
    x = delta * phi
    u_perp = a * np.abs(phi * np.sinc(x / (2.0 * np.pi)))
    u_par = (1.0 - constant**2 + u_perp**2) / (2.0 * constant)
    # The integral of u_perp^2 over the phase.
    integral = 2.0 * a**2 * phi**3 * _sine_rest(x)
    distance = ((1.0 - constant**2) * phi + integral) / (2.0 * constant**2)
    gamma = (1.0 + constant**2 + u_perp**2) / (2.0 * constant)
    return Autoresonance(u_perp, u_par, gamma, phi + distance, distance)


def _sine_rest(x: np.ndarray) -> np.ndarray:
    """Return (x - sin x)/x^3, which is 1/6 at 0, to rounding."""
    small = np.abs(x) < 1.0
    safe = np.where(small, 1.0, x)
    series = np.polynomial.polynomial.polyval(np.where(small, x, 0.0) ** 2, _SERIES)
    return np.where(small, series, (safe - np.sin(safe)) / safe**3)
