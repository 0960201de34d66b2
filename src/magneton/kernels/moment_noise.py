"""Normal random numbers by counting, a block of lanes at a time.

A number is a function of a key, of the moment's index and of the step: Threefry-4x64-20 [Salmon2011]_, four words of
64 bits a moment and step. It depends neither on threads nor on chunks nor on the other moments. Two pairs of normal
numbers follow by Box and Muller's transformation, with series for logarithm, sine and cosine that vectorise; a step
takes three of the four.
"""

import numpy as np

from magneton._jit import inline_kernel, kernel, summing_kernel
from magneton.kernels.moment_layout import LANES, NOISE, SIGMA, WORDS

_PARITY = np.uint64(0x1BD11BDAA9FC1A22)
_64, _12, _52, _62, _63 = np.uint64(64), np.uint64(12), np.int64(52), np.uint64(62), np.uint64(63)
_QUADRANT = np.uint64(0x3FFFFFFFFFFFFFFF)
_10 = np.uint64(10)
_ONE, _FRACTION, _BIAS = np.int64(0x3FF0000000000000), np.int64(0x000FFFFFFFFFFFFF), np.int64(1023)
_LN2, _ROOT2 = 0.6931471805599453, 1.4142135623730951
_HALF_PI = 1.5707963267948966
_1, _2, _3 = LANES, 2 * LANES, 3 * LANES


@inline_kernel
def _turn(x, bits):
    return (x << np.uint64(bits)) | (x >> (_64 - np.uint64(bits)))


@inline_kernel
def _two_rounds(a, b, c, d, p, q, r, s):
    a, c = a + b, c + d
    b, d = _turn(b, p) ^ a, _turn(d, q) ^ c
    a, c = a + d, c + b
    d, b = _turn(d, r) ^ a, _turn(b, s) ^ c
    return a, b, c, d


@inline_kernel
def _rounds_odd(a, b, c, d):
    a, b, c, d = _two_rounds(a, b, c, d, 14, 16, 52, 57)
    return _two_rounds(a, b, c, d, 23, 40, 5, 37)


@inline_kernel
def _rounds_even(a, b, c, d):
    a, b, c, d = _two_rounds(a, b, c, d, 25, 33, 46, 12)
    return _two_rounds(a, b, c, d, 58, 22, 32, 32)


@inline_kernel
def threefry(a, b, c, d, k0, k1, k2, k3):
    """Return four random words for the counter (a, b, c, d) and the key (k0, k1, k2, k3), all uint64."""
    k4 = _PARITY ^ k0 ^ k1 ^ k2 ^ k3
    a, b, c, d = _rounds_odd(a + k0, b + k1, c + k2, d + k3)
    a, b, c, d = _rounds_even(a + k1, b + k2, c + k3, d + k4 + np.uint64(1))
    a, b, c, d = _rounds_odd(a + k2, b + k3, c + k4, d + k0 + np.uint64(2))
    a, b, c, d = _rounds_even(a + k3, b + k4, c + k0, d + k1 + np.uint64(3))
    a, b, c, d = _rounds_odd(a + k4, b + k0, c + k1, d + k2 + np.uint64(4))
    return a + k0, b + k1, c + k2, d + k3 + np.uint64(5)


@kernel
def _draw_words(first, step, key, words):
    k0, k1 = key[0], key[1]
    none = np.uint64(0)
    for j in range(LANES):
        a, b, c, d = threefry(np.uint64(first + j), np.uint64(step), none, none, k0, k1, none, none)
        words[WORDS + j], words[WORDS + _1 + j], words[WORDS + _2 + j], words[WORDS + _3 + j] = a, b, c, d


@inline_kernel
def _direction(word):
    """Return the cosine and sine of an angle even in 0 to 2 pi: a quadrant, and Taylor's series within pi/4."""
    x = (float(np.int64((word & _QUADRANT) >> _10)) + 0.5) * 2.0**-52
    t = _HALF_PI * (x - 0.5)
    t2 = t * t
    sine = 1.0 - t2 / 210.0 * (1.0 - t2 / 272.0)
    sine = 1.0 - t2 / 72.0 * (1.0 - t2 / 110.0 * (1.0 - t2 / 156.0 * sine))
    sine = t * (1.0 - t2 / 6.0 * (1.0 - t2 / 20.0 * (1.0 - t2 / 42.0 * sine)))
    cosine = 1.0 - t2 / 132.0 * (1.0 - t2 / 182.0 * (1.0 - t2 / 240.0))
    cosine = 1.0 - t2 / 30.0 * (1.0 - t2 / 56.0 * (1.0 - t2 / 90.0 * cosine))
    cosine = 1.0 - t2 / 2.0 * (1.0 - t2 / 12.0 * cosine)
    across = ((word >> _62) & np.uint64(1)) == np.uint64(1)
    sign = -1.0 if (word >> _63) == np.uint64(1) else 1.0
    return (-sign * sine, sign * cosine) if across else (sign * cosine, sign * sine)


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
        s[WORDS + j] = (float(np.int64(words[WORDS + j] >> _12)) + 0.5) * 2.0**-52
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
