r"""What linear sensors read of a point dipole: columns of the design matrix, and their slopes with its place.

A tap reads w.B + W:grad B of the field at one point; with G = grad grad (1/r), B = (mu0/4 pi) G m. Here mu0/4 pi is 1,
lengths are in any unit. W is symmetric and without trace, since grad B is. [Jackson1999]_ eq. 5.56 and its derivatives.
Arrays are by component, (3, n), so that loops over taps vectorise.
"""

import math

import numpy as np

from magneton._jit import kernel

#: Rows of a symmetric tensor: xx, yy, zz, xy, xz, yz.
TENSOR = 6


@kernel
def _field_columns(points, weights, first, last, x, y, z, out):
    """Set the first columns of `out` to what taps number first .. last read."""
    px, py, pz = points[0, first:last], points[1, first:last], points[2, first:last]
    vx, vy, vz = weights[0, first:last], weights[1, first:last], weights[2, first:last]
    for t in range(last - first):
        rx, ry, rz = px[t] - x, py[t] - y, pz[t] - z
        wx, wy, wz = vx[t], vy[t], vz[t]
        inverse = 1.0 / math.sqrt(rx * rx + ry * ry + rz * rz)
        square = inverse * inverse
        cube = inverse * square
        along = 3.0 * (wx * rx + wy * ry + wz * rz) * square
        out[0, t] = (along * rx - wx) * cube
        out[1, t] = (along * ry - wy) * cube
        out[2, t] = (along * rz - wz) * cube


@kernel
def _field_slopes(points, weights, first, last, x, y, z, mx, my, mz, out):
    px, py, pz = points[0, first:last], points[1, first:last], points[2, first:last]
    vx, vy, vz = weights[0, first:last], weights[1, first:last], weights[2, first:last]
    for t in range(last - first):
        rx, ry, rz = px[t] - x, py[t] - y, pz[t] - z
        wx, wy, wz = vx[t], vy[t], vz[t]
        inverse = 1.0 / math.sqrt(rx * rx + ry * ry + rz * rz)
        square = inverse * inverse
        fifth = 3.0 * inverse * square * square
        w, m = wx * rx + wy * ry + wz * rz, mx * rx + my * ry + mz * rz
        radial = 5.0 * w * m * square - (wx * mx + wy * my + wz * mz)
        out[0, t] = fifth * (radial * rx - wx * m - mx * w)
        out[1, t] = fifth * (radial * ry - wy * m - my * w)
        out[2, t] = fifth * (radial * rz - wz * m - mz * w)


@kernel
def _gradient_columns(points, tensors, x, y, z, out):
    for t in range(points.shape[1]):
        rx, ry, rz = points[0, t] - x, points[1, t] - y, points[2, t] - z
        xx, yy, zz, xy, xz, yz = (
            tensors[0, t],
            tensors[1, t],
            tensors[2, t],
            tensors[3, t],
            tensors[4, t],
            tensors[5, t],
        )
        sx, sy, sz = xx * rx + xy * ry + xz * rz, xy * rx + yy * ry + yz * rz, xz * rx + yz * ry + zz * rz
        inverse = 1.0 / math.sqrt(rx * rx + ry * ry + rz * rz)
        square = inverse * inverse
        fifth = 3.0 * inverse * square * square
        s = 5.0 * (sx * rx + sy * ry + sz * rz) * square
        out[0, t] = fifth * (2.0 * sx - s * rx)
        out[1, t] = fifth * (2.0 * sy - s * ry)
        out[2, t] = fifth * (2.0 * sz - s * rz)


