r"""The relativistic guiding centre in the Hamiltonian form of Cary & Brizard [CaryBrizard2009]_ (sec. VI).

With u = p_par/m, gamma^2 = 1 + u^2/c^2 + 2 mu B/(m c^2), and the fields at the guiding centre,

    B* = B + (m u/q) curl b,        E* = E - (1/q) (m u db/dt + (mu/gamma) grad B),
    dR/dt = (u/gamma) B*/B*_par + E* x b/B*_par,        m du/dt = q E*.B*/B*_par.

These conserve gamma m c^2 + q phi where nothing depends on time, and the volume B*_par d^3R dp_par, at any step
length of an exact solver: they are no expansion to be truncated. mu = p_perp^2/(2 m B) is constant.
"""

import math

from magneton._jit import inline_kernel
from magneton.constants import c

_C2 = float(c) ** 2


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
    """Return dR/dt (3) and du/dt, u = p_par/m, for the column g = EM_GRAD."""
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
    parallel = 1.0 / (bx * sx + by * sy + bz * sz)
    speed = u / gamma
    return (
        (speed * sx + (ey * bz - ez * by)) * parallel,
        (speed * sy + (ez * bx - ex * bz)) * parallel,
        (speed * sz + (ex * by - ey * bx)) * parallel,
        (charge / mass) * (ex * sx + ey * sy + ez * sz) * parallel,
    )
