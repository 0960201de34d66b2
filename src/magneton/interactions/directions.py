r"""Directions of free moments at rest: minima of the energy on a product of spheres.

With u_i the directions, m_i the magnitudes and T_i two unit vectors across u_i, the energy
U = -sum m_i u_i.(B_others/2 + B_ext) has the gradient -m_i T_i^T B_i, which is the torque's two components turned by a
right angle, and the Hessian (second derivatives along great circles, J/rad^2)

    H_ij = -m_i m_j T_i^T G_ij T_j + delta_ij m_i u_i.B_i 1

with G_ij the field at i of a unit moment at j.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse.linalg import eigsh, minres

from magneton import _check
from magneton.interactions._external import as_source_or_none
from magneton.interactions._krylov import as_matrix
from magneton.interactions._pairs import pair_fields, require_distinct
from magneton.interactions._tally import NotConverged
from magneton.interactions.system import MomentSystem
from magneton.kernels.field import MU0_4PI
from magneton.sources.base import Source

# Up to so many moments the Hessian is a matrix, and all its eigenvalues are found; beyond, the lowest few.
_DENSE = 400
_LOWEST = 6
_SWEEPS = 20
_STEPS = 5000
_NEWTON = 25
#: Eigenvalues this much smaller than the largest count as zero: of motions that cost nothing.
_ZERO = 1e-9


@dataclass(frozen=True)
class Equilibrium:
    """Moments at rest in each other's field and that from outside.

    Attributes
    ----------
    moments : ndarray, shape (n, 3), A m^2
        The moments, their magnitudes as given.
    positions : ndarray, shape (n, 3), metre
        Where they are.
    external : Source or None
        What else acts on them.
    energy : float, joule
        As `MomentSystem.energy`.
    hessian_eigenvalues : ndarray, shape (2 n,) or (6,), J/rad^2
        Of the second derivatives of the energy with respect to the directions, ascending; of more than 400 moments the
        six lowest.
    stable : bool
        Whether every small turn costs energy; not so if one costs none, to 1e-9 of what the stiffest costs.
    gradient : float
        The largest torque that is left, relative to m B of that moment.
    iterations : int
        Sums over all pairs.
    """

    moments: np.ndarray
    positions: np.ndarray
    external: Source | None
    energy: float
    hessian_eigenvalues: np.ndarray
    stable: bool
    gradient: float
    iterations: int

    @property
    def system(self) -> MomentSystem:
        """The moments as a system."""
        return MomentSystem(self.moments, self.positions, self.external)


def _across(u: np.ndarray) -> np.ndarray:
    """Return two unit vectors across each direction, shape (n, 3, 2)."""
    least = np.eye(3)[np.argmin(np.abs(u), axis=1)]
    one = np.cross(u, least)
    one /= np.linalg.norm(one, axis=1)[:, None]
    return np.stack([one, np.cross(u, one)], axis=2)


class _Landscape:
    """The energy over directions, in units of the largest m B of the start."""

    def __init__(self, sizes: np.ndarray, positions: np.ndarray, external: Source | None) -> None:
        self.sizes, self.positions = sizes, positions
        self.outside = np.zeros(positions.shape) if external is None else external.B(positions)
        if not np.all(np.isfinite(self.outside)):
            at = int(np.flatnonzero(~np.isfinite(self.outside).all(axis=1))[0])
            raise ValueError(
                f"external must have a field at every moment, got none at {positions[at].tolist()}"
            )
        self.sums = 0

    @functools.cached_property
    def field_tensors(self) -> np.ndarray:
        """The field of unit moments at all others, shape (n, n, 3, 3); for systems that are not large."""
        d = self.positions[:, None] - self.positions
        r = np.linalg.norm(d, axis=2) + np.diag(np.full(len(d), np.inf))
        n = d / np.where(np.isfinite(r), r, 1.0)[..., None]
        return MU0_4PI * (3.0 * n[..., :, None] * n[..., None, :] - np.eye(3)) / r[..., None, None] ** 3

    def of_others(self, u: np.ndarray) -> np.ndarray:
        self.sums += 1
        return pair_fields(self.sizes[:, None] * u, self.positions)

    def energy_and_field(self, u: np.ndarray) -> tuple[float, np.ndarray]:
        others = self.of_others(u)
        return -float(np.sum(self.sizes[:, None] * u * (0.5 * others + self.outside))), others + self.outside

    def residual(self, u: np.ndarray, field: np.ndarray) -> float:
        """Return the largest sine between a moment and its field."""
        strength = np.linalg.norm(field, axis=1)
        sine = np.linalg.norm(np.cross(u, field), axis=1) / np.where(strength > 0.0, strength, 1.0)
        return float(sine.max())

    def hessian(self, u: np.ndarray, field: np.ndarray) -> Any:
        """Return the Hessian on the tangent planes, shape (2 n, 2 n)."""
        across, along = _across(u), self.sizes * np.sum(u * field, axis=1)

        def apply(flat: np.ndarray) -> np.ndarray:
            turns = np.ascontiguousarray(flat).reshape(-1, 2)
            others = self.of_others(np.einsum("nik,nk->ni", across, turns))
            out = along[:, None] * turns - self.sizes[:, None] * np.einsum("nik,ni->nk", across, others)
            return out.ravel()

        return as_matrix(apply, 2 * len(u))

    def dense_hessian(self, u: np.ndarray, field: np.ndarray) -> np.ndarray:
        """Return the same as a matrix."""
        turned = self.sizes[:, None, None] * _across(u)
        blocks = -np.einsum("iak,ijab,jbl->ikjl", turned, self.field_tensors, turned, optimize=True)
        matrix = blocks.reshape(2 * len(u), 2 * len(u))
        matrix[np.diag_indices(len(matrix))] += np.repeat(self.sizes * np.sum(u * field, axis=1), 2)
        return 0.5 * (matrix + matrix.T)

    def relaxed(self, u: np.ndarray, unit: float) -> np.ndarray:
        """Return directions that all but minimise the energy, by a quasi-Newton method."""

        def function(flat: np.ndarray) -> tuple[float, np.ndarray]:
            x = flat.reshape(-1, 3)
            length = np.linalg.norm(x, axis=1)[:, None]
            v = x / length
            energy, field = self.energy_and_field(v)
            slope = self.sizes[:, None] * (np.sum(field * v, axis=1)[:, None] * v - field) / length
            return energy / unit, (slope / unit).ravel()

        found = minimize(
            function,
            u.ravel(),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": _STEPS, "ftol": 0.0, "gtol": 1e-9},
        )
        return _unit(found.x.reshape(-1, 3))

    def polished(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """Return directions at a stationary point to rounding, by Newton's method, with the field and what is left."""
        _, field = self.energy_and_field(u)
        left = self.residual(u, field)
        for _ in range(_NEWTON):
            slope = -self.sizes[:, None] * np.einsum("nik,ni->nk", _across(u), field)
            step = self._newton_step(u, field, slope.ravel())
            moved = _unit(u + np.einsum("nik,nk->ni", _across(u), step.reshape(-1, 2)))
            _, moved_field = self.energy_and_field(moved)
            now = self.residual(moved, moved_field)
            if not now < left:
                break
            u, field, left = moved, moved_field, now
        return u, field, left

    def _newton_step(self, u: np.ndarray, field: np.ndarray, slope: np.ndarray) -> np.ndarray:
        if len(u) > _DENSE:
            return minres(self.hessian(u, field), -slope, rtol=1e-8, maxiter=200)[0]
        # Motions that cost nothing are left alone.
        values, vectors = np.linalg.eigh(self.dense_hessian(u, field))
        parts = vectors.T @ -slope
        kept = np.abs(values) > _ZERO * np.abs(values).max()
        step = vectors[:, kept] @ (parts[kept] / values[kept])
        return step * min(1.0, 0.5 / max(np.abs(step).max(), 1e-300))

    def spectrum(self, u: np.ndarray, field: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """Return the eigenvalues, ascending, the lowest one's motion of the directions, and the largest in size."""
        if len(u) <= _DENSE:
            values, vectors = np.linalg.eigh(self.dense_hessian(u, field))
            largest = float(np.abs(values).max())
        else:
            lanczos: Any = eigsh
            operator, start = self.hessian(u, field), np.random.default_rng(0).normal(size=2 * len(u))
            stiffest = lanczos(operator, k=1, which="LM", tol=1e-3, v0=start, return_eigenvectors=False)
            largest = abs(float(stiffest[0]))
            values, vectors = lanczos(operator, k=_LOWEST, which="SA", tol=1e-10, v0=start)
            order = np.argsort(values)
            values, vectors = values[order], vectors[:, order]
        return values, np.einsum("nik,nk->ni", _across(u), vectors[:, 0].reshape(-1, 2)), largest


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1)[:, None]


