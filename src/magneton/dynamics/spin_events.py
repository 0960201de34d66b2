"""Events on the way of precessing moments: crossings of a component, and sign changes of functions of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from magneton import _check

_EPS = float(np.finfo(float).eps)
_AXES = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}


@dataclass(frozen=True, eq=False, kw_only=True)
class SpinEvent:
    """What events of a `SpinSystem` share: which crossings count, and whether they end the run.

    Parameters
    ----------
    direction : {0, 1, -1}
        1 for crossings at which the value rises, -1 for those at which it falls, 0 for both.
    terminal : bool or int
        Whether the run ends there; a number n means, at the n-th.
    """

    direction: int = 0
    terminal: bool | int = False
    #: Below this part of the value's scale it counts as zero at the start.
    noise: ClassVar[float] = 16.0 * _EPS

    def __post_init__(self) -> None:
        if isinstance(self.direction, bool) or self.direction not in (-1, 0, 1):
            raise ValueError(f"direction must be -1, 0 or 1, got {_check.shown(self.direction)}")
        if not isinstance(self.terminal, bool | int) or self.terminal < 0:
            raise ValueError(
                f"terminal must be a bool or a number of events, got {_check.shown(self.terminal)}"
            )

    def moments_read(self, count: int) -> slice:
        """Return which of `count` moments `values` is given, or raise a ValueError if there are none such."""
        return slice(count)

    def values(self, t: np.ndarray, moments: np.ndarray) -> np.ndarray:
        """Return what crosses zero at times (k,), with the moments read, shape (k, n, 3)."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class ComponentCrossing(SpinEvent):
    """A component of a moment, or of the mean moment, passes a value.

    Parameters
    ----------
    axis : {"x", "y", "z"} or array_like, shape (3,)
        Along which; the length of a vector does not matter.
    value : float, A m^2
        The value passed.
    moment : int, optional
        Which moment; the mean of all by default.
    direction, terminal
        As for `SpinEvent`.

    Examples
    --------
    >>> from magneton.constants import mu_B
    >>> from magneton.dynamics import ComponentCrossing, SpinSystem, Zeeman
    >>> spin = SpinSystem([mu_B, 0, 0], terms=[Zeeman([0, 0, 1.0])])
    >>> run = spin.run(50e-12, method="dop853", events=[ComponentCrossing("x", direction=1)])
    >>> print((run.events[0].time * 1e12).round(4), "ps: three quarters of a turn")
    [26.7619] ps: three quarters of a turn
    """

    axis: Literal["x", "y", "z"] | Any
    value: float = 0.0
    moment: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.axis, str) and self.axis not in _AXES:
            raise ValueError(f"axis must be x, y, z or a vector, got {_check.shown(self.axis)}")
        axis = _check.vector("axis", _AXES[self.axis] if isinstance(self.axis, str) else self.axis)
        length = float(np.linalg.norm(axis))
        if not length:
            raise ValueError("axis must not be zero")
        object.__setattr__(self, "axis", axis / length)
        object.__setattr__(self, "value", _check.number("value", self.value, "A m^2"))
        if self.moment is not None:
            _check.integer("moment", self.moment, 0)

    def moments_read(self, count: int) -> slice:
        """Return one moment, or all."""
        if self.moment is None:
            return slice(count)
        if self.moment >= count:
            raise ValueError(f"moment must be less than {count}, the number of moments, got {self.moment}")
        return slice(self.moment, self.moment + 1)

    def values(self, t: np.ndarray, moments: np.ndarray) -> np.ndarray:
        """Return the component less the value."""
        return moments.mean(axis=1) @ self.axis - self.value


@dataclass(frozen=True, eq=False)
class FunctionCrossing(SpinEvent):
    """A function of one's own changes its sign.

    Parameters
    ----------
    function : callable
        f(t, moments) of the time in s and the moments in A m^2, shape (n, 3), returning a number; smooth over a step.
    direction, terminal
        As for `SpinEvent`.
    """

    function: Callable[[float, np.ndarray], Any]
    noise: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not callable(self.function):
            raise ValueError(f"function must be callable, got {_check.shown(self.function)}")

    def values(self, t: np.ndarray, moments: np.ndarray) -> np.ndarray:
        """Return what the function does."""
        found = [self.function(float(at), m) for at, m in zip(t, moments, strict=True)]
        values = np.asarray(found, dtype=float)
        if values.shape != t.shape:
            raise ValueError(f"function must return a number, got shape {values.shape[1:]}")
        return values


@dataclass(frozen=True, eq=False)
class CrossingRecord:
    """Where an event happened.

    Attributes
    ----------
    time : ndarray, shape (k,), second
        When.
    moments : ndarray, shape (k, n, 3), A m^2
        All moments then.
    rising : ndarray of bool, shape (k,)
        Whether the value rose.
    """

    time: np.ndarray
    moments: np.ndarray
    rising: np.ndarray

    def __len__(self) -> int:
        """Return how often it happened."""
        return len(self.time)


def keyed_events(events: Any) -> dict[Any, SpinEvent]:
    """Return events by name, if given as a mapping, or else by number; functions count as `FunctionCrossing`."""
    if isinstance(events, Mapping):
        pairs = dict(events)
    elif isinstance(events, list | tuple):
        pairs = dict(enumerate(events))
    else:
        raise ValueError(f"events must be a list or mapping of events, got {_check.shown(events)}")
    wrong = [
        e for e in pairs.values() if isinstance(e, type) or not (isinstance(e, SpinEvent) or callable(e))
    ]
    if wrong:
        raise ValueError(f"events must hold events or functions f(t, moments), got {_check.shown(wrong[0])}")
    return {key: e if isinstance(e, SpinEvent) else FunctionCrossing(e) for key, e in pairs.items()}
