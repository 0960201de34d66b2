"""Draw the Earth's moment through a century, from simulated samples of its field, with uncertainties.

Run it from the root of the repository, `python docs/gallery/estimation_earth.py`; it needs matplotlib, prints a table
and writes a picture beside itself.

At each epoch 250 places on a shell at 450 km read the IGRF with a noise of 30 nT; `fit_multipoles` finds the Gauss
coefficients of degrees 1 to 10, to which the model is cut.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import magneton as mg
from magneton.estimation import MomentEstimate, fit_multipoles
from magneton.plot.style import COLOURS, style

HERE = Path(__file__).parent
RADIUS, SHELL = 6371.2e3, 6821.2e3  # m
NOISE, DEGREE, PLACES = 30e-9, 10, 250
EPOCHS = range(1900, 2026, 5)


def measured(year: int) -> tuple[MomentEstimate, float]:
    """Return the estimate of an epoch, and the moment of the model."""
    model = mg.earth(f"{year}-01-01")
    rng = np.random.default_rng(year)
    places = rng.normal(size=(PLACES, 3))
    places *= SHELL / np.linalg.norm(places, axis=1)[:, None]
    B = model.truncated(DEGREE).B(places) + NOISE * rng.normal(size=places.shape)
    estimate = fit_multipoles(places, B, DEGREE, noise=NOISE, radius=RADIUS)
    return estimate, float(np.linalg.norm(model.moment))


def main() -> None:
    """Print and draw."""
    found = [measured(year) for year in EPOCHS]
    years = np.array(EPOCHS)
    m, std = np.array([[fit.magnitude, fit.magnitude_std] for fit, _ in found]).T
    true = np.array([moment for _, moment in found])
    for row in zip(years, m, std, true, strict=True):
        print("{:d}  {:.5e} +- {:.1e}  IGRF {:.5e} A m^2".format(*row))
    print(f"chi-square of {len(years)} epochs: {np.sum(((m - true) / std) ** 2):.1f}")
    with style():
        figure, (upper, lower) = plt.subplots(
            2, 1, figsize=(7.5, 5.6), sharex=True, height_ratios=(2, 1), layout="constrained"
        )
        upper.plot(years, true * 1e-22, color=COLOURS[0], label="IGRF-14")
        upper.plot(years, m * 1e-22, "o", ms=4, color=COLOURS[1], label="from 250 samples")
        upper.set_ylabel(r"moment [$10^{22}$ A m$^2$]")
        upper.legend()
        lower.axhline(0.0, color=COLOURS[0])
        lower.errorbar(years, (m / true - 1.0) * 1e6, std / true * 1e6, fmt="o", ms=4, color=COLOURS[1])
        lower.set_ylabel("difference [ppm]")
        lower.set_xlabel("year")
        figure.suptitle("The Earth's magnetic moment, measured")
        figure.savefig(HERE / "estimation_earth.png", dpi=130)


if __name__ == "__main__":
    main()
