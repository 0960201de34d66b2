"""Thermal moments, their slope and the susceptibility, from the states of H(B) and those of H_0.

Moments are traces with the density matrix. Where they are small against the moments of the levels, the matrix is
replaced by its difference to that at B = 0, element by element a divided difference, so that nothing cancels.
What depends on the field alone is done once for all temperatures.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from magneton.quantum import _thermal
from magneton.quantum._spectrum import Operators, Spectrum, is_cold

#: Below this share of the sum of magnitudes, moments are summed from the difference to those at B = 0.
_SMALL = 0.02
#: Takes energies over the temperature, of H_0 and of H(B), and gives divided differences of all pairs.
Functions = Callable[[np.ndarray, np.ndarray], np.ndarray]
#: Takes operators, levels at rest and points.
OfPoints = Callable[..., np.ndarray]
#: Values of pairs of levels that are held at a time.
_AT_ONCE = 2**22
#: The six products of two components, and where each stands in the tensor.
_FIRST, _SECOND = np.triu_indices(3)
_PLACES = np.array([[0, 1, 2], [1, 3, 4], [2, 4, 5]])
_EPS = float(np.finfo(float).eps)


class Rest:
    """H_0 without field: its levels, whether it has a moment of its own, and the mean moment of all levels."""

    def __init__(self, operators: Operators) -> None:
        self.operators = operators
        self.spectrum = operators.solve(np.zeros((1, 3)))

    @cached_property
    def largest(self) -> float:
        """The largest eigenvalue of a component of the moment, by magnitude."""
        return float(np.abs(np.linalg.eigvalsh(self.operators.m)).max())

    @cached_property
    def mean(self) -> np.ndarray:
        """The mean moment of all levels, shape (3,)."""
        trace = np.einsum("kii->k", self.operators.m).real / self.operators.size
        return np.where(np.abs(trace) > 8.0 * _EPS * self.largest, trace, 0.0)

    @cached_property
    def has_moment(self) -> bool:
        """Return whether some level has a moment beyond rounding; of degenerate levels the sum counts."""
        above, states = self.spectrum.above[0], self.spectrum.states[0]
        rounding = 8.0 * _EPS * max(above[-1], abs(self.spectrum.lowest[0]))
        group = np.concatenate([[0], np.cumsum(np.diff(above) > rounding)])
        means = (states.conj() * (self.operators.m @ states)).sum(axis=-2).real
        sums = np.array([np.bincount(group, each) for each in means])
        count = np.bincount(group)
        centres = np.bincount(group, above) / count
        gaps = np.diff(centres, prepend=-np.inf, append=np.inf)
        mixed = 1.0 + rounding / _EPS / np.minimum(gaps[1:], gaps[:-1])
        return bool((np.abs(sums) > 8.0 * _EPS * self.largest * count * mixed).any())

    def at(self, temperature: np.ndarray) -> Spectrum:
        """Return the levels, for as many temperatures."""
        count = len(temperature)
        repeated = Spectrum(
            *(np.broadcast_to(part, (count, *part.shape[1:])) for part in self.spectrum.parts())
        )
        return self.operators.sharpened(repeated, np.zeros((count, 3)), temperature)


@dataclass(frozen=True)
class Points:
    """Levels in some fields (count, 3), those at B = 0, and the points: which field, and the temperature.

    `which` does not decrease; `zero` has one spectrum for all, or one for each field.
    """

    spectrum: Spectrum
    zero: Spectrum
    fields: np.ndarray
    which: np.ndarray
    T: np.ndarray


def at_points(
    operators: Operators, rest: Rest, fields: np.ndarray, which: np.ndarray, T: np.ndarray, function: OfPoints
) -> np.ndarray:
    """Return a function of the points; those that are cold get levels of their own, with more digits."""
    spectrum = operators.solve(fields)
    cold = is_cold(spectrum.lowest[which], spectrum.above[which], T)
    if not cold.any():
        return function(operators, rest, Points(spectrum, rest.spectrum, fields, which, T))
    own = which[cold]
    sharp = operators.sharpened(spectrum[own], fields[own], T[cold])
    found = function(
        operators, rest, Points(sharp, rest.at(T[cold]), fields[own], np.arange(len(own)), T[cold])
    )
    out = np.empty((len(T), *found.shape[1:]))
    out[cold] = found
    if not cold.all():
        warm = Points(spectrum, rest.spectrum, fields, which[~cold], T[~cold])
        out[~cold] = function(operators, rest, warm)
    return out


def moment(operators: Operators, rest: Rest, at: Points) -> np.ndarray:
    """Return -dF/dB, shape (count, 3)."""
    uneven = _thermal.uneven_populations(at.spectrum.above[at.which], at.T)
    m = _averages(operators, at, uneven) + rest.mean
    small = _is_small(m, np.ones(len(m)), rest)
    if small.any():
        m[small] = _from_rest(operators, at, small, _exponentials)
    return m


def slope(operators: Operators, rest: Rest, at: Points) -> np.ndarray:
    """Return dm/dT, shape (count, 3)."""
    above = at.spectrum.above[at.which]
    p = _thermal.populations(above, at.T)
    excited = p[:, 1:].sum(axis=-1)
    x = above / at.T[:, None]
    p = p * (x - (p * x).sum(axis=-1, keepdims=True))
    m = _averages(operators, at, p)
    small = _is_small(m, excited + np.abs(p).sum(axis=-1), rest)
    if small.any():
        m[small] = _from_rest(operators, at, small, _weighted)
    return m / at.T[:, None]


def _is_small(m: np.ndarray, size: np.ndarray, rest: Rest) -> np.ndarray:
    """Return where sums of moments with weights of that size cancel; not so with a moment at rest, which stays."""
    return (np.abs(m).max(axis=-1) < _SMALL * rest.largest * size) & (not rest.has_moment)


def susceptibility(operators: Operators, rest: Rest, at: Points) -> np.ndarray:
    """Return dm_i/dB_j, shape (count, 3, 3): Kubo's isothermal response."""
    del rest
    states, above = at.spectrum.states, at.spectrum.above[at.which]
    elements = _elements(operators, np.conj(states.swapaxes(-1, -2)), states)
    diagonal = np.real(np.einsum("...ii->...i", elements))
    p = _thermal.populations(above, at.T)
    diagonal = diagonal[at.which]
    diagonal = diagonal - (p[:, None] * diagonal).sum(axis=-1, keepdims=True)
    spread = (diagonal * p[:, None]) @ diagonal.swapaxes(-1, -2)
    np.einsum("...ii->...i", elements)[...] = 0.0
    products = np.real(elements[:, _FIRST] * np.conj(elements[:, _SECOND])).reshape(len(states), 6, -1)

    def pairs(some: slice) -> np.ndarray:
        x = above[some] / at.T[some, None]
        return _thermal.divided_difference(x, x) / np.exp(-x).sum(axis=-1)[:, None, None]

    between = _sums_of_pairs(products, at.which, pairs)[:, _PLACES]
    return (between + spread) / at.T[:, None, None]


