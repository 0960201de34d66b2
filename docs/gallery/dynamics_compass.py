"""Draw compass needles: one that comes to rest and warms its suspension, and a chain that falls into line.

Run it from the root of the repository, `python docs/gallery/dynamics_compass.py`; it needs matplotlib, prints the
energy released and the heat, and writes a picture beside itself.

Left: a loop of 5 cm radius that carries 1 A, hung so that it turns freely about the vertical in a field of 0.5 G, and
let go across the field. It swings, and m B = 3.9e-7 J goes into its suspension. Right: eleven needles on a line; all
but one point along it. That one is let go across the line, and what it does runs along the chain.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, UniformField
from magneton.dynamics import RigidBody, RigidMagnets
from magneton.plot.style import COLOURS, DASHES, SIGNED_MAP, style

HERE = Path(__file__).parent
UP = [0.0, 0.0, 1.0]


def draw_heat(axes: Any) -> None:
    """Draw energies of the electric compass while it comes to rest."""
    loop = CircularLoop(0.05, 1.0, orientation=Rotation.from_rotvec([0.0, np.pi / 2, 0.0]))
    field = UniformField([0.0, 0.5e-4, 0.0])
    hung = RigidBody(5e-3, 6e-6, moment=loop.moment, fixed=True, hinge=UP, angular_drag=1.2e-6)
    motion = RigidMagnets(hung, [0.0, 0.0, 0.0], external=field).run(40.0, dt=0.02, order=4)
    released = float(np.linalg.norm(loop.moment)) * 0.5e-4
    print(f"released m B = {released:.4e} J, heat after 40 s {motion.heat[-1]:.4e} J")
    budget = np.ptp(motion.energy + motion.heat)
    print(f"energy + heat changed by {budget / released:.1e} of that")
    lines = {
        "magnetic energy + m B": motion.magnetic_energy + released,
        "turning": motion.rotational_energy,
        "heat in the suspension": motion.heat,
    }
    for k, (name, energy) in enumerate(lines.items()):
        axes.plot(motion.time, 1e7 * energy, color=COLOURS[k], ls=DASHES[k], label=name, lw=1.5)
    axes.axhline(1e7 * released, color="#999999", lw=0.8)
    axes.text(0.4, 1e7 * released + 0.06, "m B", color="#666666")
    axes.set_ylim(0.0, 4.5)
    axes.set_xlim(0.0, 40.0)
    axes.set_xlabel("time [s]")
    axes.set_ylabel(r"energy [$10^{-7}$ J]")
    axes.legend(loc="center right")
    axes.set_title("an electric compass warms its suspension")


def draw_chain(figure: Any, axes: Any) -> None:
    """Draw the angles of a chain of needles in time."""
    count, distance, first = 11, 0.04, 5
    needle = RigidBody(1e-3, 2e-7, moment=[0.1, 0.0, 0.0], fixed=True, hinge=UP, angular_drag=1e-7)
    angles = np.zeros(count)
    angles[first] = np.radians(80.0)
    chain = RigidMagnets(
        [needle] * count,
        np.outer(np.arange(count), [distance, 0.0, 0.0]),
        Rotation.from_rotvec(np.outer(angles, UP)),
    )
    motion = chain.run(4.0, dt=2e-3, order=4)
    turned = np.degrees([motion.rotation(i).as_rotvec()[:, 2] for i in range(count)])
    drawn = axes.pcolormesh(
        motion.time, np.arange(count), turned, cmap=SIGNED_MAP, vmin=-60, vmax=60, shading="nearest"
    )
    axes.set_yticks(range(0, count, 2))
    axes.grid(False)
    axes.set_xlabel("time [s]")
    axes.set_ylabel("needle")
    axes.set_title("one of eleven needles on a line is let go")
    figure.colorbar(drawn, ax=axes, label="angle to the line [degrees]", extend="both")


def main() -> None:
    """Write the picture."""
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(10.4, 4.0), layout="constrained")
        draw_heat(axes[0])
        draw_chain(figure, axes[1])
        figure.savefig(HERE / "dynamics_compass.png")


if __name__ == "__main__":
    main()
