"""Draw Barnett's experiment: a rod that spins magnetizes, as in a field of Omega/gamma.

Run it from the root of the repository, `python docs/gallery/dynamics_barnett.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

On the left, one moment, free to turn, in a lattice that spins at 1e6 rad/s, without any field: damping is relative to
the lattice, and turns electrons' spins along the rotation, their moment against it; it follows the law of a moment in
the field Omega/gamma. On the right, the magnetization of a soft rod of iron against its speed, and that of a
paramagnet which is spun and relaxes.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import constants
from magneton.dynamics import (
    SpinLattice,
    barnett_field,
    barnett_magnetization,
    barnett_relaxation,
    gamma_from_g_prime,
)
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
OMEGA = 1e6


def draw_alignment(axes: Any) -> None:
    """Draw the spin along the rotation against time, beside the closed form."""
    start = np.radians(150.0)  # of the spin from the axis of the rotation
    field = abs(barnett_field(OMEGA))
    print("alpha  largest departure from the closed form  drift of J")
    for alpha, colour in zip((0.02, 0.05, 0.2), COLOURS, strict=False):
        moment = 9e-19 * np.array([math.sin(start), 0.0, -math.cos(start)])
        body = SpinLattice(moment, 1e-25, alpha=alpha)
        run = body.run(1e-4, 1e-7, angular_velocity=[0.0, 0.0, OMEGA], samples=401)
        along = run.spin[:, 2] / np.linalg.norm(run.spin[0])
        rate = alpha / (1.0 + alpha**2) * abs(float(constants.gamma_e)) * field
        closed = np.cos(2.0 * np.arctan(math.tan(0.5 * start) * np.exp(-rate * run.time)))
        axes.plot(run.time * 1e6, along, color=colour, label=rf"$\alpha$ = {alpha:g}")
        axes.plot(run.time[::20] * 1e6, closed[::20], "o", ms=4, mfc="white", color=colour)
        drift = run.certificate.drift["angular momentum"].relative
        print(
            f"{alpha:5.2f}  {np.abs(along - closed).max():.1e}                                  {drift:.1e}"
        )
    axes.set(xlabel=r"time [$\mu$s]", ylabel=r"spin along the rotation, $S_z/S$", xlim=(0.0, 100.0))
    axes.legend(loc="lower right", fontsize=8)
    axes.set_title(rf"$\Omega$ = 10$^6$ rad/s is worth {field * 1e6:.2f} $\mu$T")


def draw_magnetization(axes: Any) -> None:
    """Draw the magnetization of soft iron against its speed."""
    turns = np.linspace(0.0, 200.0, 50)
    for g_prime, name, colour, dash in zip(
        (1.0, 1.919, 2.0),
        ("orbits", "iron", "spins"),
        (COLOURS[2], COLOURS[0], COLOURS[1]),
        DASHES,
        strict=False,
    ):
        M = barnett_magnetization(100.0, 2.0 * math.pi * turns, gamma_from_g_prime(g_prime))
        axes.plot(turns, M, color=colour, ls=dash, label=f"{name}, g' = {g_prime:g}")
    axes.set(xlabel="turns a second", ylabel="M along the rotation [A/m]", xlim=(0.0, 200.0))
    axes.legend(loc="lower left", fontsize=8)
    axes.set_title(r"a rod with $\chi$ = 100")


def draw_relaxation(axes: Any) -> None:
    """Draw a paramagnetic rod after it has been spun: the moment grows, and the rod loses speed by its reaction."""
    rod = {"susceptibility": 1e-3, "volume": 1e-6, "relaxation_time": 1e-6, "inertia": 1e-25}
    times = np.linspace(0.0, 5e-6, 200)
    run = barnett_relaxation(times, 1000.0, **rod)
    still = -float(constants.gamma_e) * run.lattice / 1e-12
    axes.plot(times * 1e6, -run.moment * 1e12, color=COLOURS[0], label=r"$-m = |\gamma| S$")
    axes.plot(times * 1e6, still, color=COLOURS[1], ls="--", label=r"$|\gamma| L$")
    axes.plot(times * 1e6, still - run.moment * 1e12, color=COLOURS[2], ls="-.", label="sum")
    axes.set(xlabel=r"time [$\mu$s]", ylabel=r"$|\gamma|$ x angular momentum [pA m$^2$]", xlim=(0.0, 5.0))
    axes.set_ylim(bottom=0.0)
    axes.legend(loc="center right", fontsize=8)
    axes.set_title("a very light paramagnet gives its spins a share")
    print(f"paramagnet: {run.angular_velocity[0]:.0f} -> {run.angular_velocity[-1]:.2f} rad/s", end=", ")
    print(f"J kept to {run.certificate.worst:.1e}")


def main() -> None:
    """Print and draw."""
    with style():
        figure = plt.figure(figsize=(9.4, 6.0), layout="constrained")
        grid = figure.add_gridspec(2, 2, width_ratios=[1.25, 1.0])
        draw_alignment(figure.add_subplot(grid[:, 0]))
        draw_magnetization(figure.add_subplot(grid[0, 1]))
        draw_relaxation(figure.add_subplot(grid[1, 1]))
        figure.suptitle("Barnett: rotation magnetizes")
        figure.savefig(HERE / "dynamics_barnett.png", dpi=130)


if __name__ == "__main__":
    main()
