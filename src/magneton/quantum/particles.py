"""Magnetic moments of leptons, nucleons, the lightest nuclei and hyperons, and of their antiparticles."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from magneton import constants
from magneton._check import shown
from magneton.quantum._data import no_such, read_rows
from magneton.quantum._nuclide_names import nuclide_name
from magneton.quantum.pedigree import MomentValue

#: One of each in kg.
_KILOGRAMS = {"kg": 1.0, "MeV": 1e6 * float(constants.e) / float(constants.c) ** 2, "": math.nan}
_BY_CPT = ", by CPT"
_LEPTONS = ("electron", "muon", "tau", "positron", "antimuon", "antitau")
_DASHES = dict.fromkeys(map(ord, "−‐‑–"), "-")
#: Particles that are nuclides too.
_OF_NUCLIDES = {"1n": "neutron", "1H": "proton", "2H": "deuteron", "3H": "triton", "3He": "helion"}


@dataclass(frozen=True)
class Particle(MomentValue):
    """A particle and its magnetic moment.

    Attributes
    ----------
    charge : float
        In C.
    mass, mass_uncertainty : float
        At rest, in kg; nan for a transition between two particles.
    anomaly, anomaly_uncertainty : float
        a = (|g| - 2)/2 of leptons and the proton, measured more precisely than the moment; nan of others.
    antiparticle_name : str
        What its antiparticle is called.
    note : str
        What there is to know about the value.
    """

    charge: float
    mass: float
    mass_uncertainty: float
    anomaly: float
    anomaly_uncertainty: float
    antiparticle_name: str
    note: str = ""

    @property
    def g_factor(self) -> float:
        """The g-factor, signed as CODATA's; nan of a transition.

        Of leptons 2 (1 + a) with the sign of the charge: the moment is g (e hbar/2m) times the spin. Of all others
        in terms of the nuclear magneton, whatever their mass: the moment is g mu_N times the spin.
        """
        if not self.sign_known:
            return math.nan
        if self.name in _LEPTONS:
            return math.copysign(2.0 * (1.0 + self.anomaly), self.value)
        return self.value / self.spin

    @property
    def g_factor_uncertainty(self) -> float:
        """The standard uncertainty of `g_factor`."""
        if not self.sign_known:
            return math.nan
        return 2.0 * self.anomaly_uncertainty if self.name in _LEPTONS else self.uncertainty / self.spin

    @property
    def antiparticle(self) -> Particle:
        """The antiparticle, whose charge and moment are opposite and all else equal, by CPT symmetry."""
        if self.edition.endswith(_BY_CPT):
            edition = self.edition.removesuffix(_BY_CPT)
        else:
            edition = self.edition + _BY_CPT
        return replace(
            self,
            name=self.antiparticle_name,
            antiparticle_name=self.name,
            value=-self.value if self.sign_known else self.value,
            charge=0.0 - self.charge,  # no -0
            edition=edition,
        )


def particle(name: str, edition: str | None = None) -> Particle:
    """Return a particle with its magnetic moment, by name.

    Parameters
    ----------
    name : str
        "electron", "muon", "tau", "proton", "neutron", "deuteron", "triton", "helion", "Lambda", "Sigma+",
        "Sigma-", "Xi0", "Xi-", "Omega-", the transition "Sigma0-Lambda", or the antiparticle of one: "positron",
        "antiproton", "anti-Sigma+". Symbols are understood too: "e-", "μ+", "p", "pbar", "Σ⁺", and nuclides: "3He".
    edition : {"CODATA 2022", "PDG 2026", "Standard Model"}, optional
        Whose value, or as many words of the name as tell it from the others, "PDG"; by default CODATA's, or the
        Particle Data Group's if CODATA has none. The PDG has the latest anomalies of the electron and the muon, and
        what was measured on the antiproton and the anti-Xi- themselves; the Standard Model predicts the tau's, which
        is hardly measured.

    Returns
    -------
    Particle

    Raises
    ------
    ValueError
        If there is no such particle, with the nearest names, or no such edition of its value.

    Notes
    -----
    [CODATA2022]_, [PDG2026]_ (figures under CC BY 4.0), [EidelmanPassera2007]_. Moments of antiparticles follow
    from CPT symmetry where `edition` does not ask for a measurement: that of the positron is parallel to its spin.

    Examples
    --------
    >>> from magneton.quantum import particle
    >>> particle("proton").concise
    '2.79284734463(82)'
    >>> particle("muon", edition="PDG 2026").anomaly
    0.001165920715
    >>> particle("positron").moment > 0.0 > particle("electron").moment
    True
    """
    editions = particle_editions(name)
    if edition is None:
        return editions[0]
    by_name = {each.edition.removesuffix(_BY_CPT): each for each in editions}
    by_name |= {each.edition: each for each in editions}  # what was measured goes before what follows by CPT
    if edition in by_name:
        return by_name[edition]
    names = dict.fromkeys(each.edition.removesuffix(_BY_CPT) for each in editions)
    words = set(edition.casefold().split()) if isinstance(edition, str) else set()
    meant = [each for each in names if words and words <= set(each.casefold().split())]
    if len(meant) == 1:
        return by_name[meant[0]]
    listed = " or ".join(repr(each.edition) for each in editions)
    raise ValueError(f"edition must be {listed} for the {editions[0].name}, got {shown(edition)}")


def all_particles(*, antiparticles: bool = False) -> list[Particle]:
    """Return all particles, each with its default value, in the order of the table; on demand antiparticles, too.

    Examples
    --------
    >>> from magneton.quantum import all_particles
    >>> [each.name for each in all_particles()][:4]
    ['electron', 'muon', 'tau', 'proton']
    """
    table = _table()
    return [found[0] for name, found in table.values.items() if antiparticles or name not in table.antimatter]


def particle_editions(name: str) -> list[Particle]:
    """Return all values there are of a particle, the default first; see `particle`.

    Examples
    --------
    >>> from magneton.quantum import particle_editions
    >>> [each.edition for each in particle_editions("muon")]
    ['CODATA 2022', 'PDG 2026']
    """
    table = _table()
    key = _key(name) if isinstance(name, str) else ""
    if key in table.spellings:
        return table.values[table.spellings[key]]
    plain = key.removeprefix("anti")
    if plain != key and plain in table.spellings:
        return table.values[table.values[table.spellings[plain]][0].antiparticle_name]
    nuclide = nuclide_name(key) if any(each.isdigit() for each in key) else None
    if nuclide in _OF_NUCLIDES:
        return table.values[_OF_NUCLIDES[nuclide]]
    raise no_such("name", name, "that of a particle", table.values)


class _Table(NamedTuple):
    """Values of each particle, the default first; names by spelling; which of the names are of antiparticles."""

    values: dict[str, list[Particle]]
    spellings: dict[str, str]
    antimatter: set[str]


@cache
def _table() -> _Table:
    table = _Table({}, {}, set())
    for row in read_rows("particles.csv"):  # measurements on antiparticles come last
        each = _from_row(row)
        table.values.setdefault(each.name, []).append(each)
        for name, aliases in (("name", "aliases"), ("antiparticle", "anti_aliases")):
            table.spellings.update(
                {_key(alias): row[name] for alias in [row[name], *row[aliases].split(";")] if alias}
            )
        if each.name not in table.antimatter:
            table.antimatter.add(each.antiparticle_name)
            table.values.setdefault(each.antiparticle_name, []).append(each.antiparticle)
    return table


def _from_row(row: dict[str, str]) -> Particle:
    """Return what a row of the table says; a number that is not there is nan."""
    numbers = {
        key: float(row[key] or "nan")
        for key in ("spin", "value", "uncertainty", "anomaly", "anomaly_uncertainty", "charge")
    }
    kilograms = _KILOGRAMS[row["mass_unit"]]
    numbers["charge"] *= float(constants.e)
    return Particle(
        **numbers,
        name=row["name"],
        unit="mu_B" if row["unit"] == "mu_B" else "mu_N",
        sign_known=row["sign_known"] == "yes",
        edition=row["edition"],
        citation=row["citation"],
        mass=float(row["mass"] or "nan") * kilograms,
        mass_uncertainty=float(row["mass_uncertainty"] or "nan") * kilograms,
        antiparticle_name=row["antiparticle"],
        note=row["note"],
    )


def _key(name: str) -> str:
    """Return a name as spellings are compared: superscripts as digits and signs, no spaces; e is not E."""
    text = "".join(unicodedata.normalize("NFKC", name).translate(_DASHES).replace("_", "").split())
    if len(text) > 1:
        text = text.casefold()
    return text.replace("anti-", "anti", 1) if text.startswith("anti-") else text
