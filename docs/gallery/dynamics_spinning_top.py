"""Draw a spinning magnet that floats above a ring current, and for which spins and weights it does.

Run it from the root of the repository, `python docs/gallery/dynamics_spinning_top.py`; it needs matplotlib, prints the
window of spins and writes a picture beside itself.

A magnet at rest cannot float in a static field (Earnshaw). One that spins can: its moment precesses about the local
field and so keeps its angle to it, and the energy -m.B goes with |B|, which can have a minimum [BerryGeim1997]_,
[SimonHeflingerRidgway1997]_. Above a loop it has one between 0.5 and 0.632 radii, so the weight must be right to a few
per cent; spun too slowly the top tips over, spun too fast its moment no longer follows the field.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.ticker import MultipleLocator
from scipy.spatial.transform import Rotation

from magneton import CircularLoop
from magneton.dynamics import RigidBody, RigidMagnets
from magneton.plot.style import COLOURS, style

HERE = Path(__file__).parent
G = 9.80665
RADIUS, HEIGHT, MOMENT = 0.05, 0.0285, 0.9  # m, m, A m^2
BASE = CircularLoop(RADIUS, -1081.0)
MASS = float(MOMENT * BASE.grad_B([0.0, 0.0, HEIGHT])[2, 2] / G)


def top(turns: float, mass: float = MASS) -> RigidMagnets:
    """Return a top of so many turns a second, a little off the axis and tilted."""
    disc = RigidBody.disc(mass, 0.015, 0.004, moment=[0.0, 0.0, MOMENT])
    tilt = Rotation.from_rotvec([0.0, 0.02, 0.0])
    spin = tilt.apply([0.0, 0.0, 2.0 * np.pi * turns])
    return RigidMagnets(disc, [0.002, 0.0, HEIGHT], tilt, None, spin, BASE, [0.0, 0.0, -G])


def floats(turns: float, mass: float) -> bool:
    """Return whether the top is still there after three seconds."""
    places = top(turns, mass).run(3.0, dt=1e-3, times=np.linspace(0.0, 3.0, 101)).position[:, 0]
    return bool((np.linalg.norm(places - [0.0, 0.0, HEIGHT], axis=1) < 0.012).all())


def draw_path(axes: Any) -> None:
    """Draw where the top goes, and its axis at some moments."""
    motion = top(20.0).run(6.0, dt=1e-3, order=4, times=np.linspace(0.0, 6.0, 3001))
    print(
        f"{1e3 * MASS:.2f} g; {motion.certificate.steps['steps']} steps in {motion.certificate.wall_time:.2f} s"
    )
    print(f"energy kept to {motion.certificate.drift['energy'].relative:.1e} of the kinetic energy")
    place = 1e3 * motion.position[:, 0]
    axes.plot(*place.T, color=COLOURS[0], lw=0.6)
    axes.plot(*place[-1], "o", ms=5, color=COLOURS[1])
    floor = 1e3 * HEIGHT - 3.4
    axes.plot(place[:, 0], place[:, 1], floor, color="#BBBBBB", lw=0.4)
    axes.set_zlim(floor, 1e3 * HEIGHT + 2.0)
    axes.set_box_aspect((1, 1, 1), zoom=0.9)
    axes.view_init(elev=22, azim=-58)
    for letter in "xyz":
        getattr(axes, f"{letter}axis").set_pane_color((0.98, 0.98, 0.98, 1.0))
        getattr(axes, f"{letter}axis").set_major_locator(MultipleLocator(1.0))
        getattr(axes, f"set_{letter}label")(f"{letter} [mm]")
    axes.set_title("the centre of a top of 20 turns/s for 6 s,\nabove a loop of 50 mm radius", y=1.0)


def draw_window(axes: Any) -> None:
    """Draw which tops float."""
    turns, parts = np.linspace(8.0, 44.0, 37), np.linspace(0.92, 1.03, 23)
    kept = np.array([[floats(rate, part * MASS) for rate in turns] for part in parts])
    alive = turns[kept.any(axis=0)]
    print(f"it floats at {alive.min():g} to {alive.max():g} turns a second")
    axes.pcolormesh(
        turns, 1e3 * MASS * parts, kept, cmap=ListedColormap(["#EEEEEE", COLOURS[5]]), shading="nearest"
    )
    axes.plot(20.0, 1e3 * MASS, "o", color=COLOURS[1], ms=6)
    axes.text(22.0, 1e3 * MASS * 0.97, "floats", ha="center", fontsize=11)
    axes.text(10.2, 1e3 * MASS * 0.97, "tips over", ha="center", rotation=90, va="center")
    axes.text(38.0, 1e3 * MASS * 0.97, "does not follow\nthe field", ha="center")
    axes.text(20.0, 1e3 * MASS * 1.025, "falls", ha="center")
    axes.text(20.0, 1e3 * MASS * 0.928, "flies off", ha="center")
    axes.grid(False)
    axes.set_xlabel("turns a second")
    axes.set_ylabel("mass [g]")
    axes.set_title("tops that still float after 3 s")


def main() -> None:
    """Write the picture."""
    with style():
        figure = plt.figure(figsize=(10.4, 4.6), layout="constrained")
        draw_path(figure.add_subplot(1, 2, 1, projection="3d"))
        draw_window(figure.add_subplot(1, 2, 2))
        figure.savefig(HERE / "dynamics_spinning_top.png")


if __name__ == "__main__":
    main()
