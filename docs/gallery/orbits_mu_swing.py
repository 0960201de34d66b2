"""Draw mu along an orbit as it is at the particle and at the gyrocentre: the swing that is mistaken for numerics.

Run it from the root of the repository, `python docs/gallery/orbits_mu_swing.py`; it needs matplotlib, prints a table
and writes a picture beside itself.

Above: a proton of 10 MeV bounces in the Earth's dipole. p_perp^2/(2 m B) with B at the particle swings by tens of per
cent, however exactly the orbit is computed; taken to the gyrocentre, to first order in rho/L, it hardly does. Below:
the swings fall with rho/L and with its square, in fields of every direction.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import Dipole, orbits, units
from magneton.orbits.fields import HarrisSheet, Tokamak, as_field, magnetic_bottle
from magneton.plot.style import COLOURS, style

HERE = Path(__file__).parent
PALE = "#9AB8CC"
EARTH = Dipole([0.0, 0.0, -8.07e22])
#: Fields, each with a gyrocentre to start from.
PLACES: dict[str, tuple[Any, Any]] = {
    "dipole": (EARTH, orbits.dipole_position(4.0, np.radians(15.0))),
    "two coils, B along z": (magnetic_bottle(1.0, 0.25, 1e4), [0.1, 0.02, 0.1]),
    "sheared current sheet": (HarrisSheet(1e-8, 1e6, normal=3e-9, guide=1e-8), [0.0, 0.0, 3e5]),
    "tokamak": (Tokamak(2.0, 1.7, 1.2, 0.6), [2.0, 0.0, 0.1]),
}


def draw_bounce(axes: plt.Axes) -> None:
    """Draw both along two bounces."""
    energy, pitch = float(units.convert(10.0, "MeV", "J")), np.radians(40.0)
    x, v = orbits.initial_state(
        EARTH,
        "proton",
        orbits.dipole_position(4.0),
        kinetic_energy=energy,
        pitch_angle=pitch,
        at="gyrocentre",
    )
    times = np.linspace(0.0, 2.0 * float(orbits.bounce_period("proton", energy, 4.0, pitch)), 3000)
    orbit = orbits.trace(EARTH, "proton", x, v, times[-1], times=times)
    mean = float(np.mean(orbit.mu_gyrocentre))
    for mu, colour, width, label in (
        (orbit.mu, PALE, 1.0, "at the particle"),
        (orbit.mu_gyrocentre, COLOURS[1], 1.6, "at the gyrocentre"),
    ):
        axes.plot(times, 100.0 * (mu / mean - 1.0), color=colour, lw=width, label=label)
        print(f"10 MeV proton, mu {label}: from {mu.min() / mean:.3f} to {mu.max() / mean:.3f} of its mean")
    print(f"energy kept to {orbit.drift['energy']:.1e}")
    axes.set_xlabel("time [s]")
    axes.set_ylabel(r"change of $\mu$ [%]")
    axes.margins(x=0.01)
    axes.set_ylim(-32.0, 46.0)
    axes.legend(loc="upper right", ncols=2)
    axes.set_title("two bounces of a 10 MeV proton at four Earth radii")


def swings(field: Any, centre: Any, speed: float) -> tuple[float, float, float]:
    """Return rho/L, and the relative swing of mu over two gyrations at the particle and at the gyrocentre."""
    x, v = orbits.initial_state(
        field, "proton", centre, speed=speed, pitch_angle=1.0, gyrophase=0.7, at="gyrocentre"
    )
    times = 2.0 * float(orbits.gyroperiod("proton", as_field(field).B(x), v)) * np.linspace(0.0, 1.0, 201)
    orbit = orbits.trace(field, "proton", x, v, times[-1], rtol=1e-14, times=times)
    ratio = float(orbits.adiabaticity(field, "proton", x, v).rho_over_L)
    raw, first = (float(np.ptp(mu) / np.mean(mu)) for mu in (orbit.mu, orbit.mu_gyrocentre))
    return ratio, raw, first


def draw_swings(axes: plt.Axes) -> None:
    """Draw the swings against rho/L, and print their slopes."""
    print("field                   slope at the particle, at the gyrocentre")
    for i, (name, (field, centre)) in enumerate(PLACES.items()):
        slow = orbits.initial_state(field, "proton", centre, speed=1.0, pitch_angle=1.0)[1]
        unit = float(orbits.adiabaticity(field, "proton", centre, slow).rho_over_L)
        found = np.array([swings(field, centre, wanted / unit) for wanted in np.geomspace(1e-3, 0.1, 13)])
        ratio, raw, first = found.T
        axes.loglog(ratio, raw, "o-", ms=4, lw=1.0, mfc="white", color=COLOURS[i])
        axes.loglog(ratio, first, "o-", ms=4, lw=1.0, color=COLOURS[i], label=name)
        slopes = [np.polyfit(np.log(ratio[:7]), np.log(s[:7]), 1)[0] for s in (raw, first)]
        print(f"{name:23s} {slopes[0]:.3f}, {slopes[1]:.3f}")
    line = np.array([1e-3, 0.1])
    axes.loglog(line, 5.0 * line, color="#888888", lw=0.8, ls="--")
    axes.loglog(line, 0.7 * line**2, color="#888888", lw=0.8, ls="--")
    axes.text(1.6e-3, 1.1e-2, r"$\rho/L$", color="#666666", ha="right")
    axes.text(3.2e-3, 2.2e-6, r"$(\rho/L)^2$", color="#666666")
    axes.text(1.1e-2, 1.2e-1, "at the particle", ha="right")
    axes.text(2.2e-2, 1.2e-4, "at the gyrocentre", ha="left")
    axes.set_xlabel(r"$\rho/L$")
    axes.set_ylabel(r"swing of $\mu$, relative")
    axes.legend(loc="lower right")


def main() -> None:
    """Draw the picture."""
    with style():
        figure, (upper, lower) = plt.subplots(
            2, 1, figsize=(7.2, 8.0), layout="constrained", height_ratios=[1.0, 1.35]
        )
        draw_bounce(upper)
        draw_swings(lower)
        figure.suptitle(r"$\mu$ at the particle and at the gyrocentre")
        figure.savefig(HERE / "orbits_mu_swing.png", dpi=130)


if __name__ == "__main__":
    main()
