"""The mutual inductance of two circuits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import model_validator

from magneton.scene.model import Name
from magneton.scene.quantities import Quantity
from magneton.scene.tasks.base import Context, Task, Variable, naming, require_fraction


class MutualInductanceTask(Task):
    """The flux that one circuit sends through another, per current."""

    type: Literal["mutual_inductance"]
    source: Name
    target: Name
    rtol: Annotated[float, Quantity("1")] = 1e-9

    @model_validator(mode="after")
    def _check(self) -> MutualInductanceTask:
        require_fraction(self.rtol)
        return self

    def source_names(self) -> dict[str, str]:
        """Return the two circuits."""
        return {"source": self.source, "target": self.target}

    def variables(self) -> dict[str, Variable]:
        """Return the mutual inductance."""
        name = f"mutual inductance of {self.source} and {self.target}"
        return {"mutual_inductance": Variable((), "H", name)}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return the mutual inductance."""
        from magneton.interactions import mutual_inductance

        source, target = context.sources[self.source], context.sources[self.target]
        with naming(self.source, self.target):
            return {"mutual_inductance": mutual_inductance(source, target, rtol=self.rtol)}
