"""Coils: a thick winding, and a pair of loops."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton._jit import FieldFunction
from magneton.kernels.coil import coil_field
from magneton.sources import body
from magneton.sources.base import VectorPotential
from magneton.sources.body import Body
from magneton.sources.framed import Framed, FramedBody
from magneton.sources.loop import MANY_VALUED, CircularLoop
from magneton.sources.patches import Patches, half_axes, of_magnet
from magneton.summation.compiled import CompiledField, joined


@dataclass(frozen=True, eq=False)
class Coil(FramedBody, VectorPotential):
    """A coil whose winding has a rectangular cross-section and a uniform current density.

    The fields of thin solenoids are integrated over the radius to rounding (see `magneton.kernels.coil`): right to
    1e-12 of the vector outside and in the winding, next to its faces and edges. B and A hold everywhere; grad B is nan
    on the winding's surface, where the current density jumps by j, and has a curl inside it; it is right to 1e-13
    beside the faces of windings down to a thousandth of their radius in length or thickness.

    Parameters
    ----------
    inner_radius, outer_radius : float, metre
        Of the winding, positive, the outer one larger.
    length : float, metre
        Along the axis, positive.
    turns : float
        The number of turns N, positive.
    current : float, ampere
        In each turn; counter-clockwise about the axis, the local +z.
    position : array_like, shape (3,), metre
        The centre.
    orientation : scipy Rotation, optional
        Takes the coil's frame to the global one; the axis is its local +z.

    Raises
    ------
    ValueError
        If a length or the turns are not positive, or the outer radius is not larger than the inner.

    Examples
    --------
    >>> from magneton import Coil
    >>> coil = Coil(inner_radius=0.01, outer_radius=0.02, length=0.03, turns=600, current=1.5)
    >>> coil.B([0, 0, 0]).round(9).tolist()
    [0.0, 0.0, 0.026773938]
    """

    inner_radius: Any
    outer_radius: Any
    length: Any
    turns: Any
    current: Any
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see Framed

    _function: ClassVar[FieldFunction] = coil_field
    _missing: ClassVar = {"scalar_potential": MANY_VALUED}

    def __post_init__(self) -> None:
        for name, unit in (("inner_radius", "m"), ("outer_radius", "m"), ("length", "m"), ("turns", "1")):
            object.__setattr__(self, name, _check.positive(name, getattr(self, name), unit))
        if not self.outer_radius > self.inner_radius:
            raise ValueError(
                f"outer_radius must be larger than inner_radius, {self.inner_radius:g}, got {self.outer_radius:g}"
            )
        object.__setattr__(self, "current", _check.number("current", self.current, "A"))
        self._set_frame()

    @property
    def moment(self) -> np.ndarray:
        """The moment N I pi (a1^2 + a1 a2 + a2^2)/3 n, shape (3,), A m^2."""
        inner, outer = self.inner_radius, self.outer_radius
        area = math.pi * (inner**2 + inner * outer + outer**2) / 3.0
        return self.turns * self.current * area * self._matrix[:, 2]

    def _extent(self) -> float:
        return math.hypot(self.outer_radius, 0.5 * self.length)

    def _parameters(self) -> np.ndarray:
        section = (self.outer_radius - self.inner_radius) * self.length
        density = self.turns * self.current / section
        return np.array([self.inner_radius, self.outer_radius, self.length, density])

    def _body(self) -> Body:
        centre, half = self.position[None], 0.5 * self.length
        inner = half_axes(self._matrix, self.inner_radius, self.inner_radius, half)
        outer = half_axes(self._matrix, self.outer_radius, self.outer_radius, half)
        density, hole = self._parameters()[3], self.inner_radius / self.outer_radius
        bore = density * (self.outer_radius - self.inner_radius) * self._matrix[:, 2]
        return Body(
            self.position,
            self._extent(),
            patches=(Patches("tube", centre, outer, "turning", np.array([density]), hole),),
            inside=(
                of_magnet("tube", centre, inner, bore),
                Patches("tube", centre, outer, "magnetized", bore[None], hole, tapered=True),
            ),
        )


@dataclass(frozen=True, eq=False)
class HelmholtzPair(Framed, VectorPotential):
    """Two equal circular loops on one axis, their currents in the same sense.

    One radius apart, the first three derivatives of B along the axis vanish at the centre, where
    B = (4/5)^(3/2) mu_0 N I/a.

    Parameters
    ----------
    radius : float, metre
        Of both loops, positive.
    turns : float
        The number of turns N of each, positive; their cross-section is left out.
    current : float, ampere
        In each turn; counter-clockwise about the axis, the local +z.
    separation : float, metre, optional
        Between the planes of the loops, positive; by default the radius.
    position : array_like, shape (3,), metre
        The point midway between the loops.
    orientation : scipy Rotation, optional
        Takes the pair's frame to the global one; the axis is its local +z.

    Raises
    ------
    ValueError
        If radius, turns or separation are not positive, or an argument has the wrong shape.

    Examples
    --------
    >>> from magneton import HelmholtzPair
    >>> pair = HelmholtzPair(radius=0.15, turns=130, current=2.0)
    >>> pair.B([0, 0, 0]).round(12).tolist()
    [0.0, 0.0, 0.001558572228]
    """

    radius: Any
    turns: Any
    current: Any
    separation: Any = None
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see Framed

    _missing: ClassVar = {"scalar_potential": MANY_VALUED}

    def __post_init__(self) -> None:
        for name, unit in (("radius", "m"), ("turns", "1")):
            object.__setattr__(self, name, _check.positive(name, getattr(self, name), unit))
        object.__setattr__(self, "current", _check.number("current", self.current, "A"))
        separation = self.radius if self.separation is None else self.separation
        object.__setattr__(self, "separation", _check.positive("separation", separation, "m"))
        self._set_frame()

    @property
    def loops(self) -> tuple[CircularLoop, CircularLoop]:
        """The two loops, the lower one on the axis first."""
        half = 0.5 * self.separation * self._matrix[:, 2]
        loop = CircularLoop(self.radius, self.turns * self.current)
        return (
            loop._placed(self.position - half, self._matrix),
            loop._placed(self.position + half, self._matrix),
        )

    @property
    def sources(self) -> tuple[CircularLoop, CircularLoop]:
        """The loops, by the name that a `Collection` has for its members."""
        return self.loops

    @property
    def moment(self) -> np.ndarray:
        """The moment 2 N I pi a^2 n, shape (3,), A m^2."""
        return 2.0 * self.turns * self.current * math.pi * self.radius**2 * self._matrix[:, 2]

    def _compile(self) -> CompiledField:
        return joined(loop.compiled for loop in self.loops)

    def _body(self) -> Body:
        return body.joined([loop.body for loop in self.loops])
