"""Draw the error of B of a cuboid magnet, close to its edge and far away, with magpylib's beside ours.

Run it from the root of the repository, `python docs/gallery/accuracy_near_and_far.py`; it needs mpmath, matplotlib and
magpylib, and writes a picture beside itself. The reference is the closed form of tests/reference/make_cuboid.py in a
hundred digits and more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import magpylib
import matplotlib.pyplot as plt
import numpy as np
from scipy.constants import mu_0 as their_mu0

import magneton
from magneton.constants import mu_0

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests" / "reference"))
from make_cuboid import fields  # noqa: E402

DIMENSION = (1.0, 0.8, 1.3)
MAGNETIZATION = [2e5, -3e5, 8e5]
OURS = magneton.Cuboid(DIMENSION, magnetization=MAGNETIZATION)
THEIRS = magpylib.magnet.Cuboid(dimension=DIMENSION, polarization=their_mu0 * np.array(MAGNETIZATION))
FLOOR = 1e-17


def near_edge(distance: float) -> list[float]:
    """Return a point outside the edge x = 1/2, y = 0.4, this far from it in units of the longest edge."""
    step = distance * max(DIMENSION)
    return [0.5 + 0.6 * step, 0.4 + 0.8 * step, 0.17]


def far(distance: float) -> list[float]:
    """Return a point this many longest edges from the centre."""
    return (distance * max(DIMENSION) * np.array([0.48, -0.6, 0.64])).tolist()


def errors(place: Callable[[float], list[float]], distances: np.ndarray) -> tuple[list[float], list[float]]:
    """Return the relative errors of our B and of theirs, each with its own mu_0 taken out."""
    found = ([], [])
    for distance in distances:
        point = place(float(distance))
        exact = np.array([float(value) for value in fields(DIMENSION, MAGNETIZATION, point)["B"]]) / float(mu_0)
        for errors, B, mu in ((found[0], OURS.B, float(mu_0)), (found[1], THEIRS.getB, their_mu0)):
            error = np.linalg.norm(np.asarray(B(point)) / mu - exact) / np.linalg.norm(exact)
            errors.append(max(float(error), FLOOR) if np.isfinite(error) else np.nan)
    return found


def main() -> None:
    """Draw both sweeps."""
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), sharey=True, layout="constrained")
    sweeps = (
        (near_edge, np.geomspace(1e-12, 0.3, 60), "distance to the edge / longest edge"),
        (far, np.geomspace(1.0, 1e6, 60), "distance to the centre / longest edge"),
    )
    for ax, (place, distances, label) in zip(axes, sweeps, strict=True):
        ours, theirs = errors(place, distances)
        ax.loglog(distances, theirs, "s", ms=3.5, color="tab:orange", label=f"magpylib {magpylib.__version__}")
        ax.loglog(distances, ours, "o", ms=3.5, color="tab:blue", label="magneton")
        missing = distances[np.isnan(theirs)]
        if len(missing):
            ax.plot(missing, np.full(len(missing), 3.0), "x", color="tab:orange", label="magpylib: nan")
        ax.axhline(1e-12, color="0.6", lw=0.8, ls="--", label="what magneton promises")
        ax.set_xlabel(label)
        ax.grid(alpha=0.3)
    axes[0].set_ylabel("relative error of B")
    axes[0].set_title("close to an edge")
    axes[1].set_title("far away")
    axes[1].legend(loc="center right")
    axes[0].set_ylim(FLOOR, 10)
    figure.suptitle("Cuboid magnet, 1.0 x 0.8 x 1.3, oblique magnetization: error against 100 digits")
    figure.savefig(HERE / "accuracy_near_and_far.png", dpi=130)


if __name__ == "__main__":
    main()
