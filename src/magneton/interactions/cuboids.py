"""Force, torque and energy between two uniformly magnetized cuboids with parallel edges, in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton.kernels.cuboid_force import cuboid_force


def _vector(value: Any) -> np.ndarray:
    return np.ascontiguousarray(value, dtype=np.float64)


def cuboid_pair(
    dimension1: Any, M1: Any, dimension2: Any, M2: Any, offset: Any, pivot: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return the force, torque and energy of cuboid 1 on cuboid 2, and how much of them is rounding.

    The edges of both are along x, y, z; the origin is the centre of 1. Nothing is checked here.

    Parameters
    ----------
    dimension1, dimension2 : array_like, shape (3,), metre
        The edges.
    M1, M2 : array_like, shape (3,), A/m
        The uniform magnetizations, in any directions.
    offset : array_like, shape (3,), metre
        From the centre of 1 to the centre of 2.
    pivot : array_like, shape (3,), metre
        The point that the torque is about, from the centre of 1.

    Returns
    -------
    values : ndarray, shape (7,)
        Force on 2 in N, torque on 2 about the pivot in N m, and the energy U = -int M2.B1 dV in J, of which the force
        is minus the gradient.
    noise : ndarray, shape (3,)
        Bounds of the rounding errors of force (norm, N), torque (norm, N m) and energy (J). The sums cancel when the
        two are far apart, or one is tiny: where the noise is too large, integrate instead.

    Notes
    -----
    The two must not overlap. They may touch: the force is the limit from outside, and an overlap by rounding alone
    does not change it. The closed forms are in `magneton.kernels.cuboid_force` ([AkounYonnet1984]_, [AllagYonnet2009]_,
    [Janssen2010]_).

    Examples
    --------
    Two 10 mm cubes of 1 T that attract through a gap of 1 mm:

    >>> M = [0.0, 0.0, 795774.7]
    >>> values, noise = cuboid_pair([0.01] * 3, M, [0.01] * 3, M, [0.0, 0.0, 0.011], [0.0, 0.0, 0.0])
    >>> round(float(values[2]), 4)
    -20.3597
    """
    out = np.empty(10)
    cuboid_force(
        _vector(dimension1),
        _vector(M1),
        _vector(dimension2),
        _vector(M2),
        _vector(offset),
        _vector(pivot),
        out,
    )
    return out[:7], out[7:]
