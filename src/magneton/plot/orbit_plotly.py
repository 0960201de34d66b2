"""An orbit in space by plotly: path coloured by mu, gyrocentre, field lines, balls, and a marker that moves."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import plotly.graph_objects as go

from magneton.plot.orbit_track import Ball, Track, box_of, length_unit, lines_along, thinned
from magneton.plot.solids import ball as ball_surface
from magneton.plot.style import COLOURS, INK

_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
_SCALE = "Cividis"


def orbit_figure(track: Track, balls: list[Ball]) -> tuple[go.Figure, np.ndarray]:
    """Return the figure, each trace named in `meta` after its part, and the indices of the samples that it shows."""
    low, high = box_of(track.position, balls)
    metres, unit = length_unit(float(np.max(high - low)))
    chosen = thinned(len(track.time))
    traces: list[Any] = [_ball(ball, metres) for ball in balls if ball.radius < float(np.max(high - low))]
    lines = lines_along(track, low, high, balls)
    if lines:
        gap = np.full((1, 3), np.nan)
        strung = np.concatenate([part for line in lines for part in (line / metres, gap)])
        traces.append(_line(strung, "field lines", "lines", {"color": "#9a9a9a", "width": 2}))
    traces += _path(track, chosen, metres)
    if track.centre is not None:
        traces.append(
            _line(track.centre[chosen] / metres, "gyrocentre", "centre", {"color": COLOURS[1], "width": 5})
        )
    x, y, z = track.position[:1].T / metres
    marker = {"size": 7, "color": INK, "line": {"color": "white", "width": 1}}
    traces.append(
        go.Scatter3d(x=x, y=y, z=z, mode="markers", marker=marker, name="now", meta="now", hoverinfo="skip")
    )
    figure = go.Figure(traces)
    figure.update_layout(**space_layout(low, high, metres, unit))
    return figure, chosen


def _line(points: np.ndarray, name: str, part: str, look: dict[str, Any], **more: Any) -> go.Scatter3d:
    x, y, z = points.T
    more = {"hoverinfo": "skip"} | more
    return go.Scatter3d(x=x, y=y, z=z, mode="lines", line=look, name=name, meta=part, **more)


def _path(track: Track, chosen: np.ndarray, metres: float) -> list[go.Scatter3d]:
    """Return the path, coloured by the change of mu at the gyrocentre in percent, and what the legend shows of it."""
    first = track.mu_gyrocentre[0]
    if track.guiding or not first > 0.0:
        look: dict[str, Any] = {"color": COLOURS[0], "width": 4}
    else:
        change = 100.0 * (track.mu_gyrocentre[chosen] / first - 1.0)
        bar = {
            "title": {"text": "change of µ at the gyrocentre [%]", "side": "top"}, "orientation": "h", "len": 0.4,
            "x": 0.02, "xanchor": "left", "y": 0.0, "yanchor": "bottom", "thickness": 12, "outlinewidth": 0,
        }  # fmt: skip
        look = {"color": change, "colorscale": _SCALE, "width": 4, "showscale": True, "colorbar": bar}
    words = [
        f"t = {t:.5g} s<br>pitch angle {a:.1f}°"
        for t, a in zip(track.time[chosen], np.degrees(track.pitch_angle[chosen]), strict=True)
    ]
    name = "guiding centre" if track.guiding else "orbit"
    points, shown = (
        track.position[chosen] / metres,
        {"hoverinfo": "text", "hovertext": words, "showlegend": False},
    )
    key = go.Scatter3d(
        x=[None],
        y=[None],
        z=[None],
        mode="lines",
        line={"color": COLOURS[0], "width": 5},
        name=name,
        meta="orbit",
    )
    return [_line(points, name, "orbit", look, **shown), key]


def _ball(ball: Ball, metres: float) -> go.Mesh3d:
    surface, _ = ball_surface(np.full(3, ball.radius))
    x, y, z = (ball.centre + surface.vertices).T / metres
    i, j, k = surface.faces.T
    return go.Mesh3d(
        x=x, y=y, z=z, i=i, j=j, k=k, color="#b9cad6", opacity=1.0, meta="ball", name="body", hoverinfo="skip",
        lighting={"ambient": 0.65, "diffuse": 0.5, "specular": 0.05}, showlegend=True,
    )  # fmt: skip


def space_layout(low: np.ndarray, high: np.ndarray, metres: float, unit: str) -> dict[str, Any]:
    """Return the layout of a box in space, its axes in a unit of so many metres."""
    sides = (high - low) / np.max(high - low)
    scene: dict[str, Any] = {
        "aspectmode": "manual",
        "aspectratio": dict(zip("xyz", (1.1 * sides).tolist(), strict=True)),
        "camera": {"eye": {"x": 0.85, "y": -1.15, "z": 0.5}, "center": {"x": 0.0, "y": 0.0, "z": -0.1}},
        "dragmode": "orbit",
    }
    for i, letter in enumerate("xyz"):
        scene[f"{letter}axis"] = {
            "title": {"text": html.escape(f"{letter} [{unit}]")}, "range": [low[i] / metres, high[i] / metres],
            "nticks": 6, "gridcolor": "#dddddd", "backgroundcolor": "#fafafa", "showbackground": True,
            "zeroline": False, "showspikes": False,
        }  # fmt: skip
    return {
        "template": "none",
        "font": {"family": _FONT, "size": 13, "color": INK},
        "scene": scene,
        "margin": {"l": 0, "r": 0, "t": 10, "b": 10},
        "legend": {"x": 1.0, "xanchor": "right", "y": 0.98},
        "hoverlabel": {"bgcolor": "white", "align": "left", "font": {"family": _FONT}},
        "uirevision": "kept",
    }
