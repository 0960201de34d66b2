"""Results as tables on the screen: exact beside formula, seven digits, rounding noise as 0."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from magneton.scene.output import point_dims
from magneton.scene.schema import component_names
from magneton.scene.tasks.base import FORMULA, PARTS, RATIO, SCALE

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Group
    from rich.table import Table

MAX_POINTS = 12
MAX_COLUMNS = 5
NOISE = 1e-13


class Item(NamedTuple):
    """One thing to print: a variable or one component of it, as arrays over the points, then the parts."""

    name: str
    unit: str
    parts: list[str]
    exact: np.ndarray
    formula: np.ndarray | None


def number(value: float) -> str:
    """Return a number as the tables show it."""
    return "-" if np.isnan(value) else f"{value:.7g}" if value else "0"


def table(dataset: xr.Dataset, shown: list[str], title: str) -> Group:
    """Return the table of a result.

    Parameters
    ----------
    dataset : xarray.Dataset
        From `run_scene`.
    shown : list of str
        Variables, or components of variables such as ``B.z``.
    title : str
        Printed above.
    """
    items = [_item(dataset, name) for name in shown]
    dims = point_dims(dataset[[item.name.partition(".")[0] for item in items]])
    single = len(items) == 1 and items[0].parts == [""] and items[0].formula is None
    if single and len(dims) == 2 and dataset.sizes[dims[0]] <= MAX_COLUMNS:
        return _crossed(dataset, dims, items[0], title)
    if len(items) <= MAX_COLUMNS and all(item.parts == [""] and item.formula is None for item in items):
        return _beside(dataset, dims, items, title)
    if all(len(item.parts) == 4 and item.formula is None for item in items):
        return _wide(dataset, dims, items, title)
    return _long(dataset, dims, items, title)


def remarks(dataset: xr.Dataset, texts: Iterable[str]) -> Iterator[str]:
    """Yield what a result says in words, a line for each point of its sweeps, unless there are many."""
    for name in texts:
        array = dataset[name]
        if array.size > MAX_POINTS:
            yield f"{name}: the files hold those of all {array.size} points"
            continue
        for point in np.ndindex(*array.shape):
            where = _coordinates(dataset, list(map(str, array.dims)), point)
            yield f"{', '.join([name, *where])}: {array.values[point]}"


def _item(dataset: xr.Dataset, shown: str) -> Item:
    name, _, part = shown.partition(".")
    array = dataset[name]
    exact, scale = _with_norm(array), _scale(dataset, name)
    exact = _quiet(exact, scale)
    formula = None
    if name + FORMULA in dataset:
        formula = _quiet(_with_norm(dataset[name + FORMULA]), scale)
    parts = component_names(tuple(map(str, array.dims))) or [""]
    if part:
        i = parts.index(part)
        exact, formula = exact[..., i : i + 1], None if formula is None else formula[..., i : i + 1]
    unit = array.attrs["units"]
    return Item(shown, "" if unit == "1" else unit, [""] if part else parts, exact, formula)


def _with_norm(array: xr.DataArray) -> np.ndarray:
    """Return values over points and one axis of components, the norm last; a scalar is its only one."""
    rank = sum(dim in PARTS for dim in array.dims)
    values = array.values.reshape(*array.shape[: array.ndim - rank], -1)
    if not rank:
        return values
    return np.concatenate([values, np.linalg.norm(values, axis=-1, keepdims=True)], axis=-1)


def _scale(dataset: xr.Dataset, name: str) -> np.ndarray:
    """Return at each point the size against which a component is noise."""
    if name + SCALE in dataset:
        return _with_norm(dataset[name + SCALE])
    names = [name, name + FORMULA]
    sizes = [np.max(np.abs(_with_norm(dataset[n])), axis=-1, keepdims=True) for n in names if n in dataset]
    return np.maximum.reduce(sizes)


def _quiet(values: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.where(np.abs(values) <= NOISE * scale, 0.0, values)


def _chosen(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the points to print: all of them, or a coarser grid, spread over each axis."""
    if math.prod(shape) <= MAX_POINTS:
        return list(np.ndindex(*shape))
    left, kept = MAX_POINTS, [0] * len(shape)
    order = sorted(range(len(shape)), key=lambda axis: shape[axis])
    for done, axis in enumerate(order):
        share = int(left ** (1 / (len(shape) - done)) + 1e-9)
        kept[axis] = shape[axis] if shape[axis] <= share + 1 and shape[axis] <= left else max(share, 1)
        left = max(left // kept[axis], 1)
    return list(itertools.product(*map(_spread, shape, kept)))


def _spread(size: int, most: int) -> list[int]:
    """Return at most `most` of `size` indices, in equal steps if that costs few of them."""
    if most >= size:
        return list(range(size))
    if most == 1:
        return [(size - 1) // 2]
    if most == 2:  # the corners of a volume say little of it
        return [size // 4, size - 1 - size // 4]
    even = (count for count in range(most, most * 3 // 4, -1) if (size - 1) % (count - 1) == 0)
    count = next(even, most)
    return [round(i * (size - 1) / (count - 1)) for i in range(count)]


def _coordinates(dataset: xr.Dataset, dims: list[str], point: tuple[int, ...]) -> list[str]:
    """Return where a point is, as the cells of a row."""
    cells = []
    for key in _coordinate_names(dataset, dims):
        array = dataset.coords[key]
        value = array.values[tuple(point[dims.index(str(dim))] for dim in array.dims)]
        cells.append(f"{value:.6g}" if array.dtype.kind == "f" else str(value))
    return cells


def _coordinate_names(dataset: xr.Dataset, dims: list[str]) -> list[str]:
    """Return the dimensions; for points that have only a number, where they are."""
    names = [name for name in dims if name != "point"]
    return [*names, "x", "y", "z"] if "point" in dims else names


def _headings(dataset: xr.Dataset, dims: list[str]) -> Iterator[str]:
    for name in _coordinate_names(dataset, dims):
        attrs = dataset.coords[name].attrs
        unit = attrs.get("units", "1")
        yield attrs.get("long_name", name) + (f" [{unit}]" if unit != "1" else "")


def _new(title: str, headings: list[str], left: int) -> Table:
    """Return an empty table whose first `left` columns are words."""
    from rich import box
    from rich.table import Table

    result = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for i, heading in enumerate(headings):
        result.add_column(heading, justify="left" if i < left else "right", overflow="fold")
    return result


def _noted(result: Table, shape: tuple[int, ...], shown: int, items: list[Item]) -> Group:
    """Return a table with lines below it if it does not show all points: how many, and what all span."""
    from rich.console import Group

    points = math.prod(shape)
    if shown == points:
        return Group(result)
    several = len(shape) > 1
    note = f"{shown} of {points} points shown{', spread over each axis' * several}; the files hold all"
    return Group(result, note, *(_span(item) for item in items if several))


def _span(item: Item) -> str:
    """Return the smallest and largest value (of a vector, norm) at all points, in words."""
    values = item.exact[..., -1]
    known = values[np.isfinite(values)]
    if not known.size:
        return f"{item.name}: not defined anywhere"
    name = _label(item, "norm" if len(item.parts) > 1 else "")
    return f"{name} over all points: {number(known.min())} to {number(known.max())}"


def _crossed(dataset: xr.Dataset, dims: list[str], item: Item, title: str) -> Group:
    """One number over two dimensions: the first across, the second down."""
    across, down = (dataset.coords[dim] for dim in dims)
    rows = _chosen((down.size,))
    heads = [f"{dims[0]} {value if across.dtype.kind != 'f' else f'{value:.6g}'}" for value in across.values]
    unit = f" [{item.unit}]" if item.unit else ""
    name = f"{title}: {item.name}{unit}"
    result = _new(name, [*_headings(dataset, dims[1:]), *heads], 0)
    for (i,) in rows:
        cells = [number(value) for value in item.exact[:, i, 0]]
        result.add_row(*_coordinates(dataset, dims[1:], (i,)), *cells)
    return _noted(result, (down.size,), len(rows), [item])


def _beside(dataset: xr.Dataset, dims: list[str], items: list[Item], title: str) -> Group:
    """Single numbers: one column each."""
    shape = tuple(dataset.sizes[dim] for dim in dims)
    rows = _chosen(shape)
    places = list(_headings(dataset, dims))
    heads = [*places, *(_label(item, "") for item in items)]
    result = _new(title, heads, len(places))
    for point in rows:
        result.add_row(
            *_coordinates(dataset, dims, point), *(number(item.exact[(*point, 0)]) for item in items)
        )
    return _noted(result, shape, len(rows), items)


def _wide(dataset: xr.Dataset, dims: list[str], items: list[Item], title: str) -> Group:
    """Vectors: one row each."""
    shape = tuple(dataset.sizes[dim] for dim in dims)
    rows = _chosen(shape)
    heads = [*_headings(dataset, dims), "quantity", "x", "y", "z", "norm"]
    result = _new(title, heads, len(heads) - 4)
    for point in rows:
        for item in items:
            cells = [number(value) for value in item.exact[point]]
            result.add_row(*_coordinates(dataset, dims, point), _label(item, ""), *cells)
    return _noted(result, shape, len(rows), items)


def _long(dataset: xr.Dataset, dims: list[str], items: list[Item], title: str) -> Group:
    """Anything: one row a component, exact beside formula."""
    shape = tuple(dataset.sizes[dim] for dim in dims)
    rows = _chosen(shape)
    compared = any(item.formula is not None for item in items)
    places = list(_headings(dataset, dims))
    heads = [*places, "quantity", *(["exact", "formula", "ratio"] if compared else ["value"])]
    result = _new(title, heads, len(places) + 1)
    several = any(len(item.parts) > 1 for item in items)
    for point in rows:
        where = _coordinates(dataset, dims, point)
        for item in items:
            for i, part in enumerate(item.parts):
                result.add_row(*where, _label(item, part), *_values(item, point, i, compared))
                where = [""] * len(where)
        if several:
            result.add_section()
    return _noted(result, shape, len(rows), items)


def _label(item: Item, part: str) -> str:
    base = item.name.removesuffix(RATIO) + " ratio" if item.name.endswith(RATIO) else item.name
    name = f"|{base}|" if part == "norm" else f"{base} {part}" if part else base
    return f"{name} [{item.unit}]" if item.unit else name


def _values(item: Item, point: tuple[int, ...], i: int, compared: bool) -> list[Any]:
    exact = item.exact[(*point, i)]
    if not compared:
        return [number(exact)]
    if item.formula is None:
        return [number(exact), "", ""]
    formula = item.formula[(*point, i)]
    return [number(exact), number(formula), number(exact / formula) if formula else ""]
