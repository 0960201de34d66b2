"""What ``magneton fit`` does: read a file, fit dipoles, print a table, draw a picture."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from magneton import units
from magneton._files import WholeFiles, require_room

if TYPE_CHECKING:
    from rich.console import Console

    from magneton.estimation import MomentEstimate, Readings

_RANGE = re.compile(r"\s*([-+0-9.eE]+)\s*:\s*([-+0-9.eE]+)\s*[,;\s]?\s*")
_LEAST_WIDTH = 90  # letters: in a narrower window lines go on below, rather than lose their ends
_PICTURES = (".png", ".svg", ".pdf")


@dataclass(frozen=True)
class Options:
    """What the user asked for, as text."""

    data: Path
    dipoles: str = "1"
    background: str | None = None
    noise: str | None = None
    volume: str | None = None
    offsets: str | None = None
    loss: str | None = None
    missing: str = "raise"
    out: Path | None = None
    picture: bool = True
    json: str | None = None
    csv: str | None = None
    overwrite: bool = False


def run_fit(options: Options, console: Console, say: Callable[..., Any]) -> None:
    """Do it; `say` prints a line, to stderr with ``err=True``."""
    arguments = _arguments(options)
    files = _files(options)
    printed = "-" in (options.json, options.csv)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        readings, estimate = _fitted(options, arguments)
    doubts = list(dict.fromkeys(str(each.message) for each in told if issubclass(each.category, UserWarning)))
    title = f"{options.data.name}: {_counted(estimate, readings)}"
    written = _written(options, files, readings, estimate, title)
    if printed:
        from magneton.estimation._report import csv_text, json_text

        say((json_text if options.json == "-" else csv_text)(estimate), nl=False)
    else:
        _print(console, estimate, title)
    for text in doubts:
        say(f"warning: {text}", err=printed)
    for path in written:
        say(f"wrote {path}", err=printed)


def _arguments(options: Options) -> dict[str, Any]:
    """Return what `fit_dipoles` takes, from text."""
    found: dict[str, Any] = {"n_dipoles": _dipoles(options.dipoles)}
    if options.background is not None:
        if options.background not in ("none", "uniform", "linear"):
            raise ValueError(f"--background must be none, uniform or linear, got {options.background!r}")
        found["background"] = None if options.background == "none" else options.background
    if options.volume is not None:
        found["volume"] = parse_volume(options.volume)
    if options.offsets is not None:
        found["offsets"] = _positive("--offsets", options.offsets)
    if options.loss is not None:
        found["loss"] = options.loss
    return found


def _dipoles(text: str) -> int | Literal["auto"]:
    if text == "auto":
        return "auto"
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError(f"--dipoles must be a positive integer or auto, got {text!r}")
    return int(text)


def _positive(option: str, text: str) -> float:
    """Return a field in T, with the unit that the text says."""
    try:
        value = units.parse(text, "T")
    except ValueError as error:
        raise ValueError(f"{option} must be a field with its unit, such as '5 nT': {error}") from None
    if value <= 0.0:
        raise ValueError(f"{option} must be positive, got {text!r}")
    return value


def parse_volume(text: str) -> list[list[float]]:
    """Return the corners of a box in metre: ``-5:5, -5:5, 0:20 cm``.

    Raises
    ------
    ValueError
        If the text is not three ranges and a unit of length.
    """
    lower, upper, rest = [], [], text
    try:
        while len(lower) < 3 and (match := _RANGE.match(rest)):
            lower.append(float(match[1]))
            upper.append(float(match[2]))
            rest = rest[match.end() :]
        if len(lower) != 3 or not rest.strip():
            raise ValueError("three ranges and a unit are required")
        unit = rest.strip()
        return [[units.convert(value, unit, "m") for value in corner] for corner in (lower, upper)]
    except ValueError as error:
        raise ValueError(f"--volume must be as '-5:5, -5:5, 0:20 cm', got {text!r}: {error}") from None


def _files(options: Options) -> dict[str, Path]:
    """Return the files to be written, once it is sure that there is room for them."""
    if options.json == "-" and options.csv == "-":
        raise ValueError("--json and --csv must not both be -, got both")
    files = {}
    if options.picture:
        files["picture"] = options.out or Path(f"{options.data.stem}-fit.png")
        if files["picture"].suffix.lower() not in _PICTURES:
            raise ValueError(f"--out must end in {', '.join(_PICTURES)}, got {str(files['picture'])!r}")
        from magneton.plot.style import require_matplotlib

        require_matplotlib()
    for kind, name in (("json", options.json), ("csv", options.csv)):
        if name is not None and name != "-":
            files[kind] = Path(name)
    for path in files.values():
        if options.data.exists() and path.exists() and path.samefile(options.data):
            raise ValueError(f"{path} must not be the data themselves")
        try:
            require_room(path, options.overwrite)
        except ValueError as error:
            advice = "--overwrite replaces it, --no-picture draws none"
            raise ValueError(str(error).replace("say overwrite=True to replace it", advice)) from None
    if len(set(files.values())) < len(files):
        raise ValueError(f"files must differ, got {', '.join(map(str, files.values()))}")
    return files


def _fitted(options: Options, arguments: dict[str, Any]) -> tuple[Readings, MomentEstimate]:
    from magneton.estimation import fit_dipoles, read_readings

    noise = None if options.noise is None else _positive("--noise", options.noise)
    if options.missing not in ("raise", "drop"):
        raise ValueError(f"--missing must be raise or drop, got {options.missing!r}")
    try:
        readings = read_readings(options.data, noise=noise, missing=options.missing)
    except ValueError as error:
        raise ValueError(str(error).replace("missing='drop'", "--missing drop")) from None
    return readings, fit_dipoles(readings, **arguments)


def _counted(estimate: MomentEstimate, readings: Readings) -> str:
    count = estimate.n_dipoles
    return f"{count} dipole{'s' if count > 1 else ''} from {len(readings)} readings"


def _print(console: Console, estimate: MomentEstimate, title: str) -> None:
    from magneton.estimation._report import rich_table
    from magneton.estimation._summary import quality

    console.width = max(console.width, _LEAST_WIDTH)
    console.print(rich_table(estimate, title))
    for line in quality(estimate):
        console.print(line, soft_wrap=not console.is_terminal)


def _written(
    options: Options, files: dict[str, Path], readings: Readings, estimate: MomentEstimate, title: str
) -> list[Path]:
    """Write all files, or none."""
    from magneton.estimation._report import csv_text, json_text

    def check() -> None:
        for path in files.values():
            require_room(path, options.overwrite)

    with WholeFiles(check) as waiting:
        for kind, text in (("json", json_text), ("csv", csv_text)):
            if kind in files:
                waiting.write(files[kind], partial(_write_text, text(estimate)))
        if "picture" in files:
            from magneton.plot.estimates import plot_estimate
            from magneton.plot.figures import save

            figure = plot_estimate(estimate, readings, title=title)
            kind = files["picture"].suffix[1:].lower()
            waiting.write(files["picture"], lambda path: save(figure, path, kind))
    return list(files.values())


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
