r"""The field of spherical harmonic coefficients, to any degree: planets, and the multipoles of any source.

The potential of internal sources with Schmidt semi-normalised coefficients is

    V = a sum_n (a/r)^(n+1) sum_m (g_nm cos m phi + h_nm sin m phi) P_n^m(cos theta),     B = -grad V

[Chapman1940]_ ch. 17. Every Cartesian component of B, of grad B and of A is a harmonic function too, so it is such
a sum itself, one or two degrees higher; `gauss_params` works out their coefficients once. With
I_n^m = (n - m)! P_n^m e^(i m phi)/r^(n+1), free of the Condon-Shortley phase,

    d/dz I_n^m = -I_(n+1)^m,  (d/dx + i d/dy) I_n^m = -I_(n+1)^(m+1),  (d/dx - i d/dy) I_n^m = I_(n+1)^(m-1)

and A = -sum_n (1/n) r x grad V_n is the vector potential in the Coulomb gauge [Gray1978]_, where r x grad takes
I_n^m to i m I_n^m along z, and with x +- i y to I_n^(m+1), I_n^(m-1).

At a point there is then one kind of sum to do, in Cartesian coordinates and without a pole: with u = a/r,
zeta = a z/r^2 and c_m + i s_m = N_m ((x + i y) a/r^2)^m,

    sum_m [c_m sum_n g_nm W_n^m + s_m sum_n h_nm W_n^m],
    sqrt(n^2 - m^2) W_n^m = (2 n - 1) zeta W_(n-1)^m - sqrt((n - 1)^2 - m^2) u^2 W_(n-2)^m

The recurrence is stable upwards and does not overflow below degree 700 [HolmesFeatherstone2002]_.
"""

import math

import numpy as np

from magneton._jit import field_function, fma, inline_kernel, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.gauss_table import DEGREES, gauss_params

__all__ = ["LANES", "gauss_field", "gauss_params"]

_MU0 = float(mu_0)
_A, _B, _GRAD, _POTENTIAL, _H = (
    quantities.A,
    quantities.B,
    quantities.GRAD,
    quantities.POTENTIAL,
    quantities.H,
)
#: Points taken at once, so that the sums vectorise over points.
LANES = 128

# Rows of the workspace, LANES floats each: zeta, u^2, u, x and y times a/r^2, c_m, s_m, and the last two W.
_ZETA, _U2, _U, _X, _Y, _C, _S, _W0, _W1, _W, _SUMS = (LANES * i for i in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13))


@inline_kernel
def _begin(w, points, start, count, radius):
    """Fill the rows that depend on the points only; c_0 = 1, s_0 = 0."""
    for i in range(count):
        x, y, z = points[start + i, 0] / radius, points[start + i, 1] / radius, points[start + i, 2] / radius
        r2 = fma(x, x, fma(y, y, z * z))
        inverse = 1.0 / r2 if r2 > 0.0 else math.nan
        w[_ZETA + i] = z * inverse
        w[_U2 + i] = inverse
        w[_U + i] = math.sqrt(inverse)
        w[_X + i] = x * inverse
        w[_Y + i] = y * inverse
        w[_C + i] = 1.0
        w[_S + i] = 0.0


@inline_kernel
def _next_order(w, count, m):
    """Step c, s from order m - 1 to m."""
    factor = math.sqrt((2.0 * m - 1.0) / (2.0 * m)) if m > 1 else 1.0
    for i in range(count):
        c, s = factor * w[_C + i], factor * w[_S + i]
        w[_C + i] = w[_X + i] * c - w[_Y + i] * s
        w[_S + i] = w[_X + i] * s + w[_Y + i] * c


