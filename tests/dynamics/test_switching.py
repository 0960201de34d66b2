"""Switching time against mpmath, at fields next to the barrier; resonance of ellipsoids."""

import numpy as np
import pytest
from mpmath import mp, mpf

from magneton import constants
from magneton.dynamics.kittel import kittel_frequency
from magneton.dynamics.precession import larmor_solution
from magneton.dynamics.switching import switching_time

GAMMA = abs(float(constants.gamma_e))


def exact(theta0, theta1, B, alpha, B_k):
    """Return the time for theta1 < theta0: the integral of 1/(B - B_k tanh(y)) over y = ln tan(theta/2)."""
    with mp.workdps(60):
        B, k = mpf(B), mpf(B_k)

        def antiderivative(y):
            if abs(k) == B:
                return (y + mp.sign(k) * mp.exp(2 * mp.sign(k) * y) / 2) / (2 * B)
            return (B * y + k * mp.log(B * mp.cosh(y) - k * mp.sinh(y))) / (B * B - k * k)

        low, high = (mp.log(mp.tan(mpf(float(t)) / 2)) for t in (theta1, theta0))
        turned = antiderivative(high) - antiderivative(low)
        return float(turned * (1 + mpf(alpha) ** 2) / (mpf(alpha) * mpf(GAMMA)))


def test_reference_integral():
    for B_k in (0.7, 1.0, -1.0):
        turned = mp.quad(lambda y, k=B_k: 1 / (1 - k * mp.tanh(y)), [-1, 2])
        ends = 2.0 * np.arctan(np.exp([2.0, -1.0]))
        assert exact(*ends, 1.0, 1.0, B_k) == pytest.approx(float(turned) * 2.0 / GAMMA, rel=1e-13, abs=0)


def test_reference_value_and_symmetry():
    down = switching_time(np.radians(170.0), np.radians(10.0), 1.0, 0.1)
    assert down == pytest.approx(2.794781e-10, rel=3e-7, abs=0)
    assert switching_time(np.radians(10.0), np.radians(170.0), 1.0, 0.1) == pytest.approx(
        down, rel=1e-15, abs=0
    )


@pytest.mark.parametrize(
    "B_k", [0.0, 1e-17, -1e-9, 0.7, -0.7, 0.99999999, 1.0 - 1e-11, 1.0, -1.0, -0.99999999]
)
def test_agrees_with_mpmath(B_k):
    for theta0, theta1 in ((3.0, 0.2), (3.1415, 1e-8), (1.0, 0.99999999)):
        got = switching_time(theta0, theta1, 1.0, 0.1, B_k)
        assert got == pytest.approx(exact(theta0, theta1, 1.0, 0.1, B_k), rel=2e-15, abs=0)


def test_pulled_over_by_the_anisotropy_against_the_field():
    assert switching_time(1.0, 0.2, -0.2, 0.1, 0.4) == pytest.approx(
        exact(1.0, 0.2, -0.2, 0.1, 0.4), rel=2e-15, abs=0
    )
    assert switching_time(0.3, 1.0, -0.2, 0.1, -0.4) == pytest.approx(
        exact(np.pi - 0.3, np.pi - 1.0, -0.2, 0.1, -0.4), rel=1e-14, abs=0
    )


def test_is_the_time_that_the_moment_takes():
    time = switching_time(2.5, 0.5, 0.3, 0.05)
    m = larmor_solution([np.sin(2.5), 0.0, np.cos(2.5)], [0.0, 0.0, 0.3], time, alpha=0.05)
    assert m[2] == pytest.approx(np.cos(0.5), abs=1e-14)


def test_broadcasts_and_is_least_at_unit_damping():
    times = switching_time([[2.0], [3.0]], 0.1, 1.0, [0.5, 1.0, 2.0], 0.3)
    assert times.shape == (2, 3)
    assert (times.argmin(-1) == 1).all()
    assert switching_time(0.3, 0.3, 1.0, 0.1) == 0.0


@pytest.mark.parametrize(
    ("theta0", "theta1", "B", "B_k", "stop"),
    [
        (3.0, 0.2, 0.4, 0.5, "from 171.887 degrees it goes to 180"),
        (2.0, 0.2, 0.25, -0.5, "from 114.592 degrees it goes to 60"),
        (1.0, 2.9, 0.25, -0.5, "from 57.2958 degrees it goes to 120"),
        (0.2, 3.0, 0.4, 0.5, "from 11.4592 degrees it goes to 0"),
        (2.0, 1.0, -0.1, 0.0, "from 114.592 degrees it goes to 180"),
        (2.0, 1.0, 0.0, 0.0, "from 114.592 degrees it goes to 114.592"),
    ],
)
def test_says_what_stops_it(theta0, theta1, B, B_k, stop):
    with pytest.raises(ValueError, match=stop):
        switching_time(theta0, theta1, B, 0.1, B_k)


def test_refuses_poles_and_no_damping():
    with pytest.raises(ValueError, match="theta0 must lie between 0 and pi"):
        switching_time(np.pi, 0.1, 1.0, 0.1)
    with pytest.raises(ValueError, match="theta0 and alpha must broadcast"):
        switching_time([1.0, 2.0], 0.5, 1.0, [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="alpha must be positive"):
        switching_time(3.0, 0.1, 1.0, 0.0)


def test_kittel_reference_values():
    assert kittel_frequency(0.1, 8e5) == pytest.approx(2.802495e9, rel=2e-7, abs=0)
    assert kittel_frequency(0.1, 8e5, (0, 1, 0)) == pytest.approx(9.317231e9, rel=2e-7, abs=0)


def test_kittel_is_the_frequency_of_small_oscillations():
    N, B, B_k, M_s = np.array([0.5, 0.3, 0.2]), 0.05, 0.02, 5e5
    field = float(constants.mu_0) * M_s * N

    def rate(m):
        return -GAMMA * np.cross(m, [0, 0, B] - field * m + [0, 0, B_k * m[2]])

    step = 1e-6
    across = [
        (rate(np.array([*d, 1.0])) - rate(np.array([*-d, 1.0])))[:2] / (2 * step) for d in step * np.eye(2)
    ]
    want = np.sqrt(np.linalg.det(np.array(across))) / (2.0 * np.pi)
    assert kittel_frequency(B, M_s, N, B_k=B_k) == pytest.approx(want, rel=1e-8, abs=0)


def test_kittel_has_no_frequency_where_the_energy_is_no_minimum():
    f = kittel_frequency([0.9, 1.1, 0.5], 8e5, (0, 0, 1))
    np.testing.assert_array_equal(np.isnan(f), [True, False, True])
    with pytest.raises(ValueError, match="N must hold three factors"):
        kittel_frequency(1.0, 8e5, (0, 0, 0.5))
