"""Logarithm and arc tangent of quotients in double-double, in steps whose loops over corners vectorise.

A table brings the argument near 1 (or 0), where a short series is right to some 2^-104:

    ln(a/b)/2 = -ln(k)/2 + artanh((k a - b)/(k a + b)),  k near b/a with few bits
    atan(a/b) = atan(k) + atan((a - k b)/(b + k a)),     k = i/128 near a/b <= 1

The tables are computed with integers when this module is loaded, which takes a millisecond.
"""

import math

import numpy as np

from magneton._jit import fma, inline_kernel
from magneton.kernels.cuboid_pair import add, divide, multiply, subtract
from magneton.numerics.double_double import two_product, two_sum

_BITS = 160
_ONE = 1 << _BITS
_CELLS = 128


# --- tables ----------------------------------------------------------------------------------------------


def _split(fixed: int) -> tuple[float, float]:
    """Return a number of `_BITS` fractional bits as a double-double."""
    high = math.ldexp(float(fixed), -_BITS)
    return high, math.ldexp(float(fixed - int(math.ldexp(high, _BITS))), -_BITS)


def _series(numerator: int, denominator: int, sign: int) -> int:
    """Return artanh (sign 1) or atan (sign -1) of a fraction, with `_BITS` fractional bits."""
    power, square_over, square_under = _ONE * numerator // denominator, numerator**2, denominator**2
    total, n = power, 1
    while power:
        power = sign * (power * square_over // square_under)
        n += 2
        total += power // n
    return total


def _log(numerator: int, denominator: int) -> int:
    return 2 * _series(numerator - denominator, numerator + denominator, 1)


def _atan(i: int) -> int:
    """Return atan(i/128); above 1/2 as pi/4 less an angle, so that the series is short."""
    if 2 * i <= _CELLS:
        return _series(i, _CELLS, -1)
    quarter = 4 * _series(1, 5, -1) - _series(1, 239, -1)
    return quarter - _series(_CELLS - i, _CELLS + i, -1)


# Of m in [1/2, 1), by its first seven bits: a k near 1/m with eleven bits, and -ln(k)/2.
_NEAR = np.array([round(2**10 * 256 / (2 * i + 1)) / 2**10 for i in range(64, _CELLS)])
_HALF_LOG = np.array([_split(-_log(round(2**10 * k), 2**10) // 2) for k in _NEAR])
_ANGLE = np.array([(0.0, 0.0), *(_split(_atan(i)) for i in range(1, _CELLS + 1))])
_HALF_LN2 = _split(_log(2, 1) // 2)
_HALF_PI = _split(2 * _atan(_CELLS))
_THIRD, _FIFTH = _split(_ONE // 3), _split(_ONE // 5)


# --- steps -----------------------------------------------------------------------------------------------


@inline_kernel
def times(a, b):
    """Return a b of a double-double and a float."""
    p, e = two_product(a[0], b)
    low = fma(a[1], b, e)
    total = p + low
    return total, low - (total - p)


@inline_kernel
def _add_float(a, b):
    s, e = two_sum(a[0], b)
    low = e + a[1]
    total = s + low
    return total, low - (total - s)


@inline_kernel
def half_log_table(ratio):
    """Return k near 1/ratio and -ln(k)/2; ratio is at least 1."""
    mantissa, exponent = math.frexp(ratio)
    cell = min(max(int(mantissa * _CELLS) - _CELLS // 2, 0), _CELLS // 2 - 1)  # within the table, nan too
    base = times(_HALF_LN2, float(exponent))
    total = add(base, (_HALF_LOG[cell, 0], _HALF_LOG[cell, 1]))
    return math.ldexp(_NEAR[cell], -exponent), total[0], total[1]


@inline_kernel
def angle_table(ratio):
    """Return k near a ratio from 0 to 1, and atan(k)."""
    cell = min(max(int(ratio * _CELLS + 0.5), 0), _CELLS)
    return float(cell) / _CELLS, _ANGLE[cell, 0], _ANGLE[cell, 1]


@inline_kernel
def half_log(a, b, k, base):
    """Return ln(a/b)/2 by `half_log_table`."""
    ka = times(a, k)
    s = divide(subtract(ka, b), add(ka, b))
    q = multiply(s, s)
    tail = q[0] * (1.0 / 7.0 + q[0] * (1.0 / 9.0 + q[0] * (1.0 / 11.0 + q[0] * (1.0 / 13.0))))
    poly = add(_THIRD, multiply(q, _add_float(_FIFTH, tail)))
    return add(base, add(s, multiply(s, multiply(q, poly))))


@inline_kernel
def arc(a, b, k, base):
    """Return atan(a/b) by `angle_table`, 0 <= a <= b."""
    t = divide(subtract(a, times(b, k)), add(b, times(a, k)))
    q = multiply(t, t)
    tail = q[0] * (-1.0 / 7.0 + q[0] * (1.0 / 9.0 + q[0] * (-1.0 / 11.0 + q[0] * (1.0 / 13.0))))
    poly = subtract(multiply(q, _add_float(_FIFTH, tail)), _THIRD)
    return add(base, add(t, multiply(t, multiply(q, poly))))


@inline_kernel
def complement(angle):
    """Return pi/2 - angle."""
    return subtract(_HALF_PI, angle)
