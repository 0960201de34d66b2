"""Arrays of vectors and of states, for the functions of this room that are written in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check, constants

C = float(constants.c)


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a.b along the last axis."""
    return np.einsum("...i,...i->...", a, b)


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a x b along the last axis, several times faster than NumPy's for few vectors."""
    (ax, ay, az), (bx, by, bz) = np.moveaxis(a, -1, 0), np.moveaxis(b, -1, 0)
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def norm(a: np.ndarray) -> np.ndarray:
    """Return |a| along the last axis."""
    return np.sqrt(dot(a, a))


def directional(gradient: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return (vector . grad) of a vector whose gradient [..., i, j] = d_j of component i."""
    return np.einsum("...ij,...j->...i", gradient, vector)


def unit(a: np.ndarray) -> np.ndarray:
    """Return a/|a|; nan where a = 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return a / norm(a)[..., None]


def velocities(name: str, value: Any) -> np.ndarray:
    """Return velocities, shape (..., 3), all below the speed of light; nan passes through."""
    v = _check.points(name, value, "m/s")
    fastest = np.max(norm(v), initial=0.0, where=~np.isnan(v).any(axis=-1))
    if fastest >= C:
        raise ValueError(f"{name} must be below the speed of light {C:.0f} m/s, got {fastest:.17g}")
    return v


def fit(**shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape that all shapes broadcast to, or say which do not fit."""
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(
            f"{' and '.join(shapes)} must have shapes that broadcast, got (without the axis of components) {listed}"
        ) from None
