"""A whole run of the adaptive driver, for any model: samples, events, and why it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.orbits import _dop853
from magneton.orbits._search import Search
from magneton.orbits._steps import STATUS, Problem, Steps, chunks
from magneton.orbits.events import EventRecord, named_events

_MESSAGES = {
    "finished": "the orbit ran for its whole duration",
    "event": "the orbit ended at {time!r} s, at the event {event!r}",
    "undefined field": "the field is not defined (nan) next to {place} m, which the orbit reached at {time!r} s",
    "stalled": "steps have become too short for the numbers, at {place} m and {time!r} s: rtol is too small there",
    "too many steps": "the orbit took max_steps = {steps} steps and reached {place} m at {time!r} s",
}


@dataclass(frozen=True)
class Ended:
    """A run as the driver leaves it: times since the start and states there, and, if they were kept, all steps."""

    times: np.ndarray
    states: np.ndarray
    events: Mapping[str, EventRecord]
    status: str
    message: str
    step_count: int
    steps: Steps | None


def message(status: str, start: float, time: float, place: np.ndarray, steps: int, event: Any = None) -> str:
    """Return a status in words."""
    where = "(" + ", ".join(f"{x:.6g}" for x in place) + ")"
    return _MESSAGES[status].format(place=where, time=float(start + time), steps=steps, event=event)


class _Collected:
    """States at the times asked for, in order, and steps, as they come."""

    def __init__(self, state: np.ndarray, times: np.ndarray | None, dense: bool) -> None:
        self.times, self.reached = times, 0
        self.keeps = dense or times is None
        self.sampled: list[np.ndarray] = []
        self.steps = [(np.zeros(1), state[None])]
        self.last, self.count = self.steps[0], 0

    def take(self, steps: Steps) -> None:
        count = len(steps.times) - 1
        if not count:
            return
        self.count += count
        self.last = steps.times[-1:], steps.states[-1:]
        if self.keeps:
            self.steps.append((steps.times[1:], steps.states[1:]))
        if self.times is not None:
            later = np.abs(self.times[self.reached :])
            more = int(np.searchsorted(later, abs(steps.times[-1]), side="right"))
            chosen = self.times[self.reached : self.reached + more]
            self.sampled.append(steps.at_times(chosen))
            self.reached += more

    def whole(self, problem: Problem) -> Steps:
        return Steps(problem, *(np.concatenate(parts) for parts in zip(*self.steps, strict=True)))

    def samples(self, whole: Steps) -> tuple[np.ndarray, np.ndarray]:
        if self.times is None:
            return whole.times, whole.states
        none = np.empty((0, _dop853.WIDTH))
        return self.times[: self.reached], np.concatenate([none, *self.sampled])


def run(
    problem: Problem,
    state: np.ndarray,
    duration: float,
    events: Any = (),
    times: np.ndarray | None = None,
    dense: bool = True,
    max_steps: int = 10_000_000,
) -> Ended:
    """Integrate a model from a state; `times` are counted from the start, in the order of the run."""
    search, collected = Search(named_events(events)), _Collected(state, times, dense)
    status, stop = "too many steps", None
    for chunk in chunks(problem, state, duration, bool(search.events), max_steps):
        stop = search.visit(chunk) if len(chunk.steps.times) > 1 else None
        collected.take(chunk.steps if stop is None else chunk.steps.until(*stop[1:]))
        if stop is not None:
            status = "event"
            break
        status = STATUS.get(chunk.code, status)
    whole = collected.whole(problem)
    (end,), (place,) = collected.last
    words = message(status, problem.start, end, place[:3], max_steps, stop and stop[0])
    keeps = whole if dense and collected.count else None
    samples = collected.samples(whole)
    return Ended(*samples, search.records(problem), status, words, collected.count, keeps)
