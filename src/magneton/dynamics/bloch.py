"""Bloch's equations: nuclear magnetization that precesses, relaxes and is driven by radio-frequency fields."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton import constants
from magneton._check import non_negatives, number, numbers, shown
from magneton.dynamics._isochromats import about_z, advance, isochromats_of, rows, vectors
from magneton.dynamics._lab_frame import integrated
from magneton.dynamics._recorder import BlochRun, played
from magneton.dynamics._shapes import common_shape, nonzero, times_or_inf, vector_array
from magneton.dynamics._uniform_field import uniform_field
from magneton.dynamics.pulses import Segment
from magneton.runs.progress import Progress

_GAMMA_P = float(constants.gamma_p)
_TURN = 2.0 * math.pi


@dataclass(frozen=True, eq=False)
class Bloch:
    r"""Magnetization that obeys Bloch's equations, as one or as many isochromats.

        dM/dt = gamma M x B - (M_x, M_y, 0)/T2 - (0, 0, M_z - M_0)/T1

    Parameters
    ----------
    gamma : float
        Gyromagnetic ratio in 1/(s T), signed; by default the proton's.
    T1, T2 : float or array_like
        Longitudinal and transverse relaxation times in s; inf for none. T2 <= 2 T1.
    equilibrium : float or array_like
        M_0 along +z, in A/m, or A m^2 for a whole sample, or 1: results are in its unit.

    Raises
    ------
    ValueError
        If gamma is 0, a time is not positive, M_0 is given as a vector, or T2 > 2 T1, which no coupling to a bath of
        any kind gives: it would make M longer than full polarization allows ([GoriniKossakowskiSudarshan1976]_).

    Notes
    -----
    ([Bloch1946]_.) Unless said otherwise M is in the frame that rotates at the carrier's frequency, and each
    isochromat has an `offset` in Hz: the signed frequency of its precession there, counter-clockwise about +z if
    positive. A field stronger by dB moves it by -gamma dB/(2 pi), see `offset_of`: protons turn left-handed about B.
    A field B1 is given by the amplitude of the component that rotates with the moments; half of a linear field's.

    Constant fields are solved in closed form, relaxation and all, for any length of time.

    Examples
    --------
    >>> from magneton.dynamics import Bloch
    >>> water = Bloch(T1=3.0, T2=2.0)
    >>> print(water.steady_state(1e-9, offset=0.1).round(4))  # under 1 nT
    [-0.2235  0.1778  0.8573]
    """

    gamma: float = _GAMMA_P
    _: KW_ONLY
    T1: Any = math.inf
    T2: Any = math.inf
    equilibrium: Any = 1.0

    def __post_init__(self) -> None:
        """Check."""
        gamma = number("gamma", self.gamma, "1/(s T)")
        nonzero("gamma", gamma)
        T1, T2 = times_or_inf("T1", self.T1), times_or_inf("T2", self.T2)
        equilibrium = _along_z(self.equilibrium)
        common_shape(T1=T1.shape, T2=T2.shape, equilibrium=equilibrium.shape)
        if not (T2 <= 2.0 * T1).all():
            raise ValueError(
                f"T2 must not be greater than 2 T1 (it is inf unless given), got T1 = {shown(self.T1)}, "
                f"T2 = {shown(self.T2)}"
            )
        for array in (T1, T2, equilibrium):
            array.setflags(write=False)
        values = {"gamma": gamma, "T1": T1, "T2": T2, "equilibrium": equilibrium}
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def offset_of(self, dB: Any) -> Any:
        """Return the offset in Hz of what sits in a field stronger by `dB` in T: -gamma dB/(2 pi)."""
        result = -self.gamma * numbers("dB", dB, "T") / _TURN
        return result if result.ndim else float(result)

    def free(self, M: Any, time: Any, offset: Any = 0.0) -> np.ndarray:
        """Return the magnetization after free precession and relaxation.

        Parameters
        ----------
        M : array_like, shape (..., 3)
            At the beginning.
        time, offset : float or array_like
            In s and Hz; they broadcast with M's leading shape.

        Returns
        -------
        ndarray, shape (..., 3)
        """
        return self.driven(M, time, 0.0, offset=offset)

    def driven(self, M: Any, time: Any, B1: Any, *, phase: Any = 0.0, offset: Any = 0.0) -> np.ndarray:
        """Return the magnetization after a time in a constant field B1, relaxation included.

        Parameters
        ----------
        M : array_like, shape (..., 3)
            At the beginning.
        time : float or array_like
            In s, not negative. All parameters broadcast with M's leading shape.
        B1 : float or array_like
            Amplitude in the rotating frame, T.
        phase : float or array_like
            Direction of B1 from x towards y, radian.
        offset : float or array_like
            In Hz.

        Returns
        -------
        ndarray, shape (..., 3)

        Notes
        -----
        Torrey's transient solution, see `magneton.kernels.bloch`: error about 1e-15 (1 + angle of the turn) M.
        """
        start, t, field = vector_array("M", M, "1"), non_negatives("time", time, "s"), numbers("B1", B1, "T")
        angle, f = numbers("phase", phase), numbers("offset", offset, "Hz")
        shape = common_shape(
            M=start.shape[:-1],
            time=t.shape,
            B1=field.shape,
            phase=angle.shape,
            offset=f.shape,
            T1=self.T1.shape,
            T2=self.T2.shape,
            equilibrium=self.equilibrium.shape,
        )
        turned = about_z(np.broadcast_to(start, (*shape, 3)), -angle)
        scale = -self.gamma * field * t
        state = rows(shape, turned, [_TURN * f * t, scale, t / self.T1, t / self.T2, self.equilibrium, 1.0])
        advance(state, np.array([[1.0 if field.any() else 0.0, 0.0, 0.0]]), 1.0)
        return about_z(vectors(state, shape), angle)

    def steady_state(self, B1: Any, *, phase: Any = 0.0, offset: Any = 0.0) -> np.ndarray:
        """Return the magnetization after a long time in a constant field B1.

        Parameters
        ----------
        B1, phase, offset : float or array_like
            In T, radian and Hz, as in `driven`.

        Returns
        -------
        ndarray, shape (..., 3)

        Notes
        -----
        With w = 2 pi offset, D = 1 + (w T2)^2 + gamma^2 B1^2 T1 T2 and phase 0 ([Bloch1946]_, [Abragam1961]_ III):
        M_x = -M_0 gamma B1 w T2^2/D, the dispersion; M_y = M_0 gamma B1 T2/D, the absorption;
        M_z = M_0 [1 + (w T2)^2]/D.
        """
        if not np.isfinite(self.T1).all():
            raise ValueError("T1 must be finite for there to be a steady state, got inf")
        field, angle = numbers("B1", B1, "T"), numbers("phase", phase)
        x = _TURN * numbers("offset", offset, "Hz") * self.T2
        root = np.hypot(1.0, x)
        # Where y is large M_y goes as 1/saturation: not by their product, which may overflow.
        with np.errstate(divide="ignore", over="ignore"):
            y, saturation = (self.gamma * field * T / root for T in (self.T2, self.T1))
            across = self.equilibrium / (1.0 / y + saturation)
            along = self.equilibrium / (1.0 + y * saturation)
        parts = np.broadcast_arrays(-across * (x / root), across / root, along, angle)
        return about_z(np.stack(parts[:3], axis=-1), angle)

    def play(
        self,
        sequence: Segment | Iterable[Segment],
        M: Any = None,
        *,
        offset: Any = 0.0,
        B1_scale: Any = 1.0,
        positions: Any = None,
        weights: Any = 1.0,
        path: bool = False,
        folder: str | Path | None = None,
        chunk: int | None = None,
        progress: Progress = None,
        resume: Literal["auto"] | bool = "auto",
    ) -> BlochRun:
        """Take isochromats through a sequence of pulses and delays, every step exact.

        Parameters
        ----------
        sequence : Segment or iterable of Segment
            `Pulse`, `ShapedPulse`, `Delay`, `Acquire`, `Spoil`.
        M : array_like, shape (..., 3), optional
            At the beginning; by default equilibrium.
        offset : float or array_like
            In Hz. The isochromats are what the parameters broadcast to, T1, T2 and `equilibrium` among them.
        B1_scale : float or array_like
            By which each isochromat's B1 differs from the nominal one.
        positions : array_like, shape (..., 3), optional
            In m, for gradients: the offset during a segment is greater by -gamma gradient.position/(2 pi).
        weights : float or array_like
            Of the isochromats in the mean; not negative.
        path : bool
            Record each isochromat, before each step of every segment and at the end; otherwise only the mean, during
            `Acquire`.
        folder, chunk, progress, resume
            Where to stream the results to, and how: see `magneton.runs.execute`. Items are the steps that are recorded,
            and each other segment as a whole.

        Returns
        -------
        BlochRun

        Examples
        --------
        >>> import numpy as np
        >>> from magneton.dynamics import Bloch, spin_echo
        >>> offsets = np.linspace(-500.0, 500.0, 2001)
        >>> run = Bloch(T1=1.0, T2=0.1).play(spin_echo(0.05), offset=offsets)
        >>> print(run.time, abs(run.signal).round(6), round(np.exp(-0.5), 6))
        [0.05] [0.606531] 0.606531
        """
        segments = _segments(sequence)
        rows, shape = self._isochromats(M, offset, B1_scale, weights, positions)
        keep = {"folder": folder, "chunk": chunk, "progress": progress, "resume": resume}
        return played(segments, self.gamma, rows, shape, positions, path, **keep)

    def repeated(self, sequence: Segment | Iterable[Segment], **isochromats: Any) -> np.ndarray:
        """Return the magnetization that a sequence, repeated without end, finds at its beginning each time.

        Parameters
        ----------
        sequence : Segment or iterable of Segment
            As in `play`.
        **isochromats
            `offset`, `B1_scale` and `positions` of `play`.

        Returns
        -------
        ndarray, shape (..., 3)

        Raises
        ------
        ValueError
            If there is none, since something never relaxes.

        Notes
        -----
        A sequence maps M to E M + b; E and b follow from four runs, and the fixed point solves (1 - E) M = b.
        """
        segments = _segments(sequence)
        _, shape = self._isochromats(None, *(isochromats.get(k, d) for k, d in _DEFAULTS.items()))
        starts = np.concatenate([np.zeros((1, 3)), np.eye(3)]).reshape(4, *(1,) * len(shape), 3)
        ends = self.play(segments, starts, **isochromats).magnetization
        E = np.moveaxis(ends[1:] - ends[0], 0, -1)
        try:
            found = np.linalg.solve(np.eye(3) - E, ends[0][..., None])[..., 0]
        except np.linalg.LinAlgError:
            found = np.array(math.nan)
        if not np.isfinite(found).all():
            raise ValueError(
                "sequence must let the magnetization relax to reach a steady state, got one that does not"
            )
        return found

    def integrate(
        self,
        M: Any,
        B: Any,
        duration: float,
        steps: int,
        *,
        start: float = 0.0,
        offset: Any = 0.0,
        every: int = 1,
        folder: str | Path | None = None,
        chunk: int | None = None,
        progress: Progress = None,
        resume: Literal["auto"] | bool = "auto",
    ) -> BlochRun:
        """Follow the magnetization through any field B(t), as in the laboratory frame.

        Parameters
        ----------
        M : array_like, shape (..., 3)
            At the beginning.
        B : callable, waveform or array_like of shape (3,)
            B(t) in T, shape (k, 3), at times t in s, shape (k,); or a waveform such as `Ramp`, or a constant field. The
            equilibrium stays along z.
        duration, steps : float, int
            How long, s, and in how many steps; abs(gamma B) times a step should be below about 1.
        start : float
            The time at the beginning, s.
        offset : float or array_like
            Of each isochromat, in Hz, on top of B_z.
        every : int
            Record M before every so many steps, and at the end.
        folder, chunk, progress, resume
            Where to stream the results to, and how: see `magneton.runs.execute`. Items are the records; a run in a
            folder knows B again by its values at a hundred times.

        Returns
        -------
        BlochRun

        Notes
        -----
        Commutator-free Lie scheme of fourth order ([BlanesMoan2006]_): two exact steps of half the length in means of
        the fields at Gauss' points. Exact in constant fields; abs(M) is kept to rounding without relaxation. The field
        has to be smooth within each step for the order to be seen.
        """
        rows, shape = self._isochromats(M, offset, 1.0, 1.0, None)
        keep = {"folder": folder, "chunk": chunk, "progress": progress, "resume": resume}
        return integrated(
            rows, shape, self.gamma, uniform_field("B", B)[0], duration, steps, start, every, **keep
        )

    def _isochromats(
        self, M: Any, offset: Any, B1_scale: Any, weights: Any, positions: Any
    ) -> tuple[np.ndarray, tuple[int, ...]]:
        """Return rows of all isochromats and the shape of these."""
        return isochromats_of(M, self.equilibrium, offset, B1_scale, self.T1, self.T2, weights, positions)


def _along_z(equilibrium: Any) -> np.ndarray:
    """Return M_0 along z; a vector would pass for three isochromats."""
    array = numbers("equilibrium", equilibrium)
    if array.ndim and array.shape[-1] == 3 and not array[..., :2].any() and array[..., 2].any():
        raise ValueError(
            "equilibrium must be M_0 along z, a number for each isochromat, "
            f"got what looks like a vector: {shown(equilibrium)}"
        )
    return array


def _segments(sequence: Segment | Iterable[Segment]) -> list[Segment]:
    """Return what a sequence consists of."""
    if isinstance(sequence, Segment):
        return [sequence]
    segments: list[Any] = list(sequence) if isinstance(sequence, Iterable) else [sequence]
    for each in segments:
        if not isinstance(each, Segment):
            raise ValueError(f"sequence must consist of pulses, delays and the like, got {shown(each)}")
    return segments


_DEFAULTS: dict[str, Any] = {"offset": 0.0, "B1_scale": 1.0, "weights": 1.0, "positions": None}
