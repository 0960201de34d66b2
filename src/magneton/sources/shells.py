"""The shells of a closed mesh: an outermost one is turned outward, one inside it bounds a cavity, and so on."""

from __future__ import annotations

import numpy as np

#: So many faces of a shell are looked at to see whether it lies inside another.
_MOST_PROBES = 64
#: A point this near to a face or an edge, in angles, counts as on it.
_TOUCH = 1e-6


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
    """Return how often a shell winds around a point, from the solid angles of its faces; nan on or next to one."""
    a, b, c = (corners[:, k] - point for k in range(3))
    la, lb, lc = (np.linalg.norm(v, axis=1) for v in (a, b, c))
    triple = np.sum(np.cross(a, b) * c, axis=1)
    product = la * lb * lc
    below = product + np.sum(a * b, axis=1) * lc + np.sum(b * c, axis=1) * la + np.sum(c * a, axis=1) * lb
    half_angles = np.arctan2(triple, below)
    on_a_face = np.abs(half_angles) >= np.pi - _TOUCH
    on_an_edge = np.hypot(triple, below) <= _TOUCH * product
    return np.nan if np.any(on_a_face | on_an_edge) else float(np.sum(half_angles)) / (2.0 * np.pi)


def _contains(outer: np.ndarray, inner: np.ndarray) -> bool:
    """Return whether one shell lies inside another, by the middles of its faces; both have shape (m, 3, 3).

    A middle where the shells touch tells nothing.
    """
    low, high = outer.min(axis=(0, 1)), outer.max(axis=(0, 1))
    if np.any(inner.min(axis=(0, 1)) > high) or np.any(inner.max(axis=(0, 1)) < low):
        return False
    middles = inner.mean(axis=1)
    boxed = np.flatnonzero(np.all((middles >= low) & (middles <= high), axis=1))
    chosen = boxed[:: -(-len(boxed) // _MOST_PROBES)] if len(boxed) else boxed
    turns = [abs(_turns(outer, middles[k])) for k in chosen]
    found = {turn > 0.5 for turn in turns if turn == turn} | ({False} if len(boxed) < len(inner) else set())
    if len(found) > 1:
        raise ValueError(
            "shells must not cut each other, but some faces of one lie inside another and some outside; the one has "
            f"a corner at {inner[0, 0].tolist()} m, the other at {outer[0, 0].tolist()} m"
        )
    if not found:
        raise ValueError(f"shells must not coincide, but two with a corner at {inner[0, 0].tolist()} m do")
    return found.pop()


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
        If a shell encloses no volume, or two of them are seen to coincide or to cut each other.
    """
    shells = _shells(faces)
    corners = [vertices[faces[shell]] for shell in shells]
    volumes = [_volume(c) for c in corners]
    result = faces.copy()
    for k, shell in enumerate(shells):
        if volumes[k] == 0.0:
            raise ValueError("the surface must enclose a volume, got 0 m^3")
        inside = [_contains(c, corners[k]) for i, c in enumerate(corners) if i != k]
        if (volumes[k] > 0.0) == bool(sum(inside) % 2):
            result[shell] = faces[shell][:, ::-1]
    return result
