"""Images: what a plane of iron does to the field in front of it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from magneton import _check
from magneton.sources import (
    CircularLoop,
    Coil,
    Collection,
    Cuboid,
    Cylinder,
    Dipole,
    Dipoles,
    Ellipsoid,
    HelmholtzPair,
    Pole,
    PolePair,
    Polyline,
    Solenoid,
    Sphere,
)
from magneton.sources.base import Source

#: How a uniformly magnetized body tells its shape.
_SHAPES = {
    Cuboid: ("dimension",),
    Cylinder: ("radius", "height"),
    Sphere: ("radius",),
    Ellipsoid: ("semi_axes",),
}
_WINDINGS = (CircularLoop, Solenoid, Coil, HelmholtzPair)


def permeability(value: Any) -> float:
    """Return a relative permeability: zero (a superconductor) or more, infinity allowed."""
    if isinstance(value, float) and value == math.inf:
        return value
    number = _check.number("mu_r", value)
    if number < 0.0:
        raise ValueError(f"mu_r must not be negative, got {number:g}")
    return number


@dataclasses.dataclass(frozen=True)
class _Mirror:
    """A plane through `point` with unit normal `n`, and the factor that strengths are multiplied by."""

    point: np.ndarray
    n: np.ndarray
    factor: float

    def places(self, r: np.ndarray) -> np.ndarray:
        """Reflect points."""
        return r - 2.0 * ((r - self.point) @ self.n)[..., None] * self.n

    def moments(self, m: np.ndarray) -> np.ndarray:
        """Reflect axial vectors and scale them: the part along the normal stays, that in the plane turns round."""
        return self.factor * (2.0 * (m @ self.n)[..., None] * self.n - m)

    def turned(self, source: Any) -> Any:
        """Reflect a framed source that inversion through its position does not change: a half turn does the same."""
        from scipy.spatial.transform import Rotation

        half = source.rotated(Rotation.from_quat([*self.n, 0.0]), about=source.position)
        return half.translated(self.places(source.position) - source.position)


def _magnet(source: Any, mirror: _Mirror) -> Source:
    turned = mirror.turned(source)
    shape = {name: getattr(source, name) for name in _SHAPES[type(source)]}
    magnetization = mirror.factor * source.magnetization
    frame = {"position": turned.position, "orientation": turned.orientation}
    return type(source)(**shape, magnetization=magnetization, **frame)


def _winding(source: Any, mirror: _Mirror) -> Source:
    return dataclasses.replace(mirror.turned(source), current=mirror.factor * source.current)


def _pole_pair(source: PolePair, mirror: _Mirror) -> Source:
    separation = source.separation - 2.0 * (source.separation @ mirror.n) * mirror.n
    return PolePair(-mirror.factor * source.pole_strength, separation, mirror.places(source.position))


_IMAGES: dict[type, Callable[[Any, _Mirror], Source]] = {
    Dipole: lambda s, mirror: Dipole(mirror.moments(s.moment), mirror.places(s.position)),
    Dipoles: lambda s, mirror: Dipoles(mirror.moments(s.moments), mirror.places(s.positions)),
    Pole: lambda s, mirror: Pole(-mirror.factor * s.pole_strength, mirror.places(s.position)),
    PolePair: _pole_pair,
    Polyline: lambda s, mirror: Polyline(mirror.places(s.vertices), mirror.factor * s.current, s.closed),
    Collection: lambda s, mirror: Collection([_image(member, mirror) for member in s.sources]),
    **dict.fromkeys(_SHAPES, _magnet),
    **dict.fromkeys(_WINDINGS, _winding),
}


def _image(source: Any, mirror: _Mirror) -> Source:
    make = _IMAGES.get(type(source))
    if make is None:
        known = ", ".join(kind.__name__ for kind in _IMAGES)
        raise ValueError(f"source must be one of {known}, got {type(source).__name__}")
    if not isinstance(source, Collection):
        name = {Dipoles: "positions", Polyline: "vertices"}.get(type(source), "position")
        heights = np.atleast_1d((getattr(source, name) - mirror.point) @ mirror.n)
        if not np.all(heights > 0.0):
            raise ValueError(
                f"source must lie on the side that normal points to, got {heights.min():g} m along it"
            )
    return make(source, mirror)


def image(source: Source, point: Any, normal: Any, mu_r: Any = math.inf) -> Source:
    """Return the image of a source in the plane face of a large body of linear permeability.

    In front of the plane the field is that of the source and of its mirror image, (mu_r - 1)/(mu_r + 1) as strong
    ([Jackson1999]_ sec. 4.4, with mu for epsilon). The force on the source is that of its image,
    ``interaction(image, source)``; the energy is half of that pair's, since the image moves along.

    Not modelled: saturation, hysteresis, the edges and the thickness of a plate. See `magnetized` for a block of finite
    size.

    Parameters
    ----------
    source : Source
        A magnet (cuboid, cylinder, sphere, ellipsoid), winding, polyline, dipoles, poles, or a collection of these;
        wholly in front of the plane, of which only its position is checked.
    point : array_like, shape (3,), metre
        Some point of the plane.
    normal : array_like, shape (3,)
        Out of the body, to the side of the source; any length but zero.
    mu_r : float
        Relative permeability: infinity by default, zero for a superconductor.

    Returns
    -------
    Source
        The image, of the same type.

    Raises
    ------
    ValueError
        If the source has no such image, or lies behind the plane.

    Examples
    --------
    A moment of 1 A m^2, 5 cm in front of iron:

    >>> from magneton import Dipole, force
    >>> from magneton.interactions.images import image
    >>> magnet = Dipole([0, 0, 1.0], [0, 0, 0.05])
    >>> force(image(magnet, [0, 0, 0], [0, 0, 1]), magnet).round(6).tolist()
    [0.0, 0.0, -0.006]
    """
    n = _check.vector("normal", normal)
    if not np.any(n):
        raise ValueError("normal must not be zero, got [0, 0, 0]")
    n = n / np.linalg.norm(n / np.abs(n).max()) / np.abs(n).max()
    mu_r = permeability(mu_r)
    factor = 1.0 if mu_r == math.inf else (mu_r - 1.0) / (mu_r + 1.0)
    return _image(source, _Mirror(_check.vector("point", point, "m"), n, factor))
