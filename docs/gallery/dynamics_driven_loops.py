"""Draw loops in an oscillating field: their loss against the frequency, with and without temperature.

Run it from the root of the repository, `python docs/gallery/dynamics_driven_loops.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Without a temperature a loop is the wider the faster the field; the excess over the slow loop falls as f^(2/3). With a
temperature, and in a small field, free moments follow Debye's formula: the loss is greatest where w tau = 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import constants
from magneton.dynamics import SpinSystem, UniaxialAnisotropy, diffusion_time, driven_loop, hysteresis_loop
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
MOMENT, B_K, PSI, T = 3e-19, 0.1, np.radians(30.0), 300.0
RATE = abs(constants.gamma_e) * B_K  # 1/s
FRACTIONS = [1 / 3000.0, 1 / 600.0, 1 / 120.0]  # of it
TAU = float(diffusion_time(MOMENT, T, 1.0))
STATIC = MOMENT**2 / (3.0 * float(constants.k_B) * T)


def particle() -> SpinSystem:
    """Return a moment with its axis at 30 degrees from z."""
    axis = [np.sin(PSI), 0.0, np.cos(PSI)]
    return SpinSystem([0.0, 0.0, MOMENT], terms=[UniaxialAnisotropy(0.5 * MOMENT * B_K, axis)], alpha=0.5)


def draw_slow_to_fast(axes: Any) -> None:
    """Draw loops without temperature, from ever so slow to fast, and print their losses."""
    slow = hysteresis_loop(particle(), B_K * np.cos(np.linspace(0.0, 2.0 * np.pi, 161)), refine=1e-4)
    B, mean = slow.path
    axes.plot(B[:, 2] / B_K, mean[:, 2] / MOMENT, color=COLOURS[-1], label="ever so slow")
    print("w/(|gamma| B_k)  loss/(m B_k)  excess")
    print(f"{0.0:15.5f}  {slow.area / (MOMENT * B_K):12.5f}")
    for i, part in enumerate(FRACTIONS):
        loop = driven_loop(particle(), B_K, part * RATE / (2.0 * np.pi), dt=0.2 / RATE, samples=400)
        excess = loop.area / slow.area - 1.0
        print(f"{part:15.5f}  {loop.area / (MOMENT * B_K):12.5f}  {excess:.5f}")
        label = rf"$\omega = |\gamma| B_k/{1.0 / part:.0f}$"
        axes.plot(
            loop.field_along / B_K,
            loop.moment_along / MOMENT,
            color=COLOURS[i],
            ls=DASHES[1 + i],
            label=label,
        )
    axes.set_xlabel("B / $B_k$")
    axes.set_ylabel("moment along B / m")
    axes.set_title(r"one particle, $\psi$ = 30°, $\alpha$ = 0.5, T = 0")
    axes.legend(loc="upper left", fontsize=8.0)


def draw_debye(axes: Any) -> None:
    """Draw the susceptibility of free moments at a temperature, beside Debye's formula."""
    start = np.random.default_rng(1).standard_normal((4000, 3))
    start *= MOMENT / np.linalg.norm(start, axis=1, keepdims=True)
    free = SpinSystem(start, alpha=1.0)
    x = np.array([0.1, 0.3, 1.0, 3.0, 8.0])
    told = {"dt": TAU / 20.0, "temperature": T, "seed": 2, "samples": 32}
    B = 0.5 * float(constants.k_B) * T / MOMENT
    loops = [driven_loop(free, B, w / (2.0 * np.pi * TAU), periods=4 + int(3 * w), **told) for w in x]
    fine = np.geomspace(0.07, 12.0, 200)
    debye = 1.0 / (1.0 - 1j * fine)
    chi = np.array([loop.susceptibility for loop in loops]) / STATIC
    error = np.nan_to_num([loop.error / STATIC for loop in loops])
    for i, (name, part, line) in enumerate((("'", chi.real, debye.real), ("''", chi.imag, debye.imag))):
        axes.plot(fine, line, color=COLOURS[i], ls=DASHES[i], label=rf"$\chi{name}$, Debye")
        axes.errorbar(x, part, error, fmt="o", color=COLOURS[i], ms=5, label=rf"$\chi{name}$, 4000 moments")
    axes.set_xscale("log")
    axes.set_xlabel(r"$\omega \tau$")
    axes.set_ylabel(r"$\chi / (m^2/3 k_B T)$")
    axes.set_title(f"free moments, T = {T:.0f} K")
    axes.legend()


def main() -> None:
    """Print and draw."""
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(10.5, 4.6), layout="constrained")
        draw_slow_to_fast(axes[0])
        draw_debye(axes[1])
        figure.suptitle("Loops in an oscillating field")
        figure.savefig(HERE / "dynamics_driven_loops.png", dpi=130)


if __name__ == "__main__":
    main()
