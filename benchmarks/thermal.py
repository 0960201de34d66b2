"""Whether thermal runs keep Boltzmann's distribution: means beside Langevin's function, and their bias at long steps.

Every mean is of independent moments, each with its own random numbers, and its error is from the scatter between
moments: so it does not matter how long samples of one moment stay correlated. Seeds were fixed before any result was
seen: 10000 batch + 100 method + point, counted from 1, 0 and 0, in the order of the lists below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from _harness import Pace, Report
from _thermal_chain import GAMMA, K_B, MU, Case, chain_mean

METHODS = ("strang", "depondt-mertens", "midpoint")
FIELDS = (0.1, 0.3, 1.0, 2.0, 5.0, 10.0, 20.0)
#: h = |gamma| (B + 2 k_B T/|m|) dt of the comparison with Langevin's function.
SHORT = {"strang": 0.05, "depondt-mertens": 0.015, "midpoint": 0.015}
ORDERS = {"strang": 2, "depondt-mertens": 1, "midpoint": 1}
#: Stated bounds: |<u_z>/L - 1| <= C h^order for alpha <= 1.
BOUNDS = {"strang": 0.03, "depondt-mertens": 0.12, "midpoint": 0.25}
#: Relaxation times before the first sample, and samples, one relaxation time apart.
_BEFORE, _SAMPLES = 5, 8


@dataclass(frozen=True)
class Mean:
    """The mean of each of many independent moments."""

    each: np.ndarray

    @property
    def value(self) -> float:
        """The mean of all."""
        return float(self.each.mean())

    @property
    def error(self) -> float:
        """Its standard error."""
        return float(self.each.std(ddof=1) / np.sqrt(len(self.each)))

    def score(self, wanted: float) -> float:
        """Return the deviation in standard errors."""
        return (self.value - wanted) / self.error


def _boltzmann(xi: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return directions of the density exp(xi u_z)."""
    p = rng.random(count)
    z = 1.0 + np.log(p + (1.0 - p) * np.exp(-2.0 * xi)) / xi
    phi, rho = 2.0 * np.pi * rng.random(count), np.sqrt(1.0 - z * z)
    return np.stack([rho * np.cos(phi), rho * np.sin(phi), z], axis=1)


def sampled(case: Case, method: str, h: float, count: int, seed: int) -> Mean:
    """Run moments in a field, and return the means of their u_z."""
    relaxation = (1.0 + case.alpha**2) * MU / (case.alpha * abs(GAMMA) * K_B * max(2.0, case.xi))
    dt = case.dt(h)
    every = max(1, round(relaxation / dt))
    times = every * dt * np.arange(_BEFORE, _BEFORE + _SAMPLES)
    u = _boltzmann(case.xi, count, np.random.default_rng([seed, 1]))
    run = case.system(u, case.field).run(
        times[-1], dt=dt, method=method, temperature=1.0, seed=seed, times=times, progress=False
    )
    return Mean(run.moments[:, :, 2].mean(axis=0) / MU)


def _seed(batch: int, method: str, point: int) -> int:
    return 10_000 * batch + 100 * METHODS.index(method) + point


def _chi_square(scores: np.ndarray) -> tuple[float, float]:
    """Return the sum of squares and its p-value."""
    chi = float(np.sum(scores**2))
    return chi, float(stats.chi2.sf(chi, scores.size))


def langevin(quick: bool, pace: Pace) -> Report:
    """Compare <u_z> with Langevin's function, every method."""
    batches, count = (2, 256) if quick else (16, 1024)
    points = [(method, k) for method in METHODS for k in range(len(FIELDS))]
    runs = [
        [sampled(Case(FIELDS[k]), m, SHORT[m], count, _seed(b, m, k)) for m, k in points]
        for b in range(1, batches + 1)
    ]
    rows = [_langevin_row(m, FIELDS[k], [batch[i] for batch in runs]) for i, (m, k) in enumerate(points)]
    wanted = [Case(FIELDS[k]).exact() for _, k in points]
    scores = np.array([[r.score(w) for r, w in zip(batch, wanted, strict=True)] for batch in runs])
    notes = [
        f"{batches} batches of {count} moments a point, {_SAMPLES} samples of each, alpha = 0.5, 1 K; "
        "seeds 10000 batch + 100 method + point",
        "h = |gamma| (B + 2 k_B T/|m|) dt; bias: what steps tend to, without random numbers",
        *_verdict(np.array([row["deviation/error"] for row in rows]), scores),
        *_one_seed_for_all(count),
    ]
    return Report("<u_z> of thermal runs beside Langevin's function", rows, notes)


