"""Where dipoles may be: the whitened problem, places to try, and the descent from the best of them."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from magneton import _check
from magneton._jit import parallel_for
from magneton.estimation._model import K
from magneton.estimation._nuisance import Linear
from magneton.estimation._taps import Taps
from magneton.estimation.readings import Readings
from magneton.kernels.dipole_design import set_columns
from magneton.kernels.dipole_search import descend_each, scan

#: Places to try about the array, from a seventh of its size to seven times it.
_PLACES = 560
_NEAREST, _FARTHEST = 0.14, 7.0
#: Places to try about each of the sensors with the largest readings, as parts of the way to the next sensor.
_LARGEST, _ABOUT, _PARTS = 8, 12, (0.3, 0.8)


@dataclass(frozen=True, eq=False)
class Whitened:
    """A problem with noise 1, lengths in units of `length` and mu0/4 pi = 1; magnitudes along the ambient field.

    Attributes
    ----------
    taps : tuple
        For `magneton.kernels.dipole_design`.
    known : ndarray, shape (k, rows)
        Orthonormal rows of the linear unknowns.
    values : ndarray, shape (w, rows)
        Whitened readings, made orthogonal to `known`; priors have rows of their own.
    length : float
        In m.
    points : ndarray, shape (t, 3)
        Where the taps are, in units of `length`.
    """

    taps: tuple[np.ndarray, ...]
    known: np.ndarray
    values: np.ndarray
    length: float
    points: np.ndarray

    def with_dipoles(self, places: np.ndarray) -> Whitened:
        """Return the problem with dipoles at places, shape (d, 3), among what is projected out."""
        columns, work = np.empty((3 * len(places), self.values.shape[1])), np.empty((3, self.widest))
        for d, place in enumerate(places):
            set_columns(self.taps, place, work, columns[3 * d : 3 * d + 3])
        known = _orthonormal(np.vstack([self.known, columns]).T)
        return replace(self, known=known, values=_cleared(self.values, known))

    @property
    def widest(self) -> int:
        """Taps to work with at a time."""
        return max(1, self.taps[0].shape[1], self.taps[3].shape[1])


def whitened(
    readings: Readings, linear: Linear, noise: np.ndarray, values: np.ndarray | None = None
) -> Whitened:
    """Return the linearised problem for `values`, shape (w, n), the readings' own by default."""
    values = readings.values[None] if values is None else values
    taps, design = readings.taps, linear.rows
    m = readings.magnitudes
    if m.any():
        values = values - np.where(m, np.linalg.norm(readings.ambient, axis=1), 0.0)
        taps, design = _along_ambient(readings), readings.read_slopes(np.zeros(readings.rows), design)
    design = design + linear.readings
    has = np.isfinite(linear.prior)
    scale = 1.0 / noise
    rows = np.vstack([design * scale[:, None], np.diag(1.0 / linear.prior)[has]]) if len(linear) else None
    y = np.hstack([values * scale, np.zeros((len(values), int(has.sum())))])
    known = np.empty((0, y.shape[1])) if rows is None else _orthonormal(rows)
    taps = taps.scaled(scale)
    flat = taps.flat(readings.size)
    if has.any():
        flat = (flat[0], flat[1], taps.row.astype(np.int64), *flat[3:])
    return Whitened(flat, known, _cleared(y, known), readings.size, taps.points / readings.size)


def _along_ambient(readings: Readings) -> Taps:
    """Return taps with a row a reading, magnitudes along the ambient field."""
    along = np.where(readings.magnitudes[:, None], readings.ambient, 0.0)
    along = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), np.finfo(float).tiny)
    rows = np.repeat(np.arange(len(readings)), np.where(readings.magnitudes, 3, 1))
    component = np.arange(readings.rows) - readings.row[rows]
    factor = np.where(readings.magnitudes[rows], along[rows, component], 1.0)
    taps = readings.taps.scaled(factor)
    return replace(taps, row=rows[taps.row])


def _orthonormal(columns: np.ndarray) -> np.ndarray:
    """Return orthonormal rows that span what the columns span."""
    scale = np.linalg.norm(columns, axis=0)
    u, s, _ = np.linalg.svd(columns[:, scale > 0.0] / scale[scale > 0.0], full_matrices=False)
    return np.ascontiguousarray(u[:, s > 1e-10 * s.max(initial=0.0)].T)


