"""Draw how fast collisions empty a magnetic mirror: against the mirror ratio, and from weak to strong scattering.

Run it from the root of the repository, `python docs/gallery/collisions_loss_cone.py`; it needs matplotlib, prints
a table and writes a picture beside itself. It takes about a minute.

Electrons of 1 keV scatter at the rate nu. To the left nu is that of 1e19 protons a cubic metre, and whoever enters the
loss cone is lost at once. To the right nu varies, and an electron has to reach the end of a flat field of 2 m between
two steep mirrors: with much scattering the cone stays full, and the life time goes no lower than 2 R L/v. The sum
of the two limits is no theory, only a curve that has both.
"""

from __future__ import annotations

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import e, m_e
from magneton.orbits.collisions import (
    FiniteVolumeScattering,
    coulomb_deflection_rate,
    first_passage_times,
    loss_cone_decay_rate,
    mean_escape_time,
    scatter_pitch_cosine,
    strong_diffusion_time,
)
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
SPEED = math.sqrt(2e3 * float(e) / m_e)  # m/s
NU = float(coulomb_deflection_rate(-e, m_e, SPEED, 1e19, 1, 15.0))  # 1/s
RATIOS = [1.5, 3.0, 10.0, 30.0, 100.0, 300.0]
WELL, WELL_RATIO = 2.0, 30.0  # m
DEPTHS = np.geomspace(1e-3, 1.0, 9)  # nu L/v


def decay_between(early: int, late: int, time: float) -> tuple[float, float]:
    """Return a rate of decay and its standard error from how many are left at two times."""
    return math.log(early / late) / time, math.sqrt(1.0 / late - 1.0 / early) / time


def sampled_rate(ratio: float, particles: int = 10_000) -> tuple[float, float]:
    """Return the late escape rate of an ensemble and its standard error."""
    scale = 1.0 / loss_cone_decay_rate(ratio, NU)
    times = first_passage_times(np.zeros(particles), NU, 2.5 * scale, ratio, rng=5)
    early, late = (int((times > x * scale).sum()) for x in (0.7, 2.2))
    return decay_between(early, late, 1.5 * scale)


def life_in_a_well(depth: float, particles: int = 3000) -> tuple[float, float]:
    """Return the late rate of loss, and its error, from a flat field between two mirrors; nu L/v is `depth`."""
    rng = np.random.default_rng(7)
    cone = math.sqrt(1.0 - 1.0 / WELL_RATIO)
    step = 0.1 * WELL / SPEED
    nu = depth * SPEED / WELL
    guess = float(mean_escape_time(WELL_RATIO, nu) + strong_diffusion_time(WELL_RATIO, WELL, SPEED))
    z, xi = rng.uniform(0.0, WELL, particles), rng.uniform(-cone, cone, particles)
    left = []
    for _ in range(int(2.0 * guess / step)):
        z = z + SPEED * step * xi
        beyond = (z < 0.0) | (z > WELL)
        held = ~(beyond & (np.abs(xi) > cone))
        z, xi, beyond = z[held], xi[held], beyond[held]
        z = np.where(beyond, np.where(z < 0.0, -z, 2.0 * WELL - z), z)
        xi = scatter_pitch_cosine(np.where(beyond, -xi, xi), nu, step, rng)
        left.append(len(z))
    first = len(left) // 4
    return decay_between(left[first], left[-1], (len(left) - 1 - first) * step)


def draw_ratios(axes: plt.Axes) -> None:
    """Draw the rate against the mirror ratio, by eigenvalue, cells, ensemble and the law of high ratios."""
    drawn = np.geomspace(1.2, 1000.0, 200)
    exact = [loss_cone_decay_rate(R, NU) for R in drawn]
    axes.loglog(drawn, exact, color=COLOURS[0], label="zero of a Legendre function")
    high = drawn[drawn > 4.0]
    axes.loglog(
        high,
        NU / (0.5 * np.log(4.0 * high) - 1.0),
        color=COLOURS[1],
        linestyle=DASHES[1],
        label=r"$\nu/[\ln(4R)/2 - 1]$",
    )
    print("    R   eigenvalue [1/s]   cells/eigenvalue - 1   ensemble [1/s]")
    for R in RATIOS:
        rate, cells = loss_cone_decay_rate(R, NU), FiniteVolumeScattering(NU, 200, mirror_ratio=R)
        found, error = sampled_rate(R)
        print(f"{R:5g} {rate:14.6g} {cells.decay_rates[0] / rate - 1:22.1e} {found:16.0f} +- {error:.0f}")
        axes.loglog(R, cells.decay_rates[0], "s", color=COLOURS[2], ms=9, mfc="none")
        axes.errorbar(R, found, error, fmt=".", color=COLOURS[6], ms=5, capsize=3)
    axes.plot([], [], "s", color=COLOURS[2], ms=9, mfc="none", label="finite volumes, 200 cells")
    axes.errorbar([], [], [], fmt=".", color=COLOURS[6], ms=5, capsize=3, label="ensemble of 10,000")
    axes.axhline(NU, color="#888888", linewidth=0.8)
    axes.text(1.25, 1.07 * NU, r"$\nu$", color="#666666")
    axes.set_xlabel(r"mirror ratio $R = B_{max}/B_{min}$")
    axes.set_ylabel("escape rate [1/s]")
    axes.set_title("weak scattering")
    axes.legend()


def draw_regimes(axes: plt.Axes) -> None:
    """Draw the life time in a well against nu, with both limits."""
    nu = DEPTHS * SPEED / WELL
    wide = np.geomspace(nu[0] / 1.5, nu[-1] * 1.5, 100)
    weak = 1.0 / np.array([loss_cone_decay_rate(WELL_RATIO, n) for n in wide])
    strong = float(strong_diffusion_time(WELL_RATIO, WELL, SPEED))
    axes.loglog(wide, 1e6 * weak, color=COLOURS[0], linestyle=DASHES[1], label="weak: 1/eigenvalue")
    axes.axhline(1e6 * strong, color=COLOURS[2], linestyle=DASHES[2], label=r"strong: $2 R L/v$")
    axes.loglog(wide, 1e6 * (weak + strong), color="#888888", linewidth=1.0, label="their sum")
    print(" nu [1/s]   life time [s]        weak + strong [s]")
    for rate, depth in zip(nu, DEPTHS, strict=True):
        loss, error = life_in_a_well(float(depth))
        total = 1.0 / loss_cone_decay_rate(WELL_RATIO, rate) + strong
        print(f"{rate:9.3g} {1.0 / loss:12.3e} +- {error / loss**2:.0e} {total:18.3e}")
        axes.errorbar(rate, 1e6 / loss, 1e6 * error / loss**2, fmt="o", color=COLOURS[1], ms=4, capsize=3)
    axes.errorbar([], [], [], fmt="o", color=COLOURS[1], ms=4, capsize=3, label="ensemble of 3000")
    axes.set_xlim(wide[0], wide[-1])
    axes.set_ylim(2e6 * strong / 5.0, None)
    axes.set_xlabel(r"scattering rate $\nu$ [1/s]")
    axes.set_ylabel(r"life time [$\mu$s]")
    axes.set_title(f"from weak to strong: R = {WELL_RATIO:g}, L = {WELL:g} m")
    axes.legend()


def main() -> None:
    """Print the tables and draw the picture."""
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 4.6), layout="constrained")
        draw_ratios(left)
        draw_regimes(right)
        figure.suptitle("Collisions empty a magnetic mirror: electrons of 1 keV")
        figure.savefig(HERE / "collisions_loss_cone.png", dpi=130)


if __name__ == "__main__":
    main()
