"""The Curie temperature of the simple cubic Heisenberg ferromagnet, where Binder's cumulants of two sizes cross."""

from __future__ import annotations

import time
from itertools import combinations
from math import nan
from typing import Any

from scipy.optimize import brentq

from _harness import Pace, Report
from magneton.constants import k_B, mu_B
from magneton.dynamics import Exchange, Lattice, MonteCarlo

#: [ChenFerrenbergLandau1993]: J/(k_B T_C) = 0.6930(1).
_PUBLISHED = 1.0 / 0.6930
#: Cells along an edge, and samples: shares of the time that make the crossings' errors alike.
_SAMPLES = {8: 64_000, 12: 48_000, 24: 24_000}
_REFLECTIONS = 3
#: Where they are sampled, in J/k_B, how far from there a crossing is looked for, and the slope's two sides.
_AT, _RANGE, _SIDE = 1.443, 0.03, 0.004


def _sampled(size: int, samples: int) -> Any:
    lattice = Lattice((size,) * 3, 2.5e-10, periodic=True)
    # The seed is the lattice's size.
    model = MonteCarlo(Exchange(float(k_B), lattice), float(mu_B), reflections=_REFLECTIONS, seed=size)
    return model.run(_AT, samples, thermalize=max(500, samples // 50))


def _crossing(small: Any, large: Any) -> tuple[float, float, float]:
    """Return k_B T/J where the cumulants cross, its error, and the cumulant there."""

    def gap(T: float) -> float:
        return large.reweighted(T).binder_cumulant().value - small.reweighted(T).binder_cumulant().value

    low, high = _AT - _RANGE, _AT + _RANGE
    if gap(low) * gap(high) > 0.0:  # too few samples
        return nan, nan, nan
    T: Any = brentq(gap, low, high, xtol=1e-7)
    slope = (gap(T + _SIDE) - gap(T - _SIDE)) / (2.0 * _SIDE)
    cumulants = [run.reweighted(T).binder_cumulant() for run in (small, large)]
    error = sum(u.error**2 for u in cumulants) ** 0.5
    return T, error / abs(slope), cumulants[0].value


def temperature(quick: bool, pace: Pace) -> Report:
    """Sample lattices near T_C and cross their cumulants, reweighted."""
    runs, taken = {}, {}
    for size, samples in _SAMPLES.items():
        start = time.perf_counter()
        runs[size] = _sampled(size, samples // 20 if quick else samples)
        taken[size] = time.perf_counter() - start
    rows = []
    for small, large in combinations(runs, 2):
        T, error, cumulant = _crossing(runs[small], runs[large])
        rows.append(
            {
                "sizes": f"{small}^3, {large}^3",
                "k_B T/J": f"{T:.5f}",
                "error": f"{error:.5f}",
                "U there": f"{cumulant:.4f}",
                "from published, errors": (T - _PUBLISHED) / error,
            }
        )
    notes = [
        f"heat bath with {_REFLECTIONS} reflections a sample, at k_B T/J = {_AT}, reweighted; seeds: the sizes",
        "samples, s: " + ", ".join(f"{n}^3 {len(runs[n].energy)}, {taken[n]:.0f}" for n in runs),
        f"published: k_B T_C/J = {_PUBLISHED:.4f}, U* = 0.622 (Chen, Ferrenberg and Landau 1993); "
        "small lattices cross a little off",
    ]
    return Report("Curie temperature of the simple cubic Heisenberg ferromagnet", rows, notes)
