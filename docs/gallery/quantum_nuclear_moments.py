"""Draw the magnetic moments of nuclei: along the chart of nuclides, and beside Schmidt's lines.

Run it from the root of the repository, `python docs/gallery/quantum_nuclear_moments.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

A nucleus of odd mass has the moment of its odd proton or neutron, more or less: nearly all lie between the two lines
that Schmidt drew for j = l + 1/2 and j = l - 1/2. Faint crosses above are magnitudes |mu| of moments
whose sign the sources of the table do not show; they are left out beside Schmidt's lines, where a sign is half of
the answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import matplotlib.pyplot as plt
import numpy as np

from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum.nuclear_models import schmidt_moment
from magneton.quantum.nuclei import Nucleus, nuclides

HERE = Path(__file__).parent
QUENCHED = 0.65
KINDS: dict[str, tuple[int, int]] = {"odd proton": (1, 0), "odd neutron": (0, 1), "both odd": (1, 1)}


def kind(each: Nucleus) -> str:
    """Return which nucleons are odd in number."""
    odd = each.protons % 2, each.neutrons % 2
    return next(name for name, pair in KINDS.items() if pair == odd)


def draw_along(axis: Any, found: list[Nucleus]) -> None:
    """Draw moments against the number of neutrons; what occurs in nature is filled."""
    for name, colour in zip(KINDS, COLOURS, strict=False):
        for natural in (False, True):
            ours = [
                each
                for each in found
                if kind(each) == name and bool(each.abundance) == natural and each.sign_known
            ]
            axis.plot(
                [each.neutrons for each in ours],
                [each.value for each in ours],
                "o",
                ms=5 if natural else 3,
                color=colour,
                mfc=colour if natural else "none",
                mew=0.7,
                label=f"{name}, natural" if natural else None,
            )
    draw_unsigned(axis, [each for each in found if not each.sign_known])
    for text, shift in (
        ("209Bi", (7, 2)),
        ("93Nb", (6, 3)),
        ("1H", (-6, -14)),
        ("3H", (-14, 5)),
        ("3He", (6, -8)),
    ):
        each = next(one for one in found if one.name == text)
        axis.annotate(text, (each.neutrons, each.value), xytext=shift, textcoords="offset points", fontsize=8)
    for magic in (8, 20, 28, 50, 82, 126):
        axis.axvline(magic, color="0.55", lw=0.9, ls=":", zorder=0)
    axis.axhline(0.0, color="0.6", lw=0.8, zorder=0)
    axis.set_xlabel("neutrons (dotted: closed shells)")
    axis.set_ylabel(r"moment [$\mu_N$]")
    axis.set_ylim(-2.6, 7.9)
    axis.legend(loc="upper right", ncols=4, fontsize=8)


def draw_unsigned(axis: Any, found: list[Nucleus]) -> None:
    """Draw magnitudes of moments of unknown sign."""
    axis.plot(
        [each.neutrons for each in found],
        [each.value for each in found],
        "x",
        ms=2.5,
        mew=0.5,
        color="0.78",
        zorder=1,
        label=f"sign not known: $|\\mu|$ of {len(found)}",
    )


def lines(
    nucleon: Literal["proton", "neutron"], quenching: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return spins and Schmidt's moments for l = j - 1/2 and l = j + 1/2."""
    spins = np.arange(0.5, 6.0)
    stretched, jackknife = (
        [schmidt_moment(round(j + shift), j, nucleon, quenching).value for j in spins]
        for shift in (-0.5, 0.5)
    )
    return spins, np.array(stretched), np.array(jackknife)


def draw_schmidt(axis: Any, found: list[Nucleus], nucleon: Literal["proton", "neutron"]) -> None:
    """Draw moments against the spin, with the lines for free nucleons and for weaker spin."""
    for quenching, dash, width in ((1.0, "-", 1.4), (QUENCHED, DASHES[1], 1.0)):
        label = "Schmidt" if quenching == 1.0 else f"spin g-factor x {QUENCHED}"
        for i, values in enumerate(lines(nucleon, quenching)[1:]):
            axis.plot(
                lines(nucleon, quenching)[0],
                values,
                ls=dash,
                lw=width,
                color=COLOURS[2],
                label=label if i else None,
            )
    ours = [each for each in found if kind(each) == f"odd {nucleon}" and each.spin < 6.0 and each.sign_known]
    rng = np.random.default_rng(1)
    for natural in (False, True):
        some = [each for each in ours if bool(each.abundance) == natural]
        axis.plot(
            [each.spin + rng.uniform(-0.12, 0.12) for each in some],
            [each.value for each in some],
            "o",
            ms=4.5 if natural else 3,
            color=COLOURS[0 if nucleon == "proton" else 1],
            mfc=None if natural else "none",
            mew=0.7,
        )
    axis.axhline(0.0, color="0.6", lw=0.8, zorder=0)
    axis.set_xticks(np.arange(0.5, 6.0), [f"{2 * j:.0f}/2" for j in np.arange(0.5, 6.0)])
    axis.set_xlabel(f"spin, odd {nucleon} (signs known)")
    axis.set_ylabel(r"moment [$\mu_N$]")
    axis.legend(loc="upper left", fontsize=8)
    axis.set_ylim((-0.7, 8.2) if nucleon == "proton" else (-2.3, 2.6))
    inside = sum(
        min(bounds) <= each.value <= max(bounds) for each in ours for bounds in [limits(each, nucleon)]
    )
    print(f"odd {nucleon}: {len(ours)} moments of known sign, {inside} of them between Schmidt's lines")


def limits(each: Nucleus, nucleon: Literal["proton", "neutron"]) -> tuple[float, float]:
    """Return Schmidt's two moments for the spin of a nucleus."""
    spins, stretched, jackknife = lines(nucleon, 1.0)
    i = int(np.flatnonzero(spins == each.spin)[0])
    return stretched[i], jackknife[i]


def main() -> None:
    """Look up, print and draw."""
    found = nuclides(spinless=False)
    with style():
        figure, axes = plt.subplot_mosaic(
            [["all", "all"], ["p", "n"]], figsize=(9.4, 8.2), layout="constrained"
        )
        draw_along(axes["all"], found)
        draw_schmidt(axes["p"], found, "proton")
        draw_schmidt(axes["n"], found, "neutron")
        figure.suptitle(f"Magnetic moments of {len(found)} nuclei; filled: found in nature")
        figure.savefig(HERE / "quantum_nuclear_moments.png", dpi=130)


if __name__ == "__main__":
    main()
