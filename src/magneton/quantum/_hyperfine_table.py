"""The table of measured ground states that `Hyperfine.of` looks into."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from magneton.quantum._data import no_such, read_rows
from magneton.quantum._nuclide_names import nuclide_name


class HyperfineSource(NamedTuple):
    """Where measured constants come from, and their standard uncertainties: A in MHz, g_I as the source has it."""

    name: str
    A_MHz: float
    A_uncertainty: float
    g_J_uncertainty: float
    g_I_printed: float
    g_I_uncertainty: float
    convention: str
    edition: str
    citation: str


@cache
def _rows() -> dict[str, dict[str, str]]:
    """Return the rows by all their names; a name's own row comes first."""
    table: dict[str, dict[str, str]] = {}
    for row in read_rows("hyperfine.csv"):
        for name in (row["name"], *row["aliases"].split(";")):
            table[name.casefold()] = row
    return table


def table_row(name: object) -> dict[str, str]:
    """Return the row of an atom or ion, or raise with the nearest that there are."""
    rows = _rows()
    if isinstance(name, str):
        neutral = name.rstrip("+")
        plain = (nuclide_name(neutral) or neutral) + name[len(neutral) :]  # rubidium-87, calcium-43+
        for spelling in (name.casefold(), plain.casefold()):
            if spelling in rows:
                return rows[spelling]
    raise no_such("name", name, "one of the measured ground states", (row["name"] for row in rows.values()))


def source_of(row: dict[str, str]) -> HyperfineSource:
    """Return the pedigree of a row."""
    return HyperfineSource(
        name=row["name"],
        A_MHz=float(row["A_MHz"]),
        A_uncertainty=float(row["A_uncertainty"]),
        g_J_uncertainty=float(row["g_J_uncertainty"]),
        g_I_printed=float(row["g_I"]),
        g_I_uncertainty=float(row["g_I_uncertainty"]),
        convention=row["convention"],
        edition=row["edition"],
        citation=row["citation"],
    )
