"""The extracts as entries of one form: spin, parity, and moment in nuclear magnetons with its digits."""

from __future__ import annotations

import csv
import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
EXTRACTS = HERE / "extracts"
#: mu_N/h in MHz/T that mrsimulator's ratios were made with (CODATA 2018).
MHZ_PER_TESLA = 7.6225932291
#: Rounding of a number in single precision and of its multiples, relative.
SINGLE = 1.3e-7
#: In s; the package says which year it counts.
SECONDS = {
    "zsec": 1e-21, "asec": 1e-18, "psec": 1e-12, "nsec": 1e-9, "usec": 1e-6, "msec": 1e-3, "sec": 1.0,
    "ysec": 1e-24, "minute": 60.0, "hour": 3600.0, "day": 86400.0,
}  # fmt: skip
SECONDS |= {
    f"{prefix}year": factor * 31556926.0
    for prefix, factor in zip(
        ("", "k", "M", "G", "T", "P", "E", "Z", "Y"), (1000.0**n for n in range(9)), strict=True
    )
}


@dataclass(frozen=True)
class Entry:
    """What one source says of one nuclear state.

    `sigma` is the uncertainty that the source gives or, if it gives none (`uncertainty` is None), one unit of the
    last digit: tables print no more digits than that. `signed` tells that the source shows the moment's sign.
    """

    source: str
    nuclide: str
    Z: int
    spin: Fraction
    moment: Decimal
    sigma: Decimal
    uncertainty: Decimal | None
    signed: bool
    parity: str = ""
    abundance: Decimal = Decimal(0)
    half_life: float = math.nan
    edition: str = ""
    citation: str = ""

    @property
    def A(self) -> int:
        """The mass number."""
        return mass_number(self.nuclide)

    @property
    def even_even(self) -> bool:
        """Whether both the numbers of protons and of neutrons are even."""
        return self.Z % 2 == 0 and self.A % 2 == 0


def is_isomer(nuclide: str) -> bool:
    """Tell whether this is an excited state, "180mTa"."""
    return nuclide.lstrip("0123456789")[0] == "m"


def mass_number(nuclide: str) -> int:
    """Return A of "180mTa"."""
    match = re.match(r"\d+", nuclide)
    assert match, nuclide
    return int(match[0])


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table; lines that begin with # are comments."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def wrong_checksums(folder: Path = EXTRACTS) -> list[str]:
    """Return the names of extracts that are not what SHA256SUMS says, or are missing."""
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").split("\n")
    sums = dict(reversed(line.split()) for line in lines if line)
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.csv")}
    return sorted(name for name in sums.keys() | found.keys() if sums.get(name) != found.get(name))


def decimal_uncertainty(value: float) -> Decimal | None:
    """Return an uncertainty of one or two digits that a float in single precision stands for; None if it does not."""
    if value <= 0.0:
        return None
    exponent = math.floor(math.log10(value) * (1.0 + 1e-12) + 1e-9)
    for places in (-exponent, 1 - exponent):
        digits = round(value * 10.0**places)
        if 1 <= digits <= 99 and abs(digits * 10.0**-places - value) <= 2e-6 * value:
            return Decimal(digits).scaleb(-places)
    return None


def half_life_of(row: dict[str, str]) -> float:
    """Return the half-life of a nuclide of mendeleev's in s: inf if stable, nan if unknown."""
    if row["radioactive"] != "1":
        return math.inf
    return float(row["half_life"] or "nan") * SECONDS[row["half_life_unit"] or "sec"]


def printed_moment(value: float, uncertainty: Decimal | None) -> Decimal:
    """Return the decimal number that a float in single precision stands for.

    It has the digits of its uncertainty, and one more where that was printed as (10) and not as (1).
    """
    places = 0 if uncertainty is None else -exponent_of(uncertainty)
    while abs(round(value, places) - value) > SINGLE * abs(value):
        places += 1
    return round(Decimal(value), places)


def fitting_spins(g_uncertainty: float, A: int) -> list[Fraction]:
    """Return the spins up to 16 with which an uncertainty of g is one of the moment with one or two digits."""
    spins = (Fraction(twice, 2) for twice in range(2 if A % 2 == 0 else 1, 33, 2))
    return [spin for spin in spins if decimal_uncertainty(g_uncertainty * float(spin)) is not None]