def _cleared(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return readings without what the known rows explain."""
    return values - (values @ known.T) @ known if len(known) else np.ascontiguousarray(values)


def places_to_try(problem: Whitened, volume: np.ndarray | None) -> np.ndarray:
    """Return places, shape (c, 3), in units of the length: in the volume, or near and far from the sensors."""
    if volume is not None:
        return _in_box(*(volume / problem.length))
    i = np.arange(_PLACES)
    radius = _NEAREST * (_FARTHEST / _NEAREST) ** ((i + 0.5) / _PLACES)
    middle = problem.points.mean(axis=0)
    return np.vstack([middle, middle + radius[:, None] * _directions(_PLACES), _near_largest(problem)])


def _in_box(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the middles of nearly cubic cells of a box."""
    side = np.maximum(high - low, 1e-3 * (high - low).max(initial=1e-300))
    cells = np.maximum(1, np.round(side * (_PLACES / side.prod()) ** (1 / 3)).astype(int))
    axes = [a + (np.arange(c) + 0.5) / c * (b - a) for a, b, c in zip(low, high, cells, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)


@functools.cache
def _directions(count: int) -> np.ndarray:
    """Return unit vectors that fill the sphere however many of the first are taken."""
    i = np.arange(count)
    z = 1.0 - 2.0 * ((i * 0.6180339887498949) % 1.0)
    angle = 2.0 * np.pi * ((i * 0.7548776662466927) % 1.0)
    across = np.sqrt(1.0 - z * z)
    return np.stack([across * np.cos(angle), across * np.sin(angle), z], axis=1)


def _near_largest(problem: Whitened) -> np.ndarray:
    """Return places about the sensors with the largest readings: a dipole close to one shows in few others."""
    rows = problem.taps[2]
    first = np.arange(len(problem.points)) if not len(rows) else np.searchsorted(rows, np.unique(rows))
    size = np.abs(problem.values).max(axis=0)[: len(first)]
    places = []
    for row in np.argsort(size)[::-1][: 3 * _LARGEST].tolist():
        point = problem.points[first[row]]
        if len(places) == _LARGEST or any(np.array_equal(point, other) for other, _ in places):
            continue
        apart = np.linalg.norm(problem.points - point, axis=1)
        places.append((point, float(apart[apart > 0.0].min(initial=1.0))))
    parts = np.repeat(_PARTS, _ABOUT)[:, None] * np.tile(_directions(_ABOUT), (len(_PARTS), 1))
    return np.vstack([point + gap * parts for point, gap in places])


def gains_at(problem: Whitened, places: np.ndarray) -> np.ndarray:
    """Return how much of the sum of squares a dipole at each place explains, shape (c, w)."""
    gains = np.empty((len(places), len(problem.values)))
    parallel_for(
        lambda i, j: scan(problem.taps, problem.known, problem.values, places, gains, i, j), len(places), 64
    )
    return np.where(np.isfinite(gains), gains, -1.0)


def best_places(places: np.ndarray, gains: np.ndarray, count: int, middle: np.ndarray) -> np.ndarray:
    """Return the best places that are well apart, of gains of shape (c,)."""
    order = np.argsort(gains)[::-1]
    chosen: list[int] = []
    for i in order[: 20 * count].tolist():
        apart = 0.3 * (np.linalg.norm(places[i] - middle) + 0.3)
        if all(np.linalg.norm(places[i] - places[j]) > apart for j in chosen):
            chosen.append(i)
            if len(chosen) == count:
                break
    return places[chosen]


def descended(
    problem: Whitened, starts: np.ndarray, free: bool = True
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places, shape (s, d, 3), moments, and sums of squares that are left, shape (s,), best first."""
    places = np.ascontiguousarray(starts, dtype=float).copy()
    moments, totals = np.zeros((len(places), 3 * places.shape[1])), np.empty(len(places))
    parallel_for(
        lambda i, j: descend_each(
            problem.taps, problem.known, problem.values, places, free, moments, totals, i, j
        ),
        len(places),
        1,
    )
    order = np.argsort(totals, kind="stable")
    return places[order], moments[order].reshape(len(places), -1, 3), totals[order]


def in_volume(volume: Any) -> np.ndarray | None:
    """Return the corners (2, 3) of a box, or None."""
    if volume is None:
        return None
    box = _check.numbers("volume", volume, "m")
    if box.shape != (2, 3) or not np.all(box[0] <= box[1]):
        raise ValueError("volume must be the lower and the upper corner of a box, shape (2, 3)")
    return box


def moment_unit(problem: Whitened) -> float:
    """Return the moment, in A m^2, of a whitened moment of 1."""
    return problem.length**3 / K
