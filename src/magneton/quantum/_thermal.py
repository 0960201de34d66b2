"""Thermal averages over levels, free of cancellation: what `Levels` is made of.

Energies are in kelvin (divided by k_B) and moments in kelvin per tesla, so that nothing under- or overflows.
Arrays end in (n,) for the levels; all before it broadcasts.
"""

from __future__ import annotations

import numpy as np


def weights(energies: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return exp(-(E - E_min)/T), shape (..., n)."""
    return np.exp((energies.min(axis=-1, keepdims=True) - energies) / temperature[..., None])


def log_sum(energies: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return log of the sum of exp(-(E - E_min)/T): 0 for a single level, exact however small the excited part.

    The levels at E_min are counted first, so that what is added to them keeps its own digits.
    """
    above = energies - energies.min(axis=-1, keepdims=True)
    lowest = (above == 0.0).sum(axis=-1)
    excited = np.where(above > 0.0, np.exp(-above / temperature[..., None]), 0.0).sum(axis=-1)
    return np.log(lowest) + np.log1p(excited / lowest)


def divided_difference(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return (exp(x) - exp(y))/(x - y), which is exp(x) where both agree, for x and y that are not large."""
    gap = np.abs(x - y)
    small = np.where(gap > 0.0, gap, 1.0)
    return np.exp(np.maximum(x, y)) * np.where(gap > 0.0, -np.expm1(-small) / small, 1.0)


def pair_weights(first: np.ndarray, second: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return the divided differences of exp(-E/T) of all pairs of levels, over the sum of those of `second`.

    Parameters
    ----------
    first, second : ndarray, shape (..., n)
        Energies; the lowest of either is what all are counted from.
    temperature : ndarray, shape (...)

    Returns
    -------
    ndarray, shape (..., n, n)
    """
    lowest = np.minimum(first.min(axis=-1), second.min(axis=-1))[..., None]
    x, y = (-(each - lowest) / temperature[..., None] for each in (first, second))
    return divided_difference(x[..., :, None], y[..., None, :]) / np.exp(y).sum(axis=-1)[..., None, None]


def gathered(energies: np.ndarray, rounding: float) -> np.ndarray:
    """Return sorted energies, those that differ by no more than `rounding` from their neighbour made equal."""
    groups = np.concatenate([[0], np.cumsum(np.diff(energies) > rounding)])
    return (np.bincount(groups, energies) / np.bincount(groups))[groups]
