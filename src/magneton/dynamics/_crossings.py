"""Sign changes within steps, found and located on the dense output."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from magneton.dynamics._adaptive import Piece
from magneton.dynamics.spin_events import CrossingRecord, SpinEvent

#: Parts of a step at whose ends an event's value is looked at.
_PARTS = 8
_EPS = float(np.finfo(float).eps)


@dataclass(eq=False)
class Watch:
    """One event, watched from piece to piece.

    Attributes
    ----------
    event : SpinEvent
        The event.
    magnitude : ndarray, shape (n,)
        |m| in A m^2.
    """

    event: SpinEvent
    magnitude: np.ndarray
    times: list[float] = field(default_factory=list)
    rising: list[bool] = field(default_factory=list)
    moments: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._which = self.event.moments_read(len(self.magnitude))
        self._scale = self.event.noise * float(self.magnitude[self._which].max())

    def look(self, piece: Piece, is_last: bool) -> float:
        """Write down what happens within some steps; return when it ends the run, or infinity."""
        t, g = self._grid(piece, is_last)
        sign = np.where(g >= 0.0, 1, -1)
        if t[0] == 0.0 and abs(g[0]) <= self._scale:
            sign[0] = sign[1]  # what starts on the value leaves it, and does not cross it
        for i in np.flatnonzero(sign[1:] != sign[:-1]):
            rises = bool(sign[i + 1] > 0)
            if self.event.direction and rises != (self.event.direction > 0):
                continue
            self.times.append(self._root(piece, (t[i], t[i + 1]), (g[i], g[i + 1])))
            self.rising.append(rises)
            self.moments.append(self.magnitude[:, None] * piece.at(np.array(self.times[-1:]))[0])
            if self.event.terminal and len(self.times) == int(self.event.terminal):
                return self.times[-1]
        return math.inf

    def record(self, end: float) -> CrossingRecord:
        """Return what happened until the end."""
        count = int(np.searchsorted(self.times, end, side="right"))
        moments = np.array(self.moments[:count]).reshape(count, len(self.magnitude), 3)
        return CrossingRecord(
            np.array(self.times[:count]), moments, np.array(self.rising[:count], dtype=bool)
        )

    def _values(self, piece: Piece, t: np.ndarray) -> np.ndarray:
        """Return the event's values at times (k,)."""
        return self.event.values(t, self.magnitude[self._which, None] * piece.at(t, self._which))

    def _grid(self, piece: Piece, is_last: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return times and values so close that a sign changes once at most between two."""
        parts = np.arange(_PARTS) / _PARTS
        t = np.append(
            (piece.times[:-1, None] + np.diff(piece.times)[:, None] * parts).ravel(), piece.times[-1]
        )
        # Beyond the ends too, where other steps follow: a value may turn back just there.
        wide = np.concatenate([[2.0 * t[0] - t[1]], t, [2.0 * t[-1] - t[-2]]])
        wide = wide[int(t[0] == 0.0) : len(wide) - int(is_last)]
        g = self._values(piece, wide)
        extra = self._turning_points(piece, wide, g)
        inside = (wide >= t[0]) & (wide <= t[-1])
        if not extra:
            return wide[inside], g[inside]
        more = np.array(extra)
        more = more[(more > t[0]) & (more < t[-1])]
        t, g = np.concatenate([wide[inside], more]), np.concatenate([g[inside], self._values(piece, more)])
        order = np.argsort(t, kind="stable")
        return t[order], g[order]

    def _turning_points(self, piece: Piece, t: np.ndarray, g: np.ndarray) -> list[float]:
        """Return where the value turns back behind zero between points at which it has one sign."""
        with np.errstate(invalid="ignore", divide="ignore"):
            s = np.sign(g[1:-1])
            before, here, after = s * g[:-2], s * g[1:-1], s * g[2:]
            # The lowest point of the parabola, its points being about as far from each other.
            bend = before - 2.0 * here + after
            lowest = here - (after - before) ** 2 / (8.0 * bend)
        near = (before > here) & (after >= here) & (here > 0.0) & (lowest < 0.5 * here)
        found = []
        for i in np.flatnonzero(near):
            sign = float(s[i])
            low: Any = minimize_scalar(
                lambda at, sign=sign: sign * float(self._values(piece, np.array([at]))[0]),
                bounds=(float(t[i]), float(t[i + 2])),
                method="bounded",
                options={"xatol": 1e-9 * float(t[i + 2] - t[i])},
            )
            if low.fun < 0.0:
                found.append(float(low.x))
        return found

    def _root(self, piece: Piece, between: tuple[float, float], values: tuple[float, float]) -> float:
        """Return the time between two at which the value is zero, to the time's rounding."""
        known = dict(zip(between, values, strict=True))

        def value(at: float) -> float:
            return known[at] if at in known else float(self._values(piece, np.array([at]))[0])

        return float(brentq(value, *between, xtol=_EPS * between[1], rtol=4.0 * _EPS))  # pyright: ignore
