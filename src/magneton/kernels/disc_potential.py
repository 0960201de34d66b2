r"""The potential of the two charged discs at the ends of a cylinder.

A disc of unit charge per area has at height zeta over it the potential a oint (a - rho cos(phi))/(R + zeta), that is
a^2 oint 1/R - rho^2 P - zeta Omega in the words of `magneton.kernels.sheet_ends`, and its slope is -Omega. Where
the two discs nearly cancel, their difference is the integral of Omega over the heights between.
"""

import math

from magneton._jit import kernel
from magneton.kernels.loop import complete_integrals
from magneton.kernels.sheet_ends import (
    NODES,
    SMOOTH,
    WEIGHTS,
    end_closed,
    end_smooth,
    mean_reach,
    ratio,
    rule,
)


@kernel
def _disc_angle(rho, gap, zeta, a):
    """Return Omega."""
    kc = ratio(rho, gap, zeta, a)
    if kc >= SMOOTH:
        _, omega, _, _ = end_smooth(rho, gap, zeta, a, kc)
        return omega
    _, g, _, _ = end_closed(rho, gap, zeta, a)
    return (2.0 * math.pi if gap < 0.0 else 0.0) - g


@kernel
def _disc_potential(rho, gap, zeta, a):
    """Return the integral of 1/R over the disc at distance zeta >= 0."""
    beta2 = (rho + a) * (rho + a) + zeta * zeta
    big_k, u = complete_integrals(a, rho, gap * gap + zeta * zeta, beta2)
    p = 32.0 * a * a * big_k * u / beta2
    return 4.0 * a * a * big_k - rho * rho * p - zeta * _disc_angle(rho, gap, zeta, a)


@kernel
def _angle_integral(rho, gap, middle, half, a, start, nodes):
    """Return the integral of Omega over the heights middle - half to middle + half."""
    total = 0.0
    for i in range(start, start + nodes):
        total += half * WEIGHTS[i] * _disc_angle(rho, gap, middle + half * NODES[i], a)
    return total


@kernel
def _graded_integral(rho, gap, low, high, a):
    """Return the same close to the rim: by panels that shrink towards the singular heights, plus or minus i gap."""
    total = 0.0
    least = max(abs(gap), high * 2.0**-60)
    while high > low:
        bottom = max(low, high / 3.0 if high > least else 0.0)
        total += _angle_integral(rho, gap, 0.5 * (bottom + high), 0.5 * (high - bottom), a, 0, 16)
        high = bottom
    return total


@kernel
def discs_potential(rho, gap, z, a, b):
    """Return the potential of the discs at z = b, charge +1 per area, and z = -b, charge -1."""
    height = abs(z)
    low, high, half = abs(height - b), height + b, min(height, b)
    if half == 0.0:
        return 0.0
    start, nodes = rule(mean_reach(gap, low, high, half))
    if nodes > 0:
        total = _angle_integral(rho, gap, max(height, b), half, a, start, nodes)
    elif half < 0.25 * a:
        total = _graded_integral(rho, gap, low, high, a)
    else:
        total = _disc_potential(rho, gap, low, a) - _disc_potential(rho, gap, high, a)
    return total if z > 0.0 else -total
