"""How force and torque change when the target moves or turns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from magneton import _check
from magneton.interactions._cubature import Cubature, NoConvergence, Samples
from magneton.interactions._derivatives import second_gradient
from magneton.interactions._overlap import require_apart
from magneton.interactions._patches import SMALL, carried, extent_over_length
from magneton.interactions._tally import NotConverged
from magneton.sources import Source
from magneton.sources.body import CIRCLE, SEGMENT, Body, Circuit
from magneton.sources.collection import leaves
from magneton.sources.patches import Elements, Patches
from magneton.summation.batch import evaluate

_MOST = 600_000
_GROUPS = (9, 9, 9)
_EPS = 2.3e-16
_NOISE = 50.0
#: e_j x as matrices: _CROSS[j] @ v = e_j x v.
_CROSS = np.stack([np.cross(axis, np.eye(3)).T for axis in np.eye(3)])


@dataclass(frozen=True)
class Stiffness:
    """How force and torque on a target resist its motion, at fixed currents and magnetizations.

    Attributes
    ----------
    translation : ndarray, shape (3, 3), N/m
        ``[i, j]`` is -dF_i/dx_j, x the target's displacement: the second derivatives of the energy. Its trace is zero
        (Earnshaw): stable along one direction is unstable along another.
    rotation : ndarray, shape (3, 3), N m/rad
        ``[i, j]`` is -dtau_i/dtheta_j, theta the target's rotation about the pivot, about the fixed axis j.
    coupling : ndarray, shape (3, 3), N/rad
        ``[i, j]`` is -dF_i/dtheta_j.
    error : float
        A bound on the largest relative error of the three, each relative to the integral of the absolute integrand.
    evaluations : int
        How often the source's field and its gradient were evaluated.
    """

    translation: np.ndarray
    rotation: np.ndarray
    coupling: np.ndarray
    error: float
    evaluations: int


class _Pieces(Protocol):
    """Patches or wires."""

    def elements(self, which: np.ndarray, t: np.ndarray) -> Elements: ...


@dataclass(frozen=True)
class _Wire:
    """Line currents of one kind as elements of current: circles, curves, or sides of polygons."""

    circuits: tuple[Circuit, ...]

    def elements(self, which: np.ndarray, t: np.ndarray) -> Elements:
        points, tangents = np.empty((len(t), 3)), np.empty((len(t), 3))
        for number in np.unique(which):
            chosen = which == number
            points[chosen], tangents[chosen] = _along(self.circuits[number], t[chosen, 0])
        return Elements(points, currents=tangents)


def _along(circuit: Circuit, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points of a circuit and I dr/dt, t from 0 to 1."""
    p = circuit.params
    if circuit.kind == SEGMENT:
        side = p[3:6] - p[:3]
        return p[:3] + t[:, None] * side, np.broadcast_to(circuit.current * side, (len(t), 3))
    turn = 2.0 * math.pi
    if circuit.kind == CIRCLE:
        x, y = p[12] * p[3:12].reshape(3, 3).T[:2]
        c, s = np.cos(turn * t)[:, None], np.sin(turn * t)[:, None]
        return p[:3] + c * x + s * y, turn * circuit.current * (c * y - s * x)
    harmonics = int(p[3])
    coefficients = p[5 : 11 + 6 * harmonics].copy().view(complex).reshape(-1, 3)
    order = np.arange(harmonics + 1)
    waves = np.exp(1j * turn * np.outer(t, order))
    tangents = np.real(waves @ (1j * order[:, None] * coefficients))
    return p[:3] + np.real(waves @ coefficients), turn * circuit.current * tangents


def _turned(vectors: np.ndarray) -> np.ndarray:
    """Return e_j x v for each axis j: shape (n, 3) -> (n, 3 (component), 3 (axis))."""
    return np.einsum("jab,nb->naj", _CROSS, vectors)


