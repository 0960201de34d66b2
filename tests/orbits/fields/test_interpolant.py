"""Interpolants: the error they state, divergence, and what they refuse."""

import numpy as np
import pytest

from magneton import Dipole, earth
from magneton.orbits.fields import ParallelE, VaryingUniformField, as_field
from magneton.orbits.fields.interpolant import interpolated
from magneton.orbits.fields.interpolant_shell import interpolated_shell

RADIUS = 6371200.0
LOWER, UPPER = np.array([0.6, -0.3, -0.5]), np.array([1.4, 0.5, 0.5])
EARTH = as_field(earth("2025", degree=6))


def largest_error(found, exact):
    size = np.linalg.norm(exact, axis=1)
    return np.max(np.linalg.norm(found - exact, axis=1) / size)


def between(low, high, count, seed):
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=(count, 3))
    direction /= np.linalg.norm(direction, axis=1)[:, None]
    return direction * rng.uniform(low, high, size=(count, 1))


@pytest.fixture(scope="module")
def shell():
    return interpolated_shell(EARTH, RADIUS, 5 * RADIUS, rtol=1e-4)


def test_the_error_of_a_box_is_an_upper_bound():
    # The margin beyond the box would hold the singularity at coarse spacings: it is done without.
    dipole = as_field([Dipole([0, 0, 1.0]), Dipole([0.2, 0, -0.4], [0, 0.1, 0])])
    field = interpolated(dipole, LOWER, UPPER, rtol=3e-4)
    points = np.random.default_rng(8).uniform(LOWER, UPPER, (10_000, 3))
    measured = largest_error(field.B(points), dipole.B(points))
    assert field.error / 20 < measured <= field.error <= 3e-4
    G = field.grad_B(points)
    assert np.max(np.abs(np.trace(G, axis1=1, axis2=2))) < 1e-12 * np.max(np.abs(G))
    assert np.isnan(field.B(LOWER - 1e-6)).all()


def test_a_box_holds_the_electric_field_too():
    original = Dipole([0, 0, 1.0]) + ParallelE(2.0, 1.5, "hill")
    field = interpolated(original, LOWER, UPPER, rtol=1e-2)
    points = np.random.default_rng(2).uniform(LOWER + 0.1, UPPER - 0.1, (100, 3))
    assert field.electric
    np.testing.assert_allclose(field.E(points), original.E(points), rtol=0, atol=1e-3)


def test_the_error_of_a_shell_is_an_upper_bound(shell):
    points = between(RADIUS, 5 * RADIUS, 10_000, 5)
    measured = largest_error(shell.B(points), EARTH.B(points))
    assert shell.error / 20 < measured <= shell.error <= 1e-4


def test_a_shell_has_no_divergence_and_the_right_gradient(shell):
    points = between(1.05 * RADIUS, 4.9 * RADIUS, 3000, 6)
    G, exact = shell.grad_B(points), EARTH.grad_B(points)
    size = np.linalg.norm(exact, axis=(1, 2))
    assert np.max(np.abs(np.trace(G, axis1=1, axis2=2)) / size) < 1e-11
    assert np.max(np.linalg.norm(G - exact, axis=(1, 2)) / size) < 30 * shell.error
    h = 1e-4 * RADIUS
    slopes = [(shell.B(points + step) - shell.B(points - step)) / (2 * h) for step in h * np.eye(3)]
    difference = np.linalg.norm(np.stack(slopes, axis=-1) - G, axis=(1, 2)) / size
    assert np.quantile(difference, 0.9) < 1e-7  # all but those next to a seam or a knot


def test_seams_of_a_shell_are_no_worse_than_its_error(shell):
    rng = np.random.default_rng(4)
    t, r = rng.uniform(-1, 1, 500), rng.uniform(1.1, 4.9, 500) * RADIUS
    on = np.stack([np.ones(500), np.ones(500), t], axis=1)
    on *= (r / np.linalg.norm(on, axis=1))[:, None]
    step = 1e-9 * RADIUS * np.array([1.0, -1.0, 0.0])
    jump = shell.B(on + step) - shell.B(on - step)
    size = np.linalg.norm(EARTH.B(on), axis=1)
    assert np.max(np.linalg.norm(jump, axis=1) / size) < shell.error
    # What goes through a seam is the same on both sides to more than that.
    normal = np.abs(jump @ [1.0, -1.0, 0.0]) / np.sqrt(2) / size
    assert np.max(normal) < 0.1 * shell.error


def test_outside_a_shell_all_is_nan(shell):
    assert np.isnan(shell.B([[0, 0, 0.99 * RADIUS], [5.01 * RADIUS, 0, 0], [0, 0, 0], [np.nan, 0, 0]])).all()
    assert np.isnan(shell.A([2 * RADIUS, 0, 0])).all()


def test_errors_say_what_is_required():
    dipole = Dipole([0, 0, 1.0])
    with pytest.raises(ValueError, match="field must not depend on time"):
        interpolated(VaryingUniformField.linear(1.0, 0.1), LOWER, UPPER)
    with pytest.raises(ValueError, match="upper must exceed lower along each axis"):
        interpolated(dipole, UPPER, LOWER)
    with pytest.raises(
        ValueError, match=r"rtol = 1e-09 would take .* bytes of tables, above memory = 1e\+06"
    ):
        interpolated(dipole, LOWER, UPPER, 1e-9, memory=1e6)
    with pytest.raises(ValueError, match=r"field must be defined.* in the box"):
        interpolated(dipole, [0, 0, 0], UPPER)
    with pytest.raises(ValueError, match="outer must exceed inner, 2 m, got 1 m"):
        interpolated_shell(dipole, 2.0, 1.0)
    with pytest.raises(ValueError, match="field must have no electric part"):
        interpolated_shell(dipole + ParallelE(1.0, 1.0), 1.0, 2.0)
