"""A compiled field at many points: each kind of source by its fastest loop, in threads."""

import numpy as np

from magneton._jit import call_field_function, inline_kernel, kernel, parallel_for
from magneton.constants import mu_0
from magneton.kernels.dipole import dipole_B
from magneton.kernels.field import (
    BODY,
    BODY_PARAMS,
    DIPOLE,
    LOOP,
    MU0_4PI,
    field_A,
    field_B,
    field_grad,
    field_potential,
    to_global,
    to_local,
)
from magneton.kernels.loop_block import BLOCK, X, Y, Z, block_B, block_workspace
from magneton.kernels.quantities import GRAD, POTENTIAL, WIDTHS, A, B, H
from magneton.summation.compiled import CompiledField
from magneton.summation.direct import MANY, add_dipoles

_CODES = {"B": B, "A": A, "grad_B": GRAD, "scalar_potential": POTENTIAL, "H": H}
_GRAIN = 8 * BLOCK
#: Points of a body that are worth a thread.
_BODY_GRAIN = 256


@inline_kernel
def _put(out, i, x, y, z, begun):
    """Add a vector to a row, or set it: to read fresh memory first would cost as much as the field."""
    out[i, 0] = out[i, 0] + x if begun else x
    out[i, 1] = out[i, 1] + y if begun else y
    out[i, 2] = out[i, 2] + z if begun else z


@kernel
def _loop_B(points, out, first, last, p, begun):
    """Add one loop's B, or set it if the sum has not begun, a block of points at a time."""
    w = block_workspace()
    scale = MU0_4PI * p[13]
    for start in range(first, last, BLOCK):
        count = min(BLOCK, last - start)
        for i in range(count):
            dx, dy, dz = points[start + i, 0] - p[0], points[start + i, 1] - p[1], points[start + i, 2] - p[2]
            w[X + i] = p[3] * dx + p[6] * dy + p[9] * dz
            w[Y + i] = p[4] * dx + p[7] * dy + p[10] * dz
            w[Z + i] = p[5] * dx + p[8] * dy + p[11] * dz
        block_B(w, p[12])
        for i in range(count):
            x, y, z = scale * w[X + i], scale * w[Y + i], scale * w[Z + i]
            bx = p[3] * x + p[4] * y + p[5] * z
            by = p[6] * x + p[7] * y + p[8] * z
            bz = p[9] * x + p[10] * y + p[11] * z
            _put(out, start + i, bx, by, bz, begun)


@kernel
def _dipole_B(points, out, first, last, p, begun):
    """Add one dipole's B, or set it if the sum has not begun."""
    for i in range(first, last):
        bx, by, bz = dipole_B(points[i, 0] - p[0], points[i, 1] - p[1], points[i, 2] - p[2], p[3], p[4], p[5])
        _put(out, i, MU0_4PI * bx, MU0_4PI * by, MU0_4PI * bz, begun)


@kernel
def _add_body(points, out, first, last, p, what):
    """Add a body's field, a block of points at a time."""
    local, values = np.empty((BLOCK, 3)), np.empty((BLOCK, out.shape[1]))
    address = np.int64(p[13])
    for start in range(first, last, BLOCK):
        count = min(BLOCK, last - start)
        for i in range(count):
            x, y, z = points[start + i, 0], points[start + i, 1], points[start + i, 2]
            local[i, 0], local[i, 1], local[i, 2] = to_local(p, x, y, z)
        call_field_function(address, what, p[BODY_PARAMS:], local[:count], values[:count])
        to_global(p, values[:count])
        for i in range(count):
            for k in range(out.shape[1]):
                out[start + i, k] += values[i, k]


@kernel
def _any_B(points, out, first, last, kinds, starts, params):
    for i in range(first, last):
        b = field_B(kinds, starts, params, points[i, 0], points[i, 1], points[i, 2])
        out[i, 0] += b[0]
        out[i, 1] += b[1]
        out[i, 2] += b[2]


@kernel
def _any_A(points, out, first, last, kinds, starts, params):
    for i in range(first, last):
        a = field_A(kinds, starts, params, points[i, 0], points[i, 1], points[i, 2])
        out[i, 0] += a[0]
        out[i, 1] += a[1]
        out[i, 2] += a[2]


@kernel
def _any_potential(points, out, first, last, kinds, starts, params):
    for i in range(first, last):
        out[i, 0] += field_potential(kinds, starts, params, points[i, 0], points[i, 1], points[i, 2])


@kernel
def _any_grad(points, out, first, last, kinds, starts, params):
    work = np.empty(9)
    for i in range(first, last):
        field_grad(kinds, starts, params, points[i, 0], points[i, 1], points[i, 2], work)
        for k in range(9):
            out[i, k] += work[k]


_ANY = {"B": _any_B, "A": _any_A, "scalar_potential": _any_potential, "grad_B": _any_grad}


def evaluate(field: CompiledField, quantity: str, points: np.ndarray) -> np.ndarray:
    """Return a quantity of the field at points.

    Parameters
    ----------
    field : CompiledField
        The sources.
    quantity : {"B", "H", "A", "scalar_potential", "grad_B"}
        What to evaluate.
    points : ndarray, shape (n, 3), metre
        Where.

    Returns
    -------
    ndarray, shape (n, 3), (n, 3), (n, 3), (n, 1) or (n, 9)
        The sum over all terms, in SI.
    """
    # Of one array type only: a read-only or unaligned array would be another one, and compile all anew.
    points = np.require(points, np.float64, ["C", "A", "W"])
    out = np.empty((len(points), WIDTHS[_CODES[quantity]]))
    _set_filaments(field.without([BODY]), "B" if quantity == "H" else quantity, points, out)
    if quantity == "H":
        out /= float(mu_0)
    for row in field.terms(BODY):
        parallel_for(
            lambda i, j, row=row: _add_body(points, out, i, j, row, _CODES[quantity]),
            len(points),
            _BODY_GRAIN,
        )
    return out


def _set_filaments(field: CompiledField, quantity: str, points: np.ndarray, out: np.ndarray) -> None:
    """Set `out` to the sum of all terms that are not bodies."""
    by_loops = []
    dipoles = field.of_kind(DIPOLE)
    if quantity == "B":
        by_loops = [(_loop_B, row) for row in field.of_kind(LOOP)]
        if len(dipoles) < MANY:
            by_loops += [(_dipole_B, row) for row in dipoles]
    begun = False
    for add, row in by_loops:
        parallel_for(
            lambda i, j, add=add, row=row, b=begun: add(points, out, i, j, row, b), len(points), _GRAIN
        )
        begun = True
    if not begun:
        out.fill(0.0)
    many = len(dipoles) >= MANY
    if many:
        add_dipoles(quantity, points, dipoles, out)
    rest = field.without([LOOP, DIPOLE] if quantity == "B" else [DIPOLE] if many else [])
    if len(rest.kinds):
        flat = rest.kinds, rest.starts, rest.params
        parallel_for(lambda i, j: _ANY[quantity](points, out, i, j, *flat), len(points), 64)
