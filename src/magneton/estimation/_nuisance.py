"""What is fitted besides the target: a background field, and offsets of the sensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.estimation.readings import Readings

#: Independent elements of a gradient tensor that is symmetric and without trace.
_GRADIENTS = {
    "xx": ((0, 0, 1.0), (2, 2, -1.0)),
    "yy": ((1, 1, 1.0), (2, 2, -1.0)),
    "xy": ((0, 1, 1.0), (1, 0, 1.0)),
    "xz": ((0, 2, 1.0), (2, 0, 1.0)),
    "yz": ((1, 2, 1.0), (2, 1, 1.0)),
}


@dataclass(frozen=True, eq=False)
class Linear:
    """Unknowns that rows or readings depend on linearly.

    Attributes
    ----------
    names, units : tuple of str
        Of each unknown.
    rows : ndarray, shape (rows, k)
        What the rows see of each: of fields.
    readings : ndarray, shape (n, k)
        What is added to the readings: of offsets.
    prior : ndarray, shape (k,)
        Standard deviations known beforehand, about 0; infinite if nothing is known.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    rows: np.ndarray
    readings: np.ndarray
    prior: np.ndarray

    def __len__(self) -> int:
        return len(self.names)


def linear_unknowns(readings: Readings, background: Any, offsets: Any) -> Linear:
    """Return the background's and the offsets' unknowns.

    `background` is None, "uniform" or "linear" (uniform and gradients, about the middle of the sensors). `offsets` is
    None, or the standard deviation known beforehand in T, which may be infinite; sensors with one reading each need a
    finite one.
    """
    parts = _background(readings, background) + _offsets(readings, offsets)
    count = readings.rows, len(readings)
    return Linear(
        tuple(part[0] for part in parts),
        tuple(part[1] for part in parts),
        np.column_stack([part[2] for part in parts]) if parts else np.empty((count[0], 0)),
        np.column_stack([part[3] for part in parts]) if parts else np.empty((count[1], 0)),
        np.array([part[4] for part in parts]),
    )


def _background(readings: Readings, background: Any) -> list[tuple]:
    if background is None:
        return []
    if background not in ("uniform", "linear"):
        raise ValueError(f'background must be None, "uniform" or "linear", got {_check.shown(background)}')
    taps, rows = readings.lab_taps, readings.rows
    none = np.zeros(len(readings))
    zero = np.zeros((len(taps.row), 3, 3))
    parts = []
    for k, axis in enumerate("xyz"):
        B = np.zeros((len(taps.row), 3))
        B[:, k] = 1.0
        parts.append((f"background_{axis}", "T", taps.sums(B, zero, rows), none, np.inf))
    if background == "uniform":
        return parts
    middle = taps.points.mean(axis=0)
    for name, elements in _GRADIENTS.items():
        G = np.zeros((3, 3))
        for i, j, value in elements:
            G[i, j] = value
        seen = taps.sums((taps.points - middle) @ G.T, np.broadcast_to(G, zero.shape), rows)
        parts.append((f"background_gradient_{name}", "T/m", seen, none, np.inf))
    return parts


def _offsets(readings: Readings, offsets: Any) -> list[tuple]:
    if offsets is None:
        return []
    prior = (
        float("inf")
        if isinstance(offsets, float) and offsets == np.inf
        else _check.positive("offsets", offsets, "T")
    )
    if readings.taps.gradients is not None and readings.taps.gradients.any():
        raise ValueError("offsets must be None where gradients are read, since their unit is another")
    labels = channels(readings)
    rows = np.zeros(readings.rows)
    return [
        (f"offset_{label}", "T", rows, (labels == label).astype(float), prior)
        for label in range(int(labels.max()) + 1)
    ]


def channels(readings: Readings) -> np.ndarray:
    """Return the number of the channel, a component of a sensor, of each reading."""
    return np.unique(readings.sensor * 9 + readings.component, return_inverse=True)[1]
