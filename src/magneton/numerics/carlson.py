r"""Carlson's symmetric elliptic integrals of the first and second kind, for arguments that are not negative.

    R_F(x, y, z) = 1/2 integral_0^inf dt/sqrt((t + x)(t + y)(t + z))
    R_D(x, y, z) = 3/2 integral_0^inf dt/(sqrt((t + x)(t + y)) (t + z)^(3/2))

by duplication until the arguments agree to a hundredth, then a series of degree seven in their differences
([DLMF2024]_ 19.36.1, 19.36.2; [Carlson1995]_). All terms of the sums are positive: nothing cancels, whatever the
ratio of the arguments. R_F wants at most one argument zero, R_D z > 0 and at most one of x, y zero; what is out of
range gives nan or inf. The complete integrals are K = R_F(0, 1 - m, 1) and (K - E)/m = R_D(0, 1 - m, 1)/3.
"""

import math

from magneton._jit import inline_kernel

#: The series are used below this relative spread of the arguments; their error is its eighth power, less a digit.
_SPREAD = 0.012


@inline_kernel
def _spread(x, y, z):
    """Return the width of the range of the arguments over their mean; it decides when to stop."""
    return 3.0 * (max(x, y, z) - min(x, y, z)) / (x + y + z)


@inline_kernel
def carlson_rf(x, y, z):
    """Return R_F(x, y, z)."""
    while _spread(x, y, z) > _SPREAD:
        sx, sy, sz = math.sqrt(x), math.sqrt(y), math.sqrt(z)
        shift = sx * sy + sx * sz + sy * sz
        x, y, z = 0.25 * (x + shift), 0.25 * (y + shift), 0.25 * (z + shift)
    mean = (x + y + z) / 3.0
    dx, dy = (mean - x) / mean, (mean - y) / mean
    dz = -dx - dy
    e2, e3 = dx * dy - dz * dz, dx * dy * dz
    series = 1.0 - e2 / 10.0 + e3 / 14.0 + e2 * e2 / 24.0 - 3.0 * e2 * e3 / 44.0
    series += e2 * (e2 * (e3 / 16.0 - 5.0 * e2 / 208.0)) + 3.0 * e3 * e3 / 104.0
    return series / math.sqrt(mean)


@inline_kernel
def _rd_end(x, y, z):
    """Return R_D of arguments that are close together."""
    mean = (x + y + 3.0 * z) / 5.0
    dx, dy = (mean - x) / mean, (mean - y) / mean
    dz = -(dx + dy) / 3.0
    xy, z2 = dx * dy, dz * dz
    e2, e3, e4, e5 = xy - 6.0 * z2, (3.0 * xy - 8.0 * z2) * dz, 3.0 * (xy - z2) * z2, xy * dz * z2
    series = 1.0 - 3.0 * e2 / 14.0 + e3 / 6.0 + 9.0 * e2 * e2 / 88.0 - 3.0 * e4 / 22.0 - 9.0 * e2 * e3 / 52.0
    series += 3.0 * e5 / 26.0 - e2 * e2 * e2 / 16.0 + 3.0 * e3 * e3 / 40.0 + 3.0 * e2 * e4 / 20.0
    series += 45.0 * e2 * e2 * e3 / 272.0 - 9.0 * (e3 * e4 + e2 * e5) / 68.0
    return series / (mean * math.sqrt(mean))


@inline_kernel
def carlson_rd(x, y, z):
    """Return R_D(x, y, z), symmetric in x and y."""
    total, weight = 0.0, 1.0
    while _spread(x, y, z) > _SPREAD:
        sx, sy, sz = math.sqrt(x), math.sqrt(y), math.sqrt(z)
        shift = sx * sy + sx * sz + sy * sz
        total += weight / (sz * (z + shift))
        weight *= 0.25
        x, y, z = 0.25 * (x + shift), 0.25 * (y + shift), 0.25 * (z + shift)
    return 3.0 * total + weight * _rd_end(x, y, z)


@inline_kernel
def carlson_rd_each(x, y, z):
    """Return R_D(y, z, x), R_D(z, x, y), R_D(x, y, z): one duplication serves all three; no argument may be zero."""
    tx, ty, tz, weight = 0.0, 0.0, 0.0, 1.0
    while _spread(x, y, z) > _SPREAD:
        sx, sy, sz = math.sqrt(x), math.sqrt(y), math.sqrt(z)
        shift = sx * sy + sx * sz + sy * sz
        tx += weight / (sx * (x + shift))
        ty += weight / (sy * (y + shift))
        tz += weight / (sz * (z + shift))
        weight *= 0.25
        x, y, z = 0.25 * (x + shift), 0.25 * (y + shift), 0.25 * (z + shift)
    return (
        3.0 * tx + weight * _rd_end(y, z, x),
        3.0 * ty + weight * _rd_end(z, x, y),
        3.0 * tz + weight * _rd_end(x, y, z),
    )
