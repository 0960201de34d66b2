r"""Bloch's equations for many isochromats under piecewise constant fields: each step exact, in loops that vectorise.

With the angular velocity w = -gamma B of the rotating moments and the rates R1 = 1/T1, R2 = 1/T2,

    dM/dt = w x M - R2 (M_x, M_y, 0) - R1 (0, 0, M_z - M_0) = A (M - M_s),

M(t) = M_s + exp(A t) (M - M_s) with the steady state M_s. A = N - R2, N = [w x] + d z z^T, d = R2 - R1. The
characteristic polynomial of N, l^3 - d l^2 + w^2 l - d w_z^2, has a real root l between 0 and d ([Torrey1949]_); the
two others are a +- i nu with a = (d - l)/2 and nu^2 = w^2 - a^2 - 2 a l. By Newton's interpolation

    exp(N t) = e^(a t) [cos nu t + (N - a) sin(nu t)/nu] + G [(N - a)^2 + nu^2],
    G = {e^(l t) - e^(a t) [cos nu t + (l - a) sin(nu t)/nu]}/[(l - a)^2 + nu^2],

which keeps its digits while nu is not small beside d: for w^2 >= 16 d^2, nu^2 > 0.97 w^2. The others, moments that
relax faster than they turn, get the exponential of a 3 x 3 matrix by its series, scaled and squared.

Isochromats are handled `LANES` at a time in rows of one work array, so that the compiler sees that rows do not overlap.
"""

import math

import numpy as np

from magneton._jit import fma, inline_kernel, kernel, summing_kernel

LANES = 32
#: Rows of what a block works on: M and the constants of each isochromat, and the factors of a free step.
_MX, _MY, _MZ, _WZ, _SCALE, _R1, _R2, _M0, _WEIGHT, _C, _S, _E = (LANES * row for row in range(12))
#: Those that come from outside.
ROWS = 9
#: w^2/d^2 from which on the eigenvalues are far enough apart.
_APART = 16.0
_LOG2_E, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 0.6931471805599453, 2.3190468138462996e-17
_TWO_BY_PI, _HALF_PI, _HALF_PI_LOW = 2.0 / math.pi, 0.5 * math.pi, 6.123233995736766e-17
#: 1.5 2^52: added to a number below 2^51, it leaves its nearest integer in the last bits.
_ROUNDER = 6755399441055744.0
_LOWEST = -700.0
_EXP = tuple(1.0 / math.factorial(n) for n in range(13, 1, -1))
_SIN = tuple((-1.0) ** n / math.factorial(2 * n + 1) for n in range(8, 0, -1))
_COS = tuple((-1.0) ** n / math.factorial(2 * n) for n in range(8, 0, -1))
_TERMS = 15


@inline_kernel
def _expm1(x):
    """Return exp(x) - 1 for x <= 0; without a branch."""
    x = max(x, _LOWEST)
    shifted = fma(x, _LOG2_E, _ROUNDER)
    k = shifted - _ROUNDER
    r = fma(-k, _LN2_LOW, fma(-k, _LN2_HIGH, x))
    p = _EXP[0]
    for n in range(1, 12):
        p = fma(p, r, _EXP[n])
    p = fma(r * r, p, r)
    power = np.int64((np.float64(shifted).view(np.int64) + 1023) << 52).view(np.float64)
    return fma(power, p, power - 1.0)


@inline_kernel
def _turn(angle):
    """Return sin(angle) and 1 - cos(angle), the latter without cancellation; without a branch."""
    half = 0.5 * angle
    k = np.floor(fma(half, _TWO_BY_PI, 0.5))
    r = fma(-k, _HALF_PI_LOW, fma(-k, _HALF_PI, half))
    z = r * r
    s, c = _SIN[0], _COS[0]
    for n in range(1, 8):
        s, c = fma(s, z, _SIN[n]), fma(c, z, _COS[n])
    s, c = fma(s * z, r, r), fma(c, z, 1.0)
    odd = k - 2.0 * np.floor(0.5 * k) > 0.5
    # A quarter turn of the half angle changes the sign of sin cos and swaps the squares.
    square = c * c if odd else s * s
    product = s * c
    return (-2.0 if odd else 2.0) * product, 2.0 * square


@inline_kernel
def _real_root(d, w2, wz2):
    """Return the real root of l^3 - d l^2 + w2 l - d wz2, for w2 >= 16 d^2: it converges from this start in 2 steps."""
    inverse = 1.0 / w2
    first = d * wz2 * inverse
    root = first + first * first * (d - first) * inverse
    for _ in range(2):
        value = root * (root * (root - d) + w2) - d * wz2
        root -= value / (root * (3.0 * root - 2.0 * d) + w2)
    return root


