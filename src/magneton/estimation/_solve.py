"""Weighted least squares with priors: Levenberg-Marquardt by singular values, and the covariance at the minimum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

_MOST_STEPS = 100
#: Singular values, of columns of unit length, this small beside the largest are no information at all.
_RANK = 1e-13

Evaluate = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Solution:
    """A minimum of the weighted sum of squares.

    Attributes
    ----------
    parameters : ndarray, shape (p,)
        Where.
    covariance : ndarray, shape (p, p)
        The inverse of the normal matrix, for the noise given.
    residuals : ndarray, shape (n,)
        Values minus prediction, in the values' unit.
    total : float
        The weighted sum of squares, with that of the priors.
    jacobian : ndarray, shape (n, p)
        Of the prediction.
    condition : float
        Of the Jacobian with columns of unit length.
    rank : int
        How many combinations of parameters are determined.
    converged : bool
        Whether the steps came to rest.
    """

    parameters: np.ndarray
    covariance: np.ndarray
    residuals: np.ndarray
    total: float
    jacobian: np.ndarray
    condition: float
    rank: int
    converged: bool

    def scaled(self, factor: float) -> Solution:
        """Return the solution with all variances multiplied."""
        return replace(self, covariance=self.covariance * factor)


def solve(
    evaluate: Evaluate,
    start: np.ndarray,
    values: np.ndarray,
    noise: np.ndarray,
    prior: np.ndarray | None = None,
    steps: int = _MOST_STEPS,
) -> Solution:
    """Return the minimum downhill from `start`.

    Parameters
    ----------
    evaluate : callable
        Returns the prediction, shape (n,), and its Jacobian, shape (n, p), at parameters, shape (p,).
    start : ndarray, shape (p,)
        Where to begin.
    values, noise : ndarray, shape (n,)
        Measured, and standard deviations.
    prior : ndarray, shape (p,), optional
        Standard deviations of the parameters about 0, infinite where nothing is known.
    steps : int
        As many at most.
    """
    weight = 1.0 / (np.full(len(start), np.inf) if prior is None else prior)
    has = weight > 0.0
    own = np.diag(weight)[has]
    theta, damping, growth = np.array(start, dtype=float), 0.0, 2.0

    def at(p: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        predicted, jacobian = evaluate(p)
        rest = np.concatenate([(values - predicted) / noise, -(p * weight)[has]])
        total = float(rest @ rest)
        return rest, jacobian, total if np.isfinite(total) else np.inf

    rest, jacobian, total = at(theta)
    if not np.isfinite(total):
        raise ValueError(
            "what sensors would read must be finite where the fit begins: is a dipole on a sensor?"
        )
    # What rounding leaves of the readings themselves.
    floor = float(np.sum((8.0 * np.finfo(float).eps * values / noise) ** 2))
    converged = False
    for _ in range(steps):
        length, s, vt, u = _factored(jacobian, noise, own)
        seen = u.T @ rest
        used = s > _RANK * s[0]
        while True:
            inner = np.where(used, s / np.where(used, s * s + damping, 1.0), 0.0) * seen
            promise = float((s * seen) @ inner)
            trial = theta + (vt.T @ inner) / length
            converged = promise <= 1e-14 * total + floor
            result = at(trial)
            if result[2] < total or (converged and result[2] <= total * (1.0 + 1e-12) + floor):
                theta, damping, growth = trial, damping * 0.1 if damping > 1e-12 else 0.0, 2.0
                rest, jacobian, total = result
                break
            if converged or damping > 1e12:
                converged = converged or promise <= 1e-6 * total
                break
            damping = max(1e-6, damping * growth)
            growth *= 2.0
        if converged or damping > 1e12:
            break
    factors = (length, s, vt) if converged else _factored(jacobian, noise, own)[:3]
    return _solution(theta, rest[: len(values)] * noise, total, jacobian, factors, converged)


def _factored(
    jacobian: np.ndarray, noise: np.ndarray, own: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the lengths of the weighted columns, and singular values, right and left vectors of the unit ones."""
    scaled = np.vstack([jacobian / noise[:, None], own])
    length = np.linalg.norm(scaled, axis=0)
    length[length == 0.0] = 1.0
    u, s, vt = np.linalg.svd(scaled / length, full_matrices=False)
    return length, s, vt, u


def linearised(
    theta: np.ndarray,
    residuals: np.ndarray,
    jacobian: np.ndarray,
    noise: np.ndarray,
    prior: np.ndarray,
    converged: bool = True,
) -> Solution:
    """Return parameters as a solution, with the covariance of least squares there."""
    has = np.isfinite(prior)
    own = np.diag(1.0 / prior)[has]
    total = float(np.sum((residuals / noise) ** 2) + np.sum((own @ theta) ** 2))
    return _solution(theta, residuals, total, jacobian, _factored(jacobian, noise, own)[:3], converged)


def _solution(
    theta: np.ndarray,
    residuals: np.ndarray,
    total: float,
    jacobian: np.ndarray,
    factors: tuple[np.ndarray, np.ndarray, np.ndarray],
    converged: bool,
) -> Solution:
    """Return the solution with its covariance; what is not determined has an infinite variance."""
    length, s, vt = factors
    rank = int((s > _RANK * s[0]).sum())
    p = len(theta)
    if rank < p:
        covariance = (vt[:rank].T / s[:rank] ** 2) @ vt[:rank] / np.outer(length, length)
        # What of each parameter lies outside the directions that are seen.
        undetermined = 1.0 - (vt[:rank] ** 2).sum(axis=0) > 1e-12
        covariance[undetermined, undetermined] = np.inf
        condition = np.inf
    else:
        covariance = (vt.T / s**2) @ vt / np.outer(length, length)
        condition = float(s[0] / s[-1])
    return Solution(theta, covariance, residuals, total, jacobian, condition, rank, converged)
