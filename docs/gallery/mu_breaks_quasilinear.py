"""Draw quasi-linear diffusion: an ensemble in waves of random phase against the closed-form coefficient.

Run it from the root of the repository, `python docs/gallery/mu_breaks_quasilinear.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Protons of 500 km/s and 60 degrees pitch angle in 32 left-hand waves of equal amplitude along B, with wave numbers from
0.3 to 1.7 of the resonant one and random phases. At first each wave acts alone and the spread grows with the square of
the time; once the spectrum has passed by, it grows as the time and the square of the amplitude, D = <(d alpha)^2>/2t.
In stronger waves the particles leave their unperturbed orbits within that time, and the theory is ten per cent off.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from magneton import UniformField, orbits
from magneton.orbits.breaking import mu_diffusion, pitch_angle_diffusion, random_phase_waves
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
B0, SPEED, PITCH = 1e-8, 5e5, np.radians(120.0)  # T, m/s; towards the waves
PROTON = orbits.proton
OMEGA = PROTON.charge * B0 / PROTON.mass
PERIOD = 2.0 * np.pi / OMEGA
WAVE_SPEED = 1e5  # m/s
V_PAR, V_PERP = SPEED * np.cos(PITCH), SPEED * np.sin(PITCH)
RESONANT = OMEGA / (WAVE_SPEED - V_PAR)
COUNT, SPACING = 32, 1.4 * RESONANT / 32
WAVE_NUMBERS = RESONANT + SPACING * (np.arange(COUNT) - 15.7)
SIZES = [5e-4, 1e-3, 2e-3]  # rms of the waves over B0
PARTICLES = 2048
TIMES = np.arange(1, 17) * 0.75 * PERIOD


def pushed(size: float) -> np.ndarray:
    """Return velocities, shape (particles, times, 3), of protons of random gyrophase and place."""
    rng = np.random.default_rng(1966)
    waves = random_phase_waves(
        WAVE_NUMBERS, size * B0 / np.sqrt(COUNT), rng, angular_frequencies=WAVE_NUMBERS * WAVE_SPEED
    )
    phases = rng.uniform(0.0, 2.0 * np.pi, PARTICLES)
    heights = rng.uniform(0.0, 2.0 * np.pi / SPACING, PARTICLES)
    x = np.stack([0.0 * heights, 0.0 * heights, heights], axis=1)
    v = np.stack([V_PERP * np.cos(phases), V_PERP * np.sin(phases), np.full(PARTICLES, V_PAR)], axis=1)
    field = waves + UniformField([0.0, 0.0, B0])
    return orbits.trace_ensemble(field, PROTON, x, v, TIMES[-1], dt=PERIOD / 24, times=TIMES).velocity


def main() -> None:
    """Print the table and draw the picture."""
    error = np.sqrt(2.0 / PARTICLES)  # of the mean square of Gaussian numbers
    print(f"rms b/B   measured/quasi-linear D of alpha, and of mu (statistical error {error:.3f}), after")
    with style():
        figure, axes = plt.subplots(figsize=(6.8, 4.8), layout="constrained")
        for i, size in enumerate(SIZES):
            density = (size * B0) ** 2 / COUNT / SPACING
            speeds = {"phase_velocity": WAVE_SPEED, "group_velocity": WAVE_SPEED}
            D = pitch_angle_diffusion(PROTON, V_PAR, V_PERP, density, **speeds)
            D_mu = mu_diffusion(PROTON, B0, V_PAR, V_PERP, density, **speeds)
            v = pushed(size)
            across = np.hypot(v[..., 0], v[..., 1])
            square = np.mean((np.arctan2(across, v[..., 2]) - PITCH) ** 2, axis=0)
            gained = 0.5 * PROTON.mass * (across**2 - V_PERP**2) / B0
            for index in (5, 9):
                ratios = square[index], np.mean(gained[:, index] ** 2)
                found = [ratio / (2.0 * d * TIMES[index]) for ratio, d in zip(ratios, (D, D_mu), strict=True)]
                print(
                    f"{size:7.0e}   {found[0]:.3f}  {found[1]:.3f}   {TIMES[index] / PERIOD:.2f} gyroperiods"
                )
            axes.errorbar(
                TIMES / PERIOD,
                square / size**2,
                2.0 * error * square / size**2,
                color=COLOURS[i],
                marker="os^"[i],
                ms=4,
                ls="",
                capsize=2,
                label=f"ensemble, b/B = {size:.1e}",
            )
        axes.plot(
            TIMES / PERIOD,
            2.0 * D * TIMES / size**2,
            color=COLOURS[6],
            ls=DASHES[0],
            label="quasi-linear, 2 D t",
        )
        axes.set_xlabel("time [gyroperiods]")
        axes.set_ylabel(r"$\langle(\Delta\alpha)^2\rangle\;/\;(b/B)^2$   (bars: two standard errors)")
        axes.legend(loc="upper left")
        axes.set_title("Diffusion of the pitch angle in waves of random phase")
        figure.savefig(HERE / "mu_breaks_quasilinear.png", dpi=130)


if __name__ == "__main__":
    main()
