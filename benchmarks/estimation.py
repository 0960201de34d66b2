"""Fits of dipoles: how often the search succeeds, how fast one is beside MNE and SciPy, many windows at once."""

from __future__ import annotations

import functools
import warnings
from typing import Any

import numpy as np

import magneton as mg
from _harness import Contender, Entry, Pace, Report, compare
from magneton.estimation import Readings, fit_dipoles, fit_windows
from magneton.estimation._grow import grown
from magneton.estimation._nuisance import linear_unknowns
from magneton.estimation._search import Whitened, descended, moment_unit, whitened

_NOISE = 5e-15
_BASELINE = 0.0168
_COIL = mg.Dipole(moment=[1e-8, 2e-8, -1e-8], position=[0.033, 0.047, 0.0415])


def _arrays() -> dict[str, np.ndarray]:
    """Return points of sensors of three components each; seed 5, fixed beforehand."""
    rng = np.random.default_rng(5)
    x, y = np.meshgrid(np.arange(4) * 0.02 - 0.03, np.arange(4) * 0.02 - 0.03)
    ball = rng.normal(size=(102, 3))
    ball *= 0.12 / np.linalg.norm(ball, axis=1, keepdims=True)
    return {
        "planar 4 x 4": np.stack([x.ravel(), y.ravel(), np.zeros(16)], axis=1),
        "helmet": ball[ball[:, 2] > -0.06],
        "5 at random": rng.normal(size=(5, 3)) * 0.05,
        "30 at random": rng.normal(size=(30, 3)) * 0.2,
    }


def _problem(readings: Readings) -> Whitened:
    return whitened(readings, linear_unknowns(readings, None, None), readings.noise)


def _largest_sigma(readings: Readings, problem: Whitened, places: np.ndarray, moments: np.ndarray) -> float:
    """Return the largest standard deviation of a coordinate, by the Cramer-Rao bound at the truth."""
    from magneton.estimation._model import DipoleModel

    model = DipoleModel(readings, len(places), None, linear_unknowns(readings, None, None))
    jacobian = model.evaluate(np.concatenate([places.ravel(), moments.ravel()]))[1] / readings.noise[:, None]
    length = np.linalg.norm(jacobian, axis=0)
    _, s, vt = np.linalg.svd(jacobian / length, full_matrices=False)
    return float((np.linalg.norm(vt / s[:, None], axis=0) / length)[: places.size].max())


def _drawn(points: np.ndarray, count: int, rng: np.random.Generator) -> tuple[Readings, np.ndarray]:
    """Return readings with noise of 1 %, and the places: not on a sensor, and 5 standard deviations apart."""
    size = np.sqrt(points.var(axis=0).sum())
    while True:
        places = points.mean(axis=0) + 1.2 * size * rng.normal(size=(count, 3))
        if np.linalg.norm(points[:, None] - places, axis=-1).min() < 0.15 * size:
            continue
        moments = rng.normal(size=(count, 3))
        B = sum(mg.Dipole(m, p).B(points) for m, p in zip(moments, places, strict=True))
        noise = 0.01 * np.sqrt(np.mean(B**2))
        readings = Readings.vector(points, B + noise * rng.normal(size=B.shape), noise)
        if count == 1:
            return readings, places
        apart = np.linalg.norm(places[0] - places[1])
        if apart > 5.0 * _largest_sigma(readings, _problem(readings), places, moments):
            return readings, places


def _rate(hits: int, cases: int) -> dict[str, Any]:
    p = hits / cases
    return {
        "cases": cases,
        "right": hits,
        "rate %": f"{100.0 * p:.2f}",
        "error %": 100.0 * _binomial(p, cases),
    }


def _binomial(p: float, cases: int) -> float:
    """Return the standard error of a rate, of one miss at least."""
    return float(np.sqrt(max(p * (1.0 - p), 1.0 / cases) / cases))


