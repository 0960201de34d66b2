"""Draw a moment that is switched: along the sphere, against the closed solution, and at a temperature.

Run it from the root of the repository, `python docs/gallery/dynamics_switching.py`; it needs matplotlib, prints a table
and writes a picture beside itself.

Left: a field against the moment, 10 degrees off, drives it over; damping makes the spiral. Right, above: without
anisotropy tan(theta/2) falls as exp(-alpha |gamma'| B t), and the steps lie on the line. Below: a thousand small
particles with an easy axis at a temperature, of which the field takes over more and more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import constants
from magneton.dynamics import SpinSystem, UniaxialAnisotropy, Zeeman
from magneton.plot.style import COLOURS, style

HERE = Path(__file__).parent
#: A particle of cobalt-like stuff, 8 nm across.
MOMENT = 1.4e6 * 4.0 / 3.0 * np.pi * 4e-9**3
ALPHA, FIELD = 0.05, 1.0


def draw_sphere(axes: Any) -> None:
    """Draw the way of a moment over the sphere."""
    start = MOMENT * np.array([np.sin(np.radians(170.0)), 0.0, np.cos(np.radians(170.0))])
    system = SpinSystem(start, terms=[Zeeman([0, 0, FIELD])], alpha=ALPHA)
    run = system.run(6e-10, dt=1e-13)
    u = run.moments[:, 0] / MOMENT
    phi = np.linspace(0.0, 2.0 * np.pi, 73)
    for latitude in np.radians([-60.0, -30.0, 0.0, 30.0, 60.0]):
        ring = np.cos(latitude)
        axes.plot(ring * np.cos(phi), ring * np.sin(phi), np.sin(latitude), color="#CCCCCC", lw=0.6)
    for azimuth in np.radians([0.0, 45.0, 90.0, 135.0]):
        axes.plot(
            np.cos(azimuth) * np.cos(phi), np.sin(azimuth) * np.cos(phi), np.sin(phi), color="#CCCCCC", lw=0.6
        )
    axes.plot(*u.T, color=COLOURS[1], lw=1.3)
    axes.plot(*u[0], "o", color=COLOURS[0], ms=5)
    axes.quiver(0, 0, 1.0, 0, 0, 0.4, color="#444444", lw=1.5, arrow_length_ratio=0.3)
    axes.text(0.1, 0.0, 1.3, "B")
    axes.set(xlim=(-1.0, 1.0), ylim=(-1.0, 1.0), zlim=(-1.0, 1.4))
    axes.set_box_aspect((1.0, 1.0, 1.2), zoom=1.25)
    axes.set_axis_off()
    axes.view_init(22, -60)
    axes.set_title("the way from 170 degrees, 0.6 ns", y=1.03)
    print(f"|m| kept to {run.certificate.drift['|m|'].relative:.1e}")


def draw_angle(axes: plt.Axes) -> None:
    """Draw theta in time for three dampings, beside the closed solution."""
    theta = np.radians(170.0)
    start = MOMENT * np.array([np.sin(theta), 0.0, np.cos(theta)])
    for i, alpha in enumerate((0.02, 0.1, 0.5)):
        system = SpinSystem(start, terms=[Zeeman([0, 0, FIELD])], alpha=alpha)
        run = system.run(1e-9, dt=2e-13, times=np.linspace(0.0, 1e-9, 26))
        m = run.moments[:, 0]
        found = np.arctan2(np.hypot(m[:, 0], m[:, 1]), m[:, 2])
        t = np.linspace(0.0, 1e-9, 400)
        rate = alpha * abs(constants.gamma_e) / (1.0 + alpha**2) * FIELD
        axes.plot(
            1e9 * t, np.degrees(2.0 * np.arctan(np.tan(theta / 2.0) * np.exp(-rate * t))), color=COLOURS[i]
        )
        axes.plot(
            1e9 * run.time, np.degrees(found), "o", ms=3.5, color=COLOURS[i], label=rf"$\alpha$ = {alpha}"
        )
        exact = 2.0 * np.arctan(np.tan(theta / 2.0) * np.exp(-rate * run.time))
        print(f"alpha = {alpha}: largest error of theta {np.abs(found - exact).max():.1e} rad")
    axes.set_xlabel("time [ns]")
    axes.set_ylabel(r"$\theta$ [degrees]")
    axes.set_title("closed solution (lines) and steps")
    axes.legend(loc="upper right")


def draw_thermal(axes: plt.Axes) -> None:
    """Draw the mean moment of particles with an easy axis after a field is put on against them."""
    barrier = 12.0 * constants.k_B * 300.0
    field = 0.45 * 2.0 * barrier / MOMENT
    start = np.tile([0.0, 0.0, -MOMENT], (1000, 1))
    for i, temperature in enumerate((150.0, 300.0, 450.0)):
        system = SpinSystem(
            start,
            terms=[Zeeman([0, 0, field]), UniaxialAnisotropy(barrier)],
            gamma=constants.gamma_e,
            alpha=0.1,
        )
        run = system.run(3e-8, dt=2e-12, times=np.linspace(0.0, 3e-8, 151), temperature=temperature, seed=3)
        up = run.mean_moment[:, 2] / MOMENT
        axes.plot(1e9 * run.time, up, color=COLOURS[i], label=f"{temperature:g} K")
        print(f"{temperature:g} K: mean moment after 30 ns {up[-1]:+.3f} |m|")
    axes.set_xlabel("time [ns]")
    axes.set_ylabel(r"$\langle m_z\rangle/|m|$")
    axes.set_ylim(-1.05, 1.05)
    axes.set_title(rf"1000 particles, K = 12 k$_B$ 300 K, B = {1e3 * field:.0f} mT")
    axes.legend(loc="center right", bbox_to_anchor=(1.0, 0.36))


def main() -> None:
    """Draw the picture."""
    with style():
        figure = plt.figure(figsize=(9.6, 5.6), layout="constrained")
        grid = figure.add_gridspec(2, 2, width_ratios=[1.0, 1.2])
        draw_sphere(figure.add_subplot(grid[:, 0], projection="3d"))
        draw_angle(figure.add_subplot(grid[0, 1]))
        draw_thermal(figure.add_subplot(grid[1, 1]))
        figure.savefig(HERE / "dynamics_switching.png", dpi=130)


if __name__ == "__main__":
    main()
