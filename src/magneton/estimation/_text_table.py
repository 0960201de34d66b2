"""Text files of readings: comments, a header line, rows."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from magneton.estimation._columns import (
    CONSTANTS,
    Heading,
    bare_unit,
    heading_of,
    in_si,
    is_unit_of,
    role_by_key,
)
from magneton.estimation._sheet import Sheet

_COMMENT = re.compile(r"\s*(#|%|//|!)+\s*")
_TRAILING = re.compile(r"\s+#.*$")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?")
_PLAIN = re.compile(_NUMBER.pattern.replace("eEdD", "eE"))
_NEXT_NUMBER = re.compile(rf"[\s,;]*({_NUMBER.pattern})")
_DECIMAL_COMMA = re.compile(r"([+-]?\d*),(\d+)([eEdD][+-]?\d+)?")
_GAPS = {"", "nan", "na", "n/a", "-", "--", "null", "none"}
_CONSTANT = re.compile(r"\s*(x|y|z|noise|ambient|axis)\s*[:=]\s*(.+?)\s*", re.IGNORECASE)
#: A line with so many names that are known is the header.
_HEADER_NAMES = 3
#: Bad rows that an error tells in full.
_TOLD = 3


@dataclass
class _Lines:
    """What was found in the lines of a file: constants, header, rows."""

    constants: dict[str, tuple[int, str]] = field(default_factory=dict)
    header: list[str] = field(default_factory=list)
    header_line: int = 0
    delimiter: str = ""
    units: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    first: str = ""


def text_sheet(path: Path) -> Sheet:
    """Return the columns of a text file."""
    found = _scanned(_decoded(path.read_bytes()), path.name)
    headings = _headings(found, path.name)
    cells = _columns(found, path.name)
    known = {heading.role.key: i for i, heading in enumerate(headings) if heading}
    sheet = Sheet(
        path.name,
        {},
        {heading.role.key: heading for heading in headings if heading and heading.role.quantity != "sensor"},
        lambda i: f"line {found.numbers[i]}",
        np.array(cells[known["sensor"]]) if "sensor" in known else None,
        [text for text, heading in zip(found.header, headings, strict=True) if text and not heading],
    )
    bad: list[tuple[int, str]] = []
    for key, heading in sheet.headings.items():
        numbers = _numbers(cells[known[key]], heading, found.numbers, found.delimiter, bad)
        try:
            sheet.columns[key] = in_si(heading, numbers)
        except ValueError as error:
            raise ValueError(f"{path.name}, line {found.header_line}: column {error}") from None
    _raise_bad(bad, path.name)
    for name, (line, text) in found.constants.items():
        _add_constant(sheet, name, line, text, len(found.rows))
    return sheet


def _decoded(data: bytes) -> str:
    """Return the text of a file, of whatever program wrote it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _scanned(text: str, name: str) -> _Lines:
    """Return what the lines are."""
    found = _Lines()
    for number, line in enumerate(text.splitlines(), start=1):
        comment = _COMMENT.match(line)
        body = line[comment.end() :] if comment else _TRAILING.sub("", line) if "#" in line else line
        if not body.strip(" ,;\t"):
            continue
        found.first = found.first or line.strip()
        constant = _CONSTANT.fullmatch(body) if comment or not found.rows else None
        if constant:
            found.constants[constant[1].lower()] = number, constant[2]
        elif not found.rows and _is_header(body):
            delimiter = _delimiter(body)
            found.header, found.delimiter, found.header_line = _split(body, delimiter), delimiter, number
            while not found.header[-1]:
                found.header.pop()
            found.units = []
        elif comment:
            continue
        elif found.header:
            _add_row(found, _split(body, found.delimiter), number)
        elif _is_numbers(body):
            break
    if not found.header:
        raise ValueError(
            f"{name} must have a header line that names columns and units, as "
            f"'x [mm], y [mm], z [mm], Bx [nT], By [nT], Bz [nT]'; "
            + (f"its first line is {found.first[:70]!r}" if found.first else "it is empty")
        )
    if not found.rows:
        raise ValueError(f"{name} must have rows after its header, line {found.header_line}, got none")
    return found


def _add_row(found: _Lines, cells: list[str], number: int) -> None:
    """Add a row; the first may hold the units."""
    if not found.rows and not found.units and _are_units(found.header, cells):
        found.units = cells
        return
    found.rows.append(cells)
    found.numbers.append(number)


def _are_units(header: list[str], cells: list[str]) -> bool:
    """Return whether cells are the units of all columns that have none in the header."""
    headings = [heading_of(text) for text in header]
    lacking = [i for i, h in enumerate(headings) if h and h.unit is None and h.role.unit in ("m", "T")]
    return bool(lacking) and all(
        i < len(cells) and (heading := headings[i]) and is_unit_of(heading, cells[i]) for i in lacking
    )


