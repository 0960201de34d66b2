"""Moments against time, against the field, and as arrows on a lattice, by matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.plot.axes_tools import LINE, against_time, legend_below, single, titled
from magneton.plot.moment_track import is_loop, moment_track_of
from magneton.plot.orbit_track import length_unit, prefixed
from magneton.plot.style import COLOURS, DASHES, cyclic_map, style

_MOST_ARROWS = 4000
_FLAT = 1e-6  # of the length of a lattice: what is thinner is a layer


def plot_components(
    run: Any, time: Any = None, *, relative: bool = True, title: str | None = None, axes: Any = None
) -> Any:
    """Draw the components of the mean moment, and its length, against time.

    Parameters
    ----------
    run, time
        As of `plot_on_sphere`.
    relative : bool
        Whether to divide by the mean length of the moments at the start, so that 1 means that all are parallel.
    title : str, optional
        A heading.
    axes : matplotlib Axes, optional
        Draw into these.

    Returns
    -------
    matplotlib.figure.Figure
    """
    track = moment_track_of(run, time)
    size = float(np.linalg.norm(track.moments[0], axis=1).mean()) if relative else 1.0
    letter = "m" if track.unit else "M"
    with style():
        axes = single(axes)
        times = against_time(axes, track.time)
        mean = track.mean / (size or 1.0)
        axes.axhline(0.0, color=LINE, linewidth=0.8)
        axes.plot(times, np.linalg.norm(mean, axis=1), color=LINE, linewidth=1.2, label=f"|{letter}|")
        for i, part in enumerate("xyz"):
            label = f"${letter}_{part}$"
            axes.plot(times, mean[:, i], color=COLOURS[i], linestyle=DASHES[i], linewidth=1.5, label=label)
        several = "mean moment" if track.moments.shape[1] > 1 else "moment"
        unit = f" / |{letter}(0)|" if relative else f" [{track.unit}]" if track.unit else ""
        axes.set_ylabel(several + unit)
        legend_below(axes, ncols=4)
        titled(axes, title)
        return axes.figure


def plot_hysteresis(
    loop: Any,
    moment: Any = None,
    *,
    direction: Any = None,
    relative: bool = True,
    title: str | None = None,
    axes: Any = None,
) -> Any:
    """Draw a hysteresis loop: the moment along the field against the field, there and back.

    Parameters
    ----------
    loop : HysteresisLoop or array_like, shape (k,) or (k, 3), tesla
        From `magneton.dynamics.hysteresis_loop`; or B, along `direction` or as vectors.
    moment : array_like, shape (k,) or (k, 3), A m^2
        With B as an array: the moment along the field, or the whole of it.
    direction : array_like, shape (3,), optional
        Along which vectors are read; a loop has its own.
    relative : bool
        Whether to divide by the largest moment.
    title : str, optional
        A heading.
    axes : matplotlib Axes, optional
        Draw into these.

    Returns
    -------
    matplotlib.figure.Figure
        Where the loop crosses the axes is marked: the coercive field, and the remanence.
    """
    B, m = _loop_of(loop, moment, direction)
    largest = float(np.abs(m).max()) if relative else 1.0
    with style():
        axes = single(axes)
        tesla, unit = prefixed(float(np.ptp(B)), "T")
        shown = m / (largest or 1.0)
        for value in (axes.axhline, axes.axvline):
            value(0.0, color=LINE, linewidth=0.8)
        for falls, colour, dash, label in (
            (True, COLOURS[0], "-", "B falls"),
            (False, COLOURS[1], "--", "B rises"),
        ):
            x, y = _branch(B / tesla, shown, falls)
            if len(x):
                axes.plot(x, y, color=colour, linestyle=dash, label=label)
        coercive, remanence = _crossings(B, shown), _crossings(shown, B)
        axes.plot(coercive / tesla, np.zeros(len(coercive)), "o", color="black", markersize=4, zorder=4)
        axes.plot(np.zeros(len(remanence)), remanence, "s", color="black", markersize=4, zorder=4)
        axes.set_title(_told(coercive, remanence, relative), loc="right", fontsize=9)
        axes.set_xlabel(f"B [{unit}]")
        axes.set_ylabel("moment along B / largest" if relative else "moment along B [A m²]")
        axes.legend(loc="lower right")
        titled(axes, title)
        return axes.figure


def _loop_of(loop: Any, moment: Any, direction: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return B and the moment along it, shapes (k,)."""
    if is_loop(loop):
        direction = loop.direction
        B, m = getattr(loop, "path", (loop.B, loop.mean_moment))  # with both ends of each jump
    elif moment is None:
        raise ValueError("moment must be given with B as an array, got None")
    else:
        B, m = loop, moment
    B, m = _check.numbers("loop", B, "T"), _check.numbers("moment", m, "A m^2")
    if not B.ndim or len(B) < 2 or any(each.shape not in ((len(B),), (len(B), 3)) for each in (B, m)):
        raise ValueError(
            f"loop and moment must have shapes (k,) or (k, 3), k > 1, got shapes {B.shape} and {m.shape}"
        )
    return _along("loop", B, direction), _along("moment", m, direction)


