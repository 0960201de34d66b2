"""Draw the moments and the susceptibilities of Eu3+ and Sm3+ against temperature.

Run it from the root of the repository, `python docs/gallery/quantum_multiplets.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

The ground level of Eu3+, 7F0, has no moment at all, that of Sm3+, 6H5/2, a small one. Levels 380 and 1034 cm^-1 above
are occupied as it gets warm, and a field mixes them into the ground level even in the cold: a susceptibility that does
not depend on temperature, named after Van Vleck.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import N_A, k_B, mu_0, mu_B
from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import energy_in, ion

HERE = Path(__file__).parent
IONS = {"Eu3+": "Eu$^{3+}$", "Sm3+": "Sm$^{3+}$"}
TEMPERATURES = np.linspace(2.0, 1000.0, 500)

#: Curie's constant of 1 mol at an effective moment of 1 mu_B, in m^3 K/mol.
CURIE = float(mu_0) * float(N_A) * float(mu_B) * (float(mu_B) / float(k_B)) / 3.0


def draw_moments(axes: Any) -> None:
    """Draw effective moments, that of the ground level alone dashed."""
    for colour, (name, label) in zip(COLOURS, IONS.items(), strict=False):
        found = ion(name)
        axes.plot(
            TEMPERATURES, found.effective_moment_at(TEMPERATURES), color=colour, label=f"{label}, all levels"
        )
        ground = np.full_like(TEMPERATURES, found.effective_moment)
        axes.plot(
            TEMPERATURES, ground, color=colour, ls=DASHES[1], lw=1.2, label=f"{label}, {found.term} alone"
        )
        axes.plot(300.0, found.measured_moment, "o", color=colour, mfc="white", ms=8, mew=1.6)
    axes.plot([], [], "o", color=COLOURS[6], mfc="white", mew=1.6, label="measured, in salts")
    axes.set_ylabel(r"effective moment [$\mu_B$]")
    axes.set_ylim(-0.1, 5.6)
    axes.legend(loc="upper left", fontsize=8.5)


def draw_susceptibilities(axes: Any) -> None:
    """Draw molar susceptibilities."""
    for colour, (name, label) in zip(COLOURS, IONS.items(), strict=False):
        squared = ion(name).effective_moment_at(TEMPERATURES) ** 2
        chi = CURIE * squared / TEMPERATURES
        axes.plot(TEMPERATURES, 1e8 * chi, color=colour, label=label)
    axes.set_ylabel(r"molar susceptibility [$10^{-8}$ m$^3$/mol]")
    axes.set_ylim(0.0, 14.0)
    axes.legend(loc="upper right")


def main() -> None:
    """Print and draw."""
    for name in IONS:
        found = ion(name)
        levels = ", ".join(f"{energy_in(E, 'cm^-1'):.0f}" for E in found.level_energies.values())
        print(f"{name}: {found.term}, levels at {levels} cm^-1")
        for T in (4.2, 77.0, 300.0, 1000.0):
            print(f"  {T:6.1f} K   {found.effective_moment_at(T):.3f} mu_B")
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(9.4, 4.2), layout="constrained")
        draw_moments(axes[0])
        draw_susceptibilities(axes[1])
        for each in axes:
            each.set_xlabel("T [K]")
            each.set_xlim(0.0, 1000.0)
        figure.suptitle("Excited levels make the moments of Eu$^{3+}$ and Sm$^{3+}$")
        figure.savefig(HERE / "quantum_multiplets.png", dpi=130)


if __name__ == "__main__":
    main()
