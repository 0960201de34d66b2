"""Tables of moments: what stands in their columns, and how they are chosen from, printed and written."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from magneton._files import WholeFiles, require_room
from magneton.quantum._data import no_such
from magneton.quantum._notation import concise_notation
from magneton.quantum.angular import shown_half

if TYPE_CHECKING:
    from rich.table import Table


#: What is printed where nothing is known, or nothing is to be known; a parity may be "-".
UNKNOWN = ""


class Column(NamedTuple):
    """A column: its name in files, what stands there, and, if it is printed, its heading and what is printed.

    Columns of the largest `rank` are the first to go where a window is narrow.
    """

    name: str
    value: Callable[[Any], Any]
    heading: str = ""
    shown: Callable[[Any], str] | None = None
    rank: int = 0


class Kind(NamedTuple):
    """A kind of table.

    `listed` returns the records printed if none is named, `names` all names that a pattern may match, and `find` the
    records of a name, or raises a ValueError with the nearest ones.
    """

    columns: Sequence[Column]
    listed: Callable[[], Iterable[Any]]
    names: Callable[[], Iterable[str]]
    find: Callable[[str], Iterable[Any]]


def moment_columns(*more: Column) -> list[Column]:
    """Return the columns of a `MomentValue`, with `more` of them before the source."""
    return [
        Column("name", lambda m: m.name, "name", lambda m: m.name),
        Column("spin", lambda m: m.spin, "spin", lambda m: shown_half(m.spin)),
        Column("value", lambda m: m.value, "moment", lambda m: f"{m.concise} {m.unit}"),
        Column("uncertainty", lambda m: m.uncertainty),
        Column("unit", lambda m: m.unit),
        Column("sign_known", lambda m: m.sign_known),
        Column("moment_J_per_T", lambda m: m.moment, "moment [J/T]", _in_si, 2),
        Column("moment_uncertainty_J_per_T", lambda m: m.moment_uncertainty),
        *more,
        Column("edition", lambda m: m.edition, "edition", lambda m: m.edition, 3),
        Column("citation", lambda m: m.citation, "source", lambda m: m.citation, 4),
    ]


def written(value: float, uncertainty: float = math.nan) -> str:
    """Return a number for the screen, `UNKNOWN` if it is nan; to four digits if its uncertainty is."""
    if math.isnan(value):
        return UNKNOWN
    return f"{value:.4g}" if math.isnan(uncertainty) else concise_notation(value, uncertainty)


def _in_si(moment: Any) -> str:
    sign = "" if moment.sign_known else "±"
    if math.isnan(moment.moment_uncertainty):
        return f"{sign}{moment.moment:.6g}"
    return sign + concise_notation(moment.moment, moment.moment_uncertainty)


def select(kind: Kind, names: Sequence[str] = ()) -> list[Any]:
    """Return the records of a table: the usual ones, or those of the names and patterns ("Xe*") given.

    Raises
    ------
    ValueError
        If a name is unknown, or nothing matches a pattern.
    """
    if not names:
        return list(kind.listed())
    out: list[Any] = []
    for name in names:
        matching = _matching(kind, name) if any(sign in name for sign in "*?[") else [name]
        out += [record for each in matching for record in _found(kind, each) if record not in out]
    return out


def _found(kind: Kind, name: str) -> Iterable[Any]:
    try:
        return kind.find(name)
    except ValueError as error:  # speaks of the function's argument
        raise ValueError(str(error).replace("name must", "NAMES must", 1)) from None


def _matching(kind: Kind, pattern: str) -> list[str]:
    names = list(kind.names())
    found = [name for name in names if fnmatchcase(name, pattern)]
    if not found:
        raise no_such("NAMES", pattern, "names or patterns that match some", names)
    return found


def as_rows(kind: Kind, records: Iterable[Any]) -> list[dict[str, Any]]:
    """Return records as plain rows, a number that is not known as None."""
    return [{column.name: _plain(column.value(each)) for column in kind.columns} for each in records]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [{name: _plain(part) for name, part in each.items()} for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def csv_text(kind: Kind, records: Iterable[Any]) -> str:
    """Return records as CSV, a header first; what is not known is left empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [column.name for column in kind.columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in as_rows(kind, records))
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return what stands in a file of comma-separated values: of a list its JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def json_text(kind: Kind, records: Iterable[Any]) -> str:
    """Return records as JSON, a list of objects; what is not known is null."""
    return json.dumps(as_rows(kind, records), indent=1, ensure_ascii=False) + "\n"


