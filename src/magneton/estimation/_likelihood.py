"""Profile likelihood: how much chi-square grows if some parameters are held and all others fitted again."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import optimize

from magneton import _check
from magneton.estimation._losses import LOSSES
from magneton.estimation._regions import quantile
from magneton.estimation._robust import inflation, reweighted_noise
from magneton.estimation._solve import solve

if TYPE_CHECKING:
    from magneton.estimation.estimate import MomentEstimate

#: Standard deviations that are gone at a time, and in all, before the others are fitted again.
_STRIDE, _STRIDES = 1.0, 12
#: Minima that are tried again, from the best of every other of the places where dipoles are looked for.
_RESTARTS, _EVERY = 6, 2
#: Intervals end at infinity if they reach further, in standard deviations.
_FARTHEST = 1e4
#: Reweightings with a robust loss end when chi-square changes by less.
_MOST_ROUNDS, _AT_REST = 60, 1e-8


@dataclass(frozen=True, eq=False)
class Held:
    """Combinations of parameters that are held.

    Attributes
    ----------
    estimate : MomentEstimate
        Of which.
    rows : ndarray, shape (k, p)
        Times the parameters.
    moved : ndarray of int, shape (3,), or None
        The place of a dipole that is free, and may lie elsewhere if its moment is held: it is looked for again.
    """

    estimate: MomentEstimate
    rows: np.ndarray
    moved: np.ndarray | None = None

    def __post_init__(self) -> None:
        estimate = self.estimate
        if estimate.evaluate is None:
            raise ValueError(
                f"a profile needs the model of the readings, which {estimate.method} does not keep; "
                "confidence_region is exact where readings depend linearly on the parameters"
            )
        if not np.isfinite(estimate.covariance).all():
            raise ValueError("a profile needs parameters that are all determined, see estimate.warnings")

    @property
    def best(self) -> np.ndarray:
        """The estimate of the combinations."""
        return self.rows @ self.estimate.parameters

    @property
    def covariance(self) -> np.ndarray:
        """Theirs, linear."""
        return self.rows @ self.estimate.covariance @ self.rows.T

    def along(self, target: np.ndarray, start: np.ndarray | None = None) -> tuple[float, np.ndarray]:
        """Return the growth of chi-square at the target, shape (k,), and the parameters there.

        The minimum is followed from the estimate, or from the parameters `start`, in strides.
        """
        theta = self.estimate.parameters if start is None else start
        C = self.covariance
        gap = target - self.rows @ theta
        far = float(np.sqrt(max(0.0, gap @ np.linalg.solve(C, gap))))
        strides = int(min(_STRIDES, max(1.0, np.ceil(far / _STRIDE))))
        growth = 0.0
        for i in range(strides):
            wanted = target - gap * (strides - 1 - i) / strides
            growth, theta = self._minimum(wanted, theta)
        return growth, theta

    def lowest(self, target: np.ndarray, enough: float = 0.0) -> float:
        """Return the growth of chi-square at the target, shape (k,), at the lowest minimum that is found.

        One that is followed may end beside it, where the linear covariance is not to be trusted; others are looked for
        if the growth there is more than `enough`.
        """
        growth, theta = self.along(target)
        if self.moved is None or self.estimate.looked is None or growth <= enough:
            return growth
        starts = [self._moved_to(place, theta) for place in self.estimate.looked()[::_EVERY]]
        sizes = np.array([self._grown(start) for start in starts])
        best = np.argsort(np.where(np.isfinite(sizes), sizes, np.inf))[:_RESTARTS]
        return min(growth, *(self._minimum(target, starts[i])[0] for i in best))

    def _moved_to(self, place: np.ndarray, theta: np.ndarray) -> np.ndarray:
        """Return parameters with the dipole at a place, and what is neither held nor moved fitted again, linearly."""
        moved = theta.copy()
        moved[self.moved] = place
        rest = np.logical_not(self.rows.any(axis=0), out=np.empty(len(theta), dtype=bool))
        rest[self.moved] = False
        if rest.any():
            e = self.estimate
            predicted, jacobian = e.readings_at(moved)
            seen, left = jacobian[:, rest] / e.noise[:, None], (e.values - predicted) / e.noise
            if np.isfinite(seen).all() and np.isfinite(left).all():
                moved[rest] += np.linalg.lstsq(seen, left, rcond=None)[0]
        return moved

    def _minimum(self, wanted: np.ndarray, near: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the growth and the parameters at the minimum with the combinations held, near parameters."""
        e = self.estimate
        D = np.sqrt(np.diagonal(e.covariance))
        change = e.covariance @ self.rows.T @ np.linalg.solve(self.covariance, wanted - self.rows @ near)
        origin = near + change
        free = np.linalg.svd(self.rows * D)[2][len(self.rows) :].T * D[:, None]
        has = np.isfinite(e.effective_prior)

        def evaluate(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            theta = origin + free @ u
            predicted, jacobian = e.readings_at(theta)
            return np.concatenate([predicted, theta[has]]), np.vstack([jacobian @ free, free[has]])

        values = np.concatenate([e.values, np.zeros(int(has.sum()))])
        noise = np.concatenate([e.noise, e.effective_prior[has]])
        u, grown = np.zeros(free.shape[1]), self._grown(origin)
        for _ in range(_MOST_ROUNDS if len(u) else 0):
            u = solve(evaluate, u, values, self._eased(noise, origin + free @ u)).parameters
            before, grown = grown, self._grown(origin + free @ u)
            if e.loss == "linear" or abs(grown - before) < _AT_REST:
                break
        return grown, origin + free @ u

    def _eased(self, noise: np.ndarray, theta: np.ndarray) -> np.ndarray:
        """Return standard deviations of readings and priors that give least squares the weights of the loss."""
        e = self.estimate
        if e.loss == "linear":
            return noise
        weights = LOSSES[e.loss].weight((e.values - e.readings_at(theta)[0]) / e.noise)
        return np.concatenate([reweighted_noise(e.noise, weights), noise[len(weights) :]])

    def _grown(self, theta: np.ndarray) -> float:
        """Return how much larger chi-square is at parameters than at the estimate.

        Of a robust loss it is twice the loss, over what makes its growth as large as that of chi-square
        [SchraderHettmansperger1980]_.
        """
        least, unit = self._least
        e = self.estimate
        return (self._size(e.values - e.readings_at(theta)[0], theta) - least) / unit

    def _size(self, left: np.ndarray, theta: np.ndarray) -> float:
        """Return chi-square or twice the loss of residuals, with that of the priors."""
        e, z = self.estimate, left / self.estimate.noise
        size = float(z @ z) if e.loss == "linear" else 2.0 * float(LOSSES[e.loss].rho(z).sum())
        if e.prior is None:
            return size
        return size + float(np.sum((theta / e.prior) ** 2))

    @functools.cached_property
    def _least(self) -> tuple[float, float]:
        """What the growth counts from, and its unit."""
        e = self.estimate
        least = self._size(e.residuals, e.parameters)
        return least, 1.0 if e.loss == "linear" else inflation(e.residuals / e.noise, LOSSES[e.loss], e.dof)


@dataclass(frozen=True, eq=False)
class Profile:
    """The profile likelihood of one parameter, or of a component along a direction [VenzonMoolgavkar1988]_.

    Attributes
    ----------
    name, unit : str
        Of what.
    value, std : float
        Its estimate, and its standard deviation by the linear covariance.
    """

    name: str
    unit: str
    value: float
    std: float
    _held: Held = field(repr=False)

    def delta(self, values: Any) -> float | np.ndarray:
        """Return how much chi-square grows at values, of any shape, with all else fitted again."""
        array = _check.numbers("values", values)
        grown = np.array([self._held.along(np.array([x]))[0] for x in array.reshape(-1)])
        return _check.plain(grown.reshape(array.shape))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the ends of the interval that holds the truth with a probability; infinite if chi-square stays low.

        Where chi-square has grown by the quantile of chi^2 with one degree of freedom, or of F if the noise was
        estimated.
        """
        e = self._held.estimate
        limit = quantile(_check.fraction("level", level), 1, None if e.noise_known else e.dof)
        low, high = (self._end(side, limit) for side in (-1.0, 1.0))
        return low, high

    def _end(self, side: float, limit: float) -> float:
        """Return where chi-square has grown by the limit on one side."""
        outer, theta = np.sqrt(limit), self._held.estimate.parameters
        while True:
            grown, beyond = self._grown(side * outer, theta)
            if grown >= limit:
                break
            theta, outer = beyond, 1.5 * outer
            if outer > _FARTHEST:
                return side * np.inf
        start = theta
        end: Any = optimize.brentq(
            lambda z: self._grown(side * z, start)[0] - limit, 0.0, outer, xtol=1e-6 * outer
        )
        return self.value + side * end * self.std

    def _grown(self, z: float, start: np.ndarray) -> tuple[float, np.ndarray]:
        return self._held.along(np.array([self.value + z * self.std]), start)


@dataclass(frozen=True, eq=False)
class LikelihoodRegion:
    """Where chi-square has grown by less than a limit, all else fitted again.

    Attributes
    ----------
    centre : ndarray, shape (k,)
        The estimate.
    level : float
        The probability that the region holds the truth.
    limit : float
        The quantile of chi^2 with k degrees of freedom, or of F times k if the noise was estimated.
    """

    centre: np.ndarray
    level: float
    limit: float
    _held: Held = field(repr=False)

    def delta(self, value: Any) -> float | np.ndarray:
        """Return how much chi-square grows at values, shape (..., k), with all else fitted again."""
        return self._grown(value, 0.0)

    def contains(self, value: Any) -> bool | np.ndarray:
        """Return whether values, shape (..., k), lie inside."""
        inside = np.asarray(self._grown(value, self.limit)) <= self.limit
        return bool(inside) if inside.ndim == 0 else inside

    def _grown(self, value: Any, enough: float) -> float | np.ndarray:
        array = _check.numbers("value", value)
        if array.shape[-1:] != self.centre.shape:
            raise ValueError(f"value must have shape (..., {len(self.centre)}), got shape {array.shape}")
        grown = [self._held.lowest(x, enough) for x in array.reshape(-1, len(self.centre))]
        return _check.plain(np.array(grown).reshape(array.shape[:-1]))
