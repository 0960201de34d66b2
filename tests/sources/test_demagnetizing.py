"""Demagnetizing factors against published values, sum rules and limits."""

import numpy as np
import pytest

from magneton.sources.cuboid import Cuboid
from magneton.sources.cylinder import Cylinder
from magneton.sources.demagnetizing import (
    cylinder_demagnetizing_factors,
    demagnetizing_factors,
    ellipsoid_demagnetizing_factors,
)
from magneton.sources.ellipsoid import Ellipsoid
from magneton.sources.points import Dipole
from magneton.sources.sphere import Sphere

UP = {"magnetization": [0.0, 0.0, 1.0]}


def test_spheres_and_cubes():
    np.testing.assert_array_equal(demagnetizing_factors(Sphere(2.0, **UP)), np.full(3, 1 / 3))
    for body in (Cuboid([2.0, 2.0, 2.0], **UP), Ellipsoid([2.0, 2.0, 2.0], **UP)):
        np.testing.assert_allclose(demagnetizing_factors(body), np.full(3, 1 / 3), rtol=1e-15)


@pytest.mark.parametrize(
    ("edges", "factor"),
    [((1, 1, 2), 0.1983161528), ((1, 1, 10), 0.0457311924), ((100, 100, 10), 0.8050776336)],
)
def test_published_cuboids(edges, factor):
    assert demagnetizing_factors(Cuboid(edges, **UP))[2] == pytest.approx(factor, abs=5.1e-11)


def spheroid(ratio):
    """Return N along the axis of a spheroid in elementary functions: Osborn (1945), eqs. 14 and 17."""
    if ratio > 1:
        root = np.sqrt(ratio**2 - 1)
        return (ratio / root * np.arccosh(ratio) - 1) / root**2
    root = np.sqrt(1 - ratio**2)
    return (1 - ratio * np.arccos(ratio) / root) / root**2


@pytest.mark.parametrize("ratio", [0.01, 0.1, 0.5, 2.0, 10.0, 500.0])
def test_spheroids_in_elementary_functions(ratio):
    across, other, along = ellipsoid_demagnetizing_factors([1.0, 1.0, ratio])
    assert along == pytest.approx(spheroid(ratio), rel=1e-12)
    assert across == other == pytest.approx((1 - along) / 2, rel=1e-12)


def test_a_prolate_spheroid_of_ratio_2_as_printed():
    assert demagnetizing_factors(Ellipsoid([1, 1, 2], **UP))[2] == pytest.approx(0.1735639975, abs=5.1e-11)


def test_discs_and_needles_of_extreme_ratio():
    # The first terms of the expansions: an error of either would be of the order of the factor itself.
    thin = 1e-9
    assert ellipsoid_demagnetizing_factors([1, 1, thin])[0] == pytest.approx(np.pi * thin / 4, rel=1e-8)
    along = thin**2 * (np.log(2 / thin) - 1)
    assert ellipsoid_demagnetizing_factors([thin, thin, 1])[2] == pytest.approx(along, rel=1e-12)
    assert cylinder_demagnetizing_factors(1.0, 2e9)[2] == pytest.approx(4 / (3 * np.pi * 1e9), rel=1e-8)
    p = 1e-9
    rest = 2 * p / np.pi * (np.log(4 / p) - 0.5)
    assert 2 * cylinder_demagnetizing_factors(1.0, 2 * p)[0] == pytest.approx(rest, rel=1e-12)


# 1 - N is Nagaoka's coefficient of a solenoid, here as tabulated for it by length/diameter; N of a cylinder as long as
# wide is 0.3116 in Chen, Brug & Goldfarb (1991).
@pytest.mark.parametrize(("ratio", "coefficient"), [(1.0, 0.688423), (0.5, 0.525510), (0.2, 0.319825)])
def test_published_cylinders(ratio, coefficient):
    factors = cylinder_demagnetizing_factors(0.5, ratio)
    assert 1 - factors[2] == pytest.approx(coefficient, abs=6e-7)
    if ratio == 1.0:
        assert factors[2] == pytest.approx(0.3116, abs=5.1e-5)


@pytest.mark.parametrize("axis", [0, 2])
@pytest.mark.parametrize("height", [0.3, 1.0, 4.0])
def test_a_cylinder_has_the_mean_field_of_its_factor(height, axis):
    # The end rule x = u^2 (3 - 2 u) of both coordinates takes the edge of the integrand's logarithm.
    body = Cylinder(0.5, height, magnetization=np.eye(3)[axis])
    nodes, weights = np.polynomial.legendre.leggauss(40)
    u, w = 0.5 * (1 + nodes), 0.5 * weights
    x, w = u * u * (3 - 2 * u), w * 6 * u * (1 - u)
    angles = np.pi * (np.arange(8) + 0.5) / 4
    rho, z, angle = (g.ravel() for g in np.meshgrid(0.5 * x, height * (x - 0.5), angles, indexing="ij"))
    weight = (w[:, None, None] * x[:, None, None] * w[:, None] * np.ones(8)).ravel()
    field = body.H(np.stack([rho * np.cos(angle), rho * np.sin(angle), z], axis=-1))[:, axis]
    mean = weight @ field / weight.sum()
    assert -mean == pytest.approx(demagnetizing_factors(body)[axis], rel=1e-6)


@pytest.mark.parametrize("axes", [(1.0, 2.0, 3.0), (1e-3, 1.0, 30.0), (5e-9, 4e-9, 1e-9)])
def test_factors_sum_to_one_follow_their_axes_and_know_no_unit(axes):
    factors = ellipsoid_demagnetizing_factors(axes)
    assert factors.sum() == pytest.approx(1.0, rel=4e-16 * 3)
    np.testing.assert_array_equal(np.argsort(factors), np.argsort(axes)[::-1])
    np.testing.assert_allclose(ellipsoid_demagnetizing_factors(axes[::-1]), factors[::-1], rtol=1e-15)
    np.testing.assert_array_equal(ellipsoid_demagnetizing_factors(np.array(axes) * 2.0**20), factors)


def test_the_field_inside_is_minus_N_M():
    body = Ellipsoid([1.0, 0.2, 3.0], magnetization=[3.0, 4.0, 5.0])
    expected = -demagnetizing_factors(body) * body.magnetization
    np.testing.assert_allclose(body.H([0.1, 0.02, -0.5]), expected, rtol=1e-15)


def test_refusals():
    with pytest.raises(ValueError, match=r"source must be a body with demagnetizing factors .*, got Dipole"):
        demagnetizing_factors(Dipole([0, 0, 1]))
    with pytest.raises(ValueError, match="semi_axes must be positive"):
        ellipsoid_demagnetizing_factors([1, 0, 1])
    with pytest.raises(ValueError, match="length must be positive"):
        cylinder_demagnetizing_factors(1.0, 0.0)
