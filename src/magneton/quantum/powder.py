"""Averages over all directions of the field: what a powder shows."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np

from magneton._check import fraction, integer, non_negatives
from magneton.quantum._free_energy import K_B, common_shape, temperatures
from magneton.quantum._orientations import SCALARS, along, directions, mean_along, symmetric_part
from magneton.quantum.levels import Levels

# Kronrod's 15 nodes in (-1, 1), every second of them Gauss's, and both weights; [Piessens1983]_.
_POSITIVE = [
    (0.991455371120812639, 0.022935322010529225, 0.0),
    (0.949107912342758525, 0.063092092629978553, 0.129484966168869693),
    (0.864864423359769073, 0.104790010322250184, 0.0),
    (0.741531185599394440, 0.140653259715525919, 0.279705391489276668),
    (0.586087235467691130, 0.169004726639267903, 0.0),
    (0.405845151377397167, 0.190350578064785410, 0.381830050505118945),
    (0.207784955007898468, 0.204432940075298892, 0.0),
]
_CENTRE = (0.0, 0.209482141084727828, 0.417959183673469388)
_NODES, _KRONROD, _GAUSS = np.array(
    [*((-x, k, g) for x, k, g in _POSITIVE), _CENTRE, *((x, k, g) for x, k, g in reversed(_POSITIVE))]
).T
#: Values of the quantity that are held at a time.
_AT_ONCE = 2**20
#: From one strip along a plane to the next.
_NARROWING = 16.0
#: Points a right angle of the smooth rules, one after the other, and up to which steepness they are tried.
_ORDERS = (4, 6, 9, 13, 19, 28, 40)
_STEEP = 40.0

QUANTITIES = ("moment", "moment_slope", "susceptibility", *SCALARS)


class PowderAverage(NamedTuple):
    """An average over directions.

    Attributes
    ----------
    value : ndarray, shape (...)
        The average.
    error : ndarray, shape (...)
        Estimate of its error, an upper bound in practice.
    directions : int
        How many directions it took.
    """

    value: np.ndarray
    error: np.ndarray
    directions: int


def powder_average(
    levels: Levels,
    quantity: str,
    B: Any,
    temperature: Any,
    *,
    rtol: float = 1e-8,
    max_directions: int = 200_000,
) -> PowderAverage:
    """Return the average of a thermal quantity over all directions of the field.

    Parameters
    ----------
    levels : Levels
        Of one centre.
    quantity : str
        "moment", "moment_slope", "susceptibility", "free_energy", "internal_energy", "entropy" or "heat_capacity", the
        methods of `levels`; of vectors and tensors the component along the field.
    B : float or array_like
        Magnitudes of the field in T.
    temperature : float or array_like
        In K; broadcasts with B.
    rtol : float
        Relative to the average of the magnitude.
    max_directions : int
        Where to give up.

    Returns
    -------
    PowderAverage

    Raises
    ------
    RuntimeError
        If the average has not settled to `rtol`, with the error reached.

    Notes
    -----
    In fields that are weak against the temperature the average is that of a smooth function: a product of Gauss and
    Legendre's rule and the trapezoidal one, over the part of the sphere that symmetry leaves, at orders that rise until
    two agree to the tolerance; their difference is the error. Fields and temperatures where none agree take Gauss and
    Kronrod's rule in both angles, over pieces that are halved in the angle that needs it until the error is met. The
    pieces' first edges are the planes of the principal axes of the susceptibility at the lowest temperature: there the
    moment of an easy axis has its kink when cold, and the first pieces are as narrow as it.

    Examples
    --------
    >>> from magneton.quantum import energy_from, powder_average, spin_hamiltonian
    >>> nickel = spin_hamiltonian(1.0, g=2.2, D=energy_from(5.0, "cm^-1"))
    >>> average = powder_average(nickel, "moment", [1.0, 5.0], 2.0)
    >>> bool((average.error <= 1e-8 * average.value).all())
    True
    """
    if quantity not in QUANTITIES:
        raise ValueError(f"quantity must be one of {', '.join(QUANTITIES)}, got {quantity!r}")
    field, T = non_negatives("B", B, "T"), temperatures(temperature)
    shape = common_shape(field.shape, T.shape)
    rtol, most = fraction("rtol", rtol), integer("max_directions", max_directions, 1)
    if not np.prod(shape):
        return PowderAverage(np.zeros(shape), np.zeros(shape), 0)
    value, error, used = _smooth(levels, quantity, field, T, rtol, most)
    left = ~np.isfinite(error)
    if left.any():
        field, T = (np.broadcast_to(each, shape)[left] for each in (field, T))
        value[left], error[left], more = _adaptive(levels, quantity, field, T, rtol, most)
        used += more
    return PowderAverage(value[()], error[()], used)


def _smooth(
    levels: Levels, quantity: str, field: np.ndarray, T: np.ndarray, rtol: float, most: int
) -> PowderAverage:
    """Return averages by fixed rules of rising order; their errors are infinite where no two orders agree.

    The first order resolves what is as wide as the inverse steepness, lest two agree in missing it.
    """
    shape = np.broadcast_shapes(field.shape, T.shape)
    steepness = np.broadcast_to(_steepness(levels, field, T), shape)
    value, error, before = np.zeros(shape), np.full(shape, np.inf), np.full(shape, np.nan)
    chosen = np.asarray(steepness <= _STEEP)
    part, used = symmetric_part(levels) if chosen.any() else None, 0
    for order in _ORDERS:
        if part is None or not chosen.any() or used >= most:
            break
        axes, weights = directions(part, order)
        used += len(weights)
        mean, size = mean_along(levels, quantity, (field, T), (axes, weights), chosen)
        change = np.abs(mean - before)
        met = (change <= rtol * size) & (order >= 0.75 * steepness) & chosen
        value[met], error[met] = mean[met], change[met]
        before = mean
        chosen = np.asarray(chosen & ~met)
    return PowderAverage(value, error, used)


def _steepness(levels: Levels, field: np.ndarray, T: np.ndarray) -> np.ndarray:
    """Return the largest moment's energy in the field over the temperature's."""
    return levels.largest_moment * (field / T) / K_B


def _adaptive(
    levels: Levels, quantity: str, field: np.ndarray, T: np.ndarray, rtol: float, most: int
) -> PowderAverage:
    """Return averages at points (m,) by halving pieces of the sphere."""
    sphere = _Sphere(levels, quantity, field, T)
    pieces = _Pieces.none(field.shape)
    edges = _first_pieces(sphere.even, sphere.steepness)
    while True:
        pieces = pieces.joined(sphere.pieces(edges))
        value, magnitude = pieces.value.sum(axis=0), pieces.magnitude.sum(axis=0)
        error = np.abs(pieces.along_theta + pieces.along_phi).sum(axis=0)
        if (error <= rtol * magnitude).all():
            return PowderAverage(value, error, sphere.directions)
        worst = np.argmax(error - rtol * magnitude)
        if sphere.directions >= most:
            reached = error.flat[worst] / magnitude.flat[worst]
            raise RuntimeError(
                f"the average has an error of {reached:.1g}, not {rtol:g}, after {sphere.directions} directions: "
                "raise max_directions or rtol"
            )
        edges, pieces = pieces.refined(rtol * magnitude)


class _Pieces(NamedTuple):
    """Pieces of the sphere: edges (count, 4) of theta and phi, and integrals (count, ...) over each."""

    edges: np.ndarray
    value: np.ndarray
    magnitude: np.ndarray
    along_theta: np.ndarray
    along_phi: np.ndarray

    @staticmethod
    def none(shape: tuple[int, ...]) -> _Pieces:
        return _Pieces(np.empty((0, 4)), *(np.empty((0, *shape)) for _ in range(4)))

    def joined(self, other: _Pieces) -> _Pieces:
        return _Pieces(*(np.concatenate(both) for both in zip(self, other, strict=True)))

    def refined(self, allowed: np.ndarray) -> tuple[np.ndarray, _Pieces]:
        """Return the halves of pieces with more than their share of the error, and the other pieces."""
        axes = tuple(range(1, self.value.ndim))
        scale = np.where(allowed > 0.0, allowed, 1.0)  # where all vanishes, so do the errors
        theta, phi = (np.max(part / scale, axis=axes) for part in (self.along_theta, self.along_phi))
        chosen = theta + phi > 0.5 / len(self.edges)
        low, high = self.edges[chosen].copy(), self.edges[chosen].copy()
        first = np.where(theta[chosen] >= phi[chosen], 0, 2)
        rows = np.arange(len(low))
        middle = 0.5 * (low[rows, first] + low[rows, first + 1])
        low[rows, first + 1] = high[rows, first] = middle
        return np.concatenate([low, high]), _Pieces(*(part[~chosen] for part in self))


class _Sphere:
    """A quantity as a function of the field's direction."""

    def __init__(self, levels: Levels, quantity: str, field: np.ndarray, T: np.ndarray) -> None:
        self.levels, self.quantity, self.field, self.T = levels, quantity, field, T
        self.even = not levels.has_moment_at_rest
        self.directions = 0
        chi = levels.susceptibility([0.0, 0.0, 0.0], T.min())
        self.axes = np.linalg.eigh(chi)[1]
        self.steepness = float(_steepness(levels, field, T).max())

    def pieces(self, edges: np.ndarray) -> _Pieces:
        """Return the pieces with these edges."""
        shape = np.broadcast_shapes(self.field.shape, self.T.shape)
        step = max(1, _AT_ONCE // (len(_NODES) ** 2 * int(np.prod(shape))))
        parts = [self._some(edges[k : k + step]) for k in range(0, len(edges), step)]
        return _Pieces(*(np.concatenate(each) for each in zip(*parts, strict=True)))

    def _some(self, edges: np.ndarray) -> _Pieces:
        half = 0.5 * (edges[:, 1::2] - edges[:, ::2])
        middle = 0.5 * (edges[:, 1::2] + edges[:, ::2])
        theta = middle[:, :1] + half[:, :1] * _NODES
        phi = middle[:, 1:] + half[:, 1:] * _NODES
        values = self._values(theta[:, :, None], phi[:, None, :])
        # The share of the sphere (of half of it, if the quantity is even).
        area = np.sin(theta) * half[:, :1] * half[:, 1:] / ((2.0 if self.even else 4.0) * np.pi)
        values = values * area.reshape(*area.shape, *(1 for _ in range(values.ndim - 2)))
        rules = {"K": _KRONROD, "G": _GAUSS}

        def total(of: np.ndarray, rule: str) -> np.ndarray:
            return np.einsum("cij...,i,j->c...", of, rules[rule[0]], rules[rule[1]], optimize=True)

        best = total(values, "KK")
        return _Pieces(
            edges,
            best,
            total(np.abs(values), "KK"),
            np.abs(best - total(values, "GK")),
            np.abs(best - total(values, "KG")),
        )

    def _values(self, theta: np.ndarray, phi: np.ndarray) -> np.ndarray:
        """Return the quantity with the field along the directions, shape (count, nodes, nodes, ...)."""
        sine = np.sin(theta)
        unit = np.stack(np.broadcast_arrays(sine * np.cos(phi), sine * np.sin(phi), np.cos(theta)), axis=-1)
        self.directions += unit[..., 0].size
        return along(self.levels, self.quantity, self.field, self.T, unit @ self.axes.T)


def _first_pieces(even: bool, steepness: float) -> np.ndarray:
    """Return the octants of the sphere, or of its upper half, with strips along the equator if it is steep there.

    Across the plane of an easy axis the moment goes from saturation to its opposite in an angle of 1/steepness. A rule
    whose nodes all miss it sees a smooth function, so the strips narrow down to that by factors of _NARROWING; and
    so do the ends of the last ones, for easy planes.
    """
    right, steps = 0.5 * np.pi, 0
    if steepness > 10.0:
        steps = int(np.ceil(np.log(steepness / 10.0) / np.log(_NARROWING)))
    widths = right * _NARROWING ** -np.arange(steps + 1.0)
    polar = [0.0, *(right - widths[1:]), right]
    cuts = (
        np.concatenate([[0.0], widths[:0:-1], right - widths[1:], [right]])
        if steps
        else np.array([0.0, right])
    )
    pieces = []
    for low, high in itertools.pairwise(polar):
        ends = cuts if high == right else cuts[[0, -1]]
        for quarter in range(4):
            pieces += [
                (low, high, right * quarter + a, right * quarter + b) for a, b in itertools.pairwise(ends)
            ]
    if not even:
        pieces += [(np.pi - high, np.pi - low, a, b) for low, high, a, b in pieces]
    return np.array(pieces)
