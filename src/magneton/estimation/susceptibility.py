"""The effective moment of an ion from the susceptibility of its compound."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import N_A, k_B, mu_0
from magneton.estimation._finish import finished, weights
from magneton.estimation._input import standard_deviations
from magneton.estimation._solve import solve
from magneton.estimation.estimate import MomentEstimate

_CURIE = float(mu_0 * N_A / (3.0 * k_B))


def from_susceptibility(
    temperature: Any,
    chi: Any,
    noise: Any = None,
    *,
    ions: float = 1.0,
    weiss: bool = True,
    independent: bool = False,
) -> MomentEstimate:
    r"""Return the effective moment of an ion by the law of Curie and Weiss.

    chi = mu0 N_A n m_eff^2/(3 k_B (T - theta)) + chi_0, per mole of formula, with n ions in each.

    Parameters
    ----------
    temperature : float or array_like, shape (n,), kelvin
        Where the susceptibility was measured.
    chi : float or array_like, shape (n,), m^3/mol
        SI (rationalised) molar susceptibility: 4 pi 1e-6 times the printed cm^3/mol of the CGS system.
    noise : float or array_like, shape (n,), m^3/mol, optional
        Standard deviations; estimated if not given.
    ions : float
        Magnetic ions in the formula.
    weiss : bool
        Whether to fit the Weiss temperature theta; otherwise it is 0.
    independent : bool
        Whether to fit chi_0, that does not depend on temperature (diamagnetism, Van Vleck).

    Returns
    -------
    MomentEstimate
        ``moment``, a number, g sqrt(J (J + 1)) mu_B for a free ion; theta and chi_0 are among ``nuisances``.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton.constants import N_A, k_B, mu_0, mu_B
    >>> from magneton.estimation import from_susceptibility
    >>> T = np.array([80.0, 150.0, 220.0, 300.0])
    >>> chi = mu_0 * N_A * (5.92 * mu_B) ** 2 / (3 * k_B * (T + 4.0))
    >>> fit = from_susceptibility(T, chi, noise=1e-10)
    >>> float(round(fit.moment / mu_B, 6)), round(fit.nuisances["weiss_temperature"][0], 6)
    (5.92, -4.0)
    """
    T = np.atleast_1d(_check.positives("temperature", temperature, "K"))
    values = np.atleast_1d(_check.numbers("chi", chi, "m^3/mol"))
    if values.shape != T.shape or T.ndim != 1:
        raise ValueError(f"chi must have the shape of temperature, {T.shape}, got shape {values.shape}")
    names = ("moment", *(("weiss_temperature",) if weiss else ()), *(("chi_0",) if independent else ()))
    units = ("A m^2", *(("K",) if weiss else ()), *(("m^3/mol",) if independent else ()))
    if len(T) < len(names):
        raise ValueError(
            f"chi must hold at least {len(names)} values to fit {', '.join(names)}, got {len(T)}"
        )
    factor = _CURIE * _check.positive("ions", ions)

    def evaluate(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        gap = T - (p[1] if weiss else 0.0)
        columns = [2.0 * factor * p[0] / gap]
        if weiss:
            columns.append(factor * p[0] ** 2 / gap**2)
        if independent:
            columns.append(np.ones_like(T))
        return factor * p[0] ** 2 / gap + (p[-1] if independent else 0.0), np.stack(columns, axis=1)

    curie = float(np.max(T * values))
    if curie <= 0.0:
        raise ValueError("chi must be positive somewhere, got only a diamagnetic susceptibility")
    sigma, known = weights(standard_deviations(noise, values.shape), values)
    start = np.zeros(len(names))
    start[0] = np.sqrt(curie / factor)
    solution = solve(evaluate, start, values, sigma)
    return finished("from_susceptibility", names, units, values, sigma, known, solution, evaluate=evaluate)
