"""Costly fields in a box through a table whose error is known."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits.fields._refinement import (
    LEAST_COUNT,
    MARGIN,
    refined,
    static_field,
    unit_samples,
    with_margin,
)
from magneton.orbits.fields._shared import set_checked
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.fields.gridded import GriddedField


@dataclass(frozen=True, eq=False)
class InterpolatedBox(GriddedField):
    """The interpolant of a field in a box, made by `interpolated`: a `GriddedField` with a known error.

    Attributes
    ----------
    lower, upper : ndarray, shape (3,), metre
        Corners of the box; outside all is nan.
    error : float
        What its B was found to differ from the field's by at most, with a margin: see `interpolated`.
    """

    lower: Any = field(default=None, kw_only=True)
    upper: Any = field(default=None, kw_only=True)
    error: float = field(default=math.nan, kw_only=True)

    def _judge(self) -> None:
        pass  # the error tells more than the divergence that a coarse grid leaves

    def _limits(self) -> tuple[np.ndarray, np.ndarray]:
        return self.lower, self.upper


def interpolated(
    field: Any, lower: Any, upper: Any, rtol: float = 1e-6, *, memory: float = 5e8, seed: int = 0
) -> InterpolatedBox:
    """Return an interpolant of a field in a box, refined until its error is small enough.

    B is sampled on a uniform grid that reaches a little beyond the box where the field is known there, and made into a
    `GriddedField`: div B = 0 identically, B = curl A, and likewise the electric potential if there is one. The error of
    B is measured at 20000 fresh random points, a third of them close to the faces of the box, and multiplied by 1.5.

    Parameters
    ----------
    field : source, OrbitField or list
        Static, and smooth in the box.
    lower, upper : array_like, shape (3,), metre
        Corners of the box.
    rtol : float
        The largest error of B allowed, relative to |B| at the point or, where B is weaker than 1e-4 of its largest
        value in the box, to that.
    memory : float, byte
        The most that the tables may take.
    seed : int
        Of the random points.

    Returns
    -------
    InterpolatedBox
        With the ``error`` reached.

    Raises
    ------
    ValueError
        If the field changes in time or is not defined everywhere in the box, or `rtol` asks for more than `memory`.

    Examples
    --------
    >>> from magneton import Dipole
    >>> from magneton.orbits.fields import interpolated
    >>> quick = interpolated(Dipole([0, 0, 1.0]), [1.0, -0.5, -0.5], [2.0, 0.5, 0.5], rtol=1e-4)
    >>> quick.error <= 1e-4
    True
    """
    original = static_field(field)
    lower, upper = _check.vector("lower", lower, "m"), _check.vector("upper", upper, "m")
    if not np.all(lower < upper):
        raise ValueError(
            f"upper must exceed lower along each axis, got {lower.tolist()} and {upper.tolist()}"
        )

    def build(counts: np.ndarray) -> GriddedField:
        return _box(original, lower, upper, counts)

    def sample(generator: np.random.Generator) -> np.ndarray:
        return lower + (upper - lower) * unit_samples(generator, 3)

    sides = upper - lower
    counts = np.maximum(LEAST_COUNT, np.ceil(LEAST_COUNT * sides / np.min(sides))).astype(int)
    size = 5 if not original.electric else 9
    made, error = refined(
        build,
        original.B,
        sample,
        np.minimum(counts, 4 * LEAST_COUNT),
        lambda n: 8.0 * size * float(np.prod(n + 2 * MARGIN + 4)),
        _check.fraction("rtol", rtol),
        _check.positive("memory", memory),
        seed,
    )
    set_checked(made, error=error)
    return made


def _box(original: OrbitField, lower: np.ndarray, upper: np.ndarray, counts: np.ndarray) -> InterpolatedBox:
    """Return the field in a box on so many nodes, with a margin if it is defined there."""
    for margin in (MARGIN, 0):
        axes = [with_margin(lower[k], upper[k], counts[k], margin, margin) for k in range(3)]
        nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        B = original.B(nodes)
        phi = original.electric_potential(nodes) if original.electric else None
        if np.isfinite(B).all() and (phi is None or np.isfinite(phi).all()):
            return InterpolatedBox(axes[0], axes[1], axes[2], B, phi, lower=lower, upper=upper)
    raise ValueError(
        "field must be defined, with its electric potential, everywhere in the box, got nan or inf"
    )
