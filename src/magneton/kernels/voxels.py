r"""Sums over voxels: small cuboids, each with a uniform magnetization, current density or pole density.

With phi = \int dV'/|r - r'| over a voxel all fields are those of `magneton.kernels.cuboid`, or follow from them:

    magnetization M:   the fields of a cuboid magnet
    current density j: A = mu_0/(4 pi) phi j,  B = mu_0/(4 pi) grad phi x j  (a magnet's A, with j for M)
    pole density rho:  psi = rho phi/(4 pi),   H = -rho grad phi/(4 pi)  (a magnet's psi, with rho e_k for M)

Parameters: nine floats a voxel: centre (3), edges (3), and M, j or (rho, 0, 0). phi itself is the closed form of
[Nagy1966]_ near by, and a product Gauss rule where that would cancel.
"""

import math

import numpy as np

from magneton._jit import field_function, kernel
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.cuboid import cuboid_field

_A, _B, _GRAD, _POTENTIAL, _H = (
    quantities.A,
    quantities.B,
    quantities.GRAD,
    quantities.POTENTIAL,
    quantities.H,
)
_MU0 = float(mu_0)
_cuboid = cuboid_field.kernel
#: Floats a voxel.
ROW = 9
# In halves of the longest edge: beyond, eight nodes an axis leave (2 R)^(-16) < 1e-15.
_FAR = 4.5
_NODES, _WEIGHTS = (0.5 * a for a in np.polynomial.legendre.leggauss(8))


@kernel
def _corner(x, y, z):
    """Return the closed form's term of one corner; what is multiplied by zero counts as zero."""
    r = math.sqrt(x * x + y * y + z * z)
    total = 0.0
    for _ in range(3):
        if x != 0.0:
            total -= 0.5 * x * x * math.atan(y * z / (x * r))
            if y != 0.0:  # ln(z + r), less what cancels in the sum over the two ends in z
                total += x * y * math.copysign(math.asinh(abs(z) / math.sqrt(x * x + y * y)), z)
        x, y, z = y, z, x
    return total


@kernel
def prism_phi(x, y, z, a, b, c):
    """Return the integral of 1/|r - r'| over the cuboid of half edges a, b, c about the origin."""
    longest = max(a, b, c)
    total = 0.0
    if x * x + y * y + z * z <= (_FAR * longest) ** 2:
        for i in (-1.0, 1.0):
            for j in (-1.0, 1.0):
                for k in (-1.0, 1.0):
                    total += i * j * k * _corner(x + i * a, y + j * b, z + k * c)
        return total
    for i in range(len(_NODES)):
        for j in range(len(_NODES)):
            for k in range(len(_NODES)):
                dx, dy, dz = x - 2.0 * a * _NODES[i], y - 2.0 * b * _NODES[j], z - 2.0 * c * _NODES[k]
                total += _WEIGHTS[i] * _WEIGHTS[j] * _WEIGHTS[k] / math.sqrt(dx * dx + dy * dy + dz * dz)
    return 8.0 * a * b * c * total


@kernel
def _place(voxel, points, local):
    for i in range(len(points)):
        for k in range(3):
            local[i, k] = points[i, k] - voxel[k]


@kernel
def _add_unit_fields(what, voxel, local, work, tensor):
    """Set tensor[:, :, k] to the field of a magnet in place of the voxel with M along axis k."""
    magnet = np.zeros(6)
    for k in range(3):
        magnet[:3] = voxel[3:6]
        magnet[3:] = 0.0
        magnet[3 + k] = 1.0
        _cuboid(what, magnet, local, work)
        tensor[:, :, k] = work


@field_function
def magnetization_field(what, params, points, out):
    """Set `out` to a quantity of magnetized voxels."""
    local, work = np.empty((len(points), 3)), np.empty(out.shape)
    out[:] = 0.0
    for start in range(0, len(params), ROW):
        _place(params[start : start + ROW], points, local)
        _cuboid(what, params[start + 3 : start + ROW], local, work)
        out += work


@kernel
def _add_phi(voxel, local, factor, out):
    """Add factor times phi times the voxel's vector, of which `out` has one component or three."""
    for i in range(len(local)):
        x, y, z = local[i, 0], local[i, 1], local[i, 2]
        value = factor * prism_phi(x, y, z, 0.5 * voxel[3], 0.5 * voxel[4], 0.5 * voxel[5])
        for k in range(out.shape[1]):
            out[i, k] += value * voxel[6 + k]


@kernel
def _add_current_grad(voxel, local, out):
    """Add dB_i/dx_l = mu_0/(4 pi) eps_ijk phi_jl j_k, row by row."""
    work, tensor = np.empty((len(local), 3)), np.empty((len(local), 3, 3))
    _add_unit_fields(_H, voxel, local, work, tensor)
    for i in range(len(local)):
        for row in range(3):
            one, two = (row + 1) % 3, (row + 2) % 3
            for column in range(3):
                across = tensor[i, column, one] * voxel[6 + two] - tensor[i, column, two] * voxel[6 + one]
                out[i, 3 * row + column] += _MU0 * across


@field_function
def current_density_field(what, params, points, out):
    """Set `out` to a quantity of voxels that carry a current density."""
    local, work = np.empty((len(points), 3)), np.empty((len(points), 3))
    out[:] = np.nan if what == _POTENTIAL else 0.0
    for start in range(0, len(params) if what != _POTENTIAL else 0, ROW):
        voxel = params[start : start + ROW]
        _place(voxel, points, local)
        if what == _A:
            _add_phi(voxel, local, _MU0 / (4.0 * math.pi), out)
        elif what == _GRAD:
            _add_current_grad(voxel, local, out)
        else:
            _cuboid(_A, voxel[3:], local, work)
            out += work
    if what == _H:
        out /= _MU0


@kernel
def _add_pole_grad(voxel, local, out):
    """Add dB_i/dx_j = -mu_0 rho phi_ij/(4 pi), row by row."""
    work, tensor = np.empty((len(local), 3)), np.empty((len(local), 3, 3))
    _add_unit_fields(_H, voxel, local, work, tensor)
    for i in range(len(local)):
        for k in range(9):
            out[i, k] -= _MU0 * voxel[6] * tensor[i, k // 3, k % 3]


@field_function
def pole_density_field(what, params, points, out):
    """Set `out` to a quantity of voxels that hold a density of magnetic poles."""
    local = np.empty((len(points), 3))
    work, tensor = np.empty((len(points), 1)), np.empty((len(points), 1, 3))
    out[:] = np.nan if what == _A else 0.0
    for start in range(0, len(params) if what != _A else 0, ROW):
        voxel = params[start : start + ROW]
        _place(voxel, points, local)
        if what == _POTENTIAL:
            _add_phi(voxel, local, 0.25 / math.pi, out)
        elif what == _GRAD:
            _add_pole_grad(voxel, local, out)
        else:
            _add_unit_fields(_POTENTIAL, voxel, local, work, tensor)
            factor = voxel[6] * (_MU0 if what == _B else 1.0)
            for i in range(len(points)):
                for k in range(3):
                    out[i, k] += factor * tensor[i, 0, k]
