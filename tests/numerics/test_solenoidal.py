"""Projections of discrete fields: nothing is left of the divergence, and no more is changed than must be."""

import numpy as np

from magneton.numerics.solenoidal import divergence, potential, without_divergence
from magneton.numerics.splines import cell_means, histopolating, interpolating

SPACING = np.array([0.5, 0.8, 1.1])
NODES = (7, 6, 9)
rng = np.random.default_rng(1)


def shape(lengthened):
    return [n - 1 + (k in lengthened) for k, n in enumerate(NODES)]


def test_the_change_is_the_least_that_takes_the_divergence_away():
    faces = [rng.normal(size=shape({k})) for k in range(3)]
    found = without_divergence(faces, SPACING)
    assert np.max(np.abs(divergence(found, SPACING))) < 1e-13
    # The least change is at right angles to every field without divergence: curls of what lives on edges.
    edges = [rng.normal(size=shape({0, 1, 2} - {k})) for k in range(3)]
    curl = [
        np.diff(edges[(k + 2) % 3], axis=(k + 1) % 3) / SPACING[(k + 1) % 3]
        - np.diff(edges[(k + 1) % 3], axis=(k + 2) % 3) / SPACING[(k + 2) % 3]
        for k in range(3)
    ]
    assert np.max(np.abs(divergence(curl, SPACING))) < 1e-13
    overlap = sum(np.sum((a - b) * c) for a, b, c in zip(found, faces, curl, strict=True))
    assert abs(overlap) < 1e-11


def test_the_potential_of_a_gradient_and_of_its_nearest():
    phi = rng.normal(size=NODES)
    edges = [-np.diff(phi, axis=k) / SPACING[k] for k in range(3)]
    np.testing.assert_allclose(potential(edges, SPACING), phi - np.mean(phi), atol=1e-13)
    # What is left of any field is at right angles to all gradients.
    others = [rng.normal(size=e.shape) for e in edges]
    nearest = potential(others, SPACING)
    left = [e + np.diff(nearest, axis=k) / SPACING[k] for k, e in enumerate(others)]
    assert abs(sum(np.sum(a * b) for a, b in zip(left, edges, strict=True))) < 1e-11


def test_the_two_splines_commute_with_the_derivative():
    values = rng.normal(size=(12, 3))
    slopes = np.diff(interpolating(values, 0), axis=0)
    np.testing.assert_allclose(histopolating(np.diff(values, axis=0), 0), slopes, atol=1e-11)


def test_cell_means_of_quartics_are_exact():
    x = np.arange(8.0)
    expected = np.diff(x**5 - 2 * x**3) / 5
    np.testing.assert_allclose(
        cell_means(x**4 - 6 * x**2 / 5, 0), expected, rtol=0, atol=1e-14 * np.max(np.abs(x**4))
    )
