"""Steps of moments on the sphere, over a block of lanes.

The Landau-Lifshitz-Gilbert equation is a rotation: du/dt = u x W with W = gamma' B - alpha |gamma'| u x B and
gamma' = gamma/(1 + alpha^2). A step asks for the field at Y, is told, and sets the next Y: `PHASES` times a sweep; the
implicit methods sweep until nothing moves.

LIE_RK4
    The commutator-free method of order 4 [CelledoniMarthinsenOwren2003]_ eq. 5: five rotations, four fields.
DEPONDT_MERTENS
    Two rotations by the field at the begin and by the mean of the fields at both ends [DepondtMertens2009]_.
STRANG
    The same without a thermal field, between two random rotations that are half a step of Brownian motion each.
MIDPOINT, GAUSS4
    The Gauss-Legendre methods of orders 2 and 4 [HairerLubichWanner2006]_ II.1.3: they keep quadratic forms.
"""

import math

from magneton._jit import inline_kernel, kernel, summing_kernel
from magneton.kernels.moment_layout import (
    DAMPING,
    K1,
    K2,
    K3,
    LANES,
    MOVED,
    NOISE,
    PRECESSION,
    Y2,
    B,
    U,
    Y,
)

LIE_RK4, MIDPOINT, GAUSS4, DEPONDT_MERTENS, STRANG = range(5)
#: Fields asked for in a sweep.
PHASES = (4, 1, 2, 2, 2)
_ROOT = math.sqrt(3.0) / 6.0
#: When, in steps.
TIMES = (
    *(0.0, 0.5, 0.5, 1.0),
    *(0.5, 0.0, 0.0, 0.0),
    *(0.5 - _ROOT, 0.5 + _ROOT, 0.0, 0.0),
    *(0.0, 1.0, 0.0, 0.0),
    *(0.0, 1.0, 0.0, 0.0),
)
#: Sweeps that an implicit step may take.
SWEEPS = 100
#: An iteration that moves less than this, and not less than the one before, has come to rest at rounding.
_AT_REST = 1e-13

_1, _2 = LANES, 2 * LANES


@inline_kernel
def _turned(ux, uy, uz, wx, wy, wz, n, d):
    """Return u rotated by the angle 2 atan(|w| n/d) about -w: u + 2/(1 + t^2) [u x t + (u x t) x t], t = w n/d.

    Added to u, and not u multiplied by a factor near one, its rounding does not bias |u|; whatever n/d is, it is a
    rotation.
    """
    s = 2.0 * n / (d * d + n * n * (wx * wx + wy * wy + wz * wz))
    ax, ay, az = uy * wz - uz * wy, uz * wx - ux * wz, ux * wy - uy * wx
    return (
        ux + s * (d * ax + n * (ay * wz - az * wy)),
        uy + s * (d * ay + n * (az * wx - ax * wz)),
        uz + s * (d * az + n * (ax * wy - ay * wx)),
    )


@inline_kernel
def rotated(ux, uy, uz, wx, wy, wz):
    """Return exp applied to u: u rotated by the angle 2|w| about -w.

    tan x/x = (105 - 10 x^2)/(105 - 45 x^2 + x^4), the fourth convergent of Lambert's continued fraction: wrong by 1e-14
    at x = 0.1 and by 1e-5 at x = 1, far below the error of any step here, and no trigonometry in the loop.
    """
    x2 = wx * wx + wy * wy + wz * wz
    return _turned(ux, uy, uz, wx, wy, wz, 105.0 - 10.0 * x2, 105.0 - x2 * (45.0 - x2))


@inline_kernel
def _rate(s, j):
    """Return W times the step, at Y with the field B."""
    bx, by, bz = s[B + j] + s[NOISE + j], s[B + _1 + j] + s[NOISE + _1 + j], s[B + _2 + j] + s[NOISE + _2 + j]
    x, y, z = s[Y + j], s[Y + _1 + j], s[Y + _2 + j]
    g, d = s[PRECESSION + j], s[DAMPING + j]
    return g * bx - d * (y * bz - z * by), g * by - d * (z * bx - x * bz), g * bz - d * (x * by - y * bx)


