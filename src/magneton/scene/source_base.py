"""What the tables of all sources share: a type, a rotation, and how the object is built.

The objects' room (and with it the compiler) is imported only when a source is built.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any

from magneton.scene.errors import Keys
from magneton.scene.model import Table
from magneton.scene.quantities import Quantity

ORIGIN = [0.0, 0.0, 0.0]
Vector = Annotated[list[float], Quantity("m", (3,))]
Vectors = Annotated[list[list[float]], Quantity("m", (None, 3))]
Moment = Annotated[list[float], Quantity("A m^2", (3,))]
Current = Annotated[float, Quantity("A")]


class SourceTable(Table):
    """What every source has: a type, and a rotation of the object about its position (or else the origin)."""

    rotation: Annotated[list[float], Quantity("rad", (3,))] = ORIGIN

    def members(self) -> dict[str, Keys]:
        """Return the names of the sources this one is made from, and where the table gives each."""
        return {}

    @abstractmethod
    def make(self, members: Mapping[str, Any]) -> Any:
        """Return the object, not yet rotated."""

    def build(self, members: Mapping[str, Any]) -> Any:
        """Return the object that `magneton.sources` has for this table."""
        made = self.make(members)
        if not any(self.rotation):
            return made
        from scipy.spatial.transform import Rotation

        about = getattr(made, "position", ORIGIN)
        return made.rotated(Rotation.from_rotvec(self.rotation), about=about)
