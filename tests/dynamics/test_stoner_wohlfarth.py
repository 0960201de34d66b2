"""Stoner-Wohlfarth: the torque vanishes at every equilibrium, wells are told from tops, loops, mean loops."""

import math

import numpy as np
import pytest
from mpmath import mp, mpf

from magneton.dynamics.axis_ensemble import StonerWohlfarthEnsemble
from magneton.dynamics.stoner_wohlfarth import StonerWohlfarth, stoner_wohlfarth_switching_field

UNIT = StonerWohlfarth(1.0, 1.0)
RNG = np.random.default_rng(11)
H, PSI = RNG.uniform(-1.5, 1.5, 3000), RNG.uniform(-7.0, 7.0, 3000)


def torque(phi, h=H[:, None], psi=PSI[:, None]):
    return np.sin(phi) * np.cos(phi) + h * np.sin(phi - psi)


def stiffness(phi, h=H[:, None], psi=PSI[:, None]):
    return np.cos(2.0 * phi) + h * np.cos(phi - psi)


def test_switching_field():
    assert stoner_wohlfarth_switching_field(np.radians(10.0)) == pytest.approx(0.673805, abs=5e-7)
    angles = np.radians(10.0) * np.array([1, -1]) + np.pi * np.array([[0.0], [1.0], [-2.0]])
    np.testing.assert_allclose(stoner_wohlfarth_switching_field(angles), 0.6738054181, rtol=1e-10)
    np.testing.assert_allclose(stoner_wohlfarth_switching_field([0.0, 0.25 * np.pi]), [1.0, 0.5], rtol=1e-15)


def test_equilibria_are_where_the_torque_vanishes():
    wells, tops = UNIT.equilibrium_angles(H, PSI), UNIT.unstable_angles(H, PSI)
    assert np.nanmax(np.abs(torque(wells))) < 3e-15
    assert np.nanmax(np.abs(torque(tops))) < 3e-15
    assert np.nanmin(stiffness(wells)) > 0.0 > np.nanmax(stiffness(tops))
    two = np.abs(H) < stoner_wohlfarth_switching_field(PSI)
    np.testing.assert_array_equal(~np.isnan(wells).any(-1), two)
    np.testing.assert_array_equal(~np.isnan(tops[:, 0]), two)
    assert not np.isnan(wells).all(-1).any()
    assert not np.isnan(tops[:, 1]).any()
    assert (np.cos(wells[two]) * [1.0, -1.0] > 0.0).all()


@pytest.mark.parametrize(
    ("h", "psi"), [(0.3, 0.2), (1e-9, 1.0), (0.5 - 1e-9, 0.25 * np.pi), (-0.9, 1e-7), (1e3, 1.5), (0.7, 1.57)]
)
def test_equilibria_have_the_digits_of_the_quartic(h, psi):
    angles = UNIT.equilibrium_angles(h, psi)
    for angle in map(float, angles[~np.isnan(angles)]):
        with mp.workdps(40):
            slope = abs(mp.cos(2 * mpf(angle)) + mpf(h) * mp.cos(angle - mpf(psi)))
            root = mp.findroot(lambda x: mp.sin(2 * x) / 2 + mpf(h) * mp.sin(x - mpf(psi)), mpf(angle))
            size = max(1.0, abs(h))
            assert abs(root - angle) <= 1e-15 * max(1, size / slope)


def test_barriers():
    wells, saddle = UNIT.equilibrium_angles(H, PSI), UNIT.unstable_angles(H, PSI)[:, :1]
    energy = [UNIT.energy(angle, H[:, None], PSI[:, None]) for angle in (wells, saddle)]
    np.testing.assert_allclose(UNIT.barriers(H, PSI), energy[1] - energy[0], atol=4e-15)
    h = np.array([0.0, 0.3, -0.3, 1.0 - 1e-6])
    closed = 0.5 * np.stack([(1.0 + h) ** 2, (1.0 - h) ** 2], -1)
    np.testing.assert_allclose(UNIT.barriers(h, 0.0), closed, rtol=1e-9)
    np.testing.assert_allclose(UNIT.barriers(h, 0.5 * np.pi)[1:3], 0.5 * 0.7**2, rtol=1e-14)


def test_loop_follows_its_well_until_that_ends():
    psi = np.radians([10.0, 60.0])
    edge = stoner_wohlfarth_switching_field(psi)
    for i in range(2):
        B = [1.2, 0.0, -edge[i] + 1e-9, -edge[i] - 1e-9, 0.0, edge[i] - 1e-9, edge[i] + 1e-9]
        side = np.sign(np.cos(UNIT.branch(B, psi[i])))
        np.testing.assert_array_equal(side, [1, 1, 1, -1, -1, -1, 1])
    at_zero = UNIT.hysteresis([1.2, 0.0], psi)[:, 1]
    np.testing.assert_allclose(at_zero, np.cos(psi), rtol=1e-15)
    np.testing.assert_array_equal(np.cos(UNIT.branch([0.1], 0.3, start=-1)) < 0.0, [True])
    np.testing.assert_array_equal(np.cos(UNIT.branch([0.1], 0.3)) > 0.0, [True])
    hard = UNIT.hysteresis([0.3, -0.7, -2.0], 0.5 * np.pi)
    np.testing.assert_allclose(hard, [0.3, -0.7, -1.0], rtol=1e-15)


def test_coercive_field_takes_the_moment_to_zero():
    for psi in np.radians([20.0, 50.0, 80.0]):
        B = UNIT.coercive_field(psi) * np.array([1.0 - 1e-9, 1.0 + 1e-9])
        after = [UNIT.hysteresis([2.0, -b], psi)[1] for b in B]
        assert after[0] > 0.0 > after[1]


