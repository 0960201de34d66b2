"""Rigid bodies that carry magnetic moments: mass, inertia, what is fixed in them, and what holds or slows them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from magneton import _check
from magneton.sources import Dipole, Dipoles, Source

#: By how much, relative, a moment of inertia may exceed the sum of the two others: rounding.
_SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class RigidBody:
    """A rigid body with magnetic moments, or a whole source, fixed in it.

    Everything is given in the body's own frame, whose origin is the centre of mass, or the pivot of a body whose place
    is held. The moments have no angular momentum of their own here.

    Parameters
    ----------
    mass : float, kg
        Its mass.
    inertia : float or array_like, shape (3,) or (3, 3), kg m^2
        The tensor of inertia about the origin: the same about all axes, about x, y, z, or the tensor.
    moment : array_like, shape (3,) or (k, 3), A m^2, optional
        One moment or several.
    moment_position : array_like, shape (3,) or (k, 3), metre, optional
        Where they are; the origin by default.
    source : source, optional
        A magnet or coil instead of moments, placed in the body's frame.
    radius : float, metre
        Two bodies touch where their distance is the sum of their radii; none touches a body of radius 0. Magnets that
        attract need one: point moments would fly through each other, and extended ones overlap.
    linear_drag, angular_drag : float, N s/m and N m s
        The force -c v and the torque -c' omega against motion and rotation.
    fixed : bool
        Whether its place is held, so that it only turns about it: a pivot.
    hinge : array_like, shape (3,), optional
        An axis of the body that does not turn: it only turns about that, as a compass needle does.
    centre_of_mass : array_like, shape (3,), metre, optional
        From the pivot of a body whose place is held: where gravity acts. The pivot itself by default.

    Raises
    ------
    ValueError
        If mass or inertia is not positive, a moment of inertia exceeds the sum of the two others, about the origin or
        the centre of mass, both moment and source are given, or the centre of mass of a free body is not its origin.

    Examples
    --------
    >>> from magneton.dynamics import RigidBody
    >>> needle = RigidBody.rod(1e-3, 0.05, 1e-3, moment=[0, 0, 0.1], fixed=True, hinge=[1, 0, 0])
    >>> [float(f"{i:.4g}") for i in needle.principal_inertia]
    [5e-10, 2.086e-07, 2.086e-07]
    """

    mass: float
    inertia: Any
    moment: Any = None
    moment_position: Any = None
    source: Any = None
    radius: float = 0.0
    linear_drag: float = 0.0
    angular_drag: float = 0.0
    fixed: bool = False
    hinge: Any = None
    centre_of_mass: Any = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mass", _check.positive("mass", self.mass, "kg"))
        object.__setattr__(self, "inertia", _tensor(self.inertia))
        if not isinstance(self.fixed, bool | np.bool_):
            raise ValueError(f"fixed must be True or False, got {_check.shown(self.fixed)}")
        for name, unit in (("radius", "m"), ("linear_drag", "N s/m"), ("angular_drag", "N m s")):
            object.__setattr__(self, name, _not_negative(name, getattr(self, name), unit))
        if self.source is not None and (self.moment is not None or self.moment_position is not None):
            raise ValueError("moment and source must not both be given: put a Dipole into the source instead")
        if self.source is not None and not isinstance(self.source, Source):
            raise ValueError(f"source must be a source such as Cuboid, got {type(self.source).__name__}")
        if self.source is None:
            moment, places = _moments(self.moment, self.moment_position)
            object.__setattr__(self, "moment", moment)
            object.__setattr__(self, "moment_position", places)
        centre = _check.vector("centre_of_mass", self.centre_of_mass, "m")
        if np.any(centre) and not self.fixed:
            raise ValueError(
                f"centre_of_mass must be the origin of a body whose place is not fixed, got {centre.tolist()}"
            )
        object.__setattr__(self, "centre_of_mass", centre)
        if self.hinge is not None:
            hinge = _check.vector("hinge", self.hinge)
            if not np.any(hinge):
                raise ValueError("hinge must not be zero, got [0, 0, 0]")
            object.__setattr__(self, "hinge", hinge / np.linalg.norm(hinge))
        if np.any(centre):
            _require_about_pivot(self.inertia, self.mass, centre, self.hinge)

    @functools.cached_property
    def _principal(self) -> tuple[np.ndarray, np.ndarray]:
        """The principal moments, ascending, and the matrix whose columns are the principal axes."""
        moments, axes = np.linalg.eigh(self.inertia)
        return moments, axes if np.linalg.det(axes) > 0.0 else axes * [1.0, 1.0, -1.0]

    @property
    def principal_inertia(self) -> np.ndarray:
        """The principal moments of inertia, ascending, shape (3,), kg m^2."""
        return self._principal[0].copy()

    @property
    def extended(self) -> bool:
        """Whether it carries a source that is more than point moments."""
        return self.source is not None and not isinstance(self.source, Dipole | Dipoles)

    def _point_moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Return moments and their places in the body's frame, shapes (k, 3)."""
        if isinstance(self.source, Dipole):
            return self.source.moment[None], self.source.position[None]
        if isinstance(self.source, Dipoles):
            return self.source.moments, self.source.positions
        return self.moment, self.moment_position

    def _as_source(self) -> Source | None:
        """Return what is magnetic of it as a source in its own frame; None if nothing is."""
        if self.source is not None:
            return self.source
        return Dipoles(self.moment, self.moment_position) if len(self.moment) else None

    @classmethod
    def _homogeneous(cls, mass: float, inertia: Any, **others: Any) -> Self:
        """Return a body of an inertia about its centre of mass, wherever that is."""
        centre = _check.vector("centre_of_mass", others.get("centre_of_mass", np.zeros(3)), "m")
        shift = mass * (centre @ centre * np.eye(3) - np.outer(centre, centre))
        return cls(mass, _tensor(inertia) + shift, **others)

    @classmethod
    def ball(cls, mass: float, radius: float, **others: Any) -> Self:
        """Return a homogeneous ball.

        Parameters
        ----------
        mass, radius : float, kg and metre
            The radius is also the one that it touches others with.
        **others
            What else a `RigidBody` has; with a `centre_of_mass` the inertia is about the pivot, by Steiner's theorem.

        Returns
        -------
        RigidBody
        """
        mass, radius = _check.positive("mass", mass, "kg"), _check.positive("radius", radius, "m")
        return cls._homogeneous(mass, 0.4 * mass * radius**2, radius=radius, **others)

    @classmethod
    def rod(cls, mass: float, length: float, rod_radius: float, **others: Any) -> Self:
        """Return a homogeneous cylinder along z: a rod or needle.

        Parameters
        ----------
        mass, length, rod_radius : float, kg and metre
            Its own radius; it touches no other body unless `radius` is given as well.
        **others
            What else a `RigidBody` has; with a `centre_of_mass` the inertia is about the pivot, by Steiner's theorem.

        Returns
        -------
        RigidBody
        """
        mass, length = _check.positive("mass", mass, "kg"), _check.positive("length", length, "m")
        a2 = _check.positive("rod_radius", rod_radius, "m") ** 2
        across = mass * (a2 / 4.0 + length**2 / 12.0)
        return cls._homogeneous(mass, [across, across, 0.5 * mass * a2], **others)

    @classmethod
    def disc(
        cls, mass: float, disc_radius: float, thickness: float, hole: float = 0.0, **others: Any
    ) -> Self:
        """Return a homogeneous disc across z, or a ring.

        Parameters
        ----------
        mass, disc_radius, thickness : float, kg and metre
            Its own radius; it touches no other body unless `radius` is given as well.
        hole : float, metre
            The radius of the hole.
        **others
            What else a `RigidBody` has; with a `centre_of_mass` the inertia is about the pivot, by Steiner's theorem.

        Returns
        -------
        RigidBody
        """
        mass, thickness = _check.positive("mass", mass, "kg"), _check.positive("thickness", thickness, "m")
        outer, hole = _check.positive("disc_radius", disc_radius, "m"), _not_negative("hole", hole, "m")
        if hole >= outer:
            raise ValueError(f"hole must be smaller than disc_radius = {outer:g}, got {hole:g}")
        a2 = outer**2 + hole**2
        across = mass * (a2 / 4.0 + thickness**2 / 12.0)
        return cls._homogeneous(mass, [across, across, 0.5 * mass * a2], **others)

    @classmethod
    def cuboid(cls, mass: float, size: Any, **others: Any) -> Self:
        """Return a homogeneous cuboid.

        Parameters
        ----------
        mass : float, kg
        size : array_like, shape (3,), metre
            The edges along x, y and z. It touches no other body unless `radius` is given as well.
        **others
            What else a `RigidBody` has; with a `centre_of_mass` the inertia is about the pivot, by Steiner's theorem.

        Returns
        -------
        RigidBody
        """
        mass, size = _check.positive("mass", mass, "kg"), _check.vector("size", size, "m")
        if not (size > 0.0).all():
            raise ValueError(f"size must be positive, got {size.tolist()}")
        return cls._homogeneous(mass, mass / 12.0 * (size @ size - size**2), **others)


