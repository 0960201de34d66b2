"""B as a spline on a uniform grid, of no divergence: weights, sums, and the field function of a gridded field.

B_x is quartic along x and cubic along y and z, and so on round; A_x is cubic along x and quartic along y and z, and so
is E_x: the spaces of `magneton.numerics.splines`. Each component has a table of m_x m_y m_z coefficients, m = nodes + 4
along each axis (what a cubic leaves over is not read). The last axis of a table, along which coefficients are
neighbours in memory and taken four at a time, is one along which the component is cubic: B_x is stored in the order
x y z, B_y in y z x, B_z in z x y; A_x and E_x in y z x, and so on round.

Points are taken `LANES` at a time: first the weights of all, in loops that vectorise, then the sums of each.
"""

import math

import numpy as np

from magneton._jit import field_function, inline_kernel, kernel
from magneton._simd_grid import block_sum_54, block_sum_55
from magneton.kernels import quantities

_EM_GRAD, _EM_POTENTIALS = quantities.EM_GRAD, quantities.EM_POTENTIALS
#: Points taken at once.
LANES = 64
#: Rows of weights an axis has, and where those of each kind begin: quartic (5) and three zeros, cubic (4), and the
#: derivatives of both.
ROWS = 21
_Q, _C, _DQ, _DC = 0, 8, 12, 17


@kernel
def set_weights(u, low, high, rate, slopes, cells, w):
    """Set the knot cells, and the rows of weights, of places counted in spacings from the first node.

    Outside low..high the cell is 0 and the weights are nan. `rate` is 1/spacing.
    """
    for n in range(len(u)):
        inside = low <= u[n] <= high
        i = int(u[n] + 0.5) if inside else 0
        t = u[n] + 0.5 - i if inside else math.nan
        s = 1.0 - t
        a, d = s * s * s / 6.0, t * t * t / 6.0
        b, c = (4.0 - 3.0 * t * t * (1.0 + s)) / 6.0, (4.0 - 3.0 * s * s * (1.0 + t)) / 6.0
        cells[n] = i
        w[_C, n], w[_C + 1, n], w[_C + 2, n], w[_C + 3, n] = a, b, c, d
        w[_Q, n] = 0.25 * s * a
        w[_Q + 1, n] = 0.25 * ((t + 3.0) * a + (1.0 + s) * b)
        w[_Q + 2, n] = 0.25 * ((t + 2.0) * b + (2.0 + s) * c)
        w[_Q + 3, n] = 0.25 * ((t + 1.0) * c + (3.0 + s) * d)
        w[_Q + 4, n] = 0.25 * t * d
        w[_Q + 5, n] = w[_Q + 6, n] = w[_Q + 7, n] = 0.0
    if slopes:
        for n in range(len(u)):
            t = u[n] + 0.5 - cells[n] + 0.0 * w[_C, n]  # nan outside
            s = 1.0 - t
            q, m, r = 0.5 * s * s, 0.5 + t * s, 0.5 * t * t
            w[_DC, n], w[_DC + 1, n] = -rate * q, rate * (q - m)
            w[_DC + 2, n], w[_DC + 3, n] = rate * (m - r), rate * r
            a, b, c, d = w[_C, n], w[_C + 1, n], w[_C + 2, n], w[_C + 3, n]
            w[_DQ, n], w[_DQ + 1, n], w[_DQ + 2, n] = -rate * a, rate * (a - b), rate * (b - c)
            w[_DQ + 3, n], w[_DQ + 4, n] = rate * (c - d), rate * d


