r"""The cuboid far away: dipoles at the nodes of a product Gauss rule, which converges before anything cancels.

The fields are second and third derivatives of phi = \int dV'/|r - r'|. In units of half the longest edge the rule
with n nodes an axis has a relative error of some (2 R)^(-2n) at the distance R. Beyond `NEAREST` five suffice, and
fewer farther out. The first derivative vanishes on planes of symmetry; there nodes are paired with their mirror images,
and the difference of each pair is formed without cancellation.
"""

import math

import numpy as np

from magneton._jit import inline_kernel, kernel

#: Distance in halves of the longest edge beyond which the rules hold; and from where three nodes, then two suffice.
NEAREST, THREE, TWO = 20.0, 250.0, 6000.0
_NODES5, _WEIGHTS5 = (0.5 * a for a in np.polynomial.legendre.leggauss(5))
_NODES3, _WEIGHTS3 = (0.5 * a for a in np.polynomial.legendre.leggauss(3))
_NODES2, _WEIGHTS2 = (0.5 * a for a in np.polynomial.legendre.leggauss(2))


@inline_kernel
def _rule(distance2):
    """Return nodes and weights on (-1/2, 1/2) for a squared distance in halves of the longest edge."""
    if distance2 > TWO * TWO:
        return _NODES2, _WEIGHTS2
    if distance2 > THREE * THREE:
        return _NODES3, _WEIGHTS3
    return _NODES5, _WEIGHTS5


@kernel
def far_second(x, y, z, edges, distance2):
    """Return phi_xx yy zz yz zx xy for unit volume."""
    nodes, weights = _rule(distance2)
    xx = yy = yz = zx = xy = 0.0
    for i in range(len(nodes)):
        dx = x - nodes[i] * edges[0]
        for j in range(len(nodes)):
            dy = y - nodes[j] * edges[1]
            for k in range(len(nodes)):
                dz = z - nodes[k] * edges[2]
                x2, y2, z2 = dx * dx, dy * dy, dz * dz
                inverse2 = 1.0 / (x2 + y2 + z2)
                f = weights[i] * weights[j] * weights[k] * inverse2 * inverse2 * math.sqrt(inverse2)
                xx += f * (2.0 * x2 - y2 - z2)
                yy += f * (2.0 * y2 - x2 - z2)
                yz += 3.0 * f * dy * dz
                zx += 3.0 * f * dz * dx
                xy += 3.0 * f * dx * dy
    return xx, yy, -xx - yy, yz, zx, xy


@kernel
def far_third(x, y, z, edges, distance2):
    """Return phi_xyz, then phi_yzy yzz zxz zxx xyx xyy, for unit volume."""
    nodes, weights = _rule(distance2)
    xyz = xyy = xzz = yxx = yzz = zxx = zyy = 0.0
    for i in range(len(nodes)):
        dx = x - nodes[i] * edges[0]
        for j in range(len(nodes)):
            dy = y - nodes[j] * edges[1]
            for k in range(len(nodes)):
                dz = z - nodes[k] * edges[2]
                inverse2 = 1.0 / (dx * dx + dy * dy + dz * dz)
                f = 3.0 * weights[i] * weights[j] * weights[k] * inverse2 * inverse2 * math.sqrt(inverse2)
                x2, y2, z2 = 5.0 * dx * dx * inverse2, 5.0 * dy * dy * inverse2, 5.0 * dz * dz * inverse2
                xyz -= 5.0 * f * dx * dy * dz * inverse2
                xyy += f * dx * (1.0 - y2)
                xzz += f * dx * (1.0 - z2)
                yxx += f * dy * (1.0 - x2)
                yzz += f * dy * (1.0 - z2)
                zxx += f * dz * (1.0 - x2)
                zyy += f * dz * (1.0 - y2)
    return xyz, zyy, yzz, xzz, zxx, yxx, xyy


@inline_kernel
def _pair(distance2, r3, cross, offset):
    """Return offset/2 (1/r^3 - 1/r'^3) of a node and its mirror image, r'^2 = r^2 + 4 cross."""
    other2 = distance2 + 4.0 * cross
    r, other = math.sqrt(distance2), math.sqrt(other2)
    sums = distance2 + r * other + other2
    return 2.0 * offset * cross * sums / ((r + other) * r3 * other * other2)


@kernel
def far_first(x, y, z, edges, distance2):
    """Return -phi_x, -phi_y, -phi_z for unit volume: each exact to rounding, however small."""
    nodes, weights = _rule(distance2)
    gx = gy = gz = 0.0
    for i in range(len(nodes)):
        a = nodes[i] * edges[0]
        for j in range(len(nodes)):
            b = nodes[j] * edges[1]
            for k in range(len(nodes)):
                c = nodes[k] * edges[2]
                r2 = (x - a) * (x - a) + (y - b) * (y - b) + (z - c) * (z - c)
                r3 = r2 * math.sqrt(r2)
                weight = weights[i] * weights[j] * weights[k]
                gx += weight * (x / r3 - _pair(r2, r3, x * a, a))
                gy += weight * (y / r3 - _pair(r2, r3, y * b, b))
                gz += weight * (z / r3 - _pair(r2, r3, z * c, c))
    return gx, gy, gz
