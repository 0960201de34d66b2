"""Things that have a magnetic moment or make a field: frozen objects with their capabilities."""

from magneton.sources.base import (
    Field,
    HasMoment,
    HasScalarPotential,
    HasVectorPotential,
    NotDefined,
    Source,
)
from magneton.sources.collection import Collection
from magneton.sources.loop import CircularLoop
from magneton.sources.points import Dipole, Dipoles, Pole, PolePair, UniformField
from magneton.sources.samples import sample_sources
from magneton.sources.wires import CurveLoop, Polyline, vector_area

__all__ = [
    "CircularLoop",
    "Collection",
    "CurveLoop",
    "Dipole",
    "Dipoles",
    "Field",
    "HasMoment",
    "HasScalarPotential",
    "HasVectorPotential",
    "NotDefined",
    "Pole",
    "PolePair",
    "Polyline",
    "Source",
    "UniformField",
    "sample_sources",
    "vector_area",
]
