"""Densities sampled in space: magnetization, current and magnetic poles on voxels."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.kernels.voxels import current_density_field, magnetization_field, pole_density_field
from magneton.sources.base import NotDefined, ScalarPotential, VectorPotential, turned
from magneton.sources.body import Body
from magneton.sources.framed import FramedBody
from magneton.sources.lattice import Lattice, lattice_field
from magneton.sources.loop import MANY_VALUED
from magneton.sources.overlaps import require_apart
from magneton.sources.patches import Patches, cuboid_faces, cuboid_insides

# A sum below this part of the sum of sizes counts as zero.
_NONE = 1e-6


def _voxel_edges(points: np.ndarray, volumes: np.ndarray, edges: Any, lattice: Lattice | None) -> np.ndarray:
    """Return the edges of each voxel, shape (n, 3): as given, those of the lattice, or those of cubes."""
    if edges is not None:
        edges = _check.vector("edges", edges, "m")
        if not np.all(edges > 0):
            raise ValueError(f"edges must be positive, got {edges.tolist()}")
        if not np.allclose(volumes, edges.prod(), rtol=1e-6, atol=0):
            raise ValueError(
                f"edges must multiply to the volumes, got {edges.prod():g} and {volumes[0]:g} m^3"
            )
        return np.broadcast_to(edges, points.shape)
    if lattice is not None and _alike(volumes):
        spacing = lattice.spacing_filled(volumes[0])
        if spacing is not None:
            return np.broadcast_to(spacing, points.shape)
    return np.repeat(np.cbrt(volumes)[:, None], 3, axis=1)


def _alike(volumes: np.ndarray) -> bool:
    return bool(np.ptp(volumes) <= 1e-6 * volumes[0])


class _Voxels(FramedBody):
    """What the three have in common: points, a density and volumes."""

    points: Any
    volumes: Any
    edges: Any
    _density: ClassVar[tuple[str, str]]

    def __post_init__(self) -> None:
        name, unit = self._density
        points = _check.vectors("points", self.points, "m")
        object.__setattr__(self, "points", points)
        object.__setattr__(self, name, self._checked_density(name, unit, len(points)))
        volumes = _check.real_array("volumes", self.volumes, "m^3", "a number or one for each point")
        if volumes.ndim > 1 or volumes.size not in (1, len(points)):
            raise ValueError(f"volumes must be a number or one for each point, got shape {volumes.shape}")
        if not np.all(volumes > 0):
            raise ValueError(f"volumes must be positive, got {volumes.min():g}")
        volumes = np.array(np.broadcast_to(volumes.ravel(), len(points)))
        volumes.setflags(write=False)
        object.__setattr__(self, "volumes", volumes)
        lattice = Lattice.of(points)
        exact = self.edges is not None or (lattice is not None and _alike(volumes))
        edges = _voxel_edges(points, volumes, self.edges, lattice)
        require_apart(points, edges, lattice, exact)
        object.__setattr__(self, "edges", edges)
        self._set_frame()

    def _checked_density(self, name: str, unit: str, count: int) -> np.ndarray:
        values = _check.vectors(name, getattr(self, name), unit)
        _check.same_length("points", self.points, name, values)
        return values

    def _rows(self) -> np.ndarray:
        """Return the density as three floats a voxel."""
        return getattr(self, self._density[0])

    def _extent(self) -> float:
        return float(np.max(np.linalg.norm(np.abs(self.points) + 0.5 * self.edges, axis=1)))

    def _parameters(self) -> np.ndarray:
        return np.hstack([self.points, self.edges, self._rows()]).ravel()

    def _places(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return centres and edges of the voxels, and the columns along which these run."""
        return turned(self._matrix, self.points) + self.position, self.edges, self._matrix


