r"""Multipole coefficients: of points in closed form, of any field by quadrature over a sphere, and moved.

A set of coefficients is a complex array c = g - i h by degree l and order m >= 0, Schmidt semi-normalised:

    psi = (1/4 pi) sum_l r^-(l+1) sum_m (g_lm cos m phi + h_lm sin m phi) P_l^m(cos theta),   in A m^(l+1)

so that degree 0 is the pole strength and (g_11, h_11, g_10) the moment.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaln

from magneton.kernels import field as codes
from magneton.numerics.harmonics import regular
from magneton.summation.batch import evaluate
from magneton.summation.compiled import CompiledField

#: Radius of the sphere of the quadrature, in radii of the sphere that holds the source: a compromise between how
#: fast the rule converges and how much of the highest degrees is left there.
REACH = 1.5
#: Degrees of the rule beyond half the order wanted: it takes no degree of the field below 2 x 42 for another, and on
#: the sphere the degrees beyond are 1.5^-84 = 2e-15 at most. Then the step, the most, and what counts as converged.
_BEGIN, _STEP, _MOST, _SETTLED = 42, 24, 300, 1e-14
#: The highest order: factorials of twice it must be floats.
HIGHEST = 80


def _weights(order: int) -> np.ndarray:
    """Return kappa = sqrt((2 - [m = 0])/((l - m)! (l + m)!)): Schmidt's functions are kappa times I_l^m r^(l+1)."""
    n, m = np.meshgrid(np.arange(order + 1), np.arange(order + 1), indexing="ij")
    inside = m <= n
    log = gammaln(np.where(inside, n - m, 0) + 1.0) + gammaln(n + m + 1.0)
    return np.where(inside, np.sqrt(np.where(m > 0, 2.0, 1.0)) * np.exp(-0.5 * log), 0.0)


# --- moving the centre -----------------------------------------------------------------------------------


def _two_sided(half: np.ndarray, order: int) -> np.ndarray:
    """Return X_l^m at [l, m + order] of a table with m >= 0 only, by X_l^(-m) = (-1)^m conj(X_l^m)."""
    out = np.zeros((order + 1, 2 * order + 1), dtype=complex)
    sign = (-1.0) ** np.arange(order + 1)
    out[:, order:] = half
    out[:, order::-1] = sign * half.conj()
    out[:, order] = half[:, 0]
    return out


