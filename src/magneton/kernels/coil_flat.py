r"""The gradient beside the flat faces of a winding much shorter than its radius, where the two ends cancel.

Of the loops at the two ends, at heights zeta_1 and zeta_2 over and radii a = rho + g about the point, the slopes are
differences of

    q = B_rho/rho = [zeta/rho^2] [beta E/alpha^2 + (E - 2 K)/beta],   B_z = [2/beta] [K - E + 2 g a E/alpha^2],

alpha^2 = g^2 + zeta^2, beta^2 = (2 rho + g)^2 + zeta^2. Over the radii each adds up to the jump across the winding,
which the other takes off but for the ratio of length to radius. What does so are the poles at g = +-i zeta,

    q ~ zeta (2 rho + g)/(rho^2 alpha^2),      B_z ~ 2 g/alpha^2,

whose integrals are an arctangent and logarithms, and so are their differences. The rest is integrated: with
F = (E - 1)/kc^2 from the series of E in kc^2 ([AbramowitzStegun1964]_ 17.3.35) it does not cancel either.
All are per mu_0/(4 pi) and unit current density.
"""

import math

import numpy as np

from magneton._jit import kernel
from magneton.kernels.loop import complete_integrals
from magneton.kernels.sheet import sheet_slopes
from magneton.kernels.sheet_ends import NODES, WEIGHTS

#: The series of E serves up to this kc^2, where it takes these many terms.
_SERIES, _TERMS = 0.1, 17
#: E = 1 + sum over n of kc^(2 n) _LEAD[n] (ln(4/kc) - _SHIFT[n]), from n = 1 on.
_LEAD, _SHIFT = np.zeros(_TERMS), np.zeros(_TERMS)
_lead, _shift = 1.0, 0.0
for _n in range(1, _TERMS + 1):
    _odd, _even = 2.0 * _n - 1.0, 2.0 * _n
    _LEAD[_n - 1], _SHIFT[_n - 1] = _lead * _odd / _even, _shift + 1.0 / (_odd * _even)
    _lead, _shift = _lead * (_odd / _even) ** 2, _shift + 2.0 / (_odd * _even)


@kernel
def is_flat(rho, z, b, inner, outer):
    """Return whether the point is over a face of a winding so short that its gradient is better taken from here."""
    over = abs(z) - b
    return inner < 0.0 < outer and over >= 0.0 and 16.0 * b < rho and over * over < rho * b


@kernel
def _loop_integrals(rho, g, zeta):
    """Return beta, K, E, F = (E - 1)/kc^2 and A_phi/rho of a loop."""
    a, far = rho + g, 2.0 * rho + g
    alpha2, beta2 = g * g + zeta * zeta, far * far + zeta * zeta
    beta = math.sqrt(beta2)
    k_over, u = complete_integrals(a, rho, alpha2, beta2)
    big_k, k2, kc2 = beta * k_over, 4.0 * a * rho / beta2, alpha2 / beta2
    if kc2 > _SERIES:
        big_e = big_k * ((1.0 - 0.5 * k2) - k2 * k2 * u)
        excess = (big_e - 1.0) / kc2
    else:
        log, excess = math.log(4.0) - 0.5 * math.log(kc2), 0.0
        for n in range(_TERMS - 1, -1, -1):
            excess = excess * kc2 + _LEAD[n] * (log - _SHIFT[n])
        big_e = 1.0 + kc2 * excess
    return beta, big_k, big_e, excess, 32.0 * a * a * k_over * u / beta2


@kernel
def _rest(rho, g, zeta):
    """Return what the poles leave of q and B_z of a loop, less 2/(2 rho + g) in B_z; and A_phi/rho."""
    a, far, alpha2 = rho + g, 2.0 * rho + g, g * g + zeta * zeta
    beta, big_k, big_e, excess, w = _loop_integrals(rho, g, zeta)
    more = zeta * zeta / (beta + far)  # beta - (2 rho + g)
    q = (zeta * more / alpha2 + zeta / beta * (excess + big_e - 2.0 * big_k)) / (rho * rho)
    bz = 2.0 / beta * (big_k - big_e) + 4.0 * g * a / (beta * beta * beta) * excess
    return q, bz - (4.0 * g * a * more / beta + 2.0 * zeta * zeta) / (far * alpha2), w


@kernel
def _node(rho, g, low, high, b):
    """Return q and the rests of dB_z/dz and dq/dz of the solenoid of radius rho + g."""
    if g * g < rho * b:
        q1, b1, w1 = _rest(rho, g, low)
        q2, b2, w2 = _rest(rho, g, high)
        return w1 - w2, b2 - b1, q2 - q1
    # So far from the point the poles' own differences are small.
    q, bzz, qz, _ = sheet_slopes(rho, -g, low + b, rho + g, b, False)
    both = 2.0 * b / ((g * g + low * low) * (g * g + high * high))
    pole = both * (2.0 * rho + g) / (rho * rho) * (low * high - g * g)
    return q, bzz + 2.0 * g * (low + high) * both, qz + pole


@kernel
def _integrated(rho, low, high, b, near, far, side, least):
    """Return the integrals of `_node` on one side of rho by panels that shrink threefold towards it."""
    first = second = third = 0.0
    while far > near:
        cut = max(near, far / 3.0 if far > least else 0.0)
        half, middle = 0.5 * (far - cut), 0.5 * (far + cut)
        for i in range(16):
            f, s, t = _node(rho, side * (middle + half * NODES[i]), low, high, b)
            weight = half * WEIGHTS[i]
            first, second, third = first + weight * f, second + weight * s, third + weight * t
        far = cut
    return first, second, third


@kernel
def _poles(rho, g, low, high, step):
    """Return the integrals of the poles' differences up to g: those of dB_z/dz and of dq/dz."""
    sum2 = g * g + low * low
    logarithm = math.log1p(step * (low + high) / sum2)
    arc = math.atan2(-g * step, low * high + g * g)
    # zeta ln(alpha^2)/2 at the two ends, in lengths of rho
    turn = 0.5 * (high * logarithm + step * math.log(sum2 / (rho * rho)))
    return logarithm, (2.0 * rho * arc + turn) / (rho * rho)


@kernel
def flat_slopes(rho, z, b, inner, outer, least):
    """Return the integrals over the winding of q, dB_z/dz and dq/dz; `inner` and `outer` are its radii less rho."""
    height = abs(z)
    low, high = height - b, height + b
    f1, s1, t1 = _integrated(rho, low, high, b, 0.0, outer, 1.0, least)
    f2, s2, t2 = _integrated(rho, low, high, b, 0.0, -inner, -1.0, least)
    s3, t3 = _poles(rho, outer, low, high, 2.0 * b)
    s4, t4 = _poles(rho, inner, low, high, 2.0 * b)
    sign = -1.0 if z < 0.0 else 1.0
    return sign * (f1 + f2), sign * (s1 + s2 + (s3 - s4)), t1 + t2 + (t3 - t4)
