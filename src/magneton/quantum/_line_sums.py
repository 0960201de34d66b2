"""Sums of lines over blocks of directions, and their shape: what `powder_lines` is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from magneton.quantum._powder_blocks import Blocks, adini, linear
from magneton.quantum._symmetry import Patch

#: Points of the fine axis per full width of the line at half maximum.
_FINE = 48
#: Gauss-Legendre points along a side, of which the fewest that do are taken; most samples at a time.
_ORDERS = np.array([3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256])
_AT_ONCE = 200_000


class FineAxis(NamedTuple):
    """An even axis of fields in T, for lines of a width."""

    start: float
    step: float
    length: int
    fwhm: float

    @classmethod
    def over(cls, span: tuple[float, float], fwhm: float) -> FineAxis:
        """Return the axis over a range, two steps of it beyond either end."""
        step = fwhm / _FINE
        return cls(span[0] - 2.0 * step, step, int((span[1] - span[0]) / step) + 6, fwhm)

    def places(self, B: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the second of the four points around each B, and the cubic weights (4, ...) of the four."""
        u = (B - self.start) / self.step
        j = np.clip(np.floor(u).astype(np.int64), 1, self.length - 3)
        x = u - j
        a, b, c = x + 1.0, x - 1.0, x - 2.0
        return j, np.stack([-x * b * c / 6.0, 0.5 * a * b * c, -0.5 * a * x * c, a * x * b / 6.0])


class _Quarters(NamedTuple):
    """Quarters of blocks: angles of the corner and sides, corners of the block and of the quarter, nine areas."""

    origin: np.ndarray
    sides: np.ndarray
    shift: np.ndarray
    block: np.ndarray
    corners: np.ndarray
    areas: np.ndarray


def summed(blocks: Blocks, part: Patch, axis: FineAxis) -> np.ndarray:
    """Return the areas of all lines on a fine axis, finely and crudely interpolated, shape (2, length).

    Finely: fields from the quarters of a block, areas quadratic over it. Crudely: fields from its corners, areas linear
    in its quarters. Either is a mean over directions.
    """
    out = np.zeros((2, axis.length))
    norm = (1.0 - np.cos(part.polar)) * (part.azimuth or 1.0)
    complete = np.isfinite(blocks.values).all(axis=(1, 2, 3))
    quarters = _quarters(Blocks(*(each[complete] for each in blocks)), axial=not part.azimuth)
    for chosen, orders in _by_order(quarters, axis.fwhm):
        _add(out, chosen, orders, norm, axis)
    _add_nodes(out, Blocks(*(each[~complete] for each in blocks)), norm, axis)
    return out


