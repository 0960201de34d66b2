"""What a run of Bloch's equations does and records on its way, in pieces that can be computed in chunks."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from magneton.dynamics._isochromats import OFFSET, R1, R2, advance, vectors
from magneton.dynamics._shapes import vector_array
from magneton.dynamics._streaming import chunk_of
from magneton.dynamics.pulses import Pulse, Segment, Spoil
from magneton.runs import Certificate, Chunk, Drift, execute, relative_drift

#: Seconds that an isochromat-step takes, about.
_PACE = 1e-8
_DIMS = {"mean": ("component",), "path": ("component", "isochromat")}


class BlochRun(NamedTuple):
    """What `Bloch.play` and `Bloch.integrate` return.

    Attributes
    ----------
    time : ndarray, shape (k,), second
        Of what was recorded.
    mean : ndarray, shape (k, 3)
        Weighted mean of M over the isochromats, in the unit of `Bloch.equilibrium`.
    magnetization : ndarray, shape (..., 3)
        M of every isochromat at the end.
    path : ndarray, shape (k, ..., 3), or None
        M of every isochromat at `time`, if it was asked for.
    certificate : magneton.runs.Certificate
        What was conserved, the length of M where nothing relaxes, and with what it was computed.
    """

    time: np.ndarray
    mean: np.ndarray
    magnetization: np.ndarray
    path: np.ndarray | None
    certificate: Certificate

    @property
    def signal(self) -> np.ndarray:
        """Mean M_x + i M_y, shape (k,): what a pair of coils in quadrature receives."""
        return self.mean[:, 0] + 1j * self.mean[:, 1]


class Piece(Protocol):
    """A part of a run: one or more items, before each of which M is recorded, or not."""

    items: int
    steps: int
    recorded: bool
    #: Whether |M| is kept, but for relaxation.
    keeps_length: bool
    #: How long an item takes on the clock, s, and the piece as a whole.
    tick: float
    duration: float

    def advance(
        self, rows: np.ndarray, first: int, last: int, path: bool
    ) -> tuple[np.ndarray, np.ndarray] | None:
        """Take the isochromats through items first ... last; return what was recorded, as `advance` does."""
        ...


class Played:
    """A segment of a sequence; its items are its steps if these are recorded, else there is one."""

    def __init__(
        self, segment: Segment, gamma: float, path: bool, detuning: Callable[[Segment], Any]
    ) -> None:
        self.segment, self.detuning = segment, detuning
        self.w, self.tick = segment.rotation(gamma), segment.step_time()
        self.steps, self.keeps_length = len(self.w), not isinstance(segment, Spoil)
        self.recorded = self.steps > 0 and (path or segment.records)
        self.items = self.steps if self.recorded else 1
        self.duration = self.tick * self.steps

    def advance(
        self, rows: np.ndarray, first: int, last: int, path: bool
    ) -> tuple[np.ndarray, np.ndarray] | None:
        """Take the isochromats through steps of the segment, in which its gradient has them precess faster."""
        if isinstance(self.segment, Spoil):
            rows[:2] = 0.0
            return None
        w = self.w[first:last] if self.recorded else self.w
        fixed, time = rows[3:].copy(), self.tick
        if isinstance(self.segment, Pulse) and time == 0.0:
            rows[[OFFSET, R1, R2]], time = 0.0, 1.0
        else:
            rows[OFFSET] += self.detuning(self.segment)
        found = advance(rows, w, time, int(self.recorded), path)
        rows[3:] = fixed
        return found if self.recorded else None


class _End:
    """The end of a run, where nothing happens but a record."""

    items, steps, tick, duration = 1, 0, 0.0, 0.0
    keeps_length = True

    def __init__(self, recorded: bool) -> None:
        self.recorded = recorded

    def advance(
        self, rows: np.ndarray, first: int, last: int, path: bool
    ) -> tuple[np.ndarray, np.ndarray] | None:
        return advance(rows.copy(), np.zeros((1, 3)), 0.0, 1, path)


class _Work:
    """Computes the items of a run in sequence."""

    def __init__(self, rows: np.ndarray, pieces: Sequence[Piece], path: bool) -> None:
        self.start, self.pieces, self.path = rows, pieces, path
        self.begins = [0, *itertools.accumulate(piece.items for piece in pieces)]
        free = not rows[[R1, R2]].any() and all(piece.keeps_length for piece in pieces)
        self.length = np.linalg.norm(rows[:3], axis=0) if free else None

    def __call__(self, start: int, stop: int, state: Any) -> Chunk:
        """Return what is recorded at the items start ... stop; nan at those that are not recorded."""
        rows = self.start.copy()
        if state is not None:
            rows[:3] = state["M"]
        arrays: dict[str, np.ndarray] = {"mean": np.full((stop - start, 3), np.nan)}
        if self.path:
            arrays["path"] = np.full((stop - start, 3, rows.shape[1]), np.nan)
        steps = 0
        for index in range(bisect.bisect_right(self.begins, start) - 1, len(self.pieces)):
            piece, begin = self.pieces[index], self.begins[index]
            if begin >= stop:
                break
            first, last = max(start, begin) - begin, min(stop, self.begins[index + 1]) - begin
            found = piece.advance(rows, first, last, self.path)
            steps += piece.steps * last // piece.items - piece.steps * first // piece.items
            for array, values in zip(arrays.values(), found or (), strict=False):
                array[begin + first - start : begin + last - start] = values
        return Chunk(arrays, self._drift(rows), {"isochromat-steps": steps * rows.shape[1]}, {"M": rows[:3]})

    def _drift(self, rows: np.ndarray) -> Mapping[str, Drift]:
        """Return how well the length of M was kept, where it should be."""
        if self.length is None:
            return {}
        return {"|M|": relative_drift(self.length, np.linalg.norm(rows[:3], axis=0))}


def _times(pieces: Sequence[Piece], now: float) -> np.ndarray:
    """Return the times of what is recorded, and of nothing else, from `now` on."""
    found = []
    for piece in pieces:
        if piece.recorded:
            found.append(now + piece.tick * np.arange(piece.items))
        now += piece.duration
    return np.concatenate([np.empty(0), *found])


def played(
    segments: Sequence[Segment],
    gamma: float,
    rows: np.ndarray,
    shape: tuple[int, ...],
    positions: Any,
    path: bool,
    **kept: Any,
) -> BlochRun:
    """Take isochromats through a sequence; `kept` is what `recorded` has to know of the folder."""
    places = None if positions is None else vector_array("positions", positions, "m")
    if places is None and any(np.any(each.gradient) for each in segments):
        raise ValueError("positions must be given for a sequence with gradients, got None")

    def detuning(segment: Segment) -> Any:
        """Return the angular velocity in rad/s that a segment's gradient adds, flat."""
        if places is None or not np.any(segment.gradient):
            return 0.0
        return -gamma * np.broadcast_to(places @ np.asarray(segment.gradient), shape).ravel()

    def inputs() -> dict[str, Any]:
        parts = [[each.tick, each.steps, each.recorded, *each.segment.gradient] for each in pieces]
        turns = np.concatenate([np.empty((0, 3)), *(each.w for each in pieces)])
        where = {} if places is None else {"positions": places}
        return {"segments": np.array(parts, dtype=np.float64), "turns": turns, **where}

    pieces = [Played(each, gamma, path, detuning) for each in segments]
    spec = {"task": "Bloch.play", "gamma": gamma, "path": path}
    return recorded(rows, shape, pieces, path, spec=spec, inputs=inputs, ends=path, **kept)


