"""Coupled terms compiled for given moments: who feels whom, by how much."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from magneton._jit import parallel_for
from magneton.kernels.lattice_exchange import add_coupled_neighbours, add_neighbours, add_stencil

# Sites that are worth a thread's while.
_GRAIN = 4096
# Sites of a block of the stencil, whose arrays fit the nearest cache, and blocks worth a thread's while.
_BLOCK, _BLOCKS = 512, 16


def energy_of(term, u: np.ndarray, magnitude: np.ndarray) -> float:
    """Return -1/2 sum m.B in J of a term that is quadratic in the moments."""
    B = np.zeros(u.shape)
    term.add_field(u, B)
    return -0.5 * float(np.sum(magnitude * np.einsum("ij,ij->i", u, B)))


def _plain(u: np.ndarray) -> np.ndarray:
    """Return u as the one array type that kernels are compiled for."""
    return np.require(u, np.float64, ["C", "A", "W"])


@dataclass(frozen=True, eq=False)
class NeighbourTable:
    """The neighbours of each site, both ends of every bond, in one order.

    Attributes
    ----------
    starts : ndarray, shape (n + 1,)
        Site i has the entries starts[i] .. starts[i + 1].
    sites : ndarray, shape (2 bonds,)
        The neighbour of each entry.
    bonds : ndarray, shape (2 bonds,)
        The bond of each entry.
    reversed : ndarray of bool, shape (2 bonds,)
        Whether the entry's site is the bond's second.
    """

    starts: np.ndarray
    sites: np.ndarray
    bonds: np.ndarray
    reversed: np.ndarray

    @classmethod
    def of(cls, count: int, i: np.ndarray, j: np.ndarray) -> NeighbourTable:
        """Return the table of bonds between the sites i and j of `count`."""
        ends, others = np.concatenate([i, j]), np.concatenate([j, i])
        order = np.argsort(ends, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=count))])
        return cls(starts, others[order].astype(np.int64), order % len(i), order >= len(i))


@dataclass(frozen=True, eq=False)
class StencilCoupling:
    """Sites of a grid, coupled to the next along its axes."""

    shape: tuple[int, int, int]
    J: np.ndarray
    periodic: np.ndarray
    magnitude: np.ndarray
    quadratic = True
    _grid: Any = field(init=False)
    _blocks: Any = field(init=False)
    _rest: Any = field(init=False)

    def __post_init__(self) -> None:
        # An axis of one site may stand anywhere: in front, rows are long.
        axes = sorted(range(3), key=lambda k: self.shape[k] > 1)
        nx, ny, nz = (self.shape[k] for k in axes)
        height = min(ny, max(1, _BLOCK // nz))
        inverse = 1.0 / self.magnitude
        uniform = bool(np.all(inverse == inverse[0]))
        planes = np.broadcast_to(inverse[:1] if uniform else inverse, (ny * nz if uniform else nx * ny * nz,))
        inner = np.full((2, height, nz, 3), self.J[axes[2]])
        inner[0, :, 0] = inner[1, :, -1] = 0.0
        set_ = functools.partial(object.__setattr__, self)
        set_("_grid", (nx, ny, 3 * nz))
        set_("_blocks", nx * -(-ny // height))
        set_(
            "_rest",
            (
                height,
                self.J[axes],
                self.periodic[axes],
                np.repeat(planes, 3).reshape(-1, ny, 3 * nz),
                np.zeros(3 * height * nz),
                inner.reshape(2, -1),
            ),
        )

    def add_field(self, u: np.ndarray, out: np.ndarray) -> None:
        """Add the field in T to `out`."""
        rows, fields = _plain(u).reshape(self._grid), out.reshape(self._grid)
        parallel_for(lambda a, b: add_stencil(rows, fields, a, b, *self._rest), self._blocks, _BLOCKS)

    def energy(self, u: np.ndarray) -> float:
        """Return the energy in J."""
        return energy_of(self, u, self.magnitude)


@dataclass(frozen=True, eq=False)
class ListCoupling:
    """Sites coupled by numbers J, entry by entry of a table of neighbours."""

    table: NeighbourTable
    J: np.ndarray
    magnitude: np.ndarray
    quadratic = True

    def add_field(self, u: np.ndarray, out: np.ndarray) -> None:
        """Add the field in T to `out`."""
        u, scale, table = _plain(u), 1.0 / self.magnitude, self.table
        rest = table.starts, table.sites, self.J, scale
        parallel_for(lambda a, b: add_neighbours(u, out, a, b, *rest), len(u), _GRAIN)

    def energy(self, u: np.ndarray) -> float:
        """Return the energy in J."""
        return energy_of(self, u, self.magnitude)


@dataclass(frozen=True, eq=False)
class MatrixCoupling:
    """Sites coupled by matrices: entry p by matrices[kinds[p]]."""

    table: NeighbourTable
    kinds: np.ndarray
    matrices: np.ndarray
    magnitude: np.ndarray
    quadratic = True

    @classmethod
    def of(cls, table: NeighbourTable, per_bond: np.ndarray, magnitude: np.ndarray) -> MatrixCoupling:
        """Return the coupling with matrices K, shape (bonds, 3, 3), from a bond's first end; the other has K^T."""
        rows, kinds = np.unique(per_bond.reshape(-1, 9), axis=0, return_inverse=True)
        different = rows.reshape(-1, 3, 3)
        matrices = np.ascontiguousarray(np.concatenate([different, different.transpose(0, 2, 1)]))
        return cls(
            table, kinds.reshape(-1)[table.bonds] + len(different) * table.reversed, matrices, magnitude
        )

    def add_field(self, u: np.ndarray, out: np.ndarray) -> None:
        """Add the field in T to `out`."""
        u, scale, table = _plain(u), 1.0 / self.magnitude, self.table
        rest = table.starts, table.sites, self.kinds, self.matrices, scale
        parallel_for(lambda a, b: add_coupled_neighbours(u, out, a, b, *rest), len(u), _GRAIN)

    def energy(self, u: np.ndarray) -> float:
        """Return the energy in J."""
        return energy_of(self, u, self.magnitude)
