"""Where dipoles may be if some readings are grossly wrong: a scan and a descent that they do not mislead."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from magneton.estimation import _search
from magneton.estimation._grow import STARTS, Found, distinct, inside
from magneton.estimation._losses import Loss, scale
from magneton.estimation._model import DipoleModel
from magneton.estimation._nuisance import Linear
from magneton.estimation._places import best_places, places_to_try
from magneton.estimation._robust import reweighted_noise
from magneton.estimation._search import Whitened
from magneton.estimation.readings import Readings
from magneton.kernels.dipole_design import set_columns

#: Reweightings towards least absolute deviations, and places at a time.
_TOWARDS_L1, _AT_ONCE = 12, 64
#: The part of the readings that a place must explain well; the others may be wrong.
_GOOD_PART = 0.75
#: Reweightings of a descent, each from the place and the noise that the one before found.
_ROUNDS = 8
#: Descents end when places move by less, in sizes of the array.
_AT_REST = 1e-3


@dataclass(frozen=True, eq=False)
class RobustTask:
    """Readings, what is fitted besides dipoles, standard deviations (relative), and the loss."""

    readings: Readings
    linear: Linear
    sigma: np.ndarray
    loss: Loss

    @functools.cached_property
    def whitened(self) -> tuple[np.ndarray, np.ndarray]:
        """Readings, shape (rows,), and what they see of linear unknowns, (k, rows); priors have rows of their own."""
        readings, linear, sigma = self.readings, self.linear, self.sigma
        m = readings.magnitudes
        ambient = np.where(m, np.linalg.norm(readings.ambient, axis=1), 0.0)
        seen = readings.read_slopes(np.zeros(readings.rows), linear.rows) if m.any() else linear.rows
        has = np.isfinite(linear.prior)
        fixed = np.vstack([(seen + linear.readings) / sigma[:, None], np.diag(1.0 / linear.prior)[has]])
        return np.concatenate([(readings.values - ambient) / sigma, np.zeros(int(has.sum()))]), fixed.T


def grown(task: RobustTask, problem: Whitened, box: np.ndarray | None, count: int) -> list[Found]:
    """Return the best solutions of 1 .. count dipoles, as `magneton.estimation._grow.grown` does by least squares."""
    places = places_to_try(problem, box)
    middle = problem.points.mean(axis=0)
    partial: list[np.ndarray] = [np.empty((0, 3))]
    stages = []
    for _ in range(count):
        starts = []
        for held in partial:
            gains = _gains(task, problem, held, places)
            best = best_places(places, gains, STARTS, middle)
            starts += [np.vstack([held, place]) for place in best]
        found = inside(refined(task, np.stack(starts), free=True), problem, box)
        stages.append(found)
        partial = distinct(found[0], found[2])
    return stages


def _gains(task: RobustTask, problem: Whitened, held: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return how well three quarters of the readings are explained by a dipole more at each place, shape (c,).

    At each place moments and linear unknowns have the least sum of absolute deviations, which gross errors move little;
    the gain is minus the sum of squares of the smallest three quarters of what is left (trimmed squares,
    [Rousseeuw1984]_).
    """
    y, fixed = task.whitened
    fixed = np.vstack([fixed, *(_columns(problem, place) for place in held)])
    gains = np.empty(len(places))
    for first in range(0, len(places), _AT_ONCE):
        own = np.stack([_columns(problem, place) for place in places[first : first + _AT_ONCE]])
        shared = np.broadcast_to(fixed, (len(own), *fixed.shape))
        left = _least_absolute(np.concatenate([own, shared], axis=1), y)[1]
        gains[first : first + len(own)] = -_trimmed(left[:, : len(task.readings)])
    return np.where(np.isfinite(gains), gains, -np.inf)


def _columns(problem: Whitened, place: np.ndarray) -> np.ndarray:
    """Return what unit moments at a place give each row, shape (3, rows)."""
    out = np.empty((3, problem.values.shape[1]))
    set_columns(problem.taps, place, np.empty((3, problem.widest)), out)
    return out


