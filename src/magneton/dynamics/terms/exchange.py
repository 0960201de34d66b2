"""Moments coupled to their neighbours: exchange, and the Dzyaloshinskii-Moriya interaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.dynamics.terms._couplings import ListCoupling, MatrixCoupling, NeighbourTable, StencilCoupling
from magneton.dynamics.terms.base import CoupledTerm, Moments
from magneton.dynamics.terms.lattice import Bonds, Lattice, require_sites

_AXES: dict[tuple[int, ...], int] = {(1, 0, 0): 0, (0, 1, 0): 1, (0, 0, 1): 2}


def _pairs(lattice: Any, pairs: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the pairs given by hand, checked, or None if there is a lattice instead."""
    if (lattice is None) == (pairs is None):
        raise ValueError("lattice or pairs must be given, and not both")
    if pairs is None:
        if not isinstance(lattice, Lattice):
            raise ValueError(f"lattice must be a Lattice, got {_check.shown(lattice)}")
        return None
    if not isinstance(pairs, list | tuple | np.ndarray) or len(pairs) != 2:
        raise ValueError(f"pairs must be two lists of indices, got {_check.shown(pairs)}")
    if not isinstance(pairs, tuple) and all(np.shape(part) == (2,) for part in pairs):
        raise ValueError(
            "pairs must be a tuple of two lists, (i, j), since two pairs as rows look alike, "
            f"got {_check.shown(pairs)}"
        )
    i, j = (_check.whole_numbers("pairs", part, "two lists of indices") for part in pairs)
    if i.ndim != 1 or i.shape != j.shape or not len(i):
        raise ValueError(f"pairs must be two lists of one length, got shapes {i.shape} and {j.shape}")
    if min(i.min(), j.min()) < 0:
        raise ValueError(f"pairs must not be negative, got {min(i.min(), j.min())}")
    if np.any(i == j):
        raise ValueError(f"pairs must join two moments, got {i[i == j][0]} with itself")
    _require_once(i, j)
    return i, j


def _require_once(i: np.ndarray, j: np.ndarray) -> None:
    """Require that no pair comes twice, in either order: its energy would count twice."""
    different, counts = np.unique(np.sort(np.stack([i, j], axis=1), axis=1), axis=0, return_counts=True)
    if counts.max() > 1:
        a, b = different[np.argmax(counts)]
        raise ValueError(f"pairs must hold each pair once, got {a} and {b} {counts.max()} times")


def _require_moments(moments: Moments, lattice: Lattice | None, pairs: Any) -> None:
    if lattice is not None:
        require_sites(lattice, moments)
    if pairs is not None and max(p.max() for p in pairs) >= len(moments):
        largest = max(p.max() for p in pairs)
        raise ValueError(f"pairs must be below the number of moments, {len(moments)}, got {largest}")


