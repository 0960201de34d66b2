r"""The finite straight filament: B, A and grad B by Biot and Savart, from the end points.

With r1, r2 the vectors from the ends p1, p2 to the point, L = |p2 - p1| and D = |r1||r2| + r1.r2,

    B = r1 x r2 (|r1| + |r2|)/(|r1||r2| D),      A = t ln(1 + L (|r1| + |r2| + L)/D),

in units of mu_0 I/(4 pi), t the unit vector of the current: [HansonHirshman2002]_,
in a form without cancellation. Beside the wire D comes from |r1 x r2|^2/(|r1||r2| - r1.r2),
and the cross product from differences kept in double-double, so that the Cartesian floats count as exact.
On the wire the result is nan; in line with it, beyond the ends, B is zero.
"""

import math

from magneton._jit import kernel
from magneton.numerics.double_double import product_difference, two_sum


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
