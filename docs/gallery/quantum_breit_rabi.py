"""Draw the Breit-Rabi diagrams of hydrogen and 87Rb, the moments of their levels, and their clock points.

Run it from the root of the repository, `python docs/gallery/quantum_breit_rabi.py`; it needs matplotlib, prints a table
and writes a picture beside itself.

In a weak field the levels of one F fan out by m_F; in a strong one they gather by the electron's m_J, and the nucleus
only sorts them within. A transition is a clock where both its levels have the same moment: at B = 0 between the
levels of m_F = 0, and at the fields marked. Full lines are the levels of the upper F, dashed ones those of the
lower F; colours are m_F. The clock of 87Rb at 0.3229 mT, (1, -1) to (2, 1), has a panel of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import mu_B
from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import Hyperfine, energy_in

HERE = Path(__file__).parent
#: Atom, strongest field drawn in T, and the clock transitions that are marked.
SHOWN: list[tuple[str, float, list[tuple[tuple[float, float], tuple[float, float]]]]] = [
    ("H", 0.9, [((0, 0), (1, -1))]),
    ("87Rb", 0.6, [((1, 0), (2, -1)), ((1, -1), (2, -1))]),
]
#: The two-photon clock of 87Rb, in a field too weak for the panels of the others.
WEAK = (1, -1), (2, 1)


def shown(F: float, m: float) -> str:
    """Return F and m_F as they are written beside a level."""
    return f"{F:g}, {m:+g}" if m else f"{F:g}, 0"


def look(F: float, m: float, lowest: float) -> dict[str, Any]:
    """Return colour and dash of a level: colour by m_F, dashed for the lower F."""
    return {"color": COLOURS[int(m + 2) % 7], "ls": DASHES[int(lowest == F)], "lw": 1.5}


def spread(heights: np.ndarray, least: float) -> np.ndarray:
    """Return heights of labels, moved apart by what is missing to `least`."""
    order = np.argsort(heights)
    moved = heights[order].copy()
    for _ in range(200):
        gaps = np.diff(moved)
        lack = np.clip(least - gaps, 0.0, None)
        moved[:-1] -= 0.5 * lack
        moved[1:] += 0.5 * lack
    out = np.empty_like(moved)
    out[order] = moved
    return out


def draw(energy_axes: Any, moment_axes: Any, name: str, strongest: float, clocks: list[Any]) -> None:
    """Draw energies and moments of one atom, and mark its clock points."""
    atom, B = Hyperfine.of(name), np.linspace(0.0, strongest, 600)
    energies, moments = energy_in(atom.energies(B), "GHz"), atom.moments(B) / float(mu_B)
    tall = np.ptp(energies)
    heights = spread(energies[-1], 0.047 * tall)
    for i, (F, m) in enumerate(atom.labels):
        line = look(F, m, atom.F_values[0])
        energy_axes.plot(B, energies[:, i], **line)
        moment_axes.plot(B, moments[:, i], **line)
        energy_axes.text(
            1.015 * strongest, heights[i], shown(F, m), color=line["color"], va="center", fontsize=8
        )
    for pair in clocks:
        for point in atom.clock_points(*pair):
            mark(energy_axes, moment_axes, atom, pair, float(point))
    for F, dash in zip(reversed(atom.F_values), DASHES, strict=False):
        energy_axes.plot([], [], color="black", ls=dash, lw=1.5, label=f"F = {F:g}")
    energy_axes.legend(loc="lower left")
    energy_axes.set_title(f"{name}: levels F, m$_F$")
    energy_axes.set_ylabel("E/h [GHz]")
    moment_axes.set_ylabel(r"moment $-dE/dB$ [$\mu_B$]")
    moment_axes.set_xlabel("B [T]")
    energy_axes.set_xlim(0.0, strongest)
    energy_axes.margins(x=0.0)


def mark(energy_axes: Any, moment_axes: Any, atom: Hyperfine, pair: Any, B: float) -> None:
    """Join the two levels of a clock transition, and mark where their moments meet."""
    ends = [float(energy_in(atom.energy(*level, B), "GHz")) for level in pair]
    energy_axes.plot([B, B], ends, "o-", color="black", ms=4, lw=1.0, zorder=5)
    moment = float(atom.moment(*pair[0], B)) / float(mu_B)
    moment_axes.plot(B, moment, "o", color="black", ms=5, zorder=5)
    free = (0.5, 0.75) if moment > 0.9 else (0.36, 1.2 * moment - 0.05)  # where no curve is
    moment_axes.annotate(
        f"{1e3 * B:.4g} mT", (B, moment), free, va="center", arrowprops={"arrowstyle": "-", "lw": 0.7}
    )
    report(atom, pair, B)


def draw_weak(frequency_axes: Any, moment_axes: Any) -> None:
    """Draw frequency and moments of the clock of 87Rb in a weak field, less what they are without one."""
    atom, B = Hyperfine.of("87Rb"), np.linspace(0.0, 8e-4, 200)
    (point,) = atom.clock_points(*WEAK)
    shift = atom.transition_frequency(*WEAK, B) - atom.transition_frequency(*WEAK, 0.0)
    lowest = atom.transition_frequency(*WEAK, point) - atom.transition_frequency(*WEAK, 0.0)
    frequency_axes.plot(1e3 * B, shift / 1e3, color="black", lw=1.5)
    frequency_axes.plot(1e3 * point, lowest / 1e3, "o", color="black", ms=5)
    for F, m in WEAK:
        moments = 1e3 * (atom.moment(F, m, B) / float(mu_B) + 0.5)
        moment_axes.plot(1e3 * B, moments, **look(F, m, atom.F_values[0]), label=f"({shown(F, m)})")
    meeting = 1e3 * (float(atom.moment(*WEAK[0], point)) / float(mu_B) + 0.5)
    moment_axes.plot(1e3 * point, meeting, "o", color="black", ms=5)
    words = {"arrowprops": {"arrowstyle": "-", "lw": 0.7}, "textcoords": "offset points", "ha": "center"}
    moment_axes.annotate(f"{1e3 * point:.4f} mT", (1e3 * point, meeting), (0, 28), **words)
    frequency_axes.set_title(f"87Rb: ({shown(*WEAK[0])}) to ({shown(*WEAK[1])}) in a weak field")
    frequency_axes.set_ylabel("f(B) $-$ f(0) [kHz]")
    moment_axes.set_ylabel(r"moment $-dE/dB$ + 0.5 $\mu_B$ [$10^{-3}\,\mu_B$]")
    moment_axes.set_xlabel("B [mT]")
    moment_axes.legend(loc="upper left")
    frequency_axes.margins(x=0.0)
    report(atom, WEAK, float(point))


def report(atom: Hyperfine, pair: Any, B: float) -> None:
    """Print a clock point with its frequency and its curvature."""
    f = float(atom.transition_frequency(*pair, B))
    second = atom.transition_sensitivity(*pair, B).second
    names = " to ".join(f"({shown(*level)})" for level in pair)
    source = atom.source.name if atom.source else ""
    print(
        f"{source:5s} {names}: {1e4 * B:12.5f} G, {f / 1e6:14.6f} MHz, {0.5e-8 * float(second):10.5f} Hz/G^2"
    )


def main() -> None:
    """Print the clock points and draw."""
    with style():
        figure, axes = plt.subplots(2, 3, figsize=(13.4, 8.4), sharex="col", layout="constrained")
        for column, (name, strongest, clocks) in enumerate(SHOWN):
            draw(axes[0, column], axes[1, column], name, strongest, clocks)
        draw_weak(axes[0, 2], axes[1, 2])
        figure.get_layout_engine().set(wspace=0.04)
        figure.suptitle("Ground states in a magnetic field, and fields where a transition is a clock")
        figure.savefig(HERE / "quantum_breit_rabi.png", dpi=130)


if __name__ == "__main__":
    main()
