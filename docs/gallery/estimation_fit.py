"""Find a hidden magnet from the field at 16 sensors, and say how well its place and moment are known.

Run it from the root of the repository, `python docs/gallery/estimation_fit.py`; it needs matplotlib, prints a table and
writes a picture beside itself. `magneton fit examples/hidden_magnet.csv --background uniform` does the same.

The data are simulated by `examples/hidden_magnet.py`, with a disc of 8 mm diameter. The crosses say where it is; their
distance from the estimate is enlarged as the region is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from magneton import Cylinder
from magneton.estimation import fit_dipoles, read_readings
from magneton.plot.estimates import plot_estimate
from magneton.plot.style import style

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "examples" / "hidden_magnet.csv"
TRUTH = Cylinder(4e-3, 3e-3, grade="N42", direction=(0.6, 0.3, 0.74), position=(0.031, -0.018, 0.142))


def main() -> None:
    """Fit, print, draw."""
    readings = read_readings(DATA)
    fit = fit_dipoles(readings, background="uniform")
    print(fit.summary())
    for name, value, region in (
        ("position", TRUTH.position, fit.confidence_region(0.95, "position")),
        ("moment", TRUTH.moment, fit.confidence_region(0.95, "moment")),
    ):
        inside = "inside" if region.contains(value) else "outside"
        print(f"true {name} {np.array2string(np.asarray(value), precision=5)}: {inside} the 95 % region")
    figure = plot_estimate(
        fit, readings, truth=TRUTH.position, title="A hidden magnet, located from 16 sensors"
    )
    with style():
        figure.savefig(HERE / "estimation_fit.png", dpi=130)


if __name__ == "__main__":
    main()
