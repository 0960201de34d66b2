"""Current sheets across z: one, and a row of many; field functions in their own frame.

Bz is the same everywhere; Bx and By are functions of z. So A_x = int By dz and A_y = Bz x - int Bx dz, which keeps
p_y. See `magneton.kernels.electromagnetic` for what a field function is and the layout of its result.
"""

import math

import numpy as np

from magneton._jit import field_function, inline_kernel, kernel
from magneton.kernels import quantities

_EM_GRAD, _EM_POTENTIALS = quantities.EM_GRAD, quantities.EM_POTENTIALS
#: How B goes from one side to the other: tanh(z/L), or in a straight line from -L to L.
SMOOTH, STRAIGHT = range(2)
#: Beyond so many L the tanh is 1 to rounding, and what is left of its slope is e^-40 of that in the middle.
_REACH = 20.0


@inline_kernel
def _log_cosh(u):
    """Return ln cosh u to rounding, small u and large alike."""
    u = abs(u)
    if u > _REACH:
        return u - math.log(2.0)
    half = math.sinh(0.5 * u)
    return math.log1p(2.0 * half * half)


@inline_kernel
def _odd_profile(profile, u):
    """Return T(u), which goes from -1 to 1, its slope, and its integral from 0."""
    if profile == SMOOTH:
        c = math.cosh(u)
        return math.tanh(u), 1.0 / (c * c), _log_cosh(u)
    if abs(u) < 1.0:
        return u, 1.0, 0.5 * u * u
    # At the two edges the slope is undefined, and a nan stays a nan.
    slope = 0.0 if abs(u) > 1.0 else np.nan
    return math.copysign(1.0, u) + 0.0 * u, slope, abs(u) - 0.5


@field_function
def sheet(what, p, points, out):
    """Evaluate B = M + D T(z/L); params: profile, L, M (3), Dx, Dy."""
    profile, width = int(p[0]), p[1]
    out[:] = 0.0
    for i in range(len(points)):
        x, z = points[i, 0], points[i, 2]
        value, slope, area = _odd_profile(profile, z / width)
        if what == _EM_POTENTIALS:
            out[i, 0] = p[3] * z + p[6] * width * area
            out[i, 1] = p[4] * x - p[2] * z - p[5] * width * area
            continue
        out[i, 0], out[i, 1], out[i, 2] = p[2] + p[5] * value, p[3] + p[6] * value, p[4]
        if what == _EM_GRAD:
            out[i, 5], out[i, 8] = p[5] * slope / width, p[6] * slope / width


@kernel
def _first_after(positions, z):
    """Return how many of the sorted positions are <= z."""
    low, high = 0, len(positions)
    while low < high:
        middle = (low + high) // 2
        if positions[middle] <= z:
            low = middle + 1
        else:
            high = middle
    return low


@inline_kernel
def _rise(u):
    """Return (1 + tanh u)/2, its slope, and its integral from minus infinity."""
    high = max(u, 0.0)
    if abs(u) > _REACH:
        return (1.0 if u > 0.0 else 0.0), 0.0, high
    tail = math.exp(-2.0 * abs(u))
    near = 1.0 / (1.0 + tail)
    far = tail * near
    return near if u > 0.0 else far, 2.0 * near * far, high + 0.5 * math.log1p(tail)


@field_function
def sheet_row(what, p, points, out):
    """Evaluate n sheets between n + 1 plateaus.

    params: n, Bz, the widest L, n each of z and L, n + 1 each of Bx and By, and n + 1 each of the sums of
    z_i (B_i+1 - B_i) over the sheets before, for x and y.

    B is the plateau below the sheets near z, and of those near (B_i+1 - B_i) (1 + tanh((z - z_i)/L_i))/2. Sheets
    farther than `_REACH` of the widest L are on one side of their step to rounding.
    """
    n, normal, reach = int(p[0]), p[1], _REACH * p[2]
    where, width = p[3 : 3 + n], p[3 + n : 3 + 2 * n]
    fields = p[3 + 2 * n :]
    bx, by, sum_x, sum_y = (
        fields[: n + 1],
        fields[n + 1 : 2 * n + 2],
        fields[2 * n + 2 :],
        fields[3 * n + 3 :],
    )
    out[:] = 0.0
    for i in range(len(points)):
        x, z = points[i, 0], points[i, 2]
        first, last = _first_after(where, z - reach), _first_after(where, z + reach)
        if what == _EM_POTENTIALS:
            out[i, 0] = by[first] * z - sum_y[first]
            out[i, 1] = normal * x - (bx[first] * z - sum_x[first])
        else:
            out[i, 0], out[i, 1], out[i, 2] = bx[first] + 0.0 * z, by[first] + 0.0 * z, normal
        for k in range(first, last):
            dx, dy = bx[k + 1] - bx[k], by[k + 1] - by[k]
            value, slope, area = _rise((z - where[k]) / width[k])
            if what == _EM_POTENTIALS:
                out[i, 0] += dy * width[k] * area
                out[i, 1] -= dx * width[k] * area
                continue
            out[i, 0] += dx * value
            out[i, 1] += dy * value
            if what == _EM_GRAD:
                out[i, 5] += dx * slope / width[k]
                out[i, 8] += dy * slope / width[k]
