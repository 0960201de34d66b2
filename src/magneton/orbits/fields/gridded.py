"""B, and E, from values on a grid: smooth, and without divergence at every point."""

from __future__ import annotations

import functools
import warnings
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from magneton.kernels import quantities
from magneton.kernels.em_grid import grid_field
from magneton.numerics.solenoidal import divergence, potential, without_divergence
from magneton.numerics.splines import cell_means, histopolating, interpolating, sums_from_middle
from magneton.orbits.fields._grid_data import grid_axis, node_values, read_grid
from magneton.orbits.fields._shared import set_checked
from magneton.orbits.fields.base import TimedField

#: A correction above this part of the field is worth a warning.
_WARN = 0.01


class Correction(NamedTuple):
    """The size of a change of the data, relative to the largest and the root mean square field.

    Attributes
    ----------
    rms, max : float
        Root mean square over that of the field, and largest over the largest magnitude of the field.
    """

    rms: float
    max: float


@dataclass(frozen=True, eq=False)
class GriddedField(TimedField):
    r"""A field from its values at the nodes of a uniform grid: div B = 0 identically, and B twice differentiable.

    B is a tensor product of splines, B_x quartic along x and cubic along y and z, and so on round, in which
    div B = 0 is a relation between coefficients [BuffaSangalliVazquez2010]_. The mean flux through the faces of the
    cells is taken from quartic splines through the data, changed as little as possible (least squares) so that no net
    flux leaves any cell, and interpolated so that this holds at every point. B = curl A with A of the same spaces, in
    the gauge A_z = 0. The error falls as the fourth power of the spacing; that of the gradient, as the third.

    The data need not be without divergence: `divergence_removed` says how much had to change, and more than one
    percent raises a warning. `fit_error` is the difference from the data at the nodes. Outside the grid all is nan,
    and orbits end.

    Parameters
    ----------
    x, y, z : array_like, shapes (nx,), (ny,), (nz,), metre
        Coordinates of the nodes, in equal steps, up or down; five or more.
    B_nodes : array_like, shape (nx, ny, nz, 3), tesla
        Flux density at the nodes.
    potential : array_like, shape (nx, ny, nz), volt, optional
        Electric potential at the nodes, interpolated by quartic splines; E = -grad phi is curl-free identically.
    E_nodes : array_like, shape (nx, ny, nz, 3), V/m, optional
        Electric field at the nodes, instead of the potential. Since the field is static, it is replaced by the nearest
        one that is a gradient: see `curl_removed`.
    position, orientation
        Take the grid's frame to the global one.

    Raises
    ------
    ValueError
        If steps are unequal, nodes too few, shapes do not fit, or data are missing.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton import Dipole
    >>> from magneton.orbits.fields import GriddedField
    >>> x, z = np.linspace(1.0, 2.0, 21), np.linspace(-0.5, 0.5, 21)
    >>> dipole = Dipole([0, 0, 1.0])
    >>> nodes = np.stack(np.meshgrid(x, z, z, indexing="ij"), axis=-1)
    >>> gridded = GriddedField(x, z, z, dipole.B(nodes))
    >>> point = [1.52, 0.13, 0.21]
    >>> bool(np.linalg.norm(gridded.B(point) - dipole.B(point)) < 1e-6 * np.linalg.norm(dipole.B(point)))
    True
    """

    x: Any = field(repr=False)
    y: Any = field(repr=False)
    z: Any = field(repr=False)
    B_nodes: Any = field(repr=False)
    potential: Any = field(default=None, repr=False)
    E_nodes: Any = field(default=None, repr=False)

    _function: ClassVar = grid_field

    def __post_init__(self) -> None:
        axes = {name: grid_axis(name, getattr(self, name)) for name in "xyz"}
        shape = tuple(len(values) for values in axes.values())
        if self.potential is not None and self.E_nodes is not None:
            raise ValueError("E_nodes and potential must not both be given, got both")
        B = node_values("B_nodes", self.B_nodes, "T", (*shape, 3))
        set_checked(self, **axes, B_nodes=B)
        if self.potential is not None:
            set_checked(self, potential=node_values("potential", self.potential, "V", shape))
        if self.E_nodes is not None:
            set_checked(self, E_nodes=node_values("E_nodes", self.E_nodes, "V/m", (*shape, 3)))
        self._set_frame()
        self._judge()

    def _judge(self) -> None:
        """Warn of data that can be no magnetic field."""
        if self.divergence_removed.rms > _WARN:
            warnings.warn(
                f"B_nodes have a divergence: {self.divergence_removed.rms:.2g} of the field was taken away to make "
                "it zero; are axes and components in order, and the grid fine enough?",
                stacklevel=4,
            )

    @classmethod
    def from_xarray(
        cls,
        dataset: Any,
        B: Any = "B",
        *,
        x: str = "x",
        y: str = "y",
        z: str = "z",
        potential: str | None = None,
        E: Any = None,
        **frame: Any,
    ) -> Self:
        """Return the field of an xarray dataset, such as `magneton.to_xarray` makes.

        Parameters
        ----------
        dataset : xarray.Dataset
            With one-dimensional coordinates along three dimensions, in any order. An attribute ``units`` is heeded
            ("nT", "G", "km"); without one the numbers are SI.
        B : str or (str, str, str)
            The variable that holds B with a fourth dimension of length 3 (with coordinates x, y, z if any), or those
            of its components.
        x, y, z : str
            The dimensions.
        potential : str, optional
            The variable that holds the electric potential.
        E : str or (str, str, str), optional
            The variable or variables that hold the electric field.
        **frame
            `position` and `orientation`.

        Returns
        -------
        GriddedField
            On the dataset's nodes.

        Raises
        ------
        ValueError
            If a name is missing, dimensions do not fit, a unit is not one of the quantity, or as for the class.
        """
        return cls(**read_grid(dataset, (x, y, z), B, potential, E), **frame)

    def __getstate__(self) -> dict[str, Any]:
        # What can be computed again need not travel.
        return {key: value for key, value in super().__getstate__().items() if not key.startswith("_fitted")}

    @property
    def electric(self) -> bool:
        """Whether E is anywhere other than zero."""
        if self.potential is not None:
            return bool(np.ptp(self.potential) > 0.0)
        return self.E_nodes is not None and bool(np.any(self.E_nodes))

    @functools.cached_property
    def _axes(self) -> tuple[np.ndarray, np.ndarray, tuple[slice, ...]]:
        """Where the nodes begin, their spacing, and how to turn data so that coordinates ascend."""
        axes = (self.x, self.y, self.z)
        origin = np.array([min(a[0], a[-1]) for a in axes])
        spacing = np.array([abs(a[-1] - a[0]) / (len(a) - 1) for a in axes])
        return origin, spacing, tuple(slice(None, None, 1 if a[-1] > a[0] else -1) for a in axes)

    def _limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the corners of what the field is known in."""
        ends = np.array([[a[0], a[-1]] for a in (self.x, self.y, self.z)])
        return np.min(ends, axis=1), np.max(ends, axis=1)

    @functools.cached_property
    def _fitted_faces(self) -> tuple[list[np.ndarray], Correction]:
        _, spacing, turn = self._axes
        return solenoidal_faces(self.B_nodes[turn], spacing)

    @functools.cached_property
    def _fitted_potential(self) -> tuple[np.ndarray | None, Correction | None]:
        """Potential at the nodes, and what E lost."""
        _, spacing, turn = self._axes
        if self.E_nodes is None:
            return (None if self.potential is None else self.potential[turn]), None
        edges = [cell_means(self.E_nodes[turn][..., k], k) for k in range(3)]
        phi = potential(edges, spacing)
        left = [e + np.diff(phi, axis=k) / spacing[k] for k, e in enumerate(edges)]
        return phi, _relative(left, edges)

    @property
    def divergence_removed(self) -> Correction:
        """How much of B was taken away to make its divergence zero."""
        return self._fitted_faces[1]

    @property
    def curl_removed(self) -> Correction | None:
        """How much of E was taken away to make its curl zero; None if E was not given as such."""
        return self._fitted_potential[1]

    @functools.cached_property
    def fit_error(self) -> Correction:
        """The difference between B and the data at the nodes."""
        rows = np.zeros((self.B_nodes[..., 0].size, 4))
        rows[:, :3] = np.stack(np.meshgrid(self.x, self.y, self.z, indexing="ij"), axis=-1).reshape(-1, 3)
        out = np.empty((len(rows), quantities.WIDTHS[quantities.EM]))
        grid_field(quantities.EM, self._parameters(), rows, out)
        return _relative([out[:, :3] - self.B_nodes.reshape(-1, 3)], [self.B_nodes])

    def _parameters(self) -> np.ndarray:
        origin, spacing, _ = self._axes
        nodes = [len(self.x), len(self.y), len(self.z)]
        low, high = ((limit - origin) / spacing for limit in self._limits())
        # A node on the surface, computed from its coordinates, may come out a rounding error outside.
        slack = 4 * np.finfo(float).eps * (np.array(nodes) + np.abs(origin) / spacing)
        b = spline_coefficients(self._fitted_faces[0], spacing)
        parts = [origin, 1.0 / spacing, nodes, low - slack, high + slack]
        parts += [table(c, nodes, first=k) for k, c in enumerate(b)]
        parts += [table(c, nodes, first=k + 1) for k, c in enumerate(axial_gauge(b, spacing))]
        phi = self._fitted_potential[0]
        if phi is not None:
            for k in range(3):
                phi = interpolating(phi, k)
            parts += [table(-np.diff(phi, axis=k) / spacing[k], nodes, first=k + 1) for k in range(3)]
            parts += [phi.ravel(), np.zeros(4)]
        return np.concatenate(parts)


def _relative(change: list[np.ndarray], whole: list[np.ndarray]) -> Correction:
    def sizes(parts: list[np.ndarray]) -> np.ndarray:
        squares = [np.mean(part**2) * (3 / len(parts)) for part in parts]
        return np.array([np.sqrt(np.sum(squares)), max(np.max(np.abs(part)) for part in parts)])

    changes, wholes = sizes(change), sizes(whole)
    rms, largest = np.divide(changes, wholes, out=np.zeros(2), where=wholes > 0.0)
    return Correction(float(rms), float(largest))


def solenoidal_faces(B: np.ndarray, spacing: np.ndarray) -> tuple[list[np.ndarray], Correction]:
    """Return mean normal components on the faces, of no net flux out of any cell, and how much they were changed."""
    means = [cell_means(cell_means(B[..., k], (k + 1) % 3), (k + 2) % 3) for k in range(3)]
    faces = without_divergence(means, spacing)
    return faces, _relative([a - b for a, b in zip(faces, means, strict=True)], means)


def spline_coefficients(faces: list[np.ndarray], spacing: np.ndarray) -> list[np.ndarray]:
    """Return the coefficients of each component from the face means; div B = 0 to their last bits."""
    b = [
        interpolating(histopolating(histopolating(F, (k + 1) % 3), (k + 2) % 3), k)
        for k, F in enumerate(faces)
    ]
    b[2] = b[2] - spacing[2] * sums_from_middle(divergence(b, spacing), 2)
    return b


def axial_gauge(b: list[np.ndarray], spacing: np.ndarray) -> list[np.ndarray]:
    """Return the coefficients of A_x and A_y with A_z = 0: sums along z, and along x in the middle plane.

    They go outwards from the middle, for coefficients beyond the ends of rough data are large and would spoil it all.
    """
    bx, by, bz = b
    hx, _, hz = spacing
    middle = bx.shape[2] // 2
    ay = hx * sums_from_middle(bz[:, :, middle], 0)[:, :, None] - hz * sums_from_middle(bx, 2)
    return [hz * sums_from_middle(by, 2), ay]


def table(coefficients: np.ndarray, nodes: list[int], first: int) -> np.ndarray:
    """Return coefficients as the kernels read them: axis `first` outermost, four more than nodes along each axis."""
    shape = np.array(nodes) + 4
    padded = np.pad(coefficients, [(0, n - m) for n, m in zip(shape, coefficients.shape, strict=True)])
    return padded.transpose([(first + k) % 3 for k in range(3)]).ravel()
