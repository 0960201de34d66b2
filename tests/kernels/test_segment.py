"""The straight filament's kernels by themselves: one side in floats, and in double-double all thirty digits of it."""

import itertools
import math

import mpmath as mp
import numpy as np
import pytest

from magneton import Polyline
from magneton.kernels import field, quantities
from magneton.kernels.segment import _add_side, _log1p, segment_A, segment_B, segment_grad, sides_exact
from magneton.numerics.double_double import two_sum
from support.exact_sides import DIGITS, _side, exact_sides

KERNELS = {"A": segment_A, "B": segment_B, "grad": segment_grad}
CODES = {"A": quantities.A, "B": quantities.B, "grad": quantities.GRAD}
PARTS = {"A": slice(0, 3), "B": slice(3, 6), "grad": slice(6, 15)}
#: Twice the worst error of a vector or a matrix that is met below, for floats.
FLOATS = {"A": 1e-15, "B": 1.5e-15, "grad": 2.3e-15}
#: The same for double-doubles, times 1 + lengths/distance: the cross product beside the wire has that condition.
PAIRS = 2e-31
every_quantity = pytest.mark.parametrize("quantity", KERNELS)

#: Where a point may lie: along the side, past its ends and far off; each at distances from 1e-9 to 1e6 lengths.
ALONG = {"beside": (0.02, 0.3, 0.5, 0.77, 0.98), "past": (-0.01, 1.01, -0.4, 1.6, -5.0, 7.0)}
OFF = {"near": (1e-9, 1e-7, 1e-5, 1e-3), "middle": (0.03, 0.2, 0.5, 1.0, 3.0), "far": (1e2, 1e4, 1e6)}
every_region = pytest.mark.parametrize("region", list(itertools.product(ALONG, OFF)), ids="-".join)


def places(region):
    """Yield the ends of a side, a point, and its distance from the side's line in lengths."""
    for seed, (along, off) in enumerate(itertools.product(ALONG[region[0]], OFF[region[1]])):
        rng = np.random.default_rng(seed)
        p = rng.normal(size=6)
        t = p[3:] - p[:3]
        away = np.cross(t, rng.normal(size=3))
        yield p, p[:3] + along * t + off * np.linalg.norm(t) * away / np.linalg.norm(away), off


def exact(p, point, quantity):
    """Return a quantity of one side, per mu_0 I/(4 pi), in 60 digits."""
    numbers = [[mp.mpf(float(x)) for x in vector] for vector in (p[:3], p[3:], point)]
    with mp.workdps(DIGITS):
        return _side(*numbers)[PARTS[quantity]]


def in_pairs(p, point, quantity):
    """Return what `_add_side` adds to zero: high and low parts, shape (n, 2)."""
    total = np.zeros((9, 2))
    a, b, t = (
        tuple(two_sum(float(x), -float(y)) for x, y in zip(end, start, strict=True))
        for end, start in ((point, p[:3]), (point, p[3:]), (p[3:], p[:3]))
    )
    _add_side(total, CODES[quantity], a, b, t)
    return total[: quantities.WIDTHS[CODES[quantity]]]


@every_quantity
@every_region
def test_one_side_is_exact_to_rounding(region, quantity):
    for p, point, _ in places(region):
        true = np.array([float(x) for x in exact(p, point, quantity)])
        error = np.linalg.norm(np.array(KERNELS[quantity](*point, p)) - true)
        assert error <= FLOATS[quantity] * np.linalg.norm(true), (p, point)


@every_quantity
@every_region
def test_one_side_in_double_double_has_thirty_digits(region, quantity):
    for p, point, off in places(region):
        computed = in_pairs(p, point, quantity)
        with mp.workdps(DIGITS):
            true = exact(p, point, quantity)
            error = mp.norm(
                [mp.mpf(high) + mp.mpf(low) - x for (high, low), x in zip(computed, true, strict=True)]
            )
            assert error <= PAIRS * (1 + 1 / off) * mp.norm(true), (p, point)


@pytest.mark.parametrize("exponent", range(-13, 14))
def test_logarithm_in_double_double(exponent):
    for mantissa in np.linspace(1.0, 10.0, 37):
        v = float(mantissa * 10.0**exponent)
        high, low = _log1p((v, v * 2.0**-55))
        with mp.workdps(DIGITS):
            true = mp.log1p(mp.mpf(v) * (1 + mp.mpf(2) ** -55))
            assert abs(mp.mpf(high) + mp.mpf(low) - true) <= 1e-31 * true, v


# --- on the side's line: dyadic numbers, so that the point is exactly there ----------------------------------

SIDE = np.array([0.5, -1.0, 0.25, 1.5, 1.0, -1.75])  # of length 3


