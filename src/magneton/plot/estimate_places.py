"""Sensors and moments in three views along the axes, with the regions of the positions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from magneton.plot.axes_tools import LINE
from magneton.plot.orbit_track import length_unit
from magneton.plot.style import COLOURS
from magneton.plot.words import si

_VIEWS = ((0, 1), (0, 2), (1, 2))
_ARROW = 0.26  # of the side of a view: the longest moment
_SEEN = 0.08  # of the side: ellipses are enlarged until about this size
_NAMED = 4  # moments that the legend tells apart
_MOST = 1000.0  # by which they are enlarged


def draw_places(part: Any, estimate: Any, readings: Any, level: float, truth: np.ndarray | None) -> None:
    """Draw the three views; true positions, shape (n, 3), are enlarged about the estimates as the regions are."""
    positions, moments = np.atleast_2d(estimate.position), np.atleast_2d(estimate.moment)
    sensors = None if readings is None else np.unique(readings.taps.points, axis=0)
    others = np.empty((0, 3)) if estimate.alternatives is None else estimate.alternatives.reshape(-1, 3)
    middle, half = _cube(positions, moments, sensors, others)
    metres, unit = length_unit(2.0 * half)
    shapes = _regions(estimate, len(positions), level)
    factor = _factor(shapes, 2.0 * half)
    true = None if truth is None else positions + max(factor, 1.0) * (truth - positions)
    axes = part.subplots(1, 3)
    for panel, view in zip(axes, _VIEWS, strict=True):
        v = list(view)
        _frame(panel, view, middle / metres, half / metres, unit)
        if sensors is not None:
            panel.plot(*(sensors[:, v] / metres).T, ".", color=LINE, markersize=4.0, zorder=1)
        panel.plot(*(others[:, v] / metres).T, "x", color=LINE, markersize=6.0, zorder=2)
        if true is not None:
            panel.plot(*(true[:, v] / metres).T, "+", color="black", markersize=7.0, zorder=5)
        tips = _tips(moments, 2.0 * half)
        for k, (place, tip) in enumerate(zip(positions, tips, strict=True)):
            colour = COLOURS[(k + 1) % len(COLOURS)]
            _arrow(panel, place[v] / metres, tip[v] / metres, colour)
            shape = shapes[k]
            if factor and shape is not None:
                _ellipse(panel, place[v] / metres, shape[np.ix_(v, v)] * (factor / metres) ** 2, colour)
    marks = [
        ("sensors", ".", LINE, sensors is not None),
        ("truth, relative to the region", "+", "black", true is not None),
    ]
    marks.append(("explains the readings as well", "x", LINE, len(others) > 0))
    _legend(part, len(positions), [mark[:3] for mark in marks if mark[3]], _told(shapes, factor, level))


def _cube(
    positions: np.ndarray, moments: np.ndarray, sensors: np.ndarray | None, others: np.ndarray
) -> tuple[np.ndarray, float]:
    """Return the middle and half the side of a cube that holds all, with the arrows."""
    points = np.concatenate([positions, others, *([] if sensors is None else [sensors])])
    low, high = points.min(axis=0), points.max(axis=0)
    side = float(np.max(high - low)) or 2.0 * float(np.abs(points).max()) or 1.0
    tips = positions + _tips(moments, 1.15 * side)
    low, high = np.minimum(low, tips.min(axis=0)), np.maximum(high, tips.max(axis=0))
    return (low + high) / 2.0, 0.57 * max(float(np.max(high - low)), side)


def _tips(moments: np.ndarray, side: float) -> np.ndarray:
    """Return arrows of moments: true directions, lengths compressed with the fourth root."""
    size = np.linalg.norm(moments, axis=1, keepdims=True)
    largest = float(size.max()) or 1.0
    relative = np.maximum(size / largest, 1e-300)
    return _ARROW * side * relative**0.25 * moments / np.where(size > 0.0, size, 1.0)


def _regions(estimate: Any, count: int, level: float) -> list[np.ndarray | None]:
    """Return matrices of the ellipsoids in m^2, None where a position was known or nothing is known of it."""
    shapes: list[np.ndarray | None] = []
    for k in range(count):
        try:
            region = estimate.confidence_region(level, "position", k)
        except ValueError:  # it was known beforehand
            shapes.append(None)
            continue
        finite = np.isfinite(region.semi_axes).all()
        shapes.append((region.axes * region.semi_axes**2) @ region.axes.T if finite else None)
    return shapes


def _largest(shapes: list[np.ndarray | None]) -> float:
    return max((math.sqrt(float(np.linalg.eigvalsh(s)[-1])) for s in shapes if s is not None), default=0.0)


def _factor(shapes: list[np.ndarray | None], side: float) -> float:
    """Return by what ellipses are enlarged: 1, 2, 5, 10, ...; 0 if they are too small to be shown even so."""
    largest = _largest(shapes)
    if largest <= 0.0 or _SEEN * side / largest > 2.5 * _MOST:
        return 0.0
    wanted = min(_SEEN * side / largest, _MOST)
    if wanted <= 1.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return power * max(step for step in (1.0, 2.0, 5.0) if step * power <= wanted)


def _told(shapes: list[np.ndarray | None], factor: float, level: float) -> str:
    """Return what the legend says of the regions; nothing if there are none."""
    name = f"{100.0 * level:g} % region"
    if all(shape is None for shape in shapes):
        return ""
    if not factor:
        return f"{name}: within {si(_largest(shapes), 'm')}"
    return name + (f", {factor:g} times enlarged" if factor > 1.0 else "")


def _frame(panel: Any, view: tuple[int, int], middle: np.ndarray, half: float, unit: str) -> None:
    first, second = view
    panel.set_aspect("equal")
    panel.set_xlim(middle[first] - half, middle[first] + half)
    panel.set_ylim(middle[second] - half, middle[second] + half)
    panel.set_xlabel(f"{'xyz'[first]} [{unit}]")
    panel.set_ylabel(f"{'xyz'[second]} [{unit}]")


def _arrow(panel: Any, place: np.ndarray, tip: np.ndarray, colour: str) -> None:
    panel.plot(*place, "o", color=colour, markersize=4.0, zorder=4)
    panel.annotate(
        "",
        xy=tuple(place + tip),
        xytext=tuple(place),
        arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.6, "shrinkA": 0.0, "shrinkB": 0.0},
        zorder=4,
    )


def _ellipse(panel: Any, place: np.ndarray, shape: np.ndarray, colour: str) -> None:
    """Draw the shadow of an ellipsoid: the block of its matrix is that of the ellipse."""
    from matplotlib.patches import Ellipse

    variance, axes = np.linalg.eigh(shape)
    radii = np.sqrt(np.maximum(variance, 0.0))
    angle = math.degrees(math.atan2(axes[1, 1], axes[0, 1]))
    panel.add_patch(
        Ellipse(
            (float(place[0]), float(place[1])), 2.0 * radii[1], 2.0 * radii[0], angle=angle,
            facecolor=(*_rgb(colour), 0.2), edgecolor=colour, linewidth=1.2, zorder=3,
        )
    )  # fmt: skip


def _rgb(colour: str) -> tuple[float, float, float]:
    from matplotlib.colors import to_rgb

    return to_rgb(colour)


def _legend(part: Any, count: int, marks: list[tuple[str, str, str]], regions: str) -> None:
    """Say what is what: `marks` are labels, markers and colours."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for k in range(count if count <= _NAMED else 1):
        label = "moment" if count == 1 else f"moment {k}" if count <= _NAMED else "moments"
        look = {"marker": "$\\rightarrow$", "markersize": 12, "color": COLOURS[(k + 1) % len(COLOURS)]}
        handles.append(Line2D([], [], linestyle="none", label=label, **look))
    if regions:
        handles.append(Patch(facecolor=(*_rgb(COLOURS[1]), 0.2), edgecolor=COLOURS[1], label=regions))
    for label, marker, colour in marks:
        handles.append(Line2D([], [], marker=marker, linestyle="none", color=colour, label=label))
    part.legend(handles=handles, loc="outside lower center", ncols=len(handles))
