"""The whole scene: sources, what to compute, figures, output; and how its parts must fit together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from magneton.scene.errors import Keys, SceneError, did_you_mean, shown
from magneton.scene.model import Name, Table, Text
from magneton.scene.quantities import problem
from magneton.scene.sources import AnySource
from magneton.scene.sweeps import Axis
from magneton.scene.tasks import AnyTask, Task
from magneton.scene.tasks.base import PARTS

MAX_CURVES = 14

DatasetFormat = Literal["nc", "csv", "json"]
FigureFormat = Literal["png", "svg", "pdf"]
Scale = Literal["linear", "log"]


def _unique(items: list[Any]) -> list[Any]:
    if len(set(items)) < len(items):
        raise problem(f"each may be given once only, got {shown(items)}")
    return items


class Band(Table):
    """A marked range of the values in a figure."""

    low: float
    high: float
    label: Text | None = None

    @model_validator(mode="after")
    def _check(self) -> Band:
        if not float("-inf") < self.low < self.high < float("inf"):
            raise problem(f"low must be below high, both finite, got {self.low:g} and {self.high:g}")
        return self


class Figure(Table):
    """A picture of a task's result: curves over one dimension (of several tasks too), or a map of a plane."""

    compute: Annotated[list[str], Field(min_length=1)] | str
    y: Annotated[list[str], Field(min_length=1)] | str
    x: str | None = None
    by: str | None = None
    panels: bool = False
    title: Text | None = None
    xlabel: Text | None = None
    ylabel: Text | None = None
    xscale: Scale = "linear"
    yscale: Scale = "linear"
    band: Band | None = None
    formats: Annotated[list[FigureFormat], AfterValidator(_unique)] = Field(default=["png"], min_length=1)

    def names(self) -> list[str]:
        """Return the variables to draw."""
        return [self.y] if isinstance(self.y, str) else self.y

    def tasks(self) -> list[str]:
        """Return the names of the tasks whose results are drawn."""
        return [self.compute] if isinstance(self.compute, str) else self.compute


class Output(Table):
    """In which formats datasets are written."""

    formats: Annotated[list[DatasetFormat], AfterValidator(_unique)] = Field(default=["nc", "csv"])


class SceneTable(Table):
    """A scene file as a whole."""

    title: Text = ""
    sources: dict[Name, AnySource] = Field(default={})
    compute: dict[Name, AnyTask]
    figures: dict[Name, Figure] = Field(default={})
    output: Output = Output()


def check_references(scene: SceneTable) -> None:
    """Raise a SceneError for the first name in a scene that leads nowhere."""
    if not scene.compute:
        raise SceneError("nothing to compute; add a table [compute.NAME]", ("compute",))
    for key in ("sources", "compute", "figures"):
        _check_case(key, getattr(scene, key))
    for name, source in scene.sources.items():
        for member, keys in source.members().items():
            _check_source(scene, member, ("sources", name, *keys))
    for name in scene.sources:
        build_order([name], scene.sources)
    for name, task in scene.compute.items():
        for key, source in task.source_names().items():
            _check_source(scene, source, ("compute", name, *key.split(".")))
        _check_task(task, ("compute", name))


def _check_case(key: str, names: Mapping[str, Any]) -> None:
    """Raise if two names are equal but for case: on many disks their files would be one file."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            raise SceneError(f"names must differ by more than case, got {other!r} and {name!r}", (key, name))


def _check_source(scene: SceneTable, name: str, at: Keys) -> None:
    if name not in scene.sources:
        raise SceneError(f"no source is named {shown(name)}; {did_you_mean(name, scene.sources)}", at)


def build_order(names: list[str], sources: Mapping[str, Any]) -> list[str]:
    """Return the sources that `names` need, members before what is made from them."""
    order: list[str] = []
    trail: list[str] = []

    def visit(name: str) -> None:
        if name in trail:
            circle = [*trail[trail.index(name) :], name]
            key = sources[name].members()[circle[1]][0]
            raise SceneError(
                f"a source cannot contain itself, got {' > '.join(circle)}", ("sources", name, key)
            )
        if name not in order:
            trail.append(name)
            for member in sources[name].members():
                visit(member)
            trail.pop()
            order.append(name)

    for name in names:
        visit(name)
    return order


def _check_task(task: Task, at: Keys) -> None:
    taken = {*task.variables(), *task.coordinates(), *task.texts(), *PARTS}
    for name in task.sweep:
        if name in taken:
            raise SceneError(
                f"the name is taken by a result; choose another than {name!r}", (*at, "sweep", name)
            )
    for i, name in enumerate(task.show or []):
        check_variable(task, name, (*at, "show", i))


def check_variable(task: Task, name: str, at: Keys) -> None:
    """Raise unless `name` is a variable of the task, or a component of one such as ``B.z``."""
    base, dot, part = name.partition(".")
    variables = task.variables()
    if base not in variables:
        raise SceneError(f"{shown(name)} is no result of this task; {did_you_mean(base, variables)}", at)
    parts = component_names(variables[base].dims)
    if dot and part not in parts:
        raise SceneError(f"{shown(name)} is no component; {did_you_mean(part, parts)}", at)


def component_names(dims: tuple[str, ...]) -> list[str]:
    """Return the names of a variable's components, and of its norm; none for a scalar."""
    rank = sum(dim in PARTS for dim in dims)
    names = {0: [], 1: list("xyz"), 2: [a + b for a in "xyz" for b in "xyz"]}[rank]
    return [*names, "norm"] if names else []