@dataclass(frozen=True, eq=False)
class Exchange:
    """Exchange between neighbours, E = -J sum over bonds u_i.u_j: every bond counts once, and J > 0 aligns.

    Parameters
    ----------
    J : float or array_like, J
        With a lattice: one number for nearest neighbours, several for the first shells of neighbours in turn, or a
        matrix, shape (3, 3), for nearest neighbours. With pairs: one number, or one a pair, shape (p,), or a matrix a
        pair, shape (p, 3, 3), for E = -sum u_i.J.u_j with i the pair's first.
    lattice : Lattice, optional
        Where the moments are, in the order of its sites. Give this or `pairs`.
    pairs : (i, j), optional
        Indices of the moments that are coupled, two lists of one length in a tuple; each pair once, in either
        order.

    Raises
    ------
    ValueError
        If shapes do not fit, indices are not those of moments, a pair comes twice, or moments have positions that
        are not those of the lattice, up to a shift of all.

    Notes
    -----
    u = m/|m|, and B_eff = sum_j J u_j/|m_i|. Books that sum over i and j, and so count every bond twice, have half
    this J. With J per bond, mean field gives k_B T_C = z J/3 for z neighbours; see [Coey2010]_ 5.2.

    Examples
    --------
    >>> from magneton.dynamics import Exchange, Lattice
    >>> chain = Exchange(2e-21, Lattice((3, 1, 1), 2.5e-10))
    >>> pair = Exchange([2e-21], pairs=([0], [1]))
    """

    J: Any
    lattice: Lattice | None = None
    pairs: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", _pairs(self.lattice, self.pairs))
        J = _check.numbers("J", self.J, "J")
        p = None if self.pairs is None else len(self.pairs[0])
        fits = J.ndim < 2 or J.shape == (3, 3) if p is None else J.shape in ((), (p,), (p, 3, 3))
        if not fits or not J.size:
            wanted = (
                "a number, one a shell, or a matrix (3, 3)"
                if p is None
                else f"a number, or of shape ({p},) or ({p}, 3, 3)"
            )
            raise ValueError(f"J must be {wanted}, got shape {J.shape}")
        object.__setattr__(self, "J", J)

    def bonds(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return i, j and J of all bonds, each once: shapes (p,), (p,), and (p,) or (p, 3, 3)."""
        if self.pairs is not None:
            i, j = self.pairs
            return i, j, np.broadcast_to(self.J, (len(i),)) if self.J.ndim < 2 else self.J
        assert self.lattice is not None
        if self.J.ndim == 2:
            i, j, _ = self.lattice.bonds()
            return i, j, np.broadcast_to(self.J, (len(i), 3, 3))
        values = np.atleast_1d(self.J)
        shells = [self.lattice.bonds(shell + 1) for shell in range(len(values))]
        i, j = (np.concatenate([bonds[k] for bonds in shells]) for k in range(2))
        return i, j, np.repeat(values, [len(bonds.i) for bonds in shells])

    def compiled(self, moments: Moments) -> CoupledTerm:
        """Return the term for these moments."""
        _require_moments(moments, self.lattice, self.pairs)
        stencil = self._stencil(moments)
        if stencil is not None:
            return stencil
        i, j, J = self.bonds()
        table = NeighbourTable.of(len(moments), i, j)
        if J.ndim > 1:
            return MatrixCoupling.of(table, J, moments.magnitude)
        return ListCoupling(table, np.ascontiguousarray(J[table.bonds]), moments.magnitude)

    def _stencil(self, moments: Moments) -> StencilCoupling | None:
        """Return the faster form, where one number couples the next along the axes of a lattice of one site a cell."""
        lattice = self.lattice
        if lattice is None or self.J.size != 1 or len(lattice.basis) > 1 or max(lattice.shape) == 1:
            return None
        J = np.zeros(3)
        for _, _, cells in lattice.offsets():
            if cells not in _AXES:
                return None
            J[_AXES[cells]] = self.J.item()
        return StencilCoupling(lattice.shape, J, np.array(lattice.periodic), moments.magnitude)


@dataclass(frozen=True, eq=False)
class DzyaloshinskiiMoriya:
    """The antisymmetric exchange, E = sum over bonds D_ij.(u_i x u_j): every bond counts once, and D_ji = -D_ij.

    Parameters
    ----------
    D : float or array_like, J
        With a lattice: one number, the strength of D_ij along the unit vector r_ij from i to j (as in crystals
        without inversion) or, if `normal` is given, along normal x r_ij (as at an interface). With pairs: the
        vectors D_ij, shape (p, 3), with i the pair's first, or one for all, shape (3,).
    lattice : Lattice, optional
        Where the moments are; nearest neighbours are coupled. Give this or `pairs`.
    pairs : (i, j), optional
        Indices of the moments that are coupled, two lists of one length in a tuple; each pair once, in either
        order.
    normal : array_like, shape (3,), optional
        Normal of the interface; its length does not matter.

    Raises
    ------
    ValueError
        If shapes do not fit, indices are not those of moments, a pair comes twice, or moments have positions that
        are not those of the lattice, up to a shift of all.

    Notes
    -----
    [Dzyaloshinsky1958]_, [Moriya1960]_. A chain with D along it turns in a helix by atan(D/J) a bond; the sense follows
    the sign of D: with D > 0 u_i x u_j points against D_ij.

    Examples
    --------
    >>> from magneton.dynamics import DzyaloshinskiiMoriya, Lattice
    >>> helix = DzyaloshinskiiMoriya(1e-21, Lattice((20, 1, 1), 4e-10))
    >>> skyrmions = DzyaloshinskiiMoriya(1e-21, Lattice((20, 20, 1), 4e-10), normal=[0, 0, 1])
    """

    D: Any
    lattice: Lattice | None = None
    pairs: Any = None
    normal: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", _pairs(self.lattice, self.pairs))
        D = _check.numbers("D", self.D, "J")
        shapes = [()] if self.pairs is None else [(3,), (len(self.pairs[0]), 3)]
        if D.shape not in shapes:
            wanted = "a number" if self.pairs is None else f"vectors of shape (3,) or {shapes[1]}"
            raise ValueError(f"D must be {wanted}, got shape {D.shape}")
        object.__setattr__(self, "D", D)
        if self.normal is not None:
            if self.pairs is not None:
                raise ValueError("normal must be None with pairs, whose D are vectors")
            normal = _check.vector("normal", self.normal)
            if not np.any(normal):
                raise ValueError("normal must not be zero")
            object.__setattr__(self, "normal", normal / np.linalg.norm(normal))

    def bonds(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return i, j and D_ij of all bonds, each once: shapes (p,), (p,), (p, 3)."""
        if self.pairs is not None:
            i, j = self.pairs
            return i, j, np.broadcast_to(self.D, (len(i), 3))
        assert self.lattice is not None
        found: Bonds = self.lattice.bonds()
        along = found.vectors / np.linalg.norm(found.vectors, axis=1, keepdims=True)
        return found.i, found.j, self.D * (along if self.normal is None else np.cross(self.normal, along))

    def compiled(self, moments: Moments) -> MatrixCoupling:
        """Return the term for these moments."""
        _require_moments(moments, self.lattice, self.pairs)
        i, j, D = self.bonds()
        # D.(u_i x u_j) = -u_i.(D x u_j): the matrix of "D x".
        K = np.zeros((len(D), 3, 3))
        K[:, 1, 0] = D[:, 2]
        K[:, 2, 1] = D[:, 0]
        K[:, 0, 2] = D[:, 1]
        return MatrixCoupling.of(
            NeighbourTable.of(len(moments), i, j), K - K.transpose(0, 2, 1), moments.magnitude
        )
