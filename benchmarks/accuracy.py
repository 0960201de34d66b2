"""Largest relative errors over the reference tables of the tests, by kind of point."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

import magneton
from _harness import Pace, Report

_TESTS = Path(__file__).resolve().parents[1] / "tests"
_QUANTITIES = ("B", "A", "grad_B")


def _sources(name: str, table: dict[str, np.ndarray]) -> Iterator[magneton.sources.Source]:
    """Yield the source of each row of a table."""
    if name == "loop":
        yield from (magneton.CircularLoop(float(radius), 1.0) for radius in table["radius"])
    elif name == "segment":
        for ends in zip(table["p1"], table["p2"], strict=True):
            yield magneton.Polyline(np.array(ends), 1.0)
    else:
        yield from map(magneton.Dipole, table["moment"])


def _relative(got: np.ndarray, reference: np.ndarray) -> float:
    """Return the error of a vector or matrix relative to its norm, computed without underflow."""
    size = float(np.abs(reference).max())
    if size == 0.0:
        return 0.0 if not np.any(got) else np.inf
    return float(np.linalg.norm((got - reference) / size) / np.linalg.norm(reference / size))


def _by_kind(name: str, table: dict[str, np.ndarray]) -> list[dict]:
    """Return a row for each kind of point, with the largest error of each quantity."""
    kinds, points = table["kinds"], table["points"]
    largest: dict[str, dict] = {}
    for i, source in enumerate(_sources(name, table)):
        start = {
            "source": name,
            "points of kind": str(kinds[i]),
            "count": 0,
            **dict.fromkeys(_QUANTITIES, 0.0),
        }
        row = largest.setdefault(str(kinds[i]), start)
        row["count"] += 1
        for quantity in _QUANTITIES:
            error = _relative(getattr(source, quantity)(points[i]), table[quantity][i])
            row[quantity] = float(np.maximum(row[quantity], error))  # a nan stays
    return list(largest.values())


def _loader() -> Callable[[str], dict[str, np.ndarray]]:
    if str(_TESTS) not in sys.path:
        sys.path.insert(0, str(_TESTS))
    from reference._load import load

    return load


def tables(quick: bool, pace: Pace) -> Report:
    """Largest errors of B, A and grad B over the tables made with mpmath."""
    load = _loader()
    rows = [row for name in ("loop", "segment", "dipole") for row in _by_kind(name, load(name))]
    notes = [
        "error of the vector (of the matrix for grad_B) relative to its norm, source's frame, floats exact",
        "near_wire: 1e-1 to 1e-9 radii or lengths from the wire; touching_wire: 1e-12 and 1e-15, not promised",
    ]
    return Report("Accuracy over the reference tables", rows, notes)
