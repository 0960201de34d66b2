r"""The demagnetizing factor of a cylinder along its axis, averaged over its volume: 1 less Nagaoka's coefficient.

With p = length/diameter, k^2 = 1/(1 + p^2), k'^2 = 1 - k^2 [Joseph1966]_, [ChenBrugGoldfarb1991]_

    1 - N = 4/(3 pi k') [(k'^2/k^2) (K - E) + E - k] = F(-1/2, 1/2; 2; -1/p^2) - 4/(3 pi p).

The first form cancels for short cylinders, where E - 1 comes from its series in k' instead; the second gives N of long
ones without cancellation.
"""

import math

from magneton._jit import kernel
from magneton.numerics.carlson import carlson_rd, carlson_rf

_SHORT, _LONG = 0.5, 2.0
_TERMS = 60


@kernel
def _long(p):
    """Return N = 4/(3 pi p) - [F(-1/2, 1/2; 2; -1/p^2) - 1]."""
    z = -1.0 / (p * p)
    term, total = 1.0, 0.0
    for n in range(_TERMS):
        term *= (n - 0.5) * (n + 0.5) / ((n + 2.0) * (n + 1.0)) * z
        total += term
    return 4.0 / (3.0 * math.pi * p) - total


@kernel
def _short_integrals(m1):
    """Return (K - E)/m and (1 - E)/m1, by the series about m1 = 1 - m = 0."""
    half_log = -0.5 * math.log(m1)
    a, b, d = 1.0, 0.5, 2.0 * math.log(2.0)
    big_k = rest = 0.0
    for n in range(_TERMS):
        big_k += a * (half_log + d)
        rest += b * (half_log + d - 1.0 / ((2.0 * n + 1.0) * (2.0 * n + 2.0)))
        d -= 2.0 / ((2.0 * n + 1.0) * (2.0 * n + 2.0))
        a *= ((n + 0.5) / (n + 1.0)) ** 2 * m1
        b *= (n + 0.5) * (n + 1.5) / ((n + 2.0) * (n + 1.0)) * m1
    return (big_k - 1.0 - m1 * rest) / (1.0 - m1), -rest


@kernel
def cylinder_factor(p):
    """Return N and 1 - N along the axis of a cylinder of length p diameters, both to rounding."""
    if p > _LONG:
        n = _long(p)
        return n, 1.0 - n
    m1 = p * p / (1.0 + p * p)
    root = math.sqrt(m1)
    k = 1.0 / math.sqrt(1.0 + p * p)
    if p < _SHORT:
        difference, rest = _short_integrals(m1)
    else:
        difference = carlson_rd(0.0, m1, 1.0) / 3.0
        rest = (1.0 - carlson_rf(0.0, m1, 1.0) + (1.0 - m1) * difference) / m1
    # E - k = m1 [1/(1 + k) - (1 - E)/m1]
    complement = 4.0 * root / (3.0 * math.pi) * (difference + 1.0 / (1.0 + k) - rest)
    return 1.0 - complement, complement
