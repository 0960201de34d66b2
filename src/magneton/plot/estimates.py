"""What was measured, what the model says, what is left; and where the moments are, with error ellipses."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

from magneton import _check
from magneton.plot.axes_tools import literal
from magneton.plot.estimate_places import draw_places
from magneton.plot.estimate_readings import draw_maps, draw_series, groups_of, mapped
from magneton.plot.style import style

_WIDTH, _PLACES, _MAP, _SERIES, _LINE_HEIGHT = 8.6, 3.3, 1.95, 2.0, 0.2  # inches
_LINE = 100  # letters


def plot_estimate(
    estimate: Any, readings: Any = None, *, level: float = 0.95, truth: Any = None, title: str | None = None
) -> Any:
    """Draw an estimate: measured, modelled and what is left, and where the moments are.

    Readings in a plane are drawn as maps, one row for each component; others component by component against the
    sensor. What is left is in units of the noise. Below, three views along the axes show the sensors, and each moment
    as an arrow with the ellipse onto which the region of its position is projected; ellipses that would be too small to
    be seen are enlarged by a factor, which the legend says. Lengths of arrows are compressed as by `show`.

    Parameters
    ----------
    estimate : MomentEstimate
        Of `magneton.estimation`.
    readings : Readings, optional
        What was fitted, by default as the estimate has it: where the sensors are, and what they read. Without it,
        readings are numbered.
    level : float
        The probability of the regions.
    truth : array_like, shape (3,) or (n, 3), metre, optional
        Where the moments really are, if that is known; shown within the regions, as far off as these are enlarged.
    title : str, optional
        A heading.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `estimate` is none, or `readings` are others than those that were fitted.

    Examples
    --------
    >>> import magneton as mg
    >>> from magneton.estimation import Readings, fit_dipoles
    >>> from magneton.plot.estimates import plot_estimate
    >>> points = [[0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1], [-0.1, 0, 0.05]]
    >>> readings = Readings.vector(points, mg.Dipole([0, 0, 1], [0.01, 0, 0]).B(points), 1e-9)
    >>> figure = plot_estimate(fit_dipoles(readings), readings)
    >>> [axes.get_xlabel() for axes in figure.axes][-3:]
    ['x [mm]', 'x [mm]', 'y [mm]']
    """
    if not all(hasattr(estimate, name) for name in ("residuals", "moment", "confidence_region")):
        raise ValueError(f"estimate must be a MomentEstimate, got {_check.shown(estimate)}")
    level = _check.fraction("level", level)
    readings = estimate.readings if readings is None else readings
    if readings is not None and len(readings) != len(estimate.values):
        raise ValueError(
            f"readings must be those that were fitted, {len(estimate.values)}, got {len(readings)}"
        )
    true = None if truth is None else _true(truth, estimate)
    from magneton.plot.space_matplotlib import Shown

    groups = groups_of(estimate, readings)
    maps = mapped(groups)
    placed = estimate.position is not None
    units = len({group.unit for group in groups})
    upper = _MAP * len(groups) if maps else _SERIES * (units + 1)
    doubts = [f"warning: {textwrap.shorten(text, _LINE, placeholder=' ...')}" for text in estimate.warnings]
    lines = ([literal(title)] if title else []) + _told(estimate) + list(map(literal, doubts))
    head = _LINE_HEIGHT * (len(lines) + 1)
    with style():
        figure = Shown(figsize=(_WIDTH, upper + _PLACES * placed + head), layout="constrained")
        figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=9.5)
        parts: Any = (
            figure.subfigures(2, 1, height_ratios=[upper, _PLACES]) if placed else [figure.subfigures(1, 1)]
        )
        (draw_maps if maps else draw_series)(parts[0], groups)
        if placed:
            draw_places(parts[1], estimate, readings, level, true)
        return figure


def _true(truth: Any, estimate: Any) -> np.ndarray:
    """Return true positions, shape (n, 3)."""
    array = np.atleast_2d(_check.numbers("truth", truth, "m"))
    wanted = (estimate.n_dipoles, 3) if estimate.position is not None else None
    if array.shape != wanted:
        raise ValueError(f"truth must have the shape of the positions, {wanted}, got {array.shape}")
    return array


def _told(estimate: Any) -> list[str]:
    """Return the position and the moment in words, of one dipole or two."""
    from magneton.estimation._summary import rows

    names = {"position": "at ", "moment": "m = ", "|moment": "|m| = "}
    found = [row for row in rows(estimate) if row.label.partition(" ")[0].rstrip("|") in names]
    if len(found) > 6:
        return []
    lines: dict[str, list[str]] = {}
    for row in found:
        word, _, number = row.label.rstrip("|").partition(" ")
        numbers = ", ".join(row.cells)
        cells = f"({numbers})" if len(row.cells) > 1 else numbers
        lines.setdefault(number, []).append(f"{names[word]}{cells} {_unit(row.unit)}")
    return [(f"{number}:  " if number else "") + ",  ".join(parts) for number, parts in lines.items()]


def _unit(text: str) -> str:
    text = text.replace("^2", "²")
    return "µ" + text[1:] if text.startswith("u") else text
