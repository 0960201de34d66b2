"""Draw how well an array of 16 magnetometers will locate a magnet, and how much better another array is.

Run it from the root of the repository, `python docs/gallery/estimation_planner.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

The bound of Cramer and Rao says before anything is measured how large errors will be at least. Maps show it above the
sensors; dots on the right are errors of fits to simulated readings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm

from magneton import Dipole
from magneton.estimation import Planner, fit_dipoles
from magneton.plot.style import COLOURS, DASHES, MAP, style

HERE = Path(__file__).parent
MOMENT = np.array([0.06, 0.0, 0.08])  # A m^2
NOISE = 50e-9  # T
VOLUME = np.array([[-0.02, -0.02, 0.08], [0.02, 0.02, 0.12]])  # m
BOX = np.array([[-0.05, -0.05, 0.0], [0.05, 0.05, 0.0]])
HEIGHTS = np.linspace(0.06, 0.2, 60)
RUNS = 60


def regular_grid() -> Planner:
    """Return 4 x 4 sensors 2 cm apart, with a uniform background to be fitted."""
    x, y = np.meshgrid((np.arange(4) - 1.5) * 0.02, (np.arange(4) - 1.5) * 0.02)
    points = np.stack([x.ravel(), y.ravel(), np.zeros(16)], axis=1)
    return Planner(points, NOISE, background="uniform")


def realised(plan: Planner, height: float, seed: int) -> float:
    """Return the root mean square error of fits to simulated readings."""
    points, rng = plan.readings.taps.points[::3], np.random.default_rng(seed)
    place = np.array([0.0, 0.0, height])
    perfect, squares = Dipole(moment=MOMENT, position=place).B(points), []
    for _ in range(RUNS):
        B = perfect + rng.normal(size=perfect.shape) * NOISE
        fit = fit_dipoles(points, B, noise=NOISE, background="uniform", start=place)
        squares.append(np.sum((fit.position - place) ** 2))
    return float(np.sqrt(np.mean(squares)))


def draw_map(axes: Any, plan: Planner, title: str) -> Any:
    """Draw the bound over a plane upright above the sensors."""
    x, z = np.meshgrid(np.linspace(-0.08, 0.08, 81), np.linspace(0.02, 0.16, 71))
    places = np.stack([x, np.zeros_like(x), z], axis=-1)
    error = 1e3 * plan.position_error(MOMENT, places)
    image = axes.pcolormesh(
        1e2 * x, 1e2 * z, error, norm=LogNorm(1e-3, 10.0), cmap=MAP, shading="gouraud", rasterized=True
    )
    lines = axes.contour(1e2 * x, 1e2 * z, error, levels=[0.01, 0.1, 1.0], colors="white", linewidths=1.0)
    axes.clabel(lines, fmt="%g mm")
    points = 1e2 * plan.readings.taps.points[::3]
    axes.scatter(points[:, 0], points[:, 2], s=22, color=COLOURS[1], zorder=3, clip_on=False)
    low, high = 1e2 * VOLUME[:, [0, 2]]
    axes.add_patch(plt.Rectangle(low, *(high - low), fill=False, color="white", ls="--"))
    axes.set_ylim(-0.6, 16.0)
    axes.set_xlabel("x (cm)")
    axes.set_ylabel("z (cm)")
    axes.set_title(title)
    axes.grid(visible=False)
    return image


def draw_layout(axes: Any, plans: dict[str, Planner]) -> None:
    """Draw where the sensors are."""
    for i, (name, plan) in enumerate(plans.items()):
        points = 1e2 * plan.readings.taps.points[::3]
        axes.scatter(points[:, 0], points[:, 1], s=34, color=COLOURS[i], marker="os"[i], label=name)
    low, high = 1e2 * BOX[:, :2]
    axes.add_patch(plt.Rectangle(low, *(high - low), fill=False, color=COLOURS[-1], ls=":"))
    axes.set_aspect("equal")
    axes.set_xlabel("x (cm)")
    axes.set_ylabel("y (cm)")
    axes.set_title("sensors in their plane")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)


def draw_heights(axes: Any, plans: dict[str, Planner]) -> None:
    """Draw the bound over height, and errors of fits."""
    places = np.multiply.outer(HEIGHTS, [0.0, 0.0, 1.0])
    print("                 height, cm   planned, mm   realised, mm")
    for i, (name, plan) in enumerate(plans.items()):
        bound = 1e3 * plan.position_error(MOMENT, places)
        axes.semilogy(1e2 * HEIGHTS, bound, color=COLOURS[i], ls=DASHES[i], label=f"{name}, planned")
        heights = np.array([0.07, 0.1, 0.13, 0.16])
        errors = [1e3 * realised(plan, h, seed=k) for k, h in enumerate(heights)]
        axes.plot(1e2 * heights, errors, "os"[i], color=COLOURS[i], label=f"{name}, {RUNS} fits")
        for h, error in zip(heights, errors, strict=True):
            planned = 1e3 * plan.position_error(MOMENT, [0.0, 0.0, h])
            print(f"{name:15}  {1e2 * h:10.0f}   {planned:11.3f}   {error:12.3f}")
        far = plan.farthest(MOMENT, [0, 0, 1], 1e-3)
        axes.plot(1e2 * far, 1.0, "|", color=COLOURS[-1], ms=14)
        print(f"{name:15}  1 mm is reached at {1e2 * far:.2f} cm")
    axes.axhline(1.0, color=COLOURS[-1], ls=":", lw=1.0)
    axes.set_xlabel("height (cm)")
    axes.set_ylabel("error of position (mm)")
    axes.set_title("planned and realised")
    axes.legend()


def main() -> None:
    """Print and draw."""
    grid = regular_grid()
    better, gain, history = grid.improved(MOMENT, volume=VOLUME, box=BOX, spacing=0.01)
    plans = {"regular grid": grid, "improved": better}
    print(
        f"error in the volume: {1e3 * history[0]:.3f} mm, improved {1e3 * history[-1]:.3f} mm, {gain:.2f} times"
    )
    with style():
        figure, axes = plt.subplots(2, 2, figsize=(10.5, 8.4), layout="constrained")
        draw_map(axes[0, 0], grid, "regular grid: least error of position")
        image = draw_map(axes[0, 1], better, "improved: least error of position")
        figure.colorbar(image, ax=axes[0], label="mm")
        draw_layout(axes[1, 0], plans)
        draw_heights(axes[1, 1], plans)
        figure.suptitle("16 magnetometers of 50 nT, a magnet of 0.1 A m$^2$, a background to be fitted")
        figure.savefig(HERE / "estimation_planner.png", dpi=130)


if __name__ == "__main__":
    main()
