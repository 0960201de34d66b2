"""Events on an orbit: mirror points, equator crossings, planes, spheres, and functions of one's own.

An event is where a continuous function g(t, x, v) changes its sign. Each takes

direction : int
    1 for crossings at which g rises as physical time increases, -1 for those at which it falls, 0 for both. A run back
    in time (negative duration) finds the same crossings: of a `Sphere`, 1 is where the particle leaves it, though the
    run, which sees the motion in reverse, comes into it there.
terminal : bool or int
    Whether the orbit ends there; a number n means, at the n-th.

What is close to a sign change at the very start, to rounding, is not an event.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.orbits.fields.base import OrbitField

__all__ = ["Crossing", "Equator", "Event", "EventRecord", "Mirror", "Plane", "Sphere"]

_NOISE = 16.0 * float(np.finfo(float).eps)


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.einsum("...i,...i", a, b)


def _norm(a: np.ndarray) -> np.ndarray:
    return np.sqrt(_dot(a, a))


@dataclass(frozen=True, kw_only=True)
class Event:
    """What all events share: a value whose sign changes, which crossings count, and whether they end the orbit."""

    direction: int = 0
    terminal: bool | int = False
    #: The event's key in an orbit's `events`.
    name: ClassVar[str] = "event"
    #: Below this a value at the start counts as zero.
    noise: ClassVar[float] = _NOISE

    def __post_init__(self) -> None:
        if isinstance(self.direction, bool) or self.direction not in (-1, 0, 1):
            raise ValueError(f"direction must be -1, 0 or 1, got {_check.shown(self.direction)}")
        if not isinstance(self.terminal, bool | int) or self.terminal < 0:
            raise ValueError(
                f"terminal must be a bool or a number of events, got {_check.shown(self.terminal)}"
            )

    def value(self, field: OrbitField, t: np.ndarray, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Return g at times (n,), positions and velocities (n, 3), in units in which its rounding is about 1e-16."""
        raise NotImplementedError

    def counts(
        self, sign: np.ndarray, field: OrbitField, t: np.ndarray, x: np.ndarray, v: np.ndarray
    ) -> np.ndarray:
        """Return which crossings count; `sign` is 1 where g rises in time."""
        return np.full(len(sign), True) if self.direction == 0 else sign == self.direction


