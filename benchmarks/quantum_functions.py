"""Functions of thermal magnetism at many points: Brillouin's, and the mean field magnet that it makes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from _harness import Contender, Entry, Pace, Report, compare

SPIN = 3.5


class Points:
    """Arguments from -6 to 6, and B_J at a few of them by mpmath."""

    def __init__(self, count: int) -> None:
        self.x = np.random.default_rng(1).uniform(-6.0, 6.0, count)
        # Small ones too, where the bare formula cancels.
        self.x[:20] *= 10.0 ** -np.arange(20.0)

    @cached_property
    def reference(self) -> list[Any]:
        """B_J of the first 100."""
        from mpmath import mp, mpf

        with mp.workdps(100):
            a, b = (2 * mpf(SPIN) + 1) / (2 * mpf(SPIN)), 1 / (2 * mpf(SPIN))
            return [a * mp.coth(a * mpf(x)) - b * mp.coth(b * mpf(x)) for x in self.x[:100]]

    def errors(self, values: np.ndarray) -> dict[str, float]:
        """Return the largest relative error, of all and of the arguments above 0.1."""
        pairs = zip(values[:100], self.reference, strict=True)
        relative = np.array([abs(float((value - exact) / exact)) for value, exact in pairs])
        large = np.abs(self.x[:100]) > 0.1
        return {"max error": float(relative.max()), "above 0.1": float(relative[large].max())}


def _contender(points: Points, said: str, function: Callable[[], Any], threads: int = 1) -> Contender:
    return Contender(said, function, len(points.x), points.errors, threads)


def _magneton(points: Points) -> Contender:
    from magneton._jit import get_threads
    from magneton.quantum import brillouin

    return _contender(points, "quantum.brillouin(J, x)", lambda: brillouin(SPIN, points.x), get_threads())


def _numpy(points: Points) -> Contender:
    a, b, x = (2.0 * SPIN + 1.0) / (2.0 * SPIN), 0.5 / SPIN, points.x
    return _contender(
        points, "a/np.tanh(a*x) - b/np.tanh(b*x)", lambda: a / np.tanh(a * x) - b / np.tanh(b * x)
    )


def _numba(points: Points) -> Contender:
    import math

    import numba

    a, b, x, out = (2.0 * SPIN + 1.0) / (2.0 * SPIN), 0.5 / SPIN, points.x, np.empty(len(points.x))

    @numba.njit(parallel=True, fastmath=True)
    def bare(x: np.ndarray, out: np.ndarray) -> None:
        for i in numba.prange(len(x)):
            out[i] = a / math.tanh(a * x[i]) - b / math.tanh(b * x[i])

    def run() -> np.ndarray:
        bare(x, out)
        return out

    said = "the bare formula in numba, parallel=True, fastmath=True, into an array that is there"
    return _contender(points, said, run, numba.get_num_threads())


def brillouin_function(quick: bool, pace: Pace) -> Report:
    """Brillouin's function of J = 7/2."""
    points = Points(10**5 if quick else 10**6)
    entries = [
        Entry("magneton", lambda: _magneton(points)),
        Entry("numpy", lambda: _numpy(points)),
        Entry("numba", lambda: _numba(points)),
    ]
    notes = [
        f"J = 7/2, {len(points.x)} points from -6 to 6; errors against mpmath, at 100 of them, down to x = 1e-19"
    ]
    return compare("Brillouin's function", entries, pace, "ns/point", 1e9, notes=notes)


class Magnets:
    """Temperatures from 0.01 to 1.2 T_C, and m of J = 7/2 at a few of them."""

    def __init__(self, count: int) -> None:
        self.t = np.random.default_rng(2).uniform(0.01, 1.2, count)

    @cached_property
    def reference(self) -> np.ndarray:
        """The first 100, by bracketing."""
        return np.array([_by_brentq(t) for t in self.t[:100]])

    def errors(self, values: np.ndarray) -> dict[str, float]:
        """Return the largest difference of m."""
        return {"max difference": float(np.abs(np.asarray(values)[:100] - self.reference).max())}


def _by_brentq(t: float) -> float:
    from scipy.optimize import brentq

    a, b, stiff = (2.0 * SPIN + 1.0) / (2.0 * SPIN), 0.5 / SPIN, 3.0 * SPIN / (SPIN + 1.0)

    def excess(m: float) -> float:
        x = stiff * m / t
        return a / np.tanh(a * x) - b / np.tanh(b * x) - m

    root: Any = brentq(excess, 1e-6, 1.0, xtol=1e-15) if excess(1e-6) > 0.0 else 0.0
    return float(root)


def weiss_magnet(quick: bool, pace: Pace) -> Report:
    """Spontaneous magnetization of a mean field ferromagnet."""
    case = Magnets(500 if quick else 2000)

    def ours() -> Contender:
        from magneton._jit import get_threads
        from magneton.quantum import Ferromagnet

        magnet = Ferromagnet(SPIN, 2.0, 1e28, T_C=1.0)
        return Contender(
            "Ferromagnet(J).reduced_magnetization(0, T)",
            lambda: magnet.reduced_magnetization(0.0, case.t),
            len(case.t),
            case.errors,
            get_threads(),
        )

    def scipy() -> Contender:
        return Contender(
            "brentq(B_J(3J m/((J + 1) t)) - m, 1e-6, 1), a call each",
            lambda: [_by_brentq(t) for t in case.t],
            len(case.t),
            case.errors,
        )

    entries = [Entry("magneton", ours), Entry("scipy", scipy)]
    notes = [
        f"J = 7/2, {len(case.t)} temperatures from 0.01 to 1.2 T_C; difference of m from brentq at 100 of them"
    ]
    return compare(
        "Spontaneous magnetization of a mean field ferromagnet", entries, pace, "us/point", 1e6, notes=notes
    )
