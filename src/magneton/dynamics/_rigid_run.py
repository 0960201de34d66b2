"""A run of rigid magnets: steps between samples, the contact that ends it, and what it certifies."""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np

from magneton import _check
from magneton.runs import Drift, relative_drift

#: Samples where no times are asked for.
SAMPLES = 1000
_HALVINGS = 60


class Stepper(Protocol):
    """What takes steps."""

    constants: np.ndarray

    def advance(self, state: np.ndarray, stages: np.ndarray, count: int, watch: bool) -> int:
        """Take up to `count` steps in place; stop before the one in which two bodies come to touch."""
        ...

    def loads(self, state: np.ndarray) -> tuple[np.ndarray, float]:
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


def follow(
    stepper: Stepper, state: np.ndarray, weights: np.ndarray, step: float, samples: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float | None, int]:
    """Return times and states at the samples, when two bodies came to touch, and the steps taken.

    `state` is left at the end. A contact is the last sample; without one, time is the steps' number times their length.
    """
    watch = int((stepper.constants[:, 12] > 0.0).sum()) > 1
    states, done = [], 0
    for until in samples.tolist():
        taken = stepper.advance(state, step * weights, until - done, watch)
        done += taken
        if done < until:
            part = _until_contact(stepper, state, weights, step)
            times = np.append(samples[: len(states)] * step, done * step + part)
            return times, np.array([*states, state]), done * step + part, done
        if not np.isfinite(state).all():
            raise RuntimeError(
                f"the motion is undefined before {done * step:g} s: a body came to a place where the field is not "
                "defined, or steps are too long"
            )
        states.append(state.copy())
    return samples * step, np.array(states), None, done


def _until_contact(stepper: Stepper, state: np.ndarray, weights: np.ndarray, step: float) -> float:
    """Take the longest part of a step after which no bodies touch, by halving; return it."""
    part, longer = 0.0, step
    best = state.copy()
    for _ in range(_HALVINGS):
        middle = 0.5 * (part + longer)
        if not part < middle < longer:
            break
        trial = state.copy()
        if stepper.advance(trial, middle * weights, 1, True):
            part, best = middle, trial
        else:
            longer = middle
    state[:] = best
    return part


def nearest_pair(constants: np.ndarray, state: np.ndarray) -> tuple[float, tuple[int, int], float]:
    """Return the smallest gap between bodies that can touch, which two they are, and how fast it closes."""
    able = np.flatnonzero(constants[:, 12] > 0.0)
    best = (math.inf, (-1, -1), 0.0)
    for second, j in enumerate(able.tolist()):
        for i in able[:second].tolist():
            apart = state[j, :3] - state[i, :3]
            distance = float(np.linalg.norm(apart))
            gap = distance - constants[i, 12] - constants[j, 12]
            if gap < best[0]:
                speed = state[j, 3:6] * constants[j, 1] - state[i, 3:6] * constants[i, 1]
                best = (gap, (i, j), -float(apart @ speed) / distance if distance else 0.0)
    return best


def drift_of(total: np.ndarray, scale: float, unit: str) -> Drift:
    """Return how far a scalar or a vector, in rows, moved from its first value."""
    change = np.linalg.norm((total - total[0]).reshape(len(total), -1), axis=1)
    return relative_drift([0.0], change[None], [scale], unit)
