"""Draw space quantization: the directions that an angular momentum may have, and the projections of its moment.

Run it from the root of the repository, `python docs/gallery/quantum_space_quantization.py`; it needs matplotlib and
writes a picture beside itself.

The length is sqrt(j(j+1)) hbar, the projections are m hbar with m = j, ..., -j: the greatest is less than the length,
so that the angular momentum lies on cones about the axis. An electron's moment has the opposite direction:
in each panel the right half shows angular momenta, and the left half the moments, in the same colours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import constants
from magneton.plot.style import COLOURS, style
from magneton.quantum import (
    allowed_projections,
    coupled_g,
    moment_magnitude,
    projected_moments,
    projection_angles,
)

HERE = Path(__file__).parent
MU_B = float(constants.mu_B)
G_S = -float(constants.g_e)
#: Where labels are, in units of the vectors' lengths.
AWAY = 1.08
AXIS = {"arrowstyle": "<-", "lw": 0.8, "color": "black", "shrinkA": 1, "shrinkB": 0}
CASES = [
    ("spin of an electron", 0.5, G_S),
    ("orbit, l = 1", 1.0, 1.0),
    (r"level $^2$P$_{3/2}$", 1.5, coupled_g(1.5, 1, 1.0, 0.5, G_S)),
    ("orbit, l = 2", 2.0, 1.0),
]


def half(value: float) -> str:
    """Return m with its sign, as 3/2 or 1."""
    size = f"{abs(value):.0f}" if value % 1.0 == 0.0 else f"{2.0 * abs(value):.0f}/2"
    return size if value == 0.0 else f"{'+' if value > 0.0 else '−'}{size}"


def draw(axes: Any, name: str, j: float, g: float) -> None:
    """Draw the cones from the side: angular momentum to the right, moment to the left."""
    length, size = np.sqrt(j * (j + 1.0)), moment_magnitude(j, g) / MU_B
    for radius, side in ((length, 1.0), (size, -1.0)):
        angle = np.linspace(0.0, np.pi, 200)
        axes.plot(side * radius * np.sin(angle), radius * np.cos(angle), color="#BBBBBB", lw=0.9)
    rows = zip(allowed_projections(j), projection_angles(j), projected_moments(j, g) / MU_B, strict=True)
    for row, (m, angle, moment) in enumerate(rows):
        colour = COLOURS[row % len(COLOURS)]
        arrow = {"arrowstyle": "-|>", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
        right = (length * np.sin(angle), m)
        left = (-size * np.sin(angle), moment)
        for tip in (right, left):
            axes.annotate("", tip, (0.0, 0.0), arrowprops=arrow)
            axes.plot([0.0, tip[0]], [tip[1], tip[1]], color=colour, lw=0.7, ls=":")
        words = f"m = {half(m)}, {np.degrees(angle):.1f}°"
        number = f"{moment:+.3f}".replace("-", "−") if m else "0"
        axes.text(AWAY * right[0], AWAY * m, words, color=colour, va="center")
        axes.text(AWAY * left[0], AWAY * moment, number, color=colour, va="center", ha="right")
    top = 1.12 * max(length, size)
    axes.annotate("B", (0.0, -top), (0.0, 1.05 * top), ha="center", arrowprops=AXIS)
    axes.set_ylim(-1.05 * top, 1.2 * top)
    axes.set_xlim(-1.62 * top, 1.62 * top)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(f"{name}: g = {g:.4f}, |m| = {size:.3f} $\\mu_B$", pad=14)


def main() -> None:
    """Draw."""
    with style():
        figure, axes = plt.subplots(2, 2, figsize=(9.4, 8.4), layout="constrained")
        for one, case in zip(axes.flat, CASES, strict=True):
            draw(one, *case)
        figure.get_layout_engine().set(hspace=0.06)
        figure.suptitle(
            "Space quantization about the field B\n"
            "right half of each circle: angular momentum [$\\hbar$]; left half: the moment it carries [$\\mu_B$]\n"
        )
        figure.savefig(HERE / "quantum_space_quantization.png", dpi=130)


if __name__ == "__main__":
    main()
