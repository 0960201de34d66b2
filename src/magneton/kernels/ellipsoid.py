r"""The uniformly magnetized ellipsoid: B, H, A, grad B and the scalar potential, inside and out.

With semi-axes a_i, the confocal coordinate lambda is the largest root of sum x_i^2/(a_i^2 + lambda) = 1 outside,
and 0 inside. With w_i = a_i^2 + lambda, and v the ratio of the volumes of the body and of the confocal ellipsoid
through the point, the factors

    N_i = a_1 a_2 a_3/3 R_D(w_j, w_k, w_i),     N_1 + N_2 + N_3 = v = a_1 a_2 a_3/sqrt(w_1 w_2 w_3)

are the demagnetizing factors inside, and give everywhere ([Kellogg1929]_ sec. VII.6; [Osborn1945]_)

    psi = sum M_i N_i x_i,     A = mu_0 M x (N_i x_i),     H = -N M + v n (n.M) outside,

n the normal of the confocal ellipsoid, along x_i/w_i. Where n is close to an axis, v n_i^2 - N_i is taken as
(N_j + N_k) - v (n_j^2 + n_k^2), so that discs lose no digit. The gradient of H is

    v/|xi| [T M n^T + n (T M)^T + (n.M) (T - tr(T) n n^T)],  xi_i = x_i/w_i,  T = Q diag(1/w) Q,  Q = 1 - n n^T.

Inside or outside, and the last digits of lambda, come from the sum less 1 in double-double, so that the Cartesian
floats count as exact. On the surface all is nan.
"""

import math

import numpy as np

from magneton._jit import field_function, fma, inline_kernel, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.numerics.carlson import carlson_rd_each
from magneton.numerics.double_double import difference_of_products, two_product, two_sum

_MU0 = float(mu_0)
_A, _B, _GRAD, _POTENTIAL = quantities.A, quantities.B, quantities.GRAD, quantities.POTENTIAL
#: The sum less 1 is zero to within this, the rounding of double-double: on the surface.
_ON_THE_SURFACE = 1e-30
#: Closer than this the sum less 1 is taken in double-double.
_CLOSE = 1e-3
#: Plain steps come this close to the root, relatively; a step in double-double squares it.
_PLAIN, _CAREFUL = 1e-5, 1e-8
_MOST_STEPS = 100


@inline_kernel
def _quotient(ph, pl, wh, wl):
    """Return p/w of double-doubles as a double-double."""
    q = ph / wh
    return two_sum(q, (fma(-q, wh, ph) + (pl - q * wl)) / wh)


@inline_kernel
def _excess(q1, e1, q2, e2, q3, e3):
    """Return q1 + q2 + q3 - 1 of double-doubles, rounded once."""
    s, es = two_sum(q1, q2)
    t, et = two_sum(s, q3)
    d, ed = two_sum(t, -1.0)
    return d + ((es + et) + (ed + (e1 + e2 + e3)))


@kernel
def _excess_at(squares, wide, t):
    """Return sum x_i^2/(t + d_i) - 1 in double-double; `squares` and `wide` hold x_i^2 and d_i, high and low."""
    w1, l1 = two_sum(t, wide[0])
    w2, l2 = two_sum(t, wide[2])
    w3, l3 = two_sum(t, wide[4])
    q1, e1 = _quotient(squares[0], squares[1], w1, l1 + wide[1])
    q2, e2 = _quotient(squares[2], squares[3], w2, l2 + wide[3])
    q3, e3 = _quotient(squares[4], squares[5], w3, l3 + wide[5])
    return _excess(q1, e1, q2, e2, q3, e3)


@inline_kernel
def _of_two(x2, d, y2, e):
    """Return the largest root t of x^2/(t + d) + y^2/(t + e) = 1."""
    low = min(d, e)
    gap, last = max(d, e) - low, (y2 if e < d else x2)
    half = 0.5 * (x2 + y2 - gap)
    root = math.sqrt(half * half + last * gap)
    return (half + root if half > 0.0 else last * gap / (root - half)) - low


