"""Draw the magnetocaloric effect: entropies of a paramagnetic salt, how cold it gets, and gadolinium in a lattice.

Run it from the root of the repository, `python docs/gallery/quantum_magnetocaloric.py`; it needs matplotlib, prints the
temperatures that demagnetization ends at and writes a picture beside itself.

A spin 3/2 with an easy axis and 0.25 K between its doublets, as of chromium in an alum: demagnetized at constant
entropy it follows T_2 = T_1 B_2/B_1 until the field is as small as the splitting. From 1.5 K that is the end of it;
from 1 K it starts with less entropy than k_B log 2, that of the lower doublet, and goes on. The last panel has Gd(III)
whose heat is shared with a Debye lattice of theta = 200 K, 5 atoms an ion: the change of temperature falls off as the
lattice's heat capacity takes over.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import N_A, k_B
from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import (
    adiabatic_temperature,
    adiabatic_temperature_change,
    debye_entropy,
    entropy_change,
    spin_hamiltonian,
)

HERE = Path(__file__).parent
ALONG: dict[str, Any] = {"direction": [0.0, 0.0, 1.0]}
SPLITTING = 0.25 * float(k_B)  # between the doublets, 2 D
CHROMIUM = spin_hamiltonian(1.5, g=1.98, D=-0.5 * SPLITTING)
IDEAL = spin_hamiltonian(1.5, g=1.98)
GADOLINIUM = spin_hamiltonian(3.5, g=2.0)


def draw_entropy(axes: Any) -> None:
    """Draw the entropy against the temperature in some fields, and the way of demagnetization."""
    T = np.geomspace(0.01, 4.0, 200)
    for k, B in enumerate((0.0, 0.1, 0.3, 1.0)):
        entropy = CHROMIUM.entropy(B, T, **ALONG) / float(k_B)
        axes.semilogx(T, entropy, color=COLOURS[k], ls=DASHES[k], label=f"{B:g} T")
    before = float(CHROMIUM.entropy(1.0, 1.5, **ALONG) / k_B)
    after = float(adiabatic_temperature(CHROMIUM, 1.0, 0.0, 1.5, **ALONG))
    axes.annotate("", (after, before), (1.5, before), arrowprops={"arrowstyle": "->", "lw": 1.2})
    axes.axhline(np.log(2.0), color="#777777", lw=0.8, ls=":")
    axes.text(0.011, np.log(2.0) - 0.03, "ln 2: lower doublet only", fontsize=8, va="top")
    axes.axhline(np.log(4.0), color="#777777", lw=0.8, ls=":")
    axes.text(0.011, np.log(4.0) + 0.02, "ln 4: all of S = 3/2", fontsize=8)
    axes.set(xlabel="T [K]", ylabel=r"entropy [$k_B$ an ion]", title="Cr(III): entropy", ylim=(-0.04, 1.55))
    axes.legend(title="B", loc="center left", bbox_to_anchor=(0.0, 0.7))


def draw_demagnetization(axes: Any) -> None:
    """Draw the temperature against the field at constant entropy."""
    B = np.geomspace(1e-3, 1.0, 60)
    for k, T in enumerate((1.0, 1.5, 2.0)):
        after = adiabatic_temperature(CHROMIUM, 1.0, B, T, **ALONG)
        axes.loglog(B, after, color=COLOURS[k], ls=DASHES[k], label=f"from {T:g} K")
        end = float(adiabatic_temperature(CHROMIUM, 1.0, 0.0, T, **ALONG))
        print(f"from {T:g} K and 1 T to no field: {1e3 * end:.1f} mK")
    axes.loglog(B, adiabatic_temperature(IDEAL, 1.0, B, 1.0, **ALONG), color=COLOURS[6], lw=0.8)
    axes.text(9e-3, 4e-3, r"$T_1 B_2/B_1$, no splitting", fontsize=8)
    axes.set(xlabel="B [T]", ylabel="T afterwards [K]", title="Cr(III): demagnetized from 1 T")
    axes.legend()


def draw_gadolinium(axes: Any) -> None:
    """Draw the changes of entropy and of temperature when 7 T are switched on."""
    T = np.geomspace(1.5, 60.0, 60)
    change = entropy_change(GADOLINIUM, 0.0, 7.0, T, **ALONG) * float(N_A)
    axes.semilogx(T, -change, color=COLOURS[0])
    beside = axes.twinx()
    warmer = adiabatic_temperature_change(
        GADOLINIUM, 0.0, 7.0, T, lattice_entropy=lambda t: debye_entropy(t, 200.0, 5.0), **ALONG
    )
    beside.semilogx(T, warmer, color=COLOURS[1], ls=DASHES[1])
    beside.spines["right"].set_visible(True)
    beside.grid(visible=False)
    beside.set_ylabel(r"adiabatic $\Delta T$ with a lattice [K]", color=COLOURS[1])
    beside.set_ylim(0.0, 20.0)
    axes.set_xticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
    axes.minorticks_off()
    beside.minorticks_off()
    axes.set(xlabel="T before [K]", title="Gd(III): 0 to 7 T", ylim=(0.0, 20.0))
    axes.set_ylabel(r"isothermal $-\Delta S$ [J/(K mol)]", color=COLOURS[0])


def main() -> None:
    """Compute, print and draw."""
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(13.2, 4.2), layout="constrained")
        draw_entropy(axes[0])
        draw_demagnetization(axes[1])
        draw_gadolinium(axes[2])
        figure.get_layout_engine().set(wspace=0.06)
        figure.suptitle(
            "Magnetocaloric effect: a salt of S = 3/2, doublets 0.25 K apart, B along the easy axis; and Gd(III)"
        )
        figure.savefig(HERE / "quantum_magnetocaloric.png", dpi=130)


if __name__ == "__main__":
    main()
