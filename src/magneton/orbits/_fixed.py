"""One particle by the fixed steps that ensembles take."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._ensemble_input import warn_of_turns
from magneton.orbits._push import METHODS, push_particles
from magneton.orbits._vectors import C
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.species import Species

__all__ = ["METHODS", "fixed_steps"]


def fixed_steps(
    field: OrbitField,
    species: Species,
    state: np.ndarray,
    start: float,
    duration: float,
    dt: Any,
    method: str,
    times: np.ndarray | None,
    max_steps: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Return times since the start, positions and proper velocities (one row a sample), and the number of steps.

    Steps are `dt` or a little less, so that they fill the duration; samples are at whole steps. The rows end where the
    field is nan.
    """
    if dt is None:
        raise ValueError(
            f"dt must be given for the method {method!r}, a tenth of the gyroperiod or less, in s"
        )
    steps = max(1, math.ceil(abs(duration) / _check.positive("dt", dt, "s") * (1.0 - 1e-12)))
    if steps > max_steps:
        raise ValueError(
            f"dt must be at least duration/max_steps = {abs(duration) / max_steps:g} s, got {dt:g}"
        )
    step = duration / steps
    samples = np.arange(steps + 1) if times is None else np.rint(times / step).astype(np.int64)
    x, w = state[None, :3].copy(), state[None, 3:6] / C
    out_x, out_w = np.empty((1, len(samples), 3)), np.empty((1, len(samples), 3))
    lost, turns, walls = np.empty((1, 2), dtype=np.int64), np.empty(1), np.empty((0, 7))
    compiled, code = field.compiled, METHODS[method]
    flat = compiled.kinds, compiled.starts, compiled.params
    ratio = species.charge / species.mass
    begin = np.array([start])
    push_particles(*flat, code, ratio, step, walls, samples, x, w, begin, out_x, out_w, lost, turns, 0, 1)
    warn_of_turns(turns, step)
    lost_step = lost[0, 0]
    good = slice(len(samples) if lost_step < 0 else int(np.searchsorted(samples, lost_step)))
    return (
        samples[good] * step,
        out_x[0, good],
        C * out_w[0, good],
        int(samples[-1] if lost_step < 0 else lost_step),
    )
