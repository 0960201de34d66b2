"""Draw a proton in the Earth's dipole: it gyrates, bounces and drifts, and its guiding centre goes the same way.

Run it from the root of the repository, `python docs/gallery/orbits_bounce_and_drift.py`; it needs matplotlib, prints
the periods and writes a picture beside itself.

10 MeV at four Earth radii and 40 degrees of pitch angle: a Larmor radius of about a seventh of an Earth radius, large
enough to be seen, and small enough for a guiding centre.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MultipleLocator

from magneton import Dipole, orbits, units
from magneton.plot.style import COLOURS, style

HERE = Path(__file__).parent
EARTH = Dipole([0.0, 0.0, -8.07e22])
RADIUS, FIELD = 6.3712e6, 3.12e-5  # m, T on the equator: what the closed forms have
SHELL, PITCH, ENERGY = 4.0, np.radians(40.0), float(units.convert(10.0, "MeV", "J"))
THIN, PALE = 0.5, "#9AB8CC"


def traced() -> tuple[Any, Any, float]:
    """Return the full orbit and the guiding centre over a drift around the Earth, and the bounce period."""
    x, v = orbits.initial_state(
        EARTH,
        "proton",
        orbits.dipole_position(SHELL),
        kinetic_energy=ENERGY,
        pitch_angle=PITCH,
        at="gyrocentre",
    )
    bounce = float(orbits.bounce_period("proton", ENERGY, SHELL, PITCH))
    drift = float(orbits.drift_period("proton", ENERGY, SHELL, PITCH, equatorial_field=FIELD))
    full = orbits.trace(EARTH, "proton", x, v, drift)
    centre = orbits.trace_guiding_centre(EARTH, "proton", x, v, drift)
    turns = 2.0 * np.pi / float(orbits.gyrofrequency("proton", EARTH.B(x), v))
    print(
        f"gyroperiod at the start {turns:.4f} s, bounce {bounce:.4f} s, drift around the Earth {drift:.3f} s"
    )
    print(f"full orbit: {full.step_count} steps, energy kept to {full.drift['energy']:.1e}")
    print(f"guiding centre: {centre.step_count} steps, energy kept to {centre.drift['energy']:.1e}")
    return full, centre, bounce


def field_line(longitude: float = 0.0) -> np.ndarray:
    """Return the field line of the shell in Earth radii, shape (n, 3)."""
    latitude = np.radians(np.linspace(-57.0, 57.0, 200))
    return orbits.dipole_position(SHELL, latitude, longitude) / RADIUS


def draw_space(axes: Any, full: Any, centre: Any, span: float) -> None:
    """Draw the first bounces in space, with the field line that they start on."""
    axes.computed_zorder = False
    u, v = np.meshgrid(np.linspace(0.0, 2.0 * np.pi, 61), np.linspace(0.0, np.pi, 31))
    ball = np.cos(u) * np.sin(v), np.sin(u) * np.sin(v), np.cos(v)
    axes.plot_surface(*ball, color="#C9D6DF", lw=0, zorder=1)
    for longitude in np.radians([0.0, -30.0, -60.0, -90.0]):
        axes.plot(*field_line(float(longitude)).T, color="#BBBBBB", lw=0.8, zorder=2)
    for orbit, look in ((full, {"color": PALE, "lw": 0.7}), (centre, {"color": COLOURS[1], "lw": 1.6})):
        times = np.linspace(0.0, span, 4000)
        axes.plot(*(orbit(times)[0] / RADIUS).T, zorder=3 if orbit is full else 4, **look)
    axes.set_xlim(-1.1, 4.2)
    axes.set_ylim(-4.2, 1.1)
    axes.set_zlim(-1.9, 1.9)
    axes.set_box_aspect((5.3, 5.3, 3.8), zoom=1.22)
    axes.view_init(elev=32, azim=-52)
    for letter in "xyz":
        axis = getattr(axes, f"{letter}axis")
        axis.set_pane_color((0.98, 0.98, 0.98, 1.0))
        axis.set_major_locator(MultipleLocator(1.0))
        getattr(axes, f"set_{letter}label")(f"{letter} [Earth radii]")
    axes.text2D(0.5, 0.97, "the first six bounces", transform=axes.transAxes, ha="center")


def draw_meridian(axes: plt.Axes, full: Any, centre: Any, bounce: float) -> None:
    """Draw one bounce against the distance from the axis."""
    line = field_line()
    axes.plot(line[:, 0], line[:, 2], color="#BBBBBB", lw=1.0, label="field line")
    times = np.linspace(0.0, bounce, 3000)
    for orbit, colour, width, label in (
        (full, PALE, 0.8, "full orbit"),
        (centre, COLOURS[1], 1.6, "guiding centre"),
    ):
        place = orbit(times)[0] / RADIUS
        axes.plot(np.hypot(place[:, 0], place[:, 1]), place[:, 2], color=colour, lw=width, label=label)
    axes.add_patch(plt.Circle((0.0, 0.0), 1.0, color="#C9D6DF"))
    axes.set_xlim(0.0, 4.5)
    axes.set_ylim(-2.0, 2.0)
    axes.set_aspect("equal")
    axes.set_xlabel("distance from the axis [Earth radii]")
    axes.set_ylabel("z [Earth radii]")
    axes.set_title("one bounce")
    axes.legend(loc="center", bbox_to_anchor=(0.46, 0.5), fontsize=8, handlelength=1.2)


def draw_equator(axes: plt.Axes, full: Any, centre: Any) -> None:
    """Draw the whole drift, seen from the north."""
    place = full.position / RADIUS
    axes.plot(place[:, 0], place[:, 1], color=PALE, lw=THIN)
    place = centre(np.linspace(centre.time[0], centre.time[-1], 6000))[0] / RADIUS
    axes.plot(place[:, 0], place[:, 1], color=COLOURS[1], lw=0.9)
    axes.add_patch(plt.Circle((0.0, 0.0), 1.0, color="#C9D6DF"))
    axes.annotate(
        "",
        xy=(0.9, -1.4),
        xytext=(-0.9, -1.4),
        arrowprops={"arrowstyle": "<-", "color": COLOURS[1]},
    )
    axes.text(0.0, -2.1, "westward", ha="center", color=COLOURS[1], fontsize=9)
    axes.set_aspect("equal")
    axes.set_xticks([-4, -2, 0, 2, 4])
    axes.set_xlabel("x [Earth radii]")
    axes.set_ylabel("y [Earth radii]")
    axes.set_title("one drift, from the north")


def main() -> None:
    """Draw the picture."""
    full, centre, bounce = traced()
    with style():
        figure = plt.figure(figsize=(10.0, 6.0), layout="constrained")
        grid = figure.add_gridspec(2, 2, width_ratios=[1.7, 1.0])
        draw_space(figure.add_subplot(grid[:, 0], projection="3d"), full, centre, 6.0 * bounce)
        draw_meridian(figure.add_subplot(grid[0, 1]), full, centre, bounce)
        draw_equator(figure.add_subplot(grid[1, 1]), full, centre)
        figure.suptitle("A proton of 10 MeV four radii out in the Earth's dipole")
        figure.savefig(HERE / "orbits_bounce_and_drift.png", dpi=130)


if __name__ == "__main__":
    main()
