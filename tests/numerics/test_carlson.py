"""Carlson's integrals and the cylinder's factor against mpmath, over all ratios of the arguments."""

import random

import mpmath
import numpy as np
import pytest

from magneton._jit import kernel
from magneton.numerics.carlson import carlson_rd, carlson_rd_each, carlson_rf
from magneton.numerics.nagaoka import cylinder_factor


@kernel
def rf(x, y, z):
    return carlson_rf(x, y, z)


@kernel
def rd(x, y, z):
    return carlson_rd(x, y, z)


@kernel
def rd_each(x, y, z):
    return carlson_rd_each(x, y, z)


def arguments(zero):
    rng = random.Random(3)
    for decades in (0.001, 0.004, 0.02, 0.3, 2, 8, 25):
        for i in range(40):
            triple = [10.0 ** rng.uniform(-decades, decades) for _ in range(3)]
            yield ([0.0, *triple[1:]], triple)[i % 4 > 0 or not zero]


@pytest.mark.parametrize(("compiled", "exact"), [(rf, mpmath.elliprf), (rd, mpmath.elliprd)])
def test_against_mpmath(compiled, exact):
    with mpmath.workdps(30):
        worst = max(abs(compiled(*a) / exact(*a) - 1) for a in arguments(zero=True))
    assert worst <= 2e-15


def test_one_duplication_serves_all_three():
    with mpmath.workdps(30):
        for x, y, z in arguments(zero=False):
            exact = [mpmath.elliprd(y, z, x), mpmath.elliprd(z, x, y), mpmath.elliprd(x, y, z)]
            for got, want in zip(rd_each(x, y, z), exact, strict=True):
                assert abs(got / want - 1) <= 2e-15


def test_equal_arguments_are_exact_and_scales_change_no_digit():
    assert rf(4.0, 4.0, 4.0) == 0.5
    assert rd(4.0, 4.0, 4.0) == 0.125
    for power in (2.0**-60, 2.0**60):
        assert rf(0.3 * power, 2.0 * power, 7.0 * power) * power**0.5 == rf(0.3, 2.0, 7.0)
        assert rd(0.3 * power, 2.0 * power, 7.0 * power) * power**1.5 == rd(0.3, 2.0, 7.0)


def test_out_of_range_is_not_a_number_and_ends():
    assert not np.isfinite(rf(0.0, 0.0, 1.0))
    assert np.isnan(rf(np.nan, 1.0, 1.0))
    assert np.isnan(rd(1.0, np.nan, 1.0))


def nagaoka(p):
    k = 1 / mpmath.sqrt(1 + p * p)
    kp = p * k
    big_k, big_e = mpmath.ellipk(1 - kp * kp), mpmath.ellipe(1 - kp * kp)
    return 4 / (3 * mpmath.pi * kp) * (kp**2 / k**2 * (big_k - big_e) + big_e - k)


def test_the_cylinder_factor_and_its_complement_are_right_for_disks_and_rods():
    ratios = [*np.geomspace(1e-8, 1e8, 97).tolist(), 0.5, 2.0, np.nextafter(0.5, 0), np.nextafter(2.0, 3)]
    with mpmath.workdps(70):
        for p in ratios:
            coefficient = nagaoka(mpmath.mpf(p))
            along, rest = cylinder_factor(p)
            assert abs(along / (1 - coefficient) - 1) <= 4e-15
            assert abs(rest / coefficient - 1) <= 4e-15
