"""Resonances over the sphere in adaptive blocks of directions: what `powder_lines` is made of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from magneton import constants
from magneton.quantum._symmetry import Patch
from magneton.quantum.levels import Levels
from magneton.quantum.resonance import resonances

_H = float(constants.h)
#: Blocks a right angle, at first; how often they may be halved, and how often where there is axial symmetry.
_COARSE, _DEPTH, _AXIAL_DEPTH = 4, 5, 9
#: Resonances of one pair of levels with slopes of one sign are told apart up to so many.
_RANKS = 16


class Blocks(NamedTuple):
    """Lines over blocks of directions with 3 x 3 nodes; one entry, b in all, for each line in each block.

    Attributes
    ----------
    polar, azimuth : ndarray, shape (b, 3)
        Angles of the nodes' rows and columns in rad; azimuths are all equal for axial symmetry.
    values : ndarray, shape (b, 3, 3, 4)
        At the nodes: resonance field B (T), dB/d(polar), dB/d(azimuth) (T/rad), area of the line; nan where the
        line is missing.
    """

    polar: np.ndarray
    azimuth: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Search:
    """What to look for, and how exactly: `width` of the lines and range `shown` in T, to a share `rtol`."""

    levels: Levels
    frequency: float
    drive: str
    temperature: float | None
    span: tuple[float, float]
    shown: tuple[float, float]
    width: float
    rtol: float


@dataclass
class Nodes:
    """The resonances at the nodes of a lattice of directions that have been looked at: kept for finer tolerances."""

    search: Search
    part: Patch
    columns: int
    steps: tuple[float, float]
    depth: int
    ids: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    lines: list[np.ndarray] = field(default_factory=list)

    def angles(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rows, columns = np.divmod(ids, self.columns)
        return rows * self.steps[0], columns * self.steps[1]

    def look_at(self, ids: np.ndarray) -> None:
        """Find the resonances at the nodes that are new."""
        new = np.setdiff1d(ids, self.ids)
        if not len(new):
            return
        polar, azimuth = self.angles(new)
        s, c, cos, sin = np.sin(polar), np.cos(polar), np.cos(azimuth), np.sin(azimuth)
        zero = np.zeros_like(s)
        n, by_polar, by_azimuth = (
            np.stack(parts, axis=1) @ self.part.frame
            for parts in ((s * cos, s * sin, c), (c * cos, c * sin, -s), (-s * sin, s * cos, zero))
        )
        given = self.search
        roots, (strength, polarization) = resonances(
            given.levels, given.frequency, n, given.span, given.drive, given.temperature
        )
        m = given.levels.moment_operators / _H
        moments = np.einsum("ras,xab,rbs->rxs", roots.states.conj(), m, roots.states, optimize=True).real
        pull = (moments[..., 1] - moments[..., 0]) * (roots.field / roots.slope)[:, None]
        at = roots.direction
        label = _labels(
            roots.direction, roots.lower * len(m[0]) + roots.upper, roots.slope > 0.0, roots.field
        )
        changes = [(pull * each[at]).sum(axis=1) for each in (by_polar, by_azimuth)]
        area = strength * polarization / np.abs(roots.slope)
        self.lines.append(np.stack([at + len(self.ids), label, roots.field, *changes, area]))
        self.ids = np.concatenate([self.ids, new])

    def table(self) -> np.ndarray:
        """Return field, its two derivatives and area at all nodes, shape (nodes, lines, 4); nan where missing."""
        found = np.concatenate(self.lines, axis=1)
        names, line = np.unique(found[1], return_inverse=True)
        out = np.full((len(self.ids), len(names), 4), np.nan)
        out[found[0].astype(int), line.ravel()] = found[2:].T
        return out


def _labels(direction: np.ndarray, pair: np.ndarray, rising: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Return a number for each resonance that neighbours share: its pair, sign of slope, and rank among those."""
    line = 2 * pair + rising
    order = np.lexsort((B, line, direction))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(line[order]) != 0) | (np.diff(direction[order]) != 0)
    count = np.arange(len(order))
    rank = np.empty_like(count)
    rank[order] = count - np.maximum.accumulate(np.where(first, count, 0))
    return line * _RANKS + np.minimum(rank, _RANKS - 1)


def lattice(search: Search, part: Patch) -> Nodes:
    """Return the lattice of directions, none of which has been looked at."""
    rows, columns = _counts(part)
    depth = _DEPTH if columns else _AXIAL_DEPTH
    size = 2 ** (depth + 1)
    steps = (part.polar / (rows * size), part.azimuth / (max(columns, 1) * size))
    return Nodes(search, part, columns * size + 1, steps, depth)


