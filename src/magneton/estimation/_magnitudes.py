r"""The distribution of the length of a vector whose components are normal.

|B|^2 is a sum of squares of independent normal numbers, with means mu_i and variances v_i in the frame where the
covariance is diagonal. Its cumulant generating function is known [Imhof1961]_,

K(s) = sum_i [ mu_i^2 s/(1 - 2 v_i s) - log(1 - 2 v_i s)/2 ],

and P(|B|^2 > x) = 1/(2 pi i) \\int exp(K(s) - s x)/s ds along a path through c > 0; through c < 0 it is minus the other
tail. The path here is a hyperbola through the saddle point that opens towards +infinity, where exp(-s x) falls off, and
the trapezoid rule on it converges geometrically: both tails keep relative digits.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.optimize import brentq

#: The step on the path, how much it bends, and where the integrand is negligible: so many widths from the saddle
#: point, where it falls as a normal density, or by this exponent, where it falls exponentially.
_STEP, _BEND, _WIDTHS, _EXPONENT = 0.08, 0.3, 12.0, 60.0
#: The saddle point is kept this far from the pole at 0, in widths of the integrand.
_OFF_POLE = 0.7


def below(mean: np.ndarray, covariance: np.ndarray, length: float) -> tuple[float, float]:
    """Return the probabilities that \\|B\\| is below a length, and that it is above."""
    variances, axes = np.linalg.eigh(covariance)
    squares = (mean @ axes) ** 2
    random = variances > 1e-24 * (variances.max() + squares.max())
    x = length * length - float(squares[~random].sum())
    if x <= 0.0 or not random.any():
        return (1.0, 0.0) if x > 0.0 or (x == 0.0 and not random.any()) else (0.0, 1.0)
    unit = float(variances.max())
    upper, tail = _tail(squares[random] / unit, variances[random] / unit, x / unit)
    return (1.0 - tail, tail) if upper else (tail, 1.0 - tail)


def _tail(squares: np.ndarray, variances: np.ndarray, x: float) -> tuple[bool, float]:
    """Return P(Q > x) and True, or P(Q < x) and False: the smaller, roughly; the largest variance is 1."""

    def slope(s: float) -> float:
        y = 1.0 - 2.0 * variances * s
        return float(np.sum(variances / y + squares / y**2)) - x

    low, to_pole = -1.0, 0.5
    while slope(low) > 0.0:
        low *= 4.0
    while slope(0.5 - to_pole) < 0.0:
        to_pole *= 0.25
        if to_pole < 1e-14:  # x is so many variances that nothing is above
            return True, 0.0
    saddle: Any = brentq(slope, low, 0.5 - to_pole, xtol=1e-14)
    centre, width = _moved(saddle, variances, squares)
    t = np.arange(0.0, math.asinh(_WIDTHS + _EXPONENT / (x * width * _BEND)), _STEP)
    s = centre + width * (1j * np.sinh(t) + _BEND * (np.cosh(t) - 1.0))
    ds = width * (1j * np.cosh(t) + _BEND * np.sinh(t))
    y = 1.0 - 2.0 * variances[:, None] * s
    value = (np.exp(np.sum(squares[:, None] * s / y - 0.5 * np.log(y), axis=0) - s * x) / s * ds).imag
    value[0] *= 0.5
    tail = float(np.sum(value) * _STEP / math.pi)
    return centre > 0.0, max(0.0, tail if centre > 0.0 else -tail)


def _moved(saddle: float, variances: np.ndarray, squares: np.ndarray) -> tuple[float, float]:
    """Return where the path crosses the real axis, off the pole at 0, and the width of the integrand there."""

    def width(s: float) -> float:
        y = 1.0 - 2.0 * variances * s
        return float(np.sum(2.0 * (variances / y) ** 2 + 4.0 * squares * variances / y**3)) ** -0.5

    if abs(saddle) >= _OFF_POLE * width(saddle):
        return saddle, width(saddle)
    return -_OFF_POLE * width(0.0), width(0.0)


def quantile(mean: np.ndarray, covariance: np.ndarray, level: float) -> float:
    """Return the length that \\|B\\| is below with a probability."""
    expected = float(np.linalg.norm(mean))
    spread = math.sqrt(max(0.0, float(np.trace(covariance))))
    if spread <= 1e-12 * expected:
        return expected

    def over(length: float) -> float:
        under, above = below(mean, covariance, length)
        return under - level if level < 0.5 else (1.0 - level) - above

    low, high = max(0.0, expected - spread), expected + spread
    while over(high) < 0.0:
        high += 2.0 * spread
    while low > 0.0 and over(low) > 0.0:
        low = max(0.0, low - 2.0 * spread)
    found: Any = brentq(over, low, high, xtol=1e-12 * spread)
    return found
