"""How far a point is from where a field is singular: what tells near from far in integrals and orbits."""

import math

import numpy as np

from magneton._jit import kernel
from magneton.kernels.curve import curve_point
from magneton.kernels.field import BODY, CURVE, DIPOLE, LOOP, POLE, POLE_PAIR, POLYLINE, UNIFORM, to_local


@kernel
def _to_segment(p, x, y, z):
    """Return the distance from a point to the segment whose ends are the six floats `p`."""
    tx, ty, tz = p[3] - p[0], p[4] - p[1], p[5] - p[2]
    dx, dy, dz = x - p[0], y - p[1], z - p[2]
    s = (dx * tx + dy * ty + dz * tz) / (tx * tx + ty * ty + tz * tz)
    s = min(1.0, max(0.0, s))
    return math.sqrt((dx - s * tx) ** 2 + (dy - s * ty) ** 2 + (dz - s * tz) ** 2)


@kernel
def _to_curve(p, x, y, z):
    """Return the distance from a point to a curve: that to its nearest node or, within reach of it, the least."""
    params = p[6 : 6 + int(p[5])]
    x, y, z = x - p[0], y - p[1], z - p[2]
    first, count = 8 + 6 * int(params[0]), int(params[1])
    best, nearest = 0, np.inf
    for i in range(count):
        j = first + 6 * i
        d2 = (x - params[j]) ** 2 + (y - params[j + 1]) ** 2 + (z - params[j + 2]) ** 2
        if d2 < nearest:
            best, nearest = i, d2
    j = first + 6 * best
    element2 = params[j + 3] ** 2 + params[j + 4] ** 2 + params[j + 5] ** 2
    if nearest < 16.0 * element2:
        t = 2.0 * math.pi * best / count
        for _ in range(12):
            px, py, pz, dx, dy, dz = curve_point(params, t)
            ex, ey, ez = x - px, y - py, z - pz
            nearest = min(nearest, ex * ex + ey * ey + ez * ez)
            t += (ex * dx + ey * dy + ez * dz) / (dx * dx + dy * dy + dz * dz)
    return math.sqrt(nearest)


@kernel
def _nearest(kinds, starts, params, x, y, z, inner):
    """Return the distance to the nearest singularity; next to a body or in it `inner` of the body's radius."""
    nearest = np.inf
    for i in range(len(kinds)):
        p = params[starts[i] : starts[i + 1]]
        kind = kinds[i]
        if kind == LOOP:
            lx, ly, lz = to_local(p, x, y, z)
            d = math.hypot(math.hypot(lx, ly) - p[12], lz)
        elif kind == DIPOLE or kind == POLE:
            d = math.sqrt((x - p[0]) ** 2 + (y - p[1]) ** 2 + (z - p[2]) ** 2)
        elif kind == POLE_PAIR:
            dx, dy, dz = x - p[0], y - p[1], z - p[2]
            hx, hy, hz = 0.5 * p[4], 0.5 * p[5], 0.5 * p[6]
            north = (dx - hx) ** 2 + (dy - hy) ** 2 + (dz - hz) ** 2
            d = math.sqrt(min(north, (dx + hx) ** 2 + (dy + hy) ** 2 + (dz + hz) ** 2))
        elif kind == POLYLINE:
            d = np.inf
            for j in range(int(p[6]) - 1):
                d = min(d, _to_segment(p[7 + 3 * j : 13 + 3 * j], x, y, z))
        elif kind == CURVE:
            d = _to_curve(p, x, y, z)
        elif kind == BODY:
            d = max(inner * p[12], math.sqrt((x - p[0]) ** 2 + (y - p[1]) ** 2 + (z - p[2]) ** 2) - p[12])
        elif kind == UNIFORM:
            d = np.inf
        else:
            d = 0.0
        nearest = min(nearest, d)
    return nearest


@kernel
def field_clearance(kinds, starts, params, x, y, z):
    """Return the distance from a point to the nearest current, pole or dipole: where the field is singular.

    Of a body the distance to the sphere that holds it. Infinite for a uniform field, zero for a user's own function,
    of which nothing is known.
    """
    return _nearest(kinds, starts, params, x, y, z, 0.0)


@kernel
def field_grain(kinds, starts, params, x, y, z):
    """Return the length over which the field changes: the clearance, but never zero beside a body.

    What a body's field does between its surface and the sphere that holds it is not known here; rounding of places
    is judged by a thirtieth of that sphere's radius.
    """
    return _nearest(kinds, starts, params, x, y, z, 0.03)
