r"""Second derivatives of a source's field, without finite differences.

Of dipoles by the closed form. Of any other source from its closed-form gradient G, whose components are harmonic where
no current flows, by the mean-value property of their derivatives on a sphere of radius R about the point,

    dG/dx_k = (3/R) <n_k G>,

with a product rule (Gauss in the cosine, trapezoidal in the angle), which converges geometrically if the sphere is
clear of the source. Two orders of the rule, and <G> = G at the centre, show whether it is; where not, R is halved.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from magneton import _check
from magneton.interactions._external import as_source
from magneton.kernels.clearance import field_clearance
from magneton.kernels.field import BODY, DIPOLE, MU0_4PI, UNIFORM, USER
from magneton.summation.batch import evaluate
from magneton.summation.compiled import CompiledField

# With R an eighth of the distance what a rule of n rings gets wrong is 8^(2 - 2n): 2e-13 and 6e-17.
_CLEAR = 8.0
_COARSE, _FINE = 8, 10
_HALVINGS = 60
# So many pairs of points and dipoles, or points on spheres, at a time.
_CHUNK = 60_000
# Rounding of a mean over a sphere, relative to the gradient.
_NOISE = 1e-14


def _rule(rings: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points on the unit sphere, shape (n, 3), and weights that sum to one, exact to degree 2 rings - 1."""
    cosine, weight = np.polynomial.legendre.leggauss(rings)
    angle = math.pi * np.arange(2 * rings) / rings
    sine = np.sqrt(1.0 - cosine**2)[:, None]
    ring = np.stack([sine * np.cos(angle), sine * np.sin(angle), cosine[:, None] + 0.0 * angle], axis=-1)
    return ring.reshape(-1, 3), np.repeat(weight / (4.0 * rings), 2 * rings)


_RULES = [_rule(_COARSE), _rule(_FINE)]
_PLACES = np.concatenate([places for places, _ in _RULES])


