"""What a unit may mean: the kinds of quantity, and the readings under which one unit measures them.

Dimensions alone do not tell a torque from an energy, nor an emu/g of moment from one of susceptibility.
Units of one *kind* can be converted into one another; a *reading* is one way in which a unit measures a kind,
with its own factor to the kind's SI unit (T reads a magnetization as mu0 M). A unit may have several of both.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from magneton.units._expression import Expression, UnknownUnit, read
from magneton.units._symbols import BASE, MU_0, PI, Dims, dims


class Kind(NamedTuple):
    """A kind of quantity, its SI unit and further units that fit."""

    name: str
    unit: str
    others: str = ""

    @property
    def units(self) -> str:
        """The units to offer to a user."""
        return f"{self.unit}, {self.others}" if self.others else self.unit


class Meaning(NamedTuple):
    """One reading of one unit: `factor` SI units of `kind`; `note` says how to ask for it."""

    kind: Kind
    reading: str
    factor: Fraction
    note: str = ""


class _Row(NamedTuple):
    dims: Dims
    kind: Kind
    reading: str = ""
    factor: Fraction = Fraction(1)
    needs: str = ""
    without: str = ""
    note: str = ""

    def fits(self, unit: Expression) -> bool:
        return (
            self.dims == unit.dims
            and unit.tags.issuperset(self.needs.split())
            and unit.tags.isdisjoint(self.without.split())
        )


MOMENT = Kind("magnetic moment", "A m^2", "J/T, N m/T, erg/G, statA cm^2, mu_B, Wb m")
MAGNETIZATION = Kind("magnetization", "A/m", "emu/cm^3, T (mu0 M), G (4 pi M)")
B_FIELD = Kind("flux density B", "T", "G, nT")
H_FIELD = Kind("field strength H", "A/m", "Oe")
POLE = Kind("pole strength", "A m", "abA cm, Wb (mu0 p)")
FLUX = Kind("magnetic flux", "Wb", "Mx")
ENERGY = Kind("energy", "J", "erg, eV")
TORQUE = Kind("torque", "N m", "dyn cm")
FREQUENCY = Kind("frequency", "Hz", "1/s")
ANGULAR = Kind("angular frequency", "rad/s", "1/s")
GYRO = Kind("gyromagnetic ratio", "rad/(s T)", "1/(s T)")
GYRO_CYCLES = Kind("gyromagnetic ratio over 2 pi", "Hz/T", "MHz/T")
CHI_VOLUME = Kind("volume susceptibility", "SI", "1, cgs, emu/(cm^3 Oe)")
CHI_MASS = Kind("mass susceptibility", "m^3/kg", "emu/(g Oe), cm^3/g cgs")
CHI_MOLAR = Kind("molar susceptibility", "m^3/mol", "emu/(mol Oe), cm^3/mol cgs")
CURIE = Kind("molar Curie constant", "m^3 K/mol", "emu K/(mol Oe)")
SUSCEPTIBILITIES = (CHI_VOLUME, CHI_MASS, CHI_MOLAR, CURIE)

_B = dims(kg=1, s=-2, A=-1)
_BL3 = dims(m=3, kg=1, s=-2, A=-1)
_GAMMA = dims(kg=-1, s=1, A=1)
_OERSTED = Fraction(1000, 4) / PI

_ROWS = [
    _Row(_BL3, MOMENT, "mu0 m", 1 / MU_0, without="gauss maxwell", note="write 'Wb m'"),
    _Row(_BL3, MOMENT, "mu0 m/(4 pi)", 4 * PI / MU_0, needs="tesla", note="write 1e10 'G cm^3'"),
    _Row(_BL3, MOMENT, "m", Fraction(10**7), needs="gauss"),
    _Row(dims(m=2, A=1), MOMENT, "m"),
    _Row(_B, B_FIELD, "B"),
    _Row(_B, MAGNETIZATION, "mu0 M", 1 / MU_0, without="gauss"),
    _Row(_B, MAGNETIZATION, "4 pi M", 10**4 * _OERSTED, needs="gauss"),
    _Row(dims(m=-1, A=1), H_FIELD, "H", without="emu energy"),
    _Row(dims(m=-1, A=1), MAGNETIZATION, "M", without="oersted"),
    _Row(dims(m=1, A=1), POLE, "p"),
    _Row(dims(m=2, kg=1, s=-2, A=-1), FLUX, "flux"),
    _Row(dims(m=2, kg=1, s=-2, A=-1), POLE, "mu0 p", 1 / MU_0, without="gauss maxwell"),
    _Row(dims(m=2, kg=1, s=-2), ENERGY, without="force"),
    _Row(dims(m=2, kg=1, s=-2), TORQUE, without="energy"),
    _Row(dims(s=-1), FREQUENCY, without="angle"),
    _Row(dims(s=-1), ANGULAR, without="cycles"),
    _Row(_GAMMA, GYRO, without="cycles"),
    _Row(_GAMMA, GYRO_CYCLES, without="angle"),
    _Row(dims(), Kind("number", "1", "%"), without="angle SI cgs emu"),
    _Row(dims(), Kind("angle", "rad", "deg"), without="ratio SI cgs emu"),
]


def _susceptibility_rows(kind: Kind, dimensions: Dims, suffix: str) -> list[_Row]:
    """Return the readings of one susceptibility; `suffix` follows "cm^3" in its cgs unit."""
    per_field = tuple(a + b for a, b in zip(dimensions, dims(m=-1, A=1), strict=True))
    return [
        _Row(dimensions, kind, "SI", needs="SI", without="cgs emu"),
        _Row(dimensions, kind, "SI", without="SI cgs cm emu angle"),
        _Row(
            dimensions, kind, "unmarked SI", needs="cm", without="SI cgs emu", note=f"write 'cm^3{suffix} SI'"
        ),
        _Row(
            dimensions,
            kind,
            "cgs",
            4 * PI,
            needs="cm",
            without="SI cgs emu",
            note=f"write 'cm^3{suffix} cgs'",
        ),
        _Row(dimensions, kind, "cgs", 4 * PI, needs="cgs", without="SI emu"),
        # An emu/(g Oe) has its 4 pi in the oersted; an emu/g that means a susceptibility leaves that out.
        _Row(dimensions, kind, "cgs", needs="emu oersted"),
        _Row(per_field, kind, "cgs", 1 / _OERSTED, needs="emu", without="oersted"),
    ]


_ROWS += _susceptibility_rows(CHI_VOLUME, dims(), "")
_ROWS += _susceptibility_rows(CHI_MASS, dims(m=3, kg=-1), "/g")
_ROWS += _susceptibility_rows(CHI_MOLAR, dims(m=3, mol=-1), "/mol")
_ROWS += _susceptibility_rows(CURIE, dims(m=3, K=1, mol=-1), " K/mol")

# Kinds with one reading each: named only so that errors can speak of a "length" instead of its dimensions.
_ROWS += [
    _Row(row, Kind(name, unit, others))
    for name, unit, others, row in (
        ("length", "m", "cm", dims(m=1)),
        ("area", "m^2", "cm^2", dims(m=2)),
        ("volume", "m^3", "cm^3", dims(m=3)),
        ("mass", "kg", "g", dims(kg=1)),
        ("time", "s", "ms", dims(s=1)),
        ("current", "A", "abA, statA", dims(A=1)),
        ("temperature", "K", "mK", dims(K=1)),
        ("amount of substance", "mol", "mmol", dims(mol=1)),
        ("charge", "C", "statC", dims(s=1, A=1)),
        ("velocity", "m/s", "km/s", dims(m=1, s=-1)),
        ("force", "N", "dyn", dims(m=1, kg=1, s=-2)),
        ("power", "W", "erg/s", dims(m=2, kg=1, s=-3)),
        ("voltage", "V", "statV", dims(m=2, kg=1, s=-3, A=-1)),
        ("field gradient", "T/m", "G/cm", dims(m=-1, kg=1, s=-2, A=-1)),
        ("vector potential", "T m", "G cm", dims(m=1, kg=1, s=-2, A=-1)),
        ("electric field", "V/m", "statV/cm", dims(m=1, kg=1, s=-3, A=-1)),
        ("inductance", "H", "nH", dims(m=2, kg=1, s=-2, A=-2)),
        ("specific magnetization", "A m^2/kg", "emu/g", dims(m=2, kg=-1, A=1)),
        ("molar moment", "A m^2/mol", "emu/mol", dims(m=2, A=1, mol=-1)),
    )
]

_EMU = (
    "may mean the moment 'erg/G', the magnetization 'emu/cm^3', the specific magnetization 'emu/g', "
    "the molar moment 'emu/mol', the volume susceptibility 'emu/(cm^3 Oe)', "
    "the mass susceptibility 'emu/(g Oe)' or the molar susceptibility 'emu/(mol Oe)'; write which"
)
_ESU = (
    "may mean the charge 'statC', the current 'statA', the voltage 'statV' "
    "or the moment 'statA cm^2'; write which"
)


class AmbiguousUnit(ValueError):
    """The unit has several meanings that differ."""


def _plain_kind(dimensions: Dims) -> Kind:
    powers = zip(BASE, dimensions, strict=True)
    return Kind("quantity", " ".join(f"{base}^{p}" if p != 1 else base for base, p in powers if p))


@lru_cache(maxsize=1024)
def meanings(text: str) -> tuple[Meaning, ...]:
    """Return everything the unit may mean.

    Raises
    ------
    ValueError
        If the unit is unknown, or is a bare "emu" or "esu".
    """
    unit = read(text)
    if "esu" in unit.tags:
        raise AmbiguousUnit(f"the unit {text!r} is ambiguous: an esu {_ESU}")
    # Per volume, mass, amount or field it is clear what an emu counts; alone it is not.
    metre, kilogram, *_, mole = unit.dims
    per_something = min(metre, kilogram, mole) < 0 or "oersted" in unit.tags
    if "emu" in unit.tags and not per_something:
        raise AmbiguousUnit(f"the unit {text!r} is ambiguous: an emu {_EMU}")
    found = [Meaning(r.kind, r.reading, r.factor * unit.factor, r.note) for r in _ROWS if r.fits(unit)]
    if unit.tags & {"SI", "cgs"}:
        found = [meaning for meaning in found if meaning.kind in SUSCEPTIBILITIES]
        if not found:
            raise UnknownUnit(f"{text!r} is not a unit: 'SI' and 'cgs' mark susceptibilities only")
    return tuple(found) or (Meaning(_plain_kind(unit.dims), "", unit.factor),)
