"""Moments through steps of DOP853, of one length for all of them, with dense output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from magneton._jit import get_threads, parallel_for
from magneton.dynamics._field_times import intervals
from magneton.dynamics.terms.assembled import GRAIN, Energies
from magneton.kernels import moment_adaptive as kernels
from magneton.kernels.moment_layout import LANES, SIZE
from magneton.kernels.moment_run import begin_blocks
from magneton.numerics.dop853 import NODES, STAGES

#: Steps, and vectors of dense output, that are computed at a time.
_STEPS, _VECTORS = 256, 2_000_000


@dataclass(frozen=True, eq=False)
class Piece:
    """Some steps one after another.

    Attributes
    ----------
    times : ndarray, shape (steps + 1,)
        In s.
    states : ndarray, shape (steps + 1, n, 3)
        Unit vectors.
    dense : ndarray, shape (steps, 7, n, 3)
        Coefficients of their change over each step.
    """

    times: np.ndarray
    states: np.ndarray
    dense: np.ndarray

    @property
    def size(self) -> int:
        """The number of bytes."""
        return self.states.nbytes + self.dense.nbytes

    def at(self, times: np.ndarray, which: slice = slice(None)) -> np.ndarray:
        """Return unit vectors of some moments at times (k,), shape (k, n, 3); beyond the ends by the next step."""
        step = np.clip(np.searchsorted(self.times, times, side="right") - 1, 0, len(self.dense) - 1)
        begin = self.times[step]
        part = ((times - begin) / (self.times[step + 1] - begin))[:, None, None]
        rows = self.dense[step][:, :, which]
        change = np.zeros(rows[:, 0].shape)
        for i in range(kernels.DENSE_ROWS):
            change = (change + rows[:, kernels.DENSE_ROWS - 1 - i]) * (part if i % 2 == 0 else 1.0 - part)
        u = self.states[step][:, which] + change
        return u / np.linalg.norm(u, axis=-1, keepdims=True)


@dataclass(eq=False)
class _Blocks:
    """What steps work in.

    Attributes
    ----------
    energies : Energies
        The terms.
    rates : ndarray, shape (n, 3)
        gamma' and alpha |gamma'| in 1/(s T), and zero.
    u : ndarray, shape (n, 3)
        Unit vectors at the start.
    """

    energies: Energies
    rates: np.ndarray
    u: np.ndarray
    slabs: np.ndarray = field(init=False)
    params: np.ndarray = field(init=False)
    k: np.ndarray = field(init=False)
    errors: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        e = self.energies
        self.slabs, self.k = np.empty((e.blocks, SIZE)), np.zeros((e.blocks, kernels.RATES))
        self.params, self.errors = np.empty((e.blocks, max(1, e.width) * LANES)), np.zeros(e.blocks)
        self._each(lambda i, j: begin_blocks(e.local, self.rates, self.u, self.slabs, self.params, i, j))

    def _each(self, body: Callable[[int, int], None]) -> None:
        parallel_for(body, self.energies.blocks, GRAIN)


class _Alone(_Blocks):
    """Moments that do not feel each other: a block goes through all stages of a step at a time."""

    def begin(self, t: float) -> None:
        """Set the rates at the begin of a step."""
        e = self.energies
        self._each(lambda i, j: kernels.begin_local(e.local, t, self.slabs, self.params, self.k, i, j))

    def attempt(self, t: float, h: float) -> float:
        """Try a step; return the largest error."""
        now = self.energies.local, t, h, self.slabs, self.params, self.k, self.errors
        self._each(lambda i, j: kernels.try_local(*now, i, j))
        return float(self.errors.max())

    def finish(self, t: float, h: float, dense: np.ndarray, u: np.ndarray) -> None:
        """Take the step, and set its dense output and its end."""
        now = self.energies.local, t, h, dense, self.slabs, self.params, self.k, u
        self._each(lambda i, j: kernels.finish_local(*now, i, j))


class _Together(_Blocks):
    """Moments that feel each other: all go through a stage at a time."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.y, self.field = np.empty(self.u.shape), np.empty(self.u.shape)

    def _stage(self, stage: int, t: float, h: float) -> None:
        """Evaluate the rates of a stage."""
        self._each(lambda i, j: kernels.place_blocks(stage, h, self.slabs, self.k, self.y, i, j))
        self.energies.coupled_field(self.y, self.field)
        now = (
            stage,
            self.energies.local,
            t + float(NODES[stage]) * h,
            self.field,
            self.slabs,
            self.params,
            self.k,
        )
        self._each(lambda i, j: kernels.take_blocks(*now, i, j))

    def begin(self, t: float) -> None:
        """Set the rates at the begin of a step."""
        self._stage(0, t, 0.0)

    def attempt(self, t: float, h: float) -> float:
        """Try a step; return the largest error."""
        for stage in range(1, STAGES + 1):
            self._stage(stage, t, h)
        self._each(lambda i, j: kernels.estimate_blocks(h, self.slabs, self.k, self.errors, i, j))
        return float(self.errors.max())

    def finish(self, t: float, h: float, dense: np.ndarray, u: np.ndarray) -> None:
        """Take the step, and set its dense output and its end."""
        for stage in range(STAGES + 1, 16):
            self._stage(stage, t, h)
        self._each(lambda i, j: kernels.finish_blocks(h, dense, self.slabs, self.k, u, i, j))


