"""Loops: Stoner and Wohlfarth's, the heat of jumps, coupled moments, linear response and slow driving."""

import numpy as np
import pytest

from magneton import constants
from magneton.dynamics import (
    Dipolar,
    Exchange,
    Lattice,
    SpinSystem,
    StonerWohlfarth,
    StonerWohlfarthEnsemble,
    UniaxialAnisotropy,
    diffusion_time,
    driven_loop,
    hysteresis_loop,
    stoner_wohlfarth_switching_field,
)

MOMENT, B_K = 3e-19, 0.4
PARTICLE = StonerWohlfarth(MOMENT, B_K)
CYCLE = 1.2 * B_K * np.cos(np.linspace(0.0, 2.0 * np.pi, 17))


def particles(psi, alpha=0.0):
    psi = np.atleast_1d(psi)
    axes = np.stack([np.sin(psi), 0.0 * psi, np.cos(psi)], -1)
    start = np.tile([0.0, 0.0, MOMENT], (len(psi), 1))
    return SpinSystem(start, terms=[UniaxialAnisotropy(PARTICLE.barrier, axes)], alpha=alpha)


def loss(psi):
    """Twice the integral of the moment over the fields of its well, which has a root at its end."""
    x, w = np.polynomial.legendre.leggauss(40)
    s = 0.5 * (x + 1.0)
    edge = PARTICLE.switching_field(psi)
    along = np.cos(PARTICLE.equilibrium_angles(edge * (2.0 * s**2 - 1.0), psi)[:, 0] - psi)
    return 2.0 * MOMENT * edge * np.sum(2.0 * w * s * along)


@pytest.mark.parametrize(("degrees", "refine"), [(0.0, 1e-4), (10.0, 1e-7), (80.0, 1e-4)])
def test_loop_of_a_particle(degrees, refine):
    psi = np.radians(degrees)
    loop = hysteresis_loop(particles(psi), CYCLE, refine=refine)
    np.testing.assert_allclose(loop.moment_along, PARTICLE.hysteresis(CYCLE, psi), atol=1e-12 * MOMENT)
    assert len(loop.jumps) == 2
    for jump in loop.jumps:
        assert jump.uncertainty <= 1.2 * refine * B_K
        away = np.linalg.norm(jump.B) - B_K * stoner_wohlfarth_switching_field(psi)
        assert abs(away) <= 1.01 * jump.uncertainty + 1e-9 * B_K
    assert loop.remanent_moment == pytest.approx(MOMENT * np.cos(psi), rel=1e-12)
    if degrees < 45.0:
        assert loop.coercive_field == pytest.approx(PARTICLE.coercive_field(psi), rel=3.0 * refine)
    assert loop.area == pytest.approx(loss(psi), rel=3.0 * refine)
    if degrees == 0.0:
        assert loop.area == pytest.approx(4.0 * MOMENT * B_K, rel=2.0 * refine)
        B, mean = loop.path
        assert -np.sum(0.5 * (mean[1:] + mean[:-1]) * np.diff(B, axis=0)) == pytest.approx(
            loop.area, rel=1e-9
        )


def test_axes_in_all_directions():
    """Coercive field 0.482212 B_k, and half of the saturation as remanence."""
    cosines = (np.arange(300) + 0.5) / 300
    field = B_K * np.array([1.2, 0.0, -0.475, -0.48, -0.485, -0.49])
    loop = hysteresis_loop(particles(np.arccos(cosines)), field)
    assert loop.remanent_moment == pytest.approx(0.5 * MOMENT, rel=1e-12)
    assert loop.coercive_field == pytest.approx(0.482212 * B_K, rel=3e-3)
    expected = StonerWohlfarthEnsemble(MOMENT, B_K).hysteresis(field)
    np.testing.assert_allclose(loop.moment_along, expected, atol=5e-3 * MOMENT)
    assert np.isnan(loop.area)  # it is not closed


@pytest.mark.parametrize(("size", "jumps"), [(0.4, 0), (0.7, 4), (1.1, 0)])
def test_field_that_rotates_costs_energy_between_half_and_all_of_the_anisotropy_field(size, jumps):
    """From the second turn on: the moment stays in its well, or jumps twice a turn, or follows the field."""
    turn = np.linspace(0.0, 4.0 * np.pi, 33)
    field = size * B_K * np.stack([np.sin(turn), 0.0 * turn, np.cos(turn)], -1)
    loop = hysteresis_loop(particles(0.3), field)
    assert len(loop.jumps) == jumps
    assert loop.area == pytest.approx(sum(jump.heat for jump in loop.jumps), abs=1e-12 * MOMENT * B_K)
    assert (loop.area > 0.1 * MOMENT * B_K) == (jumps > 0)


