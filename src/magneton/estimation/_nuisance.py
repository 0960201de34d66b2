"""What is fitted besides the target: a background field; offsets, gains and tilts of the sensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.estimation._sensors import Sensors, channels, sensors_of
from magneton.estimation._taps import Taps
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
    """Unknowns that rows or readings depend on linearly, and errors of sensors, which multiply the field.

    The columns of those errors are last, and hold for what the background alone gives: good enough to look for dipoles.

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
    sensors : Sensors, optional
        The errors of the sensors, exactly.
    across : ndarray, shape (2 l, k), optional
        What rows across the sensors' axes see of each unknown that is not an error of sensors.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    rows: np.ndarray
    readings: np.ndarray
    prior: np.ndarray
    sensors: Sensors | None = None
    across: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.names)


def linear_unknowns(
    readings: Readings, background: Any, offsets: Any, gain: Any = None, tilt: Any = None
) -> Linear:
    """Return the unknowns of the background, the offsets and the errors of sensors.

    `background` is None, "uniform" or "linear" (uniform and gradients, about the middle of the sensors). `offsets` is
    None, or the standard deviation known beforehand in T, which may be infinite; sensors with one reading each need a
    finite one. `gain` and `tilt` (rad) are None, or standard deviations known beforehand.
    """
    rows, n = readings.rows, len(readings)
    names, units, seen = background_columns(readings.lab_taps, rows, background)
    own, labels, prior = _offsets(readings, offsets)
    linear = Linear(
        names + own,
        units + ("T",) * len(own),
        np.hstack([seen, np.zeros((rows, len(own)))]),
        np.hstack([np.zeros((n, len(names))), labels[:, None] == np.arange(len(own))]),
        np.concatenate([np.full(len(names), np.inf), np.full(len(own), prior)]),
    )
    sensors = sensors_of(readings, gain, tilt)
    return linear if sensors is None else _with_sensors(readings, linear, sensors, background)


def _with_sensors(readings: Readings, linear: Linear, sensors: Sensors, background: Any) -> Linear:
    """Return the unknowns with those of sensors, whose columns are those of the background alone."""
    found = np.zeros(len(linear))
    fields = linear.rows.any(axis=0)
    if fields.any():
        none = np.zeros(readings.rows)
        seen = readings.read_slopes(none, linear.rows[:, fields])
        noise = np.where(np.isfinite(readings.noise), readings.noise, 1.0)
        left = (readings.values - readings.readout(none)) / noise
        found[fields] = np.linalg.lstsq(seen / noise[:, None], left, rcond=None)[0]
    across = None
    if sensors.across is not None:
        lab = sensors.across[1]
        count = 2 * len(sensors.linear)
        _, _, seen = background_columns(lab, count, background, readings.lab_taps.points.mean(axis=0))
        across = np.hstack([seen, np.zeros((count, len(linear) - seen.shape[1]))])
    read = readings.readout(linear.rows @ found)
    columns = sensors.columns(read, None if across is None else across @ found)
    return Linear(
        linear.names + sensors.names,
        linear.units + sensors.units,
        np.hstack([linear.rows, np.zeros((readings.rows, len(sensors.names)))]),
        np.hstack([linear.readings, columns]),
        np.concatenate([linear.prior, sensors.prior]),
        sensors,
        across,
    )


def background_columns(
    taps: Taps, rows: int, background: Any, middle: np.ndarray | None = None
) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray]:
    """Return names and units of the background's unknowns, and what the rows see of them, shape (rows, k)."""
    if background is None:
        return (), (), np.empty((rows, 0))
    if background not in ("uniform", "linear"):
        raise ValueError(f'background must be None, "uniform" or "linear", got {_check.shown(background)}')
    fields = np.broadcast_to(np.eye(3)[:, None], (3, len(taps.row), 3))
    none = np.zeros((len(taps.row), 3, 3))
    seen = [taps.sums(B, none, rows) for B in fields]
    names, units = tuple(f"background_{axis}" for axis in "xyz"), ("T",) * 3
    if background == "uniform":
        return names, units, np.column_stack(seen)
    about = taps.points - (taps.points.mean(axis=0) if middle is None else middle)
    for elements in _GRADIENTS.values():
        G = np.zeros((3, 3))
        for i, j, value in elements:
            G[i, j] = value
        seen.append(taps.sums(about @ G.T, np.broadcast_to(G, none.shape), rows))
    names += tuple(f"background_gradient_{name}" for name in _GRADIENTS)
    return names, units + ("T/m",) * 5, np.column_stack(seen)


def _offsets(readings: Readings, offsets: Any) -> tuple[tuple[str, ...], np.ndarray, float]:
    """Return the names of the offsets, whose offset each reading has, and the prior."""
    labels = channels(readings)
    if offsets is None:
        return (), labels, np.inf
    prior = (
        float("inf")
        if isinstance(offsets, float) and offsets == np.inf
        else _check.positive("offsets", offsets, "T")
    )
    if readings.taps.gradients is not None and readings.taps.gradients.any():
        raise ValueError("offsets must be None where gradients are read, since their unit is another")
    return tuple(f"offset_{label}" for label in range(int(labels.max()) + 1)), labels, prior
