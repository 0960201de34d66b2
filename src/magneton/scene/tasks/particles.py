"""What tasks of charged particles share: the field, the species, the state at the start, the time to follow them."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from magneton.constants import c
from magneton.scene.errors import SceneError, shown
from magneton.scene.model import MAX_COUNT, Name, exactly_one
from magneton.scene.quantities import Quantity, problem
from magneton.scene.sweeps import one_or_more
from magneton.scene.tasks.base import Context, Coordinate, Task

SpeciesName = Literal["electron", "muon", "proton", "deuteron", "alpha"]
#: Of each way to say how long: the name of the axis of time, and what it counts.
AXES = {
    "duration": ("time", "time"),
    "gyrations": ("gyration", "gyrations"),
    "bounces": ("bounce", "bounces"),
}


class SpeciesTask(Task):
    """A task of one kind of particle: a ready one by name, or charge and mass."""

    species: SpeciesName | None = None
    charge: Annotated[float | None, Quantity("C", nonzero=True)] = None
    mass: Annotated[float | None, Quantity("kg", positive=True)] = None

    def _check_species(self) -> None:
        way = exactly_one(self, "species", "charge")
        if (self.mass is not None) != (way == "charge"):
            raise problem("goes with charge, and charge with mass", ("mass",))

    def particle(self) -> Any:
        """Return the Species."""
        from magneton import orbits

        return (
            orbits.Species(self.charge, self.mass) if self.species is None else getattr(orbits, self.species)
        )


class ParticleTask(SpeciesTask):
    """A task that follows particles through a field, from a state as people state it."""

    FIXED: ClassVar = ("duration", "gyrations", "bounces", "start")

    field: Annotated[list[Name], BeforeValidator(one_or_more), Field(min_length=1)]
    position: Annotated[list[float] | None, Quantity("m", (3,))] = None
    L: Annotated[float | None, Quantity("1", positive=True)] = None
    latitude: Annotated[float | None, Quantity("rad")] = None
    longitude: Annotated[float | None, Quantity("rad")] = None
    radius: Annotated[float | None, Quantity("m", positive=True)] = None
    kinetic_energy: Annotated[float | None, Quantity("J", positive=True)] = None
    speed: Annotated[float | None, Quantity("m/s", positive=True)] = None
    pitch_angle: Annotated[float | None, Quantity("rad")] = None
    at: Literal["particle", "gyrocentre"] = "particle"
    start: Annotated[float, Quantity("s")] = 0.0
    duration: Annotated[float | None, Quantity("s", positive=True)] = None
    gyrations: Annotated[float | None, Quantity("1", positive=True)] = None
    bounces: Annotated[float | None, Quantity("1", positive=True)] = None

    @model_validator(mode="after")
    def _check_particle(self) -> ParticleTask:
        self._check_species()
        if exactly_one(self, "position", "L") == "position":
            for key in ("latitude", "longitude", "radius"):
                if getattr(self, key) is not None:
                    raise problem("goes with L, not with position", (key,))
        if self.latitude is not None and not abs(self.latitude) < math.pi / 2:
            raise problem(f"must lie between -90 deg and 90 deg, got {self.latitude:g} rad", ("latitude",))
        require_pitch_angle(self.pitch_angle)
        if self.speed is not None:
            require_slow(self.speed, "speed")
        exactly_one(self, *AXES)
        return self

    def source_names(self) -> dict[str, str]:
        """Return the sources that make up the field."""
        return {f"field.{i}": name for i, name in enumerate(self.field)}

    def field_of(self, context: Context) -> Any:
        """Return the field of all sources together."""
        from magneton.orbits.fields import as_field

        try:
            return as_field([context.sources[name] for name in self.field])
        except ValueError as error:
            raise SceneError(str(error), ("field",)) from None

    def place(self, context: Context) -> Any:
        """Return where the particles start, shape (3,), metre."""
        if self.position is not None:
            return np.array(self.position)
        from magneton import orbits

        given = {key: getattr(self, key) for key in ("latitude", "longitude", "radius")}
        given = {key: value for key, value in given.items() if value is not None}
        return orbits.dipole_position(self.L, dipole=self.dipole(context), **given)

    def dipole(self, context: Context) -> Any:
        """Return the first source of the field that has a moment: L and latitude are counted from its axis."""
        for name in self.field:
            source = context.sources[name]
            try:
                if np.any(source.moment) and np.shape(source.position) == (3,):
                    return source
            except (AttributeError, ValueError):
                continue
        names = ", ".join(self.field)
        raise SceneError(
            f"L needs a source with a moment in the field, a Dipole or Earth, got {names}", ("L",)
        )

    def way(self) -> str:
        """Return the key that says how long: one of `AXES`."""
        return next(key for key in AXES if getattr(self, key) is not None)

    def moments(self, samples: int) -> np.ndarray:
        """Return the places of samples on the axis of time: seconds, gyrations or bounces."""
        return np.linspace(0.0, getattr(self, self.way()), samples)

    def time_axis(self, samples: int) -> dict[str, Coordinate]:
        """Return the coordinate of the axis of time."""
        name, words = AXES[self.way()]
        unit, begin = ("s", self.start) if name == "time" else ("", 0.0)
        return {name: Coordinate((name,), begin + self.moments(samples), unit, words)}

    def seconds(self, field: Any, position: Any, velocity: Any) -> float:
        """Return how long to follow a particle."""
        from magneton import orbits

        way = self.way()
        if way == "duration":
            assert self.duration is not None
            return self.duration
        if way == "gyrations":
            B = field.B(position, self.start)
            return getattr(self, way) * float(orbits.gyroperiod(self.particle(), B, velocity))
        period = bounce_period(field, self.particle(), position, velocity, self.start)
        if not math.isfinite(period):
            raise SceneError("the particle does not bounce between mirror points: give duration", (way,))
        return getattr(self, way) * period


def bounce_period(field: Any, species: Any, position: Any, velocity: Any, t: float) -> float:
    """Return the bounce period along the field line; nan where there is none, or none can be computed."""
    from magneton import orbits

    if field.time_dependent or field.waves:
        return math.nan
    try:
        return float(orbits.bounce(field, species, position, velocity, t=t).period)
    except ValueError:  # E without a potential
        return math.nan


def require_pitch_angle(angle: float | None) -> None:
    """Raise unless a pitch angle is one, if there is one."""
    if angle is not None and not 0.0 <= angle <= math.pi:
        raise problem(f"must lie between 0 and 180 deg, got {angle:g} rad", ("pitch_angle",))


def require_slow(speed: float, key: str) -> None:
    """Raise unless a speed is below that of light."""
    light = float(c)
    if speed >= light:
        raise problem(f"must be below the speed of light, {light:g} m/s, got {speed:.9g} m/s", (key,))


def require_count(value: int, key: str, least: int) -> None:
    """Raise unless a number of samples or particles is one that can be had."""
    if not least <= value <= MAX_COUNT:
        raise problem(f"must lie between {least} and {MAX_COUNT}, got {shown(value)}", (key,))
