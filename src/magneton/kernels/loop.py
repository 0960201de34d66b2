r"""The circular current loop: B, A and grad B in closed form, without cancellation anywhere.

The loop of radius a lies in the plane z = 0 about the origin. With rho^2 = x^2 + y^2 every component is a
combination of integrals of cos^n(phi)/R^p over the loop, R^2 = a^2 + rho^2 + z^2 - 2 a rho cos(phi). Let

    alpha^2 = (a - rho)^2 + z^2,  beta^2 = (a + rho)^2 + z^2,  kc = alpha/beta,  k^2 = 1 - kc^2 = 4 a rho/beta^2

The arithmetic-geometric mean of beta and alpha gives K = pi beta/(2 agm), and its differences c_n (all
positive) give the sum

    u = sum_{n>=1} 2^(n-1) c_n^2/(beta^2 k^4),     E = K (1 - k^2/2 - k^4 u),

in which u runs from 1/16 on the axis to 1/2 at the wire. Written with K, E and u, no term cancels another:
neither on the axis, nor at the wire, nor far away. (Textbook forms in K and E lose the square of the
distance far away, and all digits on the axis.) Near the wire rho - a comes from x^2 + y^2 - a^2 in
double-double, so that the Cartesian floats count as exact.

B and A are the classical results ([Smythe1989]_ sec. 7.10); the AGM and
its sum are in [AbramowitzStegun1964]_ 17.6. All results are for unit mu_0 I/(4 pi); on the wire they are nan.
"""

import math

import numpy as np

from magneton._jit import fma, inline_kernel
from magneton.numerics.double_double import ring_excess

# Closer to the wire than this (squared, in units of the diameter) counts as on it.
_ON_THE_WIRE = 1e-60
#: Steps of the mean after the first two. They bring c/a below 0.046 for alpha/beta down to 1e-30, and power
#: series in (c/a)^2 do the rest.
MEAN_STEPS = 4


@inline_kernel
def geometry(x, y, z, a):
    """Return rho, rho - a, alpha^2 (nan on the wire) and beta^2."""
    rho = math.sqrt(x * x + y * y)
    gap = ring_excess(x, y, a) / (rho + a)
    z2 = z * z
    alpha2 = gap * gap + z2
    beta2 = (rho + a) * (rho + a) + z2
    return rho, gap, alpha2 if alpha2 > _ON_THE_WIRE * beta2 else np.nan, beta2


@inline_kernel
def mean_begin(alpha2, beta2):
    """Return the first arithmetic mean of alpha and beta, and their product."""
    alpha, beta = math.sqrt(alpha2), math.sqrt(beta2)
    return 0.5 * (alpha + beta), alpha * beta


@inline_kernel
def mean_step(mean, product):
    """Return the next arithmetic mean, the next product of the two means, and their difference c squared."""
    geometric = math.sqrt(product)
    c = 0.5 * (mean - geometric)
    return 0.5 * (mean + geometric), mean * geometric, c * c


@inline_kernel
def mean_end(a, rho, beta2, first, second, mean, c2, tail, weight):
    """Return K/beta and u from the first two means, the last with its c^2, and the sum of c^2 before it."""
    both = 1.0 / (mean * second)
    over_mean = both * second
    q = c2 * over_mean * over_mean
    tail += weight * c2 * fma(q, fma(q, fma(q, 41.0 / 1024.0, 1.0 / 16.0), 0.125), 1.0)
    series = fma(q, 3969.0 / 65536.0, 1225.0 / 16384.0)
    series = fma(q, fma(q, fma(q, fma(q, series, 25.0 / 256.0), 9.0 / 64.0), 0.25), 1.0)
    inverse = 1.0 / first
    c1 = a * rho * inverse
    # c_2/c_1 = c_1/(4 a_2) is exact for small c_1, where a difference of means would be noise; below 1e-4 the
    # later terms are below rounding, and their differences noise too.
    ratio = 0.25 * c1 * (both * mean)
    relative_tail = tail / (c1 * c1) if c1 > 1e-4 * first else 0.0
    u = 0.0625 * beta2 * inverse * inverse * (1.0 + 2.0 * ratio * ratio + relative_tail)
    return 0.5 * math.pi * over_mean * series, u


