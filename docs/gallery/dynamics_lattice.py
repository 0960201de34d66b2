"""Draw the magnetization of a classical Heisenberg ferromagnet against temperature, and find its Curie temperature.

Run it from the root of the repository, `python docs/gallery/dynamics_lattice.py`; it needs matplotlib, prints a table
and writes a picture beside itself.

On the simple cubic lattice mean field puts the Curie temperature at z J/(3 k_B) = 2 J/k_B; Monte Carlo, which lets
neighbours fluctuate together, finds order below 1.443 J/k_B only. There Binder's cumulants of lattices of different
sizes cross, if they are large enough: those of 4^3 and 6^3 still cross a per cent away. Above it a small lattice keeps
a magnetization of about n^(-1/2), by chance and not by order.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import k_B, mu_B
from magneton.dynamics import Exchange, Lattice, MonteCarlo
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
J = 1e-21
T_J = J / float(k_B)  # K
KNOWN = 1.4429


def sampler(size: int) -> MonteCarlo:
    """Return the Monte Carlo of a periodic cube."""
    lattice = Lattice((size, size, size), 3e-10, periodic=True)
    return MonteCarlo(Exchange(J, lattice), float(mu_B), reflections=2, seed=size)


def mean_field(t: np.ndarray) -> np.ndarray:
    """Return m = L(3 m T_C/T) of Weiss with T_C = 2 J/k_B, by repeating it."""
    m = np.ones_like(t)
    for _ in range(2000):
        x = np.maximum(6.0 * m / t, 1e-9)
        m = 1.0 / np.tanh(x) - 1.0 / x
    return m


def draw_magnetization(axes: Any) -> None:
    """Draw |m| against temperature for two sizes, and mean field."""
    t = np.linspace(0.01, 2.4, 300)
    axes.plot(t, np.where(t < 2.0, mean_field(t), 0.0), color=COLOURS[1], ls=DASHES[1], label="mean field")
    print("k_B T/J   |m|, 6^3            |m|, 10^3")
    temperatures = [0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.2, 1.3, 1.38, 1.44, 1.5, 1.6, 1.8, 2.0, 2.3]
    found = []
    for size, colour, marker in ((6, COLOURS[5], "s"), (10, COLOURS[0], "o")):
        mc = sampler(size)
        m = [mc.run(x * T_J, 160).mean_magnetization() for x in temperatures]
        values, errors = np.array(m).T
        axes.errorbar(
            temperatures, values, errors, color=colour, fmt=marker, ms=4, label=f"${size}^3$ moments"
        )
        found.append(m)
    for x, small, large in zip(temperatures, *found, strict=True):
        print(f"{x:6.2f}    {small.value:.4f} +- {small.error:.4f}    {large.value:.4f} +- {large.error:.4f}")
    axes.axvline(KNOWN, color="black", lw=0.8, ls=":")
    axes.set(xlabel="$k_B T/J$", ylabel="$|m|$", xlim=(0.0, 2.4), ylim=(0.0, 1.02))
    axes.legend(loc="upper right", fontsize=8)


def draw_crossing(axes: Any) -> None:
    """Draw Binder's cumulants of three sizes, which cross near the Curie temperature."""
    t = np.array([1.36, 1.40, 1.44, 1.48, 1.52])
    print("\nBinder's cumulant at k_B T/J =", *(f"{x:.2f}            " for x in t))
    for size, colour, marker in ((4, COLOURS[2], "^"), (6, COLOURS[5], "s"), (10, COLOURS[0], "o")):
        mc = sampler(size)
        found = [mc.run(x * T_J, 1600).binder_cumulant() for x in t]
        values, errors = np.array(found).T
        axes.errorbar(t, values, errors, color=colour, fmt=f"{marker}-", lw=1.0, ms=4, label=f"${size}^3$")
        print(f"{size:2d}^3                         ", *(f"{v:.4f} +- {e:.4f}" for v, e in found))
    axes.axvline(KNOWN, color="black", lw=0.8, ls=":")
    axes.text(KNOWN + 0.001, axes.get_ylim()[0], f" $T_C$: {KNOWN}", va="bottom", fontsize=8)
    axes.set(xlabel="$k_B T/J$", ylabel=r"$1 - \langle m^4\rangle/(3\langle m^2\rangle^2)$")
    axes.legend(loc="upper right", fontsize=8)


def main() -> None:
    """Draw both."""
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(9.6, 4.0), layout="constrained")
        draw_magnetization(axes[0])
        draw_crossing(axes[1])
        figure.suptitle("Classical Heisenberg ferromagnet, simple cubic, nearest neighbours")
        figure.savefig(HERE / "dynamics_lattice.png", dpi=130)


if __name__ == "__main__":
    main()
