"""Wires, surfaces and volumes as points with elements of length, area and volume, in mpmath.

Gauss' rule between ends and the trapezoidal rule around circles converge geometrically for integrands that are smooth
out to a distance `CLEAR` of the middle; `DIGITS` says how far.
"""

from collections.abc import Iterator

from _common import add, cross, dot, exact, scaled
from mpmath import mp, mpf
from sheet_integrals import legendre

CLEAR = mpf("0.85")
DIGITS = 33


# --- rules ---


def gauss(low, high) -> list[tuple]:
    """Return nodes and weights from `low` to `high`, metres, for an integrand that is smooth out to `CLEAR`."""
    return stretched(low, high, (mpf(high) - low) / 2)


def stretched(low, high, half_length) -> list[tuple]:
    """Return nodes and weights of a parameter along a piece of this half length."""
    ratio = CLEAR / half_length
    count = int(DIGITS / (2 * mp.log10(ratio + mp.sqrt(ratio * ratio - 1)))) + 2
    half, middle = (mpf(high) - low) / 2, (mpf(high) + low) / 2
    return [(middle + half * node, half * weight) for node, weight in legendre(count)]


def polar(radius) -> list[tuple]:
    """Return cosines of the polar angle on a sphere and their weights, for harmonics that fall off by the distance."""
    return legendre(int(DIGITS / (2 * mp.log10(CLEAR / radius))) + 2)


def around(radius) -> list[tuple]:
    """Return cosine, sine and weight of angles around a circle of this radius (the largest one that counts)."""
    count = int(DIGITS / mp.log10(CLEAR / radius)) + 3
    return [
        (mp.cospi(mpf(2 * i) / count), mp.sinpi(mpf(2 * i) / count), 2 * mp.pi / count) for i in range(count)
    ]


# --- wires: rows of (point, element of current) ---


def circle(radius, current, z=0) -> Iterator[tuple]:
    for c, s, w in around(radius):
        yield [radius * c, radius * s, mpf(z)], scaled([-s, c, mpf(0)], w * radius * current)


# --- surfaces: rows of (point, outward element of area) ---


def parallelogram(corner, a, b) -> Iterator[tuple]:
    rules = [stretched(0, 1, mp.sqrt(dot(side, side)) / 2) for side in (a, b)]
    area = cross(a, b)
    for s, v in rules[0]:
        for t, w in rules[1]:
            yield add(add(corner, a, s), b, t), scaled(area, v * w)


def triangle(p, q, r) -> Iterator[tuple]:
    """Yield the points of a triangle, the square drawn together at one corner."""
    a, b = add(q, p, -1), add(r, p, -1)
    longest = mp.sqrt(max(dot(a, a), dot(b, b), dot(add(a, b, -1), add(a, b, -1)))) / 2
    area = cross(a, b)
    for s, v in stretched(0, 1, longest):
        for t, w in stretched(0, 1, longest):
            yield add(add(p, a, s * (1 - t)), b, s * t), scaled(area, v * w * s)


def box_faces(centre, edges) -> Iterator[tuple]:
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        for sign in (1, -1):
            a, b, out = ([mpf(0)] * 3 for _ in range(3))
            a[i], b[j], out[k] = edges[i], sign * edges[j], sign * edges[k] / 2
            corner = add(add(add(centre, out), a, -mpf(1) / 2), b, -mpf(1) / 2)
            yield from parallelogram(corner, a, b)


def disc(radius, z=0) -> Iterator[tuple]:
    """Yield the points of a disc, which faces up."""
    for c, s, w in around(radius):
        for rho, v in gauss(0, radius):
            yield [rho * c, rho * s, mpf(z)], [mpf(0), mpf(0), v * w * rho]


def can(radius, height) -> Iterator[tuple]:
    """Yield the points of a cylinder's wall and faces."""
    for c, s, w in around(radius):
        for z, v in gauss(-height / 2, height / 2):
            yield [radius * c, radius * s, z], scaled([c, s, mpf(0)], w * v * radius)
    for sign in (1, -1):
        yield from ((point, scaled(area, sign)) for point, area in disc(radius, sign * height / 2))


def ellipsoid_surface(a, b, c) -> Iterator[tuple]:
    for down, v in polar(max(a, b, c)):
        flat = mp.sqrt(1 - down * down)
        for x, y, w in around(max(a, b, c)):
            area = [b * c * flat * x, c * a * flat * y, a * b * down]
            yield [a * flat * x, b * flat * y, c * down], scaled(area, v * w)


# --- volumes: rows of (point, element of volume) ---


def box(centre, edges) -> Iterator[tuple]:
    rules = [gauss(c - e / 2, c + e / 2) for c, e in zip(exact(centre), exact(edges), strict=True)]
    for x, u in rules[0]:
        for y, v in rules[1]:
            for z, w in rules[2]:
                yield [x, y, z], u * v * w


def tube(inner, outer, length) -> Iterator[tuple]:
    for c, s, w in around(outer):
        for rho, v in gauss(inner, outer):
            for z, u in gauss(-length / 2, length / 2):
                yield [rho * c, rho * s, z], u * v * w * rho


def ball(radius) -> Iterator[tuple]:
    for rho, u in gauss(0, radius):
        for down, v in polar(radius):
            flat = rho * mp.sqrt(1 - down * down)
            for c, s, w in around(radius):
                yield [flat * c, flat * s, rho * down], u * v * w * rho * rho
