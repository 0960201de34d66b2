"""Places where dipoles are looked for: all about the sensors, near and far, and close to those that read most."""

from __future__ import annotations

import functools

import numpy as np

from magneton.estimation._search import Whitened

#: Places to try about the array, from a seventh of its size to seven times it.
_PLACES = 320
_NEAREST, _FARTHEST = 0.14, 7.0
#: Places to try about each of the sensors with the largest readings, as parts of the way to the next sensor.
_LARGEST, _ABOUT, _PARTS = 6, 8, (0.3, 0.8)


def places_to_try(problem: Whitened, volume: np.ndarray | None, density: int = 1) -> np.ndarray:
    """Return places, shape (c, 3), in units of the length: in the volume, or near and far from the sensors.

    There are `density` times as many as usual.
    """
    count = density * _PLACES
    if volume is not None:
        low, high = volume / problem.length
        return _in_box(low, high, count)
    radius = _NEAREST * (_FARTHEST / _NEAREST) ** ((np.arange(count) + 0.5) / count)
    middle = problem.points.mean(axis=0)
    around = middle + radius[:, None] * _directions(count)
    return np.vstack([middle, around, _near_largest(problem, density * _LARGEST)])


def _in_box(low: np.ndarray, high: np.ndarray, count: int) -> np.ndarray:
    """Return the middles of nearly cubic cells of a box."""
    side = np.maximum(high - low, 1e-3 * (high - low).max(initial=1e-300))
    cells = np.maximum(1, np.round(side * (count / side.prod()) ** (1 / 3)).astype(int))
    axes = [a + (np.arange(c) + 0.5) / c * (b - a) for a, b, c in zip(low, high, cells, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)


@functools.cache
def _directions(count: int) -> np.ndarray:
    """Return unit vectors that fill the sphere however many of the first are taken."""
    i = np.arange(count)
    z = 1.0 - 2.0 * ((i * 0.6180339887498949) % 1.0)
    angle = 2.0 * np.pi * ((i * 0.7548776662466927) % 1.0)
    across = np.sqrt(1.0 - z * z)
    return np.stack([across * np.cos(angle), across * np.sin(angle), z], axis=1)


def _near_largest(problem: Whitened, count: int) -> np.ndarray:
    """Return places about the sensors with the largest readings: a dipole close to one shows in few others."""
    size = np.abs(problem.values).max(axis=0)[problem.rows]
    largest = problem.points[np.argsort(size)[::-1][: 6 * count]]
    parts = np.repeat(_PARTS, _ABOUT)[:, None] * np.tile(_directions(_ABOUT), (len(_PARTS), 1))
    places = []
    while len(places) < count and len(largest):
        point = largest[0]
        largest = largest[(largest != point).any(axis=1)]
        squares = _squares(problem.points, point)
        gap = float(squares[squares > 0.0].min(initial=1.0)) ** 0.5
        places.append(point + gap * parts)
    return np.concatenate(places)


def _squares(points: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Return squared distances."""
    r = points - point
    return np.einsum("ij,ij->i", r, r)


def best_places(places: np.ndarray, gains: np.ndarray, count: int, middle: np.ndarray) -> np.ndarray:
    """Return the best places that are well apart, of gains of shape (c,)."""
    left = places[np.argsort(gains)[::-1][: 20 * count]]
    chosen = []
    while len(chosen) < count and len(left):
        chosen.append(left[0])
        reach = 0.3 * (np.sqrt(_squares(left, middle)) + 0.3)
        left = left[_squares(left, left[0]) > reach * reach]
    return np.array(chosen)
