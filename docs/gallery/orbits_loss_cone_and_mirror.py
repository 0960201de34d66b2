"""Draw what a magnetic mirror holds, with and without an electric field along B, and the loss cone of a dipole.

Run it from the root of the repository, `python docs/gallery/orbits_loss_cone_and_mirror.py`; it needs matplotlib,
prints the counts and writes a picture beside itself.

Protons start in the middle of a bottle of two coils and are followed as full orbits; those that pass a coil are lost.
The lines are sin^2(alpha) = B/B_max, and with a potential phi, whose value at the throat is less by dphi,
v_par^2 = v_perp^2 (B_max/B - 1) - 2 q dphi/m: a hill in the middle drives the slow ones out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import orbits
from magneton.orbits.fields import ParallelE, as_field, magnetic_bottle
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
SEPARATION, COIL, CURRENT = 1.0, 0.25, 4e4  # m, m, A
COUNT, FASTEST, DURATION = 1500, 2e4, 4.5e-4  # protons, m/s, s
LEAVING = 0.55  # m from the middle, behind the coils
BOTTLE = as_field(magnetic_bottle(SEPARATION, COIL, CURRENT))
HILL = ParallelE(0.5, 0.2, "hill")  # V, m


def sent(field: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return speeds along and across B of random protons on the middle of the axis, and which of them are lost."""
    random = np.random.default_rng(4)
    across, along = FASTEST * random.random(COUNT), FASTEST * (2.0 * random.random(COUNT) - 1.0)
    phase = 2.0 * np.pi * random.random(COUNT)
    velocity = np.stack([across * np.cos(phase), across * np.sin(phase), along], axis=1)
    # The gyrocentre is put on the axis.
    start = np.zeros((COUNT, 3))
    start -= orbits.gyrocentre(field, "proton", start, velocity)
    start[:, 2] = 0.0
    walls = [orbits.AbsorbingHalfSpace([0, 0, side * LEAVING], [0, 0, side]) for side in (-1.0, 1.0)]
    shortest = float(orbits.gyroperiod("proton", BOTTLE.B([0.0, 0.0, 0.5 * SEPARATION])))
    ended = orbits.trace_ensemble(field, "proton", start, velocity, DURATION, dt=shortest / 8.0, walls=walls)
    print(f"{np.count_nonzero(ended.lost)} of {COUNT} lost; energy kept to {ended.certificate.worst:.1e}")
    return along, across, ended.lost


def boundary(field: Any, across: np.ndarray) -> np.ndarray:
    """Return the greatest speed along B of protons that are held; nan where none is."""
    axis = np.zeros((2000, 3))
    axis[:, 2] = np.linspace(0.0, LEAVING, 2000)
    strength = np.linalg.norm(field.B(axis), axis=1)
    potential = field.electric_potential(axis) if field.electric else np.zeros(len(axis))
    proton = orbits.proton
    squared = across[:, None] ** 2 * (strength / strength[0] - 1.0)
    squared += 2.0 * proton.charge / proton.mass * (potential - potential[0])
    # It must turn somewhere on the way out.
    return np.sqrt(np.where(squared.max(axis=1) > 0.0, squared.max(axis=1), np.nan))


def draw_held(axes: plt.Axes, field: Any, title: str) -> None:
    """Draw who is held, with the boundary of theory."""
    along, across, lost = sent(field)
    for chosen, colour, name in ((~lost, COLOURS[0], "held"), (lost, COLOURS[4], "lost")):
        axes.plot(along[chosen] / 1e3, across[chosen] / 1e3, ".", ms=3.5, color=colour, label=name)
    speeds = np.linspace(0.0, FASTEST, 400)
    limit = boundary(field, speeds)
    for side in (-1.0, 1.0):
        axes.plot(
            side * limit / 1e3, speeds / 1e3, color="black", lw=1.5, label="theory" if side > 0 else None
        )
    if field.electric:  # what is below the tip is lost at any speed along B
        tip = np.flatnonzero(np.isfinite(limit))[0]
        axes.plot(limit[tip] / 1e3 * np.array([-1.0, 1.0]), speeds[[tip, tip]] / 1e3, color="black", lw=1.5)
    axes.set_xlim(-FASTEST / 1e3, FASTEST / 1e3)
    axes.set_ylim(0.0, FASTEST / 1e3)
    axes.set_xlabel(r"$v_\parallel$ in the middle [km/s]")
    axes.set_title(title)
    axes.grid(False)


def draw_dipole(axes: plt.Axes) -> None:
    """Draw the loss cone of a dipole against L, and the part of isotropic charges that it holds."""
    shells = np.linspace(1.0, 8.0, 400)
    cone = orbits.loss_cone(shells)
    axes.plot(shells, np.degrees(cone), color=COLOURS[0], label="loss cone [degrees]")
    axes.plot(
        shells, 100.0 * (1.0 - np.cos(cone)), color=COLOURS[1], ls=DASHES[1], label="lost, isotropic [%]"
    )
    axes.plot([4.0], [np.degrees(orbits.loss_cone(4.0))], "o", color=COLOURS[0], ms=5)
    axes.annotate("L = 4: 5.342°", (4.0, 5.342), (4.1, 13.0), color=COLOURS[0])
    axes.set_ylim(0.0, 60.0)
    axes.set_xlabel("L")
    axes.set_title("a dipole: who meets the surface")
    axes.legend()


def main() -> None:
    """Draw the picture."""
    ends = np.linalg.norm(BOTTLE.B([[0.0, 0.0, 0.0], [0.0, 0.0, 0.5 * SEPARATION]]), axis=1)
    ratio = float(orbits.mirror_ratio(*ends))
    angle = np.degrees(orbits.loss_cone_angle(*ends))
    print(
        f"mirror ratio {ratio:.3f}, loss cone {angle:.2f} degrees, held {orbits.trapped_fraction(ratio):.3f}"
    )
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(12.0, 4.3), layout="constrained")
        draw_held(axes[0], BOTTLE, f"two coils, mirror ratio {ratio:.2f}")
        draw_held(axes[1], BOTTLE + HILL, "with a hill of 0.5 V in the middle")
        axes[0].set_ylabel(r"$v_\perp$ in the middle [km/s]")
        axes[0].legend(loc="upper right", markerscale=4, frameon=True, framealpha=0.9, edgecolor="none")
        draw_dipole(axes[2])
        figure.savefig(HERE / "orbits_loss_cone_and_mirror.png", dpi=130)


if __name__ == "__main__":
    main()
