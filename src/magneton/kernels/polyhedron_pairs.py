"""Logarithm and angle in double-double, for the closed forms of a polyhedron where they cancel.

Both reduce their argument to a table's entry, exact as a float, and a rest below 1/31, whose series takes eleven terms,
the last six of them in floats. Neither has a branch, so that loops over points vectorise.
"""

import decimal

import numpy as np

from magneton._jit import fma, inline_kernel
from magneton.kernels.cuboid_pair import add, choose, divide, multiply, scale, subtract

_DIGITS = 50


def _pair(number: decimal.Decimal) -> tuple[float, float]:
    high = float(number)
    return high, float(number - decimal.Decimal(high))


def _arctangents(steps: int) -> list[tuple[float, float]]:
    """Return atan(k/steps) for k = 0 ... steps, each from the last by the difference of two angles."""
    total, out = decimal.Decimal(0), [(0.0, 0.0)]
    for k in range(1, steps + 1):
        x = decimal.Decimal(steps) / (steps * steps + k * (k - 1))
        total += sum((-1) ** n * x ** (2 * n + 1) / (2 * n + 1) for n in range(_DIGITS))
        out.append(_pair(total))
    return out


with decimal.localcontext(decimal.Context(prec=_DIGITS)):
    _LN2 = _pair(decimal.Decimal(2).ln())
    _LOGS = np.array([_pair((1 + decimal.Decimal(k) / 8).ln()) for k in range(9)])
    _ANGLES = np.array(_arctangents(16))
    _THIRD, _FIFTH, _SEVENTH, _NINTH = (_pair(1 / decimal.Decimal(n)) for n in (3, 5, 7, 9))
_PI, _HALF_PI = (4.0 * _ANGLES[16, 0], 4.0 * _ANGLES[16, 1]), (2.0 * _ANGLES[16, 0], 2.0 * _ANGLES[16, 1])


@inline_kernel
def _series(z, sign):
    """Return the sum of sign^n z^(2n + 1)/(2n + 1)."""
    s = scale(multiply(z, z), sign)
    x = s[0]
    rest = fma(x, fma(x, fma(x, 1.0 / 21.0, 1.0 / 19.0), 1.0 / 17.0), 1.0 / 15.0)
    rest = fma(x, fma(x, rest, 1.0 / 13.0), 1.0 / 11.0)
    total = add(multiply((rest, 0.0), s), _NINTH)
    total = add(multiply(total, s), _SEVENTH)
    total = add(multiply(total, s), _FIFTH)
    total = add(multiply(total, s), _THIRD)
    return add(multiply(multiply(total, s), z), z)


@inline_kernel
def _divided(p, q, power, exponent, factor):
    """Return q and its power of two, times `factor` = 2^exponent if p is still larger."""
    wide = p[0] > factor * q[0]
    return scale(q, factor if wide else 1.0), power + (exponent if wide else 0.0)


@inline_kernel
def log_of_pairs(p, q):
    """Return ln(p/q) for 0 < q <= p < 2^128 q."""
    q, power = _divided(p, q, 0.0, 64.0, 2.0**64)
    q, power = _divided(p, q, power, 32.0, 2.0**32)
    q, power = _divided(p, q, power, 16.0, 65536.0)
    q, power = _divided(p, q, power, 8.0, 256.0)
    q, power = _divided(p, q, power, 4.0, 16.0)
    q, power = _divided(p, q, power, 2.0, 4.0)
    q, power = _divided(p, q, power, 1.0, 2.0)
    k = min(max(int(8.0 * (p[0] / q[0] - 1.0) + 0.5), 0), 8)
    q = multiply(q, (1.0 + 0.125 * k, 0.0))
    whole = add(multiply(_LN2, (power, 0.0)), (_LOGS[k, 0], _LOGS[k, 1]))
    return add(whole, scale(_series(divide(subtract(p, q), add(p, q)), 1.0), 2.0))


@inline_kernel
def angle_of_pairs(y, x):
    """Return atan2(y, x); not both are zero."""
    up, right = y[0] >= 0.0, x[0] >= 0.0
    ay, ax = scale(y, 1.0 if up else -1.0), scale(x, 1.0 if right else -1.0)
    steep = ay[0] > ax[0]
    low, high = choose(steep, ax, ay), choose(steep, ay, ax)
    k = min(max(int(16.0 * (low[0] / high[0]) + 0.5), 0), 16)
    t = (0.0625 * k, 0.0)
    z = divide(subtract(low, multiply(high, t)), add(high, multiply(low, t)))
    theta = add((_ANGLES[k, 0], _ANGLES[k, 1]), _series(z, -1.0))
    theta = choose(steep, subtract(_HALF_PI, theta), theta)
    theta = choose(right, theta, subtract(_PI, theta))
    return scale(theta, 1.0 if up else -1.0)
