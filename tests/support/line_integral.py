"""The double line integral, eq. 1 of Yung, Landecker & Villani (1998), in extended precision.

An independent way to force, torque and energy of two circuits: neither the closed-form field nor the
quadrature of the library takes part.
"""

import functools

import numpy as np

from magneton.constants import mu_0
from magneton.sources import CircularLoop, CurveLoop, Polyline

REAL = np.longdouble
_PI = REAL("3.14159265358979323846264338327950288")


@functools.cache
def gauss(n):
    """Return the Gauss-Legendre rule on [0, 1] in extended precision, by Newton's method."""
    x = REAL(np.polynomial.legendre.leggauss(n)[0])
    for _ in range(3):
        p0, p1 = np.ones_like(x), x
        for k in range(2, n + 1):
            p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
        slope = n * (x * p1 - p0) / (x * x - 1)
        x = x - p1 / slope
    return (1 + x) / 2, 1 / ((1 - x * x) * slope * slope)


def nodes(circuit, n):
    """Return points and line elements of a circuit, about n of each."""
    if isinstance(circuit, Polyline):
        corners = REAL(circuit.vertices)
        sides = np.diff(corners, axis=0)
        panels = max(1, n // (24 * len(sides)))
        t, w = gauss(24)
        t = ((np.arange(panels)[:, None] + t) / panels).ravel()
        w = np.tile(w / panels, panels)
        points = corners[:-1, None] + t[:, None] * sides[:, None]
        return points.reshape(-1, 3), (w[:, None] * sides[:, None]).reshape(-1, 3)
    t = 2 * _PI * np.arange(n) / REAL(n)
    step = 2 * _PI / REAL(n)
    if isinstance(circuit, CircularLoop):
        frame = REAL(circuit.orientation.as_matrix())
        c, s = np.cos(t)[:, None], np.sin(t)[:, None]
        ring = circuit.radius * (c * frame[:, 0] + s * frame[:, 1])
        return circuit.position + ring, step * circuit.radius * (c * frame[:, 1] - s * frame[:, 0])
    assert isinstance(circuit, CurveLoop)
    coefficients = circuit._coefficients
    points, steps = np.zeros((n, 3), REAL), np.zeros((n, 3), REAL)
    for k, row in enumerate(coefficients):
        a, b = REAL(row.real), REAL(row.imag)
        c, s = np.cos(k * t)[:, None], np.sin(k * t)[:, None]
        points += a * c - b * s
        steps -= k * (a * s + b * c) * step
    return points, steps


def double_integral(source, target, pivot, n):
    """Return force, torque about pivot, energy, and the smallest distance between nodes."""
    a, da = nodes(source, n)
    b, db = nodes(target, n)
    k = REAL(float(mu_0)) / (4 * _PI) * REAL(source.current) * REAL(target.current)
    force, torque, energy = np.zeros(3, REAL), np.zeros(3, REAL), REAL(0)
    nearest = np.inf
    for x, dx in zip(b, db, strict=True):
        r = x - a
        r2 = np.sum(r * r, axis=1)
        nearest = min(nearest, float(np.sqrt(r2.min())))
        field = np.sum(np.cross(da, r) / (r2 * np.sqrt(r2))[:, None], axis=0)
        f = np.cross(dx, field)
        force += f
        torque += np.cross(x - pivot, f)
        energy -= np.sum(da @ dx / np.sqrt(r2))
    return k * force, k * torque, k * energy, nearest


def converged_integral(source, target, pivot, first=64, most=1024):
    """Double the nodes until nothing changes beyond extended precision; None if that takes too many."""
    n = first
    previous = double_integral(source, target, pivot, n)
    while n < most:
        n *= 2
        current = double_integral(source, target, pivot, n)
        change = max(
            float(np.abs(current[i] - previous[i]).max() / (np.abs(current[i]).max() + 1e-300))
            for i in range(3)
        )
        if change < 1e-16:
            return current
        previous = current
    return None
