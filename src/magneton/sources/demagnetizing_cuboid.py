"""Demagnetizing factors of the cuboid, in closed form."""

from __future__ import annotations

import decimal
import math
from decimal import Decimal
from typing import Any

import numpy as np

from magneton import _check


def _arctan(x: Decimal) -> Decimal:
    """Return atan x of x > 0: by halving the angle, then a power series."""
    doublings = 1
    while x > Decimal("1e-3"):
        x = x / (1 + (1 + x * x).sqrt())
        doublings *= 2
    term = total = x
    n = 1
    while abs(term) > total * Decimal(10) ** -decimal.getcontext().prec:
        n += 2
        term = -term * x * x
        total += term / n
    return doublings * total


def _log_ratio(root: Decimal, side: Decimal) -> Decimal:
    """Return ln[(root + side)/(root - side)]."""
    return ((root + side) / (root - side)).ln()


def _factor(a: Decimal, b: Decimal, c: Decimal) -> Decimal:
    """Return the factor along c of a body with these edges: [Aharoni1998]_ eq. 1."""
    ab, bc, ca = (a * a + b * b).sqrt(), (b * b + c * c).sqrt(), (c * c + a * a).sqrt()
    r = (a * a + b * b + c * c).sqrt()
    logs = (
        (c * c - b * b) / (2 * b * c) * _log_ratio(r, a)
        + (c * c - a * a) / (2 * a * c) * _log_ratio(r, b)
        + b / (2 * c) * _log_ratio(ab, a)
        + a / (2 * c) * _log_ratio(ab, b)
        - c / (2 * a) * _log_ratio(bc, b)
        - c / (2 * b) * _log_ratio(ca, a)
    )
    cubes = a**3 + b**3 - 2 * c**3 + (a * a + b * b - 2 * c * c) * r - (ab**3 + bc**3 + ca**3)
    rest = cubes / (3 * a * b * c) + c / (a * b) * (ca + bc)
    return (logs + 2 * _arctan(a * b / (c * r)) + rest) / (4 * _arctan(Decimal(1)))


def cuboid_demagnetizing_factors(dimension: Any) -> np.ndarray:
    """Return the magnetometric demagnetizing factors of a uniformly magnetized cuboid.

    H averaged over the body is -N M along each axis. The closed form [Aharoni1998]_ eq. 1 cancels heavily for plates
    and needles; it is evaluated in decimal arithmetic with as many digits as it takes, so that each factor is right
    to rounding whatever the shape.

    Parameters
    ----------
    dimension : array_like, shape (3,), metre
        The edges along x, y and z, positive; only their ratios matter.

    Returns
    -------
    ndarray, shape (3,)
        N along x, y and z; their sum is 1.

    Raises
    ------
    ValueError
        If the dimension is not three positive numbers.

    Examples
    --------
    >>> from magneton.sources.demagnetizing_cuboid import cuboid_demagnetizing_factors
    >>> cuboid_demagnetizing_factors([1, 1, 2]).round(6).tolist()
    [0.400842, 0.400842, 0.198316]
    """
    edges = _check.vector("dimension", dimension, "m")
    if not np.all(edges > 0.0):
        raise ValueError(f"dimension must be positive, got {edges.tolist()}")
    decades = math.log10(edges.max()) - math.log10(edges.min())
    # The terms are up to aspect^2, the least factor is down to aspect^-2, and (root - side) loses as much again.
    with decimal.localcontext(prec=40 + math.ceil(8 * decades), Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN):
        a, b, c = (Decimal(float(edge)) for edge in edges)
        return np.array([float(_factor(b, c, a)), float(_factor(c, a, b)), float(_factor(a, b, c))])
