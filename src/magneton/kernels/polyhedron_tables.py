"""The parameters of `magneton.kernels.polyhedron`, from the corners and faces of a closed surface.

Header: how many faces, edges and corners; SLENDER; centroid (3), extent, (REACH in extents) squared, M (3), Y M (3),
(1 - Y) M (3), Y (6). Each face: its corners' numbers (3), normal times twice the area (3), squared lengths of its
edges (3), P M (3), P (6), n n.(r_f - centroid) (3). Each edge: its corners' numbers (2), length, t (3), G M (3),
g (3), G (6). Each corner: position (3), U (xx, xy, xz, yy, yz). Then re, im of the multipoles q and chi. Symmetric
tensors are xx, xy, xz, yy, yz, zz. Edges between faces of one plane are left out: they do nothing.

The tensors are differences of nearly equal ones on thin bodies, where the sums of the field need them right to
rounding. So they are formed in decimal numbers of 40 digits, exactly from the floats.
"""

from __future__ import annotations

import dataclasses
import decimal
import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.kernels.polyhedron_far import magnet_multipoles, volume_moments

_DIGITS = 40
#: Tensors below this are those of faces in one plane.
_FLAT = 1e-30
#: Beyond this many extents from the centroid the multipoles hold to rounding: see `magneton.kernels.multipole`.
REACH = 6.0
#: Powers of the length that the parts of a `Shape` have.
_POWERS = {
    "volume": 3,
    "extent": 1,
    "vertices": 1,
    "centroid": 1,
    "areas": 2,
    "squares": 2,
    "heights": 1,
    "lengths": 1,
}
#: The closed forms lose the square of the distance in widths, the middle one of three, of some units of rounding.
_WIDTHS = 12.0
_ROWS, _COLUMNS = np.triu_indices(3)
_FULL = np.array([[0, 1, 2], [1, 3, 4], [2, 4, 5]])


def _decimals(array: np.ndarray) -> np.ndarray:
    flat = [decimal.Decimal(x) for x in np.asarray(array, dtype=float).ravel().tolist()]
    return np.array(flat, dtype=object).reshape(np.shape(array))


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    ax, ay, az = np.moveaxis(a, -1, 0)
    bx, by, bz = np.moveaxis(b, -1, 0)
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.sum(a * b, axis=-1)


