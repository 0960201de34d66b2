"""Readings of a fit in groups, one for each component; drawn as maps, or against the sensor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.plot.axes_tools import LINE
from magneton.plot.orbit_track import length_unit, prefixed
from magneton.plot.style import COLOURS, SIGNED_MAP

_FLAT = 1e-6  # of the size of an array: what is thinner is a plane
_LEAST = 9  # points that make a map
_MANY = 60  # sensors of which bars and lines are not drawn any more
_BOUND = 3.0, 6.0  # of residuals, in units of the noise, that a map's colours show at least, and at most
_ALIKE = 1e-9


@dataclass(frozen=True)
class Group:
    """Readings of one component.

    Attributes
    ----------
    label, unit : str
        What they are of: ``B_x`` in T.
    number : ndarray, shape (n,)
        Of the sensors, or of the readings if a sensor read several.
    by_sensor : bool
        Which of the two.
    points : ndarray, shape (n, 3), metre, or None
        Where, if that is known and means something.
    measured, modelled, noise : ndarray, shape (n,)
        In the unit.
    """

    label: str
    unit: str
    number: np.ndarray
    by_sensor: bool
    points: np.ndarray | None
    measured: np.ndarray
    modelled: np.ndarray
    noise: np.ndarray


def groups_of(estimate: Any, readings: Any) -> list[Group]:
    """Return the readings of an estimate by component."""
    measured, modelled = estimate.values, estimate.values - estimate.residuals
    if readings is None:
        number = np.arange(len(measured))
        return [Group("reading", "", number, False, None, measured, modelled, estimate.noise)]
    labels, units = _labels(readings)
    first = np.searchsorted(readings.taps.row, readings.row)
    still = readings.lab_taps is readings.taps
    ambient = np.where(readings.magnitudes, np.linalg.norm(np.nan_to_num(readings.ambient), axis=1), 0.0)
    out = []
    for label in dict.fromkeys(labels):
        own = np.flatnonzero([each == label for each in labels])
        sensors = readings.sensor[own]
        alone = len(np.unique(sensors)) == len(own)
        number = sensors if alone else np.arange(len(own))
        points = readings.taps.points[first[own]] if still else None
        out.append(
            Group(
                label,
                units[own[0]],
                number,
                alone,
                points,
                (measured - ambient)[own],
                (modelled - ambient)[own],
                estimate.noise[own],
            )
        )
    return out


def _labels(readings: Any) -> tuple[list[str], list[str]]:
    """Return what each reading is of, and its unit."""
    taps = readings.lab_taps
    first = np.searchsorted(taps.row, readings.row)
    count = np.searchsorted(taps.row, readings.row, side="right") - first
    labels, units = [], []
    for i in range(len(readings)):
        w = taps.weights[first[i]]
        axis = int(np.argmax(np.abs(w)))
        along = count[i] == 1 and abs(abs(w[axis]) - np.linalg.norm(w)) <= _ALIKE * abs(w[axis])
        label, unit = "B along the axis", "T"
        if readings.magnitudes[i]:
            label = "$|B|-|B_0|$"
        elif not w.any():
            label, unit = "gradient of B", "T/m"
        elif count[i] > 1:
            label = "difference of B"
        elif along and w[axis] > 0.0:
            label = f"$B_{'xyz'[axis]}$"
        labels.append(label)
        units.append(unit)
    return labels, units


def mapped(groups: list[Group]) -> bool:
    """Return whether the readings make maps: in one plane, enough of them, a point each."""
    for group in groups:
        if group.points is None or group.unit != "T" or len(group.points) < _LEAST:
            return False
        spread = np.linalg.svd(group.points - group.points.mean(axis=0), compute_uv=False)
        if spread[2] > _FLAT * spread[0] or spread[1] < 1e-2 * spread[0]:
            return False
        if len(np.unique(group.points, axis=0)) < len(group.points):
            return False
    return True


def draw_maps(part: Any, groups: list[Group]) -> None:
    """Draw rows of three maps: measured, modelled, what is left in units of the noise."""
    axes = part.subplots(len(groups), 3, squeeze=False, sharex=True, sharey=True)
    points = np.concatenate([group.points for group in groups if group.points is not None])
    across = np.sort(np.argsort(-np.ptp(points, axis=0), kind="stable")[:2])
    metres, unit = length_unit(float(np.ptp(points, axis=0).max()))
    for row, group in zip(axes, groups, strict=True):
        assert group.points is not None
        place = group.points[:, across] / metres
        size, name = prefixed(float(np.abs(group.measured).max()), "T")
        left = (group.measured - group.modelled) / group.noise
        bound = float(np.abs(group.measured).max()) / size or 1.0
        worst = float(np.clip(np.nanmax(np.abs(left)), *_BOUND))
        drawn = [
            _map(row[k], place, values / size, bound)
            for k, values in enumerate((group.measured, group.modelled))
        ]
        rest = _map(row[2], place, left, worst)
        bars = (drawn[1], list(row[:2]), f"{group.label} [{name}]"), (rest, row[2], "")
        for image, where, label in bars:
            bar = part.colorbar(image, ax=where, aspect=14, pad=0.02, shrink=0.9)
            bar.ax.set_title(label, fontsize=9.0, loc="left")
            bar.outline.set_visible(False)
        row[0].set_ylabel(f"{'xyz'[across[1]]} [{unit}]")
    for k, text in enumerate(("measured", "modelled", "residual / noise")):
        axes[0, k].set_title(text, loc="left")
        axes[-1, k].set_xlabel(f"{'xyz'[across[0]]} [{unit}]")


def _map(axes: Any, place: np.ndarray, values: np.ndarray, bound: float) -> Any:
    """Draw values in colours that are white at zero: cells of a grid, or dots."""
    axes.set_aspect("equal")
    axes.grid(False)
    limits = {"cmap": SIGNED_MAP, "vmin": -bound, "vmax": bound}
    x, i = np.unique(place[:, 0].round(9), return_inverse=True)
    y, j = np.unique(place[:, 1].round(9), return_inverse=True)
    if len(x) * len(y) == len(values) and len(x) > 1 and len(y) > 1:
        cells = np.full((len(y), len(x)), np.nan)
        cells[j.ravel(), i.ravel()] = values
        return axes.pcolormesh(x, y, cells, shading="nearest", rasterized=True, **limits)
    size = float(np.clip(4000.0 / len(values), 4.0, 120.0))
    axes.margins(0.08)
    return axes.scatter(*place.T, c=values, s=size, edgecolors=LINE, linewidths=0.3, **limits)


def draw_series(part: Any, groups: list[Group]) -> None:
    """Draw all components against the sensor, one panel for each unit, and what is left in units of the noise."""
    units = list(dict.fromkeys(group.unit for group in groups))
    axes = part.subplots(len(units) + 1, 1, squeeze=False, sharex=True)[:, 0]
    for panel, unit in zip(axes, units, strict=False):
        own = [group for group in groups if group.unit == unit]
        largest = max(float(np.abs(group.measured).max()) for group in own)
        size, name = prefixed(largest, unit) if unit else (1.0, "")
        panel.axhline(0.0, color=LINE, linewidth=0.8)
        for k, group in enumerate(groups):
            if group.unit == unit:
                _series(panel, group, size, COLOURS[k % len(COLOURS)])
        panel.set_ylabel(f"reading [{name}]" if name else "reading")
        panel.plot([], [], "_", color=LINE, markersize=9.0, markeredgewidth=1.6, label="modelled")
        panel.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    _residuals(axes[-1], groups)
    axes[-1].set_xlabel("sensor" if all(group.by_sensor for group in groups) else "reading")


def _series(panel: Any, group: Group, size: float, colour: str) -> None:
    order = np.argsort(group.number, kind="stable")
    few = len(order) <= _MANY
    x = group.number[order]
    modelled = group.modelled[order] / size
    panel.plot(x, modelled, "-", color=colour, linewidth=0.7, alpha=0.3)
    panel.plot(x, modelled, "_", color=colour, markersize=9.0 if few else 4.0, markeredgewidth=1.6, alpha=0.6)
    panel.errorbar(
        x, group.measured[order] / size, group.noise[order] / size if few else None, fmt="o", color=colour,
        markersize=4.0 if few else 2.0, elinewidth=1.0, label=group.label,
    )  # fmt: skip


def _residuals(panel: Any, groups: list[Group]) -> None:
    panel.axhspan(-2.0, 2.0, color=LINE, alpha=0.15, linewidth=0.0)
    panel.axhline(0.0, color=LINE, linewidth=0.8)
    worst = 3.0
    for k, group in enumerate(groups):
        left = (group.measured - group.modelled) / group.noise
        worst = max(worst, 1.1 * float(np.nanmax(np.abs(left))))
        small = len(left) > _MANY
        panel.plot(group.number, left, "o", color=COLOURS[k % len(COLOURS)], markersize=2.0 if small else 4.0)
    panel.set_ylim(-worst, worst)
    panel.set_ylabel("residual / noise")
