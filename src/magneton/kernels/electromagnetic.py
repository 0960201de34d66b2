"""The electromagnetic field that charges move in: B, E and their derivatives at points in space and time.

A field is the flat arrays of `magneton.kernels.field`. Uniform fields and dipoles are evaluated here; everything else
comes in by the address of its field function, so that a loop over orbits compiles once, whatever it flies through:
`BODY` for magnets at rest, `TIMED` for functions of x, y, z and t that know E as well. Loops have such a function
(`magneton.kernels.em_loop`); sources of other kinds are wrapped into one `TIMED` term whose function is `static_field`
(see `magneton.orbits.fields`).

Points are columns of a (4, n) array, x y z t; a result has one row a component, so that loops over points vectorise::

    EM             0:3 B   3:6 E
    EM_GRAD        0:3 B   3:12 dB_i/dx_j   12:15 E   15:18 dB/dt   18:27 dE_i/dx_j   27:30 dE/dt
    EM_POTENTIALS  0:3 A   3 electric potential;   B = curl A,   E = -grad phi - dA/dt

A `TIMED` function is a `magneton._jit.field_function` ``f(what, params, points, out)`` with points (n, 4) and out
(n, 6 | 30 | 4) in rows; it sets every entry, and nan where it knows no answer.
"""

import numpy as np

from magneton._jit import call_field_function, call_user_field, field_function, kernel
from magneton.kernels import quantities
from magneton.kernels.dipole import dipole_A, dipole_B, dipole_grad
from magneton.kernels.field import (
    BODY,
    BODY_PARAMS,
    DIPOLE,
    MU0_4PI,
    UNIFORM,
    field_A,
    field_B,
    field_grad,
    to_global,
    to_local,
)

_B, _A, _GRAD = quantities.B, quantities.A, quantities.GRAD
_EM, _EM_GRAD, _EM_POTENTIALS = quantities.EM, quantities.EM_GRAD, quantities.EM_POTENTIALS
#: Floats of workspace a point that `em_block` needs.
SCRATCH = 34


@kernel
def _uniform_block(p, points, what, out):
    if what == _EM_POTENTIALS:
        for i in range(points.shape[1]):
            rx, ry, rz = points[0, i] - p[3], points[1, i] - p[4], points[2, i] - p[5]
            out[0, i] += 0.5 * (p[1] * rz - p[2] * ry)
            out[1, i] += 0.5 * (p[2] * rx - p[0] * rz)
            out[2, i] += 0.5 * (p[0] * ry - p[1] * rx)
    else:
        for k in range(3):
            for i in range(points.shape[1]):
                out[k, i] += p[k]


@kernel
def _dipole_block(p, points, what, out):
    x0, y0, z0 = p[0], p[1], p[2]
    mx, my, mz = MU0_4PI * p[3], MU0_4PI * p[4], MU0_4PI * p[5]
    if what == _EM_POTENTIALS:
        for i in range(points.shape[1]):
            a = dipole_A(points[0, i] - x0, points[1, i] - y0, points[2, i] - z0, mx, my, mz)
            out[0, i] += a[0]
            out[1, i] += a[1]
            out[2, i] += a[2]
        return
    for i in range(points.shape[1]):
        b = dipole_B(points[0, i] - x0, points[1, i] - y0, points[2, i] - z0, mx, my, mz)
        out[0, i] += b[0]
        out[1, i] += b[1]
        out[2, i] += b[2]
    if what == _EM_GRAD:
        for i in range(points.shape[1]):
            g = dipole_grad(points[0, i] - x0, points[1, i] - y0, points[2, i] - z0, mx, my, mz)
            out[3, i] += g[0]
            out[4, i] += g[1]
            out[5, i] += g[2]
            out[6, i] += g[1]
            out[7, i] += g[3]
            out[8, i] += g[4]
            out[9, i] += g[2]
            out[10, i] += g[4]
            out[11, i] -= g[0] + g[3]


@kernel
def _local_rows(p, points, width, rows):
    for i in range(points.shape[1]):
        rows[i, 0], rows[i, 1], rows[i, 2] = to_local(p, points[0, i], points[1, i], points[2, i])
        if width == 4:
            rows[i, 3] = points[3, i]


@kernel
def _add_rows(values, first, out):
    for k in range(values.shape[1]):
        for i in range(values.shape[0]):
            out[first + k, i] += values[i, k]


