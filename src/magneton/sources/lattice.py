"""Regular grids among lists of points, and the field of magnetized voxels on one as a convolution by FFT."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import fft

from magneton.kernels.cuboid import cuboid_field
from magneton.summation.batch import evaluate
from magneton.summation.compiled import body_term

# Places count as on a lattice if they are this close to it, in spacings.
_CLOSE = 1e-9
# A box of a lattice may hold this many places for each that is used.
_SPARSE = 8
# With fewer pairs than this for each tensor of the convolution the direct sum is faster.
_PAIRS = 20
# How well a lattice's spacings must multiply to the volume of its voxels.
_NEAR_VOLUME = 1e-6


@dataclass(frozen=True)
class Lattice:
    """A regular grid: its least corner, its spacing (nan along an axis with one layer), and each point's indices."""

    origin: np.ndarray
    spacing: np.ndarray
    indices: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray) -> Lattice | None:
        """Return the lattice that the points form, or None."""
        spacing = np.full(3, np.nan)
        for axis in range(3):
            steps = np.diff(np.unique(points[:, axis]))
            # Equal coordinates that differ by rounding are no steps.
            steps = steps[steps > _CLOSE * np.ptp(points[:, axis])] if len(steps) else steps
            if len(steps):
                spacing[axis] = np.median(steps)
        origin = points.min(axis=0)
        indices = _indices(points - origin, spacing)
        return None if indices is None else cls(origin, spacing, indices)

    def spacing_filled(self, volume: float) -> np.ndarray | None:
        """Return the spacing where it multiplies to a volume; the thickness of a single layer follows from it."""
        known = np.isfinite(self.spacing)
        rest = volume / self.spacing[known].prod()
        if known.all():
            return self.spacing if abs(rest - 1.0) <= _NEAR_VOLUME else None
        if known.sum() < 2:
            return None  # the points say nothing of two of the edges
        return np.where(known, self.spacing, rest)


def _indices(offsets: np.ndarray, spacing: np.ndarray) -> np.ndarray | None:
    """Return offsets in units of the spacing as whole numbers, or None if they are not."""
    steps = offsets / np.where(np.isfinite(spacing), spacing, 1.0)
    steps[:, ~np.isfinite(spacing)] = 0.0
    whole = np.rint(steps)
    off = np.abs(steps - whole)
    if not np.all(off <= _CLOSE * np.maximum(1.0, np.abs(whole))):
        return None
    return whole.astype(np.int64)


def lattice_field(
    quantity: str, places: np.ndarray, edges: np.ndarray, magnetization: np.ndarray, points: np.ndarray
) -> np.ndarray | None:
    """Return B or H, shape (n, 3), of voxels at points by FFT; None where that is not possible or not faster.

    Parameters
    ----------
    quantity : {"B", "H"}
        What to return.
    places, edges, magnetization : ndarray, shape (m, 3)
        The voxels.
    points : ndarray, shape (n, 3), metre
        Where.
    """
    if len(points) < _PAIRS or not np.all(np.isfinite(points)) or np.any(edges != edges[0]):
        return None
    spacing = edges[0]
    first, corner = places.min(axis=0), points.min(axis=0)
    source, target = _indices(places - first, spacing), _indices(points - corner, spacing)
    if source is None or target is None:
        return None
    held, asked = source.max(axis=0) + 1, target.max(axis=0) + 1
    span = held + asked - 1
    sparse = held.prod() > _SPARSE * len(places) or asked.prod() > _SPARSE * len(points)
    if sparse or len(places) * len(points) < _PAIRS * span.prod():
        return None
    return _convolved(quantity, spacing, corner - first, held, asked, source, target, magnetization)


def _tensors(quantity: str, spacing: np.ndarray, shift: np.ndarray, held: np.ndarray, asked: np.ndarray):
    """Return the field of unit magnetizations at all differences of indices, shape (3 axes, nx, ny, nz, 3)."""
    axes = [shift[k] + spacing[k] * np.arange(1 - held[k], asked[k]) for k in range(3)]
    offsets = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    fields = []
    for unit in np.eye(3):
        params = np.concatenate([spacing, unit])
        extent = 0.5 * float(np.linalg.norm(spacing))
        voxel = body_term(cuboid_field, np.zeros(3), np.eye(3), extent, params)
        fields.append(evaluate(voxel, quantity, offsets.reshape(-1, 3)).reshape(offsets.shape))
    return np.array(fields)


def _convolved(quantity, spacing, shift, held, asked, source, target, magnetization) -> np.ndarray | None:
    kernel = _tensors(quantity, spacing, shift, held, asked)
    if np.isnan(kernel).any():  # some points lie on faces of voxels: nan there, and nowhere else
        return None
    shape = [fft.next_fast_len(int(n), real=True) for n in held + asked - 1]
    total = 0.0
    for k in range(3):
        dense = np.zeros(held)
        np.add.at(dense, tuple(source.T), magnetization[:, k])
        # The sum of T(target - source) M(source); T begins at 1 - held, so it lies at target + held - 1.
        spectrum = np.asarray(fft.rfftn(dense, shape))[..., None]
        total = total + spectrum * fft.rfftn(kernel[k], shape, axes=(0, 1, 2))
    values = np.asarray(fft.irfftn(total, shape, axes=(0, 1, 2)))
    return values[tuple((target + held - 1).T)]
