"""Uniformly magnetized polyhedra: the tetrahedron and the closed surface of triangles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton._jit import FieldFunction
from magneton.kernels.polyhedron import polyhedron_field
from magneton.kernels.polyhedron_tables import Shape, is_degenerate, polyhedron_parameters, polyhedron_shape
from magneton.sources.base import turned
from magneton.sources.body import Body
from magneton.sources.magnet import Magnet
from magneton.sources.meshes import checked_faces, read_stl, repeats, require_closed, require_different
from magneton.sources.patches import of_magnet
from magneton.sources.shells import oriented

_TETRAHEDRON = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])


@dataclass(frozen=True, eq=False)
class _Polyhedron(Magnet):
    """What both share: all but the checks of the shape, and `_surface`."""

    vertices: Any

    _function: ClassVar[FieldFunction] = polyhedron_field
    _cancels: ClassVar = (6.0, 1.5e-13)

    def _surface(self) -> tuple[np.ndarray, np.ndarray]:
        """Return corners, all used, and faces turned alike."""
        raise NotImplementedError

    @property
    def _shape(self) -> Shape:
        kept = self.__dict__.get("_kept")
        if kept is None or kept[0] is not self.vertices:
            kept = self.vertices, polyhedron_shape(*self._surface())
            object.__setattr__(self, "_kept", kept)
        return kept[1]

    @property
    def volume(self) -> float:
        """The volume in m^3."""
        return self._shape.volume

    def _extent(self) -> float:
        return float(np.max(np.linalg.norm(self._shape.vertices, axis=1)))

    def _parameters(self) -> np.ndarray:
        return polyhedron_parameters(self._shape, self.magnetization)

    def _body(self) -> Body:
        m = turned(self._matrix, self.magnetization)
        corners = turned(self._matrix, self._shape.vertices)[self._shape.faces]
        first, edges = corners[:, 0], corners[:, 1:] - corners[:, :1]
        faces = of_magnet("triangle", first + self.position, edges, m)
        bound = of_magnet("triangle", first + self.position, edges, m, "bound")
        middle = corners.mean(axis=(0, 1))  # volumes of the fan from here have signs: any point would do
        fan = of_magnet("tetrahedron", np.tile(middle + self.position, (len(first), 1)), corners - middle, m)
        return Body(
            self.position, self._extent(), patches=(faces,), bound=(bound,), inside=(fan,), hull=(faces,)
        )


@dataclass(frozen=True, eq=False)
class Tetrahedron(_Polyhedron):
    """A uniformly magnetized tetrahedron.

    Closed forms [WernerScheeres1997]_ with the solid angles of [VanOosteromStrackee1983]_, right to 1e-13 of the
    vector: inside and out, 1e-9 sizes from faces, edges and corners, far away, and for plates and needles down to a
    thousandth of their size, about their tips as well (see `magneton.kernels.polyhedron`). On the surface B, H and
    grad B are nan; A and the scalar potential are continuous there.

    Parameters
    ----------
    vertices : array_like, shape (4, 3), metre
        The corners in the body's own frame, in either order of turn; not in one plane.
    magnetization, polarization, remanence, grade, direction
        Exactly one way to give the magnetization, in the body's own frame: see `Magnet`.
    position : array_like, shape (3,), metre
        Where the origin of the body's own frame is; torques are about it.
    orientation : scipy Rotation, optional
        Takes the body's frame to the global one.

    Raises
    ------
    ValueError
        If the corners lie in one plane, the magnetization is given not at all or twice, or a shape is wrong.

    Examples
    --------
    >>> from magneton import Tetrahedron
    >>> corners = [[0, 0, 0], [0.01, 0, 0], [0, 0.01, 0], [0, 0, 0.01]]
    >>> magnet = Tetrahedron(corners, polarization=[0, 0, 1.2])
    >>> magnet.B([0.02, 0.01, 0.0]).round(9).tolist()
    [-0.000678466, -0.00031051, -0.00216786]
    >>> float(magnet.moment[2].round(9))
    0.159154943
    """

    def _check_shape(self) -> None:
        vertices = _check.vectors("vertices", self.vertices, "m")
        if vertices.shape != (4, 3):
            raise ValueError(f"vertices must have shape (4, 3), got shape {vertices.shape}")
        object.__setattr__(self, "vertices", vertices)
        if is_degenerate(vertices, _TETRAHEDRON).any() or self._shape.volume == 0.0:
            raise ValueError(f"vertices must not lie in one plane, got {vertices.tolist()}")

    def _surface(self) -> tuple[np.ndarray, np.ndarray]:
        return self.vertices, _TETRAHEDRON


@dataclass(frozen=True, eq=False)
class TriangularMesh(_Polyhedron):
    """A uniformly magnetized body within a closed surface of triangles, convex or not.

    Closed forms as of `Tetrahedron`. The surface is checked: closed, all faces turned the same way, no face twice or
    without area. Of several shells one inside another bounds a cavity, whichever way its faces are turned; they may
    touch. Shells that coincide or cut each other are refused if the middles of some of their faces show it, at most
    64 of each shell. Not checked is whether a shell cuts itself, or only few of its faces cut another: the field is
    then that of no real body. Where the terms cancel, as about a tip much longer than wide, they are summed in
    double-double, which takes some tens of times as long.

    Parameters
    ----------
    vertices : array_like, shape (n, 3), metre
        Corners, in the body's own frame. Those that no face uses do no harm.
    faces : array_like of int, shape (m, 3)
        Numbers of each triangle's corners, from 0; whole floats will do. If all are turned inward, they are turned
        over.
    magnetization, polarization, remanence, grade, direction
        Exactly one way to give the magnetization, in the body's own frame: see `Magnet`.
    position : array_like, shape (3,), metre
        Where the origin of the body's own frame is; torques are about it.
    orientation : scipy Rotation, optional
        Takes the body's frame to the global one.

    Raises
    ------
    ValueError
        If the surface is open, an edge has faces turned in different ways or more than two faces, a face has no area or
        is there twice, shells coincide or cut each other, the volume is zero, the magnetization is given not at all or
        twice, or a shape is wrong.

    Examples
    --------
    >>> from magneton import TriangularMesh
    >>> corners = [[0, 0, 0], [0.01, 0, 0], [0, 0.01, 0], [0, 0, 0.01]]
    >>> faces = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]
    >>> magnet = TriangularMesh(corners, faces, polarization=[0, 0, 1.2])
    >>> magnet.B([0.02, 0.01, 0.0]).round(9).tolist()
    [-0.000678466, -0.00031051, -0.00216786]
    """

    faces: Any

    def _check_shape(self) -> None:
        vertices = _check.vectors("vertices", self.vertices, "m", least=4)
        faces = checked_faces(self.faces, vertices)
        require_different(faces)
        require_closed(faces)
        faces = oriented(vertices, faces)
        object.__setattr__(self, "vertices", vertices)
        object.__setattr__(self, "faces", faces)
        if self._shape.volume == 0.0:
            raise ValueError("the surface must enclose a volume, got 0 m^3")
        faces = np.unique(faces)[self._shape.faces]
        faces.setflags(write=False)
        object.__setattr__(self, "faces", faces)

    def _surface(self) -> tuple[np.ndarray, np.ndarray]:
        used, numbers = np.unique(self.faces, return_inverse=True)
        return self.vertices[used], numbers.reshape(self.faces.shape)

    @classmethod
    def from_mesh(cls, mesh: Any, **magnet: Any) -> Self:
        """Return the body of a trimesh object, or of anything with `vertices` (m) and `faces`.

        Equal corners become one, and triangles that lose a corner by that are dropped.

        Parameters
        ----------
        mesh : trimesh.Trimesh
            The surface.
        **magnet
            Magnetization, position and orientation, as for the class.
        """
        if not (hasattr(mesh, "vertices") and hasattr(mesh, "faces")):
            raise ValueError(f"mesh must have vertices and faces, got {type(mesh).__name__}")
        vertices = _check.vectors("mesh.vertices", np.asarray(mesh.vertices), "m", least=4)
        faces = checked_faces(np.asarray(mesh.faces), vertices, degenerate=True)
        vertices, numbers = np.unique(vertices + 0.0, axis=0, return_inverse=True)
        faces = numbers.reshape(-1)[faces]
        return cls(vertices, faces[~repeats(faces)], **magnet)

    @classmethod
    def from_stl(cls, path: Any, scale: Any = None, **magnet: Any) -> Self:
        """Return the body of an STL file, which trimesh reads (the optional extra ``mesh``).

        Parameters
        ----------
        path : path-like
            The file. Equal corners become one.
        scale : float, metre
            Length of the file's unit, which must be said, since the file does not: 1e-3 for millimetres, as most are.
        **magnet
            Magnetization, position and orientation, as for the class.

        Raises
        ------
        ImportError
            If trimesh is not installed.
        ValueError
            If there is no such file, it is no STL file, no scale is given, or its surface is not as the class
            requires.
        """
        if scale is None:
            raise ValueError(
                "scale must be the length of the file's unit in metres, such as 1e-3 for millimetres, got None: "
                "an STL file does not say"
            )
        scale = _check.positive("scale", scale, "m")
        mesh = read_stl(path)
        mesh.vertices = np.asarray(mesh.vertices, dtype=np.float64) * scale
        try:
            return cls.from_mesh(mesh, **magnet)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
