"""The contract of a task: what it needs, what it gives, and one evaluation of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from magneton.scene.errors import SceneError, shown
from magneton.scene.model import Name, Table
from magneton.scene.quantities import problem
from magneton.scene.sweeps import Sweep
from magneton.sources.fields import COMPONENT, DERIVATIVE

PARTS = (COMPONENT, DERIVATIVE)  # dimensions of a vector or tensor, not of the points it is known at
# Endings of the names of a variable's approximate value, and of exact over approximate.
FORMULA, RATIO = "_formula", "_ratio"
SCALE = "_scale"  # of the size against which a variable's errors are judged


class Variable(NamedTuple):
    """A quantity a task gives: its dimensions (without those of sweeps), unit and meaning."""

    dims: tuple[str, ...]
    unit: str
    long_name: str


class Coordinate(NamedTuple):
    """Positions along a dimension of a task's own (not of a sweep)."""

    dims: tuple[str, ...]
    values: Any
    unit: str
    long_name: str


class Context(NamedTuple):
    """What a task finds when it is evaluated: the sources, built for this point of the sweeps.

    A long run streams to `folder`, which is this point's own, if there is one; `progress` is as for
    `magneton.runs.execute`.
    """

    sources: Mapping[str, Any]
    folder: Path | None = None
    progress: bool | None = False


class Task(Table):
    """One thing to compute, perhaps over sweeps."""

    #: Keys that the coordinates depend on: no sweep may change them.
    FIXED: ClassVar[tuple[str, ...]] = ()
    #: Keys of tables, or of lists of them, whose numbers a sweep may change: ``task.terms.0.B.2``.
    OPEN: ClassVar[tuple[str, ...]] = ()

    sweep: dict[Name, Sweep] = Field(default={})
    show: list[str] | None = None

    def source_names(self) -> dict[str, str]:
        """Return the sources the task needs, by the key that names each."""
        return {}

    def variables(self) -> dict[str, Variable]:
        """Return what the task gives."""
        raise NotImplementedError

    def texts(self) -> dict[str, str]:
        """Return what the task says in words, by name: what each is about."""
        return {}

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the coordinates of the task's own dimensions."""
        return {}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return values at one point of the sweeps: of the variables, or of what `complete` needs for them."""
        raise NotImplementedError

    def complete(self, values: dict[str, np.ndarray]) -> None:
        """Turn values stacked over all points of the sweeps into those of all variables, in place."""

    def shown(self) -> list[str]:
        """Return the variables (or their components, ``B.z``) to print."""
        names = [name for name in self.variables() if not name.endswith((FORMULA, RATIO, SCALE, "error"))]
        return names if self.show is None else self.show


def with_formula(variables: dict[str, Variable], kind: str) -> dict[str, Variable]:
    """Return variables, each followed by its approximate value and the ratio of the two."""
    result = {}
    for name, variable in variables.items():
        dims = tuple(dim for dim in variable.dims if dim not in PARTS)
        magnitude = "magnitudes, " if len(dims) < len(variable.dims) else ""
        result[name] = variable
        result[name + FORMULA] = variable._replace(long_name=f"{variable.long_name}, {kind} formula")
        result[name + RATIO] = Variable(dims, "1", f"{variable.long_name}: {magnitude}exact / formula")
    return result


def ratio(exact: Any, formula: Any, parts: int, scale: Any = 0.0) -> np.ndarray:
    """Return exact over formula (of the norms over the last `parts` axes); nan where the formula vanishes.

    Below 1e-13 of `scale`, the size the formula would have without cancellation, it counts as zero.
    """
    axes = tuple(range(-parts, 0))
    if parts:
        exact, formula = (np.sqrt(np.sum(np.square(x), axis=axes)) for x in (exact, formula))
    formula = np.where(np.abs(formula) <= 1e-13 * np.asarray(scale), np.nan, formula)
    return np.asarray(exact) / formula


def require_fraction(rtol: float) -> None:
    """Raise unless a tolerance lies between 0 and 1."""
    if not 0 < rtol < 1:
        raise problem(f"must lie between 0 and 1, got {rtol:g}", ("rtol",))


def centre_and_moment(source: Any, name: str) -> tuple[Any, Any]:
    """Return where a source is and its moment, for formulas that see only these."""
    try:
        return source.position, source.moment
    except (AttributeError, ValueError):
        kind = type(source).__name__
        lacking = "position" if not hasattr(type(source), "position") else "moment"
        raise SceneError(
            f"'dipole' needs sources with a position and a moment, got {shown(name)}, a {kind}, without a {lacking}",
            ("formula",),
        ) from None


@contextmanager
def naming(source: str, target: str) -> Iterator[None]:
    """Say which two sources an error between a source and a target is about."""
    try:
        yield
    except OverflowError:
        raise
    except (ValueError, ArithmeticError) as error:
        raise SceneError(f"{error} (source {shown(source)}, target {shown(target)})") from None