@inline_kernel
def _steady(wx, wy, wz, r1, r2, m0):
    """Return the steady state; 0, which then serves as well, if nothing relaxes."""
    lorentz = r2 * r2 + wz * wz
    below = r1 * lorentz + (wx * wx + wy * wy) * r2
    share = m0 * r1 / below if below > 0.0 else 0.0
    return (r2 * wy + wz * wx) * share, (wz * wy - r2 * wx) * share, lorentz * share


@inline_kernel
def _exact(mx, my, mz, wx, wy, wz, w2, t, r1, r2, m0):
    """Return M after a time t for w^2 >= 16 d^2."""
    d = r2 - r1
    root = _real_root(d, w2, wz * wz)
    a = 0.5 * (d - root)
    nu2 = w2 - a * (a + 2.0 * root)
    nu = math.sqrt(nu2)
    sine, lack = _turn(nu * t)
    sine /= nu
    m1, m2 = _expm1((root - r2) * t), _expm1((a - r2) * t)
    decay = 1.0 + m2
    apart = root - a
    g = ((m1 - m2) + decay * (lack - sine * apart)) / (apart * apart + nu2)
    # exp(A t) = 1 + (alpha - 1) + beta N + g N^2
    alpha1 = m2 - decay * (lack + a * sine) + g * (a * a + nu2)
    beta = decay * sine - 2.0 * a * g
    sx, sy, sz = _steady(wx, wy, wz, r1, r2, m0)
    x, y, z = mx - sx, my - sy, mz - sz
    ux, uy, uz = wy * z - wz * y, wz * x - wx * z, wx * y - wy * x + d * z
    vx, vy, vz = wy * uz - wz * uy, wz * ux - wx * uz, wx * uy - wy * ux + d * uz
    return (
        mx + (alpha1 * x + beta * ux + g * vx),
        my + (alpha1 * y + beta * uy + g * vy),
        mz + (alpha1 * z + beta * uz + g * vz),
    )


@kernel
def _combine(matrices, a, b, share, c, d, out):
    """Set the matrix `out` to share a b + c d; these are numbers of 4 x 4 matrices, `out` none of a and b."""
    for i in range(4):
        for j in range(4):
            total = 0.0
            for k in range(4):
                total += matrices[a, i, k] * matrices[b, k, j]
            matrices[out, i, j] = share * total + c * matrices[d, i, j]


@kernel
def _generate(matrices, wx, wy, wz, h, r1, r2, m0):
    """Set matrix 0 to h times that of the equation in four dimensions, the fourth coordinate being the number 1."""
    for i in range(4):
        for j in range(4):
            matrices[0, i, j] = 0.0
    matrices[0, 0, 0] = matrices[0, 1, 1] = -r2 * h
    matrices[0, 2, 2], matrices[0, 2, 3] = -r1 * h, r1 * m0 * h
    matrices[0, 0, 1], matrices[0, 1, 0] = -wz * h, wz * h
    matrices[0, 0, 2], matrices[0, 2, 0] = wy * h, -wy * h
    matrices[0, 1, 2], matrices[0, 2, 1] = -wx * h, wx * h


@kernel
def _by_series(matrices, wx, wy, wz, t, r1, r2, m0):
    """Return which of `matrices` has the affine map of a time t, less 1: its Taylor series, scaled and squared."""
    size = (abs(wx) + abs(wy) + abs(wz) + max(r1, r2)) * t
    halvings, h = 0, t
    while size > 0.5:
        halvings, h, size = halvings + 1, 0.5 * h, 0.5 * size
    _generate(matrices, wx, wy, wz, h, r1, r2, m0)
    # e = exp - 1, by Horner's rule, and squared as e (2 + e), so that small changes keep their digits.
    e, other = 1, 2
    _combine(matrices, 0, 0, 0.0, 1.0, 0, e)
    for n in range(_TERMS, 1, -1):
        _combine(matrices, 0, e, 1.0 / n, 1.0, 0, other)
        e, other = other, e
    for _ in range(halvings):
        _combine(matrices, e, e, 1.0, 2.0, e, other)
        e, other = other, e
    return e


@kernel
def _slow(work, matrices, wx, wy, wz, t):
    """Advance those of a block for which `_exact` would lose digits."""
    for i in range(LANES):
        x, y, z = wx * work[_SCALE + i], wy * work[_SCALE + i], wz + work[_WZ + i]
        r1, r2 = work[_R1 + i], work[_R2 + i]
        w2 = x * x + y * y + z * z
        if not (w2 >= _APART * (r2 - r1) * (r2 - r1) and w2 > 0.0):
            e = _by_series(matrices, x, y, z, t, r1, r2, work[_M0 + i])
            mx, my, mz = work[_MX + i], work[_MY + i], work[_MZ + i]
            for row in range(3):
                change = matrices[e, row, 0] * mx + matrices[e, row, 1] * my + matrices[e, row, 2] * mz
                work[row * LANES + i] += change + matrices[e, row, 3]


