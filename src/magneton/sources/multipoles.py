"""Multipole moments of any source, and the field that they make."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.kernels.gauss import gauss_field, gauss_params
from magneton.sources import expansion
from magneton.sources.base import NotDefined, ScalarPotential, Source, turned
from magneton.sources.framed import FramedBody
from magneton.sources.gauss import GaussCoefficients, coefficient_table, sine_table, whole_degree
from magneton.summation.batch import evaluate
from magneton.summation.compiled import CompiledField

_SQRT3 = math.sqrt(3.0)
#: A field with more curl than this, of its gradient, outside the sphere that holds its source has no multipoles.
_CURL = 1e-7


@dataclass(frozen=True, eq=False)
class Multipole(FramedBody, ScalarPotential):
    """Multipole moments about a point, and the field they make: that of their source, outside it.

    psi = (1/4 pi) sum_l r^-(l+1) sum_m (g_lm cos m phi + h_lm sin m phi) P_l^m(cos theta), with Schmidt's
    semi-normalised P_l^m [Chapman1940]_ ch. 17. Degree 0 is the pole strength in A m, which is zero for all but poles;
    degree 1 is the moment, (g_11, h_11, g_10) = (m_x, m_y, m_z) in A m^2. The series converges outside the sphere about
    the centre that holds the source; inside it means nothing. At the centre all is nan.

    Parameters
    ----------
    coefficients : array_like, shape (2, L + 1, L + 1), A m^(l+1)
        g and h by degree l and order m, in the multipole's own axes; h of order 0, and m > l, must be 0.
    position : array_like, shape (3,), metre
        The centre they are about.
    orientation : scipy Rotation, optional
        Takes their axes to the global ones.
    error : array_like, shape (L + 1,), A m^(l+1), optional
        How far the coefficients of each degree may be off.

    Raises
    ------
    ValueError
        If the shape does not fit, or a coefficient that does not exist is not zero.

    Examples
    --------
    >>> from magneton import CircularLoop
    >>> from magneton.sources.multipoles import multipoles
    >>> m = multipoles(CircularLoop(radius=1.0, current=1.0), order=3)
    >>> m.moment.round(12).tolist()
    [0.0, 0.0, 3.14159265359]
    """

    coefficients: Any
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see Framed
    error: Any = field(default=None, repr=False)

    _function: ClassVar = gauss_field

    def __post_init__(self) -> None:
        both = _check.real_array(
            "coefficients", self.coefficients, "1", "an array of shape (2, L + 1, L + 1)"
        )
        if both.ndim != 3 or len(both) != 2:
            raise ValueError(f"coefficients must have shape (2, L + 1, L + 1), got shape {both.shape}")
        g = coefficient_table("coefficients[0]", both[0], "1")
        sine_table("coefficients[1]", both[1], "1", g)
        both.setflags(write=False)
        object.__setattr__(self, "coefficients", both)
        if self.error is not None:
            error = _check.real_array("error", self.error, "1", "an array of shape (L + 1,)")
            if error.shape != (len(g),):
                raise ValueError(f"error must have shape ({len(g)},), got shape {error.shape}")
            object.__setattr__(self, "error", error)
        self._set_frame()

    @property
    def _c(self) -> np.ndarray:
        return self.coefficients[0] - 1j * self.coefficients[1]

    @property
    def order(self) -> int:
        """The highest degree L."""
        return self.coefficients.shape[1] - 1

    @property
    def centre(self) -> np.ndarray:
        """The point the moments are about: `position`."""
        return self.position

    @property
    def _unit(self) -> float:
        """A length (m), a power of two, by which all degrees are of a like size, so that no power overflows."""
        sizes = np.abs(self.coefficients).max(axis=(0, 2))
        used = np.flatnonzero(sizes)
        if len(used) < 2:
            return 1.0
        first, last = used[0], used[-1]
        return 2.0 ** round((math.log2(sizes[last]) - math.log2(sizes[first])) / (last - first))

    def _extent(self) -> float:
        return 0.0  # the series is singular at the centre only

    def _parameters(self) -> np.ndarray:
        unit = self._unit
        powers = unit ** (np.arange(self.order + 1.0) + 2.0)
        return gauss_params(self._c / powers[:, None], unit, float(mu_0) / (4.0 * math.pi))

    @property
    def A(self) -> Callable[[Any], np.ndarray]:
        """The vector potential in T m, in the Coulomb gauge, as `Dipole.A`; there if the monopole is zero."""
        if self.monopole != 0.0:
            raise NotDefined("Multipole has no A: the flux of its monopole has a source")
        return lambda points: self._evaluate("A", points, 3)

    # --- the moments ---

    @property
    def monopole(self) -> float:
        """The total pole strength, A m."""
        return float(self.coefficients[0, 0, 0])

    @property
    def moment(self) -> np.ndarray:
        """The dipole moment, shape (3,), A m^2, in global axes."""
        if self.order < 1:
            return np.zeros(3)
        g, h = self.coefficients
        return turned(self._matrix, np.array([g[1, 1], h[1, 1], g[1, 0]]))

    @property
    def quadrupole(self) -> np.ndarray:
        """The quadrupole Q, shape (3, 3), A m^3, symmetric and traceless, in global axes.

        psi = (1/4 pi) sum Q_ij x_i x_j/(2 r^5); of poles Q_ij = sum p (3 x_i x_j - r^2 delta_ij) [Jackson1999]_ sec.
        4.1.
        """
        if self.order < 2:
            return np.zeros((3, 3))
        (g0, g1, g2), (_, h1, h2) = self.coefficients[:, 2, :3]
        local = np.array(
            [
                [_SQRT3 * g2 - g0, _SQRT3 * h2, _SQRT3 * g1],
                [_SQRT3 * h2, -_SQRT3 * g2 - g0, _SQRT3 * h1],
                [_SQRT3 * g1, _SQRT3 * h1, 2.0 * g0],
            ]
        )
        return self._matrix @ local @ self._matrix.T

    @property
    def octupole(self) -> np.ndarray:
        """The coefficients of degree 3, g and h, shape (2, 4), A m^4, in the multipole's own axes."""
        return self.coefficients[:, 3, :4].copy() if self.order >= 3 else np.zeros((2, 4))

    def part(self, degree: int) -> Multipole:
        """Return the one of these degrees alone: of 1 the dipole, of 2 the quadrupole."""
        degree = whole_degree("degree", degree, 0)
        kept = np.zeros_like(self.coefficients)
        kept[:, degree : degree + 1] = self.coefficients[:, degree : degree + 1]
        return self._with(kept)

    def truncated(self, order: int) -> Multipole:
        """Return the degrees up to `order`."""
        kept = whole_degree("order", order, 0) + 1
        error = None if self.error is None else self.error[:kept]
        return self._with(self.coefficients[:, :kept, :kept], error)

    def shifted(self, centre: Any) -> Multipole:
        """Return the moments about another centre (m): exact for all the degrees there are."""
        centre = _check.vector("centre", centre, "m")
        c = expansion.translated(self._c, (self.position - centre) @ self._matrix)
        return self._with(_real(c))._placed(centre, self._matrix)

    def _with(self, coefficients: np.ndarray, error: np.ndarray | None = None) -> Multipole:
        return Multipole(coefficients, error=error)._placed(self.position, self._matrix)


