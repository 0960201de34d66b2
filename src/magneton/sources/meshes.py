"""What a mesh of triangles must be: faces that number its corners, each once, and a surface that is closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from magneton import _check
from magneton.kernels.polyhedron_tables import is_degenerate


def read_stl(path: Any) -> Any:
    """Return what trimesh makes of an STL file that has triangles."""
    try:
        import trimesh
    except ImportError as error:
        raise ImportError("reading STL files needs trimesh: pip install 'magneton[mesh]'") from error
    try:
        there = Path(path).is_file()
    except TypeError:
        raise ValueError(f"path must be the path of an STL file, got {_check.shown(path)}") from None
    if not there:
        raise ValueError(f"path must be an STL file, but there is no file {path}")
    try:
        mesh = trimesh.load_mesh(str(path), file_type="stl", process=False)
        count = len(mesh.faces)
    except Exception as error:  # whatever a reader of broken files raises
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"path must be an STL file, but {path} cannot be read as one: {reason}") from None
    if not count:
        raise ValueError(f"path must be an STL file with triangles, but {path} has none")
    return mesh


def repeats(faces: np.ndarray) -> np.ndarray:
    """Return which faces have a corner twice."""
    return np.any(faces == np.roll(faces, 1, axis=1), axis=1)


def checked_faces(value: Any, vertices: np.ndarray, degenerate: bool = False) -> np.ndarray:
    """Return the faces as integers, each with an area unless `degenerate`."""
    faces = _check.whole_numbers("faces", value, "whole numbers of shape (m, 3)")
    if faces.ndim != 2 or faces.shape[1] != 3:
        raise ValueError(f"faces must be whole numbers of shape (m, 3), got shape {faces.shape}")
    if len(faces) < 4:
        raise ValueError(f"faces must be at least 4, got {len(faces)}")
    if faces.min() < 0 or faces.max() >= len(vertices):
        wrong = faces.min() if faces.min() < 0 else faces.max()
        raise ValueError(f"faces must number vertices from 0 to {len(vertices) - 1}, got {wrong}")
    if not degenerate:
        bad = np.flatnonzero(repeats(faces) | is_degenerate(vertices, faces))
        if len(bad):
            raise ValueError(
                f"each face must have an area, but faces[{bad[0]}] = {faces[bad[0]].tolist()} has none"
            )
    return faces


def require_different(faces: np.ndarray) -> None:
    """Require no two faces to have the same three corners."""
    _, first, which = np.unique(np.sort(faces, axis=1), axis=0, return_index=True, return_inverse=True)
    again = np.flatnonzero(first[which.reshape(-1)] != np.arange(len(faces)))
    if len(again):
        k = again[0]
        raise ValueError(
            f"faces must differ, but faces[{first[which.reshape(-1)[k]]}] and faces[{k}] have the same corners, "
            f"{np.sort(faces[k]).tolist()}"
        )


def require_closed(faces: np.ndarray) -> None:
    """Require each edge to have two faces that run along it in opposite directions."""
    ends = np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2)
    edges, which, counts = np.unique(np.sort(ends, axis=1), axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(-1)

    def named(k: int) -> str:
        return f"between vertices {edges[k, 0]} and {edges[k, 1]}"

    if np.any(counts == 1):
        first = np.flatnonzero(counts == 1)
        many = f"{len(first)} open edges, one" if len(first) > 1 else "1 open edge,"
        raise ValueError(f"the surface must be closed, but has {many} {named(first[0])}")
    if np.any(counts > 2):
        worst = np.flatnonzero(counts > 2)[0]
        raise ValueError(f"each edge must have two faces, but the one {named(worst)} has {counts[worst]}")
    turns = np.zeros(len(edges))
    np.add.at(turns, which, np.where(ends[:, 0] < ends[:, 1], 1.0, -1.0))
    if np.any(turns):
        wrong = np.flatnonzero(turns)[0]
        pair = np.flatnonzero(which == wrong) // 3
        raise ValueError(
            f"faces must be turned alike, but faces[{pair[0]}] and faces[{pair[1]}] run the edge {named(wrong)} in "
            "the same direction"
        )
