"""A field from outside that is the same everywhere and changes in time, acting on rigid bodies.

With a field B(t) the energy -m.B(t) depends on the time itself. In the phase space that has time as a coordinate,
H + p_t is conserved, and a kick changes p_t by m.dB/dt times its length [HairerLubichWanner2006]_: -p_t is the work
that the field has done, to the order of the steps and without drift.
"""

import math

from magneton._jit import call_field_function, field_function, inline_uncounted_kernel, kernel
from magneton.kernels.moment_terms import PULSE, RAMP, SINE, wave

#: Where a body's state holds the work that the field has done on it.
WORK = 17
#: How near the ends of a ramp its slope is taken as the mean of both sides, relative to its length: steps end there
#: but for rounding.
_NEAR = 1e-9


@kernel
def wave_rate(shape, p, q, r, t):
    """Return the derivatives in time of the two weights of `magneton.kernels.moment_terms.wave`."""
    if shape == RAMP:
        slope, near = 1.0 / (q - p), _NEAR * (q - p)
        if abs(t - p) < near or abs(t - q) < near:
            return 0.5 * slope, 0.0
        return slope if p < t < q else 0.0, 0.0
    if shape == SINE:
        return p * math.cos(p * t + q), 0.0
    if shape == PULSE:
        away = (t - p) / q
        return -away / q * math.exp(-0.5 * away * away), 0.0
    return -p * math.sin(p * t + q), p * math.cos(p * t + q)


@field_function
def rigid_drive(what, params, points, out):
    """Set rows of `out` to B and dB/dt at the time ``points[0, 0]`` of waves: rows of 10, flat, see `wave`.

    There is one quantity only: `what` plays no part. Compiled apart, since few runs have a drive.
    """
    t = points[0, 0]
    out[:2] = 0.0
    for i in range(0, len(params), 10):
        row = params[i : i + 10]
        shape = int(row[6])
        first, second = wave(shape, row[7], row[8], row[9], t)
        faster, slower = wave_rate(shape, row[7], row[8], row[9], t)
        for k in range(3):
            out[0, k] += first * row[k] + second * row[3 + k]
            out[1, k] += faster * row[k] + slower * row[3 + k]


@inline_uncounted_kernel
def driven(address, waves, uniform, t, points, rates, field):
    """Set `field` to a constant field and that of `rigid_drive`, if its address is not 0, and rates[1] to its rate."""
    for k in range(3):
        field[k] = uniform[k]
    if address != 0:
        points[0, 0] = t
        call_field_function(address, 0, waves, points, rates)
        for k in range(3):
            field[k] += rates[0, k]


@inline_uncounted_kernel
def add_work(moments, placed, rate, state, time):
    """Book the work of a kick: -m.dB/dt times its length, for moments that `place_moments` has placed."""
    for a in range(len(moments)):
        m = placed[a]
        state[int(moments[a, 0]), WORK] -= time * (m[0] * rate[0] + m[1] * rate[1] + m[2] * rate[2])
