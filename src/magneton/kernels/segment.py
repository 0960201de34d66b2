r"""The finite straight filament: B, A and grad B by Biot and Savart, from the end points.

With r1, r2 the vectors from the ends p1, p2 to the point, L = |p2 - p1| and D = |r1||r2| + r1.r2,

    B = r1 x r2 (|r1| + |r2|)/(|r1||r2| D),      A = t ln(1 + L (|r1| + |r2| + L)/D),

in units of mu_0 I/(4 pi), t the unit vector of the current: [HansonHirshman2002]_,
in a form without cancellation. Beside the wire D comes from |r1 x r2|^2/(|r1||r2| - r1.r2),
and the cross product from differences kept in double-double, so that the Cartesian floats count as exact.
On the wire the result is nan; in line with it, beyond the ends, B is zero.

Far from a long and thin closed polyline its sides cancel: `sides_exact` sums them in double-double.
"""

import math

import numpy as np

from magneton._jit import kernel
from magneton.kernels import quantities
from magneton.numerics.double_double import product_difference, two_product, two_sum

A, B = quantities.A, quantities.B
#: Where the sides' sizes add up to more than this times the size of their sum, `sides_exact` takes their place.
CANCELS = 64.0


@kernel
def _ends(x, y, z, p):
    """Return r1, r2 rounded, r1 x r2 exact to rounding, and D."""
    ax, eax = two_sum(x, -p[0])
    ay, eay = two_sum(y, -p[1])
    az, eaz = two_sum(z, -p[2])
    bx, ebx = two_sum(x, -p[3])
    by, eby = two_sum(y, -p[4])
    bz, ebz = two_sum(z, -p[5])
    cx = product_difference(ay, eay, bz, ebz, az, eaz, by, eby)
    cy = product_difference(az, eaz, bx, ebx, ax, eax, bz, ebz)
    cz = product_difference(ax, eax, by, eby, ay, eay, bx, ebx)
    r1 = math.sqrt(ax * ax + ay * ay + az * az)
    r2 = math.sqrt(bx * bx + by * by + bz * bz)
    dot = ax * bx + ay * by + az * bz
    beside = dot < 0.0
    d = (cx * cx + cy * cy + cz * cz) / (r1 * r2 - dot) if beside else r1 * r2 + dot
    return (ax, ay, az), (bx, by, bz), (cx, cy, cz), r1, r2, d, beside


@kernel
def segment_B(x, y, z, p):
    """Return (Bx, By, Bz); `p` holds p1 and p2, six floats."""
    _, _, c, r1, r2, d, _ = _ends(x, y, z, p)
    f = (r1 + r2) / (r1 * r2 * d)
    return f * c[0], f * c[1], f * c[2]


@kernel
def segment_A(x, y, z, p):
    """Return (Ax, Ay, Az); `p` holds p1 and p2, six floats."""
    _, _, _, r1, r2, d, _ = _ends(x, y, z, p)
    tx, ty, tz = p[3] - p[0], p[4] - p[1], p[5] - p[2]
    length = math.sqrt(tx * tx + ty * ty + tz * tz)
    # d is zero on the wire, where A diverges: nan, as B.
    f = math.log1p(length * (r1 + r2 + length) / d) / length if d > 0.0 else math.nan
    return f * tx, f * ty, f * tz


@kernel
def _log_gradient(a, b, c, t, r1, r2, d, beside):
    """Return the gradient of ln f, f = (r1 + r2)/(r1 r2 D), as a tuple."""
    s = r1 + r2
    if beside:
        c2 = c[0] * c[0] + c[1] * c[1] + c[2] * c[2]
        w = (r2 - r1) * d / c2
        k = 2.0 / c2
        v = (c[1] * t[2] - c[2] * t[1], c[2] * t[0] - c[0] * t[2], c[0] * t[1] - c[1] * t[0])
        wa = (1.0 / s - 1.0 / r1 + w) / r1
        wb = (1.0 / s - 1.0 / r2 - w) / r2
        return (
            wa * a[0] + wb * b[0] - k * v[0],
            wa * a[1] + wb * b[1] - k * v[1],
            wa * a[2] + wb * b[2] - k * v[2],
        )
    w = 1.0 / s - s / d
    wa = (w - 1.0 / r1) / r1
    wb = (w - 1.0 / r2) / r2
    return wa * a[0] + wb * b[0], wa * a[1] + wb * b[1], wa * a[2] + wb * b[2]


@kernel
def segment_grad(x, y, z, p):
    """Return dB_i/dx_j, nine floats row by row; `p` holds p1 and p2.

    dB_i/dx_j = f (t x e_j)_i + (r1 x r2)_i df/dx_j with t = p2 - p1. An open segment's B has a curl, so the
    matrix is not symmetric.
    """
    a, b, c, r1, r2, d, beside = _ends(x, y, z, p)
    t = (p[3] - p[0], p[4] - p[1], p[5] - p[2])
    f = (r1 + r2) / (r1 * r2 * d)
    g = _log_gradient(a, b, c, t, r1, r2, d, beside)
    return (
        f * (c[0] * g[0]),
        f * (c[0] * g[1] - t[2]),
        f * (c[0] * g[2] + t[1]),
        f * (c[1] * g[0] + t[2]),
        f * (c[1] * g[1]),
        f * (c[1] * g[2] - t[0]),
        f * (c[2] * g[0] - t[1]),
        f * (c[2] * g[1] + t[0]),
        f * (c[2] * g[2]),
    )


