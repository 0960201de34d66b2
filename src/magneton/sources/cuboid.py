"""The uniformly magnetized cuboid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton._jit import FieldFunction
from magneton.kernels.cuboid import cuboid_field
from magneton.sources.body import Body
from magneton.sources.magnet import Magnet
from magneton.sources.patches import cuboid_faces, cuboid_insides


@dataclass(frozen=True, eq=False)
class Cuboid(Magnet):
    """A uniformly magnetized cuboid (rectangular block).

    Closed forms [JosephSchlomann1965]_, right to 1e-12 of the vector: inside and out, 1e-9 edges from faces, edges
    and corners, far away, and for plates and needles (see `magneton.kernels.cuboid`). On the surface B, H and grad B
    are nan; A and the scalar potential are continuous there.

    Parameters
    ----------
    dimension : array_like, shape (3,), metre
        The full lengths of the edges along the body's own x, y and z, positive.
    magnetization, polarization, remanence, grade, direction
        Exactly one way to give the magnetization, in the body's own frame: see `Magnet`.
    position : array_like, shape (3,), metre
        The centre.
    orientation : scipy Rotation, optional
        Takes the body's frame to the global one.

    Raises
    ------
    ValueError
        If an edge is not positive, the magnetization is given not at all or twice, or a shape is wrong.

    Examples
    --------
    >>> from magneton import Cuboid
    >>> magnet = Cuboid([0.01, 0.01, 0.02], polarization=[0, 0, 1.2])
    >>> magnet.B([0, 0, 0]).round(9).tolist()
    [0.0, 0.0, 1.04617388]
    >>> magnet.B([0, 0, 0.02]).round(9).tolist()
    [0.0, 0.0, 0.066588239]
    """

    dimension: Any

    _function: ClassVar[FieldFunction] = cuboid_field
    _cancels: ClassVar = (12.0, 4e-13)

    def _check_shape(self) -> None:
        dimension = _check.vector("dimension", self.dimension, "m")
        if not np.all(dimension > 0.0):
            raise ValueError(f"dimension must be three positive lengths (m), got {dimension.tolist()}")
        object.__setattr__(self, "dimension", dimension)

    @property
    def volume(self) -> float:
        """The volume in m^3."""
        return float(np.prod(self.dimension))

    def _extent(self) -> float:
        return 0.5 * float(np.linalg.norm(self.dimension))

    def _parameters(self) -> np.ndarray:
        return np.concatenate([self.dimension, self.magnetization])

    def _body(self) -> Body:
        where = self.position[None], self.dimension, self._matrix
        return Body(
            self.position,
            self._extent(),
            patches=cuboid_faces(*where, self.magnetization, "magnetized"),
            bound=cuboid_faces(*where, self.magnetization, "bound"),
            inside=(cuboid_insides(*where, self.magnetization),),
            hull=cuboid_faces(*where, np.ones(3), "magnetized"),
        )
