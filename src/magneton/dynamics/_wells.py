"""Equilibria of a moment with one easy axis in a field: e = sin^2(phi)/2 - h cos(phi - psi), h = B/B_k.

With p = abs(h sin(psi)) across the axis and q = abs(h cos(psi)) along it, de/dphi = 0 is a quartic. Divided by
sin(phi) cos(phi) it says, where the moment leans towards the field,

    p/sin - q/cos = 1,     between 0 and 90 degrees from the axis: always one root, a minimum;

in the quadrant next to it, with the angle from the other end of the axis,

    p/sin + q/cos = 1:     a minimum, and the maximum between the two wells, where p^(2/3) + q^(2/3) < 1 (the astroid);

and opposite, the maximum on the far side. Each root is alone between known bounds, so that Newton's steps, held by
these, find it to rounding; next to the astroid it has the digits that the distance from there leaves.
"""

from __future__ import annotations

import numpy as np

_STEPS = 200


def _root(p: np.ndarray, q: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the one angle below `high` at which sin cos - q sin - p cos, negative at 0, changes its sign."""
    found = np.array(0.5 * high, order="C")
    left = np.flatnonzero(high > 0.0)
    p, q, high = p.reshape(-1)[left], q.reshape(-1)[left], high.reshape(-1)[left]
    low, angle, flat = np.zeros_like(high), 0.5 * high, found.reshape(-1)
    for _ in range(_STEPS):
        sine, cosine = np.sin(angle), np.cos(angle)
        value = sine * cosine - q * sine - p * cosine
        slope = (cosine - sine) * (cosine + sine) - q * cosine + p * sine
        low, high = np.where(value < 0.0, angle, low), np.where(value >= 0.0, angle, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            new = angle - value / slope
        new = np.where((new > low) & (new < high), new, 0.5 * (low + high))
        active = np.abs(new - angle) > 4e-16 * angle
        flat[left] = angle = new
        if not active.any():
            break
        left, p, q, low, high, angle = (part[active] for part in (left, p, q, low, high, angle))
    return found


def leaning(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return the angle with p/sin - q/cos = 1, for p, q >= 0."""
    ends = np.where(q > 0.0, np.arctan2(p, q), 0.0)
    return np.where(q > 0.0, _root(p, -q, ends), np.arcsin(np.minimum(p, 1.0)))


def held(p: np.ndarray, q: np.ndarray, *, ended: bool = False) -> np.ndarray:
    """Return the smaller angle with p/sin + q/cos = 1, for p, q >= 0.

    On and outside the astroid it is nan, or if `ended`, for what is there by rounding only, the angle of least
    p/sin + q/cos, at which the well ends.
    """
    inside = np.cbrt(p) ** 2 + np.cbrt(q) ** 2 < 1.0
    least = np.arctan2(np.cbrt(p), np.cbrt(q))
    return np.where(inside, _root(p, q, np.where(inside, least, 0.0)), least if ended else np.nan)


def minima(h: np.ndarray, psi: np.ndarray, *, ended: bool = False) -> np.ndarray:
    """Return the angles of the wells on the axis' positive and negative side, shape (..., 2); `ended` as in `held`."""
    across, along = np.broadcast_arrays(h * np.sin(psi), h * np.cos(psi))
    p, q = np.abs(across), np.abs(along)
    near, far = leaning(p, q), np.pi - held(p, q, ended=ended)
    wells = np.stack([near, far], -1)
    down = along < 0.0
    wells[down] = np.pi - wells[down][..., ::-1]
    return np.where(across < 0.0, -1.0, 1.0)[..., None] * wells


def maxima(h: np.ndarray, psi: np.ndarray) -> np.ndarray:
    """Return the angles of the saddle between the wells (or nan) and of the highest energy, shape (..., 2)."""
    across, along = np.broadcast_arrays(h * np.sin(psi), h * np.cos(psi))
    p, q = np.abs(across), np.abs(along)
    # the same equations, with angles from the hard axis
    saddle, top = 0.5 * np.pi + held(q, p), -0.5 * np.pi - leaning(q, p)
    tops = np.stack([saddle, top], -1)
    tops = np.where((along < 0.0)[..., None], np.pi - tops, tops)
    tops = np.where((across < 0.0)[..., None], -tops, tops)
    return _turned(tops)


def _turned(angle: np.ndarray) -> np.ndarray:
    """Return an angle between -2 pi and 2 pi by a full turn between -pi and pi."""
    return np.where(np.abs(angle) > np.pi, angle - np.copysign(2.0 * np.pi, angle), angle)


def barriers(h: np.ndarray, psi: np.ndarray) -> np.ndarray:
    """Return the heights of the saddle over both wells in units of 2 K V, shape (..., 2); nan outside the astroid."""
    well, saddle = minima(h, psi), maxima(h, psi)[..., :1]
    half = 0.5 * _turned(saddle - well)
    middle = well + half
    torque = (h * np.cos(psi))[..., None] * np.sin(middle) - (h * np.sin(psi))[..., None] * np.cos(middle)
    return np.sin(half) * (np.sin(2.0 * middle) * np.cos(half) + 2.0 * torque)
