"""Each drift of a guiding centre against its closed form, and all of them against a full orbit."""

import math

import numpy as np
import pytest

from magneton import constants, orbits
from magneton.orbits._drifts import drifts
from magneton.orbits._gyrocentre import gyrocentre
from magneton.orbits._trace import trace
from magneton.orbits.fields import LinearField, ParaxialBottle, UniformE
from support.numpy_fields import NumpyField

C, PROTON = float(constants.c), orbits.proton
V = np.array([3e7, 4e7, 1.2e8])
GAMMA = 1.0 / math.sqrt(1.0 - V @ V / C**2)
P = GAMMA * PROTON.mass * V


def test_crossed_fields_move_every_charge_alike_and_leave_the_rest_to_mu():
    field = NumpyField(
        lambda x, y, z, t: (0 * x, 0 * x, 2.0 + 0 * x), lambda x, y, z, t: (0 * x, 3e4 + 0 * x, 5.0 + 0 * x)
    )
    for species in ("proton", "electron"):
        found = drifts(field, species, [1.0, 2.0, 3.0], [1.5e4, 0.0, 7.0])
        np.testing.assert_allclose(found.electric, [1.5e4, 0.0, 0.0], rtol=1e-15)
        np.testing.assert_allclose(found.total, [1.5e4, 0.0, 7.0], rtol=1e-15)
        assert found.mirror_force == 0.0


def test_a_gradient_across_B_is_a_drift_of_mu():
    k = 0.25
    field = NumpyField(lambda x, y, z, t: (0 * x, 0 * x, 2.0 * (1.0 + k * x)))
    found = drifts(field, "proton", [0.0, 5.0, 0.0], V)
    # v = m gamma v_perp^2 k/(2 q B) along b x grad B
    speed = P[:2] @ V[:2] * k / (2.0 * PROTON.charge * 2.0)
    np.testing.assert_allclose(found.gradient, [0.0, speed, 0.0], rtol=1e-14)
    np.testing.assert_allclose(found.curvature, 0.0, atol=1e-16 * speed)
    np.testing.assert_allclose(found.total - found.parallel, found.gradient, atol=1e-12 * speed)


def test_field_lines_about_a_wire_give_the_sum_of_gradient_and_curvature_drift():
    def wire(x, y, z, t):
        return -2.0 * y / (x**2 + y**2), 2.0 * x / (x**2 + y**2), 0 * x

    found = drifts(NumpyField(wire), "electron", [0.0, 4.0, 1.0], [-V[2], V[0], V[1]])  # b = -x, B = 1/2
    electron = GAMMA * constants.m_e
    q_B_R = -constants.e * 0.5 * 4.0
    np.testing.assert_allclose(found.curvature, [0, 0, electron * V[2] ** 2 / q_B_R], rtol=1e-14, atol=1e-9)
    across = electron * (V[0] ** 2 + V[1] ** 2) / 2.0
    np.testing.assert_allclose(found.gradient, [0, 0, across / q_B_R], rtol=1e-14, atol=1e-9)
    assert found.mirror_force == pytest.approx(0.0, abs=1e-30)


def test_a_growing_electric_field_polarizes():
    rate = 1e6
    field = NumpyField(
        lambda x, y, z, t: (0 * x, 0 * x, 2.0 + 0 * x), lambda x, y, z, t: (rate * t, 0 * x, 0 * x)
    )
    found = drifts(field, "proton", np.zeros((4, 3)), [0.0, 0.0, 1e5], t=[0.0, 1e-4, 2e-4, 3e-4])
    # (gamma m/q B^2) dE/dt, along dE/dt for positive charges: a force -m dv_E/dt in the frame of E x B.
    gamma = 1.0 / math.sqrt(1.0 - (1e5 / C) ** 2)
    expected = gamma * PROTON.mass * rate / (PROTON.charge * 4.0)
    np.testing.assert_allclose(found.polarization, [[expected, 0.0, 0.0]] * 4, rtol=1e-14)


def test_a_direction_of_B_that_turns_in_time_moves_what_goes_along_it():
    w = 1e3
    field = NumpyField(lambda x, y, z, t: (np.sin(w * t), 0 * x, np.cos(w * t)))
    found = drifts(field, "proton", np.zeros(3), [0.0, 0.0, 1e6])
    gamma = 1.0 / math.sqrt(1.0 - (1e6 / C) ** 2)
    expected = gamma * PROTON.mass * 1e6 * w / PROTON.charge  # b x db/dt = z x x = y
    np.testing.assert_allclose(found.turning, [0.0, expected, 0.0], rtol=1e-14)


def test_the_lorentz_force_averaged_over_a_small_ring_is_the_mirror_force():
    bottle, z = ParaxialBottle(2.0, 0.5), 0.3
    ratios = []
    for speed in (2e6, 1e6):
        B = bottle.B([0.0, 0.0, z])
        rho = PROTON.mass * speed / (PROTON.charge * B[2]) / math.sqrt(1.0 - (speed / C) ** 2)
        angles = np.arange(12) * (2.0 * math.pi / 12.0)
        ring = np.stack([np.cos(angles), np.sin(angles), 0.0 * angles], axis=-1)
        velocity = -speed * np.cross([0.0, 0.0, 1.0], ring)  # positive charges turn left-handed
        force = PROTON.charge * np.cross(velocity, bottle.B([0.0, 0.0, z] + rho * ring))
        expected = drifts(bottle, "proton", [0.0, 0.0, z], [speed, 0.0, 0.0]).mirror_force
        ratios.append(force[:, 2].mean() / expected - 1.0)
    # To second order in rho/L; here the linear B_r makes it exact.
    assert expected < 0.0
    assert np.max(np.abs(ratios)) < 1e-12


def test_all_drifts_together_move_the_gyrocentre_of_a_full_orbit_to_second_order():
    gradient = np.array([[0.4, 0.1, -0.5], [0.3, -1.1, 0.2], [0.7, 0.6, 0.7]])
    v = np.array([2.0e5, -1.5e5, 2.5e5])
    errors = []
    for multiple in (100.0, 200.0):
        species = orbits.Species(multiple * PROTON.charge, PROTON.mass)
        field = LinearField((0.2, 0.5, 1.0), gradient) + UniformE((5e4, -8e4, 3e4))  # across B here
        position = np.zeros(3)
        b = field.B(position) / np.linalg.norm(field.B(position))
        # About a centre, half a gyration back and half a one on.
        period = 2.0 * math.pi * species.mass / (species.charge * np.linalg.norm(field.B(position)))
        ends = []
        for part in (-0.5, 0.5):
            orbit = trace(field, species, position, v, part * period, times=[part * period])
            ends.append(gyrocentre(field, species, orbit.position[-1], orbit.velocity[-1]))
        moved = (ends[1] - ends[0]) / period
        centre = gyrocentre(field, species, position, v)
        found = drifts(field, species, centre, v)
        wrong = moved - found.total
        b = field.B(centre) / np.linalg.norm(field.B(centre))
        wrong = np.linalg.norm(wrong - (wrong @ b) * b)
        for part in (found.gradient, found.curvature, found.turning, found.polarization):
            assert np.linalg.norm(part) > 3.0 * wrong
        errors.append(wrong)
    assert 3.4 < errors[0] / errors[1] < 4.6


def test_drifts_are_nan_where_B_is_zero():
    null = LinearField((0.0, 0.0, 0.0), np.diag([1.0, 1.0, -2.0]))
    found = drifts(null, "proton", [[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]], [1e5, 0.0, 1e5])
    np.testing.assert_array_equal(np.isnan(found.total), [[True] * 3, [False] * 3])