@inline_kernel
def _next_degrees(w, count, table, at, first):
    """Set the next four W of this order, or the first four."""
    if first:
        for i in range(count):
            w[_W0 + i] = 0.0
            w[_W + i] = w[_U + i]
    else:
        a, b = table[at], table[at + 1]
        for i in range(count):
            w[_W + i] = fma(a * w[_ZETA + i], w[_W1 + i], -b * w[_U2 + i] * w[_W0 + i])
            w[_W0 + i] = w[_W1 + i]
    a1, b1, a2, b2, a3, b3 = (
        table[at + 2], table[at + 3], table[at + 4], table[at + 5], table[at + 6], table[at + 7],
    )  # fmt: skip
    for i in range(count):
        zeta, u2 = w[_ZETA + i], w[_U2 + i]
        w0 = w[_W + i]
        w1 = fma(a1 * zeta, w0, -b1 * u2 * w[_W0 + i])
        w2 = fma(a2 * zeta, w1, -b2 * u2 * w0)
        w3 = fma(a3 * zeta, w2, -b3 * u2 * w1)
        w[_W + LANES + i] = w1
        w[_W + 2 * LANES + i] = w2
        w[_W + 3 * LANES + i] = w3
        w[_W0 + i] = w2
        w[_W1 + i] = w3


@inline_kernel
def _add(w, count, table, at, apart, row, first):
    """Add four terms to the two sums of one component, with g and with h; the first four set them.

    `apart` is how far the two are from each other: in the table by DEGREES, in the workspace by LANES.
    """
    a, b, c, d = table[at], table[at + 1], table[at + 2], table[at + 3]
    at += DEGREES * apart
    e, f, p, q = table[at], table[at + 1], table[at + 2], table[at + 3]
    # Slices: an index that might be negative would not vectorise.
    g, h = w[row : row + count], w[row + LANES * apart : row + LANES * apart + count]
    for i in range(count):
        w0, w1, w2, w3 = w[_W + i], w[_W + LANES + i], w[_W + 2 * LANES + i], w[_W + 3 * LANES + i]
        begin_g, begin_h = (0.0, 0.0) if first else (g[i], h[i])
        g[i] = fma(c, w2, fma(d, w3, fma(a, w0, fma(b, w1, begin_g))))
        h[i] = fma(p, w2, fma(q, w3, fma(e, w0, fma(f, w1, begin_h))))


@inline_kernel
def _close(w, count, row_g, row_h, row, first):
    """Add one order's sums, times c and s, to the total of a component; order 0 sets it."""
    g, h, total = w[row_g : row_g + count], w[row_h : row_h + count], w[row : row + count]
    for i in range(count):
        total[i] = g[i] if first else fma(w[_C + i], g[i], fma(w[_S + i], h[i], total[i]))


@kernel
def _block(w, table, degree, order, width, out, start, count, scale):
    """Set `width` sums at `count` points: `out[start + i, :width]`."""
    totals = _SUMS + 2 * width * LANES
    at = 0
    for m in range(order + 1):
        if m:
            _next_order(w, count, m)
        for group in range((degree - m) // DEGREES + 1):
            _next_degrees(w, count, table, at, group == 0)
            at += 2 * DEGREES
            for k in range(width):
                _add(w, count, table, at + DEGREES * k, width, _SUMS + LANES * k, group == 0)
            at += 2 * width * DEGREES
        for k in range(width):
            row = _SUMS + LANES * k
            _close(w, count, row, row + LANES * width, totals + LANES * k, m == 0)
    for k in range(width):
        for i in range(count):
            out[start + i, k] = scale * w[totals + LANES * k + i]


@kernel
def _all_nine(out, start, count):
    """Spread (xx, xy, xz, yy, yz) to nine floats, symmetric and traceless."""
    for i in range(start, start + count):
        xx, xy, xz, yy, yz = out[i, 0], out[i, 1], out[i, 2], out[i, 3], out[i, 4]
        out[i, 3], out[i, 4], out[i, 5] = xy, yy, yz
        out[i, 6], out[i, 7], out[i, 8] = xz, yz, -xx - yy


@field_function
def gauss_field(what, params, points, out):
    """Set `out` to the quantity `what`; `params` as from `gauss_params`. At the centre all is nan."""
    entry = 1 + 3 * (_B if what == _H else what)
    table = params[int(params[entry]) :]
    degree, order = int(params[entry + 1]), int(params[entry + 2])
    width = 5 if what == _GRAD else 1 if what == _POTENTIAL else 3
    scale = 1.0 / _MU0 if what == _H else 1.0
    w = np.empty(_SUMS + 3 * width * LANES)
    for start in range(0, len(points), LANES):
        count = min(LANES, len(points) - start)
        _begin(w, points, start, count, params[0])
        _block(w, table, degree, order, width, out, start, count, scale)
        if what == _GRAD:
            _all_nine(out, start, count)