def _not_negative(name: str, value: Any, unit: str) -> float:
    number = _check.number(name, value, unit)
    if number < 0.0:
        raise ValueError(f"{name} must not be negative, got {number:g}")
    return number


def _tensor(inertia: Any) -> np.ndarray:
    """Return the tensor of inertia, shape (3, 3)."""
    values = _check.numbers("inertia", inertia, "kg m^2")
    if values.shape not in ((), (3,), (3, 3)):
        raise ValueError(f"inertia must be a number or have shape (3,) or (3, 3), got shape {values.shape}")
    tensor = values if values.ndim == 2 else np.diag(np.broadcast_to(values, 3))
    if np.abs(tensor - tensor.T).max() > _SLACK * np.abs(tensor).max():
        raise ValueError(f"inertia must be symmetric, got {_check.shown(values)}")
    principal = np.linalg.eigvalsh(tensor)
    if principal[0] <= 0.0:
        raise ValueError(f"inertia must be positive about every axis, got {principal[0]:g} about one")
    if principal[2] > (principal[0] + principal[1]) * (1.0 + _SLACK):
        raise ValueError(
            "inertia must not exceed about one axis the sum about the two others, "
            f"got {', '.join(f'{i:g}' for i in principal)}: no body has that"
        )
    return tensor


