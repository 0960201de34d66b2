"""The cylinder's fields against the 30-digit table, in its own frame, the Cartesian floats taken as exact."""

import numpy as np
import pytest
import scipy.special

from magneton.kernels import quantities
from magneton.kernels.cylinder import cylinder_field
from magneton.numerics.elliptic import cel
from reference._load import load

TABLE = load("cylinder")
QUANTITIES = {"B": quantities.B, "H": quantities.H, "A": quantities.A, "grad_B": quantities.GRAD}
PROMISE = 1e-13


def evaluate(code, radius, height, magnetization, points):
    out = np.empty((len(points), quantities.WIDTHS[code]))
    cylinder_field(code, np.array([radius, height, *magnetization]), np.ascontiguousarray(points), out)
    return out


def row_values(code):
    rows = zip(TABLE["radius"], TABLE["height"], TABLE["magnetization"], TABLE["points"], strict=True)
    return np.array([evaluate(code, a, h, m, p[None])[0] for a, h, m, p in rows])


def worst_by_kind(errors):
    return {kind: float(np.max(errors[TABLE["kinds"] == kind])) for kind in np.unique(TABLE["kinds"])}


@pytest.mark.parametrize("name", QUANTITIES)
def test_relative_vector_error(name):
    assert len(TABLE["kinds"]) >= 300
    exact = TABLE[name].reshape(len(TABLE["kinds"]), -1)
    size = np.linalg.norm(exact, axis=1)
    error = np.linalg.norm(row_values(QUANTITIES[name]) - exact, axis=1) / np.where(size > 0, size, 1.0)
    worst = worst_by_kind(error)
    assert max(worst.values()) <= PROMISE, worst


def test_scalar_potential():
    # A sum over the components of M: judged by the sum of their sizes, as far as the terms can cancel.
    exact = TABLE["scalar_potential"]
    size = np.zeros(len(exact))
    for axis in range(3):
        rows = zip(TABLE["radius"], TABLE["height"], TABLE["magnetization"], TABLE["points"], strict=True)
        part = [
            evaluate(quantities.POTENTIAL, a, h, m * np.eye(3)[axis], p[None])[0, 0] for a, h, m, p in rows
        ]
        size += np.abs(part)
    error = np.abs(row_values(quantities.POTENTIAL)[:, 0] - exact) / np.where(size > 0, size, 1.0)
    worst = worst_by_kind(error)
    assert max(worst.values()) <= PROMISE, worst


@pytest.mark.parametrize("code", [quantities.B, quantities.H])
def test_a_batch_has_the_bits_of_single_points(code):
    # Two pieces of code; and results must not depend on how threads cut a batch.
    points = (
        np.random.default_rng(2).uniform(-3, 3, (1000, 3)) * 10.0 ** np.arange(-1, 3).repeat(250)[:, None]
    )
    for height in (0.1, 2.0, 40.0):
        batch = evaluate(code, 1.0, height, (1.0, 2.0, 3.0), points)
        single = [evaluate(code, 1.0, height, (1.0, 2.0, 3.0), point[None])[0] for point in points]
        np.testing.assert_array_equal(batch, single)


@pytest.mark.parametrize("code", [quantities.B, quantities.H, quantities.GRAD])
def test_nan_on_the_surface_only(code):
    surface = np.array([[0.3, 0.4, 1.0], [0, 0, -1.0], [0.75, 1.0, 0.0], [1.25, 0, 0.5], [0, -1.25, 1.0]])
    assert np.all(np.isnan(evaluate(code, 1.25, 2.0, (1.0, 2.0, 3.0), surface)))
    beyond = np.array([[0.0, 1.5, 1.0], [1.25, 0, 1.25], [0.75, 1.0, -3.0], [0, 0, 0]])
    assert np.all(np.isfinite(evaluate(code, 1.25, 2.0, (1.0, 2.0, 3.0), beyond)))


@pytest.mark.parametrize("code", [quantities.A, quantities.POTENTIAL])
def test_potentials_are_continuous_through_the_surface(code):
    for x, z, dx, dz in [(0.3, 1.0, 0, 1), (0.0, 1.0, 0, 1), (1.0, 0.25, 1, 0)]:
        across = np.array([[x + s * 1e-12 * dx, 0.2 * (1 - dx), z + s * 1e-12 * dz] for s in (-1, 0, 1)])
        values = evaluate(code, 1.0, 2.0, (1.0, 2.0, 3.0), across)
        assert np.all(np.abs(values - values[1]) <= 1e-11 * np.linalg.norm(values[1]))


@pytest.mark.parametrize("code", [quantities.A, quantities.POTENTIAL])
def test_potentials_are_nan_on_an_edge(code):
    edge = np.array([[1.25, 0, 1.0], [0.75, -1.0, -1.0]])
    assert np.all(np.isnan(evaluate(code, 1.25, 2.0, (1.0, 2.0, 3.0), edge)))


@pytest.mark.parametrize("kc", [1e-9, 1e-3, 0.3, 0.9, 1.0])
def test_general_complete_integral(kc):
    m = 1.0 - kc * kc
    assert abs(cel(kc, 1.0, 1.0, 1.0) / scipy.special.ellipkm1(kc * kc) - 1.0) <= 1e-15
    assert abs(cel(kc, 1.0, 1.0, kc * kc) / scipy.special.ellipe(m) - 1.0) <= 2e-15
    for p in (1e-2, 0.2, 1.0, 30.0):
        third = (1.0 - p) / 3.0 * scipy.special.elliprj(0.0, kc * kc, 1.0, p)
        complete = scipy.special.elliprf(0.0, kc * kc, 1.0) + third
        assert abs(cel(kc, p, 1.0, 1.0) / complete - 1.0) <= 5e-15


def test_complete_integral_of_the_third_kind_near_its_pole():
    # Pi(1 - p, 1 - kc^2) by mpmath 1.3 at 40 digits; scipy's has 14 digits there.
    assert abs(cel(1e-9, 1e-6, 1.0, 1.0) / 14508661.7889833729448265 - 1.0) <= 1e-15
