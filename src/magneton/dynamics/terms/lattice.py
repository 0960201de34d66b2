"""Lattices: where their sites are, and which are neighbours."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from magneton import _check
from magneton.dynamics.terms.base import Moments

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
        set_ = functools.partial(object.__setattr__, self)
        set_("shape", _cells(self.shape))
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
        if len(self) == 1:
            raise ValueError("lattice must have two sites or more for bonds, got one")
        repeats = np.array(self.shape) > 1
        # A site within the distance r lies in a cell that is not further than 1 + r |column| along an axis.
        columns = np.where(repeats, np.linalg.norm(np.linalg.inv(self.vectors), axis=0), 0.0)
        radius = 1.0 / columns.max() if repeats.any() else np.inf
        while True:
            reach = np.where(repeats, np.floor(1.0 + radius * columns), 0.0) if repeats.any() else np.zeros(3)
            found = self._offsets_within(radius, reach.astype(np.int64))
            lengths = [length for length, _ in found]
            edges = [k for k in range(len(found)) if k == 0 or lengths[k] > lengths[k - 1] * (1.0 + _SAME)]
            edges.append(len(found))
            if shell < len(edges):
                return [offset for _, offset in found[edges[shell - 1] : edges[shell]]]
            if not repeats.any():
                raise ValueError(f"shell must be one of the {len(edges) - 1} of the cell, got {shell}")
            radius *= 1.5

    def _offsets_within(
        self, radius: float, reach: np.ndarray
    ) -> list[tuple[float, tuple[int, int, tuple[int, ...]]]]:
        """Return lengths and bonds up to a length, sorted, each bond once, within so many cells along each axis."""
        count, (x, y, z) = len(self.basis), reach.tolist()
        cells = np.stack(np.meshgrid(*(np.arange(-n, n + 1) for n in (x, y, z)), indexing="ij"), axis=-1)
        cells = cells.reshape(-1, 3)
        # Half of all cells, and the one in the middle: the other half has the same bonds from their other ends.
        cells = cells[len(cells) // 2 :]
        found = []
        for a, b in itertools.product(range(count), range(count)):
            steps = (cells + self.basis[b] - self.basis[a]) @ self.vectors
            lengths = np.linalg.norm(steps, axis=1)
            first = 0 if b > a else 1
            near = first + np.flatnonzero(lengths[first:] <= radius * (1.0 + _SAME))
            found += [(float(lengths[k]), (a, b, tuple(cells[k].tolist()))) for k in near]
        return sorted(found)

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


def require_sites(lattice: Lattice, moments: Moments) -> None:
    """Require that moments are on the sites of a lattice, wherever it lies."""
    if len(moments) != len(lattice):
        raise ValueError(
            f"lattice must have one site a moment, got {len(lattice)} for {len(moments)} moments"
        )
    if moments.positions is None:
        return
    away = moments.positions - lattice.positions
    apart = np.linalg.norm(away - away[0], axis=1)
    worst = int(np.argmax(apart))
    # Positions may have been rounded, in a file or far from the origin.
    if apart[worst] > 1e-6 * np.linalg.norm(lattice.vectors, axis=1).min():
        raise ValueError(
            "positions must be those of the lattice's sites, up to a shift of all, "
            f"got moment {worst} {apart[worst]:.3g} m away from its site"
        )


def _cells(shape: Any) -> tuple[int, int, int]:
    """Return the numbers of cells."""
    if not isinstance(shape, list | tuple | np.ndarray) or len(shape) != 3:
        raise ValueError(f"shape must be three numbers of cells, got {_check.shown(shape)}")
    x, y, z = (_check.integer("shape", n, 1) for n in shape)
    return x, y, z


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
    flags = [periodic] if isinstance(periodic, bool | np.bool_) else periodic
    one_or_three = isinstance(flags, list | tuple | np.ndarray) and len(flags) in (1, 3)
    if not one_or_three or not all(isinstance(flag, bool | np.bool_) for flag in flags):
        raise ValueError(f"periodic must be a bool or three, got {_check.shown(periodic)}")
    x, y, z = (bool(flags[k % len(flags)]) for k in range(3))
    return x, y, z
