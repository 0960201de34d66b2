"""Forces and torques on rigid bodies that carry point moments: of each other, and of a field from outside.

Moments come as rows of 7: the body, the moment and its place in the frame of the body's principal axes. Loads are rows
of 6, force and torque about the body's position; F = grad (m.B) at fixed m, torque = m x B + r x F.
"""

import math

from magneton._jit import call_field_function, inline_kernel, inline_uncounted_kernel, uncounted_kernel
from magneton.constants import mu_0
from magneton.numerics.quaternions import turned

_MU0_4PI = float(mu_0) / (4.0 * math.pi)


@inline_kernel
def dipole_pair(x, y, z, ax, ay, az, bx, by, bz):
    """Return the force of a on b, B of a at b, and B of b at a, for unit mu_0/(4 pi); r from a to b.

    F = 3 [(a.r) b + (b.r) a + (a.b) r - 5 (a.r)(b.r) r/r^2]/r^5 [YungLandeckerVillani1998]_ eq. 42.
    """
    inverse2 = 1.0 / (x * x + y * y + z * z)
    w3 = inverse2 * math.sqrt(inverse2)
    w5 = 3.0 * w3 * inverse2
    ar, br = ax * x + ay * y + az * z, bx * x + by * y + bz * z
    radial = ax * bx + ay * by + az * bz - 5.0 * ar * br * inverse2
    return (
        w5 * (ar * bx + br * ax + radial * x),
        w5 * (ar * by + br * ay + radial * y),
        w5 * (ar * bz + br * az + radial * z),
        w5 * ar * x - w3 * ax,
        w5 * ar * y - w3 * ay,
        w5 * ar * z - w3 * az,
        w5 * br * x - w3 * bx,
        w5 * br * y - w3 * by,
        w5 * br * z - w3 * bz,
    )


@inline_uncounted_kernel
def _add(load, fx, fy, fz, m, bx, by, bz):
    """Add a force F at a moment m and the torque m x B + r x F; `m` holds the moment and r."""
    load[0] += fx
    load[1] += fy
    load[2] += fz
    load[3] += m[1] * bz - m[2] * by + m[4] * fz - m[5] * fy
    load[4] += m[2] * bx - m[0] * bz + m[5] * fx - m[3] * fz
    load[5] += m[0] * by - m[1] * bx + m[3] * fy - m[4] * fx


@inline_uncounted_kernel
def place_moments(moments, state, placed):
    """Set rows of `placed` to the moment (0:3) and its place about the body's position (3:6), global axes."""
    for a in range(len(moments)):
        m, s, out = moments[a], state[int(moments[a, 0])], placed[a]
        qx, qy, qz, qw = s[6], s[7], s[8], s[9]
        out[0], out[1], out[2] = turned(qx, qy, qz, qw, m[1], m[2], m[3])
        out[3] = out[4] = out[5] = 0.0
        if m[4] != 0.0 or m[5] != 0.0 or m[6] != 0.0:
            out[3], out[4], out[5] = turned(qx, qy, qz, qw, m[4], m[5], m[6])


@inline_uncounted_kernel
def _outside(address, params, moments, state, placed, points, values, loads):
    """Add what the field from outside does; return the energy."""
    for a in range(len(moments)):
        for k in range(3):
            points[a, k] = state[int(moments[a, 0]), k] + placed[a, 3 + k]
    call_field_function(address, 0, params, points, values)
    energy = 0.0
    for a in range(len(moments)):
        m, v = placed[a], values[a]
        fx = m[0] * v[3] + m[1] * v[6] + m[2] * v[9]
        fy = m[0] * v[4] + m[1] * v[7] + m[2] * v[10]
        fz = m[0] * v[5] + m[1] * v[8] + m[2] * v[11]
        _add(loads[int(moments[a, 0])], fx, fy, fz, m, v[0], v[1], v[2])
        energy -= m[0] * v[0] + m[1] * v[1] + m[2] * v[2]
    return energy


@uncounted_kernel
def rigid_loads(uniform, address, params, moments, state, scratch, loads):
    """Set the loads of all bodies and return the magnetic energy in joule, each pair once.

    `uniform` is a flux density, to which the field of the function `rigid_outside` at `address` is added, if that is
    not 0. `scratch` holds arrays of 6, 3 and 12 columns and a row for each moment.
    """
    placed, points, values = scratch
    loads[:] = 0.0
    energy = 0.0
    place_moments(moments, state, placed)
    for b in range(len(moments)):
        j, mb = int(moments[b, 0]), placed[b]
        _add(loads[j], 0.0, 0.0, 0.0, mb, uniform[0], uniform[1], uniform[2])
        energy -= mb[0] * uniform[0] + mb[1] * uniform[1] + mb[2] * uniform[2]
        for a in range(b):
            i, ma = int(moments[a, 0]), placed[a]
            if i == j:
                continue
            x = (state[j, 0] - state[i, 0]) + (mb[3] - ma[3])
            y = (state[j, 1] - state[i, 1]) + (mb[4] - ma[4])
            z = (state[j, 2] - state[i, 2]) + (mb[5] - ma[5])
            v = dipole_pair(x, y, z, ma[0], ma[1], ma[2], mb[0], mb[1], mb[2])
            fx, fy, fz = _MU0_4PI * v[0], _MU0_4PI * v[1], _MU0_4PI * v[2]
            bx, by, bz = _MU0_4PI * v[3], _MU0_4PI * v[4], _MU0_4PI * v[5]
            _add(loads[j], fx, fy, fz, mb, bx, by, bz)
            _add(loads[i], -fx, -fy, -fz, ma, _MU0_4PI * v[6], _MU0_4PI * v[7], _MU0_4PI * v[8])
            energy -= mb[0] * bx + mb[1] * by + mb[2] * bz
    if address != 0:
        energy += _outside(address, params, moments, state, placed, points, values, loads)
    return energy
