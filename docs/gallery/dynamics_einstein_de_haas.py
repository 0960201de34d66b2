"""Draw the experiment of Einstein and de Haas: a rod's moment is reversed, and the rod turns.

Run it from the root of the repository, `python docs/gallery/dynamics_einstein_de_haas.py`; it needs matplotlib,
prints a table and writes a picture beside itself.

Above: a rod of iron 100 nm long and 10 nm across, on a bearing in a field along it. The moment precesses and reverses;
field and rod have no torque on each other about the axis, so that all the angular momentum that leaves the spins is in
the lattice. Below: as it was measured, with a rod on a torsion fibre whose moment alternates at the fibre's frequency.
The swing grows until friction takes what the spins give, and its amplitude is g'.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.dynamics import HangingRod, magnetomechanical_ratio_from, resonance_angular_momentum
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
MAGNETIZATION, DENSITY, G_PRIME = 1.71e6, 7870.0, 1.919  # iron at room temperature


def iron_rod(length: float, radius: float, **fibre: float) -> HangingRod:
    """Return a rod of iron, magnetized to saturation."""
    volume = math.pi * radius**2 * length
    inertia = 0.5 * DENSITY * volume * radius**2
    return HangingRod(MAGNETIZATION * volume, inertia, g_prime=G_PRIME, **fibre)


def draw_reversal(budget: Any, turn: Any) -> None:
    """Draw where the angular momentum is, and how far the rod has turned."""
    rod = iron_rod(100e-9, 5e-9).body([math.sin(0.03), 0.0, -math.cos(0.03)], alpha=0.05)
    run = rod.run(3e-9, 2e-13, B=[0.0, 0.0, 1.0], samples=601)
    unit, time = abs(rod.moment[2] / rod.gamma), run.time * 1e9
    total = run.spin + run.lattice
    rows = (("spins", run.spin), ("lattice", run.lattice), ("sum", total))
    for (name, value), colour, dash in zip(rows, COLOURS, DASHES, strict=False):
        budget.plot(time, value[:, 2] / unit, color=colour, ls=dash, label=name)
    budget.plot(time, run.spin[:, 0] / unit, color=COLOURS[0], lw=0.6, alpha=0.6, label="spins, across")
    budget.set(xlabel="time [ns]", ylabel=r"angular momentum / $|m/\gamma|$", xlim=(0.0, 3.0))
    budget.legend(loc=(0.42, 0.13), ncols=2, fontsize=8)
    budget.set_title("reversed by 1 T along the axis: the budget")
    turn.plot(time, np.degrees(run.angle), color=COLOURS[1])
    turn.set(xlabel="time [ns]", ylabel="turned by [degree]", xlim=(0.0, 3.0))
    turn.set_title("the rod turns about its new moment")
    drift = run.certificate.drift["angular momentum"].relative
    print(f"reversal: angular momentum kept to {drift:.1e}, rod at {run.angular_velocity[-1, 2]:.4e} rad/s")


def draw_resonance(growth: Any, curve: Any) -> None:
    """Draw the swing at resonance, and its amplitude against frequency."""
    w = 2.0 * math.pi * 1.0
    bare = iron_rod(0.1, 1e-3)
    quality = 60.0
    rod = iron_rod(0.1, 1e-3, stiffness=bare.inertia * w**2, friction=bare.inertia * w / quality)
    run = rod.swing(lambda t: rod.moment * np.sin(w * t), 100.0, 0.005)
    growth.plot(run.time, run.angle * 1e3, color=COLOURS[0], lw=0.6)
    envelope = rod.driven_amplitude(rod.frequency) * -np.expm1(-w * run.time / (2.0 * quality)) * 1e3
    for sign in (1.0, -1.0):
        growth.plot(run.time, sign * envelope, color=COLOURS[1], ls="--", lw=1.2)
    growth.set(xlabel="time [s]", ylabel="angle [mrad]", xlim=(0.0, 100.0))
    growth.set_title(f"10 cm of iron on a fibre, 1 Hz, Q = {quality:g}")
    frequencies = np.linspace(0.95, 1.05, 301)
    curve.plot(frequencies, rod.driven_amplitude(frequencies) * 1e3, color=COLOURS[1], label="closed form")
    print("f [Hz]  amplitude [mrad]  g'")
    for i, f in enumerate((0.96, 0.98, 0.99, 1.0, 1.01, 1.02, 1.04)):
        amplitude = simulated_amplitude(rod, f)
        curve.plot(
            f, amplitude * 1e3, "o", color=COLOURS[0], mfc="white", label="simulated" if i == 0 else None
        )
        if f == 1.0:
            exchanged = resonance_angular_momentum(amplitude, rod.inertia, rod.frequency, quality)
            found = magnetomechanical_ratio_from(rod.moment, exchanged)
            curve.text(1.012, amplitude * 1e3 * 0.9, f"g' = {found:.4f}\nput in: {G_PRIME}")
            print(f"{f:6.2f}  {amplitude * 1e3:.5f}           {found:.5f}")
        else:
            print(f"{f:6.2f}  {amplitude * 1e3:.5f}")
    curve.set(xlabel="frequency of the moment [Hz]", ylabel="amplitude [mrad]", xlim=(0.95, 1.05))
    curve.set_ylim(0.0, 28.0)
    curve.legend(loc="upper left", fontsize=8)
    curve.set_title("amplitude of the steady swing")


def simulated_amplitude(rod: HangingRod, frequency: float) -> float:
    """Return the amplitude at the frequency of the drive, once the swing is steady."""
    w = 2.0 * math.pi * frequency
    run = rod.swing(lambda t: rod.moment * np.sin(w * t), 300.0 / frequency, 0.0025 / frequency)
    last = slice(-4000, None)  # ten periods
    return 2.0 * abs(np.mean(run.angle[last] * np.exp(-1j * w * run.time[last])))


def main() -> None:
    """Print and draw."""
    with style():
        figure, axes = plt.subplots(2, 2, figsize=(9.4, 7.0), layout="constrained")
        draw_reversal(*axes[0])
        draw_resonance(*axes[1])
        figure.suptitle("Einstein and de Haas: moments carry angular momentum")
        figure.savefig(HERE / "dynamics_einstein_de_haas.png", dpi=130)


if __name__ == "__main__":
    main()
