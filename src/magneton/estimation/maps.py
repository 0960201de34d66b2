"""Many dipoles under a map of the normal field, as of magnetic microscopy."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton.estimation._euler import euler_places, lifted, peaks
from magneton.estimation._finish import weights
from magneton.estimation._nuisance import linear_unknowns
from magneton.estimation._search import Whitened, descended, whitened
from magneton.estimation.dipole_fit import fit_dipoles
from magneton.estimation.estimate import MomentEstimate
from magneton.estimation.readings import Readings
from magneton.kernels.dipole_design import set_columns

#: Peaks tried, of the map lifted by these numbers of its steps, before no more dipoles are looked for.
_PEAKS, _LIFTS = 4, (0.0, 2.0, 5.0)
#: Radius of the window of a dipole in its depths, and in steps of the map at least.
_REACH, _STEPS = 3.0, 3.0
#: Depths tried under a peak, in steps of the map, besides those of Euler's equation.
_DEPTHS = (1.0, 2.5, 6.0)
#: How far from a peak its dipole may be, in steps of the map.
_FARTHEST = 8.0
#: Neighbours that are polished together with a dipole at most; fewer dipoles than this are all polished together.
_NEIGHBOURS, _TOGETHER = 3, 16
#: Readings that weigh when all are polished together, and the part of the sum of squares at which that ends.
_SOME, _ROUGH = 2000, 1e-3


def from_map(
    x: Any,
    y: Any,
    Bz: Any,
    z: float = 0.0,
    n_dipoles: int | Literal["auto"] = "auto",
    noise: Any = None,
    background: Literal["uniform"] | None = None,
    *,
    max_dipoles: int = 50,
    min_depth: float | None = None,
) -> MomentEstimate:
    """Return the dipoles below a map of Bz, at unknown places.

    Dipoles are added one after the other: at the largest peak of the analytic signal |grad Bz| [Nabighian1972]_ of what
    is left of the map, lifted if its noise hides them; first where Euler's equation puts a dipole [Reid1990]_, then
    downhill together with its neighbours in a window of a few depths, until another one lowers the Bayesian information
    criterion no more [Schwarz1978]_. At the end all are fitted jointly to the whole map.

    Parameters
    ----------
    x, y : array_like, shape (nx,) and (ny,), metre
        Evenly spaced, ascending.
    Bz : array_like, shape (ny, nx), tesla
        The field along z at (x[j], y[i]), as `numpy.meshgrid` has it.
    z : float, metre
        Height of the map; the dipoles are below.
    n_dipoles : int or "auto"
        How many; by default until the criterion rises.
    noise : float or array_like, shape (ny, nx), tesla, optional
        Standard deviations; estimated if not given.
    background : {None, "uniform"}
        Fit a uniform Bz besides.
    max_dipoles : int
        The most that "auto" finds.
    min_depth : float, metre, optional
        No dipole is nearer to the map; a third of the map's step by default.

    Returns
    -------
    MomentEstimate
        With `moment` and `position` of shape (n, 3).

    Examples
    --------
    >>> import numpy as np
    >>> import magneton as mg
    >>> from magneton.estimation import from_map
    >>> x = np.linspace(-50e-6, 50e-6, 41)
    >>> points = np.stack(np.broadcast_arrays(x, x[:, None], 0.0), axis=-1)
    >>> grains = mg.Dipole([1e-14, 0, 2e-14], [-2e-5, 0, -1e-5]), mg.Dipole([0, 1e-14, 0], [2e-5, 1e-5, -8e-6])
    >>> Bz = sum(grain.B(points)[..., 2] for grain in grains)
    >>> fit = from_map(x, x, Bz, noise=1e-9)
    >>> (fit.position * 1e6).round(3) + 0.0
    array([[-20.,   0., -10.],
           [ 20.,  10.,  -8.]])
    """
    grid = _grid(x, y, Bz, z, noise, background, min_depth)
    most = max_dipoles if isinstance(n_dipoles, str) and n_dipoles == "auto" else n_dipoles
    most = _check.integer("max_dipoles" if most is max_dipoles else "n_dipoles", most, 1)
    found, required = grid.explained(np.empty((0, 3))), n_dipoles != "auto"
    while len(found.places) < most:
        more = _one_more(grid, found, required)
        if more is None:
            break
        found = more
    if not required:
        found = _pruned(grid, found)
    if len(found.places) < (most if required else 1):
        raise ValueError(
            f"Bz must show the dipoles that are asked for, got {len(found.places)} of them in the map"
        )
    joint = fit_dipoles(
        grid.readings,
        n_dipoles=len(found.places),
        offsets=_offset(background),
        start=found.places,
    )
    names = tuple("background_z" if name == "offset_0" else name for name in joint.names)
    return replace(joint, method="from_map", names=names, single=False)


def _offset(background: Any) -> float | None:
    """Return what stands for a uniform field in readings of one component: an offset that all share."""
    if background not in (None, "uniform"):
        raise ValueError(f'background must be None or "uniform" for a map, got {_check.shown(background)}')
    return None if background is None else float("inf")


@dataclass(frozen=True, eq=False)
class _Explained:
    """What dipoles at places (d, 3) leave of the map (ny, nx), the field of each (d, n), and the criterion."""

    places: np.ndarray
    left: np.ndarray
    fields: np.ndarray
    criterion: float


@dataclass(frozen=True, eq=False)
class _Grid:
    """A map: its axes and height, shape, readings, their noise, whether that is known, the problem, least depth."""

    x: np.ndarray
    y: np.ndarray
    z: float
    shape: tuple[int, int]
    readings: Readings
    sigma: np.ndarray
    known: bool
    problem: Whitened
    min_depth: float

    @functools.cached_property
    def step(self) -> float:
        """The larger of the steps along x and y."""
        return float(max(self.x[1] - self.x[0], self.y[1] - self.y[0]))

    @functools.cached_property
    def _some(self) -> Whitened:
        return self.problem.part(_SOME)

    def polished(self, places: np.ndarray) -> np.ndarray:
        """Return places, shape (d, 3), moved together downhill."""
        if len(places) > _TOGETHER:
            return places
        L = self.problem.length
        ends = descended(self._some, places[None] / L, tolerance=_ROUGH)[0][0] * L
        return ends if np.all(ends[:, 2] < self.z) else places

    def explained(self, places: np.ndarray) -> _Explained:
        """Return what dipoles at places explain, with the best moments."""
        n = len(self.sigma)
        columns, work = (
            np.empty((len(places), 3, n)),
            np.empty((3, self.problem.widest)),
        )
        for place, own in zip(places / self.problem.length, columns, strict=True):
            set_columns(self.problem.taps, place, work, own)
        rows = columns.reshape(-1, n)
        known, values = self.problem.known, self.problem.values[0]
        free = rows - (rows @ known.T) @ known
        size = np.linalg.norm(free, axis=1)
        moments = np.linalg.lstsq((free / size[:, None]).T, values, rcond=1e-12)[0] / size
        fields = np.einsum("dk,dkn->dn", moments.reshape(-1, 3), columns) * self.sigma
        left = values - moments @ free
        total = float(left @ left)
        misfit = total if self.known else n * float(np.log(max(total, 1e-300) / n))
        criterion = misfit + 6 * len(places) * float(np.log(n))
        return _Explained(places, (left * self.sigma).reshape(self.shape), fields, criterion)


def _grid(
    x: Any,
    y: Any,
    Bz: Any,
    z: float,
    noise: Any,
    background: Any,
    min_depth: float | None,
) -> _Grid:
    """Return the map, checked."""
    along = []
    for name, axis in (("x", x), ("y", y)):
        array = _check.numbers(name, axis, "m")
        steps = np.diff(array) if array.ndim == 1 else np.empty(0)
        if len(steps) < 4 or not np.all(np.abs(steps - steps.mean()) < 1e-3 * steps.mean()):
            raise ValueError(
                f"{name} must be at least 5 evenly spaced, ascending numbers, got {_check.shown(axis)}"
            )
        along.append(array)
    values = _check.numbers("Bz", Bz, "T")
    shape = (len(along[1]), len(along[0]))
    if values.shape != shape:
        raise ValueError(f"Bz must have shape {shape}, as y and x are, got shape {values.shape}")
    height = _check.number("z", z, "m")
    sigma = noise
    if noise is not None:
        sigma = _check.positives("noise", noise, "T")
        if sigma.shape not in ((), shape):
            raise ValueError(f"noise must be a number or have shape {shape}, got shape {sigma.shape}")
        sigma = np.broadcast_to(sigma, shape).ravel()
    points = np.stack(np.broadcast_arrays(along[0], along[1][:, None], height), axis=-1).reshape(-1, 3)
    one = np.zeros(len(points), dtype=int)
    readings = Readings.axis(points, [0.0, 0.0, 1.0], values.ravel(), sigma, sensor=one)
    least = (along[0][1] - along[0][0]) / 3.0
    if min_depth is not None:
        least = _check.positive("min_depth", min_depth, "m")
    sigma, known = weights(readings.noise, readings.values)
    problem = whitened(readings, linear_unknowns(readings, None, _offset(background)), sigma)
    return _Grid(along[0], along[1], height, shape, readings, sigma, known, problem, least)


def _one_more(grid: _Grid, found: _Explained, required: bool) -> _Explained | None:
    """Return what is explained with a dipole more, or None if none lowers the criterion."""
    best = None
    for lift in _LIFTS:
        left, slopes = lifted(grid.x, grid.y, found.left, lift * grid.step)
        for at in peaks(np.sqrt((slopes**2).sum(axis=0)), _PEAKS):
            candidates = _candidates(grid, left, slopes, at, lift * grid.step)
            places = _polished_near(grid, found, candidates)
            if places is None:
                continue
            trial = grid.explained(grid.polished(places))
            if trial.criterion < found.criterion:
                return trial
            if best is None or trial.criterion < best.criterion:
                best = trial
    return best if required else None


def _pruned(grid: _Grid, found: _Explained) -> _Explained:
    """Return what is explained without the dipoles that lower the criterion if they are left out."""
    d = 0
    while d < len(found.places) and len(found.places) > 1:
        places = np.delete(found.places, d, axis=0)
        fewer = grid.explained(grid.polished(places))
        if fewer.criterion < found.criterion:
            found, d = fewer, 0
        else:
            d += 1
    return found


def _candidates(
    grid: _Grid, left: np.ndarray, slopes: np.ndarray, at: tuple[int, int], lift: float
) -> np.ndarray:
    """Return places below a peak, shape (c, 3): of Euler's equation, and at some depths."""
    under = np.array([[grid.x[at[1]], grid.y[at[0]], -depth * grid.step] for depth in _DEPTHS])
    euler = euler_places(grid.x, grid.y, left, slopes, at) + np.array([0.0, 0.0, lift])
    places = np.vstack([euler, under])
    places[:, 2] = np.minimum(places[:, 2], -grid.min_depth)
    near = np.hypot(*(places[:, :2] - under[0, :2]).T) < _FARTHEST * grid.step
    return places[near] + [0.0, 0.0, grid.z]


