"""Magnetic moments of nuclei, from an audited table."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from magneton import constants
from magneton._check import numbers, plain, shown
from magneton.quantum._data import no_such, read_rows
from magneton.quantum._element_names import SYMBOL_OF, symbol_of
from magneton.quantum._nuclide_names import MASS_FIRST, guessed_nuclide, nuclide_name
from magneton.quantum.formulas import SYMBOLS
from magneton.quantum.pedigree import MomentValue

_H = float(constants.h)
#: How many isotopes of an element an error names.
_NAMED = 6


@dataclass(frozen=True)
class Nucleus(MomentValue):
    """A nucleus in a state of known magnetic moment.

    Its moment is that of the bare nucleus. `sign_known` tells whether the sources of the table show the sign; where
    they do not, many a sign has been measured all the same, and `value` is positive.

    Attributes
    ----------
    element : str
        Symbol of the element; "n" for the neutron.
    protons, mass_number : int
        Z and A.
    state : str
        "" for the ground state, "m" for an isomer.
    parity : {"+", "-", ""}
        Of the state; "" if unknown.
    abundance : float
        The fraction of the element's atoms in nature that are of this kind.
    half_life : float
        In s; inf if it is stable, nan if it is not known to the table.
    """

    element: str
    protons: int
    mass_number: int
    state: str
    parity: str
    abundance: float
    half_life: float

    @property
    def neutrons(self) -> int:
        """The number of neutrons."""
        return self.mass_number - self.protons

    @property
    def stable(self) -> bool:
        """Whether no decay of it has been seen."""
        return self.half_life == math.inf

    @property
    def g_I(self) -> float:
        """The g-factor, moment/(spin mu_N), signed; nan without spin."""
        return self.value / self.spin if self.spin else math.nan

    @property
    def g_I_uncertainty(self) -> float:
        """The standard uncertainty of `g_I`."""
        return self.uncertainty / self.spin if self.spin else math.nan

    def nmr_frequency(self, B: Any) -> Any:
        """Return the frequency at which the bare nucleus resonates, |g_I| mu_N |B|/h.

        Electrons shield: in a compound it is lower by some 1e-5 (light nuclei) to 1e-2 (heavy ones), or now and then
        higher, by the chemical shift.

        Parameters
        ----------
        B : float or array_like
            Flux density in T, its magnitude.

        Returns
        -------
        float or ndarray
            In Hz, of the shape of `B`.

        Raises
        ------
        ValueError
            If the nucleus has no spin.

        Examples
        --------
        >>> from magneton.quantum import nucleus
        >>> round(nucleus("1H").nmr_frequency(1.0) / 1e6, 4)
        42.5775
        """
        field = numbers("B", B, "T")
        if not self.spin:
            raise ValueError(f"{self.name} has spin 0: it has no moment and does not resonate")
        result = abs(self.moment) / (self.spin * _H) * np.abs(field)
        return plain(result)


def nucleus(name: str) -> Nucleus:
    """Return a nucleus with its spin and magnetic moment, by name.

    Parameters
    ----------
    name : str
        Mass number and element, ``"13C"``, an isomer with an m, ``"180mTa"``; also as ``"C13"``, ``"C-13"``,
        ``"carbon-13"``, ``"¹³C"``, ``"Ta-180m"``. ``"H"``, ``"D"``, ``"T"`` and ``"n"`` stand for 1H, 2H, 3H and
        the neutron, ``"p"`` for 1H. Of isomers there are 180mTa and 229mTh.

    Returns
    -------
    Nucleus
        The moment of a nucleus without spin is 0, exactly.

    Raises
    ------
    ValueError
        If there is no such nucleus in the table, with the nearest ones that are.

    Notes
    -----
    Moments are those of the IAEA's evaluation [Stone2019]_, of [CODATA2022]_ for n, 1H, 2H, 3H and 3He, and as cited;
    spins, parities, half-lives and abundances those of NUBASE2020 [Kondev2021]_. Three packages that carry them
    were compared entry by entry; the errors found and what was decided stand in ``tools/nuclear_moments/AUDIT.md``.

    Examples
    --------
    >>> from magneton.quantum import nucleus
    >>> carbon = nucleus("13C")
    >>> carbon.concise, carbon.spin, carbon.parity
    ('0.702369(4)', 0.5, '-')
    >>> nucleus("109Ag").g_I
    -0.26102
    """
    table = _table()
    key = nuclide_name(name) if isinstance(name, str) else None
    if key not in table:
        raise _unknown(name, key or guessed_nuclide(name))
    return table[key]


def nuclides(element: str | None = None, *, natural: bool = False, spinless: bool = True) -> list[Nucleus]:
    """Return all nuclei of the table, by atomic and mass number.

    Parameters
    ----------
    element : str, optional
        Symbol or name of the one element wanted.
    natural : bool
        Whether to leave out what does not occur in nature.
    spinless : bool
        Whether to include nuclei without spin, and so without moment.

    Raises
    ------
    ValueError
        If there is no such element.

    Examples
    --------
    >>> from magneton.quantum import nuclides
    >>> [each.name for each in nuclides("silver", natural=True)]
    ['107Ag', '109Ag']
    """
    symbol = None
    if element is not None:
        symbol = symbol_of(element.strip()) if isinstance(element, str) else None
        if symbol is None:
            raise no_such("element", element, "the symbol or name of an element", [*SYMBOL_OF, *SYMBOLS])
    return [
        each
        for each in _table().values()
        if symbol in (None, each.element) and (each.abundance or not natural) and (each.spin or spinless)
    ]


@cache
def _table() -> dict[str, Nucleus]:
    """Return all nuclei by name; the file is read once."""
    return {row["nuclide"]: _from_row(row) for row in read_rows("nuclei.csv")}


def _from_row(row: dict[str, str]) -> Nucleus:
    match = MASS_FIRST.fullmatch(row["nuclide"])
    assert match, row
    numerator, _, denominator = row["spin"].partition("/")
    return Nucleus(
        name=row["nuclide"],
        spin=int(numerator) / int(denominator or 1),
        value=float(row["moment"]),
        uncertainty=float(row["uncertainty"] or "nan"),
        unit="mu_N",
        sign_known=row["sign_known"] == "yes",
        edition=row["edition"],
        citation=row["citation"],
        element=match["element"],
        protons=int(row["Z"]),
        mass_number=int(match["mass"]),
        state=match["state"] or "",
        parity=row["parity"],
        abundance=float(row["abundance"]),
        half_life=float(row["half_life"] or "nan"),
    )


def _unknown(name: Any, key: str) -> ValueError:
    """Return the error that a nuclide is not in the table, with the nearest that are if `key` has an element."""
    match = re.fullmatch(r"(\d*)(m\d?(?=[A-Z]))?([A-Z][a-z]?)", key)
    if match is None:
        mass = re.sub(r"\D", "", name) if isinstance(name, str) else ""
        same = [each.name for each in _table().values() if mass and each.mass_number == int(mass)]
        listed = ", ".join(same[:_NAMED]) or '"13C", "carbon-13" or "180mTa"'
        return ValueError(f"name must be a nuclide, such as {listed}; got {shown(name)}")
    isotopes = [each for each in _table().values() if each.element == match[3]]
    if match[1]:
        isotopes.sort(key=lambda each: (abs(each.mass_number - int(match[1])), each.mass_number))
        wanted = "a nuclide of the table"
    else:
        isotopes.sort(key=lambda each: (-each.abundance, each.spin == 0.0, each.mass_number))
        wanted = "a nuclide, with its mass number"
    listed = ", ".join(each.name for each in isotopes[:_NAMED])
    left_out = ""
    if match[2]:
        isomers = " and ".join(each.name for each in _table().values() if each.state)
        left_out = f"; of isomers only {isomers} are in the table"
    return ValueError(
        f"name must be {wanted}{', such as ' * bool(listed)}{listed}; got {shown(name)}{left_out}"
    )
