"""The registry of all model fields, each with a few sample instances: what the law tests run over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.orbits.fields._shared import along
from magneton.orbits.fields.base import TimedField
from magneton.orbits.fields.bottle import ParaxialBottle
from magneton.orbits.fields.electric import ParallelE, UniformE
from magneton.orbits.fields.gridded import GriddedField
from magneton.orbits.fields.linear import LinearField, LinearGradient
from magneton.orbits.fields.sheets import HarrisSheet, SheetRow, SheetStep
from magneton.orbits.fields.tube import FluxTube, Tokamak
from magneton.orbits.fields.varying import VaryingUniformField
from magneton.orbits.fields.waves import CircularWave, PlaneWave


@dataclass(frozen=True, eq=False)
class Sample:
    """A field, and where to look at it.

    Attributes
    ----------
    field : TimedField
        The field.
    length, duration : float, metre and second
        Over which it changes: what difference steps are measured in.
    centre : array_like, shape (3,), metre
        Points lie within a few lengths of it, in global axes.
    middle : float, second
        Times lie within a few durations of it.
    """

    field: TimedField
    length: float
    duration: float
    centre: Any = (0.0, 0.0, 0.0)
    middle: float = 0.0

    def points(self, count: int, seed: int = 20261121) -> tuple[np.ndarray, np.ndarray]:
        """Return points, shape (count, 3), and times, shape (count,), about the centre and the middle."""
        rng = np.random.default_rng(seed)
        points = self.length * rng.uniform(-1.5, 1.5, size=(count, 3))
        times = self.middle + self.duration * rng.uniform(-1.5, 1.5, size=count)
        return np.asarray(self.centre) + points, times


_TILTED = along([0.4, -0.3, 0.8])
_GRADIENT = np.array([[0.4, 0.1, -0.5], [0.3, -1.1, 0.2], [0.7, 0.6, 0.7]])
_PLATEAUS = np.array([[1.0, 0.2, 0.4], [-0.7, 0.5, 0.4], [0.3, -0.9, 0.4], [0.8, 0.1, 0.4]])
_STEP = ((-1.0, 0.2, 0.3), (0.6, 0.9, 0.3))


def _varying(s: float) -> list[Sample]:
    fields = [
        VaryingUniformField.linear(1.0, 0.3 / s),
        VaryingUniformField.exponential(1.0, -0.4 / s, position=(0.3 * s, 0.0, 0.0)),
        VaryingUniformField.sinusoidal(1.0, 0.3, 1.2 / s, 0.4, orientation=_TILTED),
        VaryingUniformField.transition(0.8, 1.7, 0.9 / s),
    ]
    return [Sample(field, s, s) for field in fields]


def _sheets(s: float) -> list[Sample]:
    place = {"position": (0.1 * s, 0.0, -0.2 * s), "orientation": _TILTED}
    return [
        Sample(SheetStep(*_STEP, 0.8 * s), s, s),
        Sample(SheetStep(*_STEP, 4.0 * s, "linear", **place), s, s),
    ]


def _waves(s: float) -> list[Sample]:
    return [
        Sample(PlaneWave((0.7 / s, -0.4 / s, 0.0), 1.3 / s, (0.0, 0.0, 1.0), (0.2, 0.35, 0.0)), s, s),
        Sample(
            PlaneWave.at_angle(0.5, 0.9 / s, 1.1 / s, 0.6, 0.7, phase=0.3, ramp=6.0 * s), s, s, middle=3.0 * s
        ),
    ]


def _gridded(s: float) -> list[Sample]:
    axis = np.linspace(-4.0 * s, 4.0 * s, 9)
    x, y, z = np.meshgrid(axis / s, axis / s, axis / s, indexing="ij")
    B = np.stack([0.2 * y * z - 0.1 * x * x, 0.2 * x * y + 0.1 * z * z, 0.1 * x * x - 0.2 * y], axis=-1)
    potential = s * (0.3 * x * y + 0.1 * z**2)
    place = {"position": (0.2 * s, 0.0, 0.0), "orientation": _TILTED}
    return [
        Sample(GriddedField(axis, axis, axis, B), s, s),
        Sample(GriddedField(axis, axis, axis, B, potential, **place), s, s),
    ]


#: Every kind of model field, with a function that makes samples of it in a unit of length and of time: the fields of
#: two units agree at points and times of equal numbers. `CompiledFunction` is what its user makes of it.
SAMPLES: dict[type[TimedField], Callable[[float], Sequence[Sample]]] = {
    UniformE: lambda s: [Sample(UniformE((0.3, -0.2, 1.0), position=(s, 0.0, 0.0)), s, s)],
    ParallelE: lambda s: [
        Sample(ParallelE(0.7 * s, 0.9 * s, "step"), s, s),
        Sample(ParallelE(-0.4 * s, 1.3 * s, "hill", position=(0.0, 0.0, 0.4 * s), orientation=_TILTED), s, s),
        Sample(ParallelE(0.3 * s, 0.5 * s, "linear"), s, s),
    ],
    VaryingUniformField: _varying,
    LinearGradient: lambda s: [Sample(LinearGradient(1.0, 0.4 / s, position=(0.0, 0.2 * s, 0.1 * s)), s, s)],
    GriddedField: _gridded,
    LinearField: lambda s: [Sample(LinearField((0.2, 0.5, 1.0), _GRADIENT / s, orientation=_TILTED), s, s)],
    ParaxialBottle: lambda s: [
        Sample(ParaxialBottle(1.2, 2.0 * s), s, s),
        Sample(ParaxialBottle(-0.7, 1.5 * s, position=(0.2 * s, 0.1 * s, 0.0), orientation=_TILTED), s, s),
    ],
    FluxTube: lambda s: [
        Sample(FluxTube.gold_hoyle(1.1, 0.8 / s), s, s),
        Sample(FluxTube(0.6, 1.5 * s, -0.3 / s, position=(0.3 * s, 0.0, 0.0), orientation=_TILTED), s, s),
    ],
    Tokamak: lambda s: [
        Sample(Tokamak(1.0, 4.0 * s, 1.3, 1.5 * s), s, s, (0.0, 4.0 * s, 0.0)),
        Sample(Tokamak(1.0, 4.0 * s, -2.0, position=(s, 0.0, 0.0)), s, s, (-3.0 * s, 0.0, 0.0)),
    ],
    HarrisSheet: lambda s: [Sample(HarrisSheet(1.0, 0.7 * s, 0.2, 0.3), s, s)],
    SheetStep: _sheets,
    SheetRow: lambda s: [
        Sample(SheetRow((-s, 0.2 * s, 0.9 * s), (0.8 * s, 0.9 * s, 0.7 * s), _PLATEAUS), s, s),
        Sample(SheetRow.random(40, 0.5 * s, (0.8 * s, 1.2 * s), 0.3, 1.0, seed=3), s, s, (0.0, 0.0, 9.0 * s)),
    ],
    CircularWave: lambda s: [
        Sample(CircularWave(0.4, 0.8 / s, 1.1 / s), s, s),
        Sample(CircularWave(0.4, -0.8 / s, 1.1 / s, "left", 0.5, 6.0 * s, orientation=_TILTED), s, s, middle=3.0 * s),
        Sample(CircularWave(0.3, 0.9 / s, 0.0), s, s),
    ],
    PlaneWave: _waves,
}  # fmt: skip


def sample_fields(unit: float = 1.0) -> list[Sample]:
    """Return samples of every model field, in a unit of length (m) and of time (s)."""
    return [sample for samples in SAMPLES.values() for sample in samples(unit)]
