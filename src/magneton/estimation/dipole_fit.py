"""Dipoles from the field around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton.estimation import _doubts, _search
from magneton.estimation._finish import finished, variance_factor, weights
from magneton.estimation._model import DipoleModel
from magneton.estimation._nuisance import Linear, linear_unknowns
from magneton.estimation._search import Whitened
from magneton.estimation._solve import solve
from magneton.estimation.estimate import MomentEstimate
from magneton.estimation.readings import Readings, as_readings

#: Partial solutions that are carried on, and starts from each, when dipoles are added one after the other.
_BEAM, _STARTS = 3, 4


def fit_dipoles(
    points: Any,
    B: Any = None,
    n_dipoles: int | Literal["auto"] = 1,
    noise: Any = None,
    background: Literal["uniform", "linear"] | None = None,
    *,
    offsets: float | None = None,
    positions: Any = None,
    volume: Any = None,
    start: Any = None,
    max_dipoles: int = 5,
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
    positions : array_like, shape (n_dipoles, 3) or (3,), metre, optional
        Where the dipoles are, if that is known.
    volume : array_like, shape (2, 3), metre, optional
        Lower and upper corner of the box where dipoles are looked for; about the sensors by default. A plane of sensors
        of one component needs it: they cannot tell its two sides apart.
    start : array_like, shape (n_dipoles, 3) or (3,), metre, optional
        Where to begin; no scan is done then.
    max_dipoles : int
        The most that "auto" tries.

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
    linear = linear_unknowns(readings, background, offsets)
    sigma, known = _noise(readings)
    problem = _search.whitened(readings, linear, sigma)
    if n_dipoles == "auto":
        if positions is not None or start is not None:
            raise ValueError('n_dipoles must be a number where positions or a start are given, got "auto"')
        most = _check.integer("max_dipoles", max_dipoles, 1)
        return _chosen(readings, linear, sigma, known, problem, box, most)
    count = _check.integer("n_dipoles", n_dipoles, 1)
    fixed = _given("positions", positions, count)
    begin = _given("start", start, count)
    _enough(readings, linear, count, fixed)
    given = fixed if begin is None else begin
    if given is not None:
        found = _search.descended(problem, given[None] / problem.length, free=fixed is None)
    else:
        found = _grown(problem, box, count)[-1]
    return _estimate(readings, linear, sigma, known, problem, box, found, fixed, n_dipoles == 1)


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


def _noise(readings: Readings) -> tuple[np.ndarray, bool]:
    """Return standard deviations to weigh with, and whether they are known."""
    gradients = readings.taps.gradients
    mixed = gradients is not None and gradients.any() and readings.taps.weights.any()
    if mixed and np.isnan(readings.noise).any():
        raise ValueError("noise must be given where fields and gradients, of different units, are mixed")
    return weights(readings.noise, readings.values)


def _enough(readings: Readings, linear: Linear, count: int, fixed: np.ndarray | None) -> None:
    """Require as many readings as unknowns."""
    unknowns = (3 if fixed is not None else 6) * count + int(np.isinf(linear.prior).sum())
    if len(readings) < unknowns:
        raise ValueError(
            f"readings must be at least as many as the {unknowns} unknowns of {count} dipole"
            f"{'s' if count > 1 else ''}{' and background' if len(linear) else ''}, got {len(readings)}"
        )


def _grown(
    problem: Whitened, box: np.ndarray | None, count: int
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return the best solutions of 1 .. count dipoles: places (s, d, 3), moments (s, d, 3), sums of squares (s,)."""
    places = _search.places_to_try(problem, box)
    middle = problem.points.mean(axis=0)
    partial: list[np.ndarray] = [np.empty((0, 3))]
    stages = []
    for _ in range(count):
        starts = []
        for held in partial:
            rest = problem.with_dipoles(held) if len(held) else problem
            gains = _search.gains_at(rest, places)[:, 0]
            starts += [
                np.vstack([held, place]) for place in _search.best_places(places, gains, _STARTS, middle)
            ]
        found = _search.descended(problem, np.stack(starts))
        found = _inside(found, problem, box)
        stages.append(found)
        partial = _distinct(found[0], found[2])
    return stages


