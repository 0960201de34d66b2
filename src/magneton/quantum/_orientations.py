"""Moments of a powder for fits: means over fixed directions, of those that the symmetry of the levels leaves.

`powder_average` halves its pieces until an error is met, so its values jump a little from one parameter to the next;
these are smooth in the parameters, as numerical derivatives need.
"""

from __future__ import annotations

import numpy as np

from magneton import constants
from magneton.quantum._symmetry import Patch, patch
from magneton.quantum.levels import Levels

_K_B = float(constants.k_B)
#: Gauss-Legendre points a right angle: an error of 1e-6 for a spin 7/2 with an easy axis in 7 T at 2 K.
_ORDER = 12


def powder_moment(levels: Levels, B: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return the mean over all directions of the moment along the field, in J/T, for fields and temperatures (m,)."""
    part = patch(levels.hamiltonian / _K_B, levels.moment_operators / _K_B)
    axes, weights = _directions(part)
    m = levels.moment(B[:, None, None] * axes, temperature[:, None])
    return np.einsum("mdx,dx,d->m", m, axes, weights)


def _directions(part: Patch) -> tuple[np.ndarray, np.ndarray]:
    """Return unit vectors (d, 3) and weights (d,) of the mean over a part of the sphere."""
    x, w = np.polynomial.legendre.leggauss(round(_ORDER * part.polar / (0.5 * np.pi)))
    low = np.cos(part.polar)
    x, w = low + 0.5 * (x + 1.0) * (1.0 - low), 0.5 * w
    count = max(round(_ORDER * part.azimuth / (0.5 * np.pi)), 1)
    phi = (np.arange(count) + 0.5) * (part.azimuth / count)
    s = np.sqrt(1.0 - x * x)[:, None]
    n = np.stack([s * np.cos(phi), s * np.sin(phi), x[:, None] + 0.0 * phi], axis=-1).reshape(-1, 3)
    return n @ part.frame, np.repeat(w / count, count)
