"""Scene tables of bodies with a shape: magnets, solenoids and coils."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import model_validator

from magneton.scene.model import Text, exactly_one
from magneton.scene.quantities import Quantity, problem
from magneton.scene.source_base import ORIGIN, Current, SourceTable, Vector

Length = Annotated[float, Quantity("m", positive=True)]
_Polarization = Annotated[list[float] | None, Quantity("T", (3,))]


class MagnetTable(SourceTable):
    """A uniformly magnetized body; the magnetization turns with it."""

    magnetization: Annotated[list[float] | None, Quantity("A/m", (3,))] = None
    polarization: _Polarization = None
    remanence: _Polarization = None
    grade: Text | None = None
    direction: Annotated[list[float] | None, Quantity("1", (3,), nonzero=True)] = None
    position: Vector = ORIGIN

    @model_validator(mode="after")
    def _check_magnetization(self) -> MagnetTable:
        way = exactly_one(self, "magnetization", "polarization", "remanence", "grade")
        if way == "grade":
            from magneton.sources.grades import remanence_of_grade

            try:
                remanence_of_grade(self.grade)
            except ValueError as error:
                raise problem(str(error).removeprefix("grade "), ("grade",)) from None
        if (self.direction is not None) != (way == "grade"):
            raise problem("goes with grade, and grade with direction", ("direction",))
        return self

    def _magnet(self, kind: str, *geometry: Any) -> Any:
        """Return a magnet of this kind."""
        import magneton.sources

        names = ("magnetization", "polarization", "remanence", "grade", "direction", "position")
        given = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return getattr(magneton.sources, kind)(*geometry, **given)


class CuboidTable(MagnetTable):
    """A cuboid magnet; `dimension` holds its edges."""

    type: Literal["Cuboid"]
    dimension: Annotated[list[float], Quantity("m", (3,))]

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Cuboid."""
        return self._magnet("Cuboid", self.dimension)


class CylinderTable(MagnetTable):
    """A cylinder magnet, its axis along z."""

    type: Literal["Cylinder"]
    radius: Length
    height: Length

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Cylinder."""
        return self._magnet("Cylinder", self.radius, self.height)


class SphereTable(MagnetTable):
    """A spherical magnet."""

    type: Literal["Sphere"]
    radius: Length

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Sphere."""
        return self._magnet("Sphere", self.radius)


class EllipsoidTable(MagnetTable):
    """An ellipsoidal magnet, its semi-axes along x, y, z."""

    type: Literal["Ellipsoid"]
    semi_axes: Annotated[list[float], Quantity("m", (3,))]

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return an Ellipsoid."""
        return self._magnet("Ellipsoid", self.semi_axes)


class TetrahedronTable(MagnetTable):
    """A tetrahedral magnet."""

    type: Literal["Tetrahedron"]
    vertices: Annotated[list[list[float]], Quantity("m", (4, 3))]

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Tetrahedron."""
        return self._magnet("Tetrahedron", self.vertices)


class TriangularMeshTable(MagnetTable):
    """A magnet within a closed mesh: vertices and faces, or an STL file and what one of its units is in metres."""

    type: Literal["TriangularMesh"]
    vertices: Annotated[list[list[float]] | None, Quantity("m", (None, 3), least=4)] = None
    faces: list[list[int]] | None = None
    stl: Text | None = None
    scale: Annotated[float | None, Quantity("m", positive=True)] = None

    @model_validator(mode="after")
    def _check(self) -> TriangularMeshTable:
        if exactly_one(self, "vertices", "stl") == "vertices":
            if self.faces is None:
                raise problem("required with vertices: three indices a face", ("faces",))
        elif self.faces is not None:
            raise problem("goes with vertices; an STL file has its own", ("faces",))
        elif self.scale is None:
            message = (
                "required with stl: the length of the file's unit, such as '1 mm'; an STL file does not say"
            )
            raise problem(message, ("scale",))
        if self.vertices is not None and self.scale is not None:
            raise problem("goes with stl", ("scale",))
        return self

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a TriangularMesh."""
        if self.stl is None:
            return self._magnet("TriangularMesh", self.vertices, self.faces)
        from magneton.sources import TriangularMesh

        mesh = TriangularMesh.from_stl(Path(self.stl), scale=self.scale, magnetization=[0.0, 0.0, 1.0])
        return self._magnet("TriangularMesh", mesh.vertices, mesh.faces)


class SolenoidTable(SourceTable):
    """A thin solenoid, its axis along z."""

    type: Literal["Solenoid"]
    radius: Length
    length: Length
    turns: Annotated[float, Quantity("1", positive=True)]
    current: Current
    position: Vector = ORIGIN

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Solenoid."""
        from magneton.sources import Solenoid

        return Solenoid(self.radius, self.length, self.turns, self.current, self.position)


class CoilTable(SourceTable):
    """A coil with a rectangular winding cross-section, its axis along z."""

    type: Literal["Coil"]
    inner_radius: Length
    outer_radius: Length
    length: Length
    turns: Annotated[float, Quantity("1", positive=True)]
    current: Current
    position: Vector = ORIGIN

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Coil."""
        from magneton.sources import Coil

        return Coil(
            self.inner_radius, self.outer_radius, self.length, self.turns, self.current, self.position
        )


class HelmholtzPairTable(SourceTable):
    """Two equal loops on the z axis, by default one radius apart."""

    type: Literal["HelmholtzPair"]
    radius: Length
    turns: Annotated[float, Quantity("1", positive=True)]
    current: Current
    separation: Annotated[float | None, Quantity("m", positive=True)] = None
    position: Vector = ORIGIN

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a HelmholtzPair."""
        from magneton.sources import HelmholtzPair

        pair = HelmholtzPair(self.radius, self.turns, self.current, self.separation)
        return pair.translated(self.position)
