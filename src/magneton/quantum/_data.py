"""The tables that the room's lookups read, and what is said of a name that is in none of them."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable
from pathlib import Path

from magneton._check import shown

_FEW = 16
_FOLDER = Path(__file__).parent / "data"


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a packaged table; lines that begin with # say where it comes from."""
    with open(_FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def no_such(argument: str, value: object, what: str, choices: Iterable[str]) -> ValueError:
    """Return the error that a name is unknown, with the nearest ones that are not, or the first."""
    names = list(dict.fromkeys(choices))
    folded = {each.casefold(): each for each in names}
    near = difflib.get_close_matches(value.casefold(), folded, cutoff=0.5) if isinstance(value, str) else []
    listed = ", ".join([folded[key] for key in near] or names[:_FEW])
    return ValueError(f"{argument} must be {what}, such as {listed}; got {shown(value)}")
