"""Draw Weiss's ferromagnet: spontaneous magnetization, its loops with the metastable branch, and its heat capacity.

Run it from the root of the repository, `python docs/gallery/quantum_mean_field.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Moments with the spin and the density of gadolinium's, and a Curie temperature of 292 K. The loops show M on its
branch for as long as an energy barrier holds it (solid, with jumps) and the top of the barrier (dotted), where M has
the right field but the wrong curvature of the free energy. Real magnets reverse in fields hundreds of times smaller:
a wall between domains has no barrier of this height to pass.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import Ferromagnet

HERE = Path(__file__).parent
MAGNET = Ferromagnet(3.5, 2.0, 3.02e28, T_C=292.0)
LOOPS = [0.5, 0.8, 0.95, 1.05]


def draw_spontaneous(axes: Any) -> None:
    """Draw m against T/T_C for several J, and in a field."""
    t = np.concatenate([np.linspace(0.005, 0.97, 150), 1.0 - np.geomspace(0.03, 1e-8, 80)])
    for J, colour, dash in zip((0.5, 1.0, 3.5), COLOURS, DASHES, strict=False):
        magnet = Ferromagnet(J, 2.0, 3e28, T_C=1.0)
        label = {0.5: "J = 1/2", 1.0: "J = 1", 3.5: "J = 7/2"}[J]
        axes.plot(t, magnet.reduced_magnetization(0.0, t), color=colour, ls=dash, label=label)
    warm = np.linspace(0.01, 1.4, 200)
    for B, colour in ((1.0, COLOURS[3]), (10.0, COLOURS[4])):
        m = MAGNET.reduced_magnetization(B, warm * MAGNET.T_C)
        axes.plot(warm, m, color=colour, lw=1.1, label=f"7/2, $T_C$ = 292 K, {B:g} T")
    axes.set(xlabel="$T/T_C$", ylabel="$M/M_s$", xlim=(0.0, 1.4), ylim=(0.0, 1.02))
    axes.legend(loc="lower left", fontsize=8)


def draw_loops(axes: Any) -> None:
    """Draw the loops and the unstable branches."""
    saturation = MAGNET.saturation_magnetization
    print("T/T_C   M_spontaneous [MA/m]   coercive field [T]")
    for t, colour in zip(LOOPS, COLOURS, strict=False):
        T = t * MAGNET.T_C
        loop = MAGNET.hysteresis(T, B_max=90.0, points=401)
        axes.plot(loop.B, loop.rising / saturation, color=colour, label=f"{t:g} $T_C$")
        axes.plot(loop.B, loop.falling / saturation, color=colour)
        coercive = MAGNET.coercive_field(T)
        B = coercive * np.linspace(-1.0, 1.0, 101)
        axes.plot(B, MAGNET.reduced_magnetization(B, T, "unstable"), color=colour, ls=":", lw=1.1)
        print(f"{t:5.2f}   {MAGNET.spontaneous_magnetization(T) / 1e6:8.4f}               {coercive:.3f}")
    axes.set(xlabel="B [T]", ylabel="$M/M_s$", xlim=(-90.0, 90.0), ylim=(-1.05, 1.05))
    axes.legend(loc="lower right", fontsize=8)


def draw_energy(axes: Any) -> None:
    """Draw the constrained free energy against m, with its branches."""
    T, m = 0.8 * MAGNET.T_C, np.linspace(-0.995, 0.995, 401)
    for B, colour in zip((0.0, 5.0, MAGNET.coercive_field(T)), COLOURS, strict=False):
        F = MAGNET.constrained_free_energy(m, B, T)
        axes.plot(m, (F - MAGNET.constrained_free_energy(0.0, B, T)) / 1e6, color=colour, label=f"{B:.1f} T")
        for branch, marker in (("stable", "o"), ("metastable", "s"), ("unstable", "^")):
            at = MAGNET.reduced_magnetization(B, T, branch)
            energy = MAGNET.free_energy(B, T, branch) - MAGNET.constrained_free_energy(0.0, B, T)
            axes.plot(at, energy / 1e6, marker, ms=5, color=colour)
    axes.set(xlabel="$m$, held", ylabel="$F(m) - F(0)$ [MJ/m$^3$], 0.8 $T_C$", xlim=(-1, 1), ylim=(-22, 12))
    axes.legend(loc="lower left", fontsize=8)


def draw_heat(axes: Any) -> None:
    """Draw the heat capacity with its jump."""
    t = np.concatenate([np.linspace(0.01, 0.999, 200), [1.0 - 1e-9, 1.0, 1.4]])
    unit = MAGNET.heat_capacity_jump
    axes.plot(t, MAGNET.heat_capacity(0.0, t * MAGNET.T_C) / unit, color=COLOURS[0], label="no field")
    t = np.linspace(0.01, 1.4, 300)
    for B, colour, dash in ((1.0, COLOURS[3], "--"), (10.0, COLOURS[4], "-.")):
        axes.plot(t, MAGNET.heat_capacity(B, t * MAGNET.T_C) / unit, color=colour, ls=dash, label=f"{B:g} T")
    axes.set(xlabel="$T/T_C$", ylabel="heat capacity over its jump", xlim=(0.0, 1.4), ylim=(0.0, 1.05))
    axes.legend(loc="upper left", fontsize=8)


def main() -> None:
    """Print and draw."""
    with style():
        figure, axes = plt.subplots(2, 2, figsize=(9.4, 7.4), layout="constrained")
        draw_spontaneous(axes[0, 0])
        draw_loops(axes[0, 1])
        draw_energy(axes[1, 0])
        draw_heat(axes[1, 1])
        figure.suptitle("A ferromagnet in its own mean field, J = 7/2, $T_C$ = 292 K")
        figure.savefig(HERE / "quantum_mean_field.png", dpi=130)


if __name__ == "__main__":
    main()