def _real(c: np.ndarray) -> np.ndarray:
    """Return g and h, with zeros free of a sign where there is no coefficient."""
    return np.array([np.tril(np.real(c)), np.tril(-np.imag(c)) + 0.0])


def multipoles(source: Source, order: int, centre: Any = None) -> Multipole:
    """Return the multipole moments of a source, up to a degree.

    Those of dipoles and poles are closed forms, and those of a planet or another multipole are moved exactly. Of
    anything else they come from the radial field on a sphere about the centre that holds it, by a product rule
    (Gauss-Legendre, trapezoid) that is refined until it has converged to rounding.

    Parameters
    ----------
    source : source
        With a field that is free of curl outside it.
    order : int
        The highest degree, 0 to 80.
    centre : array_like, shape (3,), metre, optional
        What they are about; the source's position by default, or the mean of its parts' positions.

    Returns
    -------
    Multipole
        In global axes, with `error`.

    Raises
    ------
    ValueError
        If the source has none: a uniform field, an open circuit.
    """
    order = whole_degree("order", order, 0)
    if order > expansion.HIGHEST:
        raise ValueError(f"order must be at most {expansion.HIGHEST}, got {order}")
    if not isinstance(source, Source):
        raise ValueError(f"source must be a source, got {type(source).__name__}")
    centre = centre_of(source) if centre is None else _check.vector("centre", centre, "m")
    c, error = _coefficients(source, order, centre)
    return Multipole(_real(c), centre, error=error)