@summing_kernel
def _lie_1(s):
    for j in range(LANES):
        kx, ky, kz = _rate(s, j)
        s[K1 + j], s[K1 + _1 + j], s[K1 + _2 + j] = kx, ky, kz
        x, y, z = rotated(s[U + j], s[U + _1 + j], s[U + _2 + j], 0.25 * kx, 0.25 * ky, 0.25 * kz)
        s[Y + j], s[Y + _1 + j], s[Y + _2 + j] = x, y, z
        s[Y2 + j], s[Y2 + _1 + j], s[Y2 + _2 + j] = x, y, z


@summing_kernel
def _lie_2(s):
    for j in range(LANES):
        kx, ky, kz = _rate(s, j)
        s[K2 + j], s[K2 + _1 + j], s[K2 + _2 + j] = kx, ky, kz
        x, y, z = rotated(s[U + j], s[U + _1 + j], s[U + _2 + j], 0.25 * kx, 0.25 * ky, 0.25 * kz)
        s[Y + j], s[Y + _1 + j], s[Y + _2 + j] = x, y, z


@summing_kernel
def _lie_3(s):
    for j in range(LANES):
        kx, ky, kz = _rate(s, j)
        s[K3 + j], s[K3 + _1 + j], s[K3 + _2 + j] = kx, ky, kz
        wx = 0.5 * kx - 0.25 * s[K1 + j]
        wy = 0.5 * ky - 0.25 * s[K1 + _1 + j]
        wz = 0.5 * kz - 0.25 * s[K1 + _2 + j]
        x, y, z = rotated(s[Y2 + j], s[Y2 + _1 + j], s[Y2 + _2 + j], wx, wy, wz)
        s[Y + j], s[Y + _1 + j], s[Y + _2 + j] = x, y, z


@inline_kernel
def _lie_halves(first, second, third, last):
    """Return half the vectors of the two last rotations: (3, 2, 2, -1)/12 and then (-1, 2, 2, 3)/12 of the rates."""
    middle = 2.0 * (second + third)
    return (middle + 3.0 * first - last) * (1.0 / 24.0), (middle + 3.0 * last - first) * (1.0 / 24.0)


@summing_kernel
def _lie_4(s):
    for j in range(LANES):
        kx, ky, kz = _rate(s, j)
        ax, bx = _lie_halves(s[K1 + j], s[K2 + j], s[K3 + j], kx)
        ay, by = _lie_halves(s[K1 + _1 + j], s[K2 + _1 + j], s[K3 + _1 + j], ky)
        az, bz = _lie_halves(s[K1 + _2 + j], s[K2 + _2 + j], s[K3 + _2 + j], kz)
        x, y, z = rotated(s[U + j], s[U + _1 + j], s[U + _2 + j], ax, ay, az)
        s[U + j], s[U + _1 + j], s[U + _2 + j] = rotated(x, y, z, bx, by, bz)


@summing_kernel
def _predict(s):
    for j in range(LANES):
        kx, ky, kz = _rate(s, j)
        s[K1 + j], s[K1 + _1 + j], s[K1 + _2 + j] = kx, ky, kz
        x, y, z = rotated(s[U + j], s[U + _1 + j], s[U + _2 + j], 0.5 * kx, 0.5 * ky, 0.5 * kz)
        s[Y + j], s[Y + _1 + j], s[Y + _2 + j] = x, y, z


@summing_kernel
def _correct(s):
    for j in range(LANES):
        kx, ky, kz = _rate(s, j)
        wx, wy, wz = 0.25 * (kx + s[K1 + j]), 0.25 * (ky + s[K1 + _1 + j]), 0.25 * (kz + s[K1 + _2 + j])
        x, y, z = rotated(s[U + j], s[U + _1 + j], s[U + _2 + j], wx, wy, wz)
        s[U + j], s[U + _1 + j], s[U + _2 + j] = x, y, z


@inline_kernel
def _rested(moved, before):
    """Return whether a lane need not be iterated further."""
    return moved == 0.0 or (moved < _AT_REST and moved >= before)


