"""Solid harmonics against their explicit polynomials in exact arithmetic, and the laws they are used for."""

import math
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
from scipy.special import lpmv

from magneton.numerics.harmonics import entry, irregular, regular

DEGREE = 22
rng = np.random.default_rng(1996)
DIRECTIONS = rng.normal(size=(6, 3))
POINTS = np.vstack(
    [
        DIRECTIONS,
        [
            [0.0, 0.0, 1.3],
            [0.0, 0.0, -0.7],
            [0.9, 0.0, 0.0],
            [0.0, -1.1, 0.0],
            [1e-9, 2e-9, 1.0],
            [0.6, 0.8, 1e-12],
        ],
    ]
)


def index(level, m):
    return level * (level + 1) // 2 + m


def pairs(degree=DEGREE):
    return [(level, m) for level in range(degree + 1) for m in range(level + 1)]


@cache
def polynomial(level, m):
    """Return {(k, power of z): weight}: r^l P_l^m e^(i m phi) = (x + i y)^m sum weight z^power r^(2k)."""
    terms = {}
    for k in range((level - m) // 2 + 1):
        number = (-1) ** k * math.factorial(2 * level - 2 * k)
        below = 2**level * math.factorial(k) * math.factorial(level - k) * math.factorial(level - 2 * k - m)
        terms[k, level - 2 * k - m] = Fraction(number, below)
    return terms


def exact_regular(point, level, m):
    """Return the real and imaginary part of R_l^m as fractions, of a point of floats."""
    x, y, z = map(Fraction, map(float, point))
    re, im = Fraction(1), Fraction(0)
    for _ in range(m):
        re, im = re * x - im * y, re * y + im * x
    r2 = x * x + y * y + z * z
    size = sum(weight * z**power * r2**k for (k, power), weight in polynomial(level, m).items())
    size /= math.factorial(level + m)
    return re * size, im * size


def exact_irregular(point, level, m):
    """Return I_l^m = (l - m)! (l + m)! R_l^m/r^(2l + 1), rounded once."""
    r2 = sum(Fraction(float(c)) ** 2 for c in point)
    scale = math.factorial(level - m) * math.factorial(level + m) / r2**level
    with mpmath.workdps(40):
        root = mpmath.sqrt(mpmath.mpf(r2.numerator) / r2.denominator)
        parts = [part * scale for part in exact_regular(point, level, m)]
        return complex(*(float(mpmath.mpf(p.numerator) / p.denominator / root) for p in parts))


def regular_size(point, level, m):
    """Return r^l/sqrt((l + m)! (l - m)!): no R_l^m is larger, and their squares over m add up to it."""
    return np.linalg.norm(point) ** level / math.sqrt(math.factorial(level + m) * math.factorial(level - m))


def irregular_size(point, level, m):
    return math.sqrt(math.factorial(level + m) * math.factorial(level - m)) / np.linalg.norm(point) ** (
        level + 1
    )


def test_regular_is_its_polynomial():
    table = regular(POINTS, DEGREE)
    assert table.shape == ((DEGREE + 1) * (DEGREE + 2) // 2, len(POINTS))
    for column, point in enumerate(POINTS):
        for level, m in pairs():
            exact = complex(*map(float, exact_regular(point, level, m)))
            error = abs(table[index(level, m), column] - exact)
            assert error <= 4e-16 * (level + 1) * regular_size(point, level, m), (level, m, point)


def test_irregular_is_its_formula():
    for point in POINTS:
        table = irregular(*map(float, point), DEGREE)
        assert table.shape == ((DEGREE + 1) * (DEGREE + 2) // 2,)
        for level, m in pairs():
            error = abs(table[index(level, m)] - exact_irregular(point, level, m))
            assert error <= 6e-16 * (level + 1) * irregular_size(point, level, m), (level, m, point)


def test_phase_and_norm_are_those_of_the_docstring():
    # SciPy's P_l^m has the Condon-Shortley phase; here there is none.
    for x, y, z in DIRECTIONS:
        r, phi = math.hypot(x, y, z), math.atan2(y, x)
        table = irregular(x, y, z, 4)
        for level, m in pairs(4):
            legendre = (-1) ** m * lpmv(m, level, z / r) * np.exp(1j * m * phi)
            solid = r**level * legendre / math.factorial(level + m)
            assert regular(np.array([[x, y, z]]), 4)[index(level, m), 0] == pytest.approx(solid, rel=1e-13)
            solid = math.factorial(level - m) * legendre / r ** (level + 1)
            assert table[index(level, m)] == pytest.approx(solid, rel=1e-13)


def test_the_origin_and_degree_zero():
    table = regular(np.zeros((1, 3)), 5)
    assert table[0, 0] == 1.0
    assert not np.any(table[1:])
    assert regular(POINTS, 0).tolist() == [[1.0] * len(POINTS)]
    assert irregular(0.0, 3.0, 4.0, 0).tolist() == [0.2]


def test_negative_orders_by_symmetry():
    table = irregular(0.3, -0.4, 1.2, 5)
    for level, m in pairs(5):
        assert entry(table, level, m) == table[index(level, m)]
        assert entry(table, level, -m) == (-1) ** m * np.conj(table[index(level, m)])


def test_addition_theorem():
    # 1/|r - r'| = sum conj(R_l^m(r')) I_l^m(r) over l >= 0, |m| <= l.
    for inner, outer in zip(0.15 * DIRECTIONS, 2.0 * DIRECTIONS[::-1], strict=True):
        ratio = np.linalg.norm(inner) / np.linalg.norm(outer)
        small, large = regular(inner[None], DEGREE)[:, 0], irregular(*outer, DEGREE)
        total = sum(
            (np.conj(entry(small, level, m)) * entry(large, level, m)).real
            for level in range(DEGREE + 1)
            for m in range(-level, level + 1)
        )
        exact = 1.0 / math.dist(inner, outer)
        assert abs(total - exact) <= 1e-14 * exact + 2 * ratio ** (DEGREE + 1) * exact / (1 - ratio)
        assert ratio < 0.3


def exact_signed(point, level, m, which):
    """Return X_l^m at a point of mpmath numbers, any sign of m."""
    if m < 0:
        return (-1) ** m * mpmath.conj(exact_signed(point, level, -m, which))
    x, y, z = point
    r2 = x * x + y * y + z * z
    total = sum(
        mpmath.mpf(w.numerator) / w.denominator * z**power * r2**k
        for (k, power), w in polynomial(level, m).items()
    )
    solid = mpmath.mpc(x, y) ** m * total
    if which == "R":
        return solid / math.factorial(level + m)
    return math.factorial(level - m) * solid / mpmath.sqrt(r2) ** (2 * level + 1)


def derivative(point, level, m, which, axis):
    def along(t):
        moved = [c + t if i == axis else c for i, c in enumerate(point)]
        return exact_signed(moved, level, m, which)

    return mpmath.diff(along, 0)


@pytest.mark.parametrize(
    ("level", "m"), [(0, 0), (1, 0), (1, 1), (1, -1), (2, 1), (3, -2), (4, 4), (5, 0), (6, -3)]
)
def test_derivatives_are_the_next_harmonics(level, m):
    # The ladder that fields and gradients of multipoles rest on, against 30-digit derivatives.
    point = [float(c) for c in DIRECTIONS[2]]
    above = irregular(*point, level + 1)
    below = regular(DIRECTIONS[2:3], level)[:, 0]
    size = irregular_size(point, level + 1, m)
    with mpmath.workdps(30):
        dx, dy, dz = (derivative(list(map(mpmath.mpf, point)), level, m, "I", axis) for axis in range(3))
        up, down = complex(dx + 1j * dy), complex(dx - 1j * dy)
        rx, ry, rz = (derivative(list(map(mpmath.mpf, point)), level, m, "R", axis) for axis in range(3))
        rise, fall = complex(rx + 1j * ry), complex(rx - 1j * ry)
    assert abs(complex(dz) + entry(above, level + 1, m)) <= 1e-14 * size
    assert abs(up + entry(above, level + 1, m + 1)) <= 1e-13 * size
    assert abs(down - entry(above, level + 1, m - 1)) <= 1e-13 * size

    def lower(order):
        return entry(below, level - 1, order) if abs(order) <= level - 1 else 0.0

    assert abs(complex(rz) - lower(m)) <= 1e-14
    assert abs(rise + lower(m + 1)) <= 1e-14
    assert abs(fall - lower(m - 1)) <= 1e-14


def test_a_point_at_the_origin_gives_no_number():
    assert not np.any(np.isfinite(irregular(0.0, 0.0, 0.0, 3)))