def write(
    kind: Kind, records: Iterable[Any], csv_path: Path | None, json_path: Path | None, overwrite: bool
) -> tuple[list[Path], str]:
    """Write records as CSV, as JSON or as both, all or nothing; return the paths, and the text of what is named -.

    Raises
    ------
    ValueError
        If a file exists and may not be replaced, or both have one name.
    """
    if csv_path == json_path:
        raise ValueError(f"--csv and --json must differ, got {csv_path} for both")
    records = list(records)
    writers = {csv_path: csv_text, json_path: json_text}
    texts = {path: text(kind, records) for path, text in writers.items() if path is not None}
    loose = "".join(texts.pop(path) for path in [*texts] if str(path) == "-")

    def check() -> None:
        for path in texts:
            if os.path.lexists(path) and not path.is_dir() and not overwrite:
                raise ValueError(f"{path} exists already; give --overwrite, or another name")
            require_room(path, overwrite)

    check()
    with WholeFiles(check) as files:
        for path, text in texts.items():
            files.write(path, partial(_put, text))
    return list(texts), loose


def _put(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def printed(kind: Kind, records: Iterable[Any], width: int) -> Table:
    """Return records as a table for a screen `width` characters wide, without columns of which nothing is known.

    No number is broken: where the window is narrow, the columns of the largest rank are left out, and the caption says
    which; where even the first rank does not fit, each record is a block of lines.
    """
    records = list(records)
    shown = {column: [column.shown(each) for each in records] for column in kind.columns if column.shown}
    cells = {column: texts for column, texts in shown.items() if any(text != UNKNOWN for text in texts)}
    for rank in range(max((column.rank for column in cells), default=0), -1, -1):
        kept = {column: texts for column, texts in cells.items() if column.rank <= rank}
        if _width(kept) <= width:
            return _as_columns(kept, [column.heading for column in cells if column not in kept])
    return _as_blocks(cells)


def _width(cells: dict[Column, list[str]]) -> int:
    """Return the width of a table: each column is as wide as its widest text, and three characters lie between."""
    return sum(max(map(len, (column.heading, *texts))) + 3 for column, texts in cells.items()) - 1


def _as_columns(cells: dict[Column, list[str]], left_out: list[str]) -> Table:
    from rich import box
    from rich.table import Table

    caption = f"left out for the width: {', '.join(left_out)}" if left_out else None
    out = Table(box=box.SIMPLE_HEAD, pad_edge=False, caption=caption, caption_justify="left")
    for column in cells:
        out.add_column(column.heading, no_wrap=True)
    for row in zip(*cells.values(), strict=True):
        out.add_row(*row)
    return out


def _as_blocks(cells: dict[Column, list[str]]) -> Table:
    """Return a line for each value, and an empty one after each record."""
    from rich.table import Table

    out = Table(box=None, pad_edge=False, show_header=False)
    out.add_column(no_wrap=True)
    out.add_column(overflow="fold")
    for row in zip(*cells.values(), strict=True):
        lines = [(column.heading, text) for column, text in zip(cells, row, strict=True) if text != UNKNOWN]
        for heading, text in lines:
            out.add_row(heading, text)
        out.add_row()
    return out


def remarks(records: Iterable[Any]) -> list[str]:
    """Return what there is to know about single records, a line each."""
    return [f"{each.name}, {each.edition}: {each.note}" for each in records if getattr(each, "note", "")]
