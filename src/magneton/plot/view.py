"""`show`: sources in space, drawn by matplotlib or plotly; and runs of moments in motion."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from magneton.plot.moment_track import is_loop, is_motion
from magneton.plot.page_frame import write_page
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
    """Draw sources in space: bodies to scale, moments as arrows, and field lines. Or a run of moments in motion.

    The arrows of moments have their true directions; their lengths are compressed (with the fourth root of the
    moment), so that small ones can be seen beside large ones. Field lines are those of all sources together. The lines
    through a body are spread as its flux is; how many there are says nothing of the field's strength, their colour
    does.

    Parameters
    ----------
    sources : Source, sequence of Source, or dict of str to Source
        What to draw; the keys of a dict are the names in the legend. Collections are taken apart;
        a `MomentSystem` is drawn as its dipoles. A run of `magneton.dynamics` is drawn by
        `magneton.plot.plot_on_sphere` and `plot_components` side by side, a hysteresis loop by `plot_hysteresis`.
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
    if is_motion(sources) or is_loop(sources):
        return _shown_run(sources, backend, title, axes)
    if hasattr(sources, "confidence_region"):  # a moment that was measured
        from magneton.plot.estimates import plot_estimate

        return plot_estimate(sources, title=title)
    chosen = _backend(backend)
    if axes is not None and chosen != "matplotlib":
        raise ValueError(f"axes must be None for the backend {chosen}")
    picture = make_picture(sources, title, field_lines, extent)
    if chosen == "plotly":
        from magneton.plot.space_plotly import figure_of

        return figure_of(picture)
    from magneton.plot.space_matplotlib import draw_picture

    return draw_picture(picture, axes)


def _shown_run(run: Any, backend: str | None, title: str | None, axes: Any) -> Any:
    """Draw a run, or a loop, by matplotlib."""
    from magneton.plot.moment_plots import plot_components, plot_hysteresis
    from magneton.plot.sphere import plot_on_sphere
    from magneton.plot.style import style

    if backend not in (None, BACKENDS[0]):
        raise ValueError(
            f"backend must be {BACKENDS[0]} or None for a run, got {backend!r}; "
            "magneton.plot.write_motion_html writes a page"
        )
    _backend(BACKENDS[0])
    if is_loop(run):
        return plot_hysteresis(run, title=title, axes=axes)
    if axes is not None:
        draw = plot_on_sphere if hasattr(axes, "add_collection3d") else plot_components
        return draw(run, title=title, axes=axes)
    from magneton.plot.space_matplotlib import Shown

    with style():
        figure = Shown(figsize=(11.0, 4.4))
        sphere = figure.add_axes((0.0, 0.02, 0.4, 0.9), projection="3d")
        components = figure.add_axes((0.52, 0.24, 0.46, 0.66))
    plot_on_sphere(run, title=title, axes=sphere)
    plot_components(run, axes=components)
    return figure


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

    return write_page(path, lambda: page(make_picture(sources, title, field_lines, extent)), overwrite)
