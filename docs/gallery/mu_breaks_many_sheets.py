"""Draw what a row of current sheets does to mu: a random walk, and on the average energy across B.

Run it from the root of the repository, `python docs/gallery/mu_breaks_many_sheets.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

An intermittent medium: sheets at random distances, across which B of 5 nT along the normal tips by a degree to one side
and back. Each sheet kicks the velocity across B by g v_perp at a random phase, so that it walks at random in its plane
and the spread of mu grows as sqrt(2 N g^2 + N^2 g^4), with the root of the number N of sheets at first. Protons that
come nearly along B gain mu on the average, d(g^2 mu^2)/dmu a sheet: the pitch angle diffuses away from 0. In sheets at
rest that energy comes from the motion along B; the total is conserved.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from magneton import orbits
from magneton.orbits.breaking import SheetScattering, sheet_scattering, weak_sheet_jump
from magneton.orbits.fields import SheetRow
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
STRENGTH, SPEED, TIP = 5e-9, 1e6, np.radians(1.0)  # T, m/s
PROTON = orbits.proton
OMEGA = PROTON.charge * STRENGTH / PROTON.mass
TURN = SPEED / OMEGA  # m, that a proton goes along B in a radian
NUMBERS = [1, 2, 4, 8, 16, 32, 64, 128]
ROWS, PARTICLES = 6, 128
PITCHES = {45.0: "o", 5.0: "s"}  # degrees


def row(count: int, seed: int) -> SheetRow:
    """Return so many sheets at random distances of 20 turns on the average."""
    places = np.cumsum(np.random.default_rng(seed).exponential(20.0 * TURN, count))
    plateaus = np.tile([0.0, 0.0, STRENGTH], (count + 1, 1))
    plateaus[1::2, 0] = STRENGTH * np.tan(TIP)
    return SheetRow(places, 0.5 * TURN, plateaus)


def crossed(count: int, pitch: float) -> SheetScattering:
    """Return protons of one pitch angle and of speeds within 20 per cent, after rows of so many sheets."""
    rng = np.random.default_rng(20261121)
    parts = []
    for seed in range(ROWS):
        speed = SPEED * rng.uniform(0.8, 1.2, PARTICLES)
        phases = rng.uniform(0.0, 2.0 * np.pi, PARTICLES)
        v = speed * np.cos(np.radians(pitch)), speed * np.sin(np.radians(pitch))
        field = row(count, seed)
        parts.append(sheet_scattering(field, PROTON, *v, gyrophase=phases, dt=2.0 * np.pi / OMEGA / 24))
    names = ("gyrophase", "mu_before", "mu_after", "transmitted")
    return SheetScattering(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def kick(pitch: float) -> float:
    """Return g of one sheet, in closed form."""
    angle = np.radians(pitch)
    return float(weak_sheet_jump(row(1, 0), PROTON, SPEED * np.cos(angle), SPEED * np.sin(angle)))


def gain(pitch: float) -> float:
    """Return the mean relative change of mu at one sheet, d(g^2 mu^2)/dmu over mu at a fixed energy."""
    x = np.sin(np.radians(pitch)) ** 2 * (1.0 + np.array([-1e-4, 1e-4]))
    products = [(kick(float(np.degrees(np.arcsin(np.sqrt(one))))) * one) ** 2 for one in x]
    return float((products[1] - products[0]) / (x[1] - x[0]) / x.mean())


def main() -> None:
    """Print the table and draw the picture."""
    numbers = np.array(NUMBERS)
    print("pitch angle  sheets  rms change  closed form  mean change  closed form")
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.4), layout="constrained")
        for i, (pitch, marker) in enumerate(PITCHES.items()):
            found = [crossed(count, pitch) for count in NUMBERS]
            g, rise = kick(pitch), gain(pitch)
            spread = np.array([np.nanstd(one.ratio) for one in found])
            mean = np.array([one.mean - 1.0 for one in found])
            error = spread / np.sqrt(ROWS * PARTICLES)
            looks = {"color": COLOURS[i], "marker": marker, "ls": "", "ms": 5}
            left.loglog(numbers, spread, label=f"{pitch:g}°, traced", **looks)
            walk = np.sqrt(2.0 * numbers * g**2 + numbers**2 * g**4)
            left.loglog(numbers, walk, color=COLOURS[i], ls=DASHES[i], label="random walk")
            left.loglog(numbers, g * np.sqrt(2.0 * numbers), color=COLOURS[i], lw=0.7, label=r"$g\sqrt{2N}$")
            right.errorbar(numbers, mean, 2.0 * error, label=f"{pitch:g}°, traced", capsize=2, **looks)
            right.plot(numbers, rise * numbers, color=COLOURS[i], ls=DASHES[i], label=f"{rise:.2g} N")
            for n, s, w, m in zip(NUMBERS, spread, walk, mean, strict=True):
                print(f"{pitch:11g}  {n:6d}  {s:10.5f}  {w:11.5f}  {m:+11.5f}  {rise * n:+11.5f}")
        left.set_ylabel(r"standard deviation of $\mu$ after / before")
        right.set_ylabel(r"mean of $\Delta\mu/\mu$ (bars: two standard errors)")
        for axes in (left, right):
            axes.set_xlabel("number N of sheets")
            axes.legend()
        figure.suptitle(r"A row of current sheets: $\mu$ walks at random")
        figure.savefig(HERE / "mu_breaks_many_sheets.png", dpi=130)


if __name__ == "__main__":
    main()
