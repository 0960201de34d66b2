r"""Two sublattices in each other's mean field, along one axis: minima of their free energy.

For given temperature T, with all in kelvin, h_i = mu_i B/k_B and K_ij = mu_i mu_j mu_0 lambda_ij n_j/k_B,

    Phi(m) = sum_i n_i (-h_i m_i - sum_j K_ij m_i m_j/2 - T s_i(m_i)),   s the entropy of free moments,

is least where T x_i = h_i + sum_j K_ij m_j, m_i = B_i(x_i). Newton's steps in x are taken where the matrix of second
derivatives, T/B_i' - K, is positive, else steps to the fields that the moments make; both go downhill, and are
halved until Phi falls. Spins come as rows (a, b, kappa), see `magneton.kernels.brillouin`.
"""

import math

from magneton._jit import kernel
from magneton.kernels.brillouin import brillouin, brillouin_slope, entropy

_STEPS, _HALVINGS = 500, 40
_ROUNDING = 1e-15
#: A step so short, relative, is the last.
_CLOSE = 1e-14


@kernel
def potential(x, y, T, h, K, n, spins):
    """Return Phi at the magnetizations B_1(x), B_2(y)."""
    m = brillouin(x, spins[0, 0], spins[0, 1], spins[0, 2])
    q = brillouin(y, spins[1, 0], spins[1, 1], spins[1, 2])
    first = -m * (h[0] + 0.5 * (K[0, 0] * m + K[0, 1] * q))
    second = -q * (h[1] + 0.5 * (K[1, 0] * m + K[1, 1] * q))
    first -= T * entropy(x, spins[0, 0], spins[0, 1], spins[0, 2])
    second -= T * entropy(y, spins[1, 0], spins[1, 1], spins[1, 2])
    return n[0] * first + n[1] * second


@kernel
def _excess(x, y, T, h, K, spins):
    """Return what the mean fields exceed T x and T y by."""
    m = brillouin(x, spins[0, 0], spins[0, 1], spins[0, 2])
    q = brillouin(y, spins[1, 0], spins[1, 1], spins[1, 2])
    return h[0] + K[0, 0] * m + K[0, 1] * q - T * x, h[1] + K[1, 0] * m + K[1, 1] * q - T * y


@kernel
def _step(x, y, T, K, f, g, spins):
    """Return the step from (x, y), and whether it is Newton's at a place of positive curvature."""
    dm = brillouin_slope(x, spins[0, 0], spins[0, 1], spins[0, 2])
    dq = brillouin_slope(y, spins[1, 0], spins[1, 1], spins[1, 2])
    p, s = T - K[0, 0] * dm, T - K[1, 1] * dq
    off, back = K[0, 1] * dq, K[1, 0] * dm
    determinant = p * s - off * back
    if p > 0.0 and s > 0.0 and determinant > 0.0:
        return (s * f + off * g) / determinant, (back * f + p * g) / determinant, True
    return f / T, g / T, False


@kernel
def settle(x, y, T, h, K, n, spins):
    """Return the minimum of Phi downhill from (x, y), and Phi there.

    Newton's steps must also lessen the excess of the fields: from one saturation to the other Phi does not change.
    """
    value = potential(x, y, T, h, K, n, spins)
    f, g = _excess(x, y, T, h, K, spins)
    for _ in range(_STEPS):
        dx, dy, newton = _step(x, y, T, K, f, g, spins)
        size, excess = abs(x) + abs(y), abs(f) + abs(g)
        if newton and abs(dx) + abs(dy) <= _CLOSE * size:
            return x + dx, y + dy, value
        slack = _ROUNDING * (abs(value) + T * (n[0] + n[1])) if newton else 0.0
        found, part = False, 1.0
        for _ in range(_HALVINGS):
            u, v = x + part * dx, y + part * dy
            trial = potential(u, v, T, h, K, n, spins)
            p, q = _excess(u, v, T, h, K, spins)
            found = trial <= value + slack and (not newton or abs(p) + abs(q) < excess)
            if found:
                break
            part *= 0.5
        if not found:
            break
        x, y, value, f, g = u, v, trial, p, q
    return x, y, value


@kernel
def _start(sign, T, h, K):
    """Return x of a sublattice in the full field of all the others, of a given sign."""
    return sign * (abs(h) + abs(K[0]) + abs(K[1])) / T


@kernel
def lowest(T, h, K, n, spins, start):
    """Return x, y of the least minimum found from the four corners, or, for start 1 to 4, of that from one of them.

    The corners are (+, +), (+, -), (-, +), (-, -); among equals the first counts.
    """
    best, best_x, best_y = math.inf, math.nan, math.nan
    for corner in range(4):
        if start != 0 and corner != start - 1:
            continue
        x0 = _start(1.0 if corner < 2 else -1.0, T, h[0], K[0])
        y0 = _start(1.0 if corner % 2 == 0 else -1.0, T, h[1], K[1])
        x, y, value = settle(x0, y0, T, h, K, n, spins)
        if value < best - 1e-13 * abs(best) or best == math.inf:
            best, best_x, best_y = value, x, y
    return best_x, best_y


@kernel
def fill_lowest(B, T, mu, K, n, spins, start, out):
    """Set `out`, shape (points, 2), to x and y in fields B, with mu in kelvin per tesla."""
    for i in range(len(B)):
        h = B[i] * mu
        out[i, 0], out[i, 1] = lowest(T[i], h, K, n, spins, start)
