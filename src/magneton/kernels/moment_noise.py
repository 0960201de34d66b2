"""Normal random numbers by counting, a block of lanes at a time.

A number is a function of a key, of the moment's index and of the step (`magneton.numerics.philox`): it depends neither
on threads nor on chunks nor on the other moments. Four words of 64 bits a moment and step make two pairs of normal
numbers by Box and Muller's transformation, with series for logarithm, sine and cosine that vectorise; a step takes
three of the four.
"""

import numpy as np

from magneton._jit import inline_kernel, kernel, summing_kernel
from magneton.kernels.moment_layout import LANES, NOISE, SIGMA, WORDS
from magneton.numerics.philox import LOW, long_words, open_unit

_32, _52, _62, _63 = np.uint64(32), np.int64(52), np.uint64(62), np.uint64(63)
_BIT, _WITHIN = np.uint64(1), np.uint64(2)
_ONE, _FRACTION, _BIAS = np.int64(0x3FF0000000000000), np.int64(0x000FFFFFFFFFFFFF), np.int64(1023)
_LN2, _ROOT2 = 0.6931471805599453, 1.4142135623730951
_HALF_PI = 1.5707963267948966
_1, _2, _3 = LANES, 2 * LANES, 3 * LANES
#: Reciprocals of factorials, by name: constants that the compiler knows, and no divisions.
_F2, _F4, _F6, _F8 = 1.0 / 2.0, 1.0 / 24.0, 1.0 / 720.0, 1.0 / 40320.0
_F10, _F12, _F14, _F16 = 1.0 / 3628800.0, 1.0 / 479001600.0, 1.0 / 87178291200.0, 1.0 / 20922789888000.0
_F3, _F5, _F7, _F9 = 1.0 / 6.0, 1.0 / 120.0, 1.0 / 5040.0, 1.0 / 362880.0
_F11, _F13, _F15 = 1.0 / 39916800.0, 1.0 / 6227020800.0, 1.0 / 1307674368000.0


@kernel
def _draw_words(first, step, key, words):
    """Fill four rows: two for logarithms, two for angles."""
    k0, k1 = key[0] & LOW, key[1] & LOW
    number = np.uint64(step)
    low, draw = number & LOW, (number >> _32) << _BIT
    for j in range(LANES):
        words[WORDS + j], words[WORDS + _1 + j] = long_words(draw, low, np.uint64(first + j), k0, k1)
    for j in range(LANES):
        index = np.uint64(first + j)
        words[WORDS + _2 + j], words[WORDS + _3 + j] = long_words(draw | _BIT, low, index, k0, k1)


@inline_kernel
def _direction(word):
    """Return the cosine and sine of an angle even in 0 to 2 pi: a quadrant, and Taylor's series within pi/4."""
    t = _HALF_PI * (open_unit(word << _WITHIN) - 0.5)
    z = t * t
    sine = _F9 - z * (_F11 - z * (_F13 - z * _F15))
    sine = t - t * z * (_F3 - z * (_F5 - z * (_F7 - z * sine)))
    cosine = _F10 - z * (_F12 - z * (_F14 - z * _F16))
    cosine = 1.0 - z * (_F2 - z * (_F4 - z * (_F6 - z * (_F8 - z * cosine))))
    across = ((word >> _62) & _BIT) == _BIT
    sign = -1.0 if (word >> _63) == _BIT else 1.0
    # One choice a number: of pairs the compiler makes branches, and the loop does not vectorise.
    x = -sine if across else cosine
    y = cosine if across else sine
    return sign * x, sign * y


@summing_kernel
def _directions(words, s):
    for j in range(LANES):
        s[NOISE + j], s[NOISE + _1 + j] = _direction(words[WORDS + _2 + j])
    for j in range(LANES):
        s[NOISE + _2 + j] = _direction(words[WORDS + _3 + j])[0]


@kernel
def _split(words, integers, s):
    """Turn two rows of words into numbers in (0, 1), and these into exponents and mantissas in [1, 2)."""
    for j in range(2 * LANES):
        s[WORDS + j] = open_unit(words[WORDS + j])
    for j in range(2 * LANES):
        bits = integers[WORDS + j]
        integers[WORDS + j] = (bits & _FRACTION) | _ONE
        s[WORDS + _2 + j] = float((bits >> _52) - _BIAS)


@inline_kernel
def _logarithm(mantissa, exponent):
    """Return ln(mantissa 2^exponent): 2 artanh z + ln(2)/2 with z = (f - sqrt 2)/(f + sqrt 2), |z| < 0.172."""
    z = (mantissa - _ROOT2) / (mantissa + _ROOT2)
    z2 = z * z
    series = 1.0 / 13.0 + z2 * (1.0 / 15.0 + z2 * (1.0 / 17.0 + z2 * (1.0 / 19.0)))
    series = 1.0 / 5.0 + z2 * (1.0 / 7.0 + z2 * (1.0 / 9.0 + z2 * (1.0 / 11.0 + z2 * series)))
    return (exponent + 0.5) * _LN2 + 2.0 * z * (1.0 + z2 * (1.0 / 3.0 + z2 * series))


@summing_kernel
def _scale(s):
    for j in range(LANES):
        # Rounding may take a logarithm of nearly one past zero.
        first = s[SIGMA + j] * np.sqrt(max(0.0, -2.0 * _logarithm(s[WORDS + j], s[WORDS + _2 + j])))
        second = s[SIGMA + j] * np.sqrt(max(0.0, -2.0 * _logarithm(s[WORDS + _1 + j], s[WORDS + _3 + j])))
        s[NOISE + j] *= first
        s[NOISE + _1 + j] *= first
        s[NOISE + _2 + j] *= second


@kernel
def draw(first, step, key, s):
    """Set the rows NOISE of a block that begins with the moment `first` to normal numbers times the row SIGMA."""
    words, integers = s.view(np.uint64), s.view(np.int64)
    _draw_words(first, step, key, words)
    _directions(words, s)
    _split(words, integers, s)
    _scale(s)
