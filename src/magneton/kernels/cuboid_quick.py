"""The cuboid's second derivatives of phi in plain floats: right to some 1e-15 of the full magnetization.

The closed form of `magneton.kernels.cuboid_exact`, to which the caller turns where that does not suffice: far away,
beside thin plates and needles, near nulls of the field. All loops vectorise but those of the logarithm and the
arc tangent.
"""

import math

from magneton._jit import inline_kernel, kernel

#: Points in a block, and the length of a row: see `magneton.kernels.cuboid_rows`.
BLOCK = 64
ROW = BLOCK + 8
#: Rows: the point in the first octant; phi_yz, phi_zx, phi_xy; theta_x, theta_y.
POINT, LOG, THETA = 0, 3 * ROW, 6 * ROW
_REAL, _TURNS, _CORNER = 8 * ROW, 10 * ROW, 12 * ROW


@inline_kernel
def _rotate(a, b):
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


@inline_kernel
def _face(u, v0, v1, w0, w1, r00, r01, r10, r11):
    """Return a complex number whose angle is |Omega| of one face, and whether a half turn was taken off it."""
    u = abs(u)
    real, imaginary = _rotate(
        _rotate((u * r00, v0 * w0), (u * r11, v1 * w1)), _rotate((u * r01, -v0 * w1), (u * r10, -v1 * w0))
    )
    over = (imaginary < 0.0) and ((v1 < 0.0 and w1 < 0.0) or real < 0.0)
    sign = -1.0 if over else 1.0
    return (sign * real, sign * imaginary), 1.0 if over else 0.0


@inline_kernel
def _theta(inside, first, turns, second, second_turns):
    """Return real and imaginary part of the sum (inside) or difference of two angles, and half turns besides."""
    sign = 1.0 if inside else -1.0
    real, imaginary = _rotate(first, (second[0], sign * second[1]))
    wrap = inside and imaginary < 0.0 and (first[0] < 0.0 or second[0] < 0.0)
    # In line with an edge both are zero, and the angle is undetermined: nan sends the point to the exact form.
    real = real if abs(real) + abs(imaginary) > 0.0 else math.nan
    return real, imaginary, turns + sign * second_turns + (2.0 if wrap else 0.0)


@inline_kernel
def _edge(u0, u1, v, w, r0, r1):
    """Return numerator and denominator of exp(L) of one edge along u."""
    beside = u1 < 0.0
    behind = abs(u1) + r1
    ahead = u0 + r0
    return (ahead * behind if beside else ahead), (v * v + w * w if beside else behind)


@inline_kernel
def _quotient(a, b, c, d):
    return (a[0] * b[0]) * (c[1] * d[1]) / ((a[1] * b[1]) * (c[0] * d[0]))


@inline_kernel
def _corners(w, i, a, b, c):
    """Set the rows of the eight distances."""
    x, y, z = w[POINT + i], w[POINT + ROW + i], w[POINT + 2 * ROW + i]
    x0, x1, y0, y1, z0, z1 = x + a, x - a, y + b, y - b, z + c, z - c
    x0, x1, y0, y1, z0, z1 = x0 * x0, x1 * x1, y0 * y0, y1 * y1, z0 * z0, z1 * z1
    w[_CORNER + i] = math.sqrt(x0 + y0 + z0)
    w[_CORNER + ROW + i] = math.sqrt(x0 + y0 + z1)
    w[_CORNER + 2 * ROW + i] = math.sqrt(x0 + y1 + z0)
    w[_CORNER + 3 * ROW + i] = math.sqrt(x0 + y1 + z1)
    w[_CORNER + 4 * ROW + i] = math.sqrt(x1 + y0 + z0)
    w[_CORNER + 5 * ROW + i] = math.sqrt(x1 + y0 + z1)
    w[_CORNER + 6 * ROW + i] = math.sqrt(x1 + y1 + z0)
    w[_CORNER + 7 * ROW + i] = math.sqrt(x1 + y1 + z1)


@inline_kernel
def _arguments(w, i, a, b, c):
    """Set the rows of the logarithms' and angles' arguments."""
    x, y, z = w[POINT + i], w[POINT + ROW + i], w[POINT + 2 * ROW + i]
    x0, x1, y0, y1, z0, z1 = x + a, x - a, y + b, y - b, z + c, z - c
    r000, r001 = w[_CORNER + i], w[_CORNER + ROW + i]
    r010, r011 = w[_CORNER + 2 * ROW + i], w[_CORNER + 3 * ROW + i]
    r100, r101 = w[_CORNER + 4 * ROW + i], w[_CORNER + 5 * ROW + i]
    r110, r111 = w[_CORNER + 6 * ROW + i], w[_CORNER + 7 * ROW + i]
    w[LOG + i] = _quotient(
        _edge(x0, x1, y0, z0, r000, r100),
        _edge(x0, x1, y1, z1, r011, r111),
        _edge(x0, x1, y0, z1, r001, r101),
        _edge(x0, x1, y1, z0, r010, r110),
    )
    w[LOG + ROW + i] = _quotient(
        _edge(y0, y1, z0, x0, r000, r010),
        _edge(y0, y1, z1, x1, r101, r111),
        _edge(y0, y1, z0, x1, r100, r110),
        _edge(y0, y1, z1, x0, r001, r011),
    )
    w[LOG + 2 * ROW + i] = _quotient(
        _edge(z0, z1, x0, y0, r000, r001),
        _edge(z0, z1, x1, y1, r110, r111),
        _edge(z0, z1, x0, y1, r010, r011),
        _edge(z0, z1, x1, y0, r100, r101),
    )
    first, turns = _face(x0, y0, y1, z0, z1, r000, r001, r010, r011)
    second, second_turns = _face(x1, y0, y1, z0, z1, r100, r101, r110, r111)
    w[_REAL + i], w[THETA + i], w[_TURNS + i] = _theta(x1 < 0.0, first, turns, second, second_turns)
    first, turns = _face(y0, z0, z1, x0, x1, r000, r100, r001, r101)
    second, second_turns = _face(y1, z0, z1, x0, x1, r010, r110, r011, r111)
    w[_REAL + ROW + i], w[THETA + ROW + i], w[_TURNS + ROW + i] = _theta(
        y1 < 0.0, first, turns, second, second_turns
    )


@kernel
def quick(w, count, half):
    """Set the rows LOG and THETA from the points; `half` holds half the edges."""
    a, b, c = half[0], half[1], half[2]
    for i in range(count):
        _corners(w, i, a, b, c)
    for i in range(count):
        _arguments(w, i, a, b, c)
    for row in range(LOG, LOG + 3 * ROW, ROW):
        for i in range(count):
            w[row + i] = math.log(w[row + i])
    for row in range(0, 2 * ROW, ROW):
        for i in range(count):
            angle = math.atan2(w[THETA + row + i], w[_REAL + row + i])
            w[THETA + row + i] = angle + math.pi * w[_TURNS + row + i]
