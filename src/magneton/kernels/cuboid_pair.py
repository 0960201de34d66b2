"""Double-double arithmetic: numbers held as an unevaluated sum of two floats, some 32 digits.

Enough of it for closed forms that cancel: sums, products, quotients and square roots. Errors are a few units of
2^-104, relative for products, quotients, roots and sums of like sign, else relative to the larger operand.
Source: [Dekker1971]_; [JoldesMullerPopescu2017]_.
"""

import math

from magneton._jit import fma, inline_kernel
from magneton.numerics.double_double import two_product, two_sum


@inline_kernel
def _settle(high, low):
    """Return the pair of `high` + `low`, where `high` is the larger."""
    total = high + low
    return total, low - (total - high)


@inline_kernel
def add(a, b):
    """Return a + b."""
    s, e = two_sum(a[0], b[0])
    return _settle(s, e + (a[1] + b[1]))


@inline_kernel
def subtract(a, b):
    """Return a - b."""
    s, e = two_sum(a[0], -b[0])
    return _settle(s, e + (a[1] - b[1]))


@inline_kernel
def multiply(a, b):
    """Return a b."""
    p, e = two_product(a[0], b[0])
    return _settle(p, fma(a[0], b[1], fma(a[1], b[0], e)))


@inline_kernel
def divide(a, b):
    """Return a/b."""
    inverse = 1.0 / b[0]
    q = a[0] * inverse
    rest = fma(-q, b[1], fma(-q, b[0], a[0]) + a[1])
    total = q + rest * inverse
    # A second remainder: the first quotient is off by an ulp or two, its correction must not be.
    p, e = two_product(total, b[0])
    rest = (a[0] - p) + (a[1] - (e + total * b[1]))
    return _settle(total, rest * inverse)


@inline_kernel
def root(a):
    """Return the square root of a > 0."""
    r = math.sqrt(a[0])
    rest = fma(-r, r, a[0]) + a[1]
    return _settle(r, 0.5 * rest / r)


@inline_kernel
def scale(a, sign):
    """Return a times a power of two or its negative, which is exact."""
    return a[0] * sign, a[1] * sign


@inline_kernel
def choose(condition, a, b):
    """Return a where the condition holds, else b."""
    return a[0] if condition else b[0], a[1] if condition else b[1]


@inline_kernel
def rotate(a, b):
    """Return the product of two complex numbers, pairs (real, imaginary) of double-doubles."""
    return (
        subtract(multiply(a[0], b[0]), multiply(a[1], b[1])),
        add(multiply(a[0], b[1]), multiply(a[1], b[0])),
    )