def translated(c: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Return the coefficients of the same degrees about a centre from which the old one lies at `shift` (m).

    With I_l^m(r - d) = sum conj(R_n^k(d)) I_(l+n)^(m+k)(r) [Greengard1988]_: a degree gets from those
    below it only, so the result is exact for as many degrees as there are.
    """
    order = len(c) - 1
    length = float(np.linalg.norm(shift))
    if length == 0.0:
        return c.copy()
    unit = 2.0 ** round(math.log2(length))  # a power of two: it rounds nothing
    powers = unit ** np.arange(order + 1.0)[:, None]
    weights = _weights(order)
    sums = c / powers * weights
    sums[:, 1:] *= 0.5
    sums[:, 0] = sums[:, 0].real
    table = regular(np.asarray(shift)[None] / unit, order)[:, 0]
    half = np.zeros((order + 1, order + 1), dtype=complex)
    half[np.tril_indices(order + 1)] = table
    old, moves = _two_sided(sums, order), _two_sided(half, order).conj()
    new = np.zeros((order + 1, order + 1), dtype=complex)
    for n in range(order + 1):
        for k in range(-n, n + 1):
            # From [l, m] to [l + n, m + k], for the m + k >= 0 that are kept.
            first, last = max(-order, -k), order - max(k, 0)
            part = old[: order + 1 - n, first + order : last + order + 1]
            new[n:, first + k : last + k + 1] += moves[n, k + order] * part
    new[:, 1:] *= 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        out = np.where(weights > 0.0, new / weights, 0.0) * powers
    out[:, 0] = out[:, 0].real
    return out


# --- points ----------------------------------------------------------------------------------------------


def of_points(
    order: int, positions: np.ndarray, strengths: np.ndarray | None, moments: np.ndarray | None
) -> np.ndarray:
    """Return the coefficients of poles (A m) or dipoles (A m^2) at positions about the centre, shape (n, 3).

    Those of a pole are p conj(R_l^m); of a dipole m.grad of it, where d/dz R_l^m = R_(l-1)^m and
    (d/dx +- i d/dy) R_l^m = -+ R_(l-1)^(m+-1).
    """
    size = float(np.abs(positions).max()) if positions.size else 0.0
    unit = 2.0 ** round(math.log2(size)) if size > 0.0 else 1.0
    table = regular(positions / unit, order)
    rows = np.zeros((order + 2, 2 * order + 3, len(positions)), dtype=complex)  # [l, m + order + 1]
    for level in range(order + 1):
        for m in range(level + 1):
            value = table[level * (level + 1) // 2 + m]
            rows[level, order + 1 + m] = value
            rows[level, order + 1 - m] = (-1) ** m * value.conj() if m else value
    sums = np.zeros((order + 1, order + 1), dtype=complex)
    for level in range(order + 1):
        for m in range(level + 1):
            at = order + 1 + m
            if strengths is not None:
                sums[level, m] = np.conj(rows[level, at] @ strengths) * unit**level
            if moments is not None and level:
                plus = moments[:, 0] + 1j * moments[:, 1]
                slope = moments[:, 2] * rows[level - 1, at] + 0.5 * (
                    plus * rows[level - 1, at - 1] - plus.conj() * rows[level - 1, at + 1]
                )
                sums[level, m] += np.conj(slope.sum()) * unit ** (level - 1)
    # Re(F I) with F for m and -m alike: twice that of m > 0; in Schmidt's functions divided by kappa.
    sums[:, 1:] *= 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(_weights(order) > 0.0, sums / _weights(order), 0.0)


# --- any field, on a sphere ------------------------------------------------------------------------------


def legendre(order: int, nodes: np.ndarray) -> np.ndarray:
    """Return Schmidt's P_l^m(cos theta) at cos theta = `nodes`, shape (order + 1, order + 1, n)."""
    sine = np.sqrt((1.0 - nodes) * (1.0 + nodes))
    out = np.zeros((order + 1, order + 1, len(nodes)))
    out[0, 0] = 1.0
    for m in range(order + 1):
        if m:
            out[m, m] = (math.sqrt((2 * m - 1) / (2 * m)) if m > 1 else 1.0) * sine * out[m - 1, m - 1]
        for n in range(m + 1, order + 1):
            below = math.sqrt((n - 1) ** 2 - m * m) * out[n - 2, m] if n > m + 1 else 0.0
            out[n, m] = ((2 * n - 1) * nodes * out[n - 1, m] - below) / math.sqrt(n * n - m * m)
    return out


def _on_a_sphere(
    field: CompiledField, centre: np.ndarray, radius: float, order: int, degree: int
) -> tuple[np.ndarray, float]:
    """Return the coefficients times r^-(l+2) by a rule of a degree on a sphere, and what their rounding goes with."""
    nodes, weights = np.polynomial.legendre.leggauss(degree + 1)
    count = 2 * degree + 2
    angle = 2.0 * np.pi * np.arange(count) / count
    sine = np.sqrt((1.0 - nodes) * (1.0 + nodes))[:, None]
    normal = np.stack([sine * np.cos(angle), sine * np.sin(angle), nodes[:, None] + 0.0 * angle], axis=-1)
    values = evaluate(field, "H", (centre + radius * normal).reshape(-1, 3)).reshape(normal.shape)
    outward = np.sum(values * normal, axis=-1)
    # sum over phi of f e^(-i m phi) is that of f cos, less i times that of f sin: g - i h
    waves = np.fft.rfft(outward, axis=1)[:, : order + 1] * (2.0 * np.pi / count)
    sums = np.einsum("lmt,t,tm->lm", legendre(order, nodes), weights, waves)
    level = np.arange(order + 1.0)[:, None]
    size = 4.0 * np.pi * np.sqrt(np.mean(np.sum(values**2, axis=-1)))  # that of the integrals
    return sums * (2.0 * level + 1.0) / (level + 1.0), float(size)


def of_field(
    field: CompiledField, centre: np.ndarray, extent: float, order: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients of a field by quadrature of its radial component over a sphere, and their errors.

    The source lies within `extent` (m) of `centre`. The rule, Gauss-Legendre times trapezoid, is exact up to twice its
    own degree; what it takes for a degree l is of a degree beyond, and falls off with the radius. It is refined until
    nothing changes but by rounding.
    """
    radius = REACH * extent
    degree = order // 2 + _BEGIN
    last, size = _on_a_sphere(field, centre, radius, order, degree)
    change = np.full(order + 1, np.inf)
    while degree < _MOST and change.max() > _SETTLED * size:
        degree += _STEP
        now, size = _on_a_sphere(field, centre, radius, order, degree)
        before, change = change, np.abs(now - last).max(axis=1)
        last = now
        if change.max() > 0.5 * before.max():
            break  # it no longer converges: what is left is rounding
    scale = radius ** (np.arange(order + 1.0) + 2.0)
    rounding = (
        32.0 * np.finfo(float).eps * size
    )  # weights of the rule are good to some units of the last place
    return last * scale[:, None], np.maximum(change, rounding) * scale


# --- what holds a source ---------------------------------------------------------------------------------

#: Where the extent of a term stands among its parameters; a pair of poles and a uniform field are cases of their own.
_EXTENT = {codes.LOOP: 12, codes.POLYLINE: 3, codes.CURVE: 3, codes.BODY: 12}
_POINTS = (codes.DIPOLE, codes.POLE, codes.POLE_PAIR)


def spheres(field: CompiledField) -> tuple[np.ndarray, np.ndarray]:
    """Return centres, shape (n, 3), and radii (m) of spheres that hold the terms of a field, each its own."""
    if codes.UNIFORM in field.kind_set:
        raise ValueError("a uniform field has no multipoles: its sources are at infinity")
    if codes.USER in field.kind_set:
        raise ValueError("a user's own function has no multipoles: where its sources are is not known")
    centres, radii = [np.empty((0, 3))], [np.empty(0)]
    for kind in (codes.DIPOLE, codes.POLE, codes.POLE_PAIR):
        rows = field.of_kind(kind)
        if len(rows):
            centres.append(rows[:, :3])
            half = (
                0.5 * np.linalg.norm(rows[:, 4:7], axis=1) if kind == codes.POLE_PAIR else np.zeros(len(rows))
            )
            radii.append(half)
    for kind, at in _EXTENT.items():
        for row in field.terms(kind):
            centres.append(row[None, :3])
            radii.append(row[at : at + 1])
    return np.concatenate(centres), np.concatenate(radii)


def of_point_terms(field: CompiledField, centre: np.ndarray, order: int) -> np.ndarray:
    """Return the coefficients of all dipoles, poles and pairs of poles among the terms, in closed form."""
    total = np.zeros((order + 1, order + 1), dtype=complex)
    rows = field.of_kind(codes.DIPOLE)
    if len(rows):
        total += of_points(order, rows[:, :3] - centre, None, rows[:, 3:6])
    rows = field.of_kind(codes.POLE)
    if len(rows):
        total += of_points(order, rows[:, :3] - centre, rows[:, 3], None)
    rows = field.of_kind(codes.POLE_PAIR)
    if len(rows):
        places = rows[:, :3] - centre
        ends = np.concatenate([places + 0.5 * rows[:, 4:7], places - 0.5 * rows[:, 4:7]])
        total += of_points(order, ends, np.concatenate([rows[:, 3], -rows[:, 3]]), None)
    return total


def without_points(field: CompiledField) -> CompiledField:
    """Return the field without dipoles, poles and pairs of poles."""
    return field.without(_POINTS)
