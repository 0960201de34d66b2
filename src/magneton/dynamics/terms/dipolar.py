"""The field of moments at each other as point dipoles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from magneton import _check
from magneton.dynamics.terms.base import CoupledTerm, Moments
from magneton.dynamics.terms.lattice import Lattice, require_sites
from magneton.interactions._pairs import pair_fields, require_distinct
from magneton.summation.lattice_dipoles import LatticeConvolution

Method = Literal["auto", "direct", "fft"]
# Below so many moments all pairs are summed faster than transforms are made.
_FEW = 250


@dataclass(frozen=True, eq=False)
class Dipolar:
    """The dipole field of all moments at each other, E = -1/2 sum m_i.B_i: every pair once, none with itself.

    Parameters
    ----------
    lattice : Lattice, optional
        Where the moments are, in the order of its sites; without it, at the positions of the moments. If these are
        given too, they must be the lattice's, up to a shift of all.
    method : {"auto", "direct", "fft"}
        All pairs, in time as n^2, or Fourier transforms on a lattice, as n log n; both exact to rounding. "auto"
        takes the faster one, which for a periodic lattice is always "fft".

    Raises
    ------
    ValueError
        If a method does not fit, two moments are at one place, a lattice has just one periodic axis, or the
        moments are elsewhere than its sites.

    Notes
    -----
    B_i = mu_0/(4 pi) sum_j [3 (m_j.r) r/r^5 - m_j/r^3], [Jackson1999]_ 5.56: points, not
    uniformly magnetized cells.

    Two periodic axes make a film that repeats without end, three a bulk; then a moment also feels its own images, and
    the sums are Ewald's. In the bulk they depend on the shape of the outside: here there is no demagnetizing field,
    as in a ring or a needle. For a sphere add -mu_0 M/3 with M = sum m/volume.

    Examples
    --------
    >>> from magneton.dynamics import Dipolar, Lattice
    >>> film = Dipolar(Lattice((64, 64, 1), 5e-10, periodic=(True, True, False)))
    """

    lattice: Lattice | None = None
    method: Method = "auto"

    def __post_init__(self) -> None:
        if self.lattice is not None and not isinstance(self.lattice, Lattice):
            raise ValueError(f"lattice must be a Lattice or None, got {_check.shown(self.lattice)}")
        if self.method not in get_args(Method):
            raise ValueError(f"method must be one of {get_args(Method)}, got {_check.shown(self.method)}")
        periodic = sum(self.lattice.periodic) if self.lattice is not None else 0
        if periodic == 1:
            raise ValueError("lattice must be periodic along no axis, two or three, got one")
        if self.method == "fft" and self.lattice is None:
            raise ValueError("lattice must be given for the method 'fft'")
        if self.method == "direct" and periodic:
            raise ValueError("method must be 'fft' for a periodic lattice, got 'direct'")

    def compiled(self, moments: Moments) -> CoupledTerm:
        """Return the term for these moments."""
        lattice = self.lattice
        if lattice is None:
            if moments.positions is None:
                raise ValueError("positions must be given for Dipolar without a lattice")
            require_distinct(moments.positions)
            return DirectDipoles(moments.magnitude, moments.positions)
        require_sites(lattice, moments)
        if self.method == "direct" or (self.method == "auto" and self._is_small(lattice)):
            return DirectDipoles(moments.magnitude, lattice.positions)
        convolution = LatticeConvolution(lattice.shape, lattice.vectors, lattice.basis, lattice.periodic)
        return LatticeDipoles(moments.magnitude, convolution)

    def _is_small(self, lattice: Lattice) -> bool:
        return len(lattice) < _FEW and not any(lattice.periodic)


def _energy(moments: np.ndarray, B: np.ndarray) -> float:
    return -0.5 * float(np.sum(moments * B))


@dataclass(frozen=True, eq=False)
class DirectDipoles:
    """All pairs."""

    magnitude: np.ndarray
    positions: np.ndarray
    quadratic = True

    def _moments_and_fields(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        moments = self.magnitude[:, None] * u
        return moments, pair_fields(moments, self.positions)

    def add_field(self, u: np.ndarray, out: np.ndarray) -> None:
        """Add the field in T to `out`."""
        out += self._moments_and_fields(u)[1]

    def energy(self, u: np.ndarray) -> float:
        """Return the energy in J."""
        return _energy(*self._moments_and_fields(u))


@dataclass(frozen=True, eq=False)
class LatticeDipoles:
    """Moments on a lattice, by Fourier transforms."""

    magnitude: np.ndarray
    convolution: LatticeConvolution
    quadratic = True

    def _moments_and_fields(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        moments = self.magnitude[:, None] * u
        return moments, self.convolution.fields(moments)

    def add_field(self, u: np.ndarray, out: np.ndarray) -> None:
        """Add the field in T to `out`."""
        out += self._moments_and_fields(u)[1]

    def energy(self, u: np.ndarray) -> float:
        """Return the energy in J."""
        return _energy(*self._moments_and_fields(u))
