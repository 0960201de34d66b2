"""Spins coupled by exchange: dimers and clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from magneton import constants
from magneton._check import number, shown
from magneton.quantum._free_energy import temperatures
from magneton.quantum.angular import MOST_LEVELS, embedded, half_integer, spin_operators
from magneton.quantum.levels import Levels
from magneton.quantum.spin_hamiltonians import G_FREE, spin_energy, zeeman_moments, zero_field_splitting

_K_B, _MU_B, _MU_0, _N_A = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0", "N_A"))


def spin_cluster(
    spins: Sequence[float],
    couplings: Mapping[tuple[int, int], Any],
    *,
    g: Any = G_FREE,
    D: Any = 0.0,
    E: Any = 0.0,
) -> Levels:
    """Return the levels of spins coupled by exchange.

    H = -2 sum over pairs of J_ij S_i.S_j + sum of S_i.D_i.S_i + mu_B sum of B.g_i.S_i, J > 0 ferromagnetic.

    Parameters
    ----------
    spins : sequence of float
        S_i: 1/2, 1, ...
    couplings : mapping
        (i, j) -> J_ij in J, each pair once; a number, or a matrix (3, 3) for -2 S_i.J_ij.S_j, whose antisymmetric
        part is Dzyaloshinskii's and Moriya's.
    g, D, E : float, or a sequence with one per spin
        As for `spin_hamiltonian`, whose tensors are allowed in a sequence.

    Returns
    -------
    Levels
        In the product basis, the first spin varying slowest.

    Notes
    -----
    The work goes as the cube of the number of levels: 1024 of them, ten spins 1/2, take about a second a field.

    Others write -J S_i.S_j, with their J twice this one, or +J S_i.S_j, with their J minus twice this one.
    [Kahn1993]_ has -J, [Carlin1986]_ -2J.

    Examples
    --------
    A triangle of spins 1/2, frustrated:

    >>> from magneton.quantum import energy_from, spin_cluster
    >>> J = energy_from(-10.0, "cm^-1")
    >>> spin_cluster([0.5, 0.5, 0.5], {(0, 1): J, (1, 2): J, (0, 2): J})
    <Levels: 8 levels>
    """
    spins = [half_integer("spins", s) for s in spins]
    sizes = tuple(round(2.0 * s) + 1 for s in spins)
    if not spins or np.prod(sizes, dtype=float) > MOST_LEVELS:
        raise ValueError(f"spins must have between 1 and {MOST_LEVELS} levels together, got {shown(spins)}")
    each = [_per_spin(name, value, len(spins)) for name, value in (("g", g), ("D", D), ("E", E))]
    count = int(np.prod(sizes))
    hamiltonian, moments = np.zeros((count, count), dtype=complex), np.zeros((3, count, count), dtype=complex)
    for k, (s, g_k, d, e) in enumerate(zip(spins, *each, strict=True)):
        if np.any(d) or np.any(e):
            hamiltonian += embedded(zero_field_splitting(s, d, e), k, sizes)
        moments += embedded(zeeman_moments(s, g_k), k, sizes)
    operators = [spin_operators(s) for s in spins]
    for (i, j), tensor in _pairs(couplings, len(spins)):
        coupling = np.einsum("xy,xab,ycd->acbd", tensor, operators[i], operators[j])
        _add_to_pair(hamiltonian, -2.0 * coupling, (i, j), sizes)
    return Levels(hamiltonian, moments)


def exchange_dimer(
    spin_1: float, spin_2: float, J: Any, *, g: Any = G_FREE, D: Any = 0.0, E: Any = 0.0
) -> Levels:
    """Return the levels of two spins coupled by exchange, H = -2 J S_1.S_2 and more: see `spin_cluster`.

    Parameters
    ----------
    spin_1, spin_2 : float
        S_1 and S_2.
    J : float or array_like, shape (3, 3)
        In J; positive is ferromagnetic. Two spins 1/2 have their triplet 2 J below the singlet.
    g, D, E : float, or a pair with one for each spin
        As for `spin_hamiltonian`.

    Examples
    --------
    Copper acetate, whose singlet lies 284 cm^-1 below the triplet:

    >>> from magneton.quantum import bleaney_bowers, energy_from, exchange_dimer
    >>> J = energy_from(-142.0, "cm^-1")
    >>> dimer = exchange_dimer(0.5, 0.5, J, g=2.16)
    >>> bool(abs(dimer.molar_susceptibility(300.0) / bleaney_bowers(300.0, J, 2.16) - 1) < 1e-12)
    True
    """
    spin_energy("J", J, "a number or a matrix (3, 3)")
    return spin_cluster([spin_1, spin_2], {(0, 1): J}, g=g, D=D, E=E)


def bleaney_bowers(temperature: Any, J: float, g: float = G_FREE) -> Any:
    """Return the molar susceptibility of dimers of spins 1/2 in m^3/mol (SI), per mole of dimers.

    chi = mu_0 N_A g^2 mu_B^2/(k_B T) 2/(3 + exp(-2 J/(k_B T))), for H = -2 J S_1.S_2.

    Parameters
    ----------
    temperature : float or array_like
        In K.
    J : float
        In J; positive is ferromagnetic.
    g : float
        Of both spins.

    Notes
    -----
    [BleaneyBowers1952]_. In weak fields, without impurity and temperature-independent parts.
    """
    T = temperatures(temperature)
    x = 2.0 * float(spin_energy("J", number("J", J, "J"), "a number")) / (_K_B * T)
    small = np.exp(-np.abs(x))
    share = np.where(x > 0.0, 2.0 / (3.0 + small), 2.0 * small / (1.0 + 3.0 * small))
    curie = _MU_0 * (_N_A * _MU_B) * (number("g", g) ** 2 * (_MU_B / _K_B))
    return curie / T * share[()]


def _add_to_pair(
    matrix: np.ndarray, operator: np.ndarray, pair: tuple[int, int], sizes: tuple[int, ...]
) -> None:
    """Add an operator <ac|o|bd> of the spins (i, j), a and b of i, to a matrix of all of them, in place."""
    i, j = pair
    if i > j:
        i, j, operator = j, i, operator.transpose(1, 0, 3, 2)
    before, between, after = (
        int(np.prod(part, dtype=int)) for part in (sizes[:i], sizes[i + 1 : j], sizes[j + 1 :])
    )
    parts = (before, sizes[i], between, sizes[j], after)
    diagonal = np.einsum("paqcrpbqdr->pqracbd", matrix.reshape(*parts, *parts))  # a view, writable
    diagonal += operator


def _per_spin(name: str, value: Any, count: int) -> list[Any]:
    """Return one value for each spin."""
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim == 1):
        if len(value) != count:
            raise ValueError(f"{name} must have one entry for each of {count} spins, got {len(value)}")
        return list(value)
    if np.ndim(value):
        raise ValueError(
            f"{name} must be a number, or a list with one entry for each spin, got {shown(value)}"
        )
    return [value] * count


def _pairs(couplings: Any, count: int) -> list[tuple[tuple[int, int], np.ndarray]]:
    """Return pairs of spins with their tensors."""
    if not isinstance(couplings, Mapping):
        raise ValueError(f"couplings must map pairs (i, j) to J, got {shown(couplings)}")
    found, seen = [], set()
    for pair, J in couplings.items():
        known = isinstance(pair, tuple) and len(pair) == 2 and set(pair) <= set(range(count))
        if not known or pair[0] == pair[1] or frozenset(pair) in seen:
            raise ValueError(
                f"couplings must have pairs of different spins 0 to {count - 1}, each once, got {pair!r}"
            )
        seen.add(frozenset(pair))
        tensor = spin_energy("couplings", J, "a number or a matrix (3, 3)")
        if tensor.shape not in ((), (3, 3)):
            raise ValueError(f"couplings must be numbers or matrices (3, 3), got shape {tensor.shape}")
        found.append((pair, tensor if tensor.ndim else tensor * np.eye(3)))
    return found
