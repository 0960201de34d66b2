"""What a run of Bloch's equations records on its way."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from magneton.dynamics._isochromats import OFFSET, R1, R2, advance, vectors
from magneton.dynamics.pulses import Pulse, Segment


class BlochRun(NamedTuple):
    """What `Bloch.play` and `Bloch.integrate` return."""

    #: Of what was recorded, s, shape (k,).
    time: np.ndarray
    #: Weighted mean of M over the isochromats, shape (k, 3).
    mean: np.ndarray
    #: M of every isochromat at the end, shape (..., 3).
    magnetization: np.ndarray
    #: M of every isochromat at `time`, shape (k, ..., 3), if it was asked for.
    path: np.ndarray | None

    @property
    def signal(self) -> np.ndarray:
        """Mean M_x + i M_y, shape (k,): what a pair of coils in quadrature receives."""
        return self.mean[:, 0] + 1j * self.mean[:, 1]


class Recorder:
    """Advances isochromats, and holds what was recorded on the way."""

    def __init__(self, path: bool, start: float = 0.0) -> None:
        self.path = path
        self.now = start
        self.times: list[np.ndarray] = [np.empty(0)]
        self.means: list[np.ndarray] = [np.empty((0, 3))]
        self.places: list[np.ndarray] = []

    def steps(
        self, state: np.ndarray, w: np.ndarray, step: float, every: int, clock: float | None = None
    ) -> None:
        """Advance by steps that take `clock` each on the clock, by default `step`."""
        every = every or int(self.path)
        tick = step if clock is None else clock
        means, places = advance(state, w, step, every, self.path)
        if every:
            self.times.append(self.now + tick * np.arange(0, len(w), every))
            self.means.append(means)
            self.places += [places] if self.path else []
        self.now += tick * len(w)

    def play(self, segment: Segment, state: np.ndarray, gamma: float, detuning: Any) -> None:
        """Take the isochromats through a segment, during which they precess faster by `detuning`, rad/s."""
        fixed = state[3:].copy()
        time, w = segment.step_time(), segment.rotation(gamma)
        if isinstance(segment, Pulse) and time == 0.0:
            state[[OFFSET, R1, R2]] = 0.0
            self.steps(state, w, 1.0, 0, clock=0.0)
        else:
            state[OFFSET] += detuning
            self.steps(state, w, time, int(segment.records))
        state[3:] = fixed

    def end(self, state: np.ndarray) -> None:
        """Record the end."""
        means, places = advance(state.copy(), np.zeros((1, 3)), 0.0, 1, True)
        self.times.append(np.array([self.now]))
        self.means.append(means)
        self.places.append(places)

    def run(self, state: np.ndarray, shape: tuple[int, ...]) -> BlochRun:
        """Return everything."""
        path = None
        if self.path:
            every = np.concatenate(self.places)
            path = np.moveaxis(every.reshape(len(every), 3, *shape), 1, -1)
        return BlochRun(np.concatenate(self.times), np.concatenate(self.means), vectors(state, shape), path)
