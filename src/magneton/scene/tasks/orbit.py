"""The orbit of one particle, or of its guiding centre, with what tells whether mu was conserved."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from magneton.scene.errors import SceneError
from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks.base import (
    COMPONENT,
    FORMULA,
    RATIO,
    SCALE,
    Context,
    Coordinate,
    Variable,
    with_formula,
)
from magneton.scene.tasks.interaction import XYZ
from magneton.scene.tasks.particles import AXES, ParticleTask, bounce_period, require_count, require_slow
from magneton.scene.tasks.walls import AnyWall

#: Pictures of an orbit; `page` is interactive.
PICTURES = {"path": "png", "mu": "png", "pitch_angle": "png", "bounce": "png", "page": "html"}
Picture = Literal["path", "mu", "pitch_angle", "bounce", "page"]
_END = "end"
_ALONG = {
    "energy": ("J", "kinetic energy"),
    "mu": ("J/T", "mu at the particle"),
    "mu_gyrocentre": ("J/T", "mu at the gyrocentre"),
    "pitch_angle": ("rad", "pitch angle"),
}


class OrbitTask(ParticleTask):
    """One particle, by an adaptive method."""

    FIXED: ClassVar = ParticleTask.FIXED

    type: Literal["orbit"]
    method: Literal["full", "guiding-centre"] = "full"
    velocity: Annotated[list[float] | None, Quantity("m/s", (3,), nonzero=True)] = None
    gyrophase: Annotated[float | None, Quantity("rad")] = None
    samples: int = 2000
    rtol: Annotated[float, Quantity("1")] = 1e-12
    walls: list[AnyWall] = Field(default=[])
    pictures: list[Picture] = Field(default=[])

    @model_validator(mode="after")
    def _check(self) -> OrbitTask:
        self._check_state()
        require_count(self.samples, "samples", 2)
        if not 1e-15 <= self.rtol < 1.0:
            raise problem(f"must lie between 1e-15 and 1, got {self.rtol:g}", ("rtol",))
        if self.pictures and self.sweep:
            raise problem("a task with sweeps has many orbits: draw those of one without", ("pictures",))
        if len(set(self.pictures)) < len(self.pictures):
            raise problem(f"each may be given once only, got {self.pictures}", ("pictures",))
        return self

    def _check_state(self) -> None:
        given = [key for key in ("kinetic_energy", "speed", "velocity") if getattr(self, key) is not None]
        if len(given) != 1:
            got = " and ".join(given) or "none"
            raise problem(f"exactly one of kinetic_energy, speed, velocity is required, got {got}")
        if self.velocity is None:
            if self.pitch_angle is None:
                raise problem(f"required with {given[0]}", ("pitch_angle",))
            return
        require_slow(math.hypot(*self.velocity), "velocity")
        for key in ("pitch_angle", "gyrophase"):
            if getattr(self, key) is not None:
                raise problem("goes with kinetic_energy or speed: a velocity has its own", (key,))

    def variables(self) -> dict[str, Variable]:
        """Return the orbit and what was measured of it."""
        axis = AXES[self.way()][0]
        result = {
            "position": Variable((axis, COMPONENT), "m", "position"),
            "velocity": Variable((axis, COMPONENT), "m/s", "velocity"),
        }
        result |= {name: Variable((axis,), unit, words) for name, (unit, words) in _ALONG.items()}
        if axis != "time":
            result["time"] = Variable((axis,), "s", "time")
        result |= {
            "gyroperiod": Variable((), "s", "gyroperiod at the start"),
            "larmor_radius": Variable((), "m", "Larmor radius at the start"),
            "rho_over_L": Variable(
                (), "1", "largest Larmor radius over a length of the field, along the orbit"
            ),
            "energy_drift": Variable((), "1", "largest change of the total energy, over the kinetic energy"),
            "lost_time": Variable((), "s", "time at which the particle came to a wall"),
        }
        change = {"mu_change": Variable((), "1", "change of mu from first to last gyration, over mu")}
        period = {"bounce_period": Variable((), "s", "mean bounce period")}
        result |= with_formula(change, "theory") | with_formula(period, "field-line integral")
        result["mirror_point"] = Variable(
            (_END, COMPONENT), "m", "mirror points of the field line at the start"
        )
        result["mirror_B"] = Variable((_END,), "T", "|B| at the mirror points")
        return result

    def texts(self) -> dict[str, str]:
        """Return the verdict."""
        return {"verdict": "what became of mu, and why"}

    def shown(self) -> list[str]:
        """Return single numbers that say something for this particle."""
        if self.show is not None:
            return self.show
        kept = [name for name, variable in self.variables().items() if not variable.dims]
        kept = [name for name in kept if not name.endswith((FORMULA, RATIO, SCALE))]
        return [name for name in kept if name != "lost_time" or self.walls]

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the axis of time, and the names of the two ends of a field line."""
        ends = Coordinate((_END,), ["against B", "along B"], "", "end of the field line")
        return self.time_axis(self.samples) | {COMPONENT: XYZ, _END: ends}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return one orbit."""
        from magneton.scene.orbit_results import full_results, guiding_results, start_results

        field, species = self.field_of(context), self.particle()
        position, velocity = self._start(field, species, context)
        duration = self.seconds(field, position, velocity)
        times = np.linspace(0.0, 1.0, self.samples) * duration + self.start
        period = bounce_period(field, species, position, velocity, self.start)
        result = start_results(field, species, position, velocity, self.start)
        events = {f"wall {i}": wall.event() for i, wall in enumerate(self.walls)}
        make = full_results if self.method == "full" else guiding_results
        result |= make(self, field, species, position, velocity, times, events, period)
        if self.way() != "duration":
            result["time"] = times
        result["bounce_period" + FORMULA] = period
        result["bounce_period" + RATIO] = result["bounce_period"] / period
        expected = result["mu_change" + FORMULA]
        result["mu_change" + RATIO] = result["mu_change"] / expected if expected else math.nan
        return result

    def _start(self, field: Any, species: Any, context: Context) -> tuple[np.ndarray, np.ndarray]:
        """Return position and velocity; of a guiding centre its own position, with a velocity for the field there."""
        from magneton import orbits

        given = {key: getattr(self, key) for key in ("kinetic_energy", "speed", "velocity", "pitch_angle")}
        whose = self.at if self.method == "full" else "particle"
        phase = 0.0 if self.gyrophase is None else self.gyrophase
        place = self.place(context)
        if not np.any(field.B(place, self.start)):
            raise SceneError(
                f"B must not be zero or undefined where the particle starts, at {place.tolist()} m"
            )
        return orbits.initial_state(field, species, place, gyrophase=phase, at=whose, t=self.start, **given)
