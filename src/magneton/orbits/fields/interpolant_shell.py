"""Costly fields between two spheres through tables whose error is known."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.kernels.em_grid_shell import shell_field
from magneton.orbits.fields._refinement import (
    CHECKS,
    LEAST_COUNT,
    MARGIN,
    refined,
    static_field,
    unit_samples,
    with_margin,
)
from magneton.orbits.fields._shared import set_checked
from magneton.orbits.fields.base import OrbitField, TimedField
from magneton.orbits.fields.gridded import solenoidal_faces, spline_coefficients, table


@dataclass(frozen=True, eq=False)
class InterpolatedShell(TimedField):
    """The interpolant of a magnetic field between two spheres, made by `interpolated_shell`.

    Tables of splines on the six faces of a cube, in gnomonic coordinates and 1/r. On each face div B = 0 identically
    and B is twice differentiable; on the planes between faces B jumps by no more than its error. It has no vector
    potential (A is nan): take that of the field itself.

    Attributes
    ----------
    inner, outer : float, metre
        The radii; elsewhere all is nan.
    error : float
        What its B was found to differ from the field's by at most, with a margin: see `interpolated_shell`.
    """

    inner: float
    outer: float
    error: float
    _grid: Any = field(repr=False)
    _tables: Any = field(repr=False)

    _function: ClassVar = shell_field

    def __post_init__(self) -> None:
        self._set_frame()

    def _parameters(self) -> np.ndarray:
        return np.concatenate([[self.inner, self.outer, *self._grid], self._tables])


def interpolated_shell(
    field: Any,
    inner: float,
    outer: float,
    rtol: float = 1e-6,
    *,
    position: Any = (0.0, 0.0, 0.0),
    memory: float = 5e8,
    seed: int = 0,
) -> InterpolatedShell:
    """Return an interpolant of a magnetic field between two spheres, such as that of a planet.

    The coordinates follow a planet's field, whose tables are therefore far smaller than those of a box: the field of
    the Earth from 1 to 10 radii takes 12 MB for 1e-5, and 25 MB for 1e-6. The error is measured as for `interpolated`.

    Parameters
    ----------
    field : source, OrbitField or list
        Static, without electric field, and smooth between the spheres.
    inner, outer : float, metre
        Their radii.
    rtol : float
        The largest error of B allowed, relative to |B| at the point or, where B is weaker than 1e-4 of its largest
        value on the domain, to that.
    position : array_like, shape (3,), metre
        Their centre.
    memory : float, byte
        The most that the tables may take.
    seed : int
        Of the random points.

    Returns
    -------
    InterpolatedShell
        With the ``error`` reached.

    Raises
    ------
    ValueError
        If the field changes in time, has an electric part or is not defined everywhere between the spheres, or `rtol`
        asks for more than `memory`.
    """
    original = static_field(field)
    if original.electric:
        raise ValueError("field must have no electric part for an interpolant between spheres")
    inner, outer = _check.positive("inner", inner, "m"), _check.positive("outer", outer, "m")
    if inner >= outer:
        raise ValueError(f"outer must exceed inner, {inner:g} m, got {outer:g} m")
    centre = _check.vector("position", position, "m")

    def build(counts: np.ndarray) -> InterpolatedShell:
        return _shell(original, inner, outer, centre, int(counts[0]), int(counts[1]))

    def sample(generator: np.random.Generator) -> np.ndarray:
        direction = generator.normal(size=(CHECKS, 3))
        direction /= np.linalg.norm(direction, axis=1)[:, None]
        t = unit_samples(generator, 1)
        # Half of them as the nodes are, evenly in 1/r; half evenly in r.
        even = 1.0 / (1.0 / outer + t * (1.0 / inner - 1.0 / outer))
        r = np.where(np.arange(CHECKS)[:, None] % 2, even, inner + t * (outer - inner))
        return centre + np.clip(r, inner * (1 + 1e-12), outer * (1 - 1e-12)) * direction

    made, error = refined(
        build,
        original.B,
        sample,
        np.array([12, LEAST_COUNT]),
        lambda n: 8.0 * 18 * float((n[0] + 2 * MARGIN + 4) ** 2 * (n[1] + 2 * MARGIN + 4)),
        _check.fraction("rtol", rtol),
        _check.positive("memory", memory),
        seed,
    )
    set_checked(made, error=error)
    return made


def _shell(
    original: OrbitField, inner: float, outer: float, centre: np.ndarray, angular: int, radial: int
) -> InterpolatedShell:
    """Return the field between spheres on so many nodes, with a margin."""
    u = with_margin(-1.0, 1.0, angular, MARGIN, MARGIN)
    low, high = 1.0 / outer, 1.0 / inner
    outside = min(MARGIN, int(0.8 * low * (radial - 1) / (high - low)))
    for inside in (MARGIN, 0):
        s = with_margin(low, high, radial, outside, inside)
        forms = [_two_form(original, u, s, centre, axis, sign) for sign in (1, -1) for axis in range(3)]
        if all(np.isfinite(form).all() for form in forms):
            break
    else:
        raise ValueError("field must be defined everywhere between the spheres, got nan or inf")
    spacing = np.array([u[1] - u[0], u[1] - u[0], s[1] - s[0]])
    nodes = [len(u), len(u), len(s)]
    tables = [
        table(c, nodes, first=k)
        for form in forms
        for k, c in enumerate(spline_coefficients(solenoidal_faces(form, spacing)[0], spacing))
    ]
    grid = (len(u), u[0], 1.0 / spacing[0], len(s), s[0], 1.0 / spacing[2])
    return InterpolatedShell(inner, outer, math.nan, grid, np.concatenate(tables), position=centre)


def _two_form(
    original: OrbitField, u: np.ndarray, s: np.ndarray, centre: np.ndarray, axis: int, sign: int
) -> np.ndarray:
    """Return b_u, b_v, b_s at the nodes of a face: B.grad u and so on, over grad u.(grad v x grad s) = -s^4 q^3."""
    U, V, S = np.meshgrid(u, u, s, indexing="ij")
    q = np.sqrt(1.0 + U * U + V * V)
    X = 1.0 / (S * q)
    turned = [(k - axis) % 3 for k in range(3)]
    points = sign * np.stack([X, X * U, X * V], axis=-1)[..., turned] + centre
    B = sign * original.B(points)[..., [(axis + k) % 3 for k in range(3)]]
    along = B[..., 0] + U * B[..., 1] + V * B[..., 2]
    jacobian = -(S**4) * q**3
    return np.stack(
        [
            (B[..., 1] - U * B[..., 0]) / (X * jacobian),
            (B[..., 2] - V * B[..., 0]) / (X * jacobian),
            -X * S**3 * along / jacobian,
        ],
        axis=-1,
    )
