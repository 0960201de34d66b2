"""Sources that have a frame of their own: a position and an orientation."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton._jit import FieldFunction
from magneton.sources.base import Source, turned
from magneton.sources.body import Body
from magneton.summation.compiled import CompiledField, body_term


def turning_z_to(direction: np.ndarray) -> np.ndarray:
    """Return the matrix of the shortest rotation that takes +z to `direction` (not zero)."""
    x, y, z = (direction / np.linalg.norm(direction)).tolist()
    transverse2 = x * x + y * y
    if transverse2 == 0.0:
        return np.diag([1.0, 1.0, 1.0] if z > 0 else [1.0, -1.0, -1.0])
    h = 1.0 / (1.0 + z) if z > 0 else (1.0 - z) / transverse2  # the same, without cancellation near -z
    return np.array([[1.0 - h * x * x, -h * x * y, x], [-h * x * y, 1.0 - h * y * y, y], [-x, -y, z]])


class Framed(Source):
    """A source with `position` and `orientation`; `_matrix` takes its own frame to the global one.

    A subclass has both as dataclass fields, the orientation with ``default_factory=lambda: None`` so that no class
    attribute hides `__getattr__`, and calls `_set_frame` when it is made.
    """

    position: Any
    _matrix: ClassVar[np.ndarray]  # of each instance, in fact: set in _set_frame

    def _set_frame(self) -> None:
        """Check position and orientation, and keep the orientation as a matrix."""
        object.__setattr__(self, "position", _check.vector("position", self.position, "m"))
        orientation = self.__dict__.pop("orientation", None)
        if orientation is None:
            object.__setattr__(self, "_matrix", np.eye(3))
        else:
            object.__setattr__(self, "_matrix", _check.rotation_matrix("orientation", orientation))

    def __getattr__(self, name: str) -> Any:
        if name != "orientation":
            return super().__getattr__(name)
        # Made from the matrix when asked for: few ask, and scipy.spatial takes long to import.
        from scipy.spatial.transform import Rotation

        object.__setattr__(self, "orientation", Rotation.from_matrix(self._matrix))
        return self.orientation

    def _placed(self, position: Any, matrix: np.ndarray) -> Self:
        """Return the same source in another frame."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__getstate__())
        other.__dict__.pop("orientation", None)
        object.__setattr__(other, "position", _check.vector("position", position, "m"))
        object.__setattr__(other, "_matrix", matrix)
        return other

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        return self._placed(turned(matrix, self.position) + shift, matrix @ self._matrix)


class FramedBody(Framed):
    """A framed source whose field is a `FieldFunction` of its own kind.

    A subclass gives `_function`, `_extent` and `_parameters`.
    """

    _function: ClassVar[FieldFunction]
    #: Up to how many extents away terms of B cancel, and how much of it may be rounding there.
    _cancels: ClassVar[tuple[float, float]] = (0.0, 0.0)

    def _extent(self) -> float:
        """Return the radius (m) of a sphere about the position that holds all currents and poles."""
        raise NotImplementedError

    def _body(self) -> Body:
        kind = type(self).__name__
        raise ValueError(f"forces on a {kind} are known only as the reaction on a source that is a body")

    def _parameters(self) -> np.ndarray:
        """Return what the field function needs, in SI and in the source's own frame."""
        raise NotImplementedError

    def _compile(self) -> CompiledField:
        return body_term(self._function, self.position, self._matrix, self._extent(), self._parameters())
