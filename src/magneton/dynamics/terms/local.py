"""Terms that act on each moment alone: fields applied, and anisotropies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.dynamics.terms.base import LocalTerm, Moments
from magneton.dynamics.terms.waveforms import Waveform, field_vectors, unit_vectors
from magneton.kernels import moment_terms as codes


def _required_rows(name: str, rows: np.ndarray, moments: Moments) -> np.ndarray:
    """Return the parameters of one or all moments, or raise if they are of another number."""
    if len(rows) not in (1, len(moments)):
        raise ValueError(
            f"{name} must be one for all or one for each of {len(moments)} moments, got {len(rows)}"
        )
    return np.ascontiguousarray(rows, dtype=float)


def _columns(name: str, moments: Moments, *parts: Any) -> np.ndarray:
    """Return parameters side by side, each (3,), (n, 3), () or (n,), as (1, k) or (n, k)."""
    tables = [np.atleast_2d(part) if np.ndim(part) else np.reshape(part, (1, 1)) for part in parts]
    count = max(map(len, tables))
    if any(len(table) not in (1, count) for table in tables):
        raise ValueError(f"{name} must have parameters of one length, got {sorted({len(t) for t in tables})}")
    rows = np.hstack([np.broadcast_to(table, (count, table.shape[1])) for table in tables])
    return _required_rows(name, rows, moments)


def _column(values: np.ndarray) -> np.ndarray:
    """Return numbers, one or one a moment, as a column."""
    return np.reshape(values, (-1, 1))


def _per_moment(name: str, value: Any, unit: str) -> np.ndarray:
    """Return a number, or one a moment."""
    array = _check.numbers(name, value, unit)
    if array.ndim > 1:
        raise ValueError(f"{name} must be a number or have shape (n,), got shape {array.shape}")
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class Zeeman:
    """Moments in a field applied from outside, E = -m.B, B_eff = B.

    Parameters
    ----------
    B : array_like, shape (3,) or (n, 3), tesla; or a waveform
        The flux density, the same for all moments or one for each; or `Ramp`, `Sine`, `FieldPulse`, `Rotating`.

    Raises
    ------
    ValueError
        If the shape is another, a number is not finite, or a function or a source is given (see `FieldOf`).
    """

    B: Any

    def __post_init__(self) -> None:
        if isinstance(self.B, Waveform):
            return
        if callable(self.B) or isinstance(self.B, type):
            raise ValueError(
                "B must be a vector, or Ramp, Sine, FieldPulse or Rotating: functions of time are not taken, "
                f"got {_check.shown(self.B)}"
            )
        if callable(getattr(self.B, "B", None)):
            raise ValueError(
                f"B must be a vector or a waveform; of sources use FieldOf, got {_check.shown(self.B)}"
            )
        object.__setattr__(self, "B", field_vectors("B", self.B))

    def compiled(self, moments: Moments) -> LocalTerm:
        """Return the term as flat numbers."""
        if isinstance(self.B, Waveform):
            return LocalTerm(codes.WAVE, _required_rows("B", self.B.rows(), moments), time_dependent=True)
        return LocalTerm(codes.CONSTANT, _columns("B", moments, self.B))


@dataclass(frozen=True, eq=False)
class FieldOf:
    """Moments in the static field of a source, where they are: E = -m.B(r).

    Parameters
    ----------
    source : source or list of sources
        Anything with a ``B(points)`` in T.

    Raises
    ------
    ValueError
        If the source has no field, or the moments no positions, or one lies where the field is not defined.
    """

    source: Any

    def __post_init__(self) -> None:
        sources = self.source if isinstance(self.source, list | tuple) else [self.source]
        if not sources or not all(callable(getattr(source, "B", None)) for source in sources):
            raise ValueError(f"source must have a field B(points), got {_check.shown(self.source)}")

    def compiled(self, moments: Moments) -> LocalTerm:
        """Return the term as flat numbers."""
        if moments.positions is None:
            raise ValueError("positions must be given for the field of a source, got None")
        sources = self.source if isinstance(self.source, list | tuple) else [self.source]
        field = np.sum([np.asarray(source.B(moments.positions)) for source in sources], axis=0)
        wrong = np.flatnonzero(~np.isfinite(field).all(axis=1))
        if wrong.size:
            raise ValueError(
                "positions must lie where the source's field is defined, "
                f"got moment {wrong[0]} at {_check.shown(moments.positions[wrong[0]])}"
            )
        return LocalTerm(codes.CONSTANT, _required_rows("source", field, moments))


@dataclass(frozen=True, eq=False)
class UniaxialAnisotropy:
    """An easy axis, E = -K (u.n)^2, B_eff = (2 K/|m|) (u.n) n.

    Parameters
    ----------
    K : float or array_like, shape (n,), joule
        The anisotropy energy of each moment, in J per moment, not J/m^3: of a particle of volume V of a material
        with the constant K_u it is K_u V. Positive for an easy axis, negative for an easy plane.
    axis : array_like, shape (3,) or (n, 3)
        n; its length does not matter.

    Raises
    ------
    ValueError
        If the shape is another, an axis is zero, or a number is not finite.

    Notes
    -----
    u = m/|m|. The energy barrier between the two directions is K, and B_k = 2 K/|m| the field along the axis that
    takes a moment over it, the anisotropy field, see [Coey2010]_.

    Examples
    --------
    Cobalt, K_u = 4.1e5 J/m^3 and M_s = 1.44e6 A/m, a particle of 10 nm across:

    >>> import math
    >>> from magneton.dynamics import SpinSystem, UniaxialAnisotropy
    >>> volume = math.pi / 6 * 10e-9**3
    >>> system = SpinSystem([0, 0, 1.44e6 * volume], terms=[UniaxialAnisotropy(4.1e5 * volume)])
    >>> print(f"{system.field()[0, 2]:.4f} T")
    0.5694 T
    """

    K: Any
    axis: Any = (0.0, 0.0, 1.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "K", _per_moment("K", self.K, "J"))
        object.__setattr__(self, "axis", unit_vectors("axis", self.axis))

    def compiled(self, moments: Moments) -> LocalTerm:
        """Return the term as flat numbers."""
        _required_rows("K", _column(self.K), moments)
        strength = _shared(2.0 * self.K / moments.magnitude)
        return LocalTerm(codes.UNIAXIAL, _columns("axis", moments, self.axis, strength))


@dataclass(frozen=True, eq=False)
class CubicAnisotropy:
    """Three equal axes, E = K1 (a1^2 a2^2 + a2^2 a3^2 + a3^2 a1^2) with a_i = u.n_i.

    Parameters
    ----------
    K1 : float or array_like, shape (n,), joule
        In J per moment, a density times the volume; positive for easy axes along n_i (iron), negative along the
        body's diagonals (nickel).
    axes : array_like, shape (3, 3), optional
        The axes n_i, one a row, perpendicular to each other; x, y, z by default.
    """

    K1: Any
    axes: Any = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

    def __post_init__(self) -> None:
        object.__setattr__(self, "K1", _per_moment("K1", self.K1, "J"))
        axes = unit_vectors("axes", _check.vectors("axes", self.axes))
        if axes.shape != (3, 3) or np.abs(axes @ axes.T - np.eye(3)).max() > 1e-12:
            raise ValueError(f"axes must be 3 perpendicular directions, got {_check.shown(self.axes)}")
        object.__setattr__(self, "axes", axes)

    def compiled(self, moments: Moments) -> LocalTerm:
        """Return the term as flat numbers."""
        _required_rows("K1", _column(self.K1), moments)
        strength = _shared(self.K1 / moments.magnitude)
        return LocalTerm(codes.CUBIC, _columns("K1", moments, self.axes.ravel(), strength))


@dataclass(frozen=True, eq=False)
class ShapeAnisotropy:
    """The demagnetizing field of an ellipsoid magnetized as a whole, E = mu_0 m.N.m/(2 V), B_eff = -mu_0 N m/V.

    Parameters
    ----------
    N : array_like, shape (3, 3) or (3,)
        The demagnetizing tensor, or its diagonal: of trace 1, and no factor is negative.
    volume : float or array_like, shape (n,), cubic metre
        V.

    Raises
    ------
    ValueError
        If the shape is another, N is not symmetric, its trace not 1 or a factor negative, or a volume not positive.
    """

    N: Any
    volume: Any

    def __post_init__(self) -> None:
        N = _check.numbers("N", self.N)
        if N.shape not in ((3,), (3, 3)):
            raise ValueError(f"N must have shape (3,) or (3, 3), got shape {N.shape}")
        tensor = np.diag(N) if N.ndim == 1 else N
        if np.abs(tensor - tensor.T).max() > 1e-12 * np.abs(tensor).max():
            raise ValueError(f"N must be symmetric, got {_check.shown(self.N)}")
        # Tables give factors to a few digits.
        if abs(np.trace(tensor) - 1.0) > 1e-6 or np.linalg.eigvalsh(tensor).min() < -1e-6:
            raise ValueError(
                f"N must have factors of which none is negative, and whose sum is 1, got {_check.shown(self.N)}"
            )
        volume = _per_moment("volume", self.volume, "m^3")
        if not (volume > 0.0).all():
            raise ValueError(f"volume must be positive, got {_check.shown(self.volume)}")
        object.__setattr__(self, "N", tensor)
        object.__setattr__(self, "volume", volume)

    def compiled(self, moments: Moments) -> LocalTerm:
        """Return the term as flat numbers."""
        _required_rows("volume", _column(self.volume), moments)
        scale = _shared(float(mu_0) * moments.magnitude / self.volume)
        xx, yy, zz = np.diag(self.N)
        six = np.array([xx, yy, zz, self.N[0, 1], self.N[1, 2], self.N[0, 2]])
        return LocalTerm(codes.QUADRATIC, _required_rows("volume", scale * six, moments))


def _shared(values: np.ndarray) -> np.ndarray:
    """Return a column of numbers: a single one where all are equal."""
    return _column(values[:1] if (values == values[0]).all() else values)