@kernel
def _confocal(squares, wide, least):
    """Return the root t >= `least` of sum x_i^2/(t + d_i) = 1.

    Newton's method for the inverse of the sum, which is concave: from below it cannot overshoot. It starts from the
    best root of two terms alone. Where t is less than some d_i, the last steps take the sum in double-double.
    """
    x2, y2, z2 = squares[0], squares[2], squares[4]
    d1, d2, d3 = wide[0], wide[2], wide[4]
    widest = max(d1, d2, d3)
    t = max(least, _of_two(x2, d1, y2, d2), _of_two(y2, d2, z2, d3), _of_two(z2, d3, x2, d1))
    careful = False
    for _ in range(_MOST_STEPS):
        u1, u2, u3 = 1.0 / (t + d1), 1.0 / (t + d2), 1.0 / (t + d3)
        q1, q2, q3 = x2 * u1, y2 * u2, z2 * u3
        total = q1 + q2 + q3
        over = _excess_at(squares, wide, t) if careful else total - 1.0
        step = over * total / (q1 * u1 + q2 * u2 + q3 * u3)
        t += step
        if (careful or t >= widest) and abs(step) <= _CAREFUL * t:
            break
        careful = careful or (t < widest and abs(step) <= _PLAIN * t)
    return t


@inline_kernel
def _difference_of_squares(a, b):
    """Return a^2 - b^2 as a double-double."""
    p, ep = two_product(a, a)
    q, eq = two_product(b, b)
    s, es = two_sum(p, -q)
    return two_sum(s, es + (ep - eq))


@kernel
def _excess_over(q1, e1, q2, e2, q3, e3, a2, ea, b2, eb, c2, ec):
    """Return x^2/a^2 + y^2/b^2 + z^2/c^2 - 1 from the double-double squares."""
    f1, g1 = _quotient(q1, e1, a2, ea)
    f2, g2 = _quotient(q2, e2, b2, eb)
    f3, g3 = _quotient(q3, e3, c2, ec)
    return _excess(f1, g1, f2, g2, f3, g3)


@kernel
def confocal_squares(x, y, z, a, b, c):
    """Return w_i = a_i^2 + lambda, three floats, and 1 outside, 0 inside, nan on the surface."""
    q1, e1 = two_product(x, x)
    q2, e2 = two_product(y, y)
    q3, e3 = two_product(z, z)
    a2, ea = two_product(a, a)
    b2, eb = two_product(b, b)
    c2, ec = two_product(c, c)
    over = q1 / a2 + q2 / b2 + q3 / c2 - 1.0
    if abs(over) < _CLOSE:
        over = _excess_over(q1, e1, q2, e2, q3, e3, a2, ea, b2, eb, c2, ec)
    if over < -_ON_THE_SURFACE:
        return a2, b2, c2, 0.0
    if not over > _ON_THE_SURFACE:
        return a2, b2, c2, math.nan
    least = min(a, b, c)
    d1, h1 = _difference_of_squares(a, least)
    d2, h2 = _difference_of_squares(b, least)
    d3, h3 = _difference_of_squares(c, least)
    t = _confocal((q1, e1, q2, e2, q3, e3), (d1, h1, d2, h2, d3, h3), least * least)
    return t + d1, t + d2, t + d3, 1.0


@inline_kernel
def demagnetizing(a, b, c, w1, w2, w3):
    """Return N_1, N_2, N_3 of the confocal ellipsoid whose squared semi-axes are w."""
    third = a * b * c / 3.0
    r1, r2, r3 = carlson_rd_each(w1, w2, w3)
    return third * r1, third * r2, third * r3


@inline_kernel
def _diagonal(v, n2, others2, N, others):
    """Return v n_i^2 - N_i without cancellation; `others` sum the other two axes."""
    return others - v * others2 if n2 > 0.5 else v * n2 - N


@kernel
def _h_outside(p, n, v, N):
    """Return H outside, unit magnetization units."""
    nx2, ny2, nz2 = n[0] * n[0], n[1] * n[1], n[2] * n[2]
    vx, vy, vz = v * n[0], v * n[1], v * n[2]
    return (
        _diagonal(v, nx2, ny2 + nz2, N[0], N[1] + N[2]) * p[3] + vx * (n[1] * p[4] + n[2] * p[5]),
        _diagonal(v, ny2, nz2 + nx2, N[1], N[2] + N[0]) * p[4] + vy * (n[2] * p[5] + n[0] * p[3]),
        _diagonal(v, nz2, nx2 + ny2, N[2], N[0] + N[1]) * p[5] + vz * (n[0] * p[3] + n[1] * p[4]),
    )


