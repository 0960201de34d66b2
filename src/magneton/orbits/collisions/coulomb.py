"""The rate of pitch-angle scattering by Coulomb collisions with heavy charges at rest (a Lorentz gas)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from magneton._check import non_negatives, number, positive
from magneton.constants import c, e, epsilon_0


def coulomb_deflection_rate(
    charge: float, mass: float, speed: Any, density: Any, charge_number: float, coulomb_log: Any
) -> np.ndarray:
    """Return nu(v) of df/dt = nu d/dxi[(1 - xi^2) df/dxi] for a charge among heavy charges at rest.

    Small deflections by Coulomb's force, of impact parameters from b_90 to b_90 exp(ln Lambda) with b_90 = q Z e
    /(4 pi eps_0 p v), take <xi> down at the rate 4 pi n v b_90^2 ln Lambda. Here that rate is 2 nu, so

        nu = n (q Z e)^2 ln Lambda/(8 pi eps_0^2 p^2 v),      p = gamma m v:

    half of the electron-ion frequency nu_ei = n Z^2 e^4 ln Lambda/(4 pi eps_0^2 m^2 v^3) of the textbooks, whose
    Lorentz operator is (nu_ei/2) d/dxi[(1 - xi^2) d/dxi] [HelanderSigmar2002]_.

    Parameters
    ----------
    charge, mass : float
        Charge q [C] and mass m [kg] of the particle that is deflected.
    speed : array_like
        Its speed v [m/s], below that of light.
    density : array_like
        Density n of the scatterers [1/m^3].
    charge_number : float
        Their charge Z in units of e; only the square counts.
    coulomb_log : array_like
        ln Lambda.

    Returns
    -------
    ndarray
        Rate nu [1/s], of the broadcast shape; inf at speed 0.

    Raises
    ------
    ValueError
        If mass is not positive, a speed is negative or not below that of light, or a density or logarithm is negative.

    Examples
    --------
    >>> from magneton.constants import e, m_e
    >>> print(f"{coulomb_deflection_rate(-e, m_e, 1e7, 1e19, 1, 15.0):.4g}")
    6.039e+04
    """
    v = non_negatives("speed", speed, "m/s")
    light = float(c)
    if v.size and v.max() >= light:
        raise ValueError(f"speed must be below that of light, got {v.max():g} m/s")
    n = non_negatives("density", density, "1/m^3")
    log = non_negatives("coulomb_log", coulomb_log, "1")
    strength = number("charge", charge, "C") * number("charge_number", charge_number) * float(e)
    p = positive("mass", mass, "kg") * v / np.sqrt((1.0 - v / light) * (1.0 + v / light))
    with np.errstate(divide="ignore", invalid="ignore"):
        # Charge over momentum first: the square of a momentum alone may underflow.
        return n * log * (strength / (float(epsilon_0) * p)) ** 2 / (8.0 * math.pi * v)
