"""B between two spheres as splines on the faces of a cube: the field function of an interpolant for planets.

On the face that x points to, u = y/x, v = z/x and s = 1/r are the coordinates, the gnomonic ones and one in which the
fields of multipoles are polynomials. B is the 2-form

    B = b_u grad v x grad s + b_v grad s x grad u + b_s grad u x grad v
      = s^3 [b_u (u, -(1 + v^2), u v) + b_v (v, u v, -(1 + u^2))] + s^2 (1 + u^2 + v^2) b_s (1, u, v)

and div B = 0 exactly where the sum of the derivatives of b is zero, as it is for the splines of
`magneton.kernels.em_grid`. The other faces are this one with the axes in turn, and the origin as centre of symmetry.
"""

import math

import numpy as np

from magneton._jit import field_function, inline_kernel, kernel
from magneton.kernels import quantities
from magneton.kernels.em_grid import LANES, ROWS, flux, flux_gradient, set_weights

_EM_GRAD, _EM_POTENTIALS = quantities.EM_GRAD, quantities.EM_POTENTIALS
#: Where the tables begin.
SHELL_HEAD = 8


@inline_kernel
def _vector(u, v, s, b):
    """Return B from the 2-form, on the face that x points to."""
    uu, vv, uv = 1.0 + u * u, 1.0 + v * v, u * v
    s2 = s * s
    s3, radial = s2 * s, s2 * (uu + v * v) * b[2]
    return (
        s3 * (b[0] * u + b[1] * v) + radial,
        s3 * (b[1] * uv - b[0] * vv) + radial * u,
        s3 * (b[0] * uv - b[1] * uu) + radial * v,
    )


@kernel
def _gradient(x, u, v, s, b, d, g):
    """Set g, shape (3, 3), to dB_i/dx_j on the face that x points to; d are the derivatives of the 2-form."""
    uu, vv, uv = 1.0 + u * u, 1.0 + v * v, u * v
    s2 = s * s
    s3, q2 = s2 * s, uu + v * v
    du = _vector(u, v, s, (d[0], d[3], d[6]))
    dv = _vector(u, v, s, (d[1], d[4], d[7]))
    ds = _vector(u, v, s, (d[2], d[5], d[8]))
    # What the factors change by; then the derivatives of u, v and s along x, y and z.
    r = s2 * b[2]
    fu = (
        du[0] + s3 * b[0] + 2.0 * u * r,
        du[1] + s3 * b[1] * v + r * (q2 + 2.0 * u * u),
        du[2] + s3 * (b[0] * v - 2.0 * u * b[1]) + 2.0 * uv * r,
    )
    fv = (
        dv[0] + s3 * b[1] + 2.0 * v * r,
        dv[1] + s3 * (b[1] * u - 2.0 * v * b[0]) + 2.0 * uv * r,
        dv[2] + s3 * b[0] * u + r * (q2 + 2.0 * v * v),
    )
    k = 3.0 * s2
    fs = (
        ds[0] + k * (b[0] * u + b[1] * v) + 2.0 * s * q2 * b[2],
        ds[1] + k * (b[1] * uv - b[0] * vv) + 2.0 * s * q2 * b[2] * u,
        ds[2] + k * (b[0] * uv - b[1] * uu) + 2.0 * s * q2 * b[2] * v,
    )
    w = -s3 * x
    for i in range(3):
        g[i, 0] = (-u * fu[i] - v * fv[i]) / x + w * fs[i]
        g[i, 1] = fu[i] / x + w * u * fs[i]
        g[i, 2] = fv[i] / x + w * v * fs[i]


