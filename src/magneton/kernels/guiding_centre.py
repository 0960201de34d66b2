r"""The relativistic guiding centre in Hamiltonian form [CaryBrizard2009]_, [TaoChanBrizard2007]_.

With u = p_par/m, gamma^2 = 1 + u^2/c^2 + 2 mu B/(m c^2), and the fields at the guiding centre,

    B* = B + (m u/q) curl b,        E* = E - (1/q) (m u db/dt + (mu/gamma) grad B),
    dR/dt = (u/gamma) B*/B*_par + E* x b/B*_par,        m du/dt = q E*.B*/B*_par.

Exactly, these conserve gamma m c^2 + q phi where nothing depends on time, and the volume B*_par d^3R dp_par.
mu = p_perp^2/(2 m B) is constant. They hold for rho << L and for a drift v_E = E x B/B^2 << v: what
is dropped is of order v_E/v, such as m v_E.(db/dt) in m du/dt. They end where B*_par = 0.
"""

import math

import numpy as np

from magneton._jit import call_field_function, inline_kernel, kernel, uncounted_kernel
from magneton.constants import c
from magneton.kernels import quantities
from magneton.kernels.dipole import dipole_B, dipole_grad
from magneton.kernels.field import BODY, BODY_PARAMS, DIPOLE, MU0_4PI, UNIFORM, to_global, to_local

_C2 = float(c) ** 2
_B, _GRAD, _EM_GRAD = quantities.B, quantities.GRAD, quantities.EM_GRAD


@inline_kernel
def unit_field_terms(g):
    """Return B, b, grad B and curl b of the column g = EM_GRAD at a point, 10 floats."""
    strength = math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2])
    inverse = 1.0 / strength
    bx, by, bz = g[0] * inverse, g[1] * inverse, g[2] * inverse
    gx = bx * g[3] + by * g[6] + bz * g[9]
    gy = bx * g[4] + by * g[7] + bz * g[10]
    gz = bx * g[5] + by * g[8] + bz * g[11]
    cx = (g[10] - g[8] + (by * gz - bz * gy)) * inverse
    cy = (g[5] - g[9] + (bz * gx - bx * gz)) * inverse
    cz = (g[6] - g[4] + (bx * gy - by * gx)) * inverse
    return strength, bx, by, bz, gx, gy, gz, cx, cy, cz


@inline_kernel
def guiding_rate(g, u, charge, mass, mu):
    """Return dR/dt (3) and du/dt, u = p_par/m, for the column g = EM_GRAD; nan where B*_par is not positive."""
    strength, bx, by, bz, gx, gy, gz, cx, cy, cz = unit_field_terms(g)
    inverse = 1.0 / strength
    gamma = math.sqrt(1.0 + (u * u + 2.0 * (mu / mass) * strength) / _C2)
    s = mass * u / charge
    sx, sy, sz = g[0] + s * cx, g[1] + s * cy, g[2] + s * cz
    along = (bx * g[15] + by * g[16] + bz * g[17]) * inverse
    push = mu / (gamma * charge)
    ex = g[12] - s * (g[15] * inverse - along * bx) - push * gx
    ey = g[13] - s * (g[16] * inverse - along * by) - push * gy
    ez = g[14] - s * (g[17] * inverse - along * bz) - push * gz
    parallel = bx * sx + by * sy + bz * sz
    # At B*_par = 0 the model ends: beyond it time would run backwards.
    parallel = 1.0 / parallel if parallel > 0.0 else math.nan
    speed = u / gamma
    return (
        (speed * sx + (ey * bz - ez * by)) * parallel,
        (speed * sy + (ez * bx - ex * bz)) * parallel,
        (speed * sz + (ex * by - ey * bx)) * parallel,
        (charge / mass) * (ex * sx + ey * sy + ez * sz) * parallel,
    )


