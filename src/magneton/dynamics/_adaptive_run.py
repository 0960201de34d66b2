"""A run of a `SpinSystem` by adaptive steps: samples and events on the dense output, and what is certified."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton import _check
from magneton.dynamics._adaptive import Integrator, Piece
from magneton.dynamics._crossings import Watch
from magneton.dynamics._spin_run import (
    DIMS,
    UNITS,
    energy_drift,
    inputs_of,
    magnitude_drift,
    sample_count,
    sample_times,
)
from magneton.dynamics.spin_events import keyed_events
from magneton.dynamics.trajectory import Trajectory
from magneton.runs import Chunk, execute

if TYPE_CHECKING:
    from magneton.dynamics.spin_system import SpinSystem

#: The error of a unit vector allowed to a step, unless the caller says otherwise; and the limits of what makes sense.
RTOL, _LEAST, _MOST = 1e-9, 1e-14, 1e-2
#: Bytes of dense output that are kept, unless the caller says otherwise.
_KEPT = 1e9
#: Vectors that are interpolated at a time.
_BATCH = 50_000


def adaptive_run(
    system: SpinSystem,
    duration: float,
    longest: Any,
    rtol: Any,
    times: Any,
    events: Any,
    dense: bool | None,
    progress: Any,
    chunk: int | None,
) -> Trajectory:
    """Follow a system by DOP853; the arguments are those of `SpinSystem.run`, `longest` its `dt`."""
    rtol = RTOL if rtol is None else _check.positive("rtol", rtol)
    if not _LEAST <= rtol <= _MOST:
        raise ValueError(f"rtol must lie between {_LEAST:g} and {_MOST:g}, got {rtol:g}")
    longest = math.inf if longest is None else _check.positive("dt", longest, "s")
    if times is None:
        samples = np.linspace(0.0, duration, sample_count(len(system)) + 1)
    else:
        samples = sample_times(times, duration)
    watches = {key: Watch(event, system.magnitude) for key, event in keyed_events(events).items()}
    slower = system.gamma / (1.0 + system.alpha**2)
    rates = np.column_stack([slower, system.alpha * np.abs(slower), np.zeros(len(system))])
    start = system.moments / system.magnitude[:, None]
    integrator = Integrator(system._energies, rates, start, duration, longest, rtol)
    keep = {None: _KEPT, True: math.inf, False: 0.0}[dense]
    work = _Work(system, integrator, samples, list(watches.values()), keep)
    kept = execute(
        None,
        {"task": "SpinSystem.run", "method": "dop853", "rtol": rtol},
        len(samples),
        work,
        chunk=max(1, len(samples) // 100) if chunk is None else chunk,
        inputs=inputs_of(system, samples),
        units=UNITS,
        dims=DIMS,
        item="time",
        progress=progress,
        in_sequence=True,
    )
    count = len(samples) if work.end == duration else int(np.searchsorted(samples, work.end, side="left")) + 1
    count = min(len(samples), count)
    records = {key: watch.record(work.end) for key, watch in watches.items()}
    pieces = None if work.forgotten else tuple(work.kept)
    return Trajectory(np.minimum(samples[:count], work.end), kept, work.end, records, pieces)


class _Work:
    """Computes the samples of a run in sequence, and looks for events on the way."""

    def __init__(
        self,
        system: SpinSystem,
        integrator: Integrator,
        samples: np.ndarray,
        watches: list[Watch],
        keep: float,
    ) -> None:
        """Take the system from its start; `keep` is how many bytes of dense output may be kept."""
        self.system, self.integrator, self.samples, self.watches = system, integrator, samples, watches
        self.start = system.moments / system.magnitude[:, None]
        self.start_field, self.start_energy = system._energies.field_and_energy(self.start, 0.0)
        self.end = integrator.duration
        self.kept: list[Piece] = []
        self.forgotten = keep <= 0.0
        self._keep, self._size = keep, 0
        self._pieces = integrator.pieces()
        self._piece: Piece | None = None

    def __call__(self, start: int, stop: int, state: Any) -> Chunk:
        """Return the moments at the samples start .. stop; those after the end of the run are like its end."""
        moments, energy = np.empty((stop - start, len(self.system), 3)), np.empty(stop - start)
        change, steps, rejected = np.zeros(len(self.system)), 0, self.integrator.rejected
        row = start
        while row < stop or (stop == len(self.samples) and not self._over()):
            if self._piece is None or (self._piece.times[-1] < self._until(row) and not self._over()):
                self._piece = next(self._pieces)
                self._see(self._piece, change)
                steps += len(self._piece.dense)
                continue
            last = row
            while last < stop and self._until(last) <= self._piece.times[-1]:
                last += 1
            self._sample(self._piece, row - start, last - start, self.samples[row:last], moments, energy)
            row = last
        return Chunk(
            {"moments": moments, "mean_moment": moments.mean(axis=1), "energy": energy},
            magnitude_drift(self.system, change)
            | energy_drift(self.system, self.start_field, self.start_energy, energy),
            {
                "steps": steps,
                "rejected steps": self.integrator.rejected - rejected,
                "moment-steps": steps * len(self.system),
            },
            {"rows": stop},
        )

    def _over(self) -> bool:
        """Return whether the last piece holds the end of the run."""
        return self._piece is not None and self._piece.times[-1] >= self.end

    def _until(self, row: int) -> float:
        """Return when a sample is taken; after the last, the end of the run."""
        return min(float(self.samples[row]), self.end) if row < len(self.samples) else self.end

    def _see(self, piece: Piece, change: np.ndarray) -> None:
        """Look for events in new steps, keep them, and note by how much lengths have changed."""
        is_last = bool(piece.times[-1] >= self.integrator.duration)
        self.end = min([self.end, *(watch.look(piece, is_last) for watch in self.watches)])
        length = np.linalg.norm(piece.states, axis=2)
        np.maximum(change, np.abs(length - np.linalg.norm(self.start, axis=1)).max(axis=0), out=change)
        self._size += piece.size
        self.forgotten = self.forgotten or self._size > self._keep
        if self.forgotten:
            self.kept.clear()
        else:
            self.kept.append(piece)

    def _sample(
        self, piece: Piece, first: int, last: int, times: np.ndarray, moments: np.ndarray, energy: np.ndarray
    ) -> None:
        """Set rows of the moments and the energy to those at times within a piece."""
        batch = max(1, _BATCH // len(self.system))
        for begin in range(first, last, batch):
            end = min(begin + batch, last)
            now = np.minimum(times[begin - first : end - first], self.end)
            for i, t, u in zip(range(begin, end), now.tolist(), piece.at(now), strict=True):
                moments[i] = self.system.magnitude[:, None] * u
                energy[i] = self.system._energies.field_and_energy(u, t)[1]
