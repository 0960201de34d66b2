"""Fields that are the same everywhere and change in time, for `Zeeman`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.kernels import moment_terms as codes


def field_vectors(name: str, value: Any) -> np.ndarray:
    """Return one field, shape (3,), or one a moment, shape (n, 3), in T."""
    array = _check.numbers(name, value, "T")
    if array.ndim not in (1, 2) or array.shape[-1] != 3:
        raise ValueError(f"{name} must have shape (3,) or (n, 3), got shape {array.shape}")
    array.setflags(write=False)
    return array


def _set_numbers(waveform: Any, **units: str) -> None:
    """Make the named attributes floats, in these units."""
    for name, unit in units.items():
        object.__setattr__(waveform, name, _check.number(name, getattr(waveform, name), unit))


def _rows(first: np.ndarray, second: np.ndarray, shape: int, *numbers: float) -> np.ndarray:
    """Return the parameters of the compiled waveform, shape (1, 10) or (n, 10)."""
    first, second = np.broadcast_arrays(np.atleast_2d(first), np.atleast_2d(second))
    tail = np.broadcast_to(np.array([shape, *numbers, 0.0])[:4], (len(first), 4))
    return np.hstack([first, second, tail])


class Waveform:
    """A flux density B(t), the same at all moments or one at each."""

    def rows(self) -> np.ndarray:
        """Return the parameters of `magneton.kernels.moment_terms.WAVE`, shape (1, 10) or (n, 10)."""
        raise NotImplementedError

    def B(self, t: Any) -> np.ndarray:
        """Return the flux density in T at times t (s): shape (..., 3), or (..., n, 3) with a field at each moment."""
        rows = self.rows()
        times = _check.numbers("t", t, "s")
        shape, p, q, r = rows[0, 6:]
        weights = np.array([codes.wave(int(shape), p, q, r, at) for at in times.ravel()])
        found = weights[:, :1, None] * rows[:, :3] + weights[:, 1:, None] * rows[:, 3:6]
        return found.reshape(*times.shape, *(rows[:, :3].shape if len(rows) > 1 else (3,)))


@dataclass(frozen=True, eq=False)
class Ramp(Waveform):
    """A field that goes evenly from one value to another, and is constant before and after.

    Parameters
    ----------
    first, last : array_like, shape (3,) or (n, 3), tesla
        The values.
    start, stop : float, second
        When it leaves the first and reaches the last.

    Examples
    --------
    >>> from magneton.dynamics import Ramp
    >>> Ramp([0, 0, 1], [0, 0, -1], 0.0, 1e-9).B(2.5e-10)
    array([0. , 0. , 0.5])
    """

    first: Any
    last: Any
    start: float
    stop: float

    def __post_init__(self) -> None:
        for name in ("first", "last"):
            object.__setattr__(self, name, field_vectors(name, getattr(self, name)))
        _set_numbers(self, start="s", stop="s")
        if self.stop <= self.start:
            raise ValueError(f"stop must be later than start = {self.start:g} s, got {self.stop:g}")

    def rows(self) -> np.ndarray:
        """Return the parameters of the compiled waveform."""
        return _rows(self.last - self.first, self.first, codes.RAMP, self.start, self.stop)


@dataclass(frozen=True, eq=False)
class Sine(Waveform):
    """An oscillating field, B sin(2 pi f t + phase).

    Parameters
    ----------
    amplitude : array_like, shape (3,) or (n, 3), tesla
        B.
    frequency : float, hertz
        f.
    phase : float, radian
        The phase at t = 0.
    """

    amplitude: Any
    frequency: float
    phase: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "amplitude", field_vectors("amplitude", self.amplitude))
        _set_numbers(self, frequency="Hz", phase="rad")

    def rows(self) -> np.ndarray:
        """Return the parameters of the compiled waveform."""
        rate = 2.0 * math.pi * self.frequency
        return _rows(self.amplitude, np.zeros(3), codes.SINE, rate, self.phase)


@dataclass(frozen=True, eq=False)
class FieldPulse(Waveform):
    """A Gaussian pulse, B exp(-(t - centre)^2/(2 width^2)).

    Parameters
    ----------
    amplitude : array_like, shape (3,) or (n, 3), tesla
        B.
    centre, width : float, second
        When it is greatest, and its standard deviation.
    """

    amplitude: Any
    centre: float
    width: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "amplitude", field_vectors("amplitude", self.amplitude))
        _set_numbers(self, centre="s", width="s")
        _check.positive("width", self.width, "s")

    def rows(self) -> np.ndarray:
        """Return the parameters of the compiled waveform."""
        return _rows(self.amplitude, np.zeros(3), codes.PULSE, self.centre, self.width)


@dataclass(frozen=True, eq=False)
class Rotating(Waveform):
    """A field that turns in a plane, B [a cos(2 pi f t + phase) + b sin(2 pi f t + phase)]: circular radio frequency.

    For f > 0 it turns right-handed about the axis, from a = x to b = y about z.

    Parameters
    ----------
    amplitude : float, tesla
        B.
    frequency : float, hertz
        f; negative turns it the other way.
    axis : array_like, shape (3,)
        What it turns about.
    phase : float, radian
        The phase at t = 0. The direction at phase 0 is x made perpendicular to the axis; for an axis along x, y.
    """

    amplitude: float
    frequency: float
    axis: Any = (0.0, 0.0, 1.0)
    phase: float = 0.0

    def __post_init__(self) -> None:
        _set_numbers(self, amplitude="T", frequency="Hz", phase="rad")
        object.__setattr__(self, "axis", unit_vectors("axis", self.axis, one=True))

    def rows(self) -> np.ndarray:
        """Return the parameters of the compiled waveform."""
        axis, size = self.axis, self.amplitude
        start = np.eye(3)[0 if np.hypot(axis[1], axis[2]) > 0.0 else 1]
        a = start - (start @ axis) * axis
        a /= np.linalg.norm(a)
        rate = 2.0 * math.pi * self.frequency
        return _rows(size * a, size * np.cross(axis, a), codes.ROTATING, rate, self.phase)


def unit_vectors(name: str, value: Any, *, one: bool = False) -> np.ndarray:
    """Return directions of length 1: shape (3,), or (n, 3) unless only one may come."""
    array = _check.vector(name, value) if one else _check.numbers(name, value)
    if array.ndim not in (1, 2) or array.shape[-1] != 3:
        raise ValueError(f"{name} must have shape (3,) or (n, 3), got shape {array.shape}")
    length = np.linalg.norm(array, axis=-1, keepdims=True)
    if not length.all():
        raise ValueError(f"{name} must have a direction, got {_check.shown(value)}")
    result = array / length
    result.setflags(write=False)
    return result
