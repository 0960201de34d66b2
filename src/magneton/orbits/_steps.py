"""The Python side of the compiled driver: chunks of steps, states between them, and why a run ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.orbits import _dop853
from magneton.orbits.fields.base import OrbitField

#: Steps in the first chunk and in the longest; a chunk is twice as long as the one before.
_FIRST_CHUNK, _LONGEST_CHUNK = 64, 4096
#: What an orbit's `status` can be, by the driver's code.
STATUS = {
    _dop853.FINISHED: "finished",
    _dop853.UNDEFINED: "undefined field",
    _dop853.STALLED: "stalled",
}


@dataclass(frozen=True)
class Problem:
    """An equation of motion, from a start.

    Attributes
    ----------
    model : int
        The right-hand side, a code of `_dop853`.
    field : OrbitField
        What the particle moves in.
    constants : tuple of float
        Charge (C), mass (kg) and mu (J/T).
    start : float
        The time at the start in s.
    rtol, max_step : float
        The error allowed to a step, and its greatest length in s.
    read : callable
        Returns positions and velocities, given states of shape (n, WIDTH) and times of shape (n,).
    """

    model: int
    field: OrbitField
    constants: tuple[float, float, float]
    start: float
    rtol: float
    max_step: float
    read: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

    @property
    def flat(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The field's arrays."""
        compiled = self.field.compiled
        return compiled.kinds, compiled.starts, compiled.params


@dataclass(frozen=True)
class Steps:
    """Steps that were taken: `times` since the start, shape (n + 1,), and `states` there, shape (n + 1, WIDTH)."""

    problem: Problem
    times: np.ndarray
    states: np.ndarray

    def at(self, steps: np.ndarray, offsets: np.ndarray) -> np.ndarray:
        """Return the states at times `offsets` after the begin of `steps`, each as exact as a step."""
        out = np.empty((len(steps), _dop853.WIDTH))
        p = self.problem
        work = _dop853.workspace()
        offsets = np.ascontiguousarray(offsets, dtype=float)
        _dop853.at_times(
            p.model, p.start, self.times, self.states, steps, offsets, p.flat, p.constants, out, work
        )
        return out

    def at_times(self, elapsed: np.ndarray) -> np.ndarray:
        """Return the states at times since the start that lie within the steps."""
        sign = 1.0 if self.times[-1] >= self.times[0] else -1.0
        steps = np.searchsorted(sign * self.times, sign * elapsed, side="right") - 1
        steps = np.clip(steps, 0, len(self.times) - 2)
        states = self.at(steps, elapsed - self.times[steps])
        last = elapsed == self.times[-1]
        states[last] = self.states[-1]
        return states

    def until(self, step: int, elapsed: float, state: np.ndarray) -> Steps:
        """Return the steps up to a state within one of them."""
        times = np.append(self.times[: step + 1], elapsed)
        return Steps(self.problem, times, np.concatenate([self.states[: step + 1], state[None]]))


@dataclass(frozen=True)
class Chunk:
    """Steps as they come, with their dense output (n, rows, WIDTH) if that was asked for, and why they end."""

    steps: Steps
    dense: np.ndarray
    code: int


def chunks(
    problem: Problem, state: np.ndarray, duration: float, dense: bool, max_steps: int
) -> Iterator[Chunk]:
    """Yield the steps of a run, until it ends by itself or has taken too many."""
    p = problem
    state, low, work = np.array(state, dtype=float), np.zeros(_dop853.WIDTH), _dop853.workspace()
    first = _dop853.first_step(p.model, p.start, state, duration, p.flat, p.constants, work)
    clock = np.array([0.0, 0.0, first, 0.0])
    size, left, code = _FIRST_CHUNK, max_steps, _dop853.MORE
    while code == _dop853.MORE and left > 0:
        size = min(size, left)
        times, states = np.empty(size + 1), np.empty((size + 1, _dop853.WIDTH))
        rows = np.empty((size if dense else 0, _dop853.DENSE_ROWS, _dop853.WIDTH))
        run: Any = (clock, state, low, p.flat, p.constants, p.rtol, p.max_step, times, states, rows, work)
        count, code = _dop853.advance(p.model, p.start, duration, *run)
        yield Chunk(Steps(p, times[: count + 1], states[: count + 1]), rows[:count], code)
        size, left = min(2 * size, _LONGEST_CHUNK), left - count
