"""M-estimation: iteratively reweighted least squares, and the covariance at its minimum."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from magneton.estimation._losses import Loss, LossName, scale
from magneton.estimation._solve import Evaluate, Solution, linearised, solve

_MOST_ROUNDS = 100
#: Weights are no smaller, so that a reading's standard deviation over its root is a number.
_LEAST_WEIGHT = 1e-12
#: Rounds end when predictions move by less than this many standard deviations, all readings together.
_AT_REST = 1e-5
#: Or by this part of the readings.
_ROUNDING = 1e-13


@dataclass(frozen=True, eq=False)
class Reweighted:
    """A minimum of a robust loss.

    Attributes
    ----------
    solution : Solution
        With the covariance of the M-estimator.
    noise : ndarray, shape (n,)
        Standard deviations of good readings.
    weights : ndarray, shape (n,)
        What is left of each reading's weight, from 0 to 1.
    objective : float
        Twice the sum of the losses, with the priors' squares.
    scale : float
        The noise beside what was given.
    loss : str
        Which.
    """

    solution: Solution
    noise: np.ndarray
    weights: np.ndarray
    objective: float
    scale: float
    loss: LossName


def reweighted_noise(noise: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return standard deviations that give least squares these weights."""
    return noise / np.sqrt(np.maximum(weights, _LEAST_WEIGHT))


def reweighted(
    evaluate: Evaluate,
    start: np.ndarray,
    values: np.ndarray,
    noise: np.ndarray,
    prior: np.ndarray | None,
    loss: Loss,
    *,
    rescale: bool = True,
) -> Reweighted:
    """Return the minimum of the loss near `start`, by reweighted least squares [HollandWelsch1977]_.

    `noise` counts only relatively: its scale is that of the median absolute deviation, round by round, unless it is not
    to be rescaled.
    """
    own = np.full(len(start), np.inf) if prior is None else prior
    unknowns = int(np.isinf(own).sum())
    size = float(np.sqrt(np.mean((values / noise) ** 2)))
    theta, before, s = start, np.full(len(values), np.inf), 1.0
    converged = False
    for _ in range(_MOST_ROUNDS):
        z = (values - evaluate(theta)[0]) / noise
        s = scale(z, unknowns, size) if rescale else 1.0
        moved = float(np.linalg.norm(z - before))
        converged, before = moved < max(_AT_REST * s, _ROUNDING * size * np.sqrt(len(z))), z
        if converged:
            break
        eased = reweighted_noise(s * noise, loss.weight(z / s))
        found = solve(evaluate, theta, values, eased, prior, steps=2)
        theta = found.parameters
    solution, objective, weights = _at_rest(evaluate, theta, values, s * noise, own, loss, converged)
    return Reweighted(solution, s * noise, weights, objective, s, loss.name)


def _at_rest(
    evaluate: Evaluate,
    theta: np.ndarray,
    values: np.ndarray,
    sigma: np.ndarray,
    prior: np.ndarray,
    loss: Loss,
    converged: bool,
) -> tuple[Solution, float, np.ndarray]:
    """Return the minimum with its covariance, twice the loss, and the weights."""
    predicted, jacobian = evaluate(theta)
    residuals = values - predicted
    u = residuals / sigma
    dof = len(values) - int(np.isinf(prior).sum())
    m = max(float(loss.slope(u).mean()), 1e-3)
    has = np.isfinite(prior)
    solution = linearised(theta, residuals, jacobian, sigma / np.sqrt(m), prior, converged)
    f = inflation(u, loss, dof)
    inverse = solution.covariance
    covariance = f * inverse
    if has.any():
        covariance = covariance + (1.0 - f) * (inverse[:, has] / prior[has] ** 2) @ inverse[has]
    extra = float(np.sum((theta[has] / prior[has]) ** 2))
    objective, weights = 2.0 * float(loss.rho(u).sum()) + extra, loss.weight(u)
    total = float(np.sum(weights * u * u)) + extra
    return replace(solution, covariance=covariance, total=total), objective, weights


def inflation(u: np.ndarray, loss: Loss, dof: int) -> float:
    r"""Return what the inverse Hessian of the loss is multiplied by to be a covariance.

    Of residuals over noise `u`, K^2 [sum psi^2/(n - p)]/mean psi', K = 1 + (p/n) var psi'/(mean psi')^2
    [Huber1973]_.
    """
    if dof <= 0:
        return np.nan
    n, slope = len(u), loss.slope(u)
    m = max(float(slope.mean()), 1e-3)
    correction = 1.0 + (n - dof) / n * float(slope.var()) / m**2
    return correction**2 * float(np.sum((u * loss.weight(u)) ** 2)) / dof / m
