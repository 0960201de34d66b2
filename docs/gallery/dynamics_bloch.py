"""Draw what Bloch's equations do: a pulse off resonance, free induction with an echo, spectra.

Run it from the root of the repository, `python docs/gallery/dynamics_bloch.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

To the left M of protons under a constant B1 of 90 degrees' angle a millisecond, on the unit sphere: on resonance it
falls straight to +y, off resonance it turns about the effective field, and with relaxation it ends in Bloch's steady
state. In the middle the mean of 2000 isochromats with a Gaussian line: their free induction is gone after a few
milliseconds, and comes back as an echo that only T2 has weakened. To the right the spectrum of three lines, in ppm.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.dynamics import Acquire, Bloch, Pulse, chemical_shift, free_induction, isochromats, spectrum
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
ECHO_TIME, T2, WIDTH = 40e-3, 60e-3, 120.0
B0 = 3.0


def draw_sphere(axes: Any) -> None:
    """Draw nutation on the sphere."""
    u = np.linspace(0.0, 2.0 * math.pi, 97)
    for z in np.cos(np.linspace(0.0, math.pi, 7))[1:-1]:
        r = math.sqrt(1.0 - z * z)
        axes.plot(r * np.cos(u), r * np.sin(u), z, color="#CCCCCC", lw=0.5)
    for phi in np.linspace(0.0, math.pi, 7)[:-1]:
        axes.plot(np.sin(u) * math.cos(phi), np.sin(u) * math.sin(phi), np.cos(u), color="#CCCCCC", lw=0.5)
    B1 = 0.25e3 / 42.577478e6
    time = np.linspace(0.0, 1e-3, 200)
    for offset, colour, dash in zip((0.0, 250.0, 500.0), COLOURS, DASHES, strict=False):
        path = Bloch().driven([0.0, 0.0, 1.0], time, B1, offset=offset)
        axes.plot(*path.T, color=colour, ls=dash, label=f"{offset:.0f} Hz off")
    relaxing = Bloch(T1=4e-3, T2=3e-3)
    path = relaxing.driven([0.0, 0.0, 1.0], np.linspace(0.0, 30e-3, 900), B1, offset=100.0)
    axes.plot(*path.T, color=COLOURS[3], lw=1.0, label="100 Hz off, relaxing")
    axes.plot(*relaxing.steady_state(B1, offset=100.0)[:, None], "o", ms=4, color=COLOURS[3])
    for name, place in {"x": (1.3, 0, 0), "y": (0, 1.25, 0), "z": (0, 0, 1.2)}.items():
        axes.text(*place, name)
    axes.view_init(22, 38)
    axes.set_box_aspect((1, 1, 1), zoom=1.35)
    axes.set_axis_off()
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.05), ncols=2)
    axes.set_title("nutation, B1 along x")


def draw_echo(axes: Any) -> None:
    """Draw free induction and echo."""
    count = 600
    dwell = 0.5 * ECHO_TIME / count
    sequence = [
        Pulse(0.5 * math.pi),
        Acquire(count, dwell),
        Pulse(math.pi, 0.5 * math.pi),
        Acquire(3 * count, dwell),
    ]
    run = Bloch(T1=1.0, T2=T2).play(sequence, offset=isochromats(2000, WIDTH, shape="gaussian"))
    t = 1e3 * run.time
    axes.plot(t, abs(run.signal), color=COLOURS[0], label="mean of 2000 isochromats")
    axes.plot(t, np.exp(-run.time / T2), color=COLOURS[1], ls="--", lw=1.0, label="exp(-t/T2)")
    theory = abs(free_induction(run.time, T2, width=WIDTH, shape="gaussian"))
    axes.plot(t[:count:24], theory[:count:24], "o", ms=3, color=COLOURS[2], label="closed form")
    axes.axvline(0.5e3 * ECHO_TIME, color="#555555", lw=0.8)
    axes.text(0.5e3 * ECHO_TIME + 1.0, 0.93, "180°")
    axes.set_xlabel("t [ms]")
    axes.set_ylabel("signal over $M_0$")
    axes.set_xlim(0.0, 2e3 * ECHO_TIME)
    axes.set_ylim(0.0, 1.03)
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.9))
    axes.set_title("free induction and Hahn's echo")
    top = run.signal[np.argmin(abs(run.time - ECHO_TIME))]
    print(f"echo {abs(top):.6f}, exp(-TE/T2) {math.exp(-ECHO_TIME / T2):.6f}")


def draw_spectrum(axes: Any) -> None:
    """Draw a spectrum of three lines."""
    proton = Bloch()
    ppm, amplitude = np.array([1.2, 3.6, 5.1]), np.array([3.0, 2.0, 1.0])
    offsets = proton.offset_of(1e-6 * ppm * B0)
    signal = free_induction(2e-4 * np.arange(8192), 0.06, offset=offsets, amplitude=amplitude)
    line = spectrum(signal, 2e-4)
    shift = chemical_shift(line.frequency, B0)
    axes.plot(shift, line.amplitude.real, color=COLOURS[0], label="absorption")
    axes.plot(shift, line.amplitude.imag, color=COLOURS[1], ls="--", lw=1.0, label="dispersion")
    axes.plot(ppm, 0.06 * amplitude, "x", color=COLOURS[2], label="$A\\,T_2$")
    axes.set_xlim(6.2, 0.0)
    axes.set_xlabel("chemical shift [ppm], 3 T")
    axes.set_ylabel("spectrum [s]")
    axes.legend(loc="upper left")
    axes.set_title("spectrum, 3 : 2 : 1")


def main() -> None:
    """Compute, print and draw."""
    with style():
        figure = plt.figure(figsize=(12.0, 4.2), layout="constrained")
        draw_sphere(figure.add_subplot(1, 3, 1, projection="3d"))
        draw_echo(figure.add_subplot(1, 3, 2))
        draw_spectrum(figure.add_subplot(1, 3, 3))
        figure.suptitle("Bloch's equations")
        figure.savefig(HERE / "dynamics_bloch.png", dpi=130)


if __name__ == "__main__":
    main()
