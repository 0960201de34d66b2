"""The table of a lattice of moments."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from magneton.scene.errors import shown
from magneton.scene.model import MAX_COUNT, Table, exactly_one
from magneton.scene.quantities import Quantity, problem

_SITES = {"simple": 1, "bcc": 2, "fcc": 4}


def _three(values: list[Any]) -> list[Any]:
    if len(values) != 3:
        raise problem(f"must be 3 values, one for each lattice vector, got {len(values)}: {shown(values)}")
    return values


def _counts(values: list[int]) -> list[int]:
    if any(value < 1 for value in values) or math.prod(values) > MAX_COUNT:
        raise problem(f"must be 3 numbers of cells, {MAX_COUNT} in all at most, got {shown(values)}")
    return values


def _each(value: Any) -> Any:
    return [value] * 3 if isinstance(value, bool) else value


class LatticeTable(Table):
    """A regular lattice, one moment a site."""

    cell: Literal["simple", "bcc", "fcc"] = "simple"
    shape: Annotated[list[int], AfterValidator(_three), AfterValidator(_counts)]
    spacing: Annotated[float | None, Quantity("m", positive=True)] = None
    vectors: Annotated[list[list[float]] | None, Quantity("m", (3, 3))] = None
    basis: Annotated[list[list[float]] | None, Quantity("1", (None, 3))] = None
    periodic: Annotated[list[bool], BeforeValidator(_each), AfterValidator(_three)] = [False] * 3

    @model_validator(mode="after")
    def _check(self) -> LatticeTable:
        exactly_one(self, "spacing", "vectors")
        if self.cell != "simple":
            for key in ("vectors", "basis"):
                if getattr(self, key) is not None:
                    raise problem(f"goes with the cell 'simple', not with {self.cell!r}", (key,))
        return self

    def count(self) -> int:
        """Return the number of sites."""
        sites = _SITES[self.cell] if self.basis is None else len(self.basis)
        return math.prod(self.shape) * sites

    def make(self) -> Any:
        """Return the Lattice."""
        from magneton.dynamics import Lattice

        if self.cell != "simple":
            return getattr(Lattice, self.cell)(self.shape, self.spacing, periodic=self.periodic)
        return Lattice(self.shape, self.spacing, self.vectors, self.basis, self.periodic)
