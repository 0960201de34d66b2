"""Draw loops of coupled moments, so slow that they stay in wells, and what a film does where its loop jumps.

Run it from the root of the repository, `python docs/gallery/dynamics_hysteresis.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

A row of dipoles prefers to point along itself and fans out to turn over. A square of dipoles has no moment without a
field: it is magnetized by jumps, and each gives off heat. Over a cycle the heat is the area of the loop.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import constants
from magneton.dynamics import (
    Dipolar,
    HysteresisLoop,
    Lattice,
    SpinSystem,
    UniaxialAnisotropy,
    hysteresis_loop,
)
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
MOMENT, EDGE = 1e-17, 50e-9  # of islands of a soft alloy, 50 nm apart
UNIT = float(constants.mu_0) / (4.0 * np.pi) * MOMENT / EDGE**3  # T
CYCLE = np.cos(np.linspace(0.0, 2.0 * np.pi, 41))
SQUARE = Lattice((4, 4, 1), EDGE)


def loop_of(lattice: Lattice, largest: float, direction: list[float]) -> HysteresisLoop:
    """Return the loop of moments on a lattice with an easy plane."""
    terms = [Dipolar(lattice), UniaxialAnisotropy(-2.0 * UNIT * MOMENT)]
    tilted = np.add(direction, [0.0, 0.02, 0.0])  # along an axis exactly, ties would be left to rounding
    start = np.tile(MOMENT * tilted / np.linalg.norm(tilted), (len(lattice), 1))
    system = SpinSystem(start, lattice.positions, terms)
    return hysteresis_loop(system, largest * UNIT * CYCLE, tilted, refine=2e-3)


def print_table(loops: dict[str, HysteresisLoop]) -> None:
    """Print what is read off the loops."""
    print("                 coercive field  remanence   loss a cycle  jumps")
    for name, loop in loops.items():
        row = loop.coercive_field / UNIT, loop.remanent_moment / MOMENT, loop.area / (UNIT * MOMENT)
        print(f"{name:15}  {row[0]:14.3f}  {row[1]:9.4f}  {row[2]:13.3f}  {len(loop.jumps):5d}")


def draw_loops(axes: Any, loops: dict[str, HysteresisLoop]) -> None:
    """Draw the loops, with the jumps as they are."""
    for i, (name, loop) in enumerate(loops.items()):
        B, mean = loop.path
        axes.plot(
            B @ loop.direction / UNIT,
            mean @ loop.direction / MOMENT,
            color=COLOURS[i],
            ls=DASHES[i],
            label=name,
        )
    axes.set_xlabel(r"B / $(\mu_0 m/4\pi a^3)$")
    axes.set_ylabel("mean moment along B / m")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
    axes.set_title("loops")


def draw_moments(axes: Any, moments: np.ndarray, title: str) -> None:
    """Draw the moments of the square."""
    x, y = SQUARE.positions[:, :2].T / EDGE
    u, v = moments[:, :2].T / MOMENT
    axes.quiver(x, y, u, v, color=COLOURS[1], pivot="mid", scale=6.0, width=0.016)
    axes.set_aspect("equal")
    axes.set_xlim(-0.7, 3.7)
    axes.set_ylim(-0.7, 3.7)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.set_title(title)


def main() -> None:
    """Print and draw."""
    loops = {
        "row of 8": loop_of(Lattice((8, 1, 1), EDGE), 3.0, [1.0, 0.0, 0.0]),
        "square of 4 x 4": loop_of(SQUARE, 3.0, [1.0, 0.0, 0.0]),
    }
    print_table(loops)
    square = loops["square of 4 x 4"]
    first = square.jumps[0]
    at = first.B @ square.direction / UNIT
    with style():
        figure = plt.figure(figsize=(11.5, 4.6), layout="constrained")
        grid = figure.add_gridspec(2, 4, width_ratios=[1.0, 1.0, 0.75, 0.75])
        draw_loops(figure.add_subplot(grid[:, :2]), loops)
        states = [
            (square.moments[0], "B = 3"),
            (first.before, f"B = {at:.2f}, before"),
            (first.after, f"B = {at:.2f}, after"),
            (square.moments[20], "B = -3"),
        ]
        for k, (moments, title) in enumerate(states):
            draw_moments(figure.add_subplot(grid[k // 2, 2 + k % 2]), moments, title)
        figure.suptitle("Hysteresis of coupled dipoles, without temperature")
        figure.savefig(HERE / "dynamics_hysteresis.png", dpi=130)


if __name__ == "__main__":
    main()
