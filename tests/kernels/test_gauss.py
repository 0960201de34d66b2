"""Every row of the 30-digit table of spherical harmonic fields, and what a table cannot show."""

import numpy as np
import pytest

from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.gauss import LANES, gauss_field, gauss_params
from reference._load import load
from reference.gauss_models import coefficients

PROMISE = 1e-14
RADIUS = 1.25
CODES = {"B": quantities.B, "A": quantities.A, "grad_B": quantities.GRAD}
CODES |= {"scalar_potential": quantities.POTENTIAL, "H": quantities.H}
rng = np.random.default_rng(14)


def params(degree, radius=RADIUS):
    g, h = (np.array(table) for table in coefficients(degree))
    return gauss_params(g - 1j * h, radius)


def evaluate(quantity, flat, points):
    points = np.ascontiguousarray(np.atleast_2d(points), dtype=float)
    out = np.empty((len(points), quantities.WIDTHS[CODES[quantity]]))
    gauss_field(CODES[quantity], flat, points, out)
    return out


@pytest.mark.parametrize("quantity", ["B", "A", "grad_B", "scalar_potential"])
def test_relative_vector_error(quantity):
    table = load("gauss")
    assert len(table["kinds"]) >= 70
    assert set(table["degree"]) == {1, 2, 3, 13, 60}
    worst = {}
    for row, kind in enumerate(table["kinds"]):
        exact = table[quantity][row].ravel()
        computed = evaluate(quantity, params(int(table["degree"][row])), table["points"][row])[0]
        # A potential may pass through zero: B times the distance says how large its terms are.
        point = np.linalg.norm(table["points"][row])
        size = np.linalg.norm(exact)
        if quantity in ("A", "scalar_potential"):
            other = np.linalg.norm(table["B"][row]) * point
            size = max(size, other if quantity == "A" else other / float(mu_0))
        worst[kind] = max(worst.get(kind, 0.0), np.linalg.norm(computed - exact) / size)
    assert max(worst.values()) <= PROMISE, worst


def test_H_is_B_over_mu_0():
    points = rng.normal(size=(50, 3))
    B, H = (evaluate(quantity, params(7), points) for quantity in ("B", "H"))
    np.testing.assert_allclose(H * float(mu_0), B, rtol=1e-15)


def test_the_gradient_is_symmetric_and_traceless_to_the_last_bit():
    gradient = evaluate("grad_B", params(13), rng.normal(size=(50, 3)) * 2).reshape(-1, 3, 3)
    assert np.array_equal(gradient, gradient.transpose(0, 2, 1))
    assert np.all(gradient[:, 2, 2] == -gradient[:, 0, 0] - gradient[:, 1, 1])


@pytest.mark.parametrize("count", [1, 3, LANES - 1, LANES, LANES + 1, 2 * LANES + 5])
def test_a_point_has_the_same_field_in_a_block_of_any_size(count):
    flat = params(13)
    points = rng.normal(size=(count, 3)) * 2
    for quantity in CODES:
        together = evaluate(quantity, flat, points)
        alone = np.concatenate([evaluate(quantity, flat, point) for point in points])
        assert np.array_equal(together, alone)


def test_at_the_centre_and_for_nan_all_is_nan():
    points = [[0.0, 0.0, 0.0], [np.nan, 1.0, 0.0]]
    for quantity in CODES:
        assert np.all(np.isnan(evaluate(quantity, params(4), points)))
        assert np.all(np.isnan(evaluate(quantity, gauss_params(np.eye(1, dtype=complex), 1.0), points)))


@pytest.mark.parametrize("degree", [200, 400])
def test_high_degrees_neither_overflow_nor_lose_the_law_of_the_series(degree):
    # A unit pole off the centre, at z = b: g_n0 = b^n, whose sum is known.
    b = 0.9
    g = np.zeros((degree + 1, degree + 1))
    g[:, 0] = b ** np.arange(degree + 1)
    flat = gauss_params(g + 0j, 1.0)
    directions = rng.normal(size=(60, 3))
    points = 1.3 * directions / np.linalg.norm(directions, axis=1)[:, None]
    points[:2] = [[0, 0, 1.3], [1e-9, 0, -1.3]]
    away = points - [0, 0, b]
    exact = away / np.linalg.norm(away, axis=1)[:, None] ** 3
    error = np.linalg.norm(evaluate("B", flat, points) - exact, axis=1) / np.linalg.norm(exact, axis=1)
    assert error.max() <= 1e-13


def test_sectors_of_a_high_degree_are_finite_and_of_the_size_of_one():
    degree = 300
    c = np.zeros((degree + 1, degree + 1), dtype=complex)
    c[degree, degree] = 1.0
    theta = np.linspace(0.0, np.pi, 101)
    points = np.stack([np.sin(theta), 0.0 * theta, np.cos(theta)], axis=1)
    potential = evaluate("scalar_potential", gauss_params(c, 1.0), points)[:, 0] * float(mu_0)
    assert np.all(np.isfinite(potential))
    # (sin theta)^n sqrt((2 n - 1)!!/(2 n)!! 2)
    peak = np.sqrt(2.0 * np.prod((2.0 * np.arange(1, degree + 1) - 1.0) / (2.0 * np.arange(1, degree + 1))))
    np.testing.assert_allclose(potential, peak * np.sin(theta) ** degree, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("power", [-30, 30])
def test_digits_do_not_depend_on_the_unit_of_length(power):
    scale = 2.0**power
    points = rng.normal(size=(40, 3))
    for quantity, dimension in [("B", 0), ("A", 1), ("grad_B", -1), ("scalar_potential", 1)]:
        here = evaluate(quantity, params(13), points)
        there = evaluate(quantity, params(13, RADIUS * scale), points * scale)
        assert np.array_equal(there, here * scale**dimension)


def test_a_monopole_is_a_pole():
    c = np.zeros((2, 2), dtype=complex)
    c[0, 0] = 3.0
    point = np.array([0.6, -0.8, 2.4])
    r = np.linalg.norm(point)
    np.testing.assert_allclose(evaluate("B", gauss_params(c, 2.0), point)[0], 12.0 * point / r**3, rtol=1e-15)