# --- where the sides of a polyline cancel: the same sums in double-double ----------------------------------
#
# A float here is a pair (high, low). Divisions and roots are right to about 1e-31, so that a sum over sides may
# cancel by fifteen digits, as on the far side of a long and thin loop, and keep all of a float's.


@kernel
def _add(a, b):
    s, e = two_sum(a[0], b[0])
    return two_sum(s, e + (a[1] + b[1]))


@kernel
def _minus(a):
    return -a[0], -a[1]


@kernel
def _times(a, b):
    p, e = two_product(a[0], b[0])
    return two_sum(p, e + (a[0] * b[1] + a[1] * b[0]))


@kernel
def _over(a, b):
    q = a[0] / b[0]
    p, e = two_product(q, b[0])
    return two_sum(q, ((((a[0] - p) - e) + a[1]) - q * b[1]) / b[0])


@kernel
def _root(a):
    s = math.sqrt(a[0])
    p, e = two_product(s, s)
    return two_sum(s, (((a[0] - p) - e) + a[1]) / (2.0 * s))


@kernel
def _dot(a, b):
    return _add(_add(_times(a[0], b[0]), _times(a[1], b[1])), _times(a[2], b[2]))


@kernel
def _cross(a, b):
    return (
        _add(_times(a[1], b[2]), _minus(_times(a[2], b[1]))),
        _add(_times(a[2], b[0]), _minus(_times(a[0], b[2]))),
        _add(_times(a[0], b[1]), _minus(_times(a[1], b[0]))),
    )


@kernel
def _log1p(v):
    """Return ln(1 + v), v > 0: 2 artanh of v/(2 + v), after roots have brought 1 + v near to 1."""
    fold = 1.0
    while v[0] > 0.2:
        # sqrt(1 + v) - 1 = v/(1 + sqrt(1 + v)) does not cancel.
        v = _over(v, _add((1.0, 0.0), _root(_add((1.0, 0.0), v))))
        fold *= 2.0
    e = _over(v, _add((2.0, 0.0), v))
    square = _times(e, e)
    total = (0.0, 0.0)
    for k in range(31, 0, -2):  # e < 1/11: the next term is below 1e-33
        total = _add(_times(total, square), _over((1.0, 0.0), (float(k), 0.0)))
    return _times((2.0 * fold, 0.0), _times(e, total))


@kernel
def _add_side(total, what, a, b, t):
    """Add A, B or the gradient of one side to `total`, shape (9, 2)."""
    r1, r2 = _root(_dot(a, a)), _root(_dot(b, b))
    s, product, dot = _add(r1, r2), _times(r1, r2), _dot(a, b)
    c = _cross(t, a)
    d = _add(product, dot)
    if dot[0] < 0.0:
        d = _over(_dot(c, c), _add(product, _minus(dot)))
    if what == A:
        length = _root(_dot(t, t))
        v = _over(_times(length, _add(s, length)), d)
        # d is zero on the wire, and v then infinite.
        f = _over(_log1p(v), length) if v[0] < math.inf else (math.nan, math.nan)
        for i in range(3):
            total[i, 0], total[i, 1] = _add((total[i, 0], total[i, 1]), _times(f, t[i]))
        return
    f = _over(s, _times(product, d))
    if what == B:
        for i in range(3):
            total[i, 0], total[i, 1] = _add((total[i, 0], total[i, 1]), _times(f, c[i]))
        return
    one, zero = (1.0, 0.0), (0.0, 0.0)
    w = _add(_over(one, s), _minus(_over(s, d)))
    wa = _over(_add(w, _minus(_over(one, r1))), r1)
    wb = _over(_add(w, _minus(_over(one, r2))), r2)
    turn = ((zero, _minus(t[2]), t[1]), (t[2], zero, _minus(t[0])), (_minus(t[1]), t[0], zero))
    for j in range(3):
        g = _add(_times(wa, a[j]), _times(wb, b[j]))
        for i in range(3):
            k = 3 * i + j
            term = _times(f, _add(_times(c[i], g), turn[i][j]))
            total[k, 0], total[k, 1] = _add((total[k, 0], total[k, 1]), term)


@kernel
def sides_exact(vertices, x, y, z, what):
    """Return A (3), B (3) or dB_i/dx_j (9) of the sides between `vertices` (flat), as an array of nine."""
    total = np.zeros((9, 2))
    for i in range(0, len(vertices) - 3, 3):
        p = vertices[i : i + 6]
        _add_side(
            total,
            what,
            (two_sum(x, -p[0]), two_sum(y, -p[1]), two_sum(z, -p[2])),
            (two_sum(x, -p[3]), two_sum(y, -p[4]), two_sum(z, -p[5])),
            (two_sum(p[3], -p[0]), two_sum(p[4], -p[1]), two_sum(p[5], -p[2])),
        )
    return total[:, 0].copy()
