"""Dipoles from the field around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton.estimation import _doubts, _search
from magneton.estimation._finish import finished, variance_factor, weights
from magneton.estimation._grow import Found, chosen, grown
from magneton.estimation._losses import LOSSES, LossName
from magneton.estimation._model import DipoleModel
from magneton.estimation._nuisance import Linear, linear_unknowns
from magneton.estimation._task import Task
from magneton.estimation.estimate import MomentEstimate
from magneton.estimation.readings import Readings, as_readings


def fit_dipoles(
    points: Any,
    B: Any = None,
    n_dipoles: int | Literal["auto"] = 1,
    noise: Any = None,
    background: Literal["uniform", "linear"] | None = None,
    *,
    offsets: float | None = None,
    gain: float | None = None,
    tilt: float | None = None,
    positions: Any = None,
    volume: Any = None,
    start: Any = None,
    max_dipoles: int = 5,
    loss: LossName = "linear",
) -> MomentEstimate:
    """Return the dipoles that explain readings best, with their covariance.

    The weighted sum of squares is minimised over places, moments and all else together. Moments, background and offsets
    are eliminated at each place (variable projection [GolubPereyra1973]_), so that no start is needed: a scan of what
    is left of the readings over the volume gives the minima to descend into, by Levenberg and Marquardt's steps with
    analytic derivatives.

    Parameters
    ----------
    points : array_like, shape (n, 3), metre; or Readings, or a list of them
        Where the sensors are; or readings of any kind, which bring values and noise with them.
    B : array_like, shape (n, 3), tesla
        The field at the points.
    n_dipoles : int or "auto"
        How many; "auto" takes the number with the least Bayesian information criterion [Schwarz1978]_.
    noise : float or array_like, shape (n,) or (n, 3), tesla, optional
        Standard deviations of the readings. If they are not given they are taken as all alike, and estimated.
    background : {None, "uniform", "linear"}
        Fit a uniform field besides, or also its gradients.
    offsets : float, tesla, optional
        Fit an offset of each channel besides, of this standard deviation beforehand; ``float("inf")`` if nothing is
        known of it, where each channel has several readings.
    gain : float, optional
        Fit an error of each channel's gain besides, of this standard deviation beforehand, such as 0.001; the
        background is seen with it too.
    tilt : float, radian, optional
        Fit errors of the axes besides, two of each channel, of this standard deviation beforehand: a channel sees as
        much of the field across its axis.
    positions : array_like, shape (n_dipoles, 3) or (3,), metre, optional
        Where the dipoles are, if that is known.
    volume : array_like, shape (2, 3), metre, optional
        Lower and upper corner of the box where dipoles are looked for; about the sensors by default. A plane of sensors
        of one component needs it: they cannot tell its two sides apart.
    start : array_like, shape (n_dipoles, 3) or (3,), metre, optional
        Where to begin; no scan is done then.
    max_dipoles : int
        The most that "auto" tries.
    loss : {"linear", "huber", "tukey"}
        "linear" is least squares. The others bound what grossly wrong readings can do, in the scan for places too:
        "huber" weighs residuals beyond 1.3 standard deviations less, "tukey" leaves out those beyond 4.7. The noise is
        then that of the median absolute deviation; what was given counts only relatively. ``estimate.weights`` says
        which readings are outliers.

    Returns
    -------
    MomentEstimate
        ``moment``, ``position``, ``covariance``, ``residuals``, ``summary()``, ...

    Raises
    ------
    ValueError
        For fewer readings than unknowns, unknowns that the sensors do not see, nan, and lengths that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> import magneton as mg
    >>> from magneton.estimation import fit_dipoles
    >>> x, y = np.meshgrid(np.arange(4) * 0.02 - 0.03, np.arange(4) * 0.02 - 0.03)
    >>> points = np.stack([x.ravel(), y.ravel(), np.zeros(16)], axis=1)
    >>> truth = mg.Dipole(moment=[0.06, 0, 0.08], position=[0.01, -0.005, 0.1])
    >>> fit = fit_dipoles(points, truth.B(points), noise=50e-9)
    >>> fit.position.round(9) + 0.0
    array([ 0.01 , -0.005,  0.1  ])
    >>> float(np.linalg.norm(fit.position_std).round(6))
    0.000365
    """
    readings = as_readings(points, B, noise)
    box = _search.in_volume(volume)
    linear = linear_unknowns(readings, background, offsets, gain, tilt)
    sigma, known = _noise(readings, linear)
    if loss not in ("linear", *LOSSES):
        raise ValueError(f'loss must be "linear", "huber" or "tukey", got {_check.shown(loss)}')
    problem = _search.whitened(readings, linear, sigma)
    task = Task(readings, linear, sigma, known, problem, box, LOSSES.get(loss))
    if n_dipoles == "auto":
        if positions is not None or start is not None:
            raise ValueError('n_dipoles must be a number where positions or a start are given, got "auto"')
        most = _check.integer("max_dipoles", max_dipoles, 1)
        return _chosen(task, most)
    count = _check.integer("n_dipoles", n_dipoles, 1)
    fixed = _given("positions", positions, count)
    begin = _given("start", start, count)
    _enough(readings, linear, count, fixed)
    given = fixed if begin is None else begin
    if given is not None:
        found = task.descended(given, free=fixed is None)
    else:
        found = task.grown(count)[-1]
    return _estimate(task, found, fixed, n_dipoles == 1)


def _given(name: str, places: Any, count: int) -> np.ndarray | None:
    """Return places, shape (count, 3), or None."""
    if places is None:
        return None
    array = _check.numbers(name, places, "m")
    array = array[None] if array.shape == (3,) else array
    if array.shape != (count, 3):
        raise ValueError(
            f"{name} must have shape ({count}, 3), as n_dipoles is {count}, got shape {array.shape}"
        )
    return array


def _noise(readings: Readings, linear: Linear) -> tuple[np.ndarray, bool]:
    """Return standard deviations to weigh with, and whether they are known."""
    gradients = readings.taps.gradients
    mixed = gradients is not None and gradients.any() and readings.taps.weights.any()
    if mixed and np.isnan(readings.noise).any():
        raise ValueError("noise must be given where fields and gradients, of different units, are mixed")
    return weights(readings.noise, readings.values, linear.prior)


def _enough(readings: Readings, linear: Linear, count: int, fixed: np.ndarray | None) -> None:
    """Require as many readings as unknowns."""
    unknowns = (3 if fixed is not None else 6) * count + int(np.isinf(linear.prior).sum())
    if len(readings) < unknowns:
        raise ValueError(
            f"readings must be at least as many as the {unknowns} unknowns of {count} dipole"
            f"{'s' if count > 1 else ''}{' and background' if len(linear) else ''}, got {len(readings)}"
        )


def _chosen(task: Task, most: int) -> MomentEstimate:
    """Return the estimate with the number of dipoles of the least information criterion."""
    n, fixed = len(task.readings), int(np.isinf(task.linear.prior).sum())
    most = min(most, (n - fixed - 1) // 6)
    if most < 1:
        _enough(task.readings, task.linear, 1, None)
        most = 1

    def criterion(found: Found, misfit: Callable[[Found], float]) -> float:
        return misfit(found) + (6 * found[0].shape[1] + fixed) * float(np.log(n))

    if task.loss is None:
        best = chosen(task.problem, task.box, most, lambda found: criterion(found, task.misfit(found)))
    else:
        stages = task.grown(most)
        best = min(stages, key=lambda found: criterion(found, task.misfit(stages[-1])))
    return _estimate(task, best, None, False)


def _estimate(task: Task, found: Found, fixed: np.ndarray | None, single: bool) -> MomentEstimate:
    """Return the estimate at the minimum near what was found, and what is doubtful about it."""
    readings, length = task.readings, task.problem.length
    model = DipoleModel(readings, found[0].shape[1], fixed, task.linear)
    solution, robust = task.minimum(model, found)
    dof = len(readings) + int(np.isfinite(model.prior).sum()) - len(model.names)
    factor = 1.0 if robust else variance_factor(solution, task.known, dof)
    std = np.sqrt(np.diagonal(solution.covariance)[: 3 * model.count].max() * factor)
    unit = robust.scale**2 if robust else factor
    others = _doubts.other_minima(found[0], found[2], unit, std / length) * length
    doubts = _doubts.in_hand(readings)
    if len(others) and fixed is None:
        doubts += (
            f"other places explain the readings as well, the first {_shown(others[0])} m: see alternatives",
        )
    if task.box is not None and fixed is None:
        low, high = task.box
        best = found[0][0] * length
        if not np.all((best >= low) & (best <= high)):
            doubts += (f"the best place, {_shown(best)} m, lies outside the volume",)
    if robust and dof <= 0:
        raise ValueError('loss must be "linear" where there are no more readings than unknowns')
    sigma = task.weighing(robust)
    told: tuple[str, ...] = ()
    if _doubts.is_bad(solution.total, dof, task.known and not robust, readings.values, sigma):
        told = _doubts.mistakes(readings, _misfit(task, sigma, model.count, fixed), solution.total)
    return finished(
        "fit_dipoles",
        model.names,
        model.units,
        readings.values,
        task.sigma,
        task.known,
        solution,
        model.prior,
        doubts=doubts + told,
        explained=bool(told),
        robust=robust,
        single=single,
        places=fixed,
        alternatives=others[:, 0] if single else others,
        readings=readings,
        evaluate=model.evaluate,
        looked=task.looked,
    )


def _shown(places: np.ndarray) -> str:
    """Return places in text."""
    return ", ".join("(" + ", ".join(f"{x:.4g}" for x in place) + ")" for place in places)


def _misfit(task: Task, sigma: np.ndarray, count: int, fixed: np.ndarray | None) -> _doubts.Misfit:
    """Return what tells how well readings of other values would be fitted; nan leaves readings out."""
    readings, linear = task.readings, task.linear

    def left(values: np.ndarray) -> float:
        some = ~np.isnan(values)
        changed = readings if some.all() else readings.select(some)
        rows = np.repeat(some, np.where(readings.magnitudes, 3, 1))
        own = replace(linear, rows=linear.rows[rows], readings=linear.readings[some])
        problem = _search.whitened(changed, own, sigma[some], values[None, some])
        if fixed is not None:
            return float(_search.descended(problem, fixed[None] / problem.length, free=False)[2][0])
        return float(grown(problem, task.box, count)[-1][2][0])

    return left
