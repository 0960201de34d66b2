"""Whether uncertainties are honest: regions that hold the truth as often as they say, scatter as the bound has it.

Measurements of eight set-ups are simulated and fitted with `magneton.estimation.fit_dipoles`, begun at the truth; of
some the search without a start is checked to find the same minimum. Seeds were fixed before any result was seen:
[_SEED, number of the set-up, number of the measurement], counted from 0, in the order of the table.

Run alone, `python benchmarks/estimation_coverage.py [--count N] [--only NAME ...]`, it takes another number than 10000.
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
import os
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from _estimation_cases import Case, cases
from _harness import Pace, Report
from magneton.estimation import MomentEstimate
from magneton.estimation._curvature import DOUBT

_SEED = 8
LEVELS = (0.68, 0.95)
QUANTITIES = ("position", "moment")
#: Standard errors that count as agreement.
_AGREES = 4.0
#: Measurements a task of the pool, and cases whose scan is checked.
_CHUNK, _SCANNED = 250, 200


@functools.cache
def _cases() -> list[Case]:
    return cases()


@dataclass
class Outcome:
    """What came of measurements.

    Attributes
    ----------
    linear, likelihood : ndarray of bool, shape (count, dipoles, 2, 2)
        Whether regions held the truth, by quantity and level.
    parameters : ndarray, shape (count, 6 n)
        Positions and moments.
    doubted : ndarray of bool, shape (count,)
        Whether the linear covariance was said not to be trusted.
    """

    linear: np.ndarray
    likelihood: np.ndarray
    parameters: np.ndarray
    doubted: np.ndarray


def _rng(number: int, k: int) -> np.random.Generator:
    return np.random.default_rng([_SEED, number, k])


def _simulated(number: int, first: int, last: int) -> Outcome:
    """Return what comes of measurements number first .. last of a set-up."""
    warnings.simplefilter("ignore")
    case = _cases()[number]
    n, count = len(case.positions), last - first
    held = np.zeros((2, count, n, 2, 2), dtype=bool)
    parameters, doubted = np.empty((count, 6 * n)), np.empty(count, dtype=bool)
    for k in range(count):
        fit = case.fit(case.values(_rng(number, first + k)), start=case.positions)
        parameters[k], doubted[k] = fit.parameters[: 6 * n], DOUBT in fit.warnings
        for d in range(n):
            for q, (of, truth) in enumerate(
                zip(QUANTITIES, (case.positions[d], case.moments[d]), strict=True)
            ):
                held[0, k, d, q] = [fit.confidence_region(p, of, d).contains(truth) for p in LEVELS]
                if not case.bound:
                    inside = fit.likelihood_region(LEVELS[0], of, d).contains(truth)
                    wider = inside or fit.likelihood_region(LEVELS[1], of, d).contains(truth)
                    held[1, k, d, q] = inside, wider
    return Outcome(held[0], held[1], parameters, doubted)


def _scans(number: int, first: int, last: int) -> int:
    """Return of how many measurements the scan finds the minimum that the truth leads to, or a lower one."""
    warnings.simplefilter("ignore")
    case, found = _cases()[number], 0
    for k in range(first, last):
        values = case.values(_rng(number, k))
        near, scanned = case.fit(values, start=case.positions), case.fit(values)
        found += scanned.chi_square <= near.chi_square * (1.0 + 1e-6) + 1e-6 or _same(near, scanned)
    return found


def _same(near: MomentEstimate, scanned: MomentEstimate) -> bool:
    """Return whether two fits are the same but for the order of the dipoles."""
    gaps = np.atleast_2d(near.position)[:, None] - np.atleast_2d(scanned.position)[None]
    return bool((np.linalg.norm(gaps, axis=-1).min(axis=0) < 0.01 * np.max(near.position_std)).all())


def _pooled(pool: ProcessPoolExecutor, number: int, count: int) -> Outcome:
    edges = [*range(0, count, _CHUNK), count]
    parts = list(pool.map(_simulated, [number] * (len(edges) - 1), edges[:-1], edges[1:]))
    return Outcome(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Outcome.__dataclass_fields__)
    )


def _bound(case: Case) -> np.ndarray:
    """Return the Cramer-Rao bound of positions and moments at the truth."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = case.fit(case.perfect, start=case.positions)
    size = 6 * len(case.positions)
    return fit.covariance[:size, :size]


