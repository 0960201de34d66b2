r"""Brillouin's and Langevin's functions, to rounding, in loops without branches.

With a = (2J + 1)/(2J), b = 1/(2J) and kappa = (J + 1)/(3J) = (a^2 - b^2)/3,

    B_J(x) = a coth(a x) - b coth(b x) = a L(a x) - b L(b x),   L(u) = coth u - 1/u,

cancels for small x. There Lambert's continued fraction of the tangent, [DLMF2024]_ 4.39.1, whose terms are all
positive, gives L(u) = u/3 - u^3 R(u^2) with R = 1/(9 D + 3 z), D = 5 + z/(7 + z/(9 + ...)): cut after 10 steps it is
exact to rounding up to u = 2.8. Beyond, 1 - B_J = 2 b/(exp(2 b x) - 1) - 2 a/(exp(2 a x) - 1), which does not
cancel either. Langevin's function is the limit of large J: b = `TINY`, whose square and more vanish.
"""

import math

import numpy as np

from magneton._jit import fma, inline_kernel, kernel

#: A b = 1/(2J) as good as 0, whose inverse is finite.
TINY = 1e-200
#: Up to this a x the continued fraction is used for the function, and for its slope.
SMALL, _SMALL_SLOPE = 2.8, 2.0
#: 2 b x beyond which 1 - B_J is below rounding; and beyond which the slope underflows.
_FAR, _FARTHEST = 80.0, 708.0
_LOG2_E, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 0.6931471805599453, 2.3190468138462996e-17
#: 1.5 2^52: added to a number below 2^51, it leaves its nearest integer in the last bits.
_ROUNDER = 6755399441055744.0
_INVERSE_FACTORIALS = tuple(1.0 / math.factorial(n) for n in range(13, 1, -1))


def parameters(J: float) -> tuple[float, float, float]:
    """Return a, b and kappa; of Langevin's function for J = inf."""
    if 0.5 / J < TINY:
        return 1.0, TINY, 1.0 / 3.0
    return (2.0 * J + 1.0) / (2.0 * J), 0.5 / J, (J + 1.0) / (3.0 * J)


@inline_kernel
def _expm1(w, low):
    """Return exp(w + low) - 1 for 0 <= w <= 709 and a `low` below its rounding; nan stays nan."""
    shifted = fma(w, _LOG2_E, _ROUNDER)
    k = shifted - _ROUNDER
    r = fma(-k, _LN2_LOW, fma(-k, _LN2_HIGH, w)) + low
    p = _INVERSE_FACTORIALS[0]
    for n in range(1, 12):
        p = fma(p, r, _INVERSE_FACTORIALS[n])
    p = fma(r * r, p, r)
    power = np.int64((np.float64(shifted).view(np.int64) + 1023) << 52).view(np.float64)
    return fma(power, p, power - 1.0)


@inline_kernel
def _bend(z):
    """Return R(z), where L(u) = u/3 - u^3 R(u^2)."""
    top = z + 3825.0
    for c in (2204475.0, 407386980.0, 27105783705.0, 527056905375.0):
        top = fma(top, z, c)
    below = fma(z, 3.0, 12285.0)
    for c in (7657650.0, 1571349780.0, 123743795175.0, 3478575575475.0, 23717560741875.0):
        below = fma(below, z, c)
    return top / below


@inline_kernel
def _bends(s, a, b):
    """Return (kappa - B_J(s)/s)/s^2 for small s."""
    z, a2, b2 = s * s, a * a, b * b
    return a2 * a2 * _bend(a2 * z) - b2 * b2 * _bend(b2 * z)


@inline_kernel
def _slope_bends(s, a, b):
    """Return (kappa - B_J'(s))/s^2 for small s, from L' = 1 - 2 L/u - L^2."""
    z, a2, b2 = s * s, a * a, b * b
    za, zb = a2 * z, b2 * z
    ra, rb = _bend(za), _bend(zb)
    of_a = (1.0 / 9.0 - 2.0 * ra) - za * ra * (2.0 / 3.0 - za * ra)
    of_b = (1.0 / 9.0 - 2.0 * rb) - zb * rb * (2.0 / 3.0 - zb * rb)
    return a2 * a2 * of_a - b2 * b2 * of_b


@inline_kernel
def _gap(s, a, b):
    """Return 1 - B_J(s) for s that is not small."""
    w, v = 2.0 * b * s, 2.0 * a * s
    below, above = _expm1(min(w, _FAR), 0.0), _expm1(min(v, _FAR), 0.0)
    return 2.0 * b / below - 2.0 * a / above


