r"""The cylindrical current sheet: what the fields of solenoids and cylinder magnets are made of.

A sheet of radius a between z = -b and z = b carries a unit of azimuthal current per length. Let zeta be the height
of a point over an end, sigma = a^2 + rho^2 - 2 a rho cos(phi), R^2 = sigma + zeta^2, and for each end, zeta >= 0,

    P = a/rho oint cos(phi)/R,                                     (A of the end's loop, over rho)
    Omega = a oint (a - rho cos(phi))/(R (R + zeta)),               (solid angle of the end's disc)
    Wbar = a^2 oint sin^2(phi)/(R (R + zeta)),

with G = 2 pi [rho < a] - Omega and W = Winf - Wbar, Winf = pi min(1, a^2/rho^2), the same for the sheet that goes on
from the end without limit. All fields are sums and differences of these over the two ends: B_rho/rho is that of P,
B_z of G or Omega, A_phi/rho (w below) of W or Wbar ([Conway2001]_, [DerbyOlbert2010]_), and so are the fields of
a cylinder across its axis ([CaciagliEtAl2018]_). Two ways to the integrals, neither of which cancels where it is used:

kc = alpha/beta >= 0.6: the periodic trapezoidal rule, which converges as ((1 - kc)/(1 + kc))^n
[TrefethenWeideman2014]_, for the integrands

    Omega = a^2 oint [Q + 2 rho^2 sin^2 Q'],  Wbar = a^2 oint sin^2 Q,  Q = 1/(R (R + zeta)),  ' = d/d sigma

kc < 0.6: closed forms, gamma = (a - rho)/(a + rho), by one arithmetic-geometric mean:

    G = 4 a zeta/(beta (a + rho)) C,  C = cel(kc, gamma^2, 1, gamma)
    W = 2 a zeta (a + rho)/(beta rho^2) [(1 - gamma) D + gamma (K - C)],  D = (K - E)/k^2

A point far from the sheet, for its length, sees the two ends cancel, beyond `NEAR` by more than a digit: there the
sheet is a Gauss-Legendre sum of loops, whose forms do not cancel (`magneton.kernels.loop`). All sums are per
mu_0/(4 pi).
"""

import math

import numpy as np

from magneton._jit import inline_kernel, kernel
from magneton.kernels.loop import complete_integrals, mean_end
from magneton.numerics.double_double import ring_excess
from magneton.numerics.elliptic import STEPS, cel_end, cel_step

#: alpha/beta from which the trapezoidal rule of 16 nodes serves, and that of 8; and where these begin in the tables.
SMOOTH, SMOOTHER = 0.6, 0.88
RULE_16, RULE_8 = 24, 4
#: Mean distance to the sheet's ends, in half lengths, up to which the ends are taken; from there eight loops will do.
NEAR = 6.7
#: Nodes of the rules of 4, 8, ... 24: sin^2 of phi/2 and of phi, 0 < phi < pi. That of n begins at n (n - 4)/8.
_PHI = np.concatenate([np.pi * (np.arange(m) + 0.5) / m for m in range(4, 25, 4)])
HALF_SINE2, SINE2 = np.sin(0.5 * _PHI) ** 2, np.sin(_PHI) ** 2
#: Gauss-Legendre rules, one after the other; each serves from a mean distance to the sheet's ends of `_REACH` half
#: lengths: the error is the -2n-th power of the Bernstein radius, and below 1e-17.
_RULES = (16, 12, 8, 4, 2)
_REACH = (1.95, 2.9, 6.7, 89.0, 16000.0)
NODES = np.concatenate([np.polynomial.legendre.leggauss(n)[0] for n in _RULES])
WEIGHTS = np.concatenate([np.polynomial.legendre.leggauss(n)[1] for n in _RULES])
#: A point on the cylinder's continuation, gamma = 0, is told from the wall only by this.
_LEAST = 1e-100


@inline_kernel
def rule(reach):
    """Return the first node and the number of nodes for this mean distance to the ends; none if too close."""
    if reach < _REACH[0]:
        return 0, 0
    if reach < _REACH[1]:
        return 0, 16
    if reach < _REACH[2]:
        return 16, 12
    if reach < _REACH[3]:
        return 28, 8
    if reach < _REACH[4]:
        return 36, 4
    return 40, 2


@inline_kernel
def circle(x, y, a):
    """Return rho and rho - a, right to the last digit."""
    rho = math.sqrt(x * x + y * y)
    return rho, ring_excess(x, y, a) / (rho + a)


@inline_kernel
def ratio(rho, gap, zeta, a):
    """Return kc = alpha/beta."""
    far = rho + a
    return math.sqrt((gap * gap + zeta * zeta) / (far * far + zeta * zeta))


# --- one loop, by rho, rho - a and height ---


