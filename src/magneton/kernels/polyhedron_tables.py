"""The parameters of `magneton.kernels.polyhedron`, from the corners and faces of a closed surface.

Header: how many faces, edges and corners; centroid (3), extent, (REACH in extents) squared, M (3), Y M (3),
(1 - Y) M (3), Y (6, 6), NOISE (3). Each face: its corners' numbers (3), normal times twice the area (3), squared
lengths of its edges (3), P M (3), P (6), n n.(r_f - centroid) (3), and what is left of these two (6, 3). Each edge:
its corners' numbers (2), length, t (3), G M (3), g (3), G (6, 6). Each corner: position (3), U (xx, xy, xz, yy, yz)
and the sum of its terms' sizes. Then re, im of the multipoles q and chi. Symmetric tensors are xx, xy, xz, yy, yz, zz;
those with (6, 6) numbers are double-doubles, the high parts first. Edges between faces of one plane are left out: they
do nothing.

The tensors are differences of nearly equal ones on thin bodies, where the sums of the field need them right to
rounding, and to twice the digits where those cancel. So they are formed in decimal numbers of 40 digits, exactly from
the floats.
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
    "height_rests": 1,
    "lengths": 1,
}
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


def _pair(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the high and the low parts of decimals."""
    high = _floats(array)
    return high, _floats(array - _decimals(high))


def _halves(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x as a sum of two floats of 26 bits."""
    high = (2.0**27 + 1.0) * x
    high = high - (high - x)
    return high, x - high


def times(tensors: np.ndarray, rests: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return T v for symmetric tensors in double-double, shape (..., 6), rounded once.

    M along an edge, or along a face, leaves little of its product with G or P.
    """
    terms = tensors[..., _FULL] * vector
    (a, b), (c, d) = _halves(tensors[..., _FULL]), _halves(vector)
    left = b * d - (((terms - a * c) - b * c) - a * d) + rests[..., _FULL] * vector
    total = terms[..., 0]
    for k in (1, 2):
        s = total + terms[..., k]
        back = s - total
        left[..., 0] += (total - (s - back)) + (terms[..., k] - back)
        total = s
    return total + np.sum(left, axis=-1)


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
    lengths, directions, edge_tensors : ndarray, shape (k,), (k, 3), (k, 6)
        Of the edges: l, t and G.
    mean, rest : ndarray, shape (6,)
        Y and 1 - Y.
    height_rests, face_tensor_rests, edge_tensor_rests, mean_rest : ndarray
        What their floats leave of `heights`, `face_tensors`, `edge_tensors` and `mean`.
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
    mean: np.ndarray
    rest: np.ndarray
    height_rests: np.ndarray
    face_tensor_rests: np.ndarray
    edge_tensor_rests: np.ndarray
    mean_rest: np.ndarray

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
    tensors, tensor_rests = _pair(_outer(n1, _cross(directions, n1)) - _outer(n2, _cross(directions, n2)))
    kept = np.max(np.abs(tensors), axis=1) > _FLAT
    (heights, height_rests), (means, mean_rest) = _pair(heights), _pair(mean)
    face_tensors, face_tensor_rests = _pair(squared - mean)
    return Shape(
        volume=volume,
        extent=float(np.max(np.linalg.norm(vertices - centroid, axis=1))),
        vertices=vertices,
        centroid=centroid,
        faces=faces,
        edges=edges[kept],
        areas=_floats(areas),
        squares=_floats(np.stack([_dot(b - a, b - a), _dot(c - b, c - b), _dot(a - c, a - c)], axis=-1)),
        heights=heights,
        face_tensors=face_tensors,
        lengths=_floats(lengths)[kept],
        directions=_floats(directions)[kept],
        edge_tensors=tensors[kept],
        mean=means,
        rest=_floats(rest),
        height_rests=height_rests,
        face_tensor_rests=face_tensor_rests,
        edge_tensor_rests=tensor_rests[kept],
        mean_rest=mean_rest,
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


def _noise(
    shape: Shape, magnetization: np.ndarray, of_edges: np.ndarray, of_faces: np.ndarray
) -> tuple[float, float, float]:
    """Return of what size are all terms of 4 pi H together, the largest, and, over distance, all of 4 pi M x V.

    `of_edges` and `of_faces` are G M and P M.
    Rounding of the many terms of a fine mesh adds up in squares; of solid angles only the largest can be of order 1.
    """

    def sizes(edges: np.ndarray, faces: np.ndarray) -> tuple[float, float]:
        lines, sides = np.linalg.norm(edges, axis=-1), np.linalg.norm(faces, axis=-1)
        largest = np.max(sides)
        return float(np.linalg.norm(lines) + 2.0 * largest), float(max(largest, np.max(lines)))

    size = np.linalg.norm(magnetization)
    total, one = sizes(of_edges, of_faces)
    tensor, _ = sizes(shape.edge_tensors, shape.face_tensors)
    return float(total + size), one, float(size * tensor)


def polyhedron_parameters(shape: Shape, magnetization: np.ndarray) -> np.ndarray:
    """Return the flat parameters of `polyhedron_field`; M in A/m, in the body's own frame."""
    of_edge = times(shape.edge_tensors, shape.edge_tensor_rests, magnetization)
    of_face = times(shape.face_tensors, shape.face_tensor_rests, magnetization)
    of_mean = times(shape.mean, shape.mean_rest, magnetization)
    header = [
        len(shape.faces),
        len(shape.edges),
        len(shape.vertices),
        *shape.centroid,
        shape.extent,
    ]
    inner = [of_mean, shape.rest[_FULL] @ magnetization, shape.mean, shape.mean_rest]
    faces = [shape.faces, shape.areas, shape.squares, of_face, shape.face_tensors, shape.heights]
    edges = [
        shape.edges,
        shape.lengths[:, None],
        shape.directions,
        of_edge,
        np.cross(of_edge, shape.directions),
    ]
    leaving = _outer(of_edge, shape.directions)[:, :5]
    corners = np.zeros((len(shape.vertices), 6))
    for end, sign in ((0, 1.0), (1, -1.0)):
        np.add.at(corners[:, :5], shape.edges[:, end], sign * leaving)
        np.add.at(corners[:, 5], shape.edges[:, end], np.linalg.norm(of_edge, axis=1))
    multipoles = magnet_multipoles(shape.moments, magnetization)
    return np.concatenate(
        [
            [*header, REACH**2, *magnetization, *np.concatenate(inner)],
            _noise(shape, magnetization, of_edge, of_face),
            np.hstack([*faces, shape.face_tensor_rests, shape.height_rests]).ravel(),
            np.hstack([*edges, shape.edge_tensors, shape.edge_tensor_rests]).ravel(),
            np.hstack([shape.vertices, corners]).ravel(),
            multipoles.view(float).ravel(),
        ]
    )
