"""Draw a particle of one domain: where its wells are, its loops at several angles, and the loop of many.

Run it from the root of the repository, `python docs/gallery/dynamics_stoner_wohlfarth.py`; it needs matplotlib, prints
a table and writes a picture beside itself.

Inside the astroid there are two wells, and the moment stays in its own until that ends; on the axis the loop is a
rectangle, across it a straight line. Axes in all directions leave half of the saturation as remanence and a coercive
field of 0.482212 B_k, the numbers of Stoner and Wohlfarth's paper with more digits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.dynamics import StonerWohlfarth, StonerWohlfarthEnsemble
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
PARTICLE = StonerWohlfarth(moment=1.0, B_k=1.0)
ENSEMBLE = StonerWohlfarthEnsemble(moment=1.0, B_k=1.0)
ANGLES = [0.0, 10.0, 45.0, 80.0, 90.0]
DOWN = np.linspace(1.5, -1.5, 601)
LOOP = np.concatenate([DOWN, DOWN[::-1]])


def print_table() -> None:
    """Print what is known of the loops in closed form, and of that of many."""
    print("psi [degrees]  switching field  coercive field  remanence")
    for degrees in ANGLES:
        psi = np.radians(degrees)
        row = (
            PARTICLE.switching_field(psi),
            PARTICLE.coercive_field(psi),
            PARTICLE.hysteresis([1.5, 0.0], psi)[1],
        )
        print(f"{degrees:13.0f}  {row[0]:15.6f}  {row[1]:14.6f}  {row[2]:9.6f}")
    print(f"all directions                  {ENSEMBLE.coercive_field():14.6f}  {ENSEMBLE.remanence():9.6f}")


def draw_astroid(axes: Any) -> None:
    """Draw the barrier of the well against the field over the plane of fields, and the astroid."""
    along, across = np.meshgrid(np.linspace(-1.1, 1.1, 201), np.linspace(-1.1, 1.1, 201))
    barriers = PARTICLE.barriers(np.hypot(along, across), np.arctan2(across, along))
    # the lower of the two, in K V: nan where there is one well only
    filled = axes.contourf(
        along, across, barriers.min(-1) / PARTICLE.barrier, np.linspace(0.0, 1.0, 11), cmap="Blues"
    )
    axes.plot(*PARTICLE.astroid().T, color="0.2", lw=1.2)
    for i, degrees in enumerate(ANGLES):
        psi = np.radians(degrees)
        edge = PARTICLE.switching_field(psi)
        axes.plot(
            [0.0, 1.1 * np.cos(psi)],
            [0.0, 1.1 * np.sin(psi)],
            color=COLOURS[i],
            ls=DASHES[i % len(DASHES)],
            lw=1.0,
        )
        axes.plot(edge * np.cos(psi), edge * np.sin(psi), "o", color=COLOURS[i], ms=5)
    bar = axes.inset_axes((0.05, -0.25, 0.9, 0.04))
    axes.figure.colorbar(filled, cax=bar, orientation="horizontal", label="lower barrier / KV")
    axes.set_aspect("equal")
    axes.set_xlabel("B along the axis / $B_k$")
    axes.set_ylabel("B across the axis / $B_k$")


def draw_loops(axes: Any) -> None:
    """Draw the loops at some angles."""
    for i, degrees in enumerate(ANGLES):
        m = PARTICLE.hysteresis(LOOP, np.radians(degrees))
        axes.plot(LOOP, m, color=COLOURS[i], ls=DASHES[i % len(DASHES)], label=rf"$\psi$ = {degrees:.0f}°")
    axes.set_xlabel("B / $B_k$")
    axes.set_ylabel("moment along B / m")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3)


def draw_many(axes: Any) -> None:
    """Draw the loop of axes in all directions, its minor loops and the first rise."""
    axes.plot(LOOP, ENSEMBLE.hysteresis(LOOP), color=COLOURS[0], label="major loop")
    rise = np.linspace(0.0, 1.5, 201)
    axes.plot(rise, ENSEMBLE.hysteresis(rise, 0), color=COLOURS[1], ls=DASHES[1], label="first rise")
    for i, turn in enumerate((0.5, 0.55, 0.6)):
        out = np.linspace(1.5, -turn, 201)
        back = np.concatenate([out, np.linspace(-turn, 1.5, 201)])
        minor = ENSEMBLE.hysteresis(back)[out.size :]
        label = "turned back" if i == 0 else None
        axes.plot(back[out.size :], minor, color=COLOURS[2], ls=DASHES[2], lw=1.0, label=label)
    axes.plot([-ENSEMBLE.coercive_field()], [0.0], "o", color=COLOURS[0], ms=5)
    axes.set_xlabel("B / $B_k$")
    axes.set_ylabel("mean moment along B / m")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3)


def main() -> None:
    """Print and draw."""
    print_table()
    with style():
        figure, axes = plt.subplots(
            1, 3, figsize=(13.0, 4.9), layout="constrained", width_ratios=[1.0, 1.2, 1.2]
        )
        draw_astroid(axes[0])
        draw_loops(axes[1])
        draw_many(axes[2])
        for part, title in zip(
            axes, ("wells and barriers", "one axis", "axes in all directions"), strict=True
        ):
            part.set_title(title)
        figure.suptitle("Stoner-Wohlfarth particles")
        figure.savefig(HERE / "dynamics_stoner_wohlfarth.png", dpi=130)


if __name__ == "__main__":
    main()
