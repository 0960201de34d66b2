"""The integrand of force, torque and energy along a line current, for compiled quadrature.

A sample is eleven floats for each unit of the parameter t: force dr/dt x B (3), torque about the pivot (3), energy
-A.dr/dt, the products of magnitudes that these are judged by (3), and how much a rounding error of the
position is amplified, 1 + |r|/d with d the distance to the source's wire.
"""

import math

from magneton._jit import kernel
from magneton.kernels.clearance import field_grain
from magneton.kernels.curve import curve_point
from magneton.kernels.field import field_A, field_B

WIDTH = 11
FORCE, TORQUE, ENERGY, SCALES, NOISE = 0, 3, 6, 7, 10
_CIRCLE, _SEGMENT = 0, 1  # as in magneton.sources.body


@kernel
def circuit_point(kind, p, t):
    """Return the point of a circuit at t and the derivative there, six floats."""
    if kind == _CIRCLE:
        c, s = p[12] * math.cos(t), p[12] * math.sin(t)
        return (
            p[0] + p[3] * c + p[4] * s,
            p[1] + p[6] * c + p[7] * s,
            p[2] + p[9] * c + p[10] * s,
            p[4] * c - p[3] * s,
            p[7] * c - p[6] * s,
            p[10] * c - p[9] * s,
        )
    if kind == _SEGMENT:
        tx, ty, tz = p[3] - p[0], p[4] - p[1], p[5] - p[2]
        return p[0] + t * tx, p[1] + t * ty, p[2] + t * tz, tx, ty, tz
    x, y, z, dx, dy, dz = curve_point(p[3:], t)
    return p[0] + x, p[1] + y, p[2] + z, dx, dy, dz


@kernel
def sample(field, flux, circuit_kind, circuit, pivot, t, out):
    """Set `out` to the integrand at t, for unit current.

    `field` and `flux` are (kinds, starts, params) of all sources, and of those with a vector potential.
    """
    x, y, z, tx, ty, tz = circuit_point(circuit_kind, circuit, t)
    bx, by, bz = field_B(field[0], field[1], field[2], x, y, z)
    ax, ay, az = field_A(flux[0], flux[1], flux[2], x, y, z)
    fx, fy, fz = ty * bz - tz * by, tz * bx - tx * bz, tx * by - ty * bx
    rx, ry, rz = x - pivot[0], y - pivot[1], z - pivot[2]
    out[0], out[1], out[2] = fx, fy, fz
    out[3], out[4], out[5] = ry * fz - rz * fy, rz * fx - rx * fz, rx * fy - ry * fx
    out[6] = -(ax * tx + ay * ty + az * tz)
    speed = math.sqrt(tx * tx + ty * ty + tz * tz)
    size = speed * math.sqrt(bx * bx + by * by + bz * bz)
    out[7] = size
    out[8] = size * math.sqrt(rx * rx + ry * ry + rz * rz)
    out[9] = speed * math.sqrt(ax * ax + ay * ay + az * az)
    clearance = field_grain(field[0], field[1], field[2], x, y, z)
    out[10] = 1.0 + math.sqrt(x * x + y * y + z * z) / clearance
