"""The field of a circular loop for charges to move in: many points at once, or one."""

from magneton._jit import field_function
from magneton.kernels import quantities
from magneton.kernels.field import MU0_4PI
from magneton.kernels.loop import loop_A, loop_B, loop_B_grad
from magneton.kernels.loop_block import BLOCK, X, Y, Z, block_B, block_workspace

_EM, _EM_GRAD = quantities.EM, quantities.EM_GRAD
#: Fewer points are taken one by one: a block costs the same however few are in it.
_FEW = BLOCK // 8


@field_function
def loop_field(what, params, points, out):
    """Evaluate a loop about the own z axis; params: radius (m), current (A)."""
    radius, scale, n = params[0], MU0_4PI * params[1], len(points)
    out[:] = 0.0
    if what == _EM and n > _FEW:
        w = block_workspace()
        for start in range(0, n, BLOCK):
            count = min(BLOCK, n - start)
            for i in range(BLOCK):
                k = start + (i if i < count else 0)
                w[X + i], w[Y + i], w[Z + i] = points[k, 0], points[k, 1], points[k, 2]
            block_B(w, radius)
            for i in range(count):
                out[start + i, 0], out[start + i, 1] = scale * w[X + i], scale * w[Y + i]
                out[start + i, 2] = scale * w[Z + i]
        return
    for i in range(n):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        if what == _EM:
            v = loop_B(x, y, z, radius)
            out[i, 0], out[i, 1], out[i, 2] = scale * v[0], scale * v[1], scale * v[2]
        elif what == _EM_GRAD:
            g = loop_B_grad(x, y, z, radius)
            for k in range(6):
                out[i, k] = scale * g[k]
            out[i, 6], out[i, 7], out[i, 8] = scale * g[4], scale * g[6], scale * g[7]
            out[i, 9], out[i, 10], out[i, 11] = scale * g[5], scale * g[7], -scale * (g[3] + g[6])
        else:
            v = loop_A(x, y, z, radius)
            out[i, 0], out[i, 1], out[i, 2] = scale * v[0], scale * v[1], scale * v[2]
