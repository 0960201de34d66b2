"""Energies and forces between clouds, and their differences, to 30 digits.

Sums over pairs of points run in whole numbers, in units of 2^-`BITS`: what mpmath does, without its overhead. All are
in units of mu0/4 pi.
"""

from collections.abc import Callable, Sequence
from functools import cache
from math import isqrt
from typing import Any

from _common import MU0, add, cross, dot, scaled, sqrt, variables
from energy_gradients_clouds import Cloud, Part, carried
from mpmath import mp, mpf

BITS = 256
STEP = mpf(10) ** -17
"""Metres and radians: differences of third derivatives, STEP^2, lie beyond the 30th digit."""

UNIT = MU0 / (4 * mp.pi)

Moves = Sequence[tuple[int, int]]
"""Small motions, the first one first: along axis 0 to 2, about axis 3 to 5; forth (1) or back (-1)."""


# --- whole numbers ---


def whole(number) -> int:
    return int(mp.ldexp(number, BITS))


def rows_of(part: Part) -> list[tuple]:
    """Return the rows as flat whole numbers."""
    return [tuple(map(whole, [*p, *(v if isinstance(v, list) else [v])])) for p, v in part.rows]


def neumann(a: list[tuple], b: list[tuple]) -> int:
    """-sum K.K'/r of two currents."""
    total = 0
    for x, y, z, u, v, w in a:
        for p, q, s, i, j, k in b:
            d, e, f = p - x, q - y, s - z
            total -= (u * i + v * j + w * k) // isqrt(d * d + e * e + f * f)
    return total


def coulomb(a: list[tuple], b: list[tuple]) -> int:
    """Sum q q'/r of poles."""
    total = 0
    for x, y, z, pole in a:
        for p, q, s, other in b:
            d, e, f = p - x, q - y, s - z
            total += pole * other // isqrt(d * d + e * e + f * f)
    return total


def moments_by_currents(a: list[tuple], b: list[tuple]) -> int:
    """-sum m.(K x d)/r^3 of moments `a`, d from current to moment."""
    total = 0
    for x, y, z, u, v, w in a:
        for p, q, s, i, j, k in b:
            d, e, f = x - p, y - q, z - s
            square = d * d + e * e + f * f
            triple = u * (j * f - k * e) + v * (k * d - i * f) + w * (i * e - j * d)
            total -= (triple << BITS) // (square * isqrt(square))
    return total


def moments_by_poles(a: list[tuple], b: list[tuple]) -> int:
    """-sum q m.d/r^3 of moments `a`, d from pole to moment."""
    total = 0
    for x, y, z, u, v, w in a:
        for p, q, s, pole in b:
            d, e, f = x - p, y - q, z - s
            square = d * d + e * e + f * f
            total -= (pole * (u * d + v * e + w * f) << BITS) // (square * isqrt(square))
    return total


def moments_by_moments(a: list[tuple], b: list[tuple]) -> int:
    """Sum m.m'/r^3 - 3 m.d m'.d/r^5."""
    total = 0
    for x, y, z, u, v, w in a:
        for p, q, s, i, j, k in b:
            d, e, f = x - p, y - q, z - s
            square = d * d + e * e + f * f
            same = (u * i + v * j + w * k) * square
            along = (u * d + v * e + w * f) * (i * d + j * e + k * f)
            total += (same - 3 * along << 2 * BITS) // (square * square * isqrt(square))
    return total


SUMS: dict[tuple[str, str], Callable[[list[tuple], list[tuple]], int]] = {
    ("currents", "currents"): neumann,
    ("poles", "poles"): coulomb,
    ("moments", "currents"): moments_by_currents,
    ("moments", "poles"): moments_by_poles,
    ("moments", "moments"): moments_by_moments,
}


# --- fields given everywhere ---


def schmidt(x, y, z) -> list[list[tuple]]:
    """Return r^l P_l^m (cos m phi, sin m phi), Schmidt's semi-normalised, to degree 3."""
    flat, x2, y2, z2 = x * x + y * y, x * x, y * y, z * z
    r3, r6, r10, r15 = (mp.sqrt(n) for n in (3, 6, 10, 15))
    return [
        [(1, 0)],
        [(z, 0), (x, y)],
        [(z2 - flat / 2, 0), (r3 * z * x, r3 * z * y), (r3 / 2 * (x2 - y2), r3 * x * y)],
        [
            (z * (z2 - 3 * flat / 2), 0),
            (r6 / 4 * x * (4 * z2 - flat), r6 / 4 * y * (4 * z2 - flat)),
            (r15 / 2 * z * (x2 - y2), r15 * z * x * y),
            (r10 / 4 * x * (x2 - 3 * y2), r10 / 4 * y * (3 * x2 - y2)),
        ],
    ]


def potential(axes: list, table: list, point: list):
    """Return 4 pi psi of a series about the origin, with its gradient in the series' own axes."""
    x, y, z = variables([dot(axis, point) for axis in axes])
    inverse = 1 / sqrt(x * x + y * y + z * z)
    power, total = inverse, 0 * inverse
    for n, degree in enumerate(schmidt(x, y, z)):
        for m, (even, odd) in enumerate(degree):
            total = total + (table[0][n][m] * even + table[1][n][m] * odd) * power
        power = power * inverse * inverse
    return total


def in_series(part: Part, other: Part):
    """Return the energy of poles q 4 pi psi, or of moments m.grad(4 pi psi), in a series."""
    total = mpf(0)
    for centre, (axes, table) in part.rows:
        for point, value in other.rows:
            psi = potential(axes, table, add(point, centre, -1))
            if other.content == "poles":
                total += value * psi.value
            else:
                total += sum(dot(value, axis) * slope for axis, slope in zip(axes, psi.gradient, strict=True))
    return total


