"""Draw a map of Bz over eight magnetic grains, the grains that were found in it, and what is left.

Run it from the root of the repository, `python docs/gallery/estimation_map.py`; it needs matplotlib, prints how far the
grains found are from those put in, and writes a picture beside itself.

The grains are dipoles of 0.5-2e-14 A m^2, 6-20 um below the map, as under a microscope with nitrogen-vacancy centres;
the noise is 20 nT. Their number is found too. Ellipses: 95 % regions of the places, ten times enlarged.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Ellipse

from magneton import Dipole
from magneton.estimation import MomentEstimate, from_map
from magneton.plot.style import COLOURS, SIGNED_MAP, style

HERE = Path(__file__).parent
X = np.linspace(-100e-6, 100e-6, 60)
POINTS = np.stack(np.broadcast_arrays(X, X[:, None], 0.0), axis=-1)
NOISE, ENLARGED = 20e-9, 10.0


def grains() -> list[Dipole]:
    """Return eight grains, apart by 25 um at least."""
    rng = np.random.default_rng(0)
    while True:
        places = np.column_stack([rng.uniform(-80e-6, 80e-6, (8, 2)), -rng.uniform(6e-6, 20e-6, 8)])
        apart = np.linalg.norm(places[:, None] - places, axis=2) + np.eye(8)
        if apart.min() > 25e-6:
            break
    moments = rng.normal(size=(8, 3))
    moments *= 1e-14 * rng.uniform(0.5, 2.0, (8, 1)) / np.linalg.norm(moments, axis=1, keepdims=True)
    return [Dipole(m, r) for m, r in zip(moments, places, strict=True)]


def draw_map(figure: Any, axes: Any, Bz: np.ndarray, limit: float, title: str) -> None:
    """Draw a map in colours, with its scale."""
    edge = 1e6 * X[-1]
    image = axes.imshow(
        1e9 * Bz, origin="lower", extent=(-edge, edge, -edge, edge), cmap=SIGNED_MAP, vmin=-limit, vmax=limit
    )
    figure.colorbar(image, ax=axes, shrink=0.85, label=r"$B_z$ [nT]", extend="both")
    axes.grid(False)
    axes.set_xlabel("x [um]")
    axes.set_title(title)


def draw_found(axes: Any, fit: MomentEstimate, truth: list[Dipole]) -> None:
    """Draw where grains are, where they were found, and the enlarged regions of that."""
    put = 1e6 * np.array([grain.position for grain in truth])
    axes.plot(*put[:, :2].T, "o", mfc="none", mec="black", ms=9, label="put in")
    axes.plot(*(1e6 * fit.position[:, :2]).T, "+", color="black", ms=7, label="found")
    for d in range(fit.n_dipoles):
        region = fit.position_covariance[d][:2, :2]
        variance, directions = np.linalg.eigh(region)
        width, height = 2e6 * ENLARGED * np.sqrt(5.991 * variance)
        angle = float(np.degrees(np.arctan2(directions[1, 0], directions[0, 0])))
        axes.add_patch(
            Ellipse(
                tuple(1e6 * fit.position[d, :2]),
                width,
                height,
                angle=angle,
                fill=False,
                ec=COLOURS[2],
                lw=1.2,
            )
        )
        axes.annotate(
            f"{-1e6 * fit.position[d, 2]:.1f}",
            1e6 * fit.position[d, :2],
            (7, 6),
            textcoords="offset points",
            fontsize=8,
        )
    axes.legend(loc="lower right", fontsize=8)


def main() -> None:
    """Make the picture."""
    truth = grains()
    rng = np.random.default_rng(1)
    Bz = sum(grain.B(POINTS)[..., 2] for grain in truth) + NOISE * rng.normal(size=POINTS.shape[:2])
    fit = from_map(X, X, Bz)
    off = [float(np.linalg.norm(fit.position - grain.position, axis=1).min()) for grain in truth]
    print(f"{fit.n_dipoles} grains found; off by at most {1e6 * max(off):.2f} um")
    print(f"noise estimated: {1e9 * fit.noise[0]:.2f} nT")
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(13.0, 4.0), layout="constrained", sharey=True)
        model = (Bz.ravel() - fit.residuals).reshape(Bz.shape)
        limit = 0.5e9 * float(np.abs(Bz).max())
        draw_map(figure, axes[0], Bz, limit, "measured")
        draw_map(figure, axes[1], model, limit, "fitted; depths in um")
        draw_map(figure, axes[2], Bz - model, 4e9 * NOISE, "left")
        draw_found(axes[1], fit, truth)
        axes[0].set_ylabel("y [um]")
        figure.savefig(HERE / "estimation_map.png", dpi=110)


if __name__ == "__main__":
    main()
