"""Scene tables of the fields that charges move in besides sources: bottles, sheets, waves, electric fields.

Each stands among the sources and takes its keys from the class of its name in `magneton.orbits.fields`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import model_validator

from magneton.scene.model import Text
from magneton.scene.quantities import Quantity, problem
from magneton.scene.source_base import ORIGIN, Current, SourceTable, Vector

_Length = Annotated[float, Quantity("m", positive=True)]
_Tesla = Annotated[float, Quantity("T")]
_TeslaVector = Annotated[list[float], Quantity("T", (3,))]
_Turn = Annotated[float, Quantity("rad")]
_Ramp = Annotated[float, Quantity("s")]
NO_MEAN = [0.0, 0.0]


class ModelFieldTable(SourceTable):
    """A field that is no source: `rotation` turns its own frame about its position."""

    position: Vector = ORIGIN
    #: The keys that the field's class takes, in its order; those left out of the file keep its defaults.
    KEYS: ClassVar[tuple[str, ...]] = ()

    def frame(self) -> dict[str, Any]:
        """Return position and orientation as the classes take them."""
        if not any(self.rotation):
            return {"position": self.position}
        from scipy.spatial.transform import Rotation

        return {"position": self.position, "orientation": Rotation.from_rotvec(self.rotation)}

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return the field of this table's type."""
        from magneton.orbits import fields

        given = {key: getattr(self, key) for key in self.KEYS if getattr(self, key) is not None}
        return getattr(fields, getattr(self, "type"))(**given, **self.frame())  # noqa: B009

    def build(self, members: Mapping[str, Any]) -> Any:
        """Return the field, which was made in its frame."""
        return self.make(members)


class UniformETable(ModelFieldTable):
    """A uniform electric field."""

    type: Literal["UniformE"]
    E: Annotated[list[float], Quantity("V/m", (3,))]

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a UniformE."""
        from magneton.orbits.fields import UniformE

        return UniformE(self.E, **self.frame())


class ParallelETable(ModelFieldTable):
    """An electric field along the own z axis, from a potential."""

    type: Literal["ParallelE"]
    height: Annotated[float, Quantity("V")]
    width: _Length
    profile: Literal["step", "hill", "linear"] = "step"
    KEYS: ClassVar = ("height", "width", "profile")


class ParaxialBottleTable(ModelFieldTable):
    """The field near the middle of a magnetic bottle."""

    type: Literal["ParaxialBottle"]
    B0: _Tesla
    length: _Length
    KEYS: ClassVar = ("B0", "length")


class MagneticBottleTable(ModelFieldTable):
    """A bottle of two equal coils."""

    type: Literal["MagneticBottle"]
    separation: _Length
    radius: _Length
    current: Current

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return the two coils."""
        from magneton.orbits.fields import magnetic_bottle

        return magnetic_bottle(self.separation, self.radius, self.current, **self.frame())


class LinearGradientTable(ModelFieldTable):
    """B along z that grows along x."""

    type: Literal["LinearGradient"]
    B0: _Tesla
    gradient: Annotated[float, Quantity("T/m")]
    KEYS: ClassVar = ("B0", "gradient")


class LinearFieldTable(ModelFieldTable):
    """Any B that is linear in the position."""

    type: Literal["LinearField"]
    B0: _TeslaVector
    gradient: Annotated[list[list[float]], Quantity("T/m", (3, 3))]
    KEYS: ClassVar = ("B0", "gradient")


class HarrisSheetTable(ModelFieldTable):
    """A Harris current sheet across the own z axis."""

    type: Literal["HarrisSheet"]
    B0: _Tesla
    thickness: _Length
    normal: _Tesla = 0.0
    guide: _Tesla = 0.0
    KEYS: ClassVar = ("B0", "thickness", "normal", "guide")


class SheetStepTable(ModelFieldTable):
    """A current sheet between two uniform fields."""

    type: Literal["SheetStep"]
    B1: _TeslaVector
    B2: _TeslaVector
    thickness: _Length
    profile: Literal["tanh", "linear"] = "tanh"
    KEYS: ClassVar = ("B1", "B2", "thickness", "profile")


