"""Draw oxygen's magnetism: its lowest levels in a field, and chi T against temperature.

Run it from the root of the repository, `python docs/gallery/quantum_oxygen.py`; it needs matplotlib, prints a table
and writes a picture beside itself.

O2 has the spin S = 1. Dipole coupling of its two electrons (D = 2 lambda = 3.97 cm^-1) ties the spin to an axis that
rotates: the lowest rotational state N = 1 splits by 118.75 and 56.26 GHz, well known lines of the air. At room
temperature all of that is averaged out to 1 part in 10^5 and Curie's law of a free spin holds, less the diamagnetism.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import g_e
from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import energy_in, molecule, susceptibility_from

HERE = Path(__file__).parent
OXYGEN = molecule("O2")
B = np.linspace(0.0, 6.0, 241)
T = np.geomspace(2.0, 50.0, 120)
MEASURED = 42.92, 0.06  # 1e-9 m^3/mol at 293.15 K, May, Moldover and Schmidt 2008


def draw_levels(axes: Any) -> None:
    """Draw the nine levels of N = 1, in a gas, and the three of a molecule that lies along the field."""
    rotating = energy_in(OXYGEN.rotating_levels(3).energies(B, direction=(0.0, 0.0, 1.0)), "GHz")[:, :9]
    at_rest = energy_in(OXYGEN.levels().energies(B, direction=(0.0, 0.0, 1.0)), "GHz")
    lowest = rotating[0, 0]
    axes.plot(B, rotating - lowest, color=COLOURS[0], lw=1.3)
    axes.plot(B, at_rest - at_rest[0, 0], color=COLOURS[1], ls=DASHES[1], lw=1.2)
    axes.plot([], [], color=COLOURS[0], label="rotating, N = 1")
    axes.plot([], [], color=COLOURS[1], ls=DASHES[1], label="at rest along the field")
    for value, name in ((0.0, "J = 0"), (62.49, "J = 2"), (118.75, "J = 1")):
        axes.text(-0.08, value, name, ha="right", va="center")
    axes.set_xlim(-0.85, 6.1)
    axes.set_ylim(-120.0, 330.0)
    axes.set_xlabel("B [T]")
    axes.set_ylabel("energy/h [GHz]")
    axes.legend(loc="upper left")


def draw_curie(axes: Any) -> None:
    """Draw chi T: of a gas whose rotation is quantized, of a powder, and of a free spin."""
    rotating = OXYGEN.rotating_levels(9).molar_susceptibility(T)
    free = susceptibility_from(-float(g_e) * np.sqrt(2.0), 1.0)
    axes.semilogx(T, 1e6 * rotating * T, color=COLOURS[0], label="rotating")
    axes.semilogx(
        T,
        1e6 * OXYGEN.paramagnetic_susceptibility(T) * T,
        color=COLOURS[1],
        ls=DASHES[1],
        label="powder at rest",
    )
    axes.axhline(1e6 * free, color=COLOURS[2], ls=DASHES[2], label="free spin 1")
    axes.set_xticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
    axes.minorticks_off()
    axes.set_xlabel("T [K]")
    axes.set_ylabel(r"$\chi T$ [10$^{-6}$ m$^3$ K/mol]")
    axes.legend(loc="lower right")


def main() -> None:
    """Print and draw."""
    warm = 293.15
    free = 1e9 * susceptibility_from(-float(g_e) * np.sqrt(2.0), warm)
    spin = 1e9 * OXYGEN.paramagnetic_susceptibility(warm)
    whole = 1e9 * OXYGEN.susceptibility(warm)
    print(
        f"O2 at {warm} K, 1e-9 m^3/mol: free spin {free:.3f}, with g and D of O2 {spin:.3f}, with diamagnetism"
    )
    print(f"{whole:.3f}, measured {MEASURED[0]}({MEASURED[1]})")
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(9.6, 4.2), layout="constrained")
        draw_levels(axes[0])
        draw_curie(axes[1])
        figure.suptitle("Oxygen: levels in a field, and Curie's law")
        figure.savefig(HERE / "quantum_oxygen.png", dpi=130)


if __name__ == "__main__":
    main()
