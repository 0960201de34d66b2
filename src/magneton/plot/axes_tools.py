"""What drawings by matplotlib share: axes of their own, headings, and axes of time."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton.plot.orbit_track import time_unit
from magneton.plot.style import SINGLE

#: Of lines that mark a value.
LINE = "#8A8A8A"


def literal(text: str) -> str:
    """Return text that matplotlib prints as it stands."""
    return text.replace("$", r"\$")


def titled(axes: Any, title: str | None) -> None:
    """Give axes a heading, if there is one."""
    if title:
        axes.set_title(literal(title), loc="left")


def single(axes: Any) -> Any:
    """Return axes to draw into: those given, or those of a new figure."""
    if axes is not None:
        return axes
    from magneton.plot.space_matplotlib import Shown

    return Shown(figsize=SINGLE, layout="constrained").subplots()


def against_time(axes: Any, time: np.ndarray) -> np.ndarray:
    """Label the axis of time; return times in its unit."""
    seconds, unit = time_unit(float(np.ptp(time)))
    axes.set_xlabel(f"time [{unit}]")
    axes.margins(x=0.01)
    return time / seconds


def legend_below(axes: Any, **more: Any) -> None:
    """Put the legend below the axis of time."""
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, -0.16), borderaxespad=0.0, **more)
