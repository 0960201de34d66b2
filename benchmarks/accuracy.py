"""Largest relative errors over the reference tables of the tests, by kind of point."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

import magneton
from _harness import Pace, Report

_TESTS = Path(__file__).resolve().parents[1] / "tests"
_QUANTITIES = ("B", "A", "grad_B")


def _magnet(kind: str, *geometry: str) -> Callable[[dict[str, np.ndarray]], magneton.sources.Source]:
    def make(row: dict[str, np.ndarray]) -> magneton.sources.Source:
        return getattr(magneton, kind)(*(row[name] for name in geometry), magnetization=row["magnetization"])

    return make


#: Table -> what makes the source of one of its rows.
_SOURCES: dict[str, Callable[[dict[str, np.ndarray]], magneton.sources.Source]] = {
    "loop": lambda row: magneton.CircularLoop(float(row["radius"]), 1.0),
    "segment": lambda row: magneton.Polyline(np.array([row["p1"], row["p2"]]), 1.0),
    "dipole": lambda row: magneton.Dipole(row["moment"]),
    "cuboid": _magnet("Cuboid", "dimension"),
    "ellipsoid": _magnet("Ellipsoid", "semi_axes"),
    "cylinder": _magnet("Cylinder", "radius", "height"),
    "solenoid": lambda row: magneton.Solenoid(row["radius"], row["length"], 1.0, 1.0),
}


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
    for i, kind in enumerate(kinds):
        source = _SOURCES[name]({column: values[i] for column, values in table.items()})
        start = {
            "source": name,
            "points of kind": str(kind),
            "count": 0,
            **dict.fromkeys(_QUANTITIES, 0.0),
        }
        row = largest.setdefault(str(kind), start)
        row["count"] += 1
        for quantity in _QUANTITIES:
            error = _relative(getattr(source, quantity)(points[i]), table[quantity][i])
            row[quantity] = float(np.maximum(row[quantity], error))  # a nan stays
    return list(largest.values())


def reference_table(name: str) -> dict[str, np.ndarray]:
    """Return a table of tests/reference as arrays."""
    if str(_TESTS) not in sys.path:
        sys.path.insert(0, str(_TESTS))
    from reference._load import load

    return load(name)


def tables(quick: bool, pace: Pace) -> Report:
    """Largest errors of B, A and grad B over the tables made with mpmath."""
    rows = [row for name in _SOURCES for row in _by_kind(name, reference_table(name))]
    notes = [
        "error of the vector (of the matrix for grad_B) relative to its norm, source's frame, floats exact",
        "near_wire: 1e-1 to 1e-9 radii or lengths from the wire; touching_wire: 1e-12 and 1e-15, not promised",
    ]
    return Report("Accuracy over the reference tables", rows, notes)
