r"""The uniformly magnetized sphere, and the sphere with the same currents on its surface.

Outside, the field is that of a point dipole m = M V at the centre. Inside, H = -M/3, B = 2 mu_0 M/3, and both A and the
scalar potential are linear ([Jackson1999]_ sec. 5.10). Which side a point is on comes from r^2 - R^2 in
double-double; on the surface all is nan.
"""

import math

from magneton._jit import field_function, inline_kernel, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.dipole import dipole_A, dipole_B, dipole_grad, dipole_potential
from magneton.numerics.double_double import difference_of_products, two_product, two_sum

_MU0 = float(mu_0)
_A, _B, _GRAD, _POTENTIAL, _H = (
    quantities.A,
    quantities.B,
    quantities.GRAD,
    quantities.POTENTIAL,
    quantities.H,
)
_ON_THE_SURFACE = 1e-30


@inline_kernel
def sphere_excess(x, y, z, radius):
    """Return r^2 - R^2: positive outside, negative inside, 0 on the surface."""
    xx, ex = two_product(x, x)
    yy, ey = two_product(y, y)
    zz, ez = two_product(z, z)
    rr, er = two_product(radius, radius)
    s, es = two_sum(xx, yy)
    t, et = two_sum(s, zz)
    d, ed = two_sum(t, -rr)
    excess = d + ((es + et + ed) + ((ex + ey + ez) - er))
    return 0.0 if abs(excess) <= _ON_THE_SURFACE * rr else excess


@kernel
def _outside(what, x, y, z, mx, my, mz, out):
    """Set `out` to the field of the dipole (mx, my, mz)/(4 pi)."""
    if what == _POTENTIAL:
        out[0] = dipole_potential(x, y, z, mx, my, mz)
    elif what == _GRAD:
        xx, xy, xz, yy, yz = dipole_grad(x, y, z, _MU0 * mx, _MU0 * my, _MU0 * mz)
        out[0], out[1], out[2] = xx, xy, xz
        out[3], out[4], out[5] = xy, yy, yz
        out[6], out[7], out[8] = xz, yz, -xx - yy
    elif what == _A:
        out[0], out[1], out[2] = dipole_A(x, y, z, _MU0 * mx, _MU0 * my, _MU0 * mz)
    else:
        unit = _MU0 if what == _B else 1.0
        out[0], out[1], out[2] = dipole_B(x, y, z, unit * mx, unit * my, unit * mz)


@kernel
def _inside(what, x, y, z, p, out):
    if what == _POTENTIAL:
        out[0] = (p[1] * x + p[2] * y + p[3] * z) / 3.0
    elif what == _GRAD:
        out[:] = 0.0
    elif what == _A:
        third = _MU0 / 3.0
        out[0] = third * difference_of_products(p[2], z, p[3], y)
        out[1] = third * difference_of_products(p[3], x, p[1], z)
        out[2] = third * difference_of_products(p[1], y, p[2], x)
    else:
        unit = 2.0 * _MU0 / 3.0 if what == _B else -1.0 / 3.0
        out[0], out[1], out[2] = unit * p[1], unit * p[2], unit * p[3]


@kernel
def sphere_point(what, p, x, y, z, out):
    """Set `out` to the quantity `what` at one point; `p` holds the radius and the magnetization."""
    side = sphere_excess(x, y, z, p[0])
    if side > 0.0:
        part = p[0] ** 3 / 3.0
        _outside(what, x, y, z, part * p[1], part * p[2], part * p[3], out)
    elif side < 0.0:
        _inside(what, x, y, z, p, out)
    else:
        out[:] = math.nan


@kernel
def _b_or_h(b, p, points, out):
    """Set `out` to B, or to H; without a branch, so that the loop vectorises."""
    unit = _MU0 if b else 1.0
    part = unit * p[0] ** 3 / 3.0
    mx, my, mz = part * p[1], part * p[2], part * p[3]
    inner = (2.0 if b else -1.0) * unit / 3.0
    ux, uy, uz = inner * p[1], inner * p[2], inner * p[3]
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        excess = sphere_excess(x, y, z, p[0])
        bx, by, bz = dipole_B(x, y, z, mx, my, mz)
        outside, inside = excess > 0.0, excess < 0.0
        out[i, 0] = bx if outside else (ux if inside else math.nan)
        out[i, 1] = by if outside else (uy if inside else math.nan)
        out[i, 2] = bz if outside else (uz if inside else math.nan)


@field_function
def sphere_field(what, params, points, out):
    """Set `out` to the quantity `what`; `params` holds the radius (m) and the magnetization (A/m), four floats."""
    if what == _B or what == _H:
        _b_or_h(what == _B, params, points, out)
        return
    for i in range(len(points)):
        sphere_point(what, params, points[i, 0], points[i, 1], points[i, 2], out[i])
