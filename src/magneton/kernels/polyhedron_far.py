r"""The magnetic multipoles of a uniformly magnetized polyhedron, for `magneton.kernels.multipole`.

The potential psi = (1/4 pi) integral of M.grad'(1/|r - r'|) over the volume has

    q_lm = integral of M.grad conj(R_l^m) dV,

and the Coulomb-gauge A = (mu_0/4 pi) integral of M x grad'(1/|r - r'|), whose radial part is
r.A = -(mu_0/4 pi) integral of (M x r').grad'(1/|r - r'|),

    chi_lm = 1/(l + 1) integral of (M x r').grad conj(R_l^m) dV.

The integrands are polynomials: over the cone from the centroid to a face a homogeneous one of degree k gives
h/(k + 3) times its integral over the face, h the distance of the face's plane, and over the face a product rule of
Gauss is exact. Lengths are in extents.
"""

import numpy as np

from magneton._jit import kernel
from magneton.kernels.multipole import DEGREE
from magneton.numerics.harmonics import irregular, regular

#: Gauss points along each direction of a face: exact to degree 2 n - 2, at least that of x R_(DEGREE - 1).
_ORDER = 11
#: Faces at a time, which bounds the memory.
_FACES = 128
_LEVELS = np.repeat(np.arange(DEGREE + 1), np.arange(1, DEGREE + 2))


def _rule() -> tuple[np.ndarray, np.ndarray]:
    """Return points (n, 2) in the triangle u, v >= 0, u + v <= 1, and weights that sum to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(_ORDER)
    s, w = 0.5 * (nodes + 1.0), 0.5 * weights
    u, v = np.broadcast_arrays(s[:, None], (1.0 - s[:, None]) * s)
    return np.stack([u.ravel(), v.ravel()], axis=-1), (2.0 * w[:, None] * (1.0 - s[:, None]) * w).ravel()


def volume_moments(corners: np.ndarray, cones: np.ndarray) -> np.ndarray:
    """Return the integrals of R_l^m and of x, y, z times it over the volume, shape (4, k).

    `corners`, shape (m, 3, 3), are the faces' about the centroid, and `cones` three times the volumes of the cones
    from there to them: h times the area.
    """
    rule, weights = _rule()
    sums = np.zeros((4, len(_LEVELS)), dtype=complex)
    for start in range(0, len(corners), _FACES):
        a, b, c = np.moveaxis(corners[start : start + _FACES, :, None], 1, 0)
        points = (a + rule[:, :1] * (b - a) + rule[:, 1:] * (c - a)).reshape(-1, 3)
        weight = (cones[start : start + _FACES, None] * weights).reshape(-1)
        table = regular(points, DEGREE)
        sums += (table @ (weight[:, None] * np.column_stack([np.ones(len(points)), points]))).T
    return sums / (_LEVELS + np.array([3, 4, 4, 4])[:, None])


def magnet_multipoles(moments: np.ndarray, magnetization: np.ndarray) -> np.ndarray:
    """Return q_lm and chi_lm, shape (2, k), from the `volume_moments`."""

    def row(k: int, level: int, m: int) -> complex:
        if abs(m) > level:
            return 0.0
        value = moments[k, level * (level + 1) // 2 + abs(m)]
        return value if m >= 0 else (-1) ** m * np.conj(value)

    def gradient(level: int, m: int) -> np.ndarray:
        """Return the integrals of d_j R_l^m and of x_i d_j R_l^m, [j, i]."""
        columns = []
        for k in range(4):
            up, down = row(k, level - 1, m + 1), row(k, level - 1, m - 1)
            columns.append([0.5 * (down - up), 0.5j * (down + up), row(k, level - 1, m)])
        return np.array(columns).T

    mx, my, mz = magnetization
    turn = np.array([[0.0, -mz, my], [mz, 0.0, -mx], [-my, mx, 0.0]])  # M x r' = turn r'
    out = np.zeros((2, moments.shape[1]), dtype=complex)
    for level in range(1, DEGREE + 1):
        for m in range(level + 1):
            parts = gradient(level, m)
            index = level * (level + 1) // 2 + m
            out[0, index] = np.conj(parts[:, 0] @ magnetization)
            out[1, index] = np.conj(np.sum(turn * parts[:, 1:])) / (level + 1)
    return out


@kernel
def far_potential(x, y, z, params):
    """Return 4 pi psi; `params` holds re, im of q_lm by index."""
    degree = min(DEGREE, 2 + int(38.0 / (0.5 * np.log(x * x + y * y + z * z))))
    table = irregular(x, y, z, degree)
    total = 0.0
    for level in range(1, degree + 1):
        for m in range(level + 1):
            k = level * (level + 1) // 2 + m
            term = (complex(params[2 * k], params[2 * k + 1]) * table[k]).real
            total += term if m == 0 else 2.0 * term
    return total
