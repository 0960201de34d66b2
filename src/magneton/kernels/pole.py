"""Magnetic poles, one and a pair: B, grad B and scalar potential.

All results are for unit mu_0 p/(4 pi) (p/(4 pi) for the scalar potential); at a pole they are nan. The pair is
written so that far from it, where the two poles nearly cancel, no digit is lost.
"""

import math

from magneton._jit import inline_kernel, kernel


@inline_kernel
def pole_B(x, y, z):
    """Return B = r/r^3."""
    r2 = x * x + y * y + z * z
    w3 = 1.0 / (r2 * math.sqrt(r2))
    return w3 * x, w3 * y, w3 * z


@inline_kernel
def pole_potential(x, y, z):
    """Return psi = 1/r."""
    r2 = x * x + y * y + z * z
    return r2 / (r2 * math.sqrt(r2))  # nan, not inf, at the pole


@inline_kernel
def pole_grad(x, y, z):
    """Return dB_i/dx_j (xx, xy, xz, yy, yz) = (1 - 3 r r/r^2)/r^3."""
    r2 = x * x + y * y + z * z
    w3 = 1.0 / (r2 * math.sqrt(r2))
    s = 3.0 * w3 / r2
    return w3 - s * x * x, -s * x * y, -s * x * z, w3 - s * y * y, -s * y * z


@inline_kernel
def _distances(x, y, z, lx, ly, lz):
    """Return the vectors' lengths from north and south pole and their difference, south minus north."""
    nx, ny, nz = x - 0.5 * lx, y - 0.5 * ly, z - 0.5 * lz
    sx, sy, sz = x + 0.5 * lx, y + 0.5 * ly, z + 0.5 * lz
    north = math.sqrt(nx * nx + ny * ny + nz * nz)
    south = math.sqrt(sx * sx + sy * sy + sz * sz)
    return north, south, 2.0 * (x * lx + y * ly + z * lz) / (north + south)


@inline_kernel
def _near_a_pole(north, south, lx, ly, lz):
    nearer = min(north, south)
    return nearer * nearer < 0.25 * (lx * lx + ly * ly + lz * lz)


@kernel
def pole_pair_B(x, y, z, lx, ly, lz):
    """Return B = r_n/r_n^3 - r_s/r_s^3 with r_n, r_s from the north (+l/2) and south (-l/2) pole."""
    north, south, difference = _distances(x, y, z, lx, ly, lz)
    if _near_a_pole(north, south, lx, ly, lz):
        nx, ny, nz = pole_B(x - 0.5 * lx, y - 0.5 * ly, z - 0.5 * lz)
        sx, sy, sz = pole_B(x + 0.5 * lx, y + 0.5 * ly, z + 0.5 * lz)
        return nx - sx, ny - sy, nz - sz
    wn, ws = 1.0 / (north * north * north), 1.0 / (south * south * south)
    change = difference * (north * north + north * south + south * south) * wn * ws
    mean = 0.5 * (wn + ws)
    return x * change - lx * mean, y * change - ly * mean, z * change - lz * mean


@kernel
def pole_pair_potential(x, y, z, lx, ly, lz):
    """Return psi = 1/r_n - 1/r_s."""
    north, south, difference = _distances(x, y, z, lx, ly, lz)
    if _near_a_pole(north, south, lx, ly, lz):
        near_north = pole_potential(x - 0.5 * lx, y - 0.5 * ly, z - 0.5 * lz)
        return near_north - pole_potential(x + 0.5 * lx, y + 0.5 * ly, z + 0.5 * lz)
    return difference / (north * south)


@kernel
def pole_pair_grad(x, y, z, lx, ly, lz):
    """Return dB_i/dx_j (xx, xy, xz, yy, yz)."""
    north, south, difference = _distances(x, y, z, lx, ly, lz)
    if _near_a_pole(north, south, lx, ly, lz):
        n = pole_grad(x - 0.5 * lx, y - 0.5 * ly, z - 0.5 * lz)
        s = pole_grad(x + 0.5 * lx, y + 0.5 * ly, z + 0.5 * lz)
        return n[0] - s[0], n[1] - s[1], n[2] - s[2], n[3] - s[3], n[4] - s[4]
    n2, s2, ns = north * north, south * south, north * south
    w3 = difference * (n2 + ns + s2) / (ns * ns * ns)
    v5 = difference * (n2 * n2 + n2 * ns + ns * ns + s2 * ns + s2 * s2) / (ns * ns * ns * ns * ns)
    mean5 = 0.5 / (n2 * n2 * north) + 0.5 / (s2 * s2 * south)
    # r_n r_n v_n - r_s r_s v_s in sums and differences, with r_n = r - l/2 and r_s = r + l/2.
    return (
        w3 - 3.0 * (v5 * (x * x + 0.25 * lx * lx) - mean5 * 2.0 * x * lx),
        -3.0 * (v5 * (x * y + 0.25 * lx * ly) - mean5 * (x * ly + y * lx)),
        -3.0 * (v5 * (x * z + 0.25 * lx * lz) - mean5 * (x * lz + z * lx)),
        w3 - 3.0 * (v5 * (y * y + 0.25 * ly * ly) - mean5 * 2.0 * y * ly),
        -3.0 * (v5 * (y * z + 0.25 * ly * lz) - mean5 * (y * lz + z * ly)),
    )
