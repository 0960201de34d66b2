"""Pictures in space by plotly."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import plotly.graph_objects as go

from magneton.plot import words
from magneton.plot.picture import Item, Picture
from magneton.plot.solids import Surface, arrow, cone, merged
from magneton.plot.style import INK

_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
LIGHT = {"ambient": 0.78, "diffuse": 0.45, "specular": 0.12, "roughness": 0.8, "fresnel": 0.05}
_SOLID_OPACITY = 0.45
_LINES = "lines"


def figure_of(picture: Picture) -> go.Figure:
    """Return the plotly figure of a picture; each trace says in `meta` what it is part of."""
    traces: list[Any] = []
    for i, item in enumerate(picture.items):
        traces += body_traces(item, picture, f"body {i}")
    for i, item in enumerate(picture.items):
        traces += _moments(item, picture, f"moment {i}")
    traces += _field_lines(picture)
    figure = go.Figure(traces)
    figure.update_layout(**_layout(picture))
    return figure


def _text(text: str) -> str:
    """Return text that plotly shows as it stands."""
    return html.escape(text, quote=False)


def _hover(item: Item, picture: Picture) -> str:
    lines = [f"<b>{_text(item.name)}</b>", item.kind, f"position {words.position_text(item, picture)}"]
    if item.current is not None:
        lines.append(words.current_text(item))
    if item.moment is None:
        lines.append("no moment")
    else:
        lines += [f"moment {words.moment_text(item)}", f"|m| = {item.moment_text()}"]
    return "<br>".join(lines)


def _mesh(surface: Surface, metres: float, **more: Any) -> go.Mesh3d:
    x, y, z = (surface.vertices / metres).T
    i, j, k = surface.faces.T
    return go.Mesh3d(x=x, y=y, z=z, i=i, j=j, k=k, lighting=LIGHT, flatshading=True, hoverinfo="text", **more)


def _strung(lines: list[np.ndarray], metres: float) -> np.ndarray:
    """Return lines as one, with a gap after each: shape (3, n)."""
    gap = np.full((1, 3), np.nan)
    return np.concatenate([part for line in lines for part in (line / metres, gap)]).T


def _line(lines: list[np.ndarray], metres: float, colour: str, width: float, **more: Any) -> go.Scatter3d:
    x, y, z = _strung(lines, metres)
    return go.Scatter3d(
        x=x, y=y, z=z, mode="lines", line={"color": colour, "width": width}, hoverinfo="text", **more
    )


def body_traces(item: Item, picture: Picture, group: str) -> list[Any]:
    """Return the traces of one body, and what the legend shows of it."""
    shape, metres, made = item.geometry, picture.metres, []
    more: dict[str, Any] = {"hovertext": _hover(item, picture), "meta": "bodies", "legendgroup": group}
    if shape.solids:
        surface = merged(shape.solids)
        paint: dict[str, Any] = {"color": item.colour}
        if item.north is not None:
            shares = 0.12 + 0.88 * words.shades(surface.vertices, item.north)
            paint = {
                "vertexcolor": [words.mixed(item.colour, share) for share in shares],
                "color": item.colour,
            }
        made.append(_mesh(surface, metres, opacity=_SOLID_OPACITY, **paint, **more))
    if shape.outlines:
        made.append(_line(shape.outlines, metres, item.colour, 2.5, **more))
    if shape.wires:
        made.append(_line(shape.wires, metres, item.colour, 7, **more))
    if len(shape.heads):
        cones = merged([cone(head[:3], head[3:6], head[6]) for head in shape.heads])
        made.append(_mesh(cones, metres, color=item.colour, **more))
    if len(shape.dots):
        x, y, z = (shape.dots / metres).T
        made.append(
            go.Scatter3d(
                x=x, y=y, z=z, mode="markers", hoverinfo="text",
                marker={"size": 5 if len(x) <= 100 else 2, "color": item.colour}, **more,
            )
        )  # fmt: skip
    for trace in made:
        trace.name, trace.showlegend = _text(words.body_label(item)), False
    if made:
        symbol = "square" if shape.solids else "" if shape.wires else "circle"
        made.append(_key(_text(words.body_label(item)), item.colour, symbol, "bodies", group))
    return made


def _key(name: str, colour: str, symbol: str, part: str, group: str) -> go.Scatter3d:
    """Return what the legend shows of a group: a trace without a point, since a mesh has no colour there."""
    look: dict[str, Any] = {"mode": "lines", "line": {"color": colour, "width": 5}}
    if symbol:
        look = {"mode": "markers", "marker": {"color": colour, "symbol": symbol, "size": 8}}
    return go.Scatter3d(
        x=[None], y=[None], z=[None], name=name, showlegend=True, legendgroup=group, meta=part, hoverinfo="skip", **look
    )  # fmt: skip


def _moments(item: Item, picture: Picture, group: str) -> list[Any]:
    if not len(item.tips):
        return []
    lengths = np.linalg.norm(item.tips - item.tails, axis=1)
    widths = np.minimum(0.008 * picture.size, 0.05 * lengths)
    arrows = [arrow(*ends) for ends in zip(item.tails, item.tips, widths, strict=True)]
    colour, name = words.darker(item.colour), _text(words.arrow_label(item))
    mesh = _mesh(
        merged(arrows), picture.metres, color=colour, name=name, showlegend=False, legendgroup=group,
        hovertext=_hover(item, picture), meta="moments",
    )  # fmt: skip
    return [mesh, _key(name, colour, "diamond", "moments", group)]


def _field_lines(picture: Picture) -> list[Any]:
    if not picture.lines:
        return []
    low, high = words.strength_range(picture)
    x, y, z = _strung(picture.lines, picture.metres)
    with np.errstate(all="ignore"):
        parts = [np.append(np.log10(s), np.nan) for s in picture.strengths]
    shown = np.clip(np.nan_to_num(np.concatenate(parts), nan=np.log10(low)), np.log10(low), np.log10(high))
    ticks = words.strength_ticks(low, high)
    bar = {
        "title": {"text": "|B|", "side": "top"}, "tickvals": np.log10(ticks).tolist(), "orientation": "h",
        "ticktext": [words.si(tick, "T") for tick in ticks], "len": 0.4, "x": 0.02, "xanchor": "left",
        "y": 0.0, "yanchor": "bottom", "thickness": 12, "outlinewidth": 0,
    }  # fmt: skip
    last = len(words.STRENGTHS) - 1
    scale = [[i / last, colour] for i, colour in enumerate(words.STRENGTHS)]
    common = {
        "legendgroup": "field lines", "hoverinfo": "skip", "meta": _LINES, "name": "field lines", "showlegend": False,
    }  # fmt: skip
    lines = go.Scatter3d(
        x=x, y=y, z=z, mode="lines", **common,
        line={
            "color": shown, "width": 2.5, "colorscale": scale, "cmin": np.log10(low), "cmax": np.log10(high),
            "showscale": True, "colorbar": bar,
        },
    )  # fmt: skip
    key = _key("field lines of B", words.STRENGTHS[2], "", _LINES, "field lines")
    return [lines, _senses(picture, common), key]


def _senses(picture: Picture, common: dict[str, Any]) -> go.Mesh3d:
    """Return a cone in the middle of each field line, in the colour of the field there."""
    low, high = np.log10(words.strength_range(picture))
    cones, colours = [], []
    for line, strength in zip(picture.lines, picture.strengths, strict=True):
        if len(line) > 2:
            k = len(line) // 2
            cones.append(cone(line[k], line[k + 1] - line[k - 1], 0.02 * picture.size))
            share = (np.log10(np.nan_to_num(strength[k], nan=10.0**low)) - low) / (high - low)
            index = int(np.clip(round(share * (len(words.STRENGTHS) - 1)), 0, len(words.STRENGTHS) - 1))
            colours += [words.STRENGTHS[index]] * len(cones[-1].vertices)
    surface = merged(cones)
    x, y, z = (surface.vertices / picture.metres).T
    i, j, k = surface.faces.T
    return go.Mesh3d(x=x, y=y, z=z, i=i, j=j, k=k, vertexcolor=colours, lighting=LIGHT, **common)


def _layout(picture: Picture) -> dict[str, Any]:
    sides = (picture.high - picture.low) / picture.size
    scene: dict[str, Any] = {
        "aspectmode": "manual",
        "aspectratio": dict(zip("xyz", (1.02 * sides).tolist(), strict=True)),
        "camera": {"eye": {"x": 1.15, "y": -1.38, "z": 0.74}, "center": {"x": 0.0, "y": 0.0, "z": -0.12}},
        "dragmode": "orbit",
    }
    for i, letter in enumerate("xyz"):
        limits = [float(picture.low[i] / picture.metres), float(picture.high[i] / picture.metres)]
        scene[f"{letter}axis"] = {
            "title": {"text": f"{letter} [{picture.unit}]"}, "range": limits, "nticks": 6, "gridcolor": "#dddddd",
            "backgroundcolor": "#fafafa", "showbackground": True, "zeroline": False, "showspikes": False,
        }  # fmt: skip
    heading = {"text": _text(picture.title), "x": 0.02, "xanchor": "left"} if picture.title else None
    return {
        "template": "none",
        "title": heading,
        "font": {"family": _FONT, "size": 13, "color": INK},
        "scene": scene,
        "margin": {"l": 0, "r": 0, "t": 50 if picture.title else 10, "b": 10},
        "legend": {"x": 1.0, "xanchor": "left", "y": 0.95, "groupclick": "togglegroup", "tracegroupgap": 2},
        "hoverlabel": {"bgcolor": "white", "align": "left", "font": {"family": _FONT}},
        "uirevision": "kept",
    }
