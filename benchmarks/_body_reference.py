"""What two bodies do to each other, by other integrals than the one that `interaction` takes."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

import numpy as np

from magneton.constants import mu_0
from magneton.interactions import Interaction, NotConverged, _patches
from magneton.interactions._routes import _forces_on, _swapped
from magneton.interactions._tally import Tally
from magneton.sources import CircularLoop, Source

#: Tolerances of the integral, the first that is reached.
_TIGHT = (2e-14, 2e-13)
_LONG = np.longdouble
_MU0_4PI = _LONG(float(mu_0)) / (4 * _LONG("3.14159265358979323846264338327950288"))
#: Extents between two bodies from which on volumes of moments are summed, and the nodes a parameter.
_FAR = 3.0
_NODES = (5, 7)
#: Pairs of moments at a time.
_BLOCK = 1_000_000
#: The sum has settled when the finer one differs by less than this, in units of the scales; places round, to 3e-16.
_SETTLED = 1e-15


def values_of(result: Interaction) -> np.ndarray:
    """Return force, torque, energy, shape (7,)."""
    return np.concatenate([result.force, result.torque, [result.energy]])


def miss(values: np.ndarray, exact: np.ndarray, scales: tuple[float, ...]) -> float:
    """Return the largest error of force, torque and, if given, energy, each relative to its scale."""
    difference = np.asarray(values - exact, dtype=float)
    parts = zip(np.split(difference, [3, 6]), scales, strict=False)
    return max(float(np.linalg.norm(part)) / scale for part, scale in parts if scale > 0.0)


class Reference(NamedTuple):
    """Force, torque and energy, shape (7,), bounds of the errors of the three, and how they are found."""

    values: np.ndarray
    errors: np.ndarray
    by: str

    def doubt(self, scales: tuple[float, ...]) -> float:
        """Return its own largest error, relative to these scales."""
        return max(float(e) / s for e, s in zip(self.errors, scales, strict=True) if s > 0.0)


def reference(
    source: Source, target: Source, scales: tuple[float, ...], most: int = _patches._MOST
) -> Reference | None:
    """Return what the source does to the target, the torque about the target's position, or None.

    Far apart: both bodies as volumes of moments, summed in extended precision, where the usual integrals round.
    Otherwise the integral over the body that `interaction` does not integrate over, in `most` evaluations; None if that
    does not reach its tolerance.
    """
    pivot = target.body.position
    far = _sum_over_moments(source, target, pivot, scales)
    if far is not None:
        return Reference(far, _SETTLED * np.array(scales), "moments")
    usual, _patches._MOST = _patches._MOST, most
    try:
        for rtol in _TIGHT:
            with contextlib.suppress(NotConverged):
                tally = _other_integral(source, target, pivot, rtol)
                return Reference(tally.values, tally.errors, "reaction")
        return None
    finally:
        _patches._MOST = usual


def _other_integral(source: Source, target: Source, pivot: np.ndarray, rtol: float) -> Tally:
    if _over_source(source, target):
        return _forces_on(source, target, pivot, rtol)
    return _forces_on(target, source, pivot, rtol).reaction()


def _over_source(source: Source, target: Source) -> bool:
    """Say whether `interaction` takes the reaction on the source."""
    plain = not target.body.patches and not target.body.hull
    return not plain and _swapped(source, target)


def _sum_over_moments(
    source: Source, target: Source, pivot: np.ndarray, scales: tuple[float, ...]
) -> np.ndarray | None:
    """Return force, torque and energy of far bodies, or None if they are not far enough for that."""
    one, other = source.body, target.body
    if np.linalg.norm(one.position - other.position) < _FAR * (one.extent + other.extent):
        return None
    coarse, fine = (_double_sum(_cloud(source, n), _cloud(target, n), pivot) for n in _NODES)
    return fine.astype(float) if miss(coarse, fine, scales) < _SETTLED else None


def _cloud(source: Source, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return positions and moments that stand for a body, each shape (n, 3)."""
    if isinstance(source, CircularLoop):
        return _disc(source, count)
    body = source.body
    clouds = [(body.moment_positions, body.moments)]
    nodes, weights = np.polynomial.legendre.leggauss(count)
    for patches in body.inside:
        rules = [(0.5 * (1.0 + nodes), 0.5 * weights)] * 3
        if patches.shape == "ball":  # sines of the polar angle need more
            polar = np.polynomial.legendre.leggauss(count + 10)
            rules[1] = (0.5 * (1.0 + polar[0]), 0.5 * polar[1])
        if patches.kind.periodic:
            rules[-1] = (np.arange(2 * count) / (2 * count), np.full(2 * count, 0.5 / count))
        grid = np.stack(np.meshgrid(*(r[0] for r in rules), indexing="ij"), axis=-1).reshape(-1, 3)
        weight = np.einsum("i,j,k->ijk", *(r[1] for r in rules)).ravel()
        which = np.repeat(np.arange(len(patches)), len(grid))
        elements = patches.elements(which, np.tile(grid, (len(patches), 1)))
        clouds.append((elements.points, np.tile(weight, len(patches))[:, None] * elements.moments))
    return np.concatenate([c[0] for c in clouds]), np.concatenate([c[1] for c in clouds])


def _disc(loop: CircularLoop, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return moments on the disc that a loop spans."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    rho = 0.5 * (1.0 + nodes)
    turn = np.pi * np.arange(2 * count) / count
    flat = loop.radius * np.stack(
        [np.outer(rho, np.cos(turn)), np.outer(rho, np.sin(turn)), 0 * np.outer(rho, turn)], -1
    )
    share = np.repeat(rho * weights / (2 * count), 2 * count)
    return loop.position + loop.orientation.apply(flat.reshape(-1, 3)), share[:, None] * loop.moment


def _double_sum(
    one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray], pivot: np.ndarray
) -> np.ndarray:
    """Return what moments do to others, eq. 42 of Yung, Landecker & Villani (1998) in extended precision."""
    total = np.zeros(7, dtype=_LONG)
    step = max(1, _BLOCK // len(one[0]))
    positions, sources = one[0].astype(_LONG), one[1].astype(_LONG)
    for first in range(0, len(other[0]), step):
        places, moments = (array[first : first + step].astype(_LONG) for array in other)
        total += _block(positions, sources, places, moments, places - pivot.astype(_LONG))
    return _MU0_4PI * total


def _block(p: np.ndarray, m: np.ndarray, q: np.ndarray, w: np.ndarray, arms: np.ndarray) -> np.ndarray:
    n = q[:, None] - p
    r2 = np.einsum("abi,abi->ab", n, n)
    r = np.sqrt(r2)
    n /= r[..., None]
    mn, wn, mw = np.einsum("bi,abi->ab", m, n), np.einsum("ai,abi->ab", w, n), w @ m.T
    field = np.einsum("ab,abi->ai", 3 * mn / (r * r2), n) - np.einsum("ab,bi->ai", 1 / (r * r2), m)
    c = 3 / (r2 * r2)
    push = (
        np.einsum("ab,abi->ai", c * (mw - 5 * mn * wn), n)
        + np.einsum("ab,bi->ai", c * wn, m)
        + np.einsum("ab->a", c * mn)[:, None] * w
    )
    torque = np.cross(w, field) + np.cross(arms, push)
    return np.concatenate([push.sum(axis=0), torque.sum(axis=0), [-np.sum(w * field)]])
