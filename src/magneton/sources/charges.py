"""Moving point charges: their moment, their angular momentum and their field at an instant."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton.constants import c
from magneton.kernels import field as codes
from magneton.kernels.charges import charge_field
from magneton.sources.base import NotDefined, VectorPotential, turned
from magneton.sources.body import Body
from magneton.summation.compiled import CompiledField, table

#: A net current below this many roundings of its terms counts as zero.
_ROUNDINGS = 8


def _numbers(name: str, value: Any, unit: str, count: int) -> np.ndarray:
    """Return one number for each charge, shape (n,); a single number stands for all."""
    array = _check.real_array(name, value, unit, "a number or an array of shape (n,)")
    if array.shape not in ((), (count,)):
        raise ValueError(f"{name} must have shape ({count},), one for each position, got {array.shape}")
    array = np.array(np.broadcast_to(array, (count,)))
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class MovingCharges(VectorPotential):
    """Slow point charges at an instant.

    The moment is m = 1/2 sum q r x v ([Jackson1999]_ eq. 5.54) with r from `centre`. It depends on the centre where
    the net current I = sum q v is not zero, m(c + d) = m(c) - 1/2 d x I, and then a warning says so, unless `centre`
    was given.

    The field is that of Biot and Savart for each charge, B = mu_0/(4 pi) q v x R/R^3: quasi-static, without
    retardation, to first order in v/c. A is the one of the Coulomb gauge, mu_0/(8 pi) q [v + (v.R) R/R^2]/R
    ([Darwin1920]_). Outside the charges curl B is not zero: it is mu_0 epsilon_0 dE/dt, the displacement current of
    the charges' Coulomb fields. At a charge the field is nan.

    Parameters
    ----------
    charges : array_like, shape (n,) or a number, coulomb
        The charges q.
    positions : array_like, shape (n, 3), metre
        Where they are.
    velocities : array_like, shape (n, 3), m/s
        Below the speed of light; the formulas want them far below.
    masses : array_like, shape (n,) or a number, kilogram, optional
        Positive; needed for the angular momentum and the gyromagnetic ratio.
    centre : array_like, shape (3,), metre, optional
        Where moment and angular momentum are taken about: by default the centre of mass, or without masses the mean
        position.

    Raises
    ------
    ValueError
        If the arguments do not pair up, a mass is not positive, or a velocity reaches that of light.

    Examples
    --------
    >>> from magneton.sources.charges import MovingCharges
    >>> pair = MovingCharges(2.0, [[1, 0, 0], [-1, 0, 0]], [[0, 3, 0], [0, -3, 0]], masses=4.0)
    >>> pair.moment.tolist(), pair.angular_momentum.tolist(), pair.gyromagnetic_ratio
    ([0.0, 0.0, 6.0], [0.0, 0.0, 24.0], 0.25)
    """

    charges: Any
    positions: Any
    velocities: Any
    masses: Any = None
    centre: Any = None

    _missing: ClassVar = {
        "scalar_potential": "curl H is not zero beside moving charges (displacement current); use A or B"
    }

    def __post_init__(self) -> None:
        positions = _check.vectors("positions", self.positions, "m")
        velocities = _check.vectors("velocities", self.velocities, "m/s")
        _check.same_length("positions", positions, "velocities", velocities)
        fastest = float(np.linalg.norm(velocities, axis=1).max())
        if fastest >= c:
            raise ValueError(f"velocities must be below the speed of light, got {fastest:g} m/s")
        object.__setattr__(self, "positions", positions)
        object.__setattr__(self, "velocities", velocities)
        object.__setattr__(self, "charges", _numbers("charges", self.charges, "C", len(positions)))
        if self.masses is not None:
            masses = _numbers("masses", self.masses, "kg", len(positions))
            if not np.all(masses > 0.0):
                raise ValueError(f"masses must be positive, got {masses.min():g}")
            object.__setattr__(self, "masses", masses)
        object.__setattr__(self, "_centre_named", self.centre is not None)
        centre = self._default_centre() if self.centre is None else self.centre
        object.__setattr__(self, "centre", _check.vector("centre", centre, "m"))

    def _default_centre(self) -> np.ndarray:
        weights = np.ones(len(self.positions)) if self.masses is None else self.masses
        first = self.positions[0]
        return first + weights @ (self.positions - first) / weights.sum()

    @property
    def position(self) -> np.ndarray:
        """The centre, shape (3,), m."""
        return self.centre

    @property
    def net_current(self) -> np.ndarray:
        """The sum of q v, shape (3,), A m: where it is not zero, the moment depends on the centre."""
        return self.charges @ self.velocities

    def moment_about(self, centre: Any) -> np.ndarray:
        """Return 1/2 sum q (r - centre) x v about a point (m), shape (3,), A m^2; no warning, since it is named."""
        arms = self.positions - _check.vector("centre", centre, "m")
        return 0.5 * (self.charges @ np.cross(arms, self.velocities))

    @property
    def moment(self) -> np.ndarray:
        """The moment 1/2 sum q r x v about the centre, shape (3,), A m^2; warns if that matters and was not named."""
        terms = np.abs(self.charges) @ np.abs(self.velocities)
        rounding = _ROUNDINGS * len(self.charges) * np.finfo(float).eps * terms
        if not self._centre_named and np.any(np.abs(self.net_current) > rounding):
            warnings.warn(
                "the moment of MovingCharges depends on the centre, since sum q v is not zero: "
                "moving the centre by d changes it by -1/2 d x sum q v",
                stacklevel=2,
            )
        return self.moment_about(self.centre)

    def _required_masses(self, name: str) -> np.ndarray:
        if self.masses is None:
            raise NotDefined(f"MovingCharges has no {name}: masses were not given")
        return self.masses

    @property
    def angular_momentum(self) -> np.ndarray:
        """The angular momentum sum M r x v about the centre, shape (3,), J s; needs masses."""
        masses = self._required_masses("angular_momentum")
        return masses @ np.cross(self.positions - self.centre, self.velocities)

    @property
    def gyromagnetic_ratio(self) -> float:
        """The ratio m.L/L^2 in 1/(s T); q/(2 M) where all charges have the same ratio; needs masses."""
        self._required_masses("gyromagnetic_ratio")
        momentum = self.angular_momentum
        size = float(np.linalg.norm(momentum))
        if size == 0.0:
            raise NotDefined("MovingCharges has no gyromagnetic_ratio: its angular momentum is zero")
        return float(self.moment @ (momentum / size)) / size

    def _compile(self) -> CompiledField:
        # A body for each charge, at its own place: so the distance from it is rounded once.
        count = len(self.charges)
        rows = np.zeros((count, codes.BODY_PARAMS + 3))
        rows[:, :3], rows[:, 3:12] = self.positions, np.eye(3).ravel()
        rows[:, codes.BODY_PARAMS - 1] = float(charge_field.address)
        rows[:, codes.BODY_PARAMS :] = self.charges[:, None] * self.velocities
        return table(codes.BODY, rows)

    def _body(self) -> Body:
        extent = float(np.max(np.linalg.norm(self.positions - self.centre, axis=1)))
        elements = self.charges[:, None] * self.velocities
        return Body(self.centre, extent, closed=False, charges=elements, charge_positions=self.positions)

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        positions = turned(matrix, self.positions) + shift
        centre = turned(matrix, self.centre) + shift
        return type(self)(self.charges, positions, turned(matrix, self.velocities), self.masses, centre)
