"""Bloch's equations in a field B(t) of any form, as in the laboratory frame: a commutator-free scheme."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from magneton._check import integer, number, positive
from magneton.dynamics._isochromats import advance
from magneton.dynamics._recorder import BlochRun, recorded
from magneton.dynamics._shapes import vector_array

#: Steps whose fields are asked for at once.
_BATCH = 1 << 14
#: Gauss' two points in a step, and the weights of the fields there in its halves.
_GAUSS = 0.5 + math.sqrt(3.0) / 6.0 * np.array([-1.0, 1.0])
_SHARES = 0.5 + math.sqrt(3.0) / 3.0 * np.array([[1.0, -1.0], [-1.0, 1.0]])
#: Times at which a field is looked at to know it again.
_LOOKS = 100


class Integrated:
    """Equal steps through a field; an item is as many of them as there are from record to record."""

    recorded = keeps_length = True

    def __init__(
        self, B: Callable[[np.ndarray], Any], gamma: float, start: float, dt: float, count: int, every: int
    ) -> None:
        self.B, self.gamma, self.start, self.dt = B, gamma, start, dt
        self.steps, self.every = count, every
        self.items = -(-count // every)
        self.tick, self.duration = dt * every, dt * count

    def field(self, times: np.ndarray) -> np.ndarray:
        """Return B(t), shape (k, 3)."""
        field = vector_array("B", self.B(times), "T")
        if field.shape != (len(times), 3):
            raise ValueError(f"B must return shape {(len(times), 3)}, got {field.shape}")
        return field

    def looks(self) -> np.ndarray:
        """Return B at some times, by which it is known again."""
        return self.field(self.start + self.duration * (np.arange(_LOOKS) + 0.5) / _LOOKS)

    def advance(self, rows: np.ndarray, first: int, last: int, path: bool) -> tuple[np.ndarray, np.ndarray]:
        """Take the isochromats through items first ... last; return what was recorded before each."""
        batch = self.every * max(1, _BATCH // self.every)
        until = min(last * self.every, self.steps)
        found = []
        for begin in range(first * self.every, until, batch):
            w = self._rotation(np.arange(begin, min(begin + batch, until)))
            found.append(advance(rows, w, 0.5 * self.dt, 2 * self.every, path))
        means, places = zip(*found, strict=True)
        return np.concatenate(means), np.concatenate(places)

    def _rotation(self, steps: np.ndarray) -> np.ndarray:
        """Return the angular velocities in the halves of steps, shape (2 k, 3)."""
        times = (self.start + self.dt * (steps[:, None] + _GAUSS)).ravel()
        field = self.field(times).reshape(-1, 2, 3)
        return -self.gamma * np.einsum("hg,ngc->nhc", _SHARES, field).reshape(-1, 3)


def integrated(
    rows: np.ndarray,
    shape: tuple[int, ...],
    gamma: float,
    B: Callable[[np.ndarray], Any],
    duration: Any,
    steps: Any,
    start: Any,
    every: Any,
    **kept: Any,
) -> BlochRun:
    """Take isochromats through a field B(t); `kept` is what `recorded` has to know of the folder."""
    count, stride = integer("steps", steps, 1), integer("every", every, 1)
    dt, begin = positive("duration", duration, "s") / count, number("start", start, "s")
    piece = Integrated(B, gamma, begin, dt, count, stride)
    spec = {
        "task": "Bloch.integrate",
        "gamma": gamma,
        "start": begin,
        "dt": dt,
        "steps": count,
        "every": stride,
    }
    shows = {"inputs": lambda: {"field": piece.looks()}, "start": begin, "ends": True}
    return recorded(rows, shape, [piece], True, spec=spec, **shows, **kept)
