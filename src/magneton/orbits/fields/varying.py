"""A uniform B that changes in time, with the electric field it induces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton.kernels.em_uniform import varying_uniform
from magneton.orbits.fields._shared import chosen, set_checked
from magneton.orbits.fields.base import TimedField

#: What each profile's numbers are; in the order of the profiles' codes in `magneton.kernels.em_uniform`.
_NUMBERS = {
    "linear": {"B0": "T", "rate": "T/s"},
    "exponential": {"B0": "T", "rate": "1/s"},
    "sinusoidal": {"B0": "T", "depth": "1", "angular_frequency": "1/s", "phase": "1"},
    "transition": {"B1": "T", "B2": "T", "rate": "1/s"},
}
PROFILES = tuple(_NUMBERS)


@dataclass(frozen=True, eq=False)
class VaryingUniformField(TimedField):
    """A uniform B(t) along the own z axis, with the induced E = -(dB/dt) x r/2 about the position.

    Made by `linear`, `exponential`, `sinusoidal` or `transition`. E is that inside a long solenoid about the
    axis: A = B x r/2, phi = 0. It obeys Faraday's law; the displacement current that a changing E asks for is left
    out, as is right for changes slow against the time light needs.

    Parameters
    ----------
    profile : {"linear", "exponential", "sinusoidal", "transition"}
        How B changes.
    values : tuple of float
        The profile's numbers, SI, in the order of the maker's arguments.
    position : array_like, shape (3,), metre
        A point of the axis about which E turns.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one: see `along`.

    Examples
    --------
    >>> from magneton.orbits.fields import VaryingUniformField
    >>> field = VaryingUniformField.linear(1e-3, rate=0.5)
    >>> field.E([0.1, 0, 0]).tolist()
    [0.0, -0.025, 0.0]
    """

    profile: str
    values: Any

    _function: ClassVar = varying_uniform

    def __post_init__(self) -> None:
        chosen("profile", self.profile, PROFILES)
        set_checked(self, values=_checked_numbers(self.profile, self.values))
        self._set_frame()

    @property
    def time_dependent(self) -> bool:
        """Whether B at a point changes."""
        values = self.values
        if self.profile == "transition":
            return values[0] != values[1]
        if self.profile == "linear":
            return values[1] != 0.0
        return all(value != 0.0 for value in values[:3])

    @property
    def electric(self) -> bool:
        """Whether E is anywhere other than zero."""
        return self.time_dependent

    @classmethod
    def linear(cls, B0: Any, rate: Any, **frame: Any) -> Self:
        """Return B = B0 + rate t, with B0 in T and the rate in T/s."""
        return cls("linear", (B0, rate), **frame)

    @classmethod
    def exponential(cls, B0: Any, rate: Any, **frame: Any) -> Self:
        """Return B = B0 exp(rate t), with B0 in T and the rate in 1/s."""
        return cls("exponential", (B0, rate), **frame)

    @classmethod
    def sinusoidal(cls, B0: Any, depth: Any, angular_frequency: Any, phase: Any = 0.0, **frame: Any) -> Self:
        """Return B = B0 (1 + depth sin(angular_frequency t + phase)), with B0 in T and the frequency in rad/s."""
        return cls("sinusoidal", (B0, depth, angular_frequency, phase), **frame)

    @classmethod
    def transition(cls, B1: Any, B2: Any, rate: Any, **frame: Any) -> Self:
        """Return the B(t) from B1 to B2 in which the motion, nonrelativistically, has an exact solution.

        B^2 = (B1^2 + B2^2)/2 + (B2^2 - B1^2)/2 tanh(rate t). In the frame that turns at omega = |q| B/(2 m) a
        nonrelativistic particle is an oscillator whose omega^2 goes as this tanh; a gyration about the axis gains
        Dmu/mu = sinh^2(pi (omega2 - omega1)/(2 rate))/(sinh(pi omega1/rate) sinh(pi omega2/rate)) from t = -infinity to
        +infinity (the oscillator of [BernardDuncan1977]_).

        Parameters
        ----------
        B1, B2 : float, tesla
            Long before and long after t = 0; positive.
        rate : float, 1/s
            Positive; the change takes about 2/rate.
        **frame
            `position` and `orientation`.
        """
        return cls("transition", (B1, B2, rate), **frame)

    @property
    def direction(self) -> np.ndarray:
        """The unit vector of the axis, shape (3,)."""
        return self._matrix[:, 2]

    def axis_distance(self, points: Any) -> np.ndarray:
        """Return how far `points` (m) are from the axis about which E turns, shape (...), in metre."""
        offset = _check.points("points", points) - self.position
        return np.linalg.norm(np.cross(offset, self.direction), axis=-1)

    def _parameters(self) -> np.ndarray:
        return np.array([PROFILES.index(self.profile), *self.values])


def _checked_numbers(profile: str, values: Any) -> tuple[float, ...]:
    """Return a profile's numbers; those of a transition are positive."""
    numbers = _NUMBERS[profile]
    given = tuple(values) if isinstance(values, tuple | list | np.ndarray) else ()
    if len(given) != len(numbers):
        raise ValueError(
            f"values must be {', '.join(numbers)} for profile {profile}, got {_check.shown(values)}"
        )
    check = _check.positive if profile == "transition" else _check.number
    return tuple(check(name, value, unit) for (name, unit), value in zip(numbers.items(), given, strict=True))
