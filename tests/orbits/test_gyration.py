"""Kinematics, frequency, radius and moment of the gyration."""

import mpmath as mp
import numpy as np
import pytest

from magneton import CircularLoop, constants
from magneton.orbits import Species, electron, proton
from magneton.orbits.gyration import (
    diamagnetic_moment,
    gyrofrequency,
    gyroperiod,
    gyrophase,
    larmor_radius,
    mu,
    orbital_moment,
    perpendicular_basis,
    pitch_angle,
)
from magneton.orbits.kinematics import (
    kinetic_energy,
    lorentz_factor,
    proper_velocity,
    rigidity,
    speed,
    velocity_from_proper,
)

C = float(constants.c)


def test_a_proton_of_a_thousand_km_per_second_in_the_solar_wind():
    v, B = [1e6, 0.0, 0.0], [0.0, 0.0, 5e-9]
    np.testing.assert_allclose(mu(proton, v, B) / lorentz_factor(v) ** 2, 1.672622e-7, rtol=1e-7)
    assert gyroperiod(proton, 5e-9) == pytest.approx(13.1189, abs=5e-5)
    assert larmor_radius(proton, v, B) / lorentz_factor(v) == pytest.approx(2.08794e6, abs=5.0)


def test_the_sign_of_the_charge_is_that_of_the_frequency():
    assert gyrofrequency(proton, 1.0) == proton.charge / proton.mass
    assert gyrofrequency(electron, [[0.0, 3.0, 4.0]], [0.6 * C, 0.0, 0.0]) == pytest.approx(
        0.8 * 5.0 * electron.charge / electron.mass, rel=1e-15
    )
    assert gyroperiod(electron, 1.0) > 0.0


@pytest.mark.parametrize("v", [1e-3, 1.0, 1e5, 0.9 * C, 0.999999 * C])
def test_energy_speed_and_momentum_to_rounding(v):
    with mp.workdps(40):
        beta = mp.mpf(v) / mp.mpf(C)
        gamma = 1 / mp.sqrt(1 - beta**2)
        energy = (gamma - 1) * mp.mpf(electron.mass) * mp.mpf(C) ** 2
        volts = gamma * v * mp.mpf(electron.mass) * C / abs(mp.mpf(electron.charge))
    velocity = np.array([0.0, -v, 0.0])
    condition = float(gamma) ** 2 * 1e-15
    assert lorentz_factor(velocity) == pytest.approx(float(gamma), rel=condition)
    np.testing.assert_allclose(kinetic_energy(electron, velocity), float(energy), rtol=2 * condition)
    np.testing.assert_allclose(rigidity(electron, velocity), float(volts), rtol=condition)
    np.testing.assert_allclose(speed(electron, float(energy)), v, rtol=1e-15)
    np.testing.assert_allclose(velocity_from_proper(proper_velocity(velocity)), velocity, rtol=condition)


def test_small_pitch_angles_keep_their_digits():
    b = np.array([1.0, 2.0, -2.0]) / 3.0
    e = np.array([2.0, 1.0, 2.0]) / 3.0
    for angle in (1e-12, 1e-7, 1.0):
        v = 1e6 * (np.cos(angle) * b + np.sin(angle) * e)
        # The components of v are rounded to 1e-16 of v: no more than that is lost.
        assert pitch_angle(v, 3.0 * b) == pytest.approx(angle, abs=2e-16)
        assert np.pi - pitch_angle(-v, 3.0 * b) == pytest.approx(angle, abs=5e-16)
    assert pitch_angle([1e-9, 0.0, 1.0], [0.0, 0.0, 1.0]) == pytest.approx(1e-9, rel=1e-15, abs=0)


def test_mu_is_gamma_times_current_times_area():
    rng = np.random.default_rng(1)
    v = rng.normal(size=(20, 3)) * 0.4 * C / np.sqrt(3)
    B = rng.normal(size=(20, 3))
    current = abs(electron.charge) / gyroperiod(electron, B, v)
    radius = larmor_radius(electron, v, B)
    area = np.pi * radius**2
    np.testing.assert_allclose(orbital_moment(electron, v, B), current * area, rtol=1e-14)
    np.testing.assert_allclose(mu(electron, v, B), lorentz_factor(v) * current * area, rtol=1e-14)
    loop = CircularLoop(radius[0], current[0])
    moment = diamagnetic_moment(electron, v, B)
    np.testing.assert_allclose(np.linalg.norm(loop.moment), np.linalg.norm(moment[0]), rtol=1e-14)
    np.testing.assert_allclose(
        np.sum(moment * B, axis=1), -orbital_moment(electron, v, B) * np.linalg.norm(B, axis=1)
    )


@pytest.mark.parametrize("charge", [1.0, -1.0])
def test_the_gyration_weakens_the_field_within(charge):
    """The moment from its definition, q/2 r x v about the centre, opposes B for either sign."""
    particle = Species(charge, 2.0)
    B, v = np.array([0.0, 0.0, 3.0]), np.array([5.0, 0.0, 0.0])
    acceleration = charge * np.cross(v, B) / particle.mass
    from_centre = -acceleration / np.linalg.norm(acceleration) * larmor_radius(particle, v, B)
    np.testing.assert_allclose(
        diamagnetic_moment(particle, v, B), charge / 2 * np.cross(from_centre, v), rtol=1e-14
    )


def test_the_basis_of_gyrophases_in_every_direction():
    rng = np.random.default_rng(2)
    near = 10.0 ** rng.uniform(-20, 0, size=(50, 1)) * rng.normal(size=(50, 3))
    axes = np.concatenate([np.eye(3), -np.eye(3)])
    B = np.concatenate([rng.normal(size=(50, 3)), axes, near + np.eye(3)[2], near - np.eye(3)[2]])
    b = B / np.linalg.norm(B, axis=1, keepdims=True)
    e1, e2 = perpendicular_basis(7.0 * B)
    rows = np.stack([e1, e2, b], axis=1)
    np.testing.assert_allclose(
        rows @ np.swapaxes(rows, 1, 2), np.broadcast_to(np.eye(3), rows.shape), atol=1e-15
    )
    np.testing.assert_allclose(np.linalg.det(rows), 1.0, rtol=1e-15)
    np.testing.assert_allclose(perpendicular_basis([0.0, 0.0, 2.0]), [[1, 0, 0], [0, 1, 0]])
    assert np.isnan(perpendicular_basis(np.zeros(3))).all()


def test_gyrophase_falls_for_positive_charges():
    B, v = np.array([0.3, -0.2, -1.0]), np.array([1.0, 2.0, 0.5])
    later = v + 1e-6 * np.cross(v, B)
    assert gyrophase(later, B) - gyrophase(v, B) == pytest.approx(-1e-6 * np.linalg.norm(B), rel=1e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lorentz_factor([C, 0.0, 0.0]), "velocity must be below the speed of light"),
        (lambda: speed(proton, -1.0), "kinetic_energy must not be negative, got -1"),
        (
            lambda: mu(proton, np.ones((2, 3)), np.ones((3, 3))),
            "velocity and B must have shapes that broadcast",
        ),
        (lambda: gyrofrequency(proton, [1.0, 2.0]), "B must have shape"),
        (lambda: mu("plasma", [1.0, 0, 0], [1.0, 0, 0]), "species must be a Species or one of"),
    ],
)
def test_errors_name_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_without_field_there_is_no_gyration():
    zero, v = np.zeros(3), [1.0, 0.0, 0.0]
    assert np.isnan(mu(proton, v, zero))
    assert np.isnan(larmor_radius(proton, v, zero))
    assert gyroperiod(proton, 0.0) == np.inf
