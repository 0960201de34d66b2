"""Direct sums over many point dipoles: every source on every point, threaded, nothing stored in between.

Sources are component arrays, shape (n,) each, so that the inner loop over sources vectorises. Memory grows as
sources + points. A point on a source gets nan.
"""

import math

import numpy as np

from magneton._jit import parallel_for, summing_kernel
from magneton.kernels.field import MU0_4PI
from magneton.summation.tiled import add_full_tiles, scale_of, sum_B_at

#: With fewer sources than this, looping over points in the inner loop is faster.
MANY = 8


@summing_kernel
def _sum_B(points, out, first, last, length, px, py, pz, mx, my, mz):
    done = add_full_tiles(points, out, first, last, MU0_4PI, length, px, py, pz, mx, my, mz)
    # Slices, so that the loop counts from zero: an index that might be negative would keep it from vectorising.
    px, py, pz, mx, my, mz = px[done:], py[done:], pz[done:], mx[done:], my[done:], mz[done:]
    for i in range(first, last):
        bx, by, bz = sum_B_at(points[i, 0], points[i, 1], points[i, 2], px, py, pz, mx, my, mz)
        out[i, 0] += MU0_4PI * bx
        out[i, 1] += MU0_4PI * by
        out[i, 2] += MU0_4PI * bz


@summing_kernel
def _sum_A(points, out, first, last, px, py, pz, mx, my, mz):
    for i in range(first, last):
        x0, y0, z0 = points[i, 0], points[i, 1], points[i, 2]
        ax = ay = az = 0.0
        for j in range(len(px)):
            x, y, z = x0 - px[j], y0 - py[j], z0 - pz[j]
            r2 = x * x + y * y + z * z
            w3 = 1.0 / (r2 * math.sqrt(r2))
            ax += w3 * (my[j] * z - mz[j] * y)
            ay += w3 * (mz[j] * x - mx[j] * z)
            az += w3 * (mx[j] * y - my[j] * x)
        out[i, 0] += MU0_4PI * ax
        out[i, 1] += MU0_4PI * ay
        out[i, 2] += MU0_4PI * az


@summing_kernel
def _sum_potential(points, out, first, last, px, py, pz, mx, my, mz):
    for i in range(first, last):
        x0, y0, z0 = points[i, 0], points[i, 1], points[i, 2]
        total = 0.0
        for j in range(len(px)):
            x, y, z = x0 - px[j], y0 - py[j], z0 - pz[j]
            r2 = x * x + y * y + z * z
            total += (mx[j] * x + my[j] * y + mz[j] * z) / (r2 * math.sqrt(r2))
        out[i, 0] += total / (4.0 * math.pi)


@summing_kernel
def _sum_grad(points, out, first, last, px, py, pz, mx, my, mz):
    for i in range(first, last):
        x0, y0, z0 = points[i, 0], points[i, 1], points[i, 2]
        xx = xy = xz = yy = yz = 0.0
        for j in range(len(px)):
            x, y, z = x0 - px[j], y0 - py[j], z0 - pz[j]
            inverse = 1.0 / math.sqrt(x * x + y * y + z * z)
            inverse2 = inverse * inverse
            w5 = inverse2 * inverse2 * inverse
            mr = mx[j] * x + my[j] * y + mz[j] * z
            s = 5.0 * mr * inverse2
            xx += w5 * (mr + (2.0 * mx[j] - s * x) * x)
            xy += w5 * (mx[j] * y + (my[j] - s * y) * x)
            xz += w5 * (mx[j] * z + (mz[j] - s * z) * x)
            yy += w5 * (mr + (2.0 * my[j] - s * y) * y)
            yz += w5 * (my[j] * z + (mz[j] - s * z) * y)
        scale = 3.0 * MU0_4PI
        out[i, 0] += scale * xx
        out[i, 1] += scale * xy
        out[i, 2] += scale * xz
        out[i, 3] += scale * xy
        out[i, 4] += scale * yy
        out[i, 5] += scale * yz
        out[i, 6] += scale * xz
        out[i, 7] += scale * yz
        out[i, 8] -= scale * (xx + yy)


_SUMS = {"B": _sum_B, "A": _sum_A, "scalar_potential": _sum_potential, "grad_B": _sum_grad}


def add_dipoles(quantity: str, points: np.ndarray, dipoles: np.ndarray, out: np.ndarray) -> None:
    """Add the field of `dipoles`, rows (x, y, z, mx, my, mz), at `points`, shape (n, 3), to `out`, shape (n, k)."""
    sources = np.ascontiguousarray(dipoles.T)
    add = _SUMS[quantity]
    scale = (scale_of(points, sources),) if quantity == "B" else ()
    grain = max(16, 20_000 // len(dipoles))
    parallel_for(lambda first, last: add(points, out, first, last, *scale, *sources), len(points), grain)
