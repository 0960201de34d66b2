"""Random bodies of all kinds that can be sources and targets, of about the size one."""

import numpy as np
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, Coil, Cuboid, Cylinder, Dipole, Solenoid, Sphere, Tetrahedron
from magneton.sources import Ellipsoid, TriangularMesh

_WEDGE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [0, 1, 1]], dtype=float)
_FACES = [[0, 2, 1], [3, 4, 5], [0, 1, 4], [0, 4, 3], [1, 2, 5], [1, 5, 4], [2, 0, 3], [2, 3, 5]]


def _cuboid(rng):
    return Cuboid(rng.uniform(0.3, 1.0, 3), magnetization=rng.normal(size=3))


def _cylinder(rng):
    return Cylinder(rng.uniform(0.2, 0.5), rng.uniform(0.3, 1.0), magnetization=rng.normal(size=3))


def _ellipsoid(rng):
    return Ellipsoid(rng.uniform(0.2, 0.5, 3), magnetization=rng.normal(size=3))


def _tetrahedron(rng):
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]) + 0.3 * rng.uniform(-1, 1, (4, 3))
    return Tetrahedron(corners, magnetization=rng.normal(size=3))


def _wedge(rng):
    return TriangularMesh(_WEDGE * rng.uniform(0.4, 1.0, 3), _FACES, magnetization=rng.normal(size=3))


#: Name -> a function of a random generator.
KINDS = {
    "Dipole": lambda rng: Dipole(rng.normal(size=3)),
    "Sphere": lambda rng: Sphere(rng.uniform(0.2, 0.5), magnetization=rng.normal(size=3)),
    "CircularLoop": lambda rng: CircularLoop(rng.uniform(0.3, 0.6), rng.normal()),
    "Cuboid": _cuboid,
    "Cylinder": _cylinder,
    "Ellipsoid": _ellipsoid,
    "Tetrahedron": _tetrahedron,
    "TriangularMesh": _wedge,
    "Solenoid": lambda rng: Solenoid(rng.uniform(0.2, 0.5), rng.uniform(0.3, 1.0), 10.0, rng.normal()),
    "Coil": lambda rng: Coil(0.2, rng.uniform(0.3, 0.5), rng.uniform(0.3, 1.0), 10.0, rng.normal()),
}


def random_body(rng, spread, kind=None):
    """Return a random body, turned and moved at random by about `spread` sizes."""
    kind = kind or list(KINDS)[rng.integers(len(KINDS))]
    body = KINDS[kind](rng)
    turned = body.rotated(Rotation.from_rotvec(rng.normal(size=3)))
    return turned.translated(spread * rng.normal(size=3))
