"""All resonance fields of H(B) = H_0 - B m along many directions at once, none missed: what `resonance` is made of.

The sum of the k lowest eigenvalues of H_0 - B m is the least trace of H over k-dimensional subspaces, so it is
concave in B. Energies and Hellmann-Feynman slopes at both ends of a segment therefore enclose all sums, all
levels, all gaps and all slopes of gaps in between: above the chords, below the tangents, slopes between those of
the ends. A segment is halved until for every pair of levels the gap cannot reach the frequency, or is monotonic.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: Halvings of the range of fields; two roots closer than this are not told apart.
_DEPTH = 44
_POLISH = 60


class Nodes(NamedTuple):
    """Energies (k, n) in Hz and their slopes (k, n) in Hz/T at fields."""

    energies: np.ndarray
    slopes: np.ndarray


class Roots(NamedTuple):
    """Resonances, shape (r,): number of the direction, levels, field, slope of the gap, states (r, n) of both."""

    direction: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    field: np.ndarray
    slope: np.ndarray
    energies: np.ndarray
    states: np.ndarray


class _Segments(NamedTuple):
    """Segments of fields, shape (s, ...), and which pairs are undecided in them."""

    direction: np.ndarray
    start: np.ndarray
    end: np.ndarray
    at_start: Nodes
    at_end: Nodes
    open: np.ndarray

    def where(self, chosen: np.ndarray) -> _Segments:
        return _Segments(
            self.direction[chosen],
            self.start[chosen],
            self.end[chosen],
            Nodes(*(part[chosen] for part in self.at_start)),
            Nodes(*(part[chosen] for part in self.at_end)),
            self.open[chosen],
        )


class _Brackets(NamedTuple):
    """Segments with one root each of one gap, shape (r,): gaps less the frequency, and their slopes, at both ends."""

    direction: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    ends: np.ndarray
    gaps: np.ndarray
    slopes: np.ndarray


def search(h0: np.ndarray, m: np.ndarray, frequency: float, low: float, high: float) -> Roots:
    """Return all fields between `low` and `high` at which two levels are `frequency` apart.

    Parameters
    ----------
    h0 : ndarray, shape (n, n)
        In Hz.
    m : ndarray, shape (k, n, n)
        The moment along each direction in Hz/T.
    frequency, low, high : float
        In Hz and T.
    """
    return _polished(h0, m, frequency, _bracketed(h0, m, frequency, low, high))


def _nodes(h0: np.ndarray, m: np.ndarray, B: np.ndarray) -> tuple[Nodes, np.ndarray]:
    energies, states = np.linalg.eigh(h0 - B[:, None, None] * m)
    return Nodes(energies, -np.einsum("kan,kan->kn", states.conj(), m @ states).real), states


def _bracketed(h0: np.ndarray, m: np.ndarray, frequency: float, low: float, high: float) -> _Brackets:
    """Return segments in which a gap is monotonic and passes the frequency."""
    i, f = np.triu_indices(len(h0), 1)
    each = np.arange(len(m))
    ends = np.full((2, len(m)), [[low], [high]])
    first, last = (_nodes(h0, m, B)[0] for B in ends)
    undecided = np.ones((len(m), len(i)), dtype=bool)
    segments = _Segments(each, ends[0], ends[1], first, last, undecided)
    found = []
    for depth in range(_DEPTH + 1):
        gaps, slopes = (_pairs(x, y, i, f) for x, y in zip(segments.at_start, segments.at_end, strict=True))
        gaps = gaps - frequency
        missed, monotonic = _judged(segments, gaps, i, f)
        passes = (gaps[0] > 0.0) != (gaps[1] > 0.0)
        settled = monotonic if depth < _DEPTH else np.ones_like(monotonic)
        s, p = np.nonzero(segments.open & passes & settled)
        span = np.stack([segments.start[s], segments.end[s]])
        found.append(_Brackets(segments.direction[s], i[p], f[p], span, gaps[:, s, p], slopes[:, s, p]))
        undecided = segments.open & ~missed & ~monotonic
        busy = np.asarray(undecided.any(axis=1))
        if depth == _DEPTH or not busy.any():
            break
        segments = _halved(h0, m, segments._replace(open=undecided).where(busy))
    join = (np.concatenate(parts, axis=-1) for parts in zip(*found, strict=True))
    return _Brackets(*join)


def _pairs(first: np.ndarray, last: np.ndarray, i: np.ndarray, f: np.ndarray) -> np.ndarray:
    """Return the differences of all pairs of levels at both ends, shape (2, s, pairs)."""
    return np.stack([first[:, f] - first[:, i], last[:, f] - last[:, i]])


def _judged(
    segments: _Segments, gaps: np.ndarray, i: np.ndarray, f: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which gaps cannot reach the frequency in their segment, and which are monotonic."""
    (first, steep), (last, flat) = (
        (_sums(ends.energies), _sums(ends.slopes)) for ends in (segments.at_start, segments.at_end)
    )
    width = (segments.end - segments.start)[:, None]
    chord = (last - first) / width
    bend = np.maximum(steep - flat, np.finfo(float).tiny)
    # How far a concave function may rise above its chord: to where the tangents at the ends meet.
    rise = width * np.maximum(steep - chord, 0.0) * np.maximum(chord - flat, 0.0) / bend
    up, down = rise[:, f + 1] + rise[:, i], rise[:, f] + rise[:, i + 1]
    missed = (gaps.min(axis=0) > down) | (gaps.max(axis=0) < -up)
    least = flat[:, f + 1] - steep[:, f] - steep[:, i + 1] + flat[:, i]
    most = steep[:, f + 1] - flat[:, f] - flat[:, i + 1] + steep[:, i]
    return missed, (least > 0.0) | (most < 0.0)


