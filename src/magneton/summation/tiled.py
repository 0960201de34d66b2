"""The direct sum of dipole B in tiles: the loop that the fields of many moments spend their time in.

A square root and a division a pair keep the divider of most processors busier than all else together, and fused into
one loop with the rest their latency stalls it. So each target takes three short loops over a tile of sources that
stays in the first-level cache: squared distances to the NEXT target; their reciprocal roots' division, one shared by
four; and the field at this target, while the square roots of the next one's distances run beside it.
"""

import math

import numpy as np

from magneton._jit import summing_kernel

#: Sources in a tile: with the work rows they fill half of a 32 kB cache.
TILE = 256
_QUARTER = TILE // 4
# Rows lie 384 bytes apart modulo 4096, or loads would seem to alias earlier stores.
_ROW = 560
_PX, _PY, _PZ, _MX, _MY, _MZ, _INVERSE, _DISTANCE = (k * _ROW for k in range(8))


@summing_kernel
def _load(w, start, px, py, pz, mx, my, mz):
    for j in range(TILE):
        w[_PX + j], w[_PY + j], w[_PZ + j] = px[start + j], py[start + j], pz[start + j]
        w[_MX + j], w[_MY + j], w[_MZ + j] = mx[start + j], my[start + j], mz[start + j]


@summing_kernel
def _square(w, x, y, z):
    """Set the distance row to the squared distances from a target."""
    for j in range(TILE):
        dx, dy, dz = x - w[_PX + j], y - w[_PY + j], z - w[_PZ + j]
        w[_DISTANCE + j] = dx * dx + dy * dy + dz * dz


@summing_kernel
def _root(w):
    for j in range(TILE):
        w[_DISTANCE + j] = math.sqrt(w[_DISTANCE + j])


@summing_kernel
def _invert(w):
    """Set the inverse row to 1/distance: four share one division."""
    for j in range(_QUARTER):
        a, b = w[_DISTANCE + j], w[_DISTANCE + _QUARTER + j]
        c, d = w[_DISTANCE + 2 * _QUARTER + j], w[_DISTANCE + 3 * _QUARTER + j]
        ab, cd = a * b, c * d
        inverse = 1.0 / (ab * cd)
        over_ab, over_cd = inverse * cd, inverse * ab
        w[_INVERSE + j], w[_INVERSE + _QUARTER + j] = over_ab * b, over_ab * a
        w[_INVERSE + 2 * _QUARTER + j], w[_INVERSE + 3 * _QUARTER + j] = over_cd * d, over_cd * c


@summing_kernel
def _field_and_root(w, x, y, z):
    """Return the tile's field at a target; beside it, turn the next target's squares into distances."""
    bx = by = bz = 0.0
    for j in range(TILE):
        inverse = w[_INVERSE + j]
        w[_DISTANCE + j] = math.sqrt(w[_DISTANCE + j])
        dx, dy, dz = x - w[_PX + j], y - w[_PY + j], z - w[_PZ + j]
        mx, my, mz = w[_MX + j], w[_MY + j], w[_MZ + j]
        inverse2 = inverse * inverse
        w3 = inverse2 * inverse
        radial = 3.0 * (mx * dx + my * dy + mz * dz) * inverse2
        bx += w3 * (radial * dx - mx)
        by += w3 * (radial * dy - my)
        bz += w3 * (radial * dz - mz)
    return bx, by, bz


@summing_kernel
def add_full_tiles(points, out, first, last, scale, px, py, pz, mx, my, mz):
    """Add `scale` times the field of all full tiles at points first..last; return how many sources that was."""
    tiles = len(px) // TILE
    w = np.ones(8 * _ROW)
    for tile in range(tiles):
        _load(w, tile * TILE, px, py, pz, mx, my, mz)
        _square(w, points[first, 0], points[first, 1], points[first, 2])
        _root(w)
        _invert(w)
        for i in range(first, last):
            after = min(i + 1, last - 1)
            _square(w, points[after, 0], points[after, 1], points[after, 2])
            bx, by, bz = _field_and_root(w, points[i, 0], points[i, 1], points[i, 2])
            out[i, 0] += scale * bx
            out[i, 1] += scale * by
            out[i, 2] += scale * bz
            _invert(w)
    return tiles * TILE
