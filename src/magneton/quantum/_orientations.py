"""Means over fixed directions, in the part of the sphere that the symmetry of the levels leaves.

Fits take one such rule, for its values are smooth in the parameters, as numerical derivatives need. `powder_average`
raises the order until the mean settles, and halves pieces of the sphere only where it does not.
"""

from __future__ import annotations

import numpy as np

from magneton import constants
from magneton.quantum._symmetry import Patch, patch
from magneton.quantum.levels import Levels

_K_B = float(constants.k_B)
#: Gauss-Legendre points a right angle: an error of 1e-6 for a spin 7/2 with an easy axis in 7 T at 2 K.
_ORDER = 12
#: Values of the quantity that are held at a time.
_AT_ONCE = 2**20
SCALARS = ("free_energy", "internal_energy", "entropy", "heat_capacity")


def symmetric_part(levels: Levels) -> Patch:
    """Return the part of the sphere that is enough."""
    return patch(levels.hamiltonian / _K_B, levels.moment_operators / _K_B)


def powder_moment(levels: Levels, B: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return the mean over all directions of the moment along the field, in J/T, for fields and temperatures (m,)."""
    axes, weights = directions(symmetric_part(levels), _ORDER)
    m = levels.moment(B[:, None, None] * axes, temperature[:, None])
    return np.einsum("mdx,dx,d->m", m, axes, weights)


def directions(part: Patch, order: int) -> tuple[np.ndarray, np.ndarray]:
    """Return unit vectors (d, 3) and weights (d,) of the mean over a part of the sphere, `order` a right angle."""
    x, w = np.polynomial.legendre.leggauss(round(order * part.polar / (0.5 * np.pi)))
    low = np.cos(part.polar)
    x, w = low + 0.5 * (x + 1.0) * (1.0 - low), 0.5 * w
    count = max(round(order * part.azimuth / (0.5 * np.pi)), 1)
    phi = (np.arange(count) + 0.5) * (part.azimuth / count)
    s = np.sqrt(1.0 - x * x)[:, None]
    n = np.stack([s * np.cos(phi), s * np.sin(phi), x[:, None] + 0.0 * phi], axis=-1).reshape(-1, 3)
    return n @ part.frame, np.repeat(w / count, count)


def mean_along(
    levels: Levels,
    quantity: str,
    points: tuple[np.ndarray, np.ndarray],
    rule: tuple[np.ndarray, np.ndarray],
    chosen: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the means of the quantity and of its magnitude by a rule; nan at points that are not chosen."""
    grid = 2 * chosen.sum() > chosen.size  # so that each field is solved for once
    field, T = points if grid else (np.broadcast_to(each, chosen.shape)[chosen] for each in points)
    axes, weights = rule
    step = max(1, _AT_ONCE // chosen.size)
    totals = np.zeros((2, *np.broadcast_shapes(field.shape, T.shape)))
    for k in range(0, len(axes), step):
        values = along(levels, quantity, field, T, axes[k : k + step])
        totals += [np.tensordot(weights[k : k + step], each, axes=1) for each in (values, np.abs(values))]
    if grid:
        return totals[0], totals[1]
    spread = np.full((2, *chosen.shape), np.nan)
    spread[:, chosen] = totals
    return spread[0], spread[1]


def along(levels: Levels, quantity: str, field: np.ndarray, T: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Return the quantity with the field along unit vectors (..., 3), shape (..., *points)."""
    inner = max(field.ndim, T.ndim)
    axis = unit.reshape(*unit.shape[:-1], *(1 for _ in range(inner)), 3)
    result = getattr(levels, quantity)(field[..., None] * axis, T)
    if quantity in SCALARS:
        return result
    if quantity == "susceptibility":
        result = (result @ axis[..., None])[..., 0]
    return (result * axis).sum(axis=-1)
