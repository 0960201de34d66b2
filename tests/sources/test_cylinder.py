"""The cylinder magnet as users meet it."""

import math

import magpylib
import numpy as np
import pytest

from magneton import Cylinder, Dipole, Solenoid
from magneton.constants import mu_0

MU0 = float(mu_0)
WAYS = [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.3, -1.2, 0.5)]


def test_moment_volume_and_words():
    magnet = Cylinder(0.005, 0.02, polarization=(0, 0.3, 1.2))
    assert magnet.volume == pytest.approx(math.pi * 0.005**2 * 0.02, rel=1e-15)
    np.testing.assert_allclose(magnet.moment, np.array([0, 0.3, 1.2]) / MU0 * magnet.volume, rtol=1e-15)
    for lengths, name in [((0.0, 1.0), "radius"), ((1.0, -2.0), "height")]:
        with pytest.raises(ValueError, match=f"{name} must be positive"):
            Cylinder(*lengths, polarization=(0, 0, 1))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("height", [0.2, 2.0, 9.0])
def test_against_magpylib_at_generic_points(way, height):
    points = np.random.default_rng(8).uniform(-3, 3, (2000, 3))
    rho = np.hypot(points[:, 0], points[:, 1])
    points = points[
        (rho > 0.15) & (np.abs(rho - 1) > 0.05) & (np.abs(np.abs(points[:, 2]) - 0.5 * height) > 0.05)
    ]
    peer = magpylib.magnet.Cylinder(magnetization=way, dimension=(2.0, height))
    ours = Cylinder(1.0, height, magnetization=way)
    for name in ("B", "H"):
        theirs = getattr(peer, f"get{name}")(points)
        error = np.linalg.norm(getattr(ours, name)(points) - theirs, axis=1) / np.linalg.norm(theirs, axis=1)
        assert np.max(error) <= 2e-11  # of the peer, whose terms across the axis cancel near it
        assert np.median(error) <= 5e-14


def test_on_the_axis():
    z = np.array([-3.0, -0.2, 0.0, 0.4, 0.9, 1.5, 20.0])
    axis = np.stack([0 * z, 0 * z, z], axis=-1)
    a, h = 0.7, 1.2
    ends = [(z + s * 0.5 * h) / np.hypot(a, z + s * 0.5 * h) for s in (1, -1)]
    along = Cylinder(a, h, magnetization=(0, 0, 2.0)).B(axis)
    # Beyond an end the two terms of the textbook formula nearly cancel.
    np.testing.assert_allclose(along[:, 2], MU0 * (ends[0] - ends[1]), rtol=1e-12)
    across = Cylinder(a, h, magnetization=(2.0, 0, 0)).H(axis)
    np.testing.assert_allclose(across[:, 0], -0.5 * (ends[0] - ends[1]), rtol=1e-12)
    assert np.all(along[:, :2] == 0.0)
    assert np.all(across[:, 1:] == 0.0)


@pytest.mark.parametrize("height", [1e-6, 1e6])
def test_disc_and_needle(height):
    magnet = Cylinder(1.0, height, magnetization=(1.0, 0.0, 1.0))
    H, B = magnet.H([0.0, 0.0, 0.0]), magnet.B([0.0, 0.0, 0.0]) / MU0
    if height > 1:  # demagnetizing factors 1/2 across, (2/h)^2/2 along
        np.testing.assert_allclose(H, [-0.5, 0.0, -2.0 / height**2], rtol=1e-11)
        np.testing.assert_allclose(B, [0.5, 0.0, 1.0], rtol=1e-11)
    else:  # h/4 across, 1 - h/2 along
        np.testing.assert_allclose(H, [-height / 4, 0.0, -1.0 + height / 2], rtol=1e-11)
        np.testing.assert_allclose(B, [1.0 - height / 4, 0.0, height / 2], rtol=1e-11)


def test_far_away_it_is_a_dipole():
    magnet = Cylinder(1.0, math.sqrt(3.0), magnetization=(1.0, -2.0, 0.5))  # no octupole: h^2 = 3 a^2
    points = 1e6 * np.array([[1.0, 0, 0], [0.6, 0.0, -0.8], [0, 0.1, 2.0]])
    dipole = Dipole(magnet.moment)
    for name in ("B", "A", "grad_B", "scalar_potential"):
        np.testing.assert_allclose(
            getattr(magnet, name)(points), getattr(dipole, name)(points), rtol=1e-13, atol=0
        )


def test_along_the_axis_it_is_a_solenoid():
    points = np.random.default_rng(3).uniform(-2, 2, (300, 3))
    magnet, coil = Cylinder(1.0, 1.5, magnetization=(0, 0, 40.0)), Solenoid(1.0, 1.5, 30.0, 2.0)
    for name in ("B", "A", "grad_B"):
        ours, theirs = getattr(magnet, name)(points), getattr(coil, name)(points)
        np.testing.assert_allclose(ours, theirs, rtol=1e-14, atol=1e-15 * np.abs(theirs).max())
    np.testing.assert_allclose(magnet.moment, coil.moment, rtol=1e-15)


def test_contains():
    magnet = Cylinder(1.0, 2.0, magnetization=(1.0, 2.0, 3.0))
    inside = magnet.contains([[0, 0, 0], [0.7, 0.7, 0.99], [0.8, 0.7, 0.0], [0, 0, 1.01], [0, 0, 1.0]])
    assert inside.tolist() == [True, True, False, False, False]
