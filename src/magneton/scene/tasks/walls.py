"""Tables of the walls at which orbits end."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from magneton.scene.model import Table, type_names
from magneton.scene.quantities import Quantity
from magneton.scene.source_base import ORIGIN, Vector


class _BallTable(Table):
    radius: Annotated[float, Quantity("m", positive=True)]
    centre: Vector = ORIGIN

    def make(self) -> Any:
        """Return the wall that an ensemble takes."""
        from magneton import orbits

        return getattr(orbits, getattr(self, "type"))(self.centre, self.radius)  # noqa: B009


class AbsorbingBallTable(_BallTable):
    """A ball that takes what comes into it."""

    type: Literal["AbsorbingBall"]

    def event(self) -> Any:
        """Return the event at which an orbit ends."""
        from magneton.orbits.events import Sphere

        return Sphere(self.centre, self.radius, direction=-1, terminal=True)


class EnclosingBallTable(_BallTable):
    """A ball that takes what leaves it."""

    type: Literal["EnclosingBall"]

    def event(self) -> Any:
        """Return the event at which an orbit ends."""
        from magneton.orbits.events import Sphere

        return Sphere(self.centre, self.radius, direction=1, terminal=True)


class AbsorbingHalfSpaceTable(Table):
    """A plane; what crosses it along `normal` is lost."""

    type: Literal["AbsorbingHalfSpace"]
    point: Vector
    normal: Annotated[list[float], Quantity("1", (3,), nonzero=True)]

    def make(self) -> Any:
        """Return the wall that an ensemble takes."""
        from magneton import orbits

        return orbits.AbsorbingHalfSpace(self.point, self.normal)

    def event(self) -> Any:
        """Return the event at which an orbit ends."""
        from magneton.orbits.events import Plane

        return Plane(self.point, self.normal, direction=1, terminal=True)


_Union = AbsorbingBallTable | EnclosingBallTable | AbsorbingHalfSpaceTable
AnyWall = Annotated[_Union, Field(discriminator="type")]
WALL_TYPES = type_names(_Union)
