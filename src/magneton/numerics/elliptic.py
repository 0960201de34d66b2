r"""Complete elliptic integrals by the arithmetic-geometric mean, with a fixed number of steps and no branches.

Bulirsch's general complete integral ([Bulirsch1969]_, [DLMF2024]_ 19.2.11)

    cel(kc, p, a, b) = integral_0^(pi/2) (a cos^2 t + b sin^2 t)/((cos^2 t + p sin^2 t) Delta) dt,
    Delta^2 = cos^2 t + kc^2 sin^2 t,

is carried along with the means: one step takes (q, a, b), q^2 = p, to ((q + e/q)/2, (a + b/q)/2, (b + a e/q)/2),
with e the product of the means. After `STEPS` steps the means agree to 1e-10 for kc down to 1e-18, and the error
of the integral is the square of that.
"""

import math

from magneton._jit import inline_kernel

#: Steps of the mean from (1, kc).
STEPS = 8


@inline_kernel
def cel_step(mean, geometric2, q, a, b):
    """Return the next arithmetic mean, the next geometric mean squared, q, a, b, and the half difference squared.

    Homogeneous: the means, q and b may have a common factor.
    """
    geometric = math.sqrt(geometric2)
    product = mean * geometric
    inverse = 1.0 / q
    ratio = product * inverse
    c = 0.5 * (mean - geometric)
    return (
        0.5 * (mean + geometric),
        product,
        0.5 * (q + ratio),
        0.5 * (a + b * inverse),
        0.5 * (b + a * ratio),
        c * c,
    )


@inline_kernel
def cel_end(mean, q, a, b):
    """Return the integral over the common factor, once the means agree."""
    return 0.5 * math.pi * (b + a * mean) / (mean * (mean + q))


@inline_kernel
def cel(kc, p, a, b):
    """Return cel(kc, p, a, b) for 1e-18 < kc < 1e18 and p > 0."""
    q = math.sqrt(p)
    mean, geometric2, b = 1.0, kc * kc, b / q
    for _ in range(STEPS):
        mean, geometric2, q, a, b, _ = cel_step(mean, geometric2, q, a, b)
    return cel_end(mean, q, a, b)
