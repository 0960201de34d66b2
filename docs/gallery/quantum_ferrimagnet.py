"""Draw a ferrimagnet with a compensation point, and the susceptibilities of an antiferromagnet.

Run it from the root of the repository, `python docs/gallery/quantum_ferrimagnet.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

To the left two sublattices turned against each other, the stronger moments held by the weaker field, as in garnets
with rare earths (the numbers are no material's): the sum passes zero at the compensation temperature, where a field
turns both over. In the middle 1/chi above T_C, Neel's hyperbola, and the straight line that it approaches. To the right
an antiferromagnet along and across its axis, with the cusp at T_N.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import Antiferromagnet, Ferrimagnet

HERE = Path(__file__).parent
GARNET = Ferrimagnet((2.5, 3.5), (2.0, 2.0), (1.3e28, 1.2e28), ((470.0, -75.0), (-75.0, 0.0)))
LAYERS = Antiferromagnet(2.5, 2.0, 5e28, T_N=67.0, theta=-80.0)


def draw_sublattices(axes: Any) -> None:
    """Draw M_A, M_B, their sum, and the sum in a field."""
    T = GARNET.T_C * np.concatenate([np.linspace(0.003, 0.98, 200), 1.0 - np.geomspace(0.02, 1e-7, 60)])
    m = GARNET.reduced_magnetizations(0.0, T)
    each = [part * M / 1e6 for part, M in zip(m, GARNET.saturation_magnetizations, strict=True)]
    for part, colour, dash, label in zip(each, COLOURS, DASHES[1:], ("$M_A$", "$M_B$"), strict=False):
        axes.plot(T, part, color=colour, ls=dash, lw=1.3, label=label)
    axes.plot(T, each[0] + each[1], color=COLOURS[2], label="$M_A + M_B$")
    warm = np.linspace(2.0, 1.1 * GARNET.T_C, 500)
    axes.plot(warm, GARNET.magnetization(1.0, warm) / 1e6, color=COLOURS[-1], lw=1.0, label="sum, in 1 T")
    (compensation,) = GARNET.compensation_temperatures()
    axes.axvline(compensation, color="#999999", lw=0.8)
    axes.axhline(0.0, color="#999999", lw=0.8)
    axes.set(xlabel="T [K]", ylabel="M [MA/m]", xlim=(0.0, warm[-1]))
    axes.legend(loc="lower right", fontsize=8)
    print(f"compensation at {compensation:.2f} K, T_C = {GARNET.T_C:.2f} K")


def draw_hyperbola(axes: Any) -> None:
    """Draw 1/chi above T_C and its asymptote."""
    T = GARNET.T_C * np.concatenate([1.0 + np.geomspace(1e-6, 0.1, 60), np.linspace(1.1, 4.0, 100)])
    axes.plot(T, 1.0 / GARNET.susceptibility(0.0, T), color=COLOURS[0], label="$1/\\chi$")
    C = GARNET.curie_constants
    theta = C @ GARNET.molecular_field @ C / C.sum()
    line = np.array([max(theta, 0.0), T[-1]])
    axes.plot(line, (line - theta) / C.sum(), color=COLOURS[1], ls="--", lw=1.2, label="asymptote")
    axes.set(xlabel="T [K]", ylabel="$1/\\chi$ (volume, SI)", xlim=(0.0, T[-1]), ylim=(0.0, None))
    axes.legend(loc="upper left", fontsize=8)
    print(f"Weiss's temperature from afar: {theta:.1f} K")


def draw_antiferromagnet(axes: Any) -> None:
    """Draw chi along, across and of a powder."""
    T = np.concatenate([np.linspace(0.5, 67.0, 200), np.linspace(67.0, 200.0, 100)[1:]])
    across = np.where(T < LAYERS.T_N, LAYERS.perpendicular_susceptibility, np.nan)
    named = (
        ("along the axis", LAYERS.parallel_susceptibility(T)),
        ("across it", across),
        ("powder", LAYERS.powder_susceptibility(T)),
    )
    for (label, chi), colour, dash in zip(named, COLOURS, DASHES, strict=False):
        axes.plot(T, 1e3 * chi, color=colour, ls=dash, label=label)
    axes.set(xlabel="T [K]", ylabel="$10^3\\,\\chi$ (volume, SI)", xlim=(0.0, 200.0), ylim=(0.0, None))
    axes.legend(loc="lower right", fontsize=8)


def main() -> None:
    """Print and draw."""
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(13.2, 4.2), layout="constrained")
        for axis, draw in zip(axes, (draw_sublattices, draw_hyperbola, draw_antiferromagnet), strict=True):
            draw(axis)
        for axis, title in zip(axes, ("a ferrimagnet", "above its $T_C$", "an antiferromagnet"), strict=True):
            axis.set_title(title)
        figure.get_layout_engine().set(wspace=0.06)
        figure.savefig(HERE / "quantum_ferrimagnet.png", dpi=130)


if __name__ == "__main__":
    main()