def _require_about_pivot(
    tensor: np.ndarray, mass: float, centre: np.ndarray, hinge: np.ndarray | None
) -> None:
    """Require that a body can have this inertia about a pivot, so far from its centre of mass.

    tr(I) 1/2 - I is the sum of m r r^T over its parts, of which m c c^T is that of the centre of mass; on a hinge only
    the inertia about it matters.
    """
    if hinge is None:
        parts = 0.5 * np.trace(tensor) * np.eye(3) - tensor
        excess = np.linalg.eigvalsh(parts - mass * np.outer(centre, centre))[0]
    else:
        across = np.cross(hinge, centre)
        excess = hinge @ tensor @ hinge - mass * (across @ across)
    if excess < -_SLACK * np.trace(tensor):
        raise ValueError(
            "inertia must be that about the pivot, m c^2 of the centre of mass included, got less than "
            f"a centre_of_mass of {centre.tolist()} alone has"
        )


def _moments(moment: Any, places: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return moments and their places, shapes (k, 3)."""
    if moment is None:
        if places is not None:
            raise ValueError("moment_position must come with a moment, got no moment")
        return np.empty((0, 3)), np.empty((0, 3))
    moments = _check.vectors("moment", np.atleast_2d(_check.numbers("moment", moment, "A m^2")))
    if places is None:
        return moments, np.zeros(moments.shape)
    places = _check.vectors("moment_position", np.atleast_2d(_check.numbers("moment_position", places, "m")))
    _check.same_length("moment", moments, "moment_position", places)
    return moments, places
