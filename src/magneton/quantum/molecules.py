"""Molecules: what their magnetism is made of, from rows of a table."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from magneton import constants
from magneton._check import plain, shown
from magneton.quantum._data import no_such, read_rows
from magneton.quantum._free_energy import temperatures
from magneton.quantum.angular import embedded, half_integer
from magneton.quantum.formulas import Atom, elements_of, isotopologues, parse_formula, written_formula
from magneton.quantum.levels import Levels
from magneton.quantum.molar import K_B, MU_0, MU_B, N_A, effective_moment_from
from magneton.quantum.nuclei import Nucleus, nucleus, nuclides
from magneton.quantum.rotors import rotating_spin
from magneton.quantum.spectroscopic import energy_from
from magneton.quantum.spin_hamiltonians import spin_hamiltonian
from magneton.units import convert


@dataclass(frozen=True)
class Contribution:
    """One part of a molecule's magnetism at one temperature.

    Attributes
    ----------
    origin : str
        "electron spin", "electron spin and orbit", "diamagnetic", or "nuclear 13C".
    susceptibility : float
        Molar, in m^3/mol.
    effective_moment : float
        Of a permanent moment, in mu_B, by Curie's law from `susceptibility`; nan for what a field induces.
    quality : str
        "calculated", "ab initio", "measured", "handbook" or "estimate".
    citation : str
        Key in the list of references.
    """

    origin: str
    susceptibility: float
    effective_moment: float
    quality: str
    citation: str


@dataclass(frozen=True, repr=False)
class Molecule:
    """A molecule in its ground term; see `molecule`.

    Attributes
    ----------
    formula, name, term : str
        The formula has the isotopes that are marked, "13CO2", the name has none.
    spin, orbital : float
        S, and Lambda about the axis.
    spin_orbit : float
        Separation of the highest from the lowest level of the term, in J.
    D : float
        Zero-field splitting about the axis, in J.
    g : tuple of float
        Of the spin, along and across the axis.
    rotation, spin_rotation : float
        B_0 and gamma_0 in J; B_0 is nan if the table has none for the isotopologue.
    parity : str
        Which rotational N there are.
    nuclei : tuple of (Nucleus, int)
        The nuclei, and how many there are of each.
    diamagnetic_susceptibility, diamagnetic_uncertainty : float
        Molar, of all that does not depend on temperature, in m^3/mol; nan where unknown.
    quality, electron_citation, diamagnetic_citation : str
    """

    formula: str
    name: str
    term: str
    spin: float
    orbital: float
    spin_orbit: float
    D: float
    g: tuple[float, float]
    rotation: float
    spin_rotation: float
    parity: str
    nuclei: tuple[tuple[Nucleus, int], ...]
    diamagnetic_susceptibility: float
    diamagnetic_uncertainty: float
    quality: str
    electron_citation: str
    diamagnetic_citation: str

    def __repr__(self) -> str:
        """Show what it is; the attributes have the figures."""
        return f"Molecule({self.formula!r}, name={self.name!r}, term={self.term!r})"

    @property
    def paramagnetic(self) -> bool:
        """Whether the electrons have a permanent moment."""
        return self.spin > 0.0 or self.orbital > 0.0

    def levels(self) -> Levels:
        """Return the levels of spin and orbit of the molecule at rest, its axis along z.

        H = A L_z S_z + D (S_z^2 - S(S+1)/3) + mu_B (L_z B_z + B.g.S), in states of Lambda (if it is not 0: plus,
        minus) and M_S = S, ..., -S.
        """
        along, across = self.g
        spin = spin_hamiltonian(self.spin, g=(across, across, along), D=self.D)
        if not self.orbital:
            return spin
        size = len(spin.hamiltonian)
        axial = np.diag([self.orbital, -self.orbital])
        h = embedded(spin.hamiltonian, 1, (2, size)).astype(complex)
        m = embedded(spin.moment_operators, 1, (2, size)).astype(complex)
        m[2] -= MU_B * np.kron(axial, np.eye(size))
        if self.spin:
            coupling = self.spin_orbit / (2.0 * self.orbital * self.spin)
            h += coupling * np.kron(axial, np.diag(self.spin - np.arange(size)))
        return Levels(h, m)

    def rotating_levels(self, highest: int) -> Levels:
        """Return the levels with rotation, up to N = `highest`, of a molecule without orbital moment.

        Raises
        ------
        ValueError
            If the table has no rotational constant, or the term is not a Sigma term.
        """
        if math.isnan(self.rotation) or self.orbital:
            named = ", ".join(f"{count} {each.name}" for each, count in self.nuclei)
            wanted = "a Sigma term with a rotational constant in the table"
            raise ValueError(f"the molecule must have {wanted}, got {self.formula} of {named}")
        return rotating_spin(
            self.spin,
            rotation=self.rotation,
            D=self.D,
            spin_rotation=self.spin_rotation,
            g=self.g,
            highest=highest,
            parity=self.parity,
        )

    def paramagnetic_susceptibility(self, temperature: Any = None) -> Any:
        """Return the molar susceptibility of the electrons' permanent moments in m^3/mol, in weak fields.

        The temperature in K may be left out of molecules that have none.
        That of `levels`, averaged over directions: a gas whose rotation is classical, or a powder. It holds where
        k_B T is large beside the rotational constant and D; `rotating_levels` knows better below.
        """
        T = self._temperatures(temperature, self.paramagnetic)
        if not self.paramagnetic:
            return plain(np.zeros(T.shape))
        return plain(self.levels().molar_susceptibility(T))

    def effective_moment(self, temperature: Any = None) -> Any:
        """Return the effective moment of the electrons in mu_B, from `paramagnetic_susceptibility`."""
        T = self._temperatures(temperature, self.paramagnetic)
        return effective_moment_from(self.paramagnetic_susceptibility(T), T)

    def contributions(self, temperature: float | None = None) -> list[Contribution]:
        """Return what the molar susceptibility is made of at a temperature in K, strongest first.

        The temperature may be left out where nothing depends on it: no electron and no nucleus has a moment. Nuclei
        count as free spins, which is true where k_B T is large beside the rotational constant; see `SpinIsomers` for
        hydrogen's.
        """
        T = float(self._temperatures(temperature, self._permanent))
        parts = [_nuclear(each, count, T) for each, count in self.nuclei if each.spin]
        if not math.isnan(self.diamagnetic_susceptibility):
            chi = self.diamagnetic_susceptibility
            parts.append(Contribution("diamagnetic", chi, math.nan, self.quality, self.diamagnetic_citation))
        if self.paramagnetic:
            chi = self.paramagnetic_susceptibility(T)
            origin = "electron spin and orbit" if self.orbital else "electron spin"
            moment = effective_moment_from(chi, T)
            parts.append(Contribution(origin, chi, moment, "calculated", self.electron_citation))
        return sorted(parts, key=lambda part: -abs(part.susceptibility))

    def susceptibility(self, temperature: Any = None) -> Any:
        """Return the molar susceptibility of all contributions in m^3/mol; nan if one of them is unknown.

        The temperature in K may be left out where it may be of `contributions`.
        """
        T = self._temperatures(temperature, self._permanent)
        nuclear = sum(_nuclear(each, count, 1.0).susceptibility for each, count in self.nuclei if each.spin)
        return plain(self.paramagnetic_susceptibility(T) + self.diamagnetic_susceptibility + nuclear / T)

    @property
    def _permanent(self) -> bool:
        """Whether electrons or nuclei have a permanent moment."""
        return self.paramagnetic or any(each.spin for each, _ in self.nuclei)

    def _temperatures(self, temperature: Any, needed: bool) -> np.ndarray:
        """Return temperatures in K; any will do if none is given and none is needed."""
        if temperature is None and needed:
            whose = "electrons" if self.paramagnetic else "nuclei"
            raise ValueError(f"temperature must be given for {self.formula}, whose {whose} have a moment")
        return temperatures(1.0 if temperature is None else temperature)


def _nuclear(each: Nucleus, count: int, T: float) -> Contribution:
    """Return the share of some equal nuclei, as free spins."""
    m, spin = each.moment, each.spin
    chi = N_A * MU_0 * count * m * (m / K_B) * (spin + 1.0) / (3.0 * spin * T)
    return Contribution(f"nuclear {each.name}", chi, effective_moment_from(chi, T), "measured", each.citation)


def molecule(name: str, *, table: str | Path | Iterable[Mapping[str, str]] | None = None) -> Molecule:
    """Return what is known of a molecule's magnetism.

    Parameters
    ----------
    name : str
        A formula, with isotopes marked or not, or a name: ``"O2"``, ``"13CO2"``, ``"C17O2"``, ``"D2O"``,
        ``"oxygen"``. Atoms that are not marked are of the commonest isotope.
    table : path or list of dict, optional
        A file of comma-separated values with the columns of the packaged one, ``quantum/data/molecules.csv``, or its
        rows; instead of that. Columns may be missing.

    Returns
    -------
    Molecule

    Raises
    ------
    ValueError
        If the table has no such molecule; the nearest it has are listed.

    Notes
    -----
    For O2 at 293.15 K 42.936e-9 m^3/mol are found, of which diamagnetism, an estimate, is -0.116e-9; measured are
    42.92(6)e-9 [MayMoldoverSchmidt2008]_. Terms with an orbital moment follow [VanVleck1932]_ ch. IX and X.

    Examples
    --------
    >>> from magneton.quantum import molecule
    >>> oxygen = molecule("O2")
    >>> round(oxygen.effective_moment(293.15), 3)
    2.834
    >>> [part.origin for part in oxygen.contributions(293.15)]
    ['electron spin', 'diamagnetic']
    >>> molecule("13CO2").formula, molecule("DHO").formula
    ('13CO2', 'DHO')
    """
    if table is None:
        rows: list[Mapping[str, str]] = list(read_rows("molecules.csv"))
    elif isinstance(table, str | Path):
        rows = list(read_rows(str(Path(table).resolve())))
    else:
        rows = list(table)
    if not isinstance(name, str):
        raise ValueError(f"name must be a molecule's formula or name, got {shown(name)}")
    if bad := [row for row in rows if not row.get("formula")]:
        raise ValueError(f"table must have the column formula in every row, got {shown(bad[0])}")
    name = unicodedata.normalize("NFKC", name)  # O₂
    for row in rows:
        if name == row["formula"] or name.casefold() == row.get("name", "").casefold():
            return _from_row(row, {})
    for atoms in isotopologues(name):
        for row in rows:
            elements = parse_formula(row["formula"])
            if elements_of(atoms) == elements:
                order = list(elements)
                return _from_row(
                    row, dict(sorted(atoms.items(), key=lambda pair: order.index(pair[0].symbol)))
                )
    names = [key for row in rows for key in (row["formula"], row.get("name", "")) if key]
    raise no_such("name", name, "a molecule of the table", names)


def _from_row(row: Mapping[str, str], atoms: Mapping[Atom, int]) -> Molecule:
    """Return the molecule of a row, with isotopes as marked in `atoms`."""
    found, usual = (_nuclei(row["formula"], each) for each in (atoms, {}))
    free = -float(constants.g_e)

    def chi(column: str) -> float:
        return convert(_number(row, column, math.nan) * 1e-6, "emu/(mol Oe)", "m^3/mol")

    return Molecule(
        formula=written_formula(atoms) if any(each.mass for each in atoms) else row["formula"],
        name=row.get("name", ""),
        term=row.get("term", ""),
        spin=half_integer("spin", _number(row, "spin", 0.0)),
        orbital=_number(row, "orbital", 0.0),
        spin_orbit=_energy(row, "spin_orbit", 0.0),
        D=_energy(row, "zero_field_splitting", 0.0),
        g=(_number(row, "g_parallel", free), _number(row, "g_perpendicular", free)),
        # of the commonest isotopologue only, and so is the parity
        rotation=_energy(row, "rotation", math.nan) if dict(found) == dict(usual) else math.nan,
        spin_rotation=_energy(row, "spin_rotation", 0.0),
        parity=row.get("parity") or "all",
        nuclei=found,
        diamagnetic_susceptibility=chi("diamagnetic"),
        diamagnetic_uncertainty=abs(chi("diamagnetic_uncertainty")),
        quality=row.get("quality", ""),
        electron_citation=row.get("electron_citation", ""),
        diamagnetic_citation=row.get("diamagnetic_citation", ""),
    )


def _number(row: Mapping[str, str], column: str, otherwise: float) -> float:
    """Return a number of the table."""
    text = row.get(column)
    if not text:
        return otherwise
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{column} of {row['formula']} must be a number, got {text!r}") from None


def _energy(row: Mapping[str, str], column: str, otherwise: float) -> float:
    """Return an energy written as "119.82 cm^-1" in J."""
    text = row.get(column)
    if not text:
        return otherwise
    value, _, unit = text.partition(" ")
    return energy_from(_number({**row, column: value}, column, otherwise), unit)


def _nuclei(formula: str, atoms: Mapping[Atom, int]) -> tuple[tuple[Nucleus, int], ...]:
    """Return the nuclei: as marked, and the commonest in nature where not."""
    found: dict[str, int] = {}
    unmarked = {Atom(0, symbol): count for symbol, count in parse_formula(formula).items()}
    for atom, count in (atoms or unmarked).items():
        name = str(atom) if atom.mass else _commonest(atom.symbol)
        found[name] = found.get(name, 0) + count
    return tuple((nucleus(name), count) for name, count in found.items())


def _commonest(symbol: str) -> str:
    """Return the isotope of an element of which there is most in nature."""
    return max(nuclides(symbol), key=lambda each: each.abundance).name