def recorded(
    rows: np.ndarray,
    shape: tuple[int, ...],
    pieces: Sequence[Piece],
    path: bool,
    *,
    spec: Mapping[str, Any],
    inputs: Callable[[], Mapping[str, Any]],
    start: float = 0.0,
    ends: bool,
    folder: Any,
    chunk: Any,
    **shown: Any,
) -> BlochRun:
    """Take isochromats, as `_isochromats.rows` has them, through all pieces; `ends` if the end is recorded as well."""
    pieces = [*pieces, _End(ends)]
    work = _Work(rows, pieces, path)
    count, each = work.begins[-1], rows.shape[1] * sum(piece.steps for piece in pieces)
    kept = execute(
        folder,
        spec,
        count,
        work,
        chunk=chunk_of(chunk, max(_PACE * each / count, 1e-9), rows.shape[1] * 3 if path else 1),
        inputs=None if folder is None else {"isochromats": rows, **inputs()},  # digests take their time
        dims={name: _DIMS[name] for name in (("mean", "path") if path else ("mean",))},
        item="record",
        in_sequence=True,
        **shown,
    )
    wanted = np.repeat([piece.recorded for piece in pieces], [piece.items for piece in pieces])
    places = None
    if path:
        places = np.moveaxis(kept["path"][wanted].reshape(-1, 3, *shape), 1, -1)
    end = vectors(kept.last_state["M"], shape)
    return BlochRun(_times(pieces, start), kept["mean"][wanted], end, places, kept.certificate)
