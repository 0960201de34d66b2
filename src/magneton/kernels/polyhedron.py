r"""The uniformly magnetized polyhedron with triangular faces, in closed form.

Each face f has the outward unit normal n and is seen under the solid angle Omega_f; each edge e, between the faces
1 and 2, has L_e, the integral of dl'/R over it. With m the outward normals of the edge within its two faces,
P_f = n n^T - Y and G_e = n_1 m_1^T + n_2 m_2^T, which is symmetric, and r_e any point of the edge,

    H = (1/4 pi) [sum_f P_f M Omega_f + sum_e G_e M L_e] - [inside] Y M,      B = mu_0 (H + [inside] M),
    V = -sum_f (n n^T (r - r_f) - Y r) Omega_f - sum_e G_e (r - r_e) L_e + [inside] 4 pi Y r,
    psi = M.V/(4 pi),      A = mu_0 M x V/(4 pi),

which is Poisson's relation put on the gravity of a polyhedron, [WernerScheeres1997]_, where Y is 0. The solid angles
of a closed surface sum to -4 pi inside and to 0 outside, so that any Y will do. The mean of n n^T over the surface is
the one by which the two sides of a thin plate do not cancel: H = -M within a plate magnetized across and B = 0 but for
its rim both come out to rounding.

The gradient of B needs edges and corners only: with rho the vector to the point from its foot on the edge, t the
edge's direction, g = n_1 n_1.M - n_2 n_2.M and D = R_1 R_2 + a_1.a_2,

    4 pi grad H = -sum_e l (1/R_1 + 1/R_2)/D [g (t x rho)^T + G_e M rho^T] + sum_v (1/R_v) U_v,

where the bracket is symmetric and has no trace, since G_e M = t x g, and U_v sums G_e M t^T over the edges that
leave the corner v. Beyond REACH extents from the centroid the sums cancel, and the multipoles of
`magneton.kernels.multipole` take over. Nearer, where they cancel too far for floats, as about the tips of a needle,
`magneton.kernels.polyhedron_exact` forms them anew in double-double. That is told from the size of the sum and of its
terms, and from how much of an edge's logarithm is lost close by it.

On a face, an edge or a corner B, H and grad B are nan. V is continuous there, and what is infinite or undefined of
its terms has a vanishing factor; the sum of the other solid angles, over -4 pi, then stands for [inside].

The parameters are laid out by `magneton.kernels.polyhedron_tables`.
"""

import math

import numpy as np

from magneton._jit import field_function, kernel
from magneton.constants import mu_0
from magneton.kernels.multipole import multipole_A, multipole_B, multipole_grad
from magneton.kernels.polyhedron_exact import EXACT_ROWS, exact_field
from magneton.kernels.polyhedron_far import far_potential
from magneton.kernels.polyhedron_gradient import sum_gradient
from magneton.kernels.polyhedron_sums import (
    BLOCK,
    CENTRE,
    CLOSE,
    EXTENT,
    HALF,
    INNER_B,
    INNER_H,
    INNER_Y,
    LARGEST,
    MAGNETIZATION,
    NEAREST,
    NOISE,
    ON,
    REACH2,
    ROWS,
    set_distances,
    six,
    sum_terms,
    symmetric,
    three,
    vertex_start,
)
from magneton.kernels.quantities import GRAD, POTENTIAL, A, B, H

_MU_0 = float(mu_0)
_OVER_4PI = 1.0 / (4.0 * math.pi)
# Sums below this part of their terms are formed anew in double-double: rounding leaves 1e-13 of them. A term of the
# gradient is rounded many times, the bound on those of A is generous.
_CANCELS_FIELD, _CANCELS_GRADIENT, _CANCELS_POTENTIAL = 1.0 / 1200.0, 1.0 / 150.0, 1.0 / 2000.0
# How much of the angle of a face is lost where that needs no care yet but one of its edges does.
_BY_AN_EDGE = 250.0


