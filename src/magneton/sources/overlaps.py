"""Voxels that are there twice, or overlap: found where that is exact and cheap."""

from __future__ import annotations

import numpy as np

from magneton.sources.lattice import Lattice

#: Boxes may overlap by this part of an edge: coordinates in files are rounded.
_ROUNDED = 0.01
#: A box of a lattice with more places than this for each voxel is not counted through.
_SPARSE = 8


def require_apart(points: np.ndarray, edges: np.ndarray, lattice: Lattice | None, exact: bool) -> None:
    """Raise a ValueError if two voxels have the same centre, or overlap.

    Parameters
    ----------
    points, edges : ndarray, shape (n, 3), metre
        Centres and edges of the voxels.
    lattice : Lattice or None
        That the points form.
    exact : bool
        Whether all edges are equal and those of the body, not of cubes that stand for cells of another shape: only
        then is an overlap an error.
    """
    if len(points) == 1:
        return
    if lattice is not None and not (exact and np.any(edges[0] > (1.0 + _ROUNDED) * lattice.spacing)):
        pair = _same_place(lattice)
        if pair is not None:
            _refuse_same(points, *pair)
        return
    from scipy.spatial import KDTree  # takes long to import, and few need it

    scaled = points / edges[0]
    found = KDTree(scaled).query(scaled, k=2, p=np.inf)
    distances, numbers = np.asarray(found[0]), np.asarray(found[1])
    nearest = int(np.argmin(distances[:, 1]))
    i, j = sorted(map(int, numbers[nearest]))
    if distances[nearest, 1] == 0.0:
        _refuse_same(points, i, j)
    if exact and distances[nearest, 1] < 1.0 - _ROUNDED:
        apart = np.abs(points[i] - points[j])
        raise ValueError(
            f"points must lie so far apart that voxels do not overlap, got {i} and {j} with centres {_text(apart)} m "
            f"apart and edges of {_text(edges[0])} m"
        )


def _same_place(lattice: Lattice) -> tuple[int, int] | None:
    """Return two points on one place of a lattice, or None."""
    indices = lattice.indices
    counts = indices.max(axis=0) + 1
    if float(np.prod(counts.astype(np.float64))) <= _SPARSE * len(indices):
        flat = np.asarray(np.ravel_multi_index(tuple(indices.T), tuple(counts)))
        if np.bincount(flat).max() == 1:
            return None
    else:
        _, inverse = np.unique(indices, axis=0, return_inverse=True)
        flat = inverse.reshape(-1)
    order = np.argsort(flat, kind="stable")
    again = np.flatnonzero(np.diff(flat[order]) == 0)
    return (int(order[again[0]]), int(order[again[0] + 1])) if len(again) else None


def _refuse_same(points: np.ndarray, i: int, j: int) -> None:
    raise ValueError(f"points must differ, got {i} and {j} both at {points[j].tolist()}")


def _text(vector: np.ndarray) -> str:
    return "(" + ", ".join(f"{x:g}" for x in vector) + ")"
