"""Mirror points: in a dipole and in a paraxial bottle, with and without a parallel electric field."""

import math

import numpy as np
import pytest

from magneton import Dipole, UniformField, constants
from magneton.kernels.field import MU0_4PI
from magneton.orbits.dipole_integrals import mirror_latitude
from magneton.orbits.field_lines import field_line, field_minimum
from magneton.orbits.fields import ParaxialBottle, UniformE
from magneton.orbits.mirrors import loss_cone_angle, mirror_points, mirror_ratio, trapped_fraction
from magneton.orbits.species import electron, proton

C = float(constants.c)
R, B0, L = 6.3712e6, 3.12e-5, 4.0
EARTH = Dipole([0.0, 0.0, -B0 * R**3 / MU0_4PI])


def arc(latitude):
    """Return the arc length from the equator of the line L = 4."""
    x = np.sin(latitude)
    return 0.5 * L * R * (x * np.sqrt(1 + 3 * x * x) + np.arcsinh(np.sqrt(3) * x) / np.sqrt(3))


def along_z(angle, speed):
    """Return velocities of pitch angles to the z axis, shape (..., 3)."""
    angle = np.asarray(angle)
    return speed * np.stack([np.sin(angle), 0 * angle, np.cos(angle)], -1)


def test_field_lines_of_a_dipole_are_its_own():
    latitudes = np.array([1.2, -1.3, 0.0, 0.4, -0.8])
    points = field_line(EARTH, [L * R, 0, 0], arc(latitudes))
    r = L * R * np.cos(latitudes) ** 2
    exact = np.stack([r * np.cos(latitudes), 0 * r, r * np.sin(latitudes)], -1)
    assert np.abs(points - exact).max() < 1e-14 * L * R
    starts = exact[[0, 1, 3]]
    assert np.abs(field_minimum(EARTH, starts) - [L * R, 0, 0]).max() < 1e-7 * L * R


def test_mirror_points_in_a_dipole():
    angles = np.radians([5.0, 20.0, 60.0, 89.0])
    found = mirror_points(EARTH, "proton", [L * R, 0, 0], along_z(angles, 1e7))
    latitudes = mirror_latitude(angles)
    np.testing.assert_allclose(found.arc_length, arc(latitudes)[:, None] * [-1, 1], rtol=1e-11)
    np.testing.assert_allclose(found.B, (B0 / L**3 / np.sin(angles) ** 2)[:, None] * [1, 1], rtol=1e-12)
    r = L * R * np.cos(latitudes) ** 2
    np.testing.assert_allclose(found.position[:, 1, 2], r * np.sin(latitudes), rtol=1e-11)
    # a point of the bounce tells the same, one of the mirror points with 90 degrees too
    other = mirror_points(EARTH, "proton", found.position[2, 0], [0, 1e7, 0])
    np.testing.assert_allclose(other.B, found.B[2], rtol=1e-12)
    np.testing.assert_allclose(other.arc_length[1], 2 * arc(latitudes[2]), rtol=1e-7)


def test_mirror_points_on_a_straight_line_do_not_mistake_it_for_a_uniform_field():
    bottle = ParaxialBottle(0.2, 0.5, position=(1.0, 2.0, 3.0))
    angles = np.array([0.05, 0.6, 1.5])
    found = mirror_points(bottle, "electron", [1.0, 2.0, 3.0], along_z(angles, 1e6))
    np.testing.assert_allclose(found.arc_length, 0.5 / np.tan(angles)[:, None] * [-1, 1], rtol=1e-12)


@pytest.mark.parametrize("species", [proton, electron])
@pytest.mark.parametrize("speed", [1e5, 0.9 * C])
def test_a_parallel_electric_field_shifts_the_mirror_points(species, speed):
    B, length, angle = 0.2, 0.5, 0.8
    lorentz = 1 / math.sqrt(1 - (speed / C) ** 2)
    p2 = (lorentz * species.mass * speed) ** 2
    # the energy gained over one length is a third of p^2/(gamma m)
    E = p2 / (lorentz * species.mass) / 3 / length / species.charge
    field = ParaxialBottle(B, length) + UniformE([0, 0, E])
    found = mirror_points(field, species, [0, 0, 0], along_z(angle, speed)).arc_length
    # p_par^2 = p^2 (1 - sin^2 (1 + z^2/L^2)) + 2 gamma m q E z + (q E z/c)^2
    work = species.charge * E
    sin2 = math.sin(angle) ** 2
    quadratic = [(work / C) ** 2 - p2 * sin2 / length**2, 2 * lorentz * species.mass * work, p2 * (1 - sin2)]
    np.testing.assert_allclose(found, np.sort(np.roots(quadratic).real), rtol=1e-11)
    assert found[1] > 1.5 * length / math.tan(angle)


def test_a_charge_that_gets_away_has_no_mirror_points():
    charges = mirror_points(UniformField([0, 0, 1e-3]), "proton", [1.0, 0, 0], along_z([0.3, 1.5], 1e5))
    assert np.isnan(charges.arc_length).all()
    assert np.isnan(charges.position).all()
    short = mirror_points(EARTH, "proton", [L * R, 0, 0], along_z(0.1, 1e7), length=2 * R)
    assert np.isnan(short.arc_length).all()


def test_ratio_cone_and_trapped_fraction():
    assert mirror_ratio(2.0, 5.0) == 2.5
    assert loss_cone_angle(1.0, 4.0) == pytest.approx(math.radians(30), rel=1e-15)
    near = 1.0 + 2.0**-50
    assert math.pi / 2 - loss_cone_angle(1.0, near) == pytest.approx(2.0**-25, rel=1e-8)
    ratios = np.array([1.0, 2.0, 10.0])
    np.testing.assert_allclose(trapped_fraction(ratios), np.cos(loss_cone_angle(1.0, ratios)), atol=1e-15)
    # of isotropic directions, |cos| below sqrt(1 - 1/R) is outside the cones
    cosines = (np.arange(20000) + 0.5) / 20000
    outside = np.arccos(cosines) > loss_cone_angle(1.0, 10.0)
    assert outside.mean() == pytest.approx(trapped_fraction(10.0), abs=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: trapped_fraction(0.5), "mirror_ratio must be at least 1, got 0.5"),
        (lambda: loss_cone_angle(2.0, 1.0), "B_max must not be less than B, got 1"),
        (lambda: mirror_points(EARTH, "proton", [R, 0, 0], [0, 0, 0]), "velocity must not be zero"),
        (
            lambda: mirror_points(EARTH, "proton", [R, 0, 0], [0, 0, 4e8]),
            "velocity must be below the speed of light",
        ),
        (lambda: mirror_points(EARTH, "proton", [0, 0, 0], [0, 0, 1]), "field must not be zero or undefined"),
        (
            lambda: mirror_points(EARTH, "proton", [R, 0, 0], [0, 0, 1], length=-1),
            "length must be positive, got -1",
        ),
        (lambda: field_line(EARTH, [R, 0, 0], [[0.0]]), "arc_length must have shape"),
    ],
)
def test_errors_name_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
