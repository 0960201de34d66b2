"""Plane waves: a field function in its own frame.

See `magneton.kernels.electromagnetic` for what a field function is and the layout of its result.
"""

import math

from magneton._jit import field_function, inline_kernel
from magneton.kernels import quantities

_EM_GRAD, _EM_POTENTIALS = quantities.EM_GRAD, quantities.EM_POTENTIALS


@inline_kernel
def _switch(t, ramp):
    """Return how far the wave is switched on, g, and g', g''; g rises from 0 to 1 in the time `ramp`."""
    if not (ramp > 0.0 and t < ramp):
        return 1.0, 0.0, 0.0
    if t <= 0.0:
        return 0.0, 0.0, 0.0
    s = t / ramp
    rest = 1.0 - s
    g = s * s * s * (10.0 + s * (6.0 * s - 15.0))
    return g, 30.0 * s * s * rest * rest / ramp, 60.0 * s * rest * (rest - s) / (ramp * ramp)


@field_function
def plane_wave(what, p, points, out):
    """Evaluate A = g(t) a(psi), B = curl A = g b(psi) and E = -dA/dt, with psi = k.r - omega t + phase.

    params: k (3), omega, phase, ramp, then the parts of b with cos psi (3) and sin psi (3), and those of a.
    """
    k, omega, phase, ramp = p[0:3], p[3], p[4], p[5]
    bc, bs, ac, as_ = p[6:9], p[9:12], p[12:15], p[15:18]
    for i in range(len(points)):
        t = points[i, 3]
        angle = (k[0] * points[i, 0] + k[1] * points[i, 1] + k[2] * points[i, 2]) - omega * t + phase
        c, s = math.cos(angle), math.sin(angle)
        g, g1, g2 = _switch(t, ramp)
        for j in range(3):
            a, turned_a = ac[j] * c + as_[j] * s, as_[j] * c - ac[j] * s  # a and da/dpsi
            if what == _EM_POTENTIALS:
                out[i, j] = g * a
                continue
            b, turned_b = bc[j] * c + bs[j] * s, bs[j] * c - bc[j] * s
            e = g * omega * turned_a - g1 * a
            out[i, j] = g * b
            if what != _EM_GRAD:
                out[i, 3 + j] = e
                continue
            e_slope = -g * omega * a - g1 * turned_a
            out[i, 12 + j] = e
            out[i, 15 + j] = g1 * b - g * omega * turned_b
            out[i, 27 + j] = g1 * omega * turned_a - g2 * a - omega * e_slope
            for m in range(3):
                out[i, 3 + 3 * j + m] = g * turned_b * k[m]
                out[i, 18 + 3 * j + m] = e_slope * k[m]
        if what == _EM_POTENTIALS:
            out[i, 3] = 0.0
