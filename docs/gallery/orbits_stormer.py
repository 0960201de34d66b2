"""Draw Stormer's allowed regions and cutoff in a dipole, with traced orbits and the penumbra.

Run it from the root of the repository, `python docs/gallery/orbits_stormer.py`; it needs matplotlib, prints some
values and writes a picture beside itself.

Left: in the meridian plane, in units of Stormer's length, where a charge of Stormer's constant b may go, with an
orbit held inside and one that came from afar. Right: which vertical rigidities arrive at the surface of a dipole
Earth: each point is an orbit followed back in time (a charge of the opposite sign sent upwards) until it escapes or
meets the Earth, or neither in four seconds (light grey). Below Stormer's line none arrives; above it lies the
penumbra, the shadow of the Earth itself.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from magneton import Dipole, orbits
from magneton.constants import c, mu_0
from magneton.plot.style import COLOURS, style

HERE = Path(__file__).parent
RADIUS, FIELD = 6.3712e6, 3.12e-5  # m, T on the equator
MOMENT = np.array([0.0, 0.0, -4.0 * np.pi / float(mu_0) * FIELD * RADIUS**3])
EARTH = Dipole(MOMENT)
CONSTANT = -2.06  # b of the orbits on the left, just closed
FAR, LONGEST, STEP = 25.0, 4.0, 4e-4  # Earth radii, s, s


def launched(rho: float, z: float, b: float, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Return place and direction of a proton at (rho, z) in Stormer's lengths with constant b.

    `angle` is that of what is left of the velocity in the meridian plane, from the equator.
    """
    r = np.hypot(rho, z)
    east = (b + rho**2 / r**3) / rho
    rest = np.sqrt(1.0 - east**2)
    return np.array([rho, 0.0, z]), np.array([rest * np.cos(angle), east, rest * np.sin(angle)])


def draw_allowed(axes: plt.Axes) -> None:
    """Draw the regions, and two orbits."""
    rho, z = np.meshgrid(np.linspace(1e-3, 2.6, 900), np.linspace(-1.1, 1.1, 760))
    east = (CONSTANT + rho**2 / np.hypot(rho, z) ** 3) / rho
    axes.contourf(rho, z, np.abs(east), [0.0, 1.0, 1e9], colors=["white", "#D9D9D9"])
    axes.contour(rho, z, np.abs(east), [1.0], colors="#777777", linewidths=0.8)
    rigidity = 1e9  # any: the picture is in Stormer's lengths
    length = float(orbits.stormer_length(float(np.linalg.norm(MOMENT)), rigidity))
    pc = rigidity * orbits.proton.charge
    v = float(c) * pc / np.hypot(pc, orbits.proton.rest_energy)
    starts = (
        (0.55, 0.0, 1.1, 60.0, COLOURS[0], "held"),
        (2.6, 0.7, np.pi + 0.3, 8.0, COLOURS[1], "from afar"),
    )
    for at_rho, at_z, angle, span, colour, name in starts:
        x, way = launched(at_rho, at_z, CONSTANT, angle)
        orbit = orbits.trace(EARTH, "proton", length * x, v * way, span * length / v)
        b = orbits.stormer_constant(MOMENT, "proton", orbit.position, orbit.velocity)
        print(f"{name}: b = {b[0]:.6f}, kept to {np.ptp(b):.1e}")
        place = orbit(np.linspace(0.0, orbit.time[-1], 6000))[0] / length
        axes.plot(np.hypot(place[:, 0], place[:, 1]), place[:, 2], color=colour, lw=0.8, label=name)
    axes.text(1.0, 0.85, "forbidden", ha="center")
    axes.set_xlim(0.0, 2.6)
    axes.set_ylim(-1.1, 1.1)
    axes.set_aspect("equal")
    axes.grid(False)
    axes.set_xlabel("distance from the axis [Stormer lengths]")
    axes.set_ylabel("z [Stormer lengths]")
    axes.set_title(f"where protons with b = {CONSTANT} may go")
    axes.legend(loc="lower right")


def arrives(latitude: np.ndarray, rigidity: np.ndarray) -> np.ndarray:
    """Return 1 for charges that come from afar, 0 for those that would come from the Earth, 0.5 if not known."""
    x = orbits.dipole_position(1.0 / np.cos(latitude) ** 2, latitude)
    up = x / np.linalg.norm(x, axis=1, keepdims=True)
    mirrored = orbits.Species(-orbits.proton.charge, orbits.proton.mass)
    pc = rigidity * orbits.proton.charge
    v = float(c) * pc / np.hypot(pc, orbits.proton.rest_energy)
    walls = [orbits.AbsorbingBall([0, 0, 0], RADIUS), orbits.EnclosingBall([0, 0, 0], FAR * RADIUS)]
    start = x + 1e-6 * RADIUS * up
    ended = orbits.trace_ensemble(EARTH, mirrored, start, v[:, None] * up, LONGEST, dt=STEP, walls=walls)
    distance = np.linalg.norm(ended.position[:, -1], axis=1) / RADIUS
    return np.where(~ended.lost, 0.5, np.where(distance > 0.5 * FAR, 1.0, 0.0))


def draw_cutoff(axes: plt.Axes) -> None:
    """Draw the penumbra and Stormer's line."""
    degrees, gigavolts = np.linspace(0.0, 60.0, 121), np.linspace(0.3, 17.0, 200)
    latitude, rigidity = (a.ravel() for a in np.meshgrid(np.radians(degrees), 1e9 * gigavolts))
    found = arrives(latitude, rigidity).reshape(len(gigavolts), len(degrees))
    line = orbits.stormer_cutoff_rigidity(np.radians(degrees)) / 1e9
    above = found[gigavolts[:, None] > 1.01 * line[None, :]]
    below = found[gigavolts[:, None] < 0.99 * line[None, :]]
    print(
        f"arriving: {np.mean(below == 1.0):.4f} of those below Stormer's line, {np.mean(above == 1.0):.4f} above"
    )
    print(f"not known after {LONGEST} s: {np.mean(found == 0.5):.4f}")
    axes.pcolormesh(
        degrees, gigavolts, found, cmap=ListedColormap(["#8A8A8A", "#D9D9D9", "white"]), vmin=0, vmax=1
    )
    axes.plot(degrees, line, color=COLOURS[1], label=r"Stormer, $(B_0Rc/4)\cos^4\lambda$")
    axes.plot([0.0], [line[0]], "o", color=COLOURS[1], ms=5, clip_on=False)
    axes.text(1.5, 15.6, f"{line[0]:.2f} GV", color=COLOURS[1])
    axes.text(38.0, 10.0, "arrive from afar", ha="center")
    axes.text(14.0, 4.0, "would come from the Earth", ha="center", color="white")
    axes.set_xlabel("magnetic latitude [degrees]")
    axes.set_ylabel("vertical rigidity [GV]")
    axes.set_title("who arrives at the surface of a dipole Earth")
    axes.grid(False)
    axes.legend(loc="upper right")


def main() -> None:
    """Draw the picture."""
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(11.0, 4.8), layout="constrained")
        draw_allowed(left)
        draw_cutoff(right)
        figure.suptitle("Stormer's theory and traced orbits")
        figure.savefig(HERE / "orbits_stormer.png", dpi=130)


if __name__ == "__main__":
    main()
