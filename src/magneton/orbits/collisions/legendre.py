"""Pitch-angle scattering without a loss cone: every Legendre coefficient decays on its own, exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial.legendre import legval, legvander

from magneton._check import integer, non_negatives, number, positive, real_array
from magneton.orbits.collisions._arguments import cosines, one_rate


class LegendreScattering:
    """Solve df/dt = nu d/dxi[(1 - xi^2) df/dxi] on -1 <= xi <= 1 by Legendre polynomials, exactly in time.

    f(xi, t) = sum_l a_l(t) P_l(xi), a_l(t) = a_l(0) exp(-nu l(l+1) t): what is left is the truncation after `degree`,
    which `truncation_error` bounds. Papers that write (nu/2) d/dxi[...] have twice this nu.

    Parameters
    ----------
    nu : float
        Scattering rate [1/s] at the speed in question; the operator leaves the speed as it is.
    degree : int, default 64
        Highest degree kept. After tau = nu t, degrees beyond 6/sqrt(tau) are gone.

    Raises
    ------
    ValueError
        If nu is negative or `degree` is not an integer, 1 or more.

    Examples
    --------
    >>> import numpy as np
    >>> solver = LegendreScattering(nu=10.0, degree=40)
    >>> start = solver.project(lambda xi: 0.5 + 0.3 * xi)
    >>> later = solver.advance(start, time=0.02)
    >>> bool(abs(later[1] - 0.3 * np.exp(-2 * 10.0 * 0.02)) < 1e-14)
    True
    """

    def __init__(self, nu: float, degree: int = 64) -> None:
        self.nu = one_rate("nu", nu)
        self.degree = integer("degree", degree, 1)
        #: nu l(l+1) [1/s], shape (degree + 1,).
        self.decay_rates = self.nu * (self._degrees * (self._degrees + 1.0))

    @property
    def _degrees(self) -> np.ndarray:
        return np.arange(self.degree + 1.0)

    @cached_property
    def nodes(self) -> np.ndarray:
        """Gauss-Legendre nodes of the projection, shape (2 degree + 2,), where samples are to be taken."""
        return self._rule[0]

    @cached_property
    def _rule(self) -> tuple[np.ndarray, np.ndarray]:
        return np.polynomial.legendre.leggauss(2 * self.degree + 2)

    def project(self, f: Callable | Any, breaks: Sequence[float] = ()) -> np.ndarray:
        """Return the coefficients a_l = (l + 1/2) integral of f P_l, shape (degree + 1,).

        Parameters
        ----------
        f : callable or array_like
            Density over xi: a function of an array of xi, or its values at `nodes`.
        breaks : sequence of float
            Where a function has jumps or kinks: it is integrated piece by piece. Exact for pieces that
            are polynomials of degree 3 degree + 3 at most.
        """
        if not callable(f):
            samples = real_array("f", f, "1", "a function or an array")
            if samples.shape != self.nodes.shape:
                raise ValueError(f"f must have shape {self.nodes.shape}, as nodes, got {samples.shape}")
            return self._integrals(self.nodes, self._rule[1] * samples)
        inner = cosines("breaks", np.sort(np.asarray(breaks, dtype=float)))
        edges = np.concatenate([[-1.0], inner, [1.0]])
        half = 0.5 * np.diff(edges)[:, None]
        xi = (half * self.nodes + 0.5 * (edges[1:] + edges[:-1])[:, None]).ravel()
        return self._integrals(xi, (half * self._rule[1]).ravel() * real_array("f", f(xi), "1", "real"))

    def _integrals(self, xi: np.ndarray, weighted: np.ndarray) -> np.ndarray:
        return (self._degrees + 0.5) * (weighted @ legvander(xi, self.degree))

    def beam(self, xi: float) -> np.ndarray:
        """Return the coefficients of one particle at `xi`, f = delta(xi' - xi), shape (degree + 1,)."""
        start = cosines("xi", number("xi", xi))
        return (self._degrees + 0.5) * legvander(start, self.degree).ravel()

    def advance(self, coefficients: Any, time: Any) -> np.ndarray:
        """Return the coefficients after `time` [s], shape time.shape + (degree + 1,)."""
        return self._coefficients(coefficients) * np.exp(
            -non_negatives("time", time, "s")[..., None] * self.decay_rates
        )

    def evaluate(self, coefficients: Any, xi: Any) -> np.ndarray:
        """Return f at cosines of the pitch angle, by Clenshaw's recurrence, shape xi.shape."""
        return np.asarray(legval(cosines("xi", xi), self._coefficients(coefficients)))

    def truncation_error(self, particles: float, time: float) -> float:
        """Return a bound of what the degrees left out add to f, anywhere, after `time`.

        |a_l| <= (l + 1/2) N for any f with an integral of |f| of N = `particles`, a beam included, so the rest is at
        most (N/2) sum_{l > degree} (2 l + 1) exp(-l(l+1) tau), itself bounded by its integral (and its largest
        term, while the terms still grow). Infinite at time 0, when a beam has no finite expansion.
        """
        tau = self.nu * float(non_negatives("time", number("time", time, "s"), "s"))
        total = positive("particles", particles)
        if tau == 0.0:
            return math.inf
        odd = 2.0 * self.degree + 1.0
        rest = math.exp(-tau * self.degree * (self.degree + 1.0)) / tau
        if odd * odd * tau < 2.0:
            rest += math.sqrt(2.0 / tau) * math.exp(0.25 * tau - 0.5)
        return 0.5 * total * rest

    def _coefficients(self, value: Any) -> np.ndarray:
        array = real_array("coefficients", value, "1", "an array of reals")
        if array.shape != (self.degree + 1,):
            raise ValueError(f"coefficients must have shape ({self.degree + 1},), got {array.shape}")
        return array