@kernel
def _gradient(p, n, w1, w2, w3, scale, out):
    """Set nine floats to `scale` [T M n^T + n (T M)^T + (n.M) (T - tr(T) n n^T)]."""
    x, y, z = n
    xx, yy, zz = y * y + z * z, z * z + x * x, x * x + y * y
    xy, yz, zx = -x * y, -y * z, -z * x
    d1, d2, d3 = 1.0 / w1, 1.0 / w2, 1.0 / w3
    t_xx = d1 * xx * xx + d2 * xy * xy + d3 * zx * zx
    t_yy = d1 * xy * xy + d2 * yy * yy + d3 * yz * yz
    t_zz = d1 * zx * zx + d2 * yz * yz + d3 * zz * zz
    t_xy = d1 * xx * xy + d2 * xy * yy + d3 * zx * yz
    t_yz = d1 * xy * zx + d2 * yy * yz + d3 * yz * zz
    t_zx = d1 * xx * zx + d2 * xy * yz + d3 * zx * zz
    # T M by way of Q M, so that what is along n drops out before it can cancel.
    q1 = d1 * (xx * p[3] + xy * p[4] + zx * p[5])
    q2 = d2 * (xy * p[3] + yy * p[4] + yz * p[5])
    q3 = d3 * (zx * p[3] + yz * p[4] + zz * p[5])
    u1, u2, u3 = xx * q1 + xy * q2 + zx * q3, xy * q1 + yy * q2 + yz * q3, zx * q1 + yz * q2 + zz * q3
    s, trace = x * p[3] + y * p[4] + z * p[5], t_xx + t_yy + t_zz
    out[0] = scale * (2.0 * u1 * x + s * (t_xx - trace * x * x))
    out[4] = scale * (2.0 * u2 * y + s * (t_yy - trace * y * y))
    out[8] = -(out[0] + out[4])
    out[1] = out[3] = scale * (u1 * y + u2 * x + s * (t_xy - trace * x * y))
    out[5] = out[7] = scale * (u2 * z + u3 * y + s * (t_yz - trace * y * z))
    out[2] = out[6] = scale * (u3 * x + u1 * z + s * (t_zx - trace * z * x))


@kernel
def _outside(what, p, x, y, z, w1, w2, w3, out):
    """Set `out` to B, H or grad B at a point outside."""
    xi1, xi2, xi3 = x / w1, y / w2, z / w3
    length = math.sqrt(xi1 * xi1 + xi2 * xi2 + xi3 * xi3)
    n = (xi1 / length, xi2 / length, xi3 / length)
    v = p[0] * p[1] * p[2] / math.sqrt(w1 * w2 * w3)
    if what == _GRAD:
        _gradient(p, n, w1, w2, w3, _MU0 * v / length, out)
        return
    hx, hy, hz = _h_outside(p, n, v, demagnetizing(p[0], p[1], p[2], w1, w2, w3))
    unit = _MU0 if what == _B else 1.0
    out[0], out[1], out[2] = unit * hx, unit * hy, unit * hz


@kernel
def _inside(what, p, N, out):
    """Set `out` to B, H or grad B at a point inside, where they are uniform."""
    if what == _GRAD:
        out[:] = 0.0
    elif what == _B:
        out[0] = _MU0 * (N[1] + N[2]) * p[3]
        out[1] = _MU0 * (N[2] + N[0]) * p[4]
        out[2] = _MU0 * (N[0] + N[1]) * p[5]
    else:
        out[0], out[1], out[2] = -N[0] * p[3], -N[1] * p[4], -N[2] * p[5]


@kernel
def _potential(what, p, x, y, z, N, out):
    """Set `out` to A or the scalar potential."""
    gx, gy, gz = N[0] * x, N[1] * y, N[2] * z
    if what == _POTENTIAL:
        out[0] = p[3] * gx + p[4] * gy + p[5] * gz
        return
    out[0] = _MU0 * difference_of_products(p[4], gz, p[5], gy)
    out[1] = _MU0 * difference_of_products(p[5], gx, p[3], gz)
    out[2] = _MU0 * difference_of_products(p[3], gy, p[4], gx)


@field_function
def ellipsoid_field(what, params, points, out):
    """Set `out` to the quantity `what`; `params` holds the semi-axes (m) and the magnetization (A/m), six floats."""
    p = params
    a, b, c = p[0], p[1], p[2]
    own = demagnetizing(a, b, c, a * a, b * b, c * c)
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        w1, w2, w3, outside = confocal_squares(x, y, z, a, b, c)
        if np.isnan(outside):
            out[i] = np.nan
        elif what == _POTENTIAL or what == _A:
            N = demagnetizing(a, b, c, w1, w2, w3) if outside > 0.0 else own
            _potential(what, p, x, y, z, N, out[i])
        elif outside > 0.0:
            _outside(what, p, x, y, z, w1, w2, w3, out[i])
        else:
            _inside(what, p, own, out[i])
