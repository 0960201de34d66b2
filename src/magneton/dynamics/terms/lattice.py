"""Lattices: where their sites are, and which are neighbours."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from magneton import _check

# Distances that differ by less, relatively, belong to one shell of neighbours.
_SAME = 1e-9


class Bonds(NamedTuple):
    """Pairs of sites, each once: i and j, shape (p,), and the vectors from i to j, shape (p, 3), in m."""

    i: np.ndarray
    j: np.ndarray
    vectors: np.ndarray


@dataclass(frozen=True, eq=False)
class Lattice:
    """Sites on a regular lattice, with open or periodic ends.

    Parameters
    ----------
    shape : (int, int, int)
        Number of cells along the three lattice vectors; 1 along an axis gives a plane, a chain.
    spacing : float or (float, float, float), optional
        Edges of a rectangular cell in m. Give this or `vectors`.
    vectors : array_like, shape (3, 3), optional
        The lattice vectors in m, one a row.
    basis : array_like, shape (b, 3), optional
        Sites of a cell, in fractions of the lattice vectors from 0 up to 1; one site at the origin by default.
    periodic : bool or (bool, bool, bool), optional
        Whether the lattice repeats along its vectors; it does not by default.

    Raises
    ------
    ValueError
        If numbers are not positive, vectors lie in a plane, or sites of the basis are alike.

    Notes
    -----
    Sites are numbered with the basis fastest, then the third vector, then the second, then the first.

    Examples
    --------
    >>> from magneton.dynamics import Lattice
    >>> square = Lattice((3, 4, 1), 2.5e-10)
    >>> len(square), square.positions[5].tolist(), len(square.bonds().i)
    (12, [2.5e-10, 2.5e-10, 0.0], 17)

    Iron's two sites a cell, with eight neighbours each:

    >>> iron = Lattice.bcc((4, 4, 4), 2.866e-10, periodic=True)
    >>> len(iron), len(iron.bonds().i)
    (128, 512)
    """

    shape: Any
    spacing: Any = None
    vectors: Any = None
    basis: Any = None
    periodic: Any = False

    def __post_init__(self) -> None:
        if np.shape(self.shape) != (3,):
            raise ValueError(f"shape must be three numbers of cells, got {_check.shown(self.shape)}")
        set_ = functools.partial(object.__setattr__, self)
        set_("shape", tuple(_check.integer("shape", n, 1) for n in self.shape))
        set_("vectors", _cell(self.spacing, self.vectors))
        set_("basis", _basis(self.basis))
        set_("periodic", _flags(self.periodic))

    @classmethod
    def bcc(cls, shape: Any, spacing: float, periodic: Any = False) -> Lattice:
        """Return a body-centred cubic lattice of edge `spacing` in m, two sites a cell."""
        return cls(shape, spacing, basis=[[0, 0, 0], [0.5, 0.5, 0.5]], periodic=periodic)

    @classmethod
    def fcc(cls, shape: Any, spacing: float, periodic: Any = False) -> Lattice:
        """Return a face-centred cubic lattice of edge `spacing` in m, four sites a cell."""
        sites = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
        return cls(shape, spacing, basis=sites, periodic=periodic)

    def __len__(self) -> int:
        """Return the number of sites."""
        return int(np.prod(self.shape)) * len(self.basis)

    @functools.cached_property
    def positions(self) -> np.ndarray:
        """Positions of the sites, shape (n, 3), m."""
        cells = np.stack(np.meshgrid(*map(np.arange, self.shape), indexing="ij"), axis=-1)
        result = ((cells[..., None, :] + self.basis) @ self.vectors).reshape(-1, 3)
        result.setflags(write=False)
        return result

    def bonds(self, shell: int = 1) -> Bonds:
        """Return every pair of sites at the `shell`-th shortest distance of the infinite lattice, once.

        On a periodic axis a site is bonded to the nearest images too, so that with two cells a pair has two bonds; a
        site is never bonded to itself, and along an axis of one cell there are no bonds.
        """
        offsets = self.offsets(shell)
        parts = [self._bonds_by(*offset) for offset in offsets]
        return Bonds(*(np.concatenate([part[k] for part in parts]) for k in range(3)))

    def offsets(self, shell: int = 1) -> list[tuple[int, int, tuple[int, ...]]]:
        """Return (site a, site b, cells between them) of all bonds of one shell, each bond once."""
        _check.integer("shell", shell, 1)
        inverse = np.linalg.inv(self.vectors)
        height = 1.0 / np.linalg.norm(inverse, axis=0)[np.array(self.shape) > 1].min(initial=np.inf)
        count = len(self.basis)
        for reach in range(1, 64):
            found = []
            ranges = [range(-reach, reach + 1) if n > 1 else range(1) for n in self.shape]
            for cells, a, b in itertools.product(itertools.product(*ranges), range(count), range(count)):
                if (cells, b) > ((0, 0, 0), a):
                    step = (np.array(cells) + self.basis[b] - self.basis[a]) @ self.vectors
                    found.append((float(np.linalg.norm(step)), (a, b, cells)))
            found.sort()
            edges = [k for k in range(len(found)) if k == 0 or found[k][0] > found[k - 1][0] * (1.0 + _SAME)]
            edges.append(len(found))
            # Cells further away than `reach` are further than `reach` heights.
            if shell < len(edges) and (found[edges[shell] - 1][0] <= reach * height or max(self.shape) == 1):
                return [offset for _, offset in found[edges[shell - 1] : edges[shell]]]
            if max(self.shape) == 1:
                break
        raise ValueError(f"shell must be one of the lattice's, got {shell}")

    def _bonds_by(self, a: int, b: int, cells: tuple[int, ...]) -> Bonds:
        """Return the bonds from sites a to the sites b so many cells further."""
        index = np.arange(len(self)).reshape(*self.shape, len(self.basis))
        there = np.stack(np.meshgrid(*map(np.arange, self.shape), indexing="ij"), axis=-1) + cells
        inside = np.all(np.array(self.periodic) | ((there >= 0) & (there < self.shape)), axis=-1)
        wrapped = np.moveaxis(there % self.shape, -1, 0)
        i, j = index[..., a][inside], index[(*wrapped, b)][inside]
        step = (np.array(cells) + self.basis[b] - self.basis[a]) @ self.vectors
        i, j = i[i != j], j[i != j]
        return Bonds(i, j, np.tile(step, (len(i), 1)))


def _cell(spacing: Any, vectors: Any) -> np.ndarray:
    """Return the lattice vectors from either of two arguments."""
    if (spacing is None) == (vectors is None):
        raise ValueError("spacing or vectors must be given, and not both")
    if vectors is None:
        edges = _check.non_negatives("spacing", spacing, "m")
        if edges.shape not in ((), (3,)) or not np.all(edges):
            raise ValueError(f"spacing must be one or three positive numbers, got {_check.shown(spacing)}")
        cell = np.diag(np.broadcast_to(edges, 3))
    else:
        cell = _check.vectors("vectors", vectors, "m", least=3)
    if len(cell) != 3 or abs(np.linalg.det(cell)) <= 1e-9 * np.prod(np.linalg.norm(cell, axis=1)):
        raise ValueError(f"vectors must be three that span space, got {_check.shown(vectors)}")
    cell.setflags(write=False)
    return cell


def _basis(basis: Any) -> np.ndarray:
    sites = _check.vectors("basis", [[0.0, 0.0, 0.0]] if basis is None else basis)
    if sites.min() < 0.0 or sites.max() >= 1.0:
        raise ValueError(f"basis must lie between 0 and 1, 1 left out, got {_check.shown(basis)}")
    if len(np.unique(sites, axis=0)) < len(sites):
        raise ValueError(f"basis must hold different sites, got {_check.shown(basis)}")
    return sites


def _flags(periodic: Any) -> tuple[bool, bool, bool]:
    flags = np.asarray(periodic)
    if flags.dtype != np.bool_ or flags.shape not in ((), (3,)):
        raise ValueError(f"periodic must be a bool or three, got {_check.shown(periodic)}")
    x, y, z = np.broadcast_to(flags, 3).tolist()
    return x, y, z