def _outer(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the upper triangle of a b^T."""
    return a[..., _ROWS] * b[..., _COLUMNS]


def _floats(array: Any) -> np.ndarray:
    return np.asarray(array, dtype=np.float64)


def times(tensors: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return T v for symmetric tensors of shape (..., 6)."""
    return tensors[..., _FULL] @ vector


@dataclass(frozen=True)
class Shape:
    """A polyhedron without its magnetization; lengths in metre, in the body's own frame.

    Attributes
    ----------
    volume, extent : float
        The volume; the radius of a sphere about the centroid.
    vertices, centroid, faces, edges : ndarray
        Corners (n, 3), their centre of volume, and the corners' numbers of faces (m, 3) and edges (k, 2).
    areas, squares : ndarray, shape (m, 3)
        Normal times twice the area, squared lengths of the edges.
    heights, face_tensors : ndarray, shape (m, 3), (m, 6)
        n n.(r_f - centroid), and P.
    lengths, directions, edge_tensors, edge_jumps : ndarray, shape (k,), (k, 3), (k, 6), (k, 6)
        Of the edges: l, t, G, and n_1 n_1^T - n_2 n_2^T.
    mean, rest : ndarray, shape (6,)
        Y and 1 - Y.
    """

    volume: float
    extent: float
    vertices: np.ndarray
    centroid: np.ndarray
    faces: np.ndarray
    edges: np.ndarray
    areas: np.ndarray
    squares: np.ndarray
    heights: np.ndarray
    face_tensors: np.ndarray
    lengths: np.ndarray
    directions: np.ndarray
    edge_tensors: np.ndarray
    edge_jumps: np.ndarray
    mean: np.ndarray
    rest: np.ndarray

    @functools.cached_property
    def moments(self) -> np.ndarray:
        """The moments of the volume, in extents."""
        corners = (self.vertices - self.centroid)[self.faces] / self.extent
        cones = 0.5 * _dot(self.heights, self.areas) / self.extent**3
        return volume_moments(corners, cones)


def paired_edges(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges, shape (k, 2), and the two faces of each, the first running along it, the second against."""
    ends = np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2)
    owner = np.repeat(np.arange(len(faces)), 3)
    along = ends[:, 0] < ends[:, 1]
    first = np.lexsort(ends[along].T)
    second = np.lexsort(ends[~along, ::-1].T)
    return ends[along][first], np.stack([owner[along][first], owner[~along][second]], axis=-1)


def is_degenerate(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Return which faces have no area."""
    with decimal.localcontext(decimal.Context(prec=_DIGITS)):
        exact = _decimals(vertices)
        a, b, c = (exact[faces[:, k]] for k in range(3))
        areas = _cross(b - a, c - a)
        # In line but for the rounding of decimals.
        bound = decimal.Decimal(10) ** (10 - _DIGITS)
        longest = np.maximum(_dot(b - a, b - a), _dot(c - a, c - a))
        return np.array(_dot(areas, areas) <= (bound * longest) ** 2, dtype=bool)


def polyhedron_shape(vertices: np.ndarray, faces: np.ndarray) -> Shape:
    """Return the shape of a closed surface of triangles turned alike, inward or outward; `Shape.faces` look outward.

    If it encloses no volume, its centroid is nan.
    """
    # In units of a power of two, lest a decimal digit tell metres from kilometres.
    unit = 2.0 ** (np.frexp(np.max(np.abs(vertices)))[1] - 1.0)
    with decimal.localcontext(decimal.Context(prec=_DIGITS)):
        shape = _shape(vertices / unit, faces)
        if shape.volume < 0.0:
            shape = _shape(vertices / unit, faces[:, ::-1])
    scaled = {name: getattr(shape, name) * unit**power for name, power in _POWERS.items()}
    return dataclasses.replace(shape, **scaled)


def _shape(vertices: np.ndarray, faces: np.ndarray) -> Shape:
    exact = _decimals(vertices)
    a, b, c = (exact[faces[:, k]] for k in range(3))
    areas = _cross(b - a, c - a)
    sizes = np.sqrt(_dot(areas, areas))
    normals = areas / sizes[:, None]
    volume, centroid = _volume(exact[faces[0, 0]], a, b, c)
    heights = normals * _dot(normals, a - _decimals(centroid))[:, None]
    squared = _outer(normals, normals)
    mean = np.sum(sizes[:, None] * squared, axis=0) / np.sum(sizes)
    rest = _decimals(np.eye(3))[_ROWS, _COLUMNS] - mean
    edges, pairs = paired_edges(faces)
    steps = exact[edges[:, 1]] - exact[edges[:, 0]]
    lengths = np.sqrt(_dot(steps, steps))
    directions = steps / lengths[:, None]
    n1, n2 = normals[pairs[:, 0]], normals[pairs[:, 1]]
    tensors = _floats(_outer(n1, _cross(directions, n1)) - _outer(n2, _cross(directions, n2)))
    jumps = _floats(squared[pairs[:, 0]] - squared[pairs[:, 1]])
    kept = np.max(np.abs(tensors), axis=1) + np.max(np.abs(jumps), axis=1) > _FLAT
    return Shape(
        volume=volume,
        extent=float(np.max(np.linalg.norm(vertices - centroid, axis=1))),
        vertices=vertices,
        centroid=centroid,
        faces=faces,
        edges=edges[kept],
        areas=_floats(areas),
        squares=_floats(np.stack([_dot(b - a, b - a), _dot(c - b, c - b), _dot(a - c, a - c)], axis=-1)),
        heights=_floats(heights),
        face_tensors=_floats(squared - mean),
        lengths=_floats(lengths)[kept],
        directions=_floats(directions)[kept],
        edge_tensors=tensors[kept],
        edge_jumps=jumps[kept],
        mean=_floats(mean),
        rest=_floats(rest),
    )


def _volume(apex: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> tuple[float, np.ndarray]:
    """Return volume and centroid of the surface, from the tetrahedra between its faces and `apex`."""
    a, b, c = a - apex, b - apex, c - apex
    parts = _dot(a, _cross(b, c))
    total = np.sum(parts)
    if total == 0:
        return 0.0, np.full(3, np.nan)
    centroid = apex + np.sum(parts[:, None] * (a + b + c), axis=0) / (4 * total)
    return float(total / 6), _floats(centroid)


def _slender(shape: Shape) -> float:
    """Return the distance from the edges beyond which the closed forms lose too much."""
    widths = np.linalg.svd(shape.vertices - shape.centroid, compute_uv=False) / np.sqrt(len(shape.vertices))
    distance = _WIDTHS * widths[1]
    # The cones of a body that is no star lie outside it in part, though not outside this sphere.
    star = np.all(_dot(shape.heights, shape.areas) > 0.0)
    return float(distance if star else max(distance, 2.5 * shape.extent))


def polyhedron_parameters(shape: Shape, magnetization: np.ndarray) -> np.ndarray:
    """Return the flat parameters of `polyhedron_field`; M in A/m, in the body's own frame."""
    turned = times(shape.edge_tensors, magnetization)
    header = [
        len(shape.faces),
        len(shape.edges),
        len(shape.vertices),
        _slender(shape),
        *shape.centroid,
        shape.extent,
    ]
    inner = [times(shape.mean, magnetization), times(shape.rest, magnetization), shape.mean]
    of_faces = [shape.faces, shape.areas, shape.squares, times(shape.face_tensors, magnetization)]
    of_edges = [shape.edges, shape.lengths[:, None], shape.directions, turned]
    leaving = _outer(turned, shape.directions)[:, :5]
    corners = np.zeros((len(shape.vertices), 5))
    np.add.at(corners, shape.edges[:, 0], leaving)
    np.add.at(corners, shape.edges[:, 1], -leaving)
    multipoles = magnet_multipoles(shape.moments, magnetization)
    return np.concatenate(
        [
            [*header, REACH**2, *magnetization, *np.concatenate(inner)],
            np.hstack([*of_faces, shape.face_tensors, shape.heights]).ravel(),
            np.hstack([*of_edges, times(shape.edge_jumps, magnetization), shape.edge_tensors]).ravel(),
            np.hstack([shape.vertices, corners]).ravel(),
            multipoles.view(float).ravel(),
        ]
    )
