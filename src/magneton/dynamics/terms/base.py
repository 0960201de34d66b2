"""What all terms of the energy of moments share.

A user's term is a small frozen object. Given the moments it acts on, it becomes one of two things: flat numbers for one
compiled function of a single moment (`LocalTerm`), or an object that adds the fields of all moments at once
(`CoupledTerm`), since they feel each other. Moments are handled as unit vectors u and magnitudes |m|.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np


def lengths(vectors: np.ndarray) -> np.ndarray:
    """Return the lengths of vectors, shape (n, 3), of any size: squares would be lost below 1e-154 or above 1e154."""
    exponents = np.frexp(np.abs(vectors).max(axis=1))[1]
    return np.ldexp(np.linalg.norm(np.ldexp(vectors, -exponents[:, None]), axis=1), exponents)


@dataclass(frozen=True, eq=False)
class Moments:
    """The moments that terms act on.

    Attributes
    ----------
    magnitude : ndarray, shape (n,)
        |m| in A m^2.
    positions : ndarray, shape (n, 3), or None
        Where they are, in m.
    """

    magnitude: np.ndarray
    positions: np.ndarray | None = None

    def __len__(self) -> int:
        """Return the number of moments."""
        return len(self.magnitude)


@dataclass(frozen=True, eq=False)
class LocalTerm:
    """A term that acts on each moment alone, as flat numbers for `magneton.kernels.moment_terms`.

    Attributes
    ----------
    kind : int
        A code of `magneton.kernels.moment_terms`.
    params : ndarray, shape (1, k) or (n, k)
        Parameters of all moments alike, or of each.
    time_dependent : bool
        Whether the field at a moment changes while the moment does not.
    """

    kind: int
    params: np.ndarray
    time_dependent: bool = False


@runtime_checkable
class CoupledTerm(Protocol):
    """A term in which moments feel each other."""

    #: Whether the energy is quadratic in the unit vectors, so that implicit midpoint conserves it.
    quadratic: bool

    def add_field(self, u: np.ndarray, out: np.ndarray) -> None:
        """Add B_eff = -dE/dm in T to `out`, shape (n, 3), of moments along the unit vectors `u`, shape (n, 3)."""
        ...

    def energy(self, u: np.ndarray) -> float:
        """Return the energy in J; every pair counts once."""
        ...


@runtime_checkable
class Term(Protocol):
    """A part of the energy, as users write it."""

    def compiled(self, moments: Moments) -> LocalTerm | CoupledTerm:
        """Return the term for these moments, or raise a ValueError that says what does not fit."""
        ...
