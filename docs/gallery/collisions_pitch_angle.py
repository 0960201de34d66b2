"""Draw how collisions spread a beam over all pitch angles and so break mu: three methods on one picture.

Run it from the root of the repository, `python docs/gallery/collisions_pitch_angle.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Electrons of 1 keV start at a pitch angle of 40 degrees in a field of 1 T among protons, 1e19 a cubic metre, taken as
heavy and at rest: df/dt = nu d/dxi[(1 - xi^2) df/dxi]. Their speed stays, mu = (m v^2/2B)(1 - xi^2) does not.
"""

from __future__ import annotations

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import e, m_e
from magneton.orbits.collisions import (
    FiniteVolumeScattering,
    LegendreScattering,
    coulomb_deflection_rate,
    mu_relaxation,
    scatter,
)
from magneton.plot.style import BAND, COLOURS, DASHES, style

HERE = Path(__file__).parent
ENERGY, FIELD, DENSITY, COULOMB_LOG = 1e3 * float(e), 1.0, 1e19, 15.0  # J, T, 1/m^3
SPEED = math.sqrt(2.0 * ENERGY / m_e)
PITCH = math.radians(40.0)
NU = float(coulomb_deflection_rate(-e, m_e, SPEED, DENSITY, 1, COULOMB_LOG))
PARTICLES, BINS = 200_000, 50
DEPTHS = [0.01, 0.05, 0.2, 1.0]  # nu t
UNIT = ENERGY / FIELD  # m v^2/2B, J/T


def beam_of_velocities() -> np.ndarray:
    """Return velocities at the pitch angle of the beam about B along z, all at one gyrophase, which does not matter."""
    return np.tile([SPEED * math.sin(PITCH), 0.0, SPEED * math.cos(PITCH)], (PARTICLES, 1))


def sampled(depth: float) -> np.ndarray:
    """Return cosines of the pitch angles of the ensemble after a time of `depth`/nu."""
    return scatter(beam_of_velocities(), NU, depth / NU, rng=1)[:, 2] / SPEED


def draw_distributions(axes: plt.Axes) -> None:
    """Draw f(xi) at a few times by polynomials, cells and ensemble; print how far they are apart."""
    exact, cells = LegendreScattering(NU, degree=120), FiniteVolumeScattering(NU, 400)
    xi, edges = np.linspace(-1.0, 1.0, 801), np.linspace(-1.0, 1.0, BINS + 1)
    width = 2.0 / BINS
    print("  t [s]    cells - polynomials, largest   chi^2 of the ensemble per bin   truncation below")
    for i, depth in enumerate(DEPTHS):
        time = depth / NU
        coefficients = exact.advance(exact.beam(math.cos(PITCH)), time)
        f = cells.advance(cells.beam(math.cos(PITCH)), time)
        counts = np.histogram(sampled(depth), edges)[0]
        series = np.polynomial.legendre.Legendre(coefficients).integ()
        expected = PARTICLES * np.diff(series(edges))
        seen = expected > 20.0
        chi2 = ((counts - expected)[seen] ** 2 / expected[seen]).mean()
        apart = np.abs(f - exact.evaluate(coefficients, cells.centres)).max() / f.max()
        print(f"{time:.2e} {apart:22.1e} {chi2:30.2f} {exact.truncation_error(1.0, time):24.0e}")
        label = rf"{1e6 * time:.3g} $\mu$s"
        axes.plot(xi, exact.evaluate(coefficients, xi), color=COLOURS[i], linestyle=DASHES[0], label=label)
        axes.plot(cells.centres[4::16], f[4::16], "s", color=COLOURS[i], ms=5, mfc="none", mew=1.2)
        axes.errorbar(
            0.5 * (edges[1:] + edges[:-1]),
            counts / (PARTICLES * width),
            np.sqrt(np.maximum(counts, 1)) / (PARTICLES * width),
            fmt=".",
            color=COLOURS[i],
            ms=5,
        )
    axes.plot([], [], "-", color="black", label="Legendre polynomials")
    axes.plot([], [], "s", color="black", ms=5, mfc="none", label="finite volumes")
    axes.errorbar([], [], [], fmt=".", color="black", ms=5, label=f"ensemble of {PARTICLES:,}")
    axes.axvline(math.cos(PITCH), color="#888888", linewidth=0.8)
    axes.set_xlim(-1.0, 1.0)
    axes.set_ylim(0.0, None)
    axes.set_xlabel(r"$\xi = \cos$(pitch angle)")
    axes.set_ylabel(r"density over $\xi$, one particle in all")
    axes.legend(loc="upper left", title="after")


def draw_mu(axes: plt.Axes) -> None:
    """Draw mean and spread of mu against time: closed form and ensemble."""
    times = np.linspace(0.0, 0.8, 200) / NU
    mean, deviation = mu_relaxation(times, NU, PITCH)
    axes.fill_between(
        1e6 * times,
        (mean - deviation) * UNIT,
        (mean + deviation) * UNIT,
        color=BAND,
        alpha=0.3,
        linewidth=0.0,
        label="mean $\\pm$ standard deviation",
    )
    axes.plot(1e6 * times, mean * UNIT, color=COLOURS[0], label="closed form")
    for depth in np.linspace(0.05, 0.75, 8):
        mu = UNIT * (1.0 - sampled(depth) ** 2)
        axes.errorbar(1e6 * depth / NU, mu.mean(), mu.std(), fmt="o", color=COLOURS[1], ms=4, capsize=3)
    axes.errorbar([], [], [], fmt="o", color=COLOURS[1], ms=4, capsize=3, label="ensemble")
    axes.axhline(2.0 / 3.0 * UNIT, color="#888888", linewidth=0.8)
    axes.text(1.0, 0.675 * UNIT, r"isotropic: $m v^2/3B$", va="bottom", color="#444444")
    axes.set_xlim(0.0, 1e6 * times[-1])
    axes.set_ylim(0.0, UNIT)
    axes.set_xlabel(r"time [$\mu$s]")
    axes.set_ylabel(r"$\mu$ [J/T]")
    axes.legend(loc="lower right")


def main() -> None:
    """Print the table and draw the picture."""
    print(f"nu = {NU:.4g} 1/s; mu relaxes at 6 nu = {6 * NU:.4g} 1/s; m v^2/2B = {UNIT:.4g} J/T")
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 4.6), layout="constrained")
        draw_distributions(left)
        draw_mu(right)
        figure.suptitle(
            rf"Collisions break $\mu$: electrons of 1 keV from 40°, 1 T, $10^{{19}}$ m$^{{-3}}$, "
            rf"$\nu$ = {NU:.0f} s$^{{-1}}$"
        )
        figure.savefig(HERE / "collisions_pitch_angle.png", dpi=130)


if __name__ == "__main__":
    main()
