"""Field lines: traced in arc length along B/|B|, all at once, with a step of its own for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Field = Callable[[np.ndarray], np.ndarray]

MOST_STEPS = 160
_TOLERANCE = 3e-5  # of a step's error, in units of the scene's size
_LONGEST, _SHORTEST = 0.08, 1e-4  # steps, in the same units
_MOST_TURN = np.cos(0.45)  # between the two ends of a step
_CLOSED = 0.02  # of the length so far: how near its start a line must come back to be closed
_ROUND = 0.3  # the same, to end all the same: in three dimensions few lines close on themselves
_LONGEST_LINE = 8.0  # in the same units as steps


@dataclass(frozen=True)
class Region:
    """Where field lines are traced.

    Attributes
    ----------
    low, high : ndarray, shape (3,), metre
        The box they end at.
    size : float, metre
        The scene's size, which steps and errors are measured by.
    stops : list of (centre, radius)
        Balls that they end at.
    """

    low: np.ndarray
    high: np.ndarray
    size: float
    stops: list[tuple[np.ndarray, float]]

    def holds(self, points: np.ndarray) -> np.ndarray:
        """Return which points are in the box and in no ball, shape (n,)."""
        inside = np.all((points >= self.low) & (points <= self.high), axis=1)
        if self.stops:
            centres, radii = np.array([c for c, _ in self.stops]), np.array([r for _, r in self.stops])
            gaps = np.sum((points[:, None] - centres) ** 2, axis=-1) > radii**2
            inside &= gaps.all(axis=1)
        return inside


def trace(field: Field, seeds: np.ndarray, region: Region) -> list[np.ndarray]:
    """Return the field lines through the seeds, each in the direction of the field, shape (n, 3).

    The embedded Runge-Kutta pair of Bogacki and Shampine, orders 3 and 2 [BogackiShampine1989]_, follows the unit
    vector of the field; a cubic through the ends of each step with their tangents draws it smooth. A line ends at the
    region's edge, where the field is zero or not defined, or after one turn, closed if it meets its seed.

    Parameters
    ----------
    field : callable
        B at points, shape (n, 3) in and out.
    seeds : ndarray, shape (n, 3), metre
        Those outside the region, or without a field, are left out.
    region : Region
        Where to trace.
    """
    seeds = seeds[region.holds(seeds)]
    seeds = seeds[np.isfinite(_units(field, seeds, 1.0)).all(axis=1)] if len(seeds) else seeds
    if not len(seeds):
        return []
    onward, whole = _follow(field, seeds, region, 1.0)
    back, _ = _follow(field, seeds[~whole], region, -1.0)
    lines = []
    backward = iter(back)
    for path, round_trip in zip(onward, whole, strict=True):
        line = path if round_trip else np.vstack([next(backward)[:0:-1], path])
        if len(line) > 1:
            lines.append(line)
    return lines


def _units(field: Field, points: np.ndarray, sign: float) -> np.ndarray:
    """Return the directions of the field; nan where it has none."""
    with np.errstate(all="ignore"):
        values = field(points)
        values = values / np.max(np.abs(values), axis=1, keepdims=True)
        return sign * values / np.linalg.norm(values, axis=1, keepdims=True)


def _follow(
    field: Field, starts: np.ndarray, region: Region, sign: float
) -> tuple[list[np.ndarray], np.ndarray]:
    """Return one path from each start, and which of them came round to it."""
    count = len(starts)
    whole = np.zeros(count, dtype=bool)
    pieces: list[list[np.ndarray]] = [[start[None]] for start in starts]
    if not count:
        return [], whole
    which: Any = np.arange(count)
    here, first = starts.copy(), _units(field, starts, sign)
    slope, step, travelled = first.copy(), np.full(count, 0.01 * region.size), np.zeros(count)
    for _ in range(MOST_STEPS):
        there, slope_there, error = _stepped(field, here, slope, step, sign)
        good, factor = _judged(slope, slope_there, error, step, region.size)
        alive = step > 0.01 * _SHORTEST * region.size
        if good.any():
            parts = _smooth(here[good], there[good], slope[good], slope_there[good], step[good])
            goes_on, came_round = _advance(pieces, parts, which[good], starts, first, travelled[good], region)
            whole[which[good][came_round]] = True
            travelled[good] += step[good]
            alive[good] &= goes_on
            here[good], slope[good] = there[good], slope_there[good]
        step = np.minimum(step * factor, _LONGEST * region.size)
        alive &= travelled < _LONGEST_LINE * region.size
        which, here, slope, step, travelled = (
            array[alive] for array in (which, here, slope, step, travelled)
        )
        if not len(which):
            break
    return [np.concatenate(piece) for piece in pieces], whole


def _stepped(
    field: Field, here: np.ndarray, slope: np.ndarray, step: np.ndarray, sign: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where a step leads, the direction there, and the error's estimate."""
    h = step[:, None]
    second = _units(field, here + 0.5 * h * slope, sign)
    third = _units(field, here + 0.75 * h * second, sign)
    there = here + h * (2.0 / 9.0 * slope + 1.0 / 3.0 * second + 4.0 / 9.0 * third)
    fourth = _units(field, there, sign)
    difference = -5.0 / 72.0 * slope + second / 12.0 + third / 9.0 - 0.125 * fourth
    return there, fourth, step * np.linalg.norm(difference, axis=1)


