"""Reads a scene file, and tells what is wrong with it in one line."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from magneton.scene.errors import Keys, SceneError, did_you_mean, shown
from magneton.scene.model import NUMBER, RANGE
from magneton.scene.schema import SceneTable, check_figures, check_references
from magneton.scene.sources import SOURCE_TYPES
from magneton.scene.sweeps import TASK, Axis, changed_table, make_axes, place, points
from magneton.scene.tasks import INNER_TYPES, TASK_TYPES


class Scene(NamedTuple):
    """A scene that has been read and found sound."""

    file: str
    text: str
    data: Mapping[str, Any]
    table: SceneTable
    axes: Mapping[str, list[Axis]]

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return Path(self.file).stem


def load_scene(path: str | Path) -> Scene:
    """Read a scene file and check all of it: keys, units, names, and every point of its sweeps.

    Parameters
    ----------
    path : str or Path
        A TOML file.

    Returns
    -------
    Scene
        Ready for `run_scene`. No source has been built yet.

    Raises
    ------
    SceneError
        A ValueError of one line: file, path of the key, what is required, what came.
    """
    try:
        return read_scene(_text(Path(path)), str(path))
    except SceneError as error:
        error.file = str(path)
        raise


def read_scene(text: str, file: str = "scene.toml") -> Scene:
    """Read a scene from text; see `load_scene`."""
    data = _toml(text)
    table = validated(TypeAdapter(SceneTable), data)
    check_references(table)
    axes = {
        name: make_axes(task.sweep, {**table.sources, TASK: task}, ("compute", name, "sweep"))
        for name, task in table.compute.items()
    }
    check_figures(table, axes)
    scene = Scene(file, text, data, table, axes)
    for name, sweeps in axes.items():
        _check_points(scene, name, sweeps)
    return scene


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SceneError("a scene file is required, but there is none of this name") from None
    except IsADirectoryError:
        raise SceneError("a scene file is required, got a directory") from None
    except UnicodeDecodeError as error:
        raise SceneError(f"UTF-8 text is required, got byte 0x{error.object[error.start]:02x}") from None
    except (OSError, ValueError) as error:
        raise SceneError(f"cannot read the file: {getattr(error, 'strerror', None) or error}") from None


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise SceneError("not valid TOML: nested too deeply") from None
    except ValueError as error:  # its own errors, and integers too long for int()
        raise SceneError(f"not valid TOML: {error}") from None


def validated(adapter: TypeAdapter[Any], data: Any, at: Keys = ()) -> Any:
    """Return the model that `data` describes; raise a SceneError with the first of its problems."""
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        keys, message = _described(problems[0], data)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise SceneError(message + more, (*at, *keys)) from None


def _described(found: Any, data: Any) -> tuple[Keys, str]:
    """Return the path and the message of one problem that pydantic found."""
    kind, context = found["type"], found.get("ctx", {})
    keys = _without_tags(found["loc"], data)
    if kind == "scene":
        return (*keys, *context["at"]), context["message"]
    if kind == "union_tag_not_found":
        inner = next((types for key, types in INNER_TYPES.items() if key in keys), TASK_TYPES)
        valid = inner if keys[0] == "compute" else SOURCE_TYPES
        return (*keys, "type"), f"required but missing; valid: {', '.join(valid)}"
    if kind == "union_tag_invalid":
        valid = [tag.strip().strip("'") for tag in context["expected_tags"].split(",")]
        return (*keys, "type"), f"unknown type {shown(context['tag'])}; {did_you_mean(context['tag'], valid)}"
    got = shown(found["input"])
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return keys, f"must be a table, got {got}"
    if kind == "literal_error":
        return keys, f"must be {context['expected']}, got {got}"
    if kind == "too_short":
        return keys, f"must have at least {context['min_length']} entry, got {got}"
    return keys, f"{found['msg'].replace('Input should be', 'must be')}, got {got}"


def _without_tags(loc: Iterable[str | int], data: Any) -> Keys:
    """Return a path as the file has it: pydantic puts the type of a table between the table and its key."""
    keys: list[str | int] = []
    here = data
    for key in loc:
        if key in (NUMBER, RANGE, "[key]", "str", "list[str]") and not (
            isinstance(here, dict) and key in here
        ):
            continue
        if isinstance(here, dict) and key == here.get("type") and key not in here:
            continue
        keys.append(key)
        if isinstance(here, dict):
            here = here.get(key)
        else:
            here = here[key] if isinstance(here, list) and isinstance(key, int) and key < len(here) else None
    return tuple(keys)


class Edited:
    """The models of sources and of the task at the points of a sweep; what stays the same between points is kept."""

    def __init__(self, scene: Scene, at: Keys) -> None:
        """Start from the models of the file; `at` leads to the task's sweeps, where errors are found."""
        self._scene = scene
        self._at = at
        self._last: dict[str, tuple[list[tuple[Keys, Any]], Any]] = {}

    def models(self, changes: Iterable[tuple[str, Keys, Any]], where: str) -> dict[str, Any]:
        """Return the models of the sources that a point changes, and that of the task as `TASK` if it does."""
        edits: dict[str, list[tuple[Keys, Any]]] = {}
        for source, keys, value in changes:
            edits.setdefault(source, []).append((keys, value))
        for source, edit in edits.items():
            if source not in self._last or self._last[source][0] != edit:
                self._last[source] = edit, self._model(source, edit, where)
        return {source: self._last[source][1] for source in edits}

    def _model(self, source: str, edit: list[tuple[Keys, Any]], where: str) -> Any:
        kind, name = ("sources", source) if source != TASK else map(str, self._at[:2])
        model = getattr(self._scene.table, kind)[name]
        data = changed_table(model, self._scene.data[kind][name], edit)
        try:
            return validated(_adapter(type(model)), data, (kind, name))
        except SceneError as error:
            raise SceneError(f"{error} (at {where})", self._at) from None


@functools.cache
def _adapter(model: type) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def _check_points(scene: Scene, name: str, axes: list[Axis]) -> None:
    edited = Edited(scene, ("compute", name, "sweep"))
    for index, changes in points(axes):
        edited.models(changes, place(axes, index))
