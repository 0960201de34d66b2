"""Draws figures from datasets: curves over one dimension, and maps of a plane."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from magneton.plot.curves import draw_curves
from magneton.plot.maps import draw_map
from magneton.plot.style import require_matplotlib, style
from magneton.scene.schema import Figure as FigureTable
from magneton.scene.schema import is_map
from magneton.scene.tasks.base import PARTS

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from magneton.scene import Outputs, Scene

__all__ = ["draw", "draw_scene", "require_matplotlib", "save"]


def draw(results: xr.Dataset | dict[str, xr.Dataset], table: FigureTable) -> Figure:
    """Draw a figure of a dataset, or curves of several.

    Parameters
    ----------
    results : xarray.Dataset, or dict of str to xarray.Dataset
        A result of a scene; or the results by the names of their tasks, for a figure of several tasks.
    table : magneton.scene.schema.Figure
        What to draw: the keys of a scene's ``[figures.NAME]``.

    Returns
    -------
    matplotlib.figure.Figure
        Not known to pyplot, so that nothing of the user's session changes.

    Raises
    ------
    ImportError
        If there is no matplotlib; the message tells how to install it.
    """
    with style():
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        chosen = (
            {name: results[name] for name in table.tasks()} if isinstance(results, dict) else {"": results}
        )
        dims = {name: _dims(dataset, table) for name, dataset in chosen.items()}
        first = next(iter(chosen))
        if is_map(table, dims[first]):
            figure = draw_map(chosen[first], table, dims[first])
        else:
            figure = draw_curves(chosen, table, dims)
        # Once here: a figure that keeps its layout engine is drawn twice by each savefig.
        ConstrainedLayoutEngine().execute(figure)
        return figure


def _dims(dataset: xr.Dataset, table: FigureTable) -> list[str]:
    """Return the dimensions of what is drawn, components aside."""
    variable = dataset[table.names()[0].partition(".")[0]]
    return [str(dim) for dim in variable.dims if dim not in PARTS]


def save(figure: Figure, path: str | Path, kind: str) -> None:
    """Write a figure as png, svg or pdf; the same figure gives the same bytes."""
    dates: dict[str, dict[str, Any]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with style():
        figure.savefig(path, format=kind, metadata=dates.get(kind, {}))


def draw_scene(scene: Scene, results: dict[str, xr.Dataset], outputs: Outputs) -> list[Path]:
    """Draw and write all figures of a scene; return the paths."""
    paths = []
    for name, table in scene.table.figures.items():
        figure = draw(results, table)
        for kind in table.formats:
            outputs.write(f"{name}.{kind}", lambda path, f=figure, k=kind: save(f, path, k))
            paths.append(outputs.folder / f"{name}.{kind}")
    return paths
