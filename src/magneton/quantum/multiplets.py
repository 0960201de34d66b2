"""Spin-orbit multiplets of ions: the energies of their levels, and the moment that they have together."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import numpy as np

from magneton import constants
from magneton.quantum import _thermal
from magneton.quantum._data import read_rows
from magneton.quantum._free_energy import temperatures
from magneton.quantum.angular import shown_half
from magneton.quantum.coupling import ls_coupling, multiplet
from magneton.quantum.levels import Levels
from magneton.quantum.spectroscopic import energy_from
from magneton.quantum.terms import Term

K_B, MU_B = float(constants.k_B), float(constants.mu_B)


@cache
def known_multiplets() -> dict[str, dict[str, str]]:
    """Return the rows of the table of multiplets by the ions' names."""
    return {row["ion"]: row for row in read_rows("multiplets.csv")}


def multiplet_energies(name: str, term: Term) -> dict[float, float]:
    """Return the energy in J, from the ground level on, of every level J of an ion's ground term.

    Raises
    ------
    ValueError
        If the term has several levels, and nothing is known of them.
    """
    other = term.L + term.S if term.J < term.L + term.S else abs(term.L - term.S)
    J = np.linspace(term.J, other, round(abs(other - term.J)) + 1)
    if len(J) == 1:
        return {term.J: 0.0}
    row = known_multiplets().get(name)
    if row is None:
        raise ValueError(
            f"the levels J = {', '.join(map(shown_half, J))} of {name} are not in the table, which has "
            f"{', '.join(known_multiplets())}; give energies= to multiplet(L, S, energies) instead"
        )
    values = np.array([float(value) for value in row["values"].split()])
    if row["kind"] != "levels":
        sign = 1.0 if row["kind"] == "lambda" or J[0] < J[-1] else -1.0
        values = 0.5 * sign * values[0] * J * (J + 1.0)  # of zeta, lambda = +-zeta/2S with S = 1/2
    return dict(zip(J.tolist(), energy_from(values - values[0], "cm^-1").tolist(), strict=True))


@cache
def multiplet_levels(name: str, term: Term, g_spin: Literal["exact", 2]) -> Levels:
    """Return the levels of an ion's ground term; where L or S is 0 there is nothing to couple."""
    energies = multiplet_energies(name, term)
    if len(energies) == 1:
        return ls_coupling(term.L, term.S, 0.0, g_spin=g_spin)
    return multiplet(term.L, term.S, energies, g_spin=g_spin)


@cache
def _strengths(
    name: str, term: Term, g_spin: Literal["exact", 2]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return energies in K of the levels J, their numbers of states, and the sums of |<J m|m_z|J' m'>|^2 in mu_B^2.

    States of one J have one energy, so that the response of all of them to a field needs these sums alone.
    """
    levels = multiplet_levels(name, term, g_spin)
    energies, states = np.linalg.eigh(levels.hamiltonian / K_B)
    known = np.array(list(multiplet_energies(name, term).values())) / K_B
    belongs = np.argmin(np.abs(energies[:, None] - known), axis=-1)[:, None] == np.arange(len(known))
    elements = np.abs(states.conj().T @ (levels.moment_operators[2] / MU_B) @ states) ** 2
    return known, belongs.sum(axis=0), belongs.T @ elements @ belongs


def effective_moment(name: str, term: Term, g_spin: Literal["exact", 2], temperature: Any) -> np.ndarray:
    """Return the effective moment in mu_B of an ion's ground term, sqrt(3 k_B T chi)/mu_B with Kubo's chi."""
    T = temperatures(temperature)
    energies, counts, strengths = _strengths(name, term, g_spin)
    x = energies / T[..., None]
    response = (strengths * _thermal.divided_difference(x, x)).sum(axis=(-2, -1))
    return np.sqrt(3.0 * response / (counts * np.exp(-x)).sum(axis=-1))
