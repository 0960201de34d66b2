"""Pitch-angle scattering by Legendre polynomials and by cells, the moments of mu, and Coulomb's rate."""

import math

import mpmath
import numpy as np
import pytest
from numpy.polynomial.legendre import Legendre
from scipy.integrate import quad

from magneton.constants import c, e, epsilon_0, m_e
from magneton.orbits.collisions import (
    FiniteVolumeScattering,
    LegendreScattering,
    coulomb_deflection_rate,
    loss_cone_decay_rate,
    mean_escape_time,
    mu_relaxation,
    scatter_pitch_cosine,
)

NU = 40.0
UNEVEN = np.cumsum(np.r_[0.0, np.random.default_rng(2).uniform(0.3, 1.0, 60)])
UNEVEN = 2.0 * UNEVEN / UNEVEN[-1] - 1.0


def cell_averages(solver, coefficients):
    """Return exact averages over the cells of a Legendre series."""
    integral = Legendre(coefficients).integ()
    return np.diff(integral(solver.edges)) / solver.widths


def test_each_legendre_polynomial_decays_at_nu_l_l_plus_1():
    solver = LegendreScattering(NU, degree=12)
    for degree in (0, 1, 2, 5, 12):
        start = solver.project(Legendre.basis(degree))
        later = solver.evaluate(solver.advance(start, [0.003, 0.02])[1], [0.3, -1.0])
        want = Legendre.basis(degree)(np.array([0.3, -1.0])) * math.exp(-NU * degree * (degree + 1) * 0.02)
        np.testing.assert_allclose(later, want, rtol=0, atol=3e-15)


def test_projection_of_steps_and_of_samples():
    solver = LegendreScattering(NU, degree=30)
    degrees = np.arange(1, 31)
    step = solver.project(lambda xi: np.where(xi > 0.4, 1.0, 0.0), breaks=[0.4])
    P = np.polynomial.legendre.legvander(0.4, 31).ravel()
    np.testing.assert_allclose(step[1:], 0.5 * (P[degrees - 1] - P[degrees + 1]), rtol=0, atol=1e-13)
    smooth = solver.project(lambda xi: np.exp(xi))
    np.testing.assert_allclose(solver.project(np.exp(solver.nodes)), smooth, rtol=0, atol=1e-13)
    np.testing.assert_allclose(solver.evaluate(smooth, [-0.9, 0.2]), np.exp([-0.9, 0.2]), rtol=1e-13)


def test_truncation_error_is_a_bound_and_a_tight_one():
    coarse, fine = LegendreScattering(NU, degree=10), LegendreScattering(NU, degree=400)
    for tau in (1e-3, 0.01, 0.1):
        f = [s.evaluate(s.advance(s.beam(1.0), tau / NU), 1.0) for s in (coarse, fine)]
        bound = coarse.truncation_error(1.0, tau / NU)
        assert 0.2 * bound < abs(f[0] - f[1]) <= bound
    assert coarse.truncation_error(1.0, 0.0) == math.inf


@pytest.mark.parametrize("cells", [50, UNEVEN])
def test_cells_keep_the_number_and_the_decay_of_the_mean(cells):
    solver = FiniteVolumeScattering(NU, cells)
    times = np.array([1e-6, 1e-3, 0.1, 100.0])
    f = solver.advance(solver.beam(0.37), times)
    np.testing.assert_allclose(solver.number(f), 1.0, rtol=2e-14)
    np.testing.assert_allclose(
        f @ (solver.widths * solver.centres), 0.37 * np.exp(-2 * NU * times), atol=2e-14
    )
    assert f.min() >= 0.0
    supplied = solver.advance(solver.beam(0.37), times, source=solver.average(lambda xi: 3.0 + xi))
    np.testing.assert_allclose(solver.number(supplied), 1.0 + 6.0 * times, rtol=2e-14)
    # What may be negative is not cut off: f - 1/2 decays like f.
    np.testing.assert_allclose(solver.advance(solver.beam(0.37) - 0.5, times) + 0.5, f, atol=2e-13)


