r"""A cuboid of constant susceptibility, magnetized by a field, on voxels.

M is uniform in each voxel, and H = H_ext + H of all voxels' magnetizations (closed forms, a convolution by FFT) holds
at their centres:

    M = chi H,    (1/chi) M - N M = H_ext    (or (1 - chi N) M = chi H_ext for |chi| <= 1)

N is symmetric, its eigenvalues lie between -1 and 0, and conjugate gradients solve it.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import fft
from scipy.sparse.linalg import cg

from magneton._jit import get_threads
from magneton.interactions._krylov import as_matrix
from magneton.interactions._tally import NotConverged
from magneton.kernels.cuboid import cuboid_field
from magneton.summation.batch import evaluate
from magneton.summation.compiled import body_term

_MOST_STEPS = 2000
#: The six different tensor components.
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


class VoxelGrid:
    """The voxels of a cuboid in its own frame, and the field of any magnetization on them at their centres."""

    def __init__(self, dimension: np.ndarray, counts: tuple[int, int, int]) -> None:
        self.counts = counts
        self.edges = dimension / np.array(counts)
        axes = [h * (np.arange(n) - 0.5 * (n - 1)) for h, n in zip(self.edges, counts, strict=True)]
        self.points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
        self.volume = float(np.prod(self.edges))
        self._shape = [int(fft.next_fast_len(2 * n - 1, real=True)) for n in counts]  # pyright: ignore
        self._spectra = self._tensor_spectra()

    def _tensor_spectra(self) -> dict[tuple[int, int], np.ndarray]:
        """Return the spectra of the field at all differences of places, by component.

        A component is even in each coordinate or odd in two of them, so that one octant tells all.
        """
        axes = [h * np.arange(n) for h, n in zip(self.edges, self.counts, strict=True)]
        offsets = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        extent = 0.5 * float(np.linalg.norm(self.edges))
        spectra = {}
        for j, unit in enumerate(np.eye(3)):
            voxel = body_term(
                cuboid_field, np.zeros(3), np.eye(3), extent, np.concatenate([self.edges, unit])
            )
            H = evaluate(voxel, "H", offsets.reshape(-1, 3)).reshape(offsets.shape)
            for i in range(j + 1):
                spectra[i, j] = self._rfftn(self._unfolded(H[..., i], {i, j} if i != j else set()))
        return spectra

    def _unfolded(self, octant: np.ndarray, odd: set[int]) -> np.ndarray:
        """Return values at all differences, negative ones at the end, from those at the positive ones."""
        full = np.zeros(self._shape)
        full[tuple(slice(n) for n in self.counts)] = octant
        for axis, n in enumerate(self.counts):
            source, target = [slice(None)] * 3, [slice(None)] * 3
            source[axis], target[axis] = slice(n - 1, 0, -1), slice(self._shape[axis] - n + 1, None)
            full[tuple(target)] = (-1.0 if axis in odd else 1.0) * full[tuple(source)]
        return full

    def _rfftn(self, values: np.ndarray) -> np.ndarray:
        return np.asarray(fft.rfftn(values, self._shape, workers=get_threads()))

    def field(self, M: np.ndarray) -> np.ndarray:
        """Return H at the centres of magnetizations M, both shape (n, 3)."""
        dense = M.reshape(*self.counts, 3)
        spectra = [self._rfftn(dense[..., k]) for k in range(3)]
        kept = tuple(slice(n) for n in self.counts)
        out = np.empty(dense.shape)
        for i in range(3):
            total = sum(self._spectra[min(i, k), max(i, k)] * spectra[k] for k in range(3))
            out[..., i] = np.asarray(fft.irfftn(total, self._shape, workers=get_threads()))[kept]
        return out.reshape(-1, 3)

    def magnetized(self, chi: float, H: np.ndarray, rtol: float, start: np.ndarray | None) -> np.ndarray:
        """Return M in an external H, both shape (n, 3)."""
        own, others = (1.0 / chi, 1.0) if abs(chi) > 1.0 else (1.0, chi)
        right = others * H.ravel()
        if not np.any(right):
            return np.zeros(H.shape)

        def apply(flat: np.ndarray) -> np.ndarray:
            M = flat.reshape(-1, 3)
            return (own * M - others * self.field(M)).ravel()

        operator = as_matrix(apply, right.size)
        first = None if start is None else start.ravel()
        solution, failed = cg(operator, right, x0=first, rtol=rtol, maxiter=_MOST_STEPS)
        if failed:
            raise NotConverged(
                f"the magnetization of {len(H)} voxels did not converge in {_MOST_STEPS} steps"
            )
        return solution.reshape(-1, 3)

    def refined(self, M: np.ndarray) -> np.ndarray:
        """Return M on the grid of halved edges, from which a finer solution starts."""
        dense = M.reshape(*self.counts, 3)
        for axis in range(3):
            dense = np.repeat(dense, 2, axis=axis)
        return dense.reshape(-1, 3)


def first_counts(dimension: np.ndarray, cells: int) -> tuple[int, int, int]:
    """Return how to divide a cuboid into about so many voxels, as cubic as may be, two or more an edge."""
    edge = math.cbrt(float(np.prod(dimension / dimension.max())) / cells)
    x, y, z = (max(2, round(float(d))) for d in dimension / dimension.max() / edge)
    return x, y, z
