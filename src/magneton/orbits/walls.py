"""Where particles are lost: planets, vessels, plates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check


@dataclass(frozen=True, eq=False)
class AbsorbingBall:
    """A ball that takes every particle that comes into it, as a planet does.

    Parameters
    ----------
    centre : array_like, shape (3,), metre
        Its centre.
    radius : float, metre
        Its radius.
    """

    centre: Any
    radius: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre", _check.vector("centre", self.centre, "m"))
        object.__setattr__(self, "radius", _check.positive("radius", self.radius, "m"))

    def row(self) -> list[float]:
        """Return it as the compiled loop reads it."""
        return [-1.0, *self.centre, self.radius, 0.0, 0.0]


@dataclass(frozen=True, eq=False)
class EnclosingBall(AbsorbingBall):
    """A ball that every particle must stay in, as a vessel: those that leave it are lost."""

    def row(self) -> list[float]:
        """Return it as the compiled loop reads it."""
        return [1.0, *self.centre, self.radius, 0.0, 0.0]


@dataclass(frozen=True, eq=False)
class AbsorbingHalfSpace:
    """Half of space, where particles are lost.

    Parameters
    ----------
    point : array_like, shape (3,), metre
        A point of the plane that bounds it.
    normal : array_like, shape (3,)
        Points into it; of any length.
    """

    point: Any
    normal: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "point", _check.vector("point", self.point, "m"))
        normal = _check.vector("normal", self.normal)
        if not normal.any():
            raise ValueError("normal must not be zero")
        object.__setattr__(self, "normal", normal)

    def row(self) -> list[float]:
        """Return it as the compiled loop reads it."""
        return [0.0, *self.point, *self.normal]


Wall = AbsorbingBall | AbsorbingHalfSpace


def wall_rows(walls: Any) -> np.ndarray:
    """Return walls as rows of floats for the compiled loop, shape (m, 7)."""
    chosen = walls if isinstance(walls, Sequence) else (walls,)
    for wall in chosen:
        if not isinstance(wall, Wall):
            raise ValueError(
                "walls must be AbsorbingBall, EnclosingBall or AbsorbingHalfSpace objects, "
                f"got {_check.shown(wall)}"
            )
    return np.array([wall.row() for wall in chosen], dtype=np.float64).reshape(-1, 7)
