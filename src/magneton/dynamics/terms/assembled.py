"""All terms of a system together, as compiled loops take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton._jit import parallel_for
from magneton.dynamics.terms.base import CoupledTerm, LocalTerm, Moments, Term
from magneton.kernels import moment_run, moment_terms
from magneton.kernels.moment_layout import LANES

#: Blocks that a thread takes at least.
GRAIN = 4


@dataclass(frozen=True, eq=False)
class Energies:
    """The energy of moments, and the field they feel.

    Attributes
    ----------
    moments : Moments
        What the terms act on.
    local : tuple of ndarray
        Kinds, rows, starts and values of the local terms.
    width : int
        Parameters of one moment, of all local terms together.
    coupled : tuple of CoupledTerm
        The terms in which moments feel each other.
    time_dependent : bool
        Whether a term depends on time.
    """

    moments: Moments
    local: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    width: int
    coupled: tuple[CoupledTerm, ...]
    time_dependent: bool

    @property
    def blocks(self) -> int:
        """The number of blocks of moments."""
        return -(-len(self.moments) // LANES)

    def coupled_field(self, u: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Set `out`, shape (n, 3), to the field in T of the coupled terms alone."""
        out[:] = 0.0
        for term in self.coupled:
            term.add_field(u, out)
        return out

    def field_and_energy(self, u: np.ndarray, t: float) -> tuple[np.ndarray, float]:
        """Return B_eff in T, shape (n, 3), and the energy in J at unit vectors u, shape (n, 3)."""
        field = self.coupled_field(u, np.empty_like(u))
        own = np.empty(len(u))
        parallel_for(
            lambda i, j: moment_run.fields(self.local, self.width, t, u, field, own, i, j), self.blocks, GRAIN
        )
        energy = float(self.moments.magnitude @ own) + sum(term.energy(u) for term in self.coupled)
        return field, energy


def assembled(terms: Any, moments: Moments) -> Energies:
    """Return the terms of moments as one, or raise a ValueError naming what does not fit."""
    # A class has the methods of its objects too.
    if not isinstance(terms, Sequence) or not all(
        isinstance(term, Term) and not isinstance(term, type) for term in terms
    ):
        raise ValueError(f"terms must be a list of terms such as Zeeman(B), got {_check.shown(terms)}")
    compiled = [term.compiled(moments) for term in terms]
    local = [term for term in compiled if isinstance(term, LocalTerm)]
    coupled = tuple(term for term in compiled if not isinstance(term, LocalTerm))
    kinds = np.array([term.kind for term in local], dtype=np.int64)
    rows = np.array([len(term.params) for term in local], dtype=np.int64)
    sizes = np.array([0, *(term.params.size for term in local)], dtype=np.int64)
    values = np.concatenate([np.zeros(0), *(np.ravel(term.params) for term in local)])
    return Energies(
        moments,
        (kinds, rows, np.cumsum(sizes)[:-1], values),
        sum(moment_terms.WIDTHS[kind] for kind in kinds),
        coupled,
        any(term.time_dependent for term in local),
    )
