"""Sensors that are not perfect: their gains, and axes that do not point where they should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.estimation._taps import Taps
from magneton.estimation.readings import Readings

#: Axes this close count as the same.
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Sensors:
    """Errors of channels: a reading is (1 + gain) w.B + tilt_a a.B + tilt_b b.B, with a and b across the axis w.

    Of a vector sensor a and b are its next two axes in cyclic order, so that its matrix of sensitivities has nine
    errors, one each. A magnitude has a gain and no tilt. Background and target are seen with the same errors.

    Attributes
    ----------
    names, units : tuple of str
        Of each error: gains first, then tilts.
    prior : ndarray, shape (k,)
        Standard deviations known beforehand, about 0.
    channel : ndarray of int, shape (n,)
        Of each reading.
    gains : int
        How many channels have gains.
    linear : ndarray of int, shape (l,)
        Which readings have tilts; none if tilts are not fitted.
    tilted : ndarray of int, shape (l,)
        Whose tilts those readings have.
    across : tuple of Taps, or None
        What sees a.B of all those readings, then b.B: of the target, and in the laboratory.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    prior: np.ndarray
    channel: np.ndarray
    gains: int
    linear: np.ndarray
    tilted: np.ndarray
    across: tuple[Taps, Taps] | None

    def tilts(self, errors: np.ndarray) -> np.ndarray:
        """Return the factors of the rows across, shape (2, l), at errors of shape (k,)."""
        return errors[self.gains :].reshape(2, -1)[:, self.tilted]

    def factors(self, errors: np.ndarray) -> np.ndarray:
        """Return 1 + gain of each reading, shape (n,)."""
        if not self.gains:
            return np.ones(len(self.channel))
        return 1.0 + errors[: self.gains][self.channel]

    def columns(self, read: np.ndarray, across: np.ndarray | None) -> np.ndarray:
        """Return the derivatives of readings with the errors, shape (n, k).

        `read`, shape (n,), is what perfect sensors read, and `across`, shape (2 l,), what the rows across see.
        """
        n = len(self.channel)
        out = np.zeros((n, len(self.names)))
        if self.gains:
            out[np.arange(n), self.channel] = read
        if across is not None:
            half = (len(self.names) - self.gains) // 2
            a, b = across.reshape(2, -1)
            at = self.gains + self.tilted
            out[self.linear, at], out[self.linear, at + half] = a, b
        return out


def channels(readings: Readings) -> np.ndarray:
    """Return the number of the channel, a component of a sensor, of each reading."""
    return np.unique(readings.sensor * 9 + readings.component, return_inverse=True)[1]


def sensors_of(readings: Readings, gain: Any, tilt: Any) -> Sensors | None:
    """Return the errors to fit; `gain` and `tilt` are standard deviations known beforehand, or None."""
    if gain is None and tilt is None:
        return None
    channel = channels(readings)
    gains = 0 if gain is None else int(channel.max()) + 1
    linear = np.flatnonzero(~readings.magnitudes) if tilt is not None else np.empty(0, dtype=int)
    own, tilted = np.unique(channel[linear], return_inverse=True)
    sides = [f"tilt_{c}_{side}" for side in "ab" for c in own]
    prior = [_check.positive("gain", gain)] * gains if gains else []
    prior += [_check.positive("tilt", tilt, "rad")] * len(sides) if tilt is not None else []
    return Sensors(
        (*(f"gain_{c}" for c in range(gains)), *sides),
        ("1",) * gains + ("rad",) * len(sides),
        np.array(prior),
        channel,
        gains,
        linear,
        tilted,
        _across(readings.select(linear), tilted) if len(linear) else None,
    )


def _across(readings: Readings, channel: np.ndarray) -> tuple[Taps, Taps]:
    """Return the rows across the axes of linear readings."""
    if readings.taps.gradients is not None and readings.taps.gradients.any():
        raise ValueError("tilt must be None where gradients are read")
    whole = np.isin(readings.sensor, readings.sensor[readings.component > 0])
    if whole.any() and not whole.all():
        raise ValueError("tilt must be None where vector sensors and sensors of one component are mixed")
    taps, lab = readings.taps, readings.lab_taps
    if whole.all():
        siblings = _siblings(readings)
        return _of_siblings(taps, siblings), _of_siblings(lab, siblings)
    if lab is not taps and not np.allclose(lab.weights, taps.weights, rtol=0.0, atol=_SAME):
        raise ValueError("tilt needs probes of three components where the target was turned")
    turned = _turned(taps, channel)
    return turned, turned if lab is taps else _turned(lab, channel)


def _siblings(readings: Readings) -> tuple[np.ndarray, np.ndarray]:
    """Return which readings are the next and the next but one axis of the same vector."""
    n = len(readings)
    first = np.arange(0, n, 3)
    whole = n % 3 == 0 and np.array_equal(readings.component, np.tile(np.arange(3), n // 3))
    if not whole or np.any(readings.sensor != np.repeat(readings.sensor[first], 3)):
        raise ValueError("tilt needs all three components of each vector: some were left out")
    k, base = np.tile(np.arange(3), len(first)), np.repeat(first, 3)
    return base + (k + 1) % 3, base + (k + 2) % 3


def _of_siblings(taps: Taps, siblings: tuple[np.ndarray, np.ndarray]) -> Taps:
    """Return the rows of both siblings; rows of vectors have one tap each."""
    a, b = siblings
    return Taps.single(taps.points[np.concatenate([a, b])], taps.weights[np.concatenate([a, b])])


def _turned(taps: Taps, channel: np.ndarray) -> Taps:
    """Return rows whose weights are those of taps turned by 1 rad, to first order, about two axes across."""
    first = np.searchsorted(taps.row, np.arange(len(channel)))
    axis = taps.weights[first] / np.linalg.norm(taps.weights[first], axis=1, keepdims=True)
    mean = axis[np.unique(channel, return_index=True)[1]][channel]
    if np.abs(axis - mean).max() > _SAME:
        raise ValueError("tilt needs sensors of one component to keep their axes")
    u = np.cross(mean, np.eye(3)[np.argmin(np.abs(mean), axis=1)])
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    parts = [
        Taps(taps.row, taps.points, np.cross(about[taps.row], taps.weights))
        for about in (u, np.cross(mean, u))
    ]
    return Taps.joined(parts, [len(channel)] * 2)