def _sums_of_pairs(products: np.ndarray, of: np.ndarray, pairs: Callable[[slice], np.ndarray]) -> np.ndarray:
    """Return sums over pairs of levels of products (fields, c, n^2) times what `pairs` gives for points, shape (m, c).

    `of` says, not decreasing, which field a point is in. Points are taken as many at a time as fit the memory.
    """
    count = max(1, _AT_ONCE // products.shape[-1])
    out = np.empty((len(of), products.shape[1]))
    if len(products) == len(of):
        for k in range(0, len(of), count):
            some = slice(k, k + count)
            out[some] = (products[some] @ pairs(some).reshape(-1, products.shape[-1], 1))[..., 0]
        return out
    edges = np.searchsorted(of, np.arange(len(products) + 1))
    for product, (low, high) in zip(products, itertools.pairwise(edges), strict=True):
        for k in range(low, high, count):
            some = slice(k, min(k + count, high))
            out[some] = pairs(some).reshape(-1, product.shape[-1]) @ product.T
    return out


def _elements(operators: Operators, bras: np.ndarray, kets: np.ndarray) -> np.ndarray:
    """Return <a|m_k|b>, shape (count, 3, n, n), of one set of bras (1, n, n) or of as many as of kets."""
    n = operators.size
    if len(bras) == 1:
        return ((bras @ operators.m).reshape(3 * n, n) @ kets).reshape(-1, 3, n, n)
    images = (operators.m.reshape(3 * n, n) @ kets).reshape(-1, 3, n, n)
    return bras[:, None] @ images


def _averages(operators: Operators, at: Points, weights: np.ndarray) -> np.ndarray:
    """Return sums over levels of weights times moments, shape (count, 3)."""
    kets = at.spectrum.states
    if len(kets) == len(at.which):  # one temperature a field: traces with the density matrix take less
        return operators.traces((kets * weights[:, None, :]) @ np.conj(kets.swapaxes(-1, -2)))
    images = (operators.m.reshape(-1, operators.size) @ kets).reshape(len(kets), 3, *kets.shape[1:])
    means = np.real(np.conj(kets)[:, None] * images).sum(axis=-2)
    return (means[at.which] @ weights[:, :, None])[..., 0]


def _exponentials(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the divided differences of exp(-x), over the sum of exp(-y)."""
    return _thermal.divided_difference(x, y) / np.exp(-y).sum(axis=-1)[:, None, None]


def _weighted(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the divided differences of (x - <y>) exp(-x), over the sum of exp(-y)."""
    q = np.exp(-y)
    total = q.sum(axis=-1)
    return _thermal.slope_difference(x, y, (q * y).sum(axis=-1) / total) / total[:, None, None]


def _from_rest(operators: Operators, at: Points, chosen: np.ndarray, functions: Functions) -> np.ndarray:
    """Return tr m f(H(B)) as its difference to tr m f(H_0) = 0 at the points chosen, shape (count, 3).

    Between a state a of H_0 and a state b of H(B), f(H(B)) - f(H_0) is <a|m.B|b>/T times the divided difference of f
    between both energies over T. Without a moment at rest, the lowest energy is not above that at B = 0.
    """
    used, of = np.unique(at.which[chosen], return_inverse=True)
    spectrum, zero, T = at.spectrum[used], at.zero, at.T[chosen]
    if len(zero.states) > 1:
        zero = zero[used]
    elements = _elements(operators, np.conj(zero.states.swapaxes(-1, -2)), spectrum.states)
    pull = (elements * at.fields[used][:, :, None, None]).sum(axis=1)
    products = (np.conj(elements) * pull[:, None]).real.reshape(len(used), 3, -1)
    shift = (zero.lowest - spectrum.lowest) + (zero.tail - spectrum.tail)
    x, y = ((zero.above + shift[:, None])[of] / T[:, None]), spectrum.above[of] / T[:, None]
    return _sums_of_pairs(products, of, lambda some: functions(x[some], y[some])) / T[:, None]