def gradient_workspace():
    """Return the rows that `gradient_point` needs: a place (and time), and what bodies and timed fields give there."""
    return np.zeros((1, 3)), np.zeros((1, 3)), np.zeros((1, 9)), np.zeros((1, 4)), np.zeros((1, 30))


@uncounted_kernel
def _add_dipole(p, x, y, z, out):
    x, y, z = x - p[0], y - p[1], z - p[2]
    mx, my, mz = MU0_4PI * p[3], MU0_4PI * p[4], MU0_4PI * p[5]
    b = dipole_B(x, y, z, mx, my, mz)
    g = dipole_grad(x, y, z, mx, my, mz)
    out[0] += b[0]
    out[1] += b[1]
    out[2] += b[2]
    out[3] += g[0]
    out[4] += g[1]
    out[5] += g[2]
    out[6] += g[1]
    out[7] += g[3]
    out[8] += g[4]
    out[9] += g[2]
    out[10] += g[4]
    out[11] -= g[0] + g[3]


@uncounted_kernel
def _add_body(p, x, y, z, rows, out):
    """Add a magnet at rest, whose function knows B and grad B one at a time."""
    place, values, gradient = rows[0], rows[1], rows[2]
    place[0, 0], place[0, 1], place[0, 2] = to_local(p, x, y, z)
    call_field_function(np.int64(p[13]), _B, p[BODY_PARAMS:], place, values)
    call_field_function(np.int64(p[13]), _GRAD, p[BODY_PARAMS:], place, gradient)
    to_global(p, values)
    to_global(p, gradient)
    for k in range(3):
        out[k] += values[0, k]
    for k in range(9):
        out[3 + k] += gradient[0, k]


@uncounted_kernel
def _add_timed(p, x, y, z, t, rows, out):
    place, values = rows[3], rows[4]
    place[0, 0], place[0, 1], place[0, 2] = to_local(p, x, y, z)
    place[0, 3] = t
    call_field_function(np.int64(p[13]), _EM_GRAD, p[BODY_PARAMS:], place, values)
    if p[3] != 1.0 or p[7] != 1.0 or p[11] != 1.0:
        for first in (0, 12, 15, 27):
            to_global(p, values[:, first : first + 3])
        to_global(p, values[:, 3:12])
        to_global(p, values[:, 18:27])
    for k in range(30):
        out[k] += values[0, k]


@uncounted_kernel
def gradient_point(kinds, starts, params, x, y, z, t, rows, out):
    """Set `out`, 30 floats, to EM_GRAD at one place and time; `rows` is a `gradient_workspace`.

    The same sum as `magneton.kernels.electromagnetic.em_block`, whose blocks cost more than a dipole's field when they
    hold one point.
    """
    for k in range(30):
        out[k] = 0.0
    for i in range(len(kinds)):
        p = params[starts[i] : starts[i + 1]]
        if kinds[i] == DIPOLE:
            _add_dipole(p, x, y, z, out)
        elif kinds[i] == UNIFORM:
            for k in range(3):
                out[k] += p[k]
        elif kinds[i] == BODY:
            _add_body(p, x, y, z, rows, out)
        else:
            _add_timed(p, x, y, z, t, rows, out)


@uncounted_kernel
def guiding_rhs(t, y, dy, kinds, starts, params, charge, mass, mu, rows, em):
    """Set the first four of `dy` to the rates of y = (R, u) at `t` (s), and `em`, 30 floats, to EM_GRAD there."""
    gradient_point(kinds, starts, params, y[0], y[1], y[2], t, rows, em)
    dy[0], dy[1], dy[2], dy[3] = guiding_rate(em, y[3], charge, mass, mu)


@kernel
def guiding_rates(fields, u, charge, mass, mu, out):
    """Set `out` (n, 4) to the rates of guiding centres; `fields` (n, 30) is EM_GRAD in rows, u and mu (n,)."""
    for i in range(len(u)):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = guiding_rate(fields[i], u[i], charge, mass, mu[i])
