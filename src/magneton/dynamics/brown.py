"""How fast heat turns a moment over its barrier: the lowest eigenvalue of Brown's Fokker-Planck equation."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import constants
from magneton._check import non_negatives, numbers, plain, positives
from magneton.dynamics._fokker_planck import log_lowest_rate
from magneton.dynamics._shapes import nonzero

_GAMMA_E = float(constants.gamma_e)
_K_B = float(constants.k_B)


def brown_eigenvalue(sigma: Any, h: Any = 0.0, *, scaled: bool = False) -> Any:
    """Return the smallest nonvanishing eigenvalue lambda_1 tau_N for a moment with one easy axis.

    Parameters
    ----------
    sigma : float or array_like
        Barrier K V over k_B T, from 0 to 1e4.
    h : float or array_like
        Field along the axis over B_k = 2 K V/m, of either sign and beyond 1 too; sigma abs(h) up to 1e4.
    scaled : bool
        Whether to return lambda_1 tau_N exp(sigma) instead, which does not fall below the range of floats.

    Returns
    -------
    float or ndarray
        The rate in units of 1/tau_N (see `brown_relaxation_time`): 1 for sigma = 0. The relative error is about
        1e-14 (1 + sigma (1 + abs(h))^2), the part with sigma from rounding the exponent.

    Notes
    -----
    [Brown1963]_: with x = cos(theta), w = exp(sigma (x^2 + 2 h x)), ((1 - x^2) w f')' = -2 lambda_1 tau_N w f. The
    flux J = (1 - x^2) w f' is positive, vanishes at both ends and is its own image under an integral of positive
    terms only: no digits cancel, however small the rate. For high barriers,

    lambda_1 tau_N -> sigma^(3/2)/sqrt(pi) (1 - h^2) sum_+- (1 +- h) exp(-sigma (1 +- h)^2).

    Examples
    --------
    >>> print(round(brown_eigenvalue(1.0), 9), round(brown_eigenvalue(5.0), 10))
    0.653139834 0.0677031648
    """
    barrier, field = non_negatives("sigma", sigma), numbers("h", h)
    tilt = barrier * field
    for name, part in (("sigma", barrier), ("sigma abs(h)", np.abs(tilt))):
        if part.size and part.max() > 1e4:
            raise ValueError(f"{name} must be at most 1e4, got {part.max():g}")
    logs = _log_rates(barrier, tilt)
    with np.errstate(under="ignore"):
        return plain(np.exp(logs + (barrier if scaled else 0.0)))


def diffusion_time(moment: Any, temperature: Any, alpha: Any, *, gamma: Any = _GAMMA_E) -> Any:
    """Return the time tau_N in s in which heat alone turns a moment: m (1 + alpha^2)/(2 alpha abs(gamma) k_B T).

    Parameters
    ----------
    moment : float or array_like
        In A m^2.
    temperature : float or array_like
        In K.
    alpha : float or array_like
        Gilbert damping, positive.
    gamma : float or array_like
        Gyromagnetic ratio in 1/(s T); by default the electron's.

    Notes
    -----
    Without field and anisotropy <m(0) . m(t)> falls as exp(-t/tau_N) ([Brown1963]_, [CoffeyKalmykov2012]_).
    """
    slowed = (1.0 + positives("alpha", alpha) ** 2) / (2.0 * numbers("alpha", alpha))
    thermal = _K_B * positives("temperature", temperature, "K")
    return plain(
        positives("moment", moment, "A m^2") / thermal * slowed / np.abs(nonzero("gamma", gamma, "1/(s T)"))
    )


def brown_relaxation_time(
    barrier: Any,
    temperature: Any,
    moment: Any,
    alpha: Any,
    *,
    B: Any = 0.0,
    gamma: Any = _GAMMA_E,
) -> Any:
    """Return the longest relaxation time of a moment with one easy axis, tau_N/(lambda_1 tau_N), in s.

    Parameters
    ----------
    barrier : float or array_like
        K V in J, 0 or more.
    temperature : float or array_like
        In K.
    moment : float or array_like
        In A m^2.
    alpha : float or array_like
        Gilbert damping, positive.
    B : float or array_like
        Field along the axis in T.
    gamma : float or array_like
        Gyromagnetic ratio in 1/(s T); by default the electron's.

    Returns
    -------
    float or ndarray
        In s; inf beyond the range of floats. All arguments broadcast.

    Notes
    -----
    The exact rate of [Brown1963]_, with its prefactor: no attempt time is to be guessed. It is the rate at which the
    moment along the axis returns to equilibrium; without a field, each well is left at half of it.

    Examples
    --------
    A particle of cobalt, 6 nm across, at room temperature:

    >>> import numpy as np
    >>> volume = 4 / 3 * np.pi * 3e-9**3
    >>> print(f"{brown_relaxation_time(4.5e5 * volume, 300.0, 1.44e6 * volume, alpha=0.1):.3g} s")
    5.52e-06 s
    """
    thermal = _K_B * positives("temperature", temperature, "K")
    sigma = non_negatives("barrier", barrier, "J") / thermal
    tilt = 0.5 * positives("moment", moment, "A m^2") * (numbers("B", B, "T") / thermal)
    for name, part in (("barrier/(k_B T)", sigma), ("moment B/(2 k_B T)", np.abs(tilt))):
        if part.size and part.max() > 1e4:
            raise ValueError(f"{name} must be at most 1e4, got {part.max():g}")
    free = diffusion_time(moment, temperature, alpha, gamma=gamma)
    with np.errstate(over="ignore"):
        return plain(np.exp(np.log(free) - _log_rates(sigma, tilt)))


def _log_rates(sigma: np.ndarray, tilt: np.ndarray) -> np.ndarray:
    """Return the logarithms of lambda_1 tau_N."""
    sigma, tilt = np.broadcast_arrays(sigma, np.abs(tilt))
    pairs = zip(sigma.ravel().tolist(), tilt.ravel().tolist(), strict=True)
    return np.reshape([log_lowest_rate(*pair) for pair in pairs], sigma.shape)
