"""A random rotation of a direction whose law is that of Brownian motion on the sphere, exactly.

df/dt = nu x (Laplacian on the unit sphere) f. A Brownian rotation R(tau), tau = nu t, carries a direction along a
Brownian path on the sphere, and its density over the rotation group is the group's heat kernel, the `circular
normal distribution` of [NikolayevSavyolov1997]_. Summed in Poisson's way, the density of the angle of rotation is

    g(w) ~ sum_k h(w + 2 pi k),    h(x) = x sin(x/2) exp(-x^2/(4 tau)).

For tau <= 1/4 all of h beyond 2 pi is below 1e-16, and what is left is Maxwell's density x^2 exp(-x^2/(4 tau)) times
sin(x/2)/x: a vector of three normal numbers of variance 2 tau, accepted with the probability sin(x/2)/(x/2), which
happens in exp(-tau/4) of all cases. Longer times are cut in equal pieces. So <P_l(cos)> = exp(-l(l+1) tau)
to rounding for any tau, with no bias from the length of a step.
"""

import math

import numpy as np

from magneton._jit import inline_kernel, kernel
from magneton.numerics.philox import uniforms

_PIECE = 0.25
#: Directions are uniform by now: exp(-2 tau) < 1e-17.
_ISOTROPIC = 20.0
#: The draw for the bridge, which no kick comes near.
_BRIDGE = 0xFFFFFFFF
#: Distance to the cone over the root mean square of a step. The bridge below is that of a flat boundary: a cone seen
#: from far away is a small target, which a step must not reach (with 3 the time comes out 2 % short at R = 1e6).
_FAR = 5.0


@kernel
def _rotation_vector(sigma, key, particle, step, draw):
    """Return a random rotation vector of three normal components, thinned as above, and the next `draw`."""
    while True:
        u0, u1 = uniforms(key, particle, step, draw)
        u2, u3 = uniforms(key, particle, step, draw + 1)
        u4, _ = uniforms(key, particle, step, draw + 2)
        draw += 3
        radius = sigma * math.sqrt(-2.0 * math.log(u0))
        wx, wy = radius * math.cos(2.0 * math.pi * u1), radius * math.sin(2.0 * math.pi * u1)
        wz = sigma * math.sqrt(-2.0 * math.log(u2)) * math.cos(2.0 * math.pi * u3)
        half = 0.5 * math.sqrt(wx * wx + wy * wy + wz * wz)
        if half < math.pi and u4 * half <= math.sin(half):
            return wx, wy, wz, half, draw


@inline_kernel
def _rotated(x, y, z, wx, wy, wz, half):
    """Return (x, y, z) turned about w by the angle |w| = 2 half (Rodrigues)."""
    sinc = math.sin(half) / half if half > 0.0 else 1.0
    first, second = sinc * math.cos(half), 0.5 * sinc * sinc
    cx, cy, cz = wy * z - wz * y, wz * x - wx * z, wx * y - wy * x
    return (
        x + first * cx + second * (wy * cz - wz * cy),
        y + first * cy + second * (wz * cx - wx * cz),
        z + first * cz + second * (wx * cy - wy * cx),
    )


@inline_kernel
def _anywhere(length, key, particle, step):
    """Return a vector of uniformly random direction."""
    u0, u1 = uniforms(key, particle, step, 0)
    rho, azimuth = 2.0 * length * math.sqrt(u0 * (1.0 - u0)), 2.0 * math.pi * u1
    return rho * math.cos(azimuth), rho * math.sin(azimuth), length * (2.0 * u0 - 1.0)


@kernel
def kick(x, y, z, tau, key, particle, step):
    """Return (x, y, z) after scattering for tau = nu dt; its length stays as it is.

    `key`: two words of 32 bits as uint64; `particle` and `step` (below 2^32) say which random numbers to take.
    """
    if tau >= _ISOTROPIC:
        return _anywhere(math.sqrt(x * x + y * y + z * z), key, particle, step)
    pieces = math.ceil(tau / _PIECE)
    draw = 0
    if pieces > 0:
        sigma = math.sqrt(2.0 * tau / pieces)
        for _ in range(pieces):
            wx, wy, wz, half, draw = _rotation_vector(sigma, key, particle, step, draw)
            x, y, z = _rotated(x, y, z, wx, wy, wz, half)
    return x, y, z


@kernel
def kick_vectors(vectors, tau, key, start, stop, out):
    """Set rows `start` to `stop` of `out`, shape (n, 3), to `vectors` scattered for tau, shape (n,)."""
    for i in range(start, stop):
        out[i, 0], out[i, 1], out[i, 2] = kick(vectors[i, 0], vectors[i, 1], vectors[i, 2], tau[i], key, i, 0)


@kernel
def kick_cosines(cosines, tau, key, start, stop, out):
    """Set `out`, shape (n,), to cosines of pitch angles scattered for tau, shape (n,)."""
    for i in range(start, stop):
        xi = cosines[i]
        _, _, z = kick(math.sqrt((1.0 - xi) * (1.0 + xi)), 0.0, xi, tau[i], key, i, 0)
        out[i] = min(max(z, -1.0), 1.0)


@inline_kernel
def _crossing(before, after, tau, random):
    """Return when within tau a path passed a boundary, from its distances, or -1 if it did not.

    A path that ends inside has been outside in between with the probability exp(-d0 d1/tau) of a Brownian bridge:
    the pitch angle has a noise of constant strength 2 tau, and its drift does not matter over a short step.
    """
    if after > 0.0 and random >= math.exp(-before * after / tau):
        return -1.0
    return tau * before / (before + abs(after))


@kernel
def _first_passage(xi, upper, lower, limit, smallest, key, particle):
    """Return nu times the time at which a particle enters a loss cone: pitch angle < upper or > lower."""
    x, y, z = math.sqrt((1.0 - xi) * (1.0 + xi)), 0.0, xi
    angle = math.atan2(x, z)
    elapsed, step = 0.0, 1
    while True:
        above, below = angle - upper, lower - angle
        distance = min(above, below)
        if distance <= 0.0:
            return elapsed
        if elapsed >= limit:
            return np.inf
        tau = min(0.5 * max(distance / _FAR, smallest) ** 2, limit - elapsed)
        x, y, z = kick(x, y, z, tau, key, particle, step)
        angle = math.atan2(math.sqrt(x * x + y * y), z)
        u0, u1 = uniforms(key, particle, step, _BRIDGE)
        at_upper = _crossing(above, angle - upper, tau, u0)
        at_lower = _crossing(below, lower - angle, tau, u1)
        if at_upper >= 0.0 or at_lower >= 0.0:
            return elapsed + max(at_upper, at_lower)
        elapsed += tau
        step += 1


@kernel
def first_passages(xi, upper, lower, limit, smallest, key, start, stop, out):
    """Set `out` to nu times the times of escape, inf where it takes longer than `limit`; arrays of shape (n,)."""
    for i in range(start, stop):
        out[i] = _first_passage(xi[i], upper, lower, limit[i], smallest, key, i)