def _along(name: str, values: np.ndarray, direction: Any) -> np.ndarray:
    """Return what is along the direction, shape (k,)."""
    if values.ndim == 1:
        return values
    if direction is None:
        raise ValueError(f"direction must be given for a {name} of shape (k, 3), got None")
    along = _check.vector("direction", direction)
    if not along.any():
        raise ValueError(f"direction must not be zero, got {along.tolist()}")
    return values @ along / np.linalg.norm(along)


def _branch(x: np.ndarray, y: np.ndarray, falls: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the parts on which x falls, or rises, as a line with gaps."""
    steps = np.diff(x)
    before = np.maximum.accumulate(np.where(steps != 0.0, np.arange(len(steps)), 0))
    wanted = (
        steps[before] < 0.0 if falls else steps[before] >= 0.0
    )  # a jump at one field goes on as before it
    starts = np.flatnonzero(wanted & ~np.append(False, wanted[:-1]))
    ends = np.flatnonzero(wanted & ~np.append(wanted[1:], False))
    places = [np.append(np.arange(start, end + 2), 0) for start, end in zip(starts, ends, strict=True)]
    gaps = np.cumsum([len(part) for part in places], dtype=np.int64) - 1
    where = np.concatenate([*places, np.empty(0, dtype=np.int64)])
    line = np.stack([x[where], y[where]])
    line[:, gaps] = np.nan
    return line[0], line[1]


def _crossings(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the values where `at` changes its sign, by linear interpolation."""
    a, b = at[:-1], at[1:]
    k = np.flatnonzero(((a < 0.0) & (b >= 0.0)) | ((a > 0.0) & (b <= 0.0)))
    return values[k] + (values[k + 1] - values[k]) * a[k] / (a[k] - b[k])


def _told(coercive: np.ndarray, remanence: np.ndarray, relative: bool) -> str:
    """Return the coercive field and the remanence as text, where there are any."""
    from magneton.plot.words import si

    told = []
    if len(coercive):
        told.append(f"$B_c$ = {si(float(np.abs(coercive).mean()), 'T')}")
    if len(remanence):
        told.append(f"$m_r$ = {np.abs(remanence).mean():.3g}{'' if relative else ' A m²'}")
    return ", ".join(told)


def plot_moments(
    moments: Any,
    positions: Any,
    *,
    normal: str = "z",
    layer: int = 0,
    title: str | None = None,
    axes: Any = None,
) -> Any:
    """Draw moments on a lattice as arrows, seen along an axis, coloured by their direction in the plane.

    Arrows have the length of the moment's part in the plane; the dot of each is white for a moment that points to the
    eye and black for one that points away.

    Parameters
    ----------
    moments : array_like, shape (n, 3), A m^2
        Such as the last of a run, `run.moments[-1]`.
    positions : array_like, shape (n, 3), or Lattice
        Where they are, in metre.
    normal : {"x", "y", "z"}
        The axis along which they are seen.
    layer : int
        Which layer across it is drawn, from the lowest; negative ones count from the highest.
    title : str, optional
        A heading.
    axes : matplotlib Axes, optional
        Draw into these.

    Returns
    -------
    matplotlib.figure.Figure
    """
    m = _check.vectors("moments", moments, "A m^2")
    places = _check.vectors("positions", getattr(positions, "positions", positions), "m")
    _check.same_length("moments", m, "positions", places)
    if normal not in ("x", "y", "z"):
        raise ValueError(f"normal must be 'x', 'y' or 'z', got {_check.shown(normal)}")
    third = "xyz".index(normal)
    first, second = (third + 1) % 3, (third + 2) % 3
    there = _layer(places[:, third], layer, float(np.ptp(places, axis=0).max()))
    chosen = there[thinned_places(places[there], _MOST_ARROWS)]
    with style():
        axes = single(axes)
        metres, unit = length_unit(float(np.ptp(places, axis=0).max()))
        x, y = places[chosen][:, [first, second]].T / metres
        u = m[chosen] / np.linalg.norm(m, axis=1).max()
        length = 0.92 * spacing(places[chosen]) / metres
        angle = np.degrees(np.arctan2(u[:, second], u[:, first]))
        arrows = axes.quiver(
            x, y, length * u[:, first], length * u[:, second], angle, cmap=cyclic_map(), clim=(-180.0, 180.0),
            pivot="mid", angles="xy", scale_units="xy", scale=1.0, width=0.16 * length, units="xy", zorder=3,
        )  # fmt: skip
        axes.scatter(x, y, c=u[:, third], cmap="gray", vmin=-1.0, vmax=1.0, s=_dot_size(len(x)), zorder=2,
                     edgecolors="#999999", linewidths=0.3)  # fmt: skip
        _lattice_frame(axes, arrows, "xyz"[first], "xyz"[second], unit)
        titled(axes, title)
        return axes.figure


def _dot_size(count: int) -> float:
    return float(np.clip(1500.0 / count, 1.0, 24.0))


def _lattice_frame(axes: Any, arrows: Any, first: str, second: str, unit: str) -> None:
    axes.set_aspect("equal")
    axes.grid(False)
    axes.margins(0.04)
    axes.set_xlabel(f"{first} [{unit}]")
    axes.set_ylabel(f"{second} [{unit}]")
    bar = axes.figure.colorbar(arrows, ax=axes, ticks=[-180, -90, 0, 90, 180], aspect=30, pad=0.02)
    bar.set_label(f"angle from {first} towards {second} [°]")
    bar.outline.set_visible(False)


def _layer(heights: np.ndarray, layer: int, size: float) -> np.ndarray:
    """Return the indices of the moments in one layer."""
    number = _check.integer("layer", abs(layer) if isinstance(layer, int | np.integer) else layer, 0)
    levels, member = np.unique(np.round(heights / (_FLAT * size or 1.0)), return_inverse=True)
    wanted = number if layer >= 0 else len(levels) - number
    if not 0 <= wanted < len(levels):
        raise ValueError(f"layer must be one of the {len(levels)} there are, got {layer}")
    return np.flatnonzero(member.ravel() == wanted)


def spacing(places: np.ndarray) -> float:
    """Return the distance of neighbours, in metre; 1 for one alone."""
    from scipy.spatial import KDTree

    if len(places) < 2:
        return 1.0
    return float(np.median(KDTree(places).query(places, 2)[0][:, 1])) or 1.0


def thinned_places(places: np.ndarray, most: int) -> np.ndarray:
    """Return the indices of at most so many places, spread evenly: of a lattice, those of a coarser one."""
    if len(places) <= most:
        return np.arange(len(places))
    apart, low, k = spacing(places), places.min(axis=0), 1
    while True:
        k += 1
        cells = np.floor((places - low) / (k * apart) + 1e-6)
        chosen = np.unique(cells, axis=0, return_index=True)[1]
        if len(chosen) <= most:
            return np.sort(chosen)