def _least_absolute(rows: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients (c, q) of rows (c, q, n) with nearly the least sum of absolute deviations from y, shape (n,).

    Besides returns what is left of y, shape (c, n).
    """
    length = np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), np.finfo(float).tiny)
    rows = rows / length
    weights = np.ones((len(rows), rows.shape[-1]))
    left, x = np.broadcast_to(y, weights.shape), np.zeros((*rows.shape[:2], 1))
    ridge, half = 1e-12 * np.eye(rows.shape[1]), rows.shape[-1] // 2
    for _ in range(_TOWARDS_L1):
        weighted = rows * weights[:, None, :]
        normal = weighted @ rows.swapaxes(-1, -2)
        normal += ridge * np.trace(normal, axis1=-2, axis2=-1)[:, None, None]
        x = np.linalg.solve(normal, weighted @ y[:, None])
        left = y - (x.swapaxes(-1, -2) @ rows)[:, 0]
        size = np.abs(left)
        middle = np.partition(size, half, axis=-1)[..., half : half + 1]
        weights = 1.0 / np.maximum(size, 1e-2 * middle + 1e-300)
        weights /= weights.max(axis=-1, keepdims=True)
    return (x / length)[..., 0], left


def _trimmed(left: np.ndarray) -> np.ndarray:
    """Return the sum of the smallest squares, of (..., n)."""
    kept = max(1, int(np.ceil(_GOOD_PART * left.shape[-1])))
    return np.sum(np.sort(left * left, axis=-1)[..., :kept], axis=-1)


def refined(task: RobustTask, starts: np.ndarray, free: bool) -> Found:
    """Return the minima near starts, shape (s, d, 3), in the whitened problem's units, and trimmed sums of squares."""
    found = [_refined_one(task, start, free) for start in starts]
    totals = np.array([total for _, _, total in found])
    order = np.argsort(totals, kind="stable")
    return np.stack([found[i][0] for i in order]), np.stack([found[i][1] for i in order]), totals[order]


def _refined_one(task: RobustTask, places: np.ndarray, free: bool) -> tuple[np.ndarray, np.ndarray, float]:
    readings, linear, sigma = task.readings, task.linear, task.sigma
    problem = _search.whitened(readings, linear, sigma)
    y, fixed = task.whitened
    size = float(np.sqrt(np.mean(y * y)))
    unknowns = (2 if free else 1) * places.size + int(np.isinf(linear.prior).sum())

    def left_at(places: np.ndarray) -> np.ndarray:
        rows = np.vstack([*(_columns(problem, place) for place in places), fixed])
        return _least_absolute(rows[None], y)[1][0, : len(readings)]

    left, moments = left_at(places), np.zeros_like(places)
    for _ in range(_ROUNDS if free else 1):
        s = scale(left, unknowns, size)
        eased = reweighted_noise(sigma * s, task.loss.weight(left / s))
        found = _search.descended(_search.whitened(readings, linear, eased), places[None], free)
        moved = float(np.abs(found[0][0] - places).max())
        places, moments = found[0][0], found[1][0]
        left = left_at(places)
        if moved < _AT_REST:
            break
    total = float(_trimmed(left))
    return places, moments, total if np.isfinite(total) else np.inf


def parameters_at(model: DipoleModel, places: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Return all parameters of the least sum of absolute deviations with dipoles at places, shape (d, 3), in m."""
    free = 0 if model.places is not None else places.size
    theta = np.zeros(len(model.names))
    theta[:free] = places.reshape(-1)[:free]
    predicted, jacobian = model.evaluate(theta)
    has = np.isfinite(model.prior)
    y = np.concatenate([(model.readings.values - predicted) / sigma, np.zeros(int(has.sum()))])
    rows = np.vstack([jacobian / sigma[:, None], np.diag(1.0 / model.prior)[has]])[:, free:].T
    theta[free:] = _least_absolute(rows[None], y)[0][0]
    return theta
