"""Pictures in space by matplotlib."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from mpl_toolkits.mplot3d.art3d import Line3DCollection, Poly3DCollection

from magneton.plot import words
from magneton.plot.axes_tools import literal
from magneton.plot.picture import Item, Picture
from magneton.plot.solids import Surface, arrow, cone, merged
from magneton.plot.style import style

_OPACITY = 0.22


class Shown(Figure):
    """A figure that Jupyter shows although pyplot does not know it, so that nothing of the session changes."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        with style():
            self.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
        return buffer.getvalue()


def draw_picture(picture: Picture, axes: Any = None) -> Figure:
    """Return the figure of a picture, drawn into `axes` if there are any."""
    with style():
        if axes is None:
            figure = Shown(figsize=(8.6, 5.6))
            axes = figure.add_axes((0.0, 0.02, 0.68, 0.92), projection="3d")
        else:
            figure = axes.figure
            if not hasattr(axes, "add_collection3d"):
                raise ValueError("axes must be three-dimensional: projection='3d'")
        axes.computed_zorder = False
        _field_lines(axes, picture)
        handles = [_body(axes, item, picture) for item in picture.items if item.position is not None]
        handles += [h for item in picture.items if (h := _moments(axes, item, picture)) is not None]
        _frame(axes, picture)
        if handles:
            axes.legend(
                handles=handles, loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0, fontsize=8.5
            )
        return figure


def _frame(axes: Any, picture: Picture) -> None:
    for i, letter in enumerate("xyz"):
        limits = picture.low[i] / picture.metres, picture.high[i] / picture.metres
        getattr(axes, f"set_{letter}lim")(*limits)
        getattr(axes, f"set_{letter}label")(f"{letter} [{picture.unit}]")
        axis = getattr(axes, f"{letter}axis")
        axis.set_major_locator(_locator())
        axis.set_pane_color((0.98, 0.98, 0.98, 1.0))
    axes.set_box_aspect(tuple((picture.high - picture.low) / picture.size), zoom=0.95)
    axes.view_init(elev=22, azim=-55)
    if picture.title:
        axes.set_title(literal(picture.title), loc="left")


def _locator() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(5)


def _mesh(axes: Any, surface: Surface, metres: float, colour: Any, opacity: float, zorder: float) -> None:
    corners = surface.vertices[surface.faces] / metres
    faces = Poly3DCollection(
        corners, facecolors=colour, alpha=opacity, zorder=zorder, linewidths=0.0, shade=opacity == 1.0
    )
    axes.add_collection3d(faces, autolim=False)


def _strokes(
    axes: Any, lines: list[np.ndarray], metres: float, colour: str, width: float, zorder: float
) -> None:
    strokes = Line3DCollection(
        [line / metres for line in lines], colors=colour, linewidths=width, zorder=zorder, capstyle="round"
    )
    axes.add_collection3d(strokes, autolim=False)


def _body(axes: Any, item: Item, picture: Picture) -> Line2D:
    """Draw a body; return what stands for it in the legend."""
    shape, metres = item.geometry, picture.metres
    if shape.solids:
        surface = merged(shape.solids)
        colour: Any = item.colour
        if item.north is not None:
            shares = words.shades(surface.vertices[surface.faces].mean(axis=1), item.north)
            colour = [words.mixed(item.colour, 0.12 + 0.88 * share) for share in shares]
        _mesh(axes, surface, metres, colour, _OPACITY if item.north is None else 0.45, 2)
    if shape.outlines:
        _strokes(axes, shape.outlines, metres, item.colour, 0.9, 2.2)
    if shape.wires:
        _strokes(axes, shape.wires, metres, item.colour, 2.4, 2.4)
    if len(shape.heads):
        cones = merged([cone(head[:3], head[3:6], head[6]) for head in shape.heads])
        _mesh(axes, cones, metres, item.colour, 1.0, 2.5)
    if len(shape.dots):
        size = 22 if len(shape.dots) <= 100 else 3
        axes.scatter(*(shape.dots / metres).T, color=item.colour, s=size, zorder=2.6, depthshade=False)
    solid = bool(shape.solids)
    marker = {"marker": "s", "linestyle": "none", "markersize": 9, "alpha": 0.6} if solid else {}
    if not solid and not shape.wires:
        marker = {"marker": "o", "linestyle": "none", "markersize": 5}
    return Line2D([], [], color=item.colour, label=literal(words.body_label(item)), **marker)


def _moments(axes: Any, item: Item, picture: Picture) -> Line2D | None:
    if not len(item.tips):
        return None
    lengths = np.linalg.norm(item.tips - item.tails, axis=1)
    widths = np.minimum(0.008 * picture.size, 0.05 * lengths)
    arrows = merged([arrow(*ends) for ends in zip(item.tails, item.tips, widths, strict=True)])
    colour = words.darker(item.colour)
    _mesh(axes, arrows, picture.metres, colour, 1.0, 3)
    label = literal(words.arrow_label(item))
    return Line2D([], [], color=colour, label=label, marker="$\\rightarrow$", linestyle="none", markersize=12)


def _field_lines(axes: Any, picture: Picture) -> None:
    if not picture.lines:
        return
    low, high = words.strength_range(picture)
    norm = LogNorm(low, high)
    colours = LinearSegmentedColormap.from_list("strength", words.STRENGTHS)
    segments = np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in picture.lines])
    strengths = np.concatenate([np.sqrt(s[:-1] * s[1:]) for s in picture.strengths])
    strengths = np.clip(np.nan_to_num(strengths, nan=low, posinf=high), low, high)
    lines = Line3DCollection(
        segments / picture.metres, cmap=colours, norm=norm, linewidths=0.9, zorder=1, capstyle="round"
    )
    lines.set_array(strengths)
    axes.add_collection3d(lines, autolim=False)
    _senses(axes, picture, lambda value: colours(norm(value)))
    bar = axes.figure.add_axes((0.74, 0.12, 0.016, 0.36)) if isinstance(axes.figure, Shown) else None
    ticks = words.strength_ticks(low, high)
    options: dict[str, Any] = {"cax": bar} if bar is not None else {"ax": axes, "shrink": 0.5, "pad": 0.12}
    drawn = axes.figure.colorbar(ScalarMappable(norm, colours), ticks=ticks, **options)
    drawn.ax.minorticks_off()
    drawn.ax.set_yticklabels([words.si(tick, "T") for tick in ticks], fontsize=8.5)
    drawn.ax.set_title("|B| on field lines", loc="left", fontsize=8.5)
    drawn.outline.set_visible(False)


def _senses(axes: Any, picture: Picture, colour_of: Any) -> None:
    """Draw a cone in the middle of each line, to show the field's direction."""
    cones, colours = [], []
    for line, strength in zip(picture.lines, picture.strengths, strict=True):
        if len(line) > 2:
            k = len(line) // 2
            cones.append(cone(line[k], line[k + 1] - line[k - 1], 0.022 * picture.size))
            colours.append(colour_of(strength[k]))
    if cones:
        many = merged(cones)
        each = np.repeat(np.array(colours), len(many.faces) // len(cones), axis=0)
        _mesh(axes, many, picture.metres, each, 1.0, 1.1)
