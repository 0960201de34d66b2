"""The direct sum of dipole B in tiles: the loop that the fields of many moments spend their time in.

A tile of sources stays in the first-level cache while all targets go by. Lengths are scaled by a power of two, which
is exact, so that the estimates of reciprocal roots do not overflow (see `magneton._simd`); a tile that gives no number
for a target is summed again in the plain way, which tells a point on a dipole from a range too wide.
"""

import math

import numpy as np

from magneton._jit import summing_kernel
from magneton._simd import LANES, TARGETS, sum_dipole_rows

#: Sources in a tile: their nine rows take half of a first-level cache, whose other half may be a neighbour's, and
#: adding up lanes at the end costs little.
TILE = 32 * LANES
# A row is 64 bytes longer than its sources, so that rows do not compete for the same places in the cache.
_ROW = TILE + 8


def scale_of(points: np.ndarray, sources: np.ndarray) -> float:
    """Return the power of two that brings the largest coordinate below one."""
    largest = max(np.abs(points).max(initial=0.0), np.abs(sources[:3]).max(initial=0.0))
    exponent = math.frexp(largest)[1] if math.isfinite(largest) else 0
    return math.ldexp(1.0, max(-300, min(300, -exponent)))


@summing_kernel
def sum_B_at(x0, y0, z0, px, py, pz, mx, my, mz):
    """Return the sum of the dipoles' B at a point, per mu_0/(4 pi)."""
    bx = by = bz = 0.0
    for j in range(len(px)):
        x, y, z = x0 - px[j], y0 - py[j], z0 - pz[j]
        inverse = 1.0 / math.sqrt(x * x + y * y + z * z)
        inverse2 = inverse * inverse
        w3 = inverse2 * inverse
        radial = 3.0 * (mx[j] * x + my[j] * y + mz[j] * z) * inverse2
        bx += w3 * (radial * x - mx[j])
        by += w3 * (radial * y - my[j])
        bz += w3 * (radial * z - mz[j])
    return bx, by, bz


@summing_kernel
def _load(w, length, px, py, pz, mx, my, mz):
    for j in range(TILE):
        w[j], w[_ROW + j], w[2 * _ROW + j] = length * px[j], length * py[j], length * pz[j]
        w[3 * _ROW + j], w[4 * _ROW + j], w[5 * _ROW + j] = mx[j], my[j], mz[j]
        w[6 * _ROW + j], w[7 * _ROW + j], w[8 * _ROW + j] = 3.0 * mx[j], 3.0 * my[j], 3.0 * mz[j]


@summing_kernel
def _at(points, i, length):
    return length * points[i, 0], length * points[i, 1], length * points[i, 2]


@summing_kernel
def _plain(points, i, start, px, py, pz, mx, my, mz):
    s = slice(start, start + TILE)
    return sum_B_at(points[i, 0], points[i, 1], points[i, 2], px[s], py[s], pz[s], mx[s], my[s], mz[s])


@summing_kernel
def add_full_tiles(points, out, first, last, scale, length, px, py, pz, mx, my, mz):
    """Add `scale` times the field of all full tiles at points first..last; return how many sources that was."""
    w = np.empty(9 * _ROW + 8)
    w = w[(-w.ctypes.data % 64) // 8 :]  # no vector may lie across two cache lines
    sums = np.empty((2, 3))
    volume = length * length * length
    done = len(px) // TILE * TILE
    for start in range(0, done, TILE):
        s = slice(start, start + TILE)
        _load(w, length, px[s], py[s], pz[s], mx[s], my[s], mz[s])
        for i in range(first, last, TARGETS):
            together = min(TARGETS, last - i)
            if together == 2:
                pair = _at(points, i, length) + _at(points, i + 1, length)
                sums[0, 0], sums[0, 1], sums[0, 2], sums[1, 0], sums[1, 1], sums[1, 2] = sum_dipole_rows(
                    w, _ROW, TILE, pair
                )
            else:
                sums[0, 0], sums[0, 1], sums[0, 2] = sum_dipole_rows(w, _ROW, TILE, _at(points, i, length))
            for k in range(together):
                bx, by, bz = volume * sums[k, 0], volume * sums[k, 1], volume * sums[k, 2]
                if not math.isfinite(bx + by + bz):
                    bx, by, bz = _plain(points, i + k, start, px, py, pz, mx, my, mz)
                out[i + k, 0] += scale * bx
                out[i + k, 1] += scale * by
                out[i + k, 2] += scale * bz
    return done
