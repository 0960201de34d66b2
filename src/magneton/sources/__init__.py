"""Things that have a magnetic moment or make a field: frozen objects with their capabilities.

Each kind is loaded, and its kernels with it, when its name is first used.
"""

from __future__ import annotations

from magneton._lazy import lazy_names

#: Public name -> the module of this room that defines it.
HOMES = {
    "Source": "base",
    "NotDefined": "base",
    "Field": "base",
    "HasMoment": "base",
    "HasScalarPotential": "base",
    "HasVectorPotential": "base",
    "Dipole": "points",
    "Dipoles": "points",
    "Pole": "points",
    "PolePair": "points",
    "UniformField": "points",
    "CircularLoop": "loop",
    "Polyline": "wires",
    "CurveLoop": "wires",
    "vector_area": "wires",
    "Collection": "collection",
    "Magnetization": "voxels",
    "CurrentDensity": "voxels",
    "PoleDensity": "voxels",
    "Cuboid": "cuboid",
    "Cylinder": "cylinder",
    "Solenoid": "solenoid",
    "Coil": "coil",
    "HelmholtzPair": "coil",
    "Tetrahedron": "polyhedra",
    "TriangularMesh": "polyhedra",
    "Sphere": "sphere",
    "Ellipsoid": "ellipsoid",
    "MovingCharges": "charges",
    "SpinningBody": "spinning",
    "demagnetizing_factors": "demagnetizing",
    "mean_field_in_sphere": "mean_field",
    "moment_from_energy": "from_energy",
    "GaussCoefficients": "gauss",
    "earth": "planets",
    "planet": "planets",
    "planet_sources": "planets",
    "Multipole": "multipoles",
    "dipole_range": "far_dipole",
    "sample_sources": "samples",
}

__all__ = list(HOMES)
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{home}" for name, home in HOMES.items()})
