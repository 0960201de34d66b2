"""Atoms and ions: from a name to the ground level and its moments."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from magneton import constants
from magneton._check import plain
from magneton.quantum import configurations as electrons
from magneton.quantum._data import read_rows
from magneton.quantum.angular import projected_moments
from magneton.quantum.levels import Levels
from magneton.quantum.multiplets import effective_moment, multiplet_energies, multiplet_levels
from magneton.quantum.terms import Term, ground_term, lande_g, spin_g

MU_B = float(constants.mu_B)


@dataclass(frozen=True)
class Ion:
    """An atom or an ion in its ground level, free or, as 4f electrons nearly are, in a crystal.

    Attributes
    ----------
    name, symbol : str
        "Dy3+", and "Dy".
    Z, charge : int
        The atomic number, and the charge in units of e.
    configuration : str
        "[Xe] 4f9".
    ground_level : Term
        S, L and J of the ground level.
    citation : str
        Key of the source of the level; empty if it is by Hund's rules.
    g_spin : {"exact", 2}
        The electron's |g_e| of CODATA 2022, or 2.
    """

    name: str
    symbol: str
    Z: int
    charge: int
    configuration: str
    ground_level: Term
    citation: str
    g_spin: Literal["exact", 2] = "exact"

    @property
    def term(self) -> str:
        """The term symbol of the ground level, "6H15/2"."""
        return self.ground_level.symbol

    @property
    def S(self) -> float:
        """Quantum number of the spin."""
        return self.ground_level.S

    @property
    def L(self) -> float:
        """Quantum number of the orbital angular momentum."""
        return self.ground_level.L

    @property
    def J(self) -> float:
        """Quantum number of the total angular momentum."""
        return self.ground_level.J

    @property
    def lande_g(self) -> float:
        """Lande's factor g_J of the ground level; nan for J = 0."""
        return lande_g(self.J, self.L, self.S, g_spin=self.g_spin)

    @property
    def effective_moment(self) -> float:
        """The effective moment p_eff = |g_J| sqrt(J(J+1)) of the ground level in mu_B."""
        return abs(self.lande_g) * math.sqrt(self.J * (self.J + 1.0)) if self.J else 0.0

    @property
    def moment(self) -> float:
        """The magnitude |m| = |g_J| mu_B sqrt(J(J+1)) of the ground level's moment in J/T."""
        return MU_B * self.effective_moment

    @property
    def saturation_moment(self) -> float:
        """The moment |g_J| J in a strong field at low temperature, the largest of `projections`, in mu_B."""
        return abs(self.lande_g) * self.J if self.J else 0.0

    @property
    def spin_only_moment(self) -> float:
        """The effective moment g_s sqrt(S(S+1)) in mu_B, left of 3d ions where a crystal quenches L."""
        return spin_g(self.g_spin) * math.sqrt(self.S * (self.S + 1.0))

    @property
    def projections(self) -> np.ndarray:
        """The moments m_z = -g_J mu_B m_J in J/T, for m_J = J, ..., -J, shape (2 J + 1,)."""
        return projected_moments(self.J, self.lande_g) if self.J else np.zeros(1)

    @property
    def measured_moment(self) -> float:
        """The effective moment in salts near room temperature in mu_B [AshcroftMermin1976]_; nan if not listed."""
        row = _measured().get(self.name)
        return float(row["measured"]) if row else math.nan

    @property
    def levels(self) -> Levels:
        """The levels of the ground term, all J, in a field.

        Raises
        ------
        ValueError
            If the energies of the term's levels are not known.
        """
        return multiplet_levels(self.name, self.ground_level, self.g_spin)

    @property
    def level_energies(self) -> dict[float, float]:
        """The energies in J of the ground term's levels J, from the ground level on.

        Raises
        ------
        ValueError
            If they are not known.
        """
        return multiplet_energies(self.name, self.ground_level)

    def effective_moment_at(self, temperature: Any) -> Any:
        """Return the effective moment in mu_B at a temperature, with the term's excited levels.

        p_eff = sqrt(3 k_B T chi)/mu_B, chi the susceptibility of the whole spin-orbit multiplet in a small field:
        excited levels that are occupied, and what the field mixes into all of them.

        Parameters
        ----------
        temperature : float or array_like
            In K.

        Returns
        -------
        float or ndarray

        Raises
        ------
        ValueError
            If the energies of the term's levels are not known, or the temperature is not positive.

        Notes
        -----
        [VanVleck1932]_ chapter IX. The ion is free: a crystal's field is not in it, which 3d ions feel much more
        than the spin-orbit coupling.

        Examples
        --------
        The ground level of Eu3+, 7F0, has no moment:

        >>> ion("Eu3+").effective_moment, round(ion("Eu3+").effective_moment_at(300.0), 2)
        (0.0, 3.25)
        """
        result = effective_moment(self.name, self.ground_level, self.g_spin, temperature)
        return plain(result)


