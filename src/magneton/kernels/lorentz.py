"""The Lorentz force on one charge, in the variables x and u = gamma v.

    dx/dt = u/gamma,    du/dt = (q/m) (E + u x B/gamma),    gamma^2 = 1 + u^2/c^2

Source: [Jackson1999]_ eq. 12.1, divided by the mass.
"""

import math

import numpy as np

from magneton._jit import call_field_function, inline_uncounted_kernel, uncounted_kernel
from magneton.constants import c
from magneton.kernels import quantities
from magneton.kernels.dipole import dipole_B
from magneton.kernels.field import BODY, BODY_PARAMS, DIPOLE, MU0_4PI, UNIFORM, to_global, to_local

_PER_C2 = 1.0 / float(c) ** 2
_B, _EM = quantities.B, quantities.EM


def point_workspace():
    """Return the rows that `em_point` needs: a place (and time) and the field there, of bodies and of timed fields."""
    return np.zeros((1, 3)), np.zeros((1, 3)), np.zeros((1, 4)), np.zeros((1, 6))


@uncounted_kernel
def _body_point(p, x, y, z, rows):
    """Leave B of a magnet at rest in the second of the rows."""
    place, values = rows[0], rows[1]
    place[0, 0], place[0, 1], place[0, 2] = to_local(p, x, y, z)
    call_field_function(np.int64(p[13]), _B, p[BODY_PARAMS:], place, values)
    to_global(p, values)


@uncounted_kernel
def _timed_point(p, x, y, z, t, rows):
    """Leave B and E of a timed field in the last of the rows."""
    place, values = rows[2], rows[3]
    place[0, 0], place[0, 1], place[0, 2] = to_local(p, x, y, z)
    place[0, 3] = t
    call_field_function(np.int64(p[13]), _EM, p[BODY_PARAMS:], place, values)
    if p[3] != 1.0 or p[7] != 1.0 or p[11] != 1.0:
        to_global(p, values[:, :3])
        to_global(p, values[:, 3:])


@inline_uncounted_kernel
def em_point(kinds, starts, params, x, y, z, t, rows, out):
    """Set `out` to B (T) and E (V/m), six floats, at one place and time; `rows` is a `point_workspace`.

    The same sum as `magneton.kernels.electromagnetic.em_block`, whose blocks cost five times a dipole's field when
    they hold one point.
    """
    bx = by = bz = ex = ey = ez = 0.0
    for i in range(len(kinds)):
        first = starts[i]
        if kinds[i] == DIPOLE:
            x0, y0, z0 = params[first], params[first + 1], params[first + 2]
            mx, my, mz = params[first + 3], params[first + 4], params[first + 5]
            b = dipole_B(x - x0, y - y0, z - z0, MU0_4PI * mx, MU0_4PI * my, MU0_4PI * mz)
            bx, by, bz = bx + b[0], by + b[1], bz + b[2]
        elif kinds[i] == UNIFORM:
            bx, by, bz = bx + params[first], by + params[first + 1], bz + params[first + 2]
        elif kinds[i] == BODY:
            _body_point(params[first : starts[i + 1]], x, y, z, rows)
            bx, by, bz = bx + rows[1][0, 0], by + rows[1][0, 1], bz + rows[1][0, 2]
        else:
            _timed_point(params[first : starts[i + 1]], x, y, z, t, rows)
            values = rows[3]
            bx, by, bz = bx + values[0, 0], by + values[0, 1], bz + values[0, 2]
            ex, ey, ez = ex + values[0, 3], ey + values[0, 4], ez + values[0, 5]
    out[0], out[1], out[2], out[3], out[4], out[5] = bx, by, bz, ex, ey, ez


@inline_uncounted_kernel
def lorentz_rhs(t, y, dy, kinds, starts, params, ratio, rows, em):
    """Set `dy` to the rates of y = (x, u) of a charge of `ratio` = q/m (C/kg) at `t` (s), `em` to the field there."""
    em_point(kinds, starts, params, y[0], y[1], y[2], t, rows, em)
    bx, by, bz = em[0], em[1], em[2]
    slow = 1.0 / math.sqrt(1.0 + (y[3] * y[3] + y[4] * y[4] + y[5] * y[5]) * _PER_C2)
    vx, vy, vz = slow * y[3], slow * y[4], slow * y[5]
    dy[0], dy[1], dy[2] = vx, vy, vz
    dy[3] = ratio * (em[3] + (vy * bz - vz * by))
    dy[4] = ratio * (em[4] + (vz * bx - vx * bz))
    dy[5] = ratio * (em[5] + (vx * by - vy * bx))
