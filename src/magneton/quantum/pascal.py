"""Pascal's constants: the diamagnetism of ions and compounds as a sum over their parts."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from magneton._check import number, shown
from magneton.quantum._data import no_such, read_rows
from magneton.quantum.formulas import parse_formula
from magneton.units import convert

_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def _key(row: dict[str, str]) -> str:
    """Return the name of a constituent: C, C(ring), As(III), Fe3+, SO4^2-, C=C."""
    symbol, context = row["symbol"], row["context"]
    if context == "covalent_ring":
        return f"{symbol}(ring)"
    if context == "covalent_oxidation_state":
        return f"{symbol}({_ROMAN[int(row['state'])]})"
    charge = int(row["state"] or 0) if context in ("ion_charge", "group") else 0
    size = str(abs(charge)) if abs(charge) > 1 else ""
    caret = "^" if context == "group" and size else ""
    return symbol + caret + size + ("+" if charge > 0 else "-" if charge else "")


@functools.cache
def pascal_constants() -> Mapping[str, float]:
    """Return Pascal's constants in m^3/mol of all constituents that have one.

    Returns
    -------
    mapping of str to float
        "C" is an atom bonded covalently in a chain, "C(ring)" in a ring, "As(III)" in an oxidation state; "Fe3+" an
        ion, "SO4^2-", "CN-" and "H2O" groups, "C=C" and "C#N" corrections of a bond, to be added to its atoms.

    Notes
    -----
    [BainBerry2008]_ Tables 1, 3 and 6.
    """
    column = "chi_1e-6_cm3_per_mol"
    rows = read_rows("pascal_constants.csv")
    return {_key(row): convert(float(row[column]) * 1e-6, "emu/(mol Oe)", "m^3/mol") for row in rows}


def diamagnetic_correction(constituents: str | Mapping[str, float]) -> float:
    """Return the diamagnetic molar susceptibility of a compound by Pascal's constants.

    Parameters
    ----------
    constituents : str or mapping of str to float
        A formula of atoms that are all bonded covalently in chains, such as ``"CH3OH"``; or how many there are of
        each ion, group or atom, such as ``{"K+": 3, "Fe3+": 1, "CN-": 6}``. The names are those of
        `pascal_constants`.

    Returns
    -------
    float
        In m^3/mol, negative; good to some per cent for most compounds. Subtract it from what was measured, see
        `corrected_susceptibility`.

    Raises
    ------
    ValueError
        If a constituent has no constant; the nearest that have one are listed.

    Examples
    --------
    Benzene, measured -54.8, in 1e-6 cm^3/mol:

    >>> from magneton.quantum import diamagnetic_correction
    >>> from magneton.units import convert
    >>> chi = diamagnetic_correction({"C(ring)": 6, "H": 6})
    >>> round(convert(chi, "m^3/mol", "emu/(mol Oe)") * 1e6, 2)
    -55.02
    """
    table = pascal_constants()
    covalent = isinstance(constituents, str)
    counts: Mapping[Any, Any] = parse_formula(constituents) if isinstance(constituents, str) else constituents
    if not isinstance(counts, Mapping) or not counts:
        raise ValueError(f"constituents must be a formula or a mapping to numbers, got {shown(constituents)}")
    total = 0.0
    for name, value in counts.items():
        count = number(f"constituents[{name!r}]", value)
        if count < 0.0:
            raise ValueError(f"constituents[{name!r}] must not be negative, got {count:g}")
        total += count * _constant(name, table, covalent)
    return total


def _constant(name: Any, table: Mapping[str, float], covalent: bool) -> float:
    """Return a constituent's constant; carets and spaces do not matter."""
    wanted = str(name).replace("^", "").replace(" ", "")
    for key, value in table.items():
        if key.replace("^", "") == wanted:
            return value
    same = [key for key in table if _element(key) == _element(wanted)]
    if not same:
        raise no_such("constituents", name, "made of those in pascal_constants()", table)
    advice = " in a formula, of which all atoms must be covalent; give a mapping of ions" if covalent else ""
    raise ValueError(f"constituents must be made of {', '.join(same)} and others, got {name!r}{advice}")


def _element(key: str) -> str:
    """Return the element, or the bare name, of a constituent."""
    return re.split(r"[(^0-9+-]", key)[0].capitalize()
