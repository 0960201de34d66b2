"""The sums over a cylindrical current sheet at a block of points: `magneton.kernels.sheet`, each step for all at once.

The ends of all points near the sheet are sorted by the way to their integrals, and each list is one loop of plain
arithmetic that the processor does several entries of at a time. The arithmetic is that of `sheet_sums`, to the last
bit: a point's field does not depend on its place in a batch.
"""

import math

import numpy as np

from magneton._jit import kernel
from magneton.kernels.sheet import far_sums
from magneton.kernels.sheet_ends import (
    HALF_SINE2,
    NEAR,
    RULE_8,
    RULE_16,
    SINE2,
    SMOOTH,
    SMOOTHER,
    combine,
    end_closed,
    infinite,
    mean_reach,
    ratio,
    ring,
    rule,
    smooth_end,
    smooth_term,
)

#: Points in a block.
BLOCK = 128
# Rows of the workspace, two entries a point. Of points: what goes in, and what comes out.
RHO, GAP, Z, Q, BZ, W, NZ = range(7)
# Of ends: the integrals, and whether they are those of closed forms.
_P, _G, _OMEGA, _WIDE, _BAR, _CLOSED = range(7, 13)
# Of a list of ends: where they are, and what comes out.
_R, _D, _H, _ONE, _TWO, _THREE = range(13, 19)


@kernel
def block_workspace():
    """Return the rows that `block_sums` works in, and the places of the listed ends."""
    return np.empty((19, 2 * BLOCK + 24)), np.empty((4, 2 * BLOCK), np.int64)


@kernel
def _smooth(w, places, count, a, first, nodes):
    """Do the listed ends by the trapezoidal rule."""
    for i in range(count):
        _, _, w[_THREE, i] = ring(w[_R, i], w[_D, i], w[_H, i], a)
    for i in range(count):
        w[_P, places[i]] = w[_THREE, i]
        w[_ONE, i] = w[_TWO, i] = 0.0
    for j in range(first, first + nodes):
        half_sine2, sine2 = HALF_SINE2[j], SINE2[j]
        for i in range(count):
            rho, gap = w[_R, i], w[_D, i]
            omega, ww = smooth_term(rho, gap * gap, 4.0 * a * rho, w[_H, i], half_sine2, sine2)
            w[_ONE, i] += omega
            w[_TWO, i] += ww
    for i in range(count):
        at, limit = places[i], infinite(w[_R, i], w[_D, i], a)
        values = smooth_end(w[_ONE, i], w[_TWO, i], w[_D, i], limit, nodes, a)
        w[_G, at], w[_OMEGA, at], w[_WIDE, at], w[_BAR, at] = values
        w[_CLOSED, at] = 0.0


@kernel
def _closed(w, places, count, a):
    """Do the listed ends by closed forms."""
    for i in range(count):
        w[_ONE, i], w[_TWO, i], w[_THREE, i], _ = end_closed(w[_R, i], w[_D, i], w[_H, i], a)
    for i in range(count):
        at = places[i]
        w[_P, at], w[_G, at], w[_WIDE, at], w[_CLOSED, at] = w[_ONE, i], w[_TWO, i], w[_THREE, i], 1.0
        w[_OMEGA, at] = (2.0 * math.pi if w[_D, i] < 0.0 else 0.0) - w[_TWO, i]
        w[_BAR, at] = infinite(w[_R, i], w[_D, i], a) - w[_THREE, i]


@kernel
def _gather(w, places, count, b):
    """Fill the list with the ends at `places`: even ones are the nearer ends of points, odd ones the farther."""
    for i in range(count):
        point, height = places[i] >> 1, abs(w[Z, places[i] >> 1])
        w[_R, i], w[_D, i] = w[RHO, point], w[GAP, point]
        w[_H, i] = height + b if places[i] & 1 else abs(height - b)


@kernel
def block_sums(w, places, count, a, b):
    """Set Q, BZ, W and NZ of the first `count` points from their RHO, GAP and Z: see `sheet_sums`."""
    near = closed = half = full = 0
    for i in range(count):
        rho, gap, height = w[RHO, i], w[GAP, i], abs(w[Z, i])
        reach = mean_reach(gap, height - b, height + b, b)
        if reach >= NEAR:
            start, nodes = rule(reach)
            q, bz, ww = far_sums(rho, gap, w[Z, i], a, b, start, nodes)
            w[Q, i], w[BZ, i], w[W, i] = q, bz, ww
            w[NZ, i] = 4.0 * math.pi - bz if gap < 0.0 and height < b else -bz
            continue
        places[3, near] = i
        near += 1
        for end in range(2):
            kc = ratio(rho, gap, height + b if end else abs(height - b), a)
            if kc < SMOOTH:
                places[0, closed] = 2 * i + end
                closed += 1
            elif kc < SMOOTHER:
                places[1, full] = 2 * i + end
                full += 1
            else:
                places[2, half] = 2 * i + end
                half += 1
    _gather(w, places[0], closed, b)
    _closed(w, places[0], closed, a)
    _gather(w, places[1], full, b)
    _smooth(w, places[1], full, a, RULE_16, 16)
    _gather(w, places[2], half, b)
    _smooth(w, places[2], half, a, RULE_8, 8)
    for k in range(near):
        i = places[3, k]
        low, high = 2 * i, 2 * i + 1
        both = w[_CLOSED, low] + w[_CLOSED, high] == 2.0
        beside = abs(w[Z, i]) < b
        w[BZ, i], w[W, i], w[NZ, i] = combine(
            beside, both, w[_G, low], w[_OMEGA, low], w[_WIDE, low], w[_BAR, low],
            w[_G, high], w[_OMEGA, high], w[_WIDE, high], w[_BAR, high],
        )  # fmt: skip
        q = w[_P, low] - w[_P, high]
        w[Q, i] = -q if w[Z, i] < 0.0 else q
