"""Brown's eigenvalue against Legendre series in mpmath, with and without a field; relaxation times."""

import numpy as np
import pytest
from mpmath import mp, mpf

from magneton import constants
from magneton.dynamics.brown import brown_eigenvalue, brown_relaxation_time, diffusion_time


def column(degree, sigma, tilt):
    """Return what -d/dx (1 - x^2) d/dx - 2 (sigma x + tilt)(1 - x^2) d/dx makes of P_l, by degree."""
    c = mpf(degree * (degree + 1)) / (2 * degree + 1)
    terms = {degree: mpf(degree * (degree + 1))}
    for sign, n in ((-1, degree - 1), (1, degree + 1)):  # (1 - x^2) P_l' = c (P_{l-1} - P_{l+1})
        parts = [(n + 1, sigma * (n + 1) / (2 * n + 1)), (n - 1, sigma * n / (2 * n + 1)), (n, tilt)]
        for k, value in parts:
            terms[k] = terms.get(k, 0) + 2 * sign * c * value
    return terms


def scaled_exact(sigma, h=0.0):
    """Return lambda_1 tau_N exp(sigma) from inverse iteration; odd degrees suffice without a field."""
    step = 2 if h == 0.0 else 1
    with mp.workdps(int(40 + sigma)):
        s, a = mpf(sigma), mpf(sigma) * mpf(h)
        degrees = range(1, step * int(30 + (1.8 if h == 0.0 else 3.0) * sigma), step)
        rows = [{} for _ in degrees]
        for j, degree in enumerate(degrees):
            for k, value in column(degree, s, a).items():
                if k in degrees:
                    rows[(k - 1) // step][j] = value
        width = 1 if h == 0.0 else 2
        factors = []
        for i in range(len(rows)):
            for r in range(i + 1, min(i + 1 + width, len(rows))):
                f = rows[r].pop(i, 0) / rows[i][i]
                factors.append((r, i, f))
                for j, value in rows[i].items():
                    if j > i:
                        rows[r][j] = rows[r].get(j, 0) - f * value
        vector, value = [mpf(1)] + [mpf(0)] * (len(rows) - 1), mpf(0)
        for _ in range(100):
            new = list(vector)
            for r, i, f in factors:
                new[r] -= f * new[i]
            for i in range(len(rows) - 1, -1, -1):
                rest = sum(value_ij * new[j] for j, value_ij in rows[i].items() if j > i)
                new[i] = (new[i] - rest) / rows[i][i]
            before, value = value, new[0] / vector[0]
            vector = [x / new[0] for x in new]
            if abs(value - before) < mpf(10) ** -25 * abs(value):
                break
        return float(mp.exp(s) / (2 * value))


def test_reference_values():
    np.testing.assert_allclose(brown_eigenvalue([0.0, 1.0, 5.0]), [1.0, 0.653139834, 0.0677031648], rtol=1e-9)


@pytest.mark.parametrize("sigma", [1e-9, 0.3, 1.0, 5.0, 17.3, 60.0, 250.0])
def test_agrees_with_legendre_series(sigma):
    got = brown_eigenvalue(sigma, scaled=True)
    assert got == pytest.approx(scaled_exact(sigma), rel=1e-14 + 3e-16 * sigma, abs=0)


@pytest.mark.parametrize(("sigma", "h"), [(1.0, 0.5), (10.0, 0.2), (20.0, -0.7), (5.0, 3.0), (1e-3, 400.0)])
def test_agrees_with_legendre_series_in_a_field(sigma, h):
    got = brown_eigenvalue(sigma, h, scaled=True)
    assert got == pytest.approx(scaled_exact(sigma, h), rel=1e-14 + 3e-16 * sigma * (1 + abs(h)) ** 2, abs=0)


def test_approaches_browns_law_of_high_barriers():
    for sigma, h in ((300.0, 0.0), (600.0, 0.0), (300.0, 0.1), (600.0, 0.1)):
        wells = sum((1 + s * h) * np.exp(sigma - sigma * (1 + s * h) ** 2) for s in (1, -1))
        law = sigma**1.5 / np.sqrt(np.pi) * (1 - h * h) * wells
        off = sigma * (brown_eigenvalue(sigma, h, scaled=True) / law - 1.0)
        assert off == pytest.approx(-1.0 if h == 0.0 else -1.2, rel=0.3, abs=0)


def test_small_rates_fall_out_of_range_only_unscaled():
    assert brown_eigenvalue(2e3) == 0.0
    # 2 sigma^(3/2)/sqrt(pi) (1 - 1/sigma)
    assert brown_eigenvalue(2e3, scaled=True) == pytest.approx(
        2 * 2e3**1.5 / np.sqrt(np.pi) * (1 - 5e-4), rel=1e-6
    )


def test_relaxation_time():
    moment, temperature, alpha = 1e-19, 300.0, 0.05
    thermal = float(constants.k_B) * temperature
    free = moment * (1 + alpha**2) / (2 * alpha * abs(float(constants.gamma_e)) * thermal)
    assert diffusion_time(moment, temperature, alpha) == pytest.approx(free, rel=1e-14, abs=0)
    barrier = np.array([0.0, 5.0]) * thermal
    times = brown_relaxation_time(barrier, temperature, moment, alpha)
    np.testing.assert_allclose(times, free / np.array([1.0, 0.0677031648]), rtol=1e-8)
    B = 0.4 * 2 * barrier[1] / moment
    in_field = brown_relaxation_time(barrier[1], temperature, moment, alpha, B=[B, -B])
    np.testing.assert_allclose(in_field, free / brown_eigenvalue(5.0, 0.4), rtol=1e-13)
    assert brown_relaxation_time(2e3 * thermal, temperature, moment, alpha) == np.inf


def test_refuses():
    with pytest.raises(ValueError, match="sigma must not be negative"):
        brown_eigenvalue(-1.0)
    with pytest.raises(ValueError, match="sigma must be at most 1e4"):
        brown_eigenvalue(2e4)
    with pytest.raises(ValueError, match="temperature must be positive"):
        diffusion_time(1.0, 0.0, 0.1)
