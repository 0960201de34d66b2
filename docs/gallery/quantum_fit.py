"""Draw fits of susceptibility and magnetization: a nickel ion's g and D, a copper dimer's g and J.

Run it from the root of the repository, `python docs/gallery/quantum_fit.py`; it needs matplotlib, prints the
parameters with their uncertainties and writes a picture beside itself.

The data are made, with noise of a known size, from g = 2.2 and D = 5 cm^-1, and from g = 2.16, 2 J = -296 cm^-1
(copper acetate's splitting, H = -2 J S1.S2) with 1 per cent of paramagnetic impurity.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.constants import mu_B
from magneton.plot.style import COLOURS, style
from magneton.quantum import (
    Levels,
    MagnetismFit,
    MeasuredMagnetization,
    MeasuredSusceptibility,
    energy_from,
    exchange_dimer,
    fit_magnetism,
    fit_susceptibility,
    spin_hamiltonian,
)

HERE = Path(__file__).parent
CM = energy_from(1.0, "cm^-1")
WARM, COLD = np.linspace(20.0, 300.0, 50), np.geomspace(2.0, 300.0, 40)
FIELDS, BATHS = np.linspace(0.5, 7.0, 14), [2.0, 4.0, 8.0]


def axial_powder_moment(levels: Levels, B: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return the mean moment along the field of a powder with axial symmetry about z, in J/T."""
    x, w = np.polynomial.legendre.leggauss(24)
    directions = np.stack([np.sqrt(1.0 - x * x), 0.0 * x, x], axis=1)
    m = levels.moment(B[:, None, None] * directions, temperature[:, None])
    return 0.5 * np.einsum("mdx,dx,d->m", m, directions, w)


def nickel() -> tuple[MagnetismFit, list[Any]]:
    """Return the fit to chi T and M(B) of a nickel ion at once, and the data."""
    rng = np.random.default_rng(2)
    levels = spin_hamiltonian(1.0, g=2.2, D=5.0 * CM)
    B, T = (each.ravel() for each in np.meshgrid(FIELDS, BATHS))
    sigma, spread = 1.5e-7, 0.02 * float(mu_B)
    chi_T = levels.molar_susceptibility(COLD) * COLD + sigma * rng.normal(size=len(COLD))
    moment = axial_powder_moment(levels, B, T) + spread * rng.normal(size=len(B))
    data = [
        MeasuredSusceptibility(COLD, chi_T=chi_T, uncertainties=sigma),
        MeasuredMagnetization(B, T, moment, uncertainties=spread),
    ]
    return fit_magnetism(partial(spin_hamiltonian, 1.0), data, start={"g": 2.0, "D": 2.0 * CM}), data


def copper() -> tuple[MagnetismFit, np.ndarray]:
    """Return the fit to chi of a copper dimer with an impurity, and the data."""
    rng, sigma = np.random.default_rng(3), 2e-10
    chi = 0.99 * exchange_dimer(0.5, 0.5, -148.0 * CM, g=2.16).molar_susceptibility(WARM)
    chi += 0.01 * spin_hamiltonian(0.5).molar_susceptibility(WARM) + sigma * rng.normal(size=len(WARM))
    start = {"g": 2.0, "J": -100.0 * CM, "impurity": 0.03}
    return fit_susceptibility(
        partial(exchange_dimer, 0.5, 0.5), WARM, chi=chi, start=start, uncertainties=sigma
    ), chi


def shown(found: MagnetismFit) -> str:
    """Return the parameters with their uncertainties, energies in cm^-1."""
    lines = []
    for name, value in found.parameters.items():
        unit, said = (CM, " cm$^{-1}$") if name in ("D", "J") else (1.0, "")
        error = found.uncertainties[name] / unit
        digits = max(1 - int(np.floor(np.log10(error))), 0)
        lines.append(f"{name} = {value / unit:.{digits}f} $\\pm$ {error:.{digits}f}{said}")
    return "\n".join([*lines, f"reduced $\\chi^2$ = {found.reduced_chi_squared:.2f}"])


def draw(axes: Any) -> None:
    """Draw data and fits, and print the parameters."""
    found, (chi, moments) = nickel()
    axes[0].semilogx(COLD, 1e6 * chi.chi_T, "o", ms=3.5, color=COLOURS[0])
    axes[0].semilogx(COLD, 1e6 * found.calculated[0], color=COLOURS[1])
    axes[0].set(title="nickel, S = 1: $\\chi T$", ylabel="10$^{-6}$ m$^3$ K/mol", xlabel="T [K]")
    for k, T in enumerate(BATHS):
        part = slice(k * len(FIELDS), (k + 1) * len(FIELDS))
        axes[1].plot(FIELDS, moments.moment[part] / float(mu_B), "o", ms=3.5, color=COLOURS[0])
        axes[1].plot(FIELDS, found.calculated[1][part] / float(mu_B), color=COLOURS[1])
        axes[1].text(7.1, found.calculated[1][part][-1] / float(mu_B), f"{T:g} K", va="center")
    axes[1].set(title="the same: moment of a powder", ylabel="$\\mu_B$", xlabel="B [T]", xlim=(0.0, 7.9))
    axes[0].text(0.95, 0.08, shown(found), transform=axes[0].transAxes, ha="right", va="bottom", fontsize=8)
    dimer, measured = copper()
    axes[2].plot(WARM, 1e9 * measured, "o", ms=3.5, color=COLOURS[0], label="data with noise")
    axes[2].plot(WARM, 1e9 * dimer.calculated[0], color=COLOURS[1], label="fit")
    axes[2].set(title="copper dimer: $\\chi$", ylabel="10$^{-9}$ m$^3$/mol", xlabel="T [K]", ylim=(0.0, None))
    axes[2].text(0.98, 0.06, shown(dimer), transform=axes[2].transAxes, ha="right", va="bottom", fontsize=8)
    axes[2].legend(loc="center right", bbox_to_anchor=(1.0, 0.58))
    print(shown(found), shown(dimer), sep="\n\n")


def main() -> None:
    """Fit, print and draw."""
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(11.4, 3.9), layout="constrained")
        draw(axes)
        figure.savefig(HERE / "quantum_fit.png", dpi=130)


if __name__ == "__main__":
    main()
