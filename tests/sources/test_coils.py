"""Solenoids, coils and Helmholtz pairs as users meet them."""

import math
from itertools import pairwise

import magpylib
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, Coil, Collection, HelmholtzPair, Solenoid
from magneton.constants import mu_0

MU0 = float(mu_0)
POINTS = np.random.default_rng(6).uniform(-2.5, 2.5, (200, 3))


def test_moments():
    turned = Rotation.from_euler("y", 90, degrees=True)
    solenoid = Solenoid(0.1, 0.5, 200, 1.5, orientation=turned)
    np.testing.assert_allclose(solenoid.moment, [200 * 1.5 * math.pi * 0.01, 0, 0], rtol=1e-15, atol=1e-14)
    coil = Coil(0.1, 0.2, 0.5, 200, 1.5)
    np.testing.assert_allclose(coil.moment, [0, 0, 300 * math.pi * 0.07 / 3], rtol=1e-15)
    pair = HelmholtzPair(0.1, 200, 1.5)
    np.testing.assert_allclose(pair.moment, [0, 0, 600 * math.pi * 0.01], rtol=1e-15)
    np.testing.assert_allclose(pair.moment, Collection(pair.loops).moment, rtol=1e-15)


def test_what_is_refused():
    with pytest.raises(ValueError, match="length must be positive, got 0"):
        Solenoid(1.0, 0.0, 10, 1.0)
    with pytest.raises(ValueError, match="turns must be positive"):
        HelmholtzPair(1.0, -10, 1.0)
    with pytest.raises(ValueError, match="outer_radius must be larger than inner_radius"):
        Coil(1.0, 1.0, 1.0, 10, 1.0)
    for source in (Solenoid(1.0, 1.0, 10, 1.0), Coil(1.0, 2.0, 1.0, 10, 1.0), HelmholtzPair(1.0, 10, 1.0)):
        with pytest.raises(ValueError, match=r"has no scalar_potential: .*grows by I"):
            source.scalar_potential


def stack_of_loops(count):
    heights = 1.6 * ((np.arange(count) + 0.5) / count - 0.5)
    return Collection([CircularLoop(1.0, 12.0 / count, (0, 0, z)) for z in heights])


def test_a_stack_of_loops_tends_to_the_solenoid():
    rho = np.hypot(POINTS[:, 0], POINTS[:, 1])
    points = POINTS[np.hypot(rho - 1, np.maximum(np.abs(POINTS[:, 2]) - 0.8, 0)) > 0.3]
    exact = Solenoid(1.0, 1.6, 6, 2.0).B(points)
    # The midpoint rule over the length: its error falls as 1/N^2.
    errors = [np.linalg.norm(stack_of_loops(n).B(points) - exact, axis=1) for n in (50, 100, 200)]
    for coarse, fine in pairwise(errors):
        clear = fine > 1e-11 * np.linalg.norm(exact, axis=1)
        assert np.mean(clear) > 0.9
        np.testing.assert_allclose(coarse[clear] / fine[clear], 4.0, rtol=0.02)


def test_inside_a_long_solenoid():
    coil = Solenoid(0.01, 100.0, 1e5, 2.0)
    inside = coil.B([[0, 0, 0], [0.005, 0, 0], [0.0099, 0, 0], [0.006, 0.007, 20.0]])
    np.testing.assert_allclose(inside[:, 2], MU0 * 1000 * 2.0, rtol=2e-7)
    outside = np.linalg.norm(coil.B([[0.02, 0, 0], [0.5, 0, 0]]), axis=1)
    # The flux that returns: that of two poles of strength m/L at the ends.
    poles = (
        MU0 * coil.moment[2] / 100.0 / (4 * math.pi) * 100.0 / (50.0**2 + np.array([0.02, 0.5]) ** 2) ** 1.5
    )
    np.testing.assert_allclose(outside, poles, rtol=1e-6)


def test_axis_of_a_solenoid():
    z = np.array([-4.0, -0.5, 0.0, 0.3, 0.8, 1.0, 7.0])
    ends = [(z + s * 0.8) / np.hypot(0.5, z + s * 0.8) for s in (1, -1)]
    B = Solenoid(0.5, 1.6, 30, 2.0).B(np.stack([0 * z, 0 * z, z], axis=-1))
    np.testing.assert_allclose(B[:, 2], 0.5 * MU0 * 60 / 1.6 * (ends[0] - ends[1]), rtol=1e-12)


