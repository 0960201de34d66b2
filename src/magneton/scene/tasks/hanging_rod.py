"""A magnetized rod on a torsion fibre, whose moment is driven: the experiment of Einstein and de Haas."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from magneton.scene.model import exactly_one
from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks import certificates
from magneton.scene.tasks.base import FORMULA, RATIO, Context, Coordinate, Task, Variable, ratio, with_formula
from magneton.scene.tasks.particles import require_count

_MOST_STEPS = 10_000_000
_DRIFTS = {"angular_momentum": "angular momentum"}
_ALONG = {
    "moment": ("A m^2", "moment along the axis"),
    "angle": ("rad", "angle from rest"),
    "angular_velocity": ("rad/s", "angular velocity"),
    "spin": ("kg m^2/s", "angular momentum of the spins"),
    "lattice": ("kg m^2/s", "angular momentum of the lattice"),
    "from_support": ("kg m^2/s", "angular momentum that came from fibre and friction"),
    "heat": ("J", "heat that friction has made"),
}


class HangingRodTask(Task):
    """A rod whose moment is reversed at once, or swings as a sine; spin and lattice exchange angular momentum."""

    FIXED: ClassVar = ("duration",)

    type: Literal["hanging_rod"]
    moment: Annotated[float, Quantity("A m^2", positive=True)]
    inertia: Annotated[float, Quantity("kg m^2", positive=True)]
    g_prime: Annotated[float, Quantity("1", positive=True)] = 2.0
    stiffness: Annotated[float, Quantity("N m")] = 0.0
    friction: Annotated[float, Quantity("N m s")] = 0.0
    reversal: Annotated[float | None, Quantity("s")] = None
    frequency: Annotated[float | None, Quantity("Hz", positive=True)] = None
    angle: Annotated[float, Quantity("rad")] = 0.0
    angular_velocity: Annotated[float, Quantity("rad/s")] = 0.0
    duration: Annotated[float, Quantity("s", positive=True)]
    dt: Annotated[float, Quantity("s", positive=True)]
    samples: int = 1001

    @model_validator(mode="after")
    def _check(self) -> HangingRodTask:
        require_count(self.samples, "samples", 2)
        if self.duration / self.dt > _MOST_STEPS:
            raise problem(
                f"must make {_MOST_STEPS} steps at most, got {self.duration / self.dt:.3g}", ("dt",)
            )
        if exactly_one(self, "reversal", "frequency") == "frequency":
            if self.stiffness == 0.0 and self.friction == 0.0:
                raise problem(
                    "required with frequency: without fibre or friction no swing is steady", ("stiffness",)
                )
        elif not 0.0 < (self.reversal or 0.0) < self.duration:
            raise problem(
                f"must lie between 0 and the duration, {self.duration:g} s, got {self.reversal:g}",
                ("reversal",),
            )
        return self

    @property
    def _result(self) -> str:
        return "velocity_jump" if self.frequency is None else "amplitude"

    def variables(self) -> dict[str, Variable]:
        """Return the motion, and what the closed form says of it."""
        result = {name: Variable(("time",), unit, words) for name, (unit, words) in _ALONG.items()}
        if self.frequency is None:
            jump = Variable((), "rad/s", "change of the angular velocity by the reversal")
            result |= with_formula({"velocity_jump": jump}, "2 m/(abs(gamma) I)")
        else:
            swing = Variable((), "rad", "amplitude over the last period")
            result |= with_formula({"amplitude": swing}, "steady swing")
        return result | certificates.drift_variables(_DRIFTS)

    def texts(self) -> dict[str, str]:
        """Return the certificate."""
        return certificates.TEXTS

    def shown(self) -> list[str]:
        """Return what the closed form says something of."""
        return [self._result] if self.show is None else self.show

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the axis of time."""
        times = np.linspace(0.0, self.duration, self.samples)
        return {"time": Coordinate(("time",), times, "s", "time")}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return one motion."""
        from magneton.dynamics import HangingRod

        rod = HangingRod(
            self.moment,
            self.inertia,
            g_prime=self.g_prime,
            stiffness=self.stiffness,
            friction=self.friction,
        )
        spacing = self.duration / (self.samples - 1)
        stride = math.ceil(spacing / self.dt * (1.0 - 1e-12))
        run = rod.swing(
            self._moment,
            self.duration,
            spacing / stride,
            angle=self.angle,
            angular_velocity=self.angular_velocity,
        )
        formula = (
            rod.reversal_velocity if self.frequency is None else float(rod.driven_amplitude(self.frequency))
        )
        value = self._measured(run)
        return {name: getattr(run, name)[::stride] for name in _ALONG} | {
            self._result: value,
            self._result + FORMULA: formula,
            self._result + RATIO: float(ratio(value, formula, 0)),
            "certificate": certificates.in_words(run.certificate, []),
            **certificates.drifts(run.certificate, _DRIFTS),
        }

    def _moment(self, times: np.ndarray) -> np.ndarray:
        if self.frequency is not None:
            return self.moment * np.sin(2.0 * math.pi * self.frequency * times)
        assert self.reversal is not None
        return np.where(times < self.reversal, -self.moment, self.moment)

    def _measured(self, run: Any) -> float:
        """Return what the reversal did, or the amplitude at the end."""
        if self.frequency is not None:
            return float(np.abs(run.angle[run.time >= run.time[-1] - 1.0 / self.frequency]).max())
        after = int(np.argmax(run.moment > 0.0))
        return float(run.angular_velocity[after] - run.angular_velocity[after - 1])
