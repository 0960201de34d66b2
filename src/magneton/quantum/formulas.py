"""Chemical formulas: which atoms they are made of, isotopes marked or not."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from magneton._check import shown
from magneton.quantum._data import no_such

_TABLE = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc
Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi
Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
"""
#: Symbols of the elements in the order of their atomic numbers.
SYMBOLS = tuple(_TABLE.split())
#: Isotopes that have symbols of their own.
_HEAVY: dict[str, tuple[int, str]] = {"D": (2, "H"), "T": (3, "H")}
_PIECE = re.compile(r"([A-Z][a-z]?|[)\]])(\d*)|[(\[]")
_CLOSES = {")": "(", "]": "["}


class Atom(NamedTuple):
    """An atom of a formula; its mass number is 0 if none is marked."""

    mass: int
    symbol: str

    def __str__(self) -> str:
        """Write it as in a formula: 13C."""
        return f"{self.mass or ''}{self.symbol}"


def parse_formula(formula: str) -> dict[str, int]:
    """Return how many atoms of each element a chemical formula has.

    Parameters
    ----------
    formula : str
        Such as ``"C6H6"``, ``"K3[Fe(CN)6]"`` or ``"CuSO4·5H2O"``; a hydrate's dot may be written "·", "." or "*".

    Returns
    -------
    dict of str to int
        In the order in which the elements appear.

    Raises
    ------
    ValueError
        If something else than elements, numbers and brackets is in it, or brackets do not match.

    Examples
    --------
    >>> from magneton.quantum import parse_formula
    >>> parse_formula("CuSO4·5H2O")
    {'Cu': 1, 'S': 1, 'O': 9, 'H': 10}
    """
    if not isinstance(formula, str):
        raise ValueError(f"formula must be text such as 'C6H6', got {shown(formula)}")
    total: Counter[str] = Counter()
    for part in re.split(r"[·.*]", formula.replace(" ", "")):
        bare = part.lstrip("0123456789")
        times = int(part[: len(part) - len(bare)] or 1)
        total.update({symbol: count * times for symbol, count in _counted(bare, formula).items()})
    return dict(total)


def _counted(part: str, formula: str) -> Counter[str]:
    """Return the atoms of a formula without dots."""
    groups: list[Counter[str]] = [Counter()]
    brackets: list[str] = []
    place = 0
    while place < len(part):
        piece = _PIECE.match(part, place)
        if piece is None:
            raise ValueError(f"formula must be made of elements, numbers and brackets, got {formula!r}")
        place = piece.end()
        head, count = piece[1], int(piece[2] or 1)
        if head is None:
            groups.append(Counter())
            brackets.append(piece[0])
        elif head in _CLOSES:
            if not brackets or brackets.pop() != _CLOSES[head]:
                raise ValueError(f"formula must have brackets that match, got {formula!r}")
            inner = groups.pop()
            groups[-1].update({symbol: each * count for symbol, each in inner.items()})
        elif head in SYMBOLS:
            groups[-1][head] += count
        else:
            raise no_such("formula", head, "made of the symbols of elements", SYMBOLS)
    if brackets or not groups[0]:
        raise ValueError(f"formula must have atoms, and brackets that match, got {formula!r}")
    return groups[0]


def isotopologues(formula: str) -> list[Counter[Atom]]:
    """Return the ways to read a formula without brackets in which isotopes may be marked, most marked first.

    "C17O2" is carbon with two 17O, or 17 carbons with two O: who knows the molecule chooses.
    """
    pieces = re.findall(r"\d+|[A-Z][a-z]?", formula)
    if "".join(pieces) != formula:
        return []
    readings = [_read(list(choice)) for choice in itertools.product(*map(_splits, _slots(pieces)))]
    marked = [reading for reading in readings if reading is not None]
    return sorted(marked, key=lambda atoms: -sum(count for each, count in atoms.items() if each.mass))


def _slots(pieces: list[str]) -> list[str]:
    """Return numbers and symbols in turn: a number, that may be "", before each symbol and after the last."""
    slots = [""]
    for piece in pieces:
        if piece.isdigit():
            slots[-1] += piece
        else:
            slots += [piece, ""]
    return slots


def _splits(slot: str) -> list[tuple[str, ...]]:
    """Return the ways to share a number between the symbol before it and the one after it."""
    if slot and not slot.isdigit():
        return [(slot,)]
    return [(slot[:i], slot[i:]) for i in range(len(slot) + 1)]


def _read(parts: list[tuple[str, ...]]) -> Counter[Atom] | None:
    """Return the atoms of one way to share the numbers; None if it makes no sense."""
    if parts[0][0] or parts[-1][1]:
        return None
    atoms: Counter[Atom] = Counter()
    for before, symbol, after in zip(parts[:-2:2], parts[1::2], parts[2::2], strict=True):
        mass, element = _HEAVY.get(symbol[0], (0, symbol[0]))
        if element not in SYMBOLS or (before[1] and mass) or "0" in (before[1][:1], after[0][:1]):
            return None
        protons, nucleons = SYMBOLS.index(element) + 1, int(before[1] or mass)
        if nucleons and not protons <= nucleons <= 3 * protons:
            return None
        atoms[Atom(nucleons, element)] += int(after[0] or 1)
    return atoms


def elements_of(atoms: Mapping[Atom, int]) -> dict[str, int]:
    """Return how many atoms of each element there are, whatever their isotopes."""
    total: Counter[Any] = Counter()
    for each, count in atoms.items():
        total[each.symbol] += count
    return dict(total)


def written_formula(atoms: Mapping[Atom, int]) -> str:
    """Return atoms as `isotopologues` reads them: 13CO2, D2O."""
    symbols = {(mass, element): symbol for symbol, (mass, element) in _HEAVY.items()}
    return "".join(f"{symbols.get(each, each)}{count if count > 1 else ''}" for each, count in atoms.items())