@kernel
def _set_gradient(xx, xy, xz, yy, yz, factor, out):
    out[0], out[1], out[2] = factor * xx, factor * xy, factor * xz
    out[3], out[4], out[5] = factor * xy, factor * yy, factor * yz
    out[6], out[7], out[8] = factor * xz, factor * yz, factor * (-xx - yy)


@kernel
def _set_potential(what, params, vx, vy, vz, out):
    """Set `out` to A or psi, given V/(4 pi), and return the size of 4 pi M x V or, for psi, of 4 pi |M| V."""
    mx, my, mz = three(params, MAGNETIZATION)
    if what == POTENTIAL:
        out[0] = mx * vx + my * vy + mz * vz
        return 4.0 * math.pi * (abs(mx) + abs(my) + abs(mz)) * (abs(vx) + abs(vy) + abs(vz))
    ax, ay, az = my * vz - mz * vy, mz * vx - mx * vz, mx * vy - my * vx
    out[0], out[1], out[2] = _MU_0 * ax, _MU_0 * ay, _MU_0 * az
    return 4.0 * math.pi * (abs(ax) + abs(ay) + abs(az))


@kernel
def _set_noise(what, params, points, count, careful, work):
    """Set work[LARGEST] to the size of the terms, scaled up as their rounding is, times what may be left of them."""
    least = _BY_AN_EDGE if careful else 1.0
    if what == GRAD:
        for p in range(count):
            lost = max(1.0 / (work[NEAREST, p] - 1.0), 1.0)
            work[LARGEST, p] = _CANCELS_GRADIENT * work[LARGEST, p] * math.sqrt(lost)
        return
    one, rest = _CANCELS_FIELD * params[NOISE + 1], _CANCELS_FIELD * params[NOISE]
    if what in (B, H):
        for p in range(count):
            work[LARGEST, p] = rest + one * max(2.0 / (work[NEAREST, p] - 1.0), least)
        return
    (cx, cy, cz), extent, rest = three(params, CENTRE), params[EXTENT], _CANCELS_POTENTIAL * params[NOISE + 2]
    rest = 2.0 * rest if what == POTENTIAL else rest
    for p in range(count):
        dx, dy, dz = points[0, p] - cx, points[1, p] - cy, points[2, p] - cz
        # The logarithm's factor vanishes with the distance from the edge, as the root of what is lost grows.
        lost = math.sqrt(max(2.0 / (work[NEAREST, p] - 1.0), least))
        work[LARGEST, p] = rest * (math.sqrt(dx * dx + dy * dy + dz * dz) + extent * lost)


@kernel
def _finish(what, params, points, p, work, out):
    """Set `out` from the sums of the point p, and return the size of 4 pi H, of its gradient, or of 4 pi M x V."""
    x, y, z = work[0, p], work[1, p], work[2, p]
    if what == GRAD:
        _set_gradient(x, y, z, work[3, p], work[4, p], _MU_0 * _OVER_4PI, out)
        return abs(x) + abs(y) + abs(z) + abs(work[3, p]) + abs(work[4, p])
    inside = 1.0 if work[HALF, p] < -math.pi else 0.0  # half the sum is -2 pi inside and 0 outside
    x, y, z = _OVER_4PI * x, _OVER_4PI * y, _OVER_4PI * z
    if what == H:
        mx, my, mz = three(params, INNER_H)
        out[0], out[1], out[2] = x - inside * mx, y - inside * my, z - inside * mz
        return 4.0 * math.pi * (abs(out[0]) + abs(out[1]) + abs(out[2]))
    if what == B:
        mx, my, mz = three(params, INNER_B)
        out[0], out[1], out[2] = (
            _MU_0 * (x + inside * mx),
            _MU_0 * (y + inside * my),
            _MU_0 * (z + inside * mz),
        )
        return 4.0 * math.pi / _MU_0 * (abs(out[0]) + abs(out[1]) + abs(out[2]))
    inside = -2.0 * _OVER_4PI * work[HALF, p] if work[ON, p] > 0.0 else inside
    cx, cy, cz = three(params, CENTRE)
    ix, iy, iz = symmetric(six(params, INNER_Y), points[0, p] - cx, points[1, p] - cy, points[2, p] - cz)
    return _set_potential(what, params, inside * ix - x, inside * iy - y, inside * iz - z, out)


