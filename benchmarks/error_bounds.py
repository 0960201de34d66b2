"""Is `interaction(...).error` an upper bound, and how tight? Random circuits, by the double line integral."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

import magneton
from _harness import Pace, Report

_TESTS = Path(__file__).resolve().parents[1] / "tests"
_TOLERANCES = (1e-9, 1e-4, 1e-12)  # the default first
_SPREADS = (0.7, 1.0, 2.0, 5.0, 20.0)
_QUANTILES = (0.5, 0.9, 0.99, 1.0)
#: Nodes a circuit of the reference, from and to; fewer would leave a polyline at one panel a side throughout.
_FEWEST, _MOST = 256, 2048
#: The reference has settled when doubling its nodes changes it by less than this, in units of the scales.
_SETTLED = 1e-16
#: A true error below this is taken for this: rounding of the reference, and luck.
_FLOOR = 1e-16


class Outcome(NamedTuple):
    """Error that a result states, its true error, and how much of that may be the reference's."""

    stated: float
    true: float
    doubt: float = 0.0

    @property
    def bounded(self) -> bool:
        """Whether the true error is within the stated one."""
        return self.stated + self.doubt >= self.true


def _miss(parts: tuple, exact: tuple, scales: tuple[float, ...]) -> float:
    """Return the largest error of force, torque and energy, each relative to the integral of magnitudes."""
    errors = [
        float(np.linalg.norm(np.asarray(part - reference, dtype=float))) / scale
        for part, reference, scale in zip(parts, exact, scales, strict=True)
        if scale > 0.0
    ]
    return max(errors)


def _reference(source, target, scales: tuple[float, ...]) -> tuple | None:
    """Return force, torque and energy by eq. 1, or None if they do not settle."""
    from support.line_integral import double_integral

    pivot, nodes = target.body.position, _FEWEST
    coarse = double_integral(source, target, pivot, nodes)[:3]
    while nodes < _MOST:
        nodes *= 2
        fine = double_integral(source, target, pivot, nodes)[:3]
        if _miss(fine, coarse, scales) < _SETTLED:
            return fine
        coarse = fine
    return None


def _outcomes(source, target) -> list[Outcome | None] | None:
    """Return the errors at each tolerance; None where it was refused, or nothing settles."""
    results = []
    for rtol in _TOLERANCES:
        try:
            results.append(magneton.interaction(source, target, rtol=rtol))
        except magneton.interactions.NotConverged:
            results.append(None)
    scales = next((result.scales for result in results if result is not None), None)
    exact = None if scales is None else _reference(source, target, scales)
    if exact is None:
        return None
    return [
        None if r is None else Outcome(r.error, _miss((r.force, r.torque, r.energy), exact, r.scales))
        for r in results
    ]


def _pair(seed: int) -> list[Outcome | None] | None:
    """Return the outcomes of a random pair of circuits."""
    if str(_TESTS) not in sys.path:
        sys.path.insert(0, str(_TESTS))
    from support.circuits import random_circuit

    magneton.set_threads(1)
    rng = np.random.default_rng(seed)
    source = random_circuit(rng, 0.0)
    return _outcomes(source, random_circuit(rng, _SPREADS[seed % len(_SPREADS)]))


def row(rtol: float, outcomes: list[Outcome | None]) -> dict:
    """Return the statistics at one tolerance."""
    met = [outcome for outcome in outcomes if outcome is not None]
    stated, true, _ = np.array(met).T
    ratio = stated / np.maximum(true, _FLOOR)
    statistics = {"rtol": rtol, "pairs": len(outcomes), "not converged": len(outcomes) - len(met)}
    statistics["error >= true"] = float(np.mean([outcome.bounded for outcome in met]))
    statistics["error <= 100 true"] = float(np.mean(ratio <= 100.0))
    for q in _QUANTILES:
        statistics[f"true, q{q:g}"] = float(np.quantile(true, q))
    for q in (0.0, *_QUANTILES):
        statistics[f"error/true, q{q:g}"] = float(np.quantile(ratio, q))
    return statistics


def settled_pairs(pair: Callable[[int], list | None], wanted: int) -> tuple[dict[int, list], int]:
    """Return the outcomes of `wanted` pairs by seed, and how many were drawn for it."""
    settled: dict[int, list] = {}
    tried = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        while len(settled) < wanted and tried < 3 * wanted:
            seeds = range(tried, tried + wanted - len(settled))
            found = zip(seeds, pool.map(pair, seeds, chunksize=4), strict=True)
            settled |= {seed: outcomes for seed, outcomes in found if outcomes is not None}
            tried = seeds.stop
    return settled, tried


def exceeded(settled: dict[int, list], tolerances: Sequence[float]) -> str:
    """Return the seeds of pairs whose true error exceeds the stated one."""
    found = [
        f"{seed} (rtol {rtol:g})"
        for seed, outcomes in settled.items()
        for rtol, outcome in zip(tolerances, outcomes, strict=True)
        if outcome is not None and not outcome.bounded
    ]
    return ", ".join(found) or "none"


def circuits(quick: bool, pace: Pace) -> Report:
    """How `.error` compares with the true error over random pairs of circuits."""
    settled, tried = settled_pairs(_pair, 50 if quick else 1000)
    rows = [row(rtol, [outcomes[i] for outcomes in settled.values()]) for i, rtol in enumerate(_TOLERANCES)]
    notes = [
        f"{tried} pairs drawn, {tried - len(settled)} left out: too close for the reference at {_MOST} nodes",
        f"a true error below {_FLOOR:g} counts as that; circuits of size one, apart by {_SPREADS} (scale)",
        f"seeds of the pairs whose true error exceeds .error: {exceeded(settled, _TOLERANCES)}",
    ]
    return Report("Stated against true error of interaction()", rows, notes)
