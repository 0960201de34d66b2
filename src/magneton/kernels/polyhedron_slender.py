"""A slender polyhedron at distances of many of its widths, where the closed forms cancel: Gauss over its volume.

The body is the sum of cones from its centroid to its faces. A cone that looks large from the point is halved across
its longest edge; over the others a product rule of Gauss integrates the fields of dipoles, with as many nodes as the
distance asks for. The error falls like rho^(-2 n), rho = q + sqrt(q^2 - 1), for a point q cone sizes away
[TrefethenWeideman2014]_.
"""

import math

import numpy as np

from magneton._jit import kernel
from magneton.constants import mu_0
from magneton.kernels.polyhedron_sums import (
    CENTRE,
    MAGNETIZATION,
    SLENDER,
    edge_start,
    face_start,
    three,
    vertex_start,
)
from magneton.kernels.quantities import GRAD, POTENTIAL, A, H

_MU_0 = float(mu_0)
_MOST = 12
_NODES, _WEIGHTS = np.zeros((_MOST + 1, _MOST)), np.zeros((_MOST + 1, _MOST))
for _n in range(1, _MOST + 1):
    _x, _w = np.polynomial.legendre.leggauss(_n)
    _NODES[_n, :_n], _WEIGHTS[_n, :_n] = 0.5 * (_x + 1.0), 0.5 * _w
#: Cones nearer than this many of their sizes are halved.
_NEAR = 2.5
_HALVINGS = 64


@kernel
def is_slender_from(params, x, y, z):
    """Return whether the point is more than SLENDER away from each edge."""
    least = params[SLENDER] * params[SLENDER]
    for e in range(int(params[1])):
        edge = edge_start(params, e)
        vx, vy, vz = three(params, vertex_start(params, params[edge]))
        tx, ty, tz = three(params, edge + 3)
        ax, ay, az = x - vx, y - vy, z - vz
        s = min(max(ax * tx + ay * ty + az * tz, 0.0), params[edge + 2])
        ax, ay, az = ax - s * tx, ay - s * ty, az - s * tz
        if not ax * ax + ay * ay + az * az > least:
            return False
    return True


@kernel
def _add_dipole(what, d, m, weight, out):
    """Add 4 pi times the field of a dipole at the distance d, with m that of the whole: for A, over mu_0."""
    r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2]
    over2 = 1.0 / r2
    over3 = weight * over2 * math.sqrt(over2)
    md = m[0] * d[0] + m[1] * d[1] + m[2] * d[2]
    if what == POTENTIAL:
        out[0] += over3 * md
    elif what == A:
        out[0] += over3 * (m[1] * d[2] - m[2] * d[1])
        out[1] += over3 * (m[2] * d[0] - m[0] * d[2])
        out[2] += over3 * (m[0] * d[1] - m[1] * d[0])
    elif what == GRAD:
        factor = 3.0 * over3 * over2
        for i in range(3):
            for j in range(3):
                part = m[i] * d[j] + m[j] * d[i] - 5.0 * md * over2 * d[i] * d[j]
                out[3 * i + j] += factor * (part + md if i == j else part)
    else:
        for i in range(3):
            out[i] += over3 * (3.0 * md * over2 * d[i] - m[i])


@kernel
def _add_cone(what, point, cone, n, m, out):
    """Add the integral over a cone, given by its corners (12 numbers), by n^3 nodes."""
    ax, ay, az = cone[3] - cone[0], cone[4] - cone[1], cone[5] - cone[2]
    bx, by, bz = cone[6] - cone[0], cone[7] - cone[1], cone[8] - cone[2]
    cx, cy, cz = cone[9] - cone[0], cone[10] - cone[1], cone[11] - cone[2]
    ox, oy, oz = point[0] - cone[0], point[1] - cone[1], point[2] - cone[2]
    for i in range(n):
        u = _NODES[n, i]
        for j in range(n):
            v = (1.0 - u) * _NODES[n, j]
            weight = _WEIGHTS[n, i] * _WEIGHTS[n, j] * (1.0 - u) * (1.0 - u - v)
            for k in range(n):
                w = (1.0 - u - v) * _NODES[n, k]
                d = (
                    ox - u * ax - v * bx - w * cx,
                    oy - u * ay - v * by - w * cy,
                    oz - u * az - v * bz - w * cz,
                )
                _add_dipole(what, d, m, weight * _WEIGHTS[n, k], out)


@kernel
def _looks(point, cone):
    """Return the distance of the cone in sizes, and the numbers of the ends of its longest edge."""
    longest, first, second = 0.0, 0, 1
    for i in range(4):
        for j in range(i):
            length = 0.0
            for k in range(3):
                length += (cone[3 * i + k] - cone[3 * j + k]) ** 2
            if length > longest:
                longest, first, second = length, j, i
    apart = 0.0
    for k in range(3):
        apart += (point[k] - 0.25 * (cone[k] + cone[3 + k] + cone[6 + k] + cone[9 + k])) ** 2
    # No corner is further from the middle of four than three quarters of the longest edge.
    return math.sqrt(apart / longest) / 0.75, first, second


@kernel
def _add_halved(what, point, cones, volume, m, out):
    """Add the integral over the cone cones[0], of this volume, halved as often as it takes."""
    parts = np.zeros(9)
    sizes = np.empty(len(cones))
    sizes[0] = 6.0 * volume
    count = 1
    while count:
        count -= 1
        cone = cones[count]
        ratio, first, second = _looks(point, cone)
        if ratio < _NEAR and count + 2 <= len(cones):
            sizes[count] *= 0.5
            sizes[count + 1] = sizes[count]
            for k in range(12):
                cones[count + 1, k] = cone[k]
            for k in range(3):
                middle = 0.5 * (cone[3 * first + k] + cone[3 * second + k])
                cone[3 * first + k] = middle
                cones[count + 1, 3 * second + k] = middle
            count += 2
            continue
        n = min(_MOST, 2 + int(17.0 / math.log(ratio + math.sqrt(ratio * ratio - 1.0))))
        parts[:] = 0.0
        _add_cone(what, point, cone, n, m, parts)
        for k in range(len(out)):
            out[k] += sizes[count] * parts[k]


@kernel
def slender_field(what, params, x, y, z, out):
    """Set `out` to the quantity at a point beyond SLENDER."""
    out[:] = 0.0
    m = three(params, MAGNETIZATION)
    point = (x, y, z)
    cones = np.empty((_HALVINGS, 12))
    for f in range(int(params[0])):
        face = face_start(f)
        hx, hy, hz = three(params, face + 18)
        wx, wy, wz = three(params, face + 3)
        for k in range(3):
            cones[0, k] = params[CENTRE + k]
            for corner in range(3):
                cones[0, 3 * corner + 3 + k] = params[vertex_start(params, params[face + corner]) + k]
        _add_halved(what, point, cones, (hx * wx + hy * wy + hz * wz) / 6.0, m, out)
    factor = 1.0 / (4.0 * math.pi)
    out *= factor if what in (H, POTENTIAL) else _MU_0 * factor