@pytest.mark.parametrize("graded", [False, True])
def test_cells_converge_to_the_legendre_solution_at_second_order(graded):
    exact = LegendreScattering(NU, degree=60)
    start = exact.project(lambda xi: np.exp(3 * xi))
    errors = []
    for n in (40, 80):
        s = np.linspace(-1, 1, n + 1)
        solver = FiniteVolumeScattering(NU, s + 0.2 * np.sin(np.pi * s) if graded else n)
        f = solver.advance(cell_averages(solver, start), 0.003)
        want = cell_averages(solver, exact.advance(start, 0.003))
        errors.append(np.abs(f - want).max() / want.max())
    assert errors[1] < 1e-3
    assert 3.5 < errors[0] / errors[1] < 4.6


def test_all_three_methods_agree_on_a_beam():
    exact, cells = LegendreScattering(NU, degree=80), FiniteVolumeScattering(NU, 400)
    for time in (0.1 / NU, 0.5 / NU):
        shares = cell_averages(cells, exact.advance(exact.beam(0.5), time)) * cells.widths
        found = cells.advance(cells.beam(0.5), time) * cells.widths
        assert np.abs(found - shares).max() <= 3e-4 * shares.max()
        sample = scatter_pitch_cosine(np.full(100_000, 0.5), NU, time, rng=4)
        counts = np.histogram(sample, cells.edges[::20])[0]
        expected = len(sample) * shares.reshape(20, 20).sum(axis=1)
        chi2 = ((counts - expected) ** 2 / expected).sum()
        assert 5.0 < chi2 < 43.0  # 19 degrees of freedom: 99.9 %


@pytest.mark.parametrize("sides", [1, 2])
def test_cells_with_a_loss_cone(sides):
    ratio, rate = 4.0, mean_escape_time(4.0, NU, sides=sides)
    errors, modes = [], []
    for n in (50, 100):
        solver = FiniteVolumeScattering(NU, n, mirror_ratio=ratio, sides=sides)
        source = solver.average(lambda xi: 1.0)
        steady = solver.steady_state(source)
        want = mean_escape_time(ratio, NU, solver.centres, sides=sides)  # f = T for a source of 1
        errors.append(np.abs(steady - want).max() / want.max())
        modes.append(solver.decay_rates[0] / loss_cone_decay_rate(ratio, NU, sides=sides) - 1)
        supplied = solver.number(source)
        np.testing.assert_allclose(solver.loss_rate(steady), supplied, rtol=1e-11)
        assert abs(solver.number(steady) / (rate * supplied) - 1) < 4 / n**2
        np.testing.assert_allclose(solver.advance(0 * steady, 10.0, source), steady, rtol=1e-11)
    assert errors[1] < max(errors[0] / 3.0, 1e-12)  # one cone: exact
    assert abs(modes[1]) < 2e-4
    assert 3.9 < modes[0] / modes[1] < 4.1


def test_what_leaves_through_the_loss_cone_is_what_is_missing():
    solver = FiniteVolumeScattering(NU, 40, mirror_ratio=3.0)
    start = solver.beam(0.2)
    t, weights = np.polynomial.legendre.leggauss(60)
    lost = 0.01 * weights @ solver.loss_rate(solver.advance(start, 0.01 * (1 + t)))
    np.testing.assert_allclose(
        solver.number(start) - solver.number(solver.advance(start, 0.02)), lost, rtol=1e-9
    )
    assert solver.number(solver.beam(0.99)) == 0.0


def mu_by_mpmath(tau, angle):
    with mpmath.workdps(60):
        tau, xi = mpmath.mpf(tau), mpmath.cos(mpmath.mpf(angle))
        P = [mpmath.legendre(n, xi) * mpmath.exp(-n * (n + 1) * tau) for n in range(5)]
        third, square = mpmath.mpf(2) / 3, mpmath.mpf(8) / 15
        mean = third * (1 - P[2])
        return mean, mpmath.sqrt(square - P[2] * 16 / 21 + P[4] * 8 / 35 - mean**2)


