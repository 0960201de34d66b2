"""Pictures of orbits: the path in space, mu, pitch angle and bounce against time."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton.plot.axes_tools import LINE, against_time, legend_below, single, titled
from magneton.plot.orbit_track import (
    Ball,
    Track,
    box_of,
    length_unit,
    lines_along,
    thinned,
    track_of,
)
from magneton.plot.style import COLOURS, INK, style

_PALE = "#9AB8CC"


def plot_mu(orbit: Any, *, relative: bool = True, title: str | None = None, axes: Any = None) -> Any:
    """Draw mu against time: as it is at the particle, and at the gyrocentre.

    Parameters
    ----------
    orbit : Orbit, GuidingCentreOrbit or xarray.Dataset
        From `magneton.orbits.trace`, or from a scene's task of type ``orbit``.
    relative : bool
        Whether to show the change in percent of the first value at the gyrocentre, or mu in J/T.
    title : str, optional
        A heading.
    axes : matplotlib Axes, optional
        Draw into these.

    Returns
    -------
    matplotlib.figure.Figure
    """
    with style():
        axes, track = single(axes), track_of(orbit)
        times = against_time(axes, track.time)
        first = float(track.mu_gyrocentre[0])
        for values, label, look in (
            (track.mu, "at the particle", {"color": _PALE, "linewidth": 0.8}),
            (track.mu_gyrocentre, "at the gyrocentre", {"color": COLOURS[0], "linewidth": 1.6}),
        ):
            if track.guiding and values is track.mu:
                continue
            shown = 100.0 * (values / first - 1.0) if relative else values
            axes.plot(times, shown, label=label, **look)
        axes.set_ylabel(r"change of $\mu$ [%]" if relative else r"$\mu$ [J/T]")
        if relative:
            axes.set_title(rf"$\mu_0$ = {first:.4g} J/T", loc="right", fontsize=9)
        if not track.guiding:
            legend_below(axes, ncols=2)
        titled(axes, title)
        return axes.figure


def plot_pitch_angle(orbit: Any, *, title: str | None = None, axes: Any = None) -> Any:
    """Draw the pitch angle against time, in degrees; arguments as of `plot_mu`."""
    with style():
        axes, track = single(axes), track_of(orbit)
        times = against_time(axes, track.time)
        axes.axhline(90.0, color=LINE, linewidth=0.8, linestyle="--")
        axes.plot(times, np.degrees(track.pitch_angle), color=COLOURS[0], linewidth=1.2)
        axes.set_ylim(0.0, 180.0)
        axes.set_yticks(range(0, 181, 30))
        axes.set_ylabel("pitch angle [°]")
        titled(axes, title)
        return axes.figure


def plot_bounce(
    orbit: Any, *, dipole: Any = None, mirror_points: Any = None, title: str | None = None, axes: Any = None
) -> Any:
    """Draw the bounce: the magnetic latitude, or the way along the field line, against time.

    Parameters
    ----------
    orbit, title, axes
        As of `plot_mu`.
    dipole : source, optional
        A source with `moment` and `position`: latitudes are drawn, about its axis. Without it the way along B, the
        integral of v_par dt.
    mirror_points : array_like, shape (2, 3), metre, optional
        Marked, if there is a dipole.

    Returns
    -------
    matplotlib.figure.Figure
    """
    with style():
        axes, track = single(axes), track_of(orbit)
        times = against_time(axes, track.time)
        if dipole is not None:
            values, label = _latitude(track.position, dipole), "magnetic latitude [°]"
        else:
            way = _way(track)
            metres, unit = length_unit(float(np.ptp(way)))
            values, label = way / metres, f"way along the field line [{unit}]"
        axes.axhline(0.0, color=LINE, linewidth=0.8)
        axes.plot(times, values, color=COLOURS[0], linewidth=1.4)
        if dipole is not None and mirror_points is not None and np.isfinite(mirror_points).all():
            for i, latitude in enumerate(_latitude(np.asarray(mirror_points, dtype=float), dipole)):
                words = None if i else "mirror points of the field line"
                axes.axhline(latitude, color=COLOURS[1], linewidth=1.0, linestyle="--", label=words)
            legend_below(axes)
        axes.set_ylabel(label)
        titled(axes, title)
        return axes.figure


def _latitude(points: np.ndarray, dipole: Any) -> np.ndarray:
    """Return latitudes about a dipole's axis, whose north is against the moment, in degrees."""
    axis = -np.asarray(dipole.moment) / np.linalg.norm(dipole.moment)
    offset = points - np.asarray(dipole.position)
    along = offset @ axis
    return np.degrees(np.arctan2(along, np.linalg.norm(offset - along[:, None] * axis, axis=1)))


