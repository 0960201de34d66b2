"""Error-free transformations against exact rational arithmetic."""

import math
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from magneton.numerics.double_double import (
    difference_of_products,
    product_difference,
    ring_excess,
    two_product,
    two_sum,
)

U = Fraction(1, 2**53)
checked = settings(deadline=None, max_examples=300, database=None)

any_float = st.floats(-1e300, 1e300, allow_subnormal=True)
# Exponents such that neither a product nor its rounding error leaves the range of normal floats.
middle = st.one_of(
    st.just(0.0),
    st.builds(
        lambda sign, digits, power: sign * math.ldexp(digits, power),
        st.sampled_from([-1.0, 1.0]),
        st.integers(1, 2**53 - 1),
        st.integers(-200, 150),
    ),
)
near_one = st.builds(lambda k: 1.0 + k * 2.0**-52, st.integers(-1000, 1000))
almost_opposite = st.builds(lambda a, f: (a, -a * f), middle, near_one)
low_part = st.floats(-1.0, 1.0, allow_subnormal=False)


def below(high, share):
    """Return the low part of a double-double: at most half a unit in the last place of the high part."""
    return 0.5 * math.ulp(high) * share if abs(share) > 1e-100 else 0.0


@checked
@given(st.one_of(st.tuples(any_float, any_float), almost_opposite))
@example((1.0, 2.0**-60))
@example((2.0**-60, -1.0))
@example((1e16, 1.0))
def test_two_sum_is_exact(pair):
    a, b = pair
    s, e = two_sum(a, b)
    assert s == a + b
    assert Fraction(s) + Fraction(e) == Fraction(a) + Fraction(b)


@checked
@given(middle, middle)
@example(1.0 + 2.0**-52, 1.0 - 2.0**-52)
def test_two_product_is_exact(a, b):
    p, e = two_product(a, b)
    assert p == a * b
    assert Fraction(p) + Fraction(e) == Fraction(a) * Fraction(b)


def test_corrections_are_not_zero():
    # What a compiler that may reassociate would leave out.
    assert two_sum(1.0, 2.0**-60) == (1.0, 2.0**-60)
    assert two_sum(2.0**-60, 1.0) == (1.0, 2.0**-60)
    assert two_product(1.0 + 2.0**-30, 1.0 + 2.0**-30)[1] == 2.0**-60


on_a_ring = st.builds(
    lambda radius, angle, f, g: (radius * math.cos(angle) * f, radius * math.sin(angle) * g, radius),
    st.floats(1e-9, 1e9),
    st.floats(0.0, 6.3),
    near_one,
    near_one,
)


@checked
@given(st.one_of(on_a_ring, st.tuples(middle, middle, middle)))
@example((0.6, 0.8, 1.0))
@example((1.0 + 2.0**-52, 0.0, 1.0))
def test_ring_excess_has_twice_the_digits(triple):
    x, y, radius = triple
    parts = [Fraction(v) ** 2 for v in triple]
    exact = parts[0] + parts[1] - parts[2]
    error = abs(Fraction(ring_excess(x, y, radius)) - exact)
    assert error <= U * abs(exact) + 8 * U**2 * sum(parts)


def test_ring_excess_next_to_the_wire():
    # A thousandth of a unit in the last place of radius^2, which the plain formula calls zero.
    x, y, radius = 0.6, 0.8, 1.0
    exact = Fraction(x) ** 2 + Fraction(y) ** 2 - 1
    assert x * x + y * y - radius * radius in (0.0, 2.0**-52, -(2.0**-52), 2.0**-53, -(2.0**-53))
    assert ring_excess(x, y, radius) == pytest.approx(float(exact), rel=1e-15)


doubled = st.builds(lambda high, share: (high, below(high, share)), middle, low_part)


@checked
@given(doubled, doubled, doubled, doubled)
def test_product_difference(a, b, c, d):
    check_product_difference(a, b, c, d)


@checked
@given(doubled, doubled, near_one, near_one, low_part)
def test_product_difference_where_it_cancels(a, b, f, g, share):
    c, d = a[0] * f, b[0] * g
    check_product_difference(a, b, (c, below(c, share)), (d, below(d, share)))


def check_product_difference(a, b, c, d):
    numbers = [Fraction(high) + Fraction(low) for high, low in (a, b, c, d)]
    first, second = numbers[0] * numbers[1], numbers[2] * numbers[3]
    exact = first - second
    error = abs(Fraction(product_difference(*a, *b, *c, *d)) - exact)
    assert error <= U * abs(exact) + 12 * U**2 * (abs(first) + abs(second))


cancelling = st.builds(lambda a, b, f, g: (a, b, a * f, b * g), middle, middle, near_one, near_one)


@checked
@given(st.one_of(cancelling, st.tuples(middle, middle, middle, middle)))
@example((1.0 + 2.0**-52, 1.0 - 2.0**-52, 1.0, 1.0))
def test_difference_of_products_is_right_to_two_roundings(four):
    a, b, c, d = four
    exact = Fraction(a) * Fraction(b) - Fraction(c) * Fraction(d)
    error = abs(Fraction(difference_of_products(a, b, c, d)) - exact)
    assert error <= 2 * U * abs(exact)


def test_nan_and_infinity_pass_through():
    assert math.isnan(two_sum(math.nan, 1.0)[0])
    assert math.isnan(ring_excess(math.nan, 0.0, 1.0))
    assert math.isnan(difference_of_products(math.inf, 1.0, math.inf, 1.0))
    assert two_sum(math.inf, 1.0)[0] == math.inf