@inline_kernel
def _solved(ux, uy, uz, wx, wy, wz):
    """Return the solution of y - y x w = u."""
    share = 1.0 / (1.0 + wx * wx + wy * wy + wz * wz)
    along = ux * wx + uy * wy + uz * wz
    return (
        share * (ux + (uy * wz - uz * wy) + along * wx),
        share * (uy + (uz * wx - ux * wz) + along * wy),
        share * (uz + (ux * wy - uy * wx) + along * wz),
    )


@summing_kernel
def _midpoint(s):
    """Solve y - y x w = u for the middle y, w being half the rate at the last y; return how many lanes still move."""
    still = 0
    for j in range(LANES):
        kx, ky, kz = _rate(s, j)
        open_ = s[MOVED + j] >= 0.0
        wx = 0.5 * kx if open_ else s[K1 + j]
        wy = 0.5 * ky if open_ else s[K1 + _1 + j]
        wz = 0.5 * kz if open_ else s[K1 + _2 + j]
        ux, uy, uz = s[U + j], s[U + _1 + j], s[U + _2 + j]
        x, y, z = _solved(ux, uy, uz, wx, wy, wz)
        moved = abs(x - s[Y + j]) + abs(y - s[Y + _1 + j]) + abs(z - s[Y + _2 + j])
        rested = (not open_) or _rested(moved, s[MOVED + j])
        s[K1 + j], s[K1 + _1 + j], s[K1 + _2 + j] = wx, wy, wz
        s[Y + j], s[Y + _1 + j], s[Y + _2 + j] = x, y, z
        s[MOVED + j] = -1.0 if rested else moved
        still += 0 if rested else 1
    return still


@summing_kernel
def _finish_midpoint(s):
    for j in range(LANES):
        x, y, z = _turned(
            s[U + j], s[U + _1 + j], s[U + _2 + j], s[K1 + j], s[K1 + _1 + j], s[K1 + _2 + j], 1.0, 1.0
        )
        s[U + j], s[U + _1 + j], s[U + _2 + j] = x, y, z


@inline_kernel
def slope(s, j):
    """Return du/dt times the step at Y."""
    kx, ky, kz = _rate(s, j)
    x, y, z = s[Y + j], s[Y + _1 + j], s[Y + _2 + j]
    return y * kz - z * ky, z * kx - x * kz, x * ky - y * kx


@summing_kernel
def _gauss_1(s):
    """Note the rate at the first state within the step, and ask for the field at the second."""
    for j in range(LANES):
        kx, ky, kz = _rate(s, j)
        open_ = s[MOVED + j] >= 0.0
        s[K1 + j] = kx if open_ else s[K1 + j]
        s[K1 + _1 + j] = ky if open_ else s[K1 + _1 + j]
        s[K1 + _2 + j] = kz if open_ else s[K1 + _2 + j]
        for k in range(3):
            s[K3 + k * LANES + j] = s[Y + k * LANES + j]
            s[Y + k * LANES + j] = s[Y2 + k * LANES + j]


