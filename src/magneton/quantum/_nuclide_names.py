"""How nuclides are called: 13C, C-13, carbon-13, ¹³C, D, the proton."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import Any

from magneton.quantum._element_names import SYMBOL_OF, symbol_of

#: Nuclei that have names of their own. Single letters count as written: p is no phosphorus.
_ALIASES = {
    "1H": ("H", "p", "protium", "proton"),
    "2H": ("D", "deuterium", "deuteron"),
    "3H": ("T", "tritium", "triton"),
    "3He": ("helion",),
    "1n": ("n", "neutron"),
}
_NAMED_BY = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
MASS_FIRST = re.compile(r"(?P<mass>\d+)(?P<state>m\d?(?=[A-Z]))?(?P<element>[A-Za-z]+)")
_MASS_LAST = re.compile(r"(?P<element>[A-Za-z]+)(?P<mass>\d+)(?P<state>m\d?)?")


def nuclide_name(name: str) -> str | None:
    """Return a name as the table has it, a bare symbol for an element without a mass; None if it is neither."""
    text = "".join(each for each in unicodedata.normalize("NFKC", name) if each.isalnum())
    alias = text.casefold() if len(text) > 1 else text
    if alias in _NAMED_BY:
        return _NAMED_BY[alias]
    match = MASS_FIRST.fullmatch(text) or _MASS_LAST.fullmatch(text)
    if match is None:
        return symbol_of(text)
    mass, element, state = int(match["mass"]), match["element"], match["state"] or ""
    if mass == 1 and element == "n":
        return "1n"
    symbol = symbol_of(element)
    if symbol is None and element.endswith("m"):  # 180Tam
        symbol, state = symbol_of(element[:-1]), "m"
    return f"{mass}{state}{symbol}" if symbol else None


def guessed_nuclide(name: Any) -> str:
    """Return what a name that is not understood was most likely meant to be; "" if there is nothing like it."""
    if not isinstance(name, str):
        return ""
    letters, digits = ("".join(re.findall(what, name)) for what in (r"[A-Za-z]+", r"\d+"))
    near = difflib.get_close_matches(letters.casefold(), SYMBOL_OF, n=1)
    return digits + SYMBOL_OF[near[0]] if near else ""
