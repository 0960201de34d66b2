"""One dipole fitted to each of many windows: the same sensors, read again and again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton._jit import parallel_for
from magneton.estimation import _input
from magneton.estimation._finish import weights
from magneton.estimation._grow import grown
from magneton.estimation._nuisance import linear_unknowns
from magneton.estimation._places import best_places, places_to_try
from magneton.estimation._search import (
    Whitened,
    gains_at,
    in_volume,
    moment_unit,
    whitened,
)
from magneton.estimation.readings import Readings
from magneton.kernels.dipole_design import design
from magneton.kernels.dipole_search import descend_each

#: Descents for each window.
_STARTS = 3
#: Readings that the scan looks at.
_SCANNED = 96
#: Columns of unit length with less than this of their own are no information.
_RANK = 1e-12


@dataclass(frozen=True, eq=False)
class WindowFits:
    """A dipole for each of w windows.

    Attributes
    ----------
    moment : ndarray, shape (w, 3), A m^2
        Moments.
    position : ndarray, shape (w, 3), metre
        Where they are.
    covariance : ndarray, shape (w, 6, 6)
        Of position and moment, with what was fitted besides; infinite on the diagonal where they are not determined.
    chi_square : ndarray, shape (w,)
        Sums of squares of residuals over noise.
    dof : int
        Degrees of freedom of each.
    noise_known : bool
        Whether the noise was given; if not, each window's is estimated, and `chi_square` is `dof`.
    """

    moment: np.ndarray
    position: np.ndarray
    covariance: np.ndarray
    chi_square: np.ndarray
    dof: int
    noise_known: bool

    def __len__(self) -> int:
        return len(self.moment)

    @property
    def position_std(self) -> np.ndarray:
        """Standard deviations of `position`, shape (w, 3), in m."""
        return np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2)[:, :3])

    @property
    def moment_std(self) -> np.ndarray:
        """Standard deviations of `moment`, shape (w, 3), in A m^2."""
        return np.sqrt(np.diagonal(self.covariance, axis1=1, axis2=2)[:, 3:])


def fit_windows(
    points: Any,
    B: Any,
    noise: Any = None,
    background: Literal["uniform", "linear"] | None = None,
    *,
    offsets: float | None = None,
    volume: Any = None,
) -> WindowFits:
    """Return the dipole that explains each window of readings best, without a start value.

    As `fit_dipoles` with one dipole, window by window, with all that the windows share done once; in threads.

    Parameters
    ----------
    points : array_like, shape (n, 3), metre; or Readings
        Where the sensors are; or linear readings of any kind, of which the values do not count.
    B : array_like, shape (w, n, 3), tesla; or (w, n) if `points` are n readings
        The field of each window at the points; or its values.
    noise : float or array_like, shape (n,) or (n, 3), tesla, optional
        Standard deviations, the same for all windows; with Readings, theirs count.
    background, offsets, volume
        As in `fit_dipoles`.

    Returns
    -------
    WindowFits
        ``moment``, ``position``, ``covariance``, ``chi_square``: arrays with a row a window.

    Examples
    --------
    >>> import numpy as np
    >>> import magneton as mg
    >>> from magneton.estimation import fit_windows
    >>> points = np.array([[x, y, 0.0] for x in (-0.1, 0, 0.1) for y in (-0.1, 0, 0.1)])
    >>> track = np.array([[0.01, 0, 0.1], [0.02, 0, 0.1]])
    >>> B = np.stack([mg.Dipole(moment=[0, 0, 1], position=r).B(points) for r in track])
    >>> fit_windows(points, B, noise=1e-9).position.round(9) + 0.0
    array([[0.01, 0.  , 0.1 ],
           [0.02, 0.  , 0.1 ]])
    """
    readings, values = _template(points, B, noise)
    linear = linear_unknowns(readings, background, offsets)
    dof = len(readings) + int(np.isfinite(linear.prior).sum()) - 6 - len(linear)
    if dof < 0:
        raise ValueError(
            f"readings must be at least as many as the {6 + len(linear)} unknowns, got {len(readings)} a window"
        )
    sigma, known = weights(readings.noise, values.ravel(), linear.prior)
    sigma = sigma[: len(readings)]
    problem = whitened(readings, linear, sigma, values)
    places, moments, totals = _fitted(problem, in_volume(volume))
    covariance = _covariances(problem, places, moments)
    if not known:
        factor = totals / dof if dof else np.full(len(totals), np.nan)
        covariance *= factor[:, None, None]
        totals = np.full(len(totals), float(dof))
    unit = np.repeat([problem.length, moment_unit(problem)], 3)
    return WindowFits(
        moments * unit[3],
        places * unit[0],
        covariance * np.outer(unit, unit),
        totals,
        dof,
        known,
    )


def _template(points: Any, B: Any, noise: Any) -> tuple[Readings, np.ndarray]:
    """Return readings, and the values of all windows, shape (w, n)."""
    if isinstance(points, Readings):
        if noise is not None:
            raise ValueError("noise must be None where points are Readings, which bring their own")
        if points.magnitudes.any():
            raise ValueError(
                "points must be linear readings: fit total-field readings window by window with fit_dipoles"
            )
        values = _check.numbers("B", B, "T")
        if values.ndim != 2 or values.shape[1] != len(points) or not len(values):
            raise ValueError(f"B must have shape (w, {len(points)}), as points are, got shape {values.shape}")
        return points, values
    where = _input.places(points)
    field = _check.numbers("B", B, "T")
    if field.ndim != 3 or field.shape[1:] != where.shape or not len(field):
        raise ValueError(f"B must have shape (w, {len(where)}, 3), as points are, got shape {field.shape}")
    return Readings.vector(where, field[0], noise), field.reshape(len(field), -1)


def _fitted(problem: Whitened, box: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places (w, 3), moments (w, 3) and sums of squares (w,)."""
    count = len(problem.values)
    scanned = problem.part(_SCANNED)
    candidates = places_to_try(scanned, box)
    gains = gains_at(scanned, candidates)
    middle = problem.points.mean(axis=0)
    places, moments, totals = (
        np.empty((count, 3)),
        np.empty((count, 3)),
        np.full(count, np.inf),
    )
    starts = np.empty((_STARTS, count, 1, 3))
    for w in range(count):
        best = best_places(candidates, gains[:, w], _STARTS, middle)
        starts[:, w, 0] = best[np.minimum(np.arange(_STARTS), len(best) - 1)]
    for ends in starts:
        own, left = np.zeros((count, 3)), np.empty(count)
        _descend(problem, ends, own, left)
        better = left < totals
        places[better], moments[better], totals[better] = (
            ends[better, 0],
            own[better],
            left[better],
        )
    alone = [replace(problem, values=problem.values[w : w + 1]) for w in range(count)]
    explained = np.array([one.explained(total, 1) for one, total in zip(alone, totals, strict=True)])
    for w in np.flatnonzero(~_inside(places, problem, box) | ~explained).tolist():
        found = grown(alone[w], box, 1)[0]
        places[w], moments[w], totals[w] = found[0][0, 0], found[1][0, 0], found[2][0]
    return places, moments, totals


