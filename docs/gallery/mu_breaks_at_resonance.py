"""Draw how a small wave breaks mu at the cyclotron resonances and nowhere else.

Run it from the root of the repository, `python docs/gallery/mu_breaks_at_resonance.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Above: the largest change of mu of protons within 30 gyroperiods against the parallel velocity, for a left-hand wave
along B, which resonates at n = 1 only, and for a wave at 45 degrees, which does at every n; lines are the
resonant velocities. Below: mu in time on and off resonance, in wave amplitudes of 1e-4 and half of that, divided by the
amplitude. On resonance it grows with the time until the wave traps the particle; off it swings, and stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import UniformField, orbits
from magneton.orbits.breaking import mu_swing, resonant_velocity
from magneton.orbits.fields import CircularWave, PlaneWave
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
B0, V_PERP, SMALL = 1e-8, 3e5, 1e-4  # T, m/s, and the wave's B over B0
PROTON = orbits.proton
OMEGA = PROTON.charge * B0 / PROTON.mass
PERIOD = 2.0 * np.pi / OMEGA
WAVE_OMEGA, WAVE_K = 0.3 * OMEGA, OMEGA / 4e5  # k along B
ANGLE = np.radians(45.0)
HARMONICS = range(-3, 5)
PHASES = 2.0 * np.pi * np.arange(12) / 12


def changes(wave: Any, v_par: float, times: np.ndarray) -> np.ndarray:
    """Return the relative changes of mu about B0, shape (phases, times), of gyrocentres that start in one place."""
    c, s = V_PERP * np.cos(PHASES), V_PERP * np.sin(PHASES)
    v = np.stack([c, s, np.full(len(c), v_par)], axis=1)
    x = np.stack([-s / OMEGA, c / OMEGA, 0.0 * c], axis=1)
    field = wave + UniformField([0.0, 0.0, B0])
    runs = [
        orbits.trace(field, PROTON, *start, times[-1], times=times, rtol=1e-10, dense=False)
        for start in zip(x, v, strict=True)
    ]
    u2 = np.array([run.proper_velocity[:, 0] ** 2 + run.proper_velocity[:, 1] ** 2 for run in runs])
    return u2 / (V_PERP * orbits.lorentz_factor([V_PERP, 0.0, v_par])) ** 2 - 1.0


def draw_scan(axes: plt.Axes) -> None:
    """Draw the largest change of mu against the parallel velocity, and the resonances."""
    velocities = np.linspace(-1.6e6, 1.6e6, 161)
    times = np.linspace(0.3, 30.0, 71) * PERIOD
    waves = {
        "along B, left-hand": CircularWave(SMALL * B0, WAVE_K, WAVE_OMEGA, "left"),
        "at 45°, linear": PlaneWave.at_angle(SMALL * B0, WAVE_K / np.cos(ANGLE), WAVE_OMEGA, ANGLE),
    }
    for i, (name, wave) in enumerate(waves.items()):
        largest = [np.abs(changes(wave, v, times)).max() for v in velocities]
        axes.semilogy(1e-6 * velocities, largest, color=COLOURS[i], ls=DASHES[i], label=name, lw=1.4)
    for n in HARMONICS:
        v = 1e-6 * resonant_velocity(WAVE_OMEGA, WAVE_K, OMEGA, n, V_PERP)[0]
        axes.axvline(v, color=COLOURS[6], lw=0.7, ls=DASHES[3])
        axes.text(v, 1.02, f"n = {n}", transform=axes.get_xaxis_transform(), ha="center", fontsize=8)
    axes.set_xlim(-1.6, 1.6)
    axes.set_xlabel(r"$v_\parallel$ [1000 km/s]")
    axes.set_ylabel(r"largest $|\Delta\mu/\mu|$ in 30 gyroperiods")
    axes.set_ylim(1e-5, 0.2)  # at n = 0 the wave's force along v_perp vanishes
    axes.legend(loc="lower right")


def draw_times(axes: plt.Axes) -> None:
    """Draw the swing of mu in time, on resonance and off it, and print it beside the first order."""
    resonant = float(resonant_velocity(WAVE_OMEGA, WAVE_K, OMEGA, 1, V_PERP)[0])
    times = np.linspace(0.0, 60.0, 241)[1:] * PERIOD
    print("v_par/resonant  amplitude  gyroperiods  rms swing    first order")
    for i, factor in enumerate((1.0, 1.25)):
        for j, size in enumerate((SMALL, 0.5 * SMALL)):
            wave = CircularWave(size * B0, WAVE_K, WAVE_OMEGA, "left")
            swing = np.sqrt(2.0 * np.mean(changes(wave, factor * resonant, times) ** 2, axis=0))
            theory = mu_swing(PROTON, [0.0, 0.0, B0], wave, factor * resonant, V_PERP, times)
            label = ("on resonance" if i == 0 else "off it") + f", b/B = {size:.0e}"
            axes.plot(times / PERIOD, swing / size, color=COLOURS[2 * i + j], ls=DASHES[j], label=label)
            for index in (39, 239):
                print(
                    f"{factor:14g}  {size:9.0e}  {times[index] / PERIOD:11.0f}  {swing[index]:.4e}  {theory[index]:.4e}"
                )
            if j == 0:
                axes.plot(
                    times / PERIOD,
                    theory / size,
                    color=COLOURS[6],
                    lw=0.8,
                    label="first order" if i == 0 else None,
                )
    axes.set_ylim(0.0, 750.0)
    axes.set_xlabel("time [gyroperiods]")
    axes.set_ylabel(r"swing of $\mu$ / (b/B)")
    axes.legend(loc="upper left")


def main() -> None:
    """Print the table and draw the picture."""
    with style():
        figure, (upper, lower) = plt.subplots(2, 1, figsize=(7.0, 7.6), layout="constrained")
        draw_scan(upper)
        draw_times(lower)
        figure.suptitle(r"Cyclotron resonance: where a small wave breaks $\mu$")
        figure.savefig(HERE / "mu_breaks_at_resonance.png", dpi=130)


if __name__ == "__main__":
    main()
