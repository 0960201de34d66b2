"""The uniformly magnetized cylinder."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton._jit import FieldFunction
from magneton.kernels.cylinder import cylinder_field
from magneton.sources.base import turned
from magneton.sources.body import Body
from magneton.sources.magnet import Magnet
from magneton.sources.patches import Patches, half_axes, of_magnet


@dataclass(frozen=True, eq=False)
class Cylinder(Magnet):
    """A uniformly magnetized cylinder, disc or rod, magnetized in any direction.

    Closed forms in complete elliptic integrals [DerbyOlbert2010]_, [CaciagliEtAl2018]_, or sums that converge to
    rounding where those cancel (see `magneton.kernels.sheet`), right to 1e-12 of the vector: inside and out, on the
    axis, 1e-9 radii from faces and edges, far away, for flat discs and long needles. On the surface B, H and grad B
    are nan; A and the scalar potential are continuous there.

    Parameters
    ----------
    radius : float, metre
        Positive.
    height : float, metre
        The full length along the cylinder's axis, its local z; positive.
    magnetization, polarization, remanence, grade, direction
        Exactly one way to give the magnetization, in the body's own frame: see `Magnet`.
    position : array_like, shape (3,), metre
        The centre.
    orientation : scipy Rotation, optional
        Takes the body's frame to the global one.

    Raises
    ------
    ValueError
        If a length is not positive, the magnetization is given not at all or twice, or a shape is wrong.

    Examples
    --------
    >>> from magneton import Cylinder
    >>> magnet = Cylinder(0.005, 0.01, polarization=[0, 0, 1.2])
    >>> magnet.B([0, 0, 0]).round(9).tolist()
    [0.0, 0.0, 0.848528137]
    >>> magnet.B([0, 0, 0.01]).round(9).tolist()
    [0.0, 0.0, 0.14494591]
    """

    radius: Any
    height: Any

    _function: ClassVar[FieldFunction] = cylinder_field

    def _check_shape(self) -> None:
        object.__setattr__(self, "radius", _check.positive("radius", self.radius, "m"))
        object.__setattr__(self, "height", _check.positive("height", self.height, "m"))

    @property
    def volume(self) -> float:
        """The volume pi a^2 h in m^3."""
        return math.pi * self.radius**2 * self.height

    def _extent(self) -> float:
        return math.hypot(self.radius, 0.5 * self.height)

    def _parameters(self) -> np.ndarray:
        return np.concatenate([[self.radius, self.height], self.magnetization])

    def _round(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the centres and the half axes of the two flat faces, shapes (2, 3) and (2, 2, 3), turned outward."""
        top = half_axes(self._matrix, self.radius, self.radius, 0.5 * self.height)[0]
        centres = np.stack([self.position + top[2], self.position - top[2]])
        return centres, np.stack([top[:2], [top[0], -top[1]]])

    def _faces(self, content: str, flat: bool, side: bool) -> tuple[Patches, ...]:
        m = turned(self._matrix, self.magnetization)
        axes = half_axes(self._matrix, self.radius, self.radius, 0.5 * self.height)
        flats = (of_magnet("disc", *self._round(), m, content),) if flat else ()
        return flats + ((of_magnet("side", self.position[None], axes, m, content),) if side else ())

    def _body(self) -> Body:
        across, along = bool(np.any(self.magnetization[:2])), bool(self.magnetization[2])
        axes = half_axes(self._matrix, self.radius, self.radius, 0.5 * self.height)
        return Body(
            self.position,
            self._extent(),
            patches=self._faces("magnetized", along, across),
            bound=self._faces("bound", across, True),
            inside=(of_magnet("tube", self.position[None], axes, turned(self._matrix, self.magnetization)),),
            hull=self._faces("magnetized", True, True),
        )
