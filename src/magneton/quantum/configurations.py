"""Which electrons an atom or an ion has: names, charges and configurations."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from magneton._check import shown
from magneton.quantum._data import no_such, read_rows
from magneton.quantum._element_names import SYMBOL_OF, symbol_of
from magneton.quantum.terms import SHELLS

#: Electrons in each subshell (n, l).
Configuration = dict[tuple[int, int], int]

_SUBSHELL = re.compile(r"(\d)([spdf])(\d*)")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_NAME = re.compile(
    r"(?P<element>[A-Za-z]+)\s*\^?\s*"
    r"(?:(?P<before>\d*)(?P<sign>[+-])|(?P<signs>\+{2,}|-{2,})|(?P<sign_first>[+-])(?P<after>\d+)"
    r"|\((?P<roman>[IVXivx]+)\)|)"
)
_HINTS = {
    True: 'an element with a charge, such as "Dy3+", "Dy+3" or "Dy(III)"',
    False: 'an element, such as "Fe" or "iron"',
}
_CORES = {"He": 2, "Ne": 10, "Ar": 18, "Kr": 36, "Xe": 54, "Rn": 86}


def capacity(subshell: tuple[int, int]) -> int:
    """Return how many electrons a subshell (n, l) takes."""
    return 4 * subshell[1] + 2


@cache
def elements() -> dict[str, dict[str, str]]:
    """Return the rows of the neutral atoms by their symbols."""
    return {row["symbol"]: row for row in read_rows("ground_states.csv")}


def madelung(electrons: int) -> Configuration:
    """Return the configuration in which subshells fill in the order of n + l, then n: right for most atoms."""
    subshells = [(n, orbit) for n in range(1, 8) for orbit in range(min(n, 4))]
    filled: Configuration = {}
    for subshell in sorted(subshells, key=lambda each: (sum(each), each)):
        filled[subshell] = min(capacity(subshell), electrons)
        electrons -= filled[subshell]
        if not electrons:
            return filled
    raise ValueError("electrons must be 118 at most")


def read(text: str) -> Configuration:
    """Return the configuration of a text such as "[Xe] 4f9 6s2"."""
    core, _, rest = text.partition("]") if text.startswith("[") else ("", "", text)
    filled = madelung(_CORES[core[1:]]) if core else {}
    for n, letter, count in _SUBSHELL.findall(rest):
        filled[int(n), SHELLS.index(letter)] = int(count or 1)
    return filled


def written(configuration: Configuration) -> str:
    """Return a configuration as text, with the largest closed core that leaves some electrons outside."""
    left = {subshell: count for subshell, count in configuration.items() if count}
    prefix = ""
    for symbol, electrons in reversed(_CORES.items()):
        core = madelung(electrons)
        if len(left) > len(core) and all(left.get(subshell) == count for subshell, count in core.items()):
            left = {subshell: count for subshell, count in left.items() if subshell not in core}
            prefix = f"[{symbol}] "
            break
    return prefix + " ".join(f"{n}{SHELLS[orbit]}{count}" for (n, orbit), count in sorted(left.items()))


def by_momentum(configuration: Configuration) -> list[tuple[int, int]]:
    """Return (l, electrons) of all subshells, inner ones first, as `ground_term` takes them."""
    return [(subshell[1], count) for subshell, count in sorted(configuration.items())]


def cation(neutral: Configuration, charge: int) -> Configuration:
    """Return what is left of an atom: electrons outside its noble-gas core go first, those of the largest n first.

    So ns and np go before (n - 1)d, and that before (n - 2)f, though they were filled before; then the core's.
    """
    outside = max((e for e in _CORES.values() if e < sum(neutral.values())), default=0)
    core = madelung(outside) if outside else {}
    order = sorted(neutral, key=lambda subshell: (subshell in core, -subshell[0], -subshell[1]))
    left = dict(neutral)
    for subshell in order:
        taken = min(left[subshell], charge)
        left[subshell] -= taken
        charge -= taken
    return left


def vacancies(neutral: Configuration) -> tuple[tuple[int, int], int]:
    """Return the subshell that an anion's electrons go to, and how many it takes until it is closed.

    The outermost p subshell, or an s subshell that is half full and the outermost.
    """
    outermost = max(subshell for subshell, count in neutral.items() if count)
    return outermost, capacity(outermost) - neutral[outermost] if outermost[1] < 2 else 0


def parsed(name: Any, charged: bool = True) -> tuple[str, int | None]:
    """Return the symbol and the charge of a name, None if it has none.

    Elements are understood by symbol or English name. A symbol may be in small letters, but not in capitals only: CO
    is not cobalt. `charged` tells which names the error proposes.

    Raises
    ------
    ValueError
        If it is not a name, or there is no such element.
    """
    text = unicodedata.normalize("NFKC", name).replace("−", "-").strip() if isinstance(name, str) else ""
    match = _NAME.fullmatch(text)
    if match is None:
        raise ValueError(f"name must be {_HINTS[charged]}, got {shown(name)}{_hint(text)}")
    element = match["element"]
    symbol = None if len(element) == 2 and element.isupper() else symbol_of(element)
    if symbol not in elements():
        choices = [*elements(), *SYMBOL_OF] if len(element) > 2 else elements()
        raise no_such("name", element, "that of an element, H to Lr", choices)
    return symbol, _charge(match, name)


def _hint(text: str) -> str:
    """Return what to do about a name that says a spectrum, of which there are two readings."""
    symbol, _, numeral = text.partition(" ")
    if numeral not in _ROMAN:
        return ""
    q = _ROMAN.index(numeral) + 1
    spectrum = f"{symbol}{_shown_charge(q - 1)}" if q > 1 else f"the neutral atom {symbol}"
    return f"; say {symbol}{_shown_charge(q)} for the oxidation state, {spectrum} for the spectrum"


def _charge(match: re.Match[str], name: str) -> int | None:
    if match["roman"]:
        if match["roman"].upper() not in _ROMAN:
            raise ValueError(f"name must have an oxidation state (I) to (IX), got {name!r}")
        return _ROMAN.index(match["roman"].upper()) + 1
    if match["signs"]:
        return len(match["signs"]) * (1 if match["signs"][0] == "+" else -1)
    sign = match["sign"] or match["sign_first"]
    if sign is None:
        return None
    size = int(match["before"] or match["after"] or 1)
    if not size:
        raise ValueError(f"name must have a charge that is not 0, got {name!r}")
    return size if sign == "+" else -size


def _shown_charge(charge: int) -> str:
    """Return a charge as chemists write it: 3+, +, 2-."""
    size = str(abs(charge)) if abs(charge) > 1 else ""
    return size + ("+" if charge > 0 else "-") if charge else ""


def ion_name(symbol: str, charge: int) -> str:
    """Return the name of an ion, "Dy3+"."""
    return symbol + _shown_charge(charge)