@kernel
def _far(what, params, x, y, z, out):
    """Set `out` by the multipoles; x, y, z from the centroid, in extents."""
    multipoles, extent = params[vertex_start(params, params[2]) :], params[EXTENT]
    if what == GRAD:
        xx, xy, xz, yy, yz = multipole_grad(x, y, z, multipoles)
        _set_gradient(xx, xy, xz, yy, yz, _MU_0 * _OVER_4PI / extent, out)
    elif what == POTENTIAL:
        out[0] = _OVER_4PI * extent * far_potential(x, y, z, multipoles)
    else:
        if what == A:
            factor = _MU_0 * _OVER_4PI * extent
            x, y, z = multipole_A(x, y, z, multipoles)
        else:
            factor = _OVER_4PI if what == H else _MU_0 * _OVER_4PI
            x, y, z = multipole_B(x, y, z, multipoles)
        out[0], out[1], out[2] = factor * x, factor * y, factor * z


@kernel
def _near(what, params, points, index, count, distance, work, out, doubtful, doubts):
    """Set rows of `out` by the closed forms; append those where they cancel to `doubtful`, and return its new length.

    Points that are close to an edge or face get a second, careful turn.
    """
    for careful in range(2):
        for k in range(len(work)):
            for p in range(count):
                work[k, p] = 0.0
        set_distances(params, points, count, distance)
        if what == GRAD:
            sum_gradient(params, points, count, distance, careful > 0, work)
        else:
            sum_terms(what, params, points, count, distance, careful > 0, work)
        _set_noise(what, params, points, count, careful > 0, work)
        chosen = 0
        for p in range(count):
            size = _finish(what, params, points, p, work, out[index[p]])
            close = work[CLOSE, p] > 0.0
            # On the surface the size is nan.
            if (careful > 0 or not close) and size < work[LARGEST, p]:
                doubtful[doubts] = index[p]
                doubts += 1
            if close:
                index[chosen] = index[p]
                for k in range(3):
                    points[k, chosen] = points[k, p]
                chosen += 1
        count = chosen
        if count == 0:
            break
    return doubts


@field_function
def polyhedron_field(what, params, points, out):
    """Set `out` (n, width) to the quantity `what` at `points` (n, 3); for the parameters see the module."""
    size = max(1, min(BLOCK, len(points)))
    index = np.empty(size, np.int64)
    corners = int(params[2])
    near, work, distance = np.empty((3, size)), np.empty((ROWS, size)), np.empty((corners, size))
    doubtful, pairs, roots = (
        np.empty(2 * size, np.int64),
        np.empty((EXACT_ROWS, size)),
        np.empty((2 * corners, size)),
    )
    cx, cy, cz = three(params, CENTRE)
    over, doubts = 1.0 / params[EXTENT], 0
    for start in range(0, len(points), size):
        count = 0
        for i in range(start, min(start + size, len(points))):
            x, y, z = over * (points[i, 0] - cx), over * (points[i, 1] - cy), over * (points[i, 2] - cz)
            if x * x + y * y + z * z > params[REACH2]:
                _far(what, params, x, y, z, out[i])
            else:
                index[count] = i
                near[0, count], near[1, count], near[2, count] = points[i, 0], points[i, 1], points[i, 2]
                count += 1
        if count:
            doubts = _near(what, params, near, index, count, distance, work, out, doubtful, doubts)
        # Few points of each block: they are put off until they fill one.
        while doubts >= size or (doubts > 0 and start + size >= len(points)):
            count = min(size, doubts)
            doubts -= count
            for k in range(count):
                i = doubtful[doubts + k]
                near[0, k], near[1, k], near[2, k] = points[i, 0], points[i, 1], points[i, 2]
            exact_field(what, params, near, doubtful[doubts:], count, roots, pairs, out)
