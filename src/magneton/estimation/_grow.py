"""Several dipoles, found one after the other: solutions of fewer are carried on, a beam of the best at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from magneton.estimation._places import best_places, places_to_try
from magneton.estimation._search import Whitened, descended, gains_at

#: Places (s, d, 3), moments (s, d, 3) and sums of squares (s,), best first.
Found = tuple[np.ndarray, np.ndarray, np.ndarray]

#: Partial solutions that are carried on, and starts from each, when dipoles are added one after the other.
_BEAM, STARTS = 3, 4
#: Readings that a quick scan looks at, and that a descent from each start does.
_SCANNED, _DESCENDED = 96, 600
#: Descents from starts end at this part of the sum of squares that is left; the best are polished.
_ROUGH = 1e-4
#: Places are the same within this part of their size, or of the array's.
_SAME = 0.03
#: Sensors are in a plane if they leave it by less than this part of their spread: it may have two sides.
_PLANE = 1e-3
#: Rounds of exchanges at most.
_EXCHANGES = 4


@dataclass(frozen=True)
class _Effort:
    """How many times the usual places, starts from each partial solution, and partial solutions carried on."""

    density: int
    starts: int
    beam: int


#: The second is for what the first does not explain.
_QUICK, _THOROUGH = _Effort(1, STARTS, _BEAM), _Effort(8, 4 * STARTS, 2 * _BEAM)


def grown(problem: Whitened, box: np.ndarray | None, count: int) -> list[Found]:
    """Return the best solutions of 1 .. count dipoles; more is tried if they leave what noise would not."""
    stages = _stages(problem, box, count, _QUICK)
    if problem.explained(stages[-1][2][0], count):
        return stages
    thorough = _stages(problem, box, count, _THOROUGH)
    return [_merged(a, b) for a, b in zip(stages, thorough, strict=True)]


def chosen(
    problem: Whitened, box: np.ndarray | None, most: int, criterion: Callable[[Found], float]
) -> Found:
    """Return the solutions with the number of dipoles, at most `most`, of the least criterion.

    Numbers grow until it rises twice; then fewer dipoles than
    the best number are looked for thoroughly, since more of them can stand for one that was missed.
    """
    search = _Search(problem, box, _QUICK)
    stages: list[Found] = []
    values: list[float] = []
    while len(stages) < most:
        stages.append(search.next())
        values.append(criterion(stages[-1]))
        if len(values) > 2 and values[-1] > values[-2] > values[-3]:
            break
    best = int(np.argmin(values))
    while best > 0:
        fewer = _stages(problem, box, best, _THOROUGH)[-1]
        if criterion(fewer) > values[best]:
            break
        best -= 1
        stages[best], values[best] = fewer, criterion(fewer)
    return stages[best]


def _stages(problem: Whitened, box: np.ndarray | None, count: int, effort: _Effort) -> list[Found]:
    search = _Search(problem, box, effort)
    return [search.next() for _ in range(count)]


class _Search:
    """Adds a dipole at a time."""

    def __init__(self, problem: Whitened, box: np.ndarray | None, effort: _Effort) -> None:
        self.problem, self.box, self.effort = problem, box, effort
        thorough = effort is _THOROUGH
        self.scanned = problem.part(4 * _SCANNED if thorough else _SCANNED)
        self.rough = problem.part(4 * _DESCENDED if thorough else _DESCENDED)
        self.places = places_to_try(problem, box, effort.density)
        self.middle = problem.points.mean(axis=0)
        self.normal = _normal(problem.points - self.middle)
        self.partial: list[np.ndarray] = [np.empty((0, 3))]

    def next(self) -> Found:
        """Return the solutions with a dipole more."""
        found = self._descended(np.concatenate([self._with_one_more(held) for held in self.partial]))
        if self.effort is _THOROUGH:
            found = self._exchanged(found)
        self.partial = distinct(found[0], found[2], self.effort.beam)
        ends = np.concatenate([np.stack(self.partial), self._mirrored(self.partial[0])])
        polished = inside(descended(self.problem, ends), self.problem, self.box)
        return polished if self.rough is not self.problem else _merged(polished, found)

    def _with_one_more(self, held: np.ndarray) -> np.ndarray:
        """Return places, shape (s, d + 1, 3), of which the first d are held."""
        rest = self.scanned.with_dipoles(held) if len(held) else self.scanned
        more = best_places(self.places, gains_at(rest, self.places)[:, 0], self.effort.starts, self.middle)
        return np.concatenate([np.broadcast_to(held, (len(more), *held.shape)), more[:, None]], axis=1)

    def _mirrored(self, places: np.ndarray) -> np.ndarray:
        """Return places, shape (d, 3), beyond the plane of the sensors: one of them or all, shape (s, d, 3)."""
        if self.normal is None:
            return np.empty((0, *places.shape))
        beyond = places - 2.0 * np.outer((places - self.middle) @ self.normal, self.normal)
        which = np.vstack([np.eye(len(places), dtype=bool), np.ones((1, len(places)), dtype=bool)])
        ends = np.where(which[len(places) == 1 :, :, None], beyond, places)
        if self.box is None:
            return ends
        low, high = self.box / self.problem.length
        return ends[np.all((ends >= low) & (ends <= high), axis=(1, 2))]

    def _descended(self, starts: np.ndarray) -> Found:
        return inside(descended(self.rough, starts, tolerance=_ROUGH), self.problem, self.box)

    def _exchanged(self, found: Found) -> Found:
        """Return solutions of which each dipole was taken out and looked for again, until that helps no more."""
        for _ in range(_EXCHANGES if found[0].shape[1] > 1 else 0):
            if self.rough.explained(found[2][0], found[0].shape[1]):
                break
            starts = [
                self._with_one_more(np.delete(places, d, axis=0))
                for places in distinct(found[0], found[2], 2)
                for d in range(len(places))
            ]
            again = self._descended(np.concatenate(starts))
            better = again[2][0] < found[2][0] * (1.0 - 1e-3)
            found = _merged(again, found)
            if not better:
                break
        return found


def _normal(points: np.ndarray) -> np.ndarray | None:
    """Return the normal of the plane that points, shape (n, 3), about their middle lie in, or None."""
    squares, axes = np.linalg.eigh(points.T @ points)
    return axes[:, 0] if squares[0] <= _PLANE**2 * squares[2] else None


def _merged(a: Found, b: Found) -> Found:
    """Return the solutions of both, best first."""
    order = np.argsort(np.concatenate([a[2], b[2]]), kind="stable")
    places, moments, totals = (np.concatenate(pair)[order] for pair in zip(a, b, strict=True))
    return places, moments, totals


def inside(found: Found, problem: Whitened, box: np.ndarray | None) -> Found:
    """Return the solutions with all places in the box, widened by half, if there are any."""
    if box is None:
        return found
    low, high = box / problem.length
    margin = 0.5 * (high - low).max()
    good = np.all((found[0] >= low - margin) & (found[0] <= high + margin), axis=(1, 2))
    return (found[0][good], found[1][good], found[2][good]) if good.any() else found


def distinct(places: np.ndarray, totals: np.ndarray, count: int = _BEAM) -> list[np.ndarray]:
    """Return the best few solutions that differ: some dipole lies elsewhere, whatever their order."""
    in_order = np.stack([one[np.lexsort(one.T)] for one in places])
    chosen: list[int] = []
    for i in np.argsort(totals, kind="stable").tolist():
        near = _SAME * (1.0 + np.abs(in_order[i]).max())
        if all(np.abs(in_order[i] - in_order[j]).max() > near for j in chosen):
            chosen.append(i)
            if len(chosen) == count:
                break
    return [places[i] for i in chosen]
