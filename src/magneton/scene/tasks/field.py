"""Fields of a source at points, along a line, and on a grid."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from magneton.scene.errors import SceneError
from magneton.scene.model import MAX_COUNT, GridAxis, Name, Range, Table, exactly_one
from magneton.scene.quantities import Quantity, problem
from magneton.scene.source_base import ORIGIN, Vector, Vectors
from magneton.scene.tasks.base import (
    FORMULA,
    RATIO,
    Context,
    Coordinate,
    Task,
    Variable,
    centre_and_moment,
    ratio,
    with_formula,
)
from magneton.scene.tasks.interaction import XYZ
from magneton.sources.fields import COMPONENT, DERIVATIVE, FIELDS

FieldName = Literal["B", "H", "A", "grad_B", "scalar_potential"]


class Line(Range):
    """Points on a straight line: origin + distance * direction / |direction|."""

    direction: Annotated[list[float], Quantity("1", (3,), nonzero=True)]
    origin: Vector = ORIGIN


class Grid(Table):
    """A grid along the axes: each of x, y, z is a fixed number or a range."""

    x: GridAxis = 0.0
    y: GridAxis = 0.0
    z: GridAxis = 0.0

    def ranges(self) -> dict[str, list[float]]:
        """Return the positions along the axes that vary."""
        return {key: getattr(self, key).values() for key in "xyz" if isinstance(getattr(self, key), Range)}

    @model_validator(mode="after")
    def _check(self) -> Grid:
        counts = [getattr(self, key).count for key in "xyz" if isinstance(getattr(self, key), Range)]
        if not counts:
            raise problem("at least one of x, y, z must be a range {start, stop, count}, got three numbers")
        if math.prod(counts) > MAX_COUNT:
            raise problem(f"at most {MAX_COUNT} points are allowed, got {math.prod(counts)}")
        return self


class FieldTask(Task):
    """Fields and potentials of a source, in the places one of `points`, `line` and `grid` names."""

    FIXED: ClassVar = ("points",)

    type: Literal["field"]
    source: Name
    quantities: list[FieldName] = Field(default=["B"], min_length=1)
    points: Vectors | None = None
    line: Line | None = None
    grid: Grid | None = None
    formula: Literal["dipole"] | None = None

    @model_validator(mode="after")
    def _check(self) -> FieldTask:
        exactly_one(self, "points", "line", "grid")
        return self

    def source_names(self) -> dict[str, str]:
        """Return the source."""
        return {"source": self.source}

    def _dims(self) -> tuple[str, ...]:
        if self.grid is not None:
            return tuple(self.grid.ranges())
        return ("point",) if self.line is None else ("distance",)

    def variables(self) -> dict[str, Variable]:
        """Return the fields asked for, the dipole's beside them if that is asked for too."""
        dims = self._dims()
        exact = {}
        for name in dict.fromkeys(self.quantities):
            own, unit, long_name = FIELDS[name]
            exact[name] = Variable((*dims, *own), unit, f"{long_name} of {self.source}")
        return with_formula(exact, self.formula) if self.formula else exact

    def _locations(self) -> np.ndarray:
        """Return the points, shape (..., 3)."""
        if self.points is not None:
            return np.array(self.points)
        if self.line is not None:
            direction = np.array(self.line.direction) / np.max(np.abs(self.line.direction))
            direction /= np.linalg.norm(direction)
            return np.array(self.line.origin) + np.outer(self.line.values(), direction)
        assert self.grid is not None
        ranges = self.grid.ranges()
        axes = [ranges.get(key, [getattr(self.grid, key)]) for key in "xyz"]
        mesh = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        return mesh.reshape(*(len(values) for values in ranges.values()), 3)

    def coordinates(self) -> dict[str, Coordinate]:
        """Return where the fields are known."""
        places = self._locations()
        result = {}
        for i, key in enumerate("xyz"):
            if self.grid is None:
                result[key] = Coordinate(self._dims(), places[:, i], "m", key)
            elif isinstance(axis := getattr(self.grid, key), Range):
                result[key] = Coordinate((key,), axis.values(), "m", key)
            else:
                result[key] = Coordinate((), axis, "m", key)
        if self.line is not None:
            result["distance"] = Coordinate(("distance",), self.line.values(), "m", "distance")
        elif self.points is not None:
            result["point"] = Coordinate(("point",), np.arange(1, len(places) + 1), "", "point")
        result[COMPONENT] = XYZ
        if "grad_B" in self.quantities:
            result[DERIVATIVE] = Coordinate((DERIVATIVE,), ["x", "y", "z"], "", "derivative with respect to")
        return result

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return the fields at all points."""
        source, places, result = context.sources[self.source], self._locations(), {}
        dipole = self._dipole(source) if self.formula else None
        for name in dict.fromkeys(self.quantities):
            exact = self._field(source, name, places)
            result[name] = exact
            if dipole is not None:
                formula = self._field(dipole, name, places)
                result[name + FORMULA] = formula
                result[name + RATIO] = ratio(exact, formula, len(FIELDS[name].dims))
        return result

    def _field(self, source: Any, name: str, places: np.ndarray) -> np.ndarray:
        try:
            return np.asarray(getattr(source, name)(places))
        except (AttributeError, ValueError, NotImplementedError) as error:
            raise SceneError(f"cannot compute {name} of {self.source}: {error}", ("quantities",)) from None

    def _dipole(self, source: Any) -> Any:
        from magneton.sources import Dipole

        position, moment = centre_and_moment(source, self.source)
        return Dipole(moment, position)
