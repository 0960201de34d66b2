"""The thin solenoid."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton._jit import FieldFunction
from magneton.kernels.cylinder import solenoid_field
from magneton.sources.base import VectorPotential
from magneton.sources.body import Body
from magneton.sources.framed import FramedBody
from magneton.sources.loop import MANY_VALUED
from magneton.sources.patches import Patches, half_axes, of_magnet


@dataclass(frozen=True, eq=False)
class Solenoid(FramedBody, VectorPotential):
    """A thin solenoid of closely wound turns: a cylindrical current sheet.

    The current runs around the axis with N I/L of it per length; its small part along the axis, that of the pitch,
    is left out. B, A and grad B are closed forms in complete elliptic integrals ([CallaghanMaslen1960]_,
    [DerbyOlbert2010]_) or sums that converge to rounding where those cancel (see `magneton.kernels.sheet`), right to
    1e-13 of the vector from short coils to long ones, next to the sheet and its ends, and far away. On the sheet B
    and grad B are nan.

    Parameters
    ----------
    radius : float, metre
        Positive.
    length : float, metre
        Along the axis, positive.
    turns : float
        The number of turns N, positive.
    current : float, ampere
        In each turn; counter-clockwise about the axis, the local +z.
    position : array_like, shape (3,), metre
        The centre.
    orientation : scipy Rotation, optional
        Takes the solenoid's frame to the global one; the axis is its local +z.

    Raises
    ------
    ValueError
        If radius, length or turns are not positive, or an argument has the wrong shape.

    Examples
    --------
    >>> from magneton import Solenoid
    >>> coil = Solenoid(radius=0.01, length=1.0, turns=1000, current=2.0)
    >>> coil.B([0, 0, 0]).round(9).tolist()
    [0.0, 0.0, 0.002512772]
    """

    radius: Any
    length: Any
    turns: Any
    current: Any
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see Framed

    _function: ClassVar[FieldFunction] = solenoid_field
    _missing: ClassVar = {"scalar_potential": MANY_VALUED}

    def __post_init__(self) -> None:
        for name, unit in (("radius", "m"), ("length", "m"), ("turns", "1")):
            object.__setattr__(self, name, _check.positive(name, getattr(self, name), unit))
        object.__setattr__(self, "current", _check.number("current", self.current, "A"))
        self._set_frame()

    @property
    def moment(self) -> np.ndarray:
        """The moment N I pi a^2 n, shape (3,), A m^2."""
        return self.turns * self.current * math.pi * self.radius**2 * self._matrix[:, 2]

    def _extent(self) -> float:
        return math.hypot(self.radius, 0.5 * self.length)

    def _parameters(self) -> np.ndarray:
        return np.array([self.radius, self.length, self.turns * self.current / self.length])

    def _body(self) -> Body:
        axes = half_axes(self._matrix, self.radius, self.radius, 0.5 * self.length)
        per_length = self.turns * self.current / self.length
        sheet = Patches("side", self.position[None], axes, "turning", np.array([per_length]))
        inside = of_magnet("tube", self.position[None], axes, per_length * self._matrix[:, 2])
        return Body(self.position, self._extent(), patches=(sheet,), inside=(inside,))
