"""Weighted least squares with the covariance, and what the data cannot tell: what `susceptibility_fit` is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

#: Relative to the largest: singular values that are rounding of the numerical derivatives, and effects on the data.
_SINGULAR, _EFFECT = 1e-7, 1e-9
#: Share of a parameter in a direction that the data say nothing about, from which it counts as undetermined.
_PART = 1e-3


class Solution(NamedTuple):
    """The least sum of squares, in scaled parameters (p,)."""

    x: np.ndarray
    covariance: np.ndarray
    residuals: np.ndarray
    undetermined: np.ndarray
    at_bounds: np.ndarray


def solve(
    residuals: Callable[[np.ndarray], np.ndarray],
    starts: Sequence[np.ndarray],
    bounds: np.ndarray,
    size: float,
) -> Solution:
    """Return the best of the minima reached from several starts.

    Parameters
    ----------
    residuals : callable
        Takes parameters of the order of 1 and returns the misfits (m,) in units of their standard deviations.
    starts : sequence of ndarray, shape (p,)
        Within the bounds.
    bounds : ndarray, shape (2, p)
        Lowest and highest.
    size : float
        Norm of the data in units of their standard deviations.

    Raises
    ------
    RuntimeError
        If none of the starts leads to a minimum.
    """
    from scipy.optimize import least_squares

    best, said = None, ""
    for start in starts:
        found = least_squares(
            residuals, start, jac="3-point", bounds=bounds, xtol=1e-12, ftol=1e-12, gtol=1e-12, max_nfev=400
        )
        said = said or found.message
        if found.success and (best is None or found.cost < best.cost):
            best = found
    if best is None:
        raise RuntimeError(f"the fit has found no minimum: {said}")
    free = best.active_mask == 0
    covariance, lost = _covariance(best.jac[:, free], size)
    whole = np.full((len(free), len(free)), np.nan)
    whole[np.ix_(free, free)] = covariance
    undetermined = np.zeros(len(free), dtype=bool)
    undetermined[free] = lost
    return Solution(best.x, whole, best.fun, undetermined, ~free)


def _covariance(jacobian: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray]:
    """Return (J^T J)^-1 for the parameters that J determines, inf for the others, and which those are."""
    norms = np.linalg.norm(jacobian, axis=0)
    seen = norms > _EFFECT * size
    norms = np.where(seen, norms, 1.0)
    scaled = np.where(seen, jacobian, 0.0) / norms
    _, s, directions = np.linalg.svd(scaled, full_matrices=True)
    s = np.concatenate([s, np.zeros(len(norms) - len(s))])
    dim = s <= _SINGULAR * s.max(initial=0.0)
    lost = np.asarray((np.abs(directions[dim]) > _PART).any(axis=0))
    inverse = np.where(dim, 0.0, 1.0 / np.where(dim, 1.0, s)) ** 2
    covariance = (directions.T * inverse) @ directions / np.outer(norms, norms)
    covariance[lost], covariance[:, lost] = np.nan, np.nan
    covariance[lost, lost] = np.inf
    return covariance, lost
