"""The second and third invariants by quadrature, against closed forms of the dipole and of the paraxial bottle."""

import math

import numpy as np
import pytest

from magneton import Collection, Dipole, UniformField, constants, earth
from magneton.kernels.field import MU0_4PI
from magneton.orbits._drift_shell import L_star, drift_shell, third_invariant
from magneton.orbits.dipole_integrals import action_integral, bounce_integral
from magneton.orbits.dipole_motion import modified_invariant_dipole, third_invariant_dipole
from magneton.orbits.fields import ParaxialBottle, UniformE
from magneton.orbits.invariants import bounce, bounce_period_along, modified_invariant, second_invariant
from magneton.orbits.species import electron, proton

C = float(constants.c)
R, B0, L = 6.3712e6, 3.12e-5, 4.0
MOMENT = np.array([0.0, 0.0, -B0 * R**3 / MU0_4PI])
EARTH = Dipole(MOMENT)


def along_z(angle, speed):
    """Return velocities of pitch angles to the z axis, shape (..., 3)."""
    angle = np.asarray(angle)
    return speed * np.stack([np.sin(angle), 0 * angle, np.cos(angle)], -1)


def test_the_bounce_in_a_dipole():
    angles, speed = np.radians([3.0, 10.0, 45.0, 80.0]), 0.6 * C
    found = bounce(EARTH, "electron", [0, L * R, 0], along_z(angles, speed))
    np.testing.assert_allclose(found.period, 4 * L * R / speed * bounce_integral(angles), rtol=2e-12)
    J = 2 * electron.mass * 1.25 * speed * L * R * action_integral(angles)
    np.testing.assert_allclose(found.second_invariant, J, rtol=2e-13)
    assert (found.error < 1e-11).all()
    K = modified_invariant(EARTH, np.full((4, 3), [0, L * R, 0]), angles)
    np.testing.assert_allclose(K, modified_invariant_dipole(L, angles), rtol=2e-13)


def test_the_error_covers_what_rounding_leaves_of_a_shallow_bounce():
    angles = np.radians([89.0, 89.9, 89.99])
    found = bounce(EARTH, "proton", [L * R, 0, 0], along_z(angles, 1e7))
    exact = 4 * L * R / 1e7 * bounce_integral(angles)
    error = np.abs(found.period / exact - 1)
    assert (error <= found.error).all()
    assert (found.error < 1e-5).all()


def test_the_invariants_do_not_depend_on_where_on_the_line_the_charge_is():
    x = 0.5  # sin of the latitude
    place = L * R * (1 - x * x) * np.array([math.sqrt(1 - x * x), 0.0, x])
    ratio = math.sqrt(1 + 3 * x * x) / (1 - x * x) ** 3
    there = math.asin(0.4 * math.sqrt(ratio))
    found = modified_invariant(EARTH, place, there)
    assert found == pytest.approx(modified_invariant_dipole(L, math.asin(0.4)), rel=1e-12)


def test_the_paraxial_bottle_is_a_harmonic_oscillator():
    bottle, angles, speed = ParaxialBottle(0.2, 0.5), np.array([0.2, 1.0, 1.4]), 1e4
    v = along_z(angles, speed)
    period = 2 * math.pi * 0.5 / (speed * np.sin(angles))
    np.testing.assert_allclose(bounce_period_along(bottle, "proton", [0, 0, 0], v), period, rtol=1e-12)
    # J = 2 pi (energy along B at the middle)/(angular frequency)
    J = 0.5 * proton.mass * (speed * np.cos(angles)) ** 2 * period
    np.testing.assert_allclose(second_invariant(bottle, "proton", [0, 0, 0], v), J, rtol=1e-8)
    # a uniform force moves the middle, not the period
    pulled = bottle + UniformE([0, 0, 0.3])
    np.testing.assert_allclose(bounce_period_along(pulled, "proton", [0, 0, 0], v), period, rtol=1e-8)


