"""What tasks of moments that precess share: the moments, where they are, and the terms of their energy."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from magneton.scene.errors import SceneError
from magneton.scene.model import exactly_one
from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks.base import Context, Coordinate
from magneton.scene.tasks.gyromagnetic import GyromagneticTask
from magneton.scene.tasks.lattice import LatticeTable
from magneton.scene.tasks.particles import require_count
from magneton.scene.tasks.terms import AnyTerm

_PLACES = ("positions", "lattice", "count")


class SpinSystemTask(GyromagneticTask):
    """A task of a SpinSystem: moments one by one, or many of one magnitude along a direction or at random."""

    OPEN: ClassVar = ("terms", "lattice")

    moments: Annotated[list[list[float]] | None, Quantity("A m^2", (None, 3))] = None
    magnitude: Annotated[float | None, Quantity("A m^2", positive=True)] = None
    direction: Annotated[list[float] | None, Quantity("1", (3,), nonzero=True)] = None
    random: bool = False
    count: int | None = None
    positions: Annotated[list[list[float]] | None, Quantity("m", (None, 3))] = None
    lattice: LatticeTable | None = None
    terms: Annotated[list[AnyTerm], Field(min_length=1)]
    alpha: Annotated[float, Quantity("1")] = 0.0
    seed: int | None = None

    @model_validator(mode="after")
    def _check_system(self) -> SpinSystemTask:
        places = [key for key in _PLACES if getattr(self, key) is not None]
        if len(places) > 1:
            raise problem(f"at most one of {', '.join(_PLACES)} may be given, got {' and '.join(places)}")
        if self.count is not None:
            require_count(self.count, "count", 1)
        if exactly_one(self, "moments", "magnitude") == "moments":
            self._check_moments()
        elif self.random == (self.direction is not None):
            raise problem("required with magnitude, unless random = true is given instead", ("direction",))
        if self.alpha < 0.0:
            raise problem(f"must not be negative, got {self.alpha:g}", ("alpha",))
        if self.seed is not None and self.seed < 0:
            raise problem(f"must be a whole number of at least 0, got {self.seed}", ("seed",))
        if self.random and self.seed is None:
            raise problem("required where directions are random", ("seed",))
        self._check_bonds()
        return self

    def _check_moments(self) -> None:
        """Raise unless a list of moments stands alone, and each has its place."""
        for key in ("direction", "count"):
            if getattr(self, key) is not None:
                raise problem("goes with magnitude, not with moments", (key,))
        if self.random:
            raise problem("goes with magnitude, not with moments", ("random",))
        for i, moment in enumerate(self.moments or []):
            if not any(moment):
                raise problem("must not be zero", ("moments", i))
        places = len(self.positions) if self.positions is not None else self.size()
        if self.lattice is not None:
            places = self.lattice.count()
        if places != self.size():
            key = "positions" if self.lattice is None else "lattice"
            raise problem(f"must have one place a moment, got {places} for {self.size()}", (key,))

    def _check_bonds(self) -> None:
        """Raise unless terms that couple neighbours have a lattice or pairs."""
        for i, term in enumerate(self.terms):
            if self.lattice is None and getattr(term, "pairs", ()) is None:
                raise problem("required without a lattice: [[0, 1], [1, 2]]", ("terms", i, "pairs"))

    def size(self) -> int:
        """Return the number of moments."""
        if self.moments is not None:
            return len(self.moments)
        if self.lattice is not None:
            return self.lattice.count()
        return len(self.positions) if self.positions is not None else self.count or 1

    def source_names(self) -> dict[str, str]:
        """Return the sources whose fields act."""
        return {
            f"terms.{i}.{key}": name
            for i, term in enumerate(self.terms)
            for key, name in term.source_names().items()
        }

    def each(self) -> dict[str, Coordinate]:
        """Return the axis of moments."""
        numbers = np.arange(1, self.size() + 1)
        return {"moment": Coordinate(("moment",), numbers, "", "moment")}

    def system(self, context: Context) -> Any:
        """Return the SpinSystem."""
        from magneton.dynamics import SpinSystem

        lattice = self._lattice()
        positions = self.positions if lattice is None else lattice.positions
        terms = [self._term(i, context, lattice) for i in range(len(self.terms))]
        return SpinSystem(self._start(), positions, terms, self.signed_gamma("electron"), self.alpha)

    def _lattice(self) -> Any:
        try:
            return None if self.lattice is None else self.lattice.make()
        except ValueError as error:
            raise SceneError(str(error), ("lattice",)) from None

    def _term(self, i: int, context: Context, lattice: Any) -> Any:
        try:
            return self.terms[i].make(context.sources, lattice)
        except ValueError as error:
            raise SceneError(str(error), ("terms", i)) from None

    def _start(self) -> np.ndarray:
        """Return the moments at the start, shape (n, 3), A m^2."""
        if self.moments is not None:
            return np.array(self.moments)
        shape = (self.size(), 3)
        if self.direction is not None:
            u = np.broadcast_to(np.array(self.direction), shape)
        else:
            u = np.random.default_rng(self.seed).normal(size=shape)
        assert self.magnitude is not None
        return self.magnitude * u / np.linalg.norm(u, axis=1, keepdims=True)


def require_temperature(temperature: float, seed: int | None) -> None:
    """Raise unless a temperature is one, and has a seed."""
    if temperature < 0.0:
        raise problem(f"must not be negative, got {temperature:g}", ("temperature",))
    if temperature and seed is None:
        raise problem("required with a temperature", ("seed",))