class Integrator:
    """Moments on their way, in steps that one estimate of the error rules.

    Parameters
    ----------
    energies : Energies
        The terms.
    rates : ndarray, shape (n, 3)
        gamma' and alpha |gamma'| in 1/(s T), and zero.
    u : ndarray, shape (n, 3)
        Unit vectors at the start.
    duration, longest : float, second
        How long to go, and the longest step.
    rtol : float
        The error of a unit vector allowed to a step.
    """

    def __init__(
        self,
        energies: Energies,
        rates: np.ndarray,
        u: np.ndarray,
        duration: float,
        longest: float,
        rtol: float,
    ) -> None:
        self.rtol, self.duration = rtol, duration
        self.intervals = intervals(energies.local, duration, longest)
        self.blocks = (_Together if energies.coupled else _Alone)(energies, rates, u)
        self.clock = np.array([0.0, 0.0, _first_step(energies, rates, u, duration), 0.0, 0.0])
        self._u = u

    @property
    def rejected(self) -> int:
        """How many steps were tried in vain."""
        return int(self.clock[kernels.REJECTIONS])

    def pieces(self) -> Iterator[Piece]:
        """Yield the steps of the run, some at a time.

        Raises
        ------
        ValueError
            If steps become too short for the time's digits.
        """
        n = len(self._u)
        size = max(1, min(_STEPS, _VECTORS // ((kernels.DENSE_ROWS + 1) * n)))
        u = self._u
        self.blocks.begin(0.0)
        for stop, longest in self.intervals:
            while self.clock[kernels.TIME] < stop:
                times, states = np.empty(size + 1), np.empty((size + 1, n, 3))
                dense = np.empty((size, kernels.DENSE_ROWS, n, 3))
                times[0], states[0] = self.clock[kernels.TIME], u
                count = self._advance(stop, longest, times, states, dense)
                u = states[count]
                # A piece that is short is copied, so that it does not keep what it left empty.
                short = 2 * count < size
                kept = times[: count + 1], states[: count + 1], dense[:count]
                yield Piece(*(part.copy() for part in kept) if short else kept)

    def _advance(
        self, stop: float, longest: float, times: np.ndarray, states: np.ndarray, dense: np.ndarray
    ) -> int:
        """Take steps until a time or until the arrays are full; return how many."""
        b, e = self.blocks, self.blocks.energies
        if not e.coupled and (get_threads() == 1 or e.blocks < 2 * GRAIN):
            work = self.clock, b.slabs, b.params, b.k, b.errors, times, states, dense
            count, verdict = kernels.advance_local(e.local, stop, longest, self.rtol, *work)
        else:
            count, verdict = self._advance_by_steps(stop, longest, times, states, dense)
        if verdict == kernels.STALLED:
            raise ValueError(
                f"rtol must be such that steps can be taken: they became too short at {self.clock[0]:g} s "
                f"(is the field finite there?), got {self.rtol:g}"
            )
        return count

    def _advance_by_steps(
        self, stop: float, longest: float, times: np.ndarray, states: np.ndarray, dense: np.ndarray
    ) -> tuple[int, int]:
        """Take steps one by one, each in threads; return how many, and why it stopped."""
        count, clock = 0, self.clock
        while count + 1 < len(times) and clock[kernels.TIME] < stop:
            h, is_last = kernels.next_step(clock, stop, longest)
            t = float(clock[kernels.TIME])
            verdict = kernels.judge(clock, h, is_last, stop, self.blocks.attempt(t, h), self.rtol)
            if verdict == kernels.STALLED:
                return count, verdict
            if verdict == kernels.ACCEPTED:
                self.blocks.finish(t, h, dense[count], states[count + 1])
                count += 1
                times[count] = clock[kernels.TIME]
        return count, kernels.ACCEPTED


def _first_step(energies: Energies, rates: np.ndarray, u: np.ndarray, duration: float) -> float:
    """Return a tenth of a radian of the fastest precession, or a thousandth of all if there is no field."""
    B = energies.field_and_energy(u, 0.0)[0]
    fastest = float((np.hypot(rates[:, 0], rates[:, 1]) * np.linalg.norm(B, axis=1)).max())
    return min(0.1 / fastest, duration) if fastest > 0.0 else 1e-3 * duration
