"""Spins with g and zero-field splitting tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import constants
from magneton._check import number, real_array
from magneton.quantum.angular import half_integer, spin_operators
from magneton.quantum.levels import Levels


def g_matrix(g: Any) -> np.ndarray:
    """Return a g given as a number, its three principal values, or a matrix, as a matrix (3, 3)."""
    value = real_array("g", g, "1", "a number, 3 principal values or a matrix (3, 3)")
    if value.shape == ():
        return float(value) * np.eye(3)
    if value.shape == (3,):
        return np.diag(value)
    if value.shape == (3, 3):
        return value
    raise ValueError(f"g must be a number, 3 principal values or a matrix (3, 3), got shape {value.shape}")


def spin_hamiltonian(
    spin: float, *, g: Any = -float(constants.g_e), D: float = 0.0, E: float = 0.0
) -> Levels:
    """Return the levels of a spin with zero-field splitting.

    H = mu_B B.g.S + D (S_z^2 - S(S+1)/3) + E (S_x^2 - S_y^2).

    Parameters
    ----------
    spin : float
        S: 1/2, 1, 3/2, ...
    g : float or array_like, shape (3,) or (3, 3)
        Positive for an electron; a number, the principal values, or the tensor. The free electron's by default.
    D, E : float
        Zero-field splitting parameters in J; see `energy_from` for cm^-1.

    Returns
    -------
    Levels
        With 2 S + 1 levels, in the basis m = S, ..., -S.

    Notes
    -----
    [AbragamBleaney1970]_ eq. 3.18.

    Examples
    --------
    >>> from magneton.quantum import energy_from
    >>> spin_hamiltonian(1.0, g=2.2, D=energy_from(5.0, "cm^-1"))
    <Levels: 3 levels>
    """
    s = spin_operators(half_integer("spin", spin))
    d, e = number("D", D, "J"), number("E", E, "J")
    x, y, z = s @ s
    split = d * (z - spin * (spin + 1.0) / 3.0 * np.eye(len(z))) + e * (x - y)
    moments = -float(constants.mu_B) * np.einsum("ij,jab->iab", g_matrix(g), s)
    return Levels(split, moments)
