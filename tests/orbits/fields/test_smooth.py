"""Uniform, linear, bottle, tube and tokamak fields against closed forms and published values."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from magneton import CircularLoop, UniformField
from magneton.orbits.fields import (
    FluxTube,
    LinearField,
    LinearGradient,
    ParallelE,
    ParaxialBottle,
    Tokamak,
    UniformE,
    VaryingUniformField,
    along,
    magnetic_bottle,
)

rng = np.random.default_rng(5)


def curl(g):
    return np.stack(
        [g[..., 2, 1] - g[..., 1, 2], g[..., 0, 2] - g[..., 2, 0], g[..., 1, 0] - g[..., 0, 1]], axis=-1
    )


def test_a_uniform_E_has_the_potential_of_its_direction():
    field = UniformE((1.0, -2.0, 3.0), position=(1.0, 0.0, 0.0))
    assert field.electric_potential([2.0, 1.0, 1.0]) == -2.0
    assert (field + UniformField([0, 0, 1.0])).electric
    assert not UniformE((0, 0, 0)).electric


@pytest.mark.parametrize(
    ("profile", "far_below", "middle", "far_above"), [("step", 0.0, 5.0, 10.0), ("hill", 0.0, 10.0, 0.0)]
)
def test_a_potential_rises_to_its_height(profile, far_below, middle, far_above):
    field = ParallelE(10.0, 0.1, profile, orientation=along([1.0, 0, 0]))
    phi = field.electric_potential([[-1e3, 0, 0], [0, 3.0, 0], [1e3, 0, 0]])
    np.testing.assert_array_equal(phi, [far_below, middle, far_above])
    np.testing.assert_array_equal(field.E([[-1e3, 0, 0], [1e3, 0, 0]]), np.zeros((2, 3)))


def test_the_tail_of_a_potential_step_keeps_its_digits():
    # (1 + tanh u)/2 = e^2u/(1 + e^2u): at u = -30 the sum 1 + tanh u would be zero.
    field = ParallelE(1.0, 1.0)
    expected = np.exp(-60.0) / (1 + np.exp(-60.0))
    assert field.electric_potential([0, 0, -30.0]) == pytest.approx(expected, rel=1e-14)
    for z in (-30.0, 30.0):
        assert field.E([0, 0, z])[2] == pytest.approx(-2 * expected, rel=1e-14)


def test_profiles_of_a_varying_field():
    t = np.array([-1.3, 0.0, 0.7])
    origin = np.zeros((3, 3))
    for field, B in [
        (VaryingUniformField.linear(2.0, 0.5), 2.0 + 0.5 * t),
        (VaryingUniformField.exponential(2.0, 0.5), 2.0 * np.exp(0.5 * t)),
        (VaryingUniformField.sinusoidal(2.0, 0.1, 3.0, 0.2), 2.0 * (1 + 0.1 * np.sin(3.0 * t + 0.2))),
        (VaryingUniformField.transition(1.0, 3.0, 0.8), np.sqrt(5.0 + 4.0 * np.tanh(0.8 * t))),
    ]:
        np.testing.assert_allclose(field.B(origin, t)[:, 2], B, rtol=3e-16 * 2)
    ends = VaryingUniformField.transition(1.0, 3.0, 1e3).B(np.zeros((2, 3)), [-1e3, 1e3])
    np.testing.assert_array_equal(ends, [[0, 0, 1.0], [0, 0, 3.0]])


def test_the_jump_of_mu_in_a_transition_is_the_exact_one():
    # In the frame that turns at omega = q B/(2 m) the motion is that of an oscillator of this frequency: here
    # q/(2 m) = 1. A gyration about the axis is u = exp(-i omega t); the square of its part exp(+i omega t) afterwards
    # is the gain of mu.
    field = VaryingUniformField.transition(0.5, 1.0, 10.0)

    def slope(t, y):
        omega = field.B([0, 0, 0], t)[2]
        return [y[1], -(omega**2) * y[0]]

    y = solve_ivp(slope, [-1.9, 1.9], [1.0, -0.5j], method="DOP853", rtol=1e-11, atol=1e-13).y[:, -1]
    action = (abs(y[1]) ** 2 + abs(y[0]) ** 2) / 2.0 / 0.5
    assert (action - 1.0) / 2.0 == pytest.approx(0.122715045320, abs=1e-10)


def test_a_linear_field_at_a_point():
    gradient = np.array([[1.0, 2.0, 3.0], [4.0, -3.0, 5.0], [6.0, 7.0, 2.0]])
    field = LinearField((0.1, 0.2, 0.3), gradient, position=(1.0, 1.0, 1.0))
    np.testing.assert_allclose(field.B([2.0, 1.0, 3.0]), [7.1, 14.2, 10.3], rtol=1e-15)
    strength = LinearGradient(2.0, 0.5).B([[3.0, 9.0, 9.0], [-4.0, 0, 0]])
    np.testing.assert_array_equal(strength, [[0, 0, 3.5], [0, 0, 0.0]])


def test_the_paraxial_bottle_is_a_vacuum_field():
    field = ParaxialBottle(2.0, 0.5)
    np.testing.assert_array_equal(field.B([[0, 0, 0.0], [0, 0, 0.5], [0, 0, -1.0]])[:, 2], [2.0, 4.0, 10.0])
    gradient = field.grad_B(rng.normal(size=(20, 3)))
    np.testing.assert_array_equal(gradient, np.swapaxes(gradient, 1, 2))


def test_the_middle_of_two_coils_is_a_paraxial_bottle():
    coils = magnetic_bottle(2.0, 0.5, 1e3, position=(1.0, 0, 0), orientation=along([0, 1.0, 0]))
    # Two loops at +-d: B'' / (2 B) on the axis, d = 1, a = 0.5, of (a^2 + (z - d)^2)^(-3/2).
    s = 1.25
    length = (0.5 * (15.0 / s**2 - 3.0 / s)) ** -0.5
    middle = coils.B([1.0, 0, 0])
    paraxial = ParaxialBottle(np.linalg.norm(middle), length, position=(1.0, 0, 0), orientation=along(middle))
    offsets = rng.normal(size=(30, 3))
    offsets /= np.linalg.norm(offsets, axis=1)[:, None]
    left = []
    for size in (0.02, 0.01):
        points = size * offsets + [1.0, 0, 0]
        left.append(np.max(np.linalg.norm(coils.B(points) - paraxial.B(points), axis=1)))
    assert left[1] < 1e-6 * np.linalg.norm(middle)
    assert left[0] / left[1] == pytest.approx(16.0, rel=0.01)
    assert all(isinstance(loop, CircularLoop) for loop in coils.sources)
    assert coils.B([1.0, 0.9, 0])[1] > 2 * middle[1] > 0


def test_the_gold_hoyle_tube_is_free_of_force():
    twist = 1.7
    field = FluxTube.gold_hoyle(0.3, twist)
    points = rng.normal(size=(40, 3))
    B, J = field.B(points), curl(field.grad_B(points))
    alpha = 2 * twist / (1 + twist**2 * np.sum(points[:, :2] ** 2, axis=1))
    np.testing.assert_allclose(J, alpha[:, None] * B, rtol=0, atol=1e-15 * np.max(np.abs(J)))


def test_the_flux_of_a_tube_on_and_off_its_axis():
    # A_phi = flux/(2 pi r), without cancellation near the axis: B0 r/2 there.
    field = FluxTube(2.0, 3.0, 0.5)
    for r in (1e-12, 1e-3, 50.0):
        expected = 2.0 * 9.0 * np.log1p(r * r / 9.0) / (2 * r)
        np.testing.assert_allclose(field.A([r, 0, 0])[1], expected, rtol=1e-14)
    np.testing.assert_array_equal(field.A([0, 0, 1.0]), [0, 0, 0])


@pytest.mark.parametrize(("q0", "shear_radius"), [(1.5, None), (-0.9, 0.6)])
def test_the_safety_factor_of_the_tokamak(q0, shear_radius):
    field = Tokamak(2.0, 1.7, q0, shear_radius)
    angle = 2 * np.pi * np.arange(400) / 400
    for r in (0.1, 0.8):
        points = np.stack([1.7 + r * np.cos(angle), 0 * angle, r * np.sin(angle)], axis=1)
        B = field.B(points)
        poloidal = -np.sin(angle) * B[:, 0] + np.cos(angle) * B[:, 2]
        outward = np.cos(angle) * B[:, 0] + np.sin(angle) * B[:, 2]
        np.testing.assert_allclose(outward, 0, atol=1e-15)
        turns = np.mean(r * B[:, 1] / (points[:, 0] * poloidal))
        assert turns == pytest.approx(field.safety_factor(r), rel=1e-13)
    assert field.safety_factor(0.0) == q0
    np.testing.assert_array_equal(field.B([1.7, 0, 0]), [0, 2.0, 0])


def test_the_tokamak_has_no_field_on_its_axis_of_symmetry():
    field = Tokamak(2.0, 1.7, 1.0)
    for values in field.derivatives([0, 0, 0.3]).values():
        assert np.all(np.isnan(values))
    assert np.all(np.isnan(field.A([0, 0, 0.3])))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: UniformE([1.0, 2.0]), r"E0 must be a vector of 3 numbers, got shape \(2,\)"),
        (lambda: ParallelE(1.0, 0.0), "width must be positive, got 0"),
        (lambda: ParallelE(1.0, 1.0, "box"), "profile must be one of linear, step, hill, got 'box'"),
        (lambda: VaryingUniformField("linear", (1.0,)), "values must be B0, rate for profile linear"),
        (lambda: VaryingUniformField.transition(1.0, -2.0, 1.0), "B2 must be positive, got -2"),
        (lambda: LinearField([0, 0, 1.0], np.eye(3)), "gradient must have no trace, .* got a trace of 3"),
        (lambda: LinearField([0, 0, 1.0], np.zeros((2, 3))), r"gradient must have shape \(3, 3\)"),
        (lambda: ParaxialBottle(0.0, 1.0), "B0 must not be zero"),
        (lambda: magnetic_bottle(1.0, 1.0, 5.0), "separation must exceed the radius 1 .* got 1"),
        (lambda: FluxTube.gold_hoyle(1.0, 0.0), "twist must not be zero"),
        (lambda: Tokamak(1.0, 2.0, 0.0), "q0 must not be zero"),
        (lambda: Tokamak(1.0, 2.0, 1.0).safety_factor(2.0), "minor_radius must lie from 0 to below"),
        (lambda: along([0, 0, 0]), "direction must not be zero"),
    ],
)
def test_errors_name_the_argument(make, message):
    with pytest.raises(ValueError, match=message):
        make()
