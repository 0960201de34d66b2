"""Tables of what sequences of magnetic resonance are made of: pulses, delays, acquisitions, and ready sequences."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from magneton.scene.model import Table, type_names
from magneton.scene.quantities import Quantity, problem

_Angle = Annotated[float, Quantity("rad")]
_Time = Annotated[float, Quantity("s")]
_Span = Annotated[float, Quantity("s", positive=True)]
_MOST = 1_000_000


class SegmentTable(Table):
    """A part of a sequence, or several of them."""

    @model_validator(mode="after")
    def _check_segment(self) -> SegmentTable:
        for key in ("time", "duration", "dwell"):
            if getattr(self, key, 0.0) < 0.0:
                raise problem(f"must not be negative, got {getattr(self, key):g}", (key,))
        for key in ("points", "echoes", "steps"):
            if not 1 <= getattr(self, key, 1) <= _MOST:
                raise problem(f"must lie between 1 and {_MOST}, got {getattr(self, key)}", (key,))
        return self

    def make(self, gamma: float) -> list[Any]:
        """Return the segments, for moments of a gyromagnetic ratio."""
        raise NotImplementedError


class PulseTable(SegmentTable):
    """A hard pulse."""

    type: Literal["Pulse"]
    flip: _Angle
    phase: _Angle = 0.0
    duration: _Time = 0.0

    def make(self, gamma: float) -> list[Any]:
        """Return the pulse."""
        from magneton.dynamics import Pulse

        return [Pulse(self.flip, self.phase, self.duration)]


class _ShapedTable(SegmentTable):
    flip: _Angle
    duration: _Span
    phase: _Angle = 0.0
    steps: int = 256


class SincPulseTable(_ShapedTable):
    """A selective pulse of the form of a sinc under Hamming's window."""

    type: Literal["SincPulse"]
    time_bandwidth: Annotated[float, Quantity("1", positive=True)] = 4.0

    def make(self, gamma: float) -> list[Any]:
        """Return the pulse."""
        from magneton.dynamics import sinc_pulse

        given = {"time_bandwidth": self.time_bandwidth, "samples": self.steps, "phase": self.phase}
        return [sinc_pulse(self.flip, self.duration, gamma=gamma, **given)]


class GaussianPulseTable(_ShapedTable):
    """A Gaussian pulse, cut where it has fallen to a fraction."""

    type: Literal["GaussianPulse"]
    truncation: Annotated[float, Quantity("1", positive=True)] = 0.01

    def make(self, gamma: float) -> list[Any]:
        """Return the pulse."""
        from magneton.dynamics import gaussian_pulse

        given = {"truncation": self.truncation, "samples": self.steps, "phase": self.phase}
        return [gaussian_pulse(self.flip, self.duration, gamma=gamma, **given)]


class DelayTable(SegmentTable):
    """Free precession and relaxation."""

    type: Literal["Delay"]
    time: _Time

    def make(self, gamma: float) -> list[Any]:
        """Return the delay."""
        from magneton.dynamics import Delay

        return [Delay(self.time)]


class AcquireTable(SegmentTable):
    """Free precession that is recorded."""

    type: Literal["Acquire"]
    points: int = 1
    dwell: _Time = 0.0

    def make(self, gamma: float) -> list[Any]:
        """Return the acquisition."""
        from magneton.dynamics import Acquire

        return [Acquire(self.points, self.dwell)]


class SpoilTable(SegmentTable):
    """Ideal spoiling."""

    type: Literal["Spoil"]

    def make(self, gamma: float) -> list[Any]:
        """Return the spoiling."""
        from magneton.dynamics import Spoil

        return [Spoil()]


class SpinEchoTable(SegmentTable):
    """Hahn's echo, recorded at its top."""

    type: Literal["SpinEcho"]
    echo_time: _Span
    flip: _Angle = 0.5 * math.pi
    duration: _Time = 0.0

    def make(self, gamma: float) -> list[Any]:
        """Return the sequence."""
        from magneton.dynamics import spin_echo

        return spin_echo(self.echo_time, flip=self.flip, duration=self.duration)


class CPMGTable(SegmentTable):
    """A train of echoes, recorded at their tops."""

    type: Literal["CPMG"]
    echo_spacing: _Span
    echoes: int
    refocus: _Angle = math.pi
    phase: _Angle = 0.5 * math.pi
    duration: _Time = 0.0

    def make(self, gamma: float) -> list[Any]:
        """Return the sequence."""
        from magneton.dynamics import cpmg

        given = {"refocus": self.refocus, "phase": self.phase, "duration": self.duration}
        return cpmg(self.echo_spacing, self.echoes, **given)


class InversionRecoveryTable(SegmentTable):
    """180 degrees, a delay, 90 degrees, and the free induction."""

    type: Literal["InversionRecovery"]
    delay: _Time
    points: int = 1
    dwell: _Time = 0.0

    def make(self, gamma: float) -> list[Any]:
        """Return the sequence."""
        from magneton.dynamics import inversion_recovery

        return inversion_recovery(self.delay, points=self.points, dwell=self.dwell)


_Union = (
    PulseTable
    | SincPulseTable
    | GaussianPulseTable
    | DelayTable
    | AcquireTable
    | SpoilTable
    | SpinEchoTable
    | CPMGTable
    | InversionRecoveryTable
)
AnySegment = Annotated[_Union, Field(discriminator="type")]
SEGMENT_TYPES = type_names(_Union)
