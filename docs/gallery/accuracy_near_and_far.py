"""Draw the error of B of a cuboid and of a cylinder, close to an edge and far away, with magpylib's beside ours.

Run it from the root of the repository, `python docs/gallery/accuracy_near_and_far.py`; it needs mpmath, matplotlib and
magpylib, and writes a picture beside itself. The references are the scripts that make the tables of tests/reference:
closed forms in a hundred digits and more, and quadrature.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import magpylib
import matplotlib.pyplot as plt
import numpy as np
from scipy.constants import mu_0 as their_mu0

import magneton
from magneton.constants import mu_0

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests" / "reference"))
from make_cuboid import fields as cuboid_fields  # noqa: E402
from sheet_integrals import cylinder as cylinder_fields  # noqa: E402

MAGNETIZATION = [2e5, -3e5, 8e5]
DIMENSION, RADIUS, HEIGHT = (1.0, 0.8, 1.3), 0.5, 1.3
FLOOR = 1e-17
Place = Callable[[float], list[float]]


class Case(NamedTuple):
    """A body in both packages, its exact B, and a point at some distance from its edge (in units of 1.3)."""

    title: str
    ours: Any
    theirs: Any
    exact: Callable[[list[float]], list]
    near_edge: Place


def _cases() -> list[Case]:
    polarization = their_mu0 * np.array(MAGNETIZATION)
    cosine, sine = 0.28, 0.96

    def near_cuboid_edge(distance: float) -> list[float]:
        return [0.5 + 0.78 * distance, 0.4 + 1.04 * distance, 0.17]

    def near_rim(distance: float) -> list[float]:
        rho = RADIUS + 0.78 * distance
        return [rho * cosine, rho * sine, HEIGHT / 2 + 1.04 * distance]

    return [
        Case(
            "cuboid",
            magneton.Cuboid(DIMENSION, magnetization=MAGNETIZATION),
            magpylib.magnet.Cuboid(dimension=DIMENSION, polarization=polarization),
            lambda point: cuboid_fields(DIMENSION, MAGNETIZATION, point)["B"],
            near_cuboid_edge,
        ),
        Case(
            "cylinder",
            magneton.Cylinder(RADIUS, HEIGHT, magnetization=MAGNETIZATION),
            magpylib.magnet.Cylinder(dimension=(2 * RADIUS, HEIGHT), polarization=polarization),
            lambda point: cylinder_fields(RADIUS, HEIGHT, MAGNETIZATION, point)["B"],
            near_rim,
        ),
    ]


def far(distance: float) -> list[float]:
    """Return a point at this distance from the centre, in units of 1.3."""
    return (1.3 * distance * np.array([0.48, -0.6, 0.64])).tolist()


def errors(case: Case, place: Place, distances: np.ndarray) -> tuple[list[float], list[float]]:
    """Return the relative errors of our B and of theirs, each with its own mu_0 taken out."""
    found = ([], [])
    for distance in distances:
        point = place(float(distance))
        exact = np.array([float(value) for value in case.exact(point)]) / float(mu_0)
        for errors, B, mu in ((found[0], case.ours.B, float(mu_0)), (found[1], case.theirs.getB, their_mu0)):
            error = np.linalg.norm(np.asarray(B(point)) / mu - exact) / np.linalg.norm(exact)
            errors.append(max(float(error), FLOOR) if np.isfinite(error) else np.nan)
    return found


def draw(ax: plt.Axes, case: Case, place: Place, distances: np.ndarray) -> None:
    """Draw one sweep."""
    ours, theirs = errors(case, place, distances)
    ax.loglog(distances, theirs, "s", ms=3.5, color="tab:orange", label=f"magpylib {magpylib.__version__}")
    missing = distances[np.isnan(theirs)]
    if len(missing):
        ax.plot(missing, np.full(len(missing), 3.0), "x", color="tab:orange", label="magpylib gives nan")
    ax.loglog(distances, ours, "o", ms=3.5, color="tab:blue", label="magneton")
    ax.axhline(1e-12, color="0.6", lw=0.8, ls="--", label="what magneton promises")
    ax.grid(alpha=0.3)


def main() -> None:
    """Draw both sweeps for both bodies."""
    figure, axes = plt.subplots(2, 2, figsize=(10, 7.6), sharey=True, sharex="col", layout="constrained")
    for (left, right), case in zip(axes, _cases(), strict=True):
        draw(left, case, case.near_edge, np.geomspace(1e-12, 0.3, 50))
        draw(right, case, far, np.geomspace(1.0, 1e6, 50))
        left.set_ylabel(f"relative error of B, {case.title}")
        left.legend(loc="upper right")
        left.set_ylim(FLOOR, 10)
    axes[0, 0].set_title("close to an edge")
    axes[0, 1].set_title("far away")
    axes[1, 0].set_xlabel("distance to the edge / height")
    axes[1, 1].set_xlabel("distance to the centre / height")
    figure.suptitle("Cuboid 1.0 x 0.8 x 1.3 and cylinder of diameter 1.0, height 1.3; oblique magnetization")
    figure.savefig(HERE / "accuracy_near_and_far.png", dpi=130)


if __name__ == "__main__":
    main()
