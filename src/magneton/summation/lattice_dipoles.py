"""Fields of point dipoles on a regular lattice at each other, by Fourier transforms.

The field is a convolution of the moments with the tensor N of a dipole: six functions of the distance. On open axes
moments are padded with zeros to twice their number, so that none feels an image; on periodic ones N holds the sum over
all images. With one site a cell N(-r) = N(r), and its six transforms are real; they are made once.

Rows that hold only zeros are not transformed, and the transform along the first axis, the product and the way back
go through a block of the spectrum while it is in the cache.
"""

from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy as np

from magneton._jit import parallel_for
from magneton.kernels.field import MU0_4PI
from magneton.kernels.lattice_convolution import apply_tensors
from magneton.summation.ewald import SIX, periodic_tensors

# Places of a block of the spectrum, per moment component: 3 x 16 bytes each.
_BLOCK = 4096


class LatticeConvolution:
    """The fields of dipoles on a lattice at each other, the kernels kept.

    Parameters
    ----------
    shape : (int, int, int)
        Cells along the lattice vectors.
    vectors : ndarray, shape (3, 3)
        The lattice vectors in m, one a row.
    basis : ndarray, shape (b, 3)
        Sites of a cell in fractions of the vectors.
    periodic : (bool, bool, bool)
        Periodic axes: none, two or three.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        vectors: np.ndarray,
        basis: np.ndarray,
        periodic: tuple[bool, bool, bool],
    ) -> None:
        self.shape, self.sites = shape, len(basis)
        self.padded: Any = tuple(map(_length, shape, periodic, (False, False, True)))
        self.tensors = self._transformed(vectors, basis, periodic)

    def _transformed(self, vectors: np.ndarray, basis: np.ndarray, periodic: tuple[bool, ...]) -> np.ndarray:
        """Return the spectra of N, shape (b, b, 6, Py, Px Kz): by blocks of rows of the second axis."""
        from scipy import fft

        cells, used = _offsets(self.shape, self.padded, periodic)
        images = (vectors * np.array(self.shape)[:, None])[list(periodic)]
        nx, ny, nz = self.padded
        kz = nz // 2 + 1
        result = np.empty((self.sites, self.sites, 6, ny, nx * kz), float if self.sites == 1 else complex)
        for a, b in itertools.product(range(self.sites), repeat=2):
            tensors = np.zeros((6, *self.padded))
            tensors[:, used] = dipole_tensors((cells[used] + basis[a] - basis[b]) @ vectors, images).T
            for six in range(6):
                wave: Any = fft.rfftn(tensors[six])
                spectrum = wave.transpose(1, 0, 2).reshape(ny, nx * kz)
                result[a, b, six] = spectrum.real if self.sites == 1 else spectrum
        return result

    def fields(self, moments: np.ndarray) -> np.ndarray:
        """Return B, shape (n, 3), T, at the sites of moments, shape (n, 3), A m^2, of all others."""
        nx, ny, nz = self.shape
        px, py, pz = self.padded
        kz = pz // 2 + 1
        parts = np.ascontiguousarray(moments.reshape(nx, ny, nz, 3 * self.sites).transpose(3, 0, 1, 2))
        spectra = np.empty((3 * self.sites, py, nx, kz), complex)
        out = np.empty(parts.shape)
        planes = max(1, _BLOCK // (py * kz))
        parallel_for(functools.partial(self._forward, parts, spectra, planes), nx, planes)
        parallel_for(functools.partial(self._multiply, spectra), py, max(1, _BLOCK // (px * kz)))
        parallel_for(functools.partial(self._backward, spectra, out, planes), nx, planes)
        return out.transpose(1, 2, 3, 0).reshape(-1, 3)

    def _forward(self, parts: np.ndarray, spectra: np.ndarray, step: int, first: int, last: int) -> None:
        from scipy import fft

        for low in range(first, last, step):
            high = min(low + step, last)
            rows: Any = fft.rfft(parts[:, low:high], self.padded[2], axis=-1)
            waves: Any = fft.fft(rows, self.padded[1], axis=-2, overwrite_x=True)
            spectra[:, :, low:high] = waves.transpose(0, 2, 1, 3)

    def _multiply(self, spectra: np.ndarray, first: int, last: int) -> None:
        from scipy import fft

        nx, kz = self.shape[0], spectra.shape[-1]
        step = max(1, _BLOCK // (self.padded[0] * kz))
        for low in range(first, last, step):
            high = min(low + step, last)
            waves: Any = fft.fft(spectra[:, low:high], self.padded[0], axis=2, overwrite_x=True)
            moments = waves.reshape(self.sites, 3, high - low, -1)
            products = moments if self.sites == 1 else np.zeros_like(moments)
            apply_tensors(moments, self.tensors, low, products)
            back: Any = fft.ifft(products.reshape(waves.shape), axis=2, overwrite_x=True)
            spectra[:, low:high] = back[:, :, :nx]

    def _backward(self, spectra: np.ndarray, out: np.ndarray, step: int, first: int, last: int) -> None:
        from scipy import fft

        _, ny, nz = self.shape
        for low in range(first, last, step):
            high = min(low + step, last)
            waves: Any = fft.ifft(spectra[:, :, low:high], axis=1)
            rows: Any = fft.irfft(waves[:, :ny], self.padded[2], axis=-1)
            out[:, low:high] = rows[..., :nz].transpose(0, 2, 1, 3)


def _length(count: int, periodic: bool, real: bool) -> Any:
    """Return the length of a transform: room for all differences, or just a period."""
    from scipy import fft

    return count if periodic or count == 1 else fft.next_fast_len(2 * count - 1, real)


def _offsets(shape, padded, periodic) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells between target and source at each place of a padded grid, and whether there are such."""
    axes, used = [], []
    for n, p, wraps in zip(shape, padded, periodic, strict=True):
        index = np.arange(p)
        axes.append(np.where(index < n, index, index - p))
        used.append((index < n) | (index > p - n) | wraps)
    cells = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    return cells, np.logical_and.reduce(np.meshgrid(*used, indexing="ij"))


def dipole_tensors(offsets: np.ndarray, images: np.ndarray) -> np.ndarray:
    """Return N with B = N m at the offsets, shape (n, 6), T/(A m^2), summed over images; at the dipole itself, 0.

    Parameters
    ----------
    offsets : ndarray, shape (n, 3)
        From the dipole to the point, m.
    images : ndarray, shape (0, 3), (2, 3) or (3, 3)
        The periodic directions, m.
    """
    # In units of the problem's own length, so that no power overflows.
    length = float(np.max(np.linalg.norm(np.vstack([offsets, images]), axis=1))) or 1.0
    r = offsets / length
    if len(images):
        return MU0_4PI / length**3 * periodic_tensors(r, images / length)
    r2 = np.einsum("ij,ij->i", r, r)
    own = r2 == 0.0
    r2[own] = 1.0
    w5 = 1.0 / (r2 * r2 * np.sqrt(r2))
    result = np.stack([3.0 * r[:, i] * r[:, j] * w5 - (i == j) * r2 * w5 for i, j in SIX], axis=-1)
    result[own] = 0.0
    return MU0_4PI / length**3 * result