class SheetRowTable(ModelFieldTable):
    """A row of sheets of random spacing and strength."""

    type: Literal["SheetRow"]
    count: int
    spacing: _Length
    thickness: _Length
    normal: _Tesla
    fluctuation: Annotated[float, Quantity("T", positive=True)]
    seed: int
    mean: Annotated[list[float], Quantity("T", (2,))] = NO_MEAN

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a SheetRow."""
        from magneton.orbits.fields import SheetRow

        keys = ("count", "spacing", "thickness", "normal", "fluctuation", "seed", "mean")
        return SheetRow.random(**{key: getattr(self, key) for key in keys}, **self.frame())


class FluxTubeTable(ModelFieldTable):
    """A straight, twisted flux tube along the own z axis."""

    type: Literal["FluxTube"]
    B0: _Tesla
    radius: _Length
    twist: Annotated[float, Quantity("1/m")] = 0.0
    KEYS: ClassVar = ("B0", "radius", "twist")


class TokamakTable(ModelFieldTable):
    """An axisymmetric, tokamak-like field about the own z axis."""

    type: Literal["Tokamak"]
    B0: _Tesla
    major_radius: _Length
    q0: Annotated[float, Quantity("1")]
    shear_radius: Annotated[float | None, Quantity("m", positive=True)] = None
    KEYS: ClassVar = ("B0", "major_radius", "q0", "shear_radius")


#: Which keys each profile of a field that varies in time takes, in the order of its maker's arguments.
_VARYING = {
    "linear": ("B0", "dB_dt"),
    "exponential": ("B0", "rate"),
    "sinusoidal": ("B0", "depth", "angular_frequency", "phase"),
    "transition": ("B1", "B2", "rate"),
}


class VaryingUniformFieldTable(ModelFieldTable):
    """A uniform B(t) along the own z axis, with the electric field it induces."""

    type: Literal["VaryingUniformField"]
    profile: Literal["linear", "exponential", "sinusoidal", "transition"]
    B0: Annotated[float | None, Quantity("T")] = None
    dB_dt: Annotated[float | None, Quantity("T/s")] = None
    rate: Annotated[float | None, Quantity("1/s")] = None
    depth: Annotated[float | None, Quantity("1")] = None
    angular_frequency: Annotated[float | None, Quantity("rad/s")] = None
    phase: Annotated[float | None, Quantity("rad")] = None
    B1: Annotated[float | None, Quantity("T", positive=True)] = None
    B2: Annotated[float | None, Quantity("T", positive=True)] = None

    @model_validator(mode="after")
    def _check(self) -> VaryingUniformFieldTable:
        wanted = _VARYING[self.profile]
        for key in dict.fromkeys(key for keys in _VARYING.values() for key in keys):
            given = getattr(self, key) is not None
            if given and key not in wanted:
                raise problem(f"does not go with profile {self.profile}: {', '.join(wanted)} do", (key,))
            if not given and key in wanted and key != "phase":
                raise problem(f"required with profile {self.profile}", (key,))
        return self

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a VaryingUniformField."""
        from magneton.orbits.fields import VaryingUniformField

        values = [getattr(self, key) for key in _VARYING[self.profile] if getattr(self, key) is not None]
        return getattr(VaryingUniformField, self.profile)(*values, **self.frame())


class CircularWaveTable(ModelFieldTable):
    """A circularly polarized wave along the own z axis."""

    type: Literal["CircularWave"]
    amplitude: _Tesla
    wave_number: Annotated[float, Quantity("1/m")]
    angular_frequency: Annotated[float, Quantity("rad/s")]
    hand: Literal["right", "left"] = "right"
    phase: _Turn = 0.0
    ramp: _Ramp = 0.0
    KEYS: ClassVar = ("amplitude", "wave_number", "angular_frequency", "hand", "phase", "ramp")


class PlaneWaveTable(ModelFieldTable):
    """A plane wave at an angle to the own z axis, in the x-z plane."""

    type: Literal["PlaneWave"]
    amplitude: _Tesla
    wave_number: Annotated[float, Quantity("1/m", positive=True)]
    angular_frequency: Annotated[float, Quantity("rad/s")]
    angle: _Turn
    ellipticity: Annotated[float, Quantity("1")] = 0.0
    phase: _Turn = 0.0
    ramp: _Ramp = 0.0

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a PlaneWave."""
        from magneton.orbits.fields import PlaneWave

        keys = ("amplitude", "wave_number", "angular_frequency", "angle", "ellipticity", "phase", "ramp")
        return PlaneWave.at_angle(**{key: getattr(self, key) for key in keys}, **self.frame())


class GriddedFieldTable(ModelFieldTable):
    """B, and E, on the nodes of a uniform grid, from a NetCDF file; `B`, `E` and `potential` name variables."""

    type: Literal["GriddedField"]
    file: Text
    B: Text = "B"
    E: Text | None = None
    potential: Text | None = None

    def make(self, members: Mapping[str, Any]) -> Any:
        """Return a GriddedField."""
        import xarray as xr

        from magneton.orbits.fields.gridded import GriddedField

        try:
            with xr.open_dataset(self.file, engine="h5netcdf") as dataset:
                values = dataset.load()
        except OSError as error:
            raise ValueError(f"file {self.file!r} cannot be read: {error.strerror or error}") from None
        return GriddedField.from_xarray(values, self.B, E=self.E, potential=self.potential, **self.frame())
