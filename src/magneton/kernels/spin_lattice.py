r"""A body whose spins and lattice exchange angular momentum: its rates, and a step of fourth order.

The moment m carries the spin S = m/gamma, the lattice, a rigid body, carries L. With J0 at the start and the impulses
G of the field and F of the support since then, L = J0 + G + F - m/gamma: what leaves the spins is in the lattice,
whatever the step. W is the inverse inertia tensor fixed in the body (a a^T/I on a bearing along a), u the easy axis:

    Omega = R W R^T L,      B' = B + 2 K (m.u) u/|m|^2 + Omega/gamma,
    dm/dt = (Omega + omega) x m,      omega = -gamma/(1 + alpha^2) (B' - sign(gamma) (alpha/|m|) m x B'),
    dG/dt = m x B,      dF/dt = -k theta a - c Omega,      dtheta/dt = a.Omega,
    dQ/dt = alpha/(|gamma| |m|) |omega x m|^2 + c Omega^2,

Gilbert's equation with the damping and the anisotropy relative to the lattice, and the heat Q. The step is the
commutator-free one with four rates and five rotations [Celledoni2003]_: m, and the orientation, are only ever rotated.
"""

import math

import numpy as np

from magneton._jit import inline_kernel, kernel
from magneton.kernels.small_turn import turned_by_tangent
from magneton.numerics.quaternions import product, turn, turned, turned_back

#: Where the state holds the moment, the orientation (x, y, z, w), the angle, the impulses and the heat.
MOMENT, ORIENTATION, ANGLE, FIELD, SUPPORT, HEAT, STATE = 0, 3, 7, 8, 11, 14, 15
#: Where the parameters hold J0, the inverse inertia, the easy axis, the bearing's axis, gamma, alpha, K, k and c.
J0, MOBILITY, EASY, AXIS, GAMMA, ALPHA, ANISOTROPY, STIFFNESS, FRICTION, PARAMETERS = (
    0,
    3,
    12,
    15,
    18,
    19,
    20,
    21,
    22,
    23,
)
_RATES = 14


@inline_kernel
def _cross(ax, ay, az, bx, by, bz):
    return ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx


@inline_kernel
def _angular_velocity(y, p):
    """Return Omega in the laboratory."""
    inverse = 1.0 / p[GAMMA]
    lx = p[0] + ((y[8] + y[11]) - y[0] * inverse)
    ly = p[1] + ((y[9] + y[12]) - y[1] * inverse)
    lz = p[2] + ((y[10] + y[13]) - y[2] * inverse)
    bx, by, bz = turned_back(y[3], y[4], y[5], y[6], lx, ly, lz)
    wx = p[3] * bx + p[4] * by + p[5] * bz
    wy = p[6] * bx + p[7] * by + p[8] * bz
    wz = p[9] * bx + p[10] * by + p[11] * bz
    return turned(y[3], y[4], y[5], y[6], wx, wy, wz)


@kernel
def _rates(y, p, B, out):
    """Write the angular velocities of m and of the body, and the rates of the angle, the impulses and the heat."""
    gamma, alpha = p[GAMMA], p[ALPHA]
    mx, my, mz = y[0], y[1], y[2]
    m2 = mx * mx + my * my + mz * mz
    m = math.sqrt(m2)
    ox, oy, oz = _angular_velocity(y, p)
    ux, uy, uz = turned(y[3], y[4], y[5], y[6], p[EASY], p[EASY + 1], p[EASY + 2])
    easy = 2.0 * p[ANISOTROPY] * (mx * ux + my * uy + mz * uz) / m2
    bx = B[0] + easy * ux + ox / gamma
    by = B[1] + easy * uy + oy / gamma
    bz = B[2] + easy * uz + oz / gamma
    cx, cy, cz = _cross(mx, my, mz, bx, by, bz)
    turn, lag = -gamma / (1.0 + alpha * alpha), math.copysign(alpha, gamma) / m
    wx, wy, wz = turn * (bx - lag * cx), turn * (by - lag * cy), turn * (bz - lag * cz)
    rx, ry, rz = _cross(wx, wy, wz, mx, my, mz)
    out[0], out[1], out[2] = ox + wx, oy + wy, oz + wz
    out[3], out[4], out[5] = ox, oy, oz
    ax, ay, az = p[AXIS], p[AXIS + 1], p[AXIS + 2]
    out[6] = ax * ox + ay * oy + az * oz
    out[7], out[8], out[9] = _cross(mx, my, mz, B[0], B[1], B[2])
    twist, drag = p[STIFFNESS] * y[ANGLE], p[FRICTION]
    out[10], out[11], out[12] = -twist * ax - drag * ox, -twist * ay - drag * oy, -twist * az - drag * oz
    out[13] = alpha / (abs(gamma) * m) * (rx * rx + ry * ry + rz * rz)
    out[13] += drag * (ox * ox + oy * oy + oz * oz)


@kernel
def _moved(y, rates, h, out):
    """Write the state moved by constant rates over the time h."""
    x, w, z = h * rates[0], h * rates[1], h * rates[2]
    half = 0.5 * math.sqrt(x * x + w * w + z * z)
    scale = -0.5 * (math.tan(half) / half if half > 0.0 else 1.0)  # it turns about minus the tangent
    out[0], out[1], out[2] = turned_by_tangent(y[0], y[1], y[2], scale * x, scale * w, scale * z, 2.0)
    qx, qy, qz, qw = turn(rates[3], rates[4], rates[5], h)
    out[3], out[4], out[5], out[6] = product(qx, qy, qz, qw, y[3], y[4], y[5], y[6])
    for i in range(8):
        out[ANGLE + i] = y[ANGLE + i] + h * rates[6 + i]


@kernel
def advance_spin_lattice(y, p, B, stride, h, steps):
    """Advance the state y by `steps` steps of h; B, shape (., 3), is at row 2 stride n + (0, 1, 2) stride in step n.

    Returns the largest angle by which m turned in a step, in radian.
    """
    a, b, c, d = (np.empty(_RATES), np.empty(_RATES), np.empty(_RATES), np.empty(_RATES))
    mix, half, stage = np.empty(_RATES), np.empty(STATE), np.empty(STATE)
    largest = 0.0
    for n in range(steps):
        row = 2 * stride * n
        _rates(y, p, B[row], a)
        largest = max(largest, h * math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]))
        _moved(y, a, 0.5 * h, half)
        _rates(half, p, B[row + stride], b)
        _moved(y, b, 0.5 * h, stage)
        _rates(stage, p, B[row + stride], c)
        for i in range(_RATES):
            mix[i] = c[i] - 0.5 * a[i]
        _moved(half, mix, h, stage)
        _rates(stage, p, B[row + 2 * stride], d)
        for i in range(_RATES):
            mix[i] = (3.0 * a[i] + 2.0 * (b[i] + c[i]) - d[i]) / 12.0
        _moved(y, mix, h, stage)
        for i in range(_RATES):
            mix[i] = (3.0 * d[i] + 2.0 * (b[i] + c[i]) - a[i]) / 12.0
        _moved(stage, mix, h, y)
        norm = 1.0 / math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5] + y[6] * y[6])
        for i in range(3, 7):
            y[i] *= norm
    return largest
