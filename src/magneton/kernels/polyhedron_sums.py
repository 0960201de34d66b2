"""Sums over the faces and edges of a polyhedron at up to BLOCK points at once: see `magneton.kernels.polyhedron`.

Loops over faces and edges are outside and those over points inside, so that they vectorise. `params` are laid out by
`magneton.kernels.polyhedron_tables`, `points` have shape (3, BLOCK), `distance` (corners, BLOCK), `work` (ROWS, BLOCK).
"""

import math

from magneton._jit import inline_kernel, kernel
from magneton.kernels.quantities import B, H
from magneton.kernels.triangle import angle, careful_angle, careful_log, difference, edge_frame, log_ratio

#: Points that are computed together.
BLOCK = 64
#: (R1 + R2)/l beyond which it does not matter.
FAR = 4.0
#: Sizes of the parts of the parameters.
HEADER, FACE, EDGE, VERTEX = 32, 30, 24, 9
#: Where in the header things are.
CENTRE, EXTENT, REACH2, MAGNETIZATION, INNER_H, INNER_B, INNER_Y, NOISE = 3, 6, 7, 8, 11, 14, 17, 29
#: Where in a face and an edge the tensors are; in double-double, the low parts come after all the high ones.
FACE_TENSOR, EDGE_TENSOR = 12, 12
#: Rows of the workspace: five sums (of three, the half solid angle, and 1 on the surface; or of the gradient), what
#: is being added, where that takes care, and where anything needs it; the least (R1 + R2)/l of an edge that takes no
#: care, and the largest term of a gradient.
HALF, ON, TERM, CARE, CLOSE, NEAREST, LARGEST, ROWS = 3, 4, 5, 6, 7, 8, 9, 10
#: An edge is close if (R1 + R2)/l is no more than this.
CLOSE_TO_EDGE = 1.002
# A face is close if both parts of tan(Omega/2) are below this fraction of (R_a + R_b)(R_b + R_c)(R_c + R_a), of
# whose size are the terms that cancel in the lower one ...
_CLOSE_TO_RIM = 0.004
# ... or if only the upper one is, by far: the point may be on the face.
_CLOSE_TO_FACE = 1e-9


@inline_kernel
def face_start(f):
    """Return where in the parameters the face begins."""
    return HEADER + FACE * f


@inline_kernel
def edge_start(params, e):
    """Return where the edge begins."""
    return HEADER + FACE * int(params[0]) + EDGE * e


@inline_kernel
def vertex_start(params, number):
    """Return where the corner begins."""
    return HEADER + FACE * int(params[0]) + EDGE * int(params[1]) + VERTEX * int(number)


@inline_kernel
def three(params, k):
    """Return three numbers from k on."""
    return params[k], params[k + 1], params[k + 2]


@inline_kernel
def six(params, k):
    """Return six numbers from k on."""
    return params[k], params[k + 1], params[k + 2], params[k + 3], params[k + 4], params[k + 5]


@inline_kernel
def symmetric(m, x, y, z):
    """Return m (x, y, z) for a symmetric tensor."""
    return m[0] * x + m[1] * y + m[2] * z, m[1] * x + m[3] * y + m[4] * z, m[2] * x + m[4] * y + m[5] * z


@kernel
def set_distances(params, points, count, distance):
    """Set distance[v, p] to that of each point from each corner."""
    for v in range(int(params[2])):
        vx, vy, vz = three(params, vertex_start(params, v))
        for p in range(count):
            dx, dy, dz = points[0, p] - vx, points[1, p] - vy, points[2, p] - vz
            distance[v, p] = math.sqrt(dx * dx + dy * dy + dz * dz)


@kernel
def _from_vertex(params, number, points, p):
    """Return the vector from a corner to the point in double-double."""
    v = vertex_start(params, number)
    return difference(points[0, p], points[1, p], points[2, p], params[v], params[v + 1], params[v + 2])


@inline_kernel
def _tangent(x, y, z, v, w, ra, rb, rc, ab2, bc2, ca2):
    """Return the two parts of tan(Omega/2), and 1.0 if they need care, else 0.0."""
    top = w[0] * (x - v[0]) + w[1] * (y - v[1]) + w[2] * (z - v[2])
    size = (ra + rb) * (rb + rc) * (rc + ra)
    bottom = 0.5 * (size - (rc * ab2 + ra * bc2 + rb * ca2))
    rim = _CLOSE_TO_RIM * size
    by_rim = 1.0 if abs(top) + abs(bottom) <= rim else 0.0
    low = 1.0 if abs(top) <= _CLOSE_TO_FACE * size else 0.0
    by_face = low if bottom <= rim else 0.0
    return top, bottom, max(by_rim, by_face)


