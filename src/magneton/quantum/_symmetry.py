"""Which part of the sphere of directions is enough for a powder, found from the levels themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: Rounding of energies and intensities, relative to the largest.
_SAME = 1e-9
#: Fields, in units of the splitting over the moment, and directions at which symmetry is looked at; any would do.
_STRENGTHS = np.array([0.37, 0.91, 2.3])
_PLACES = np.array([[0.36, 0.48, 0.8], [0.59, -0.31, 0.745], [-0.27, 0.83, -0.489]])


class Patch(NamedTuple):
    """Directions of polar angles 0 to `polar` and azimuths 0 to `azimuth` about the rows of `frame`."""

    frame: np.ndarray
    polar: float
    azimuth: float


def patch(h0: np.ndarray, m: np.ndarray) -> Patch:
    """Return the directions whose resonances stand for those of all.

    Mirror planes and rotations are looked for in the principal frame of the couplings, and taken if energies and
    intensities in some fields of no symmetry agree to rounding with those in their images.

    Parameters
    ----------
    h0 : ndarray, shape (n, n)
        In K.
    m : ndarray, shape (3, n, n)
        In K/T.
    """
    scale = np.abs(np.linalg.eigvalsh(h0)).max() / max(
        np.abs(np.linalg.eigvalsh(m)).max(), np.finfo(float).tiny
    )
    places = (_STRENGTHS * (scale or 1.0))[:, None] * _PLACES

    def same(image: np.ndarray) -> bool:
        return _agree(_signature(h0, m, places), _signature(h0, m, places @ image.T))

    for frame in _frames(h0, m):
        turn, angle = np.eye(3), 1.234
        turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        mirrors = [frame.T @ np.diag(signs) @ frame for signs in ([-1, 1, 1], [1, -1, 1], [1, 1, -1])]
        if same(frame.T @ turn @ frame):
            return Patch(frame, np.pi * (0.5 if same(mirrors[2]) else 1.0), 0.0)
        kept = [same(mirror) for mirror in mirrors]
        if all(kept):
            return Patch(frame, 0.5 * np.pi, 0.5 * np.pi)
    return Patch(np.eye(3), 0.5 * np.pi if same(-np.eye(3)) else np.pi, 2.0 * np.pi)


def _frames(h0: np.ndarray, m: np.ndarray) -> list[np.ndarray]:
    """Return frames, rows, that are principal if any is; each axis of each takes its turn as the polar one."""
    energy = h0 - np.trace(h0) / len(h0) * np.eye(len(h0))
    total = np.zeros((3, 3))
    for left, right, factor in ((m, m, 1.0), (energy @ m, m, 0.7), (energy @ m, m @ energy, 0.3)):
        tensor = np.einsum("iab,jba->ij", left, right).real
        total += factor * (tensor + tensor.T) / (np.linalg.norm(left) * np.linalg.norm(right) or 1.0)
    # Axes that are the frame's already are kept as they are: rounding of degenerate ones would turn them.
    own = np.abs(total - np.diag(np.diag(total))).max() <= 1e-12 * np.abs(total).max()
    principal = np.eye(3) if own else np.linalg.eigh(total)[1].T
    return [np.roll(principal, -shift, axis=0) for shift in (0, 1, 2)]


def _signature(h0: np.ndarray, m: np.ndarray, B: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return energies and perpendicular intensities, in fields (k, 3)."""
    energies, states = np.linalg.eigh(h0 - np.einsum("kx,xij->kij", B, m))
    states = states[:, None]
    elements = np.conj(np.swapaxes(states, -1, -2)) @ (m @ states)
    axes = B / np.linalg.norm(B, axis=1, keepdims=True)
    along = np.abs(np.einsum("kx,kxij->kij", axes, elements)) ** 2
    return energies, (np.abs(elements) ** 2).sum(axis=1) - along


def _agree(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> bool:
    return all(np.abs(a - b).max() <= _SAME * np.abs(a).max() for a, b in zip(one, other, strict=True))