def _delimiter(header: str) -> str:
    return next((d for d in ";\t," if d in header), "")


def _split(line: str, delimiter: str) -> list[str]:
    """Return the cells; between blanks, what is in brackets stays with the word before."""
    if delimiter:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True))
        except csv.Error:  # a quote that does not end: seen as a bad number later
            cells = line.split(delimiter)
        return [cell.strip() for cell in cells]
    return re.findall(r"[^\s\[(]+(?:\s*[\[(][^\])]*[\])])?|[\[(][^\])]*[\])]", line)


def _is_header(body: str) -> bool:
    keys = {h.role.key for cell in _split(body, _delimiter(body)) if (h := heading_of(cell))}
    return len(keys) >= _HEADER_NAMES


def _is_numbers(body: str) -> bool:
    cells = _split(body, _delimiter(body))
    return len(cells) >= _HEADER_NAMES and all(_NUMBER.fullmatch(cell) for cell in cells)


def _headings(found: _Lines, name: str) -> list[Heading | None]:
    """Return what the header's cells mean, the units of a line below filled in."""
    headings = [heading_of(cell) for cell in found.header]
    if found.units:
        padded = [bare_unit(unit) for unit in found.units] + [""] * len(headings)
        headings = [
            h._replace(unit=unit) if h and h.unit is None and unit else h
            for h, unit in zip(headings, padded, strict=False)
        ]
    seen: dict[str, Heading] = {}
    for heading in filter(None, headings):
        twin = seen.setdefault(heading.role.key, heading)
        if twin is not heading:
            raise ValueError(
                f"{name}, line {found.header_line}: columns must differ, but {twin.text!r} and {heading.text!r} "
                "mean the same"
            )
    return headings


def _columns(found: _Lines, name: str) -> list[list[str]]:
    """Return the cells by columns; delimiters at the end of a row, and only there, may be too many."""
    width, bad = len(found.header), []
    for number, row in zip(found.numbers, found.rows, strict=True):
        while len(row) > width and not row[-1]:
            row.pop()
        if len(row) != width:
            bad.append((number, f"must have {width} cells, as the header has, got {len(row)}"))
    _raise_bad(bad, name)
    return [list(column) for column in zip(*found.rows, strict=True)]


def _numbers(
    cells: list[str], heading: Heading, lines: list[int], delimiter: str, bad: list[tuple[int, str]]
) -> np.ndarray:
    """Return the numbers of a column, nan for gaps; `bad` gets the line and what is wrong with it."""
    if all(map(_PLAIN.fullmatch, cells)):
        numbers = np.array(cells, dtype=np.float64)
        if np.isfinite(numbers).all():
            return numbers
    numbers = np.full(len(cells), np.nan)
    for i, cell in enumerate(cells):
        if cell.lower() in _GAPS:
            continue
        plain = cell.replace("\N{MINUS SIGN}", "-")
        if delimiter != "," and _DECIMAL_COMMA.fullmatch(plain):
            plain = plain.replace(",", ".")
        if _NUMBER.fullmatch(plain):
            numbers[i] = float(plain.replace("D", "e").replace("d", "e"))
        if not np.isfinite(numbers[i]):
            bad.append((lines[i], f"{heading.text} must be a number, got {cell[:40]!r}"))
    return numbers


def _raise_bad(bad: list[tuple[int, str]], name: str) -> None:
    """Raise an error that tells of the first few bad rows."""
    if bad:
        bad.sort()
        told = "; ".join(f"line {line}: {text}" for line, text in bad[:_TOLD])
        more = f"; and {len(bad) - _TOLD} more" if len(bad) > _TOLD else ""
        raise ValueError(f"{name}: {told}{more}")


def _add_constant(sheet: Sheet, name: str, line: int, text: str, count: int) -> None:
    """Add columns of what is the same for all rows: ``ambient: 18, 1, 44 uT``."""
    keys, rest = CONSTANTS[name], text.lstrip("([ ")
    numbers: list[str] = []
    while len(numbers) < len(keys) and (match := _NEXT_NUMBER.match(rest)):
        numbers.append(match[1])
        rest = rest[match.end() :]
    if len(numbers) < len(keys):
        if name in "xyz" and not numbers:
            return  # words about an axis
        raise ValueError(
            f"{sheet.name}, line {line}: {name} must be {len(keys)} number{'s' if len(keys) > 1 else ''} and a unit, "
            f"got {text!r}"
        )
    for key, number in zip(keys, numbers, strict=True):
        if key in sheet.columns:
            raise ValueError(
                f"{sheet.name}, line {line}: {name} must be given once, but there is a column too"
            )
        heading = Heading(name, role_by_key(key), rest.strip(" )],;") or None)
        try:
            sheet.columns[key] = np.full(count, in_si(heading, float(number)))
        except ValueError as error:
            raise ValueError(f"{sheet.name}, line {line}: {error}") from None
        sheet.headings[key] = heading
