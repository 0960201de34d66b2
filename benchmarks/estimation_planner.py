"""Errors that are planned beside errors that happen: the bound of Cramer and Rao, fits of simulated readings."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from _harness import Pace, Report
from magneton import Dipole
from magneton.estimation import Planner, fit_dipoles

_MOMENT = np.array([0.06, 0.0, 0.08])
_VOLUME = np.array([[-0.02, -0.02, 0.08], [0.02, 0.02, 0.12]])
_BOX = np.array([[-0.05, -0.05, 0.0], [0.05, 0.05, 0.0]])
_NOISE = 50e-9
_SEED, _RUNS = 8, 2000


def _grid(pitch: float) -> np.ndarray:
    x, y = np.meshgrid((np.arange(4) - 1.5) * pitch, (np.arange(4) - 1.5) * pitch)
    return np.stack([x.ravel(), y.ravel(), np.zeros(16)], axis=1)


def _realised(plan: Planner, runs: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return errors of fits at random places of the volume beside those that were planned."""
    points = plan.readings.taps.points[::3]
    places = _VOLUME[0] + rng.random((runs, 3)) * (_VOLUME[1] - _VOLUME[0])
    covariance = plan.covariance(_MOMENT, places)
    planned = np.trace(covariance[:, :3, :3], axis1=1, axis2=2)
    off = np.empty((runs, 6))
    for i, place in enumerate(places):
        B = Dipole(moment=_MOMENT, position=place).B(points) + np.array([20e-6, 0.0, -40e-6])
        B = B + rng.normal(size=B.shape) * _NOISE
        fit = fit_dipoles(points, B, noise=_NOISE, background="uniform", start=place)
        off[i] = fit.parameters[:6] - np.concatenate([place, _MOMENT])
    squares = np.sum(off[:, :3] ** 2, axis=1)
    scaled = np.einsum("ti,ti->t", off, np.linalg.solve(covariance, off[..., None])[..., 0])
    return {
        "planned, mm": f"{1e3 * np.sqrt(planned.mean()):.4f}",
        "realised, mm": f"{1e3 * np.sqrt(squares.mean()):.4f}",
        "chi-square of 6": f"{scaled.mean():.3f}",
        "from 6, errors": (scaled.mean() - 6.0) / np.sqrt(12.0 / runs),
    }


def errors(quick: bool, pace: Pace) -> Report:
    """Plan, improve and simulate arrays of 16 sensors with a background to be fitted."""
    runs = _RUNS // 10 if quick else _RUNS
    regular = {f"grid of {1e3 * pitch:.0f} mm": _grid(pitch) for pitch in (0.02, 0.1 / 3.0)}
    plans = {name: Planner(points, _NOISE, background="uniform") for name, points in regular.items()}
    widest = list(plans.values())[-1]
    start = time.perf_counter()
    found = widest.improved(_MOMENT, volume=_VOLUME, box=_BOX, spacing=0.01, n_steps=10 if quick else 30)
    taken = time.perf_counter() - start
    plans["improved in the same box"] = found.planner
    rng = np.random.default_rng(_SEED)
    rows = [{"array": name} | _realised(plan, runs, rng) for name, plan in plans.items()]
    places = _VOLUME[0] + np.random.default_rng(_SEED).random((10_000, 3)) * (_VOLUME[1] - _VOLUME[0])
    widest.position_error(_MOMENT, places)
    start = time.perf_counter()
    widest.position_error(_MOMENT, places)
    mapped = time.perf_counter() - start
    notes = [
        f"16 vector sensors, noise {_NOISE * 1e9:.0f} nT, uniform background fitted, 0.1 A m^2 at {runs} random places "
        f"in a box of 40 mm, 80 mm away; seed {_SEED}",
        f"10 mm apart at least; the search took {taken:.2f} s and gained a factor {found.gain:.3f} of the wider grid",
        f"a map of the bound at 10,000 places: {mapped * 1e3:.0f} ms",
    ]
    return Report("Planned and realised errors of position", rows, notes)
