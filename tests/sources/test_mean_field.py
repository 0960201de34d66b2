"""The delta functions of point currents and point poles, by the mean over a sphere."""

import numpy as np
import pytest

from magneton.constants import mu_0
from magneton.sources import CircularLoop, Collection, Dipole, Dipoles, Pole, PolePair, Polyline, UniformField
from magneton.sources.charges import MovingCharges
from magneton.sources.mean_field import DELTA_B_OF_LOOP, DELTA_H_OF_POLES, mean_field_in_sphere
from magneton.sources.sphere import Sphere

MU0 = float(mu_0)
M = np.array([0.6, -0.3, 1.1])
CENTRE = np.array([0.2, 0.1, -0.4])
RADIUS = 0.5
VOLUME = 4 * np.pi / 3 * RADIUS**3
NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)
ANGLES = 2 * np.pi * np.arange(96) / 96


def directions():
    sine = np.sqrt(1 - NODES**2)[:, None]
    columns = [sine * np.cos(ANGLES), sine * np.sin(ANGLES), NODES[:, None] + 0 * ANGLES]
    return np.stack(columns, axis=-1).reshape(-1, 3), np.repeat(WEIGHTS / (2 * len(ANGLES)), len(ANGLES))


def surface_mean(function, radius):
    """Return the mean of a function over the sphere about CENTRE."""
    normal, weight = directions()
    return normal, weight, function(CENTRE + radius * normal)


def mean_B_from_A(source):
    """Return the mean of curl A, from A on the surface alone: (3/R) times the mean of n x A."""
    normal, weight, value = surface_mean(source.A, RADIUS)
    return 3 / RADIUS * weight @ np.cross(normal, value)


def mean_H_from_potential(source):
    """Return the mean of -grad psi, from psi on the surface alone: -(3/R) times the mean of n psi."""
    normal, weight, value = surface_mean(source.scalar_potential, RADIUS)
    return -3 / RADIUS * weight @ (normal * value[:, None])


SHIFT = np.array([0.05, -0.1, 0.08])


@pytest.mark.parametrize("size", [0.2, 1e-2, 1e-6])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_a_shrinking_loop_keeps_its_mean_B(size, shift):
    loop = CircularLoop.from_moment(size, M, CENTRE + shift * SHIFT)
    expected = DELTA_B_OF_LOOP * MU0 * M / VOLUME
    np.testing.assert_allclose(mean_field_in_sphere(loop, CENTRE, RADIUS), expected, rtol=1e-13)
    np.testing.assert_allclose(mean_B_from_A(loop), expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())
    np.testing.assert_allclose(mean_field_in_sphere(loop, CENTRE, RADIUS, "H"), expected / MU0, rtol=1e-13)


@pytest.mark.parametrize("size", [0.2, 1e-2, 1e-6])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_a_shrinking_pair_of_poles_keeps_its_mean_H(size, shift):
    poles = PolePair(1.0 / size, size * M, CENTRE + shift * SHIFT)
    expected = DELTA_H_OF_POLES * M / VOLUME
    got = mean_field_in_sphere(poles, CENTRE, RADIUS, "H")
    np.testing.assert_allclose(got, expected, rtol=1e-15 / size + 1e-13)
    np.testing.assert_allclose(mean_H_from_potential(poles), expected, rtol=1e-7)
    np.testing.assert_allclose(mean_field_in_sphere(poles, CENTRE, RADIUS), MU0 * got, rtol=1e-13)


def test_the_mean_by_quadrature_over_the_volume_of_a_field_without_singular_points():
    # A magnetized ball inside: its field is smooth on each side of its surface.
    ball = Sphere(0.2, magnetization=M, position=CENTRE)
    total = np.zeros(3)
    for low, high in ((0.0, 0.2), (0.2, RADIUS)):
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            r = low + 0.5 * (high - low) * (1 + node)
            _, angular, value = surface_mean(ball.B, r)
            total += 0.5 * (high - low) * weight * 4 * np.pi * r**2 * (angular @ value)
    np.testing.assert_allclose(mean_field_in_sphere(ball, CENTRE, RADIUS), total / VOLUME, rtol=1e-12)


