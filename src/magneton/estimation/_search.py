"""Where dipoles may be: the whitened problem, what a dipole at a place explains, and the descent from places."""

from __future__ import annotations

import math
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

#: Standard deviations beyond which a sum of squares is improbable: of one in a thousand.
_IMPROBABLE = 3.09
#: The part of the readings that may be left by a good fit if the noise is not known.
_LITTLE = 0.01


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
    noise_known : bool
        Whether the noise was given; if not, it is the size of the readings.
    """

    taps: tuple[np.ndarray, ...]
    known: np.ndarray
    values: np.ndarray
    length: float
    noise_known: bool = True

    @property
    def points(self) -> np.ndarray:
        """Where the taps are, shape (t, 3), in units of `length`, as `rows` has them."""
        return self.taps[0].T

    @property
    def rows(self) -> np.ndarray:
        """The row of each tap, shape (t,)."""
        return self.taps[2] if len(self.taps[2]) else np.arange(self.taps[0].shape[1])

    def explained(self, total: float, count: int) -> bool:
        """Return whether a sum of squares is what noise leaves beside `count` dipoles: so a global minimum.

        If the noise is not known, whether hardly anything is left.
        """
        if not self.noise_known:
            return total <= _LITTLE * float((self.values**2).sum())
        dof = self.values.shape[1] - len(self.known) - 6 * count
        if dof <= 0:
            return True
        # Quantile of chi-square by [WilsonHilferty1931]_.
        return total <= dof * (1.0 - 2.0 / (9.0 * dof) + _IMPROBABLE * math.sqrt(2.0 / (9.0 * dof))) ** 3

    def part(self, most: int) -> Whitened:
        """Return the problem with some of the readings: half the largest ones, half spread over all."""
        n = self.values.shape[1]
        if n <= most:
            return self
        chosen = np.zeros(n, dtype=bool)
        size = np.abs(self.values).max(axis=0)
        chosen[np.argpartition(size, n - most // 2)[n - most // 2 :]] = True
        chosen[np.linspace(0, n - 1, most // 2).astype(int)] = True
        number = np.cumsum(chosen) - 1
        points, weights, _, gradient_points, tensors, gradient_rows = self.taps
        kept, of_gradients = chosen[self.rows], chosen[gradient_rows]
        taps = (
            np.ascontiguousarray(points[:, kept]),
            np.ascontiguousarray(weights[:, kept]),
            number[self.rows[kept]],
            np.ascontiguousarray(gradient_points[:, of_gradients]),
            np.ascontiguousarray(tensors[:, of_gradients]),
            number[gradient_rows[of_gradients]],
        )
        known = self.known[:, chosen]
        known = _orthonormal(known.T) if len(known) else known
        return replace(self, taps=taps, known=known, values=_cleared(self.values[:, chosen], known))

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
    told = bool(np.isfinite(readings.noise).all())
    return Whitened(taps.flat(readings.size), known, _cleared(y, known), readings.size, told)


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


def gains_at(problem: Whitened, places: np.ndarray) -> np.ndarray:
    """Return how much of the sum of squares a dipole at each place explains, shape (c, w)."""
    gains = np.empty((len(places), len(problem.values)))
    parallel_for(
        lambda i, j: scan(problem.taps, problem.known, problem.values, places, gains, i, j), len(places), 64
    )
    return np.where(np.isfinite(gains), gains, -1.0)


def descended(
    problem: Whitened, starts: np.ndarray, free: bool = True, tolerance: float = 1e-13
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places, shape (s, d, 3), moments, and sums of squares that are left, shape (s,), best first."""
    places = np.ascontiguousarray(starts, dtype=float).copy()
    moments, totals = np.zeros((len(places), 3 * places.shape[1])), np.empty(len(places))
    parallel_for(
        lambda i, j: descend_each(
            problem.taps, problem.known, problem.values, places, free, tolerance, moments, totals, i, j
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
