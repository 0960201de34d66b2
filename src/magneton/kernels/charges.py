r"""A slow point charge at an instant: B by Biot and Savart, A in the Coulomb gauge, grad B.

    B = mu_0/(4 pi) q v x R/R^3,      A = mu_0/(8 pi) q [v + (v.R) R/R^2]/R,      R from the charge to the point.

Of the potentials whose curl is this B, A is the one without divergence ([Darwin1920]_; [Jackson1999]_ eq. 12.80).
At the charge all is nan.
"""

import math

import numpy as np

from magneton._jit import field_function, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.numerics.double_double import difference_of_products

_MU0 = float(mu_0)
_MU0_4PI = _MU0 / (4.0 * math.pi)
_A, _GRAD, _POTENTIAL, _H = quantities.A, quantities.GRAD, quantities.POTENTIAL, quantities.H


@kernel
def _gradient(x, y, z, q, b, w2, w3, out):
    """Set nine floats to q [v x e_k - 3 (v x R) R_k/R^2]/R^3; `b` is q v x R/R^3, `q` is q v."""
    s = 3.0 * w2
    out[0], out[4], out[8] = -s * b[0] * x, -s * b[1] * y, -s * b[2] * z
    out[1], out[3] = -w3 * q[2] - s * b[0] * y, w3 * q[2] - s * b[1] * x
    out[2], out[6] = w3 * q[1] - s * b[0] * z, -w3 * q[1] - s * b[2] * x
    out[5], out[7] = -w3 * q[0] - s * b[1] * z, w3 * q[0] - s * b[2] * y


@kernel
def _set(what, x, y, z, q, out):
    """Set `out` to the field per mu_0/(4 pi) at R = (x, y, z)."""
    w2 = 1.0 / (x * x + y * y + z * z)
    w1 = math.sqrt(w2)
    if what == _A:
        radial = (q[0] * x + q[1] * y + q[2] * z) * w2
        out[0] = 0.5 * w1 * (q[0] + radial * x)
        out[1] = 0.5 * w1 * (q[1] + radial * y)
        out[2] = 0.5 * w1 * (q[2] + radial * z)
        return
    w3 = w1 * w2
    b = (
        w3 * difference_of_products(q[1], z, q[2], y),
        w3 * difference_of_products(q[2], x, q[0], z),
        w3 * difference_of_products(q[0], y, q[1], x),
    )
    if what == _GRAD:
        _gradient(x, y, z, q, b, w2, w3, out)
    else:
        out[0], out[1], out[2] = b


@field_function
def charge_field(what, params, points, out):
    """Set `out` to the quantity `what`; `params` holds the charge times its velocity (A m), three floats."""
    if what == _POTENTIAL:
        out[:] = np.nan
        return
    unit = 1.0 / (4.0 * math.pi) if what == _H else _MU0_4PI
    for i in range(len(points)):
        _set(what, points[i, 0], points[i, 1], points[i, 2], params, out[i])
        for k in range(out.shape[1]):
            out[i, k] *= unit
