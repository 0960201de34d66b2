"""`show`: sources in space, drawn by matplotlib or plotly."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from magneton._files import require_room, write_whole
from magneton.plot.picture import make_picture

BACKENDS = ("matplotlib", "plotly")


def show(
    sources: Any,
    backend: str | None = None,
    *,
    title: str | None = None,
    field_lines: bool | int = True,
    extent: Any = None,
    axes: Any = None,
) -> Any:
    """Draw sources in space: bodies to scale, moments as arrows, and field lines.

    The arrows of moments have their true directions; their lengths are compressed (with the fourth root of the
    moment), so that small ones can be seen beside large ones. Field lines are those of all sources together. The lines
    through a body are spread as its flux is; how many there are says nothing of the field's strength, their colour
    does.

    Parameters
    ----------
    sources : Source, sequence of Source, or dict of str to Source
        What to draw; the keys of a dict are the names in the legend. Collections are taken apart;
        a `MomentSystem` is drawn as its dipoles.
    backend : {"matplotlib", "plotly"}, optional
        By default matplotlib, or plotly where that alone is installed.
    title : str, optional
        A heading.
    field_lines : bool or int
        Whether to draw field lines, or about how many.
    extent : float, metre, optional
        Half the side of the cube that is shown. By default what holds all bodies, with some room.
    axes : matplotlib Axes3D, optional
        Draw into these axes.

    Returns
    -------
    matplotlib.figure.Figure or plotly.graph_objects.Figure
        Jupyter shows either. In a script, save it (``savefig``, `write_html`); no window is opened.

    Raises
    ------
    ValueError
        If `sources` holds something else than sources, or nothing; for an unknown backend.
    ImportError
        If the backend is not installed.

    Examples
    --------
    >>> import magneton
    >>> coil = magneton.CircularLoop(0.05, 1.0)
    >>> needle = magneton.Dipole([0, 0, 0.1], [0, 0, 0.08])
    >>> figure = magneton.show({"coil": coil, "needle": needle}, field_lines=8)
    >>> figure.axes[0].get_xlabel()
    'x [mm]'
    """
    chosen = _backend(backend)
    if axes is not None and chosen != "matplotlib":
        raise ValueError(f"axes must be None for the backend {chosen}")
    picture = make_picture(sources, title, field_lines, extent)
    if chosen == "plotly":
        from magneton.plot.space_plotly import figure_of

        return figure_of(picture)
    from magneton.plot.space_matplotlib import draw_picture

    return draw_picture(picture, axes)


def _backend(backend: str | None) -> str:
    if backend is not None and backend not in BACKENDS:
        raise ValueError(f"backend must be one of {', '.join(BACKENDS)} or None, got {backend!r}")
    there = [name for name in BACKENDS if importlib.util.find_spec(name) is not None]
    if (backend or BACKENDS[0]) in there:
        return backend or BACKENDS[0]
    if backend is None and there:
        return there[0]
    raise ImportError(f"pictures need {backend or BACKENDS[0]}: pip install 'magneton[plot]'")


def write_html(
    sources: Any,
    path: str | Path,
    *,
    title: str | None = None,
    field_lines: bool | int = True,
    extent: Any = None,
    overwrite: bool = False,
) -> Path:
    """Write one self-contained page with sources in space, to be turned with the mouse; it fetches nothing.

    Parameters
    ----------
    sources, title, field_lines, extent
        As for `show`.
    path : path-like
        The file. It is written under a temporary name first, so that it is whole or not there.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ValueError
        If the file exists and `overwrite` is false, or as for `show`.
    ImportError
        If plotly is not installed.
    """
    from magneton.plot.html import page

    _backend("plotly")
    require_room(path, overwrite)
    text = page(make_picture(sources, title, field_lines, extent))
    return write_whole(path, lambda temporary: _write(temporary, text), overwrite)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