def errata_of(source: str, errata: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return {nuclide: {field: value}} for one source."""
    out: dict[str, dict[str, str]] = {}
    for row in errata:
        if row["source"] == source:
            out.setdefault(row["nuclide"], {})[row["field"]] = row["value"]
    return out


def from_mendeleev(rows: list[dict[str, str]], errata: list[dict[str, str]]) -> Iterator[Entry]:
    """Yield entries; the moment is g times the spin, rounded to the digits that its uncertainty has."""
    corrections = errata_of("mendeleev", errata)
    for row in rows:
        row = row | corrections.get(row["nuclide"], {})
        if "drop" in row:
            continue
        spin, g = Fraction(row["spin"]), float(row["g_factor"])
        uncertainty = decimal_uncertainty(float(row["g_uncertainty"]) * float(spin))
        moment = printed_moment(g * float(spin), uncertainty)
        sigma = uncertainty or Decimal(1).scaleb(exponent_of(moment))
        yield Entry(
            source="mendeleev", nuclide=row["nuclide"], Z=int(row["Z"]), spin=spin, moment=moment, sigma=sigma,
            uncertainty=uncertainty if spin else Decimal(0), signed=moment < 0, parity=row["parity"],
            abundance=Decimal(row["abundance"] or 0) / 100, half_life=half_life_of(row),
            edition="IAEA 2019" if spin else "NUBASE 2020", citation="Stone2019" if spin else "Kondev2021",
        )  # fmt: skip


def from_easyspyn(rows: list[dict[str, str]], errata: list[dict[str, str]]) -> Iterator[Entry]:
    """Yield entries, g times the spin; a printed + says that the sign is known."""
    corrections = errata_of("easyspyn", errata)
    for row in rows:
        spin = Fraction(row["spin"])
        factor = Decimal(spin.numerator) / Decimal(spin.denominator)
        g = Decimal(row["g_factor"])
        sigma = Decimal(1).scaleb(exponent_of(g)) * factor
        # 180Ta occurs in nature as the isomer only, whose spin is the one given.
        nuclide = "180mTa" if (row["nuclide"], row["spin"]) == ("180Ta", "9.0") else row["nuclide"]
        yield Entry(
            source="easyspyn", nuclide=nuclide, Z=int(row["Z"]), spin=spin, moment=g * factor, sigma=sigma,
            uncertainty=None, signed=row["g_factor"][0] in "+-", parity=corrections.get(nuclide, {}).get("parity", ""),
            abundance=Decimal(row["abundance"]) / 100, half_life=math.inf if row["stable"] == "yes" else math.nan,
            edition="IAEA 2014", citation="Stone2014",
        )  # fmt: skip


def from_mrsimulator(rows: list[dict[str, str]]) -> Iterator[Entry]:
    """Yield entries with the decimals that the ratio was made from."""
    for row in rows:
        spin = Fraction(int(row["multiplicity"]) - 1, 2)
        moment = float(row["gyromagnetic_ratio"]) / MHZ_PER_TESLA * float(spin)
        places = next(n for n in range(10) if abs(round(moment, n) - moment) <= 1e-10 * abs(moment))
        value = round(Decimal(moment), places)
        yield Entry(
            source="mrsimulator", nuclide=row["nuclide"], Z=int(row["Z"]), spin=spin, moment=value,
            sigma=Decimal(1).scaleb(-places), uncertainty=None, signed=value < 0,
        )  # fmt: skip


def as_printed(source: str, rows: list[dict[str, str]], errata: list[dict[str, str]]) -> Iterator[Entry]:
    """Yield the entries of a table of moments with uncertainties and citations, all of known sign."""
    corrections = errata_of(source, errata)
    for row in rows:
        uncertainty = Decimal(row["uncertainty"])
        yield Entry(
            source=source, nuclide=row["nuclide"], Z=int(row["Z"]), spin=Fraction(row["spin"]),
            moment=Decimal(row["moment"]), sigma=uncertainty, uncertainty=uncertainty, signed=True,
            parity=row["parity"], edition=row["edition"], citation=row["citation"],
            half_life=float(corrections.get(row["nuclide"], {}).get("half_life", "nan")),
        )  # fmt: skip


def all_entries(
    folder: Path = EXTRACTS, errata: list[dict[str, str]] | None = None
) -> dict[str, list[Entry]]:
    """Return {nuclide: entries}, the most trusted first."""
    errata = read(HERE / "errata.csv") if errata is None else errata
    tables = {path.stem: read(path) for path in folder.glob("*.csv")}
    out: dict[str, list[Entry]] = {}
    for entry in (
        *as_printed("CODATA", tables["codata"], errata),
        *from_mendeleev(tables["mendeleev"], errata),
        *as_printed("literature", tables["literature"], errata),
        *from_easyspyn(tables["easyspyn"], errata),
        *from_mrsimulator(tables["mrsimulator"]),
    ):
        out.setdefault(entry.nuclide, []).append(entry)
    return out


def misfits(folder: Path = EXTRACTS, errata: list[dict[str, str]] | None = None) -> list[str]:
    """Return what the digits of mendeleev's uncertainties say against its spins, errata applied."""
    corrections = errata_of("mendeleev", read(HERE / "errata.csv") if errata is None else errata)
    out = []
    for row in read(folder / "mendeleev.csv"):
        row = row | corrections.get(row["nuclide"], {})
        if row["spin"] == "0" or "drop" in row or float(row["g_uncertainty"]) == 0.0:
            continue
        if Fraction(row["spin"]) not in fitting_spins(float(row["g_uncertainty"]), int(row["A"])):
            out.append(
                f"{row['nuclide']}: spin {row['spin']} does not fit g = {row['g_factor']}({row['g_uncertainty']})"
            )
    return out


def exponent_of(number: Decimal) -> int:
    """Return the power of ten of the last digit."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def filled(first: Entry, entries: list[Entry]) -> Entry:
    """Return the first entry with the parity, abundance and half-life that it lacks from another of the same spin."""
    for other in entries:
        if other.spin == first.spin:
            first = replace(
                first,
                parity=first.parity or other.parity,
                abundance=first.abundance or other.abundance,
                half_life=other.half_life if math.isnan(first.half_life) else first.half_life,
            )
    return first
