"""Draw the errors of the pushers against the step, beside the adaptive method, and the force-free test.

Run it from the root of the repository, `python docs/gallery/orbits_pushers.py`; it needs matplotlib, prints the
slopes and writes a picture beside itself.

The pushers are of second order in position and velocity at the same time. In a magnetic field alone they are nearly
one; across an electric field they are not. A relativistic electron on which E = -v x B leaves no force goes straight
ahead with Vay's and with Higuera and Cary's steps, and is bent by Boris'.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton import Dipole, UniformField, orbits
from magneton.constants import c
from magneton.orbits.fields import UniformE
from magneton.plot.style import COLOURS, style

HERE = Path(__file__).parent
LOOKS = {
    "boris": {"color": COLOURS[0], "marker": "o", "ms": 6.5, "mfc": "white"},
    "vay": {"color": COLOURS[1], "marker": "s", "ms": 4.5},
    "higuera-cary": {"color": COLOURS[2], "marker": "^", "ms": 4.5},
}
NAMES = {"boris": "Boris", "vay": "Vay", "higuera-cary": "Higuera-Cary"}
Start = tuple[Any, Any, Any, float]  # field, position, velocity, duration
BOUNCE: Start = (Dipole([0.0, 0.0, -8e22]), [2.5484e7, 0.0, 0.0], [1e6, 3e7, 3e7], 1.2)
CROSSED: Start = (
    UniformField([0.0, 0.0, 1e-3]) + UniformE([0.0, 1.5e5, 0.0]),
    [0.0, 0.0, 0.0],
    [1e8, -5e7, 1e8],
    6e-4,
)


def turns(start: Start, exact: Any) -> float:
    """Return how often the particle gyrates."""
    rate = np.abs(orbits.gyrofrequency("proton", exact.B, exact.velocity))
    return float(np.trapezoid(rate, exact.time)) / (2.0 * np.pi)


def draw_errors(axes: plt.Axes, start: Start, title: str) -> None:
    """Draw errors of the last position (lines) and velocity (dotted) against the steps a gyration."""
    field, x, v, duration = start
    exact = orbits.trace(field, "proton", x, v, duration, rtol=1e-15)
    count, way = turns(start, exact), np.linalg.norm(exact.velocity[-1]) * duration
    pace = np.linalg.norm(exact.velocity[-1])

    def errors(orbit: Any) -> tuple[float, float]:
        place = np.linalg.norm(orbit.position[-1] - exact.position[-1]) / way
        return place, np.linalg.norm(orbit.velocity[-1] - exact.velocity[-1]) / pace

    steps = (count * np.geomspace(20, 5000, 9)).astype(int)
    for method, look in LOOKS.items():
        found = np.array(
            [
                errors(
                    orbits.trace(
                        field, "proton", x, v, duration, method=method, dt=duration / n, times=[duration]
                    )
                )
                for n in steps
            ]
        )
        axes.loglog(steps / count, found[:, 0], lw=1.2, label=NAMES[method], **look)
        axes.loglog(steps / count, found[:, 1], lw=0.9, ls=":", color=look["color"])
        slopes = np.polyfit(np.log(steps[3:]), np.log(found[3:]), 1)[0]
        print(
            f"{title.split(',')[0]}: {NAMES[method]:12s} "
            f"order in position {-slopes[0]:.3f}, in velocity {-slopes[1]:.3f}"
        )
    runs = [orbits.trace(field, "proton", x, v, duration, rtol=10.0**-k) for k in range(4, 14)]
    found = np.array([errors(run) for run in runs])
    steps = np.array([run.step_count for run in runs])
    axes.loglog(steps / count, found[:, 0], "D-", lw=1.2, ms=4, color=COLOURS[3], label="DOP853")
    axes.loglog(steps / count, found[:, 1], lw=0.9, ls=":", color=COLOURS[3])
    axes.set_ylim(1e-15, 10.0)
    axes.set_title(title)
    axes.set_xlabel("steps a gyration")


def draw_force_free(axes: plt.Axes) -> None:
    """Draw the distance from the straight line of an electron on which no force acts."""
    v = c * np.sqrt(1.0 - 1.0 / 20.0**2) * np.array([1.0, 0.0, 0.0])
    B, dt, steps = np.array([0.0, 0.0, 1.0]), 1e-10, 10_000
    field = UniformField(B) + UniformE(-np.cross(v, B))
    times = dt * np.unique(np.geomspace(1, steps, 60).astype(int))
    for method, look in LOOKS.items():
        orbit = orbits.trace(field, "electron", np.zeros(3), v, steps * dt, method=method, dt=dt, times=times)
        away = np.linalg.norm(orbit.position - np.outer(times, v), axis=1)
        line = "-" if method == "boris" else ""
        axes.loglog(1e9 * times, np.maximum(away, 1e-16), ls=line, lw=1.0, markevery=3, **look)
        print(f"force-free: {NAMES[method]:12s} {away[-1]:.3g} m off the line after {c * times[-1]:.0f} m")
    axes.set_ylim(1e-16, 10.0)
    axes.set_xlabel("time [ns]")
    axes.set_ylabel("off the straight line [m]")
    axes.set_title("no force: electron, γ = 20,\nE = -v x B, steps of 0.1 ns")


def main() -> None:
    """Draw the picture."""
    with style():
        figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11.4, 4.4), layout="constrained")
        draw_errors(left, BOUNCE, "10 MeV proton in a dipole,\na bounce")
        draw_errors(middle, CROSSED, "proton across E and B,\nE/B = c/2, seven gyrations")
        left.set_ylabel("error at the end, relative\n(dotted: of the velocity)")
        draw_force_free(right)
        right.text(
            0.1, 2e-14, "Vay, Higuera-Cary: straight to rounding\n(at the bottom: exactly)", va="bottom"
        )
        left.legend(loc="lower right")
        figure.savefig(HERE / "orbits_pushers.png", dpi=130)


if __name__ == "__main__":
    main()
