"""Curves: one or several variables over one dimension, a curve or a panel for each value of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from magneton.plot.axes_tools import literal
from magneton.plot.labels import component, heading, unit_of, with_unit
from magneton.plot.style import BAND, COLOURS, DASHES, PANEL, SINGLE
from magneton.scene.schema import Figure as FigureTable
from magneton.scene.schema import curve_dims
from magneton.scene.tasks.base import FORMULA

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Curve(NamedTuple):
    """One curve, and the words for it."""

    label: str
    quantity: str
    x: np.ndarray
    y: np.ndarray


def draw_curves(
    datasets: Mapping[str, xr.Dataset], table: FigureTable, dims: Mapping[str, list[str]]
) -> Figure:
    """Return a figure of curves of one or several tasks, whose names tell them apart."""
    from matplotlib.figure import Figure

    curves: list[Curve] = []
    for name, dataset in datasets.items():
        words = {dim for dim in dims[name] if dataset[dim].dtype.kind not in "fi"}
        x, by = curve_dims(table, dims[name], words)
        curves += _curves(dataset, table, x, by, name if len(datasets) > 1 else "")
    groups = [[curve] for curve in curves] if table.panels else [curves]
    columns = min(len(groups), 2)
    rows = -(-len(groups) // columns)
    size = (PANEL[0] * columns, PANEL[1] * rows + 0.4) if table.panels else SINGLE
    figure = Figure(figsize=size)
    grid = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
    along = dataset[x]  # of the last task; all have this dimension
    xlabel = table.xlabel or with_unit(along.attrs.get("long_name", x), unit_of(along))
    for i, axes in enumerate(grid):
        if i >= len(groups):
            axes.set_axis_off()
            continue
        _panel(axes, groups[i], table, i)
        if i + columns >= len(groups):
            axes.set_xlabel(literal(xlabel))
            axes.tick_params(labelbottom=True)
    if table.title:
        figure.suptitle(literal(table.title), x=0.01, ha="left")
    return figure


def _curves(dataset: xr.Dataset, table: FigureTable, x: str, by: str | None, task: str) -> list[Curve]:
    """Return the curves of a dataset; their labels start with the task's name if one is given."""
    places = dataset[x].values
    curves = []
    for name in table.names():
        array = component(dataset, name)
        quantity = with_unit(heading(name.replace(FORMULA, "")), unit_of(array))
        if by is None:
            own = heading(name) if not task or len(table.names()) > 1 else ""
            curves.append(Curve(_label(task, own), quantity, places, array.values))
            continue
        for i, value in enumerate(dataset[by].values):
            shown = f"{value:.4g}" if isinstance(value, float) else literal(str(value))
            several = f"{heading(name)}, " if len(table.names()) > 1 else ""
            label = _label(task, f"{several}{literal(by)} {shown}")
            curves.append(Curve(label, quantity, places, array.isel({by: i}).values))
    return curves


def _label(task: str, own: str) -> str:
    """Return the words for a curve: its task's name, spaces for underscores, and what tells it apart in the task."""
    return ", ".join(part for part in (task.replace("_", " "), own) if part)


def _panel(axes: Axes, curves: list[Curve], table: FigureTable, first: int) -> None:
    if table.band is not None:
        name = literal(table.band.label) if table.band.label else None
        axes.axhspan(table.band.low, table.band.high, color=BAND, alpha=0.22, linewidth=0, label=name)
    for i, curve in enumerate(curves, start=first):
        dash: Any = DASHES[i % len(DASHES)] if len(curves) > 1 else "-"
        label = None if table.panels else curve.label
        colour = COLOURS[i % len(COLOURS)]
        line = {"color": colour, "linestyle": dash, "label": label}
        axes.plot(curve.x, curve.y, marker="o", markevery=_alone(curve.y), markersize=5, **line)
    axes.set_xscale(table.xscale)
    axes.set_yscale(table.yscale)
    axes.margins(x=0.02)
    axes.set_ylabel(literal(table.ylabel) if table.ylabel else _quantity(curves))
    if table.panels:
        axes.set_title(curves[0].label)
    if axes.get_legend_handles_labels()[0] and (len(curves) > 1 or table.band is not None) and first == 0:
        axes.legend()


def _alone(y: np.ndarray) -> np.ndarray:
    """Return the indices of points without a neighbour, of which no line can be seen."""
    known = np.concatenate([[False], np.isfinite(y), [False]])
    return np.flatnonzero(known[1:-1] & ~known[:-2] & ~known[2:])


def _quantity(curves: list[Curve]) -> str:
    """Return the label of the y axis: what all curves show, or several things."""
    return ", ".join(dict.fromkeys(curve.quantity for curve in curves))
