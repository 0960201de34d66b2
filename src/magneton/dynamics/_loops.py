"""Hysteresis loops, and what is read off them."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Jump:
    """A well ends, and the moments leave it.

    Attributes
    ----------
    index : int
        Of the field of the loop on the way to which it happens.
    B : ndarray, shape (3,), tesla
        The field.
    uncertainty : float, tesla
        The well was there in a field so much before, and no longer so much after.
    before, after : ndarray, shape (n, 3), A m^2
        The moments.
    heat : float, joule
        What all moments together give off.
    """

    index: int
    B: np.ndarray
    uncertainty: float
    before: np.ndarray
    after: np.ndarray
    heat: float


@dataclass(frozen=True, eq=False)
class HysteresisLoop:
    """Moments in a field that goes to and fro.

    Attributes
    ----------
    B : ndarray, shape (k, 3), tesla
        The field.
    direction : ndarray, shape (3,)
        Unit vector, along which fields and moments are read.
    moments : ndarray, shape (k, n, 3), A m^2
        In each field.
    energy : ndarray, shape (k,), joule
        Of all moments together, in the field.
    jumps : tuple of Jump
        Where moments left wells that ended, in order.
    """

    B: np.ndarray
    direction: np.ndarray
    moments: np.ndarray
    energy: np.ndarray
    jumps: tuple[Jump, ...]

    def __repr__(self) -> str:
        k, n = self.moments.shape[:2]
        return f"<{type(self).__name__}: {n} moments, {k} fields, {len(self.jumps)} jumps>"

    @functools.cached_property
    def mean_moment(self) -> np.ndarray:
        """The mean over the moments, shape (k, 3), in A m^2."""
        return self.moments.mean(axis=1)

    @property
    def field_along(self) -> np.ndarray:
        """The field along the direction, shape (k,), in T."""
        return self.B @ self.direction

    @property
    def moment_along(self) -> np.ndarray:
        """The mean moment along the direction, shape (k,), in A m^2; the magnetization times the volume of each."""
        return self.mean_moment @ self.direction

    @functools.cached_property
    def path(self) -> tuple[np.ndarray, np.ndarray]:
        """Fields in T and mean moments in A m^2, both of shape (p, 3), with two points for each jump."""
        at = [jump.index for jump in self.jumps for _ in range(2)]
        fields = [jump.B for jump in self.jumps for _ in range(2)]
        means = [part.mean(axis=0) for jump in self.jumps for part in (jump.before, jump.after)]
        if not at:
            return self.B, self.mean_moment
        return np.insert(self.B, at, fields, axis=0), np.insert(self.mean_moment, at, means, axis=0)

    @property
    def coercive_field(self) -> float:
        """Half the distance in T between the fields in which the mean moment stands across the direction.

        With a single such field, its amount; nan without one.
        """
        B, mean = self.path
        return _half_width(mean @ self.direction, B @ self.direction)

    @property
    def remanent_moment(self) -> float:
        """Half the distance in A m^2 between the mean moments along the direction without a field along it.

        With a single such moment, its amount; nan without one.
        """
        B, mean = self.path
        return _half_width(B @ self.direction, mean @ self.direction)

    @property
    def area(self) -> float:
        """The loss of a cycle for each moment, -(integral of m.dB), in J; nan unless the field ends where it began.

        It is positive where the moments lag behind the field. Along a well the integral is the change of the energy, so
        that it is known as well as the jumps are.
        """
        if np.abs(self.B[-1] - self.B[0]).max() > 1e-12 * np.abs(self.B).max():
            return float("nan")
        heat = sum(jump.heat for jump in self.jumps)
        return float(heat + self.energy[-1] - self.energy[0]) / self.moments.shape[1]


@dataclass(frozen=True, eq=False, repr=False)
class DrivenLoop(HysteresisLoop):
    """Moments in a field B cos(2 pi f t) along the direction: a cycle, the mean over periods and members.

    Attributes
    ----------
    time : ndarray, shape (k,), second
        From 0 to a period, both included; the field is greatest at both.
    frequency : float, hertz
        f.
    amplitude : float, tesla
        B.
    susceptibility : complex, A m^2/T
        chi' + i chi'' of each moment: the mean moment along the direction is B (chi' cos + chi'' sin) and harmonics.
    error : float, A m^2/T
        Standard error of either part, from how periods and members differ; nan of a single one.
    """

    time: np.ndarray
    frequency: float
    amplitude: float
    susceptibility: complex
    error: float

    @property
    def area(self) -> float:
        """The loss of a cycle for each moment in J, pi B^2 chi''."""
        return np.pi * self.amplitude**2 * self.susceptibility.imag

    @property
    def area_error(self) -> float:
        """Its standard error."""
        return np.pi * self.amplitude**2 * self.error


def _half_width(x: np.ndarray, y: np.ndarray) -> float:
    """Return half the range of y where the polygon (x, y) comes to x = 0."""
    i = np.flatnonzero(x[:-1] * x[1:] < 0.0)
    between = y[i] - x[i] * (y[i + 1] - y[i]) / (x[i + 1] - x[i])
    found = np.concatenate([between, y[1:][x[1:] == 0.0]])
    if found.size < 2:
        return abs(float(found[0])) if found.size else float("nan")
    return 0.5 * float(found.max() - found.min())
