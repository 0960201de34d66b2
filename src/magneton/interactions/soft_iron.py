"""Bodies of linear permeability in a field: first order soft iron.

Not modelled: saturation and hysteresis (M = chi H at every strength), eddy currents, and what the iron does to the
sources of the field, which are rigid. Where M of a result exceeds what steel can carry, 1.7e6 A/m or so, no steel does
that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.interactions._external import as_source
from magneton.interactions._soft_sphere import sphere_response
from magneton.interactions._tally import NotConverged
from magneton.interactions._voxel_iron import VoxelGrid, first_counts
from magneton.interactions.images import permeability
from magneton.kernels.field import UNIFORM
from magneton.sources import Cuboid, Ellipsoid, Magnetization, Sphere, demagnetizing_factors
from magneton.sources.base import Source
from magneton.sources.multipoles import Multipole

_COARSEST = 64
_MOST_VOXELS = 500_000
_MU0 = float(mu_0)
#: Moment, force, torque, energy in a row of ten numbers.
_PARTS = (slice(0, 3), slice(3, 6), slice(6, 9), slice(9, 10))


@dataclass(frozen=True)
class SoftBody:
    """A permeable body, magnetized.

    Attributes
    ----------
    source : Source
        Its magnetization as a source: for a cuboid that of the finest voxels, not extrapolated; for a sphere in a field
        that is not uniform its multipoles, which hold outside of it.
    moment : ndarray, shape (3,), A m^2
        Its moment.
    force, torque : ndarray, shape (3,), N and N m
        Of the external field on it; the torque about its position.
    energy : float, joule
        -(1/2) integral of M.B_ext; force = -grad of it.
    error : float
        Estimated error, the largest of the four, relative to the integrals of |M|, |M||grad B|, |M|(|B| + |r||grad B|)
        and |M||B|/2. Rounding where a closed form holds.
    voxels : int
        Of the finest grid; zero for a sphere or ellipsoid.
    """

    source: Source
    moment: np.ndarray
    force: np.ndarray
    torque: np.ndarray
    energy: float
    error: float
    voxels: int


def polarizability(body: Sphere | Ellipsoid, mu_r: Any) -> np.ndarray:
    """Return the polarizability of a permeable sphere or ellipsoid, m = alpha B.

    alpha = (V/mu_0) (mu_r - 1)/(1 + N_i (mu_r - 1)) along each axis, N_i the demagnetizing factors: for a sphere
    4 pi a^3/mu_0 (mu_r - 1)/(mu_r + 2) ([Jackson1999]_ sec. 5.11).

    Parameters
    ----------
    body : Sphere or Ellipsoid
        Its shape and orientation; its magnetization plays no part.
    mu_r : float
        Relative permeability: infinity allowed, zero for a superconductor.

    Returns
    -------
    ndarray, shape (3, 3), A m^2/T
        In global axes.

    Examples
    --------
    >>> from magneton import Sphere
    >>> from magneton.interactions.soft_iron import polarizability
    >>> ball = Sphere(0.01, magnetization=[0, 0, 0])
    >>> polarizability(ball, float("inf")).diagonal().round(6).tolist()
    [10.0, 10.0, 10.0]
    """
    if not isinstance(body, (Sphere, Ellipsoid)):
        raise ValueError(f"body must be a Sphere or Ellipsoid, got {type(body).__name__}")
    chi, factors = permeability(mu_r) - 1.0, demagnetizing_factors(body)
    along = 1.0 / factors if chi == math.inf else chi / (1.0 + factors * chi)
    axes = body.orientation.as_matrix()
    return body.volume / _MU0 * (axes * along) @ axes.T


def _in_uniform_field(body: Sphere | Ellipsoid, mu_r: float, external: Source) -> SoftBody:
    B = external.B(body.position)
    moment = polarizability(body, mu_r) @ B
    shape = {"radius": body.radius} if isinstance(body, Sphere) else {"semi_axes": body.semi_axes}
    M = body.orientation.as_matrix().T @ moment / body.volume
    source = type(body)(**shape, magnetization=M, position=body.position, orientation=body.orientation)
    torque, energy = np.cross(moment, B), -0.5 * float(moment @ B)
    return SoftBody(source, moment, np.zeros(3), torque, energy, 1e-15, 0)


def _sphere(body: Sphere, mu_r: float, external: Source, rtol: float) -> SoftBody:
    answer = sphere_response(body.radius, body.position, mu_r, external, rtol)
    source = Multipole(answer.coefficients, body.position)
    return SoftBody(source, source.moment, answer.force, np.zeros(3), answer.energy, answer.error, 0)


class _Level:
    """A cuboid on one grid: what it sums to."""

    def __init__(self, body: Cuboid, external: Source, grid: VoxelGrid) -> None:
        self.grid, self.axes = grid, body.orientation.as_matrix()
        self.arms = grid.points @ self.axes.T
        places = self.arms + body.position
        self.B, self.grad = external.B(places), external.grad_B(places)
        self.H = self.B @ self.axes / _MU0
        if not (np.all(np.isfinite(self.H)) and np.all(np.isfinite(self.grad))):
            raise ValueError(
                "external must have a field all over the body, got none at a voxel: do they overlap?"
            )

    def sums(self, M: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return moment, force, torque and energy as ten numbers, and their four scales."""
        m = self.grid.volume * M @ self.axes.T
        force = np.einsum("ni,nij->nj", m, self.grad)
        couple = np.cross(m, self.B)
        energy = -0.5 * np.sum(m * self.B, axis=1)
        values = [m, force, couple + np.cross(self.arms, force), energy[:, None]]
        size, steep = np.linalg.norm(m, axis=1), np.linalg.norm(self.grad, axis=(1, 2))
        flux, arm = np.linalg.norm(self.B, axis=1), np.linalg.norm(self.arms, axis=1)
        scales = [size, size * steep, size * (flux + arm * steep), 0.5 * size * flux]
        return np.concatenate([v.sum(axis=0) for v in values]), np.array([s.sum() for s in scales])


