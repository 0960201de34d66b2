"""One step of the momentum by the relativistic pushers of Boris, Vay, and Higuera & Cary.

The momentum is w = gamma v/c, without dimension, and the fields come as half a step's kicks: e = q dt E/(2 m c) and
b = q dt B/(2 m). The position is advanced by half a step before and half a step after, so that the fields are taken
in the middle of the step and position and momentum, known at the same time, are both of second order.

Boris' scheme and the two others: [Ripperda2018]_ eqs. 13 to 27, after [Boris1970]_, [Vay2008]_, [HigueraCary2017]_.
"""

import math

from magneton._jit import inline_kernel
from magneton.kernels.small_turn import turned_by_tangent

BORIS, VAY, HIGUERA_CARY = range(3)


@inline_kernel
def _later_gamma2(w2, b2, wb):
    """Return gamma^2 at the end of the rotation: the root of g^4 - (1 + w^2 - b^2) g^2 - (b^2 + (w.b)^2) = 0."""
    sigma = 1.0 + w2 - b2
    rest = b2 + wb * wb
    root = math.sqrt(sigma * sigma + 4.0 * rest)
    # The two forms of the root of a quadratic: neither subtracts.
    return 0.5 * (sigma + root) if sigma > 0.0 else 2.0 * rest / (root - sigma)


@inline_kernel
def boris(wx, wy, wz, ex, ey, ez, bx, by, bz):
    """Return w a step later: half the electric kick, a rotation with the gamma between, the other half."""
    wx, wy, wz = wx + ex, wy + ey, wz + ez
    inverse = 1.0 / math.sqrt(1.0 + wx * wx + wy * wy + wz * wz)
    wx, wy, wz = turned_by_tangent(wx, wy, wz, bx * inverse, by * inverse, bz * inverse, 2.0)
    return wx + ex, wy + ey, wz + ez


@inline_kernel
def vay(wx, wy, wz, ex, ey, ez, bx, by, bz):
    """Return w a step later; a particle at the E x B velocity keeps it exactly."""
    inverse = 1.0 / math.sqrt(1.0 + wx * wx + wy * wy + wz * wz)
    px = wx + 2.0 * ex + (wy * bz - wz * by) * inverse
    py = wy + 2.0 * ey + (wz * bx - wx * bz) * inverse
    pz = wz + 2.0 * ez + (wx * by - wy * bx) * inverse
    b2 = bx * bx + by * by + bz * bz
    gamma2 = _later_gamma2(px * px + py * py + pz * pz, b2, px * bx + py * by + pz * bz)
    inverse = 1.0 / math.sqrt(gamma2)
    return turned_by_tangent(px, py, pz, bx * inverse, by * inverse, bz * inverse, 1.0)


@inline_kernel
def higuera_cary(wx, wy, wz, ex, ey, ez, bx, by, bz):
    """Return w a step later: as `boris`, but with the gamma that keeps phase space and the E x B velocity."""
    wx, wy, wz = wx + ex, wy + ey, wz + ez
    b2 = bx * bx + by * by + bz * bz
    gamma2 = _later_gamma2(wx * wx + wy * wy + wz * wz, b2, wx * bx + wy * by + wz * bz)
    inverse = 1.0 / math.sqrt(gamma2)
    wx, wy, wz = turned_by_tangent(wx, wy, wz, bx * inverse, by * inverse, bz * inverse, 2.0)
    return wx + ex, wy + ey, wz + ez