@pytest.mark.parametrize("angle", [0.0, 1e-3, 0.7, 1.5, math.pi / 2])
def test_mean_and_spread_of_mu_to_rounding(angle):
    taus = np.array([1e-12, 1e-5, 0.01, 0.0499, 0.0501, 0.3, 2.0, 50.0])
    mean, deviation = mu_relaxation(taus / NU, NU, angle)
    for got_mean, got, tau in zip(mean, deviation, taus / NU * NU, strict=True):
        want_mean, want = mu_by_mpmath(tau, angle)
        assert abs(got_mean / want_mean - 1) <= 2e-15
        assert abs(got / want - 1) <= 3e-14


def test_mean_and_spread_of_mu_of_an_ensemble():
    y = 1 - scatter_pitch_cosine(np.full(100_000, math.cos(0.7)), NU, 0.1 / NU, rng=8) ** 2
    mean, deviation = mu_relaxation(0.1 / NU, NU, 0.7)
    assert abs(y.mean() - mean) < 4 * deviation / math.sqrt(len(y))
    assert abs(y.std() / deviation - 1) < 0.01


def test_coulomb_rate_is_half_the_loss_of_momentum_by_rutherford_scattering():
    v, n, log = 1e6, 1e18, 14.0
    b_90 = float(e) ** 2 * 2 / (4 * math.pi * float(epsilon_0) * float(m_e) * v**2)
    transport = quad(lambda u: 4 * math.pi * b_90**2 / (1 + math.exp(-2 * u)), -20, log, epsrel=1e-12)[0]
    got = coulomb_deflection_rate(-e, m_e, v, n, 2, log)
    assert abs(2 * got / (n * v * transport) - 1) < 2e-5  # v^2/c^2, and exp(-2 log)


def test_coulomb_rate_at_any_speed_by_straight_passes():
    """<angle^2> grows at 4 nu: the sum over passes of (2 k/(b v p))^2."""
    v = 0.99 * float(c)
    p = float(m_e) * v / math.sqrt(1 - 0.99**2)
    k = float(e) ** 2 * 3 / (4 * math.pi * float(epsilon_0))
    growth = 1e20 * v * quad(lambda u: 2 * math.pi * (2 * k / (v * p)) ** 2, 0, 12.0)[0]
    assert abs(4 * coulomb_deflection_rate(e, m_e, v, 1e20, 3, 12.0) / growth - 1) < 1e-13
    # The speed that is given is squared, cubed: small arguments do not underflow, and at rest nu is infinite.
    assert coulomb_deflection_rate(e, m_e, 0.0, 1e20, 1, 10.0) == math.inf


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: LegendreScattering(-1.0), "nu must not be negative, got -1"),
        (lambda: LegendreScattering(1.0, degree=0), "degree must be a positive integer, got 0"),
        (lambda: LegendreScattering(1.0).evaluate([1.0], 0.0), r"coefficients must have shape \(65,\)"),
        (lambda: LegendreScattering(1.0).beam(1.5), "xi must lie between -1 and 1, got 1.5"),
        (
            lambda: FiniteVolumeScattering(1.0, [-1.0, 0.5, 0.2, 1.0]),
            "cells must be an integer or at least 3 incr",
        ),
        (lambda: FiniteVolumeScattering(1.0, [-1.0, 0.0, 0.9]), "cells must have edges from -1.0 to 1.0"),
        (lambda: FiniteVolumeScattering(1.0, mirror_ratio=1.0), "mirror_ratio must be greater than 1, got 1"),
        (
            lambda: FiniteVolumeScattering(1.0, 4).advance([1.0, 2.0], 1.0),
            r"f must have shape \(4,\), one a cell",
        ),
        (
            lambda: FiniteVolumeScattering(1.0, 4).advance(np.ones(4), -1.0),
            "time must not be negative, got -1",
        ),
        (lambda: FiniteVolumeScattering(1.0, 4).steady_state(np.ones(4)), "mirror_ratio must be given"),
        (lambda: mu_relaxation([1.0, -2.0], 1.0, 0.1), "time must not be negative, got -2"),
        (lambda: coulomb_deflection_rate(1.0, 1.0, 3e8, 1.0, 1, 1.0), "speed must be below that of light"),
    ],
)
def test_errors_name_the_argument(call, words):
    with pytest.raises(ValueError, match=words):
        call()