def test_scale_and_units():
    particle = StonerWohlfarth.from_anisotropy(4.5e5, 5e-25, 1.44e6)
    assert particle.barrier == pytest.approx(4.5e5 * 5e-25, rel=1e-15, abs=0)
    assert particle.switching_field(0.25 * np.pi) == pytest.approx(0.3125, rel=1e-15, abs=0)
    np.testing.assert_allclose(
        particle.hysteresis([0.3, -0.1], 0.7),
        particle.moment * UNIT.hysteresis(np.array([0.3, -0.1]) / particle.B_k, 0.7),
    )
    inside, outside = (factor * particle.astroid(9)[1] for factor in (0.999, 1.001))
    for (along, across), wells in ((inside, 2), (outside, 1)):
        angles = particle.equilibrium_angles(np.hypot(along, across), np.arctan2(across, along))
        assert np.isfinite(angles).sum() == wells


def test_axes_in_all_directions():
    ensemble = StonerWohlfarthEnsemble(2.0, 0.1)
    assert ensemble.remanence() == pytest.approx(1.0, rel=1e-14, abs=0)
    assert ensemble.coercive_field() == pytest.approx(0.0482212, abs=5e-8)
    # demagnetized: the mean of sin^2(psi), 2/3
    rise = ensemble.hysteresis([1e-6], 0)[0]
    assert rise == pytest.approx(2.0 * 1e-5 * 2.0 / 3.0, rel=1e-8, abs=0)


def test_mean_of_any_sequence_is_that_of_its_particles():
    B = [1.5, -0.6, 0.55, -0.8, 0.7, -0.51, 0.2, -0.97, 0.999, -0.5]

    def density(psi):
        return np.sin(psi) * np.exp(-4.0 * psi**2)

    tight = StonerWohlfarthEnsemble(1.0, 1.0, density)
    n = 8000
    psi = (np.arange(n) + 0.5) * (0.5 * np.pi / n)
    loops = UNIT.hysteresis(B, psi)
    for ensemble, weight in ((StonerWohlfarthEnsemble(1.0, 1.0), np.sin(psi)), (tight, density(psi))):
        mean, error = ensemble.hysteresis_and_error(B)
        assert error.max() <= 1e-10
        np.testing.assert_allclose(mean, weight @ loops / weight.sum(), atol=4e-4)  # cuts between its angles
        np.testing.assert_allclose(ensemble.hysteresis(-np.array(B)), -mean, atol=1e-12)


@pytest.mark.parametrize("width", [0.01, 0.002])
def test_textures_may_be_narrow(width):
    ensemble = StonerWohlfarthEnsemble(1.0, 1.0, lambda psi: np.exp(-(((psi - 0.3) / width) ** 2)))
    # the mean of cos(psi) under a Gaussian
    assert ensemble.remanence() == pytest.approx(math.cos(0.3) * math.exp(-0.25 * width**2), rel=1e-12, abs=0)
    coercive = UNIT.switching_field(0.3)
    assert ensemble.coercive_field(rtol=1e-6) == pytest.approx(coercive, abs=width)


def test_textures_may_have_jumps():
    ensemble = StonerWohlfarthEnsemble(1.0, 1.0, lambda psi: 1.0 * (psi < 0.3))
    mean, error = ensemble.hysteresis_and_error([1.0, 0.0])
    assert error.max() <= 1e-10
    assert mean[1] == pytest.approx(math.sin(0.3) / 0.3, rel=1e-11, abs=0)
    strip = StonerWohlfarthEnsemble(1.0, 1.0, lambda psi: 1.0 * (abs(psi - 0.313) < 0.002))
    assert strip.remanence() == pytest.approx(math.cos(0.313) * math.sin(0.002) / 0.002, rel=1e-10, abs=0)


def test_mean_is_sharp_where_particles_begin_to_switch():
    ensemble = StonerWohlfarthEnsemble(1.0, 1.0)
    for h in (0.5, 0.5001, 0.999):
        near = [ensemble.hysteresis([-h * (1.0 + d)], 1, rtol=1e-13)[0] for d in (-1e-12, 1e-12)]
        assert abs(near[1] - near[0]) < 2e-6  # a root's step, and no jump


def test_refuses():
    with pytest.raises(ValueError, match="B_k must be positive"):
        StonerWohlfarth(1.0, 0.0)
    with pytest.raises(ValueError, match=r"B must have shape \(n,\)"):
        UNIT.hysteresis([[1.0]], 0.1)
    with pytest.raises(ValueError, match="start must be 1, -1 or None, got 2"):
        UNIT.branch([1.0], 0.1, start=2)
    with pytest.raises(ValueError, match="density must not be negative"):
        StonerWohlfarthEnsemble(1.0, 1.0, lambda psi: -psi)
    with pytest.raises(ValueError, match="density must take an array of angles"):
        StonerWohlfarthEnsemble(1.0, 1.0, math.sin)
    with pytest.raises(ValueError, match="density must give shape"):
        StonerWohlfarthEnsemble(1.0, 1.0, lambda psi: [1.0, 2.0])
    with pytest.raises(ValueError, match="density must be positive somewhere, got 0 at all angles"):
        StonerWohlfarthEnsemble(1.0, 1.0, lambda psi: 0.0).remanence()
    for points in (3.5, -1):
        with pytest.raises(ValueError, match="points must be an integer, 2 or more"):
            UNIT.astroid(points)
