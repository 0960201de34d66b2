"""Every row of the ellipsoid's 30-digit table, and what the table cannot show: the surface, spheres, scales."""

import numpy as np
import pytest

from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.ellipsoid import ellipsoid_field
from reference._load import load

# The promise is 1e-12; a tighter bound shows the loss of a digit.
BOUND = 4e-15
CODES = {"B": quantities.B, "H": quantities.H, "A": quantities.A, "grad_B": quantities.GRAD}
CODES["scalar_potential"] = quantities.POTENTIAL


def evaluate(quantity, axes, magnetization, points):
    points = np.atleast_2d(points)
    out = np.empty((len(points), quantities.WIDTHS[CODES[quantity]]))
    ellipsoid_field(CODES[quantity], np.concatenate([axes, magnetization]), points, out)
    return out


def rows():
    table = load("ellipsoid")
    assert len(table["kinds"]) >= 300
    for row, kind in enumerate(table["kinds"]):
        yield row, kind, table


@pytest.mark.parametrize("quantity", ["B", "H", "grad_B"])
def test_relative_vector_error(quantity):
    worst = {}
    for row, kind, table in rows():
        exact = table[quantity][row].ravel()
        axes, magnetization = table["semi_axes"][row], table["magnetization"][row]
        computed = evaluate(quantity, axes, magnetization, table["points"][row])[0]
        size = np.linalg.norm(exact)
        error = np.linalg.norm(computed - exact) / (size if size else 1.0)
        worst[kind] = max(worst.get(kind, 0.0), error)
    assert max(worst.values()) <= BOUND, worst


@pytest.mark.parametrize("quantity", ["A", "scalar_potential"])
def test_potentials(quantity):
    # Sums of three terms of either sign: the terms set the scale, so that planes of zeros are judged fairly.
    worst = {}
    for row, kind, table in rows():
        axes, magnetization, point = (table[name][row] for name in ("semi_axes", "magnetization", "points"))
        terms = [evaluate("scalar_potential", axes, e, point)[0, 0] for e in np.eye(3)]
        scale = np.linalg.norm(np.abs(terms)) * np.linalg.norm(magnetization)
        scale *= float(mu_0) if quantity == "A" else 1.0
        error = np.linalg.norm(evaluate(quantity, axes, magnetization, point)[0] - table[quantity][row])
        worst[kind] = max(worst.get(kind, 0.0), error / scale)
    assert max(worst.values()) <= 1e-14, worst
