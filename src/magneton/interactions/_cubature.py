"""Integrals over patches, refined until the asked tolerance is met: nested one-dimensional rules, many at a time.

An integral over a surface is one of integrals along lines, each refined by itself. So a field that is steep along any
line across the patch (the edge of a magnet next to it, at whatever angle) costs each inner integral a few more panels
where it crosses that line, instead of cells along the whole of it; and all inner integrals of a level are evaluated at
once, in arrays.

A rule's error is not the difference from another rule, which belongs to the worse of the two, but the tail of the
integrand's Legendre or Fourier coefficients, continued to the first that the rule gets wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from magneton.numerics.quadrature import legendre_transform

#: How many values belong to each quantity that is judged: force, torque, energy by default.
FORCE_TORQUE_ENERGY = (3, 3, 1)
_SAFETY = 6.0
#: A panel's share of the tolerance, and an inner integral's.
_SHARE = 0.2
_INNER = 0.02
#: Coefficients below this part of the integrand are its rounding noise.
_NOISE = 2e-14
#: Panels end at the narrowest; on narrow ones a point on an edge, where no field is defined, does not count; and so
#: many bad panels at once are noise.
_NARROWEST = 0.5**46
_NARROW = 1e-10
_CROWD = 100
#: Where the end nodes are, and how much more than usual is left over there by what the others do not see.
_END = 1e-7
_UNUSUAL = 10.0
#: The smaller part of a panel that is steep at one end.
_GRADED = 0.15
#: Patches at a time, to bound memory.
_BATCH = 512


class Samples(NamedTuple):
    """Values (n, c), magnitudes (n, q) that errors are judged by, and errors (n, q) of inner integrals."""

    values: np.ndarray
    sizes: np.ndarray
    errors: np.ndarray


class Rule(NamedTuple):
    """Nodes and weights on [0, 1], and what takes values at the nodes to the coefficients of two bands."""

    nodes: np.ndarray
    weights: np.ndarray
    high: np.ndarray  # (k, n)
    middle: np.ndarray
    steps: float  # from the high band on to the first wrong coefficient, in widths between the bands
    apart: int  # width between the bands
    ends: np.ndarray  # (2, n): from values to what the series leaves over at the first and last node


def _legendre(count: int, band: int, apart: int) -> Rule:
    """Return a Gauss rule and, of weight zero, a node at either end.

    A jump beyond the outermost Gauss nodes is seen by none of them; the ends see it.
    """
    nodes, weights = np.polynomial.legendre.leggauss(count)
    transform = legendre_transform(nodes, weights)
    last = np.polynomial.legendre.legvander(np.array([2.0 * _END - 1.0, 1.0 - 2.0 * _END]), count - 1)
    ends = np.column_stack([[1.0, 0.0], -last @ transform, [0.0, 1.0]])
    padded = np.pad(transform, ((0, 0), (1, 1)))
    high, middle = padded[count - band :], padded[count - band - apart : count - apart]
    return Rule(
        np.concatenate([[_END], 0.5 * (1.0 + nodes), [1.0 - _END]]),
        np.pad(0.5 * weights, 1),
        high,
        middle,
        (2 * count - (count - 1)) / apart,
        apart,
        ends,
    )


def _trapezoid(count: int) -> Rule:
    nodes = np.arange(count) / count
    waves = np.exp(-2j * np.pi * np.outer(np.arange(count // 2), nodes)) / count
    high, middle = (
        np.concatenate([band.real, band.imag])
        for band in (waves[-2:], waves[count // 4 - 1 : count // 4 + 1])
    )
    apart = count // 2 - 1 - count // 4
    return Rule(
        nodes,
        np.full(count, 1.0 / count),
        high,
        middle,
        (count // 2 + 1) / apart,
        apart,
        np.empty((0, count)),
    )


#: Rules tried one after the other on a panel; after the last it is divided.
LINE = (_legendre(6, 2, 2), _legendre(16, 3, 7))
CIRCLE = (_trapezoid(16), _trapezoid(40))


class NoConvergence(Exception):
    """Too many evaluations."""


@dataclass
class _Panels:
    task: np.ndarray
    start: np.ndarray
    width: np.ndarray
    rung: np.ndarray
    cut: np.ndarray  # where it is divided if no rule will do, as a part of the width

    def __getitem__(self, which: np.ndarray) -> _Panels:
        return _Panels(*(getattr(self, f.name)[which] for f in fields(self)))


def _tails(rule: Rule, values: np.ndarray, groups: tuple[int, ...]) -> np.ndarray:
    """Return the error of the rule for unit panels; values (p, n, c) -> (p, q)."""
    high = np.abs(np.einsum("kn,pnc->pkc", rule.high, values)).max(axis=1)
    middle = np.abs(np.einsum("kn,pnc->pkc", rule.middle, values)).max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(middle > high, high / middle, 1.0)
    error = _SAFETY * high * ratio**rule.steps
    if len(rule.ends):
        left_over = np.abs(np.einsum("kn,pnc->pkc", rule.ends, values)).max(axis=1)
        # What a decay as that of the coefficients leaves over at an end.
        with np.errstate(divide="ignore", invalid="ignore"):
            usual = _UNUSUAL * high / (1.0 - np.minimum(ratio ** (1.0 / rule.apart), 0.9))
        size = np.abs(values).max(axis=1)
        unusual = left_over > np.maximum(usual, _NOISE * size)
        error += np.where(unusual, rule.nodes[1] * left_over, 0.0)
    return _grouped(error, groups)


def _leave_out_singular(
    rule: Rule, widths: np.ndarray, values: np.ndarray, sizes: np.ndarray, errors: np.ndarray
) -> None:
    """Replace what is not finite at nodes without weight, and on panels so narrow that it does not count."""
    undefined = ~np.isfinite(values[:, :, 0])
    if not undefined.any():
        return
    passed_over = undefined & ((rule.weights == 0.0) | (widths[:, None] < _NARROW))
    for array in (values, sizes, errors):
        array[passed_over] = 0.0
    for end, neighbour in ((0, 1), (-1, -2)):
        if rule.weights[end] == 0.0:
            beside = passed_over[:, end]
            values[beside, end] = values[beside, neighbour]


def _grouped(per_value: np.ndarray, groups: tuple[int, ...]) -> np.ndarray:
    edges = np.concatenate([[0], np.cumsum(groups)[:-1]])
    return np.add.reduceat(per_value, edges, axis=1)


def _cuts(rule: Rule, values: np.ndarray, tails: np.ndarray, groups: tuple[int, ...]) -> np.ndarray:
    """Return where to divide panels: where the values change fastest, or near the end that this is at.

    Towards a singularity at its end a panel shrinks by much more than half: with 16 nodes the rest is still smooth
    enough.
    """
    worst = np.argmax(np.nan_to_num(tails), axis=1)  # an energy that is not defined has no say
    first = np.concatenate([[0], np.cumsum(groups)[:-1]])[worst]
    sizes = np.array(groups)[worst]
    steep = np.zeros((values.shape[0], values.shape[1] - 1))
    for k in range(max(groups)):
        column = values[np.arange(len(values)), :, first + np.minimum(k, sizes - 1)]
        steep = np.maximum(steep, np.abs(np.diff(column, axis=1)))
    at = np.argmax(steep / np.diff(rule.nodes), axis=1)
    middle = 0.5 * (rule.nodes[at] + rule.nodes[at + 1])
    return np.clip(
        np.where(at <= 2, 0.0, np.where(at >= len(rule.nodes) - 4, 1.0, middle)), _GRADED, 1.0 - _GRADED
    )


def _refined(panels: _Panels, rungs: int) -> _Panels:
    """Return panels for the next try: by the next rule, or in two."""
    last = panels.rung == rungs - 1
    again, cut = panels[~last], panels[last]
    left, right = cut.cut * cut.width, (1.0 - cut.cut) * cut.width
    return _Panels(
        np.concatenate([again.task, cut.task, cut.task]),
        np.concatenate([again.start, cut.start, cut.start + left]),
        np.concatenate([again.width, left, right]),
        np.concatenate([again.rung + 1, cut.rung, cut.rung]),
        np.concatenate([again.cut, cut.cut, cut.cut]),
    )


Integrand = Callable[[np.ndarray, np.ndarray], Samples]
Inner = Callable[[np.ndarray, np.ndarray, np.ndarray], Samples]


class Cubature:
    """Nested integrals over patches of one shape.

    Parameters
    ----------
    sample : callable
        Takes the numbers of patches (n,) and parameters (n, d), gives `Samples` (no errors of its own).
    periodic : tuple of bool
        For each parameter, outermost first.
    groups : tuple of int
        How many values belong to each quantity.

    Attributes
    ----------
    evaluations, most : int
        Points so far, and how many are allowed.
    """

    def __init__(
        self,
        sample: Integrand,
        periodic: tuple[bool, ...],
        groups: tuple[int, ...] = FORCE_TORQUE_ENERGY,
    ) -> None:
        self.sample = sample
        self.periodic = periodic
        self.groups = groups
        self.evaluations = 0
        self.most = 1_000_000

    def integrate(self, count: int, tolerances: np.ndarray) -> Samples:
        """Return the sums over `count` patches, each shape (1, ...); `tolerances` (q,) are absolute, for the sum."""
        parts = []
        for first in range(0, count, _BATCH):
            patches = np.arange(first, min(count, first + _BATCH))
            shares = np.broadcast_to(tolerances / count, (len(patches), len(self.groups)))
            parts.append(self._over(patches, np.empty((len(patches), 0)), 0, shares))
        return Samples(*(np.sum(np.concatenate(p), axis=0, keepdims=True) for p in zip(*parts, strict=True)))

    def coarse(self, count: int) -> Samples:
        """Return rough values: the lowest rules, whatever their error."""
        grids = [(CIRCLE if periodic else LINE)[0] for periodic in self.periodic]
        nodes = np.stack(np.meshgrid(*[g.nodes for g in grids], indexing="ij"), axis=-1)
        nodes = nodes.reshape(-1, len(grids))
        weights = np.ones(1)
        for grid in grids:
            weights = np.outer(weights, grid.weights).ravel()
        total = None
        for first in range(0, count, _BATCH):
            patches = np.arange(first, min(count, first + _BATCH))
            part = self._called(np.repeat(patches, len(nodes)), np.tile(nodes, (len(patches), 1)))
            all_weights = np.tile(weights, len(patches))
            sums = [all_weights @ array for array in part]
            total = sums if total is None else [a + b for a, b in zip(total, sums, strict=True)]
        assert total is not None
        return Samples(*(array[None] for array in total))

    def _called(self, patches: np.ndarray, t: np.ndarray) -> Samples:
        self.evaluations += len(t)
        if self.evaluations > self.most:
            raise NoConvergence
        return self.sample(patches, t)

    def _over(self, patches: np.ndarray, fixed: np.ndarray, level: int, tolerances: np.ndarray) -> Samples:
        """Integrate over parameters from number `level` on, the ones before it fixed: a task for each patch given."""
        if level == len(self.periodic):
            return self._called(patches, fixed)

        def inner(task: np.ndarray, t: np.ndarray, width: np.ndarray) -> Samples:
            # On a narrow panel little depends on it: not the noise, either, where a field jumps.
            shares = _INNER * tolerances[task] / width[:, None]
            return self._over(patches[task], np.column_stack([fixed[task], t]), level + 1, shares)

        rules = CIRCLE + LINE[1:] if self.periodic[level] else LINE
        return self._line(inner, len(patches), rules, tolerances)

    def _line(self, inner: Inner, count: int, rules: tuple[Rule, ...], tolerances: np.ndarray) -> Samples:
        """Integrate `count` functions over [0, 1], refining each where it needs it."""
        quantities = len(self.groups)
        totals = Samples(
            np.zeros((count, sum(self.groups))), np.zeros((count, quantities)), np.zeros((count, quantities))
        )
        panels = _Panels(
            np.arange(count),
            np.zeros(count),
            np.ones(count),
            np.zeros(count, dtype=np.int64),
            np.full(count, 0.5),
        )
        while len(panels.task):
            left = []
            for rung in np.unique(panels.rung):
                now = panels[panels.rung == rung]
                good = self._try(inner, now, rules[rung], tolerances, totals)
                left.append(now[~good])
            joined = _Panels(*(np.concatenate([getattr(p, f.name) for p in left]) for f in fields(_Panels)))
            panels = _refined(joined, len(rules))
        return totals

    def _try(
        self, inner: Inner, panels: _Panels, rule: Rule, tolerances: np.ndarray, totals: Samples
    ) -> np.ndarray:
        """Add the panels that are good enough to the totals; return which are."""
        shape = len(panels.task), len(rule.nodes)
        t = panels.start[:, None] + panels.width[:, None] * rule.nodes
        samples = inner(np.repeat(panels.task, shape[1]), t.ravel(), np.repeat(panels.width, shape[1]))
        values, sizes, errors = (array.reshape(*shape, -1) for array in samples)
        _leave_out_singular(rule, panels.width, values, sizes, errors)
        weights = panels.width[:, None] * rule.weights
        integral = np.einsum("pn,pnc->pc", weights, values)
        size = np.einsum("pn,pnq->pq", weights, sizes)
        known = np.einsum("pn,pnq->pq", weights, errors)
        tail = panels.width[:, None] * _tails(rule, values, self.groups)
        with np.errstate(invalid="ignore"):
            enough = (tail <= _SHARE * tolerances[panels.task]) | (tail <= _NOISE * size) | ~np.isfinite(tail)
        good = np.all(enough, axis=1) | (panels.width < _NARROWEST)
        # Singular points leave a few bad panels each, however narrow; rounding noise leaves ever more.
        crowds = np.bincount(panels.task[~good], minlength=len(totals.values))
        good |= crowds[panels.task] > _CROWD
        task = panels.task[good]
        np.add.at(totals.values, task, integral[good])
        np.add.at(totals.sizes, task, size[good])
        np.add.at(totals.errors, task, (tail + known)[good])
        bad = np.flatnonzero(~good)
        if len(bad):
            panels.cut[bad] = _cuts(rule, values[bad], tail[bad], self.groups)
        return good
