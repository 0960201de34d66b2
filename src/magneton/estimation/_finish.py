"""From a minimum to an estimate: noise that is not known is estimated, and doubts are told."""

from __future__ import annotations

import warnings as _warnings
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import chdtrc

from magneton.estimation._curvature import curvature_doubt
from magneton.estimation._robust import Reweighted
from magneton.estimation._solve import Evaluate, Solution, solve
from magneton.estimation.estimate import MomentEstimate

#: The chance of a chi-square below which a model does not fit.
_IMPOSSIBLE = 1e-12


def weights(
    noise: np.ndarray, values: np.ndarray, prior: np.ndarray | None = None
) -> tuple[np.ndarray, bool]:
    """Return standard deviations to weigh with, and whether they are known."""
    unknown = np.isnan(noise)
    if not unknown.any():
        return noise, True
    if not unknown.all():
        raise ValueError("noise must be given for all readings or for none")
    if prior is not None and np.isfinite(prior).any():
        raise ValueError(
            "noise must be given where offsets, gain or tilt are known beforehand: they are compared with it"
        )
    return np.full(len(values), float(np.sqrt(np.mean(values**2))) or 1.0), False


def finished(
    method: str,
    names: tuple[str, ...],
    units: tuple[str, ...],
    values: np.ndarray,
    sigma: np.ndarray,
    known: bool,
    solution: Solution,
    prior: np.ndarray | None = None,
    *,
    doubts: tuple[str, ...] = (),
    explained: bool = False,
    robust: Reweighted | None = None,
    evaluate: Evaluate | None = None,
    **more: Any,
) -> MomentEstimate:
    """Return the estimate of a solution, and warn of what is doubtful; `more` are further attributes.

    A robust minimum brings its own noise and covariance; `explained` says that the doubts tell why a model does not
    fit.
    """
    dof = len(values) + (0 if prior is None else int(np.isfinite(prior).sum())) - len(names)
    factor = 1.0 if robust else variance_factor(solution, known, dof)
    doubts += _of_solution(solution, names, known, dof)
    estimate = MomentEstimate(
        method,
        names,
        units,
        solution.parameters,
        solution.covariance * factor,
        values,
        solution.residuals,
        robust.noise if robust else sigma * np.sqrt(factor),
        dof,
        known and not robust,
        solution.condition,
        evaluate=evaluate,
        prior=np.full(len(names), np.inf) if prior is None else prior * np.sqrt(factor),
        weights=robust.weights if robust else np.ones(len(values)),
        loss=robust.loss if robust else "linear",
        **more,
    )
    if known and not robust and dof > 0 and chdtrc(dof, solution.total) < _IMPOSSIBLE:
        if not explained:
            doubts += (
                f"the model does not fit: chi-square is {solution.total:.3g} with {dof} degrees of freedom, "
                "and the uncertainties are not to be believed",
            )
    else:
        doubts += curvature_doubt(estimate)
    estimate = replace(estimate, warnings=doubts)
    for text in doubts:
        _warnings.warn(text, stacklevel=4)
    return estimate


def variance_factor(solution: Solution, known: bool, dof: int) -> float:
    """Return what the variances are multiplied by: 1 if the noise is known."""
    return 1.0 if known else solution.total / dof if dof > 0 else np.nan


def _of_solution(solution: Solution, names: tuple[str, ...], known: bool, dof: int) -> tuple[str, ...]:
    doubts = []
    if solution.rank < len(names):
        variances = np.diagonal(solution.covariance)
        lost = [name for name, v in zip(names, variances, strict=True) if not np.isfinite(v)]
        doubts.append(f"the data do not determine {', '.join(lost[:6])}{' ...' if len(lost) > 6 else ''}")
    if not solution.converged:
        doubts.append("the last steps of the fit did not come to rest")
    if dof <= 0 and not known:
        doubts.append("the noise cannot be estimated: there are no more readings than unknowns")
    return tuple(doubts)


def linear_estimate(
    method: str,
    names: tuple[str, ...],
    units: tuple[str, ...],
    design: np.ndarray,
    values: np.ndarray,
    noise: np.ndarray,
    prior: np.ndarray | None = None,
    **more: Any,
) -> MomentEstimate:
    """Return the estimate of parameters that readings, shape (n,), depend on linearly: `design` has shape (n, p)."""
    sigma, known = weights(noise, values, prior)
    solution = solve(lambda p: (design @ p, design), np.zeros(design.shape[1]), values, sigma, prior)
    return finished(method, names, units, values, sigma, known, solution, prior, **more)
