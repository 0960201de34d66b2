"""Unit quaternions, scalar last, as rotations: products, vectors turned, and turns about an axis of the body.

q stands for the active rotation v -> q v q*, from the body's frame to the global one; (x, y, z, w) with w the scalar,
as scipy has it.
"""

import math

from magneton._jit import inline_kernel


@inline_kernel
def product(ax, ay, az, aw, bx, by, bz, bw):
    """Return a b: b first, then a."""
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by + ay * bw + az * bx - ax * bz,
        aw * bz + az * bw + ax * by - ay * bx,
        aw * bw - ax * bx - ay * by - az * bz,
    )


@inline_kernel
def turned(qx, qy, qz, qw, x, y, z):
    """Return q v q*: the body's vector v in the global frame."""
    tx, ty, tz = 2.0 * (qy * z - qz * y), 2.0 * (qz * x - qx * z), 2.0 * (qx * y - qy * x)
    return (
        x + qw * tx + (qy * tz - qz * ty),
        y + qw * ty + (qz * tx - qx * tz),
        z + qw * tz + (qx * ty - qy * tx),
    )


@inline_kernel
def turned_back(qx, qy, qz, qw, x, y, z):
    """Return q* v q: the global vector v in the body's frame."""
    return turned(-qx, -qy, -qz, qw, x, y, z)


@inline_kernel
def turn(x, y, z, time):
    """Return the quaternion of the turn by |(x, y, z)| `time` about (x, y, z), an angular velocity."""
    rate = math.sqrt(x * x + y * y + z * z)
    half = 0.5 * rate * time
    share = math.sin(half) / rate if rate > 0.0 else 0.0
    return share * x, share * y, share * z, math.cos(half)


@inline_kernel
def renormalized(x, y, z, w):
    """Return a quaternion of almost unit length with the length 1: one step of Newton's, without a root."""
    scale = 1.5 - 0.5 * (x * x + y * y + z * z + w * w)
    return scale * x, scale * y, scale * z, scale * w