def on_the_line(along):
    return SIDE[:3] + along * (SIDE[3:] - SIDE[:3])


@every_quantity
@pytest.mark.parametrize("along", [0.0, 2.0**-30, 0.25, 0.5, 0.8125, 1 - 2.0**-30, 1.0])
def test_on_the_wire_everything_is_nan(along, quantity):
    point = on_the_line(along)
    assert np.all(np.isnan(KERNELS[quantity](*point, SIDE)))
    assert np.all(np.isnan(in_pairs(SIDE, point, quantity)[:, 0]))
    width = quantities.WIDTHS[CODES[quantity]]
    assert np.all(np.isnan(sides_exact(SIDE, *point, CODES[quantity])[:width]))


@pytest.mark.parametrize("along", [-(2.0**-30), 1 + 2.0**-30, -0.5, 1.25, -7.0, 1024.0])
def test_in_line_with_the_wire(along):
    # Off the line by h, B = h (1/r1^2 - 1/r2^2)/2 about it: zero on the line, and its gradient a turn.
    point, t = on_the_line(along), (SIDE[3:] - SIDE[:3]) / 3.0
    near, far = 3.0 * min(abs(along), abs(along - 1.0)), 3.0 * max(abs(along), abs(along - 1.0))
    turn = np.array([[0, -t[2], t[1]], [t[2], 0, -t[0]], [-t[1], t[0], 0]])
    half = 0.5 * 3.0 / (near * far) * (1.0 / near + 1.0 / far)
    true = {"A": math.log1p(3.0 / near) * t, "B": np.zeros(3), "grad": (half * turn).ravel()}
    for quantity, value in true.items():
        for computed in (KERNELS[quantity](*point, SIDE), in_pairs(SIDE, point, quantity)[:, 0]):
            np.testing.assert_allclose(computed, value, rtol=2e-15, atol=0)


# --- sides that cancel ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1e-3, 1e-8, 1e-12])
def test_sides_that_cancel_keep_all_digits(width):
    # No difference of two of these floats is a float.
    first, second = np.array([0.1, 1.7, -0.3]), np.array([1.3, 2.03, -0.19])
    third = 0.47 * first + 0.53 * second + [0.0, width, 0.0]
    loop = Polyline([first, second, third], 1.0, closed=True)
    for point in ([0.53, 2.17, 0.07], [-0.12, 1.83, -0.91], [1.31, 2.13, -0.23]):
        values = exact_sides(loop, point)
        for quantity, value in zip(KERNELS, values, strict=True):
            tolerance = 3e-15 * np.linalg.norm(value)
            by_pairs = (
                field.MU0_4PI * sides_exact(loop.vertices.ravel(), *point, CODES[quantity])[: value.size]
            )
            assert np.linalg.norm(by_pairs - value.ravel()) <= tolerance
            name = "grad_B" if quantity == "grad" else quantity
            # A source's own sum of floats may lose what CANCELS = 64 lets it.
            assert np.linalg.norm(getattr(loop, name)(point) - value) <= 10 * tolerance


def polyline(quantity, vertices, point):
    """Return what the field of a polyline takes: no expansion far off (which p[5] = 0 says), per mu_0 I/(4 pi)."""
    p = np.array([0.0] * 6 + [len(vertices), *vertices.ravel()])
    if quantity == "grad":
        out = np.zeros(9)
        field._polyline_grad(p, *point, out, 1.0)
        return out
    return np.array({"A": field._polyline_A, "B": field._polyline_B}[quantity](p, *point))


@every_quantity
def test_double_double_is_for_sides_that_cancel_by_more_than_64(quantity):
    # It costs thirty times the floats' time, and below the limit these lose two digits at most.
    floats = pairs = 0
    for aspect in np.geomspace(2.0, 500.0, 120):
        rng = np.random.default_rng(round(100 * aspect))
        vertices = rng.normal(size=(3, 3))
        vertices[2] = vertices[1] + (vertices[2] - vertices[1]) / aspect
        vertices = vertices[[0, 1, 2, 0]]
        point = rng.normal(size=3)
        sides = [np.array(KERNELS[quantity](*point, vertices[i : i + 2].ravel())) for i in range(3)]
        ratio = np.abs(sides).sum() / np.abs(sum(sides)).sum()
        computed = polyline(quantity, vertices, point)
        if ratio < 63.0:
            floats += 1
            np.testing.assert_array_equal(computed, sum(sides))
        elif ratio > 65.0:
            pairs += 1
            by_pairs = sides_exact(vertices.ravel(), *point, CODES[quantity])
            np.testing.assert_array_equal(computed, by_pairs[: len(computed)])
    assert min(floats, pairs) >= 10
