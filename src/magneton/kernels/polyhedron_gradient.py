"""The gradient of a polyhedron's field, by its edges and corners: see `magneton.kernels.polyhedron`."""

from magneton._jit import inline_kernel, kernel
from magneton.kernels.polyhedron_sums import (
    FAR,
    LARGEST,
    NEAREST,
    TERM,
    edge_start,
    frame_of_edge,
    mark_close,
    set_half_angles,
    three,
    vertex_start,
)

# As for the logarithm, but the gradient loses digits sooner.
_CLOSE_TO_EDGE = 1.02


@inline_kernel
def _edge_gradient(factor, t, c, g, rho):
    """Return factor (g (t x rho)^T + c rho^T): xx, xy, xz, yy, yz."""
    ux, uy, uz = t[1] * rho[2] - t[2] * rho[1], t[2] * rho[0] - t[0] * rho[2], t[0] * rho[1] - t[1] * rho[0]
    return (
        factor * (g[0] * ux + c[0] * rho[0]),
        factor * (g[0] * uy + c[0] * rho[1]),
        factor * (g[0] * uz + c[0] * rho[2]),
        factor * (g[1] * uy + c[1] * rho[1]),
        factor * (g[1] * uz + c[1] * rho[2]),
    )


@kernel
def _add_edge(params, edge, points, count, distance, careful, work):
    """Add one edge's part of 4 pi grad H."""
    one, two, length = int(params[edge]), int(params[edge + 1]), params[edge + 2]
    t, c, g = three(params, edge + 3), three(params, edge + 6), three(params, edge + 9)
    vx, vy, vz = three(params, vertex_start(params, one))
    over, least = 1.0 / length, (_CLOSE_TO_EDGE if careful else 0.0)
    size = abs(c[0]) + abs(c[1]) + abs(c[2]) + abs(g[0]) + abs(g[1]) + abs(g[2])
    for p in range(count):
        ax, ay, az = points[0, p] - vx, points[1, p] - vy, points[2, p] - vz
        s = ax * t[0] + ay * t[1] + az * t[2]
        r1, r2 = distance[one, p], distance[two, p]
        both = r1 + r2
        ratio = over * both
        work[NEAREST, p] = min(work[NEAREST, p], ratio if ratio > least else FAR)
        factor = length * both / (r1 * r2 * (0.5 * (both + length) * (both - length)))
        factor = factor if ratio > least else 0.0
        work[TERM, p] = factor
        xx, xy, xz, yy, yz = _edge_gradient(factor, t, c, g, (ax - s * t[0], ay - s * t[1], az - s * t[2]))
        work[0, p] -= xx
        work[1, p] -= xy
        work[2, p] -= xz
        work[3, p] -= yy
        work[4, p] -= yz
    for p in range(count):
        # Rounding of s t is as of the whole way to the corner, next to the line of the edge as well.
        work[LARGEST, p] = max(work[LARGEST, p], size * distance[one, p] * work[TERM, p])
    if careful:
        for p in range(count):
            if over * (distance[one, p] + distance[two, p]) <= least:
                ra, rb, _, d, rho, t = frame_of_edge(params, edge, points, p)
                parts = _edge_gradient(length * (ra + rb) / (ra * rb * d), t, c, g, rho)
                total = 0.0
                for k in range(5):
                    work[k, p] -= parts[k]
                    total += abs(parts[k])
                work[LARGEST, p] = max(work[LARGEST, p], total)


@kernel
def sum_gradient(params, points, count, distance, careful, work):
    """Set work[0:5] to 4 pi dH_i/dx_j: xx, xy, xz, yy, yz."""
    work[NEAREST, :count] = FAR
    for e in range(int(params[1])):
        _add_edge(params, edge_start(params, e), points, count, distance, careful, work)
    mark_close(_CLOSE_TO_EDGE, count, work)
    for v in range(int(params[2])):
        vertex = vertex_start(params, v) + 3
        size = params[vertex + 5]
        for k in range(5):
            for p in range(count):
                work[k, p] += params[vertex + k] / distance[v, p]
        for p in range(count):
            work[LARGEST, p] = max(work[LARGEST, p], size / distance[v, p])
    for f in range(int(params[0])):  # the sums know nothing of faces, on which there is no gradient
        set_half_angles(params, f, points, count, distance, careful, work)
        for p in range(count):
            nothing = 0.0 * work[TERM, p]
            for k in range(5):
                work[k, p] += nothing
