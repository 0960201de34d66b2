"""Plane waves: Maxwell's relations, hands, switching on, records."""

import numpy as np
import pytest

from magneton import constants
from magneton.orbits.fields import CircularWave, PlaneWave, along

c = float(constants.c)
rng = np.random.default_rng(11)
POINTS, TIMES = rng.normal(size=(30, 3)), rng.normal(size=30) / c


def test_a_circular_wave_in_vacuum():
    field = CircularWave(2e-9, 3.0, 3.0 * c, phase=0.4)
    B, E = field.B(POINTS, TIMES), field.E(POINTS, TIMES)
    np.testing.assert_allclose(np.linalg.norm(B, axis=1), 2e-9, rtol=1e-14)
    # E = -c k x B / |k|: E, B and k are a right-handed triad.
    np.testing.assert_allclose(np.cross(E, B), np.broadcast_to([0, 0, c * 4e-18], E.shape), atol=1e-22 * c)
    np.testing.assert_allclose(E, -c * np.cross([0, 0, 1.0], B), rtol=0, atol=1e-14 * c * 2e-9)


@pytest.mark.parametrize("wave_number", [0.5, -0.5])
@pytest.mark.parametrize(("hand", "sign"), [("right", 1.0), ("left", -1.0)])
def test_a_right_hand_wave_turns_as_electrons_do(hand, sign, wave_number):
    # dv/dt = (q/m) v x B0 z: an electron's velocity turns from +x to +y.
    field = CircularWave(1.0, wave_number, 2.0, hand)
    np.testing.assert_allclose(field.B([0, 0, 0], 0.0), [1.0, 0, 0], atol=1e-15)
    later = field.B([0, 0, 0], 0.1)
    np.testing.assert_allclose(later, [np.cos(0.2), sign * np.sin(0.2), 0], atol=1e-15)


def test_a_plane_wave_obeys_faraday_at_any_speed_and_angle():
    k, omega = np.array([1.0, 2.0, -0.5]), 0.7
    cosine, sine = np.cross(k, [0.3, 0.1, 1.0]), np.cross(k, [0.2, -1.0, 0.4])
    field = PlaneWave(k, omega, cosine, sine)
    B, E = field.B(POINTS, TIMES), field.E(POINTS, TIMES)
    np.testing.assert_allclose(np.cross(k, E), omega * B, atol=1e-14 * np.max(np.abs(B)))
    np.testing.assert_allclose(np.concatenate([E @ k, B @ k]), 0, atol=1e-14 * np.max(np.abs(B)))
    psi = POINTS @ k - omega * TIMES
    expected = np.outer(np.cos(psi), cosine) + np.outer(np.sin(psi), sine)
    np.testing.assert_allclose(B, expected, atol=1e-14 * np.max(np.abs(B)))


@pytest.mark.parametrize(("ellipticity", "hand"), [(1.0, "right"), (-1.0, "left")])
def test_a_wave_at_no_angle_is_circular(ellipticity, hand):
    one = PlaneWave.at_angle(0.3, 2.0, 1.5, 0.0, ellipticity, phase=0.2)
    other = CircularWave(0.3, 2.0, 1.5, hand, phase=0.2)
    np.testing.assert_allclose(one.B(POINTS, 0.3), other.B(POINTS, 0.3), atol=1e-16)
    np.testing.assert_allclose(one.E(POINTS, 0.3), other.E(POINTS, 0.3), atol=1e-16)


def test_a_wave_at_an_angle_turns_about_its_k():
    turned = CircularWave(0.3, 2.0, 1.5, orientation=along([np.sin(0.6), 0, np.cos(0.6)]))
    np.testing.assert_allclose(
        PlaneWave.at_angle(0.3, 2.0, 1.5, 0.6, 1.0).B(POINTS, 0.3), turned.B(POINTS, 0.3), atol=2e-16
    )


def test_a_wave_is_switched_on():
    steady, ramped = CircularWave(1.0, 2.0, 3.0), CircularWave(1.0, 2.0, 3.0, ramp=5.0)
    for t in (-1.0, 0.0):
        assert not any(np.any(v) for v in ramped.derivatives(POINTS, t).values())
    for t in (5.0, 8.0):
        for name, value in steady.derivatives(POINTS, t).items():
            np.testing.assert_array_equal(ramped.derivatives(POINTS, t)[name], value)
    np.testing.assert_allclose(ramped.B(POINTS, 2.5), 0.5 * steady.B(POINTS, 2.5), rtol=1e-15)
    # A is the steady one times g, so E has the part -g' A: g' = 30/16/5 halfway.
    expected = 0.5 * steady.E(POINTS, 2.5) - 30 / 16 / 5 * steady.A(POINTS, 2.5)
    np.testing.assert_allclose(ramped.E(POINTS, 2.5), expected, atol=1e-15)


def test_a_field_tells_of_its_waves_in_global_axes():
    fields = [
        CircularWave(
            0.3, -2.0, 1.5, "left", 0.7, position=(1.0, 2.0, 3.0), orientation=along([1.0, 1.0, 0.3])
        ),
        PlaneWave.at_angle(0.4, 1.1, 0.8, 0.6, -0.5, phase=0.1, position=(0, 0.5, 0)),
    ]
    for field, size in zip(fields, (0.3, 0.4), strict=True):
        (wave,) = field.waves
        psi = POINTS @ wave.wave_vector - wave.angular_frequency * 0.3 + wave.phase
        B = wave.amplitude * np.real(np.exp(1j * psi)[:, None] * wave.polarization)
        np.testing.assert_allclose(B, field.B(POINTS, 0.3), atol=1e-15)
        assert wave.amplitude == pytest.approx(size, rel=1e-14)
    assert PlaneWave([1.0, 0, 0], 1.0, [0, 0, 0]).waves[0].amplitude == 0.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CircularWave(1.0, 0.0, 1.0), "wave_number must not be zero"),
        (lambda: CircularWave(1.0, 1.0, 1.0, "up"), "hand must be one of right, left, got 'up'"),
        (lambda: CircularWave(1.0, 1.0, 1.0, ramp=-1.0), "ramp must not be negative, got -1"),
        (lambda: PlaneWave([0, 0, 0], 1.0, [1.0, 0, 0]), "wave_vector must not be zero"),
        (lambda: PlaneWave([0, 0, 1.0], 1.0, [1.0, 0, 0.1]), "cosine must be perpendicular to wave_vector"),
        (lambda: PlaneWave.at_angle(1.0, 1.0, 1.0, 0.1, 1.5), "ellipticity must lie from -1 to 1, got 1.5"),
    ],
)
def test_errors_name_the_argument(make, message):
    with pytest.raises(ValueError, match=message):
        make()