def test_a_short_solenoid_is_a_loop():
    short, loop = Solenoid(1.0, 1e-6, 5, 2.0), CircularLoop(1.0, 10.0)
    rho = np.hypot(POINTS[:, 0], POINTS[:, 1])
    points = POINTS[np.hypot(rho - 1, POINTS[:, 2]) > 0.1]
    for name in ("B", "A", "grad_B"):
        ours, theirs = (getattr(s, name)(points).reshape(len(points), -1) for s in (short, loop))
        size = np.linalg.norm(theirs, axis=1)
        assert np.all(np.linalg.norm(ours - theirs, axis=1) <= 1e-9 * size)


def test_solenoid_against_magpylib():
    peer = magpylib.magnet.Cylinder(magnetization=(0, 0, 60 / 1.6), dimension=(2.0, 1.6))
    rho = np.hypot(POINTS[:, 0], POINTS[:, 1])
    points = POINTS[np.abs(rho - 1) > 0.05]
    theirs = peer.getB(points)
    error = np.linalg.norm(Solenoid(1.0, 1.6, 30, 2.0).B(points) - theirs, axis=1)
    assert np.all(error <= 1e-13 * np.linalg.norm(theirs, axis=1))


def test_a_thin_coil_is_a_solenoid():
    coil, solenoid = Coil(1.0 - 1e-6, 1.0 + 1e-6, 1.6, 6, 2.0), Solenoid(1.0, 1.6, 6, 2.0)
    rho = np.hypot(POINTS[:, 0], POINTS[:, 1])
    points = POINTS[np.abs(rho - 1) > 0.1]
    for name in ("B", "A"):
        ours, theirs = getattr(coil, name)(points), getattr(solenoid, name)(points)
        assert np.all(np.linalg.norm(ours - theirs, axis=1) <= 1e-9 * np.linalg.norm(theirs, axis=1))


def test_ampere_in_the_winding():
    # The curl of B is mu_0 J in the winding, nothing outside; around it goes the whole current.
    coil = Coil(0.5, 1.25, 0.8, 30, 2.0)
    gradient = coil.grad_B([[0.8, 0, 0.1], [0, 0.8, 0.1], [0.3, 0, 0.1], [0.8, 0, 0.5]])
    curl = np.stack(
        [
            gradient[:, 2, 1] - gradient[:, 1, 2],
            gradient[:, 0, 2] - gradient[:, 2, 0],
            gradient[:, 1, 0] - gradient[:, 0, 1],
        ],
        axis=-1,
    )
    density = MU0 * 60 / (0.75 * 0.8)
    np.testing.assert_allclose(
        curl, density * np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 0], [0, 0, 0]]), atol=1e-13 * density
    )
    angle = 2 * np.pi * np.arange(400) / 400
    path = np.stack([0.9 + 0.8 * np.cos(angle), 0 * angle, 0.8 * np.sin(angle)], axis=-1)
    along = np.stack([-np.sin(angle), 0 * angle, np.cos(angle)], axis=-1)
    circulation = np.sum(coil.B(path) * along) * 0.8 * 2 * np.pi / 400
    assert abs(circulation + MU0 * 60) <= 1e-12 * MU0 * 60


def test_helmholtz_pair():
    pair = HelmholtzPair(0.15, 130, 2.0)
    centre = pair.B([0, 0, 0])
    np.testing.assert_allclose(centre, [0, 0, 0.8**1.5 * MU0 * 260 / 0.15], rtol=1e-15)
    # The first error is of fourth order: 144/125 (z/a)^4.
    z = 0.15e-2
    assert 1 - pair.B([0, 0, z])[2] / centre[2] == pytest.approx(144 / 125 * 1e-8, rel=1e-3)
    assert pair.separation == 0.15
    wide = HelmholtzPair(
        0.15, 130, 2.0, 0.4, position=(0, 0, 1.0), orientation=Rotation.from_rotvec([0.5, 0, 0])
    )
    assert np.linalg.norm(wide.loops[1].position - wide.loops[0].position) == pytest.approx(0.4, rel=1e-15)
    np.testing.assert_allclose(wide.B(POINTS), Collection(wide.loops).B(POINTS), rtol=0, atol=0)
