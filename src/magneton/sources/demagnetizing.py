"""Demagnetizing factors of whole bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from magneton import _check
from magneton._jit import kernel
from magneton.kernels.ellipsoid import demagnetizing
from magneton.numerics.nagaoka import cylinder_factor
from magneton.sources.cuboid import Cuboid
from magneton.sources.cylinder import Cylinder
from magneton.sources.demagnetizing_cuboid import cuboid_demagnetizing_factors
from magneton.sources.ellipsoid import Ellipsoid
from magneton.sources.sphere import Sphere


@kernel
def _of_axes(a, b, c):
    return demagnetizing(a, b, c, a * a, b * b, c * c)


def ellipsoid_demagnetizing_factors(semi_axes: Any) -> np.ndarray:
    """Return the demagnetizing factors of an ellipsoid: H = -N M, uniform, inside.

    N_i = a b c/3 R_D(a_j^2, a_k^2, a_i^2) ([Osborn1945]_ in Carlson's integrals), right to rounding for all ratios.

    Parameters
    ----------
    semi_axes : array_like, shape (3,), any unit of length
        Positive, in any order; discs and needles too.

    Returns
    -------
    ndarray, shape (3,)
        Along each axis; their sum is 1.

    Raises
    ------
    ValueError
        If a semi-axis is not positive.
    """
    axes = _check.vector("semi_axes", semi_axes, "m")
    if not np.all(axes > 0.0):
        raise ValueError(f"semi_axes must be positive, got {axes.tolist()}")
    return np.array(_of_axes(*(axes / axes.max()).tolist()))


def cylinder_demagnetizing_factors(radius: Any, length: Any) -> np.ndarray:
    """Return the magnetometric demagnetizing factors of a uniformly magnetized solid cylinder.

    H averaged over the body is -N M along each axis. N along the axis is 1 less the ratio of the inductances of a
    finite and an endless solenoid of this shape (Nagaoka's coefficient): [Joseph1966]_, [ChenBrugGoldfarb1991]_; see
    `magneton.numerics.nagaoka`. Right to rounding for thin disks and long rods.

    Parameters
    ----------
    radius, length : float, metre
        Positive; only their ratio matters.

    Returns
    -------
    ndarray, shape (3,)
        Across (x and y) and along the axis (z); their sum is 1.

    Raises
    ------
    ValueError
        If radius or length is not positive.

    Examples
    --------
    >>> cylinder_demagnetizing_factors(radius=0.5, length=1.0).round(4).tolist()
    [0.3442, 0.3442, 0.3116]
    """
    radius, length = _check.positive("radius", radius, "m"), _check.positive("length", length, "m")
    along, rest = cylinder_factor(length / (2.0 * radius))
    return np.array([0.5 * rest, 0.5 * rest, along])


#: What has demagnetizing factors, and from which of its attributes.
_FACTORS: dict[type, Callable[[Any], np.ndarray]] = {
    Sphere: lambda source: np.full(3, 1.0 / 3.0),
    Ellipsoid: lambda source: ellipsoid_demagnetizing_factors(source.semi_axes),
    Cuboid: lambda source: cuboid_demagnetizing_factors(source.dimension),
    Cylinder: lambda source: cylinder_demagnetizing_factors(source.radius, source.height),
}


def demagnetizing_factors(source: Any) -> np.ndarray:
    """Return the demagnetizing factors of a body along its own axes: mean H = -N M.

    Parameters
    ----------
    source : Sphere, Ellipsoid, Cuboid or Cylinder
        The body; its magnetization does not matter. For ellipsoids and spheres H is uniform and N is exact at every
        point inside; for the others N is the magnetometric factor, of H averaged over the volume.

    Returns
    -------
    ndarray, shape (3,)
        Along the body's own x, y and z; their sum is 1.

    Raises
    ------
    ValueError
        For any other source.

    Examples
    --------
    >>> from magneton.sources.ellipsoid import Ellipsoid
    >>> demagnetizing_factors(Ellipsoid([1, 1, 2], magnetization=[0, 0, 1])).round(10).tolist()
    [0.4132180012, 0.4132180012, 0.1735639975]
    """
    for kind, factors in _FACTORS.items():
        if isinstance(source, kind):
            return factors(source)
    known = ", ".join(kind.__name__ for kind in _FACTORS)
    raise ValueError(
        f"source must be a body with demagnetizing factors ({known}), got {type(source).__name__}"
    )
