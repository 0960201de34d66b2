"""A, B and grad B of straight sides in 60 digits, from the textbook's sines and inverse hyperbolic sines.

In no way the formulas of the library: these know the foot of the perpendicular from the point to the side.
"""

import itertools

import mpmath as mp
import numpy as np

from magneton.constants import mu_0

DIGITS = 60


def _side(start, end, point):
    """Return A, B and dB_i/dx_j (row by row) of one side, per mu_0 I/(4 pi), as fifteen numbers."""
    side = [b - a for a, b in zip(start, end, strict=True)]
    length = mp.sqrt(mp.fsum(x * x for x in side))
    u = [x / length for x in side]
    arm = [x - a for a, x in zip(start, point, strict=True)]
    foot = mp.fsum(a * b for a, b in zip(arm, u, strict=True))
    h = [a - foot * b for a, b in zip(arm, u, strict=True)]
    h2 = mp.fsum(x * x for x in h)
    behind, ahead = foot, length - foot
    r1, r2 = mp.sqrt(behind**2 + h2), mp.sqrt(ahead**2 + h2)
    sines = behind / r1 + ahead / r2
    log = mp.asinh(behind / mp.sqrt(h2)) + mp.asinh(ahead / mp.sqrt(h2))
    c = [u[1] * h[2] - u[2] * h[1], u[2] * h[0] - u[0] * h[2], u[0] * h[1] - u[1] * h[0]]
    turn = [[0, -u[2], u[1]], [u[2], 0, -u[0]], [-u[1], u[0], 0]]
    along, across = h2 / r1**3 - h2 / r2**3, behind / r1**3 + ahead / r2**3
    slope = [(along * u[j] - across * h[j]) / h2 - 2 * sines * h[j] / h2**2 for j in range(3)]
    gradient = [sines / h2 * turn[i][j] + c[i] * slope[j] for i in range(3) for j in range(3)]
    return [log * x for x in u] + [sines / h2 * x for x in c] + gradient


def exact_sides(polyline, point):
    """Return A (3), B (3) and grad_B (3, 3) of a `Polyline` at a point, its floats taken as exact."""
    with mp.workdps(DIGITS):
        corners = [[mp.mpf(float(x)) for x in row] for row in polyline.vertices]
        place = [mp.mpf(float(x)) for x in point]
        sides = [_side(a, b, place) for a, b in itertools.pairwise(corners)]
        scale = mp.mpf(float(mu_0)) * mp.mpf(polyline.current) / (4 * mp.pi)
        total = np.array([float(scale * mp.fsum(column)) for column in zip(*sides, strict=True)])
    return total[:3], total[3:6], total[6:].reshape(3, 3)
