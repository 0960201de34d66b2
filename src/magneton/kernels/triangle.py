r"""The two integrals that every flat face is made of: the solid angle of a triangle and the logarithm of an edge.

With a, b, c the vectors from the corners to the point, R_a, R_b, R_c their lengths, the triangle is seen under
the solid angle

    tan(Omega/2) = a.(b x c)/(R_a R_b R_c + R_a b.c + R_b c.a + R_c a.b)

[VanOosteromStrackee1983]_, positive on the side of the normal. An edge of length l gives

    L = integral of dl'/R = ln((R_a + R_b + l)/(R_a + R_b - l)).

Each comes twice. The plain form has no branch and no call, so that loops over points vectorise; it also says
whether the point is too close to an edge for it. The careful form forms the cross product of the two vectors to an
edge from differences kept in double-double, so that the Cartesian floats count as exact, and no term of the result
cancels next to the edge: D = R_a R_b + a.b is |a x b|^2/(R_a R_b - a.b) there. On the triangle it is nan.
"""

import math

from magneton._jit import fma, inline_kernel, kernel
from magneton.numerics.double_double import two_product, two_sum

_SQRT2 = math.sqrt(2.0)
_LN2 = math.log(2.0)
_TAN_1, _TAN_2, _TAN_3 = math.tan(math.pi / 16), math.tan(math.pi / 8), math.tan(3 * math.pi / 16)
_HALF_PI, _QUARTER_PI, _EIGHTH_PI = 0.5 * math.pi, 0.25 * math.pi, 0.125 * math.pi
#: A point of a face has a triple product below this many R_a R_b R_c, which is rounding in double-double.
_ON_THE_FACE = 1e-30


@inline_kernel
def log_ratio(p, q):
    """Return ln(p/q) for 0 < q <= p < 65536 q: powers of two first, then the series of atanh."""
    power = 0.0
    wide = p > 256.0 * q
    power, q = (8.0 if wide else 0.0), (256.0 * q if wide else q)
    wide = p > 16.0 * q
    power, q = (power + 4.0 if wide else power), (16.0 * q if wide else q)
    wide = p > 4.0 * q
    power, q = (power + 2.0 if wide else power), (4.0 * q if wide else q)
    wide = p > 2.0 * q
    power, q = (power + 1.0 if wide else power), (2.0 * q if wide else q)
    wide = p > _SQRT2 * q
    power, q = (power + 1.0 if wide else power), (2.0 * q if wide else q)
    z = (p - q) / (p + q)
    s = z * z
    series = fma(s, fma(s, fma(s, 1.0 / 21.0, 1.0 / 19.0), 1.0 / 17.0), 1.0 / 15.0)
    series = fma(s, fma(s, fma(s, series, 1.0 / 13.0), 1.0 / 11.0), 1.0 / 9.0)
    series = fma(s, fma(s, fma(s, fma(s, series, 1.0 / 7.0), 1.0 / 5.0), 1.0 / 3.0), 1.0)
    return fma(power, _LN2, 2.0 * z * series)


@inline_kernel
def angle(y, x):
    """Return atan2(y, x): reduced to a sixteenth of a half turn, then the series of atan."""
    ay, ax = abs(y), abs(x)
    steep = ay > ax
    low, high = (ax if steep else ay), (ay if steep else ax)
    far = low > _TAN_1 * high
    farther = low > _TAN_3 * high
    t = 1.0 if farther else (_TAN_2 if far else 0.0)
    base = _QUARTER_PI if farther else (_EIGHTH_PI if far else 0.0)
    z = (low - t * high) / (high + t * low)
    s = z * z
    series = fma(s, fma(s, fma(s, -1.0 / 23.0, 1.0 / 21.0), -1.0 / 19.0), 1.0 / 17.0)
    series = fma(s, fma(s, fma(s, fma(s, series, -1.0 / 15.0), 1.0 / 13.0), -1.0 / 11.0), 1.0 / 9.0)
    series = fma(s, fma(s, fma(s, fma(s, series, -1.0 / 7.0), 1.0 / 5.0), -1.0 / 3.0), 1.0)
    theta = fma(z, series, base)
    theta = _HALF_PI - theta if steep else theta
    theta = math.pi - theta if x < 0.0 else theta
    return math.copysign(theta, y)


# --- the careful forms ---


@inline_kernel
def difference(x, y, z, vx, vy, vz):
    """Return r - v, each component as a double-double."""
    ax, ex = two_sum(x, -vx)
    ay, ey = two_sum(y, -vy)
    az, ez = two_sum(z, -vz)
    return ax, ay, az, ex, ey, ez


