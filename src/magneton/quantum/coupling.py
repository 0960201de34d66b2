"""LS coupling in a field, from the Zeeman to the Paschen-Back effect, and whole spin-orbit multiplets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from magneton import constants
from magneton._check import number, shown
from magneton.quantum.angular import embedded, half_integer, shown_half, spin_operators
from magneton.quantum.levels import Levels
from magneton.quantum.terms import orbital, spin_g


def _operators(L: float, S: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the operators of L and of S in the basis |m_L, m_S>, each (3, n, n)."""
    sizes = round(2.0 * L) + 1, round(2.0 * S) + 1
    return embedded(spin_operators(L), 0, sizes), embedded(spin_operators(S), 1, sizes)


def _levels(hamiltonian: np.ndarray, l: np.ndarray, s: np.ndarray, g_spin: Any) -> Levels:  # noqa: E741
    return Levels(hamiltonian, -float(constants.mu_B) * (l + spin_g(g_spin) * s))


def ls_coupling(L: float, S: float, A: float, *, g_spin: Literal["exact", 2] = "exact") -> Levels:
    """Return the levels of a term in a field, weak or strong: H = A L.S + mu_B B.(L + g_s S).

    In weak fields (Zeeman) levels J split by g_J mu_B B m_J, in strong ones (Paschen-Back) they go with
    mu_B B (m_L + g_s m_S); all between is exact.

    Parameters
    ----------
    L, S : float
        Quantum numbers of the orbital and of the spin angular momentum.
    A : float
        Constant of the spin-orbit coupling in J, E(J) - E(J - 1) = A J; see `energy_from` for cm^-1.
    g_spin : {"exact", 2}
        The electron's |g_e| of CODATA 2022, or 2.

    Returns
    -------
    Levels
        With (2 L + 1)(2 S + 1) levels, in the basis |m_L, m_S>, m_L slowest, the largest first.

    Notes
    -----
    [CondonShortley1935]_ chapter 16. Nuclear moments and the term quadratic in B (diamagnetism) are left out.

    Examples
    --------
    Hydrogen's 2p state, whose levels are 10.969 GHz apart:

    >>> from magneton.quantum import energy_from, energy_in
    >>> levels = ls_coupling(1, 0.5, energy_from(10.969, "GHz") / 1.5)
    >>> energy_in(levels.energies([0, 0, 0.1]), "GHz").round(3)
    array([-7.82 , -6.885,  0.855,  2.764,  4.628,  6.457])
    """
    L, S = orbital("L", L), half_integer("S", S)
    l, s = _operators(L, S)  # noqa: E741
    return _levels(number("A", A, "J") * (l @ s).sum(axis=0), l, s, g_spin)


def multiplet(
    L: float, S: float, energies: Mapping[float, float], *, g_spin: Literal["exact", 2] = "exact"
) -> Levels:
    """Return the levels of a term whose spin-orbit multiplet has been measured: any energies, not Lande's alone.

    H = sum of E_J P_J + mu_B B.(L + g_s S), P_J the projector on the states of J. What a field does between levels
    of different J, Van Vleck's terms, is in it.

    Parameters
    ----------
    L, S : float
        Quantum numbers of the orbital and of the spin angular momentum.
    energies : mapping of float to float
        The energy in J of every level J = |L - S|, ..., L + S.
    g_spin : {"exact", 2}
        The electron's |g_e| of CODATA 2022, or 2.

    Returns
    -------
    Levels
        With (2 L + 1)(2 S + 1) levels, in the basis of `ls_coupling`.

    Raises
    ------
    ValueError
        If a J is missing, or cannot be.

    Notes
    -----
    [VanVleck1932]_ chapter IX.

    Examples
    --------
    >>> from magneton.quantum import energy_from
    >>> multiplet(1, 0.5, {0.5: 0.0, 1.5: energy_from(17.196, "cm^-1")})  # sodium's 3p
    <Levels: 6 levels>
    """
    L, S = orbital("L", L), half_integer("S", S)
    l, s = _operators(L, S)  # noqa: E741
    J = np.arange(abs(L - S), L + S + 0.5)
    given = {half_integer("energies", key): number("energies", value, "J") for key, value in energies.items()}
    if set(given) != set(J.tolist()):
        wanted = ", ".join(shown_half(j) for j in J)
        raise ValueError(f"energies must have J = {wanted}, got {shown(sorted(given))}")
    product, states = np.linalg.eigh((l @ s).sum(axis=0))
    nearest = np.argmin(
        np.abs(product[:, None] - 0.5 * (J * (J + 1.0) - L * (L + 1.0) - S * (S + 1.0))), axis=1
    )
    diagonal = np.array([given[j] for j in J[nearest].tolist()])
    return _levels((states * diagonal) @ states.conj().T, l, s, g_spin)
