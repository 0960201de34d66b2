"""Paths of moments on the unit sphere, by matplotlib."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton.plot.axes_tools import literal
from magneton.plot.moment_track import moment_track_of
from magneton.plot.orbit_track import thinned, time_unit
from magneton.plot.style import COLOURS, INK, style

_MOST_PATHS, _MOST_POINTS = 60, 4000
_NAMED = len(COLOURS)  # paths that are told apart
_GRID, _SKIN = "#B9C2C9", "#EAF0F4"
_HIDDEN = 0.22  # opacity of what is behind the sphere
_TIME_MAP = "plasma"
_SAME = 0.97  # cosine of directions that would be drawn over each other
_ARROW = 1.3  # where the field's arrow ends


def plot_on_sphere(
    run: Any,
    time: Any = None,
    *,
    field: Any = None,
    colour: Literal["time", "moment"] | None = None,
    labels: Any = None,
    view: tuple[float, float] = (18.0, -55.0),
    title: str | None = None,
    axes: Any = None,
) -> Any:
    """Draw the paths of moments on the unit sphere; what is behind it is faint.

    Each moment is drawn in units of its greatest length: on the sphere if its length is constant, and inside where it
    relaxes. A dot marks the start, an arrowhead from the centre the end.

    Parameters
    ----------
    run : Trajectory, RigidTrajectory, SpinLatticeRun, BlochRun, xarray.Dataset or array_like, shape (k, 3) or (k, n, 3)
        Of `magneton.dynamics`; or moments in A m^2. Of more than 60 moments, 60 are drawn.
    time : array_like, shape (k,), second
        With moments as an array.
    field : array_like, shape (3,), optional
        A direction to draw an arrow along, such as that of B.
    colour : {"time", "moment"}, optional
        What colours stand for; by default time for one moment, otherwise the moment.
    labels : sequence of str, optional
        What the legend calls the moments, at most seven.
    view : (float, float), degree
        Elevation and azimuth of the eye.
    title : str, optional
        A heading.
    axes : matplotlib Axes3D, optional
        Draw into these.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> import numpy as np
    >>> from magneton.dynamics import larmor_solution
    >>> from magneton.plot import plot_on_sphere
    >>> t = np.linspace(0.0, 2e-10, 500)
    >>> figure = plot_on_sphere(larmor_solution([1, 0, 0], [0, 0, 1], t, alpha=0.1), t, field=[0, 0, 1])
    """
    track = moment_track_of(run, time)
    chosen = thinned(track.moments.shape[1], _MOST_PATHS)
    paths = track.directions(chosen)[thinned(len(track.time), _MOST_POINTS)]
    by = _colouring(colour, len(chosen))
    names = _names(labels, len(chosen))
    direction = None if field is None else _direction(field)
    with style():
        if axes is None:
            from magneton.plot.space_matplotlib import Shown

            axes = Shown(figsize=(5.6, 4.8)).add_axes((0.0, 0.0, 0.92, 0.96), projection="3d")
        elif not hasattr(axes, "add_collection3d"):
            raise ValueError(f"axes must be three-dimensional, projection='3d', got {type(axes).__name__}")
        eye = _prepare(axes, *view)
        _sphere(axes, eye)
        _axes(axes, eye, direction)
        if direction is not None:
            _field(axes, direction, eye)
        times = track.time[thinned(len(track.time), _MOST_POINTS)]
        opacity = 1.0 if len(chosen) <= _NAMED else 0.6
        for i in range(len(chosen)):
            look = INK if by == "time" else COLOURS[i % _NAMED]
            _path(
                axes,
                paths[:, i],
                eye,
                times if by == "time" else None,
                look,
                names[i],
                opacity,
            )
        if by == "time":
            _time_bar(axes, track.time)
        if any(names):
            axes.legend(loc="upper left", bbox_to_anchor=(0.0, 1.0), fontsize=8.5)
        if title:
            axes.set_title(literal(title), loc="left")
        return axes.figure


def _colouring(colour: str | None, count: int) -> str:
    if colour not in (None, "time", "moment"):
        raise ValueError(f"colour must be 'time', 'moment' or None, got {_check.shown(colour)}")
    return colour or ("time" if count == 1 else "moment")


def _names(labels: Any, count: int) -> list[str | None]:
    """Return the name of each path in the legend; None for one without."""
    if labels is None:
        return [None] * count
    if isinstance(labels, str) or len(labels) != count or count > _NAMED:
        raise ValueError(
            f"labels must be one for each moment, {count}, and at most {_NAMED}, got {_check.shown(labels)}"
        )
    return [literal(str(label)) for label in labels]


def _direction(field: Any) -> np.ndarray:
    vector = _check.vector("field", field, "T")
    if not vector.any():
        raise ValueError(f"field must have a direction, got {vector.tolist()}")
    return vector / np.linalg.norm(vector)


def _prepare(axes: Any, elevation: float, azimuth: float) -> np.ndarray:
    """Set the axes up; return the direction of the eye, shape (3,)."""
    axes.set_proj_type("ortho")
    axes.computed_zorder = False
    axes.set_axis_off()
    for letter in "xyz":
        getattr(axes, f"set_{letter}lim")(-1.22, 1.22)
    axes.set_box_aspect((1, 1, 1), zoom=1.4)
    axes.view_init(elevation, azimuth)
    e, a = math.radians(elevation), math.radians(azimuth)
    return np.array([math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e)])


def _pieces(line: np.ndarray, eye: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pieces of a line, shape (k - 1, 2, 3), and whether each is on the near side."""
    pieces = np.stack([line[:-1], line[1:]], axis=1)
    return pieces, pieces.mean(axis=1) @ eye >= 0.0


