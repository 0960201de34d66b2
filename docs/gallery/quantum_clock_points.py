"""Draw the clock points of 43Ca+: where a transition's frequency does not depend on the field.

Run it from the root of the repository, `python docs/gallery/quantum_clock_points.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

At 146.094 G and 287.783 G the slopes of (4, 0) to (3, 1) and of (4, 1) to (3, 1) vanish, so that the frequency follows
the field in second order only. The digits after these depend on which value of the nuclear moment is taken: that of
the ion belongs here, and the bare nucleus' is larger by the electrons' shielding.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import Hyperfine

HERE = Path(__file__).parent
ION = Hyperfine.of("43Ca+")
GAUSS = 1e-4  # T
#: Lower F = 4, since the interval of 43Ca+ is inverted.
PAIRS = [((4, 0), (3, 1)), ((4, 1), (3, 1)), ((4, 2), (3, 1)), ((4, 0), (3, 0))]
#: Nuclear moments in nuclear magnetons: of the ion (Harty et al. 2014, Hanley et al. 2021) and of the bare nucleus.
EDITIONS = {"ion, 2014": -1.315348, "ion, 2021": -1.315350, "bare, IAEA 2019": -1.31733}


def print_points() -> None:
    """Print both points for each edition of the nuclear moment."""
    print("mu_I [mu_N]                  (4,0)-(3,1) [G]   (4,1)-(3,1) [G]")
    for edition, moment in EDITIONS.items():
        ion = Hyperfine(ION.J, ION.I, ION.A, 0.0, ION.g_J, moment / ION.I)
        points = [float(ion.clock_points(*pair)[0]) / GAUSS for pair in PAIRS[:2]]
        print(f"{moment:.6f} ({edition:15s})  {points[0]:.6f}        {points[1]:.6f}")


def draw_frequencies(axes: Any) -> None:
    """Draw the frequencies against B with the clock points."""
    B = np.linspace(0.0, 500.0, 500)
    for i, (lower, upper) in enumerate(PAIRS):
        label = f"{lower} to {upper}"
        f = ION.transition_frequency(lower, upper, B * GAUSS) / 1e6
        axes.plot(B, f, color=COLOURS[i], ls=DASHES[i], label=label)
        points = ION.clock_points(lower, upper, B[-1] * GAUSS)
        axes.plot(
            points / GAUSS, ION.transition_frequency(lower, upper, points) / 1e6, "o", color=COLOURS[i], ms=6
        )
        for point in points[points > 0.0]:
            height = float(ION.transition_frequency(lower, upper, point)) / 1e6
            where = (point / GAUSS, height)
            axes.annotate(
                f"{point / GAUSS:.4f} G",
                where,
                (0, 8 if i == 0 else -17),
                textcoords="offset points",
                ha="center",
                color=COLOURS[i],
            )
    axes.set_ylabel("frequency [MHz]")
    axes.set_xlabel("B [G]")
    axes.set_ylim(2930.0, 3500.0)
    axes.legend(loc="upper left")


def draw_near(axes: Any) -> None:
    """Draw how the frequencies of the first two depend on the field near their clock points."""
    away = np.linspace(-0.2, 0.2, 401)
    for i, (lower, upper) in enumerate(PAIRS[:2]):
        point = float(ION.clock_points(lower, upper)[0])
        here = float(ION.transition_frequency(lower, upper, point))
        f = ION.transition_frequency(lower, upper, point + away * GAUSS)
        bend = float(ION.transition_sensitivity(lower, upper, point).second) * GAUSS**2
        label = f"{lower} to {upper}: {0.5 * bend:.1f} Hz/G$^2$"
        axes.plot(1e3 * away, f - here, color=COLOURS[i], ls=DASHES[i], label=label)
    axes.set_xlabel("B $-$ B(clock point) [mG]")
    axes.set_ylabel("f(B) $-$ f(clock point) [Hz]")
    axes.legend(loc="upper center", title="half of d$^2$f/dB$^2$")
    axes.set_ylim(-2.0, 66.0)


def main() -> None:
    """Print and draw."""
    print_points()
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(10.4, 4.8), layout="constrained", width_ratios=[1.35, 1.0])
        draw_frequencies(axes[0])
        draw_near(axes[1])
        figure.suptitle(
            "Clock points of the ground state of $^{43}$Ca$^+$: transitions (F, m$_F$) to (F, m$_F$); 1 G = $10^{-4}$ T"
        )
        figure.savefig(HERE / "quantum_clock_points.png", dpi=130)


if __name__ == "__main__":
    main()
