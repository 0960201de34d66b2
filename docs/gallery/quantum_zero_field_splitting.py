"""Draw a spin 1 with zero-field splitting: its levels, its moment in three directions and as a powder, and chi T.

Run it from the root of the repository, `python docs/gallery/quantum_zero_field_splitting.py`; it needs matplotlib,
prints the errors of the powder averages and writes a picture beside itself.

Ni(II) with D = 5 cm^-1 and E = 0.5 cm^-1: an easy plane, whose moment at 2 K depends on the field's direction until the
levels cross; a powder shows an average. The other sign of D makes an easy axis. The dimers of the last panel are
coupled by exchange, H = -2 J S1.S2: J > 0 is ferromagnetic. A direction of the field has one colour in all panels.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import mu_B
from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import energy_from, energy_in, exchange_dimer, powder_average, spin_hamiltonian

HERE = Path(__file__).parent
WAVENUMBER = energy_from(1.0, "cm^-1")  # J
G, D, E = 2.2, 5.0 * WAVENUMBER, 0.5 * WAVENUMBER
COLOUR = dict(zip("xyz", COLOURS, strict=False))
DASH = dict(zip("xyz", DASHES, strict=False))
AXES = {"x": [1.0, 0.0, 0.0], "y": [0.0, 1.0, 0.0], "z": [0.0, 0.0, 1.0]}
TEMPERATURE = 2.0


def draw_levels(axes: Any) -> None:
    """Draw the levels in fields along z and along x."""
    nickel, B = spin_hamiltonian(1.0, g=G, D=D, E=E), np.linspace(0.0, 12.0, 200)
    for name in "xz":
        energies = energy_in(nickel.energies(B, direction=AXES[name]), "cm^-1")
        for i in range(3):
            axes.plot(
                B,
                energies[:, i],
                color=COLOUR[name],
                ls=DASH[name],
                label=f"B along {name}" if not i else None,
            )
    axes.set(xlabel="B [T]", ylabel="energy [1/cm]", title="levels, D = +5/cm")
    axes.legend()


def draw_moments(axes: Any) -> None:
    """Draw the moment along the field in three directions, and that of a powder."""
    nickel, B = spin_hamiltonian(1.0, g=G, D=D, E=E), np.linspace(0.0, 12.0, 61)
    for name, axis in AXES.items():
        m = nickel.moment(B, TEMPERATURE, direction=axis) @ np.array(axis) / float(mu_B)
        axes.plot(B, m, color=COLOUR[name], ls=DASH[name], label=f"B along {name}")
    average = powder_average(nickel, "moment", B, TEMPERATURE)
    axes.plot(B, average.value / float(mu_B), color=COLOURS[6], label="powder")
    worst = (average.error[1:] / average.value[1:]).max()
    print(f"powder: {average.directions} directions, relative error below {worst:.1e}")
    axes.set(xlabel="B [T]", ylabel=r"moment [$\mu_B$]", title=f"moment at {TEMPERATURE:g} K")
    axes.legend()


def draw_chi(axes: Any) -> None:
    """Draw the effective moment of both signs of D, and of two dimers."""
    T = np.geomspace(1.0, 300.0, 200)
    models = {
        "one, D = +5/cm": spin_hamiltonian(1.0, g=G, D=D, E=E),
        "one, D = $-$5/cm": spin_hamiltonian(1.0, g=G, D=-D, E=E),
        "dimer, J = +5/cm": exchange_dimer(1.0, 1.0, 5.0 * WAVENUMBER, g=G, D=(D, D)),
        "dimer, J = $-$5/cm": exchange_dimer(1.0, 1.0, -5.0 * WAVENUMBER, g=G, D=(D, D)),
    }
    for k, (name, levels) in enumerate(models.items()):
        axes.semilogx(T, levels.effective_moment(T), color=COLOURS[k], ls=DASHES[k], label=name)
    axes.axhline(G * np.sqrt(2.0), color=COLOURS[6], lw=0.8)
    axes.text(1.1, G * np.sqrt(2.0) + 0.08, r"$g\sqrt{S(S+1)}$", fontsize=9)
    axes.set(
        xlabel="T [K]",
        ylabel=r"effective moment [$\mu_B$]",
        title="dimers: $H = -2J\\,S_1{\\cdot}S_2$, D = +5/cm",
        ylim=(0.0, 7.4),
    )
    axes.legend(fontsize=8, ncols=2, loc="upper center", columnspacing=1.0)


def main() -> None:
    """Compute, print and draw."""
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(13.2, 4.2), layout="constrained")
        draw_levels(axes[0])
        draw_moments(axes[1])
        draw_chi(axes[2])
        figure.get_layout_engine().set(wspace=0.06)
        figure.suptitle("A spin 1 with zero-field splitting: Ni(II), g = 2.2, E = 0.5/cm")
        figure.savefig(HERE / "quantum_zero_field_splitting.png", dpi=130)


if __name__ == "__main__":
    main()
