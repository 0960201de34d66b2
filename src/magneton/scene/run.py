"""Runs a scene: builds its sources, evaluates its tasks at all points of their sweeps, stacks the results."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton._version import __version__
from magneton.constants import EDITION
from magneton.scene.errors import Keys, SceneError
from magneton.scene.load import Edited, Scene
from magneton.scene.schema import build_order
from magneton.scene.sweeps import TASK, Axis, Changes, place, points
from magneton.scene.tasks import Context, Task

if TYPE_CHECKING:
    import xarray as xr

Progress = Callable[[str, int, int], None]


def run_scene(
    scene: Scene, progress: Progress | None = None, folder: Path | None = None
) -> dict[str, xr.Dataset]:
    """Run all tasks of a scene.

    Parameters
    ----------
    scene : Scene
        From `load_scene`.
    progress : callable, optional
        Called as ``progress(task name, points done, points in all)`` after every point of a sweep.
    folder : Path, optional
        Where tasks that stream write while they run: each into a folder ``NAME.stream`` of its own, from which an
        interrupted run goes on. Such tasks need it.

    Returns
    -------
    dict of str to xarray.Dataset
        One dataset a task. Its first dimensions are those of the sweeps, in the order of the file; attributes
        hold units, the scene's text and the version of magneton.

    Raises
    ------
    SceneError
        If the physics refuses, for example because two dipoles are in the same place; the message names the
        point of the sweeps where.
    """
    try:
        return {
            name: _run_task(scene, name, task, progress, folder) for name, task in scene.table.compute.items()
        }
    except SceneError as error:
        error.file = scene.file
        raise


class _Builder:
    """Builds the sources of one task; what no sweep has changed since is kept."""

    def __init__(self, scene: Scene, names: Iterable[str], at: Keys) -> None:
        self._sources = scene.table.sources
        self._order = build_order(list(names), scene.table.sources)
        self._edited = Edited(scene, (*at, "sweep"))
        self._built: dict[str, tuple[Any, Any]] = {}  # the model and what it made

    def build(self, task: Task, changes: Changes, where: str) -> tuple[Task, dict[str, Any]]:
        """Return the task and all its sources at a point of the sweeps."""
        models = self._edited.models(changes, where)
        fresh: set[str] = set()
        for name in self._order:
            model = models.get(name, self._sources[name])
            known = self._built.get(name, (None, None))[0] is model
            if not known or fresh.intersection(model.members()):
                made = {member: self._built[member][1] for member in model.members()}
                self._built[name] = model, make_source(name, model, made)
                fresh.add(name)
        return models.get(TASK, task), {name: self._built[name][1] for name in self._order}


def make_source(name: str, model: Any, made: Mapping[str, Any]) -> Any:
    """Return what a source's model makes of those that are made already; raise a SceneError if it refuses."""
    try:
        return model.build({member: made[member] for member in model.members()})
    except (ValueError, AttributeError, ArithmeticError) as error:
        raise SceneError(str(error), ("sources", name)) from None


def _run_task(
    scene: Scene, name: str, task: Task, progress: Progress | None, folder: Path | None
) -> xr.Dataset:
    axes, at = scene.axes[name], ("compute", name)
    builder = _Builder(scene, task.source_names().values(), at)
    shape = tuple(len(axis.values) for axis in axes)
    total = math.prod(shape)
    stacks: dict[str, np.ndarray] = {}
    for done, (index, changes) in enumerate(points(axes), start=1):
        # A bar of the sweep's and one of the run's would be drawn over one another.
        run = {"folder": _own_folder(folder, name, index), "progress": None if progress is None else False}
        values = _evaluate(task, builder, changes, place(axes, index), at, run)
        for key, value in values.items():
            if key not in stacks:
                stacks[key] = np.empty(shape + np.shape(value), object if isinstance(value, str) else float)
            _require_alike(stacks[key].shape[len(shape) :], np.shape(value), key, at)
            stacks[key][index] = value
        if progress is not None:
            progress(name, done, total)
    with _physics(at), np.errstate(all="ignore"):
        task.complete(stacks)
    return _dataset(scene, name, task, axes, stacks)


def _require_alike(first: tuple[int, ...], shape: tuple[int, ...], name: str, at: Keys) -> None:
    """Raise if a point of a sweep gives a result of another size than the points before."""
    if shape != first:
        raise SceneError(
            f"a sweep must not change how many there are, got {name} of shape {first} and then {shape}",
            (*at, "sweep"),
        )


@contextmanager
def _physics(at: Keys, where: str = "") -> Iterator[None]:
    """Tell what the physics refuses as an error of the scene."""
    try:
        yield
    except (ValueError, AttributeError, ArithmeticError) as error:
        text = "a number is too large" if isinstance(error, OverflowError) else str(error)
        inner = error if isinstance(error, SceneError) else SceneError(text)
        keys = inner.keys if inner.keys[:1] == ("sources",) else (*at, *inner.keys)
        raise SceneError(inner.message + (f" (at {where})" if where else ""), keys) from None


def _own_folder(folder: Path | None, name: str, index: tuple[int, ...]) -> Path | None:
    """Return where a task streams to at a point of its sweeps."""
    if folder is None:
        return None
    return (folder / f"{name}.stream").joinpath("-".join(map(str, index)))


def _evaluate(
    task: Task, builder: _Builder, changes: Changes, where: str, at: Keys, run: dict[str, Any]
) -> dict[str, Any]:
    with (
        _physics(at, where),
        np.errstate(all="ignore"),
    ):  # a field that is not defined is nan; that is no news
        changed, sources = builder.build(task, changes, where)
        return changed.evaluate(Context(sources, **run))


def _dataset(
    scene: Scene, name: str, task: Task, axes: list[Axis], stacks: dict[str, np.ndarray]
) -> xr.Dataset:
    import xarray as xr

    swept = tuple(axis.name for axis in axes)
    coords: dict[str, Any] = {}
    for axis in axes:
        attrs = {"long_name": axis.label} | ({"units": axis.unit} if axis.unit else {})
        coords[axis.name] = ((axis.name,), axis.values, attrs)
    for key, coordinate in task.coordinates().items():
        attrs = {"long_name": coordinate.long_name} | ({"units": coordinate.unit} if coordinate.unit else {})
        coords[key] = (coordinate.dims, coordinate.values, attrs)
    data = {
        key: (
            (*swept, *variable.dims),
            stacks[key],
            {"long_name": variable.long_name, "units": variable.unit},
        )
        for key, variable in task.variables().items()
    }
    for key, long_name in task.texts().items():
        data[key] = (swept, stacks[key].astype(str), {"long_name": long_name})
    attrs = {
        "title": f"{scene.table.title or scene.stem}: {name}",
        "task": getattr(task, "type", ""),
        "source": f"magneton {__version__}",
        "constants": EDITION,
        "scene": scene.text,
    }
    if (method := getattr(task, "method", None)) is not None:
        attrs["method"] = method
    return xr.Dataset(data, coords, attrs)
