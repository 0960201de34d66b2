"""The magnetization of many isochromats, advanced in threads through steps of constant fields."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from magneton._check import non_negatives, numbers
from magneton.dynamics._shapes import common_shape, vector_array

#: Isochromats whose signal is summed in one go; fixed, so that sums do not depend on the number of threads.
CHUNK = 1024
#: Isochromat-steps worth a thread.
_GRAIN = 4096
MAGNETIZATION = slice(0, 3)
OFFSET, B1_SCALE, R1, R2, EQUILIBRIUM, WEIGHT = range(3, 9)
_NO_PATH = np.zeros((0, 3, 0))


def rows(shape: tuple[int, ...], M: np.ndarray, constants: list[Any]) -> np.ndarray:
    """Return what `magneton.kernels.bloch.advance` works on, shape (9, n), all broadcast to `shape`."""
    out = np.empty((9, *shape))
    out[MAGNETIZATION] = np.moveaxis(np.broadcast_to(M, (*shape, 3)), -1, 0)
    for row, value in enumerate(constants, 3):
        out[row] = value
    return out.reshape(9, -1)


def advance(
    state: np.ndarray, w: np.ndarray, time: float, every: int = 0, path: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Advance all isochromats in place through steps of `time` with the angular velocities `w`, shape (steps, 3).

    Return the weighted mean of M, shape (kept, 3), and M, shape (kept, 3, n), before every `every`-th step.
    """
    from magneton._jit import parallel_for
    from magneton.kernels.bloch import advance as run
    from magneton.kernels.bloch import scratch

    count = state.shape[1]
    kept = -(-len(w) // every) if every else 0
    chunks = -(-count // CHUNK)
    sums = np.zeros((chunks, kept, 3))
    places = np.empty((kept, 3, count)) if path and kept else _NO_PATH

    def body(first: int, last: int) -> None:
        work, matrices = scratch()
        for chunk in range(first, last):
            stop = min((chunk + 1) * CHUNK, count)
            run(state, chunk * CHUNK, stop, w, time, every, sums[chunk], places, work, matrices)

    parallel_for(body, chunks, max(1, _GRAIN // (CHUNK * max(len(w), 1))))
    return sums.sum(axis=0), places


def vectors(state: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return M of all isochromats, shape (..., 3)."""
    return np.ascontiguousarray(np.moveaxis(state[:3].reshape(3, *shape), 0, -1))


def about_z(M: np.ndarray, angle: Any) -> np.ndarray:
    """Return vectors turned counter-clockwise about z."""
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = np.broadcast_arrays(c * M[..., 0] - s * M[..., 1], s * M[..., 0] + c * M[..., 1], M[..., 2])
    return np.stack([x, y, z], axis=-1)


def isochromats_of(
    M: Any, equilibrium: Any, offset: Any, B1_scale: Any, T1: Any, T2: Any, weights: Any, positions: Any
) -> tuple[np.ndarray, tuple[int, ...]]:
    """Return rows of all isochromats that what users give broadcasts to, and the shape of these."""
    start = vector_array("M", M, "1") if M is not None else np.multiply.outer(equilibrium, [0.0, 0.0, 1.0])
    f, scale = numbers("offset", offset, "Hz"), numbers("B1_scale", B1_scale)
    weight = non_negatives("weights", weights)
    shape = common_shape(
        M=start.shape[:-1],
        positions=np.shape(positions)[:-1],
        offset=f.shape,
        B1_scale=scale.shape,
        weights=weight.shape,
        T1=np.shape(T1),
        T2=np.shape(T2),
        equilibrium=np.shape(equilibrium),
    )
    total = np.broadcast_to(weight, shape).sum()
    if not total > 0.0:
        raise ValueError("weights must not all be 0, and there must be an isochromat")
    return rows(
        shape, start, [2.0 * math.pi * f, scale, 1.0 / T1, 1.0 / T2, equilibrium, weight / total]
    ), shape
