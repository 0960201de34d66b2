"""Read a reference table as float64 arrays; needs neither mpmath nor the scripts that made the table."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SHAPES: dict[int, tuple[int, ...]] = {1: (), 3: (3,), 9: (3, 3)}


@cache
def load(name: str) -> dict[str, NDArray]:
    """Return the columns of ``<name>.csv``, grouped by the part of their name before the dot.

    ``points.x, points.y, points.z`` become ``points`` of shape (n, 3); the nine ``grad_B.xx ... grad_B.zz``
    become ``grad_B`` of shape (n, 3, 3); a name without a dot becomes an array of shape (n,). The labels
    of the rows are in ``kinds``. Inputs are float64 exactly; outputs are the 30 printed digits rounded once
    to float64 (so what lies below the float64 range reads as zero). The arrays are shared, thus read-only.
    """
    with (Path(__file__).parent / f"{name}.csv").open(encoding="ascii", newline="") as file:
        header, *rows = csv.reader(line for line in file if not line.startswith("#"))
    groups: dict[str, list[int]] = {}
    for column, title in enumerate(header):
        groups.setdefault(title.partition(".")[0], []).append(column)
    (kind,) = groups.pop("kind")
    table = {"kinds": np.array([row[kind] for row in rows])}
    for group, columns in groups.items():
        values = np.array([[float(row[column]) for column in columns] for row in rows])
        table[group] = values.reshape(len(rows), *_SHAPES[len(columns)])
    for values in table.values():
        values.setflags(write=False)
    return table
