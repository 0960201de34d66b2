"""B that is a polynomial of low degree: linear fields and the paraxial bottle; field functions in their own frame.

See `magneton.kernels.electromagnetic` for what a field function is and the layout of its result.
"""

from magneton._jit import field_function
from magneton.kernels import quantities

_EM_GRAD, _EM_POTENTIALS = quantities.EM_GRAD, quantities.EM_POTENTIALS


@field_function
def linear_gradient(what, p, points, out):
    """Evaluate Bz = B0 + g x; params: B0, g. A = (0, B0 x + g x^2/2, 0), which keeps p_y and p_z."""
    b0, g = p[0], p[1]
    out[:] = 0.0
    for i in range(len(points)):
        x = points[i, 0]
        if what == _EM_POTENTIALS:
            out[i, 1] = (b0 + 0.5 * g * x) * x
            continue
        out[i, 2] = b0 + g * x
        if what == _EM_GRAD:
            out[i, 9] = g


@field_function
def linear_field(what, p, points, out):
    """Evaluate B = B0 + G r, tr G = 0; params: B0 (3), G row by row (9). A = (B0/2 + G r/3) x r."""
    out[:] = 0.0
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        gx = p[3] * x + p[4] * y + p[5] * z
        gy = p[6] * x + p[7] * y + p[8] * z
        gz = p[9] * x + p[10] * y + p[11] * z
        if what == _EM_POTENTIALS:
            ax, ay, az = 0.5 * p[0] + gx / 3.0, 0.5 * p[1] + gy / 3.0, 0.5 * p[2] + gz / 3.0
            out[i, 0] = ay * z - az * y
            out[i, 1] = az * x - ax * z
            out[i, 2] = ax * y - ay * x
            continue
        out[i, 0], out[i, 1], out[i, 2] = p[0] + gx, p[1] + gy, p[2] + gz
        if what == _EM_GRAD:
            for k in range(9):
                out[i, 3 + k] = p[3 + k]


@field_function
def paraxial_bottle(what, p, points, out):
    """Evaluate Bz = B0 (1 + (z^2 - r^2/2)/L^2), Br = -B0 z r/L^2; params: B0, L.

    A_phi = B0 r (1/2 + (z^2/2 - r^2/8)/L^2).
    """
    b0, per_length = p[0], 1.0 / p[1]
    out[:] = 0.0
    for i in range(len(points)):
        # In units of L, so that no length is squared.
        u, v, w = points[i, 0] * per_length, points[i, 1] * per_length, points[i, 2] * per_length
        r2 = u * u + v * v
        if what == _EM_POTENTIALS:
            f = b0 * (0.5 + 0.5 * w * w - 0.125 * r2)
            out[i, 0], out[i, 1] = -f * points[i, 1], f * points[i, 0]
            continue
        out[i, 0], out[i, 1], out[i, 2] = -b0 * u * w, -b0 * v * w, b0 * (1.0 + (w * w - 0.5 * r2))
        if what == _EM_GRAD:
            g = b0 * per_length
            out[i, 3] = out[i, 7] = -g * w
            out[i, 5] = out[i, 9] = -g * u
            out[i, 8] = out[i, 10] = -g * v
            out[i, 11] = 2.0 * g * w
