"""A field as flat arrays: what sources hand to compiled loops (see `magneton.kernels.field`)."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from magneton._jit import FieldFunction
from magneton.kernels import field as codes


@dataclass(frozen=True)
class CompiledField:
    """A sum of fields for compiled loops.

    Attributes
    ----------
    kinds : ndarray of int64, shape (n,)
        One code a term, from `magneton.kernels.field`.
    starts : ndarray of int64, shape (n + 1,)
        Where each term's parameters begin in `params`; the last entry is their end.
    params : ndarray of float64
        The parameters, in SI.
    """

    kinds: np.ndarray
    starts: np.ndarray
    params: np.ndarray

    @functools.cached_property
    def kind_set(self) -> frozenset[int]:
        """The kinds that occur."""
        return frozenset(self.kinds.tolist())

    def of_kind(self, kind: int) -> np.ndarray:
        """Return the parameters of all terms of one (fixed-length) kind, shape (n, k)."""
        if kind not in self.kind_set:
            return np.empty((0, 0))
        chosen = np.flatnonzero(self.kinds == kind)
        length = self.starts[chosen[0] + 1] - self.starts[chosen[0]]
        return self.params[self.starts[chosen][:, None] + np.arange(int(length))]

    def terms(self, kind: int) -> list[np.ndarray]:
        """Return the parameters of each term of one kind, whatever their lengths."""
        if kind not in self.kind_set:
            return []
        return [self.params[self.starts[i] : self.starts[i + 1]] for i in np.flatnonzero(self.kinds == kind)]

    def without(self, kinds: Iterable[int]) -> CompiledField:
        """Return the field without the terms of these kinds."""
        kinds = self.kind_set.intersection(kinds)
        if not kinds:
            return self
        if kinds == self.kind_set:
            return _NOTHING
        kept = np.flatnonzero(~np.isin(self.kinds, list(kinds)))
        terms = [self.params[self.starts[i] : self.starts[i + 1]] for i in kept]
        return _packed(self.kinds[kept], terms)


_NOTHING = CompiledField(np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64), np.empty(0))


def _packed(kinds: np.ndarray, terms: list[np.ndarray]) -> CompiledField:
    starts = np.concatenate([[0], np.cumsum([len(term) for term in terms], dtype=np.int64)]).astype(np.int64)
    params = np.concatenate(terms) if terms else np.empty(0)
    return CompiledField(np.asarray(kinds, dtype=np.int64), starts, params)


def term(kind: int, *params: float | np.ndarray) -> CompiledField:
    """Return a field of one term."""
    flat = np.concatenate([np.atleast_1d(np.asarray(p, dtype=np.float64)).ravel() for p in params])
    return CompiledField(np.array([kind], dtype=np.int64), np.array([0, len(flat)], dtype=np.int64), flat)


def body_term(
    function: FieldFunction, position: np.ndarray, matrix: np.ndarray, extent: float, params: np.ndarray
) -> CompiledField:
    """Return a body in its own frame as a field.

    Parameters
    ----------
    function : FieldFunction
        Its field, in its own frame.
    position, matrix : ndarray, shapes (3,) and (3, 3)
        Take the body's frame to the global one.
    extent : float, metre
        Radius of a sphere about the position that holds all its currents and poles.
    params : ndarray
        What the function is given.
    """
    return term(codes.BODY, position, matrix, extent, float(function.address), params)


def table(kind: int, params: np.ndarray) -> CompiledField:
    """Return a field of many terms of one kind, their parameters in rows."""
    count, length = params.shape
    starts = np.arange(count + 1, dtype=np.int64) * length
    return CompiledField(np.full(count, kind, dtype=np.int64), starts, np.ascontiguousarray(params).ravel())


def joined(fields: Iterable[CompiledField]) -> CompiledField:
    """Return the sum of fields as one."""
    fields = list(fields)
    offsets = np.cumsum([0] + [len(f.params) for f in fields])
    starts = [f.starts[:-1] + offset for f, offset in zip(fields, offsets, strict=False)]
    return CompiledField(
        np.concatenate([f.kinds for f in fields]) if fields else np.empty(0, dtype=np.int64),
        np.concatenate([*starts, offsets[-1:]]).astype(np.int64),
        np.concatenate([f.params for f in fields]) if fields else np.empty(0),
    )


def user_field(address: int, params: np.ndarray | None = None) -> CompiledField:
    """Return a user's own compiled function as a field.

    Parameters
    ----------
    address : int
        Address of ``void f(double *txyz, double *params, double *result)``, for instance ``.address`` of a
        ``numba.cfunc``. It reads t (s) and the point (m) and sets B (T) in ``result[0:3]`` and, if it can, dB_i/dx_j
        row by row in ``result[3:12]``.
    params : ndarray, optional
        Floats handed to the function.
    """
    return term(codes.USER, float(address), np.empty(0) if params is None else params)