@inline_kernel
def _times(ah, al, bh, bl):
    p, e = two_product(ah, bh)
    return two_sum(p, e + (ah * bl + al * bh))


@inline_kernel
def _plus(ah, al, bh, bl):
    s, e = two_sum(ah, bh)
    t, f = two_sum(al, bl)
    s, e = two_sum(s, e + t)
    return two_sum(s, e + f)


@inline_kernel
def _minor(ah, al, bh, bl, ch, cl, dh, dl):
    """Return a b - c d in double-double."""
    p, ep = _times(ah, al, bh, bl)
    q, eq = _times(ch, cl, dh, dl)
    return _plus(p, ep, -q, -eq)


@kernel
def _cross(a, b):
    """Return a x b of two double-double vectors, three high parts and three low."""
    x, ex = _minor(a[1], a[4], b[2], b[5], a[2], a[5], b[1], b[4])
    y, ey = _minor(a[2], a[5], b[0], b[3], a[0], a[3], b[2], b[5])
    z, ez = _minor(a[0], a[3], b[1], b[4], a[1], a[4], b[0], b[3])
    return x, y, z, ex, ey, ez


@kernel
def _dot(a, b):
    """Return a.b of two double-double vectors, rounded once."""
    x, ex = _times(a[0], a[3], b[0], b[3])
    y, ey = _times(a[1], a[4], b[1], b[4])
    z, ez = _times(a[2], a[5], b[2], b[5])
    s, es = _plus(x, ex, y, ey)
    s, es = _plus(s, es, z, ez)
    return s + es


@inline_kernel
def _short_dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@kernel
def edge_frame(a, b):
    """Return R_a, R_b, l, D, rho (3), t (3) of an edge, given the double-double vectors from its ends to the point.

    rho is the vector to the point from its foot on the edge's line, t the unit vector from the first end to the
    second. D is nan on the edge.
    """
    cross = _cross(a, b)
    lx, ly, lz = (a[0] - b[0]) + (a[3] - b[3]), (a[1] - b[1]) + (a[4] - b[4]), (a[2] - b[2]) + (a[5] - b[5])
    ra, rb = math.sqrt(_short_dot(a, a)), math.sqrt(_short_dot(b, b))
    l2 = lx * lx + ly * ly + lz * lz
    length = math.sqrt(l2)
    dot = _short_dot(a, b)
    if dot < 0.0:
        c2 = _short_dot(cross, cross)
        d = c2 / (ra * rb - dot) if c2 > (_ON_THE_FACE * ra * rb) ** 2 else math.nan
    else:
        d = ra * rb + dot if ra > 0.0 and rb > 0.0 else math.nan
    rho = (
        (cross[1] * lz - cross[2] * ly) / l2,
        (cross[2] * lx - cross[0] * lz) / l2,
        (cross[0] * ly - cross[1] * lx) / l2,
    )
    return ra, rb, length, d, rho, (lx / length, ly / length, lz / length)


@kernel
def careful_log(frame):
    """Return L of an edge, given its `edge_frame`."""
    ra, rb, length, d, _, _ = frame
    return math.log1p(length * (ra + rb + length) / d)


@kernel
def careful_angle(a, b, c):
    """Return Omega/2, given the double-double vectors from the corners to the point; nan on the triangle."""
    ra, rb, rc = math.sqrt(_short_dot(a, a)), math.sqrt(_short_dot(b, b)), math.sqrt(_short_dot(c, c))
    # The edge that is seen under the widest angle comes first: a point can be next to that one only.
    ab, bc, ca = _short_dot(a, b) * rc, _short_dot(b, c) * ra, _short_dot(c, a) * rb
    if bc < ab and bc <= ca:
        a, b, c, ra, rb, rc = b, c, a, rb, rc, ra
    elif ca < ab:
        a, b, c, ra, rb, rc = c, a, b, rc, ra, rb
    triple = _dot(_cross(a, b), c)
    _, _, length, d, rho, t = edge_frame(a, b)
    if _short_dot(a, b) < 0.0:
        # c.(R_a b + R_b a), split along and across the edge, where the two terms cancel
        sa, sb = _short_dot(a, t), _short_dot(b, t)
        along = _short_dot(rho, rho) * length * (sa + sb) / (sa * rb - sb * ra)
        bottom = rc * d + _short_dot(c, rho) * (ra + rb) + _short_dot(c, t) * along
    else:
        bottom = rc * d + (ra * _short_dot(b, c) + rb * _short_dot(c, a))
    if abs(triple) <= _ON_THE_FACE * ra * rb * rc and not bottom > 0.0:
        return math.nan
    return math.atan2(triple, bottom)
