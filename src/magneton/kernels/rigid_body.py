r"""One step of rigid bodies: kicks by forces and torques, free motion, and drag, each exact.

A body's state is a row of `STATE` numbers: position (3), momentum p (3), orientation of its principal axes (4, a unit
quaternion, scalar last), angular momentum L about its position in the global frame (3), the heat that drag and contacts
have made (1), what the position lacks by rounding (3), and the work that a field which changes in time has done (1).
Its constants are a row of `WIDTH` numbers::

    0 mass   1 1/mass, 0 where the position is held   2:5 1/I_1, 1/I_2, 1/I_3   5 linear drag (N s/m)
    6 angular drag (N m s)   7 whether it only turns about an axis   8:11 that axis, among the principal axes
    11 1/I about it   12 radius   13 whether the position is free   14:17 of a body whose position is held, the mass
    times its centre of mass, among the principal axes

Free motion leaves p and L alone: the two are kept exactly. With T = L^2/(2 I_2) + [1/I_1 - 1/I_2] L_1^2/2
+ [1/I_3 - 1/I_2] L_3^2/2, the first part is a turn about L, fixed in space, and commutes with the others; they are
turns about axes of the body and are split symmetrically [DullweberLeimkuhlerMcLachlan1997]_, [HairerLubichWanner2006]_
VII.5. With two equal moments of inertia nothing is split: balls and tops move freely without error.
"""

import math

from magneton._jit import inline_kernel, inline_uncounted_kernel
from magneton.numerics.quaternions import product, renormalized, turn, turned, turned_back

WIDTH = 17
STATE = 18
HEAT = 13


@inline_kernel
def _turned_about(k, excess, momentum, time, qx, qy, qz, qw):
    """Return q after a turn about the body's axis k = 0 or 2 by `excess` times the momentum about it."""
    half = 0.5 * time * excess * momentum
    s, c = math.sin(half), math.cos(half)
    if k == 0:
        return product(qx, qy, qz, qw, s, 0.0, 0.0, c)
    return product(qx, qy, qz, qw, 0.0, 0.0, s, c)


@inline_uncounted_kernel
def _turned_freely(one, lx, ly, lz, qx, qy, qz, qw, time):
    """Return q of a body of constants `one` after free rotation with the angular momentum L."""
    first, last = one[2] - one[3], one[4] - one[3]
    if last != 0.0:
        share = 0.5 * time if first != 0.0 else time
        _, _, l3 = turned_back(qx, qy, qz, qw, lx, ly, lz)
        qx, qy, qz, qw = _turned_about(2, last, l3, share, qx, qy, qz, qw)
    if first != 0.0:
        l1, _, _ = turned_back(qx, qy, qz, qw, lx, ly, lz)
        qx, qy, qz, qw = _turned_about(0, first, l1, time, qx, qy, qz, qw)
        if last != 0.0:
            _, _, l3 = turned_back(qx, qy, qz, qw, lx, ly, lz)
            qx, qy, qz, qw = _turned_about(2, last, l3, 0.5 * time, qx, qy, qz, qw)
    ax, ay, az, aw = turn(one[3] * lx, one[3] * ly, one[3] * lz, time)
    return product(ax, ay, az, aw, qx, qy, qz, qw)


@inline_uncounted_kernel
def rigid_drift(bodies, state, time):
    """Move and turn all bodies freely for `time`."""
    for i in range(len(bodies)):
        one, s = bodies[i], state[i]
        if one[1] != 0.0:
            for k in range(3):
                place = s[k]
                move = time * one[1] * s[3 + k] + s[14 + k]
                s[k] = place + move
                s[14 + k] = move - (s[k] - place)
        lx, ly, lz = s[10], s[11], s[12]
        qx, qy, qz, qw = s[6], s[7], s[8], s[9]
        if one[7] != 0.0:
            ax, ay, az, aw = turn(one[11] * lx, one[11] * ly, one[11] * lz, time)
            qx, qy, qz, qw = product(ax, ay, az, aw, qx, qy, qz, qw)
        else:
            qx, qy, qz, qw = _turned_freely(one, lx, ly, lz, qx, qy, qz, qw, time)
        s[6], s[7], s[8], s[9] = renormalized(qx, qy, qz, qw)


@inline_uncounted_kernel
def rigid_kick(bodies, gravity, loads, state, time):
    """Add the impulses of forces (0:3), torques (3:6) and gravity over `time`; a pivot takes the forces, an axis
    the torques that are not along it.
    """
    for i in range(len(bodies)):
        one, s, load = bodies[i], state[i], loads[i]
        if one[13] != 0.0:
            for k in range(3):
                s[3 + k] += time * (load[k] + one[0] * gravity[k])
        tx, ty, tz = load[3], load[4], load[5]
        if one[14] != 0.0 or one[15] != 0.0 or one[16] != 0.0:
            rx, ry, rz = turned(s[6], s[7], s[8], s[9], one[14], one[15], one[16])
            tx += ry * gravity[2] - rz * gravity[1]
            ty += rz * gravity[0] - rx * gravity[2]
            tz += rx * gravity[1] - ry * gravity[0]
        if one[7] != 0.0:
            ax, ay, az = turned(s[6], s[7], s[8], s[9], one[8], one[9], one[10])
            along = ax * tx + ay * ty + az * tz
            tx, ty, tz = along * ax, along * ay, along * az
        s[10] += time * tx
        s[11] += time * ty
        s[12] += time * tz


@inline_kernel
def _kept(rate, time, energy):
    """Return what is left of a momentum that decays at `rate`, less one, and the heat made of `energy`."""
    return math.expm1(-rate * time), -energy * math.expm1(-2.0 * rate * time)


@inline_uncounted_kernel
def rigid_drag(bodies, state, time):
    """Let drag act alone for `time`: dp/dt = -c p/m, dL_k/dt = -c' L_k/I_k; what is lost is added to the heat."""
    for i in range(len(bodies)):
        one, s = bodies[i], state[i]
        if one[5] != 0.0 and one[13] != 0.0:
            p2 = s[3] * s[3] + s[4] * s[4] + s[5] * s[5]
            loss, heat = _kept(one[5] * one[1], time, 0.5 * one[1] * p2)
            for k in range(3, 6):
                s[k] += loss * s[k]
            s[HEAT] += heat
        if one[6] == 0.0:
            continue
        lx, ly, lz = s[10], s[11], s[12]
        if one[7] != 0.0:
            l2 = lx * lx + ly * ly + lz * lz
            loss, heat = _kept(one[6] * one[11], time, 0.5 * one[11] * l2)
            dx, dy, dz = loss * lx, loss * ly, loss * lz
        else:
            l1, l2, l3 = turned_back(s[6], s[7], s[8], s[9], lx, ly, lz)
            loss1, heat1 = _kept(one[6] * one[2], time, 0.5 * one[2] * l1 * l1)
            loss2, heat2 = _kept(one[6] * one[3], time, 0.5 * one[3] * l2 * l2)
            loss3, heat3 = _kept(one[6] * one[4], time, 0.5 * one[4] * l3 * l3)
            heat = heat1 + heat2 + heat3
            dx, dy, dz = turned(s[6], s[7], s[8], s[9], loss1 * l1, loss2 * l2, loss3 * l3)
        s[10], s[11], s[12] = lx + dx, ly + dy, lz + dz
        s[HEAT] += heat
