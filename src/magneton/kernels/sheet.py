r"""The cylindrical current sheet: B, A and the slopes that grad B is made of.

In the words of `magneton.kernels.sheet_ends`, B_rho/rho, B_z and A_phi/rho are differences of the two ends'
integrals, or sums of loops.

dB_z/dz and dq/dz are those of loops at the two ends, or sums of loops where these cancel. The slope across the axis,

    s = (B_z - 2 w)/rho^2 = (1/rho) dw/d rho,

is a difference over rho^2 near the wall; elsewhere, with Q a function of sigma as there, for Wbar

    (1/rho) d Wbar/d rho = a^2 oint [2 sin^2 Q' + (4/3) a^2 sin^4 Q'']

by the trapezoidal rule, and the same for loops with Q = R^-3. What is odd in z is the field of only that part of the
sheet that does not lie evenly about the point: so nothing cancels near the centre, where grad B vanishes.
"""

import math

from magneton._jit import inline_kernel, kernel, summing_kernel
from magneton.kernels.loop import complete_integrals
from magneton.kernels.sheet_ends import (
    HALF_SINE2,
    NEAR,
    NODES,
    SINE2,
    SMOOTH,
    WEIGHTS,
    circle,
    combine,
    end,
    mean_reach,
    ratio,
    ring,
    rule,
)  # fmt: skip

__all__ = ["circle", "ring", "ring_slopes", "sheet_slopes", "sheet_sums"]

#: alpha/beta from which 16, 12, 8 and 4 nodes of the trapezoidal rule do.
_FOR_16, _FOR_12, _FOR_8, _FOR_4 = 0.64, 0.78, 0.93, 0.9994


@kernel
def near_sums(rho, gap, z, a, b):
    """Return q = B_rho/rho, B_z, w = A_phi/rho and N_z, for z >= 0, by the two ends."""
    p1, g1, o1, w1, v1, k1 = end(rho, gap, abs(z - b), a)
    p2, g2, o2, w2, v2, k2 = end(rho, gap, z + b, a)
    bz, w, nz = combine(z < b, k1 < SMOOTH and k2 < SMOOTH, g1, o1, w1, v1, g2, o2, w2, v2)
    return p1 - p2, bz, w, nz


@summing_kernel
def far_sums(rho, gap, z, a, b, start, nodes):
    """Return q, B_z and w by a sum of loops."""
    q = bz = w = 0.0
    heights, weights = NODES[start : start + nodes], WEIGHTS[start : start + nodes]
    for i in range(len(heights)):
        dq, db, dw = ring(rho, gap, z - b * heights[i], a)
        q += weights[i] * dq
        bz += weights[i] * db
        w += weights[i] * dw
    return b * q, b * bz, b * w


@kernel
def sheet_sums(rho, gap, z, a, b):
    """Return q = B_rho/rho, B_z, w = A_phi/rho and N_z of the sheet, per mu_0/(4 pi) and unit current per length."""
    height = abs(z)
    reach = mean_reach(gap, height - b, height + b, b)
    if reach < NEAR:
        q, bz, w, nz = near_sums(rho, gap, height, a, b)
        return (-q if z < 0.0 else q), bz, w, nz
    start, nodes = rule(reach)
    q, bz, w = far_sums(rho, gap, z, a, b, start, nodes)
    inside = gap < 0.0 and height < b
    return q, bz, w, (4.0 * math.pi - bz if inside else -bz)


# --- slopes ---


@inline_kernel
def _nodes_for(kc):
    if kc < _FOR_12:
        return 24 if kc < _FOR_16 else 16
    return 12 if kc < _FOR_8 else 8 if kc < _FOR_4 else 4


@inline_kernel
def ring_slopes(rho, gap, zeta, a):
    """Return q = B_rho/rho of a loop, dB_z/dz and dq/dz."""
    alpha2, beta2 = gap * gap + zeta * zeta, (rho + a) * (rho + a) + zeta * zeta
    big_k, u = complete_integrals(a, rho, alpha2, beta2)
    k2_rho = 4.0 * a / beta2
    k2 = k2_rho * rho
    big_e = big_k * ((1.0 - 0.5 * k2) - k2 * k2 * u)
    kc2 = alpha2 / beta2
    m1_rho = 4.0 * big_k * k2_rho * (0.5 - (2.0 - k2) * u) / alpha2
    p1 = (2.0 * big_e + big_k * (k2 * u - 0.5)) / (3.0 * kc2)
    p2 = big_k * (1.0 + (2.0 + 2.0 * k2) * u) / 3.0
    n1_rho = 8.0 * k2_rho * (big_e - kc2 * big_k * u) / (3.0 * alpha2 * alpha2)
    n12 = 8.0 * (p1 - 2.0 * p2) / (beta2 * beta2)
    q = a * zeta * m1_rho
    d_rho = -3.0 * a * zeta * (gap * n1_rho * rho + a * n12)
    return q, -(d_rho + q), a * (m1_rho - 3.0 * zeta * zeta * n1_rho)


@summing_kernel
def end_slope(rho, gap, zeta, a, kc):
    """Return (1/rho) d Wbar/d rho by the trapezoidal rule, for kc >= 0.6."""
    nodes = _nodes_for(kc)
    start = nodes * (nodes - 4) // 8
    gap2, four, z2 = gap * gap, 4.0 * a * rho, zeta * zeta
    slope = 0.0
    half_sine2, sine2 = HALF_SINE2[start : start + nodes], SINE2[start : start + nodes]
    for i in range(len(sine2)):
        r = math.sqrt(gap2 + four * half_sine2[i] + z2)
        total = r + zeta
        q = 1.0 / (r * total)
        q1 = -0.5 * q * q * (1.0 + total / r)
        q2 = -q1 * (1.5 / r + 1.0 / total - 1.0 / (r + total)) / r
        slope += sine2[i] * (2.0 * q1 + (4.0 / 3.0) * a * a * sine2[i] * q2)
    return a * a * 2.0 * math.pi / nodes * slope