def _polished_near(grid: _Grid, found: _Explained, candidates: np.ndarray) -> np.ndarray | None:
    """Return all places and one more, the best candidate, polished with its neighbours in a window; or None."""
    reach = max(_REACH * float(np.median(grid.z - candidates[:, 2])), _STEPS * grid.step)
    middle = candidates[-1, :2]
    inside = np.hypot(*(grid.readings.taps.points[:, :2] - middle).T) < reach
    apart = np.hypot(*(found.places[:, :2] - middle).T)
    near = np.argsort(apart)[:_NEIGHBOURS]
    near = near[apart[near] < reach]
    values = found.left.ravel() + sum(found.fields[d] for d in near.tolist())
    local = grid.readings.select(inside)
    problem = whitened(
        local,
        linear_unknowns(local, None, np.inf),
        grid.sigma[inside],
        values[None, inside],
    )
    starts = [np.vstack([found.places[near], place]) for place in candidates]
    ends = descended(problem, np.stack(starts) / problem.length, tolerance=_ROUGH)[0] * problem.length
    for places in ends:
        if (
            np.all(places[:, 2] < grid.z - 0.5 * grid.min_depth)
            and np.hypot(*(places[-1, :2] - middle)) < 2.0 * reach
        ):
            return np.vstack([np.delete(found.places, near, axis=0), places])
    return None
