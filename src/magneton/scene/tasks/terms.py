"""Tables of the terms of the energy of moments that precess; each takes its keys from the class of its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from magneton.scene.model import Name, Table, exactly_one, type_names
from magneton.scene.quantities import Quantity, problem
from magneton.scene.sweeps import one_or_more

_FieldVector = Annotated[list[float], Quantity("T", (3,))]
_Time = Annotated[float, Quantity("s")]
_Hertz = Annotated[float, Quantity("Hz")]
_Angle = Annotated[float, Quantity("rad")]
_Joule = Annotated[float, Quantity("J")]
_Axis = Annotated[list[float], Quantity("1", (3,), nonzero=True)]
NONE = [0.0, 0.0, 0.0]
Z = [0.0, 0.0, 1.0]
XYZ = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


class TermTable(Table):
    """A term, of which `magneton.dynamics` has a class of the same name and keys."""

    def source_names(self) -> dict[str, str]:
        """Return the sources it needs, by the key that names each."""
        return {}

    def arguments(self) -> dict[str, Any]:
        """Return what the file gives of the keys of the class."""
        given = {key: getattr(self, key) for key in type(self).model_fields if key != "type"}
        return {key: value for key, value in given.items() if value is not None}

    def make(self, sources: Mapping[str, Any], lattice: Any) -> Any:
        """Return the term."""
        from magneton import dynamics

        return getattr(dynamics, getattr(self, "type"))(**self.arguments())  # noqa: B009


class ZeemanTable(TermTable):
    """A constant, uniform field."""

    type: Literal["Zeeman"]
    B: _FieldVector


class FieldOfTable(TermTable):
    """The static field of sources of the scene where the moments are."""

    type: Literal["FieldOf"]
    source: Annotated[list[Name], BeforeValidator(one_or_more), Field(min_length=1)]

    def source_names(self) -> dict[str, str]:
        """Return the sources."""
        return {f"source.{i}": name for i, name in enumerate(self.source)}

    def make(self, sources: Mapping[str, Any], lattice: Any) -> Any:
        """Return a FieldOf."""
        from magneton.dynamics import FieldOf

        return FieldOf([sources[name] for name in self.source])


class WaveTable(TermTable):
    """A uniform field that changes in time."""

    def waveform(self) -> Any:
        """Return the waveform."""
        return super().make({}, None)

    def make(self, sources: Mapping[str, Any], lattice: Any) -> Any:
        """Return a Zeeman term of the waveform."""
        from magneton.dynamics import Zeeman

        return Zeeman(self.waveform())


class RampTable(WaveTable):
    """From one field evenly to another."""

    type: Literal["Ramp"]
    first: _FieldVector
    last: _FieldVector
    start: _Time = 0.0
    stop: _Time


class SineTable(WaveTable):
    """An oscillating field."""

    type: Literal["Sine"]
    amplitude: _FieldVector
    frequency: _Hertz
    phase: _Angle = 0.0


class FieldPulseTable(WaveTable):
    """A Gaussian pulse."""

    type: Literal["FieldPulse"]
    amplitude: _FieldVector
    centre: _Time
    width: Annotated[float, Quantity("s", positive=True)]


class RotatingTable(WaveTable):
    """A field that turns in a plane."""

    type: Literal["Rotating"]
    amplitude: Annotated[float, Quantity("T")]
    frequency: _Hertz
    axis: _Axis = Z
    phase: _Angle = 0.0


class UniaxialAnisotropyTable(TermTable):
    """An easy axis, or plane."""

    type: Literal["UniaxialAnisotropy"]
    K: _Joule
    axis: _Axis = Z


class CubicAnisotropyTable(TermTable):
    """Three equal axes."""

    type: Literal["CubicAnisotropy"]
    K1: _Joule
    axes: Annotated[list[list[float]], Quantity("1", (3, 3))] = XYZ


class ShapeAnisotropyTable(TermTable):
    """The demagnetizing field of an ellipsoid with axes along x, y, z."""

    type: Literal["ShapeAnisotropy"]
    N: Annotated[list[float], Quantity("1", (3,))]
    volume: Annotated[float, Quantity("m^3", positive=True)]


class _BondTable(TermTable):
    """A coupling of neighbours on the task's lattice, or of pairs."""

    #: Of the strength, and of what a lattice alone, or pairs alone, go with.
    ONLY: ClassVar[tuple[str, str]]
    pairs: list[list[int]] | None = None

    @model_validator(mode="after")
    def _check(self) -> _BondTable:
        if self.pairs is not None and any(len(pair) != 2 for pair in self.pairs):
            raise problem("must be a list of pairs of numbers of moments, counted from 0", ("pairs",))
        with_lattice, with_pairs = self.ONLY
        wrong, other = (with_pairs, "pairs") if self.pairs is None else (with_lattice, "a lattice")
        if wrong and getattr(self, wrong) is not None:
            raise problem(f"goes with {other}", (wrong,))
        return self

    def bonds(self, lattice: Any) -> dict[str, Any]:
        """Return the lattice or the pairs, as the classes take them."""
        if self.pairs is None:
            return {"lattice": lattice}
        return {"pairs": tuple(zip(*self.pairs, strict=True)) or ((), ())}