@inline_kernel
def flux(table, m, w, cells, n, begin):
    """Return the components of a 2-form such as B for point n.

    m are the lengths of the tables' axes x, y, z, and the tables of the form begin at `begin`.
    """
    mx, my, mz = m
    i, j, k = cells[0, n], cells[1, n], cells[2, n]
    size = mx * my * mz
    x, y, z = 0, ROWS, 2 * ROWS
    return (
        block_sum_54(table, begin + (i * my + j) * mz + k, my * mz, mz, w, x + _Q, y + _C, z + _C, n),
        block_sum_54(table, begin + size + (j * mz + k) * mx + i, mz * mx, mx, w, y + _Q, z + _C, x + _C, n),
        block_sum_54(
            table, begin + 2 * size + (k * mx + i) * my + j, mx * my, my, w, z + _Q, x + _C, y + _C, n
        ),
    )


@inline_kernel
def _slopes_54(table, first, m1, m2, w, r0, r1, r2, n):
    """Return the derivatives, along its axes, of a component that is quartic along the first."""
    return (
        block_sum_54(table, first, m1 * m2, m2, w, r0 + _DQ, r1 + _C, r2 + _C, n),
        block_sum_54(table, first, m1 * m2, m2, w, r0 + _Q, r1 + _DC, r2 + _C, n),
        block_sum_54(table, first, m1 * m2, m2, w, r0 + _Q, r1 + _C, r2 + _DC, n),
    )


@kernel
def flux_gradient(table, m, w, cells, n, begin, out):
    """Set `out` to the derivatives of a 2-form for point n, row by row."""
    mx, my, mz = m
    i, j, k = cells[0, n], cells[1, n], cells[2, n]
    size = mx * my * mz
    x, y, z = 0, ROWS, 2 * ROWS
    out[0], out[1], out[2] = _slopes_54(table, begin + (i * my + j) * mz + k, my, mz, w, x, y, z, n)
    out[4], out[5], out[3] = _slopes_54(table, begin + size + (j * mz + k) * mx + i, mz, mx, w, y, z, x, n)
    out[8], out[6], out[7] = _slopes_54(
        table, begin + 2 * size + (k * mx + i) * my + j, mx, my, w, z, x, y, n
    )


@inline_kernel
def _slopes_55(table, first, m1, m2, w, r0, r1, r2, n):
    """Return the derivatives, along its axes, of a component that is cubic along the last."""
    return (
        block_sum_55(table, first, m1 * m2, m2, w, r0 + _DQ, r1 + _Q, r2 + _C, n),
        block_sum_55(table, first, m1 * m2, m2, w, r0 + _Q, r1 + _DQ, r2 + _C, n),
        block_sum_55(table, first, m1 * m2, m2, w, r0 + _Q, r1 + _Q, r2 + _DC, n),
    )


@inline_kernel
def _line_x(table, m, w, cells, n):
    """Return the x component of a 1-form such as A."""
    first = (cells[1, n] * m[2] + cells[2, n]) * m[0] + cells[0, n]
    return block_sum_55(table, first, m[2] * m[0], m[0], w, ROWS + _Q, 2 * ROWS + _Q, _C, n)


@inline_kernel
def _line_y(table, m, w, cells, n, begin):
    """Return the y component of a 1-form, whose table begins at `begin`."""
    first = begin + (cells[2, n] * m[0] + cells[0, n]) * m[1] + cells[1, n]
    return block_sum_55(table, first, m[0] * m[1], m[1], w, 2 * ROWS + _Q, _Q, ROWS + _C, n)


@inline_kernel
def _line_z(table, m, w, cells, n, begin):
    """Return the z component of a 1-form, whose table begins at `begin`."""
    first = begin + (cells[0, n] * m[1] + cells[1, n]) * m[2] + cells[2, n]
    return block_sum_55(table, first, m[1] * m[2], m[2], w, _Q, ROWS + _Q, 2 * ROWS + _C, n)


@kernel
def _line_gradient(table, m, size, w, cells, n, out):
    """Set `out` to the derivatives of a 1-form, row by row."""
    mx, my, mz = m
    i, j, k = cells[0, n], cells[1, n], cells[2, n]
    x, y, z = 0, ROWS, 2 * ROWS
    out[1], out[2], out[0] = _slopes_55(table, (j * mz + k) * mx + i, mz, mx, w, y, z, x, n)
    out[5], out[3], out[4] = _slopes_55(table, size + (k * mx + i) * my + j, mx, my, w, z, x, y, n)
    out[6], out[7], out[8] = _slopes_55(table, 2 * size + (i * my + j) * mz + k, my, mz, w, x, y, z, n)