def _quarters(blocks: Blocks, axial: bool) -> _Quarters:
    """Return the quarters of blocks; halves where there is axial symmetry."""
    parts = []
    for a in (0, 1):
        for b in (0,) if axial else (0, 1):
            origin = np.stack([blocks.polar[:, a], blocks.azimuth[:, b]], axis=1)
            end = np.stack([blocks.polar[:, a + 1], blocks.azimuth[:, b + 1]], axis=1)
            corners = blocks.values[:, a : a + 2, b : b + 2]
            shift = np.broadcast_to([0.5 * a, 0.5 * b], origin.shape)
            whole = blocks.values[:, ::2, ::2]
            parts.append(_Quarters(origin, end - origin, shift, whole, corners, blocks.values[..., 3]))
    return _Quarters(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _by_order(quarters: _Quarters, fwhm: float) -> Iterator[tuple[_Quarters, tuple[int, int]]]:
    """Yield quarters that need equally many points along their sides, not too many at a time."""
    B = quarters.corners[..., 0]
    orders = []
    for k in (0, 1):
        chord = np.abs(np.diff(B, axis=k + 1)).max(axis=(1, 2))
        slope = np.abs(quarters.corners[..., k + 1]).max(axis=(1, 2)) * quarters.sides[:, k]
        needed = 3.0 + 3.0 * np.maximum(chord, slope) / fwhm
        orders.append(_ORDERS[np.minimum(np.searchsorted(_ORDERS, needed), len(_ORDERS) - 1)])
    if not quarters.sides[:, 1].any():
        orders[1][:] = 1
    code = orders[0] * 1000 + orders[1]
    for each in np.unique(code):
        rows = np.flatnonzero(code == each)
        p, q = divmod(int(each), 1000)
        for some in np.array_split(rows, -(-len(rows) * p * q // _AT_ONCE)):
            yield _Quarters(*(part[some] for part in quarters)), (p, q)


def _add(out: np.ndarray, quarters: _Quarters, orders: tuple[int, int], norm: float, axis: FineAxis) -> None:
    """Add the lines at Gauss-Legendre points of quarters."""
    (s, ws), (t, wt) = (_gauss(order) for order in orders)
    solid = np.sin(quarters.origin[:, :1] + s * quarters.sides[:, :1]) * ws * quarters.sides[:, :1]
    weight = (
        solid[:, :, None]
        * wt
        * np.where(quarters.sides[:, 1], quarters.sides[:, 1], 1.0)[:, None, None]
        / norm
    )
    for a, b in np.unique(quarters.shift, axis=0):
        rows = (quarters.shift == [a, b]).all(axis=1)
        areas, sides = quarters.areas[rows], quarters.sides[rows].T
        fine = adini(quarters.corners[rows], (sides[0], sides[1]), s, t)
        crude = adini(quarters.block[rows], (2.0 * sides[0], 2.0 * sides[1]), a + 0.5 * s, b + 0.5 * t)
        curved = _quadratic(a + 0.5 * s) @ areas @ _quadratic(b + 0.5 * t).T
        i, j = round(2.0 * a), round(2.0 * b)
        flat = linear(s) @ areas[:, i : i + 2, j : j + 2] @ linear(t).T
        _deposit(out[0], fine, curved * weight[rows], axis)
        _deposit(out[1], crude, flat * weight[rows], axis)


def _add_nodes(out: np.ndarray, blocks: Blocks, norm: float, axis: FineAxis) -> None:
    """Add the lines at nodes of blocks in which they end, as they are; the crude sum leaves them out."""
    simpson = np.array([1.0, 4.0, 1.0]) / 6.0
    across = blocks.azimuth[:, 2] - blocks.azimuth[:, 0]
    solid = np.sin(blocks.polar) * simpson * (blocks.polar[:, 2] - blocks.polar[:, 0])[:, None]
    weight = solid[:, :, None] * simpson * np.where(across, across, 1.0)[:, None, None] / norm
    found = np.isfinite(blocks.values[..., 0])
    B, area = blocks.values[..., 0][found], (blocks.values[..., 3] * weight)[found]
    _deposit(out[0], B, area, axis)


def _gauss(order: int) -> tuple[np.ndarray, np.ndarray]:
    """Return Gauss-Legendre points and weights on 0 to 1."""
    x, w = np.polynomial.legendre.leggauss(order)
    return 0.5 * (x + 1.0), 0.5 * w


def _quadratic(s: np.ndarray) -> np.ndarray:
    """Return the quadratics through 0, 1/2 and 1, shape (len(s), 3)."""
    return np.stack([(2.0 * s - 1.0) * (s - 1.0), 4.0 * s * (1.0 - s), s * (2.0 * s - 1.0)], axis=1)


def _deposit(out: np.ndarray, B: np.ndarray, area: np.ndarray, axis: FineAxis) -> None:
    """Add areas at fields to the fine axis, so that sums with a cubic polynomial are kept."""
    B, area = B.ravel(), area.ravel()
    inside = (axis.start + axis.step <= B) & (axis.start + (axis.length - 2) * axis.step > B)
    j, weights = axis.places(B[inside])
    for k, weight in enumerate(weights):
        out += np.bincount(j + (k - 1), weight * area[inside], minlength=axis.length)


def line(x: np.ndarray, fwhm: float, shape: str, harmonic: int) -> np.ndarray:
    """Return a line of area 1 at distances x from its centre, or its derivative."""
    if shape == "gaussian":
        s = fwhm / np.sqrt(8.0 * np.log(2.0))
        value = np.exp(-0.5 * (x / s) ** 2) / (s * np.sqrt(2.0 * np.pi))
        return -x / s**2 * value if harmonic else value
    half = 0.5 * fwhm
    square = x * x + half * half
    return -2.0 * half * x / (np.pi * square**2) if harmonic else half / (np.pi * square)


def broadened(sticks: np.ndarray, axis: FineAxis, B: np.ndarray, shape: str, harmonic: int) -> np.ndarray:
    """Return the sums of lines at fields B, shape (2, len(B))."""
    n = axis.length
    size = 1 << (2 * n - 1).bit_length()
    offset = np.arange(size)
    offset = np.where(offset < size // 2, offset, offset - size) * axis.step
    kernel = np.fft.rfft(line(offset, axis.fwhm, shape, harmonic))
    even = np.fft.irfft(np.fft.rfft(sticks, size) * kernel, size)[:, :n]
    j, weights = axis.places(B)
    return np.sum([even[:, j + (k - 1)] * weight for k, weight in enumerate(weights)], axis=0)