@kernel
def _gradient_slopes(points, tensors, x, y, z, mx, my, mz, out):
    for t in range(points.shape[1]):
        rx, ry, rz = points[0, t] - x, points[1, t] - y, points[2, t] - z
        xx, yy, zz, xy, xz, yz = (
            tensors[0, t],
            tensors[1, t],
            tensors[2, t],
            tensors[3, t],
            tensors[4, t],
            tensors[5, t],
        )
        sx, sy, sz = xx * rx + xy * ry + xz * rz, xy * rx + yy * ry + yz * rz, xz * rx + yz * ry + zz * rz
        nx, ny, nz = xx * mx + xy * my + xz * mz, xy * mx + yy * my + yz * mz, xz * mx + yz * my + zz * mz
        inverse = 1.0 / math.sqrt(rx * rx + ry * ry + rz * rz)
        square = inverse * inverse
        fifth = 3.0 * inverse * square * square
        s, m = (sx * rx + sy * ry + sz * rz) * square, mx * rx + my * ry + mz * rz
        across = sx * mx + sy * my + sz * mz
        radial = (10.0 * across - 35.0 * s * m) * square
        out[0, t] = fifth * (radial * rx + 10.0 * m * square * sx + 5.0 * s * mx - 2.0 * nx)
        out[1, t] = fifth * (radial * ry + 10.0 * m * square * sy + 5.0 * s * my - 2.0 * ny)
        out[2, t] = fifth * (radial * rz + 10.0 * m * square * sz + 5.0 * s * mz - 2.0 * nz)


@kernel
def _leading(rows, count):
    """Return how many of the first taps are the rows in order: these need no adding up."""
    if len(rows) == 0:
        return count
    t = 0
    while t < len(rows) and rows[t] == t:
        t += 1
    return t


@kernel
def _add_taps(rows, first, work, out):
    for t in range(first, len(rows)):
        row = rows[t]
        for j in range(3):
            out[j, row] += work[j, t - first]


@kernel
def set_columns(taps, place, work, out):
    """Set `out`, shape (3, n), to what a unit moment along each axis at `place`, shape (3,), gives each row.

    Parameters
    ----------
    taps : tuple
        Points (3, t), weights (3, t) and rows (t,) of the taps of the field; points (3, u), tensors (6, u) and rows
        (u,) of those of its gradient. Where `rows` of the field's is empty, taps are rows. It is fastest if the first
        taps are those of rows 0, 1, 2, ...
    place : ndarray, shape (3,)
        Of the dipole.
    work : ndarray, shape (3, max(t, u))
        To work in.
    out : ndarray, shape (3, n)
        Rows are readings.
    """
    points, weights, rows, gradient_points, tensors, gradient_rows = taps
    x, y, z = place[0], place[1], place[2]
    leading = _leading(rows, points.shape[1])
    _field_columns(points, weights, 0, leading, x, y, z, out)
    out[:, leading:] = 0.0
    if len(rows) > leading:
        _field_columns(points, weights, leading, len(rows), x, y, z, work)
        _add_taps(rows, leading, work, out)
    if len(gradient_rows) > 0:
        _gradient_columns(gradient_points, tensors, x, y, z, work)
        _add_taps(gradient_rows, 0, work, out)


@kernel
def set_slopes(taps, place, moment, work, out):
    """Set `out`, shape (3, n), to the derivatives of each row with the place of a moment, shape (3,)."""
    points, weights, rows, gradient_points, tensors, gradient_rows = taps
    x, y, z = place[0], place[1], place[2]
    mx, my, mz = moment[0], moment[1], moment[2]
    leading = _leading(rows, points.shape[1])
    _field_slopes(points, weights, 0, leading, x, y, z, mx, my, mz, out)
    out[:, leading:] = 0.0
    if len(rows) > leading:
        _field_slopes(points, weights, leading, len(rows), x, y, z, mx, my, mz, work)
        _add_taps(rows, leading, work, out)
    if len(gradient_rows) > 0:
        _gradient_slopes(gradient_points, tensors, x, y, z, mx, my, mz, work)
        _add_taps(gradient_rows, 0, work, out)


@kernel
def design(taps, places, moments, columns, slopes):
    """Set `columns` and `slopes`, shape (d, 3, n), of several dipoles."""
    widest = max(taps[0].shape[1], taps[3].shape[1])
    work = np.empty((3, max(1, widest)))
    for d in range(len(places)):
        set_columns(taps, places[d], work, columns[d])
        set_slopes(taps, places[d], moments[d], work, slopes[d])
