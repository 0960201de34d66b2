"""Draw cyclotron autoresonance: an electron that a vacuum wave along B accelerates without end.

Run it from the root of the repository, `python docs/gallery/mu_breaks_autoresonance.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

From rest in 1 T, in a right-hand wave with a0 = 0.1 (its electric field is a tenth of m c omega/e). In resonance at
rest it stays in resonance, as gamma (1 - beta_par) is conserved, and mu grows with the square of the phase. A wave that
is off by a few per cent lets go of the electron again.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from magneton import UniformField, constants, orbits
from magneton.orbits.breaking import autoresonance
from magneton.orbits.fields import CircularWave
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
B0, A0 = 1.0, 0.1  # T
ELECTRON = orbits.electron
C = float(constants.c)
PER_TESLA = abs(ELECTRON.charge) / ELECTRON.mass
PHASES = np.linspace(0.0, 100.0, 51)[1:]
DETUNINGS = [0.0, 0.05, 0.12]


def traced(detuning: float) -> orbits.Orbit:
    """Return the orbit, sampled at the phases."""
    omega = PER_TESLA * B0 / (1.0 + detuning)
    wave = CircularWave(A0 * omega / PER_TESLA, omega / C, omega, "right")
    times = autoresonance(A0, PHASES, 1.0, detuning).time / omega
    field = wave + UniformField([0.0, 0.0, B0])
    return orbits.trace(
        field, ELECTRON, [0, 0, 0], [0, 0, 0], times[-1], times=times, rtol=1e-13, dense=False
    )


def main() -> None:
    """Print the table and draw the picture."""
    print("detuning  phase  u_perp      gamma       largest relative error of gamma up to there")
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.2), layout="constrained")
        for i, detuning in enumerate(DETUNINGS):
            orbit, theory = traced(detuning), autoresonance(A0, PHASES, 1.0, detuning)
            errors = np.abs(orbit.gamma / theory.gamma - 1.0)
            for index in (14, 49):
                u = np.linalg.norm(orbit.proper_velocity[index, :2]) / C
                print(
                    f"{detuning:8g}  {PHASES[index]:5.0f}  {u:.8f}  {orbit.gamma[index]:10.7f}  "
                    f"{errors[: index + 1].max():.1e}"
                )
            smooth = np.linspace(0.0, 100.0, 400)
            path = autoresonance(A0, smooth, 1.0, detuning)
            name = "in resonance" if detuning == 0.0 else f"off by {100 * detuning:.0f} %"
            for axes, values, dots in (
                (left, path.gamma, orbit.gamma),
                (right, path.u_perp**2, np.sum(orbit.proper_velocity[:, :2] ** 2, axis=1) / C**2),
            ):
                axes.plot(smooth, values, color=COLOURS[i], ls=DASHES[i], label=name)
                axes.plot(PHASES[::3], dots[::3], "o", color=COLOURS[i], ms=4)
        left.set_ylabel(r"Lorentz factor $\gamma$")
        right.set_ylabel(r"$\mu\;/\;(m c^2/2B)$")
        for axes in (left, right):
            axes.set_xlabel(r"phase $\omega t - kz$ [radian]")
        right.set_yscale("log")
        right.set_ylim(1e-2, 300.0)
        left.legend(title="lines: closed form; dots: orbit")
        figure.suptitle("Autoresonance of an electron in a vacuum wave")
        figure.savefig(HERE / "mu_breaks_autoresonance.png", dpi=130)


if __name__ == "__main__":
    main()