@inline_kernel
def complete_integrals(a, rho, alpha2, beta2):
    """Return K/beta and u."""
    first, product = mean_begin(alpha2, beta2)
    second, product, _ = mean_step(first, product)
    mean, tail, weight = second, 0.0, 4.0
    for _ in range(MEAN_STEPS):
        mean, product, c2 = mean_step(mean, product)
        tail += weight * c2
        weight *= 2.0
    mean, product, c2 = mean_step(mean, product)
    return mean_end(a, rho, beta2, first, second, mean, c2, tail, weight)


@inline_kernel
def assemble_B(x, y, z, a, rho, gap, alpha2, beta2, big_k, u):
    """Return (Bx, By, Bz) from the elliptic integrals.

    B_rho = a z M1 and B_z = a [a (M0 - M1) - (rho - a) M1], where M_n is the integral of cos^n(phi)/R^3.
    """
    over_beta2 = 1.0 / beta2
    k2_rho = 4.0 * a * over_beta2
    k2 = k2_rho * rho
    m1_rho = 4.0 * big_k * k2_rho * (0.5 - (2.0 - k2) * u) / alpha2
    m01 = 8.0 * big_k * (0.5 + k2 * u) * over_beta2
    radial = a * z * m1_rho
    return radial * x, radial * y, a * (a * m01 - gap * rho * m1_rho)


@inline_kernel
def loop_B(x, y, z, a):
    """Return (Bx, By, Bz) of the unit loop, in units of mu_0 I/(4 pi): 1/m."""
    rho, gap, alpha2, beta2 = geometry(x, y, z, a)
    big_k, u = complete_integrals(a, rho, alpha2, beta2)
    return assemble_B(x, y, z, a, rho, gap, alpha2, beta2, big_k, u)


@inline_kernel
def loop_A(x, y, z, a):
    """Return (Ax, Ay, Az) of the unit loop, in units of mu_0 I/(4 pi): a pure number.

    A_phi = 8 a (K/beta) k^2 u.
    """
    rho, _, alpha2, beta2 = geometry(x, y, z, a)
    big_k, u = complete_integrals(a, rho, alpha2, beta2)
    a_phi_rho = 32.0 * a * a * big_k * u / beta2
    return -a_phi_rho * y, a_phi_rho * x, 0.0 * a_phi_rho


@inline_kernel
def loop_B_grad(x, y, z, a):
    """Return B (3) and dB_i/dx_j (xx, xy, xz, yy, yz; symmetric, traceless) of the unit loop, per mu_0 I/(4 pi).

    With N_n the integral of cos^n(phi)/R^5: dB_rho/drho = -3 a z [(rho - a) N1 + a (N1 - N2)],
    dB_rho/dz = a (M1 - 3 z^2 N1), and dB_z/dz = -(dB_rho/drho + B_rho/rho).
    """
    rho, gap, alpha2, beta2 = geometry(x, y, z, a)
    big_k, u = complete_integrals(a, rho, alpha2, beta2)
    k2_rho = 4.0 * a / beta2
    k2 = k2_rho * rho
    big_e = big_k * ((1.0 - 0.5 * k2) - k2 * k2 * u)
    kc2 = alpha2 / beta2
    m1_rho = 4.0 * big_k * k2_rho * (0.5 - (2.0 - k2) * u) / alpha2
    m01 = 8.0 * big_k * (0.5 + k2 * u) / beta2
    # Integrals of cos^2 and cos^4 of the half angle over Delta^5, and from them N1/rho and N1 - N2.
    p1 = (2.0 * big_e + big_k * (k2 * u - 0.5)) / (3.0 * kc2)
    p2 = big_k * (1.0 + (2.0 + 2.0 * k2) * u) / 3.0
    n1_rho = 8.0 * k2_rho * (big_e - kc2 * big_k * u) / (3.0 * alpha2 * alpha2)
    n12 = 8.0 * (p1 - 2.0 * p2) / (beta2 * beta2)
    b_over_rho = a * z * m1_rho
    d_rho = -3.0 * a * z * (gap * n1_rho * rho + a * n12)
    d_z_rho = a * (m1_rho - 3.0 * z * z * n1_rho)
    # cos and sin of the azimuth; on the axis any will do, since there d_rho = B_rho/rho.
    inverse = 1.0 / rho if rho > 0.0 else 0.0
    cx = x * inverse
    cy = y * inverse
    split = d_rho - b_over_rho
    return (
        b_over_rho * x,
        b_over_rho * y,
        a * (a * m01 - gap * rho * m1_rho),
        b_over_rho + cx * cx * split,
        cx * cy * split,
        d_z_rho * x,
        b_over_rho + cy * cy * split,
        d_z_rho * y,
    )
