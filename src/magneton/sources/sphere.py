"""The uniformly magnetized sphere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.kernels.sphere import sphere_field
from magneton.sources.base import turned
from magneton.sources.body import Body
from magneton.sources.magnet import Magnet
from magneton.sources.patches import half_axes, of_magnet


@dataclass(frozen=True, eq=False)
class Sphere(Magnet):
    """A uniformly magnetized ball: a dipole's field outside, B = 2 mu_0 M/3 and H = -M/3 inside.

    All fields are closed forms, right to rounding ([Jackson1999]_ sec. 5.10); on the surface they are nan.

    Parameters
    ----------
    radius : float, metre
        Positive.
    magnetization, polarization, remanence, grade, direction, position, orientation
        As for every magnet: see `magneton.sources.magnet.Magnet`. Keyword-only.

    Raises
    ------
    ValueError
        If the radius is not positive, or the magnetization is given in none or in two ways.

    Examples
    --------
    >>> from magneton.sources.sphere import Sphere
    >>> ball = Sphere(0.01, polarization=[0, 0, 1.2])
    >>> [round(float(b), 12) for b in ball.B([0.002, 0, 0])]
    [0.0, 0.0, 0.8]
    """

    radius: Any

    _function: ClassVar = sphere_field

    def _check_shape(self) -> None:
        object.__setattr__(self, "radius", _check.positive("radius", self.radius, "m"))

    @property
    def volume(self) -> float:
        """The volume 4 pi R^3/3 in m^3."""
        return 4.0 * math.pi / 3.0 * self.radius**3

    def _extent(self) -> float:
        return self.radius

    def _parameters(self) -> np.ndarray:
        return np.concatenate([[self.radius], self.magnetization])

    def _body(self) -> Body:
        # From outside a sphere is its moment: the mean of a harmonic field over it is the field at its centre.
        axes = half_axes(self._matrix, self.radius, self.radius, self.radius)
        hull = of_magnet("ellipsoid", self.position[None], axes, turned(self._matrix, self.magnetization))
        return Body(self.position, 0.0, self.moment[None], self.position[None], hull=(hull,))
