"""Initial states and random ensembles."""

import numpy as np
import pytest
from scipy import integrate, stats

from magneton import CircularLoop, Dipole, constants
from magneton.orbits import electron, proton
from magneton.orbits._gyrocentre import gyrocentre
from magneton.orbits.gyration import gyrophase, pitch_angle
from magneton.orbits.initial import dipole_position, initial_state, velocity_from_angles
from magneton.orbits.kinematics import kinetic_energy, lorentz_factor, speed
from magneton.orbits.sampling import isotropic_angles, maxwellian

EARTH = Dipole([0.0, 0.0, -8e22])
MEV = 1e6 * float(constants.e)
C = float(constants.c)


def test_energy_angles_and_phase_come_back():
    rng = np.random.default_rng(1)
    energy = 10.0 ** rng.uniform(-6, 2, size=(3, 40)) * MEV
    pitch, phase = np.arccos(rng.uniform(-1, 1, size=40)), rng.uniform(-np.pi, np.pi, size=40)
    where = dipole_position(
        rng.uniform(2, 6, size=40), rng.uniform(-1, 1, size=40), rng.uniform(0, 6, size=40)
    )
    x, v = initial_state(EARTH, "proton", where, kinetic_energy=energy, pitch_angle=pitch, gyrophase=phase)
    assert x.shape == v.shape == (3, 40, 3)
    B = EARTH.B(x)
    np.testing.assert_allclose(kinetic_energy(proton, v), energy, rtol=1e-14)
    np.testing.assert_allclose(pitch_angle(v, B), np.broadcast_to(pitch, (3, 40)), atol=1e-15)
    np.testing.assert_allclose(gyrophase(v, B), np.broadcast_to(phase, (3, 40)), atol=1e-12)


def test_a_gyrocentre_comes_back():
    rng = np.random.default_rng(2)
    phase = rng.uniform(0, 2 * np.pi, size=30)
    centre = dipole_position(5.0, 0.3, 1.0)
    x, v = initial_state(
        EARTH, proton, centre, kinetic_energy=10 * MEV, pitch_angle=1.1, gyrophase=phase, at="gyrocentre"
    )
    assert np.linalg.norm(x - centre, axis=1).min() > 1e5
    np.testing.assert_allclose(gyrocentre(EARTH, proton, x, v), np.broadcast_to(centre, x.shape), atol=1e-7)
    np.testing.assert_allclose(kinetic_energy(proton, v), 10 * MEV, rtol=1e-14)
    np.testing.assert_allclose(pitch_angle(v, EARTH.B(x)), 1.1, rtol=1e-14)


def test_positions_on_a_shell_lie_on_one_field_line():
    """L = r/cos^2(latitude) with the axis from the dipole itself, wherever it is and points."""
    dipole = Dipole([2e22, -5e22, 4e22], position=(1e5, 2e5, -3e5))
    x = dipole_position(3.0, np.linspace(-1.2, 1.2, 7), 0.7, dipole=dipole)
    r = x - np.asarray(dipole.position)
    axis = -np.asarray(dipole.moment) / np.linalg.norm(dipole.moment)
    sine = r @ axis / np.linalg.norm(r, axis=1)
    np.testing.assert_allclose(np.arcsin(sine), np.linspace(-1.2, 1.2, 7), atol=1e-14)
    np.testing.assert_allclose(np.linalg.norm(r, axis=1), 3.0 * 6371200.0 * (1 - sine**2), rtol=1e-13)
    # The product of r^2 and the field's part along the meridian's normal is zero: one longitude.
    normal = np.cross(axis, r[3])
    np.testing.assert_allclose(r @ normal, 0.0, atol=1e-14 * np.linalg.norm(normal) * np.linalg.norm(r[3]))
    np.testing.assert_allclose(dipole_position(2.0, radius=1.0), [2.0, 0.0, 0.0])


def test_phase_is_counted_from_x_for_fields_along_z():
    v = velocity_from_angles(2.0, [np.pi / 2, np.pi / 2, 0.0], [0.0, np.pi / 2, 0.3], [0.0, 0.0, 1.0])
    np.testing.assert_allclose(v, [[2, 0, 0], [0, 2, 0], [0, 0, 2]], atol=1e-15)


