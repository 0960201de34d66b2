"""Axisymmetric model fields with a twist: the flux tube and the tokamak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton.kernels.em_tube import flux_tube, tokamak
from magneton.orbits.fields._shared import not_zero, set_checked
from magneton.orbits.fields.base import TimedField


@dataclass(frozen=True, eq=False)
class FluxTube(TimedField):
    """A straight, twisted flux tube: Bz = B0/(1 + r^2/a^2), B_phi = twist r Bz.

    Every line turns about the axis by the same angle, `twist`, a metre. With twist = 1/a the tube is the one of
    [GoldHoyle1960]_, whose currents flow along B (curl B = 2 twist/(1 + twist^2 r^2) B): see `gold_hoyle`. The vector
    potential is A_phi = B0 a^2 ln(1 + r^2/a^2)/(2 r), A_z = -twist B0 a^2 ln(1 + r^2/a^2)/2.

    Parameters
    ----------
    B0 : float, tesla
        On the axis, not zero.
    radius : float, metre
        a, where Bz has halved; positive.
    twist : float, 1/m
        Angle a length, in radians; positive is a right-handed screw.
    position : array_like, shape (3,), metre
        A point of the axis.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one; the axis is its +z.
    """

    B0: Any
    radius: Any
    twist: Any = 0.0

    _function: ClassVar = flux_tube

    def __post_init__(self) -> None:
        set_checked(
            self,
            B0=not_zero("B0", self.B0, "T"),
            radius=_check.positive("radius", self.radius, "m"),
            twist=_check.number("twist", self.twist, "1/m"),
        )
        self._set_frame()

    @classmethod
    def gold_hoyle(cls, B0: Any, twist: Any, **frame: Any) -> Self:
        """Return the force-free tube of uniform twist (1/m, not zero), with B0 (T) on its axis."""
        twist = not_zero("twist", twist, "1/m")
        return cls(B0, 1.0 / abs(twist), twist, **frame)

    def _parameters(self) -> np.ndarray:
        return np.array([self.B0, self.radius, self.twist])


@dataclass(frozen=True, eq=False)
class Tokamak(TimedField):
    """An axisymmetric, tokamak-like field with concentric circular flux surfaces and no divergence.

    B = (B0 R0/R) e_phi + grad psi x e_phi/R, with dpsi/dr = B0 r/q(r), q(r) = q0 (1 + r^2/s^2), and r the distance
    from the magnetic axis R = R0, z = 0; R is the distance from the own z axis. The number of turns the long way for
    one the short way is then `safety_factor`, q(r)/sqrt(1 - r^2/R0^2), as in [LapillonneEtAl2009]_. The field is not in
    equilibrium with any pressure: surfaces would shift. A_phi = psi/R, A_z = -B0 R0 ln(R/R0): p_phi is conserved. On
    R = 0 the field is not defined: nan.

    Parameters
    ----------
    B0 : float, tesla
        On the magnetic axis, along e_phi; not zero.
    major_radius : float, metre
        R0, positive.
    q0 : float
        On the magnetic axis; not zero. Its sign is that of B_phi over the poloidal field, which runs
        upward (+z) at the outside for B0/q0 > 0.
    shear_radius : float, metre, optional
        s, where q has doubled; None for a q that is the same everywhere.
    position : array_like, shape (3,), metre
        The centre.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one; the axis of symmetry is its +z.

    Examples
    --------
    >>> from magneton.orbits.fields import Tokamak
    >>> field = Tokamak(2.0, major_radius=1.6, q0=1.0, shear_radius=0.5)
    >>> field.B([2.0, 0, 0]).round(12).tolist()
    [0.0, 1.6, 0.243902439024]
    """

    B0: Any
    major_radius: Any
    q0: Any
    shear_radius: Any = None

    _function: ClassVar = tokamak

    def __post_init__(self) -> None:
        set_checked(
            self,
            B0=not_zero("B0", self.B0, "T"),
            major_radius=_check.positive("major_radius", self.major_radius, "m"),
            q0=not_zero("q0", self.q0),
        )
        if self.shear_radius is not None:
            set_checked(self, shear_radius=_check.positive("shear_radius", self.shear_radius, "m"))
        self._set_frame()

    @property
    def _shear(self) -> float:
        """1/s^2, in 1/m^2."""
        return 0.0 if self.shear_radius is None else self.shear_radius**-2

    def safety_factor(self, minor_radius: Any) -> np.ndarray:
        """Return the turns the long way for one the short way, on the surfaces of these radii (m, below R0).

        Parameters
        ----------
        minor_radius : array_like, metre
            r, from 0 to below the major radius.

        Returns
        -------
        ndarray, or float for a number
            (1/2 pi) times the integral of B_phi/(R B_theta) along the surface's circle: q(r)/sqrt(1 - r^2/R0^2).
        """
        r = _check.real_array("minor_radius", minor_radius, "m", "a number or an array of numbers")
        if np.any((r < 0.0) | (r >= self.major_radius)):
            raise ValueError(
                f"minor_radius must lie from 0 to below the major radius {self.major_radius:g}, "
                f"got {_check.shown(minor_radius)}"
            )
        ratio = r / self.major_radius
        return self.q0 * (1.0 + r * r * self._shear) / np.sqrt((1.0 - ratio) * (1.0 + ratio))

    def _parameters(self) -> np.ndarray:
        return np.array([self.B0, self.major_radius, self.q0, self._shear])
