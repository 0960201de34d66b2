"""Draw what a magnet with an axis does in a field: paths of its moment over the sphere, a loop, and a vortex's moments.

Run it from the root of the repository, `python docs/gallery/dynamics_sphere.py`; it needs matplotlib, and writes a
picture beside itself.

One moment precesses with damping, from near the south pole to the field: the colour of its path is the time. Three
with an easy axis, in no field, start at different latitudes and end at the pole that is nearer: whether they go up or
down is told by the half that they start in. At last the moments of a sheet that was magnetized at random, 1 ps after
it was let go: exchange has made neighbours alike, and vortices are left.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import constants
from magneton.dynamics import Exchange, Lattice, SpinSystem, UniaxialAnisotropy, Zeeman
from magneton.plot import plot_components, plot_moments, plot_on_sphere
from magneton.plot.style import style

HERE = Path(__file__).parent
MU = float(constants.mu_B)


def turned_over() -> Any:
    """Return the run of a moment that turns over in 1 T."""
    start = np.radians(170.0)
    spin = SpinSystem(
        MU * np.array([np.sin(start), 0.0, np.cos(start)]), terms=[Zeeman([0.0, 0.0, 1.0])], alpha=0.1
    )
    return spin.run(3e-10, dt=1e-13)


def with_an_axis() -> Any:
    """Return the run of three moments with an easy axis."""
    angle = np.radians([20.0, 85.0, 100.0])
    moments = MU * np.stack([np.sin(angle), np.zeros(3), np.cos(angle)], axis=1)
    axis = UniaxialAnisotropy(0.5 * MU, [0.0, 0.0, 1.0])  # B_k = 1 T
    return SpinSystem(moments, terms=[axis], alpha=0.1).run(6e-10, dt=1e-13)


def sheet() -> tuple[np.ndarray, Lattice]:
    """Return the moments of a sheet a little after it was let go."""
    lattice = Lattice((32, 32, 1), 3e-10, periodic=(True, True, False))
    random = np.random.default_rng(7).normal(size=(len(lattice), 3)) * [1.0, 1.0, 0.2]
    moments = MU * random / np.linalg.norm(random, axis=1)[:, None]
    hard = UniaxialAnisotropy(-2e-22, [0.0, 0.0, 1.0])
    system = SpinSystem(moments, lattice.positions, [Exchange(1e-21, lattice), hard], alpha=0.5)
    return system.run(1e-12, dt=5e-15, times=[1e-12]).moments[-1], lattice


def main() -> None:
    """Write the picture."""
    with style():
        figure = plt.figure(figsize=(11.0, 8.6), layout="constrained")
        parts = figure.add_gridspec(2, 2)
        run = turned_over()
        plot_on_sphere(
            run,
            field=[0.0, 0.0, 1.0],
            title="damped precession in 1 T",
            axes=figure.add_subplot(parts[0, 0], projection="3d"),
        )
        plot_components(run, title="the same, its components", axes=figure.add_subplot(parts[0, 1]))
        plot_on_sphere(
            with_an_axis(), labels=["from 20°", "from 85°", "from 100°"], title="an easy axis along z",
            axes=figure.add_subplot(parts[1, 0], projection="3d"),
        )  # fmt: skip
        plot_moments(
            *sheet(), title="moments of a sheet, 1 ps after random ones", axes=figure.add_subplot(parts[1, 1])
        )
        figure.savefig(HERE / "dynamics_sphere.png", dpi=130)


if __name__ == "__main__":
    main()