def _sums(values: np.ndarray) -> np.ndarray:
    """Return the sums of the first 0, 1, ..., n values, shape (s, n + 1)."""
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)


def _halved(h0: np.ndarray, m: np.ndarray, segments: _Segments) -> _Segments:
    middle = 0.5 * (segments.start + segments.end)
    at_middle, _ = _nodes(h0, m[segments.direction], middle)
    left = segments._replace(end=middle, at_end=at_middle)
    right = segments._replace(start=middle, at_start=at_middle)

    return _Segments(
        np.concatenate([segments.direction] * 2),
        np.concatenate([left.start, right.start]),
        np.concatenate([left.end, right.end]),
        _joined(left.at_start, right.at_start),
        _joined(left.at_end, right.at_end),
        np.concatenate([segments.open] * 2),
    )


def _joined(one: Nodes, other: Nodes) -> Nodes:
    return Nodes(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))


def _polished(h0: np.ndarray, m: np.ndarray, frequency: float, brackets: _Brackets) -> Roots:
    """Return the roots by Newton's method, which falls back on halving where it would leave the bracket."""
    direction, lower, upper, ends, gaps, _ = brackets
    a, b = ends.copy()
    rising = gaps[1] > gaps[0]
    B = _hermite_root(brackets)
    slope = np.zeros_like(B)
    energies = np.zeros((len(B), len(h0)))
    states = np.zeros((len(B), len(h0), 2), dtype=complex)
    left = np.arange(len(B))
    for _ in range(_POLISH):
        nodes, vectors = _nodes(h0, m[direction[left]], B[left])
        rows, i, f = np.arange(len(left)), lower[left], upper[left]
        gap = nodes.energies[rows, f] - nodes.energies[rows, i] - frequency
        slope[left] = nodes.slopes[rows, f] - nodes.slopes[rows, i]
        energies[left] = nodes.energies
        states[left] = np.stack([vectors[rows, :, i], vectors[rows, :, f]], axis=-1)
        beyond = (gap > 0.0) == rising[left]
        b[left] = np.where(beyond, B[left], b[left])
        a[left] = np.where(beyond, a[left], B[left])
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = B[left] - gap / slope[left]
        inside = (newton >= a[left]) & (newton <= b[left])
        new = np.where(inside, newton, 0.5 * (a[left] + b[left]))
        # A step of Newton's leaves an error of about its square.
        done = np.abs(new - B[left]) <= np.where(inside, 1e-9, 1e-15) * b[left]
        B[left] = new
        left = left[~done]
        if not len(left):
            break
    return Roots(direction, lower, upper, B, slope, energies, states)


def _hermite_root(brackets: _Brackets) -> np.ndarray:
    """Return a first guess: the root of the inverse cubic through gaps and slopes at both ends, or of the chord."""
    (a, b), (u, v), (s, t) = brackets.ends, brackets.gaps, brackets.slopes
    with np.errstate(divide="ignore", invalid="ignore"):
        x = u / (u - v)
        width = b - a
        d, e = (v - u) / (s * width), (v - u) / (t * width)
        curve = x * x * (3.0 - 2.0 * x) + x * (1.0 - x) ** 2 * d - x * x * (1.0 - x) * e
        good = np.isfinite(curve) & (curve >= 0.0) & (curve <= 1.0)
    return a + width * np.where(good, curve, x)
