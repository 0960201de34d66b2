"""Moments carry angular momentum: closed forms of the experiments of Einstein and de Haas, and of Barnett."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import constants
from magneton._check import non_negatives, numbers, positives

_GAMMA_E = float(constants.gamma_e)
#: Angular momentum per moment of an orbiting electron is half of this, kg/C.
_MASS_TO_CHARGE = 2.0 * float(constants.m_e) / float(constants.e)


def nonzero(name: str, value: Any, unit: str) -> np.ndarray:
    """Return an array of numbers, none of them zero."""
    array = numbers(name, value, unit)
    if not array.all():
        raise ValueError(f"{name} must not be 0, got {array if array.ndim else float(array)}")
    return array


def gamma_from_g_prime(g_prime: Any) -> Any:
    """Return the signed gyromagnetic ratio of electrons with the magnetomechanical ratio g'.

    Parameters
    ----------
    g_prime : float or array_like
        1 for orbits alone, 2 (or |g_e|) for spins alone; positive.

    Returns
    -------
    float or ndarray, 1/(s T)
        gamma = -g' e/(2 m_e): moment and angular momentum of electrons are opposite.

    Examples
    --------
    >>> f"{gamma_from_g_prime(2.0):.6e}"
    '-1.758820e+11'
    """
    result = -positives("g_prime", g_prime) / _MASS_TO_CHARGE
    return result if result.ndim else float(result)


def einstein_de_haas(change_of_moment: Any, g_prime: Any = 2.0) -> Any:
    """Return the angular momentum that a body gains when its moment changes.

    Parameters
    ----------
    change_of_moment : float or array_like, A m^2
        Along an axis, or components; -2 m for a complete reversal of m.
    g_prime : float or array_like
        The magnetomechanical ratio, broadcast with the moments. Measured: iron 1.919 [Scott1962]_.

    Returns
    -------
    float or ndarray, kg m^2/s
        Of the lattice, in the direction of the change: a body of electrons that is magnetized along +z begins to turn
        about +z, counter-clockwise seen from its tip, since the spins now point along -z.

    Notes
    -----
    L + m/gamma is constant while no torque acts along the axis, so that L = -(change of m)/gamma
    = (2 m_e/(e g')) (change of m): m_e/e = 5.68563e-12 kg m^2/s per A m^2 for g' = 2 [EinsteinDeHaas1915]_.

    Examples
    --------
    >>> f"{einstein_de_haas(1.0):.5e}"
    '5.68563e-12'
    """
    moments = numbers("change_of_moment", change_of_moment, "A m^2")
    result = np.asarray(moments * (_MASS_TO_CHARGE / positives("g_prime", g_prime)))
    return result if result.ndim else float(result)


def barnett_field(omega: Any, gamma: Any = _GAMMA_E) -> Any:
    """Return the field that a rotation is worth to the moments that rotate with a body.

    Parameters
    ----------
    omega : float or array_like, rad/s
        Angular velocity: along an axis, or components.
    gamma : float or array_like, 1/(s T)
        Signed; broadcast with omega.

    Returns
    -------
    float or ndarray, tesla
        B = omega/gamma: opposite to omega for electrons, whose spins line up with the rotation.

    Notes
    -----
    Relative to a lattice that turns, dm/dt = gamma m x B - omega x m = gamma m x (B + omega/gamma), and damping is
    relative to the lattice [Barnett1915]_. One turn a second is worth 2 pi/|gamma| = 3.568249e-11 T to free electrons.

    Examples
    --------
    >>> import math
    >>> f"{barnett_field(2.0 * math.pi):.6e}"
    '-3.568249e-11'
    """
    result = np.asarray(numbers("omega", omega, "rad/s") / nonzero("gamma", gamma, "1/(s T)"))
    return result if result.ndim else float(result)


def barnett_magnetization(susceptibility: Any, omega: Any, gamma: Any = _GAMMA_E) -> Any:
    """Return the magnetization of a body that rotates: M = chi omega/(gamma mu_0).

    Parameters
    ----------
    susceptibility : float or array_like
        M/H of the body, that is, with its demagnetizing field allowed for.
    omega : float or array_like, rad/s
        Angular velocity.
    gamma : float or array_like, 1/(s T)
        Signed; -g' e/(2 m_e), see `gamma_from_g_prime`.

    Returns
    -------
    float or ndarray, A/m

    Examples
    --------
    >>> f"{barnett_magnetization(1000.0, 628.3):.4f}"
    '-2.8394'
    """
    chi = numbers("susceptibility", susceptibility)
    result = np.asarray(chi * barnett_field(omega, gamma) / float(constants.mu_0))
    return result if result.ndim else float(result)


def magnetomechanical_ratio_from(change_of_moment: Any, angular_momentum: Any) -> Any:
    """Return g' from a measured change of moment and the angular momentum that the body gained with it.

    Parameters
    ----------
    change_of_moment : float or array_like, A m^2
        Of the body along an axis.
    angular_momentum : float or array_like, kg m^2/s
        Gained by the lattice along the same axis, as I times a change of angular velocity; or, at resonance, the
        amplitude that `resonance_angular_momentum` gives.

    Returns
    -------
    float or ndarray
        (2 m_e/e) (change of moment)/(angular momentum); negative if positive charges carry the moment.

    Examples
    --------
    >>> round(magnetomechanical_ratio_from(2.0, einstein_de_haas(2.0, 1.919)), 12)
    1.919
    """
    gained = nonzero("angular_momentum", angular_momentum, "kg m^2/s")
    result = np.asarray(_MASS_TO_CHARGE * numbers("change_of_moment", change_of_moment, "A m^2") / gained)
    return result if result.ndim else float(result)


def resonance_angular_momentum(amplitude: Any, inertia: Any, frequency: Any, quality_factor: Any) -> Any:
    """Return the amplitude of the angular momentum exchanged in a torsion pendulum that is driven at resonance.

    Parameters
    ----------
    amplitude : float or array_like, rad
        Of the steady oscillation, while the moment is m sin(2 pi f t).
    inertia : float or array_like, kg m^2
        About the axis.
    frequency : float or array_like, Hz
        Of the pendulum without friction, and of the drive.
    quality_factor : float or array_like
        sqrt(k I)/c = pi times the number of swings in which a free amplitude falls by 1/e.

    Returns
    -------
    float or ndarray, kg m^2/s
        2 pi f I amplitude/Q: the amplitude grows Q-fold over that of a pendulum kicked once by it.

    Examples
    --------
    >>> round(resonance_angular_momentum(1e-3, 1e-7, 0.5, 200.0) * 1e12, 4)
    1.5708
    """
    speed = (
        2.0
        * np.pi
        * non_negatives("frequency", frequency, "Hz")
        * non_negatives("amplitude", amplitude, "rad")
    )
    result = np.asarray(
        speed * positives("inertia", inertia, "kg m^2") / positives("quality_factor", quality_factor)
    )
    return result if result.ndim else float(result)
