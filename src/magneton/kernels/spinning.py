r"""Charges that turn with a rigid body about the z axis: ring, sphere surface, solid sphere.

The ring is a loop of I = q omega/(2 pi). A charged surface has the currents of a sphere of magnetization
M = q omega/(4 pi R) along z. The solid sphere is a pile of such surfaces: outside a dipole of q omega R^2/5, inside

    A = mu_0 rho omega x r (R^2/6 - r^2/10),    B = mu_0 rho [omega (R^2/3 - 2 r^2/5) + r (omega.r)/5],

rho = 3 q/(4 pi R^3). H is B/mu_0: these are free currents. They vanish on the axis, so that at the poles of its
surface B of the shell and grad B of the solid sphere do not jump as they do, and are nan, all around.
"""

import math

import numpy as np

from magneton._jit import field_function, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.loop import loop_A, loop_B, loop_B_grad
from magneton.kernels.sphere import sphere_excess, sphere_point

RING, SHELL, SOLID_SPHERE = range(3)
_MU0 = float(mu_0)
_MU0_4PI = _MU0 / (4.0 * math.pi)
_A, _B, _GRAD, _POTENTIAL, _H = (
    quantities.A,
    quantities.B,
    quantities.GRAD,
    quantities.POTENTIAL,
    quantities.H,
)


@kernel
def _ring(what, x, y, z, radius, current, out):
    """Set `out` to A, B or grad B of a loop."""
    unit = _MU0_4PI * current
    if what == _A:
        ax, ay, az = loop_A(x, y, z, radius)
        out[0], out[1], out[2] = unit * ax, unit * ay, unit * az
    elif what == _B:
        bx, by, bz = loop_B(x, y, z, radius)
        out[0], out[1], out[2] = unit * bx, unit * by, unit * bz
    else:
        _, _, _, xx, xy, xz, yy, yz = loop_B_grad(x, y, z, radius)
        out[0], out[1], out[2] = unit * xx, unit * xy, unit * xz
        out[3], out[4], out[5] = out[1], unit * yy, unit * yz
        out[6], out[7], out[8] = out[2], out[5], -(out[0] + out[4])


@kernel
def _shell(what, x, y, z, radius, turn, out):
    """Set `out` to A, B or grad B; `turn` is q omega. A is continuous; B jumps at the surface, but for the poles."""
    m = turn / (4.0 * math.pi * radius)
    if sphere_excess(x, y, z, radius) != 0.0:
        sphere_point(what, np.array([radius, 0.0, 0.0, m]), x, y, z, out)
        return
    out[:] = np.nan
    inside = 2.0 * _MU0 * m / 3.0
    if what == _A:
        out[0], out[1], out[2] = -0.5 * inside * y, 0.5 * inside * x, 0.0
    elif what == _B and x == 0.0 and y == 0.0:
        out[0], out[1], out[2] = 0.0, 0.0, inside


@kernel
def _solid_sphere(what, x, y, z, radius, turn, out):
    """Set `out` to A, B or grad B; `turn` is q omega. Only grad B jumps at the surface, but for the poles."""
    side = sphere_excess(x, y, z, radius)
    if side > 0.0:
        m = 3.0 * turn / (20.0 * math.pi * radius)  # the magnetization of the same moment
        sphere_point(what, np.array([radius, 0.0, 0.0, m]), x, y, z, out)
        return
    # In units of the radius; mu_0 rho omega is 3 unit/R^3.
    unit = _MU0_4PI * turn
    x, y, z = x / radius, y / radius, z / radius
    r2 = x * x + y * y + z * z
    if what == _A:
        f = unit * (0.5 - 0.3 * r2)
        out[0], out[1], out[2] = -f * y, f * x, 0.0 * f
    elif what == _B:
        f = unit / radius
        out[0], out[1] = f * 0.6 * x * z, f * 0.6 * y * z
        out[2] = f * (1.0 - 1.2 * (x * x + y * y) - 0.6 * z * z)
    else:
        f = 0.6 * unit / (radius * radius) if side < 0.0 or (x == 0.0 and y == 0.0) else np.nan
        out[0], out[1], out[2] = f * z, 0.0 * f, f * x
        out[3], out[4], out[5] = 0.0 * f, f * z, f * y
        out[6], out[7], out[8] = -4.0 * f * x, -4.0 * f * y, -2.0 * f * z


@field_function
def spinning_field(what, params, points, out):
    """Set `out` to the quantity `what`; `params` begins with the kind, the radius (m) and q omega (A)."""
    if what == _POTENTIAL:
        out[:] = np.nan
        return
    kind, radius, turn = params[0], params[1], params[2]
    asked = _B if what == _H else what
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        if kind == RING:
            _ring(asked, x, y, z, radius, turn / (2.0 * math.pi), out[i])
        elif kind == SHELL:
            _shell(asked, x, y, z, radius, turn, out[i])
        else:
            _solid_sphere(asked, x, y, z, radius, turn, out[i])
        if what == _H:
            out[i] /= _MU0