def test_a_velocity_is_taken_as_it_is():
    x, v = initial_state(EARTH, proton, np.ones((4, 3)), velocity=[1.0, 2.0, 3.0])
    np.testing.assert_array_equal(v, np.broadcast_to([1.0, 2.0, 3.0], (4, 3)))
    x[0] = 0.0  # the caller's own


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "one of kinetic_energy, speed and velocity is required, got none"),
        ({"speed": 1.0, "kinetic_energy": 1.0}, "got kinetic_energy and speed"),
        ({"speed": 1.0}, "pitch_angle is required with speed"),
        ({"speed": 3e8, "pitch_angle": 0.0}, "speed must lie from 0 to below that of light"),
        (
            {"kinetic_energy": [1.0, 1e-13], "pitch_angle": 0.0},
            r"kinetic_energy must be below 0.0015 J = 9.4e\+15 eV .* got 1 J = 6.2e\+18 eV: .* 1 MeV = 1.602e-13 J",
        ),
        ({"speed": 1.0, "pitch_angle": 4.0}, "pitch_angle must lie between 0 and pi"),
        ({"velocity": [1.0, 0, 0], "pitch_angle": 1.0}, "pitch_angle must not be given with velocity"),
        ({"speed": 1.0, "pitch_angle": 1.0, "at": "center"}, "at must be 'particle' or 'gyrocentre'"),
        (
            {"speed": 1.0, "pitch_angle": [1.0, 1.0], "gyrophase": [1.0, 2.0, 3.0]},
            "must have shapes that broadcast",
        ),
        ({"position": np.zeros(3), "speed": 1.0, "pitch_angle": 1.0}, "position must be where B is defined"),
        ({"speed": 2.9e8, "pitch_angle": 1.5, "at": "gyrocentre"}, "position must be a gyrocentre"),
    ],
)
def test_errors_name_the_argument(arguments, message):
    loop = CircularLoop(1.0, 1.0) if "at" in arguments else EARTH
    with pytest.raises(ValueError, match=message):
        initial_state(loop, proton, **{"position": [1.5, 0.0, 0.5], **arguments})


def test_the_highest_energies_have_a_velocity():
    energy, pitch = 0.99e7 * proton.rest_energy, np.linspace(0, np.pi, 50)
    _, v = initial_state(EARTH, proton, dipole_position(4.0), kinetic_energy=energy, pitch_angle=pitch)
    np.testing.assert_allclose(kinetic_energy(proton, v), energy, rtol=0.06)  # gamma^2 times rounding
    assert speed(proton, 1.0) == np.nextafter(C, 0)  # 6 EeV rounds to c


def test_metres_are_not_taken_for_radii():
    with pytest.raises(
        ValueError, match=r"L is counted in radii of the planet \(6.3712e\+06 m\).* got L = 3e\+07"
    ):
        dipole_position([4.0, 3e7])
    np.testing.assert_allclose(dipole_position(3e7, radius=1.0), [3e7, 0.0, 0.0])  # a unit, not a planet
    at_the_pole = dipole_position(1 / np.cos(1.57) ** 2, 1.57)  # on the ground, of an L of 1.6e6
    assert np.linalg.norm(at_the_pole) == pytest.approx(6371200.0, rel=1e-12)


def test_isotropic_angles():
    pitch, phase = isotropic_angles(20000, 3)
    assert stats.kstest(np.cos(pitch), stats.uniform(-1, 2).cdf).pvalue > 0.01
    assert stats.kstest(phase, stats.uniform(0, 2 * np.pi).cdf).pvalue > 0.01
    again = isotropic_angles(20000, np.random.default_rng(3))
    np.testing.assert_array_equal(pitch, again[0])
    with pytest.raises(ValueError, match="rng must be"):
        isotropic_angles(3, None)


@pytest.mark.parametrize("theta", [1e-8, 0.3, 30.0])
def test_maxwellian_is_juettners_law(theta):
    """k_B T/(m c^2) = theta: the distribution of gamma is gamma sqrt(gamma^2 - 1) exp(-gamma/theta)."""
    temperature = theta * electron.rest_energy / float(constants.k_B)
    v = maxwellian(electron, temperature, 20000, 7)
    x = kinetic_energy(electron, v) / electron.rest_energy / theta

    def density(s):
        return np.exp(-s) * np.sqrt(s * (1 + theta * s / 2)) * (1 + theta * s)

    grid = np.linspace(0, 40, 20001)
    cumulative = integrate.cumulative_simpson(density(grid), x=grid, initial=0)
    assert stats.kstest(x, lambda s: np.interp(s, grid, cumulative / cumulative[-1])).pvalue > 0.01
    for component in (v / np.linalg.norm(v, axis=1, keepdims=True)).T:
        assert stats.kstest(component, stats.uniform(-1, 2).cdf).pvalue > 0.01
    assert (lorentz_factor(v) >= 1.0).all()