def _way(track: Track) -> np.ndarray:
    """Return the integral of v_par dt in metre; for a guiding centre its drifts count as v_par."""
    speed, along = np.linalg.norm(track.velocity, axis=1), np.cos(track.pitch_angle)
    parallel = speed * (np.sign(along) if track.guiding else along)
    steps = 0.5 * (parallel[1:] + parallel[:-1]) * np.diff(track.time)
    return np.concatenate([[0.0], np.cumsum(steps)])


def plot_orbit(
    orbit: Any,
    *,
    field: Any = None,
    species: Any = None,
    balls: Any = (),
    title: str | None = None,
    axes: Any = None,
) -> Any:
    """Draw the path of an orbit in space, with its gyrocentre and field lines through it.

    Parameters
    ----------
    orbit : Orbit, GuidingCentreOrbit or xarray.Dataset
        From `magneton.orbits.trace`, or from a scene's task of type ``orbit``.
    field, species : optional
        Of a dataset; an orbit has its own. Without them neither gyrocentre nor field lines are drawn.
    balls : list of (centre, radius), metre
        Planets or walls to draw.
    title : str, optional
        A heading.
    axes : matplotlib Axes3D, optional
        Draw into these axes.

    Returns
    -------
    matplotlib.figure.Figure
    """
    with style():
        from magneton.plot.space_matplotlib import Shown

        if axes is None:
            axes = Shown(figsize=(7.4, 6.0)).add_axes((0.0, 0.05, 0.92, 0.88), projection="3d")
        track = track_of(orbit, field, species)
        drawn = balls_of(balls)
        low, high = box_of(track.position, drawn)
        metres, unit = length_unit(float(np.max(high - low)))
        axes.computed_zorder = False
        for i, line in enumerate(lines_along(track, low, high, drawn)):
            words = None if i else "field lines"
            axes.plot(*(line / metres).T, color=LINE, linewidth=0.7, zorder=1, label=words)
        for ball in drawn:
            _ball(axes, ball, metres, low, high)
        chosen = thinned(len(track.time))
        path = track.position[chosen] / metres
        words = "guiding centre" if track.guiding else "orbit"
        axes.plot(*path.T, color=COLOURS[0], linewidth=0.8, zorder=3, label=words)
        if track.centre is not None:
            axes.plot(
                *(track.centre[chosen] / metres).T,
                color=COLOURS[1],
                linewidth=1.4,
                zorder=4,
                label="gyrocentre",
            )
        axes.plot(*path[:1].T, color=INK, marker="o", markersize=4, linestyle="none", zorder=5, label="start")
        _frame(axes, low / metres, high / metres, unit)
        axes.legend(loc="upper left", bbox_to_anchor=(0.02, 0.98), fontsize=8.5)
        titled(axes, title)
        return axes.figure


def balls_of(balls: Any) -> list[Ball]:
    """Return pairs of centre and radius as balls, each once: a planet may be a wall too."""
    once = {(*map(float, centre), float(radius)) for centre, radius in balls}
    return [Ball(np.array(ball[:3]), ball[3]) for ball in sorted(once)]


def _ball(axes: Any, ball: Ball, metres: float, low: np.ndarray, high: np.ndarray) -> None:
    if ball.radius > float(np.max(high - low)):
        return  # a vessel seen from within
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 37), np.linspace(0, np.pi, 19))
    unit = np.stack([np.cos(u) * np.sin(v), np.sin(u) * np.sin(v), np.cos(v)])
    surface = (ball.centre[:, None, None] + ball.radius * unit) / metres
    axes.plot_surface(*surface, color="#C9D6DF", alpha=0.55, linewidth=0, zorder=2, shade=True)


def _frame(axes: Any, low: np.ndarray, high: np.ndarray, unit: str) -> None:
    from matplotlib.ticker import MaxNLocator

    for i, letter in enumerate("xyz"):
        getattr(axes, f"set_{letter}lim")(low[i], high[i])
        getattr(axes, f"set_{letter}label")(f"{letter} [{unit}]")
        axis = getattr(axes, f"{letter}axis")
        axis.set_major_locator(MaxNLocator(5))
        axis.set_pane_color((0.98, 0.98, 0.98, 1.0))
    axes.set_box_aspect(tuple((high - low) / np.max(high - low)), zoom=0.92)
    axes.view_init(elev=20, azim=-60)
