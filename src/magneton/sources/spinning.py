"""Charged rigid bodies that turn: moment, angular momentum, g factor and field."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from magneton import _check
from magneton._jit import FieldFunction
from magneton.kernels.spinning import RING, SHELL, SOLID_SPHERE, spinning_field
from magneton.kernels.spinning_disk import spinning_disk_field
from magneton.sources.base import VectorPotential, turned
from magneton.sources.body import CIRCLE, Body, Circuit
from magneton.sources.framed import FramedBody, turning_z_to
from magneton.sources.patches import Patches, half_axes, of_magnet
from magneton.summation.compiled import CompiledField, body_term


class _Shape(NamedTuple):
    """A way to spread charge or mass evenly over a body of revolution."""

    arm2: float  #: The mean of (distance from the axis)^2, in units of the squared radius.
    function: FieldFunction  #: The field of the turning charge.
    kind: int = 0  #: Of `magneton.kernels.spinning`.


#: By name: a wire, a flat disk, the surface of a sphere, a ball, a solid cylinder.
SHAPES = {
    "ring": _Shape(1.0, spinning_field, RING),
    "disk": _Shape(0.5, spinning_disk_field),
    "shell": _Shape(2.0 / 3.0, spinning_field, SHELL),
    "solid_sphere": _Shape(0.4, spinning_field, SOLID_SPHERE),
    "cylinder": _Shape(0.5, spinning_disk_field),
}


def _shape(name: str, value: Any) -> str:
    if value not in SHAPES:
        raise ValueError(f"{name} must be one of {', '.join(SHAPES)}, got {value!r}")
    return value


@dataclass(frozen=True, eq=False)
class SpinningBody(FramedBody, VectorPotential):
    """A charged rigid body that turns about an axis of symmetry through its centre.

    With <rho^2> the mean squared distance from the axis, m = q omega <rho^2>_charge/2, L = M omega <rho^2>_mass, and
    their ratio is gamma = g q/(2 M), g = <rho^2>_charge/<rho^2>_mass ([Jackson1999]_ sec. 5.6): 1 where charge and mass
    are spread alike, 5/3 for a charged surface on a solid sphere. Made by `ring`, `disk`, `shell`, `solid_sphere` and
    `cylinder`.

    The field is that of the turning charge alone, inside too, quasi-static, H = B/mu_0: closed forms for ring, shell
    and solid sphere, sums of rings and sheets to rounding for disk and cylinder (some microseconds a point). All is nan
    on the wire. A is continuous elsewhere. B is nan on the disk and the shell, but at the disk's centre, where it is
    mu_0 q omega/(2 pi R), and the shell's poles, where no current flows; grad B is nan there too, and on the surface
    of the solid bodies but where the axis leaves it.

    Parameters
    ----------
    shape : str
        How the charge is spread: "ring", "disk", "shell", "solid_sphere" or "cylinder".
    charge : float, coulomb
        q, of either sign.
    mass : float, kilogram
        M, positive.
    radius : float, metre
        Positive.
    angular_velocity : array_like, shape (3,), rad/s
        omega, not zero: its direction is the axis of ring, disk and cylinder.
    position : array_like, shape (3,), metre
        The centre.
    length : float, metre, optional
        Of a cylinder, along its axis.
    mass_shape : str, optional
        How the mass is spread, if not as the charge; over the same radius.

    Raises
    ------
    ValueError
        For an unknown shape, a mass, radius or length that is not positive, or no rotation.

    Examples
    --------
    >>> from magneton.sources.spinning import SpinningBody
    >>> top = SpinningBody.shell(1e-6, 0.1, 0.05, [0, 0, 100.0], mass_shape="solid_sphere")
    >>> round(top.g_factor, 12), round(float(top.moment[2]) * 1e8, 12)
    (1.666666666667, 8.333333333333)
    """

    shape: Any
    charge: Any
    mass: Any
    radius: Any
    angular_velocity: Any
    position: Any = (0.0, 0.0, 0.0)
    length: Any = None
    mass_shape: Any = None

    _missing: ClassVar = {
        "scalar_potential": "inside the turning charge curl H is not zero, and around a ring psi grows with each turn"
    }

    def __post_init__(self) -> None:
        _shape("shape", self.shape)
        object.__setattr__(self, "charge", _check.number("charge", self.charge, "C"))
        object.__setattr__(self, "mass", _check.positive("mass", self.mass, "kg"))
        object.__setattr__(self, "radius", _check.positive("radius", self.radius, "m"))
        omega = _check.vector("angular_velocity", self.angular_velocity, "rad/s")
        if not np.any(omega):
            raise ValueError("angular_velocity must not be zero, got [0, 0, 0]")
        object.__setattr__(self, "angular_velocity", omega)
        if (self.length is None) == (self.shape == "cylinder"):
            raise ValueError(f"length must be given for a cylinder and for nothing else, got {self.length!r}")
        if self.length is not None:
            object.__setattr__(self, "length", _check.positive("length", self.length, "m"))
        object.__setattr__(self, "mass_shape", _shape("mass_shape", self.mass_shape or self.shape))
        self._set_frame()
        object.__setattr__(self, "_matrix", turning_z_to(omega))

    @classmethod
    def ring(cls, charge: Any, mass: Any, radius: Any, angular_velocity: Any, **more: Any) -> Self:
        """Return a thin ring; `more` takes position and mass_shape."""
        return cls("ring", charge, mass, radius, angular_velocity, **more)

    @classmethod
    def disk(cls, charge: Any, mass: Any, radius: Any, angular_velocity: Any, **more: Any) -> Self:
        """Return a thin disk; `more` takes position and mass_shape."""
        return cls("disk", charge, mass, radius, angular_velocity, **more)

    @classmethod
    def shell(cls, charge: Any, mass: Any, radius: Any, angular_velocity: Any, **more: Any) -> Self:
        """Return the surface of a sphere; `more` takes position and mass_shape."""
        return cls("shell", charge, mass, radius, angular_velocity, **more)

    @classmethod
    def solid_sphere(cls, charge: Any, mass: Any, radius: Any, angular_velocity: Any, **more: Any) -> Self:
        """Return a ball with charge all through; `more` takes position and mass_shape."""
        return cls("solid_sphere", charge, mass, radius, angular_velocity, **more)

    @classmethod
    def cylinder(
        cls, charge: Any, mass: Any, radius: Any, length: Any, angular_velocity: Any, **more: Any
    ) -> Self:
        """Return a solid cylinder that turns about its axis; `more` takes position and mass_shape."""
        return cls("cylinder", charge, mass, radius, angular_velocity, length=length, **more)

    @property
    def moment(self) -> np.ndarray:
        """The moment q omega <rho^2>/2, shape (3,), A m^2."""
        return 0.5 * self.charge * SHAPES[self.shape].arm2 * self.radius**2 * self.angular_velocity

    @property
    def angular_momentum(self) -> np.ndarray:
        """The angular momentum M omega <rho^2>, shape (3,), J s."""
        return self.mass * SHAPES[self.mass_shape].arm2 * self.radius**2 * self.angular_velocity

    @property
    def g_factor(self) -> float:
        """The gyromagnetic ratio in units of q/(2 M)."""
        return SHAPES[self.shape].arm2 / SHAPES[self.mass_shape].arm2

    @property
    def gyromagnetic_ratio(self) -> float:
        """The ratio m/L = g q/(2 M) in 1/(s T), with the charge's sign."""
        return self.g_factor * self.charge / (2.0 * self.mass)

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        other = super()._moved(matrix, shift)
        object.__setattr__(other, "angular_velocity", turned(matrix, self.angular_velocity))
        return other

    def contains(self, points: Any) -> np.ndarray:
        """Return where points (m), shape (..., 3), lie inside the sphere of shell or ball: bool, shape (...)."""
        apart = np.linalg.norm(np.asarray(points, dtype=float) - self.position, axis=-1)
        return (
            apart < self.radius
            if self.shape in ("shell", "solid_sphere")
            else np.zeros(apart.shape, dtype=bool)
        )

    def _extent(self) -> float:
        return self.radius if self.length is None else float(np.hypot(self.radius, 0.5 * self.length))

    def _parameters(self) -> np.ndarray:
        turn = self.charge * float(np.linalg.norm(self.angular_velocity))
        return np.array([SHAPES[self.shape].kind, self.radius, turn, self.length or 0.0])

    def _compile(self) -> CompiledField:
        function = SHAPES[self.shape].function
        return body_term(function, self.position, self._matrix, self._extent(), self._parameters())

    def _body(self) -> Body:
        turn = self.charge * float(np.linalg.norm(self.angular_velocity))  # A m
        axes = half_axes(self._matrix, self.radius, self.radius, 0.5 * (self.length or 0.0))
        if self.shape == "ring":
            params = np.concatenate([self.position, self._matrix.ravel(), [self.radius]])
            return Body(
                self.position, self.radius, circuits=(Circuit(CIRCLE, params, turn / (2.0 * math.pi)),)
            )
        if self.shape in (
            "shell",
            "solid_sphere",
        ):  # from outside, spherical layers of turning charge are dipoles
            ball = half_axes(self._matrix, self.radius, self.radius, self.radius)
            hull = of_magnet("ellipsoid", self.position[None], ball, self.moment)
            return Body(self.position, 0.0, self.moment[None], self.position[None], hull=(hull,))
        if self.shape == "disk":
            current = np.array([turn / (math.pi * self.radius)])
            parts = (Patches("disc", self.position[None], axes[:, :2], "turning", current, power=1),)
        else:
            current = np.array([turn / (math.pi * self.radius * self.length)])
            parts = (Patches("tube", self.position[None], axes, "turning", current, power=1),)
        return Body(self.position, self._extent(), patches=parts)
