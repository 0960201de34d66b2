"""A free paramagnetic rod, that magnetizes if it is spun and turns if it is magnetized."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check, constants
from magneton.dynamics._rod_run import RodRun, rod_drift
from magneton.runs import Certificate
from magneton.runs.certificate import session

_MU_0 = float(constants.mu_0)


def barnett_relaxation(
    times: Any,
    angular_velocity: float = 0.0,
    *,
    susceptibility: float,
    volume: float,
    inertia: float,
    relaxation_time: float,
    gamma: float = constants.gamma_e,
    B: float = 0.0,
    moment: float = 0.0,
) -> RodRun:
    """Let the moment of a free paramagnetic rod relax: it magnetizes if it spins, and turns if it is magnetized.

    Parameters
    ----------
    times : array_like, shape (k,), second
        From the start.
    angular_velocity : float, rad/s
        At the start, about the axis.
    susceptibility : float
        M/H along the axis, small or with the demagnetizing field allowed for; positive.
    volume : float, m^3
    inertia : float, kg m^2
        About the axis.
    relaxation_time : float, second
        Of the moment towards the lattice, T1.
    gamma : float, 1/(s T)
        Signed gyromagnetic ratio.
    B : float, tesla
        Field along the axis, from the start on.
    moment : float, A m^2
        Along the axis, at the start.

    Returns
    -------
    RodRun
        Exact at each of the times; the heat is that of the relaxation.

    Notes
    -----
    dm/dt = -[m - C (B + Omega/gamma)]/T1 with C = chi V/mu_0, and I Omega + m/gamma is constant: the moment relaxes at
    the rate [1 + C/(gamma^2 I)]/T1. The free energy m^2/(2 C) - m B + I Omega^2/2 never rises, just because
    `barnett_field` is Omega/gamma.

    Examples
    --------
    >>> rod = dict(susceptibility=1e-3, volume=1e-6, inertia=1e-9, relaxation_time=1e-6)
    >>> run = barnett_relaxation([0.0, 1e-4], 1000.0, **rod)
    >>> f"{run.moment[1]:.6e}"
    '-4.519240e-12'
    """
    t = _check.non_negatives("times", times, "s")
    if t.ndim != 1 or not t.size:
        raise ValueError(f"times must have shape (k,) with k of at least 1, got shape {t.shape}")
    omega, m = (
        _check.number("angular_velocity", angular_velocity, "rad/s"),
        _check.number("moment", moment, "A m^2"),
    )
    C = _check.positive("susceptibility", susceptibility) * _check.positive("volume", volume, "m^3") / _MU_0
    inertia, T1 = (
        _check.positive("inertia", inertia, "kg m^2"),
        _check.positive("relaxation_time", relaxation_time, "s"),
    )
    gamma, B = float(_check.number("gamma", gamma, "1/(s T)")), _check.number("B", B, "T")
    if gamma == 0.0:
        raise ValueError("gamma must not be 0")
    total, coupling = inertia * omega + m / gamma, C / (gamma * gamma * inertia)
    rate = (1.0 + coupling) / T1
    rest = C * (B + total / (gamma * inertia)) / (1.0 + coupling)
    gone = -np.expm1(-rate * t)
    moments = m + (rest - m) * gone
    spin = moments / gamma
    omegas = (total - spin) / inertia
    final = (total - rest / gamma) / inertia
    angle = final * t + (omega - final) * gone / rate
    heat = (1.0 + coupling) / (2.0 * C) * (rest - m) ** 2 * gone * (2.0 - gone)
    nothing = np.zeros_like(t)
    certificate = Certificate(rod_drift(spin, inertia * omegas, nothing), {"steps": 0}, **session())
    return RodRun(t, moments, angle, omegas, spin, inertia * omegas, nothing, heat, certificate)