def check_figures(scene: SceneTable, axes: Mapping[str, list[Axis]]) -> None:
    """Raise a SceneError for the first figure that cannot be drawn, before anything is computed."""
    pictures = {picture for name, task in scene.compute.items() for picture in picture_names(name, task)}
    for name, figure in scene.figures.items():
        at = ("figures", name)
        if name in pictures:
            raise SceneError("the name is taken by a picture of a task", at)
        several = len(figure.tasks()) > 1
        drawn = []
        for i, task_name in enumerate(figure.tasks()):
            if task_name not in scene.compute:
                hint = did_you_mean(task_name, scene.compute)
                key = (*at, "compute", i) if several else (*at, "compute")
                raise SceneError(f"no compute is named {shown(task_name)}; {hint}", key)
            drawn.append(_drawn(figure, scene.compute[task_name], axes[task_name], several, at))
        along = list(dict.fromkeys(x for x, _ in drawn))
        if len(along) > 1:
            raise SceneError(f"all tasks of a figure must have one x, got {' and '.join(along)}", (*at, "x"))
        count = sum(count for _, count in drawn)
        if count > MAX_CURVES:
            raise SceneError(f"a figure can hold {MAX_CURVES} curves, got {count}", at)


def picture_names(name: str, task: Task) -> dict[str, str]:
    """Return the pictures that a task draws of itself: names of their files without the ending, and what each is."""
    return {f"{name}-{picture}": picture for picture in getattr(task, "pictures", [])}


def _drawn(figure: Figure, task: Task, axes: list[Axis], several: bool, at: Keys) -> tuple[str, int]:
    """Return what a figure draws of one task: the dimension along x, and how many curves (none for a map)."""
    for item in figure.names():
        check_variable(task, item, (*at, "y"))
    sizes = _sizes(task, axes, figure.names()[0])
    if not sizes:
        raise SceneError(f"{figure.names()[0]} is a single value: sweep something to draw it", (*at, "y"))
    for key in ("x", "by"):
        value = getattr(figure, key)
        if value is not None and value not in sizes:
            raise SceneError(
                f"{shown(value)} is no dimension of it; {did_you_mean(value, sizes)}", (*at, key)
            )
    if is_map(figure, list(sizes)):
        if several:
            raise SceneError("a map shows one task; give x to draw curves of several", (*at, "compute"))
        return "", 0
    x, by = curve_dims(figure, list(sizes), {axis.name for axis in axes if not axis.unit})
    if by == x or len(sizes) > 2:
        many = f"one dimension for x and at most one more for by; it has {', '.join(sizes)}"
        raise SceneError(f"a figure of curves needs {many}", at)
    return x, len(figure.names()) * (sizes[by] if by else 1)


def _sizes(task: Task, axes: list[Axis], name: str) -> dict[str, int]:
    """Return the lengths of the dimensions of a result's variable."""
    sizes = {axis.name: len(axis.values) for axis in axes}
    coordinates = task.coordinates()
    own = task.variables()[name.partition(".")[0]].dims
    return sizes | {dim: len(coordinates[dim].values) for dim in own if dim not in PARTS}


def is_map(figure: Figure, dims: list[str]) -> bool:
    """Return whether a figure shows a plane rather than curves."""
    return figure.x is None and figure.by is None and len(dims) == 2 and set(dims) <= {"x", "y", "z"}


def curve_dims(figure: Figure, dims: list[str], words: set[str]) -> tuple[str, str | None]:
    """Return the dimension along x, and the one that tells curves apart; `words` are dimensions of labels."""
    numbers = [dim for dim in dims if dim not in words and dim != figure.by]
    x = figure.x or (numbers[-1] if numbers else dims[-1])
    return x, figure.by or next((dim for dim in dims if dim != x), None)