@dataclass(frozen=True, kw_only=True)
class Mirror(Event):
    """Mirror points: the velocity along B, v.b, changes its sign.

    It is the particle's own velocity: where the field lines are curved, v.b swings with the gyration, and a mirror
    point may be three or more crossings close together.
    """

    name: ClassVar[str] = "mirror"

    def value(self, field: OrbitField, t: np.ndarray, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Return the cosine of the pitch angle."""
        B = field.B(x, t)
        with np.errstate(invalid="ignore", divide="ignore"):
            return _dot(v, B) / (_norm(v) * _norm(B))


@dataclass(frozen=True, kw_only=True)
class Equator(Event):
    """Equator crossings: b.grad|B| = 0 at a minimum of |B| along the field line.

    `direction` 1 means crossings along B, -1 those against it.
    """

    name: ClassVar[str] = "equator"

    def value(self, field: OrbitField, t: np.ndarray, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Return b.grad|B| in units of the norm of grad B."""
        fields = field.derivatives(x, t)
        B, gradient = fields["B"], fields["grad_B"]
        with np.errstate(invalid="ignore", divide="ignore"):
            b = B / _norm(B)[:, None]
            slope = np.einsum("ni,nij,nj->n", b, gradient, b)
            return slope / np.sqrt(np.einsum("nij,nij->n", gradient, gradient))

    def counts(
        self, sign: np.ndarray, field: OrbitField, t: np.ndarray, x: np.ndarray, v: np.ndarray
    ) -> np.ndarray:
        """Return which crossings are minima, in the direction asked for."""
        along = np.sign(_dot(v, field.B(x, t)))
        return (sign * along > 0.0) & ((self.direction == 0) | (along == self.direction))


@dataclass(frozen=True)
class Plane(Event):
    """Crossings of the plane through `point` (m) with a `normal` of any length; g rises along the normal."""

    point: Any
    normal: Any
    name: ClassVar[str] = "plane"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "point", _check.vector("point", self.point, "m"))
        normal = _check.vector("normal", self.normal)
        length = math.hypot(*normal)
        if length == 0.0:
            raise ValueError("normal must not be zero")
        object.__setattr__(self, "normal", normal / length)

    def value(self, field: OrbitField, t: np.ndarray, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Return the distance in units of the coordinates."""
        size = _norm(x) + math.hypot(*self.point)
        with np.errstate(invalid="ignore", divide="ignore"):
            return (x - self.point) @ self.normal / size


@dataclass(frozen=True)
class Sphere(Event):
    """Crossings of the sphere about `centre` (m) with a `radius` (m); g rises on the way out."""

    centre: Any
    radius: float
    name: ClassVar[str] = "sphere"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "centre", _check.vector("centre", self.centre, "m"))
        object.__setattr__(self, "radius", _check.positive("radius", self.radius, "m"))

    def value(self, field: OrbitField, t: np.ndarray, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Return (distance^2 - radius^2)/(radius (radius + |centre|)).

        On a straight flight that is a parabola in time, whose roots are found however long a step is; its unit is the
        rounding of coordinates at the sphere.
        """
        offset = x - self.centre
        unit = self.radius * (self.radius + math.hypot(*self.centre))
        return (_dot(offset, offset) - self.radius**2) / unit


@dataclass(frozen=True)
class Crossing(Event):
    """Sign changes of a function of one's own.

    It should be smooth over a step of the orbit: of a particle that flies straight for long, distance^2 rather than
    distance (see `Sphere`).

    Parameters
    ----------
    function : callable
        g(t, x, v) of times (n,) in s, positions (n, 3) in m and velocities (n, 3) in m/s, returning n numbers.
    """

    function: Callable[[np.ndarray, np.ndarray, np.ndarray], Any]
    name: ClassVar[str] = "crossing"
    noise: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not callable(self.function):
            raise ValueError(f"function must be callable, got {_check.shown(self.function)}")

    def value(self, field: OrbitField, t: np.ndarray, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Return what the function does."""
        values = np.asarray(self.function(t, x, v), dtype=float)
        if values.shape != t.shape:
            raise ValueError(
                f"function must return {len(t)} numbers for {len(t)} times, got shape {values.shape}"
            )
        return values


@dataclass(frozen=True)
class EventRecord:
    """Where an event happened: time (k,) in s, position (k, 3) in m, velocity (k, 3) in m/s."""

    time: np.ndarray
    position: np.ndarray
    velocity: np.ndarray

    def __len__(self) -> int:
        return len(self.time)


def named_events(events: Any) -> dict[str, Event]:
    """Return events by name: given as one, a list (named by their kind, numbered from the second) or a mapping.

    A callable that is no event counts as a `Crossing`.
    """
    if isinstance(events, Event | type) or callable(events):
        events = [events]
    if isinstance(events, Mapping):
        pairs = list(events.items())
    elif isinstance(events, list | tuple):
        pairs = [(None, event) for event in events]
    else:
        raise ValueError(f"events must be a list or mapping of events, got {_check.shown(events)}")
    result: dict[str, Event] = {}
    for key, item in pairs:
        if isinstance(item, type):
            raise ValueError(f"events must hold events such as {item.__name__}(...), got the class itself")
        event = item if isinstance(item, Event) else Crossing(item) if callable(item) else None
        if event is None:
            raise ValueError(f"events must hold events or functions g(t, x, v), got {_check.shown(item)}")
        kind, number = event.name, 2
        name = str(key) if key is not None else kind
        while name in result:
            name, number = f"{kind}_{number}", number + 1
        result[name] = event
    return result