def _judged(
    slope: np.ndarray, slope_there: np.ndarray, error: np.ndarray, step: np.ndarray, size: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return which steps are accepted, and what to multiply each step by."""
    turn = np.sum(slope * slope_there, axis=1)
    known = np.isfinite(error) & np.isfinite(turn)
    good = known & (error <= _TOLERANCE * size) & (turn > _MOST_TURN)
    with np.errstate(all="ignore"):
        factor = np.clip(0.9 * np.cbrt(_TOLERANCE * size / error), 0.25, 3.0)
    factor[~good] = np.minimum(0.5, np.where(known, factor, 0.25))[~good]
    # The tangential field jumps at a face: no step is short enough, so that the shortest is taken as it is.
    shortest = step <= _SHORTEST * size
    factor[known & shortest & ~good] = 3.0
    return good | (known & shortest), factor


def _smooth(
    here: np.ndarray, there: np.ndarray, slope: np.ndarray, slope_there: np.ndarray, step: np.ndarray
) -> np.ndarray:
    """Return four points of the cubic along each step, its end the last: shape (n, 4, 3)."""
    u = np.array([0.25, 0.5, 0.75, 1.0])[None, :, None]
    h = step[:, None, None]
    value = (2 * u**3 - 3 * u**2 + 1) * here[:, None] + (3 * u**2 - 2 * u**3) * there[:, None]
    return value + (u**3 - 2 * u**2 + u) * h * slope[:, None] + (u**3 - u**2) * h * slope_there[:, None]


def _advance(
    pieces: list[list[np.ndarray]],
    parts: np.ndarray,
    which: np.ndarray,
    starts: np.ndarray,
    first: np.ndarray,
    travelled: np.ndarray,
    region: Region,
) -> tuple[np.ndarray, np.ndarray]:
    """Append the accepted steps to their paths; return which of them go on, and which have come round."""
    within = region.holds(parts.reshape(-1, 3)).reshape(len(parts), -1)
    goes_on, whole = np.asarray(within.all(axis=1)), np.zeros(len(parts), dtype=bool)
    for k, line in enumerate(which):
        previous = pieces[line][-1][-1]
        path = np.vstack([previous, parts[k]])
        if not goes_on[k]:
            outside = int(np.argmin(within[k]))
            pieces[line].append(
                np.vstack([parts[k, :outside], _edge(path[outside], path[outside + 1], region)])
            )
            continue
        start = starts[line]
        height = (path - start) @ first[line]
        crossing = np.flatnonzero((height[:-1] < 0.0) & (height[1:] >= 0.0))
        if len(crossing):
            i = int(crossing[0])
            u = height[i] / (height[i] - height[i + 1])
            met = path[i] + u * (path[i + 1] - path[i])
            miss = np.linalg.norm(met - start)
            if miss < _ROUND * travelled[k]:
                end = start if miss < _CLOSED * travelled[k] else met
                pieces[line].append(np.vstack([parts[k, :i], end]))
                goes_on[k], whole[k] = False, True
                continue
        pieces[line].append(parts[k])
    return goes_on, whole


def _edge(inside: np.ndarray, outside: np.ndarray, region: Region) -> np.ndarray:
    """Return where the way out of the region crosses its edge, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = 0.5 * (low + high)
        held = region.holds((inside + middle * (outside - inside))[None])[0]
        low, high = (middle, high) if held else (low, middle)
    return (inside + low * (outside - inside))[None]
