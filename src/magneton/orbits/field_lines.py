"""Field lines by their arc length, to rounding."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton._jit import parallel_for
from magneton.kernels.field_line import walk_rows
from magneton.kernels.field_minimum import weakest_rows
from magneton.orbits.fields.base import OrbitField, as_field

_GRAIN = 4


def flat(field: OrbitField) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the field as kernels take it."""
    compiled = field.compiled
    return compiled.kinds, compiled.starts, compiled.params


def events(position: Any, t: Any) -> tuple[np.ndarray, tuple[int, ...]]:
    """Return points in space and time as rows, shape (n, 4), and the shape they came in."""
    position = _check.points("position", position)
    t = _check.number("t", t, "s")
    rows = np.empty((position.size // 3, 4))
    rows[:, :3], rows[:, 3] = position.reshape(-1, 3), t
    return rows, position.shape[:-1]


def first_steps(field: OrbitField, rows: np.ndarray) -> np.ndarray:
    """Return a length at each point that is short beside the scale on which the field changes, shape (n,).

    Steps adapt: this need not be sharp. Fields that know no derivatives (nan) and uniform ones are measured by the
    distance to the origin.
    """
    known = field.derivatives(rows[:, :3], rows[:, 3])
    with np.errstate(all="ignore"):
        scale = np.linalg.norm(known["B"], axis=-1) / np.linalg.norm(known["grad_B"], axis=(-2, -1))
    distance = np.linalg.norm(rows[:, :3], axis=-1)
    fallback = np.where(distance > 0.0, distance, 1.0)
    return 0.02 * np.where(np.isfinite(scale) & (scale > 0.0), scale, fallback)


def points_along(field: OrbitField, rows: np.ndarray, steps: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the points at arc lengths (n, m), each row rising, from rows (n, 4): shape (n, m, 3)."""
    out = np.empty((*lengths.shape, 3))
    parts = flat(field)
    parallel_for(lambda i, j: walk_rows(*parts, rows, steps, lengths, out, i, j), len(rows), _GRAIN)
    return out


def field_line(field: Any, position: Any, arc_length: Any, t: Any = 0.0) -> np.ndarray:
    """Return the points of field lines at given arc lengths.

    dx/ds = B/|B| is followed to rounding, by extrapolation of the modified midpoint rule with a step that adapts
    [HairerNorsettWanner1993]_ (section II.9).

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field.
    position : array_like, shape (..., 3), metre
        Where each line starts.
    arc_length : array_like, shape (m,), metre
        From there, positive along B; in any order.
    t : float, second
        The time at which a field that changes is frozen.

    Returns
    -------
    ndarray, shape (..., m, 3), metre
        The points; nan beyond where the field is zero or not defined.

    Examples
    --------
    >>> from magneton import Dipole
    >>> from magneton.orbits.field_lines import field_line
    >>> line = field_line(Dipole([0, 0, -1.0]), [1.0, 0.0, 0.0], [-0.1, 0.1])
    >>> line[:, 2].round(3).tolist()
    [-0.099, 0.099]
    """
    field = as_field(field)
    rows, shape = events(position, t)
    lengths = np.atleast_1d(_check.real_array("arc_length", arc_length, "m", "an array of lengths"))
    if lengths.ndim != 1:
        raise ValueError(f"arc_length must have shape (m,), got shape {lengths.shape}")
    order = np.argsort(lengths)
    sorted_rows = np.ascontiguousarray(np.broadcast_to(lengths[order], (len(rows), len(lengths))))
    out = np.empty((len(rows), len(lengths), 3))
    out[:, order] = points_along(field, rows, first_steps(field, rows), sorted_rows)
    return out.reshape(*shape, len(lengths), 3)


def field_minimum(field: Any, position: Any, t: Any = 0.0) -> np.ndarray:
    """Return where B is weakest on the field line through each point: the magnetic equator.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field.
    position : array_like, shape (..., 3), metre
        A point of each line.
    t : float, second
        The time at which a field that changes is frozen.

    Returns
    -------
    ndarray, shape (..., 3), metre
        The nearest minimum downhill from the point, good to 1e-7 of the line's scale (B there to its square); nan where
        B has none.
    """
    field = as_field(field)
    rows, shape = events(position, t)
    return weakest(field, rows)[:, :3].reshape(*shape, 3)


def weakest(field: OrbitField, rows: np.ndarray) -> np.ndarray:
    """Return rows (n, 4) moved along their lines to the minimum of B."""
    rows, parts, steps = rows.copy(), flat(field), first_steps(field, rows)
    parallel_for(lambda i, j: weakest_rows(*parts, rows, steps, i, j), len(rows), _GRAIN)
    return rows
