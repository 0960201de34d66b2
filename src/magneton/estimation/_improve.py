"""Better places for sensors, by exchange: one sensor at a time goes to the best of many places tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

from magneton import _check
from magneton.estimation._bound import Precision, slopes_of
from magneton.estimation._search import in_volume
from magneton.estimation._taps import Taps
from magneton.estimation.readings import Readings
from magneton.kernels.normal_matrices import inverses

if TYPE_CHECKING:
    from magneton.estimation.planner import Planner

Criterion = Literal["A", "worst", "D"]

#: Places tried for a sensor at a time: anywhere in the box, and about where it is.
_ANYWHERE, _ABOUT = 6, 18
#: How far about, in parts of the box: in the first and in the last step.
_FIRST, _LAST = 0.3, 0.003
#: A change must be better by this much.
_BETTER = 1e-9


class Improved(NamedTuple):
    """What a search for a better array found.

    Attributes
    ----------
    planner : Planner
        The better array.
    gain : float
        How many times smaller its error is.
    history : ndarray, shape (n_steps + 1,)
        The error after each step: in m or A m^2, or the geometric mean of the axes of the confidence region.
    """

    planner: Planner
    gain: float
    history: np.ndarray


@dataclass(frozen=True, eq=False)
class Targets:
    """Dipoles to look for, shape (t, 3) both, and what is to be made small for them."""

    places: np.ndarray
    moments: np.ndarray
    criterion: Criterion
    first: int

    @classmethod
    def of(cls, moment: Any, position: Any, volume: Any, criterion: Criterion, of: str) -> Targets:
        """Return all moments at all places."""
        if (position is None) == (volume is None):
            raise ValueError("position or volume must be given, and not both")
        if criterion not in ("A", "worst", "D"):
            raise ValueError(f'criterion must be "A", "worst" or "D", got {_check.shown(criterion)}')
        if of not in ("position", "moment"):
            raise ValueError(f'of must be "position" or "moment", got {_check.shown(of)}')
        m = np.atleast_2d(_check.numbers("moment", moment, "A m^2"))
        m = _check.vectors("moment", m, "A m^2")
        if not np.linalg.norm(m, axis=1).all():
            raise ValueError("moment must not be zero: it would have no position")
        box = in_volume(volume)
        if box is None:
            places = _check.vectors("position", np.atleast_2d(_check.numbers("position", position, "m")), "m")
        else:
            axes = [np.unique(np.linspace(low, high, 3)) for low, high in box.T]
            places = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
        return cls(
            np.repeat(places, len(m), axis=0),
            np.tile(m, (len(places), 1)),
            criterion,
            0 if of == "position" else 3,
        )

    def errors(self, normal: np.ndarray) -> np.ndarray:
        """Return the error of each candidate, of normal matrices of shape (t, c, p, p); infinite if undetermined."""
        t, c, p, _ = normal.shape
        covariance, good = np.empty((t * c, 6, 6)), np.empty(t * c, dtype=bool)
        inverses(np.ascontiguousarray(normal.reshape(t * c, p, p)), 6, covariance, good)
        covariance[~good] = np.inf
        own = covariance.reshape(t, c, 6, 6)
        if self.criterion == "D":
            finite = np.where(good.reshape(t, c)[..., None, None], own, np.eye(6))
            logs = np.where(good.reshape(t, c), np.linalg.slogdet(finite)[1], np.inf)
            return np.exp(logs.mean(axis=0) / 12.0)
        squares = np.trace(
            own[..., self.first : self.first + 3, self.first : self.first + 3], axis1=-2, axis2=-1
        )
        return np.sqrt(squares.max(axis=0) if self.criterion == "worst" else squares.mean(axis=0))


class Search:
    """A search for better poses of the sensors of readings."""

    def __init__(
        self,
        readings: Readings,
        background: Any,
        offsets: float | None,
        targets: Targets,
        box: Any,
        spacing: float,
        turn: bool,
    ) -> None:
        if readings.lab_taps is not readings.taps and not np.array_equal(
            readings.lab_taps.points, readings.taps.points
        ):
            raise ValueError("sensors must be at rest with the target, not those of a turned one")
        self.readings, self.background, self.targets, self.turn = readings, background, targets, turn
        self.parts = [_sole(readings.select(readings.sensor == s)) for s in np.unique(readings.sensor)]
        self.precisions = [Precision.of(part, offsets) for part in self.parts]
        self.centres = np.stack([part.centre for part in self.parts])
        own = in_volume(box)
        self.box = np.stack([self.centres.min(axis=0), self.centres.max(axis=0)]) if own is None else own
        if not np.any(self.box[1] > self.box[0]):
            raise ValueError("box must leave room for the sensors: its corners are one point")
        self.spacing = float(_check.non_negatives("spacing", spacing, "m"))
        self.middle = readings.lab_taps.points.mean(axis=0)

    def run(self, steps: int, seed: int) -> tuple[Readings, np.ndarray]:
        """Return the readings of the better array, and the error after each step."""
        rng = np.random.default_rng(seed)
        centres, turns = self.centres.copy(), np.tile(np.eye(3), (len(self.parts), 1, 1))
        own = [self._normal(s, centres[s][None], turns[s][None])[:, 0] for s in range(len(self.parts))]
        history = [float(self.targets.errors(np.sum(own, axis=0)[:, None])[0])]
        for reach in np.geomspace(_FIRST, _LAST, steps):
            best = history[-1]
            for s in rng.permutation(len(self.parts)).tolist():
                where, turned = self._tries(rng, reach, centres[s], turns[s])
                free = self._apart(where, np.delete(centres, s, axis=0))
                where, turned = where[free], turned[free]
                if not len(where):
                    continue
                others = np.sum([*own[:s], *own[s + 1 :], np.zeros_like(own[s])], axis=0)
                normal = self._normal(s, where, turned)
                errors = self.targets.errors(others[:, None] + normal)
                k = int(np.argmin(errors))
                if errors[k] < best * (1.0 - _BETTER):
                    best, centres[s], turns[s], own[s] = float(errors[k]), where[k], turned[k], normal[:, k]
            history.append(best)
        if not np.isfinite(history[-1]):
            raise ValueError(
                "sensors must be able to determine the dipoles; these are not, wherever in the box"
            )
        moved = [self._placed(s, centres[s][None], turns[s][None]) for s in range(len(self.parts))]
        return sum(moved[1:], moved[0]), np.array(history)

    def _tries(
        self, rng: np.random.Generator, reach: float, centre: np.ndarray, turn: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return centres and turns to try, shape (c, 3) and (c, 3, 3)."""
        low, high = self.box
        where = np.vstack(
            [
                low + rng.random((_ANYWHERE, 3)) * (high - low),
                np.clip(centre + reach * rng.normal(size=(_ABOUT, 3)) * (high - low), low, high),
            ]
        )
        if not self.turn:
            return where, np.broadcast_to(turn, (len(where), 3, 3))
        angles = np.pi * np.vstack([rng.normal(size=(_ANYWHERE, 3)), reach * rng.normal(size=(_ABOUT, 3))])
        where[-_ABOUT // 3 :] = centre
        return where, Rotation.from_rotvec(angles).as_matrix() @ turn

    def _apart(self, where: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return which places keep the spacing."""
        if self.spacing == 0.0 or not len(others):
            return np.ones(len(where), dtype=bool)
        return np.linalg.norm(where[:, None] - others, axis=-1).min(axis=1) >= self.spacing

    def _normal(self, s: int, centres: np.ndarray, turns: np.ndarray) -> np.ndarray:
        """Return what a sensor in each pose adds to the normal matrices, shape (t, c, p, p)."""
        placed = self._placed(s, centres, turns)
        slopes = slopes_of(
            placed,
            self.targets.places,
            self.targets.moments,
            self.readings.size,
            self.background,
            self.middle,
        )
        t, p, n = slopes.shape
        each = slopes.reshape(t, p, len(centres), n // len(centres)).swapaxes(1, 2)
        return self.precisions[s].normal(each)

    def _placed(self, s: int, centres: np.ndarray, turns: np.ndarray) -> Readings:
        """Return the readings of a sensor in several poses, one after the other."""
        part, c = self.parts[s], len(centres)
        taps, rows, n = part.taps, part.rows, len(part)
        arms = np.einsum("cij,tj->cti", turns, taps.points - self.centres[s]) + centres[:, None]
        tensors = taps.gradients
        if tensors is not None:
            tensors = np.einsum("cij,tjk,clk->ctil", turns, tensors, turns).reshape(-1, 3, 3)
        moved = Taps(
            (taps.row + rows * np.arange(c)[:, None]).reshape(-1),
            arms.reshape(-1, 3),
            np.einsum("cij,tj->cti", turns, taps.weights).reshape(-1, 3),
            tensors,
        )
        copy = np.repeat(np.arange(c), n)
        return Readings(
            np.tile(part.values, c),
            np.tile(part.noise, c),
            moved,
            moved,
            np.tile(part.row, c) + rows * copy,
            np.tile(part.ambient, (c, 1)),
            copy,
            np.tile(part.component, c),
        )


def _sole(part: Readings) -> Readings:
    """Return the readings of one sensor as those of sensor 0."""
    return replace(part, sensor=np.zeros(len(part), dtype=int))
