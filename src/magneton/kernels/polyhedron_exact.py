"""The sums of a polyhedron in double-double, for points where they cancel: see `magneton.kernels.polyhedron`.

Seen from near the tip of a needle, or from many of its widths away, the faces' and edges' terms leave a part in a
million or less of their size. In double-double that part, and the tensors of the body, keep all of a float's digits.
M comes last: the faces' and edges' tensors are summed.

As in `magneton.kernels.polyhedron_sums`, loops over points are inside. A pair of rows holds a double-double, `roots`
those of the distances from the corners, shape (2 corners, BLOCK), `w` the others, shape (EXACT_ROWS, BLOCK).
"""

import math

from magneton._jit import inline_kernel, kernel
from magneton.constants import mu_0
from magneton.kernels.cuboid_pair import add, choose, divide, multiply, root, scale, subtract
from magneton.kernels.polyhedron_pairs import angle_of_pairs, log_of_pairs
from magneton.kernels.polyhedron_sums import (
    CENTRE,
    EDGE_TENSOR,
    FACE_TENSOR,
    INNER_Y,
    MAGNETIZATION,
    edge_start,
    face_start,
    vertex_start,
)
from magneton.kernels.quantities import GRAD, POTENTIAL, B, H
from magneton.numerics.double_double import two_sum

_MU_0 = float(mu_0)
_ZERO, _ONE = (0.0, 0.0), (1.0, 0.0)
#: 1/(4 pi) in double-double.
_OVER_4PI = (0.07957747154594767, -4.9196691687956215e-18)
# A point of a face has a triple product below this many R_a R_b R_c, one of an edge a D below its square.
_ON_THE_FACE = 1e-30
# Rows: T (6 pairs), V but for T (3), half the sum of the angles, 1 on the surface, what is being added.
_TENSOR, _VECTOR, _HALF, _ON, _TERM, EXACT_ROWS = 0, 12, 18, 20, 21, 23


@inline_kernel
def _pair(params, k, step):
    return params[k], params[k + step]


@inline_kernel
def _tensor(params, k):
    """Return the tensor whose high parts begin at k."""
    return (
        _pair(params, k, 6), _pair(params, k + 1, 6), _pair(params, k + 2, 6),
        _pair(params, k + 3, 6), _pair(params, k + 4, 6), _pair(params, k + 5, 6),
    )  # fmt: skip


@inline_kernel
def _apart(params, v, points, p):
    """Return the vector from a corner, which begins at v, to the point."""
    return (
        two_sum(points[0, p], -params[v]),
        two_sum(points[1, p], -params[v + 1]),
        two_sum(points[2, p], -params[v + 2]),
    )


@inline_kernel
def _dot(a, b):
    return add(add(multiply(a[0], b[0]), multiply(a[1], b[1])), multiply(a[2], b[2]))


@inline_kernel
def _cross(a, b):
    return (
        subtract(multiply(a[1], b[2]), multiply(a[2], b[1])),
        subtract(multiply(a[2], b[0]), multiply(a[0], b[2])),
        subtract(multiply(a[0], b[1]), multiply(a[1], b[0])),
    )


@inline_kernel
def _times(tensor, a):
    """Return the symmetric tensor times the vector."""
    xx, xy, xz, yy, yz, zz = tensor
    return _dot((xx, xy, xz), a), _dot((xy, yy, yz), a), _dot((xz, yz, zz), a)


@inline_kernel
def _load(w, row, p):
    return w[row, p], w[row + 1, p]


@inline_kernel
def _store(w, row, p, pair):
    w[row, p] = pair[0]
    w[row + 1, p] = pair[1]


@kernel
def _add_term(factor, row, count, w):
    """Add the factor times the term to a pair of rows."""
    for p in range(count):
        _store(w, row, p, add(_load(w, row, p), multiply(factor, _load(w, _TERM, p))))


@kernel
def _set_roots(params, points, count, roots):
    for v in range(int(params[2])):
        start = vertex_start(params, v)
        for p in range(count):
            a = _apart(params, start, points, p)
            _store(roots, 2 * v, p, root(_dot(a, a)))


