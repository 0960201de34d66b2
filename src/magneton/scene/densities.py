"""Scene tables of densities on voxels, of charges, and of planets."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import model_validator

from magneton.scene.model import Text
from magneton.scene.quantities import Quantity, problem
from magneton.scene.source_base import ORIGIN, SourceTable, Vector, Vectors

_Volumes = Annotated[float, Quantity("m^3", positive=True)]
_Edges = Annotated[list[float] | None, Quantity("m", (3,))]
_Mass = Annotated[float, Quantity("kg", positive=True)]


def _same_count(table: Any, *keys: str) -> None:
    """Raise unless these lists of a table are equally long."""
    first = len(getattr(table, keys[0]))
    for key in keys[1:]:
        values = getattr(table, key)
        if values is not None and len(values) != first:
            raise problem(f"must have one entry for each of {keys[0]}, got {len(values)} for {first}", (key,))


class VoxelTable(SourceTable):
    """Voxels of one volume; cubes, unless they form a regular grid or `edges` says otherwise."""

    points: Vectors
    volume: _Volumes
    edges: _Edges = None
    position: Vector = ORIGIN


class MagnetizationTable(VoxelTable):
    """Magnetized voxels."""

    type: Literal["Magnetization"]
    magnetization: Annotated[list[list[float]], Quantity("A/m", (None, 3))]

    @model_validator(mode="after")
    def _check(self) -> MagnetizationTable:
        _same_count(self, "points", "magnetization")
        return self

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a Magnetization."""
        from magneton.sources import Magnetization

        return Magnetization(self.points, self.magnetization, self.volume, self.edges, self.position)


class CurrentDensityTable(VoxelTable):
    """Voxels that carry a current density."""

    type: Literal["CurrentDensity"]
    current_density: Annotated[list[list[float]], Quantity("A/m^2", (None, 3))]

    @model_validator(mode="after")
    def _check(self) -> CurrentDensityTable:
        _same_count(self, "points", "current_density")
        return self

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a CurrentDensity."""
        from magneton.sources import CurrentDensity

        return CurrentDensity(self.points, self.current_density, self.volume, self.edges, self.position)


class PoleDensityTable(VoxelTable):
    """Voxels that hold a density of magnetic poles."""

    type: Literal["PoleDensity"]
    density: Annotated[list[float], Quantity("A/m^2", (None,))]

    @model_validator(mode="after")
    def _check(self) -> PoleDensityTable:
        _same_count(self, "points", "density")
        return self

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a PoleDensity."""
        from magneton.sources import PoleDensity

        return PoleDensity(self.points, self.density, self.volume, self.edges, self.position)


class MovingChargesTable(SourceTable):
    """Slow point charges at an instant."""

    type: Literal["MovingCharges"]
    charges: Annotated[list[float], Quantity("C", (None,))]
    positions: Vectors
    velocities: Annotated[list[list[float]], Quantity("m/s", (None, 3))]
    masses: Annotated[list[float] | None, Quantity("kg", (None,))] = None

    @model_validator(mode="after")
    def _check(self) -> MovingChargesTable:
        _same_count(self, "charges", "positions", "velocities", "masses")
        return self

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return MovingCharges."""
        from magneton.sources import MovingCharges

        return MovingCharges(self.charges, self.positions, self.velocities, self.masses)


class SpinningBodyTable(SourceTable):
    """A charged body that spins: a ring, disk, shell, solid sphere or cylinder."""

    type: Literal["SpinningBody"]
    shape: Literal["ring", "disk", "shell", "solid_sphere", "cylinder"]
    charge: Annotated[float, Quantity("C")]
    mass: _Mass
    radius: Annotated[float, Quantity("m", positive=True)]
    length: Annotated[float | None, Quantity("m", positive=True)] = None
    angular_velocity: Annotated[list[float], Quantity("rad/s", (3,))]
    position: Vector = ORIGIN

    @model_validator(mode="after")
    def _check(self) -> SpinningBodyTable:
        if (self.length is not None) != (self.shape == "cylinder"):
            raise problem("goes with the shape cylinder, and only with it", ("length",))
        return self

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a SpinningBody."""
        from magneton.sources import SpinningBody

        given = {"length": self.length} if self.length is not None else {}
        return getattr(SpinningBody, self.shape)(
            charge=self.charge,
            mass=self.mass,
            radius=self.radius,
            angular_velocity=self.angular_velocity,
            position=self.position,
            **given,
        )


class EarthTable(SourceTable):
    """The Earth's main field by the IGRF at a date: ISO text, a TOML date, or a decimal year."""

    type: Literal["Earth"]
    date: Text | float | int | datetime.date | datetime.datetime
    position: Vector = ORIGIN

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return the field's GaussCoefficients."""
        from magneton import earth

        return earth(self.date).translated(self.position)


class PlanetTable(SourceTable):
    """The main field of a planet or moon, by name."""

    type: Literal["Planet"]
    name: Text
    position: Vector = ORIGIN

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return the field's GaussCoefficients."""
        from magneton import planet

        return planet(self.name).translated(self.position)
