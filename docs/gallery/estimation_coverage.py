"""Draw what an uncertainty is worth: estimates of many measurements beside the regions of one, near and far.

Run it from the root of the repository, `python docs/gallery/estimation_coverage.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

A dipole of 0.1 A m^2 above 4 x 4 vector sensors of 50 nT noise, 2 cm apart. Near, 10 cm above, the ellipse of the
linear covariance and the region of the likelihood are the same, and the cloud of estimates fills them. Far, 30 cm
above, they are lopsided: the fit says that the ellipse is not to be trusted, and the likelihood region still holds
the truth as often as it says.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import Dipole
from magneton.estimation import MomentEstimate, Region, fit_dipoles
from magneton.plot.style import COLOURS, style

HERE = Path(__file__).parent
NOISE, LEVEL, COUNT = 50e-9, 0.95, 250
MOMENT = np.array([0.06, 0.0, 0.08])
NAMES = ("position_x", "position_z")


def sensors() -> np.ndarray:
    """Return the places of the sensors."""
    x = np.arange(4) * 0.02 - 0.03
    return np.stack([*np.meshgrid(x, x), np.zeros((4, 4))], axis=-1).reshape(-1, 3)


def measured(height: float, seed: int) -> MomentEstimate:
    """Return the fit to one measurement."""
    points, place = sensors(), np.array([0.01, -0.005, height])
    noise = NOISE * np.random.default_rng([8, seed]).standard_normal(points.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit_dipoles(
            points, Dipole(moment=MOMENT, position=place).B(points) + noise, noise=NOISE, start=place
        )


def ellipse(region: Region) -> np.ndarray:
    """Return its outline, shape (2, n)."""
    t = np.linspace(0.0, 2.0 * np.pi, 200)
    circle = np.stack([np.cos(t), np.sin(t)])
    return region.centre[:, None] + region.axes @ (region.semi_axes[:, None] * circle)


def draw(axes: Any, height: float, seed: int, window: tuple[float, float, float, float]) -> None:
    """Draw the cloud, and the regions of one measurement."""
    cloud = [measured(height, 1000 + k) for k in range(COUNT)]
    one = measured(height, seed)
    places = 100.0 * np.array([fit.position for fit in cloud])
    axes.plot(places[:, 0], places[:, 2], ".", ms=3, color="0.65", label=f"{COUNT} measurements")
    axes.plot(
        *(100.0 * ellipse(one.confidence_region(LEVEL, NAMES))), color=COLOURS[1], ls="--", label="linear"
    )
    left, right, low, high = window
    x, z = np.meshgrid(np.linspace(left, right, 20), np.linspace(low, high, 20))
    region = one.likelihood_region(LEVEL, NAMES)
    growth = region.delta(0.01 * np.stack([x, z], axis=-1))
    axes.contour(x, z, growth, levels=[region.limit], colors=[COLOURS[0]])
    axes.plot([], [], color=COLOURS[0], label="likelihood")
    axes.plot(100.0 * one.position[0], 100.0 * one.position[2], "o", color=COLOURS[0], label="this estimate")
    axes.plot(1.0, 100.0 * height, "+", ms=12, mew=2, color="k", label="truth")
    axes.set(xlabel="x [cm]", ylabel="z [cm]", xlim=(left, right), ylim=(low, high))
    axes.set_title(
        f"{100 * height:.0f} cm above: {'linear is not to be trusted' if one.warnings else 'linear will do'}"
    )
    held = np.mean([fit.confidence_region(LEVEL).contains([0.01, -0.005, height]) for fit in cloud])
    curved = np.mean([fit.likelihood_region(LEVEL).contains([0.01, -0.005, height]) for fit in cloud])
    print(f"{height:5.2f} m  {held:8.3f}  {curved:8.3f}  {one.profile('position_z').interval(LEVEL)} m")


def main() -> None:
    """Print and draw."""
    print("height   linear  likelihood: fraction of 95 % regions that hold the position; interval of z")
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(9.4, 4.4), layout="constrained")
        draw(axes[0], 0.1, 1, (0.92, 1.08, 9.92, 10.08))
        draw(axes[1], 0.3, 1, (-15.0, 17.0, 19.0, 49.0))
        axes[0].legend(loc="lower left", fontsize=8)
        figure.suptitle("95 % regions of one measurement, and where others fall")
        figure.savefig(HERE / "estimation_coverage.png", dpi=130)


if __name__ == "__main__":
    main()
