"""Tables of rigid bodies: mass, inertia or shape, what is magnetic of them, what holds them, and how they start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import model_validator

from magneton.scene.model import Name, Table, exactly_one
from magneton.scene.quantities import Quantity, problem
from magneton.scene.source_base import ORIGIN, Vector

_Length = Annotated[float | None, Quantity("m", positive=True)]
_Velocity = Annotated[list[float], Quantity("m/s", (3,))]
_Spin = Annotated[list[float], Quantity("rad/s", (3,))]
#: What each homogeneous shape needs, and what it may have besides.
_SHAPES = {
    "ball": (("radius",), ()),
    "rod": (("length", "rod_radius"), ("radius",)),
    "disc": (("disc_radius", "thickness"), ("hole", "radius")),
    "cuboid": (("size",), ("radius",)),
}
_SIZES = ("length", "rod_radius", "disc_radius", "thickness", "hole", "size")


class RigidBodyTable(Table):
    """A body, in its own frame, and its place, orientation and velocities at the start."""

    mass: Annotated[float, Quantity("kg", positive=True)]
    inertia: Annotated[list[float] | None, Quantity("kg m^2", (3,))] = None
    shape: Literal["ball", "rod", "disc", "cuboid"] | None = None
    radius: _Length = None
    length: _Length = None
    rod_radius: _Length = None
    disc_radius: _Length = None
    thickness: _Length = None
    hole: _Length = None
    size: Annotated[list[float] | None, Quantity("m", (3,))] = None
    moment: Annotated[list[float] | None, Quantity("A m^2", (3,))] = None
    moment_position: Annotated[list[float] | None, Quantity("m", (3,))] = None
    source: Name | None = None
    linear_drag: Annotated[float, Quantity("N s/m")] = 0.0
    angular_drag: Annotated[float, Quantity("N m s")] = 0.0
    fixed: bool = False
    hinge: Annotated[list[float] | None, Quantity("1", (3,), nonzero=True)] = None
    centre_of_mass: Vector = ORIGIN
    position: Vector = ORIGIN
    rotation: Annotated[list[float], Quantity("rad", (3,))] = ORIGIN
    velocity: _Velocity = ORIGIN
    angular_velocity: _Spin = ORIGIN

    @model_validator(mode="after")
    def _check(self) -> RigidBodyTable:
        way = exactly_one(self, "inertia", "shape")
        needed, allowed = ((), ("radius",)) if self.shape is None else _SHAPES[self.shape]
        whose = "inertia" if way == "inertia" else f"the shape {self.shape!r}"
        for key in needed:
            if getattr(self, key) is None:
                raise problem(f"required with {whose}", (key,))
        for key in _SIZES:
            if getattr(self, key) is not None and key not in (*needed, *allowed):
                raise problem(f"does not go with {whose}", (key,))
        if self.source is not None and self.moment is not None:
            raise problem("either moment or source may be given, got both", ("source",))
        if self.moment_position is not None and self.moment is None:
            raise problem("goes with moment", ("moment_position",))
        if any(self.centre_of_mass) and not self.fixed:
            raise problem(
                "goes with fixed: the place of a free body is its centre of mass", ("centre_of_mass",)
            )
        return self

    def make(self, sources: Mapping[str, Any]) -> Any:
        """Return the RigidBody."""
        from magneton.dynamics import RigidBody

        keys = (
            "moment",
            "moment_position",
            "linear_drag",
            "angular_drag",
            "fixed",
            "hinge",
            "centre_of_mass",
        )
        given: dict[str, Any] = {key: getattr(self, key) for key in keys}
        if self.source is not None:
            given["source"] = sources[self.source]
        if self.shape is None:
            return RigidBody(self.mass, self.inertia, radius=self.radius or 0.0, **given)
        needed, allowed = _SHAPES[self.shape]
        sizes = {key: getattr(self, key) for key in (*needed, *allowed) if getattr(self, key) is not None}
        return getattr(RigidBody, self.shape)(self.mass, **sizes, **given)