def _langevin_row(method: str, xi: float, batches: list[Mean]) -> dict:
    case, pooled = Case(xi), Mean(np.concatenate([run.each for run in batches]))
    exact, h = case.exact(), SHORT[method]
    return {
        "method": method,
        "xi": xi,
        "h": h,
        "<u_z>": f"{pooled.value:.5f}",
        "error": f"{pooled.error:.5f}",
        "L(xi)": f"{exact:.5f}",
        "deviation/error": pooled.score(exact),
        "bias/error": (chain_mean(case, method, case.dt(h)) - exact) / pooled.error,
    }


def _verdict(pooled: np.ndarray, scores: np.ndarray) -> list[str]:
    chi, p = _chi_square(pooled)
    every, p_every = _chi_square(scores)
    each = np.array([_chi_square(batch)[1] for batch in scores])
    return [
        f"all points, batches pooled: chi-square {chi:.1f} of {pooled.size} degrees of freedom, p = {p:.2f}",
        f"every batch by itself: chi-square {every:.1f} of {scores.size}, p = {p_every:.2f}",
        f"p-values of the {len(each)} batches: {', '.join(f'{x:.2f}' for x in np.sort(each))}; "
        f"even in 0 to 1 with p = {stats.kstest(each, 'uniform').pvalue:.2f} (Kolmogorov)",
    ]


def _one_seed_for_all(count: int) -> list[str]:
    """Say how errors of points that share their seed hang together, and what it does to a chi-square."""
    runs = [sampled(Case(xi), m, SHORT["strang"], count, 1).each for m in METHODS for xi in FIELDS]
    correlation = np.corrcoef(runs)
    above = correlation[np.triu_indices(len(runs), 1)]
    n = len(runs)
    draws = np.random.default_rng(1).multivariate_normal(
        np.zeros(n), correlation, 200_000, check_valid="ignore"
    )
    chi = np.sum(draws**2, axis=1)
    return [
        f"had all {n} points one seed: correlations of their errors {above.min():.2f} to {above.max():.2f}, mean "
        f"{above.mean():.2f}; chi-square would scatter by {chi.std():.1f}, not {np.sqrt(2 * n):.1f}, "
        f"and exceed 42.4 in {100 * np.mean(chi > 42.4):.1f} % of cases, not {100 * stats.chi2.sf(42.4, n):.1f} %",
    ]


def bias(quick: bool, pace: Pace) -> Report:
    """Find the bias of long steps, its order and its bound; runs beside what the chain of steps foretells."""
    count = 2_000 if quick else 40_000
    rows = [_bias_row(m, k, count) for m in METHODS for k in (0, 2, 3, 4, 6)]
    scores = np.array([row["run - chain, errors"] for row in rows])
    chi, p = _chi_square(scores)
    bounds = ", ".join(f"{m} {BOUNDS[m]} h^{ORDERS[m]}" for m in METHODS)
    notes = [
        "bias: <u_z>/L(xi) - 1 of endless runs, alpha = 0.5, from the chain of steps, without random numbers",
        f"order: between h = 0.0125 and 0.025; stated bounds of |bias| for alpha <= 1, h <= 0.4: {bounds}",
        "largest share of the bound seen, alpha = 0.1, 0.5, 1: "
        + ", ".join(f"{m} {_share(m):.2f}" for m in METHODS),
        f"runs of {count} moments at h = 0.4 beside the chain: chi-square {chi:.1f} of {len(scores)}, p = {p:.2f}",
    ]
    return Report("Bias of thermal means at long steps", rows, notes)


def _bias_row(method: str, point: int, count: int) -> dict:
    case = Case(FIELDS[point])
    exact = case.exact()
    steps = (0.0125, 0.025, 0.05, 0.1, 0.2, 0.4)
    means = [chain_mean(case, method, case.dt(h)) for h in steps]
    biases = np.array(means) / exact - 1.0
    run = sampled(case, method, steps[-1], count, _seed(1, method, point))
    return {
        "method": method,
        "xi": case.xi,
        **{f"h {h}": f"{b:.2e}" for h, b in zip(steps[2:], biases[2:], strict=True)},
        "order": float(np.log2(biases[1] / biases[0])),
        "run, h 0.4": f"{run.value / exact - 1.0:.2e}",
        "its error": f"{run.error / exact:.1e}",
        "run - chain, errors": run.score(means[-1]),
        "run - L, errors": run.score(exact),
    }


def _share(method: str) -> float:
    """Return the largest part of the stated bound that the bias takes."""
    cases = [Case(xi, alpha=alpha) for alpha in (0.1, 0.5, 1.0) for xi in FIELDS]
    return max(
        abs(chain_mean(case, method, case.dt(h)) / case.exact() - 1.0)
        / (BOUNDS[method] * h ** ORDERS[method])
        for case in cases
        for h in (0.1, 0.4)
    )