def _extrapolated(rows: list[np.ndarray], scales: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the limit of sums on grids halved twice, and its error: a geometric series, the ratio from the three.

    The ratio is some 2^(5/3) in the end, since M is singular at the edges. The limit may be wrong by what it adds.
    """
    value, error = rows[-1].copy(), 0.0
    for part, scale in zip(_PARTS, scales, strict=True):
        if scale == 0.0:
            continue
        first, second, third = (row[part] for row in rows[-3:])
        before, last = np.linalg.norm(second - first), np.linalg.norm(third - second)
        ratio = min(4.0, max(2.0, before / last)) if last > 0.0 else 4.0
        correction = (third - second) / (ratio - 1.0)
        value[part] += correction
        error = max(error, float(np.linalg.norm(correction)) / scale)
    return value, error


def _on_voxels(body: Cuboid, mu_r: float, external: Source, rtol: float) -> SoftBody:
    counts = first_counts(body.dimension, _COARSEST)
    rows, M, grid = [], None, None
    while True:
        start = None if M is None or grid is None else grid.refined(M)
        grid = VoxelGrid(body.dimension, counts)
        level = _Level(body, external, grid)
        M = grid.magnetized(mu_r - 1.0, level.H, min(1e-6, 1e-3 * rtol), start)
        row, scales = level.sums(M)
        rows.append(row)
        counts = (2 * counts[0], 2 * counts[1], 2 * counts[2])
        if len(rows) >= 3:
            value, error = _extrapolated(rows, scales)
            if error <= rtol:
                break
            if math.prod(counts) > _MOST_VOXELS:
                raise NotConverged(
                    f"rtol={rtol:g} was not reached with {len(M)} voxels: the error is {error:.2g}"
                )
    source = Magnetization(
        grid.points, M, grid.volume, grid.edges, position=body.position, orientation=body.orientation
    )
    return SoftBody(source, value[:3], value[3:6], value[6:9], float(value[9]), error, len(M))


def magnetized(body: Sphere | Ellipsoid | Cuboid, mu_r: Any, external: Any, rtol: float = 1e-2) -> SoftBody:
    """Return a body of constant permeability, magnetized by a field: M = (mu_r - 1) H.

    Sphere and ellipsoid in a uniform field by the closed form; a sphere in any other by harmonics, its moment that of
    the field at its centre; a cuboid in any field on voxels with exact interactions, the grid halved until the
    extrapolated moment, force, torque and energy are within `rtol`. M grows without bound towards a cuboid's edges, so
    that each digit takes some 20 times the voxels.

    Saturation and hysteresis are not modelled: M follows H at any strength, without memory.

    Parameters
    ----------
    body : Sphere, Ellipsoid or Cuboid
        Its shape and place; its own magnetization plays no part.
    mu_r : float
        Relative permeability: infinity allowed, zero for a superconductor.
    external : source or sequence of sources
        What magnetizes it; outside of the body.
    rtol : float
        What `.error` may be.

    Returns
    -------
    SoftBody
        ``.source``, ``.moment``, ``.force``, ``.energy``, ``.error`` and more.

    Raises
    ------
    NotConverged
        If half a million voxels, or harmonics up to degree 80, are not enough.
    ValueError
        If the body has another shape, an ellipsoid is in a field that is not uniform, or a source lies in the body.

    Examples
    --------
    >>> from magneton import Sphere, UniformField
    >>> from magneton.interactions.soft_iron import magnetized
    >>> ball = magnetized(Sphere(0.01, magnetization=[0, 0, 0]), 1000.0, UniformField([0, 0, 0.1]))
    >>> round(float(ball.moment[2]), 9)
    0.997005988
    """
    source = as_source("external", external)
    mu_r, rtol = permeability(mu_r), _check.fraction("rtol", rtol)
    if isinstance(body, (Sphere, Ellipsoid)) and source.compiled.kind_set == {UNIFORM}:
        return _in_uniform_field(body, mu_r, source)
    if isinstance(body, Sphere):
        return _sphere(body, mu_r, source, rtol)
    if isinstance(body, Ellipsoid):
        raise ValueError(
            "external must be a UniformField for an Ellipsoid, whose magnetization is uniform in no other; use a "
            "Sphere or a Cuboid, or induced_moments where the body is small"
        )
    if isinstance(body, Cuboid):
        return _on_voxels(body, mu_r, source, rtol)
    raise ValueError(f"body must be a Sphere, Ellipsoid or Cuboid, got {type(body).__name__}")
