"""Magpylib's sources as magneton's."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from magneton.sources.base import Source

_REASONS = {
    "CylinderSegment": "magneton has no cylinder segment",
    "Triangle": "a charged triangle alone is no magnet: convert the whole TriangularMesh",
    "TriangleSheet": "magneton has no current sheet",
    "TriangleStrip": "magneton has no current sheet",
    "CustomSource": "its field is a function of its own: give that to magneton.summation.compiled.user_field",
    "Sensor": "it is no source: pass its positions to B",
}


def from_magpylib(thing: Any, index: int | None = None) -> Source:
    """Return magpylib's source or collection as magneton's (magpylib 5 and later, all lengths in metres).

    Cuboid, Cylinder, Sphere, Tetrahedron, TriangularMesh, Circle, Polyline, Dipole, and Collections of these, nested
    or not. Position and orientation are kept; sensors in a collection are left out.

    Parameters
    ----------
    thing : magpylib source or Collection
        The object.
    index : int, optional
        Which step of a path; needed if the path has more than one.

    Returns
    -------
    Source
        Its class has magpylib's name, but for Circle: a `CircularLoop`. A polyline that magpylib broke into parts by
        nan becomes a `Collection` of its parts.

    Raises
    ------
    ValueError
        If the object is of another kind, lacks a property, or has a path and `index` is not given.

    Examples
    --------
    >>> import magpylib
    >>> from magneton import from_magpylib
    >>> loop = from_magpylib(magpylib.current.Circle(diameter=0.1, current=2.0, position=(0, 0, 0.3)))
    >>> loop.radius, loop.current, loop.position.tolist()
    (0.05, 2.0, [0.0, 0.0, 0.3])
    """
    kind = type(thing).__name__
    if not any(base.__module__.split(".")[0] == "magpylib" for base in type(thing).__mro__):
        raise ValueError(f"object must be a magpylib source or collection, got {kind}")
    known = next((base.__name__ for base in type(thing).__mro__ if base.__name__ in _MAKERS), None)
    if kind == "Collection":
        return _collection(thing, index)
    if known is None or kind in _REASONS:
        reason = _REASONS.get(kind, f"magneton takes {', '.join(_MAKERS)} and Collection")
        raise ValueError(f"object must be of a kind that magneton has, got magpylib's {kind}: {reason}")
    return _MAKERS[known](_Step(thing, index))


def _collection(thing: Any, index: int | None) -> Source:
    from magneton.sources.collection import Collection

    members = [child for child in thing.children if type(child).__name__ != "Sensor"]
    if not members:
        raise ValueError("object must hold at least one source, got an empty magpylib Collection")
    return Collection([from_magpylib(member, index) for member in members])


class _Step:
    """A magpylib object at one step of its path; from version 6 on, all its properties may have one."""

    def __init__(self, thing: Any, index: int | None) -> None:
        self._thing, self._index = thing, index
        self.kind = type(thing).__name__
        from scipy.spatial.transform import Rotation

        quaternions = np.asarray(thing.orientation.as_quat(), dtype=np.float64)
        self.position = self._chosen("position", np.asarray(thing.position, dtype=np.float64), 1)
        self.rotation = Rotation.from_quat(self._chosen("orientation", quaternions, 1))

    def _chosen(self, name: str, values: np.ndarray, dims: int) -> np.ndarray:
        if values.ndim == dims:  # what does not change is the same at every step
            return values
        steps = len(values)
        if self._index is None and steps == 1:
            return values[0]
        if self._index is None:
            raise ValueError(
                f"index must be given for a path: the {name} of magpylib's {self.kind} has {steps} steps, "
                f"0 to {steps - 1}"
            )
        if not -steps <= self._index < steps:
            raise ValueError(f"index must lie between {-steps} and {steps - 1}, got {self._index}")
        return values[self._index]

    def get(self, name: str, dims: int) -> np.ndarray:
        """Return a property that has so many dimensions without a path."""
        value = getattr(self._thing, name)
        if value is None:
            raise ValueError(f"magpylib's {self.kind} must have its {name} set, got None")
        return self._chosen(name, np.asarray(value, dtype=np.float64), dims)

    def number(self, name: str) -> float:
        """Return a property that is a number."""
        return float(self.get(name, 0))


def _class(name: str) -> Any:
    return getattr(importlib.import_module("magneton.sources"), name)


def _magnet(name: str, shape: Callable[[_Step], tuple[Any, ...]]) -> Callable[[_Step], Source]:
    def make(step: _Step) -> Source:
        # The polarization: magpylib derives the magnetization from it, with a mu_0 of its own.
        polarization = step.get("polarization", 1)
        return _class(name)(
            *shape(step), polarization=polarization, position=step.position, orientation=step.rotation
        )

    return make


def _cylinder_shape(step: _Step) -> tuple[float, float]:
    diameter, height = step.get("dimension", 1).tolist()
    return 0.5 * diameter, height


def _circle(step: _Step) -> Source:
    return _class("CircularLoop")(
        0.5 * step.number("diameter"), step.number("current"), step.position, step.rotation
    )


def _polyline(step: _Step) -> Source:
    vertices, current = step.get("vertices", 2), step.number("current")
    known = np.isfinite(vertices).all(axis=1)
    parts = np.split(vertices, np.flatnonzero(~known))
    parts = [part[np.isfinite(part).all(axis=1)] for part in parts]
    placed = [_placed(part, step) for part in parts if len(part) > 1]
    made = [_class("Polyline")(corners, current) for corners in placed if len(corners) > 1]
    if not made:
        raise ValueError("magpylib's Polyline must have a side, got none")
    return made[0] if len(made) == 1 else _class("Collection")(made)


def _placed(vertices: np.ndarray, step: _Step) -> np.ndarray:
    """Return the corners where they are, repeated ones left out, and closed as exactly as they were."""
    kept = vertices[np.concatenate([[True], np.any(np.diff(vertices, axis=0) != 0.0, axis=1)])]
    placed = step.rotation.apply(kept) + step.position
    if np.array_equal(kept[0], kept[-1]):
        placed[-1] = placed[0]
    return placed


#: Name of magpylib's class -> what makes magneton's of it.
_MAKERS: dict[str, Callable[[_Step], Source]] = {
    "Cuboid": _magnet("Cuboid", lambda step: (step.get("dimension", 1),)),
    "Cylinder": _magnet("Cylinder", _cylinder_shape),
    "Sphere": _magnet("Sphere", lambda step: (0.5 * step.number("diameter"),)),
    "Tetrahedron": _magnet("Tetrahedron", lambda step: (step.get("vertices", 2),)),
    "TriangularMesh": _magnet(
        "TriangularMesh", lambda step: (step.get("vertices", 2), step.get("faces", 2).astype(np.int64))
    ),
    "Circle": _circle,
    "Polyline": _polyline,
    "Dipole": lambda step: _class("Dipole")(step.rotation.apply(step.get("moment", 1)), step.position),
}
