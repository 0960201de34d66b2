"""Draw a moment that turns over in a field: damped precession on the sphere, and how long it takes.

Run it from the root of the repository, `python docs/gallery/dynamics_larmor.py`; it needs matplotlib, prints a table
and writes a picture beside itself.

An electron's moment, 10 degrees from the direction against B at first, precesses right-handed about B and ends along
it. Weak damping takes long since it does little, strong damping since it slows the precession too: alpha = 1 is
fastest, and alpha and 1/alpha take the same time. An axis that holds the moment against the field makes it slower,
without end at B_k = B/cos(10 degrees).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.dynamics import larmor_solution, switching_time
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
B = 1.0  # T
START, END = np.radians([170.0, 10.0])
MOMENT = np.array([np.sin(START), 0.0, np.cos(START)])
DAMPINGS = [0.05, 0.2, 1.0, 5.0]
FIELDS = [0.0, 0.5, 0.9, 1.0]


def print_times() -> None:
    """Print the switching times."""
    print("alpha  " + "  ".join(f"B_k = {k:3.1f} T" for k in FIELDS))
    for alpha in [*DAMPINGS, 0.1]:
        times = switching_time(START, END, B, alpha, FIELDS)
        print(f"{alpha:5.2f}  " + "  ".join(f"{1e12 * t:8.3f} ps" for t in times))


def draw_sphere(axes: Any) -> None:
    """Draw two ways over the sphere."""
    turn, height = np.meshgrid(np.linspace(0.0, 2.0 * np.pi, 25), np.linspace(0.0, np.pi, 13))
    grid = np.sin(height) * np.cos(turn), np.sin(height) * np.sin(turn), np.cos(height)
    axes.plot_wireframe(*grid, color="0.85", lw=0.5)
    for i, alpha in enumerate(DAMPINGS[:2]):
        span = switching_time(START, np.radians(1.0), B, alpha)
        way = larmor_solution(MOMENT, [0.0, 0.0, B], np.linspace(0.0, span, 2000), alpha=alpha)
        axes.plot(*way.T, color=COLOURS[i], lw=1.0 + i, label=rf"$\alpha$ = {alpha:g}")
    axes.quiver(0.0, 0.0, 1.02, 0.0, 0.0, 0.48, color="0.2", arrow_length_ratio=0.4, lw=2.0)
    axes.text(0.12, 0.0, 1.3, "B")
    axes.set(xlim=(-1.0, 1.0), ylim=(-1.0, 1.0), zlim=(-1.0, 1.5))
    axes.set_box_aspect((2.0, 2.0, 2.5), zoom=1.35)
    axes.set_axis_off()
    axes.view_init(18, -60)
    axes.legend(loc="lower center", ncols=2, bbox_to_anchor=(0.5, -0.07))


def draw_times(axes: Any) -> None:
    """Draw the component along the field against time."""
    time = np.linspace(0.0, 0.5e-9, 800)
    for i, alpha in enumerate(DAMPINGS):
        m = larmor_solution(MOMENT, [0.0, 0.0, B], time, alpha=alpha)
        axes.plot(1e12 * time, m[:, 2], color=COLOURS[i], ls=DASHES[i], label=rf"$\alpha$ = {alpha:g}")
    axes.axhline(np.cos(END), color="0.6", lw=0.8)
    axes.set_xlabel("time [ps]")
    axes.set_ylabel("$m_z/m$")
    axes.legend(loc="lower right")


def draw_switching(axes: Any) -> None:
    """Draw the time from 170 to 10 degrees against the damping."""
    alpha = np.geomspace(0.01, 100.0, 300)
    for i, anisotropy in enumerate(FIELDS):
        t = switching_time(START, END, B, alpha, anisotropy)
        axes.loglog(alpha, 1e9 * t, color=COLOURS[i], ls=DASHES[i], label=f"$B_k$ = {anisotropy:g} T")
    axes.set_xlabel(r"damping $\alpha$")
    axes.set_ylabel("from 170 to 10 degrees [ns]")
    axes.legend(loc="upper center")


def main() -> None:
    """Print and draw."""
    print_times()
    with style():
        figure = plt.figure(figsize=(13.0, 4.6), layout="constrained")
        parts = figure.add_gridspec(1, 3, width_ratios=[1.0, 1.1, 1.1])
        draw_sphere(figure.add_subplot(parts[0], projection="3d"))
        draw_times(figure.add_subplot(parts[1]))
        draw_switching(figure.add_subplot(parts[2]))
        figure.suptitle("An electron's moment turns over in 1 T")
        figure.savefig(HERE / "dynamics_larmor.png", dpi=130)


if __name__ == "__main__":
    main()
