"""Magnetic moments: find them, use them, follow them. SI throughout.

Rooms load on first use: ``import magneton`` loads neither numba nor a plotting library.
"""

from __future__ import annotations

import importlib
from typing import Any

from magneton._version import __version__

_ROOMS = (
    "constants",
    "dynamics",
    "estimation",
    "interactions",
    "interop",
    "numerics",
    "orbits",
    "plot",
    "quantum",
    "runs",
    "scene",
    "sources",
    "summation",
    "units",
)

#: Public name -> the module that defines it.
_HOMES = {
    "CircularLoop": "magneton.sources",
    "Collection": "magneton.sources",
    "CurveLoop": "magneton.sources",
    "Coil": "magneton.sources",
    "Cuboid": "magneton.sources",
    "Cylinder": "magneton.sources",
    "Dipole": "magneton.sources",
    "Dipoles": "magneton.sources",
    "Pole": "magneton.sources",
    "PolePair": "magneton.sources",
    "HelmholtzPair": "magneton.sources",
    "Polyline": "magneton.sources",
    "Solenoid": "magneton.sources",
    "Tetrahedron": "magneton.sources",
    "TriangularMesh": "magneton.sources",
    "UniformField": "magneton.sources",
    "Magnetization": "magneton.sources",
    "CurrentDensity": "magneton.sources",
    "PoleDensity": "magneton.sources",
    "Sphere": "magneton.sources",
    "Ellipsoid": "magneton.sources",
    "MovingCharges": "magneton.sources",
    "SpinningBody": "magneton.sources",
    "demagnetizing_factors": "magneton.sources",
    "mean_field_in_sphere": "magneton.sources",
    "moment_from_energy": "magneton.sources",
    "GaussCoefficients": "magneton.sources",
    "earth": "magneton.sources",
    "planet": "magneton.sources",
    "Multipole": "magneton.sources",
    "dipole_range": "magneton.sources",
    "vector_area": "magneton.sources",
    "BodySystem": "magneton.interactions",
    "MomentSystem": "magneton.interactions",
    "dipole_energy": "magneton.interactions",
    "dipole_force": "magneton.interactions",
    "dipole_torque": "magneton.interactions",
    "energy": "magneton.interactions",
    "equilibrium": "magneton.interactions",
    "force": "magneton.interactions",
    "force_on_dipole": "magneton.interactions",
    "image": "magneton.interactions",
    "induced_moments": "magneton.interactions",
    "interaction": "magneton.interactions",
    "magnetized": "magneton.interactions",
    "mutual_inductance": "magneton.interactions",
    "polarizability": "magneton.interactions",
    "rest_position": "magneton.interactions",
    "self_inductance": "magneton.interactions",
    "stiffness": "magneton.interactions",
    "torque": "magneton.interactions",
    "from_magpylib": "magneton.interop",
    "to_xarray": "magneton.interop",
    "show": "magneton.plot",
    "get_threads": "magneton._jit",
    "set_threads": "magneton._jit",
}

__all__ = ["__version__", *_HOMES, *_ROOMS]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    if name in _ROOMS:
        return importlib.import_module(f"magneton.{name}")
    raise AttributeError(f"module 'magneton' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