def in_uniform(part: Part, other: Part):
    """Return the energy -m.B of moments, or -K.(B x r)/2 of currents that close, in a uniform field."""
    flux = part.rows[0][1]
    if other.content == "moments":
        return -sum(dot(m, flux) for _, m in other.rows)
    return -sum(dot(k, cross(flux, point)) for point, k in other.rows) / 2


def energy_of(cloud: Cloud) -> Callable[[Cloud], Any]:
    """Return the energy of any cloud with this one, a function."""
    ready = [
        (part, rows_of(part) if part.content in ("currents", "poles", "moments") else []) for part in cloud
    ]

    def of_parts(part: Part, rows: list[tuple], other: Part):
        if part.content == "series":
            return in_series(part, other)
        if part.content == "uniform":
            return in_uniform(part, other)
        if (part.content, other.content) in SUMS:
            return mp.ldexp(SUMS[part.content, other.content](rows, rows_of(other)), -BITS)
        return mp.ldexp(SUMS[other.content, part.content](rows_of(other), rows), -BITS)

    return lambda other: sum(of_parts(part, rows, o) for part, rows in ready for o in other)


# --- motions ---


def moved(cloud: Cloud, moves: Moves, pivot: Sequence) -> Cloud:
    """Return a cloud after small motions, turns being about the pivot."""
    for way, sign in moves:
        cloud = [
            shifted(p, way, sign * STEP) if way < 3 else swung(p, way - 3, sign * STEP, pivot) for p in cloud
        ]
    return cloud


def shifted(part: Part, axis: int, step) -> Part:
    return carried(part, lambda p: [x + step * (i == axis) for i, x in enumerate(p)], lambda v: v)


def swung(part: Part, axis: int, angle, pivot: Sequence) -> Part:
    c, s = mp.cos(angle), mp.sin(angle)
    i, j = (axis + 1) % 3, (axis + 2) % 3

    def vector(v: Sequence) -> list:
        out = list(v)
        out[i], out[j] = c * v[i] - s * v[j], s * v[i] + c * v[j]
        return out

    return carried(part, lambda p: add(pivot, vector(add(p, pivot, -1))), vector)


def net(moves: Moves) -> tuple:
    """Return the same motion in one way of writing it, so that it is not computed twice."""
    if all(way < 3 for way, _ in moves):
        moves = sorted(moves)
    if len(moves) == 2 and moves[0] == (moves[1][0], -moves[1][1]):
        return ()
    return tuple(moves)


def once(f: Callable[[Moves], Any]) -> Callable[[Moves], Any]:
    """Return a function of motions that computes each but once."""
    kept = cache(f)
    return lambda moves: kept(net(moves))


def back(moves: Moves) -> Moves:
    """Return the motions that undo these."""
    return [(way, -sign) for way, sign in reversed(moves)]


# --- differences ---


def slope(f: Callable[[Moves], Any], way: int):
    return (f([(way, 1)]) - f([(way, -1)])) / (2 * STEP)


def bend(f: Callable[[Moves], Any], first: int, then: int):
    """Return the second derivative by two motions in this order."""
    corners = [s * t * f([(first, s), (then, t)]) for s in (1, -1) for t in (1, -1)]
    return sum(corners) / (4 * STEP * STEP)


def by_energy(f: Callable[[Moves], Any]) -> dict[str, list]:
    """Return energy, force, torque and stiffness by differences of the energy as a function of the target's motion."""
    axes = range(3)
    row = {
        "energy": [f([])],
        "force": [-slope(f, way) for way in (0, 1, 2)],
        "torque": [-slope(f, way) for way in (3, 4, 5)],
        "translation": [bend(f, j, i) for i in axes for j in axes],
        "rotation": [bend(f, 3 + j, 3 + i) for i in axes for j in axes],
        "coupling": [bend(f, 3 + j, i) for i in axes for j in axes],
    }
    return {name: scaled(numbers, UNIT) for name, numbers in row.items()}


# --- currents that do not close: the force itself, and its differences ---


def flux_at(part: Part, point: Sequence) -> list:
    """Return B 4 pi/mu0 of currents or moments."""
    total = [mpf(0)] * 3
    for place, value in part.rows:
        d = add(point, place, -1)
        square = dot(d, d)
        cube = square * mp.sqrt(square)
        if part.content == "currents":
            total = add(total, cross(value, d), 1 / cube)
        else:
            total = add(add(total, value, -1 / cube), d, 3 * dot(value, d) / (square * cube))
    return total


def push(currents: Cloud, source: Cloud, pivot: Sequence) -> list:
    """Return the force sum K x B and the torque about the pivot."""
    total = [mpf(0)] * 6
    for part in currents:
        for point, k in part.rows:
            flux = [mpf(0)] * 3
            for other in source:
                flux = add(flux, flux_at(other, point))
            force = cross(k, flux)
            total = add(total, [*force, *cross(add(point, pivot, -1), force)])
    return total


def by_force(f: Callable[[Moves], list]) -> dict[str, list]:
    """Return force and torque as they are, and the stiffness by their differences."""
    columns = [scaled(add(f([(way, -1)]), f([(way, 1)]), -1), 1 / (2 * STEP)) for way in range(6)]
    now, axes = f([]), range(3)
    row = {
        "energy": [mp.nan],
        "force": now[:3],
        "torque": now[3:],
        "translation": [columns[j][i] for i in axes for j in axes],
        "rotation": [columns[3 + j][3 + i] for i in axes for j in axes],
        "coupling": [columns[3 + j][i] for i in axes for j in axes],
    }
    return {name: scaled(numbers, UNIT) for name, numbers in row.items()}