def scatter_score(parameters: np.ndarray, bound: np.ndarray) -> float:
    """Return the largest departure of the covariance of draws from the bound, in standard errors.

    Of all elements after whitening with the bound, where the covariance is to be the unit matrix: standard errors are
    sqrt(2/N) on the diagonal and sqrt(1/N) beside it.
    """
    L = np.linalg.cholesky(bound / np.outer(*[np.sqrt(np.diagonal(bound))] * 2))
    white = np.linalg.solve(L, (parameters / np.sqrt(np.diagonal(bound))).T)
    departure = np.cov(white) - np.eye(len(bound))
    error = np.sqrt((1.0 + np.eye(len(bound))) / parameters.shape[0])
    return float(np.abs(departure / error).max())


def _row(case: Case, outcome: Outcome, scanned: str) -> dict:
    """Return a row of the table; fractions of all dipoles together are of the worst."""
    held = outcome.linear if case.bound else outcome.likelihood
    count = len(held)
    row: dict = {"set-up": case.name, "region": "linear" if case.bound else "likelihood"}
    worst = 0.0
    for q, quantity in enumerate(QUANTITIES):
        for p, level in enumerate(LEVELS):
            parts = held[:, :, q, p].mean(axis=0)
            scores = (parts - level) / np.sqrt(level * (1.0 - level) / count)
            d = int(np.argmax(np.abs(scores)))
            worst = max(worst, abs(float(scores[d])))
            row[f"{quantity} {level:.0%}"] = f"{parts[d]:.4f}"
    row["worst score"] = worst
    linear = outcome.linear.mean(axis=(0, 1))
    row["linear 95 %"] = f"{linear[0, 1]:.3f} {linear[1, 1]:.3f}"
    score = scatter_score(outcome.parameters, _bound(case)) if case.exact else np.nan
    row["scatter score"] = score
    row["doubted"] = f"{outcome.doubted.mean():.3f}"
    row["scan"] = scanned
    row["passes"] = "yes" if worst <= _AGREES and not score > _AGREES else "NO"
    return row


def table(count: int, scanned: int, names: list[str] | None = None) -> Report:
    """Simulate, and return the table."""
    rows, begun = [], time.perf_counter()
    workers = int(os.environ.get("MAGNETON_NUM_THREADS", os.cpu_count() or 1))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MAGNETON_NUM_THREADS"):
        os.environ[name] = "1"
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for number, case in enumerate(_cases()):
            if names and case.name not in names:
                continue
            edges = np.linspace(0, scanned, workers + 1).astype(int)
            found = pool.map(_scans, [number] * workers, edges[:-1], edges[1:])
            outcome = _pooled(pool, number, count)
            rows.append(_row(case, outcome, f"{sum(found)}/{scanned}"))
            print(rows[-1], f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    notes = [
        f"{count} measurements a set-up, {time.perf_counter() - begun:.0f} s; seeds [{_SEED}, set-up, measurement]",
        "score: departure in standard errors of the count; to pass, regions and scatter stay within 4",
        "linear 95 %: of position and moment; doubted: how often the linear covariance was said not to be trusted",
        f"scan: of {scanned}, how often the search without a start found the minimum, or a lower one",
    ]
    return Report("regions that hold the truth, and scatter beside the Cramer-Rao bound", rows, notes)


def coverage(quick: bool, pace: Pace) -> Report:
    """Return the table of 10000 measurements a set-up, or of few."""
    return table(*((200, 10) if quick else (10_000, _SCANNED)))


def main() -> None:
    """Print the table."""
    from rich.console import Console

    from _harness import show

    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--scanned", type=int, default=_SCANNED)
    parser.add_argument("--only", nargs="+")
    options = parser.parse_args()
    show(table(options.count, options.scanned, options.only), Console(width=200))


if __name__ == "__main__":
    main()
