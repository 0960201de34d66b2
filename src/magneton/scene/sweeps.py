"""Sweeps: a task repeated over values of any number of any source, or of the task itself.

A sweep is one axis of the result. It moves one parameter (or several, in step) through a list of values; the
sweeps of a task make an outer product. Each point is a set of changes to the sources' tables as the file has
them, and the changed tables go through the same models as the file itself.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from magneton.scene.errors import Keys, SceneError, did_you_mean, shown
from magneton.scene.model import MAX_COUNT, Spacing, Table, Text, quantity_of, spread
from magneton.scene.quantities import Quantity, problem

Changes = list[tuple[str, Keys, Any]]  # source, keys inside its table, new value
TASK = ""  # stands for the task itself among names of sources, which are never empty


def one_or_more(paths: Any) -> Any:
    """Return a list: of one text, where one is given."""
    return [paths] if isinstance(paths, str) else paths


class Sweep(Table):
    """One axis of a result: `parameter` with its values, or `set` with lists for several parameters."""

    parameter: Annotated[list[str] | None, BeforeValidator(one_or_more)] = None
    values: list[Any] | None = None
    start: Any = None
    stop: Any = None
    count: int | None = None
    spacing: Spacing = "linear"
    times: Any = None
    plus: Any = None
    set: dict[str, list[Any]] | None = None
    labels: list[Text] | None = None
    label: Text | None = None

    @model_validator(mode="after")
    def _check(self) -> Sweep:
        if (self.parameter is None) == (self.set is None):
            raise problem("exactly one of parameter, set is required")
        given = [key for key in ("start", "stop", "count") if getattr(self, key) is not None]
        if self.set is not None:
            unused = [*given, *(k for k in ("values", "times", "plus") if getattr(self, k) is not None)]
            if unused:
                raise problem("goes with parameter, not with set", (unused[0],))
            twice = next((text for text, n in Counter(self.labels or ()).items() if n > 1), None)
            if twice is not None:
                raise problem(f"each label may be given once only, got {shown(twice)} twice", ("labels",))
            return self
        if self.labels is not None:
            raise problem("goes with set, not with parameter", ("labels",))
        if self.values is not None and given:
            raise problem("either values, or start, stop and count are required, got both")
        if self.values is None and len(given) != 3:
            raise problem(
                f"values, or start, stop and count are required, got {' and '.join(given) or 'none'}"
            )
        return self


class Target(NamedTuple):
    """A parameter found in the scene."""

    source: str
    keys: Keys
    quantity: Quantity


class Axis(NamedTuple):
    """A sweep made ready: the coordinate it shows, and the changes at each of its positions."""

    name: str
    values: list[Any]
    unit: str
    label: str
    changes: list[Changes]


def find_target(path: str, tables: Mapping[str, BaseModel], at: Keys) -> Target:
    """Return what a path such as ``sources.b.position.0`` leads to; raise if it leads nowhere.

    `tables` holds the sources by name, and the task itself as `TASK`, whose numbers are ``task.pitch_angle`` and so on.
    """
    head, *rest = path.split(".")
    if head == "task":
        rest = [TASK, *rest]
    elif head != "sources":
        raise SceneError(f"a parameter's path must start with 'sources.' or 'task.', got {shown(path)}", at)
    valid: Any = [name for name in tables if name != TASK]
    if not rest or rest[0] not in tables:
        raise SceneError(
            f"no such source in {shown(path)}; {did_you_mean(rest[0] if rest else '', valid)}", at
        )
    keys, quantity = _number_in(tables[rest[0]], rest[1:], path, at)
    return Target(rest[0], keys, quantity)


def _number_in(table: BaseModel, words: list[str], path: str, at: Keys) -> tuple[Keys, Quantity]:
    """Return the keys and the quantity that the rest of a path leads to in a table, or in one that it holds."""
    model = type(table)
    fixed, opened = getattr(model, "FIXED", ()), getattr(model, "OPEN", ())
    valid = [key for key in model.model_fields if quantity_of(model, key) and key not in fixed]
    valid += [key for key in opened if getattr(table, key)]
    key = words[0] if words else ""
    if key not in valid:
        raise SceneError(f"no such number in {shown(path)}; {did_you_mean(key, valid)}", at)
    quantity, value = quantity_of(model, key), getattr(table, key)
    if quantity is not None:
        return _indexed(key, value, quantity, words[1:], path, at)
    if not isinstance(value, list):
        keys, quantity = _number_in(value, words[1:], path, at)
        return (key, *keys), quantity
    if len(words) < 2 or not _is_index(words[1], len(value)):
        raise SceneError(f"no such number in {shown(path)}; {_parts([key], value, (None,))}", at)
    keys, quantity = _number_in(value[int(words[1])], words[2:], path, at)
    return (key, int(words[1]), *keys), quantity


def _indexed(
    key: str, value: Any, quantity: Quantity, words: list[str], path: str, at: Keys
) -> tuple[Keys, Quantity]:
    """Return the keys and the quantity of a number in a list, or of the list."""
    keys: list[str | int] = [key]
    shape = quantity.shape
    for text in words:
        if not shape or not _is_index(text, len(value) if isinstance(value, list) else 0):
            raise SceneError(f"no such number in {shown(path)}; {_parts(keys, value, shape)}", at)
        value, shape = value[int(text)], shape[1:]
        keys.append(int(text))
    return tuple(keys), Quantity(quantity.unit, shape)


def _is_index(text: str, size: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9 and int(text) < size


def _parts(keys: list[Any], value: Any, shape: tuple[int | None, ...]) -> str:
    """Return what may follow in a path, in words."""
    name = ".".join(map(str, keys))
    if not shape:
        return f"{name} is a single number"
    return f"{name} has indices 0 to {len(value) - 1}" if value else f"{name} is not given in the file"


def _read(quantity: Quantity, value: Any, at: Keys) -> float:
    try:
        return quantity.read(value)
    except ValueError as error:
        raise SceneError(str(error), at) from None


def _numbers(sweep: Sweep, unit: str, at: Keys) -> list[float]:
    quantity = Quantity(unit)
    if sweep.values is not None:
        return [_read(quantity, value, (*at, "values", i)) for i, value in enumerate(sweep.values)]
    start = _read(quantity, sweep.start, (*at, "start"))
    stop = _read(quantity, sweep.stop, (*at, "stop"))
    try:
        return spread(start, stop, sweep.count or 0, sweep.spacing)
    except PydanticCustomError as error:
        raise SceneError(str(error), (*at, *(error.context or {})["at"])) from None


def _parameter_axis(name: str, sweep: Sweep, tables: Mapping[str, BaseModel], at: Keys) -> Axis:
    targets = [find_target(path, tables, (*at, "parameter")) for path in sweep.parameter or []]
    if not targets:
        raise SceneError("at least one path is required, got an empty list", (*at, "parameter"))
    found = {target.quantity.unit for target in targets}
    if any(target.quantity.shape for target in targets):
        raise SceneError("must lead to a single number; use set to sweep whole lists", (*at, "parameter"))
    if len(found) > 1:
        raise SceneError(
            f"all paths must have one unit, got {' and '.join(sorted(found))}", (*at, "parameter")
        )
    unit = found.pop()
    values = _numbers(sweep, unit if sweep.times is None else "1", at)
    times = 1.0 if sweep.times is None else _read(Quantity(unit), sweep.times, (*at, "times"))
    plus = 0.0 if sweep.plus is None else _read(Quantity(unit), sweep.plus, (*at, "plus"))
    changes: list[Changes] = [[(t.source, t.keys, value * times + plus) for t in targets] for value in values]
    return Axis(name, values, unit if sweep.times is None else "1", sweep.label or name, changes)


def _set_axis(name: str, sweep: Sweep, tables: Mapping[str, BaseModel], at: Keys) -> Axis:
    assert sweep.set is not None
    if not sweep.set:
        raise SceneError("at least one parameter is required, got none", (*at, "set"))
    lengths = {path: len(values) for path, values in sweep.set.items()}
    if sweep.labels is not None:
        lengths["labels"] = len(sweep.labels)
    if len(set(lengths.values())) > 1:
        counts = ", ".join(f"{length} for {path}" for path, length in lengths.items())
        raise SceneError(f"lists of one sweep must have the same length, got {counts}", at)
    length = next(iter(lengths.values()))
    changes: list[Changes] = [[] for _ in range(length)]
    for path, values in sweep.set.items():
        target = find_target(path, tables, (*at, "set"))
        for i, value in enumerate(values):
            changes[i].append((target.source, target.keys, value))
    labels = sweep.labels or [str(i + 1) for i in range(length)]
    return Axis(name, labels, "", sweep.label or name, changes)


def make_axes(sweeps: Mapping[str, Sweep], tables: Mapping[str, BaseModel], at: Keys) -> list[Axis]:
    """Return the axes of a task's sweeps, all values read and all paths found; `tables` as of `find_target`."""
    axes = []
    for name, sweep in sweeps.items():
        make = _parameter_axis if sweep.set is None else _set_axis
        axis = make(name, sweep, tables, (*at, name))
        if not axis.values:
            raise SceneError("a sweep needs at least one value, got none", (*at, name))
        axes.append(axis)
    total = math.prod(len(axis.values) for axis in axes)
    if total > MAX_COUNT:
        raise SceneError(f"the sweeps make {total} points, more than {MAX_COUNT}", at)
    return axes


