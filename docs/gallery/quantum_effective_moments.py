"""Draw the effective moments of all 4f and 3d ions beside measurement.

Run it from the root of the repository, `python docs/gallery/quantum_effective_moments.py`; it needs matplotlib, prints
a table and writes a picture beside itself.

4f electrons sit deep in the ion: the moment is that of the ground level J, but for Sm3+ and Eu3+, whose excited levels
are near. 3d electrons sit outside: the crystal quenches L, and what is left is the spin's moment.
Of Ti3+ and Pm3+ the table of measured moments has none; closed shells, La3+ and Lu3+, have no moment.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import ion

HERE = Path(__file__).parent
LANTHANIDES = ["La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"]
D1_TO_D5 = ["Ti3+", "V4+", "V3+", "V2+", "Cr3+", "Mn4+", "Cr2+", "Mn3+", "Mn2+", "Fe3+"]
IRON_GROUP = [*D1_TO_D5, "Fe2+", "Co2+", "Ni2+", "Cu2+"]
TEMPERATURE = 300.0


def draw(axes: Any, names: list[str], others: dict[str, list[float]]) -> None:
    """Draw models as lines and measurements as dots."""
    places = np.arange(len(names))
    for k, (model, values) in enumerate(others.items()):
        axes.plot(places, values, color=COLOURS[k], ls=DASHES[k], marker="s_D"[k], ms=4, lw=1.3, label=model)
    measured = [ion(name).measured_moment for name in names]
    axes.plot(places, measured, "o", color=COLOURS[6], mfc="white", ms=8, mew=1.6, label="measured, in salts")
    for place, name, value in zip(places, names, measured, strict=True):
        if math.isnan(value) and ion(name).S:
            axes.text(place, 0.0, "none in\nthe table", ha="center", fontsize=7, color="#555555")
    axes.set_xticks(places, [label(name) for name in names])
    axes.set_ylabel(r"effective moment [$\mu_B$]")
    axes.set_ylim(-0.3, None)


def label(name: str) -> str:
    """Return the name of an ion with its charge as a superscript."""
    found = ion(name)
    return f"{found.symbol}$^{{{found.charge}{{+}}}}$"


def main() -> None:
    """Print and draw."""
    rare = [f"{symbol}3+" for symbol in LANTHANIDES]
    print("ion    configuration      term     spin only   level J   300 K   measured")
    for name in rare + IRON_GROUP:
        found = ion(name)
        warm, measured = found.effective_moment_at(TEMPERATURE), found.measured_moment
        shown = "     -" if math.isnan(measured) else f"{measured:6.1f}"
        print(
            f"{name:5s}  {found.configuration:20s} {found.term:8s} {found.spin_only_moment:7.3f}   "
            f"{found.effective_moment:8.3f}  {warm:7.3f} {shown}"
        )
    with style():
        figure, axes = plt.subplots(2, 1, figsize=(8.6, 7.2), layout="constrained")
        draw(
            axes[0],
            rare,
            {
                "ground level, $g_J\\sqrt{J(J+1)}$": [ion(name).effective_moment for name in rare],
                "all levels of the term, 300 K": [
                    ion(name).effective_moment_at(TEMPERATURE) for name in rare
                ],
            },
        )
        draw(
            axes[1],
            IRON_GROUP,
            {
                "ground level, $g_J\\sqrt{J(J+1)}$": [ion(name).effective_moment for name in IRON_GROUP],
                "all levels of the free ion's term, 300 K": [
                    ion(name).effective_moment_at(TEMPERATURE) for name in IRON_GROUP
                ],
                "spin only, $g_s\\sqrt{S(S+1)}$": [ion(name).spin_only_moment for name in IRON_GROUP],
            },
        )
        axes[0].set_title("4f ions: the moment of the level J")
        axes[1].set_title("3d ions: the moment of the spin")
        axes[0].legend(loc="upper left")
        axes[1].legend(loc="upper left", fontsize=8.5)
        axes[1].set_ylim(-0.3, 9.0)
        figure.savefig(HERE / "quantum_effective_moments.png", dpi=130)


if __name__ == "__main__":
    main()