@cache
def _measured() -> dict[str, dict[str, str]]:
    return {row["ion"]: row for row in read_rows("effective_moments.csv")}


@cache
def _exceptions() -> dict[str, dict[str, str]]:
    return {row["ion"]: row for row in read_rows("ground_states_ions.csv")}


def atom(name: str, *, g_spin: Literal["exact", 2] = "exact") -> Ion:
    """Return a neutral atom in its measured ground level.

    Parameters
    ----------
    name : str
        The element's symbol, "H" to "Lr", or its English name.
    g_spin : {"exact", 2}
        The electron's |g_e| of CODATA 2022, or 2.

    Returns
    -------
    Ion

    Raises
    ------
    ValueError
        If there is no such element, or the name has a charge.

    Notes
    -----
    Levels are those observed [NIST2013]_. Hund's rules for the observed configuration give all but that of cerium,
    1G4.

    Examples
    --------
    >>> atom("Fe").configuration, atom("Fe").term
    ('[Ar] 3d6 4s2', '5D4')
    """
    spin_g(g_spin)
    symbol, charge = electrons.parsed(name, charged=False)
    if charge is not None:
        raise ValueError(f"name must be that of a neutral atom, got {name!r}; use ion({name!r})")
    row = electrons.elements()[symbol]
    level = Term.read(row["level"])
    return Ion(symbol, symbol, int(row["Z"]), 0, row["configuration"], level, row["citation"], g_spin)


def ion(name: str, *, g_spin: Literal["exact", 2] = "exact") -> Ion:
    """Return an ion in its ground level.

    Parameters
    ----------
    name : str
        "Dy3+", "Dy+3", "Dy 3+", "Dy+++", "Dy(III)" or "dysprosium(III)"; of anions those with a closed or
        a closing shell, "Cl-", "O2-".
    g_spin : {"exact", 2}
        The electron's |g_e| of CODATA 2022, or 2.

    Returns
    -------
    Ion

    Raises
    ------
    ValueError
        If there is no such element, or it cannot have the charge; the message says which it can.

    Notes
    -----
    Electrons leave in the order of falling n, first those outside of the noble-gas core; the level is by Hund's
    rules, [AshcroftMermin1976]_ chapter 31. The free ions that are known to differ, such as V+ and La+, are in a
    table [NISTASD]_.

    Examples
    --------
    >>> dy = ion("Dy3+", g_spin=2)
    >>> dy.configuration, dy.term, round(dy.effective_moment, 3)
    ('[Xe] 4f9', '6H15/2', 10.646)
    """
    spin_g(g_spin)
    symbol, charge = electrons.parsed(name)
    if charge is None:
        raise ValueError(
            f"name must have a charge, such as {symbol}+ or {symbol}2+, got {name!r}; atom({name!r}) is neutral"
        )
    row = electrons.elements()[symbol]
    configuration = _charged(symbol, int(row["Z"]), charge, electrons.read(row["configuration"]))
    short = electrons.ion_name(symbol, charge)
    known = _exceptions().get(short)
    if known:
        text, level, citation = known["configuration"], Term.read(known["level"]), known["citation"]
    else:
        text, citation = electrons.written(configuration), ""
        level = ground_term(electrons.by_momentum(configuration))
    return Ion(short, symbol, int(row["Z"]), charge, text, level, citation, g_spin)


def _charged(symbol: str, Z: int, charge: int, neutral: electrons.Configuration) -> electrons.Configuration:
    """Return the configuration at a charge, if there can be one."""
    subshell, vacant = electrons.vacancies(neutral)
    if not -vacant <= charge < Z or not charge:
        ends = [(sign, sign * most) for sign, most in ((1, Z - 1), (-1, vacant)) if most]
        names = [dict.fromkeys(electrons.ion_name(symbol, charge) for charge in pair) for pair in ends]
        choices = " or ".join(" to ".join(pair) for pair in names)
        reason = "no electron would be left" if charge >= Z else "its outermost subshell would be overfull"
        raise ValueError(
            f"name must have the charge of {choices}, got {electrons.ion_name(symbol, charge)}: {reason}"
        )
    if charge > 0:
        return electrons.cation(neutral, charge)
    return {**neutral, subshell: neutral[subshell] - charge}


def measured_ions() -> tuple[str, ...]:
    """Return the names of the ions whose effective moment in salts is listed: 4f and 3d.

    Examples
    --------
    >>> measured_ions()[:3]
    ('Ce3+', 'Pr3+', 'Nd3+')
    """
    return tuple(_measured())
