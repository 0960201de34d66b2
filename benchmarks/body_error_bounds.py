"""Is `interaction(...).error` an upper bound for bodies too, and how tight? Random pairs of all kinds."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import magneton
from _body_reference import miss, reference, values_of
from _harness import Pace, Report
from error_bounds import Outcome, exceeded, row, settled_pairs
from magneton.interactions import Interaction, NotConverged

_TESTS = Path(__file__).resolve().parents[1] / "tests"
_TOLERANCES = (1e-8, 1e-4, 1e-11)
_SPREADS = (0.7, 1.0, 2.0, 5.0, 20.0)
#: Evaluations of the reference: more would take minutes.
_MOST = 200_000


def _results(source, target) -> list[Interaction | None]:
    """Return the result at each tolerance; None where it was refused."""
    results = []
    for rtol in _TOLERANCES:
        try:
            results.append(magneton.interaction(source, target, rtol=rtol))
        except NotConverged:
            results.append(None)
    return results


def _entangled(source, target) -> bool:
    """Say whether two windings may lie in each other: no wires can, and the integrals would take minutes."""
    windings = (magneton.Coil, magneton.Solenoid)
    if not isinstance(source, windings) or not isinstance(target, windings):
        return False
    one, other = source.body, target.body
    return bool(np.linalg.norm(one.position - other.position) < one.extent + other.extent)


def _pair(seed: int) -> list[Outcome | None] | None:
    """Return the outcomes of a random pair that does not overlap; None without a reference."""
    if str(_TESTS) not in sys.path:
        sys.path.insert(0, str(_TESTS))
    from support.bodies import random_body

    magneton.set_threads(1)
    rng = np.random.default_rng(seed)
    while True:
        source, target = random_body(rng, 0.0), random_body(rng, _SPREADS[seed % len(_SPREADS)])
        if _entangled(source, target):
            continue
        try:
            results = _results(source, target)
            break
        except ValueError as error:
            if "must not overlap" not in str(error):
                raise
    tight = next((result for result in reversed(results) if result is not None), None)
    exact = None if tight is None else reference(source, target, tight.scales, _MOST)
    if exact is None:
        return None
    return [
        None
        if r is None
        else Outcome(r.error, miss(values_of(r), exact.values, r.scales), exact.doubt(r.scales))
        for r in results
    ]


def bodies(quick: bool, pace: Pace) -> Report:
    """How `.error` compares with the true error over random pairs of bodies."""
    settled, tried = settled_pairs(_pair, 50 if quick else 1000)
    rows = [row(rtol, [outcomes[i] for outcomes in settled.values()]) for i, rtol in enumerate(_TOLERANCES)]
    doubts = [outcome.doubt for outcomes in settled.values() for outcome in outcomes if outcome is not None]
    notes = [
        f"{tried} pairs drawn, {tried - len(settled)} left out: no reference within {_MOST} evaluations",
        "reference: far apart, both bodies as moments in their volumes, in extended precision; else the integral over "
        f"the other body, whose own bound (median {np.median(doubts):.1e}, largest {max(doubts):.1e}) is allowed for "
        "in error >= true",
        f"bodies of ten kinds, of size one, apart by {_SPREADS} (scale), overlapping ones drawn anew, "
        "and windings within each other's sphere",
        f"seeds of the pairs whose true error exceeds .error: {exceeded(settled, _TOLERANCES)}",
    ]
    return Report("Stated against true error of interaction(), bodies", rows, notes)
