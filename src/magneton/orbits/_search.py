"""Finding events: brackets on the dense output, roots there, then each polished by a Runge-Kutta step to it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from magneton.orbits import _dop853
from magneton.orbits._steps import Chunk
from magneton.orbits.events import Event, EventRecord

# Samples a step, in which gyration turns by a tenth of a radian to one; what dips between them is looked at too.
_SAMPLES = 2
# How often a value that dips towards zero between samples is looked at more closely.
_ROUNDS = 3


@dataclass(frozen=True)
class Found:
    """Events of one kind in a chunk: the steps they lie in, times since the start, states; in order."""

    steps: np.ndarray
    elapsed: np.ndarray
    states: np.ndarray

    def first(self, count: int) -> Found:
        """Return the first few."""
        return Found(self.steps[:count], self.elapsed[:count], self.states[:count])


class _Curve:
    """An event's value along a chunk, as a function of the number of steps taken, a real number."""

    def __init__(self, event: Event, chunk: Chunk) -> None:
        self.event, self.chunk = event, chunk
        self.problem = chunk.steps.problem

    def split(self, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        steps = np.minimum(s.astype(np.int64), len(self.chunk.dense) - 1)
        return steps, s - steps

    def elapsed(self, s: np.ndarray) -> np.ndarray:
        steps, theta = self.split(s)
        times = self.chunk.steps.times
        return times[steps] + theta * (times[steps + 1] - times[steps])

    def of_states(self, elapsed: np.ndarray, states: np.ndarray) -> np.ndarray:
        t = self.problem.start + elapsed
        return self.event.value(self.problem.field, t, *self.problem.read(states, t))

    def __call__(self, s: np.ndarray) -> np.ndarray:
        """Return the values by dense output."""
        steps, theta = self.split(s)
        states = np.empty((len(s), _dop853.WIDTH))
        _dop853.interpolate(self.chunk.steps.states, self.chunk.dense, steps, theta, states)
        ends = theta == 1.0
        states[ends] = self.chunk.steps.states[steps[ends] + 1]
        return self.of_states(self.elapsed(s), states)


def _carried(values: np.ndarray, before: float) -> np.ndarray:
    """Return the signs of values, where one that is zero or nan has that of the last that is not."""
    signs = np.sign(np.nan_to_num(values))
    last = np.maximum.accumulate(np.where(signs != 0.0, np.arange(len(signs)), -1))
    return np.where(last < 0, before, signs[last])


def _vertices(t: np.ndarray, g: np.ndarray, noise: float) -> np.ndarray:
    """Return the times at which parabolas through three values of one sign come near zero between them.

    The first may be zero, of an orbit that starts there: then the parabola has to come to the other side of zero.
    """
    a, b, c = g[:-2], g[1:-1], g[2:]
    t0, t1, t2 = t[:-2], t[1:-1], t[2:]
    with np.errstate(invalid="ignore", divide="ignore"):
        first, second = (b - a) / (t1 - t0), (c - b) / (t2 - t1)
        bend = (second - first) / (t2 - t0)
        at = 0.5 * (t0 + t1 - first / bend)
        value = a + (at - t0) * (first + bend * (at - t1))
        least = np.minimum(np.minimum(np.abs(a), np.abs(b)), np.abs(c))
        hidden = (a * b >= 0.0) & (b * c > 0.0) & (value * np.sign(b) < 0.5 * least - noise)
    return at[hidden & (at > t0) & (at < t2)]


def _with_dips(curve: _Curve, s: np.ndarray, g: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add samples where a parabola through three values comes near zero: two crossings may hide between them.

    Parabolas in time, three of whose samples lie in every step: what is one, as the distance^2 from a point of a
    particle that flies straight, is found exactly.
    """
    for _ in range(_ROUNDS):
        t = np.abs(curve.elapsed(s))
        new = np.interp(_vertices(t, g, curve.event.noise), t, s)
        if not len(new):
            break
        s, order = np.unique(np.concatenate([s, new]), return_index=True)
        g = np.concatenate([g, curve(new)])[order]
    return s, g


def _roots(curve: _Curve, a: np.ndarray, b: np.ndarray, ga: np.ndarray, gb: np.ndarray) -> np.ndarray:
    """Return roots between `a` and `b` by the Illinois method."""
    for _ in range(60):
        with np.errstate(invalid="ignore", divide="ignore"):
            new = np.where(gb == 0.0, b, b - gb * (b - a) / (gb - ga))
        new = np.where(np.isfinite(new), new, 0.5 * (a + b))
        moved = np.abs(new - b)
        g = curve(new)
        opposite = g * gb < 0.0
        a, ga = np.where(opposite, b, a), np.where(opposite, gb, 0.5 * ga)
        b, gb = new, g
        if np.all(moved < 1e-11):
            break
    return b


def _polished(curve: _Curve, s: np.ndarray) -> Found:
    """Return events, each reached by one Runge-Kutta step whose length Newton's method has found."""
    run = curve.chunk.steps
    steps, theta = curve.split(s)
    h = run.times[steps + 1] - run.times[steps]
    offsets, near = theta * h, 1e-5 * h

    def value(offsets: np.ndarray) -> np.ndarray:
        return curve.of_states(run.times[steps] + offsets, run.at(steps, offsets))

    for _ in range(2):
        slope = (value(offsets + near) - value(offsets - near)) / (2.0 * near)
        with np.errstate(invalid="ignore", divide="ignore"):
            change = value(offsets) / slope
        offsets = offsets - np.where(np.abs(change) < np.abs(h) / _SAMPLES, change, 0.0)
    return Found(steps, run.times[steps] + offsets, run.at(steps, offsets))


@dataclass
class Search:
    """The search for several events along a run, a chunk at a time."""

    events: dict[str, Event]
    found: dict[str, list[Found]] = field(default_factory=dict)
    signs: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.found = {name: [] for name in self.events}

    def _in_chunk(self, name: str, chunk: Chunk) -> Found:
        curve = _Curve(self.events[name], chunk)
        s = np.arange(len(chunk.dense) * _SAMPLES + 1) / _SAMPLES
        g = curve(s)
        if name not in self.signs and abs(g[0]) <= curve.event.noise:
            g[0] = 0.0
        s, g = _with_dips(curve, s, g)
        signs = _carried(g, self.signs.get(name, 0.0))
        self.signs[name] = float(signs[-1])
        ends = np.flatnonzero(signs[1:] * signs[:-1] < 0.0) + 1
        found = _polished(curve, _roots(curve, s[ends - 1], s[ends], g[ends - 1], g[ends]))
        t = curve.problem.start + found.elapsed
        rises = signs[ends] * np.sign(chunk.steps.times[-1])
        keep = curve.event.counts(rises, curve.problem.field, t, *curve.problem.read(found.states, t))
        return Found(found.steps[keep], found.elapsed[keep], found.states[keep])

    def visit(self, chunk: Chunk) -> tuple[str, int, float, np.ndarray] | None:
        """Note a chunk's events; return the name, step, time since the start and state of the one that ends the run."""
        stops, here = [], {}
        for name, event in self.events.items():
            here[name] = found = self._in_chunk(name, chunk)
            missing = int(event.terminal) - sum(len(f.steps) for f in self.found[name])
            if event.terminal and len(found.steps) >= missing:
                i = missing - 1
                stops.append(
                    (abs(found.elapsed[i]), name, int(found.steps[i]), found.elapsed[i], found.states[i])
                )
        stop = min(stops, key=lambda entry: entry[0]) if stops else None
        for name, found in here.items():
            count = len(found.steps) if stop is None else int(np.sum(np.abs(found.elapsed) <= stop[0]))
            self.found[name].append(found.first(count))
        return None if stop is None else stop[1:]

    def records(self, problem) -> dict[str, EventRecord]:
        """Return all that was found, by name."""
        result = {}
        for name, parts in self.found.items():
            states = np.concatenate([np.empty((0, _dop853.WIDTH)), *(p.states for p in parts)])
            t = problem.start + np.concatenate([np.empty(0), *(p.elapsed for p in parts)])
            result[name] = EventRecord(t, *problem.read(states, t))
        return result
