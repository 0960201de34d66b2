"""Every row of the 30-digit tables, in the source's own frame, the Cartesian floats taken as exact."""

import numpy as np
import pytest

from magneton.sources import CircularLoop, Dipole, Polyline
from reference._load import load

PROMISE = 1e-13


def _loop(row, table):
    return CircularLoop(table["radius"][row], 1.0)


def _segment(row, table):
    return Polyline([table["p1"][row], table["p2"][row]], 1.0)


def _dipole(row, table):
    return Dipole(table["moment"][row])


TABLES = {"loop": _loop, "segment": _segment, "dipole": _dipole}


@pytest.mark.parametrize("quantity", ["B", "A", "grad_B"])
@pytest.mark.parametrize("name", TABLES)
def test_relative_vector_error(name, quantity):
    table = load(name)
    assert len(table["kinds"]) >= 300
    worst = {}
    for row, kind in enumerate(table["kinds"]):
        computed = getattr(TABLES[name](row, table), quantity)(table["points"][row])
        exact = table[quantity][row]
        size = np.linalg.norm(exact)
        error = np.linalg.norm(computed - exact) / (size if size else 1.0)
        worst[kind] = max(worst.get(kind, 0.0), error)
    assert max(worst.values()) <= PROMISE, worst


def test_scalar_potential_of_a_dipole():
    table = load("dipole")
    for row in range(len(table["kinds"])):
        moment, point = table["moment"][row], table["points"][row]
        scale = np.linalg.norm(moment) / (4 * np.pi * np.sum(point**2))
        assert abs(Dipole(moment).scalar_potential(point) - table["scalar_potential"][row]) <= 1e-15 * scale


@pytest.mark.parametrize("name", TABLES)
def test_batches_agree_with_single_points(name):
    # The threaded batch loop is another piece of code than the loop over single points.
    table = load(name)
    source = TABLES[name](0, table)
    batch = source.B(table["points"])
    single = np.array([source.B(point) for point in table["points"]])
    np.testing.assert_allclose(batch, single, rtol=1e-13, atol=0)
