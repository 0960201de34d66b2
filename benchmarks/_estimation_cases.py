"""Measurements to simulate: eight set-ups of sensors and dipoles.

How far "far" is and how noisy "few sensors" are was chosen after trial runs of 400 on the same seeds, so that the
linear covariance fails there; everything else was fixed before any result was seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from magneton import Dipole
from magneton.estimation import MomentEstimate, Readings, RotatingRig, fit_dipoles

_AMBIENT = np.array([20e-6, 5e-6, -40e-6])


@dataclass(frozen=True)
class Case:
    """One set-up.

    Attributes
    ----------
    name : str
        As printed.
    positions, moments : ndarray, shape (n, 3)
        The truth.
    perfect : ndarray
        What sensors without noise read.
    noise : float
        Its standard deviation, in T.
    readings : callable
        Readings of values and of a noise, which may be None.
    bound : bool
        Whether the linear regions are to cover, and the scatter to be that of the Cramer-Rao bound; if not, the regions
        of the profile likelihood are to cover.
    told : bool
        Whether the fit is told the noise.
    outliers : float
        The part of readings that is wrong, by 20 to 200 standard deviations.
    options : dict
        For `fit_dipoles`.
    """

    name: str
    positions: np.ndarray
    moments: np.ndarray
    perfect: np.ndarray
    noise: float
    readings: Callable[[np.ndarray, float | None], Readings]
    bound: bool = True
    told: bool = True
    outliers: float = 0.0
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Whether the bound of Cramer and Rao is that of the fit: without outliers."""
        return self.bound and not self.outliers

    def values(self, rng: np.random.Generator) -> np.ndarray:
        """Return what is read once."""
        z = rng.standard_normal(self.perfect.shape)
        if self.outliers:
            wrong = rng.random(z.shape) < self.outliers
            size = rng.uniform(20.0, 200.0, z.shape) * np.where(rng.random(z.shape) < 0.5, -1.0, 1.0)
            z = np.where(wrong, size, z)
        return self.perfect + self.noise * z

    def fit(self, values: np.ndarray, **more: Any) -> MomentEstimate:
        """Return the estimate."""
        readings = self.readings(values, self.noise if self.told else None)
        return fit_dipoles(readings, n_dipoles=len(self.positions), **self.options, **more)


def _plane(count: int, pitch: float) -> np.ndarray:
    x = (np.arange(count) - 0.5 * (count - 1)) * pitch
    grid = np.stack(np.meshgrid(x, x, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.column_stack([grid, np.zeros(len(grid))])


def _field(points: np.ndarray, positions: np.ndarray, moments: np.ndarray) -> np.ndarray:
    return sum(Dipole(moment=m, position=p).B(points) for p, m in zip(positions, moments, strict=True))


def _vectors(name: str, points: np.ndarray, places: Any, moments: Any, noise: float, **more: Any) -> Case:
    """Return a set-up of vector sensors; `ambient` is added to what they read."""
    positions, truth = np.atleast_2d(places), np.atleast_2d(moments)
    perfect = _field(points, positions, truth) + more.pop("ambient", 0.0)
    return Case(name, positions, truth, perfect, noise, lambda B, s: Readings.vector(points, B, s), **more)


def _scalar() -> Case:
    points, position, moment = _plane(8, 0.4), np.array([[0.2, -0.1, -1.0]]), np.array([[2.0, -3.0, 4.0]])
    B = np.linalg.norm(_AMBIENT + _field(points, position, moment), axis=1)

    def readings(values: np.ndarray, noise: float | None) -> Readings:
        return Readings.total_field(points, values, noise, ambient=_AMBIENT)

    return Case("scalar data", position, moment, B, 1e-9, readings)


def _rig() -> Case:
    rig = RotatingRig(probes=[[0.4, 0.0, 0.1], [0.6, 0.0, -0.1]])
    angles = np.radians(np.arange(0, 360, 20))
    position, moment = np.array([[0.05, 0.02, 0.03]]), np.array([[0.1, 0.05, 0.2]])
    B = rig.field(Dipole(moment=moment[0], position=position[0]), angles) + _AMBIENT

    def readings(values: np.ndarray, noise: float | None) -> Readings:
        return rig.readings(angles, values, noise)

    return Case("rotating rig", position, moment, B, 1e-9, readings, options={"background": "uniform"})


def cases() -> list[Case]:
    """Return the eight set-ups, in the order of the table."""
    small, m = _plane(4, 0.02), [0.06, 0.0, 0.08]
    three = np.array([[0.1, 0.0, 0.0], [-0.05, 0.09, 0.02], [-0.04, -0.08, -0.03]])
    pair = [[-0.035, 0.01, 0.05], [0.03, -0.015, 0.06]], [[0.06, 0.0, 0.08], [0.0, 0.05, -0.06]]
    robust = {"told": False, "outliers": 0.05, "options": {"loss": "tukey"}}
    return [
        _vectors("near", small, [0.01, -0.005, 0.05], m, 50e-9),
        _vectors("far", small, [0.01, -0.005, 0.4], m, 50e-9, bound=False),
        _vectors("few sensors", three, [0.02, 0.01, 0.03], m, 2e-6, bound=False),
        _vectors(
            "background",
            small,
            [0.01, -0.005, 0.08],
            m,
            50e-9,
            ambient=_AMBIENT,
            options={"background": "uniform"},
        ),
        _vectors("5 % outliers", _plane(6, 0.02), [0.01, -0.005, 0.06], m, 50e-9, **robust),
        _scalar(),
        _vectors("two dipoles", _plane(6, 0.02), *pair, 50e-9),
        _rig(),
    ]