@kernel
def _set_angles(params, face, points, count, roots, w):
    """Set the term to the solid angle of the face, 0 on it, and add half of it to _HALF."""
    one, two, three = int(params[face]), int(params[face + 1]), int(params[face + 2])
    va, vb, vc = vertex_start(params, one), vertex_start(params, two), vertex_start(params, three)
    for p in range(count):
        a, b, c = _apart(params, va, points, p), _apart(params, vb, points, p), _apart(params, vc, points, p)
        ra, rb, rc = _load(roots, 2 * one, p), _load(roots, 2 * two, p), _load(roots, 2 * three, p)
        product = multiply(ra, rb)
        top = _dot(_cross(a, b), c)
        bottom = add(
            multiply(rc, add(product, _dot(a, b))), add(multiply(ra, _dot(b, c)), multiply(rb, _dot(c, a)))
        )
        flat = abs(top[0]) <= _ON_THE_FACE * product[0] * rc[0]
        none = flat and not bottom[0] > 0.0
        half = angle_of_pairs(choose(none, _ZERO, top), choose(none, _ONE, bottom))
        w[_ON, p] = 1.0 if none else w[_ON, p]
        _store(w, _HALF, p, add(_load(w, _HALF, p), half))
        _store(w, _TERM, p, scale(half, 2.0))


@inline_kernel
def _edge_denominator(a, b, ra, rb, step):
    """Return D = R_1 R_2 + a.b, where the vectors are `step` apart."""
    product, dot = multiply(ra, rb), _dot(a, b)
    cross = _cross(step, a)
    beside = dot[0] < 0.0
    above = choose(beside, _dot(cross, cross), add(product, dot))
    return divide(above, choose(beside, subtract(product, dot), _ONE)), product


@inline_kernel
def _step(params, va, vb):
    """Return the vector between two corners, and its length."""
    step = (
        two_sum(params[vb], -params[va]),
        two_sum(params[vb + 1], -params[va + 1]),
        two_sum(params[vb + 2], -params[va + 2]),
    )
    return step, root(_dot(step, step))


@kernel
def _set_logs(params, edge, points, count, roots, w):
    """Set the term to L of the edge, 0 on it."""
    one, two = int(params[edge]), int(params[edge + 1])
    va, vb = vertex_start(params, one), vertex_start(params, two)
    step, length = _step(params, va, vb)
    for p in range(count):
        a, b = _apart(params, va, points, p), _apart(params, vb, points, p)
        ra, rb = _load(roots, 2 * one, p), _load(roots, 2 * two, p)
        d, product = _edge_denominator(a, b, ra, rb, step)
        none = not d[0] > _ON_THE_FACE * _ON_THE_FACE * product[0]
        d = choose(none, _ONE, d)
        more = multiply(length, add(add(ra, rb), length))
        _store(w, _TERM, p, log_of_pairs(add(d, choose(none, _ZERO, more)), d))


@kernel
def _sum_tensors(what, params, points, count, roots, w):
    """Set the rows of T = sum P Omega + sum G L; for A and psi those of the rest of -V as well."""
    field = what in (B, H)
    for f in range(int(params[0])):
        face = face_start(f)
        _set_angles(params, face, points, count, roots, w)
        for k in range(6):
            _add_term(_pair(params, face + FACE_TENSOR + k, 9), _TENSOR + 2 * k, count, w)
        for k in range(0 if field else 3):
            factor = _pair(params, face + FACE_TENSOR + 6 + k, 9)
            _add_term(scale(factor, -1.0), _VECTOR + 2 * k, count, w)
    for e in range(int(params[1])):
        edge = edge_start(params, e)
        _set_logs(params, edge, points, count, roots, w)
        for k in range(6):
            _add_term(_pair(params, edge + EDGE_TENSOR + k, 6), _TENSOR + 2 * k, count, w)
        if not field:
            origin = vertex_start(params, params[edge])
            back = (
                two_sum(params[CENTRE], -params[origin]),
                two_sum(params[CENTRE + 1], -params[origin + 1]),
                two_sum(params[CENTRE + 2], -params[origin + 2]),
            )
            x, y, z = _times(_tensor(params, edge + EDGE_TENSOR), back)
            _add_term(x, _VECTOR, count, w)
            _add_term(y, _VECTOR + 2, count, w)
            _add_term(z, _VECTOR + 4, count, w)


@kernel
def _summed_tensor(w, p):
    return (
        _load(w, _TENSOR, p), _load(w, _TENSOR + 2, p), _load(w, _TENSOR + 4, p),
        _load(w, _TENSOR + 6, p), _load(w, _TENSOR + 8, p), _load(w, _TENSOR + 10, p),
    )  # fmt: skip


@kernel
def _set_field(what, params, w, p, out):
    """Set `out` to B or H."""
    m = (params[MAGNETIZATION], 0.0), (params[MAGNETIZATION + 1], 0.0), (params[MAGNETIZATION + 2], 0.0)
    inside = 1.0 if w[_HALF, p] < -math.pi else 0.0
    outer, inner = _times(_summed_tensor(w, p), m), _times(_tensor(params, INNER_Y), m)
    for k in range(3):
        value = subtract(multiply(_OVER_4PI, outer[k]), scale(inner[k], inside))
        out[k] = value[0] if what == H else _MU_0 * add(value, scale(m[k], inside))[0]


