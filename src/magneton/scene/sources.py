"""The sources a scene may hold: one model a kind, which knows its units and builds the object.

Points, wires, collections and images are here; `bodies` and `densities` have the rest, `fields` those that only
charges move in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from magneton.scene import bodies, densities, fields
from magneton.scene.errors import Keys
from magneton.scene.model import Name, exactly_one, type_names
from magneton.scene.quantities import Quantity, problem
from magneton.scene.source_base import ORIGIN, Current, Moment, SourceTable, Vector, Vectors


class DipoleTable(SourceTable):
    """A point dipole."""

    type: Literal["Dipole"]
    moment: Moment
    position: Vector = ORIGIN

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Dipole."""
        from magneton.sources import Dipole

        return Dipole(self.moment, self.position)


class DipolesTable(SourceTable):
    """Many point dipoles."""

    type: Literal["Dipoles"]
    moments: Annotated[list[list[float]], Quantity("A m^2", (None, 3))]
    positions: Vectors

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return Dipoles."""
        from magneton.sources import Dipoles

        return Dipoles(self.moments, self.positions)


class PoleTable(SourceTable):
    """One magnetic pole of the Gilbert picture."""

    type: Literal["Pole"]
    pole_strength: Annotated[float, Quantity("A m")]
    position: Vector = ORIGIN

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Pole."""
        from magneton.sources import Pole

        return Pole(self.pole_strength, self.position)


class PolePairTable(SourceTable):
    """A south and a north pole; `separation` is the vector from the south to the north pole."""

    type: Literal["PolePair"]
    pole_strength: Annotated[float, Quantity("A m")]
    separation: Vector
    position: Vector = ORIGIN

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a PolePair."""
        from magneton.sources import PolePair

        return PolePair(self.pole_strength, self.separation, self.position)


class CircularLoopTable(SourceTable):
    """A circular current, given by its moment, or by its current and axis."""

    type: Literal["CircularLoop"]
    radius: Annotated[float, Quantity("m", positive=True)]
    current: Annotated[float | None, Quantity("A")] = None
    moment: Annotated[list[float] | None, Quantity("A m^2", (3,), nonzero=True)] = None
    axis: Annotated[list[float] | None, Quantity("1", (3,), nonzero=True)] = None
    position: Vector = ORIGIN

    @model_validator(mode="after")
    def _check(self) -> CircularLoopTable:
        if exactly_one(self, "current", "moment") == "moment" and self.axis is not None:
            raise problem("goes with current only: the moment has a direction of its own", ("axis",))
        return self

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a CircularLoop."""
        from magneton.sources import CircularLoop

        if self.moment is not None:
            return CircularLoop.from_moment(self.radius, self.moment, self.position)
        if self.axis is not None:
            return CircularLoop.from_axis(self.radius, self.current, self.axis, self.position)
        return CircularLoop(self.radius, self.current, self.position)


class PolylineTable(SourceTable):
    """A current along straight segments; closed if the last vertex is the first, or `closed` says so."""

    type: Literal["Polyline"]
    vertices: Annotated[list[list[float]], Quantity("m", (None, 3), least=2)]
    current: Current
    closed: bool | None = None

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Polyline."""
        from magneton.sources import Polyline

        return Polyline(self.vertices, self.current, closed=self.closed)


class CurveLoopTable(SourceTable):
    """A current along a smooth closed curve through eight or more even samples, the first not repeated."""

    type: Literal["CurveLoop"]
    samples: Annotated[list[list[float]], Quantity("m", (None, 3), least=8)]
    current: Current

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a CurveLoop."""
        from magneton.sources import CurveLoop

        return CurveLoop(self.samples, self.current)


class UniformFieldTable(SourceTable):
    """A uniform background field."""

    type: Literal["UniformField"]
    B: Annotated[list[float], Quantity("T", (3,))]

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a UniformField."""
        from magneton.sources import UniformField

        return UniformField(self.B)


class CollectionTable(SourceTable):
    """Several sources of the scene taken together."""

    type: Literal["Collection"]
    sources: Annotated[list[Name], Field(min_length=1)]

    def members(self) -> dict[str, Keys]:
        """Return the names of the sources in it."""
        return {name: ("sources", i) for i, name in enumerate(self.sources)}

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Collection."""
        from magneton.sources import Collection

        return Collection([members[name] for name in self.sources])


class ImageTable(SourceTable):
    """The image of another source in the plane face of a body of iron; it moves and turns with that source."""

    type: Literal["Image"]
    of: Name
    normal: Annotated[list[float], Quantity("1", (3,), nonzero=True)]
    point: Vector = ORIGIN
    mu_r: Annotated[float | None, Quantity("1")] = None

    @model_validator(mode="after")
    def _check(self) -> ImageTable:
        if self.mu_r is not None and self.mu_r < 0.0:
            raise problem(f"must not be negative, got {self.mu_r:g}", ("mu_r",))
        if any(self.rotation):
            raise problem("an image has none of its own: turn the source, or the normal", ("rotation",))
        return self

    def members(self) -> dict[str, Keys]:
        """Return the name of the source before the plane."""
        return {self.of: ("of",)}

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return the image."""
        from magneton.interactions.images import image

        mu_r = math.inf if self.mu_r is None else self.mu_r
        return image(members[self.of], self.point, self.normal, mu_r)


_Union = (
    DipoleTable
    | DipolesTable
    | PoleTable
    | PolePairTable
    | CircularLoopTable
    | PolylineTable
    | CurveLoopTable
    | UniformFieldTable
    | CollectionTable
    | ImageTable
    | bodies.CuboidTable
    | bodies.CylinderTable
    | bodies.SphereTable
    | bodies.EllipsoidTable
    | bodies.TetrahedronTable
    | bodies.TriangularMeshTable
    | bodies.SolenoidTable
    | bodies.CoilTable
    | bodies.HelmholtzPairTable
    | densities.MagnetizationTable
    | densities.CurrentDensityTable
    | densities.PoleDensityTable
    | densities.MovingChargesTable
    | densities.SpinningBodyTable
    | densities.EarthTable
    | densities.PlanetTable
    | fields.UniformETable
    | fields.ParallelETable
    | fields.ParaxialBottleTable
    | fields.MagneticBottleTable
    | fields.LinearGradientTable
    | fields.LinearFieldTable
    | fields.HarrisSheetTable
    | fields.SheetStepTable
    | fields.SheetRowTable
    | fields.FluxTubeTable
    | fields.TokamakTable
    | fields.VaryingUniformFieldTable
    | fields.CircularWaveTable
    | fields.PlaneWaveTable
    | fields.GriddedFieldTable
)
AnySource = Annotated[_Union, Field(discriminator="type")]
SOURCE_TYPES = type_names(_Union)
