r"""Force, torque and energy of two uniformly magnetized cuboids with parallel edges, from sums over 64 corners.

Let (x, y, z) run over the differences corner of 2 - corner of 1, four along each axis, x = d + s_2 a_2 - s_1 a_1 with
half edges a and signs s, and S be the sum over all 64 with the sign -s_1 s_2 of each of the three axes. With G the
antiderivative of 1/r twice over each of x, y, z, the integral of 1/r over both cuboids is S[G] and, with the tensor
N = S[grad grad G],

    mu_0 int H_1 dV_2 = mu_0/(4 pi) N.M_1,   U = -M_2.(mu_0 int H_1 dV_2)
    F_l = mu_0/(4 pi) M_1i M_2j S[G_ijl]
    T   = M_2 x (mu_0 int H_1 dV_2) + mu_0/(4 pi) eps_mkl M_1i M_2j S[s_2 a_2k G_ijl - int G_ijl dx_k]

about the centre of 2: the last bracket is the integral by parts of the lever arm. What is linear in one of x, y, z
cancels in S, so that with L_x = artanh(x/r), A_x = atan(y z/(x r)) and so on for y and z

    G_xx  = (y^2 - x^2) z L_z/2 + (z^2 - x^2) y L_y/2 - x y z A_x + r (2 x^2 - y^2 - z^2)/6
    G_xy  = y (3 z^2 - y^2) L_x/6 + x (3 z^2 - x^2) L_y/6 + x y z L_z - z (x^2 A_x + y^2 A_y + z^2 A_z/3)/2 - x y r/3
    G_xxy = y z L_z + (z^2 - x^2) L_y/2 - x z A_x - y r/2
    G_xyz = y z L_x + z x L_y + x y L_z - (x^2 A_x + y^2 A_y + z^2 A_z)/2
    int G_xxy dz = y (6 z^2 - 3 x^2 - y^2) L_z/12 + z (z^2 - 3 x^2) L_y/6 + x (x^2 - 3 z^2) A_x/6 - 5 y z r/12

and G_xxx = -G_yyx - G_zzx, as outside of each other N has no trace; that also gives the limit from outside where the
two touch. Each is the derivative of the one before as it stands. Sources: force [AkounYonnet1984]_, [AllagYonnet2009]_;
N [NewellWilliamsDunlop1993]_; torque [Janssen2010]_.

The products vanish where a logarithm is infinite or an angle jumps. Everything is summed in double-double: what
is left as noise, some 1e-31 of the terms, is stated.
"""

import math

import numpy as np

from magneton._jit import inline_kernel, kernel
from magneton.constants import mu_0
from magneton.kernels.cuboid_force_corners import (
    CORNERS,
    LX,
    LY,
    LZ,
    OUT,
    PAIR,
    WORK,
    R,
    load,
    save,
    set_corners,
    set_functions,
)
from magneton.kernels.cuboid_force_terms import applied, set_terms
from magneton.kernels.cuboid_pair import add, multiply, subtract
from magneton.numerics.double_double import two_sum

# Noise of a sum, relative to the sum of the terms' sizes.
_NOISE = 2.0**-104
# Of the result: a few roundings.
_EPS = 2.0**-51
_MU0_4PI = float(mu_0) / (4.0 * math.pi)


@inline_kernel
def _fold(w, row, half):
    """Add the second half of a row to its first."""
    for i in range(half):
        save(w, row, i, add(load(w, row, i), load(w, row, i + half)))


@inline_kernel
def _sum(w, row):
    """Return the sum of a row, which is spent."""
    _fold(w, row, 32)
    _fold(w, row, 16)
    _fold(w, row, 8)
    total = load(w, row, 0)
    for i in range(1, 8):
        total = add(total, load(w, row, i))
    return total


@inline_kernel
def _sizes(w):
    """Return the sums of the sizes of the terms, but for M_1 and M_2: of G_ijk and of G_ij."""
    third, second = 0.0, 0.0
    for i in range(CORNERS):
        r = w[R + i]
        size = r * r * (5.0 + abs(w[LX + i]) + abs(w[LY + i]) + abs(w[LZ + i]))
        third += size
        second += r * size
    return third, second


@inline_kernel
def _cross(a, b):
    """Return the cross product of two vectors of double-doubles."""
    return (
        subtract(multiply(a[1], b[2]), multiply(a[2], b[1])),
        subtract(multiply(a[2], b[0]), multiply(a[0], b[2])),
        subtract(multiply(a[0], b[1]), multiply(a[1], b[0])),
    )


@inline_kernel
def _size(x, y, z):
    return math.sqrt(x * x + y * y + z * z)


@kernel
def _set_noise(w, m1, m2, half2, arm, out):
    """Set the noise: what double-double leaves, and the rounding of the result."""
    third, second = _sizes(w)
    noise = _NOISE * _size(m1[0], m1[1], m1[2]) * _size(m2[0], m2[1], m2[2])
    lever = _size(half2[0], half2[1], half2[2]) + _size(arm[0][0], arm[1][0], arm[2][0])
    out[7] = _EPS * _size(out[0], out[1], out[2]) + noise * third
    out[8] = _EPS * _size(out[3], out[4], out[5]) + noise * (lever * third + second)
    out[9] = _EPS * abs(out[6]) + noise * second


@kernel
def _in_units(half1, m1, half2, m2, offset, pivot, out):
    """Set `out` as `cuboid_force`, with lengths near 1 and for mu_0 = 4 pi."""
    w = np.empty(WORK)
    set_corners(w, half1, half2, offset)
    set_functions(w)
    set_terms(w, m1, m2)
    f = _sum(w, OUT), _sum(w, OUT + PAIR), _sum(w, OUT + 2 * PAIR)
    h = _sum(w, OUT + 3 * PAIR), _sum(w, OUT + 4 * PAIR), _sum(w, OUT + 5 * PAIR)
    t = _sum(w, OUT + 6 * PAIR), _sum(w, OUT + 7 * PAIR), _sum(w, OUT + 8 * PAIR)
    arm = two_sum(offset[0], -pivot[0]), two_sum(offset[1], -pivot[1]), two_sum(offset[2], -pivot[2])
    by_arm, by_field = _cross(arm, f), _cross(((m2[0], 0.0), (m2[1], 0.0), (m2[2], 0.0)), h)
    for k in range(3):
        out[k] = f[k][0] / 12.0
        out[3 + k] = add(add(by_arm[k], by_field[k]), t[k])[0] / 12.0
    out[6] = -applied(h[0], h[1], h[2], m2)[0] / 12.0
    _set_noise(w, m1, m2, half2, arm, out)


@kernel
def cuboid_force(dimension1, m1, dimension2, m2, offset, pivot, out):
    """Set `out` (10) to the force on 2 (3), N, its torque (3), N m, the energy, J, and the noise of the three.

    Edges in m, magnetizations in A/m; `offset` is from the centre of 1 to that of 2, `pivot` from the centre of 1.
    """
    longest = 0.0
    for k in range(3):
        longest = max(longest, dimension1[k], dimension2[k], abs(offset[k]))
    _, exponent = math.frexp(longest)
    unit = math.ldexp(1.0, -exponent)
    half1, half2 = 0.5 * unit * dimension1, 0.5 * unit * dimension2
    _in_units(half1, m1, half2, m2, unit * offset, unit * pivot, out)
    for k in range(10):
        moment = k > 2 and k != 7
        out[k] *= _MU0_4PI / (unit * unit * unit) if moment else _MU0_4PI / (unit * unit)
