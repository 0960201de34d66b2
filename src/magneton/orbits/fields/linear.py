"""B that is linear in the position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.kernels.em_linear import linear_field, linear_gradient
from magneton.orbits.fields._shared import set_checked
from magneton.orbits.fields.base import TimedField

#: A trace of the gradient above this part of its largest entry is no rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class LinearGradient(TimedField):
    """A field of one direction whose strength grows across it: Bz = B0 + gradient x.

    It has the grad-B drift and no curvature; its curl is that of a uniform current density along y. The vector
    potential (0, B0 x + gradient x^2/2, 0) leaves p_y and p_z conserved. Where x = -B0/gradient, B is zero.

    Parameters
    ----------
    B0 : float, tesla
        The field at the position.
    gradient : float, T/m
        dBz/dx; the scale length is B0/gradient.
    position : array_like, shape (3,), metre
        Where x = 0.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one.
    """

    B0: Any
    gradient: Any

    _function: ClassVar = linear_gradient

    def __post_init__(self) -> None:
        set_checked(
            self,
            B0=_check.number("B0", self.B0, "T"),
            gradient=_check.number("gradient", self.gradient, "T/m"),
        )
        self._set_frame()

    def _parameters(self) -> np.ndarray:
        return np.array([self.B0, self.gradient])


@dataclass(frozen=True, eq=False)
class LinearField(TimedField):
    """Any field that is linear in the position: B = B0 + G (r - position), with tr G = 0.

    A symmetric G has no curl: gradient coils, quadrupoles, the neighbourhood of a null. The vector potential is
    (B0/2 + G r/3) x r.

    Parameters
    ----------
    B0 : array_like, shape (3,), tesla
        The field at the position.
    gradient : array_like, shape (3, 3), T/m
        G, ``[i, j]`` the derivative of B_i along j. Its trace, which is div B, must be zero to rounding.
    position : array_like, shape (3,), metre
        Where B = B0.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one.

    Raises
    ------
    ValueError
        If the trace of the gradient is not zero, or an argument has the wrong shape.
    """

    B0: Any
    gradient: Any

    _function: ClassVar = linear_field

    def __post_init__(self) -> None:
        gradient = _check.vectors("gradient", self.gradient, "T/m")
        if len(gradient) != 3:
            raise ValueError(f"gradient must have shape (3, 3), got shape {gradient.shape}")
        trace = float(np.trace(gradient))
        if abs(trace) > _ROUNDING * float(np.max(np.abs(gradient))):
            raise ValueError(f"gradient must have no trace, as div B = 0, got a trace of {trace:g}")
        set_checked(self, B0=_check.vector("B0", self.B0, "T"), gradient=gradient)
        self._set_frame()

    def _parameters(self) -> np.ndarray:
        return np.concatenate([self.B0, self.gradient.ravel()])
