"""Electric fields along one axis, and a uniform B that changes in time: field functions in their own frame.

See `magneton.kernels.electromagnetic` for what a field function is and the layout of its result.
"""

import math

from magneton._jit import field_function, inline_kernel
from magneton.kernels import quantities

_EM_GRAD, _EM_POTENTIALS = quantities.EM_GRAD, quantities.EM_POTENTIALS
#: Profiles of an electric potential phi = height f(z / width).
LINEAR, STEP, HILL = range(3)
#: Ways for B(t) to change.
STEADY_RATE, EXPONENTIAL, SINUSOIDAL, TRANSITION = range(4)


@field_function
def uniform_e(what, p, points, out):
    """Evaluate a uniform E; params: Ex Ey Ez. phi = -E.r."""
    out[:] = 0.0
    first = 12 if what == _EM_GRAD else 3
    for i in range(len(points)):
        if what == _EM_POTENTIALS:
            out[i, 3] = -(p[0] * points[i, 0] + p[1] * points[i, 1] + p[2] * points[i, 2])
        else:
            out[i, first], out[i, first + 1], out[i, first + 2] = p[0], p[1], p[2]


@inline_kernel
def _potential_profile(profile, u):
    """Return f, f' and f'' at u."""
    if profile == LINEAR:
        return u, 1.0, 0.0 * u
    if profile == STEP:
        # Both tails from an exponential of their own: 1 - rise would lose the digits of the upper one.
        rise, rest = 1.0 / (1.0 + math.exp(-2.0 * u)), 1.0 / (1.0 + math.exp(2.0 * u))
        slope = 2.0 * rise * rest
        return rise, slope, -2.0 * slope * math.tanh(u)
    f = math.exp(-u * u)
    return f, -2.0 * u * f, (4.0 * u * u - 2.0) * f


@field_function
def parallel_e(what, p, points, out):
    """Evaluate E along z, Ez = -dphi/dz; params: profile, height (V), width (m)."""
    profile, height, width = int(p[0]), p[1], p[2]
    strength = height / width
    out[:] = 0.0
    for i in range(len(points)):
        f, f1, f2 = _potential_profile(profile, points[i, 2] / width)
        if what == _EM_POTENTIALS:
            out[i, 3] = height * f
        elif what == _EM_GRAD:
            out[i, 14] = -strength * f1
            out[i, 26] = -strength / width * f2
        else:
            out[i, 5] = -strength * f1


@inline_kernel
def _transition(first, last, rate, t):
    """Return B, dB/dt and d2B/dt2 of B^2 = (B1^2 + B2^2)/2 + (B2^2 - B1^2)/2 tanh(rate t)."""
    rise, rest = 1.0 / (1.0 + math.exp(-2.0 * rate * t)), 1.0 / (1.0 + math.exp(2.0 * rate * t))
    b = math.sqrt(first * first * rest + last * last * rise)
    # That of B^2; the second derivative is -2 rate tanh(rate t) times the first.
    slope = (last - first) * (last + first) * 2.0 * rate * rise * rest
    b1 = 0.5 * slope / b
    return b, b1, -2.0 * rate * math.tanh(rate * t) * b1 - b1 * b1 / b


@inline_kernel
def _strength_at(p, t):
    """Return B, dB/dt and d2B/dt2 at a time."""
    profile = int(p[0])
    if profile == STEADY_RATE:
        return p[1] + p[2] * t, p[2], 0.0
    if profile == EXPONENTIAL:
        b = p[1] * math.exp(p[2] * t)
        return b, p[2] * b, p[2] * p[2] * b
    if profile == SINUSOIDAL:
        angle = p[3] * t + p[4]
        swing = p[1] * p[2]
        return (
            p[1] + swing * math.sin(angle),
            swing * p[3] * math.cos(angle),
            -swing * p[3] * p[3] * math.sin(angle),
        )
    return _transition(p[1], p[2], p[3], t)


@field_function
def varying_uniform(what, p, points, out):
    """Evaluate B(t) along z and E = -dB/dt x r / 2; params: profile and its numbers. A = B x r / 2, phi = 0."""
    out[:] = 0.0
    for i in range(len(points)):
        x, y = points[i, 0], points[i, 1]
        b, b1, b2 = _strength_at(p, points[i, 3])
        if what == _EM_POTENTIALS:
            out[i, 0], out[i, 1] = -0.5 * b * y, 0.5 * b * x
            continue
        out[i, 2] = b
        if what == _EM_GRAD:
            out[i, 12], out[i, 13] = 0.5 * b1 * y, -0.5 * b1 * x
            out[i, 17] = b1
            out[i, 19], out[i, 21] = 0.5 * b1, -0.5 * b1
            out[i, 27], out[i, 28] = 0.5 * b2 * y, -0.5 * b2 * x
        else:
            out[i, 3], out[i, 4] = 0.5 * b1 * y, -0.5 * b1 * x