class ExchangeTable(_BondTable):
    """Exchange between nearest neighbours, and of further shells on a lattice."""

    type: Literal["Exchange"]
    J: _Joule
    further: Annotated[list[float] | None, Quantity("J", (None,))] = None
    ONLY: ClassVar = ("further", "")

    def make(self, sources: Mapping[str, Any], lattice: Any) -> Any:
        """Return an Exchange."""
        from magneton.dynamics import Exchange

        J = self.J if self.further is None else [self.J, *self.further]
        return Exchange(J, **self.bonds(lattice))


class DzyaloshinskiiMoriyaTable(_BondTable):
    """The antisymmetric exchange: along bonds or, with a normal, across them; of pairs, along a direction."""

    type: Literal["DzyaloshinskiiMoriya"]
    D: _Joule
    normal: Annotated[list[float] | None, Quantity("1", (3,), nonzero=True)] = None
    direction: Annotated[list[float] | None, Quantity("1", (3,), nonzero=True)] = None
    ONLY: ClassVar = ("normal", "direction")

    @model_validator(mode="after")
    def _check_direction(self) -> DzyaloshinskiiMoriyaTable:
        if self.pairs is not None:
            exactly_one(self, "direction")
        return self

    def make(self, sources: Mapping[str, Any], lattice: Any) -> Any:
        """Return a DzyaloshinskiiMoriya."""
        import numpy as np

        from magneton.dynamics import DzyaloshinskiiMoriya

        D: Any = self.D
        if self.direction is not None:
            D = self.D * np.array(self.direction) / np.linalg.norm(self.direction)
        return DzyaloshinskiiMoriya(D, normal=self.normal, **self.bonds(lattice))


class DipolarTable(TermTable):
    """All moments in each other's dipole fields."""

    type: Literal["Dipolar"]
    method: Literal["auto", "direct", "fft"] = "auto"

    def make(self, sources: Mapping[str, Any], lattice: Any) -> Any:
        """Return a Dipolar."""
        from magneton.dynamics import Dipolar

        return Dipolar(lattice, self.method)


_Union = (
    ZeemanTable
    | FieldOfTable
    | RampTable
    | SineTable
    | FieldPulseTable
    | RotatingTable
    | UniaxialAnisotropyTable
    | CubicAnisotropyTable
    | ShapeAnisotropyTable
    | ExchangeTable
    | DzyaloshinskiiMoriyaTable
    | DipolarTable
)
AnyWave = Annotated[RampTable | SineTable | FieldPulseTable | RotatingTable, Field(discriminator="type")]
AnyTerm = Annotated[_Union, Field(discriminator="type")]
TERM_TYPES = type_names(_Union)
WAVE_TYPES = type_names(RampTable | SineTable | FieldPulseTable | RotatingTable)
