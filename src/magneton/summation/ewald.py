"""Dipole tensors of periodic lattices by Ewald's sums, in two or three periodic directions.

The potential of images of a unit charge at all lattice vectors R, sum of 1/|r + R|, is split into a part that decays
as erfc(eta r)/r and a smooth one that is summed over reciprocal vectors k [Ewald1921]_; its second derivatives
are the tensors of dipoles. In two periodic directions the smooth part is, with A the area of a cell, z the height
and F = e^(kz) erfc(k/(2 eta) + eta z) + e^(-kz) erfc(k/(2 eta) - eta z) [Parry1975]_:

    pi/A sum over k != 0 of cos(k.r) F/k - 2 pi/A [z erf(eta z) + exp(-eta^2 z^2)/(eta sqrt(pi))].

In three, the term k = 0 is left out: no demagnetizing field, as in a ring or a long needle.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

#: Rows and columns of the six components of a symmetric tensor.
SIX = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))
# Where a Gaussian of this argument falls below the rounding of a double.
_CUT = 6.3
_CHUNK = 2_000_000


def periodic_tensors(offsets: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return sums over R of the second derivatives of 1/|r + R|, without the term at r + R = 0.

    Parameters
    ----------
    offsets : ndarray, shape (n, 3)
        r.
    cell : ndarray, shape (2, 3) or (3, 3)
        The periodic directions: R = whole numbers times these.

    Returns
    -------
    ndarray, shape (n, 6)
        Components xx, yy, zz, xy, xz, yz, relative errors of about 1e-15 of the largest.
    """
    eta = math.sqrt(math.pi) / _volume(cell) ** (1.0 / len(cell))
    near = offsets - np.rint(offsets @ np.linalg.pinv(cell)) @ cell
    smooth = _smooth_3d if len(cell) == 3 else _smooth_2d
    images = _vectors_within(cell, _CUT / eta + 0.5 * float(np.linalg.norm(cell, axis=1).sum()))
    waves = _vectors_within(2.0 * math.pi * np.linalg.pinv(cell).T, 2.0 * eta * _CUT)
    waves = waves[np.einsum("ij,ij->i", waves, waves) > 0.0]
    step = max(1, _CHUNK // (len(images) + len(waves)))
    parts = [near[i : i + step] for i in range(0, len(near), step)]
    return np.concatenate([_sharp(r, images, eta) + smooth(r, waves, cell, eta) for r in parts])


def _volume(cell: np.ndarray) -> float:
    """Return the area or volume that rows span."""
    return math.sqrt(np.linalg.det(cell @ cell.T))


def _vectors_within(cell: np.ndarray, radius: float) -> np.ndarray:
    """Return all whole-number combinations of rows not longer than the radius."""
    reach = np.floor(radius * np.linalg.norm(np.linalg.pinv(cell), axis=0)).astype(int)
    counts = np.array(list(itertools.product(*(range(-n, n + 1) for n in reach))))
    vectors = counts @ cell
    return vectors[np.einsum("ij,ij->i", vectors, vectors) <= radius * radius]


def _six(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the symmetric products of vectors a and b, shape (..., 6)."""
    return np.stack([0.5 * (a[..., i] * b[..., j] + a[..., j] * b[..., i]) for i, j in SIX], axis=-1)


_UNIT = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])


def _sharp(r: np.ndarray, images: np.ndarray, eta: float) -> np.ndarray:
    """Return the derivatives of sum erfc(eta d)/d; at d = 0, of -erf(eta d)/d."""
    from scipy.special import erfc

    d = r[:, None] + images
    d2 = np.einsum("...i,...i", d, d)
    own = d2 == 0.0
    d2[own] = 1.0
    inverse2, length = 1.0 / d2, np.sqrt(d2)
    gauss = 2.0 * eta / math.sqrt(math.pi) * np.exp(-eta * eta * d2) * inverse2
    isotropic = erfc(eta * length) * inverse2 / length + gauss
    radial = (3.0 * isotropic + 2.0 * eta * eta * gauss * d2) * inverse2
    isotropic[own] = -4.0 * eta**3 / (3.0 * math.sqrt(math.pi))
    radial[own] = 0.0
    pairs = np.stack([np.einsum("nk,nk,nk->n", radial, d[..., i], d[..., j]) for i, j in SIX], axis=-1)
    return pairs - isotropic.sum(axis=1)[:, None] * _UNIT


def _smooth_3d(r: np.ndarray, waves: np.ndarray, cell: np.ndarray, eta: float) -> np.ndarray:
    k2 = np.einsum("ij,ij->i", waves, waves)
    weights = -4.0 * math.pi / _volume(cell) * np.exp(-k2 / (4.0 * eta * eta)) / k2
    return np.cos(r @ waves.T) @ (weights[:, None] * _six(waves, waves))


def _smooth_2d(r: np.ndarray, waves: np.ndarray, cell: np.ndarray, eta: float) -> np.ndarray:
    normal = np.cross(cell[0], cell[1])
    normal /= np.linalg.norm(normal)
    z = (r @ normal)[:, None]
    k = np.linalg.norm(waves, axis=1)
    upward, downward = _decaying(k, z, eta), _decaying(k, -z, eta)
    gauss = np.exp(-((0.5 * k / eta) ** 2) - (eta * z) ** 2)
    phase, both = r @ waves.T, upward + downward
    along = -(np.cos(phase) * both) @ (_six(waves, waves) / k[:, None])
    across = -(np.sin(phase) * (upward - downward)) @ (2.0 * _six(waves, normal[None]))
    bend = (np.cos(phase) * (k * both - 4.0 * eta / math.sqrt(math.pi) * gauss)).sum(axis=1)
    flat = -4.0 * eta / math.sqrt(math.pi) * np.exp(-((eta * z[:, 0]) ** 2))
    return math.pi / _volume(cell) * (along + across + (bend + flat)[:, None] * _six(normal, normal))


def _decaying(k: np.ndarray, z: np.ndarray, eta: float) -> np.ndarray:
    """Return e^(kz) erfc(k/(2 eta) + eta z) without overflow."""
    from scipy.special import erfc, erfcx

    a = 0.5 * k / eta + eta * z
    small = np.exp(np.minimum(k * z, 0.0)) * erfc(a)
    large = np.exp(-((0.5 * k / eta) ** 2) - (eta * z) ** 2) * erfcx(np.maximum(a, 0.0))
    return np.where(a > 0.0, large, small)
