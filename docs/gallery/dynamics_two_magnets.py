"""Draw two magnets that fly past each other and turn, and how well each order of the steps kept their energy.

Run it from the root of the repository, `python docs/gallery/dynamics_two_magnets.py`; it needs matplotlib, prints what
was conserved and writes a picture beside itself.

Two brick magnets of 10 g meet at 0.6 m/s each. Their moments turn one another, and the pull bends both paths by 80
degrees. Momentum and angular momentum are kept to rounding by every order; the energy's error is made where they meet,
and does not grow after it, however long they fly.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.dynamics import RigidBody, RigidMagnets
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
ARROW = 0.022  # m


def meeting() -> RigidMagnets:
    """Return two magnets about to meet."""
    brick = RigidBody.cuboid(0.01, [0.01, 0.013, 0.02], moment=[0.0, 0.0, 0.8])
    return RigidMagnets(
        [brick, brick],
        [[-0.1, -0.02, 0.0], [0.1, 0.02, 0.0]],
        velocity=[[0.6, 0.0, 0.0], [-0.6, 0.0, 0.0]],
        angular_velocity=[[10.0, 0.0, 0.0], [10.0, 0.0, 12.0]],
    )


def draw_paths(axes: Any) -> None:
    """Draw both paths in the plane, with the moments along them."""
    motion = meeting().run(0.36, dt=1e-4, order=4, times=np.linspace(0.0, 0.36, 361))
    for i in range(2):
        place, moment = motion.position[:, i], motion.rotation(i).apply([0.0, 0.0, 1.0])
        axes.plot(100 * place[:, 0], 100 * place[:, 1], color=COLOURS[i], lw=1.4, ls=DASHES[i])
        some = slice(0, None, 15)
        x, y = (100 * (place[some] - 0.5 * ARROW * moment[some]))[:, :2].T
        u, v = (100 * ARROW * moment[some])[:, :2].T
        look = {"angles": "xy", "scale_units": "xy", "scale": 1.0, "width": 0.004, "zorder": 3}
        axes.quiver(x, y, u, v, color=COLOURS[i], **look)
        end = 100 * place[0]
        side = {"ha": "right" if i else "left", "va": "bottom" if i else "top"}
        axes.annotate(
            "starts here", (end[0], end[1]), (0, 14 if i else -14), textcoords="offset points", **side
        )
    axes.set_aspect("equal")
    axes.set_xlim(-11.0, 11.0)
    axes.set_ylim(-9.6, 9.6)
    axes.set_xlabel("x [cm]")
    axes.set_ylabel("y [cm]")
    axes.set_title("two magnets meet: paths, and moments every 15 ms")


def draw_energy(axes: Any) -> None:
    """Draw the error of the energy by order."""
    for k, order in enumerate((2, 4, 6)):
        motion = meeting().run(2.0, dt=1e-3, order=order)
        error = np.abs(motion.energy / motion.energy[0] - 1.0)
        axes.semilogy(
            motion.time[1:],
            np.maximum(error[1:], 1e-17),
            color=COLOURS[k],
            ls=DASHES[k],
            label=f"order {order}",
        )
        drift = motion.certificate.drift
        print(
            f"order {order}: energy {drift['energy'].relative:.1e}, momentum {drift['momentum'].relative:.1e}, "
            f"angular momentum {drift['angular momentum'].relative:.1e}"
        )
    axes.set_ylim(1e-16, 1e-1)
    axes.set_xlabel("time [s]")
    axes.set_ylabel("|change of energy|/energy")
    axes.set_title("the energy, in steps of 1 ms")
    axes.legend(ncols=3, loc="upper right")


def main() -> None:
    """Write the picture."""
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(10.4, 4.4), layout="constrained")
        draw_paths(axes[0])
        draw_energy(axes[1])
        figure.savefig(HERE / "dynamics_two_magnets.png")


if __name__ == "__main__":
    main()
