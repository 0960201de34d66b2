"""Draw the moments of baryons beside those of the quark model, and how precisely moments of particles are known.

Run it from the root of the repository, `python docs/gallery/quantum_particles.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Three numbers, the moments of proton, neutron and Lambda, fix those of the u, d and s quarks; the other baryons of
the octet and the Omega- then follow from the SU(6) wave functions, to 10 to 30 %. Below, the relative uncertainties:
ten orders of magnitude lie between the electron and the tau.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.plot.style import COLOURS, style
from magneton.quantum import all_particles, particle, quark_model_moment

HERE = Path(__file__).parent
BARYONS = ["proton", "neutron", "Lambda", "Sigma+", "Sigma-", "Xi0", "Xi-", "Omega-", "Sigma0-Lambda"]
LABELS = {
    "Lambda": r"$\Lambda$",
    "Sigma+": r"$\Sigma^+$",
    "Sigma-": r"$\Sigma^-$",
    "Xi0": r"$\Xi^0$",
    "Xi-": r"$\Xi^-$",
    "Omega-": r"$\Omega^-$",
    "Sigma0-Lambda": r"$|\Sigma^0\to\Lambda|$",
}


def draw_baryons(axes: Any) -> None:
    """Draw measured moments and the model's, and print them."""
    x = np.arange(len(BARYONS))
    measured = [particle(name) for name in BARYONS]
    model = [quark_model_moment(name) for name in BARYONS]
    axes.bar(x, [each.value for each in model], width=0.6, color=COLOURS[5], alpha=0.6, label="quark model")
    axes.errorbar(
        x,
        [each.value for each in measured],
        [each.uncertainty for each in measured],
        fmt="o",
        ms=4,
        capsize=3,
        color=COLOURS[1],
        label="measured",
    )
    axes.axhline(0.0, color="black", lw=0.8)
    axes.axvline(2.5, color="grey", lw=0.8, ls=":")
    axes.text(2.4, 3.1, "inputs ", ha="right", va="top")
    axes.set_ylim(-2.4, 3.2)
    axes.set_xticks(x, [LABELS.get(name, name) for name in BARYONS])
    axes.set_ylabel(r"moment [$\mu_N$]")
    axes.legend(loc="upper right")
    axes.grid(axis="x", visible=False)
    print("baryon          quark model      measured")
    for one, other in zip(model, measured, strict=True):
        print(f"{one.name:<15} {one.value:10.3f}   {other.concise:>18}")


def draw_precision(axes: Any) -> None:
    """Draw the relative uncertainties."""
    found = sorted(all_particles(), key=lambda each: each.uncertainty / abs(each.value))
    relative = [each.uncertainty / abs(each.value) for each in found]
    y = np.arange(len(found))
    colours = [COLOURS[0] if each.unit == "mu_B" else COLOURS[2] for each in found]
    axes.hlines(y, 1e-14, relative, color="#DDDDDD", lw=1.0)
    axes.scatter(relative, y, c=colours, s=28, zorder=3)
    axes.set_xscale("log")
    axes.set_xlim(2e-14, 1.0)
    axes.set_yticks(y, [LABELS.get(each.name, each.name) for each in found])
    axes.invert_yaxis()
    axes.set_xlabel("relative standard uncertainty of the moment")
    axes.grid(axis="y", visible=False)
    for place, words, colour in (
        (0, "leptons, in Bohr magnetons", 0),
        (1, "others, in nuclear magnetons", 2),
    ):
        axes.text(
            0.98,
            0.95 - 0.07 * place,
            words,
            color=COLOURS[colour],
            ha="right",
            transform=axes.transAxes,
            backgroundcolor="white",
        )


def main() -> None:
    """Print and draw."""
    with style():
        figure, axes = plt.subplots(2, 1, figsize=(7.6, 8.4), layout="constrained")
        draw_baryons(axes[0])
        draw_precision(axes[1])
        figure.suptitle("Magnetic moments of particles")
        figure.savefig(HERE / "quantum_particles.png", dpi=130)


if __name__ == "__main__":
    main()