@kernel
def _set_potential(what, params, points, w, p, out):
    """Set `out` to A or psi."""
    m = (params[MAGNETIZATION], 0.0), (params[MAGNETIZATION + 1], 0.0), (params[MAGNETIZATION + 2], 0.0)
    half = _load(w, _HALF, p)
    inside = (1.0 if half[0] < -math.pi else 0.0), 0.0
    inside = choose(w[_ON, p] > 0.0, scale(multiply(half, _OVER_4PI), -2.0), inside)
    r = _apart(params, CENTRE, points, p)
    inner, outer = _times(_tensor(params, INNER_Y), r), _times(_summed_tensor(w, p), r)
    x = subtract(multiply(inside, inner[0]), multiply(_OVER_4PI, add(outer[0], _load(w, _VECTOR, p))))
    y = subtract(multiply(inside, inner[1]), multiply(_OVER_4PI, add(outer[1], _load(w, _VECTOR + 2, p))))
    z = subtract(multiply(inside, inner[2]), multiply(_OVER_4PI, add(outer[2], _load(w, _VECTOR + 4, p))))
    if what == POTENTIAL:
        out[0] = _dot(m, (x, y, z))[0]
        return
    moved = _cross(m, (x, y, z))
    for k in range(3):
        out[k] = _MU_0 * moved[k][0]


@inline_kernel
def _over(a, length):
    return divide(a[0], length), divide(a[1], length), divide(a[2], length)


@kernel
def _add_edge_gradient(params, edge, points, count, roots, w):
    """Add one edge's part of 4 pi grad H, that of its ends included: xx, xy, xz, yy, yz."""
    one, two = int(params[edge]), int(params[edge + 1])
    va, vb = vertex_start(params, one), vertex_start(params, two)
    step, length = _step(params, va, vb)
    t = _over(step, length)
    m = (params[MAGNETIZATION], 0.0), (params[MAGNETIZATION + 1], 0.0), (params[MAGNETIZATION + 2], 0.0)
    c = _times(_tensor(params, edge + EDGE_TENSOR), m)
    g = _cross(c, t)
    for p in range(count):
        a, b = _apart(params, va, points, p), _apart(params, vb, points, p)
        ra, rb = _load(roots, 2 * one, p), _load(roots, 2 * two, p)
        d, product = _edge_denominator(a, b, ra, rb, step)
        factor = divide(multiply(length, add(ra, rb)), multiply(product, d))
        ends = divide(subtract(rb, ra), product)
        u, along = _cross(t, a), _dot(a, t)
        # Of c_i rho_j and c_i t_j only the first three and the second's two are asked for.
        for i in range(2):
            for j in range(i, 3):
                rho = subtract(a[j], multiply(along, t[j]))
                turned = add(multiply(g[i], u[j]), multiply(c[i], rho))
                term = subtract(multiply(multiply(c[i], t[j]), ends), multiply(factor, turned))
                row = _TENSOR + 2 * (3 * i + j - i * (i + 1) // 2)
                _store(w, row, p, add(_load(w, row, p), term))


@kernel
def _set_gradient(w, p, out):
    unit = _MU_0 * _OVER_4PI[0]
    xx, xy, xz, yy, yz = (
        unit * w[_TENSOR, p], unit * w[_TENSOR + 2, p], unit * w[_TENSOR + 4, p],
        unit * w[_TENSOR + 6, p], unit * w[_TENSOR + 8, p],
    )  # fmt: skip
    zz = -unit * add(_load(w, _TENSOR, p), _load(w, _TENSOR + 6, p))[0]
    out[0], out[1], out[2] = xx, xy, xz
    out[3], out[4], out[5] = xy, yy, yz
    out[6], out[7], out[8] = xz, yz, zz


@kernel
def exact_field(what, params, points, index, count, roots, w, out):
    """Set the rows `index` of `out` to the quantity at `points`."""
    for k in range(EXACT_ROWS):
        for p in range(count):
            w[k, p] = 0.0
    _set_roots(params, points, count, roots)
    if what == GRAD:
        for e in range(int(params[1])):
            _add_edge_gradient(params, edge_start(params, e), points, count, roots, w)
    else:
        _sum_tensors(what, params, points, count, roots, w)
    for p in range(count):
        if what == GRAD:
            _set_gradient(w, p, out[index[p]])
        elif what in (B, H):
            _set_field(what, params, w, p, out[index[p]])
        else:
            _set_potential(what, params, points, w, p, out[index[p]])
