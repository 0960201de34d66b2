"""The registry of all sources, each with a few sample instances: what the law tests run over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from magneton.sources.base import Source
from magneton.sources.collection import Collection
from magneton.sources.loop import CircularLoop
from magneton.sources.points import Dipole, Dipoles, Pole, PolePair, UniformField
from magneton.sources.wires import CurveLoop, Polyline

_SQUARE = [[0.0, 0, 0], [1.0, 0, 0], [1.0, 1.0, 0.3], [0.0, 1.0, 0], [0.0, 0, 0]]
_QUADRUPOLE = ((1.0, (0.1, 0, 0)), (-1.0, (0, 0.1, 0)), (1.0, (-0.1, 0, 0)), (-1.0, (0, -0.1, 0)))


def _bent_ellipse(t: np.ndarray) -> np.ndarray:
    return np.stack([np.cos(t), 1.4 * np.sin(t), 0.2 * np.sin(2 * t)], axis=-1)


#: Every kind of source, with a function that makes samples of it.
SAMPLES: dict[type[Source], Callable[[], Sequence[Source]]] = {
    Dipole: lambda: [Dipole((0.3, -0.2, 1.1)), Dipole((2.0, 0.0, 0.0), (0.1, 0.2, -0.3))],
    Dipoles: lambda: [Dipoles([[1.0, 0, 0], [0, 2.0, 0.5]], [[0.0, 0, 0.2], [0.3, 0, 0]])],
    Pole: lambda: [Pole(1.5, (0.1, 0.0, 0.2))],
    PolePair: lambda: [PolePair(2.0, (0.1, 0.05, -0.2), (0.0, 0.1, 0.1))],
    UniformField: lambda: [UniformField((0.0, 1e-5, 4e-5), (0.1, 0.0, 0.0))],
    CircularLoop: lambda: [
        CircularLoop(1.0, 2.0),
        CircularLoop.from_moment(0.1, (1.0, -2.0, 0.5), (0.2, 0.1, 0.0)),
    ],
    Polyline: lambda: [Polyline(_SQUARE, 1.5)],
    CurveLoop: lambda: [CurveLoop(_bent_ellipse, 0.7)],
    Collection: lambda: [
        Collection([Dipole((1.0, 0, 0.5)), CircularLoop(0.5, 2.0, (0.0, 0.3, 0.0))]),
        Collection([Pole(strength, position) for strength, position in _QUADRUPOLE]),
    ],
}


def sample_sources() -> list[Source]:
    """Return sample instances of every registered kind of source."""
    return [source for samples in SAMPLES.values() for source in samples()]
