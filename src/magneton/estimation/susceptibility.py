"""The effective moment of an ion from the susceptibility of its compound."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import N_A, k_B, mu_0
from magneton.estimation._finish import finished, weights
from magneton.estimation._input import standard_deviations
from magneton.estimation._solve import Evaluate, Solution, solve
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

    Raises
    ------
    ValueError
        If the law explains the data better with a theta that is not below all temperatures, or with a negative Curie
        constant: it holds only in the paramagnetic state.

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

    def inside(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # Beyond the pole, or with another sign of the moment, no fit is looked for.
        if p[0] <= 0.0 or (weiss and p[1] >= T.min()):
            return np.full(len(T), np.inf), np.zeros((len(T), len(names)))
        return evaluate(p)

    if values.max() <= 0.0:
        raise ValueError("chi must be positive somewhere, got only a diamagnetic susceptibility")
    sigma, known = weights(standard_deviations(noise, values.shape), values)
    solution = _least(inside, T, values, sigma, factor, weiss, independent)
    if not solution.converged:
        raise ValueError(
            "chi must follow the law of Curie and Weiss, got data to which its fit does not converge"
        )
    return finished("from_susceptibility", names, units, values, sigma, known, solution, evaluate=evaluate)


def _least(
    inside: Evaluate,
    T: np.ndarray,
    chi: np.ndarray,
    sigma: np.ndarray,
    factor: float,
    weiss: bool,
    independent: bool,
) -> Solution:
    """Return the least minimum below the pole; an error if what lies beyond explains the data better."""
    start = np.zeros(1 + weiss + independent)
    start[0] = np.sqrt(np.max(T * chi) / factor)
    solution = solve(inside, start, chi, sigma)
    C, *others = _line(T, chi, sigma, weiss, independent)
    theta, chi_0 = others[0] if weiss else 0.0, others[-1] if independent else 0.0
    if C > 0.0 and theta < T.min():
        again = solve(inside, np.array([np.sqrt(C / factor), *others]), chi, sigma)
        return min(solution, again, key=lambda s: (not s.converged, s.total))
    with np.errstate(all="ignore"):  # theta may be one of the temperatures
        rest = (chi - C / (T - theta) - chi_0) / sigma
    if rest @ rest < solution.total:
        raise ValueError(
            "chi must fall as 1/(T - theta) at temperatures above theta, got data that a Weiss temperature of "
            f"{theta:.4g} K and a Curie constant of {C:.3g} m^3 K/mol explain better"
        )
    return solution


def _line(T: np.ndarray, chi: np.ndarray, sigma: np.ndarray, weiss: bool, independent: bool) -> list[float]:
    """Return C, and theta and chi_0 where wanted, of chi T = (C - theta chi_0) + theta chi + chi_0 T, least squares.

    Unlike the law itself that is linear, so that there is no pole to get past.
    """
    columns = [np.ones_like(T)] + [chi] * weiss + [T] * independent
    scale = [1.0] + [float(np.abs(chi).max())] * weiss + [float(T.max())] * independent
    design = np.stack(columns, axis=1) / scale
    found = np.linalg.lstsq(design / sigma[:, None], chi * T / sigma, rcond=None)[0] / scale
    if weiss and independent:
        found[0] += found[1] * found[2]
    return found.tolist()
