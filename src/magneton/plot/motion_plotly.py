"""Moments in motion by plotly: what stands still, the traces that a page moves, and curves against time."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go

from magneton.plot.moment_track import MomentTrack
from magneton.plot.motion_bodies import BodyShape
from magneton.plot.orbit_plotly import space_layout
from magneton.plot.orbit_track import prefixed, thinned, time_unit
from magneton.plot.picture import Picture
from magneton.plot.solids import ball
from magneton.plot.space_plotly import LIGHT, body_traces
from magneton.plot.style import COLOURS, CYCLE, INK

_MOST_CURVE = 1200
_SLIM = 0.2  # share of the longest side, below which numbers on an axis would overlap
_GREY = "#9aa3a9"


def mesh(part: str, **more: Any) -> go.Mesh3d:
    """Return a mesh that the page fills."""
    return go.Mesh3d(lighting=LIGHT, flatshading=True, hoverinfo="skip", meta=part, showlegend=False, **more)


def line(points: np.ndarray, part: str, colour: str, width: float) -> go.Scatter3d:
    """Return a line in space, in the unit of the axes."""
    x, y, z = points.T
    look = {"color": colour, "width": width}
    return go.Scatter3d(x=x, y=y, z=z, mode="lines", line=look, meta=part, hoverinfo="skip", showlegend=False)


def sphere_traces() -> list[Any]:
    """Return the unit sphere with circles, and the letters of the axes."""
    surface, _ = ball(np.ones(3))
    x, y, z = surface.vertices.T
    i, j, k = surface.faces.T
    skin = go.Mesh3d(
        x=x, y=y, z=z, i=i, j=j, k=k, color="#dfe7ec", opacity=0.28, hoverinfo="skip", meta="sphere"
    )
    turn, circles = np.linspace(0.0, 2.0 * np.pi, 91), []
    for latitude in np.radians([-60.0, -30.0, 0.0, 30.0, 60.0]):
        flat = np.cos(latitude) * np.stack([np.cos(turn), np.sin(turn)])
        circles += [np.vstack([flat, np.full(91, np.sin(latitude))]).T, np.full((1, 3), np.nan)]
    for longitude in np.radians(np.arange(0.0, 180.0, 30.0)):
        across = np.array([np.cos(longitude), np.sin(longitude), 0.0])
        circles += [
            np.outer(np.cos(turn), across) + np.outer(np.sin(turn), [0, 0, 1]),
            np.full((1, 3), np.nan),
        ]
    names = go.Scatter3d(
        x=[1.16, 0, 0], y=[0, 1.16, 0], z=[0, 0, 1.16], mode="text", text=["x", "y", "z"], meta="sphere",
        hoverinfo="skip", showlegend=False, textfont={"size": 15, "color": "#555"},
    )  # fmt: skip
    return [skin, line(np.concatenate(circles), "sphere", "#b9c2c9", 1.5), names]


def angle_colours() -> dict[str, Any]:
    """Return how a mesh shows angles in degrees by colours."""
    last = len(CYCLE) - 1
    bar = {
        "title": {"text": "azimuth of moments [°]", "side": "top"}, "orientation": "h", "len": 0.45, "x": 0.02,
        "xanchor": "left", "y": 0.0, "yanchor": "bottom", "thickness": 12, "outlinewidth": 0,
        "tickvals": [-180, -90, 0, 90, 180],
    }  # fmt: skip
    scale = [[i / last, colour] for i, colour in enumerate(CYCLE)]
    return {"colorscale": scale, "cmin": -180.0, "cmax": 180.0, "colorbar": bar, "intensitymode": "vertex"}


def body_mesh(shape: BodyShape) -> go.Mesh3d:
    """Return the surface of a body, for the page to move."""
    i, j, k = shape.surface.faces.T
    return mesh("bodies", i=i, j=j, k=k, vertexcolor=shape.colours)


def surroundings(held: Picture, metres: float) -> list[Any]:
    """Return traces of sources that are held in place."""
    picture = replace(held, metres=metres)
    return [
        trace for i, item in enumerate(picture.items) for trace in body_traces(item, picture, f"held {i}")
    ]


def space_figure(traces: list[Any], low: np.ndarray, high: np.ndarray, metres: float, unit: str) -> go.Figure:
    """Return the figure in space; without a unit the axes are not shown."""
    figure = go.Figure(traces)
    layout = space_layout(low, high, metres, unit)
    layout["scene"]["camera"]["eye"] = {"x": 1.0, "y": -1.35, "z": 0.6}
    sides = (high - low) / np.max(high - low)
    for letter, side in zip("xyz", sides, strict=True):
        if side < _SLIM:  # a layer, seen from above
            layout["scene"][f"{letter}axis"] |= {"nticks": 2, "title": {"text": ""}, "showticklabels": False}
            layout["scene"]["camera"]["eye"] = {"x": 0.6, "y": -1.0, "z": 1.1}
    if not unit:
        for letter in "xyz":
            layout["scene"][f"{letter}axis"] |= {"visible": False, "showbackground": False}
        layout["scene"]["camera"] = {
            "eye": {"x": 0.95, "y": -1.15, "z": 0.55},
            "center": {"x": 0, "y": 0, "z": 0},
        }
    figure.update_layout(**layout, showlegend=any(trace.showlegend for trace in traces))
    return figure


def curves(track: MomentTrack) -> go.Figure:
    """Return the mean moment and the energies against time; more than one energy as changes since the start."""
    some = thinned(len(track.time), _MOST_CURVE)
    seconds, unit = time_unit(float(np.ptp(track.time)))
    time = track.time[some] / seconds
    size = float(np.linalg.norm(track.moments[0], axis=1).mean()) or 1.0
    mean = track.mean[some] / size
    lines = [_curve(time, np.linalg.norm(mean, axis=1), "|m|", _GREY, "solid", "y")]
    for i, part in enumerate("xyz"):
        lines.append(_curve(time, mean[:, i], f"m<sub>{part}</sub>", COLOURS[i], "solid", "y"))
    energies, several = list(track.energies.items()), len(track.energies) > 1
    if several:
        changes = [(name, values - values[0]) for name, values in energies]
        energies = [*changes, ("sum", sum((values for _, values in changes), np.zeros(len(track.time))))]
    joule, name_of_unit = _energy_unit([values for _, values in energies])
    for i, (name, values) in enumerate(energies):
        last = i == len(energies) - 1
        look = (INK, "dot" if several else "solid") if last else (COLOURS[(i + 3) % 6], "solid")
        lines.append(_curve(time, values[some] / joule, name, *look, "y2"))
    figure = go.Figure(lines)
    figure.update_layout(**_curves_layout(unit, name_of_unit, several, bool(energies)))
    return figure


def _energy_unit(energies: list[np.ndarray]) -> tuple[float, str]:
    """Return joules a unit, and the unit: a power of ten where no prefix is usual."""
    largest = max((float(np.abs(values).max()) for values in energies), default=0.0)
    joule, unit = prefixed(largest, "J")
    if largest >= joule or largest == 0.0:
        return joule, unit
    power = math.floor(math.log10(largest))
    return 10.0**power, f"10<sup>{power}</sup> J"


def _curve(x: np.ndarray, y: np.ndarray, name: str, colour: str, dash: str, axis: str) -> go.Scatter:
    return go.Scatter(
        x=x, y=y, name=name, mode="lines", line={"color": colour, "width": 1.6, "dash": dash}, yaxis=axis,
        legend="legend" if axis == "y" else "legend2",
    )  # fmt: skip


def _curves_layout(unit: str, joule: str, several: bool, energies: bool) -> dict[str, Any]:
    look = {
        "gridcolor": "#e4e4e4",
        "zerolinecolor": "#bbbbbb",
        "linecolor": INK,
        "ticks": "outside",
        "ticklen": 4,
    }
    legend = {
        "orientation": "h",
        "x": 0.0,
        "yanchor": "bottom",
        "bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 11},
    }
    now = {
        "type": "line",
        "x0": 0,
        "x1": 0,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": INK, "width": 1},
    }
    word = f"{'change of energy' if several else 'energy'} [{joule}]"
    layout: dict[str, Any] = {
        "template": "none", "font": {"family": "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
                                     "size": 12, "color": INK},
        "margin": {"l": 66, "r": 12, "t": 30, "b": 44}, "shapes": [now],
        "legend": legend | {"y": 1.0}, "hovermode": "x",
        "xaxis": look | {"title": {"text": f"time [{unit}]"}, "anchor": "y2" if energies else "y", "zeroline": False},
        "yaxis": look | {"title": {"text": "mean moment / |m|"}, "domain": [0.6, 1.0] if energies else [0.0, 1.0]},
    }  # fmt: skip
    if energies:
        layout["yaxis2"] = look | {"title": {"text": word}, "domain": [0.0, 0.43], "zeroline": several}
        layout["legend2"] = legend | {"y": 0.43, "visible": several}
    return layout