@kernel
def _step(work, wx, wy, wz, t):
    """Advance a block by one step; return how many it has left to `_slow`."""
    slow = 0
    for i in range(LANES):
        scale = work[_SCALE + i]
        x, y, z = wx * scale, wy * scale, wz + work[_WZ + i]
        r1, r2 = work[_R1 + i], work[_R2 + i]
        d = r2 - r1
        w2 = x * x + y * y + z * z
        apart = w2 >= _APART * d * d and w2 > 0.0
        mx, my, mz = work[_MX + i], work[_MY + i], work[_MZ + i]
        ax, ay, az = _exact(mx, my, mz, x, y, z, w2, t, r1, r2, work[_M0 + i])
        work[_MX + i] = ax if apart else mx
        work[_MY + i] = ay if apart else my
        work[_MZ + i] = az if apart else mz
        slow += 0 if apart else 1
    return slow


@kernel
def _prepare_free(work, wz, t):
    """Set the last rows to the factors of a free step: e2 cos, e2 sin, e1 - 1 of each isochromat."""
    for i in range(LANES):
        sine, lack = _turn((wz + work[_WZ + i]) * t)
        decay = 1.0 + _expm1(-work[_R2 + i] * t)
        work[_C + i], work[_S + i] = decay - decay * lack, decay * sine
        work[_E + i] = _expm1(-work[_R1 + i] * t)


@kernel
def _free_step(work):
    """Advance a block by a step without a transverse field."""
    for i in range(LANES):
        c, s = work[_C + i], work[_S + i]
        x, y, z = work[_MX + i], work[_MY + i], work[_MZ + i]
        work[_MX + i] = c * x - s * y
        work[_MY + i] = s * x + c * y
        work[_MZ + i] = z + work[_E + i] * (z - work[_M0 + i])


@summing_kernel
def _add_sums(work, sums, k):
    """Add the block's weighted magnetization to a row of `sums`."""
    x = y = z = 0.0
    for i in range(LANES):
        weight = work[_WEIGHT + i]
        x += weight * work[_MX + i]
        y += weight * work[_MY + i]
        z += weight * work[_MZ + i]
    sums[k, 0] += x
    sums[k, 1] += y
    sums[k, 2] += z


@kernel
def _load(rows, start, stop, work):
    """Copy isochromats into a block; those that fill it up turn at unit rate and weigh nothing."""
    for row in range(ROWS):
        for i in range(stop - start):
            work[row * LANES + i] = rows[row, start + i]
        for i in range(stop - start, LANES):
            work[row * LANES + i] = 1.0 if row * LANES == _WZ else 0.0


@kernel
def _keep(work, start, stop, path, k):
    """Write the block's magnetization to `path`, if it is not empty."""
    for row in range(3 if len(path) else 0):
        for i in range(stop - start):
            path[k, row, start + i] = work[row * LANES + i]


@kernel
def _save(work, start, stop, rows):
    """Write the block's magnetization back."""
    for row in range(3):
        for i in range(stop - start):
            rows[row, start + i] = work[row * LANES + i]


def scratch():
    """Return the arrays in which a thread works: a block, and three matrices."""
    return np.empty((ROWS + 3) * LANES), np.empty((3, 4, 4))


@kernel
def advance(rows, start, stop, w, t, every, sums, path, work, matrices):
    """Advance isochromats start ... stop through all steps.

    `rows`, shape (9, n): M, the offset in rad/s, the scale of w_x and w_y, R1, R2, M_0 and the weight. `w`, shape
    (steps, 3) in rad/s, is for all; a step takes `t`. Before every `every`-th step, if it is not 0, the weighted sum is
    added to `sums`, shape (kept, 3), and M is written to `path`, shape (kept, 3, n), if it is not empty. The last two
    arrays are `scratch`.
    """
    for first in range(start, stop, LANES):
        last = min(first + LANES, stop)
        _load(rows, first, last, work)
        prepared = math.nan
        for k in range(len(w)):
            if every and k % every == 0:
                _add_sums(work, sums, k // every)
                _keep(work, first, last, path, k // every)
            wx, wy, wz = w[k, 0], w[k, 1], w[k, 2]
            if wx == 0.0 and wy == 0.0:
                if wz != prepared:
                    _prepare_free(work, wz, t)
                    prepared = wz
                _free_step(work)
            elif _step(work, wx, wy, wz, t):
                _slow(work, matrices, wx, wy, wz, t)
        _save(work, first, last, rows)
