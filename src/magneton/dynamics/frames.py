"""The laboratory frame and the frame that rotates at the carrier's frequency."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from magneton._check import number, numbers
from magneton.dynamics._shapes import common_shape, vector_array

_TURN = 2.0 * math.pi


def to_rotating_frame(M: Any, time: Any, frequency: float) -> np.ndarray:
    """Return vectors as seen in a frame that rotates about z.

    Parameters
    ----------
    M : array_like, shape (..., 3)
        In the laboratory.
    time : float or array_like
        In s; broadcasts with M's leading shape. The frames coincide at 0.
    frequency : float
        In Hz, counter-clockwise about +z if positive: protons in a field along +z turn at a negative one.

    Returns
    -------
    ndarray, shape (..., 3)
    """
    return to_laboratory_frame(M, time, -number("frequency", frequency, "Hz"))


def to_laboratory_frame(M: Any, time: Any, frequency: float) -> np.ndarray:
    """Return vectors of a frame that rotates about z as seen in the laboratory: the reverse of `to_rotating_frame`.

    Parameters
    ----------
    M : array_like, shape (..., 3)
        In the rotating frame.
    time : float or array_like
        In s; broadcasts with M's leading shape. The frames coincide at 0.
    frequency : float
        Of the frame, in Hz, counter-clockwise about +z if positive.

    Returns
    -------
    ndarray, shape (..., 3)
    """
    vectors = vector_array("M", M, "1")
    turns = number("frequency", frequency, "Hz") * numbers("time", time, "s")
    common_shape(M=vectors.shape[:-1], time=turns.shape)
    angle = _TURN * (turns - np.round(turns))
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.stack(np.broadcast_arrays(c * x - s * y, s * x + c * y, z), axis=-1)


def driving_field(
    B0: float, B1: float, frequency: float, *, phase: float = 0.0, linear: bool = False
) -> Callable[[np.ndarray], np.ndarray]:
    """Return B(t) of a static field along z with a rotating or a linear one across, for `Bloch.integrate`.

    Parameters
    ----------
    B0, B1 : float
        In T; B1 is the amplitude of the rotating field.
    frequency : float
        Its signed frequency, Hz: -gamma B0/(2 pi) on resonance.
    phase : float
        Its direction from x towards y at t = 0, radian.
    linear : bool
        Along x only, as coils make it: 2 B1 cos, the sum of two that rotate either way.

    Returns
    -------
    callable
        B(t) of times in s, shape (k,), in T, shape (k, 3).
    """
    static, across = number("B0", B0, "T"), number("B1", B1, "T")
    f, start = number("frequency", frequency, "Hz"), number("phase", phase)

    def field(t: np.ndarray) -> np.ndarray:
        angle = _TURN * f * np.asarray(t) + start
        x, y = across * np.cos(angle), across * np.sin(angle)
        return np.stack(np.broadcast_arrays(*((2.0 * x, 0.0) if linear else (x, y)), static), axis=-1)

    return field