def changed_table(
    model: BaseModel, table: Mapping[str, Any], changes: list[tuple[Keys, Any]]
) -> dict[str, Any]:
    """Return a copy of a table with some values changed; the original is left alone."""
    result = dict(table)
    for keys, value in changes:
        here: Any = result
        known: Any = model
        for key in keys[:-1]:
            known = getattr(known, key) if isinstance(key, str) else known[key]
            inner: Any = known if isinstance(here, dict) and key not in here else here[key]  # a default
            here[key] = dict(inner) if isinstance(inner, dict) else list(inner)
            here = here[key]
        here[keys[-1]] = value
    return result


def points(axes: list[Axis]) -> Iterator[tuple[tuple[int, ...], Changes]]:
    """Yield the index and the changes of every point of the outer product, the last axis fastest."""
    import numpy as np

    for index in np.ndindex(*(len(axis.values) for axis in axes)):
        yield index, [change for axis, i in zip(axes, index, strict=True) for change in axis.changes[i]]


def place(axes: list[Axis], index: tuple[int, ...]) -> str:
    """Return where in the sweeps a point lies, in words: ``case = I, separation = 2.2``."""
    values = [axis.values[i] for axis, i in zip(axes, index, strict=True)]
    words = [value if isinstance(value, str) else f"{value:.6g}" for value in values]
    return ", ".join(f"{axis.name} = {word}" for axis, word in zip(axes, words, strict=True))
