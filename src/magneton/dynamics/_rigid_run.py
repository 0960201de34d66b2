"""A run of rigid magnets: steps between samples, contacts on the way, and what of it is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from magneton import _check
from magneton.dynamics._rigid_contact import bounced, closing_pair
from magneton.runs import Chunk, Drift

#: Samples where no times are asked for.
SAMPLES = 1000
_HALVINGS = 60


class Stepper(Protocol):
    """What takes steps."""

    constants: np.ndarray
    #: Seconds that a stage takes, about.
    pace: float

    def advance(self, state: np.ndarray, start: float, stages: np.ndarray, count: int, watch: bool) -> int:
        """Take up to `count` steps in place; stop before the one in which two bodies come to touch."""
        ...

    def loads(self, state: np.ndarray, time: float) -> tuple[np.ndarray, float]:
        """Return forces and torques, shape (n, 6), and the magnetic energy."""
        ...


def steps_of(duration: Any, dt: Any) -> tuple[int, float]:
    """Return how many steps fill the duration, and their length."""
    duration, dt = _check.positive("duration", duration, "s"), _check.positive("dt", dt, "s")
    steps = max(1, math.ceil(duration / dt * (1.0 - 1e-12)))
    if steps > 2**40:
        raise ValueError(f"dt must not be that short: {duration:g} s would take {steps:.1e} steps")
    return steps, duration / steps


def sample_steps(times: Any, steps: int, step: float) -> np.ndarray:
    """Return the steps after which samples are taken, ascending, the start among them."""
    if times is None:
        count = min(steps, SAMPLES)
        return np.arange(count + 1) * steps // count
    times = np.atleast_1d(_check.numbers("times", times, "s"))
    if times.ndim != 1 or not len(times) or (np.diff(times) < 0.0).any():
        raise ValueError(f"times must be a list of ascending numbers, got {_check.shown(times)}")
    if times[0] < 0.0 or times[-1] > steps * step * (1.0 + 1e-12):
        raise ValueError(
            f"times must lie between 0 and the duration {steps * step:g}, got {times[0]:g} to {times[-1]:g}"
        )
    return np.rint(times / step).astype(np.int64)


class Motion:
    """Bodies on their way: their state, the steps done, the contacts that they had, and whether one ended it."""

    def __init__(
        self, stepper: Stepper, weights: np.ndarray, step: float, restitution: float | None, state: np.ndarray
    ) -> None:
        self.stepper, self.weights, self.step, self.restitution = stepper, weights, step, restitution
        self.watch = int((stepper.constants[:, 12] > 0.0).sum()) > 1
        self.state, self.done, self.ended = state.copy(), 0, False
        #: Rows of time, the two bodies, the speed of approach, and the heat.
        self.contacts = np.empty((0, 5))

    @property
    def now(self) -> float:
        """The time: that of the last step, or of the contact that ended it all."""
        return float(self.contacts[-1, 0]) if self.ended else self.done * self.step

    def to(self, until: int) -> None:
        """Go on until so many steps are done, or a contact ends it."""
        while self.done < until and not self.ended:
            self.done += self._advance(self.state, self.done * self.step, self.step, until - self.done)
            if self.done < until:
                self._step_with_contacts()
        if not np.isfinite(self.state).all():
            raise RuntimeError(
                f"the motion is undefined before {self.done * self.step:g} s: a body came to a place where the field "
                "is not defined, or steps are too long"
            )

    def _advance(self, state: np.ndarray, start: float, step: float, count: int) -> int:
        return self.stepper.advance(state, start, step * self.weights, count, self.watch)

    def _step_with_contacts(self) -> None:
        """Take one step in which bodies come to touch, part by part; two that meet twice in it have come to rest."""
        now, left, met = self.done * self.step, self.step, set()
        while not self.ended:
            part = self._until_contact(now, left)
            now, left = now + part, left - part
            pair, speed = closing_pair(self.stepper.constants, self.state)
            heat = 0.0
            if self.restitution is not None:
                share = 0.0 if pair in met else self.restitution
                heat = bounced(self.stepper.constants, self.state, pair, speed, share)
            self.ended = not self.restitution or pair in met
            met.add(pair)
            self.contacts = np.vstack([self.contacts, [now, *pair, speed, heat]])
            if not self.ended and self._advance(self.state, now, left, 1):
                self.done += 1
                return

    def _until_contact(self, start: float, step: float) -> float:
        """Take the longest part of a step after which no bodies touch, by halving; return it."""
        part, longer = 0.0, step
        best = self.state.copy()
        for _ in range(_HALVINGS):
            middle = 0.5 * (part + longer)
            if not part < middle < longer:
                break
            trial = self.state.copy()
            if self._advance(trial, start, middle, 1):
                part, best = middle, trial
            else:
                longer = middle
        self.state[:] = best
        return part


class RigidWork:
    """Computes the samples of a run in sequence; those after a contact that ended it are nan."""

    def __init__(
        self,
        begin: Callable[[], Motion],
        samples: np.ndarray,
        drift: Callable[[np.ndarray, np.ndarray], Mapping[str, Drift]],
    ) -> None:
        self.begin, self.samples, self.drift = begin, samples, drift

    def __call__(self, start: int, stop: int, state: Any) -> Chunk:
        """Return times, states and magnetic energies at the samples start ... stop."""
        motion = self.begin()
        if state is not None:
            motion.state, motion.contacts = np.array(state["bodies"]), np.array(state["contacts"])
            motion.done, motion.ended = int(state["step"]), bool(state["ended"])
        states = np.full((stop - start, *motion.state.shape), np.nan)
        time, magnetic = np.full(stop - start, np.nan), np.full(stop - start, np.nan)
        begun, rows = motion.done, 0
        for row, until in enumerate(self.samples[start:stop].tolist()):
            if motion.ended:
                break
            motion.to(until)
            rows, time[row], states[row] = row + 1, motion.now, motion.state
            magnetic[row] = motion.stepper.loads(motion.state, motion.now)[1]
        left = {"bodies": motion.state, "contacts": motion.contacts}
        return Chunk(
            {"time": time, "state": states, "magnetic_energy": magnetic},
            self.drift(states[:rows], magnetic[:rows]),
            {"steps": motion.done - begun},
            left | {"step": motion.done, "ended": motion.ended},
        )