@kernel
def set_half_angles(params, f, points, count, distance, careful, work):
    """Set work[TERM] to half the solid angle of the face, and work[CLOSE] to 1 where that needs care."""
    face = face_start(f)
    a, b, c = int(params[face]), int(params[face + 1]), int(params[face + 2])
    w, (ab2, bc2, ca2) = three(params, face + 3), three(params, face + 6)
    v = three(params, vertex_start(params, a))
    for p in range(count):
        top, bottom, care = _tangent(
            points[0, p], points[1, p], points[2, p], v, w,
            distance[a, p], distance[b, p], distance[c, p], ab2, bc2, ca2,
        )  # fmt: skip
        work[CARE, p] = care
        work[CLOSE, p] = max(work[CLOSE, p], care)
        work[TERM, p] = angle(top, bottom)
    if careful:
        for p in range(count):
            if work[CARE, p] > 0.0:
                work[TERM, p] = careful_angle(
                    _from_vertex(params, a, points, p),
                    _from_vertex(params, b, points, p),
                    _from_vertex(params, c, points, p),
                )


@kernel
def frame_of_edge(params, edge, points, p):
    """Return the `edge_frame` of one point."""
    one, two = (
        _from_vertex(params, params[edge], points, p),
        _from_vertex(params, params[edge + 1], points, p),
    )
    return edge_frame(one, two)


@kernel
def _logs(params, edge, points, count, distance, careful, work):
    """Set work[TERM] to L of the edge, and lower work[NEAREST]."""
    one, two, length = int(params[edge]), int(params[edge + 1]), params[edge + 2]
    over, least = 1.0 / length, (CLOSE_TO_EDGE if careful else 0.0)
    for p in range(count):
        both = distance[one, p] + distance[two, p]
        ratio = over * both
        work[NEAREST, p] = min(work[NEAREST, p], ratio if ratio > least else FAR)
        work[TERM, p] = log_ratio(both + length, both - length)
    if careful:
        for p in range(count):
            work[CARE, p] = 0.0
            if over * (distance[one, p] + distance[two, p]) <= least:
                work[CARE, p] = 1.0
                work[TERM, p] = careful_log(frame_of_edge(params, edge, points, p))


@kernel
def mark_close(least, count, work):
    """Set work[CLOSE] to 1 where an edge is as near as `least`."""
    for p in range(count):
        work[CLOSE, p] = 1.0 if work[NEAREST, p] <= least else work[CLOSE, p]


@kernel
def _add_vector(vector, factor, count, work):
    cx, cy, cz = vector
    for p in range(count):
        term = factor * work[TERM, p]
        work[0, p] += cx * term
        work[1, p] += cy * term
        work[2, p] += cz * term


@kernel
def _add_tensor(tensor, origin, minus, factor, points, count, work):
    """Add the tensor times the vector from `origin`, less `minus`."""
    ox, oy, oz = origin
    kx, ky, kz = minus
    for p in range(count):
        ax, ay, az = symmetric(tensor, points[0, p] - ox, points[1, p] - oy, points[2, p] - oz)
        term = factor * work[TERM, p]
        work[0, p] += (ax - kx) * term
        work[1, p] += (ay - ky) * term
        work[2, p] += (az - kz) * term


@kernel
def _drop_undefined(count, work):
    """Leave out the angle of a face that the point is on, and L of such an edge, and note it.

    A and psi are defined there: both terms have a factor that vanishes.
    """
    for p in range(count):
        if work[CARE, p] > 0.0 and math.isnan(work[TERM, p]):
            work[TERM, p] = 0.0
            work[ON, p] = 1.0


@kernel
def sum_terms(what, params, points, count, distance, careful, work):
    """Set work[0:3] to 4 pi times the sums of H, or to those of -V, and work[HALF] to half the sum of the angles."""
    field = what in (B, H)
    work[NEAREST, :count] = FAR
    for f in range(int(params[0])):
        set_half_angles(params, f, points, count, distance, careful, work)
        if careful and not field:
            _drop_undefined(count, work)
        for p in range(count):
            work[HALF, p] += work[TERM, p]
        face = face_start(f)
        if field:
            _add_vector(three(params, face + 9), 2.0, count, work)
        else:
            centre, minus = three(params, CENTRE), three(params, face + 18)
            _add_tensor(six(params, face + FACE_TENSOR), centre, minus, 2.0, points, count, work)
    for e in range(int(params[1])):
        edge = edge_start(params, e)
        _logs(params, edge, points, count, distance, careful, work)
        if careful and not field:
            _drop_undefined(count, work)
        if field:
            _add_vector(three(params, edge + 6), 1.0, count, work)
        else:
            origin = three(params, vertex_start(params, params[edge]))
            _add_tensor(six(params, edge + EDGE_TENSOR), origin, (0.0, 0.0, 0.0), 1.0, points, count, work)
    mark_close(CLOSE_TO_EDGE, count, work)