def test_inside_the_two_models_point_opposite_ways():
    loop = CircularLoop.from_moment(0.01, M, CENTRE)
    poles = PolePair(100.0, 0.01 * M, CENTRE)
    assert loop.H(CENTRE) @ M > 0 > poles.H(CENTRE) @ M
    means = [mean_field_in_sphere(source, CENTRE, RADIUS, "H") @ M for source in (loop, poles)]
    assert means[0] == pytest.approx(-2 * means[1], rel=1e-12)
    far = CENTRE + np.array([3.0, 1.0, 2.0])
    np.testing.assert_allclose(loop.H(far), poles.H(far), rtol=1e-4)


@pytest.mark.parametrize("source", [Dipole(M, CENTRE + 0.1), Sphere(0.1, magnetization=M, position=CENTRE)])
def test_dipoles_and_magnets_have_both_deltas(source):
    b = mean_field_in_sphere(source, CENTRE, RADIUS)
    h = mean_field_in_sphere(source, CENTRE, RADIUS, "H")
    np.testing.assert_allclose(b, MU0 * (h + source.moment / VOLUME), rtol=1e-14)
    np.testing.assert_allclose(b, mean_B_from_A(source), rtol=1e-12)
    np.testing.assert_allclose(h, mean_H_from_potential(source), rtol=1e-12)


@pytest.mark.parametrize(
    "source",
    [
        Dipole(M, [3.0, 0, 0]),
        CircularLoop(0.3, 2.0, [1.5, 0, 0]),
        CircularLoop(4.0, 2.0),
        Sphere(1.0, magnetization=M, position=[0, 3.0, 0]),
        UniformField([1e-5, 0, 2e-5]),
        Polyline([[1, 1, 1], [2, 1, 1], [2, 2, 3.0]], 1.0),
        MovingCharges([1.0, 2.0], [[2.0, 0, 0], [0, 2.0, 0]], [[0, 1.0, 3.0], [1.0, 0, 0]]),
    ],
)
def test_of_sources_outside_it_is_the_field_at_the_centre(source):
    mean = mean_field_in_sphere(source, CENTRE, RADIUS)
    np.testing.assert_array_equal(mean, source.B(CENTRE))
    _, weight, value = surface_mean(source.B, 0.99 * RADIUS)
    np.testing.assert_allclose(weight @ value, mean, rtol=1e-9)


def test_moving_charges_count_their_moment_about_the_centre_of_the_sphere():
    charges = MovingCharges([1.0, 2.0], [CENTRE + SHIFT, [2.0, 0, 0]], [[0, 1.0, 3.0], [1.0, 0, 2.0]])
    np.testing.assert_allclose(
        mean_field_in_sphere(charges, CENTRE, RADIUS), mean_B_from_A(charges), rtol=1e-9
    )


def test_members_may_lie_on_either_side():
    members = [Dipole(M, CENTRE + 0.1), Dipole(2 * M, [3.0, 0, 0])]
    separately = sum(mean_field_in_sphere(member, CENTRE, RADIUS) for member in members)
    for together in (Collection(members), Dipoles([M, 2 * M], [CENTRE + 0.1, [3.0, 0, 0]])):
        np.testing.assert_allclose(mean_field_in_sphere(together, CENTRE, RADIUS), separately, rtol=1e-14)


def test_a_single_pole_counts_by_its_arm():
    pole = Pole(3.0, CENTRE + SHIFT)
    np.testing.assert_allclose(
        mean_field_in_sphere(pole, CENTRE, RADIUS, "H"), mean_H_from_potential(pole), rtol=1e-12
    )


@pytest.mark.parametrize(
    "source",
    [
        CircularLoop(0.5, 1.0),
        Sphere(0.5, magnetization=M, position=[0.3, 0, 0]),
        Sphere(9.0, magnetization=M),
    ],
)
def test_a_sphere_that_cuts_is_refused(source):
    with pytest.raises(
        ValueError, match=f"all of a source or none, got a {type(source).__name__} that it cuts"
    ):
        mean_field_in_sphere(source, CENTRE, RADIUS)


def test_refusals():
    with pytest.raises(ValueError, match="source must be a source, got int"):
        mean_field_in_sphere(3, CENTRE, RADIUS)
    with pytest.raises(ValueError, match="quantity must be 'B' or 'H', got 'A'"):
        mean_field_in_sphere(Dipole(M), CENTRE, RADIUS, "A")
    with pytest.raises(ValueError, match="radius must be positive"):
        mean_field_in_sphere(Dipole(M), CENTRE, -1.0)
