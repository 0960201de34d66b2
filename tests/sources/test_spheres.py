"""Magnetized spheres and ellipsoids as sources: known fields, surfaces, limits, refusals."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton.constants import mu_0
from magneton.sources.ellipsoid import Ellipsoid
from magneton.sources.points import Dipole
from magneton.sources.sphere import Sphere

M = np.array([1.0e5, -2.0e5, 0.7e5])
MU0 = float(mu_0)
rng = np.random.default_rng(11)
QUANTITIES = ("B", "H", "A", "grad_B", "scalar_potential")


def unit_vectors(count):
    vectors = rng.normal(size=(count, 3))
    return vectors / np.linalg.norm(vectors, axis=1)[:, None]


def relative(got, want):
    axes = tuple(range(1, np.ndim(want)))
    return np.sqrt(np.sum((got - want) ** 2, axis=axes) / np.sum(want**2, axis=axes))


def test_the_field_inside_a_sphere():
    ball = Sphere(0.3, magnetization=M, position=[0.1, 0, 0])
    inside = ball.position + 0.299 * unit_vectors(20) * rng.random((20, 1))
    np.testing.assert_allclose(ball.B(inside), np.broadcast_to(2 * MU0 * M / 3, (20, 3)), rtol=1e-15)
    np.testing.assert_allclose(ball.H(inside), np.broadcast_to(-M / 3, (20, 3)), rtol=1e-15)
    arms = inside - ball.position
    np.testing.assert_allclose(ball.scalar_potential(inside), arms @ M / 3, rtol=1e-13)
    np.testing.assert_allclose(ball.A(inside), MU0 / 3 * np.cross(M, arms), rtol=1e-12)
    np.testing.assert_array_equal(ball.grad_B(inside), 0.0)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_field_outside_a_sphere_is_that_of_a_dipole_of_its_moment(quantity):
    ball = Sphere(0.3, magnetization=M)
    points = 0.3 * unit_vectors(40) * (1 + 10.0 ** rng.uniform(-9, 6, size=(40, 1)))
    got, want = getattr(ball, quantity)(points), getattr(Dipole(ball.moment), quantity)(points)
    if want.ndim == 1:
        np.testing.assert_allclose(got, want, rtol=1e-15 / 1e-2)
    else:
        assert relative(got, want).max() <= 2e-15


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_round_ellipsoid_is_a_sphere(quantity):
    ball, egg = Sphere(0.3, magnetization=M), Ellipsoid([0.3, 0.3, 0.3], magnetization=M)
    points = 0.3 * unit_vectors(60) * (1 + rng.choice([-1, 1], (60, 1)) * 10.0 ** rng.uniform(-9, 0, (60, 1)))
    got, want = getattr(egg, quantity)(points), getattr(ball, quantity)(points)
    inside = ball.contains(points)
    assert 10 < inside.sum() < 50
    if quantity == "grad_B":
        np.testing.assert_array_equal(got[inside], 0.0)
        got, want = got[~inside], want[~inside]
    size = np.abs(want).max() if want.ndim == 1 else 0.0
    assert np.all(np.abs(got - want) <= 4e-15 * size) if size else relative(got, want).max() <= 4e-15


@pytest.mark.parametrize("body", [Sphere(0.5, magnetization=M), Ellipsoid([0.5, 2.0, 0.25], magnetization=M)])
def test_on_the_surface_nothing_is_defined_and_a_rounding_off_it_all_is(body):
    axes = getattr(body, "semi_axes", np.full(3, 0.5))
    poles = np.concatenate([np.diag(axes), -np.diag(axes)])
    for quantity in QUANTITIES:
        assert np.all(np.isnan(getattr(body, quantity)(poles)))
        for factor in (1 - 1e-15, 1 + 1e-15):
            assert np.all(np.isfinite(getattr(body, quantity)(factor * poles)))
    assert np.all(body.contains((1 - 1e-15) * poles))
    assert not np.any(body.contains((1 + 1e-15) * poles))
    assert np.all(np.isnan(body.B([np.nan, 0, 0])))


@pytest.mark.parametrize("axes", [(0.3, 0.3, 0.3), (1.0, 1.7, 0.3), (3.0, 0.9, 1e-3)])
def test_inside_or_outside_is_decided_exactly(axes):
    # Points rounded onto the surface: rational arithmetic says on which side of it each one is.
    bodies = [Ellipsoid(axes, magnetization=M)]
    if len(set(axes)) == 1:
        bodies.append(Sphere(axes[0], magnetization=M))
    points = unit_vectors(60) * np.array(axes)
    sums = [
        sum((Fraction(x) / Fraction(a)) ** 2 for x, a in zip(p.tolist(), axes, strict=True)) for p in points
    ]
    inside = [total < 1 for total in sums]
    assert 10 < sum(inside) < 50
    for body in bodies:
        assert np.all(np.isfinite(body.B(points)))
        np.testing.assert_array_equal(body.contains(points), inside)
        np.testing.assert_array_equal(np.all(body.grad_B(points) == 0, axis=(1, 2)), inside)


def test_no_axis_is_preferred():
    # A disc is where a wrong choice between v n^2 - N and its complement costs digits.
    axes = np.array([1.0, 0.8, 1e-3])
    points = np.concatenate(
        [np.array([[0.1, 0.2, 1e-9 + 1e-3], [1e-4, 0.3, 0.1], [0.2, 0, 0]]), unit_vectors(10)]
    )
    for quantity in ("B", "H", "grad_B"):
        for direction in np.eye(3):
            want = getattr(Ellipsoid(axes, magnetization=direction), quantity)(points)
            for turns in (1, 2):
                other = Ellipsoid(np.roll(axes, turns), magnetization=np.roll(direction, turns))
                got = getattr(other, quantity)(np.roll(points, turns, axis=1))
                for axis in range(1, want.ndim):
                    got = np.roll(got, -turns, axis=axis)
                size = np.sqrt(np.sum(want**2, axis=tuple(range(1, want.ndim))))
                error = np.sqrt(np.sum((got - want) ** 2, axis=tuple(range(1, want.ndim))))
                assert np.all(error <= 2e-15 * size)


@pytest.mark.parametrize("axes", [(1.0, 1.0, 1.0), (1.0, 2.0, 0.5), (3.0, 1.0, 1e-3)])
def test_the_normal_part_of_B_and_the_tangential_part_of_H_pass_the_surface(axes):
    body = Ellipsoid(axes, magnetization=M)
    axes = np.array(axes)
    u = unit_vectors(30)
    normal = u / axes / np.linalg.norm(u / axes, axis=1)[:, None]
    step = 1e-9 * axes.min() * normal
    jump_B = body.B(u * axes + step) - body.B(u * axes - step)
    jump_H = body.H(u * axes + step) - body.H(u * axes - step)
    assert np.abs(np.sum(jump_B * normal, axis=1)).max() <= 1e-7 * MU0 * np.linalg.norm(M)
    assert np.linalg.norm(np.cross(jump_H, normal), axis=1).max() <= 1e-7 * np.linalg.norm(M)
    pole_density = normal @ M
    np.testing.assert_allclose(np.sum(jump_H * normal, axis=1), pole_density, atol=1e-7 * np.linalg.norm(M))
    for quantity in ("A", "scalar_potential"):
        function = getattr(body, quantity)
        jump = np.abs(function(u * axes + step) - function(u * axes - step)).max()
        assert jump <= 1e-7 * np.abs(function(u * axes + step)).max()


def test_turned_and_moved_bodies_carry_their_magnetization():
    turn = Rotation.from_rotvec([0.3, -0.8, 1.1])
    body = Ellipsoid([1.0, 2.0, 0.5], magnetization=M, position=[1, 2, 3], orientation=turn)
    plain = Ellipsoid([1.0, 2.0, 0.5], magnetization=M)
    points = rng.normal(size=(20, 3)) * 2
    got = body.B(turn.apply(points) + body.position)
    assert relative(got, turn.apply(plain.B(points))).max() <= 1e-13
    np.testing.assert_allclose(body.moment, turn.apply(M) * np.pi * 4 / 3, rtol=1e-14)


def test_scales_of_two_change_no_digit():
    axes = np.array([1.0, 1.5, 0.2])
    body, big = Ellipsoid(axes, magnetization=M), Ellipsoid(axes * 2.0**30, magnetization=M)
    points = rng.normal(size=(20, 3))
    np.testing.assert_array_equal(body.B(points), big.B(points * 2.0**30))
    np.testing.assert_array_equal(body.grad_B(points), big.grad_B(points * 2.0**30) * 2.0**30)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Sphere(0.0, magnetization=M), "radius must be positive, got 0"),
        (lambda: Ellipsoid([1, -1, 1], magnetization=M), "semi_axes must be positive, got"),
        (lambda: Ellipsoid([1, 1], magnetization=M), "semi_axes must be a vector of 3 numbers"),
        (lambda: Sphere(1.0), "exactly one of magnetization, polarization"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()