def test_a_fast_charge_in_a_parallel_electric_field():
    # p_par^2 of a relativistic charge by plain quadrature of the same well
    length, angle, speed = 0.5, 0.9, 0.95 * C
    lorentz = 1 / math.sqrt(1 - 0.95**2)
    p = lorentz * electron.mass * speed
    work = 0.2 * p**2 / (lorentz * electron.mass) / length
    field = ParaxialBottle(0.2, length) + UniformE([0, 0, work / electron.charge])
    found = bounce(field, "electron", [0, 0, 0], along_z(angle, speed))
    sin2 = math.sin(angle) ** 2
    a = (work / C) ** 2 - (p / length) ** 2 * sin2
    roots = np.sort(np.roots([a, 2 * lorentz * electron.mass * work, p**2 * (1 - sin2)]).real)
    theta = np.pi * (np.arange(400) + 0.5) / 400
    z = roots.mean() + 0.5 * np.ptp(roots) * np.cos(theta)
    # p_par = sqrt(-a) sqrt((z2 - z)(z - z1)), gamma = gamma0 + work z/m c^2
    gammas = lorentz + work * z / electron.rest_energy
    period = 2 * np.pi * electron.mass * gammas.mean() / math.sqrt(-a)
    assert found.period == pytest.approx(period, rel=1e-11)
    assert found.second_invariant == pytest.approx(
        math.pi / 4 * math.sqrt(-a) * np.ptp(roots) ** 2, rel=1e-11
    )


@pytest.mark.parametrize("degrees", [90.0, 30.0])
def test_the_drift_shell_of_a_dipole(degrees):
    angle = math.radians(degrees)
    shell = drift_shell(EARTH, [0, -L * R, 0], angle)
    assert shell.flux == pytest.approx(third_invariant_dipole(L), rel=1e-11)
    assert np.abs(np.linalg.norm(shell.points, axis=1) / (L * R) - 1).max() < 1e-10
    assert shell.error < 1e-9 * abs(shell.flux)


def test_L_star_does_not_mind_where_the_rays_start():
    # an oblique dipole off the centre of its rays: the curves differ, the flux does not
    moment, place = 0.7 * MOMENT[2] * np.array([0.2, -0.1, 1.0]), R * np.array([0.3, 0.2, -0.2])
    field, position = Dipole(moment, place), R * np.array([3.0, 1.0, 0.9])
    away = position - place
    across = np.linalg.norm(np.cross(away, moment)) / np.linalg.norm(moment)
    exact = np.linalg.norm(away) ** 3 / across**2 / R
    assert L_star(field, position, 1.0, centre=[0, 0, 0], moment=MOMENT * 0.7) * np.linalg.norm(
        moment
    ) / np.linalg.norm(0.7 * MOMENT) == pytest.approx(exact, rel=1e-9)


def test_a_uniform_field_adds_its_flux_to_an_equatorial_shell():
    # 90 degrees on the equator: circles of constant B, A = B r/2 from the uniform part
    extra = 2e-8
    field = Collection([EARTH, UniformField([0, 0, extra])])
    flux = third_invariant(field, [L * R, 0, 0], math.pi / 2, moment=MOMENT)
    assert flux == pytest.approx(third_invariant_dipole(L) + math.pi * (L * R) ** 2 * extra, rel=1e-11)


def test_L_star_of_the_earth_is_near_the_dipole_s():
    field = earth("2025-01-01", degree=2)
    position = np.array([3.0 * R, 0.0, 0.0])
    star = L_star(field, position, math.radians(60), rtol=1e-4)
    dipole = L_star(Dipole(field.moment), position, math.radians(60), rtol=1e-4)
    assert 0.003 < abs(star / dipole - 1) < 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: modified_invariant(EARTH, [R, 0, 0], 0.0),
            "pitch_angle must lie above 0 and below pi, got 0",
        ),
        (lambda: L_star(UniformField([0, 0, 1e-5]), [R, 0, 0], 1.0), "moment must be given"),
        (
            lambda: drift_shell(UniformField([0, 0, 1e-5]), [R, 0, 0], 1.0, moment=MOMENT),
            "position must lie on a line that reaches the mirror field",
        ),
        (lambda: drift_shell(EARTH, [R, 0, 0], 1.0, rtol=2.0), "rtol must lie between 0 and 1, got 2"),
    ],
)
def test_errors_name_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