@inline_kernel
def _inverse_sinh2(s, factor):
    """Return (factor/sinh(factor s))^2, the product's rounding taken care of; 0 where it underflows."""
    w = 2.0 * factor * s
    low = fma(2.0 * factor, s, -w)
    e = _expm1(min(w, _FARTHEST), low)
    value = 4.0 * factor * (1.0 + 1.0 / e) * (factor / e)
    return 0.0 if w > _FARTHEST else value


@inline_kernel
def brillouin(x, a, b, kappa):
    """Return B_J(x)."""
    s = abs(x)
    small = s * (kappa - s * s * _bends(s, a, b))
    large = 1.0 - _gap(s, a, b)
    return math.copysign(small if a * s <= SMALL else large, x)


@inline_kernel
def brillouin_gap(s, a, b, kappa):
    """Return 1 - B_J(s), s >= 0, to rounding of itself."""
    small = 1.0 - s * (kappa - s * s * _bends(s, a, b))
    large = _gap(s, a, b)
    return small if a * s <= SMALL else large


@inline_kernel
def brillouin_slope(x, a, b, kappa):
    """Return the derivative of B_J."""
    s = abs(x)
    small = kappa - s * s * _slope_bends(s, a, b)
    large = _inverse_sinh2(s, b) - _inverse_sinh2(s, a)
    return small if a * s <= _SMALL_SLOPE else large


@inline_kernel
def shortfall(s, a, b, kappa):
    """Return 1 - B_J(s)/(kappa s), s >= 0: 0 at s = 0, to rounding of itself."""
    small = s * s * _bends(s, a, b) / kappa
    large = 1.0 - (1.0 - _gap(s, a, b)) / (kappa * s)
    return small if a * s <= SMALL else large


@inline_kernel
def slope_shortfall(s, a, b, kappa):
    """Return 1 - B_J'(s)/kappa, s >= 0: 0 at s = 0, to rounding of itself."""
    small = s * s * _slope_bends(s, a, b) / kappa
    large = 1.0 - (_inverse_sinh2(s, b) - _inverse_sinh2(s, a)) / kappa
    return small if a * s <= _SMALL_SLOPE else large


@kernel
def inverse_brillouin(y, a, b, kappa):
    """Return x with B_J(x) = y; inf at y = 1, nan beyond.

    Newton's steps from below, for small y on B_J, else on log(1 - B_J), which is nearly straight in x or in log x.
    """
    target = abs(y)
    if not target < 1.0:
        return math.copysign(math.inf, y) if target == 1.0 else math.nan
    x = target / kappa
    for _ in range(60):
        slope = brillouin_slope(x, a, b, kappa)
        if target < 0.5:
            step = (target - brillouin(x, a, b, kappa)) / slope
        else:
            gap = brillouin_gap(x, a, b, kappa)
            step = gap / slope * math.log1p((gap - (1.0 - target)) / (1.0 - target))
        x += step
        if abs(step) <= 1e-15 * x:
            break
    return math.copysign(x, y)


@kernel
def entropy(x, a, b, kappa):
    """Return the entropy over k_B, log Z - x B_J(x), of Z = sinh(a x)/sinh(b x): log(2 J + 1) at x = 0."""
    s = abs(x)
    if s < 1e-150:
        return math.log(a / b)
    excited = math.log(math.expm1(-2.0 * a * s) / math.expm1(-2.0 * b * s))
    return (s * brillouin_gap(s, a, b, kappa) if s < math.inf else 0.0) + excited


@kernel
def fill_brillouin(x, out, a, b, kappa):
    """Set `out` to B_J(x)."""
    for i in range(len(x)):
        out[i] = brillouin(x[i], a, b, kappa)


@kernel
def fill_slope(x, out, a, b, kappa):
    """Set `out` to the derivative of B_J at x."""
    for i in range(len(x)):
        out[i] = brillouin_slope(x[i], a, b, kappa)


@kernel
def fill_inverse(y, out, a, b, kappa):
    """Set `out` to the inverse of B_J at y."""
    for i in range(len(y)):
        out[i] = inverse_brillouin(y[i], a, b, kappa)


@kernel
def fill_entropy(x, out, a, b, kappa):
    """Set `out` to the entropy over k_B at x."""
    for i in range(len(x)):
        out[i] = entropy(x[i], a, b, kappa)
