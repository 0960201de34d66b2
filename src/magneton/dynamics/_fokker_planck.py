"""The lowest rate of diffusion in x = cos(theta), -1..1, with the weight w = exp(v), v = sigma x^2 + 2 a x.

The flux J > 0 of the slowest mode obeys (J'/w)' = -Lambda J/((1 - x^2) w), J(+-1) = 0, so that with A = int_{-1}^x w,
C = int_x^1 w and Z = A + C

    J = Lambda/Z [C int_{-1}^x A J/((1 - x^2) w) + A int_x^1 C J/((1 - x^2) w)]:

no signs change, and repeated application finds 1/Lambda with all its digits. x is cut into panels of Gauss points, on
which integrals up to a point are those of the Legendre series. A, C and w span more than floats do: they are kept as
logarithms, and what comes from other panels is carried from edge to edge.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from magneton.numerics.quadrature import legendre_transform

_POINTS = 20
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(_POINTS)
#: Most that v may change on a panel, at its steepest: the series of exp(v) then ends below rounding, and its integral
#: has digits even where it is smallest.
_CHANGE = 5.0
_TURNS = 400


def _integration() -> np.ndarray:
    """Return the matrix that takes values at the nodes to integrals from -1 to each node."""
    legendre = np.polynomial.legendre.legvander(_NODES, _POINTS)
    integrals = np.empty((_POINTS, _POINTS))
    integrals[:, 0] = 1.0 + _NODES
    degree = np.arange(1, _POINTS)
    integrals[:, 1:] = (legendre[:, 2:] - legendre[:, :-2]) / (2.0 * degree + 1.0)
    return integrals @ legendre_transform(_NODES, _WEIGHTS)


_UP_TO = _integration()


def _edges(sigma: float, a: float) -> np.ndarray:
    """Return the edges of panels on which v changes little, one of them on top of the barrier."""
    todo = list(pairwise([1.0, -a / sigma, -1.0] if a < sigma else [1.0, -1.0]))
    edges = [-1.0]
    while todo:
        high, low = todo.pop()
        steepest = 2.0 * max(abs(sigma * low + a), abs(sigma * high + a))
        middle = 0.5 * (low + high)
        if steepest * (high - low) > _CHANGE:
            todo += [(high, middle), (middle, low)]
        else:
            edges.append(high)
    return np.array(edges)


def _sums(v: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ln of the integral of exp(v) from the left end: to the nodes (panels, n), and to all edges."""
    top = v.max(-1)
    w = np.exp(v - top[:, None])
    scale = top + np.log(half)
    inside = scale[:, None] + np.log(w @ _UP_TO.T)
    whole = scale + np.log(w @ _WEIGHTS)
    edges = np.concatenate([[-np.inf], np.logaddexp.accumulate(whole)])
    return np.logaddexp(edges[:-1, None], inside), edges


def log_lowest_rate(sigma: float, a: float) -> float:
    """Return ln(Lambda/2), for sigma, a >= 0: Lambda/2 is 1 without a potential."""
    edges = _edges(sigma, a)
    half = 0.5 * np.diff(edges)
    step = half[:, None] * (1.0 + _NODES)
    x = edges[:-1, None] + step
    v = (sigma * x + 2.0 * a) * x
    below, below_edge = _sums(v, half)
    above, above_edge = (part[::-1] for part in _sums(v[::-1, ::-1], half[::-1]))
    above = above[:, ::-1]
    total = below_edge[-1]
    sink = -v - np.log((1.0 - x) * (1.0 + x)) - total + np.log(half)[:, None]
    shift = float((below + above + sink).max())
    up = _Sweep(below + sink - shift, above, above_edge, _UP_TO)
    flipped = [part[::-1, ::-1] for part in (above + sink - shift, below)]
    down = _Sweep(flipped[0], flipped[1], below_edge[::-1], _UP_TO)
    # 1 on the barrier, falling to both ends like the flux
    top = int(np.argmin(v))
    flux = np.exp(np.minimum(below - below.flat[top], 0.0) + np.minimum(above - above.flat[top], 0.0))
    value = 0.0
    for _ in range(_TURNS):
        new = up(flux) + down(flux[::-1, ::-1])[::-1, ::-1]
        at = int(np.argmax(new))
        before, value = value, float(new.flat[at] / flux.flat[at])
        flux = new / new.flat[at]
        if abs(value - before) <= 2e-16 * value:
            break
    return -math.log(2.0 * value) - shift


class _Sweep:
    """The operator J -> F(x) int_{-1}^x S J, given ln S and ln F at the nodes and ln F at the edges, F falling."""

    def __init__(
        self, source: np.ndarray, factor: np.ndarray, factor_edge: np.ndarray, rule: np.ndarray
    ) -> None:
        self.block = rule * np.exp(factor[:, :, None] + source[:, None, :])
        self.out = _WEIGHTS * np.exp(factor_edge[1:, None] + source)
        self.carried = np.exp(factor - factor_edge[:-1, None])
        self.kept = np.exp(np.diff(factor_edge)).tolist()

    def __call__(self, flux: np.ndarray) -> np.ndarray:
        come, carried = 0.0, []
        for kept, gained in zip(self.kept, (self.out * flux).sum(-1).tolist(), strict=True):
            carried.append(come)
            come = kept * come + gained
        return (self.block @ flux[:, :, None])[:, :, 0] + self.carried * np.array(carried)[:, None]
