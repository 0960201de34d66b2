"""Sums over all pairs of N moments, threaded: the field at each moment and the force on it.

Sources come in tiles, by the fast loops of `magneton.summation.tiled` and `magneton._simd_pairs`; the tile that holds
the target itself is summed in the plain way, in two parts, so that the self pair is left out exactly. Which
target lies in which tile does not depend on the threads, and so no result does.
"""

import math

import numpy as np

from magneton._jit import parallel_for, summing_kernel
from magneton._simd_pairs import sum_force_rows
from magneton.kernels.field import MU0_4PI
from magneton.summation.tiled import TILE, add_full_tiles, scale_of, sum_B_at

# A row is 64 bytes longer than its sources, so that rows do not compete for the same places in the cache.
_ROW = TILE + 8


@summing_kernel
def _add_B(out, i, start, stop, px, py, pz, mx, my, mz):
    """Add the field of sources start..stop at moment i."""
    s = slice(start, stop)
    b = sum_B_at(px[i], py[i], pz[i], px[s], py[s], pz[s], mx[s], my[s], mz[s])
    for k in range(3):
        out[i, k] += MU0_4PI * b[k]


@summing_kernel
def _add_B_of_tiles(out, points, low, high, length, start, stop, px, py, pz, mx, my, mz):
    """Add the field of the full tiles in start..stop; return where they end."""
    s = slice(start, stop)
    return start + add_full_tiles(
        points, out, low, high, MU0_4PI, length, px[s], py[s], pz[s], mx[s], my[s], mz[s]
    )