@dataclass(frozen=True, eq=False)
class Magnetization(_Voxels, VectorPotential, ScalarPotential):
    """A non-uniform magnetization on voxels, each uniformly magnetized: m = sum of M dV.

    B, H, A, grad B and the scalar potential are the exact sums over the voxels. B and H at many points that lie on a
    lattice with the spacing of the voxels are a convolution, done by FFT: their error is then some 1e-15 of the
    LARGEST field in the box, not of the field at each point.

    Parameters
    ----------
    points : array_like, shape (n, 3), metre
        Centres of the voxels, in the source's own frame.
    magnetization : array_like, shape (n, 3), A/m
        M of each.
    volumes : float or array_like, shape (n,), m^3
        Volume of each, or of all.
    edges : array_like, shape (3,), metre, optional
        Edges of all voxels. By default they are the spacings of the regular grid that the points form, where
        these multiply to the volume; otherwise voxels are cubes.
    position : array_like, shape (3,), metre
        Origin of the source's own frame.
    orientation : scipy Rotation, optional
        Takes the source's frame to the global one.

    Raises
    ------
    ValueError
        If shapes do not fit, a volume or edge is not positive, two centres are the same, or voxels overlap by more
        than 1 % of an edge. Overlaps are looked for where `edges` is given, or the volumes are equal and the points
        form a grid; not where voxels are only cubes of their volumes.

    Examples
    --------
    >>> from magneton.sources import Magnetization
    >>> pair = Magnetization([[0, 0, 0], [0, 0, 1e-3]], [[0, 0, 8e5], [0, 0, 4e5]], volumes=1e-9)
    >>> pair.moment.round(15).tolist()
    [0.0, 0.0, 0.0012]
    """

    points: Any
    magnetization: Any
    volumes: Any
    edges: Any = None
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see Framed

    _function: ClassVar = magnetization_field
    _density: ClassVar = ("magnetization", "A/m")

    @property
    def moment(self) -> np.ndarray:
        """The sum of M dV, shape (3,), A m^2."""
        return turned(self._matrix, self.volumes @ self.magnetization)

    def contains(self, points: Any) -> np.ndarray:
        """Return where points (m), shape (..., 3), lie inside a voxel, shape (...)."""
        local = turned(self._matrix.T, np.asarray(points, dtype=float) - self.position)
        inside = np.zeros(local.shape[:-1], dtype=bool)
        for centre, edges in zip(self.points, np.broadcast_to(self.edges, self.points.shape), strict=True):
            inside |= np.all(np.abs(local - centre) < 0.5 * edges, axis=-1)
        return inside

    def _body(self) -> Body:
        return Body(
            self.position,
            self._extent(),
            patches=cuboid_faces(*self._places(), self.magnetization, "magnetized"),
            bound=cuboid_faces(*self._places(), self.magnetization, "bound"),
            inside=(cuboid_insides(*self._places(), self.magnetization),),
            hull=cuboid_faces(*self._places(), np.ones(3), "magnetized"),
        )

    def _evaluate(self, quantity: str, points: Any, *shape: int) -> np.ndarray:
        if quantity in ("B", "H"):
            checked = _check.points("points", points)
            local = turned(self._matrix.T, checked.reshape(-1, 3) - self.position)
            values = lattice_field(quantity, self.points, self.edges, self.magnetization, local)
            if values is not None:
                return turned(self._matrix, values).reshape(checked.shape)
        return super()._evaluate(quantity, points, *shape)


