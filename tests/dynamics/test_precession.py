"""A moment in a constant field: the equation of motion, mpmath, both poles, and the forms of the damping."""

import numpy as np
import pytest
from mpmath import mp, mpf

from magneton import constants
from magneton.dynamics.precession import (
    gilbert_from_landau_lifshitz,
    gilbert_from_signed,
    landau_lifshitz_from_gilbert,
    larmor_frequency,
    larmor_solution,
    signed_from_gilbert,
)

GAMMA = float(constants.gamma_e)
RNG = np.random.default_rng(7)


def exact(moment, B, time, gamma, alpha):
    """Return the solution in mpmath, from the angles about B, and the phase."""
    with mp.workdps(60):
        m, b = (mp.matrix([mpf(x) for x in v]) for v in (moment, B))
        size, strength = mp.norm(m), mp.norm(b)
        b /= strength
        along = sum(m[i] * b[i] for i in range(3)) / size
        e1 = m / size - along * b
        e1 /= mp.norm(e1)
        e2 = mp.matrix(
            [b[(i + 1) % 3] * e1[(i + 2) % 3] - b[(i + 2) % 3] * e1[(i + 1) % 3] for i in range(3)]
        )
        slowed = mpf(gamma) / (1 + mpf(alpha) ** 2)
        theta = 2 * mp.atan(
            mp.tan(mp.acos(along) / 2) * mp.exp(-mpf(alpha) * abs(slowed) * strength * mpf(time))
        )
        phase = -slowed * strength * mpf(time)
        turned = mp.sin(theta) * (mp.cos(phase) * e1 + mp.sin(phase) * e2) + mp.cos(theta) * b
        return np.array([float(size * x) for x in turned]), float(phase)


def test_reference_value():
    m = larmor_solution([1.0, 0.0, 0.0], [0.0, 0.0, 1.0], 1e-10, alpha=0.1)
    np.testing.assert_allclose(m, [0.0525707, -0.3353586, 0.9406226], atol=5e-8)


def test_obeys_the_gilbert_equation_for_either_sign_of_gamma():
    m, B = RNG.normal(size=(6, 3)), np.array([0.3, -0.5, 0.7])
    gamma, alpha = np.array([-1.0, 1.0, -2.0, 2.0, -1.0, 1.0]), np.array([0.0, 0.0, 0.1, 0.1, 3.0, 3.0])
    step = 1e-4
    before, now, after = (
        larmor_solution(m, B, 0.7 + d, gamma=gamma, alpha=alpha) for d in (-step, 0.0, step)
    )
    rate = (after - before) / (2.0 * step)
    size = np.linalg.norm(now, axis=-1)
    damped = (np.sign(gamma) * alpha / size)[:, None] * np.cross(now, rate)
    np.testing.assert_allclose(rate, gamma[:, None] * np.cross(now, B) - damped, atol=3e-8)
    assert (np.einsum("ni,i->n", rate, B)[2:] > 0.0).all()  # towards B


def test_agrees_with_mpmath_in_any_direction_and_for_long():
    for _ in range(40):
        m, B = RNG.normal(size=3) * 1e-23, RNG.normal(size=3)
        time, alpha = 10.0 ** RNG.uniform(-13, -7), RNG.choice([0.0, 0.02, 1.5])
        gamma = RNG.choice([-1, 1]) * abs(GAMMA)
        want, phase = exact(m, B, time, gamma, alpha)
        got = larmor_solution(m, B, time, gamma=gamma, alpha=alpha)
        size = np.linalg.norm(m)
        assert np.abs(got - want).max() <= (2e-15 + 6e-16 * abs(phase)) * size
        assert abs(np.linalg.norm(got) / size - 1.0) < 1e-15


@pytest.mark.parametrize("off", [1e-3, 1e-9, 1e-13])
def test_keeps_the_distance_from_either_pole(off):
    B = np.array([0.3, -0.5, 0.7])
    for pole in (-1.0, 1.0):
        m = pole * B + off * np.array([0.1, 0.7, -0.2])
        # 30 turns of exp from the pole
        want, _ = exact(m, B, 6e-10, GAMMA, 0.2)
        got = larmor_solution(m, B, 6e-10, alpha=0.2)
        np.testing.assert_allclose(got, want, rtol=0, atol=5e-14 * float(np.linalg.norm(m)))
        slant = np.cross(got, B) - np.cross(want, B)
        if pole > 0:  # what is left across B is small, and has its digits
            assert np.linalg.norm(slant) < 1e-15


def test_poles_stay_and_time_runs_back():
    B = np.array([0.3, -0.5, 0.7])
    m = np.array([B, -2.0 * B])
    assert (larmor_solution(m, B, 1.0, alpha=0.5) == m).all()
    start = np.array([0.6, 0.0, -0.8])
    later = larmor_solution(start, B, 3e-11, alpha=0.3)
    np.testing.assert_allclose(larmor_solution(later, B, -3e-11, alpha=0.3), start, atol=1e-14)
    assert (larmor_solution(start, 0.0 * B, 1.0, alpha=0.3) == start).all()
    aligned = larmor_solution(start, B, 1.0, alpha=0.3)
    np.testing.assert_allclose(aligned, B / np.linalg.norm(B), atol=1e-15)


def test_shapes_broadcast():
    times = np.linspace(0.0, 1e-10, 5)
    many = larmor_solution([1.0, 0.0, 0.0], np.eye(3)[:, None], times, alpha=0.1)
    assert many.shape == (3, 5, 3)
    for i, B in enumerate(np.eye(3)):
        one = larmor_solution([1.0, 0.0, 0.0], B, times[3], alpha=0.1)
        np.testing.assert_array_equal(many[i, 3], one)


def test_frequency_is_signed():
    assert larmor_frequency(1.0) / (2e9 * np.pi) == pytest.approx(28.02495139, rel=1e-9, abs=0)
    np.testing.assert_allclose(larmor_frequency([0.0, 0.0, 2.0], 3.0, alpha=1.0), [0.0, 0.0, -3.0])


def test_forms_of_damping():
    gamma, alpha = np.array([-2.0, 2.0, -5.0]), np.array([0.0, 0.1, 4.0])
    slow = landau_lifshitz_from_gilbert(gamma, alpha)
    m, B = RNG.normal(size=(3, 3)), np.array([0.1, 0.2, -0.3])
    m /= np.linalg.norm(m, axis=-1)[:, None]
    torque = np.cross(m, B)
    rate = slow.gamma[:, None] * torque - slow.damping[:, None] * np.cross(m, torque)
    damped = (np.sign(gamma) * alpha)[:, None] * np.cross(m, rate)
    np.testing.assert_allclose(rate, gamma[:, None] * torque - damped, atol=1e-15)
    for got, want in zip(gilbert_from_landau_lifshitz(*slow), (gamma, alpha), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-15)
    np.testing.assert_array_equal(gilbert_from_signed(gamma, signed_from_gilbert(gamma, alpha)), alpha)


def test_refuses():
    with pytest.raises(ValueError, match="alpha must not be negative"):
        larmor_solution([1, 0, 0], [0, 0, 1], 1.0, alpha=-0.1)
    with pytest.raises(ValueError, match="gamma must not be zero"):
        larmor_frequency(1.0, 0.0)
    with pytest.raises(ValueError, match="moment and time must broadcast"):
        larmor_solution(np.ones((2, 3)), [0, 0, 1], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"moment must have shape \(..., 3\)"):
        larmor_solution([1, 0], [0, 0, 1], 1.0)
    with pytest.raises(ValueError, match="damping must have the sign of gamma"):
        gilbert_from_signed(-1.0, 0.1)
