"""The circular current loop."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton.kernels import field as codes
from magneton.sources.base import VectorPotential, turned
from magneton.sources.body import CIRCLE, Body, Circuit
from magneton.summation.compiled import CompiledField, term

MANY_VALUED = "that of a circuit grows by I with each turn around the wire; use A or B"


def turning_z_to(direction: np.ndarray) -> np.ndarray:
    """Return the matrix of the shortest rotation that takes +z to `direction` (not zero)."""
    x, y, z = (direction / np.linalg.norm(direction)).tolist()
    transverse2 = x * x + y * y
    if transverse2 == 0.0:
        return np.diag([1.0, 1.0, 1.0] if z > 0 else [1.0, -1.0, -1.0])
    h = 1.0 / (1.0 + z) if z > 0 else (1.0 - z) / transverse2  # the same, without cancellation near -z
    return np.array([[1.0 - h * x * x, -h * x * y, x], [-h * x * y, 1.0 - h * y * y, y], [-x, -y, z]])


@dataclass(frozen=True, eq=False)
class CircularLoop(VectorPotential):
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
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see __getattr__

    _matrix: ClassVar[np.ndarray]  # of each instance, in fact: the frame, set in __post_init__
    _missing: ClassVar = {"scalar_potential": MANY_VALUED}

    def __post_init__(self) -> None:
        object.__setattr__(self, "radius", _check.positive("radius", self.radius, "m"))
        object.__setattr__(self, "current", _check.number("current", self.current, "A"))
        object.__setattr__(self, "position", _check.vector("position", self.position, "m"))
        if self.orientation is None:
            object.__delattr__(self, "orientation")
            object.__setattr__(self, "_matrix", np.eye(3))
        else:
            object.__setattr__(self, "_matrix", _check.rotation_matrix("orientation", self.orientation))

    def __getattr__(self, name: str) -> Any:
        if name != "orientation":
            return super().__getattr__(name)
        # Made from the matrix when asked for: few ask, and scipy.spatial takes long to import.
        from scipy.spatial.transform import Rotation

        object.__setattr__(self, "orientation", Rotation.from_matrix(self._matrix))
        return self.orientation

    @classmethod
    def _framed(cls, radius: Any, current: Any, position: Any, matrix: np.ndarray) -> Self:
        """Return the loop whose frame is this matrix."""
        loop = cls(radius, current, position)
        object.__setattr__(loop, "_matrix", matrix)
        return loop

    @classmethod
    def from_moment(cls, radius: Any, moment: Any, position: Any = (0.0, 0.0, 0.0)) -> Self:
        """Return the loop of this radius (m) that has this moment (A m^2, not zero) at this position (m)."""
        radius = _check.positive("radius", radius, "m")
        moment = _check.vector("moment", moment, "A m^2")
        size = float(np.linalg.norm(moment))
        if size == 0.0:
            raise ValueError("moment must not be zero, got [0, 0, 0]: its direction gives the loop's axis")
        return cls._framed(radius, size / (math.pi * radius**2), position, turning_z_to(moment))

    @classmethod
    def from_axis(cls, radius: Any, current: Any, axis: Any, position: Any = (0.0, 0.0, 0.0)) -> Self:
        """Return the loop with this radius (m), current (A), axis (any length but zero) and position (m)."""
        axis = _check.vector("axis", axis)
        if not np.any(axis):
            raise ValueError("axis must not be zero, got [0, 0, 0]")
        return cls._framed(radius, current, position, turning_z_to(axis))

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

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        position = turned(matrix, self.position) + shift
        return type(self)._framed(self.radius, self.current, position, matrix @ self._matrix)