@dataclass(frozen=True, eq=False)
class CurrentDensity(_Voxels, VectorPotential):
    """A current density sampled in space, each sample that of a voxel: m = 1/2 sum of r x j dV.

    B and A are the exact Biot-Savart integrals over the voxels; inside them too.

    Parameters
    ----------
    points : array_like, shape (n, 3), metre
        Centres of the voxels, in the source's own frame.
    current_density : array_like, shape (n, 3), A/m^2
        j of each.
    volumes, edges, position, orientation
        As for `Magnetization`.

    Warns
    -----
    UserWarning
        By `moment`, if the integral of j is not zero: the moment then depends on the origin of the source's frame, and
        the current does not close on itself.

    Examples
    --------
    A square of four bars, 1 A each way round:

    >>> from magneton.sources import CurrentDensity
    >>> sides = [[1.0, 0, 0], [0, 1.0, 0], [-1.0, 0, 0], [0, -1.0, 0]]
    >>> flow = [[0, 1.0, 0], [-1.0, 0, 0], [0, -1.0, 0], [1.0, 0, 0]]
    >>> CurrentDensity(sides, flow, volumes=2.0).moment.tolist()
    [0.0, 0.0, 4.0]
    """

    points: Any
    current_density: Any
    volumes: Any
    edges: Any = None
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see Framed

    _function: ClassVar = current_density_field
    _density: ClassVar = ("current_density", "A/m^2")
    _missing: ClassVar = {"scalar_potential": MANY_VALUED}

    def _body(self) -> Body:
        boxes = cuboid_insides(*self._places(), self.current_density)
        currents = Patches("box", boxes.origins, boxes.axes, "current", boxes.density)
        # Samples of a current seldom close exactly: no third law.
        return Body(self.position, self._extent(), patches=(currents,), closed=False)

    @property
    def moment(self) -> np.ndarray:
        """Half the sum of r x j dV about the position, shape (3,), A m^2."""
        elements = self.volumes[:, None] * self.current_density
        net, total = np.linalg.norm(elements.sum(axis=0)), np.linalg.norm(elements, axis=1).sum()
        if net > _NONE * total:
            warnings.warn(
                f"the net current is not zero: its integral is {net / total:.2g} of that of its size, so that the "
                "moment depends on the origin",
                stacklevel=2,
            )
        return turned(self._matrix, 0.5 * np.cross(self.points, elements).sum(axis=0))


@dataclass(frozen=True, eq=False)
class PoleDensity(_Voxels, ScalarPotential):
    """A density of magnetic poles, rho = -div M, sampled in space, each sample that of a voxel.

    psi = (1/4 pi) integral of rho/|r - r'| dV' and H = -grad psi, exact sums over the voxels; inside them too.

    Parameters
    ----------
    points : array_like, shape (n, 3), metre
        Centres of the voxels, in the source's own frame.
    density : array_like, shape (n,), A/m^2
        rho of each, in pole strength (A m) a volume.
    volumes, edges, position, orientation
        As for `Magnetization`.
    """

    points: Any
    density: Any
    volumes: Any
    edges: Any = None
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see Framed

    _function: ClassVar = pole_density_field
    _density: ClassVar = ("density", "A/m^2")
    _missing: ClassVar = {
        "A": "the flux of poles has sources, so that no vector potential has it as its curl"
    }

    def _checked_density(self, name: str, unit: str, count: int) -> np.ndarray:
        values = _check.real_array(name, self.density, unit, "an array with one number for each point")
        if values.shape != (count,):
            raise ValueError(
                f"density must have one number for each point, shape ({count},), got {values.shape}"
            )
        values.setflags(write=False)
        return values

    def _rows(self) -> np.ndarray:
        return self.density[:, None] * np.array([1.0, 0.0, 0.0])

    def _body(self) -> Body:
        boxes = cuboid_insides(*self._places(), np.zeros(3))
        poles = Patches("box", boxes.origins, boxes.axes, "poles", self._rows()[:, 0])
        return Body(self.position, self._extent(), patches=(poles,))

    @property
    def pole_strength(self) -> float:
        """The total pole strength in A m; zero for a body that is whole."""
        return float(self.volumes @ self.density)

    @property
    def moment(self) -> np.ndarray:
        """The sum of r rho dV, shape (3,), A m^2; only where the total pole strength is zero."""
        strengths = self.volumes * self.density
        if abs(strengths.sum()) > _NONE * np.abs(strengths).sum():
            raise NotDefined("PoleDensity has no moment: with a total pole strength it depends on the centre")
        return turned(self._matrix, strengths @ self.points)