def _crossed(vectors: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return v x c of each column: shapes (n, 3) and (n, 3, k) -> (n, 3, k)."""
    return np.cross(vectors[:, :, None], columns, axis=1)


def _norms(array: np.ndarray) -> np.ndarray:
    return np.sqrt(np.sum(array.reshape(len(array), -1) ** 2, axis=1))


class _Derivatives:
    """dF/dx, dtau/dtheta and dF/dtheta of elements in a source's field, negative: 27 values a point."""

    def __init__(self, source: Source, pivot: np.ndarray) -> None:
        self.source = source
        self.pivot = pivot

    def of(self, elements: Elements) -> Samples:
        points = elements.points
        flux = evaluate(self.source.compiled, "B", points)
        gradient = evaluate(self.source.compiled, "grad_B", points).reshape(-1, 3, 3)
        arms = points - self.pivot
        moves = _turned(arms)  # how the point moves as the body turns
        carried = gradient @ moves  # how B changes there
        couple = couple_turned = np.zeros((len(points), 3, 3))
        if elements.moments is not None:
            m = elements.moments
            second = second_gradient(self.source, points)
            force = np.einsum("nk,nki->ni", m, gradient)
            shift = np.einsum("nk,nkij->nij", m, second)
            turn = np.einsum("nkj,nki->nij", _turned(m), gradient) + shift @ moves
            couple_turned = _crossed(m, carried) - _crossed(flux, _turned(m))
            weight, steep = _norms(m), _norms(second)
            size = weight * steep
            couple = weight * _norms(flux)
        elif elements.poles is not None:
            q = elements.poles[:, None, None]
            force, shift, turn = q[:, 0] * flux, q * gradient, q * carried
            size, couple = np.abs(elements.poles) * _norms(gradient), 0.0
        else:
            k = elements.currents
            assert k is not None
            force, shift = np.cross(k, flux), _crossed(k, gradient)
            turn = _crossed(k, carried) - _crossed(flux, _turned(k))
            size, couple = _norms(k) * _norms(gradient), 0.0
        twist = couple_turned + _crossed(arms, turn) - _crossed(force, moves)
        values = -np.concatenate([a.reshape(-1, 9) for a in (shift, twist, turn)], axis=1)
        reach, pull = _norms(arms), _norms(force)
        sizes = np.stack([size, reach * (reach * size + 2.0 * pull) + couple, reach * size + pull], axis=1)
        return Samples(values, sizes, np.zeros_like(sizes))

    def along(self, pieces: _Pieces) -> Callable[[np.ndarray, np.ndarray], Samples]:
        return lambda which, t: self.of(pieces.elements(which, t))


def _integrated(source: Source, body: Body) -> tuple[Patches, ...]:
    """Return the patches that a body is integrated over in the field of a source, as for forces."""
    if body.hull and body.inside and extent_over_length(source, body) < SMALL:
        return body.inside
    return carried(source, body)


def _pieces(source: Source, body: Body) -> list[tuple[_Pieces, int, tuple[bool, ...]]]:
    """Return what is integrated over, how many of each, and which parameters are periodic."""
    parts: list[tuple[_Pieces, int, tuple[bool, ...]]] = []
    sides = tuple(c for c in body.circuits if c.kind == SEGMENT)
    rings = tuple(c for c in body.circuits if c.kind != SEGMENT)
    for wires, periodic in ((sides, False), (rings, True)):
        if wires:
            parts.append((_Wire(wires), len(wires), (periodic,)))
    for patches in _integrated(source, body):
        flat = (False,) * (patches.kind.parameters - 1)
        parts.append((patches, len(patches), (*flat, patches.kind.periodic)))
    return parts


def _at_points(derivatives: _Derivatives, body: Body) -> Samples:
    """Return the sum over point moments, poles and charges, each shape (1, ...)."""
    clouds = [
        Elements(body.moment_positions, moments=body.moments),
        Elements(body.pole_positions, poles=body.poles),
        Elements(body.charge_positions, currents=body.charges),
    ]
    total = Samples(np.zeros((1, 27)), np.zeros((1, 3)), np.zeros((1, 3)))
    for cloud in clouds:
        if len(cloud.points):
            part = derivatives.of(cloud)
            total = Samples(*(t + p.sum(axis=0) for t, p in zip(total, part, strict=True)))
    return total


def stiffness(source: Source, target: Source, pivot: Any = None, rtol: float = 1e-9) -> Stiffness:
    """Return how the force and torque of a source on a target change as the target moves and turns.

    The closed-form gradient of the source's field is integrated over what the target carries; for point moments the
    second derivatives of B come from its gradient on spheres about them.

    Parameters
    ----------
    source, target : source
        As of `interaction`; the target must be a body itself.
    pivot : array_like, shape (3,), metre, optional
        The point that rotations and torques are about; by default the target's position.
    rtol : float
        Relative to the integrals of the absolute integrands.

    Returns
    -------
    Stiffness
        ``.translation``, ``.rotation``, ``.coupling``, ``.error`` and more.

    Raises
    ------
    ValueError
        If the target is no body, the two touch, or a part of one lies inside the other.
    NotConverged
        If `rtol` cannot be reached; next to an edge of the source the gradient grows without bound.

    Examples
    --------
    Two coaxial dipoles: F_z = -3 mu_0 m1 m2/(2 pi z^4), so that dF_z/dz = -4 F_z/z.

    >>> from magneton import Dipole, interaction
    >>> from magneton.interactions import stiffness
    >>> a, b = Dipole([0, 0, 1.0]), Dipole([0, 0, 1.0], [0, 0, 2.0])
    >>> k = stiffness(a, b)
    >>> round(float(k.translation[2, 2] / interaction(a, b).force[2]), 9)
    2.0
    """
    for name, value in (("source", source), ("target", target)):
        if not isinstance(value, Source):
            raise ValueError(
                f"{name} must be a source such as Dipole or CircularLoop, got {type(value).__name__}"
            )
    try:
        body = target.body
    except ValueError as error:
        raise ValueError(f"target must be a body: {error}") from None
    rtol = max(_check.fraction("rtol", rtol), 1e-14)
    pivot = body.position if pivot is None else _check.vector("pivot", pivot, "m")
    total, evaluations = Samples(np.zeros((1, 27)), np.zeros((1, 3)), np.zeros((1, 3))), 0
    for one in leaves(source):
        for member in leaves(target):
            require_apart(one, member)
            part, count = _of_pair(one, member.body, pivot, rtol)
            total = Samples(*(t + p for t, p in zip(total, part, strict=True)))
            evaluations += count
    values, sizes, errors = (array[0] for array in total)
    if not np.all(np.isfinite(values)):
        raise ValueError(
            "source and target must not touch: the field's gradient is not defined on the target"
        )
    bounds = [float(e / s) + _NOISE * _EPS for e, s in zip(errors, sizes, strict=True) if s > 0.0]
    return Stiffness(
        values[:9].reshape(3, 3).copy(),
        values[9:18].reshape(3, 3).copy(),
        values[18:].reshape(3, 3).copy(),
        max(bounds, default=0.0),
        evaluations,
    )


def _of_pair(source: Source, body: Body, pivot: np.ndarray, rtol: float) -> tuple[Samples, int]:
    """Return the 27 values of one body in the field of one source, and how often this was evaluated."""
    derivatives = _Derivatives(source, pivot)
    total = _at_points(derivatives, body)
    parts = _pieces(source, body)
    cubatures = [Cubature(derivatives.along(pieces), periodic, _GROUPS) for pieces, _, periodic in parts]
    scales = total.sizes[0] + sum(c.coarse(n).sizes[0] for c, (_, n, _) in zip(cubatures, parts, strict=True))
    try:
        for cubature, (_, count, _) in zip(cubatures, parts, strict=True):
            cubature.most = _MOST
            part = cubature.integrate(count, rtol * np.nan_to_num(scales) / len(parts))
            total = Samples(*(t + p for t, p in zip(total, part, strict=True)))
    except NoConvergence:
        raise NotConverged(f"rtol={rtol:g} was not reached: source and target are too close") from None
    points = len(body.moments) + len(body.poles) + len(body.charges)
    return total, points + sum(c.evaluations for c in cubatures)
