"""Spins with g and zero-field splitting tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import constants
from magneton._check import number, real_array
from magneton.quantum.angular import MOST_LEVELS, half_integer, spin_operators
from magneton.quantum.levels import Levels

G_FREE = -float(constants.g_e)
_MU_B = float(constants.mu_B)
#: 6 keV, in J: no spins are coupled as strongly.
_MOST_ENERGY = 1e-15


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


def spin_energy(name: str, value: Any, requirement: str) -> np.ndarray:
    """Return energies of couplings in J; what is too large for them was given in another unit."""
    energies = real_array(name, value, "J", requirement)
    largest = np.abs(energies).max(initial=0.0)
    if largest > _MOST_ENERGY:
        raise ValueError(
            f"{name} must be in J, {_MOST_ENERGY:g} J at most, got {largest:g}: "
            f'energy_from({largest:g}, "cm^-1") or "MHz" converts'
        )
    return energies


def splitting_matrix(D: Any, E: Any) -> np.ndarray:
    """Return the zero-field splitting tensor in J, shape (3, 3), of D and E, or of D as a tensor."""
    value = spin_energy("D", D, "a number or a matrix (3, 3)")
    rhombic = number("E", E, "J")
    spin_energy("E", rhombic, "a number")
    if value.shape == ():
        d = float(value)
        return np.diag([rhombic - d / 3.0, -rhombic - d / 3.0, 2.0 * d / 3.0])
    if value.shape != (3, 3):
        raise ValueError(f"D must be a number or a matrix (3, 3), got shape {value.shape}")
    if np.abs(value - value.T).max() > 1e-12 * np.abs(value).max():
        raise ValueError("D must be symmetric if it is a matrix")
    if rhombic:
        raise ValueError(f"E must be 0 if D is a matrix, which contains it, got {rhombic:g}")
    return value


def zero_field_splitting(spin: float, D: Any, E: Any) -> np.ndarray:
    """Return S.D.S in J, shape (n, n): for D and E, D (S_z^2 - S(S+1)/3) + E (S_x^2 - S_y^2)."""
    s = spin_operators(spin)
    tensor = splitting_matrix(D, E)
    if np.count_nonzero(tensor - np.diag(np.diag(tensor))):
        split = np.einsum("ij,iab,jbc->ac", tensor, s, s)
        return 0.5 * (split + split.conj().T)  # to the last bit, should all of it cancel
    x, y, z = s @ s
    d, e = 1.5 * tensor[2, 2], 0.5 * (tensor[0, 0] - tensor[1, 1])
    # What a tensor with a trace adds is the same for all levels.
    offset = np.trace(tensor) / 3.0 if np.ndim(D) else 0.0
    d -= 1.5 * offset
    one = spin * (spin + 1.0) * np.eye(len(z))
    return d * (z - one / 3.0) + e * (x - y) + offset * one


def spin_hamiltonian(spin: float, *, g: Any = G_FREE, D: Any = 0.0, E: float = 0.0) -> Levels:
    """Return the levels of a spin with zero-field splitting.

    H = mu_B B.g.S + D (S_z^2 - S(S+1)/3) + E (S_x^2 - S_y^2), or mu_B B.g.S + S.D.S with a tensor D.

    Parameters
    ----------
    spin : float
        S: 1/2, 1, 3/2, ...
    g : float or array_like, shape (3,) or (3, 3)
        Positive for an electron; a number, the principal values, or the tensor. The free electron's by default.
    D : float or array_like, shape (3, 3)
        Axial zero-field splitting in J, or the whole tensor, symmetric; see `energy_from` for cm^-1.
    E : float
        Rhombic splitting in J; 0 if D is a tensor.

    Returns
    -------
    Levels
        With 2 S + 1 levels, in the basis m = S, ..., -S.

    Notes
    -----
    [AbragamBleaney1970]_ eq. 3.18. D > 0 puts m = 0 or +-1/2 lowest, an easy plane; D < 0 is an easy axis.

    Examples
    --------
    >>> from magneton.quantum import energy_from
    >>> spin_hamiltonian(1.0, g=2.2, D=energy_from(5.0, "cm^-1"))
    <Levels: 3 levels>
    """
    spin = half_integer("spin", spin)
    if 2.0 * spin >= MOST_LEVELS:
        raise ValueError(f"spin must be below {MOST_LEVELS // 2}, got {spin:g}")
    return Levels(zero_field_splitting(spin, D, E), zeeman_moments(spin, g))


def zeeman_moments(spin: float, g: Any) -> np.ndarray:
    """Return the moment -mu_B g.S of a spin in J/T, shape (3, n, n)."""
    return -_MU_B * np.einsum("ij,jab->iab", g_matrix(g), spin_operators(spin))