@kernel
def _scalar(table, m, w, cells, n, begin):
    """Return a function that is quartic along all axes, such as the potential; the fifth neighbours by themselves."""
    first = begin + (cells[0, n] * m[1] + cells[1, n]) * m[2] + cells[2, n]
    z = 2 * ROWS + _Q
    return block_sum_55(table, first, m[1] * m[2], m[2], w, _Q, ROWS + _Q, z, n) + block_sum_55(
        table, first + 4, m[1] * m[2], m[2], w, _Q, ROWS + _Q, z + 4, n
    )


@kernel
def _potentials(A, E, m, size, w, cells, start, count, out):
    """Set A and phi at points start .. start + count."""
    for n in range(count):
        out[start + n, 0] = _line_x(A, m, w, cells, n)
        out[start + n, 1] = _line_y(A, m, w, cells, n, size)
        out[start + n, 2] = 0.0 * out[start + n, 0]  # nan outside
        out[start + n, 3] = _scalar(E, m, w, cells, n, 3 * size) if len(E) else out[start + n, 2]


@kernel
def _fields(B, E, m, size, w, cells, start, count, electric, out):
    """Set B, and E from column `electric` on, at points start .. start + count."""
    for n in range(count):
        bx, by, bz = flux(B, m, w, cells, n, 0)
        out[start + n, 0], out[start + n, 1], out[start + n, 2] = bx, by, bz
        ex = ey = ez = 0.0 * bx  # nan outside
        if len(E):
            ex = _line_x(E, m, w, cells, n)
            ey, ez = _line_y(E, m, w, cells, n, size), _line_z(E, m, w, cells, n, 2 * size)
        out[start + n, electric], out[start + n, electric + 1], out[start + n, electric + 2] = ex, ey, ez


@kernel
def _gradients(B, E, m, size, w, cells, start, count, out):
    """Set the derivatives of B and E at points start .. start + count."""
    for n in range(count):
        row = out[start + n]
        flux_gradient(B, m, w, cells, n, 0, row[3:12])
        row[15:] = 0.0 * row[0]  # nan outside
        if len(E):
            _line_gradient(E, m, size, w, cells, n, row[18:27])


@field_function
def grid_field(what, p, points, out):
    """Evaluate a gridded field.

    params: origin (3), 1/spacing (3), nodes (3), where the field begins and ends in spacings from the origin (3 + 3),
    then the tables of B (3), A_x, A_y, and, if there is an electric field, E (3) and phi with four zeros after it.
    """
    m = (int(p[6]) + 4, int(p[7]) + 4, int(p[8]) + 4)
    size = m[0] * m[1] * m[2]
    B, A, E = p[15 : 15 + 3 * size], p[15 + 3 * size : 15 + 5 * size], p[15 + 5 * size :]
    u, cells = np.empty(LANES), np.empty((3, LANES), dtype=np.int64)
    w = np.empty((3 * ROWS, LANES))
    for start in range(0, len(points), LANES):
        count = min(LANES, len(points) - start)
        for a in range(3):
            for n in range(count):
                u[n] = (points[start + n, a] - p[a]) * p[3 + a]
            rows = w[a * ROWS : (a + 1) * ROWS]
            set_weights(u[:count], p[9 + a], p[12 + a], p[3 + a], what == _EM_GRAD, cells[a], rows)
        if what == _EM_POTENTIALS:
            _potentials(A, E, m, size, w, cells, start, count, out)
            continue
        _fields(B, E, m, size, w, cells, start, count, 12 if what == _EM_GRAD else 3, out)
        if what == _EM_GRAD:
            _gradients(B, E, m, size, w, cells, start, count, out)