def find_blocks(nodes: Nodes, rtol: float) -> Blocks:
    """Return the lines over blocks that are small enough for a tolerance."""
    search = replace(nodes.search, rtol=rtol)
    corners, half = _first_blocks(nodes)
    parts = []
    for depth in range(nodes.depth + 1):
        ids, nine = _nine_nodes(corners, half, nodes.columns)
        nodes.look_at(ids.ravel())
        order = np.argsort(nodes.ids)
        values = nodes.table()[order[np.searchsorted(nodes.ids, ids, sorter=order)]]
        coarse = (
            np.zeros(len(ids), dtype=bool)
            if depth == nodes.depth
            else _too_coarse(search, values, nine, nodes)
        )
        block, line = np.nonzero(~coarse[:, None] & np.isfinite(values[..., 0]).any(axis=(1, 2)))
        polar, azimuth = (nine[k][block] * nodes.steps[k] for k in (0, 1))
        parts.append(Blocks(polar, azimuth, values[block, :, :, line]))
        if not coarse.any():
            break
        corners, half = _quartered(corners[coarse], half)
    return Blocks(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _counts(part: Patch) -> tuple[int, int]:
    """Return how many blocks there are at first along both angles; none along the azimuth for axial symmetry."""
    polar, azimuth = (round(_COARSE * angle / (0.5 * np.pi)) for angle in (part.polar, part.azimuth))
    return polar, azimuth


def _first_blocks(nodes: Nodes) -> tuple[np.ndarray, np.ndarray]:
    """Return the first blocks' corners (b, 2) and half widths (2,), in steps of the finest lattice."""
    counts, size = _counts(nodes.part), 2 ** (nodes.depth + 1)
    rows, columns = np.meshgrid(np.arange(counts[0]), np.arange(max(counts[1], 1)), indexing="ij")
    corners = np.stack([rows.ravel(), columns.ravel()], axis=1) * size
    return corners, np.array([size // 2, size // 2 if counts[1] else 0])


def _nine_nodes(corners: np.ndarray, half: np.ndarray, columns: int) -> tuple[np.ndarray, tuple[Any, Any]]:
    """Return the numbers of the nodes of blocks (b, 3, 3), and the lattice's rows and columns (b, 3) of them."""
    rows, across = (corners[:, k, None] + np.arange(3) * half[k] for k in (0, 1))
    return rows[:, :, None] * columns + across[:, None, :], (rows, across)


def _quartered(corners: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the four blocks in each; the two where there is axial symmetry."""
    shifts = np.array([[a, b] for a in (0, 1) for b in ((0, 1) if half[1] else (0,))])
    return (corners[:, None] + shifts * half).reshape(-1, 2), half // 2


def _too_coarse(search: Search, values: np.ndarray, nine: tuple[Any, Any], nodes: Nodes) -> np.ndarray:
    """Return which blocks (b,) need halving: what their corners predict for the other nodes is not what is there.

    Both the field, in widths of the line, and the area count by the line's share of the whole spectrum.
    """
    steps = [(nine[k][:, 2] - nine[k][:, 0]) * nodes.steps[k] for k in (0, 1)]
    ends = np.array([0.0, 0.5, 1.0])
    corners = values[:, ::2, ::2]
    lines = np.moveaxis(corners, 3, 1)
    predicted = adini(lines, (steps[0][:, None], steps[1][:, None]), ends, ends)
    B, area = np.moveaxis(values[..., 0], 3, 1), np.moveaxis(values[..., 3], 3, 1)
    flat = np.einsum("si,blij,tj->blst", linear(ends), lines[..., 3], linear(ends))
    finite = np.isfinite(B)
    whole = np.nansum(area, axis=1).mean() + np.finfo(float).tiny
    share = np.nanmax(np.where(finite, area, 0.0), axis=(2, 3)) / whole
    low, high = search.shown
    near = (finite & (low < B) & (high > B)).any(axis=(2, 3))
    off = np.abs(predicted - B).max(axis=(2, 3)) / search.width
    bent = np.abs(flat - area).max(axis=(2, 3)) / whole
    with np.errstate(invalid="ignore"):
        wrong = share * np.minimum(off, 1.0) + bent > 8.0 * search.rtol
    complete = finite.all(axis=(2, 3))
    return (near & np.where(complete, wrong, share > search.rtol)).any(axis=1)


def linear(s: np.ndarray) -> np.ndarray:
    """Return the two linear functions on 0 to 1, shape (len(s), 2)."""
    return np.stack([1.0 - s, s], axis=1)


def cubic(s: np.ndarray) -> np.ndarray:
    """Return Hermite's functions on 0 to 1: of the two values, then of the two derivatives, shape (len(s), 4)."""
    u = 1.0 - s
    return np.stack([u * u * (1.0 + 2.0 * s), s * s * (3.0 - 2.0 * s), s * u * u, -s * s * u], axis=1)


def adini(corners: np.ndarray, sides: tuple[Any, Any], s: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return Adini's interpolation in rectangles, exact for cubic polynomials.

    Parameters
    ----------
    corners : ndarray, shape (..., 2, 2, 4)
        Values and their derivatives by both angles (T, T/rad, T/rad, unused).
    sides : pair of ndarray, shape (...)
        Lengths of the rectangles in rad.
    s, t : ndarray, shape (p,), (q,)
        Where, 0 to 1 along either side.

    Returns
    -------
    ndarray, shape (..., p, q)
    """
    value = corners[..., 0]
    down, across = (corners[..., k + 1] * np.asarray(sides[k])[..., None, None] for k in (0, 1))
    hs, ht, ls, lt = cubic(s), cubic(t), linear(s), linear(t)
    rows = hs[:, :2] @ value + hs[:, 2:] @ down
    columns = value @ ht[:, :2].T + across @ ht[:, 2:].T
    return rows @ lt.T + ls @ columns - ls @ value @ lt.T
