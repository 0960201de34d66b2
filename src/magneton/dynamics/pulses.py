"""Radio-frequency pulses, delays and acquisitions: what sequences of magnetic resonance are made of.

They are written in the frame that rotates at the carrier. A field B1 of a phase lies at that angle from x, and a pulse
turns left-handed about it for gamma > 0: a proton's magnetization goes from z to +y under phase 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import constants, units
from magneton._check import fraction, integer, number, positive, shown, vector
from magneton.dynamics._shapes import nonzero

_GAMMA_P = float(constants.gamma_p)
_NOTHING = (0.0, 0.0, 0.0)


def _not_negative(name: str, value: Any, unit: str) -> float:
    result = number(name, value, unit)
    if result < 0.0:
        raise ValueError(f"{name} must not be negative, got {result:g}")
    return result


def _set(target: Any, **values: Any) -> None:
    """Store checked values in a frozen dataclass."""
    for name, value in values.items():
        object.__setattr__(target, name, value)


class Segment:
    """A part of a sequence: steps of constant B1, all equally long."""

    #: Whether the magnetization is recorded before each step.
    records: bool = False
    #: Of B_z, T/m.
    gradient: Any = _NOTHING

    def step_time(self) -> float:
        """Return how long a step takes, s."""
        return 0.0

    def rotation(self, gamma: float) -> np.ndarray:
        """Return the angular velocity of each step in rad/s, shape (steps, 3)."""
        return np.zeros((0, 3))


@dataclass(frozen=True)
class Pulse(Segment):
    """A hard pulse: constant B1, or instantaneous.

    Parameters
    ----------
    flip : float
        Angle of the turn, abs(gamma) B1 duration, in radian.
    phase : float
        Direction of B1 from x towards y, in radian.
    duration : float
        In s; 0 for an ideal pulse, during which nothing else happens.

    Raises
    ------
    ValueError
        If `duration` is negative, or something is not finite.
    """

    flip: float
    phase: float = 0.0
    duration: float = 0.0

    def __post_init__(self) -> None:
        """Check."""
        _set(
            self,
            flip=number("flip", self.flip),
            phase=number("phase", self.phase),
            duration=_not_negative("duration", self.duration, "s"),
        )

    def step_time(self) -> float:
        """Return the duration, s."""
        return self.duration

    def rotation(self, gamma: float) -> np.ndarray:
        """Return the angular velocity in rad/s, of an ideal pulse the angle itself, shape (1, 3)."""
        rate = -np.sign(gamma) * self.flip / (self.duration or 1.0)
        return rate * np.array([[np.cos(self.phase), np.sin(self.phase), 0.0]])


@dataclass(frozen=True, eq=False)
class ShapedPulse(Segment):
    """A pulse of B1 constant within each of many equal steps.

    Parameters
    ----------
    B1 : array_like, shape (steps,)
        Complex: B_x + i B_y in the rotating frame, T. The component that rotates with the moments; a coil's linear
        field has twice the amplitude.
    step : float
        How long each lasts, s.
    gradient : array_like, shape (3,)
        dB_z/dx, dB_z/dy, dB_z/dz in T/m, on during the pulse.
    """

    B1: Any
    step: float
    gradient: Any = _NOTHING

    def __post_init__(self) -> None:
        """Check."""
        try:
            B1 = np.array(units.strip("B1", self.B1, "T"), dtype=np.complex128)
        except (TypeError, ValueError):
            raise ValueError(f"B1 must be a list of complex numbers, got {shown(self.B1)}") from None
        if B1.ndim != 1 or not B1.size or not np.isfinite(B1).all():
            raise ValueError(
                f"B1 must be a list of finite complex numbers, got shape {B1.shape}: {shown(B1)}"
            )
        B1.setflags(write=False)
        step = positive("step", self.step, "s")
        _set(self, B1=B1, step=step, gradient=vector("gradient", self.gradient, "T/m"))

    @property
    def duration(self) -> float:
        """The whole, s."""
        return self.step * len(self.B1)

    def step_time(self) -> float:
        """Return how long a step takes, s."""
        return self.step

    def rotation(self, gamma: float) -> np.ndarray:
        """Return the angular velocity of each step in rad/s, shape (steps, 3)."""
        w = np.zeros((len(self.B1), 3))
        w[:, 0], w[:, 1] = -gamma * self.B1.real, -gamma * self.B1.imag
        return w


@dataclass(frozen=True, eq=False)
class Delay(Segment):
    """Free precession and relaxation for a time in s, with a gradient of B_z (3 numbers, T/m) if one is given."""

    time: float
    gradient: Any = _NOTHING

    def __post_init__(self) -> None:
        """Check."""
        _set(
            self,
            time=_not_negative("time", self.time, "s"),
            gradient=vector("gradient", self.gradient, "T/m"),
        )

    def step_time(self) -> float:
        """Return the time, s."""
        return self.time

    def rotation(self, gamma: float) -> np.ndarray:
        """Return the angular velocity, 0, shape (1, 3)."""
        return np.zeros((1, 3))


@dataclass(frozen=True, eq=False)
class Acquire(Segment):
    """Free precession that is recorded at `points` instants, `dwell` s apart, the first at once; it takes points dwell.

    ``Acquire(1, 0.0)`` looks at an instant.
    """

    points: int
    dwell: float
    gradient: Any = _NOTHING
    records = True

    def __post_init__(self) -> None:
        """Check."""
        _set(
            self,
            points=integer("points", self.points, 1),
            dwell=_not_negative("dwell", self.dwell, "s"),
            gradient=vector("gradient", self.gradient, "T/m"),
        )

    def step_time(self) -> float:
        """Return the dwell time, s."""
        return self.dwell

    def rotation(self, gamma: float) -> np.ndarray:
        """Return the angular velocity, 0, shape (points, 3)."""
        return np.zeros((self.points, 3))


@dataclass(frozen=True)
class Spoil(Segment):
    """Ideal spoiling: the transverse magnetization of every isochromat is set to 0."""


def _shaped(
    envelope: np.ndarray, flip: Any, duration: Any, gamma: Any, phase: Any, gradient: Any
) -> ShapedPulse:
    """Scale an envelope so that it turns what is on resonance by `flip`."""
    step = positive("duration", duration, "s") / len(envelope)
    strength = number("flip", flip) / (abs(float(nonzero("gamma", gamma, "1/(s T)"))) * step)
    turned = np.exp(1j * number("phase", phase))
    return ShapedPulse(strength * turned * (envelope / envelope.sum()), step, gradient)


def sinc_pulse(
    flip: float,
    duration: float,
    *,
    time_bandwidth: float = 4.0,
    window: float = 0.46,
    samples: int = 256,
    gamma: float = _GAMMA_P,
    phase: float = 0.0,
    gradient: Any = _NOTHING,
) -> ShapedPulse:
    """Return a selective pulse sin(pi b t)/(pi b t) under a window, b being its bandwidth.

    Parameters
    ----------
    flip : float
        Angle of the turn on resonance, radian.
    duration : float
        In s.
    time_bandwidth : float
        Duration times bandwidth; a slice is time_bandwidth/duration Hz wide, to first order in `flip`.
    window : float
        a in 1 - a + a cos(2 pi t/duration): 0.46 is Hamming's, 0.5 Hann's, 0 none.
    samples : int
        Steps of constant B1.
    gamma : float
        Gyromagnetic ratio in 1/(s T), by default the proton's.
    phase : float
        Direction of B1, radian.
    gradient : array_like, shape (3,)
        Gradient of B_z during the pulse, T/m.

    Returns
    -------
    ShapedPulse

    Examples
    --------
    >>> import numpy as np
    >>> from magneton.dynamics import sinc_pulse
    >>> pulse = sinc_pulse(np.pi / 2, 2e-3)
    >>> f"{1e6 * abs(pulse.B1).max():.2f} uT"
    '11.70 uT'
    """
    product = positive("time_bandwidth", time_bandwidth)
    share = number("window", window)
    u = (np.arange(integer("samples", samples, 1)) + 0.5) / samples - 0.5
    envelope = np.sinc(product * u) * (1.0 - share + share * np.cos(2.0 * np.pi * u))
    return _shaped(envelope, flip, duration, gamma, phase, gradient)


def gaussian_pulse(
    flip: float,
    duration: float,
    *,
    truncation: float = 0.01,
    samples: int = 256,
    gamma: float = _GAMMA_P,
    phase: float = 0.0,
    gradient: Any = _NOTHING,
) -> ShapedPulse:
    """Return a Gaussian pulse, cut where it has fallen to a fraction `truncation`; the rest as in `sinc_pulse`."""
    u = 2.0 * (np.arange(integer("samples", samples, 1)) + 0.5) / samples - 1.0
    envelope = np.exp(np.log(fraction("truncation", truncation)) * u * u)
    return _shaped(envelope, flip, duration, gamma, phase, gradient)
