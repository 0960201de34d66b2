"""The shells of a closed mesh: an outermost one is turned outward, one inside it bounds a cavity, and so on."""

from __future__ import annotations

import numpy as np


def _shells(faces: np.ndarray) -> list[np.ndarray]:
    """Return the numbers of the faces of each part that hangs together by edges."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = np.sort(np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    _, edge = np.unique(ends, axis=0, return_inverse=True)
    face = np.repeat(np.arange(len(faces)), 3)
    order = np.argsort(edge.reshape(-1), kind="stable")  # the two faces of an edge lie side by side
    one, two = face[order][0::2], face[order][1::2]
    graph = coo_array((np.ones(len(one)), (one, two)), shape=(len(faces), len(faces)))
    count, label = connected_components(graph, directed=False)
    return [np.flatnonzero(label == k) for k in range(count)]


def _volume(corners: np.ndarray) -> float:
    """Return the volume within a shell, negative if it is turned inward; `corners` has shape (m, 3, 3)."""
    a, b, c = (corners[:, k] - corners[0, 0] for k in range(3))
    return float(np.sum(np.cross(a, b) * c)) / 6.0


def _turns(corners: np.ndarray, point: np.ndarray) -> float:
    """Return how often a shell winds around a point, from the solid angles of its faces."""
    a, b, c = (corners[:, k] - point for k in range(3))
    la, lb, lc = (np.linalg.norm(v, axis=1) for v in (a, b, c))
    triple = np.sum(np.cross(a, b) * c, axis=1)
    below = (
        la * lb * lc + np.sum(a * b, axis=1) * lc + np.sum(b * c, axis=1) * la + np.sum(c * a, axis=1) * lb
    )
    return float(np.sum(np.arctan2(triple, below))) / (2.0 * np.pi)


def oriented(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Return the faces of a closed mesh with every shell turned as its place asks.

    Parameters
    ----------
    vertices : ndarray, shape (n, 3), metre
        The corners.
    faces : ndarray of int, shape (m, 3)
        Closed, and turned alike within each shell.

    Raises
    ------
    ValueError
        If a shell encloses no volume.
    """
    shells = _shells(faces)
    corners = [vertices[faces[shell]] for shell in shells]
    volumes = [_volume(c) for c in corners]
    result = faces.copy()
    for k, shell in enumerate(shells):
        if volumes[k] == 0.0:
            raise ValueError("the surface must enclose a volume, got 0 m^3")
        inside = [abs(_turns(c, corners[k][0].mean(axis=0))) > 0.5 for i, c in enumerate(corners) if i != k]
        if (volumes[k] > 0.0) == bool(sum(inside) % 2):
            result[shell] = faces[shell][:, ::-1]
    return result