def _of_dipoles(dipoles: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the sum over rows (x, y, z, mx, my, mz) of m.grad of the third derivatives of 1/r, shape (n, 3, 3, 3)."""
    delta, out = np.eye(3), np.empty((len(points), 3, 3, 3))
    step = max(1, _CHUNK // max(1, len(dipoles)))
    for start in range(0, len(points), step):
        d = points[start : start + step, None] - dipoles[:, :3]
        inverse = 1.0 / np.sqrt(np.sum(d * d, axis=2))
        n, m = d * inverse[..., None], dipoles[:, 3:]
        strength = inverse**5
        along = np.sum(n * m, axis=2) * strength
        one = np.einsum("pd,pdi->pi", along, n)
        two = np.einsum("pd,di,pdj,pdk->pijk", strength, m, n, n, optimize=True)
        three = np.einsum("pd,pdi,pdj,pdk->pijk", along, n, n, n, optimize=True)
        vector = 3.0 * np.einsum("pd,di->pi", strength, m) - 15.0 * one
        mixed = np.einsum("ij,pk->pijk", delta, vector) - 15.0 * two.transpose(0, 2, 3, 1)
        out[start : start + step] = 105.0 * three + sum(mixed.transpose(0, *axes) for axes in _CYCLES)
    return MU0_4PI * out


#: The three ways to share out three indices where two are alike.
_CYCLES = ((1, 2, 3), (1, 3, 2), (3, 2, 1))


def _on_spheres(
    field: CompiledField, points: np.ndarray, radii: np.ndarray, rtol: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the derivatives of grad B at points, and where they are good."""
    places = points[:, None] + radii[:, None, None] * np.concatenate([_PLACES, np.zeros((1, 3))])
    G = evaluate(field, "grad_B", places.reshape(-1, 3)).reshape(len(points), -1, 3, 3)
    split = len(_RULES[0][1])
    scale = 3.0 / radii
    sums = []
    for (normals, weights), values in zip(_RULES, (G[:, :split], G[:, split:-1]), strict=True):
        mean = np.einsum("q,pqij->pij", weights, values)
        sums.append((mean, np.einsum("q,qk,pqij->pijk", weights, normals, values, optimize=True)))
    spread = np.sqrt(np.sum((sums[1][1] - sums[0][1]) ** 2, axis=(1, 2, 3)))
    offset = np.sqrt(np.sum((sums[1][0] - G[:, -1]) ** 2, axis=(1, 2)))
    values = scale[:, None, None, None] * sums[1][1]
    # Derivatives commute: the mean loses what rounding has added. The third index joins in only where curl B = 0,
    # which the field of an open line or of a moving charge does not obey.
    symmetric = 0.5 * (values + values.transpose(0, 1, 3, 2))
    size = np.sqrt(np.sum(symmetric**2, axis=(1, 2, 3)))
    rounding = _NOISE * np.sqrt(np.sum(G[:, -1] ** 2, axis=(1, 2)))
    return symmetric, scale * (spread + offset) <= np.maximum(rtol * size, scale * rounding)


def _first_radii(field: CompiledField, points: np.ndarray) -> np.ndarray:
    """Return where to begin: a part of the distance, or of the smallest body whose sphere the point lies in."""
    flat = field.kinds, field.starts, field.params
    clear = np.array([field_clearance(*flat, *point) for point in points.tolist()])
    sizes = [row[12] for row in field.terms(BODY)]
    return np.maximum(clear, min(sizes) if sizes else 0.0) / _CLEAR


def _of_field(field: CompiledField, points: np.ndarray, rtol: float) -> np.ndarray:
    """Return the derivatives of any field's gradient; nan where there are none."""
    out = np.full((len(points), 3, 3, 3), np.nan)
    radii = _first_radii(field, points)
    waiting = np.flatnonzero(np.isfinite(radii) & (radii > 0.0))
    step = max(1, _CHUNK // len(_PLACES))
    for _ in range(_HALVINGS):
        again = []
        for start in range(0, len(waiting), step):
            some = waiting[start : start + step]
            found, good = _on_spheres(field, points[some], radii[some], rtol)
            out[some[good]] = found[good]
            again.append(some[~good])
        if not again:
            break
        waiting = np.concatenate(again)
        radii[waiting] *= 0.5
    return out


def second_gradient(source: Any, points: Any, rtol: float = 1e-9) -> np.ndarray:
    """Return the second derivatives of a source's field.

    Parameters
    ----------
    source : source or sequence of sources
        Of B; outside of currents that flow in a volume.
    points : array_like, shape (..., 3), metre
        Where, outside or inside of magnets. nan where the field is not defined, or not to `rtol`.
    rtol : float
        Relative tolerance; where all but vanishes, of what 1e-14 of the gradient makes on a sphere clear of the source.

    Returns
    -------
    ndarray, shape (..., 3, 3, 3), T/m^2
        ``[..., i, j, k]`` is d2B_i/dx_j dx_k: symmetric in j and k, and in all three where curl B = 0.

    Raises
    ------
    ValueError
        If the source holds a user's own field, of whose scale nothing is known.

    Examples
    --------
    >>> from magneton import Dipole
    >>> from magneton.interactions._derivatives import second_gradient
    >>> second_gradient(Dipole([0, 0, 1e7]), [0, 0, 1.0])[2, 2].round(6).tolist()
    [0.0, 0.0, 24.0]
    """
    field = as_source("source", source).compiled
    if USER in field.kind_set:
        raise ValueError("source must not hold a user's own field: nothing is known of where it is smooth")
    points = _check.points("points", points)
    rtol = _check.fraction("rtol", rtol)
    flat = points.reshape(-1, 3)
    out = np.zeros((len(flat), 3, 3, 3))
    with np.errstate(invalid="ignore", divide="ignore"):
        if DIPOLE in field.kind_set:
            out += _of_dipoles(field.of_kind(DIPOLE), flat)
        rest = field.without([DIPOLE, UNIFORM])
        if len(rest.kinds):
            out += _of_field(rest, flat, rtol)
    return out.reshape((*points.shape[:-1], 3, 3, 3))
