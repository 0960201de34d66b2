"""Draw bounce and drift in a dipole: closed forms, guiding centres, full orbits, and the printed approximation.

Run it from the root of the repository, `python docs/gallery/orbits_bounce_period.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Protons of 1 MeV at L = 2 to 6. Guiding centres have the periods of the quadrature to rounding; the full orbit has
them to second order in the Larmor radius over the size of the field, which grows as L^2. The approximation
T = 1.30 - 0.56 sin(alpha), often printed, is a matter of per cents.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import Dipole, orbits, units
from magneton.constants import mu_0
from magneton.orbits.events import Equator
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
RADIUS, FIELD = 6.3712e6, 3.12e-5  # m, T on the equator
EARTH = Dipole([0.0, 0.0, -4.0 * np.pi / float(mu_0) * FIELD * RADIUS**3])
ENERGY = float(units.convert(1.0, "MeV", "J"))
SHELLS = [2.0, 3.0, 4.0, 5.0, 6.0]
PITCHES = np.radians([8.0, 15.0, 25.0, 35.0, 45.0, 55.0, 65.0, 75.0, 85.0])
BOUNCES = 10


def measured(orbit: Any, shell: float) -> tuple[float, float]:
    """Return T and D/T from the northward crossings of the equator; longitudes are those of gyrocentres."""
    crossings = orbit.events["equator"]
    count, span = len(crossings) - 1, crossings.time[-1] - crossings.time[0]
    period, place = span / count, crossings.position
    if isinstance(orbit, orbits.Orbit):
        place = orbits.gyrocentre(EARTH, "proton", place, crossings.velocity)
    longitude = np.unwrap(np.arctan2(place[:, 1], place[:, 0]))
    rate = (longitude[-1] - longitude[0]) / span
    v = float(orbits.kinematics.speed("proton", ENERGY))
    unit_rate = float(orbits.drift_rate("proton", ENERGY, shell, 0.5 * np.pi)) / 0.5
    return period * v / (4.0 * shell * RADIUS), rate / unit_rate


def simulated(shell: float, pitch: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return T and D/T of a guiding centre and of a full orbit."""
    x, v = orbits.initial_state(
        EARTH,
        "proton",
        orbits.dipole_position(shell),
        kinetic_energy=ENERGY,
        pitch_angle=pitch,
        at="gyrocentre",
    )
    centre = orbits.dipole_position(shell)
    span = (BOUNCES + 0.6) * float(orbits.bounce_period("proton", ENERGY, shell, pitch))
    options: dict[str, Any] = {"events": Equator(direction=1), "times": [span]}
    w = orbits.initial_state(EARTH, "proton", centre, kinetic_energy=ENERGY, pitch_angle=pitch)[1]
    guiding = orbits.trace_guiding_centre(EARTH, "proton", centre, w, span, at="gyrocentre", **options)
    full = orbits.trace(EARTH, "proton", x, v, span, rtol=1e-10, **options)
    return measured(guiding, shell), measured(full, shell)


def draw_curves(axes: Any, found: np.ndarray) -> None:
    """Draw T and D/T against the pitch angle, with the simulated points of one shell."""
    degrees = np.linspace(0.0, 90.0, 300)
    alpha = np.radians(degrees)
    curves = orbits.bounce_integral(alpha), orbits.drift_integral(alpha)
    rough = 1.30 - 0.56 * np.sin(alpha), 0.35 + 0.15 * np.sin(alpha)
    said = r"1.30 - 0.56 sin $\alpha$", r"0.35 + 0.15 sin $\alpha$"
    for j, name in enumerate(("T", "D/T")):
        axes[j].plot(degrees, curves[j], color=COLOURS[0], label="quadrature")
        axes[j].plot(degrees, rough[j], color=COLOURS[1], ls=DASHES[1], lw=1.2, label=said[j])
        axes[j].plot(
            np.degrees(PITCHES), found[2, :, 1, j], "o", color=COLOURS[2], ms=5, label="full orbits, L = 4"
        )
        axes[j].set_ylabel(name)
        axes[j].legend(loc="upper right" if j == 0 else "lower right")


def draw_differences(axes: Any, found: np.ndarray) -> None:
    """Draw how far all are from the quadrature, relative."""
    degrees = np.linspace(0.2, 90.0, 300)
    alpha = np.radians(degrees)
    exact = np.stack([orbits.bounce_integral(PITCHES), orbits.drift_integral(PITCHES)], axis=-1)
    off = np.abs(found / exact[None, :, None, :] - 1.0)
    rough = (
        (1.30 - 0.56 * np.sin(alpha)) / orbits.bounce_integral(alpha),
        (0.35 + 0.15 * np.sin(alpha)) / orbits.drift_integral(alpha),
    )
    for j in range(2):
        axes[j].semilogy(degrees, np.abs(rough[j] - 1.0), color=COLOURS[1], ls=DASHES[1], lw=1.2)
        for i, shell in enumerate(SHELLS):
            shade = plt.get_cmap("viridis")(i / (len(SHELLS) - 0.5))
            axes[j].semilogy(
                np.degrees(PITCHES), off[i, :, 1, j], "o-", ms=4, lw=0.8, color=shade, label=f"L = {shell:g}"
            )
            axes[j].semilogy(np.degrees(PITCHES), np.maximum(off[i, :, 0, j], 1e-16), "D", ms=3, color=shade)
        axes[j].text(88.0, 4e-13, "guiding centres", ha="right")
        axes[j].set_ylim(5e-17, 0.3)
        axes[j].set_xlabel("equatorial pitch angle [degrees]")
    axes[0].text(40.0, 1.5e-7, "full orbits")
    axes[0].set_ylabel("relative to the quadrature")
    axes[0].legend(loc="center left", bbox_to_anchor=(0.0, 0.36), ncols=2, fontsize=8)
    print("L   guiding centre: T, D/T       full orbit: T, D/T (largest over the pitch angles)")
    for shell, one in zip(SHELLS, off, strict=True):
        guiding, full = one[:, 0].max(axis=0), one[:, 1].max(axis=0)
        print(f"{shell:g}   {guiding[0]:.1e}, {guiding[1]:.1e}             {full[0]:.1e}, {full[1]:.1e}")


def main() -> None:
    """Trace, print and draw."""
    found = np.array([[simulated(shell, pitch) for pitch in PITCHES] for shell in SHELLS])
    with style():
        figure, axes = plt.subplots(2, 2, figsize=(9.4, 7.2), sharex=True, layout="constrained")
        draw_curves(axes[0], found)
        draw_differences(axes[1], found)
        figure.suptitle("Bounce and drift of 1 MeV protons in a dipole")
        figure.savefig(HERE / "orbits_bounce_period.png", dpi=130)


if __name__ == "__main__":
    main()
