"""What a `SpinLattice` is given: checked, and as its kernel wants it."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.dynamics._uniform_field import uniform_field

#: By how much, relative, a moment of inertia may exceed the sum of the two others: rounding.
_SLACK = 1e-9


def unit_vector(name: str, value: Any) -> np.ndarray:
    """Return a unit vector, shape (3,)."""
    vector = _check.vector(name, value)
    length = float(np.linalg.norm(vector))
    if length == 0.0:
        raise ValueError(f"{name} must not be the zero vector")
    result = vector / length
    result.setflags(write=False)
    return result


def non_negative(name: str, value: Any, unit: str = "1") -> float:
    """Return a number that is not negative."""
    result = _check.number(name, value, unit)
    if result < 0.0:
        raise ValueError(f"{name} must not be negative, got {result:g}")
    return result


def inertia_tensor(value: Any, bearing: np.ndarray | None) -> np.ndarray:
    """Return the inertia tensor, shape (3, 3); of a body on a bearing, that about its axis only."""

    def shape(array: np.ndarray) -> None:
        allowed = ((), (3,), (3, 3)) if bearing is None else ((),)
        if array.shape not in allowed:
            one = (
                "a number, the inertia about the bearing"
                if bearing is not None
                else "of shape (), (3,) or (3, 3)"
            )
            raise ValueError(f"inertia must be {one}, got shape {array.shape}")

    array = _check.real_array("inertia", value, "kg m^2", "numbers of shape (), (3,) or (3, 3)", shape)
    if bearing is not None:
        array = array * np.outer(bearing, bearing)
        lowest = float(np.trace(array))
    else:
        array = array if array.ndim == 2 else np.diag(np.broadcast_to(array, 3))
        if np.abs(array - array.T).max() > 1e-12 * np.abs(array).max():
            raise ValueError(f"inertia must be symmetric, got {array.tolist()}")
        array = 0.5 * (array + array.T)
        principal = np.linalg.eigvalsh(array)
        lowest = float(principal[0])
        if lowest > 0.0 and principal[2] > (principal[0] + principal[1]) * (1.0 + _SLACK):
            raise ValueError(
                "inertia must not exceed about one axis the sum about the two others, "
                f"got {', '.join(f'{i:g}' for i in principal)}: no body has that"
            )
    if lowest <= 0.0:
        raise ValueError(f"inertia must be positive, got {lowest:g}")
    array.setflags(write=False)
    return array


def require_on_bearing(axis: np.ndarray, omega: np.ndarray, orientation: Any) -> None:
    """Require what a bearing allows."""
    if np.linalg.norm(np.cross(axis, omega)) > 1e-12 * np.linalg.norm(omega):
        raise ValueError(f"angular_velocity must be along the bearing, got {omega.tolist()}")
    if orientation is not None and np.linalg.norm(np.cross(axis, orientation.apply(axis))) > 1e-12:
        raise ValueError("orientation must be a rotation about the bearing")


class StageField:
    """A uniform field at the times of the stages."""

    def __init__(self, B: Any) -> None:
        self.function, self.steady = uniform_field("B", B)
        self.stride = 0 if self.steady else 1

    def at(self, times: np.ndarray) -> np.ndarray:
        """Return B, shape (n, 3)."""
        values = _check.vectors("B", self.function(times), "T")
        if len(values) != len(times):
            raise ValueError(f"B must give shape (n, 3) at n = {len(times)} times, got {values.shape}")
        return values

    def rows(self, start: float, interval: float, steps: int) -> np.ndarray:
        """Return B at the beginning, the middle and the end of each step; one row if it is constant."""
        stages = np.linspace(0.0, 1.0, 1 if self.steady else 2 * steps + 1)
        return self.at(start + interval * stages)