@inline_kernel
def ring(rho, gap, zeta, a):
    """Return B_rho/rho, B_z and A_phi/rho of a loop (see `magneton.kernels.loop`)."""
    alpha2, beta2 = gap * gap + zeta * zeta, (rho + a) * (rho + a) + zeta * zeta
    big_k, u = complete_integrals(a, rho, alpha2, beta2)
    over_beta2 = 1.0 / beta2
    k2_rho = 4.0 * a * over_beta2
    k2 = k2_rho * rho
    m1_rho = 4.0 * big_k * k2_rho * (0.5 - (2.0 - k2) * u) / alpha2
    m01 = 8.0 * big_k * (0.5 + k2 * u) * over_beta2
    return a * zeta * m1_rho, a * (a * m01 - gap * rho * m1_rho), 32.0 * a * a * big_k * u * over_beta2


# --- one end ---


@inline_kernel
def end_closed(rho, gap, zeta, a):
    """Return P, G, W and K/beta of an end by closed forms, for kc < 0.6."""
    far = rho + a
    z2 = zeta * zeta
    alpha2, beta2 = gap * gap + z2, far * far + z2
    beta = math.sqrt(beta2)
    gamma = -gap / far
    q, c_a, c_b = max(abs(gamma), _LEAST) * beta, 1.0, math.copysign(beta, gamma)
    first, g2, q, c_a, c_b, _ = cel_step(beta, alpha2, q, c_a, c_b)
    second, g2, q, c_a, c_b, _ = cel_step(first, g2, q, c_a, c_b)
    mean, tail, weight = second, 0.0, 4.0
    for _ in range(STEPS - 3):
        mean, g2, q, c_a, c_b, c2 = cel_step(mean, g2, q, c_a, c_b)
        tail += weight * c2
        weight *= 2.0
    mean, g2, q, c_a, c_b, c2 = cel_step(mean, g2, q, c_a, c_b)
    big_k, u = mean_end(a, rho, beta2, first, second, mean, c2, tail, weight)
    big_c = cel_end(mean, q, c_a, c_b)
    big_d = big_k * (0.5 + 4.0 * a * rho / beta2 * u)
    big_w = 2.0 * a * zeta * far / (rho * rho) * (2.0 * rho / far * big_d + gamma * (big_k - big_c))
    return 32.0 * a * a * big_k * u / beta2, 4.0 * a * zeta / far * big_c, big_w, big_k


@inline_kernel
def smooth_term(rho, gap2, four, zeta, half_sine2, sine2):
    """Return the integrands of Omega and Wbar at a node of the trapezoidal rule; `four` is 4 a rho."""
    r = math.sqrt(gap2 + four * half_sine2 + zeta * zeta)
    total = r + zeta
    q = 1.0 / (r * total)
    sq = sine2 * q
    return q - rho * rho * sq * q * (1.0 + q * total * total), sq


@inline_kernel
def smooth_end(omega, w, gap, limit, nodes, a):
    """Return G, Omega, W and Wbar from the sums over the nodes."""
    scale = a * a * 2.0 * math.pi / nodes
    omega, w = scale * omega, scale * w
    return (2.0 * math.pi if gap < 0.0 else 0.0) - omega, omega, limit - w, w


@inline_kernel
def infinite(rho, gap, a):
    """Return W of a sheet without end."""
    return math.pi if gap < 0.0 else math.pi * (a / rho) * (a / rho)


@kernel
def end_smooth(rho, gap, zeta, a, kc):
    """Return G, Omega, W and Wbar of an end by the trapezoidal rule, for kc >= 0.6."""
    first, nodes = (RULE_16, 16) if kc < SMOOTHER else (RULE_8, 8)
    omega = w = 0.0
    for j in range(first, first + nodes):
        d_omega, d_w = smooth_term(rho, gap * gap, 4.0 * a * rho, zeta, HALF_SINE2[j], SINE2[j])
        omega += d_omega
        w += d_w
    return smooth_end(omega, w, gap, infinite(rho, gap, a), nodes, a)


@kernel
def end(rho, gap, zeta, a):
    """Return P, G, Omega, W, Wbar, kc of an end at height zeta >= 0."""
    kc = ratio(rho, gap, zeta, a)
    if kc < SMOOTH:
        p, g, w, _ = end_closed(rho, gap, zeta, a)
        return p, g, (2.0 * math.pi if gap < 0.0 else 0.0) - g, w, infinite(rho, gap, a) - w, kc
    _, _, p = ring(rho, gap, zeta, a)
    g, omega, w, bar = end_smooth(rho, gap, zeta, a, kc)
    return p, g, omega, w, bar, kc


# --- both ends ---


@inline_kernel
def mean_reach(gap, low, high, half):
    """Return the mean distance to two ends at heights `low` and `high`, in units of half the length between them."""
    return 0.5 * (math.sqrt(gap * gap + low * low) + math.sqrt(gap * gap + high * high)) / half


@inline_kernel
def combine(beside, both_closed, g1, o1, w1, v1, g2, o2, w2, v2):
    """Return B_z, w and N_z from G, Omega, W and Wbar of the nearer and the farther end.

    N_z is that of the discs' charges: 4 pi inside less B_z, without the difference.
    """
    if beside:
        return g1 + g2, w1 + w2, o1 + o2
    if both_closed:
        return g2 - g1, w2 - w1, g1 - g2
    return o1 - o2, v1 - v2, o2 - o1
