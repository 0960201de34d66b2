"""Write the page of a spinning magnet that floats above a ring magnet, to be watched in a browser, and draw its motion.

Run it from the root of the repository, `python docs/gallery/dynamics_spinning_top_page.py [PAGE]`; it needs matplotlib
and plotly. It writes a picture beside itself, and the page (5.5 MB, which needs no network) to PAGE, by default
`dynamics_spinning_top.html` in the folder for temporary files, and prints its name.

The ring's polarization is against the moment of the top, a disc, and repels it. A top at rest would turn over; one that
spins precesses about the local field instead, keeps its angle to it, and floats in a minimum of |B| and weight together
[BerryGeim1997]_, [SimonHeflingerRidgway1997]_. Its axis wobbles, and its centre wanders about in that minimum.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from scipy.spatial.transform import Rotation

from magneton import Cylinder
from magneton.dynamics import RigidBody, RigidMagnets
from magneton.plot import plot_components, write_motion_html
from magneton.plot.style import COLOURS, style

HERE = Path(__file__).parent
G = 9.80665
MOMENT, TURNS, HEIGHT = 0.9, 20.0, 0.04  # A m^2, 1/s, m
J = 0.2264  # T
#: A ring is a disc, and a hole of the opposite polarization in it.
RING = {
    "ring magnet": Cylinder(0.05, 0.006, polarization=[0.0, 0.0, -J]),
    "its hole": Cylinder(0.008, 0.006, polarization=[0.0, 0.0, J]),
}


def floating(seconds: float) -> Any:
    """Return the motion of a top that begins a little off the axis, and tilted."""
    parts = list(RING.values())
    pull = sum(part.grad_B([0.0, 0.0, HEIGHT])[2, 2] for part in parts)
    disc = RigidBody.disc(float(MOMENT * pull / G), 0.015, 0.004, moment=[0.0, 0.0, MOMENT])
    tilt = Rotation.from_rotvec([0.0, 0.05, 0.0])
    spin = tilt.apply([0.0, 0.0, 2.0 * np.pi * TURNS])
    top = RigidMagnets(disc, [0.002, 0.0, HEIGHT], tilt, None, spin, parts, [0.0, 0.0, -G])
    return top.run(seconds, dt=1e-3, order=4, times=np.linspace(0.0, seconds, round(seconds / 1e-3) + 1))


def draw_map(axes: Any, motion: Any) -> None:
    """Draw the way of the centre from above."""
    place = 1e3 * motion.position[:, 0]
    axes.plot(place[:, 0], place[:, 1], color=COLOURS[0], lw=0.8)
    axes.plot(*place[0, :2], "o", color=COLOURS[1], ms=5)
    axes.set_aspect("equal")
    axes.set_xlabel("x [mm]")
    axes.set_ylabel("y [mm]")
    axes.set_title("its centre from above", loc="left")


def draw_path(axes: Any, motion: Any) -> None:
    """Draw the height and the distance from the axis of the centre against time."""
    place = 1e3 * motion.position[:, 0]
    axes.plot(motion.time, place[:, 2] - 1e3 * HEIGHT, color=COLOURS[0], label="height above the middle")
    away = np.linalg.norm(place[:, :2], axis=1)
    axes.plot(motion.time, away, color=COLOURS[1], ls="--", label="distance from the axis")
    axes.set_xlabel("time [s]")
    axes.set_ylabel("[mm]")
    axes.set_title("its centre against time", loc="left")
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, -0.16), ncols=2, borderaxespad=0.0)


def main() -> None:
    """Write the page and the picture."""
    default = Path(tempfile.gettempdir()) / "dynamics_spinning_top.html"
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    motion = floating(3.0)
    grams = 1e3 * motion.bodies[0].mass
    note = f"A disc of {grams:.1f} g that turns {TURNS:g} times a second; half of it is painted pale."
    title = "A spinning top above a ring magnet"
    written = write_motion_html(
        motion, page, external=RING, seconds=12.0, title=title, note=note, overwrite=True
    )
    print(f"{written}: {1e-6 * written.stat().st_size:.1f} MB")
    print(f"energy kept to {motion.certificate.drift['energy'].relative:.1e} of the kinetic energy")
    with style():
        figure = plt.figure(figsize=(13.0, 4.0), layout="constrained")
        parts = figure.add_gridspec(1, 3, width_ratios=[0.8, 1.1, 1.1])
        draw_map(figure.add_subplot(parts[0]), motion)
        plot_components(motion, title="components of its moment", axes=figure.add_subplot(parts[1]))
        draw_path(figure.add_subplot(parts[2]), motion)
        figure.suptitle("A top of 20 turns a second that floats above a ring magnet")
        figure.savefig(HERE / "dynamics_spinning_top_page.png", dpi=130)


if __name__ == "__main__":
    main()
