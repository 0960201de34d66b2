"""Magnetic bottles: the paraxial one, and two coils."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.kernels.em_linear import paraxial_bottle
from magneton.orbits.fields._shared import not_zero, set_checked
from magneton.orbits.fields.base import TimedField
from magneton.sources import CircularLoop, Collection


@dataclass(frozen=True, eq=False)
class ParaxialBottle(TimedField):
    """The vacuum field near the middle of a magnetic bottle: quadratic, with neither divergence nor curl.

    Bz = B0 (1 + (z^2 - r^2/2)/L^2), Br = -B0 z r/L^2: the magnetic bottle of [BrownGabrielse1986]_ on a uniform field.
    On the axis B = B0 (1 + z^2/L^2), so the mirror points of a particle with pitch angle a at the middle are at
    z = +-L cot a. The vector potential is A_phi = B0 r (1/2 + (z^2/2 - r^2/8)/L^2). It is a model of the middle only:
    at z = 0, r = sqrt(2) L the field is zero.

    Parameters
    ----------
    B0 : float, tesla
        The field at the middle, not zero.
    length : float, metre
        L, positive: where B on the axis has doubled. 1/L^2 = B''/(2 B) on the axis.
    position : array_like, shape (3,), metre
        The middle.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one; the axis is its +z.
    """

    B0: Any
    length: Any

    _function: ClassVar = paraxial_bottle

    def __post_init__(self) -> None:
        set_checked(
            self,
            B0=not_zero("B0", self.B0, "T"),
            length=_check.positive("length", self.length, "m"),
        )
        self._set_frame()

    def _parameters(self) -> np.ndarray:
        return np.array([self.B0, self.length])


def magnetic_bottle(
    separation: Any, radius: Any, current: Any, *, position: Any = (0.0, 0.0, 0.0), orientation: Any = None
) -> Collection:
    """Return a magnetic bottle of two equal coils with currents of the same sense.

    The field is strongest in the planes of the coils and weakest midway if the separation is above the radius (at
    equality the pair is Helmholtz's, and there is no mirror).

    Parameters
    ----------
    separation : float, metre
        Between the planes of the coils; above the radius.
    radius : float, metre
        Of each coil.
    current : float, ampere
        In each, counter-clockwise about the axis: the number of turns times the current in one.
    position : array_like, shape (3,), metre
        The middle.
    orientation : scipy Rotation, optional
        Takes the frame of the pair, whose +z is the axis, to the global one.

    Returns
    -------
    Collection
        Two `magneton.CircularLoop`; orbits move in any source.

    Raises
    ------
    ValueError
        If the separation does not exceed the radius, or an argument is not positive.
    """
    separation = _check.positive("separation", separation, "m")
    radius = _check.positive("radius", radius, "m")
    if separation <= radius:
        raise ValueError(
            f"separation must exceed the radius {radius:g} for the field to be weakest midway, got {separation:g}"
        )
    middle = _check.vector("position", position, "m")
    matrix = np.eye(3) if orientation is None else _check.rotation_matrix("orientation", orientation)
    half = 0.5 * separation * matrix[:, 2]
    return Collection(
        [CircularLoop(radius, current, middle + side * half, orientation) for side in (-1.0, 1.0)]
    )
