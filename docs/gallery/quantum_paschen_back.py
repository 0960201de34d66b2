"""Draw hydrogen's 2p state in a field: from the Zeeman to the Paschen-Back effect.

Run it from the root of the repository, `python docs/gallery/quantum_paschen_back.py`; it needs matplotlib and writes a
picture beside itself.

2p1/2 and 2p3/2 are 10.969 GHz apart, and half a tesla does to them what the spin-orbit coupling does. Below, levels
split by Lande's g_J; above, spin and orbit go their own ways, and the moments tend to -(m_L + g_s m_S) mu_B.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import mu_B
from magneton.plot.style import COLOURS, style
from magneton.quantum import Levels, energy_from, energy_in, lande_g, ls_coupling

HERE = Path(__file__).parent
SPLITTING = energy_from(10.969, "GHz")
FIELDS = np.linspace(1e-4, 1.5, 500)
Z = (0.0, 0.0, 1.0)


def followed(levels: Levels) -> tuple[np.ndarray, np.ndarray]:
    """Return energies and moments along the field of each state, through all crossings."""
    energies, moments = (
        levels.energies(FIELDS, direction=Z),
        levels.level_moments(FIELDS, direction=Z)[..., 2],
    )
    for i in range(1, len(FIELDS)):
        ahead = energies[i - 1] - moments[i - 1] * (FIELDS[i] - FIELDS[i - 1])
        rank = np.argsort(np.argsort(ahead))
        energies[i], moments[i] = energies[i, rank], moments[i, rank]
    return energies, moments


def draw_energies(axes: Any, energies: np.ndarray) -> None:
    """Draw the energies, with the straight lines of weak fields dotted."""
    energies = energy_in(energies, "GHz")
    for k in range(energies.shape[-1]):
        axes.plot(FIELDS, energies[:, k], color=COLOURS[k])
    weak = FIELDS[FIELDS < 0.5]
    for J, centre in ((0.5, -2.0 / 3.0 * SPLITTING), (1.5, 1.0 / 3.0 * SPLITTING)):
        for m in np.arange(-J, J + 0.5):
            line = centre + lande_g(J, 1, 0.5) * float(mu_B) * weak * m
            axes.plot(weak, energy_in(line, "GHz"), color=COLOURS[6], ls=":", lw=1.0)
    axes.plot([], [], color=COLOURS[6], ls=":", lw=1.0, label="weak fields, $g_J\\mu_B B m_J$")
    axes.text(0.02, energies[0, 0] - 6.0, "2p$_{1/2}$")
    axes.text(0.02, energies[0, -1] + 5.5, "2p$_{3/2}$")
    axes.set_ylabel("energy / h [GHz]")
    axes.legend(loc="upper left")


def draw_moments(axes: Any, moments: np.ndarray) -> None:
    """Draw the moments of the levels, with what they tend to."""
    moments = moments / float(mu_B)
    for k in range(moments.shape[-1]):
        axes.plot(FIELDS, moments[:, k], color=COLOURS[k])
    for m_L in (-1, 0, 1):
        for m_S, arrow in ((-0.5, r"\downarrow"), (0.5, r"\uparrow")):
            end = -(m_L + 2.00231930436092 * m_S)
            shift = 0.13 if (m_L, m_S) == (-1, 0.5) else -0.13 if (m_L, m_S) == (1, -0.5) else 0.0
            axes.text(
                1.53, end + shift, f"$m_L={m_L:+d}$, ${arrow}$".replace("+0", "0"), va="center", fontsize=9
            )
    axes.set_ylabel(r"moment $-\mathrm{d}E/\mathrm{d}B$ [$\mu_B$]")


def main() -> None:
    """Draw."""
    energies, moments = followed(ls_coupling(1, 0.5, SPLITTING / 1.5))
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(10.0, 4.4), layout="constrained")
        draw_energies(axes[0], energies)
        draw_moments(axes[1], moments)
        for each in axes:
            each.set_xlabel("B [T]")
            each.set_xlim(0.0, 1.5)
        figure.suptitle("Hydrogen's 2p state, from Zeeman to Paschen-Back")
        figure.savefig(HERE / "quantum_paschen_back.png", dpi=130)


if __name__ == "__main__":
    main()
