"""Point sources: dipoles, poles, a pair of poles, and a uniform field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton.kernels import field as codes
from magneton.sources.base import ScalarPotential, VectorPotential, turned
from magneton.sources.body import Body
from magneton.summation.compiled import CompiledField, table, term

_ORIGIN = (0.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Dipole(VectorPotential, ScalarPotential):
    """A point dipole.

    B = mu_0/(4 pi) [3 r (m.r)/r^5 - m/r^3] [Jackson1999]_ eq. 5.56; nan at its position.

    Parameters
    ----------
    moment : array_like, shape (3,), A m^2
        The magnetic moment m.
    position : array_like, shape (3,), metre
        Where it is.

    Raises
    ------
    ValueError
        If an argument is not a finite vector of three numbers.

    Examples
    --------
    >>> from magneton import Dipole
    >>> float(Dipole(moment=[0, 0, 1]).B([0, 0, 0.1])[2])  # doctest: +ELLIPSIS
    0.00019999999997...
    """

    moment: Any
    position: Any = _ORIGIN

    def __post_init__(self) -> None:
        object.__setattr__(self, "moment", _check.vector("moment", self.moment, "A m^2"))
        object.__setattr__(self, "position", _check.vector("position", self.position, "m"))

    def _compile(self) -> CompiledField:
        return term(codes.DIPOLE, self.position, self.moment)

    def _body(self) -> Body:
        return Body(self.position, moments=self.moment[None], moment_positions=self.position[None])

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        return type(self)(turned(matrix, self.moment), turned(matrix, self.position) + shift)


@dataclass(frozen=True, eq=False)
class Dipoles(VectorPotential, ScalarPotential):
    """Many point dipoles as one source; the sum over all of them is one threaded loop.

    Parameters
    ----------
    moments : array_like, shape (n, 3), A m^2
        The moments.
    positions : array_like, shape (n, 3), metre
        Where they are.

    Raises
    ------
    ValueError
        If the two do not have the same shape (n, 3) with n >= 1.
    """

    moments: Any
    positions: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "moments", _check.vectors("moments", self.moments, "A m^2"))
        object.__setattr__(self, "positions", _check.vectors("positions", self.positions, "m"))
        _check.same_length("moments", self.moments, "positions", self.positions)

    @property
    def moment(self) -> np.ndarray:
        """The total moment, shape (3,), A m^2."""
        return self.moments.sum(axis=0)

    @property
    def position(self) -> np.ndarray:
        """The mean position, shape (3,), m."""
        return self.positions.mean(axis=0)

    def _compile(self) -> CompiledField:
        return table(codes.DIPOLE, np.hstack([self.positions, self.moments]))

    def _body(self) -> Body:
        centre = self.position
        extent = float(np.linalg.norm(self.positions - centre, axis=1).max())
        return Body(centre, extent, moments=self.moments, moment_positions=self.positions)

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        return type(self)(turned(matrix, self.moments), turned(matrix, self.positions) + shift)


@dataclass(frozen=True, eq=False)
class Pole(ScalarPotential):
    """A point pole: the building block of pole pictures, not a thing found alone.

    H = p r/(4 pi r^3), B = mu_0 H. Two make a `PolePair`, four a quadrupole (`Collection`).

    Parameters
    ----------
    pole_strength : float, A m
        Positive for a north pole.
    position : array_like, shape (3,), metre
        Where it is.
    """

    pole_strength: Any
    position: Any = _ORIGIN

    _missing: ClassVar = {
        "moment": "its first moment depends on the centre chosen; pair poles of opposite strength (PolePair)",
        "A": "the flux of a pole has a source, so that no vector potential has it as its curl",
    }

    def __post_init__(self) -> None:
        object.__setattr__(self, "pole_strength", _check.number("pole_strength", self.pole_strength, "A m"))
        object.__setattr__(self, "position", _check.vector("position", self.position, "m"))

    def _compile(self) -> CompiledField:
        return term(codes.POLE, self.position, self.pole_strength)

    def _body(self) -> Body:
        return Body(self.position, poles=np.array([self.pole_strength]), pole_positions=self.position[None])

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        return type(self)(self.pole_strength, turned(matrix, self.position) + shift)


@dataclass(frozen=True, eq=False)
class PolePair(ScalarPotential):
    """Two poles of opposite strength (Gilbert's model of a magnet), m = p l.

    Parameters
    ----------
    pole_strength : float, A m
        p, that of the north pole.
    separation : array_like, shape (3,), metre
        The vector l from south to north pole, not zero.
    position : array_like, shape (3,), metre
        The point midway between the poles.
    """

    pole_strength: Any
    separation: Any
    position: Any = _ORIGIN

    _missing: ClassVar = {
        "A": "the pole picture gives H and its scalar potential; for A use a current model of the moment"
    }

    def __post_init__(self) -> None:
        object.__setattr__(self, "pole_strength", _check.number("pole_strength", self.pole_strength, "A m"))
        object.__setattr__(self, "separation", _check.vector("separation", self.separation, "m"))
        object.__setattr__(self, "position", _check.vector("position", self.position, "m"))
        if not np.any(self.separation):
            raise ValueError("separation must not be zero, got [0, 0, 0]: use a Dipole for a point")

    @property
    def moment(self) -> np.ndarray:
        """The moment m = p l, shape (3,), A m^2."""
        return self.pole_strength * self.separation

    def _compile(self) -> CompiledField:
        return term(codes.POLE_PAIR, self.position, self.pole_strength, self.separation)

    def _body(self) -> Body:
        south, north = self.position - 0.5 * self.separation, self.position + 0.5 * self.separation
        return Body(
            self.position,
            0.5 * float(np.linalg.norm(self.separation)),
            poles=self.pole_strength * np.array([1.0, -1.0]),
            pole_positions=np.array([north, south]),
            needles=((self.pole_strength, south, north),),
        )

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        return type(self)(
            self.pole_strength, turned(matrix, self.separation), turned(matrix, self.position) + shift
        )


@dataclass(frozen=True, eq=False)
class UniformField(VectorPotential, ScalarPotential):
    """A uniform field, such as the Earth's in a laboratory.

    Parameters
    ----------
    B0 : array_like, shape (3,), tesla
        The flux density everywhere.
    position : array_like, shape (3,), metre
        Where the potentials are zero: A = B x (r - r0)/2, psi = -H.(r - r0).
    """

    B0: Any
    position: Any = _ORIGIN

    _missing: ClassVar = {"moment": "its sources are at infinity"}

    def __post_init__(self) -> None:
        object.__setattr__(self, "B0", _check.vector("B0", self.B0, "T"))
        object.__setattr__(self, "position", _check.vector("position", self.position, "m"))

    def _compile(self) -> CompiledField:
        return term(codes.UNIFORM, self.B0, self.position)

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        return type(self)(turned(matrix, self.B0), turned(matrix, self.position) + shift)
