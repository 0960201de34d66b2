"""References in many digits for samples of the benchmarks' points; mpmath and extended precision.

Every package has its own mu_0 (measured values of different years). It is handed in here and taken
out before comparing, so that the errors are those of the computation.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from magneton.constants import mu_0

MU0 = float(mu_0)
_DIGITS = 30
_LOOP_DIGITS = 80


def cfsem_mu0() -> float:
    """Return the mu_0 that cfsem's compiled code uses, which need not be the one that it exports."""
    import cfsem

    one, zero = np.ones(1), np.zeros(1)
    axis = (zero, zero, one)
    used = 2.0 * np.pi * float(cfsem.flux_density_dipole((zero, zero, zero), axis, axis, par=False)[2][0])
    return used if abs(used / MU0 - 1.0) < 1e-8 else MU0


def worst(got: np.ndarray, reference: np.ndarray, mu0: float = MU0) -> float:
    """Return the largest relative error of vectors (n, 3), after taking the package's mu_0 out."""
    difference = np.linalg.norm(np.asarray(got) * (MU0 / mu0) - reference, axis=-1)
    return float(np.max(difference / np.linalg.norm(reference, axis=-1)))


def _exact(rows: np.ndarray) -> list[list]:
    from mpmath import mpf

    return [[mpf(float(x)) for x in row] for row in rows]


def _dot(a: Sequence, b: Sequence):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _pair_field(m: Sequence, r: Sequence, n: Sequence | None) -> list:
    """Return 3 r (m.r)/r^5 - m/r^3."""
    from mpmath import sqrt

    r2 = _dot(r, r)
    w3 = 1 / (r2 * sqrt(r2))
    radial = 3 * _dot(m, r) / r2
    return [w3 * (radial * r[k] - m[k]) for k in range(3)]


def _pair_force(m: Sequence, r: Sequence, n: Sequence | None) -> list:
    """Return grad(n.B) of the field above, eq. 42 of Yung, Landecker & Villani (1998)."""
    from mpmath import sqrt

    r2 = _dot(r, r)
    w5 = 3 / (r2 * r2 * sqrt(r2))
    mr, nr = _dot(m, r), _dot(n, r)
    along = _dot(m, n) - 5 * mr * nr / r2
    return [w5 * (along * r[k] + nr * m[k] + mr * n[k]) for k in range(3)]


def _sum_over_dipoles(pair, moments, positions, points, targets) -> np.ndarray:
    """Return mu_0/(4 pi) times the sum of `pair` over dipoles, those at the point left out."""
    from mpmath import mp, mpf, workdps

    with workdps(_DIGITS):
        k = mpf(MU0) / (4 * mp.pi)
        m, p = _exact(moments), _exact(positions)
        totals = []
        for x, n in zip(_exact(points), targets, strict=True):
            total = [mpf(0)] * 3
            for mj, pj in zip(m, p, strict=True):
                r = [x[i] - pj[i] for i in range(3)]
                if any(r):
                    total = [t + f for t, f in zip(total, pair(mj, r, n), strict=True)]
            totals.append([float(k * t) for t in total])
    return np.array(totals)


def dipole_fields(moments: np.ndarray, positions: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return B of dipoles at points, shape (n, 3), to 30 digits."""
    return _sum_over_dipoles(_pair_field, moments, positions, points, [None] * len(points))


def dipole_forces(
    moments: np.ndarray, positions: np.ndarray, targets: np.ndarray, places: np.ndarray
) -> np.ndarray:
    """Return the force of dipoles on dipoles `targets` at `places`, shape (n, 3), to 30 digits."""
    return _sum_over_dipoles(_pair_force, moments, positions, places, _exact(targets))


def _loop_field(point: Sequence) -> list[float]:
    from mpmath import ellipe, ellipk, mp, mpf, sqrt

    x, y, z = point
    rho2 = x * x + y * y
    rho = sqrt(rho2)
    far, near = (1 + rho) ** 2 + z * z, (1 - rho) ** 2 + z * z
    K, E = ellipk(4 * rho / far), ellipe(4 * rho / far)
    scale = mpf(MU0) / (2 * mp.pi * sqrt(far))
    along = scale * (K + (1 - rho2 - z * z) / near * E)
    outward = scale * z / rho2 * ((1 + rho2 + z * z) / near * E - K) if rho2 else mpf(0)
    return [float(outward * x), float(outward * y), float(along)]


def unit_loop_fields(points: np.ndarray) -> np.ndarray:
    """Return B of the loop of radius 1 m and current 1 A about z at points, shape (n, 3)."""
    from mpmath import workdps

    with workdps(_LOOP_DIGITS):
        return np.array([_loop_field(point) for point in _exact(points)])


@functools.cache
def _turns(count: int) -> tuple[np.ndarray, np.ndarray]:
    pi = np.longdouble("3.14159265358979323846264338327950288")
    angle = 2 * pi * np.arange(count) / np.longdouble(count)
    return np.cos(angle)[:, None], np.sin(angle)[:, None]


def _circle(loop, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points and line elements of a circular loop in extended precision."""
    frame = np.longdouble(loop.orientation.as_matrix())
    c, s = _turns(count)
    step = 2 * np.longdouble("3.14159265358979323846264338327950288") * loop.radius / count
    points = loop.position + loop.radius * (c * frame[:, 0] + s * frame[:, 1])
    return points, step * (c * frame[:, 1] - s * frame[:, 0])


def loop_loop_force(source, target, count: int = 512) -> np.ndarray:
    """Return the force between two loops by the double line integral, trapezoid of `count` nodes each.

    Eq. 1 of Yung, Landecker & Villani (1998); in extended precision where the platform has it.
    """
    a, da = _circle(source, count)
    b, db = _circle(target, count)
    r = b[:, None] - a
    r2 = np.sum(r * r, axis=-1)
    field = np.sum(np.cross(da, r) / (r2 * np.sqrt(r2))[..., None], axis=1)
    k = np.longdouble(MU0) / (4 * np.longdouble("3.14159265358979323846264338327950288"))
    return np.float64(k * source.current * target.current * np.sum(np.cross(db, field), axis=0))
