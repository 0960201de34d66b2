"""Axisymmetric fields with a twist: the flux tube and the tokamak; field functions in their own frame.

See `magneton.kernels.electromagnetic` for what a field function is and the layout of its result.
"""

import math

import numpy as np

from magneton._jit import field_function, inline_kernel, kernel
from magneton.kernels import quantities

_EM_GRAD, _EM_POTENTIALS = quantities.EM_GRAD, quantities.EM_POTENTIALS


@inline_kernel
def _log_ratio(u):
    """Return ln(1 + u)/u, u >= 0, which is 1 at zero."""
    return 1.0 if u == 0.0 else math.log1p(u) / u


@field_function
def flux_tube(what, p, points, out):
    """Evaluate Bz = B0/(1 + r^2/a^2), B_phi = twist r Bz; params: B0, a, twist (1/m).

    A_phi = B0 a^2 ln(1 + r^2/a^2)/(2 r), A_z = -twist B0 a^2 ln(1 + r^2/a^2)/2.
    """
    b0, per_a, twist = p[0], 1.0 / p[1], p[2]
    out[:] = 0.0
    for i in range(len(points)):
        x, y = points[i, 0], points[i, 1]
        u, v = x * per_a, y * per_a
        r2 = u * u + v * v
        if what == _EM_POTENTIALS:
            f = 0.5 * b0 * _log_ratio(r2)
            out[i, 0], out[i, 1], out[i, 2] = -f * y, f * x, -twist * f * (x * x + y * y)
            continue
        w = 1.0 / (1.0 + r2)
        bz = b0 * w
        out[i, 0], out[i, 1], out[i, 2] = -twist * y * bz, twist * x * bz, bz
        if what == _EM_GRAD:
            zx, zy = -2.0 * bz * w * per_a * u, -2.0 * bz * w * per_a * v
            out[i, 3], out[i, 4] = -twist * y * zx, -twist * (bz + y * zy)
            out[i, 6], out[i, 7] = twist * (bz + x * zx), twist * x * zy
            out[i, 9], out[i, 10] = zx, zy


@kernel
def _tokamak_gradient(x, y, z, big_r, d, toroidal, slope, relative, row):
    """Set row[3:12] to dB_i/dx_j, given B in row[:3]; `slope` is psi'/r, `relative` its d ln/d(r^2/2)."""
    r2 = big_r * big_r
    by_r, by_z = slope * relative * d, slope * relative * z
    by_x, by_y = by_r * x / big_r, by_r * y / big_r
    row[3] = -(by_x * x + slope) * z / r2 - 2.0 * x * row[0] / r2
    row[4] = -(by_y * z * x + toroidal) / r2 - 2.0 * y * row[0] / r2
    row[5] = -(by_z * z + slope) * x / r2
    row[6] = (toroidal - by_x * z * y) / r2 - 2.0 * x * row[1] / r2
    row[7] = -(by_y * y + slope) * z / r2 - 2.0 * y * row[1] / r2
    row[8] = -(by_z * z + slope) * y / r2
    outward = (by_r * d + slope * (big_r - d) / big_r) / r2
    row[9], row[10], row[11] = outward * x, outward * y, by_z * d / big_r


@field_function
def tokamak(what, p, points, out):
    """Evaluate B = B0 R0/R e_phi + grad psi x e_phi/R; params: B0, R0, q on the axis, 1/s^2.

    dpsi/dr = B0 r/(q (1 + r^2/s^2)), r^2 = (R - R0)^2 + z^2. A_phi = psi/R, A_z = -B0 R0 ln(R/R0).
    """
    r0, per_s2 = p[1], p[3]
    toroidal, slope_on_axis = p[0] * p[1], p[0] / p[2]
    out[:] = 0.0
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        big_r = math.sqrt(x * x + y * y)
        if big_r == 0.0:
            out[i, :] = np.nan
            continue
        d = big_r - r0
        r2 = big_r * big_r
        minor2 = d * d + z * z
        if what == _EM_POTENTIALS:
            psi = 0.5 * slope_on_axis * minor2 * _log_ratio(minor2 * per_s2)
            out[i, 0], out[i, 1] = -y * psi / r2, x * psi / r2
            out[i, 2] = -toroidal * math.log(big_r / r0)
            continue
        flat = 1.0 / (1.0 + minor2 * per_s2)
        slope = slope_on_axis * flat
        out[i, 0] = -(slope * z * x + toroidal * y) / r2
        out[i, 1] = (toroidal * x - slope * z * y) / r2
        out[i, 2] = slope * d / big_r
        if what == _EM_GRAD:
            _tokamak_gradient(x, y, z, big_r, d, toroidal, slope, -2.0 * per_s2 * flat, out[i])