@kernel
def _body_block(p, points, what, out, scratch):
    """Add a magnet at rest, whose function knows B, A and grad B one at a time."""
    n = points.shape[1]
    address = np.int64(p[13])
    rows = scratch[: 3 * n].reshape((n, 3))
    _local_rows(p, points, 3, rows)
    values = scratch[4 * n : 7 * n].reshape((n, 3))
    call_field_function(address, _A if what == _EM_POTENTIALS else _B, p[BODY_PARAMS:], rows, values)
    to_global(p, values)
    _add_rows(values, 0, out)
    if what == _EM_GRAD:
        gradient = scratch[4 * n : 13 * n].reshape((n, 9))
        call_field_function(address, _GRAD, p[BODY_PARAMS:], rows, gradient)
        to_global(p, gradient)
        _add_rows(gradient, 3, out)


@kernel
def _turn_rows(p, values, what):
    """Turn the vectors and gradients of a result from the term's own axes to the global ones."""
    if what == _EM_GRAD:
        for first in (0, 12, 15, 27):
            to_global(p, values[:, first : first + 3])
        to_global(p, values[:, 3:12])
        to_global(p, values[:, 18:27])
    else:
        to_global(p, values[:, :3])
        if what == _EM:
            to_global(p, values[:, 3:6])


@kernel
def _timed_block(p, points, what, out, scratch):
    n, width = points.shape[1], out.shape[0]
    rows = scratch[: 4 * n].reshape((n, 4))
    _local_rows(p, points, 4, rows)
    values = scratch[4 * n : (4 + width) * n].reshape((n, width))
    call_field_function(np.int64(p[13]), what, p[BODY_PARAMS:], rows, values)
    if p[3] != 1.0 or p[7] != 1.0 or p[11] != 1.0:
        _turn_rows(p, values, what)
    _add_rows(values, 0, out)


@kernel
def em_block(kinds, starts, params, points, what, out, scratch):
    """Set `out` to a quantity of the sum of fields at points.

    `points` is (4, n), rows x y z t; `out` (6 | 30 | 4, n) for `what` = EM, EM_GRAD, EM_POTENTIALS; `scratch` holds
    n * SCRATCH floats.
    """
    out[:] = 0.0
    for i in range(len(kinds)):
        p = params[starts[i] : starts[i + 1]]
        if kinds[i] == DIPOLE:
            _dipole_block(p, points, what, out)
        elif kinds[i] == UNIFORM:
            _uniform_block(p, points, what, out)
        elif kinds[i] == BODY:
            _body_block(p, points, what, out, scratch)
        else:
            _timed_block(p, points, what, out, scratch)


@field_function
def static_field(what, params, points, out):
    """Evaluate sources at rest of any kind; params: n, n kinds, n + 1 starts, their parameters."""
    n = int(params[0])
    kinds = params[1 : 1 + n].astype(np.int64)
    starts = params[1 + n : 2 + 2 * n].astype(np.int64)
    own = params[2 + 2 * n :]
    out[:] = 0.0
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        if what == _EM_POTENTIALS:
            out[i, 0], out[i, 1], out[i, 2] = field_A(kinds, starts, own, x, y, z)
        else:
            out[i, 0], out[i, 1], out[i, 2] = field_B(kinds, starts, own, x, y, z)
            if what == _EM_GRAD:
                field_grad(kinds, starts, own, x, y, z, out[i, 3:12])


@field_function
def user_field(what, params, points, out):
    """Call a user's ``void f(double *txyz, double *params, double *result)``.

    params: address, whether it changes in time, whether it has an E, and the user's own. The result is laid out as
    EM_GRAD, filled with nan before the call. It is asked for no potential.
    """
    txyz, result = np.empty(4), np.empty(30)
    address = np.int64(params[0])
    changes, electric, own = params[1] != 0.0, params[2] != 0.0, params[3:].copy()
    for i in range(len(points)):
        txyz[0], txyz[1:] = points[i, 3], points[i, :3]
        result[:] = np.nan
        call_user_field(address, txyz, own, result)
        if not electric:
            result[12:15], result[18:30] = 0.0, 0.0
        if not changes:
            result[15:18], result[27:30] = 0.0, 0.0
        if what == _EM_GRAD:
            out[i] = result
        elif what == _EM:
            out[i, :3] = result[:3]
            out[i, 3:] = result[12:15]
        else:
            out[i] = np.nan


@kernel
def em_rows(kinds, starts, params, points, what, out, first, last):
    """Set rows first..last of `out` (n, width) at `points` (n, 4), a block at a time."""
    block = 128
    columns, values = np.empty((4, block)), np.empty((out.shape[1], block))
    scratch = np.empty(block * SCRATCH)
    for start in range(first, last, block):
        n = min(block, last - start)
        if n < block:
            columns, values = np.empty((4, n)), np.empty((out.shape[1], n))
        for i in range(n):
            for k in range(4):
                columns[k, i] = points[start + i, k]
        em_block(kinds, starts, params, columns, what, values, scratch)
        for i in range(n):
            for k in range(out.shape[1]):
                out[start + i, k] = values[k, i]
