"""Magnets as rigid bodies: they swing, spin, fly and fall under forces and torques of fields and of each other."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from magneton.scene.errors import SceneError
from magneton.scene.model import Name
from magneton.scene.quantities import Quantity, problem
from magneton.scene.source_base import ORIGIN
from magneton.scene.sweeps import one_or_more
from magneton.scene.tasks import certificates
from magneton.scene.tasks.base import COMPONENT, Context, Coordinate, Variable, require_fraction
from magneton.scene.tasks.interaction import XYZ
from magneton.scene.tasks.particles import require_count
from magneton.scene.tasks.rigid_bodies import RigidBodyTable
from magneton.scene.tasks.streams import StreamingTask
from magneton.scene.tasks.terms import AnyWave

_DRIFTS = {"energy": "energy", "momentum": "momentum", "angular_momentum": "angular momentum"}
_OF_EACH = {
    "position": ("m", "position"),
    "velocity": ("m/s", "velocity"),
    "rotation": ("rad", "rotation vector from the body's frame"),
    "angular_velocity": ("rad/s", "angular velocity"),
}
_OF_ALL = {
    "energy": ("J", "mechanical energy"),
    "kinetic_energy": ("J", "kinetic energy of translation and rotation"),
    "magnetic_energy": ("J", "magnetic energy"),
    "gravitational_energy": ("J", "energy in the field of gravity"),
    "heat": ("J", "heat that drag and contacts have made"),
    "work": ("J", "work that fields which change in time have done"),
}


class RigidMagnetsTask(StreamingTask):
    """Rigid bodies that move, until their time is over or two of them touch."""

    FIXED: ClassVar = ("duration",)
    OPEN: ClassVar = ("bodies", "drive")

    type: Literal["rigid_magnets"]
    bodies: Annotated[list[RigidBodyTable], Field(min_length=1)]
    external: Annotated[list[Name], BeforeValidator(one_or_more)] = Field(default=[])
    drive: list[AnyWave] = Field(default=[])
    restitution: Annotated[float | None, Quantity("1")] = None
    gravity: Annotated[list[float], Quantity("m/s^2", (3,))] = ORIGIN
    duration: Annotated[float, Quantity("s", positive=True)]
    dt: Annotated[float, Quantity("s", positive=True)]
    order: Literal[2, 4, 6] = 2
    samples: int = 201
    rtol: Annotated[float, Quantity("1")] = 1e-9

    @model_validator(mode="after")
    def _check(self) -> RigidMagnetsTask:
        require_count(self.samples, "samples", 2)
        require_count(len(self.bodies), "bodies", 1)
        require_fraction(self.rtol)
        if self.restitution is not None and not 0.0 <= self.restitution <= 1.0:
            raise problem(f"must lie between 0 and 1, got {self.restitution:g}", ("restitution",))
        if not (self.external or any(self.gravity)) and all(
            body.moment is None and body.source is None for body in self.bodies
        ):
            raise problem(
                "at least one must have a moment or a source, or there must be gravity", ("bodies",)
            )
        return self

    def _several(self) -> tuple[str, ...]:
        """Return the dimension of bodies, where there is more than one."""
        return ("body",) if len(self.bodies) > 1 else ()

    def source_names(self) -> dict[str, str]:
        """Return the sources that act, and those fixed in bodies."""
        own = {f"bodies.{i}.source": body.source for i, body in enumerate(self.bodies) if body.source}
        return {f"external.{i}": name for i, name in enumerate(self.external)} | own

    def variables(self) -> dict[str, Variable]:
        """Return the motion, its energies, and what ended it."""
        each, all_ = ("time", *self._several(), COMPONENT), ("time",)
        result = {name: Variable(each, unit, words) for name, (unit, words) in _OF_EACH.items()}
        result |= {name: Variable(all_, unit, words) for name, (unit, words) in _OF_ALL.items()}
        return result | {
            "momentum": Variable(("time", COMPONENT), "kg m/s", "total momentum"),
            "angular_momentum": Variable(
                ("time", COMPONENT), "kg m^2/s", "total angular momentum about the origin"
            ),
            "contact_time": Variable((), "s", "when a contact ended the motion; nan if none did"),
            "approach_speed": Variable((), "m/s", "rate at which their distance decreased then"),
            **certificates.drift_variables(_DRIFTS),
        }

    def texts(self) -> dict[str, str]:
        """Return which bodies came to touch, where any can, and the certificate."""
        able = sum(body.radius is not None for body in self.bodies)
        return (
            {"contact": "which bodies ended the motion by their contact"} if able > 1 else {}
        ) | certificates.TEXTS

    def shown(self) -> list[str]:
        """Return the energies against time."""
        if self.show is not None:
            return self.show
        return ["energy", "kinetic_energy", "magnetic_energy", "heat"]

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the axes of time and of bodies."""
        time = Coordinate(("time",), np.linspace(0.0, self.duration, self.samples), "s", "time")
        numbers = np.arange(1, len(self.bodies) + 1)
        bodies = {name: Coordinate((name,), numbers, "", "body") for name in self._several()}
        return {"time": time, **bodies, COMPONENT: XYZ}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return one motion."""
        spacing = self.duration / (self.samples - 1)
        dt = spacing / math.ceil(spacing / self.dt * (1.0 - 1e-12))
        times = np.linspace(0.0, self.duration, self.samples)
        with certificates.collected() as warned, self.naming_folder():
            try:
                motion = self._magnets(context).run(
                    self.duration,
                    dt=dt,
                    times=times,
                    order=self.order,
                    folder=self.stream_folder(context),
                    progress=context.progress,
                )
            except RuntimeError as error:  # a body came to where there is no field
                raise SceneError(str(error)) from None
        touched = motion.contact
        who = "none" if touched is None else "bodies {} and {}".format(*(i + 1 for i in touched.bodies))
        words = {
            "contact": who if touched is None else f"{who} after {touched.time:.7g} s",
            "certificate": certificates.in_words(motion.certificate, warned),
        }
        return self._sampled(motion) | {
            "contact_time": math.nan if touched is None else touched.time,
            "approach_speed": math.nan if touched is None else touched.approach_speed,
            **{name: words[name] for name in self.texts()},
            **certificates.drifts(motion.certificate, _DRIFTS),
        }

    def _magnets(self, context: Context) -> Any:
        from scipy.spatial.transform import Rotation

        from magneton.dynamics import RigidMagnets

        return RigidMagnets(
            [self._body(i, context) for i in range(len(self.bodies))],
            [body.position for body in self.bodies],
            Rotation.from_rotvec([body.rotation for body in self.bodies]),
            [body.velocity for body in self.bodies],
            [body.angular_velocity for body in self.bodies],
            external=[context.sources[name] for name in self.external] or None,
            drive=[self._wave(i) for i in range(len(self.drive))] or None,
            restitution=self.restitution,
            gravity=self.gravity,
            rtol=self.rtol,
        )

    def _body(self, i: int, context: Context) -> Any:
        try:
            return self.bodies[i].make(context.sources)
        except ValueError as error:
            raise SceneError(str(error), ("bodies", i)) from None

    def _wave(self, i: int) -> Any:
        try:
            return self.drive[i].waveform()
        except ValueError as error:
            raise SceneError(str(error), ("drive", i)) from None

    def _sampled(self, motion: Any) -> dict[str, np.ndarray]:
        """Return the motion at its samples, nan after a contact, whose own sample is left out."""
        there = len(motion) - (motion.contact is not None)
        rotation = [motion.rotation(body).as_rotvec() for body in range(len(self.bodies))]
        each = {
            "position": motion.position,
            "velocity": motion.velocity,
            "rotation": np.stack(rotation, axis=1),
            "angular_velocity": motion.angular_velocity,
        }
        if not self._several():
            each = {name: values[:, 0] for name, values in each.items()}
        found = each | {
            "energy": motion.energy,
            "kinetic_energy": motion.kinetic_energy + motion.rotational_energy,
            "magnetic_energy": motion.magnetic_energy,
            "gravitational_energy": motion.gravitational_energy,
            "heat": motion.heat,
            "work": motion.work,
            "momentum": motion.momentum,
            "angular_momentum": motion.angular_momentum,
        }
        result = {}
        for name, values in found.items():
            result[name] = np.full((self.samples, *values.shape[1:]), math.nan)
            result[name][:there] = values[:there]
        return result
