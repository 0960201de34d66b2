"""The point dipole: B, grad B, A and scalar potential at the separation r from the dipole.

All results are for unit mu_0/(4 pi) (1/(4 pi) for the scalar potential); at the dipole they are nan. Source:
[Jackson1999]_ eqs. 5.55 and 5.56, without the contact term.
"""

import math

from magneton._jit import inline_kernel
from magneton.numerics.double_double import difference_of_products


@inline_kernel
def dipole_B(x, y, z, mx, my, mz):
    """Return B = 3 r (m.r)/r^5 - m/r^3."""
    r2 = x * x + y * y + z * z
    inverse = 1.0 / math.sqrt(r2)
    w3 = inverse * (inverse * inverse)
    radial = 3.0 * (mx * x + my * y + mz * z) * (w3 * (inverse * inverse))
    return radial * x - w3 * mx, radial * y - w3 * my, radial * z - w3 * mz


@inline_kernel
def dipole_A(x, y, z, mx, my, mz):
    """Return A = m x r/r^3."""
    r2 = x * x + y * y + z * z
    w3 = 1.0 / (r2 * math.sqrt(r2))
    return (
        w3 * difference_of_products(my, z, mz, y),
        w3 * difference_of_products(mz, x, mx, z),
        w3 * difference_of_products(mx, y, my, x),
    )


@inline_kernel
def dipole_potential(x, y, z, mx, my, mz):
    """Return psi = m.r/r^3."""
    r2 = x * x + y * y + z * z
    return (mx * x + my * y + mz * z) / (r2 * math.sqrt(r2))


@inline_kernel
def dipole_grad(x, y, z, mx, my, mz):
    """Return dB_i/dx_j (xx, xy, xz, yy, yz) = 3 [(m.r)(1 - 5 r r/r^2) + m r + r m]/r^5."""
    r2 = x * x + y * y + z * z
    inverse2 = 1.0 / r2
    w5 = 3.0 * inverse2 * inverse2 / math.sqrt(r2)
    mr = mx * x + my * y + mz * z
    s = 5.0 * mr * inverse2
    return (
        w5 * (mr + 2.0 * mx * x - s * x * x),
        w5 * (mx * y + my * x - s * x * y),
        w5 * (mx * z + mz * x - s * x * z),
        w5 * (mr + 2.0 * my * y - s * y * y),
        w5 * (my * z + mz * y - s * y * z),
    )