def _descend(problem: Whitened, places: np.ndarray, moments: np.ndarray, totals: np.ndarray) -> None:
    """Move places, shape (w, 1, 3), to the minima of their windows; set moments (w, 3) and sums of squares (w,)."""
    taps, known, values = problem.taps, problem.known, problem.values

    def piece(i: int, j: int) -> None:
        descend_each(
            taps,
            known,
            values[i:j],
            places[i:j],
            True,
            1e-12,
            moments[i:j],
            totals[i:j],
            0,
            j - i,
        )

    parallel_for(piece, len(places), 4)


def _inside(places: np.ndarray, problem: Whitened, box: np.ndarray | None) -> np.ndarray:
    """Return which places, shape (w, 3), lie in the box, widened by half."""
    if box is None:
        return np.ones(len(places), dtype=bool)
    low, high = box / problem.length
    margin = 0.5 * (high - low).max()
    return np.all((places >= low - margin) & (places <= high + margin), axis=1)


def _covariances(problem: Whitened, places: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Return covariances of place and moment, shape (w, 6, 6), in the problem's units."""
    count, n = problem.values.shape
    columns, slopes = np.empty((count, 3, n)), np.empty((count, 3, n))
    parallel_for(
        lambda i, j: design(problem.taps, places[i:j], moments[i:j], columns[i:j], slopes[i:j]),
        count,
        16,
    )
    rows = np.concatenate([slopes, columns], axis=1)
    if len(problem.known):
        rows -= (rows @ problem.known.T) @ problem.known
    length = np.sqrt(np.einsum("wij,wij->wi", rows, rows))
    length[length == 0.0] = 1.0
    s2, axes = np.linalg.eigh(np.einsum("wij,wkj->wik", rows / length[..., None], rows / length[..., None]))
    seen = s2 > _RANK * s2[:, -1:]
    inverse = np.where(seen, 1.0 / np.where(seen, s2, 1.0), 0.0)
    covariance = np.einsum("wik,wk,wjk->wij", axes, inverse, axes)
    lost = np.einsum("wik,wk->wi", axes**2, (~seen).astype(float)) > 1e-12
    w, i = np.nonzero(lost)
    covariance[w, i, i] = np.inf
    return covariance / (length[:, :, None] * length[:, None, :])
