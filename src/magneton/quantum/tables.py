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


#: What is printed where nothing is known.
UNKNOWN = "-"


class Column(NamedTuple):
    """A column: its name in files, what stands there, and, if it is printed, its heading and what is printed."""

    name: str
    value: Callable[[Any], Any]
    heading: str = ""
    shown: Callable[[Any], str] | None = None


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
        Column("moment_J_per_T", lambda m: m.moment, "J/T", _in_si),
        Column("moment_uncertainty_J_per_T", lambda m: m.moment_uncertainty),
        *more,
        Column("edition", lambda m: m.edition, "edition", lambda m: m.edition),
        Column("citation", lambda m: m.citation, "source", lambda m: m.citation),
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
        out += [record for each in matching for record in kind.find(each) if record not in out]
    return out


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
    return None if isinstance(value, float) and not math.isfinite(value) else value


def csv_text(kind: Kind, records: Iterable[Any]) -> str:
    """Return records as CSV, a header first; what is not known is left empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [column.name for column in kind.columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows(as_rows(kind, records))
    return text.getvalue()


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


def printed(kind: Kind, records: Iterable[Any]) -> Table:
    """Return records as a table for the screen, without columns of which nothing is known."""
    from rich import box
    from rich.table import Table

    records = list(records)
    out = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    cells = []
    for column in kind.columns:
        texts = [column.shown(each) for each in records] if column.shown else []
        if any(text != UNKNOWN for text in texts):
            out.add_column(column.heading, overflow="fold")  # a narrow window does not cost digits
            cells.append(texts)
    for row in zip(*cells, strict=True):
        out.add_row(*row)
    return out


def remarks(records: Iterable[Any]) -> list[str]:
    """Return what there is to know about single records, a line each."""
    return [f"{each.name}, {each.edition}: {each.note}" for each in records if getattr(each, "note", "")]
