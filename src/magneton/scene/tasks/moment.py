"""The magnetic moment of a source."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from magneton.scene.errors import SceneError
from magneton.scene.model import Name
from magneton.scene.tasks.base import COMPONENT, Context, Coordinate, Task, Variable
from magneton.scene.tasks.interaction import XYZ


class MomentTask(Task):
    """The total moment of a source."""

    type: Literal["moment"]
    source: Name

    def source_names(self) -> dict[str, str]:
        """Return the source."""
        return {"source": self.source}

    def variables(self) -> dict[str, Variable]:
        """Return the moment."""
        return {"moment": Variable((COMPONENT,), "A m^2", f"magnetic moment of {self.source}")}

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the components' names."""
        return {COMPONENT: XYZ}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return the moment; the sum for many dipoles."""
        source = context.sources[self.source]
        try:
            moment = source.moment
        except (AttributeError, ValueError) as error:
            raise SceneError(f"{self.source} has no moment: {error}") from None
        return {"moment": np.asarray(moment)}