def search(quick: bool, pace: Pace) -> Report:
    """How often the global minimum is found without a start; seeds (count, array) fixed beforehand."""
    rows = []
    for count in (1, 2):
        for k, (name, points) in enumerate(_arrays().items()):
            if count == 2 and len(points) < 12:
                continue
            rng = np.random.default_rng([8, count, k])
            cases, hits = 100 if quick else 1000, 0
            for _ in range(cases):
                readings, places = _drawn(points, count, rng)
                problem = _problem(readings)
                found = grown(problem, None, count)[-1][2][0]
                hits += found <= descended(problem, places[None] / problem.length)[2][0] * (1.0 + 1e-6)
            rows.append({"sensors": name, "dipoles": count, **_rate(hits, cases)})
    notes = [
        "right: a sum of squares no larger than that of the minimum beside the truth",
        "places: normal about the array, 1.2 of its size; two dipoles: apart by 5 standard deviations of a place",
    ]
    return Report("Global minimum found without a start", rows, notes)


def number(quick: bool, pace: Pace) -> Report:
    """How often the number of dipoles is right, at a signal to noise ratio of 30; seeds fixed beforehand."""
    x, y = np.meshgrid(np.arange(8) * 0.02 - 0.07, np.arange(8) * 0.02 - 0.07)
    points = np.stack([x.ravel(), y.ravel(), np.zeros(64)], axis=1)
    rows = []
    for count in (1, 2, 3):
        for told in (True, False):
            rng = np.random.default_rng([8, 3, count, told])
            cases, hits = 20 if quick else 300, 0
            for _ in range(cases):
                readings = _over_a_plane(points, count, rng, told)
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    hits += fit_dipoles(readings, n_dipoles="auto").n_dipoles == count
            rows.append({"dipoles": count, "noise": "given" if told else "estimated", **_rate(hits, cases)})
    notes = [
        "8 x 8 sensors of three components, 2 cm apart; dipoles 2-5 cm below, further apart than from the sensors",
        "moments of equal size; noise: a thirtieth of the root mean square field of the weakest dipole",
    ]
    return Report("Number of dipoles by the Bayesian information criterion", rows, notes)


def _over_a_plane(points: np.ndarray, count: int, rng: np.random.Generator, told: bool) -> Readings:
    """Return readings of dipoles below the sensors, apart by more than the distance of the deeper one."""
    while True:
        places = np.column_stack([rng.uniform(-0.07, 0.07, (count, 2)), -rng.uniform(0.02, 0.05, count)])
        apart = np.linalg.norm(places[:, None] - places, axis=-1) + np.eye(count)
        if apart.min() > -places[:, 2].min():
            break
    m = rng.normal(size=(count, 3))
    m /= np.linalg.norm(m, axis=1, keepdims=True)
    fields = [mg.Dipole(a, b).B(points) for a, b in zip(m, places, strict=True)]
    noise = min(float(np.sqrt(np.mean(B**2))) for B in fields) / 30.0
    B = sum(fields) + noise * rng.normal(size=points.shape)
    return Readings.vector(points, B, noise if told else None)


@functools.cache
def _helmet() -> tuple[np.ndarray, ...]:
    """Return places of 102 sensors, their axes, and two directions across."""
    i = np.arange(102) + 0.5
    z, a = 1.0 - 1.15 * i / 102, np.pi * (1.0 + 5.0**0.5) * i
    s = np.sqrt(1.0 - z * z)
    n = np.stack([s * np.cos(a), s * np.sin(a), z], axis=1)
    t = np.cross(n, [0.0, 0.3, 1.0])
    t /= np.linalg.norm(t, axis=1, keepdims=True)
    return 0.12 * n, n, t, np.cross(n, t)


def _readings(coil: mg.Dipole) -> Readings:
    """Return what 102 magnetometers and 204 planar gradiometers read of a coil, without noise."""
    where, n, *across = _helmet()
    readings = Readings.axis(where, n, np.sum(coil.B(where) * n, axis=1), _NOISE)
    for t in across:
        first, second = where - _BASELINE / 2.0 * t, where + _BASELINE / 2.0 * t
        read = np.sum((coil.B(second) - coil.B(first)) * n, axis=1)
        readings = readings + Readings.difference(first, _BASELINE * t, n, read, _NOISE)
    return readings


def _off(position: np.ndarray) -> dict[str, float]:
    return {"off, m": float(np.linalg.norm(position - _COIL.position))}