def _two_sided(
    axes: Any,
    lines: list[np.ndarray],
    eye: np.ndarray,
    opacity: float,
    zorder: float,
    times: Any = None,
    **look: Any,
) -> None:
    """Draw lines, faint where they are behind the sphere; one line may be coloured by `times`."""
    from mpl_toolkits.mplot3d.art3d import Line3DCollection

    pieces, front = (
        np.concatenate(parts) for parts in zip(*(_pieces(line, eye) for line in lines), strict=True)
    )
    for near, alpha, order in ((False, _HIDDEN * opacity, 1.0), (True, opacity, zorder)):
        side = front == near
        if side.any():
            paint = {} if times is None else {"array": times[:-1][side], "clim": (times[0], times[-1])}
            axes.add_collection3d(Line3DCollection(pieces[side], alpha=alpha, zorder=order, **paint, **look))


def _sphere(axes: Any, eye: np.ndarray) -> None:
    """Draw the sphere: its skin, its outline, circles of latitude and longitude."""
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    turn = np.linspace(0.0, 2.0 * math.pi, 181)
    across = np.linalg.svd(eye[None])[2][1:]
    outline = np.cos(turn)[:, None] * across[0] + np.sin(turn)[:, None] * across[1]
    axes.add_collection3d(
        Poly3DCollection([outline], facecolor=_SKIN, alpha=0.55, edgecolor="none", zorder=2)
    )
    axes.plot(*outline.T, color="#8C979F", linewidth=0.9, zorder=3)
    rings = []
    for latitude in np.radians([-60.0, -30.0, 0.0, 30.0, 60.0]):
        radius = math.cos(latitude)
        rings.append(
            np.stack([radius * np.cos(turn), radius * np.sin(turn), np.full(181, math.sin(latitude))], -1)
        )
    for longitude in np.radians(np.arange(0.0, 180.0, 30.0)):
        flat = np.array([math.cos(longitude), math.sin(longitude), 0.0])
        rings.append(np.cos(turn)[:, None] * flat + np.sin(turn)[:, None] * [0.0, 0.0, 1.0])
    _two_sided(axes, rings, eye, 0.9, 4.0, colors=_GRID, linewidths=0.5)


def _axes(axes: Any, eye: np.ndarray, direction: np.ndarray | None) -> None:
    """Draw stubs of the axes; not where the arrow of the field is."""
    for letter, end in zip("xyz", np.eye(3), strict=True):
        if direction is not None and direction @ end > _SAME:
            continue
        axes.plot(
            *np.outer([1.0, 1.13], end).T, color="#6B757C", linewidth=0.9, zorder=5 if end @ eye > 0 else 1
        )
        axes.text(*(1.22 * end), letter, color="#4A5258", fontsize=9, ha="center", va="center", zorder=6)


def _path(
    axes: Any, line: np.ndarray, eye: np.ndarray, times: Any, colour: str, label: str | None, opacity: float
) -> None:
    """Draw one path, from a dot to the head of an arrow from the centre."""
    paint: dict[str, Any] = {"colors": colour} if times is None else {"times": times, "cmap": _TIME_MAP}
    _two_sided(axes, [line], eye, opacity, 7.0, linewidths=1.5, **paint)
    start, end = line[0], line[-1]
    arrow = axes.quiver(0, 0, 0, *end, color=colour, arrow_length_ratio=0.13, linewidth=1.6)
    arrow.set_zorder(8 if end @ eye >= 0.0 else 1.5)
    arrow.set_alpha((1.0 if end @ eye >= 0.0 else 0.5) * opacity)
    dot = {"marker": "o", "markersize": 5.5, "markeredgecolor": colour, "linestyle": "none"}
    face = colour if start @ eye >= 0.0 else "white"
    axes.plot(*start[:, None], markerfacecolor=face, zorder=9 if start @ eye >= 0.0 else 1.6, **dot)
    if label is not None:
        axes.plot([], [], [], color=colour, label=label)


def _field(axes: Any, direction: np.ndarray, eye: np.ndarray) -> None:
    """Draw the arrow of the field, outside the sphere."""
    tail = 1.03 * direction
    arrow = axes.quiver(
        *tail, *((_ARROW - 1.03) * direction), color=INK, arrow_length_ratio=0.32, linewidth=2.4
    )
    arrow.set_zorder(6 if direction @ eye >= 0.0 else 0.5)
    axes.text(
        *((_ARROW + 0.1) * direction),
        "B",
        color=INK,
        fontsize=11,
        fontweight="bold",
        ha="center",
        va="center",
    )


def _time_bar(axes: Any, time: np.ndarray) -> None:
    """Say what time the colours of the path stand for."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    seconds, unit = time_unit(float(np.ptp(time)))
    shown = ScalarMappable(Normalize(time[0] / seconds, time[-1] / seconds), _TIME_MAP)
    bar = axes.figure.colorbar(shown, ax=axes, shrink=0.6, pad=0.02, aspect=22)
    bar.set_label(f"time [{unit}]")
    bar.outline.set_visible(False)
