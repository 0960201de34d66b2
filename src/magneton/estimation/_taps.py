"""What sensors read of a field: weighted sums of it, and of its gradient, at points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Taps:
    """Sums over points: row i is the sum, over its taps, of weight.B and of gradient:grad B at their points.

    Attributes
    ----------
    row : ndarray of int, shape (t,)
        Which row a tap belongs to, ascending.
    points : ndarray, shape (t, 3), metre
        Where.
    weights : ndarray, shape (t, 3)
        Of the field.
    gradients : ndarray, shape (t, 3, 3), metre, or None
        Of its gradient, [i, j] with dB_i/dx_j.
    """

    row: np.ndarray
    points: np.ndarray
    weights: np.ndarray
    gradients: np.ndarray | None = None

    @classmethod
    def single(cls, points: np.ndarray, weights: np.ndarray, gradients: np.ndarray | None = None) -> Taps:
        """Return rows of one tap each."""
        return cls(np.arange(len(points)), points, weights, gradients)

    @classmethod
    def joined(cls, parts: Sequence[Taps], rows: Sequence[int]) -> Taps:
        """Return the rows of all parts, one after the other; `rows` says how many each has."""
        starts = np.concatenate([[0], np.cumsum(rows)[:-1]]).astype(int)
        some = any(part.gradients is not None for part in parts)
        return cls(
            np.concatenate([part.row + start for part, start in zip(parts, starts, strict=True)]),
            np.concatenate([part.points for part in parts]),
            np.concatenate([part.weights for part in parts]),
            np.concatenate([part.tensor for part in parts]) if some else None,
        )

    @property
    def tensor(self) -> np.ndarray:
        """The weights of the gradient, zeros if there are none."""
        return np.zeros((len(self.row), 3, 3)) if self.gradients is None else self.gradients

    def sums(self, B: np.ndarray, grad_B: np.ndarray | None, count: int) -> np.ndarray:
        """Return rows, shape (..., count), of fields at the taps, shape (..., t, 3) and (..., t, 3, 3)."""
        values = np.einsum("...tk,tk->...t", B, self.weights)
        if self.gradients is not None and grad_B is not None:
            values = values + np.einsum("...tkl,tkl->...t", grad_B, self.gradients)
        if len(self.row) == count:
            return values
        return np.add.reduceat(values, np.searchsorted(self.row, np.arange(count)), axis=-1)

    def kept(self, rows: np.ndarray) -> Taps:
        """Return only some rows, a mask, numbered anew."""
        taps = rows[self.row]
        number = np.cumsum(rows) - 1
        gradients = None if self.gradients is None else self.gradients[taps]
        return Taps(number[self.row[taps]], self.points[taps], self.weights[taps], gradients)

    def scaled(self, factor: np.ndarray) -> Taps:
        """Return the taps with each row, `factor` of shape (rows,), multiplied."""
        f = factor[self.row]
        gradients = None if self.gradients is None else self.gradients * f[:, None, None]
        return replace(self, weights=self.weights * f[:, None], gradients=gradients)

    def flat(self, length: float) -> tuple[np.ndarray, ...]:
        """Return what `magneton.kernels.dipole_design` takes, with lengths in units of `length`."""
        row, points, weights = np.empty(0, dtype=np.int64), self.points, self.weights
        if not np.array_equal(self.row, np.arange(len(self.row))):
            # The first taps of all rows in front: the kernels need not add these up.
            rank = np.arange(len(self.row)) - np.searchsorted(self.row, self.row)
            order = np.lexsort((self.row, rank))
            row, points, weights = self.row[order].astype(np.int64), points[order], weights[order]
        field = np.ascontiguousarray(points.T) / length, np.ascontiguousarray(weights.T), row
        if self.gradients is None:
            return *field, np.empty((3, 0)), np.empty((6, 0)), np.empty(0, dtype=np.int64)
        has = np.flatnonzero(self.gradients.any(axis=(1, 2)))
        W = self.gradients[has]
        W = (W + W.swapaxes(1, 2)) / 2.0
        W = W - np.trace(W, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3.0
        six = np.stack([W[:, 0, 0], W[:, 1, 1], W[:, 2, 2], W[:, 0, 1], W[:, 0, 2], W[:, 1, 2]]) / length
        where = np.ascontiguousarray(self.points[has].T) / length
        return *field, where, six, self.row[has].astype(np.int64)
