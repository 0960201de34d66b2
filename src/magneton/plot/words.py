"""Words and numbers of pictures in space, the same whatever draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from magneton.plot.picture import Item, Picture

#: Dark where the field is strong; the pale end of the scale is left out, since lines are drawn on white.
STRENGTHS = ["#35b779", "#1f9e89", "#26828e", "#31688e", "#3e4989", "#482878", "#440154"]
_SYMBOLS = {-5: "f", -4: "p", -3: "n", -2: "µ", -1: "m", 0: "", 1: "k", 2: "M", 3: "G"}


def si(value: float, unit: str) -> str:
    """Return a number with a prefixed unit: 0.0012, "T" as ``1.2 mT``."""
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g} {unit}"
    group = math.floor(math.log10(abs(value)) / 3.0 + 1e-12)
    if group not in _SYMBOLS:
        return f"{value:.3g} {unit}"
    return f"{value / 10.0 ** (3 * group):.3g} {_SYMBOLS[group]}{unit}"


def vector(values: Sequence[float] | np.ndarray) -> str:
    """Return three numbers to four digits, rounding noise left out."""
    largest = float(np.max(np.abs(values)))
    return "(" + ", ".join(f"{v:.4g}" if abs(v) > 1e-12 * largest else "0" for v in values) + ")"


def position_text(item: Item, picture: Picture) -> str:
    """Return where a source is, in the unit of the axes."""
    if item.position is None:
        return "everywhere"
    return f"{vector(item.position / picture.metres)} {picture.unit}"


def moment_text(item: Item) -> str:
    """Return the moment as a vector with its unit."""
    return "none" if item.moment is None else f"{vector(item.moment)} A m²"


def current_text(item: Item) -> str:
    """Return the current of a circuit, and in how many turns it runs; nothing for what is no circuit."""
    if item.current is None:
        return ""
    return f"current {si(item.current, 'A')}" + (
        f" in each of {item.turns:g} turns" if item.turns != 1.0 else ""
    )


def arrow_label(item: Item) -> str:
    """Return what the legend says of a moment."""
    shown = len(item.tips)
    if item.all_moments == 1:
        return f"m of {item.name}: {item.moment_text()}"
    some = f"{shown} of {item.all_moments}" if shown < item.all_moments else f"{shown}"
    return f"{some} moments of {item.name}: {item.moment_text()} in all"


def body_label(item: Item) -> str:
    """Return what the legend says of a body."""
    return item.name if item.name.startswith(item.kind) else f"{item.name} ({item.kind})"


def strength_range(picture: Picture) -> tuple[float, float]:
    """Return the range of |B| that the colours of field lines stand for; a field has no bound near a wire."""
    values = np.concatenate(picture.strengths)
    values = values[np.isfinite(values) & (values > 0.0)]
    if not len(values):
        return 1.0, 10.0
    low, high = (float(v) for v in np.percentile(values, [3, 97]))
    return (low, high) if high > 1.05 * low else (low / 1.5, high * 1.5)


def strength_ticks(low: float, high: float) -> list[float]:
    """Return at most eight round values of |B| within a range."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1,)):
        ticks = [float(f"{step}e{power}") for power in powers for step in steps]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= 8:
            return ticks or [low, high]
    return ticks[:: -(-len(ticks) // 8)]


def mixed(colour: str, share: float) -> str:
    """Return a colour mixed with white: all of it for a `share` of 1."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - share * (255 - part)):02x}" for part in parts)


def darker(colour: str, share: float = 0.8) -> str:
    """Return a colour mixed with black."""
    return "#" + "".join(f"{round(share * int(colour[i : i + 2], 16)):02x}" for i in (1, 3, 5))


def shades(points: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Return 0 at the south end to 1 at the north end for points of a magnet, shape (n,)."""
    height = points @ direction
    return (height - height.min()) / (np.ptp(height) or 1.0)
