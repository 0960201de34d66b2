"""Draw how mu breaks in space: protons of the solar wind of all gyrophases cross a current sheet.

Run it from the root of the repository, `python docs/gallery/mu_breaks_at_a_sheet.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

B = 5 nT turns by 30 degrees, from +15 to -15 about the sheet's normal, over a half-thickness of 500 km. A proton with
v_perp = 1e6 m/s and a pitch angle of 30 degrees has a Larmor radius of 2088 km: rho/L = 4.2. It crosses within a small
part of a gyration, so that its velocity hardly turns: mu changes to what the pitch angle about the new field is.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from magneton import orbits
from magneton.orbits.breaking import SheetScattering, sharp_sheet_jump, sheet_scattering
from magneton.orbits.fields import SheetStep
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
STRENGTH, TILT = 5e-9, np.radians(15.0)  # T
V_PERP, PITCH = 1e6, np.radians(30.0)  # m/s
PROTON = orbits.proton
RADIUS = PROTON.mass * V_PERP / (PROTON.charge * STRENGTH)
RATIOS = [0.1, 0.4, RADIUS / 5e5]  # rho/L
SIDES = STRENGTH * np.array([[side * np.sin(TILT), 0.0, np.cos(TILT)] for side in (1.0, -1.0)])
COUNT = 720


def crossed(ratio: float) -> SheetScattering:
    """Return protons of all gyrophases before and after a sheet of half-thickness rho/ratio."""
    sheet = SheetStep(*SIDES, RADIUS / ratio)
    return sheet_scattering(sheet, PROTON, V_PERP / np.tan(PITCH), V_PERP, count=COUNT, rtol=1e-10)


def sharp() -> tuple[np.ndarray, np.ndarray]:
    """Return mu after/before at a sharp sheet over the phases, and their weights, which add up to one."""
    phases = 2.0 * np.pi * (np.arange(100_000) + 0.5) / 100_000
    jump = sharp_sheet_jump(*SIDES, PITCH, phases)
    return jump.ratio, jump.weight / len(phases)


def draw_phases(axes: plt.Axes, found: dict[float, SheetScattering]) -> None:
    """Draw mu after/before against the gyrophase at the start, turned so that each curve begins at its largest."""
    for i, (ratio, one) in enumerate(found.items()):
        turned = np.roll(one.ratio, -int(np.argmax(one.ratio)))
        phases = 360.0 * np.arange(COUNT) / COUNT
        axes.plot(phases, turned, color=COLOURS[i], ls=DASHES[i], label=rf"$\rho/L$ = {ratio:.2g}")
    axes.set_xlabel("gyrophase far before the sheet, from that of the largest [degrees]")
    axes.set_ylabel(r"$\mu$ after / before")
    axes.set_xticks(range(0, 361, 60))
    axes.legend(loc="upper center")


def draw_distribution(axes: plt.Axes, one: SheetScattering) -> None:
    """Draw the distribution of mu after/before at rho/L = 4.2, and that of a sharp sheet."""
    edges = np.linspace(0.0, 3.1, 32)
    axes.hist(
        one.ratio,
        edges,
        density=True,
        color=COLOURS[2],
        alpha=0.45,
        label=rf"$\rho/L$ = {RATIOS[-1]:.1f}, traced",
    )
    values, weights = sharp()
    density, _ = np.histogram(values, edges, weights=weights)
    axes.stairs(density / np.diff(edges), edges, color=COLOURS[6], lw=1.6, label="sharp sheet, closed form")
    axes.axvline(1.0, color=COLOURS[1], ls=DASHES[3])
    axes.text(0.97, 0.7, "before", color=COLOURS[1], ha="right", transform=axes.get_xaxis_transform())
    axes.set_xlabel(r"$\mu$ after / before")
    axes.set_ylabel("density")
    axes.legend(loc="upper center", bbox_to_anchor=(0.6, 1.0))


def main() -> None:
    """Print the table and draw the picture."""
    found = {ratio: crossed(ratio) for ratio in RATIOS}
    print("rho/L    mean     rms of the change   smallest  largest")
    for ratio, one in found.items():
        print(
            f"{ratio:5.2f}  {one.mean:.5f}  {one.spread:17.5f}   {one.ratio.min():8.4f} {one.ratio.max():8.4f}"
        )
    values, weights = sharp()
    mean, spread = np.sum(weights * values), np.sqrt(np.sum(weights * (values - 1.0) ** 2))
    print(f"sharp  {mean:.5f}  {spread:17.5f}   {values.min():8.4f} {values.max():8.4f}")
    with style():
        figure, (upper, lower) = plt.subplots(2, 1, figsize=(6.6, 7.0), layout="constrained")
        draw_phases(upper, found)
        draw_distribution(lower, found[RATIOS[-1]])
        figure.suptitle("Protons of the solar wind cross a current sheet")
        figure.savefig(HERE / "mu_breaks_at_a_sheet.png", dpi=130)


if __name__ == "__main__":
    main()
