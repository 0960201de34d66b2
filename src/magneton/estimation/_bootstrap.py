"""Draws of an estimate: readings made again and again, and fitted as they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import ndtr, ndtri

from magneton import _check
from magneton.estimation._losses import LOSSES
from magneton.estimation._regions import Region
from magneton.estimation._robust import reweighted
from magneton.estimation._solve import Solution, solve

if TYPE_CHECKING:
    from magneton.estimation.estimate import MomentEstimate

Kind = Literal["parametric", "residual"]


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Draws of all parameters, as they would scatter if the estimate were the truth [EfronTibshirani1993]_.

    Attributes
    ----------
    estimate : MomentEstimate
        Of which.
    draws : ndarray, shape (count, p)
        Of all parameters, in the order of ``estimate.names``.
    distances : dict of str to ndarray, shape (count,)
        Of each moment and position, ``"moment_0"``: squared distances of draws from the estimate by their own
        covariance.
    kind : str
        How readings were made.
    """

    estimate: MomentEstimate
    draws: np.ndarray
    distances: dict[str, np.ndarray]
    kind: str

    def of(self, quantity: str, dipole: int = 0) -> np.ndarray:
        """Return the draws of a moment or a position, shape (count, 3), or of a parameter, shape (count,)."""
        if quantity in self.estimate.names:
            return self.draws[:, self.estimate.names.index(quantity)]
        return self.draws[:, self.estimate.numbers(quantity, dipole)]

    def interval(
        self, name: str, level: float = 0.95, kind: Literal["percentile", "bca"] = "bca"
    ) -> tuple[float, float]:
        """Return the interval of a parameter that holds it with a probability.

        Parameters
        ----------
        name : str
            Of ``estimate.names``.
        level : float
            The probability.
        kind : {"percentile", "bca"}
            Quantiles of the draws, or those corrected for bias and acceleration [Efron1987]_; the acceleration is that
            of normal noise, zero, for parametric draws, and by the influence of each reading for others.
        """
        if name not in self.estimate.names:
            raise ValueError(
                f"name must be one of {', '.join(self.estimate.names)}, got {_check.shown(name)}"
            )
        if kind not in ("percentile", "bca"):
            raise ValueError(f'kind must be "percentile" or "bca", got {_check.shown(kind)}')
        i = self.estimate.names.index(name)
        tail = 0.5 * (1.0 - _check.fraction("level", level))
        parts = np.array([tail, 1.0 - tail])
        if kind == "bca":
            parts = self._corrected(i, parts)
        low, high = np.quantile(self.draws[:, i], parts)
        return float(low), float(high)

    def _corrected(self, i: int, parts: np.ndarray) -> np.ndarray:
        """Return the quantiles to take, with the bias and the acceleration of a parameter."""
        count = len(self.draws)
        below = np.clip(
            np.mean(self.draws[:, i] < self.estimate.parameters[i]), 0.5 / count, 1.0 - 0.5 / count
        )
        bias = ndtri(below)
        z = bias + ndtri(parts)
        return ndtr(bias + z / (1.0 - self._acceleration(i) * z))

    def _acceleration(self, i: int) -> float:
        """Return a sixth of the skewness of the readings' influence."""
        if self.kind == "parametric":
            return 0.0
        e = self.estimate
        jacobian = e.readings_at(e.parameters)[1]
        influence = jacobian @ e.covariance[i] * e.residuals * e.effective_weights / e.noise**2
        return float(np.sum(influence**3) / (6.0 * np.sum(influence**2) ** 1.5))

    def region(
        self, level: float = 0.95, of: Literal["position", "moment"] = "position", dipole: int = 0
    ) -> Region:
        """Return the ellipsoid that holds a moment or a position with a probability (bootstrap-t, [Hall1988]_).

        Of the shape of the linear covariance, and as large as the draws say: so that the distance of the estimate from
        a draw, by the draw's own covariance, stays below it with the probability.
        """
        which = self.estimate.numbers(of, dipole)
        limit = float(np.quantile(self.distances[f"{of}_{dipole}"], _check.fraction("level", level)))
        e = self.estimate
        variance, axes = np.linalg.eigh(e.covariance[np.ix_(which, which)])
        radius = np.sqrt(np.maximum(variance, 0.0) * limit)
        return Region(e.parameters[which], axes, radius, level)


def bootstrap(estimate: MomentEstimate, count: int, seed: int, kind: Kind) -> Bootstrap:
    """Return the draws; see `MomentEstimate.bootstrap`."""
    if estimate.evaluate is None:
        raise ValueError(f"bootstrap needs the model of the readings, which {estimate.method} does not keep")
    if kind not in ("parametric", "residual"):
        raise ValueError(f'kind must be "parametric" or "residual", got {_check.shown(kind)}')
    if not np.isfinite(estimate.covariance).all():
        raise ValueError("bootstrap needs parameters that are all determined, see estimate.warnings")
    made = _readings(estimate, _check.integer("count", count, 2), np.random.default_rng(seed), kind)
    found = [_again(estimate, values) for values in made]
    draws = np.stack([solution.parameters for solution in found])
    return Bootstrap(estimate, draws, _distances(estimate, found), kind)


def _readings(estimate: MomentEstimate, count: int, rng: np.random.Generator, kind: Kind) -> np.ndarray:
    """Return readings made anew, shape (count, n)."""
    n = len(estimate.values)
    predicted, jacobian = estimate.readings_at(estimate.parameters)
    if kind == "parametric":
        return predicted + estimate.noise * rng.standard_normal((count, n))
    # Residuals are smaller than the noise by what the fit has taken of it.
    scaled = jacobian / estimate.noise[:, None]
    leverage = np.einsum("ij,jk,ik->i", scaled, estimate.covariance, scaled)
    pool = estimate.residuals / estimate.noise / np.sqrt(np.maximum(1.0 - leverage, 0.01))
    drawn = rng.choice(pool - pool.mean(), size=(count, n))
    return predicted + estimate.noise * drawn


def _again(estimate: MomentEstimate, values: np.ndarray) -> Solution:
    """Return the fit to other readings, from the estimate."""
    e = estimate
    if e.loss == "linear":
        found = solve(e.readings_at, e.parameters, values, e.noise, e.effective_prior)
        if e.noise_known:
            return found
        return found.scaled(found.total / e.dof)
    return reweighted(
        e.readings_at, e.parameters, values, e.noise, e.effective_prior, LOSSES[e.loss]
    ).solution


def _distances(estimate: MomentEstimate, found: list[Solution]) -> dict[str, np.ndarray]:
    distances = {}
    for quantity in ("position", "moment"):
        for dipole in range(len(estimate._which(quantity)) // 3):
            which = estimate.numbers(quantity, dipole)
            gaps = np.stack([s.parameters[which] - estimate.parameters[which] for s in found])
            own = np.stack([s.covariance[np.ix_(which, which)] for s in found])
            solved = np.linalg.solve(own, gaps[..., None])[..., 0]
            distances[f"{quantity}_{dipole}"] = np.einsum("ni,ni->n", gaps, solved)
    return distances
