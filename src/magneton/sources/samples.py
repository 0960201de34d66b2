"""The registry of all sources, each with a few sample instances: what the law tests run over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from magneton.sources.base import Source
from magneton.sources.charges import MovingCharges
from magneton.sources.coil import Coil, HelmholtzPair
from magneton.sources.collection import Collection
from magneton.sources.cuboid import Cuboid
from magneton.sources.cylinder import Cylinder
from magneton.sources.ellipsoid import Ellipsoid
from magneton.sources.gauss import GaussCoefficients
from magneton.sources.loop import CircularLoop
from magneton.sources.multipoles import Multipole
from magneton.sources.points import Dipole, Dipoles, Pole, PolePair, UniformField
from magneton.sources.polyhedra import Tetrahedron, TriangularMesh
from magneton.sources.solenoid import Solenoid
from magneton.sources.sphere import Sphere
from magneton.sources.spinning import SpinningBody
from magneton.sources.voxels import CurrentDensity, Magnetization, PoleDensity
from magneton.sources.wires import CurveLoop, Polyline

_SQUARE = [[0.0, 0, 0], [1.0, 0, 0], [1.0, 1.0, 0.3], [0.0, 1.0, 0], [0.0, 0, 0]]
_QUADRUPOLE = ((1.0, (0.1, 0, 0)), (-1.0, (0, 0.1, 0)), (1.0, (-0.1, 0, 0)), (-1.0, (0, -0.1, 0)))
_VOXELS = [[0.0, 0, 0], [0.3, 0, 0], [0.1, 0.6, 0.4]]
_SIDES = [[0.5, 0, 0], [0, 0.5, 0], [-0.5, 0, 0], [0, -0.5, 0]]

_CORNERS = [[0.1, -0.2, 0.1], [0.4, 0.1, 0.0], [-0.1, 0.3, -0.1], [0.1, 0.1, 0.4]]
_GAUSS_G = [[0.0, 0, 0, 0], [-3.0, 0.4, 0, 0], [0.02, 0.05, -0.03, 0], [0.01, 0.0, 0.02, 0.01]]
_GAUSS_H = [[0.0, 0, 0, 0], [0.0, -0.7, 0, 0], [0.0, 0.03, 0.01, 0], [0.0, -0.02, 0.0, 0.01]]
_WEDGE = [[0, 0, 0], [0.4, 0, 0], [0, 0.3, 0], [0, 0, 0.2], [0.4, 0, 0.2], [0, 0.3, 0.2]]
_WEDGE_FACES = [
    [0, 2, 1], [3, 4, 5], [0, 1, 4], [0, 4, 3], [1, 2, 5], [1, 5, 4], [2, 0, 3], [2, 3, 5],
]  # fmt: skip
_AROUND = [[0, 1.0, 0], [-1.0, 0, 0], [0, -1.0, 0], [1.0, 0, 0]]


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
    Magnetization: lambda: [
        Magnetization(_VOXELS, [[1.0, 0, 2.0], [0, -1.0, 0.5], [0.3, 0.2, 0]], 0.06, (0.3, 0.5, 0.4))
    ],
    CurrentDensity: lambda: [
        CurrentDensity(_SIDES, [[0, 1.0, 0], [-1.0, 0, 0], [0, -1.0, 0], [1.0, 0, 0]], 0.02)
    ],
    PoleDensity: lambda: [PoleDensity(_VOXELS, [1.0, -3.0, 2.0], 0.06, (0.3, 0.5, 0.4))],
    Cuboid: lambda: [
        Cuboid((0.3, 0.4, 0.2), magnetization=(1.0, -0.5, 2.0)),
        Cuboid((0.5, 0.1, 0.3), magnetization=(0.0, 1.5, 0.0), position=(0.1, 0.0, -0.2)),
    ],
    Cylinder: lambda: [
        Cylinder(0.3, 0.4, magnetization=(1.0, -0.5, 2.0)),
        Cylinder(0.4, 0.05, magnetization=(2.0, 0.0, 1.0), position=(0.1, 0.0, -0.2)),
    ],
    Solenoid: lambda: [Solenoid(0.3, 0.5, 20.0, 1.5), Solenoid(0.4, 0.02, 3.0, -2.0, (0.1, 0.0, -0.2))],
    Coil: lambda: [Coil(0.2, 0.35, 0.4, 50.0, 0.5, (0.1, 0.0, -0.2))],
    HelmholtzPair: lambda: [
        HelmholtzPair(0.5, 10.0, 2.0),
        HelmholtzPair(0.4, 5.0, 1.0, 0.3, (0.1, 0.0, -0.2)),
    ],
    Tetrahedron: lambda: [Tetrahedron(_CORNERS, magnetization=(10.0, -5.0, 20.0))],
    TriangularMesh: lambda: [
        TriangularMesh(_WEDGE, _WEDGE_FACES, magnetization=(1.0, 3.0, 2.0), position=(-0.1, 0.1, 0.0))
    ],
    Sphere: lambda: [Sphere(0.4, magnetization=(1.0, -0.5, 2.0), position=(0.1, 0.0, -0.2))],
    Ellipsoid: lambda: [
        Ellipsoid((0.3, 0.5, 0.2), magnetization=(1.0, -0.5, 2.0)),
        Ellipsoid((0.5, 0.5, 0.05), magnetization=(0.0, 1.0, 2.0), position=(0.0, 0.1, 0.2)),
    ],
    # As many charges as make the part of the far field vanish that comes from their changing quadrupole.
    MovingCharges: lambda: [
        MovingCharges(2.0, [[0.3, 0, 0], [0, 0.3, 0], [-0.3, 0, 0], [0, -0.3, 0]], _AROUND, centre=(0, 0, 0))
    ],
    SpinningBody: lambda: [
        SpinningBody.ring(2.0, 1.0, 0.3, (0.0, 1.0, 2.0)),
        SpinningBody.disk(2.0, 1.0, 0.4, (0.0, 0.0, -3.0), position=(0.1, 0.0, 0.2)),
        SpinningBody.shell(2.0, 1.0, 0.3, (1.0, 1.0, 2.0)),
        SpinningBody.solid_sphere(2.0, 1.0, 0.4, (0.0, 1.0, 2.0)),
        SpinningBody.cylinder(2.0, 1.0, 0.3, 0.4, (0.5, 0.0, 2.0)),
    ],
    GaussCoefficients: lambda: [
        GaussCoefficients(_GAUSS_G, _GAUSS_H, 1.0),
        GaussCoefficients(_GAUSS_G, _GAUSS_H, 0.5, position=(0.1, 0.0, 0.05)),
    ],
    Multipole: lambda: [Multipole([_GAUSS_G, _GAUSS_H], (0.1, 0.0, 0.05))],
    Collection: lambda: [
        Collection([Dipole((1.0, 0, 0.5)), CircularLoop(0.5, 2.0, (0.0, 0.3, 0.0))]),
        Collection([Pole(strength, position) for strength, position in _QUADRUPOLE]),
    ],
}


def sample_sources() -> list[Source]:
    """Return sample instances of every registered kind of source."""
    return [source for samples in SAMPLES.values() for source in samples()]
