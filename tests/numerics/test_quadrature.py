"""Gauss-Legendre rule of the panels, and the transform to Legendre coefficients."""

import math
from fractions import Fraction

import numpy as np
import pytest
from numpy.polynomial import legendre

from magneton.numerics.quadrature import (
    PANEL,
    PANEL_NODES,
    PANEL_TRANSFORM,
    PANEL_WEIGHTS,
    legendre_transform,
)


def test_the_panel_has_its_points_inside_and_positive_weights():
    assert PANEL_NODES.shape == PANEL_WEIGHTS.shape == (PANEL,)
    assert np.all(np.diff(PANEL_NODES) > 0)
    assert np.all(np.abs(PANEL_NODES) < 1)
    assert np.all(PANEL_WEIGHTS > 0)


@pytest.mark.parametrize("degree", range(2 * PANEL))
def test_monomials_up_to_twice_the_points_are_integrated_exactly(degree):
    exact = float(Fraction(1 - (-1) ** (degree + 1), degree + 1))
    assert abs(PANEL_WEIGHTS @ PANEL_NODES**degree - exact) <= 2e-15


def test_the_next_degree_has_the_textbook_error():
    n = PANEL
    error = 2.0 / (2 * n + 1) - PANEL_WEIGHTS @ PANEL_NODES ** (2 * n)
    exact = Fraction(2 ** (2 * n + 1) * math.factorial(n) ** 4, (2 * n + 1) * math.factorial(2 * n) ** 2)
    assert abs(error - float(exact)) <= 1e-15
    assert exact > 1e-10


@pytest.mark.parametrize("points", [1, 2, 5, PANEL, 33])
def test_transform_takes_each_legendre_polynomial_to_its_unit_vector(points):
    nodes, weights = legendre.leggauss(points)
    values = legendre.legvander(nodes, points - 1)
    np.testing.assert_allclose(legendre_transform(nodes, weights) @ values, np.eye(points), atol=2e-14)


def test_transform_and_series_are_inverse():
    rng = np.random.default_rng(3)
    coefficients = rng.normal(size=(PANEL, 2))
    values = legendre.legval(PANEL_NODES, coefficients).T
    np.testing.assert_allclose(PANEL_TRANSFORM @ values, coefficients, atol=1e-14)


def test_coefficients_of_an_analytic_function():
    # 1/(a - x) = sum (2k + 1) Q_k(a) P_k(x); Q_0(a) = artanh(1/a), Q_1 = a Q_0 - 1.
    a = 8.0
    coefficients = PANEL_TRANSFORM @ (1.0 / (a - PANEL_NODES))
    q0 = np.arctanh(1 / a)
    np.testing.assert_allclose(coefficients[:2], [q0, 3 * (a * q0 - 1)], atol=1e-15)
    # They fall by 1/(a + sqrt(a^2 - 1)) each: the tail says how well the panel resolves its integrand.
    assert np.abs(coefficients[-1]) <= 1e-15
    # The mean value is the integral that the rule gives.
    assert abs(2 * coefficients[0] - PANEL_WEIGHTS @ (1.0 / (a - PANEL_NODES))) <= 1e-15