def test_two_dipoles_in_line_fan_out():
    """Both along the line, they hold against a field of mu_0 m/(4 pi r^3), where they begin to turn opposite ways."""
    edge = 8e-9
    limit = float(constants.mu_0) / (4.0 * np.pi) * MOMENT / edge**3
    pair = SpinSystem([[0, 0, MOMENT]] * 2, [[0.0, 0.0, 0.0], [0.0, 0.0, edge]], [Dipolar()])
    loop = hysteresis_loop(pair, limit * np.array([1.1, -1.3, 1.1]), refine=1e-5)
    assert loop.coercive_field == pytest.approx(limit, rel=2e-5)
    assert loop.area == pytest.approx(4.0 * MOMENT * limit, rel=2e-5)
    assert [jump.index for jump in loop.jumps] == [1, 2]


def test_stiff_exchange_makes_many_moments_one():
    """And so many that their curvature is not a matrix."""
    chain = Lattice((64, 1, 1), 1e-9)
    axis = [np.sin(0.5), 0.0, np.cos(0.5)]
    terms = [UniaxialAnisotropy(PARTICLE.barrier, axis), Exchange(20.0 * PARTICLE.barrier, chain)]
    field = B_K * np.array([1.0, 0.0, -0.5, -0.53, -1.0])
    loop = hysteresis_loop(SpinSystem([[0.0, 0.0, MOMENT]] * 64, terms=terms), field)
    np.testing.assert_allclose(loop.moment_along, PARTICLE.hysteresis(field, 0.5), atol=1e-9 * MOMENT)
    assert [jump.index for jump in loop.jumps] == [3]


def test_free_moment_turns_over_without_loss():
    """Its step is not undone by steps, but it is by the field: a jump without heat."""
    loop = hysteresis_loop(SpinSystem([0.0, 0.0, MOMENT]), [1.0, -0.7], refine=1e-3)
    assert [jump.index for jump in loop.jumps] == [1]
    assert loop.coercive_field < 1e-3
    assert abs(loop.jumps[0].heat) < 2e-3 * MOMENT


def test_small_amplitude_shows_debye_relaxation():
    T = 300.0
    tau, static = diffusion_time(MOMENT, T, 1.0), MOMENT**2 / (3.0 * constants.k_B * T)
    start = np.random.default_rng(8).standard_normal((4000, 3))
    start *= MOMENT / np.linalg.norm(start, axis=1, keepdims=True)
    free = SpinSystem(start, alpha=1.0)
    told = {"dt": tau / 15.0, "temperature": T, "seed": 3, "samples": 16}
    B = 0.5 * constants.k_B * T / MOMENT
    loop = driven_loop(free, B, 0.7 / (2.0 * np.pi * tau), [1.0, 0.0, 0.0], periods=4, **told)
    assert loop.error < 0.02 * static
    assert abs(loop.susceptibility - static / (1.0 - 0.7j)) < 4.5 * loop.error
    assert loop.area == pytest.approx(np.pi * B**2 * loop.susceptibility.imag)
    again = driven_loop(free, B, 0.7 / (2.0 * np.pi * tau), [1.0, 0.0, 0.0], members=2, **told)
    assert again.error > 0.0  # members differ


def test_slow_driving_comes_to_the_loop_of_wells():
    """The excess of the loss falls as f^(2/3): to a quarter for an eighth of the frequency."""
    psi, precession = np.radians(30.0), abs(constants.gamma_e) * B_K
    excess = []
    for f in (precession / 250.0, precession / 2000.0):
        loop = driven_loop(particles(psi, alpha=0.5), B_K, f, dt=0.2 / precession)
        excess.append(loop.area / loss(psi) - 1.0)
    assert 0.0 < excess[1] < 0.1
    assert excess[0] / excess[1] == pytest.approx(4.0, rel=0.1)


def test_what_does_not_fit_is_named():
    system = particles(0.1)
    for wrong, message in (
        ({"B": [[1.0, 2.0]]}, r"B must have shape \(k,\) or \(k, 3\)"),
        ({"refine": 2.0}, "refine must lie between 0 and 1"),
        ({"direction": [0, 0, 0]}, "direction must have a direction"),
    ):
        with pytest.raises(ValueError, match=message):
            hysteresis_loop(**({"system": system, "B": [1.0]} | wrong))
    for wrong, message in (
        ({"amplitude": 0.0}, "amplitude must be positive"),
        ({"samples": 3}, "samples must be an integer, 4 or more"),
        ({"temperature": 3.0}, "seed must be an integer"),
    ):
        with pytest.raises(ValueError, match=message):
            driven_loop(**({"system": system, "amplitude": 1.0, "frequency": 1e9, "dt": 1e-12} | wrong))
    with pytest.raises(RuntimeError, match=r"not come to rest in B = \[0.0, 0.0, 1.0\] T in 2 steps"):
        hysteresis_loop(system, [1.0], max_steps=2)
