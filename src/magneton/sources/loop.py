"""The circular current loop."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton.kernels import field as codes
from magneton.sources.base import VectorPotential
from magneton.sources.body import CIRCLE, Body, Circuit
from magneton.sources.framed import Framed, turning_z_to
from magneton.summation.compiled import CompiledField, term

MANY_VALUED = "that of a circuit grows by I with each turn around the wire; use A or B"


@dataclass(frozen=True, eq=False)
class CircularLoop(Framed, VectorPotential):
    """A circular current loop, a thin filament.

    B, A and grad B are closed forms in complete elliptic integrals (see `magneton.kernels.loop`), right to 1e-13
    of the vector on the axis, at the centre, down to 1e-9 radii from the wire and 1e6 radii away.

    Parameters
    ----------
    radius : float, metre
        Positive.
    current : float, ampere
        Counter-clockwise about the loop's axis, its local +z.
    position : array_like, shape (3,), metre
        The centre.
    orientation : scipy Rotation, optional
        Takes the loop's frame to the global one; the axis is its local +z.

    Raises
    ------
    ValueError
        If the radius is not positive, or an argument has the wrong shape.

    Examples
    --------
    >>> from magneton import CircularLoop
    >>> coil = CircularLoop(radius=0.05, current=1.0)
    >>> [round(float(x), 9) for x in coil.moment]
    [0.0, 0.0, 0.007853982]
    >>> coil.B([0, 0, 0]).round(12).tolist()
    [0.0, 0.0, 1.2566371e-05]
    """

    radius: Any
    current: Any
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see Framed

    _missing: ClassVar = {"scalar_potential": MANY_VALUED}

    def __post_init__(self) -> None:
        object.__setattr__(self, "radius", _check.positive("radius", self.radius, "m"))
        object.__setattr__(self, "current", _check.number("current", self.current, "A"))
        self._set_frame()

    @classmethod
    def from_moment(cls, radius: Any, moment: Any, position: Any = (0.0, 0.0, 0.0)) -> Self:
        """Return the loop of this radius (m) that has this moment (A m^2, not zero) at this position (m)."""
        radius = _check.positive("radius", radius, "m")
        moment = _check.vector("moment", moment, "A m^2")
        size = float(np.linalg.norm(moment))
        if size == 0.0:
            raise ValueError("moment must not be zero, got [0, 0, 0]: its direction gives the loop's axis")
        return cls(radius, size / (math.pi * radius**2))._placed(position, turning_z_to(moment))

    @classmethod
    def from_axis(cls, radius: Any, current: Any, axis: Any, position: Any = (0.0, 0.0, 0.0)) -> Self:
        """Return the loop with this radius (m), current (A), axis (any length but zero) and position (m)."""
        axis = _check.vector("axis", axis)
        if not np.any(axis):
            raise ValueError("axis must not be zero, got [0, 0, 0]")
        return cls(radius, current)._placed(position, turning_z_to(axis))

    @property
    def vector_area(self) -> np.ndarray:
        """The vector area pi a^2 n, shape (3,), m^2."""
        return math.pi * self.radius**2 * self._matrix[:, 2]

    @property
    def moment(self) -> np.ndarray:
        """The moment I pi a^2 n, shape (3,), A m^2."""
        return self.current * self.vector_area

    def _compile(self) -> CompiledField:
        return term(codes.LOOP, self.position, self._matrix, self.radius, self.current)

    def _body(self) -> Body:
        params = np.concatenate([self.position, self._matrix.ravel(), [self.radius]])
        return Body(self.position, self.radius, circuits=(Circuit(CIRCLE, params, self.current),))
