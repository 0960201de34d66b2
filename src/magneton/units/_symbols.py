"""The table of unit symbols: each one's size in SI (an exact fraction), its dimensions and its tags.

Tags remember what dimensions forget: that "J" is an energy and "N m" a torque, that "G" belongs to the
Gaussian system, that "Hz" counts cycles. `_kinds` reads them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from magneton import constants

# 50 digits: in a ratio of two units the same power of pi cancels exactly, otherwise it is rounded once.
PI = Fraction("3.1415926535897932384626433832795028841971693993751")
MU_0 = Fraction(str(constants.mu_0))
# The speed of light in cm/s ties the electrostatic to the electromagnetic units.
_C_CGS = Fraction(29979245800)

Dims = tuple[int, ...]
BASE = ("m", "kg", "s", "A", "K", "mol")


def dims(m: int = 0, kg: int = 0, s: int = 0, A: int = 0, K: int = 0, mol: int = 0) -> Dims:
    """Return the powers of the six base units as a tuple."""
    return (m, kg, s, A, K, mol)


class Symbol(NamedTuple):
    """What one symbol stands for."""

    factor: Fraction
    dims: Dims
    tags: frozenset[str]


PREFIXES = {
    "Q": 30, "R": 27, "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
    "d": -1, "c": -2, "m": -3, "μ": -6, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
    "r": -27, "q": -30,
}  # fmt: skip

_ENERGY, _FORCE = dims(m=2, kg=1, s=-2), dims(m=1, kg=1, s=-2)
_MOMENT, _INDUCTION = dims(m=2, A=1), dims(kg=1, s=-2, A=-1)
_CHARGE, _VOLTAGE = dims(s=1, A=1), dims(m=2, kg=1, s=-3, A=-1)

# symbol: (factor, dimensions, tag); these take SI prefixes.
_PREFIXED = {
    "m": (1, dims(m=1), ""),
    "g": ("1e-3", dims(kg=1), ""),
    "s": (1, dims(s=1), ""),
    "A": (1, dims(A=1), ""),
    "K": (1, dims(K=1), ""),
    "mol": (1, dims(mol=1), ""),
    "rad": (1, dims(), "angle"),
    "Hz": (1, dims(s=-1), "cycles"),
    "N": (1, _FORCE, "force"),
    "dyn": ("1e-5", _FORCE, "force"),
    "J": (1, _ENERGY, "energy"),
    "erg": ("1e-7", _ENERGY, "energy"),
    "eV": (str(constants.e), _ENERGY, "energy"),
    "W": (1, dims(m=2, kg=1, s=-3), ""),
    "Pa": (1, dims(m=-1, kg=1, s=-2), ""),
    "bar": ("1e5", dims(m=-1, kg=1, s=-2), ""),
    "C": (1, _CHARGE, ""),
    "V": (1, _VOLTAGE, ""),
    "ohm": (1, dims(m=2, kg=1, s=-3, A=-2), ""),
    "Ω": (1, dims(m=2, kg=1, s=-3, A=-2), ""),
    "S": (1, dims(m=-2, kg=-1, s=3, A=2), ""),
    "F": (1, dims(m=-2, kg=-1, s=4, A=2), ""),
    "H": (1, dims(m=2, kg=1, s=-2, A=-2), ""),
    "T": (1, _INDUCTION, "tesla"),
    "G": ("1e-4", _INDUCTION, "gauss"),
    "Wb": (1, dims(m=2, kg=1, s=-2, A=-1), ""),
    "Mx": ("1e-8", dims(m=2, kg=1, s=-2, A=-1), "maxwell"),
    "Oe": (Fraction(1000, 4) / PI, dims(m=-1, A=1), "oersted"),
    "emu": ("1e-3", _MOMENT, "emu"),
    "Da": (str(constants.m_u), dims(kg=1), ""),
}

# These stand alone: a prefix would be unusual, or clash ("min", "au").
_PLAIN = {
    "%": ("1e-2", dims(), "ratio"),
    "ppm": ("1e-6", dims(), "ratio"),
    "SI": (1, dims(), "SI"),
    "cgs": (1, dims(), "cgs"),
    "deg": (PI / 180, dims(), "angle"),
    "arcmin": (PI / 10800, dims(), "angle"),
    "arcsec": (PI / 648000, dims(), "angle"),
    "inch": ("254e-4", dims(m=1), ""),
    "cc": ("1e-6", dims(m=3), "cm"),
    "min": (60, dims(s=1), ""),
    "h": (3600, dims(s=1), ""),
    "d": (86400, dims(s=1), ""),
    "yr": (31557600, dims(s=1), ""),
    "Å": ("1e-10", dims(m=1), ""),
    "au": (149597870700, dims(m=1), ""),
    "u": (str(constants.m_u), dims(kg=1), ""),
    "e": (str(constants.e), _CHARGE, ""),
    "gamma": ("1e-9", _INDUCTION, ""),
    "mu_B": (str(constants.mu_B), _MOMENT, ""),
    "mu_N": (str(constants.mu_N), _MOMENT, ""),
    "abA": (10, dims(A=1), ""),
    "abC": (10, _CHARGE, ""),
    "abV": ("1e-8", _VOLTAGE, ""),
    "esu": (10 / _C_CGS, _CHARGE, "esu"),
    "statA": (10 / _C_CGS, dims(A=1), ""),
    "statC": (10 / _C_CGS, _CHARGE, ""),
    "statV": (_C_CGS / 10**8, _VOLTAGE, ""),
}

_ALIASES = {
    "CGS": "cgs", "EMU": "emu", "ESU": "esu", "°": "deg", "Ohm": "ohm", "Bi": "abA", "Fr": "statC",
    "AU": "au", "in": "inch", "angstrom": "Å", "Angstrom": "Å", "micron": "μm",
    "μ_B": "mu_B", "μB": "mu_B", "muB": "mu_B", "bohr_magneton": "mu_B",
    "μ_N": "mu_N", "μN": "mu_N", "muN": "mu_N", "nuclear_magneton": "mu_N",
    "tesla": "T", "gauss": "G", "oersted": "Oe", "weber": "Wb", "maxwell": "Mx", "ampere": "A",
    "meter": "m", "metre": "m", "second": "s", "kilogram": "kg", "gram": "g", "kelvin": "K", "joule": "J",
    "newton": "N", "hertz": "Hz", "radian": "rad", "degree": "deg", "minute": "min", "hour": "h", "day": "d",
    "coulomb": "C", "volt": "V", "watt": "W", "pascal": "Pa", "henry": "H", "farad": "F",
}  # fmt: skip
# Whole words may begin with a capital; symbols may not change case ("mT" and "MT" differ).
_ALIASES |= {
    name.capitalize(): symbol for name, symbol in _ALIASES.items() if name.isalpha() and name.islower()
}


def _symbol(factor: int | str | Fraction, dimensions: Dims, tag: str) -> Symbol:
    return Symbol(Fraction(factor), dimensions, frozenset([tag] if tag else []))


_SYMBOLS = {name: _symbol(*row) for name, row in (_PREFIXED | _PLAIN).items()}

NAMES = (*_SYMBOLS, *_ALIASES, "kg", "cm", "mm", "km", "nT", "keV", "MHz", "mT", "kA", "nm")


def look_up(name: str) -> Symbol | None:
    """Return the meaning of a symbol, with or without a prefix; None if there is none."""
    name = _ALIASES.get(name, name)
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    for length in (1, 2):
        power, stem = PREFIXES.get(name[:length]), name[length:]
        if power is not None and stem in _PREFIXED:
            symbol = _SYMBOLS[stem]
            # The centimetre marks a unit as one that cgs papers use too.
            tags = symbol.tags | ({"cm"} if name == "cm" else set())
            return Symbol(symbol.factor * Fraction(10) ** power, symbol.dims, tags)
    return None
