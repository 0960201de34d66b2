"""The uniformly magnetized ellipsoid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.kernels.ellipsoid import ellipsoid_field
from magneton.sources.base import turned
from magneton.sources.body import Body
from magneton.sources.magnet import Magnet
from magneton.sources.patches import half_axes, of_magnet


@dataclass(frozen=True, eq=False)
class Ellipsoid(Magnet):
    """A uniformly magnetized ellipsoid, the one solid whose field inside is uniform: H = -N M.

    Outside, the field is given by the factors N of the confocal ellipsoid through the point, closed forms in Carlson's
    integrals (see `magneton.kernels.ellipsoid`), right to 1e-12 of the vector at all distances and all ratios of the
    axes; on the surface it is nan.

    Parameters
    ----------
    semi_axes : array_like, shape (3,), metre
        Half the lengths along the body's own x, y and z; positive, in any order.
    magnetization, polarization, remanence, grade, direction, position, orientation
        As for every magnet: see `magneton.sources.magnet.Magnet`. Keyword-only.

    Raises
    ------
    ValueError
        If a semi-axis is not positive, or the magnetization is given in none or in two ways.

    Examples
    --------
    >>> from magneton.sources.ellipsoid import Ellipsoid
    >>> grain = Ellipsoid([1e-6, 1e-6, 2e-6], magnetization=[0, 0, 480e3])
    >>> round(float(-grain.H([0, 0, 0])[2] / 480e3), 10)
    0.1735639975
    """

    semi_axes: Any

    _function: ClassVar = ellipsoid_field

    def _check_shape(self) -> None:
        axes = _check.vector("semi_axes", self.semi_axes, "m")
        if not np.all(axes > 0.0):
            raise ValueError(f"semi_axes must be positive, got {axes.tolist()}")
        object.__setattr__(self, "semi_axes", axes)

    @property
    def volume(self) -> float:
        """The volume 4 pi a b c/3 in m^3."""
        return 4.0 * math.pi / 3.0 * float(np.prod(self.semi_axes))

    def _extent(self) -> float:
        return float(self.semi_axes.max())

    def _parameters(self) -> np.ndarray:
        return np.concatenate([self.semi_axes, self.magnetization])

    def _body(self) -> Body:
        parts = (
            self.position[None],
            half_axes(self._matrix, *self.semi_axes),
            turned(self._matrix, self.magnetization),
        )
        surface = of_magnet("ellipsoid", *parts)
        return Body(
            self.position,
            self._extent(),
            patches=(surface,),
            bound=(of_magnet("ellipsoid", *parts, "bound"),),
            inside=(of_magnet("ball", *parts),),
            hull=(surface,),
        )
