"""Hysteresis loops: moments in a field that goes to and fro, ever so slowly or at a frequency."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from magneton.scene.errors import SceneError
from magneton.scene.model import spread
from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks import certificates
from magneton.scene.tasks.base import COMPONENT, Context, Coordinate, Variable
from magneton.scene.tasks.interaction import XYZ
from magneton.scene.tasks.particles import require_count
from magneton.scene.tasks.spin_system import SpinSystemTask, require_temperature
from magneton.scene.tasks.terms import Z

_BRANCHES = ["descending", "ascending"]


class _LoopTask(SpinSystemTask):
    """A loop in a field along a direction."""

    amplitude: Annotated[float, Quantity("T", positive=True)]
    field_direction: Annotated[list[float], Quantity("1", (3,), nonzero=True)] = Z

    def along(self, moments: np.ndarray) -> np.ndarray:
        """Return the components of moments along the field's direction."""
        return moments @ (np.array(self.field_direction) / np.linalg.norm(self.field_direction))


class HysteresisTask(_LoopTask):
    """A quasi-static loop without temperature: the moments stay in their well until it ends."""

    FIXED: ClassVar = ("amplitude",)

    type: Literal["hysteresis"]
    points: int = 101
    refine: Annotated[float, Quantity("1")] = 1e-4
    rtol: Annotated[float, Quantity("1")] = 1e-9

    @model_validator(mode="after")
    def _check(self) -> HysteresisTask:
        require_count(self.points, "points", 3)
        for key in ("refine", "rtol"):
            if not 0.0 < getattr(self, key) < 1.0:
                raise problem(f"must lie between 0 and 1, got {getattr(self, key):g}", (key,))
        if self.seed is not None and not self.random:
            raise problem("goes with random directions only", ("seed",))
        return self

    def variables(self) -> dict[str, Variable]:
        """Return the loop, and what is read off it."""
        loop = ("branch", "field")
        return {
            "mean_moment": Variable((*loop, COMPONENT), "A m^2", "mean of the moments"),
            "moment_along": Variable(loop, "A m^2", "mean moment along the field's direction"),
            "reduced_moment_along": Variable(loop, "1", "the same over the mean magnitude"),
            "coercive_field": Variable((), "T", "coercive field"),
            "remanent_moment": Variable((), "A m^2", "remanent moment, mean of the moments"),
            "area": Variable((), "J", "loss of a cycle for each moment"),
            "jumps": Variable((), "1", "wells that end in a cycle"),
        }

    def shown(self) -> list[str]:
        """Return what is read off the loop."""
        return ["coercive_field", "remanent_moment", "area", "jumps"] if self.show is None else self.show

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the two branches, and the fields."""
        branch = Coordinate(("branch",), _BRANCHES, "", "branch")
        return {
            "branch": branch,
            "field": Coordinate(("field",), self._fields(), "T", "field"),
            COMPONENT: XYZ,
        }

    def _fields(self) -> np.ndarray:
        return np.array(spread(-self.amplitude, self.amplitude, self.points, "linear"))

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return one loop."""
        from magneton.dynamics import hysteresis_loop

        up = self._fields()
        system = self.system(context)
        try:
            loop = hysteresis_loop(
                system,
                np.concatenate([up[::-1], up[1:]]),
                self.field_direction,
                refine=self.refine,
                rtol=self.rtol,
            )
        except RuntimeError as error:  # the moments do not come to rest
            raise SceneError(str(error)) from None
        mean, last = loop.mean_moment, self.points - 1
        branches = np.stack([mean[last::-1], mean[last:]])
        along = self.along(branches)
        return {
            "mean_moment": branches,
            "moment_along": along,
            "reduced_moment_along": along / system.magnitude.mean(),
            "coercive_field": loop.coercive_field,
            "remanent_moment": loop.remanent_moment,
            "area": loop.area,
            "jumps": len(loop.jumps),
        }


class DrivenLoopTask(_LoopTask):
    """A loop by the equation of motion, in a field B cos(2 pi f t), perhaps at a temperature."""

    FIXED: ClassVar = ()

    type: Literal["driven_loop"]
    frequency: Annotated[float, Quantity("Hz", positive=True)]
    dt: Annotated[float, Quantity("s", positive=True)]
    periods: int = 1
    settle: int = 1
    members: int = 1
    temperature: Annotated[float, Quantity("K")] = 0.0
    method: Literal["lie-rk4", "midpoint", "gauss4", "depondt-mertens", "strang"] | None = None
    samples: int = 128

    @model_validator(mode="after")
    def _check(self) -> DrivenLoopTask:
        for key, least in (("periods", 1), ("settle", 0), ("members", 1), ("samples", 4)):
            require_count(getattr(self, key), key, least)
        require_temperature(self.temperature, self.seed)
        return self

    def variables(self) -> dict[str, Variable]:
        """Return a cycle, and what is read off it."""
        return {
            "field": Variable(("phase",), "T", "field along its direction"),
            "mean_moment": Variable(("phase", COMPONENT), "A m^2", "mean of the moments"),
            "moment_along": Variable(("phase",), "A m^2", "mean moment along the field's direction"),
            "susceptibility": Variable((), "A m^2/T", "in phase with the field, of each moment"),
            "loss_susceptibility": Variable((), "A m^2/T", "behind the field by a quarter, of each moment"),
            "susceptibility_error": Variable((), "A m^2/T", "standard error of either; nan of one period"),
            "area": Variable((), "J", "loss of a cycle for each moment"),
            "coercive_field": Variable((), "T", "coercive field"),
        }

    def texts(self) -> dict[str, str]:
        """Return what the runs warned of."""
        return {"warnings": "what the runs warned of"}

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the phases of a cycle."""
        phases = np.linspace(0.0, 2.0 * math.pi, self.samples + 1)
        return {"phase": Coordinate(("phase",), phases, "rad", "phase of the field"), COMPONENT: XYZ}

    def shown(self) -> list[str]:
        """Return what is read off the cycle."""
        names = ["susceptibility", "loss_susceptibility", "area", "coercive_field"]
        return names if self.show is None else self.show

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return one cycle."""
        from magneton.dynamics import driven_loop

        keys = ("dt", "periods", "settle", "members", "temperature", "samples", "method")
        given = {key: getattr(self, key) for key in keys}
        with certificates.collected() as warned:
            loop = driven_loop(
                self.system(context),
                self.amplitude,
                self.frequency,
                self.field_direction,
                seed=self.seed if self.temperature else None,
                **given,
            )
        return {
            "field": self.along(loop.B),
            "mean_moment": loop.mean_moment,
            "moment_along": self.along(loop.mean_moment),
            "susceptibility": loop.susceptibility.real,
            "loss_susceptibility": loop.susceptibility.imag,
            "susceptibility_error": loop.error,
            "area": loop.area,
            "coercive_field": loop.coercive_field,
            "warnings": "; ".join(warned) or "none",
        }
