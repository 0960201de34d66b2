"""An estimate as a table in text: value(std) in units of sensible size."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from magneton.estimation.estimate import MomentEstimate

_PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}
#: Units that take a prefix as they begin, and its largest power; a square metre's prefix would be squared too.
_PREFIXED = re.compile(r"(A m\^2|J/T|T|A|N|V|m|Wb)(?![A-Za-z^])")
_MOST = {"m": 3, "T": 0}
#: Offsets and the like that a table shows one by one.
_SHOWN = 12


class Row(NamedTuple):
    """A line of the table: a vector, or a number, with its unit."""

    label: str
    cells: tuple[str, ...]
    unit: str


def with_uncertainty(value: float, std: float) -> str:
    """Return a value with its standard deviation in parentheses, to two digits of the latter.

    The numbers are in a unit of sensible size: 1e-10 of it is rounding.

    Examples
    --------
    >>> with_uncertainty(0.012345, 0.00023)
    '0.01235(23)'
    >>> with_uncertainty(123.456, 1.23)
    '123.5(1.2)'
    >>> with_uncertainty(12345.6, 230.0)
    '12350(230)'
    """
    if not math.isfinite(value) or not std < math.inf:
        return f"{value:.6g}({'?' if math.isnan(std) else 'inf'})"
    if std <= 0.0:
        return f"{value:.6g}"
    value = 0.0 if abs(value) < 0.005 * std else value  # no minus before noughts
    places = 1 - math.floor(math.log10(float(f"{std:.1e}")))
    if places < 0:
        return f"{round(value, places):.0f}({round(std, places):.0f})"
    largest = math.floor(math.log10(max(abs(value), std)))
    if std < 1e-10 or places + largest > 11:  # nearly all the digits of a float: from readings without noise
        return f"{round(value, 11) + 0.0:.12g}({std:.1g})"
    shown = f"{std * 10.0**places:.0f}" if std < 0.995 else f"{std:.{places}f}"
    return f"{value:.{places}f}({shown})"


def scaled(values: np.ndarray, stds: np.ndarray, unit: str) -> tuple[float, str]:
    """Return what numbers are divided by, and the name of that: a unit with a prefix, or with a power of ten."""
    sizes = np.abs(values[np.isfinite(values)])
    size = float(sizes.max()) if sizes.size else 0.0
    finite = stds[np.isfinite(stds)]
    size = max(size, float(finite.max()) if finite.size else 0.0)
    if size == 0.0 or unit in ("1", ""):
        return 1.0, "" if unit == "1" else unit
    power = 3 * math.floor(math.log10(size) / 3.0 + 1e-9)
    base = _PREFIXED.match(unit)
    if base and power in _PREFIXES and power <= _MOST.get(base[1], 6):
        return 10.0**power, f"{_PREFIXES[power]}{unit}"
    if base and power > 0 and power <= 6:
        return 1.0, unit
    power = math.floor(math.log10(size) + 1e-9)
    return 10.0**power, f"10^{power} {unit}" if power else unit


def _row(
    label: str, values: np.ndarray, stds: np.ndarray, unit: str, scale: tuple[float, str] | None = None
) -> Row:
    size, name = scale or scaled(values, stds, unit)
    cells = (with_uncertainty(float(v / size), float(s / size)) for v, s in zip(values, stds, strict=True))
    return Row(label, tuple(cells), name)


def rows(estimate: MomentEstimate) -> list[Row]:
    """Return the lines of the table: vectors in one, with the lengths of moments below."""
    names, out, i = estimate.names, [], 0
    values, stds = estimate.parameters, np.array([*estimate.std.values()])
    lengths = np.atleast_1d(estimate.magnitude), np.atleast_1d(estimate.magnitude_std)
    count = 0
    while i < len(names):
        base = names[i].removesuffix("_x")
        vector = (
            names[i : i + 3] == tuple(f"{base}_{k}" for k in "xyz")
            and len(set(estimate.units[i : i + 3])) == 1
        )
        width = 3 if vector else 1
        part = slice(i, i + width)
        label = (base if vector else names[i]).replace("_", " ")
        alike = part if vector else _alike(estimate, i)
        scale = scaled(values[alike], stds[alike], estimate.units[i])
        out.append(_row(label, values[part], stds[part], estimate.units[i], scale))
        if vector and base.startswith("moment") and count < len(lengths[0]):
            here = slice(count, count + 1)
            out.append(_row(f"|{label}|", lengths[0][here], lengths[1][here], estimate.units[i]))
            count += 1
        i += width
    return out


def _alike(estimate: MomentEstimate, i: int) -> list[int]:
    """Return which numbers are shown in the same unit as one of them: those of the same stem, such as offsets."""
    stem, unit = estimate.names[i].rpartition("_")[0], estimate.units[i]
    pairs = zip(estimate.names, estimate.units, strict=True)
    return [
        k for k, (n, u) in enumerate(pairs) if k == i or (stem and n.rpartition("_")[0] == stem and u == unit)
    ]


def shortened(lines: list[Row]) -> list[Row]:
    """Return the lines without most of many single ones that follow each other, such as offsets."""
    out: list[Row] = []
    for line in lines:
        word = line.label.split(" ")[0]
        same = [i for i, row in enumerate(out) if row.label.split(" ")[0] == word and len(row.cells) == 1]
        if len(same) < _SHOWN or len(line.cells) > 1:
            out.append(line)
    left = len(lines) - len(out)
    return [*out, Row(f"and {left} more", ("",), "")] if left else out


def quality(estimate: MomentEstimate) -> list[str]:
    """Return lines about how good the fit is."""
    n = len(estimate.values)
    counted = f"{n} readings, {estimate.dof} degrees of freedom; condition {estimate.condition:.2g}"
    if estimate.dof <= 0:
        lines = [f"as many unknowns as readings: nothing is left to judge the fit by; {counted}"]
    elif estimate.noise_known:
        lines = [f"chi-square/dof {estimate.reduced_chi_square:.3g} (p = {estimate.p_value:.2g}); {counted}"]
    else:
        lines = [f"noise estimated from the residuals: {estimate.noise[0]:.3g} (first reading); {counted}"]
    if estimate.loss != "linear":
        bad = int((estimate.effective_weights < 0.5).sum())
        lines.append(f"{estimate.loss} loss: {bad} of {n} readings count less than half")
    for quantity, (direction, std) in estimate.weak_directions.items():
        unit = estimate.units[next(i for i, name in enumerate(estimate.names) if name.startswith(quantity))]
        size, name = scaled(np.array([std]), np.array([0.0]), unit)
        along = ", ".join(f"{x:.2f}" for x in np.round(direction, 2) + 0.0)
        lines.append(f"{quantity} is known worst along ({along}): +-{float(f'{std / size:.1e}'):g} {name}")
    return lines


def heading(estimate: MomentEstimate) -> str:
    """Return the first line."""
    plural = "s" if estimate.n_dipoles > 1 else ""
    return f"{estimate.method}: {estimate.n_dipoles} moment{plural}"


def table(estimate: MomentEstimate) -> str:
    """Return the table."""
    found = shortened(rows(estimate))
    wide = any(len(row.cells) == 3 for row in found)
    lines = [("", *(("x", "y", "z") if wide else ("",)), "")] if wide else []
    lines += [(r.label, *(r.cells + ("",) * (3 - len(r.cells)) if wide else r.cells), r.unit) for r in found]
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    out = [heading(estimate)]
    for line in lines:
        cells = [f"{cell:>{width}}" for cell, width in zip(line[1:-1], widths[1:-1], strict=True)]
        out.append(f"  {line[0]:<{widths[0]}}  {'  '.join(cells)}  {line[-1]}".rstrip())
    out += [f"  {text}" for text in quality(estimate)]
    out += [f"  warning: {text}" for text in estimate.warnings]
    return "\n".join(out)