@summing_kernel
def _fields(out, points, first, last, length, px, py, pz, mx, my, mz):
    """Add B at moments first..last."""
    for start in range(first // TILE * TILE, last, TILE):
        low, high, end = max(first, start), min(last, start + TILE), min(start + TILE, len(px))
        _add_B_of_tiles(out, points, low, high, length, 0, start, px, py, pz, mx, my, mz)
        rest = _add_B_of_tiles(out, points, low, high, length, end, len(px), px, py, pz, mx, my, mz)
        for i in range(low, high):
            _add_B(out, i, start, i, px, py, pz, mx, my, mz)
            _add_B(out, i, i + 1, end, px, py, pz, mx, my, mz)
            _add_B(out, i, rest, len(px), px, py, pz, mx, my, mz)


@summing_kernel
def _force_from(p, m, px, py, pz, mx, my, mz):
    """Return the sum of the sources' forces on moment m at p, per 3 mu_0/(4 pi).

    The part along m is summed as one scalar.
    """
    fx = fy = fz = along = 0.0
    for j in range(len(px)):
        x, y, z = p[0] - px[j], p[1] - py[j], p[2] - pz[j]
        inverse = 1.0 / math.sqrt(x * x + y * y + z * z)
        inverse2 = inverse * inverse
        w5 = inverse2 * inverse2 * inverse
        dot = m[0] * mx[j] + m[1] * my[j] + m[2] * mz[j]
        mine = w5 * (m[0] * x + m[1] * y + m[2] * z)
        its = mx[j] * x + my[j] * y + mz[j] * z
        radial = w5 * dot - 5.0 * inverse2 * (mine * its)
        along += w5 * its
        fx += radial * x + mine * mx[j]
        fy += radial * y + mine * my[j]
        fz += radial * z + mine * mz[j]
    return fx + along * m[0], fy + along * m[1], fz + along * m[2]


@summing_kernel
def _add_force(out, i, start, stop, px, py, pz, mx, my, mz):
    """Add the force of sources start..stop on moment i."""
    s = slice(start, stop)
    p, m = (px[i], py[i], pz[i]), (mx[i], my[i], mz[i])
    f = _force_from(p, m, px[s], py[s], pz[s], mx[s], my[s], mz[s])
    for k in range(3):
        out[i, k] += 3.0 * MU0_4PI * f[k]


@summing_kernel
def _add_both(out, i, start, stop, px, py, pz, mx, my, mz):
    """Add force and field of sources start..stop at moment i, in the plain way."""
    _add_force(out[:, :3], i, start, stop, px, py, pz, mx, my, mz)
    _add_B(out[:, 3:], i, start, stop, px, py, pz, mx, my, mz)


@summing_kernel
def _load(w, length, start, px, py, pz, mx, my, mz):
    for j in range(TILE):
        q = start + j
        w[j], w[_ROW + j], w[2 * _ROW + j] = length * px[q], length * py[q], length * pz[q]
        w[3 * _ROW + j], w[4 * _ROW + j], w[5 * _ROW + j] = mx[q], my[q], mz[q]


@summing_kernel
def _add_force_of_tiles(w, out, low, high, length, start, stop, px, py, pz, mx, my, mz):
    """Add force and field of the full tiles in start..stop; return where they end.

    Where an estimate of a root overflows, the plain loop sums the tile again.
    """
    square = length * length
    volume = square * length
    done = start
    while done + TILE <= stop:
        _load(w, length, done, px, py, pz, mx, my, mz)
        for i in range(low, high):
            target = length * px[i], length * py[i], length * pz[i], mx[i], my[i], mz[i]
            f = sum_force_rows(w, _ROW, TILE, target)
            fx, fy, fz = f[0] + f[3] * mx[i], f[1] + f[3] * my[i], f[2] + f[3] * mz[i]
            fx, fy, fz = fx * square * square, fy * square * square, fz * square * square
            bx, by, bz = volume * f[4], volume * f[5], volume * f[6]
            if math.isfinite(fx + fy + fz + bx + by + bz):
                out[i, 0] += 3.0 * MU0_4PI * fx
                out[i, 1] += 3.0 * MU0_4PI * fy
                out[i, 2] += 3.0 * MU0_4PI * fz
                out[i, 3] += MU0_4PI * bx
                out[i, 4] += MU0_4PI * by
                out[i, 5] += MU0_4PI * bz
            else:
                _add_both(out, i, done, done + TILE, px, py, pz, mx, my, mz)
        done += TILE
    return done


@summing_kernel
def _forces(out, first, last, length, px, py, pz, mx, my, mz):
    """Add force and field, six columns, at moments first..last."""
    w = np.empty(9 * _ROW + 8)
    w = w[(-w.ctypes.data % 64) // 8 :]  # no vector may lie across two cache lines
    for start in range(first // TILE * TILE, last, TILE):
        low, high, end = max(first, start), min(last, start + TILE), min(start + TILE, len(px))
        _add_force_of_tiles(w, out, low, high, length, 0, start, px, py, pz, mx, my, mz)
        rest = _add_force_of_tiles(w, out, low, high, length, end, len(px), px, py, pz, mx, my, mz)
        for i in range(low, high):
            _add_both(out, i, start, i, px, py, pz, mx, my, mz)
            _add_both(out, i, i + 1, end, px, py, pz, mx, my, mz)
            _add_both(out, i, rest, len(px), px, py, pz, mx, my, mz)


def require_distinct(positions: np.ndarray) -> None:
    """Require that no two positions are alike; the message names the pair."""
    order = np.lexsort(positions.T)
    same = np.all(positions[order[1:]] == positions[order[:-1]], axis=1)
    if np.any(same):
        at = int(np.flatnonzero(same)[0])
        i, j = sorted((int(order[at]), int(order[at + 1])))
        raise ValueError(f"positions must differ, got {i} and {j} both at {positions[i].tolist()}")


def _prepared(moments: np.ndarray, positions: np.ndarray) -> tuple[np.ndarray, list[np.ndarray], float]:
    """Return positions of the one array type that kernels are compiled for, component arrays, and the scale."""
    points = np.require(positions, np.float64, ["C", "A", "W"])
    columns = [*np.ascontiguousarray(points.T), *np.ascontiguousarray(moments.T)]
    return points, columns, scale_of(points, np.empty((3, 0)))


def _grain(count: int) -> int:
    return max(16, 20_000 // count)


def pair_fields(moments: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Return B of all the others at each of N moments, shape (n, 3), T."""
    points, columns, length = _prepared(moments, positions)
    out = np.zeros(points.shape)
    parallel_for(lambda i, j: _fields(out, points, i, j, length, *columns), len(out), _grain(len(out)))
    return out


def pair_forces(moments: np.ndarray, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return force (N) and field (T) of all the others on each of N moments, each shape (n, 3).

    The two together take little longer than the force alone: they share distances and roots.
    """
    _, columns, length = _prepared(moments, positions)
    out = np.zeros((len(positions), 6))
    parallel_for(lambda i, j: _forces(out, i, j, length, *columns), len(out), _grain(len(out)))
    return out[:, :3].copy(), out[:, 3:].copy()
