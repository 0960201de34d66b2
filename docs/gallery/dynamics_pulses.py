"""Draw what pulses select: the profile of a slice under a hard, a Gaussian and a sinc pulse, and its refocusing.

Run it from the root of the repository, `python docs/gallery/dynamics_pulses.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Protons along a line in a gradient of 10 mT/m are turned by 90 degrees. The transverse magnetization that a sinc
pulse leaves is that of a slice with sharp edges, but its phase runs along the slice; the gradient reversed for half as
long all but brings it together. The Fourier transform of the pulse, good for small angles, is drawn beside.
"""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import constants
from magneton.dynamics import Bloch, Delay, ShapedPulse, gaussian_pulse, sinc_pulse
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
GRADIENT, DURATION, PRODUCT = 10e-3, 3e-3, 6.0
QUARTER = 0.5 * math.pi
GAMMA = float(constants.gamma_p)
TISSUE = Bloch(T1=1.0, T2=0.1)


def pulses() -> dict[str, ShapedPulse]:
    """Return three pulses of the same angle and length."""
    G = [0.0, 0.0, GRADIENT]
    return {
        "hard": ShapedPulse([QUARTER / (GAMMA * DURATION)], DURATION, G),
        "Gaussian": gaussian_pulse(QUARTER, DURATION, gradient=G),
        "sinc, Hamming": sinc_pulse(QUARTER, DURATION, time_bandwidth=PRODUCT, gradient=G),
    }


def places(z: np.ndarray) -> np.ndarray:
    """Return points on the axis."""
    return z[:, None] * [0.0, 0.0, 1.0]


def draw_pulses(axes: Any) -> None:
    """Draw B1(t)."""
    for (name, pulse), colour, dash in zip(pulses().items(), COLOURS, DASHES, strict=False):
        middles = pulse.step * (np.arange(len(pulse.B1)) + 0.5)
        t = np.concatenate([[0.0, 0.0], middles, [pulse.duration] * 2])
        B1 = np.pad(np.pad(pulse.B1.real, 1, "edge"), 1)
        axes.plot(1e3 * t, 1e6 * B1, color=colour, ls=dash, label=name)
    axes.set_xlabel("t [ms]")
    axes.set_ylabel("B1 [µT]")
    axes.legend(loc="upper left")
    axes.set_title("three pulses of 90°")


def draw_profiles(axes: Any) -> None:
    """Draw the transverse magnetization along the line."""
    z = np.linspace(-12e-3, 12e-3, 20000)
    TISSUE.play(pulses()["hard"], positions=places(z[:1]))  # compiles, the first time
    print("pulse            width [mm]   isochromat-steps   time")
    for (name, pulse), colour, dash in zip(pulses().items(), COLOURS, DASHES, strict=False):
        started = time.perf_counter()
        M = TISSUE.play(pulse, positions=places(z)).magnetization
        taken = time.perf_counter() - started
        across = np.hypot(M[:, 0], M[:, 1])
        above = z[across > 0.5 * across.max()]
        count = len(z) * len(pulse.B1)
        print(f"{name:16} {1e3 * np.ptp(above):7.2f} {count:18} {1e3 * taken:12.1f} ms")
        axes.plot(1e3 * z, across, color=colour, ls=dash, label=name)
    slice_ = 1e3 * PRODUCT / DURATION * 2.0 * math.pi / (GAMMA * GRADIENT)
    axes.axvspan(-0.5 * slice_, 0.5 * slice_, color="#DDDDDD", alpha=0.5, lw=0)
    axes.set_xlabel("z [mm]")
    axes.set_ylabel("transverse M over $M_0$")
    axes.set_ylim(0.0, 1.18)
    axes.legend(loc="upper right")
    axes.set_title("profiles; grey: nominal slice")


def draw_refocusing(axes: Any) -> None:
    """Draw the components behind a sinc pulse, before and after the gradient is reversed."""
    z = np.linspace(-5e-3, 5e-3, 2001)
    pulse = pulses()["sinc, Hamming"]
    M = TISSUE.play(pulse, positions=places(z)).magnetization
    back = Delay(0.5 * DURATION, [0.0, 0.0, -GRADIENT])
    after = TISSUE.play(back, M, positions=places(z)).magnetization
    axes.plot(1e3 * z, M[:, 1], color=COLOURS[5], lw=0.8, label="$M_y$ behind the pulse")
    axes.plot(1e3 * z, after[:, 1], color=COLOURS[0], label="$M_y$, gradient reversed")
    axes.plot(1e3 * z, after[:, 0], color=COLOURS[1], ls="--", label="$M_x$, gradient reversed")
    t = pulse.step * (np.arange(len(pulse.B1)) + 0.5 - 0.5 * len(pulse.B1))
    small = GAMMA * pulse.step * np.cos(GAMMA * GRADIENT * np.multiply.outer(z, t)) @ pulse.B1.real
    axes.plot(1e3 * z, small / QUARTER, color=COLOURS[2], ls=":", label="Fourier transform of the pulse")
    axes.set_xlabel("z [mm]")
    axes.set_ylim(-1.1, 2.2)
    axes.set_yticks([-1.0, -0.5, 0.0, 0.5, 1.0])
    axes.legend(loc="upper center", ncols=1)
    axes.set_title("phase along the slice")


def main() -> None:
    """Compute, print and draw."""
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(12.0, 4.0), layout="constrained")
        draw_pulses(axes[0])
        draw_profiles(axes[1])
        draw_refocusing(axes[2])
        figure.suptitle("Selective pulses")
        figure.savefig(HERE / "dynamics_pulses.png", dpi=130)


if __name__ == "__main__":
    main()
