"""Plane electromagnetic waves, circular and other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton.kernels.em_waves import plane_wave
from magneton.orbits.fields._shared import chosen, not_zero, set_checked
from magneton.orbits.fields.base import TimedField

HANDS = ("right", "left")
#: A component of the amplitude along k above this part of it is no rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Wave:
    """A plane wave in global axes: B = cosine cos(psi) + sine sin(psi), psi = k.r - omega t + phase.

    Attributes
    ----------
    wave_vector : ndarray, shape (3,), 1/m
        k.
    angular_frequency : float, 1/s
        omega.
    cosine, sine : ndarray, shape (3,), tesla
        Amplitudes of B in phase and a quarter turn later; perpendicular to k.
    phase : float, radian
        psi at the origin at t = 0.
    ramp : float, second
        How long the wave takes, from t = 0, to switch on.
    """

    wave_vector: np.ndarray
    angular_frequency: float
    cosine: np.ndarray
    sine: np.ndarray
    phase: float = 0.0
    ramp: float = 0.0

    @property
    def amplitude(self) -> float:
        """The largest |B| in a period, in tesla: the semi-major axis of the ellipse that B runs through."""
        power = float(self.cosine @ self.cosine + self.sine @ self.sine)
        area = float(np.linalg.norm(np.cross(self.cosine, self.sine)))
        # The semi-axes a >= b have a^2 + b^2 = power and a b = area.
        return 0.5 * (math.sqrt(power + 2.0 * area) + math.sqrt(max(power - 2.0 * area, 0.0)))

    @property
    def polarization(self) -> np.ndarray:
        """The complex vector e, shape (3,), of B = Re[amplitude e exp(i psi)]; zeros for a wave of no amplitude."""
        size = self.amplitude
        return (self.cosine - 1j * self.sine) / (size if size > 0.0 else 1.0)


class _PlaneWaves(TimedField):
    """What plane waves share: a subclass gives `_own_wave`, the wave in its own frame."""

    _function: ClassVar = plane_wave

    def _own_wave(self) -> Wave:
        raise NotImplementedError

    @property
    def waves(self) -> tuple[Wave, ...]:
        """The waves in this field, in global axes."""
        own, matrix = self._own_wave(), self._matrix
        k = matrix @ own.wave_vector
        phase = own.phase - float(k @ self.position)
        return (Wave(k, own.angular_frequency, matrix @ own.cosine, matrix @ own.sine, phase, own.ramp),)

    @property
    def time_dependent(self) -> bool:
        """Whether B or E at a point changes."""
        own = self._own_wave()
        return own.amplitude > 0.0 and (own.angular_frequency != 0.0 or own.ramp > 0.0)

    @property
    def electric(self) -> bool:
        """Whether E is anywhere other than zero."""
        return self.time_dependent

    def _parameters(self) -> np.ndarray:
        own = self._own_wave()
        k = own.wave_vector
        # Divided one factor at a time: k^2 of a short wave in tiny units could overflow.
        size = float(np.linalg.norm(k))
        a_cos = np.cross(k / size, own.sine) / size
        a_sin = -np.cross(k / size, own.cosine) / size
        head = [*k, own.angular_frequency, own.phase, own.ramp]
        return np.concatenate([head, own.cosine, own.sine, a_cos, a_sin])


def _ramp(value: Any) -> float:
    ramp = _check.number("ramp", value, "s")
    if ramp < 0.0:
        raise ValueError(f"ramp must not be negative, got {ramp:g}")
    return ramp


@dataclass(frozen=True, eq=False)
class CircularWave(_PlaneWaves):
    """A circularly polarized wave along the own z axis, with E from Faraday's law.

    B = b (cos psi, -h sin psi, 0), psi = k z - omega t + phase, h = +1 for a right-hand wave and -1 for a left-hand
    one; E = -(omega/k^2) k x B and phi = 0. Hands are those of plasma physics ([Stix1992]_): for omega > 0 the vectors
    at a point of a right-hand wave turn about +z as electrons do in a B0 along +z, those of a left-hand one as ions,
    whichever way the wave travels. The wave carries no B0: add a `magneton.UniformField`.

    Parameters
    ----------
    amplitude : float, tesla
        b, of the wave's B.
    wave_number : float, 1/m
        k along z, not zero; with its sign.
    angular_frequency : float, 1/s
        omega. Zero gives a helical field at rest.
    hand : {"right", "left"}
        Which way B turns about +z.
    phase : float, radian
        psi at the position at t = 0.
    ramp : float, second
        If not zero the wave is switched on from t = 0 in this time: A is multiplied by 10 s^3 - 15 s^4 + 6 s^5,
        s = t/ramp, and B and E follow from it, so that Faraday's law holds.
    position : array_like, shape (3,), metre
        Where z = 0.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one: see `along`.

    Raises
    ------
    ValueError
        If the wave number is zero, the hand unknown or the ramp negative.
    """

    amplitude: Any
    wave_number: Any
    angular_frequency: Any
    hand: str = "right"
    phase: Any = 0.0
    ramp: Any = 0.0

    def __post_init__(self) -> None:
        chosen("hand", self.hand, HANDS)
        set_checked(
            self,
            amplitude=_check.number("amplitude", self.amplitude, "T"),
            wave_number=not_zero("wave_number", self.wave_number, "1/m"),
            angular_frequency=_check.number("angular_frequency", self.angular_frequency, "1/s"),
            phase=_check.number("phase", self.phase),
            ramp=_ramp(self.ramp),
        )
        self._set_frame()

    def _own_wave(self) -> Wave:
        turn = -self.amplitude if self.hand == "right" else self.amplitude
        return Wave(
            np.array([0.0, 0.0, self.wave_number]),
            self.angular_frequency,
            np.array([self.amplitude, 0.0, 0.0]),
            np.array([0.0, turn, 0.0]),
            self.phase,
            self.ramp,
        )


@dataclass(frozen=True, eq=False)
class PlaneWave(_PlaneWaves):
    """A plane wave of any direction and polarization, with E from Faraday's law.

    B = cosine cos psi + sine sin psi, psi = k.r - omega t + phase; E = -(omega/k^2) k x B, perpendicular to k, phi = 0
    and A = k x (sine cos psi - cosine sin psi)/k^2 ([Jackson1999]_, sec. 7.1-7.2). One of `cosine` and `sine` alone is
    a linearly polarized wave, two equal ones at right angles a circular one. In a plasma omega/k is that of the mode:
    the wave need not travel at the speed of light.

    Parameters
    ----------
    wave_vector : array_like, shape (3,), 1/m
        k, not zero.
    angular_frequency : float, 1/s
        omega.
    cosine, sine : array_like, shape (3,), tesla
        The parts of B; perpendicular to k, as div B = 0.
    phase : float, radian
        psi at the position at t = 0.
    ramp : float, second
        As of `CircularWave`.
    position : array_like, shape (3,), metre
        Where r = 0.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one.

    Raises
    ------
    ValueError
        If k is zero, or `cosine` or `sine` has a component along it.
    """

    wave_vector: Any
    angular_frequency: Any
    cosine: Any
    sine: Any = (0.0, 0.0, 0.0)
    phase: Any = 0.0
    ramp: Any = 0.0

    def __post_init__(self) -> None:
        k = _check.vector("wave_vector", self.wave_vector, "1/m")
        if not np.any(k):
            raise ValueError("wave_vector must not be zero, got [0, 0, 0]")
        direction = k / np.linalg.norm(k)
        parts = {}
        for name in ("cosine", "sine"):
            part = parts[name] = _check.vector(name, getattr(self, name), "T")
            if abs(float(part @ direction)) > _ROUNDING * float(np.linalg.norm(part)):
                raise ValueError(
                    f"{name} must be perpendicular to wave_vector, as div B = 0, got {_check.shown(part.tolist())}"
                )
        set_checked(
            self,
            wave_vector=k,
            angular_frequency=_check.number("angular_frequency", self.angular_frequency, "1/s"),
            phase=_check.number("phase", self.phase),
            ramp=_ramp(self.ramp),
            **parts,
        )
        self._set_frame()

    @classmethod
    def at_angle(
        cls,
        amplitude: Any,
        wave_number: Any,
        angular_frequency: Any,
        angle: Any,
        ellipticity: Any = 0.0,
        **other: Any,
    ) -> Self:
        """Return a wave whose k lies in the x-z plane at an angle to +z, where B0 is meant to point.

        With e1 = (cos angle, 0, -sin angle), B = amplitude (e1 cos psi - ellipticity e_y sin psi).

        Parameters
        ----------
        amplitude : float, tesla
            Of B along e1.
        wave_number : float, 1/m
            |k|, positive.
        angular_frequency : float, 1/s
            omega.
        angle : float, radian
            From +z to k.
        ellipticity : float
            From -1 to 1: 0 is a linear wave with B in the plane of k and z, +1 a circular one that turns about k as the
            right-hand `CircularWave` about z, -1 one that turns the other way.
        **other
            `phase`, `ramp`, `position`, `orientation`.
        """
        amplitude = _check.number("amplitude", amplitude, "T")
        k = _check.positive("wave_number", wave_number, "1/m")
        angle = _check.number("angle", angle)
        ellipticity = _check.number("ellipticity", ellipticity)
        if abs(ellipticity) > 1.0:
            raise ValueError(f"ellipticity must lie from -1 to 1, got {ellipticity:g}")
        c, s = math.cos(angle), math.sin(angle)
        cosine = [amplitude * c, 0.0, -amplitude * s]
        sine = [0.0, -amplitude * ellipticity, 0.0]
        return cls([k * s, 0.0, k * c], angular_frequency, cosine, sine, **other)

    def _own_wave(self) -> Wave:
        return Wave(self.wave_vector, self.angular_frequency, self.cosine, self.sine, self.phase, self.ramp)
