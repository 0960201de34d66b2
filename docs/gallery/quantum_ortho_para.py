"""Draw ortho and para hydrogen against temperature: fraction, heat capacity and the nuclei's paramagnetism.

Run it from the root of the repository, `python docs/gallery/quantum_ortho_para.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Proton spins are parallel (ortho, I = 1) with odd rotation J only, and antiparallel (para, I = 0) with even J. A gas
that is cooled without a catalyst keeps its 3:1 mixture and its nuclear magnetism; in equilibrium both freeze out, and
the conversion shows as a peak of the heat capacity.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import SpinIsomers

HERE = Path(__file__).parent
T = np.linspace(12.0, 320.0, 500)
MARKS = [20.4, 77.4, 300.0]  # K: boiling hydrogen and nitrogen, a warm room


def draw_fractions(axes: Any) -> None:
    """Draw the fraction of ortho in equilibrium."""
    for colour, dash, name in zip(COLOURS, DASHES, ("H2", "D2"), strict=False):
        gas = SpinIsomers(name)
        axes.plot(T, gas.ortho_fraction(T), color=colour, ls=dash, label=name.replace("2", "$_2$"))
        axes.axhline(gas.normal, color=colour, ls=":", lw=1.0)
    axes.set_ylabel("fraction of ortho (dotted: when hot)")
    axes.set_title("ortho in equilibrium")
    axes.legend(loc="center right")


def draw_gas(axes: Any, quantity: str, scale: float, title: str, unit: str) -> None:
    """Draw a property of H2 in equilibrium, of the normal mixture, and of its parts."""
    gas = SpinIsomers("H2")
    named = {"equilibrium": None, "frozen 3:1": gas.normal, "para": 0.0, "ortho": 1.0}
    for colour, dash, (name, ortho) in zip(COLOURS, DASHES, named.items(), strict=False):
        axes.plot(T, scale * getattr(gas, quantity)(T, ortho), color=colour, ls=dash, label=name)
    axes.set_title(title)
    axes.set_ylabel(unit)


def main() -> None:
    """Print and draw."""
    gas = SpinIsomers("H2")
    print("T (K)   ortho   chi_nuclear T in equilibrium, frozen 3:1 (1e-12 m^3 K/mol)")
    for t in MARKS:
        both = [1e12 * t * gas.nuclear_susceptibility(t, ortho) for ortho in (None, gas.normal)]
        print(f"{t:5.1f}  {gas.ortho_fraction(t):.4f}   {both[0]:.4f}  {both[1]:.4f}")
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(13.2, 4.2), layout="constrained")
        draw_fractions(axes[0])
        draw_gas(axes[1], "heat_capacity", 1.0, "H$_2$: rotation", "heat capacity [J/(mol K)]")
        draw_gas(
            axes[2],
            "nuclear_susceptibility",
            1e15,
            "H$_2$: nuclear paramagnetism",
            "molar susceptibility [10$^{-15}$ m$^3$/mol]",
        )
        axes[2].set_ylim(0.0, 700.0)
        axes[1].legend(loc="upper right")
        for each in axes:
            each.set_xlabel("T [K]")
            each.set_xlim(0.0, 320.0)
        figure.get_layout_engine().set(wspace=0.06)
        figure.suptitle("Ortho and para hydrogen")
        figure.savefig(HERE / "quantum_ortho_para.png", dpi=130)


if __name__ == "__main__":
    main()