@summing_kernel
def _gauss_2(s):
    """Set both states within the step anew; return how many lanes still move.

    With the rates w and v at the states y and z as they were, y = u + y x w/4 + a z x v and z = u + b y x w + z x v/4
    are linear, and solved in turn. However large the rates are, if they stay, this contracts to a third or less, since
    a b = -1/48: by w^2/48 over 1 + w^2/16.
    """
    still = 0
    for j in range(LANES):
        vx, vy, vz = _rate(s, j)
        open_ = s[MOVED + j] >= 0.0
        vx = vx if open_ else s[K2 + j]
        vy = vy if open_ else s[K2 + _1 + j]
        vz = vz if open_ else s[K2 + _2 + j]
        s[K2 + j], s[K2 + _1 + j], s[K2 + _2 + j] = vx, vy, vz
        wx, wy, wz = s[K1 + j], s[K1 + _1 + j], s[K1 + _2 + j]
        ux, uy, uz = s[U + j], s[U + _1 + j], s[U + _2 + j]
        zx, zy, zz = s[Y2 + j], s[Y2 + _1 + j], s[Y2 + _2 + j]
        ax = ux + (0.25 - _ROOT) * (zy * vz - zz * vy)
        ay = uy + (0.25 - _ROOT) * (zz * vx - zx * vz)
        az = uz + (0.25 - _ROOT) * (zx * vy - zy * vx)
        ax, ay, az = _solved(ax, ay, az, 0.25 * wx, 0.25 * wy, 0.25 * wz)
        bx = ux + (0.25 + _ROOT) * (ay * wz - az * wy)
        by = uy + (0.25 + _ROOT) * (az * wx - ax * wz)
        bz = uz + (0.25 + _ROOT) * (ax * wy - ay * wx)
        bx, by, bz = _solved(bx, by, bz, 0.25 * vx, 0.25 * vy, 0.25 * vz)
        moved = abs(ax - s[K3 + j]) + abs(ay - s[K3 + _1 + j]) + abs(az - s[K3 + _2 + j])
        moved += abs(bx - zx) + abs(by - zy) + abs(bz - zz)
        rested = (not open_) or _rested(moved, s[MOVED + j])
        # A lane at rest stays as it is, whatever its neighbours still need.
        s[Y + j] = ax if open_ else s[K3 + j]
        s[Y + _1 + j] = ay if open_ else s[K3 + _1 + j]
        s[Y + _2 + j] = az if open_ else s[K3 + _2 + j]
        s[Y2 + j] = bx if open_ else zx
        s[Y2 + _1 + j] = by if open_ else zy
        s[Y2 + _2 + j] = bz if open_ else zz
        s[MOVED + j] = -1.0 if rested else moved
        still += 0 if rested else 1
    return still


@summing_kernel
def _finish_gauss(s):
    for j in range(LANES):
        ax, ay, az = s[Y + j], s[Y + _1 + j], s[Y + _2 + j]
        bx, by, bz = s[Y2 + j], s[Y2 + _1 + j], s[Y2 + _2 + j]
        wx, wy, wz = s[K1 + j], s[K1 + _1 + j], s[K1 + _2 + j]
        vx, vy, vz = s[K2 + j], s[K2 + _1 + j], s[K2 + _2 + j]
        s[U + j] += 0.5 * ((ay * wz - az * wy) + (by * vz - bz * vy))
        s[U + _1 + j] += 0.5 * ((az * wx - ax * wz) + (bz * vx - bx * vz))
        s[U + _2 + j] += 0.5 * ((ax * wy - ay * wx) + (bx * vy - by * vx))


@kernel
def turn_by_noise(s):
    """Rotate by the angles (rad) in the rows NOISE, and leave no thermal field."""
    for j in range(LANES):
        x, y, z = rotated(
            s[U + j],
            s[U + _1 + j],
            s[U + _2 + j],
            0.5 * s[NOISE + j],
            0.5 * s[NOISE + _1 + j],
            0.5 * s[NOISE + _2 + j],
        )
        s[U + j], s[U + _1 + j], s[U + _2 + j] = x, y, z
    for j in range(3 * LANES):
        s[NOISE + j] = 0.0


@kernel
def begin_step(s):
    """Ask for the field at the begin of the step."""
    for j in range(3 * LANES):
        s[Y + j] = s[U + j]
        s[Y2 + j] = s[U + j]
    for j in range(LANES):
        s[MOVED + j] = math.inf


@kernel
def absorb(method, phase, s):
    """Take the field at Y, set the next Y or the end of the step; return how many lanes another sweep would move."""
    if method == LIE_RK4:
        if phase == 0:
            _lie_1(s)
        elif phase == 1:
            _lie_2(s)
        elif phase == 2:
            _lie_3(s)
        else:
            _lie_4(s)
        return 0
    if method == DEPONDT_MERTENS or method == STRANG:
        if phase == 0:
            _predict(s)
        else:
            _correct(s)
        return 0
    if method == MIDPOINT:
        return _midpoint(s)
    if phase == 0:
        _gauss_1(s)
        return 0
    return _gauss_2(s)


@kernel
def end_step(method, s):
    """Set the end of a step that was swept to rest."""
    if method == MIDPOINT:
        _finish_midpoint(s)
    elif method == GAUSS4:
        _finish_gauss(s)
