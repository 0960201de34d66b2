"""An estimate for the screen and for other programs: a table, JSON, CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton.estimation import _summary

if TYPE_CHECKING:
    from rich.table import Table

    from magneton.estimation.estimate import MomentEstimate


def rich_table(estimate: MomentEstimate, title: str) -> Table:
    """Return the table of a summary for a terminal."""
    from rich import box
    from rich.table import Table

    rows = _summary.shortened(_summary.rows(estimate))
    headings = ("x", "y", "z") if any(len(row.cells) == 3 for row in rows) else ("value",)
    out = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    out.add_column("", no_wrap=True)
    for text in headings:
        out.add_column(text, justify="right", no_wrap=True)
    out.add_column("unit", no_wrap=True)
    for row in rows:
        out.add_row(row.label, *row.cells, *([""] * (len(headings) - len(row.cells))), row.unit)
    return out


def record(estimate: MomentEstimate) -> dict[str, Any]:
    """Return all of an estimate in SI as plain numbers and text; what is not finite is None."""
    parameters = [
        {"name": name, "value": value, "std": std, "unit": unit}
        for name, value, std, unit in zip(
            estimate.names,
            estimate.parameters.tolist(),
            estimate.std.values(),
            estimate.units,
            strict=True,
        )
    ]
    whole = {
        "method": estimate.method,
        "moment_A_m2": estimate.moment,
        "moment_std_A_m2": estimate.moment_std,
        "position_m": estimate.position,
        "position_std_m": estimate.position_std,
        "magnitude_A_m2": estimate.magnitude,
        "magnitude_std_A_m2": estimate.magnitude_std,
        "parameters": parameters,
        "covariance": estimate.covariance,
        "readings": len(estimate.values),
        "degrees_of_freedom": estimate.dof,
        "chi_square": estimate.chi_square,
        "p_value": estimate.p_value,
        "noise_known": estimate.noise_known,
        "condition": estimate.condition,
        "alternatives_m": estimate.alternatives,
        "warnings": list(estimate.warnings),
    }
    return {key: _plain(value) for key, value in whole.items()}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def json_text(estimate: MomentEstimate) -> str:
    """Return all of an estimate as JSON."""
    return json.dumps(record(estimate), indent=1, allow_nan=False) + "\n"


def csv_text(estimate: MomentEstimate) -> str:
    """Return the parameters as CSV: name, value, standard deviation, unit."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["parameter", "value", "std", "unit"])
    for each in record(estimate)["parameters"]:
        rows.writerow(
            [each["name"], *("" if each[k] is None else each[k] for k in ("value", "std")), each["unit"]]
        )
    return text.getvalue()