@kernel
def _set_places(p, points, start, count, faces, uvs):
    """Set the face of each point, -1 outside the shell, and u, v, s and the coordinate along the face's axis."""
    for n in range(count):
        x, y, z = points[start + n, 0], points[start + n, 1], points[start + n, 2]
        a, b, c = abs(x), abs(y), abs(z)
        r = math.sqrt(x * x + y * y + z * z)
        on_x, on_y = a >= b and a >= c, b >= c
        along = x if on_x else (y if on_y else z)
        axis = 0 if on_x else (1 if on_y else 2)
        inverse = 1.0 / along
        uvs[0, n] = (y if on_x else (z if on_y else x)) * inverse
        uvs[1, n] = (z if on_x else (x if on_y else y)) * inverse
        uvs[2, n] = 1.0 / r
        uvs[3, n] = along
        face = axis if along > 0.0 else axis + 3
        faces[n] = face if p[0] <= r <= p[1] else -1


@kernel
def _vectors(p, m, size, w, cells, faces, uvs, start, count, width, out):
    """Set B at points start .. start + count, and the other columns to 0 or, outside, nan."""
    for n in range(count):
        if faces[n] < 0:
            for c in range(width):
                out[start + n, c] = math.nan
            continue
        b = flux(p, m, w, cells, n, SHELL_HEAD + faces[n] * size)
        bx, by, bz = _vector(uvs[0, n], uvs[1, n], uvs[2, n], b)
        for c in range(3, width):
            out[start + n, c] = 0.0
        sign, axis = (1.0, faces[n]) if faces[n] < 3 else (-1.0, faces[n] - 3)
        out[start + n, axis] = sign * bx
        out[start + n, (axis + 1) % 3] = sign * by
        out[start + n, (axis + 2) % 3] = sign * bz


@kernel
def _gradients(p, m, size, w, cells, faces, uvs, start, count, out):
    """Set grad B at points start .. start + count."""
    d, g = np.empty(9), np.empty((3, 3))
    for n in range(count):
        if faces[n] < 0:
            continue
        begin = SHELL_HEAD + faces[n] * size
        b = flux(p, m, w, cells, n, begin)
        flux_gradient(p, m, w, cells, n, begin, d)
        sign, axis = (1.0, faces[n]) if faces[n] < 3 else (-1.0, faces[n] - 3)
        # Along -x, -y, -z the signs of B and of the coordinates cancel; s is even and u, v are ratios.
        _gradient(sign * uvs[3, n], uvs[0, n], uvs[1, n], uvs[2, n], b, d, g)
        for a in range(3):
            for c in range(3):
                out[start + n, 3 + 3 * ((axis + a) % 3) + (axis + c) % 3] = g[a, c]


@field_function
def shell_field(what, p, points, out):
    """Evaluate an interpolant between spheres; there is no vector potential.

    params: inner and outer radius, nodes and first node and 1/spacing of u and v, the same of s; then the tables of the
    2-form on the faces of x, y, z, -x, -y, -z.
    """
    m = (int(p[2]) + 4, int(p[2]) + 4, int(p[5]) + 4)
    size = m[0] * m[1] * m[2] * 3
    place, faces, uvs = np.empty(LANES), np.empty(LANES, dtype=np.int64), np.empty((4, LANES))
    cells, w = np.empty((3, LANES), dtype=np.int64), np.empty((3 * ROWS, LANES))
    if what == _EM_POTENTIALS:
        out[:] = np.nan
        return
    for start in range(0, len(points), LANES):
        count = min(LANES, len(points) - start)
        _set_places(p, points, start, count, faces, uvs)
        for a in range(3):
            h = 2 if a < 2 else 5
            for n in range(count):
                place[n] = (uvs[a, n] - p[h + 1]) * p[h + 2]
            rows = w[a * ROWS : (a + 1) * ROWS]
            set_weights(place[:count], 0.0, p[h] - 1.0, p[h + 2], what == _EM_GRAD, cells[a], rows)
        _vectors(p, m, size, w, cells, faces, uvs, start, count, out.shape[1], out)
        if what == _EM_GRAD:
            _gradients(p, m, size, w, cells, faces, uvs, start, count, out)
