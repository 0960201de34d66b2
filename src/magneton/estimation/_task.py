"""What is to be explained by dipoles, and how: by least squares, or with a robust loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from magneton.estimation import _robust_search, _search
from magneton.estimation._grow import Found, grown
from magneton.estimation._losses import Loss, scale
from magneton.estimation._model import DipoleModel
from magneton.estimation._nuisance import Linear
from magneton.estimation._places import places_to_try
from magneton.estimation._robust import Reweighted, reweighted, reweighted_noise
from magneton.estimation._search import Whitened
from magneton.estimation._solve import Solution, solve
from magneton.estimation.readings import Readings


@dataclass(frozen=True, eq=False)
class Task:
    """Readings, what is fitted besides dipoles, and the loss.

    Attributes
    ----------
    readings : Readings
        What was read.
    linear : Linear
        Background and offsets.
    sigma : ndarray, shape (n,)
        Standard deviations to weigh with.
    known : bool
        Whether they were given.
    problem : Whitened
        The readings, whitened.
    box : ndarray, shape (2, 3), or None
        Where dipoles are looked for.
    loss : Loss or None
        None for least squares.
    """

    readings: Readings
    linear: Linear
    sigma: np.ndarray
    known: bool
    problem: Whitened
    box: np.ndarray | None
    loss: Loss | None = None

    def looked(self) -> np.ndarray:
        """Return the places where dipoles are looked for, shape (c, 3), in m."""
        return places_to_try(self.problem, self.box) * self.problem.length

    def grown(self, count: int) -> list[Found]:
        """Return the best solutions of 1 .. count dipoles."""
        if self.loss is None:
            return grown(self.problem, self.box, count)
        return _robust_search.grown(self._robust(self.loss), self.problem, self.box, count)

    def descended(self, places: np.ndarray, free: bool) -> Found:
        """Return the minimum near places, shape (d, 3), in m."""
        starts = places[None] / self.problem.length
        if self.loss is None:
            return _search.descended(self.problem, starts, free)
        return _robust_search.refined(self._robust(self.loss), starts, free)

    def _robust(self, loss: Loss) -> _robust_search.RobustTask:
        return _robust_search.RobustTask(self.readings, self.linear, self.sigma, loss)

    def minimum(self, model: DipoleModel, found: Found) -> tuple[Solution, Reweighted | None]:
        """Return the minimum near the best of what was found, nothing eliminated or linearised."""
        values, length = self.readings.values, self.problem.length
        if self.loss is None:
            own = [found[1][0].reshape(-1) * _search.moment_unit(self.problem), np.zeros(len(self.linear))]
            if model.places is None:
                own.insert(0, found[0][0].reshape(-1) * length)
            return solve(model.evaluate, np.concatenate(own), values, self.sigma, model.prior), None
        start = _robust_search.parameters_at(model, found[0][0] * length, self.sigma)
        robust = reweighted(model.evaluate, start, values, self.sigma, model.prior, self.loss)
        return robust.solution, robust

    def weighing(self, robust: Reweighted | None) -> np.ndarray:
        """Return the standard deviations that weigh at a minimum."""
        return self.sigma if robust is None else reweighted_noise(robust.noise, robust.weights)

    def misfit(self, largest: Found) -> Callable[[Found], float]:
        """Return what gives -2 log likelihood of solutions, of which `largest` is that with most dipoles.

        With a robust loss it is twice the loss at the noise of the largest [Machado1993]_.
        """
        n, fixed = len(self.readings), int(np.isinf(self.linear.prior).sum())
        if self.loss is None:
            if self.known:
                return lambda found: float(found[2][0])
            return lambda found: n * float(np.log(max(found[2][0], 1e-300) / n))
        loss, z = self.loss, self._left(largest)
        size = float(np.sqrt(np.mean((self.readings.values / self.sigma) ** 2)))
        noise = scale(z, 6 * largest[0].shape[1] + fixed, size)
        return lambda found: 2.0 * float(loss.rho(self._left(found) / noise).sum())

    def _left(self, found: Found) -> np.ndarray:
        """Return residuals over `sigma` at the best of what was found, of least absolute deviations."""
        model = DipoleModel(self.readings, found[0].shape[1], None, self.linear)
        theta = _robust_search.parameters_at(model, found[0][0] * self.problem.length, self.sigma)
        return (self.readings.values - model.evaluate(theta)[0]) / self.sigma
