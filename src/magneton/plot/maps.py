"""Maps: a variable over a plane, in filled contours, with field lines where it is a vector."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton.plot.axes_tools import literal
from magneton.plot.labels import component, heading, unit_of, with_unit
from magneton.plot.style import MAP, SIGNED_MAP, UNKNOWN
from magneton.scene.schema import Figure as FigureTable
from magneton.scene.tasks.base import COMPONENT, DERIVATIVE

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_map(dataset: xr.Dataset, table: FigureTable, dims: list[str]) -> Figure:
    """Return a map over the plane of two coordinates."""
    from matplotlib.figure import Figure

    name = table.names()[0]
    across, up = (dataset[dim].values for dim in dims)
    values = component(dataset, name).values.T
    figure = Figure(figsize=_size(across, up))
    axes = figure.subplots()
    base = dataset[name.partition(".")[0]]
    low, high, log = _limits(values, table.yscale == "log")
    signed = not log and low < 0 < high
    if signed:
        low, high = -max(-low, high), max(-low, high)
    colours = _contours(axes, across, up, values, (low, high), log, SIGNED_MAP if signed else MAP)
    label = (
        literal(table.ylabel)
        if table.ylabel
        else with_unit(heading(name, COMPONENT in base.dims), unit_of(base))
    )
    ticks = _log_ticks(low, high) if log else None
    figure.colorbar(colours, ax=axes, label=label, ticks=ticks, format="%.3g", use_gridspec=False)
    if COMPONENT in base.dims and DERIVATIVE not in base.dims:
        parts = [base.isel(component="xyz".index(dim)).values.T for dim in dims]
        _lines(axes, across, up, parts, "#555555" if signed else "white")
    axes.set_aspect("equal")
    axes.locator_params(axis="both", nbins=6)
    axes.grid(False)
    axes.set_xlabel(literal(table.xlabel or with_unit(dims[0], "m")))
    axes.set_ylabel(with_unit(dims[1], "m"))
    if table.title:
        axes.set_title(literal(table.title), loc="left")
    return figure


def _size(across: np.ndarray, up: np.ndarray) -> tuple[float, float]:
    """Return a figure's size that suits a plane of these sides."""
    shape = float(np.clip(np.ptp(up) / np.ptp(across), 0.3, 1.7))
    return 6.4, 4.5 * shape + 0.9


def _limits(values: np.ndarray, log: bool) -> tuple[float, float, bool]:
    """Return the 2nd and 98th percentile (near a wire a field has no bound), and if the scale can be log."""
    finite = values[np.isfinite(values) & ((values > 0) | (not log))]
    low, high = map(float, np.percentile(finite, [2, 98])) if finite.size else (0.0, 0.0)
    if not high > low:
        return low - (0.5 * abs(low) or 1.0), high + (0.5 * abs(high) or 1.0), False
    return low, high, log


def _contours(
    axes: Axes,
    across: np.ndarray,
    up: np.ndarray,
    values: np.ndarray,
    limits: tuple[float, float],
    log: bool,
    colours: str,
) -> Any:
    """Draw filled contours."""
    from matplotlib.colors import LogNorm, Normalize

    levels = np.geomspace(*limits, 25) if log else np.linspace(*limits, 25)
    norm = LogNorm(*limits) if log else Normalize(*limits)
    _mark_unknown(axes, values)
    return axes.contourf(
        across, up, np.ma.masked_invalid(values), levels, norm=norm, cmap=colours, extend="both"
    )


def _mark_unknown(axes: Axes, values: np.ndarray) -> None:
    """Say what the holes are that contours leave around points without a value, such as on a wire."""
    if not np.isfinite(values).all():
        axes.set_facecolor(UNKNOWN)
        axes.set_title("grey: not defined", loc="right", fontsize=8)


def _log_ticks(low: float, high: float) -> list[float]:
    """Return round numbers between two: 1, 2 and 5 times powers of ten, or these powers if there are many."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1,)):
        ticks = [float(f"{step}e{power}") for power in powers for step in steps]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= 9:
            return ticks
    return ticks[:: -(-len(ticks) // 9)]


def _lines(axes: Axes, across: np.ndarray, up: np.ndarray, parts: list[np.ndarray], colour: str) -> None:
    """Draw field lines; matplotlib wants evenly spaced positions, and refuses others."""
    for positions in (across, up):
        steps = np.diff(positions)
        if not np.allclose(steps, steps[0], rtol=1e-6, atol=0) or steps[0] < 0:
            return
    if all(np.isfinite(part).any() for part in parts) and any(np.nanmax(np.abs(part)) > 0 for part in parts):
        axes.streamplot(
            across,
            up,
            *map(np.ma.masked_invalid, parts),
            color=colour,
            linewidth=0.7,
            density=1.1,
            arrowsize=0.8,
        )
