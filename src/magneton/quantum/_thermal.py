"""Thermal averages over levels, free of cancellation: what the free energies of this room are made of.

Energies and temperatures are counted in `UNIT`, a power of two near k_B times 1 K: so the floats a user gives keep
every digit, and nothing under- or overflows, mu_B^2 included. Arrays of energies end in (n,) for the levels, and
`above` are those above the lowest; all before that broadcasts with the temperatures.
"""

from __future__ import annotations

import numpy as np

from magneton import constants

UNIT = 2.0**-76
"""In J."""
PER_KELVIN = float(constants.k_B) / UNIT
"""k_B times 1 K, in units."""


def weights(above: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return exp(-E/T), shape (..., n)."""
    return np.exp(-above / temperature[..., None])


def populations(above: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return the probabilities of the levels, shape (..., n)."""
    p = weights(above, temperature)
    return p / p.sum(axis=-1, keepdims=True)


def uneven_populations(above: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return the probabilities of the levels less 1/n, shape (..., n): with all digits however hot it is."""
    excess = np.expm1(-above / temperature[..., None])
    total = above.shape[-1] + excess.sum(axis=-1, keepdims=True)
    return (excess - excess.mean(axis=-1, keepdims=True)) / total


def log_sum(above: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return log of the sum of exp(-E/T): 0 for a single level, exact however small the excited part.

    The levels at 0 are counted first, so that what is added to them keeps its own digits.
    """
    lowest = (above == 0.0).sum(axis=-1)
    excited = np.where(above > 0.0, weights(above, temperature), 0.0).sum(axis=-1)
    return np.log(lowest) + np.log1p(excited / lowest)


def entropy(above: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return the entropy in k_B."""
    mean = (populations(above, temperature) * above).sum(axis=-1)
    return log_sum(above, temperature) + mean / temperature


def entropy_deficit(above: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return log n less the entropy in k_B, the sum of p log(n p), with all digits however hot it is.

    With y = (E - mean E)/T it is -<y> - log(mean of exp(-y)), whose parts are both of second order in y.
    """
    y = (above - above.mean(axis=-1, keepdims=True)) / temperature[..., None]
    hot = np.abs(y).max(axis=-1) < 1.0
    near = np.where(hot[..., None], y, 0.0)
    second = _exp_remainder(-near).mean(axis=-1)
    pull = (near * np.expm1(-near)).mean(axis=-1)
    small = -pull / (1.0 + second) - np.log1p(second)
    return np.where(hot, small, np.log(above.shape[-1]) - entropy(above, temperature))


def _exp_remainder(x: np.ndarray) -> np.ndarray:
    """Return exp(x) - 1 - x for |x| <= 1."""
    total = np.zeros_like(x)
    for k in range(20, 1, -1):
        total = (total + 1.0) * x / k
    return total * x


def heat_capacity(above: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return the heat capacity in k_B: the variance of E/T."""
    x = above / temperature[..., None]
    p = populations(above, temperature)
    return (p * (x - (p * x).sum(axis=-1, keepdims=True)) ** 2).sum(axis=-1)


def divided_difference(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return (exp(-x) - exp(-y))/(y - x) of all pairs, shape (..., n, n); exp(-x) where both agree.

    Parameters
    ----------
    x, y : ndarray, shape (..., n)
        Not far below zero.
    """
    larger = np.maximum(np.exp(-x)[..., :, None], np.exp(-y)[..., None, :])
    gap = np.abs(x[..., :, None] - y[..., None, :])
    with np.errstate(invalid="ignore"):
        ratio = np.expm1(-gap) / -gap
    return larger * np.where(gap > 0.0, ratio, 1.0)


def slope_difference(x: np.ndarray, y: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Return (g(x) - g(y))/(y - x) of g(x) = (x - mean) exp(-x), of all pairs, shape (..., n, n)."""
    first, second = x[..., :, None], y[..., None, :]
    middle = 0.5 * (first + second) - mean[..., None, None]
    return middle * divided_difference(x, y) - 0.5 * (np.exp(-first) + np.exp(-second))