def equilibrium(
    moments: Any, positions: Any, external: Any = None, escape: bool = True, tol: float = 1e-10
) -> Equilibrium:
    """Return directions of free moments, at fixed positions, that are at rest.

    From the given directions the energy is lowered (quasi-Newton), and the result refined by Newton's method until the
    torques are rounding. It is a local minimum, the one that the start leads to: there are many in a large system.

    Parameters
    ----------
    moments : array_like, shape (n, 3), A m^2
        The directions to start from, and the magnitudes, which stay; none zero.
    positions : array_like, shape (n, 3), metre
        Where they are; no two alike.
    external : source or sequence of sources, optional
        What else acts on them.
    escape : bool
        Leave a saddle or a maximum that the start lies on. False: only Newton's method, to the nearest state at rest,
        stable or not.
    tol : float
        The sine between a moment and its field that may be left.

    Returns
    -------
    Equilibrium
        ``.moments``, ``.energy``, ``.hessian_eigenvalues``, ``.stable``, ``.gradient``; ``.system`` has the forces.

    Raises
    ------
    NotConverged
        If torques above `tol` are left.
    ValueError
        If a shape is wrong, a moment is zero, two are at one place, or a moment is where no field is defined.

    Examples
    --------
    Two moments side by side turn head to tail:

    >>> from magneton.interactions.directions import equilibrium
    >>> pair = equilibrium([[0, 0.1, 1.0], [0, 0, 1.0]], [[0, 0, 0], [0.1, 0, 0]])
    >>> abs(pair.moments.round(9)).tolist(), pair.stable
    ([[1.004987562, 0.0, 0.0], [1.0, 0.0, 0.0]], True)
    """
    moments = _check.vectors("moments", moments, "A m^2")
    positions = _check.vectors("positions", positions, "m")
    _check.same_length("moments", moments, "positions", positions)
    require_distinct(positions)
    sizes = np.linalg.norm(moments, axis=1)
    if not np.all(sizes > 0.0):
        raise ValueError(f"moments must not be zero, got zero at {int(np.argmin(sizes))}")
    tol = _check.fraction("tol", tol)
    source = as_source_or_none("external", external)
    land = _Landscape(sizes, positions, source)
    u, field, left = _at_rest(land, moments / sizes[:, None], escape)
    if not left <= tol:
        raise NotConverged(
            f"tol={tol:g} was not reached: the sine between a moment and its field is {left:.3g}"
        )
    values, motion, largest = land.spectrum(u, field)
    for _ in range(_SWEEPS if escape else 0):
        if values[0] >= -_ZERO * largest:
            break
        u, field, left = _at_rest(land, _unit(u + 0.1 * motion / np.abs(motion).max()), True)
        values, motion, largest = land.spectrum(u, field)
    energy, stable = land.energy_and_field(u)[0], bool(values[0] > _ZERO * largest)
    return Equilibrium(sizes[:, None] * u, positions, source, energy, values, stable, left, land.sums)


def _at_rest(land: _Landscape, u: np.ndarray, lower: bool) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the directions at rest that `u` leads to, the field there, and the sine that is left."""
    _, field = land.energy_and_field(u)
    unit = float(np.max(land.sizes * np.linalg.norm(field, axis=1)))
    if lower and unit > 0.0 and math.isfinite(unit):
        u = land.relaxed(u, unit)
    return land.polished(u)