@kernel
def _near_slope(rho, gap, z, a, b, bz, w):
    """Return s = (B_z - 2 w)/rho^2, for z >= 0."""
    low, high = abs(z - b), z + b
    k1, k2 = ratio(rho, gap, low, a), ratio(rho, gap, high, a)
    if k1 < SMOOTH and k2 < SMOOTH:
        return (bz - 2.0 * w) / (rho * rho)
    s1 = _one_slope(rho, gap, low, a, k1)
    s2 = _one_slope(rho, gap, high, a, k2)
    if z >= b:
        return s1 - s2
    limit = 0.0 if gap < 0.0 else 4.0 * math.pi * (a / rho) * (a / rho) / (rho * rho)
    return -(limit + s1 + s2)


@kernel
def _one_slope(rho, gap, zeta, a, kc):
    """Return (1/rho) d Wbar/d rho."""
    if kc >= SMOOTH:
        return end_slope(rho, gap, zeta, a, kc)
    _, _, omega, _, w, _ = end(rho, gap, zeta, a)
    return (omega - 2.0 * w) / (rho * rho)


@summing_kernel
def _far_slope(rho, gap, z, a, b, start, count, kc):
    """Return s by a sum of loops, each by the trapezoidal rule."""
    nodes = _nodes_for(kc)
    first = nodes * (nodes - 4) // 8
    half_sine2, sine2 = HALF_SINE2[first : first + nodes], SINE2[first : first + nodes]
    gap2, four = gap * gap, 4.0 * a * rho
    total = 0.0
    for i in range(start, start + count):
        zeta = z - b * NODES[i]
        z2 = zeta * zeta
        slope = 0.0
        for j in range(len(sine2)):
            over = 1.0 / (gap2 + four * half_sine2[j] + z2)
            slope += sine2[j] * over * over * math.sqrt(over) * (5.0 * a * a * sine2[j] * over - 3.0)
        total += WEIGHTS[i] * slope
    return a * a * b * 2.0 * math.pi / nodes * total


@summing_kernel
def _far_odd(rho, gap, middle, half, a, start, nodes):
    """Return q and dB_z/dz by a sum of loops."""
    q = bzz = 0.0
    heights, weights = NODES[start : start + nodes], WEIGHTS[start : start + nodes]
    for i in range(len(heights)):
        dq, db, _ = ring_slopes(rho, gap, middle - half * heights[i], a)
        q += weights[i] * dq
        bzz += weights[i] * db
    return half * q, half * bzz


@summing_kernel
def _far_even(rho, gap, z, a, b, start, nodes):
    """Return dq/dz by a sum of loops."""
    qz = 0.0
    heights, weights = NODES[start : start + nodes], WEIGHTS[start : start + nodes]
    for i in range(len(heights)):
        _, _, dq = ring_slopes(rho, gap, z - b * heights[i], a)
        qz += weights[i] * dq
    return b * qz


@kernel
def _odd_slopes(rho, gap, z, a, b):
    """Return q and dB_z/dz, for z >= 0.

    Of the sheet, the part that lies evenly about the height of the point adds nothing: the rest spans 2 min(z, b).
    """
    middle, half = max(z, b), min(z, b)
    low, high = middle - half, middle + half
    if half == 0.0:
        return 0.0, 0.0
    start, nodes = rule(mean_reach(gap, low, high, half))
    if nodes > 0:
        return _far_odd(rho, gap, middle, half, a, start, nodes)
    _, b1, w1 = ring(rho, gap, low, a)
    _, b2, w2 = ring(rho, gap, high, a)
    return w1 - w2, b2 - b1


@kernel
def _across_slope(rho, gap, z, a, b, start, nodes):
    """Return s = (B_z - 2 w)/rho^2, for z >= 0."""
    if nodes == 0:
        _, bz, w, _ = near_sums(rho, gap, z, a, b)
        return _near_slope(rho, gap, z, a, b, bz, w)
    kc = ratio(rho, gap, max(z - b, 0.0), a)
    if kc >= SMOOTH:
        return _far_slope(rho, gap, z, a, b, start, nodes, kc)
    _, bz, w = far_sums(rho, gap, z, a, b, start, nodes)
    return (bz - 2.0 * w) / (rho * rho)


@kernel
def sheet_slopes(rho, gap, z, a, b, across):
    """Return q, dB_z/dz; and dq/dz, and s = (B_z - 2 w)/rho^2 if `across` (else 0)."""
    height = abs(z)
    q, bzz = _odd_slopes(rho, gap, height, a, b)
    if z < 0.0:
        q, bzz = -q, -bzz
    start, nodes = rule(mean_reach(gap, height - b, height + b, b))
    if nodes > 0:
        qz = _far_even(rho, gap, z, a, b, start, nodes)
    else:
        q1, _, _ = ring(rho, gap, z - b, a)
        q2, _, _ = ring(rho, gap, z + b, a)
        qz = q2 - q1
    s = _across_slope(rho, gap, height, a, b, start, nodes) if across else 0.0
    return q, bzz, qz, s
