"""Bloch's equations: magnetization through a sequence of pulses and delays, or long in a constant field B1."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from magneton.scene.model import Table, exactly_one
from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks.base import COMPONENT, Context, Coordinate, Variable
from magneton.scene.tasks.gyromagnetic import GyromagneticTask
from magneton.scene.tasks.interaction import XYZ
from magneton.scene.tasks.particles import require_count
from magneton.scene.tasks.segments import AnySegment

_Time = Annotated[float | None, Quantity("s", positive=True)]


class IsochromatsTable(Table):
    """A line of offsets, shared among isochromats of equal weight."""

    count: int
    width: Annotated[float, Quantity("Hz", positive=True)]
    shape: Literal["lorentzian", "gaussian"] = "lorentzian"

    @model_validator(mode="after")
    def _check(self) -> IsochromatsTable:
        require_count(self.count, "count", 1)
        return self


class BlochTask(GyromagneticTask):
    """Magnetization in the frame that rotates with the carrier."""

    FIXED: ClassVar = ("times",)
    OPEN: ClassVar = ("sequence", "isochromats")

    type: Literal["bloch"]
    T1: _Time = None
    T2: _Time = None
    equilibrium: Annotated[float, Quantity("1", nonzero=True)] = 1.0
    start: Annotated[list[float] | None, Quantity("1", (3,))] = None
    offset: Annotated[float, Quantity("Hz")] = 0.0
    isochromats: IsochromatsTable | None = None
    B1_scale: Annotated[float, Quantity("1")] = 1.0
    sequence: Annotated[list[AnySegment], Field(min_length=1)] | None = None
    B1: Annotated[float | None, Quantity("T")] = None
    phase: Annotated[float, Quantity("rad")] = 0.0

    @model_validator(mode="after")
    def _check(self) -> BlochTask:
        if exactly_one(self, "sequence", "B1") == "B1":
            for key in ("T1", "T2"):
                if getattr(self, key) is None:
                    raise problem("required for a steady state in B1", (key,))
            if self.start is not None:
                raise problem("goes with sequence: a steady state has no start", ("start",))
        elif self.phase:
            raise problem("goes with B1; the pulses of a sequence have their own", ("phase",))
        if self.T1 is not None and (self.T2 is None or self.T2 > 2.0 * self.T1):
            got = "none" if self.T2 is None else f"{self.T2:g} s"
            raise problem(f"must be at most 2 T1 = {2.0 * self.T1:g} s, got {got}", ("T2",))
        if self.sequence is not None and not len(self._times()):
            raise problem("must record something: an Acquire or an echo is missing", ("sequence",))
        return self

    def _segments(self) -> list[Any]:
        gamma = self.signed_gamma("proton")
        return [part for table in self.sequence or [] for part in table.make(gamma)]

    def _times(self) -> np.ndarray:
        """Return when the sequence records, from its beginning, s."""
        from magneton.dynamics import Acquire, Spoil

        now, times = 0.0, [np.empty(0)]
        for part in self._segments():
            if isinstance(part, Acquire):
                times.append(now + part.dwell * np.arange(part.points))
            if not isinstance(part, Spoil):
                now += part.step_time() * len(part.rotation(1.0))
        return np.concatenate(times)

    @property
    def _axis(self) -> str:
        """The dimension of what is recorded: time, unless a sweep changes when that is."""
        paths = [path for sweep in self.sweep.values() for path in (sweep.parameter or sweep.set or ())]
        return "sample" if any(path.startswith("task.sequence") for path in paths) else "time"

    def variables(self) -> dict[str, Variable]:
        """Return the mean magnetization as it is recorded, or the steady one."""
        words = "magnetization, mean of the isochromats"
        if self.sequence is None:
            return {"magnetization": Variable((COMPONENT,), "1", f"{words}, in the steady state")}
        along = (self._axis,)
        result = {
            "magnetization": Variable((*along, COMPONENT), "1", words),
            "signal": Variable(along, "1", "magnitude of the transverse magnetization"),
            "signal_phase": Variable(along, "rad", "its angle from x towards y"),
        }
        if self._axis == "sample":
            result["time"] = Variable(along, "s", "time")
        return result | {"final_magnetization": Variable((COMPONENT,), "1", f"{words}, at the end")}

    def shown(self) -> list[str]:
        """Return the magnetization."""
        return ["magnetization"] if self.show is None else self.show

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the axis of what is recorded."""
        if self.sequence is None:
            return {COMPONENT: XYZ}
        if self._axis == "time":
            axis = Coordinate(("time",), self._times(), "s", "time")
        else:
            axis = Coordinate(("sample",), np.arange(1, len(self._times()) + 1), "", "sample")
        return {self._axis: axis, COMPONENT: XYZ}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return what becomes of the magnetization."""
        from magneton.dynamics import Bloch, isochromats

        T1, T2 = (math.inf if time is None else time for time in (self.T1, self.T2))
        bloch = Bloch(self.signed_gamma("proton"), T1=T1, T2=T2, equilibrium=self.equilibrium)
        offset: Any = self.offset
        if self.isochromats is not None:
            line = self.isochromats
            offset = isochromats(line.count, line.width, shape=line.shape, centre=self.offset)
        if self.B1 is not None:
            found = bloch.steady_state(self.B1 * self.B1_scale, phase=self.phase, offset=offset)
            return {"magnetization": found.reshape(-1, 3).mean(axis=0)}
        run = bloch.play(self._segments(), self.start, offset=offset, B1_scale=self.B1_scale)
        result = {
            "magnetization": run.mean,
            "signal": np.abs(run.signal),
            "signal_phase": np.angle(run.signal),
            "final_magnetization": run.magnetization.reshape(-1, 3).mean(axis=0),
        }
        return result | ({"time": run.time} if self._axis == "sample" else {})