def _inside(found: tuple, problem: Whitened, box: np.ndarray | None) -> tuple:
    """Return the solutions with all places in the box, widened by half, if there are any."""
    if box is None:
        return found
    low, high = box / problem.length
    margin = 0.5 * (high - low).max()
    good = np.all((found[0] >= low - margin) & (found[0] <= high + margin), axis=(1, 2))
    return tuple(part[good] for part in found) if good.any() else found


def _distinct(places: np.ndarray, totals: np.ndarray) -> list[np.ndarray]:
    """Return the best few solutions that differ."""
    chosen: list[int] = []
    for i in range(len(places)):
        if all(abs(totals[i] - totals[j]) > 1e-6 * totals[j] for j in chosen):
            chosen.append(i)
    return [places[i] for i in chosen[:_BEAM]]


def _chosen(
    readings: Readings,
    linear: Linear,
    sigma: np.ndarray,
    known: bool,
    problem: Whitened,
    box: np.ndarray | None,
    most: int,
) -> MomentEstimate:
    """Return the estimate with the number of dipoles of the least information criterion."""
    n, fixed = len(readings), int(np.isinf(linear.prior).sum())
    most = min(most, (n - fixed - 1) // 6)
    if most < 1:
        _enough(readings, linear, 1, None)
        most = 1
    stages = _grown(problem, box, most)
    criteria = []
    for d, (_, _, totals) in enumerate(stages, start=1):
        misfit = totals[0] if known else n * np.log(max(totals[0], 1e-300) / n)
        criteria.append(misfit + (6 * d + fixed) * np.log(n))
    best = int(np.argmin(criteria))
    return _estimate(readings, linear, sigma, known, problem, box, stages[best], None, False)


def _estimate(
    readings: Readings,
    linear: Linear,
    sigma: np.ndarray,
    known: bool,
    problem: Whitened,
    box: np.ndarray | None,
    found: tuple[np.ndarray, np.ndarray, np.ndarray],
    fixed: np.ndarray | None,
    single: bool,
) -> MomentEstimate:
    """Return the estimate at the minimum of the whole problem, nothing eliminated or linearised."""
    model = DipoleModel(readings, found[0].shape[1], fixed, linear)
    own = [found[1][0].reshape(-1) * _search.moment_unit(problem), np.zeros(len(linear))]
    if fixed is None:
        own.insert(0, found[0][0].reshape(-1) * problem.length)
    solution = solve(model.evaluate, np.concatenate(own), readings.values, sigma, model.prior)
    dof = len(readings) + int(np.isfinite(model.prior).sum()) - len(model.names)
    factor = variance_factor(solution, known, dof)
    std = np.sqrt(np.diagonal(solution.covariance)[: 3 * model.count].max() * factor)
    others = _doubts.other_minima(found[0], found[2], factor, std / problem.length) * problem.length
    doubts = _doubts.in_hand(readings)
    if len(others) and fixed is None:
        doubts += (
            f"other places explain the readings as well, the first {_shown(others[0])} m: see alternatives",
        )
    if _doubts.is_bad(solution.total, dof, known, readings.values, sigma):
        doubts += _doubts.mistakes(
            readings, _misfit(readings, linear, sigma, box, model.count), solution.total
        )
    return finished(
        "fit_dipoles",
        model.names,
        model.units,
        readings.values,
        sigma,
        known,
        solution,
        model.prior,
        doubts=doubts,
        single=single,
        places=fixed,
        alternatives=others[:, 0] if single else others,
        evaluate=model.evaluate,
    )


def _shown(places: np.ndarray) -> str:
    """Return places in text."""
    return ", ".join("(" + ", ".join(f"{x:.4g}" for x in place) + ")" for place in places)


def _misfit(
    readings: Readings, linear: Linear, sigma: np.ndarray, box: np.ndarray | None, count: int
) -> _doubts.Misfit:
    """Return what tells how well readings of other values would be fitted; nan leaves readings out."""

    def left(values: np.ndarray) -> float:
        some = ~np.isnan(values)
        changed = readings if some.all() else readings.select(some)
        rows = np.repeat(some, np.where(readings.magnitudes, 3, 1))
        own = replace(linear, rows=linear.rows[rows], readings=linear.readings[some])
        problem = _search.whitened(changed, own, sigma[some], values[None, some])
        return float(_grown(problem, box, count)[-1][2][0])

    return left
