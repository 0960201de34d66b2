"""Draw the holding force of N42 magnets against the gap: a block on a steel plate, and two discs on each other.

Run it from the root of the repository, `python docs/gallery/holding_force.py`; it needs matplotlib, prints a table and
writes a picture beside itself. `examples/holding_force.toml` is the same as a scene.

The plate acts as the mirror image of the magnet, (mu_r - 1)/(mu_r + 1) as strong: a thick and wide plate of linear
steel. Real steel of mu_r = 1000 takes 0.2 % off the pull on ideal iron. What takes more is not modelled: saturation,
where the plate is too thin or too small to carry the flux; roughness, paint, plating and tilt, each of which is a gap;
remanence of hard steel; warmth, and the spread of the remanence of a grade, a few per cent, which counts twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FuncFormatter

from magneton import Cuboid, Cylinder, interaction
from magneton.constants import mu_0
from magneton.interactions import Interaction
from magneton.interactions.images import image
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
LENGTH, WIDTH, RADIUS, HEIGHT = 20e-3, 10e-3, 10e-3, 5e-3  # m
KGF = 9.80665  # N
SATURATION = 1.8  # T, of mild steel, roughly
LISTED = [0.0, 0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0]  # mm
DRAWN = np.geomspace(0.01, 20.0, 60)  # mm
LOOKS = [
    {"linestyle": DASHES[0]},
    {"linestyle": DASHES[1]},
    {"linestyle": "", "marker": "o", "markevery": 4, "ms": 5},
]
Pull = Callable[[float], Interaction]
Curve = tuple[np.ndarray, np.ndarray]  # forces in newton, bounds of their relative errors


def block_on_steel(mu_r: float) -> Pull:
    """Return what gives the force on a block of 20 x 10 x 5 mm above a plate that fills all below z = 0."""

    def pull(gap: float) -> Interaction:
        block = Cuboid(
            (LENGTH, WIDTH, HEIGHT), grade="N42", direction=(0, 0, 1), position=(0, 0, gap + HEIGHT / 2)
        )
        return interaction(image(block, (0, 0, 0), (0, 0, 1), mu_r), block)

    return pull


def two_discs(gap: float) -> Interaction:
    """Return the force on the upper of two coaxial discs of 20 mm diameter and 5 mm height."""
    lower, upper = (
        Cylinder(RADIUS, HEIGHT, grade="N42", direction=(0, 0, 1), position=(0, 0, z))
        for z in (0.0, gap + HEIGHT)
    )
    return interaction(lower, upper)


CASES: dict[str, Pull] = {
    "two discs, ⌀ 20 x 5 mm": two_discs,
    "block 20 x 10 x 5 mm on ideal iron": block_on_steel(math.inf),
    "the same, mu_r = 1000": block_on_steel(1000.0),
}


def evaluated(pull: Pull, gaps: np.ndarray) -> Curve:
    """Return the attraction in newton at gaps in millimetres, and bounds of its relative error.

    `.error` is relative to `.scales`, the integral of the absolute integrand, which is more than the force.
    """
    found = [pull(1e-3 * float(gap)) for gap in gaps]
    force = np.array([-one.force[2] for one in found])
    return force, np.array([one.error * one.scales[0] for one in found]) / force


def least_thickness(pull: float) -> float:
    """Return how thick a plate under the block must be, roughly, to carry its flux at the saturation of steel.

    The flux that crosses the pole face, from the pull as the stress B^2/(2 mu_0) on it, leaves sideways all around.
    """
    area, around = LENGTH * WIDTH, 2.0 * (LENGTH + WIDTH)
    return math.sqrt(2.0 * mu_0 * pull / area) * area / (SATURATION * around)


def report() -> list[float]:
    """Print the table, in newton and kilogram-force, with the accuracy reached; return the pulls at contact."""
    print("gap [mm]  " + "  ".join(f"{name:>36}" for name in CASES))
    columns = [evaluated(pull, np.array(LISTED)) for pull in CASES.values()]
    for i, gap in enumerate(LISTED):
        cells = [f"{F[i]:9.5f} N {F[i] / KGF:7.4f} kgf +-{error[i]:.0e}" for F, error in columns]
        print(f"{gap:8.2f}  " + "  ".join(f"{cell:>36}" for cell in cells))
    contacts = [float(force[0]) for force, _ in columns]
    thickness = 1e3 * least_thickness(contacts[1])
    print(f"At contact the flux of the block wants some {thickness:.1f} mm of steel at {SATURATION} T.")
    return contacts


def draw_forces(axes: plt.Axes, curves: dict[str, Curve], contacts: list[float]) -> None:
    """Draw the forces, newton to the left and kilogram-force to the right, and what holds at contact."""
    for i, (name, (force, _)) in enumerate(curves.items()):
        axes.loglog(DRAWN, force, color=COLOURS[i], label=name.replace("mu_r", r"$\mu_r$"), **LOOKS[i])
    for contact, height, colour in zip(contacts, (110.0, 38.0), COLOURS, strict=False):
        words = f"at contact {contact:.1f} N = {contact / KGF:.2f} kgf"
        axes.text(0.012, height, words, color=colour, va="center")
    axes.set_ylim(0.1, 200.0)
    axes.set_ylabel("pull [N]")
    right = axes.secondary_yaxis("right", functions=(lambda f: f / KGF, lambda f: f * KGF))
    right.set_ylabel("pull [kgf]")
    for axis in (axes.yaxis, right.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.legend(loc="lower left")


def draw_accuracy(axes: plt.Axes, curves: dict[str, Curve]) -> None:
    """Draw the bounds of the error beside what a finite permeability takes off the pull."""
    discs, ideal, steel = curves.values()
    axes.loglog(DRAWN, 1.0 - steel[0] / ideal[0], color=COLOURS[2], **LOOKS[2])
    axes.text(0.012, 3e-5, r"what $\mu_r$ = 1000 takes off", color=COLOURS[2], va="center")
    for i, (_, error) in enumerate((discs, ideal)):
        axes.loglog(DRAWN, error, color=COLOURS[i], **LOOKS[i])
    axes.text(0.012, 5e-12, "bounds of the error reached", va="center")
    axes.set_ylim(1e-16, 1.0)
    axes.set_yticks([1e-15, 1e-10, 1e-5, 1.0])
    axes.set_ylabel("relative to the pull")
    axes.set_xlabel("gap [mm]")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def main() -> None:
    """Print the table and draw the picture."""
    contacts = report()
    curves = {name: evaluated(pull, DRAWN) for name, pull in CASES.items()}
    with style():
        figure, (upper, lower) = plt.subplots(
            2, 1, figsize=(7.2, 6.6), sharex=True, layout="constrained", height_ratios=[2.6, 1]
        )
        draw_forces(upper, curves, contacts)
        draw_accuracy(lower, curves)
        figure.suptitle("Holding force of N42 magnets against the gap")
        figure.savefig(HERE / "holding_force.png", dpi=130)


if __name__ == "__main__":
    main()
