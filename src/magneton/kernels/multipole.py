r"""The field outside a current distribution from its magnetic multipoles.

The scalar potential is psi = (1/4 pi) sum q_lm I_l^m with the irregular solid harmonics I of
`magneton.numerics.harmonics`; for a closed circuit

    q_lm = I/(l + 1) \oint (r x dl).grad conj(R_l^m)

[Gray1978]_. The vector potential is A = mu_0 [-sum_l (1/l) r x grad psi_l + grad chi]
with chi = (1/4 pi) sum chi_lm I_l^m,

    chi_lm = -I/(l + 1) \oint (r.dl) conj(R_l^m).

The last term makes it the same A as the integral of dl/|r - r'| near the circuit, since there
r.A = (mu_0 I/4 pi) \oint r'.dl'/|r - r'|. Derivatives of I are again solid harmonics: d/dz I_l^m = -I_(l+1)^m,
(d/dx + i d/dy) I_l^m = -I_(l+1)^(m+1), (d/dx - i d/dy) I_l^m = I_(l+1)^(m-1). Coordinates are in units of the
extent of the distribution; results are for unit mu_0/(4 pi).
"""

import math

import numpy as np

from magneton._jit import kernel
from magneton.numerics.harmonics import entry, irregular, regular

#: The highest degree kept, and the distance in extents beyond which the series is good to rounding.
DEGREE = 20
REACH = 6.0


def circuit_multipoles(nodes: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return q_lm and chi_lm, shape (2, k), of a closed circuit given by nodes and line elements, both (n, 3).

    For unit current; the length unit is the extent of the circuit.
    """
    table = regular(nodes, DEGREE)
    moment = np.cross(nodes, steps)
    plus = moment[:, 0] + 1j * moment[:, 1]
    along = np.sum(nodes * steps, axis=1)
    out = np.zeros((2, len(table)), dtype=complex)

    def row(level: int, m: int) -> np.ndarray | float:
        if abs(m) > level:
            return 0.0
        if m >= 0:
            return table[level * (level + 1) // 2 + m]
        return (-1) ** m * table[level * (level + 1) // 2 - m].conj()

    for level in range(1, DEGREE + 1):
        for m in range(level + 1):
            # M.grad R with d/dz R_l^m = R_(l-1)^m, (d/dx + i d/dy) R = -R_(l-1)^(m+1), minus: R_(l-1)^(m-1)
            gradient = moment[:, 2] * row(level - 1, m) + 0.5 * (
                plus * row(level - 1, m - 1) - plus.conj() * row(level - 1, m + 1)
            )
            index = level * (level + 1) // 2 + m
            out[0, index] = np.conj(np.sum(gradient)) / (level + 1)
            out[1, index] = -np.conj(table[index] @ along) / (level + 1)
    return out


@kernel
def _needed_degree(x, y, z):
    """Return the degree at which the series is converged to rounding at this distance."""
    ratio = 0.5 * math.log(x * x + y * y + z * z)
    return min(DEGREE, 2 + int(38.0 / ratio))


@kernel
def _coefficient(params, level, m):
    index = level * (level + 1) + 2 * m
    weight = 1.0 if m == 0 else 2.0
    return weight * complex(params[index], params[index + 1])


@kernel
def _gradient(table, level, m, q):
    """Return the gradient of Re(q I_l^m)."""
    up, down = entry(table, level + 1, m + 1), entry(table, level + 1, m - 1)
    return (
        -0.5 * (q * (up - down)).real,
        -0.5 * (q * (up + down)).imag,
        -(q * entry(table, level + 1, m)).real,
    )


@kernel
def multipole_B(x, y, z, params):
    """Return -grad psi; `params` holds re, im of q_lm by index, then those of chi_lm."""
    degree = _needed_degree(x, y, z)
    table = irregular(x, y, z, degree + 1)
    bx = by = bz = 0.0
    for level in range(1, degree + 1):
        for m in range(level + 1):
            gx, gy, gz = _gradient(table, level, m, _coefficient(params, level, m))
            bx, by, bz = bx - gx, by - gy, bz - gz
    return bx, by, bz


@kernel
def multipole_A(x, y, z, params):
    """Return -sum (1/l) r x grad psi_l + grad chi."""
    degree = _needed_degree(x, y, z)
    table = irregular(x, y, z, degree + 1)
    gauge = params[(DEGREE + 1) * (DEGREE + 2) :]
    px = py = pz = 0.0
    ax = ay = az = 0.0
    for level in range(1, degree + 1):
        for m in range(level + 1):
            gx, gy, gz = _gradient(table, level, m, _coefficient(params, level, m) / level)
            px, py, pz = px + gx, py + gy, pz + gz
            gx, gy, gz = _gradient(table, level, m, _coefficient(gauge, level, m))
            ax, ay, az = ax + gx, ay + gy, az + gz
    return ax - (y * pz - z * py), ay - (z * px - x * pz), az - (x * py - y * px)


@kernel
def multipole_grad(x, y, z, params):
    """Return dB_i/dx_j (xx, xy, xz, yy, yz)."""
    degree = _needed_degree(x, y, z)
    table = irregular(x, y, z, degree + 2)
    xx = xy = xz = zz = yz = 0.0
    for level in range(1, degree + 1):
        n = level + 2
        for m in range(level + 1):
            q = _coefficient(params, level, m)
            up, down = entry(table, n, m + 1), entry(table, n, m - 1)
            up2, down2 = entry(table, n, m + 2), entry(table, n, m - 2)
            centre = entry(table, n, m)
            xx -= 0.25 * (q * (up2 - 2.0 * centre + down2)).real
            xy += 0.25 * (q * (down2 - up2)).imag
            xz -= 0.5 * (q * (up - down)).real
            yz -= 0.5 * (q * (up + down)).imag
            zz -= (q * centre).real
    return xx, xy, xz, -xx - zz, yz