def centre_of(source: Source) -> np.ndarray:
    """Return the point that a source's moments are about if no other is given."""
    position = getattr(source, "position", None)
    if position is not None:
        return np.asarray(position)
    return expansion.spheres(source.compiled)[0].mean(axis=0)


def extent_about(source: Source, centre: np.ndarray) -> float:
    """Return the radius (m) of a sphere about a centre that holds a source."""
    centres, radii = expansion.spheres(source.compiled)
    return float(np.max(np.linalg.norm(centres - centre, axis=1) + radii))


def _coefficients(source: Source, order: int, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if hasattr(source, "sources"):
        parts = [_coefficients(member, order, centre) for member in source.sources]
        return np.sum([c for c, _ in parts], axis=0), np.sum([error for _, error in parts], axis=0)
    if isinstance(source, Multipole | GaussCoefficients):
        return _of_series(source, order, centre)
    compiled = source.compiled
    c = expansion.of_point_terms(compiled, centre, order)
    error = 8.0 * np.finfo(float).eps * np.abs(c).max(axis=1)
    rest = expansion.without_points(compiled)
    extent = extent_about(source, centre)
    if len(rest.kinds):
        _require_no_curl(source, rest, centre, extent)
        more, its_error = expansion.of_field(rest, centre, extent, order)
        if hasattr(source, "A"):
            more[0] = 0.0  # what has a vector potential has no monopole: not even one of rounding
        c, error = c + more, error + its_error
    return c, error


def _of_series(
    source: Multipole | GaussCoefficients, order: int, centre: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients of a series in global axes, moved to another centre."""
    if isinstance(source, Multipole):
        c, unit = source._c, source._unit
    else:
        powers = source.radius ** (np.arange(source.degree + 1.0) + 2.0)
        c = 4.0 * math.pi / float(mu_0) * powers[:, None] * (source.g - 1j * source.h)
        unit = source.radius
    error = np.zeros(len(c))
    if not np.array_equal(source._matrix, np.eye(3)):
        monopole = c[0, 0]
        c, error = expansion.of_field(source.compiled, source.position, unit / expansion.REACH, len(c) - 1)
        c[0, 0] = monopole
    padded, errors = np.zeros((order + 1, order + 1), dtype=complex), np.zeros(order + 1)
    kept = min(order + 1, len(c))
    padded[:kept, :kept] = c[:kept, :kept]
    errors[:kept] = error[:kept]
    moved = expansion.translated(padded, source.position - centre)
    return moved, errors + 8.0 * np.finfo(float).eps * np.abs(moved).max(axis=1)


def _require_no_curl(source: Source, field: CompiledField, centre: np.ndarray, extent: float) -> None:
    """Raise if the field has a curl outside the source: its currents do not close on themselves."""
    directions = np.array([[0.6, 0.48, 0.64], [-0.8, 0.36, 0.48], [0.28, -0.96, 0.0], [0.0, 0.6, -0.8]])
    gradient = evaluate(field, "grad_B", centre + expansion.REACH * extent * directions).reshape(-1, 3, 3)
    turn = np.abs(gradient - gradient.transpose(0, 2, 1)).max()
    if turn > _CURL * np.abs(gradient).max():
        raise NotDefined(
            f"{type(source).__name__} has no multipoles: its field has a curl outside it, since its currents do not "
            "close on themselves"
        )
