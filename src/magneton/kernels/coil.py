r"""The coil of rectangular cross-section and uniform current density: solenoids nested from radius a1 to a2.

The sums of `magneton.kernels.sheet` are integrated over the radius by Gauss-Legendre. On either side of the point's
own radius they are smooth, up to singular radii at rho +- i zeta, zeta the distance to the nearer end plane: panels
shrink threefold towards rho until they are that short. Radii are counted from rho, so that the difference of the two
stays exact. Beside the flat faces of a short winding the two ends cancel in the gradient: there
`magneton.kernels.coil_flat` takes their poles out. In the winding dB_z/d rho = dB_rho/dz - mu_0 J.
"""

import math

import numpy as np

from magneton._jit import field_function, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.coil_flat import flat_slopes, is_flat
from magneton.kernels.sheet import circle, sheet_slopes, sheet_sums
from magneton.kernels.sheet_ends import NODES, WEIGHTS, mean_reach, rule

_MU0 = float(mu_0)
_B, _A, _GRAD, _H = quantities.B, quantities.A, quantities.GRAD, quantities.H
#: Panels end this close to the point's radius: what is left is below rounding.
_LEAST = 2.0**-60


@kernel
def _panel(what, rho, z, b, near, far, side, start, nodes):
    """Return the integrals of three sums over the radii rho + side [near, far]: q, B_z, w; or q, dB_z/dz, dq/dz."""
    half, middle = 0.5 * (far - near), 0.5 * (far + near)
    first = second = third = 0.0
    for i in range(start, start + nodes):
        offset = side * (middle + half * NODES[i])
        if what == _GRAD:
            f, s, t, _ = sheet_slopes(rho, -offset, z, rho + offset, b, False)
        else:
            f, s, t, _ = sheet_sums(rho, -offset, z, rho + offset, b)
        weight = half * WEIGHTS[i]
        first, second, third = first + weight * f, second + weight * s, third + weight * t
    return first, second, third


@kernel
def _far_panel(what, rho, z, b, a1, a2, start, nodes):
    """Return the same over the radii from a1 to a2, themselves: far off, their offsets from rho would round them."""
    half = 0.5 * (a2 - a1)
    first = second = third = 0.0
    for i in range(start, start + nodes):
        a = a1 + half * (1.0 + NODES[i])
        if what == _GRAD:
            f, s, t, _ = sheet_slopes(rho, rho - a, z, a, b, False)
        else:
            f, s, t, _ = sheet_sums(rho, rho - a, z, a, b)
        weight = half * WEIGHTS[i]
        first, second, third = first + weight * f, second + weight * s, third + weight * t
    return first, second, third


@kernel
def _side(what, rho, z, b, near, far, side, least):
    """Return the integrals on one side of rho by panels that shrink towards it."""
    first = second = third = 0.0
    while far > near:
        cut = max(near, far / 3.0 if far > least else 0.0)
        f, s, t = _panel(what, rho, z, b, cut, far, side, 0, 16)
        first, second, third = first + f, second + s, third + t
        far = cut
    return first, second, third


@kernel
def _sums(what, rho, z, b, inner, outer, a1, a2):
    """Return the integrals over the winding from a1 to a2; `inner` and `outer` are these less rho."""
    half, height = 0.5 * (outer - inner), abs(z)
    start, nodes = rule(mean_reach(max(height - b, 0.0), inner, outer, half))
    if nodes > 0 and rho > 2.0 * a2:
        return _far_panel(what, rho, z, b, a1, a2, start, nodes)
    if nodes > 0:
        near, side = (inner, 1.0) if inner > 0.0 else (-outer, -1.0)
        return _panel(what, rho, z, b, near, near + 2.0 * half, side, start, nodes)
    least = max(abs(height - b), _LEAST * (outer - inner))
    if what == _GRAD and is_flat(rho, z, b, inner, outer):
        return flat_slopes(rho, z, b, inner, outer, least)
    if inner >= 0.0:
        return _side(what, rho, z, b, inner, outer, 1.0, least)
    if outer <= 0.0:
        return _side(what, rho, z, b, -outer, -inner, -1.0, least)
    # The same panels on both sides, as far as both go: large parts that cancel do so node by node.
    both = min(outer, -inner)
    f1, s1, t1 = _side(what, rho, z, b, 0.0, both, 1.0, least)
    f2, s2, t2 = _side(what, rho, z, b, 0.0, both, -1.0, least)
    f3, s3, t3 = _side(what, rho, z, b, both, max(outer, -inner), 1.0 if outer > both else -1.0, least)
    return f1 + f2 + f3, s1 + s2 + s3, t1 + t2 + t3


@kernel
def _set_gradient(x, y, rho, sums, winding, out):
    """Set `out` to 4 pi grad B/mu_0 for a unit of current density; `winding` is 1 in it, nan on its surface."""
    q, bzz, qz = sums
    if np.isnan(winding):
        out[:] = np.nan
        return
    c, d = (x / rho, y / rho) if rho > 0.0 else (0.0, 0.0)
    turn = bzz + 2.0 * q
    out[0], out[4] = q - c * c * turn, q - d * d * turn
    out[1] = out[3] = -c * d * turn
    out[2], out[5] = x * qz, y * qz
    jump = 4.0 * math.pi * winding
    out[6], out[7] = out[2] - c * jump, out[5] - d * jump
    out[8] = -(out[0] + out[4])


@field_function
def coil_field(what, params, points, out):
    """Set `out` to the quantity `what`; `params`: inner and outer radius, length (m), current density (A/m^2).

    grad B is nan on the surface of the winding, where the current density jumps; there is no scalar potential.
    """
    b = 0.5 * params[2]
    scale = params[3] / (4.0 * math.pi) * (1.0 if what == _H else _MU0)
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        rho, inner = circle(x, y, params[0])
        _, outer = circle(x, y, params[1])
        inner, outer = -inner, -outer
        if what != _B and what != _A and what != _GRAD and what != _H:
            out[i] = np.nan
            continue
        first, second, third = _sums(what, rho, z, b, inner, outer, params[0], params[1])
        if what == _GRAD:
            within = inner < 0.0 < outer and abs(z) < b
            beyond = inner > 0.0 or outer < 0.0 or abs(z) > b
            winding = 1.0 if within else 0.0 if beyond else np.nan
            _set_gradient(x, y, rho, (first, second, third), winding, out[i])
        elif what == _A:
            out[i, 0], out[i, 1], out[i, 2] = -y * third, x * third, 0.0
        else:
            out[i, 0], out[i, 1], out[i, 2] = x * first, y * first, second
        for k in range(out.shape[1]):
            out[i, k] *= scale