def _ours() -> Contender:
    readings = _readings(_COIL)
    return Contender(
        "fit_dipoles(readings)", lambda: fit_dipoles(readings), 1, lambda fit: _off(fit.position)
    )


def _mne() -> Contender:
    """MNE's fit of a coil, called as its `compute_chpi_locs` does, with its grid of guesses made beforehand."""
    from mne.chpi import _fit_magnetic_dipole
    from mne.forward import _magnetic_dipole_field_vec

    readings = _readings(_COIL)
    taps = readings.taps
    length = np.linalg.norm(taps.weights, axis=1)
    coils = (taps.points, taps.weights / length[:, None], length, taps.row)
    g = np.arange(-0.11, 0.111, 0.01)
    grid = np.stack(np.meshgrid(g, g, g), axis=-1).reshape(-1, 3)
    grid = grid[np.linalg.norm(grid, axis=1) < 0.115]
    whitener = np.eye(306) / _NOISE
    forward = _magnetic_dipole_field_vec(grid, coils, "info") @ whitener.T
    svd = np.linalg.svd(forward.reshape(len(grid), 3, -1), full_matrices=False)[2]
    guesses, start = {"rr": grid, "whitened_fwd_svd": svd}, np.zeros(3)
    return Contender(
        "_fit_magnetic_dipole, guesses made beforehand",
        lambda: _fit_magnetic_dipole(readings.values, start, "info", whitener, coils, guesses),
        1,
        lambda fit: _off(fit[0]),
    )


def _scipy() -> Contender:
    """Least squares with differences, of place and moment, from the middle of the helmet's upper half."""
    from scipy.optimize import least_squares

    readings = _readings(_COIL)
    problem = _problem(readings)
    taps, row = readings.taps, readings.taps.row
    unit = moment_unit(problem)

    def residuals(p: np.ndarray) -> np.ndarray:
        r = taps.points - p[:3] * problem.length
        d2 = np.sum(r * r, axis=1)
        m = p[3:] * unit * _NOISE
        B = 1e-7 * (3.0 * (r @ m)[:, None] * r / d2[:, None] - m) / d2[:, None] ** 1.5
        return (np.bincount(row, np.sum(B * taps.weights, axis=1)) - readings.values) / _NOISE

    start = np.array([0.0, 0.0, 0.3, 0.0, 0.0, 1.0])
    return Contender(
        "least_squares, differences, one start",
        lambda: least_squares(residuals, start, x_scale="jac", xtol=1e-12, ftol=1e-12, gtol=1e-12),
        1,
        lambda fit: _off(fit.x[:3] * problem.length),
    )


def _windows() -> Contender:
    readings = _readings(_COIL)
    values = readings.values + _NOISE * np.random.default_rng(8).normal(size=(1000, 306))
    return Contender(
        "fit_windows, 1000 of them",
        lambda: fit_windows(readings, values),
        1000,
        lambda fit: _off(fit.position.mean(axis=0)),
        mg.get_threads(),
    )


def _map() -> Contender:
    x = np.linspace(-1e-4, 1e-4, 60)
    points = np.stack(np.broadcast_arrays(x, x[:, None], 0.0), axis=-1).reshape(-1, 3)
    grain = mg.Dipole(moment=[1e-13, 0.0, 2e-13], position=[2e-5, -1e-5, -1.5e-5])
    Bz = grain.B(points)[:, 2]
    readings = Readings.axis(points, [0.0, 0.0, 1.0], Bz, 1e-3 * float(np.abs(Bz).max()))
    box = [[-1e-4, -1e-4, -1e-4], [1e-4, 1e-4, -2e-6]]
    return Contender(
        "fit_dipoles, 60 x 60 map",
        lambda: fit_dipoles(readings, volume=box),
        1,
        lambda fit: {"off, m": float(np.linalg.norm(fit.position - grain.position))},
    )


def speed(quick: bool, pace: Pace) -> Report:
    """One coil in a helmet of 306 channels beside MNE and SciPy; windows and a map besides."""
    entries = [
        Entry("magneton", _ours),
        Entry("mne", _mne),
        Entry("scipy", _scipy),
        Entry("magneton", _windows),
        Entry("magneton", _map),
    ]
    return compare("A dipole from 306 channels without noise, and other fits", entries, pace, "ms", 1e3)
