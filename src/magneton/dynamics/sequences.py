"""Common sequences of pulses and delays, for `Bloch.play`."""

from __future__ import annotations

import math

from magneton._check import integer, number, positive, shown
from magneton.dynamics.pulses import Acquire, Delay, Pulse, Segment

_LOOK = Acquire(1, 0.0)


def _half(name: str, spacing: float, pulses: float) -> float:
    """Return the delay on either side of a refocusing pulse; `spacing` is from centre to centre."""
    delay = 0.5 * positive(name, spacing, "s") - pulses
    if delay < 0.0:
        raise ValueError(
            f"{name} must leave room for the pulses, {spacing - 2.0 * delay:g} s, got {spacing:g}"
        )
    return delay


def spin_echo(echo_time: float, *, flip: float = 0.5 * math.pi, duration: float = 0.0) -> list[Segment]:
    """Return Hahn's echo, flip_x - echo_time/2 - 180_y - echo_time/2, recorded at the echo's top.

    Parameters
    ----------
    echo_time : float
        From the middle of the first pulse to the echo, s.
    flip : float
        Of the first pulse, radian.
    duration : float
        Of the 180 degree pulse, s; the first pulse is as strong, and shorter by its angle. 0 for ideal pulses.

    Returns
    -------
    list of Segment
        The signal of one instant; put an `Acquire` behind it to record the echo's decay as well.

    Notes
    -----
    With ideal pulses the echo is M_0 exp(-echo_time/T2), whatever the offset ([Hahn1950]_).
    """
    first = duration * abs(flip) / math.pi
    after = _half("echo_time", echo_time, 0.5 * duration)
    before = _half("echo_time", echo_time, 0.5 * (duration + first))
    return [
        Pulse(flip, 0.0, first),
        Delay(before),
        Pulse(math.pi, 0.5 * math.pi, duration),
        Delay(after),
        _LOOK,
    ]


def cpmg(
    echo_spacing: float,
    echoes: int,
    *,
    refocus: float = math.pi,
    phase: float = 0.5 * math.pi,
    duration: float = 0.0,
) -> list[Segment]:
    """Return a train of echoes, 90_x - (spacing/2 - refocus - spacing/2 - look) x echoes.

    Parameters
    ----------
    echo_spacing : float
        Between echoes, s.
    echoes : int
        How many.
    refocus : float
        Angle of the refocusing pulses, radian.
    phase : float
        Theirs, radian: pi/2 for Meiboom and Gill's train ([MeiboomGill1958]_), in which errors of the angle do not
        add up; 0 for Carr and Purcell's ([CarrPurcell1954]_), in which they do.
    duration : float
        Of a refocusing pulse, s; the first is as strong as if they were of 180 degrees. 0 for ideal pulses.

    Returns
    -------
    list of Segment
        Records each echo's top.
    """
    half = _half("echo_spacing", echo_spacing, 0.5 * duration)
    first = 0.5 * duration
    start = _half("echo_spacing", echo_spacing, 0.5 * (duration + first))
    pulse = Pulse(refocus, phase, duration)
    train: list[Segment] = [Pulse(0.5 * math.pi, 0.0, first), Delay(start), pulse, Delay(half), _LOOK]
    return train + [Delay(half), pulse, Delay(half), _LOOK] * (integer("echoes", echoes, 1) - 1)


def inversion_recovery(delay: float, *, points: int = 1, dwell: float = 0.0) -> list[Segment]:
    """Return 180_x - delay - 90_x - acquire, with ideal pulses.

    Parameters
    ----------
    delay : float
        Between the pulses, s.
    points, dwell : int, float
        How many points of the free induction to record, and the time between them in s.

    Returns
    -------
    list of Segment
        The first signal is sign(gamma) i M_0 [1 - 2 exp(-delay/T1)].
    """
    if number("delay", delay, "s") < 0.0:
        raise ValueError(f"delay must not be negative, got {shown(delay)}")
    return [Pulse(math.pi), Delay(delay), Pulse(0.5 * math.pi), Acquire(points, dwell)]
