"""Make ellipsoid.csv: fields of uniformly magnetized ellipsoids, to 30 digits.

The scalar potential is the closed form in R_D; H and grad B are its numerical derivatives at 160 digits, free of
every formula for them. A = mu0 M x (N x), of which every row is checked: curl A = B and div A = 0, by differences too.
"""

import random
from collections.abc import Callable, Iterator

from _common import (
    MU0,
    Fields,
    add,
    assert_close,
    assert_symmetric,
    assert_traceless,
    cross,
    direction,
    dot,
    exact,
    floats,
    log_uniform,
    norm,
    scaled,
    sign,
    write,
)
from mpmath import mp, mpf

DPS = 160
STEP = mpf(10) ** -45
"""Of the numerical derivatives, in units of the distance to the surface or of the smallest semi-axis."""

SHAPES = (
    (1.0, 1.3, 0.7),
    (1.0, 1.0, 1.0 + 2.0**-30),
    (1.0, 1.001, 0.999),
    (1.0, 1.0, 1e-3),
    (1.0, 1.0, 1e3),
    (1.0, 30.0, 1e-3),
    (2.0, 1.0, 1.0),
    (1e-9, 3e-9, 2e-9),
    (1e3, 2.0, 1.9999999),
)
ABOUT = (
    "Ellipsoid of semi-axes `semi_axes` along x, y, z about the origin, uniform `magnetization`,",
    f"from the scalar potential in R_D at {DPS} digits; lambda by Newton's method for 1/sum;",
    "H and grad B are its derivatives by central differences with steps of 1e-45; N checked by quadrature;",
    "curl A = B, div A = 0 and curl H = div H = 0 checked at every row outside",
)
Case = tuple[str, tuple[float, ...], list[float], list[float]]


def confocal(axes: list, point: list):
    """Return the largest root of sum x_i^2/(a_i^2 + s) = 1, or 0 for a point inside."""
    x2 = [x * x for x in point]
    a2 = [a * a for a in axes]
    if sum(x / a for x, a in zip(x2, a2, strict=True)) < 1:
        return mpf(0)
    s = max(mpf(0), *(x - a for x, a in zip(x2, a2, strict=True)))
    for _ in range(400):
        total = sum(x / (a + s) for x, a in zip(x2, a2, strict=True))
        step = (total - 1) * total / sum(x / (a + s) ** 2 for x, a in zip(x2, a2, strict=True))
        s += step
        if abs(step) <= mpf(10) ** (25 - DPS) * (s + min(a2)):
            return s
    raise AssertionError("lambda did not converge")


def factors(axes: list, s) -> list:
    """Return N_i = a b c/3 R_D(a_j^2 + s, a_k^2 + s, a_i^2 + s), the third from the sum of all."""
    w = [a * a + s for a in axes]
    volume = axes[0] * axes[1] * axes[2]
    n = [volume / 3 * mp.elliprd(w[(i + 1) % 3], w[(i + 2) % 3], w[i]) for i in range(2)]
    return [*n, volume / mp.sqrt(w[0] * w[1] * w[2]) - n[0] - n[1]]


def attraction(axes: list, point: list) -> list:
    """Return N_i x_i, of which psi = M . and A = mu0 M x."""
    n = factors(axes, confocal(axes, point))
    return [n_i * x for n_i, x in zip(n, point, strict=True)]


def stencil(function: Callable, point: list, h) -> tuple[list, list]:
    """Return first and second derivatives of each entry of a vector function: [k][i] and [k][i][j]."""
    unit = [[h * (i == j) for j in range(3)] for i in range(3)]
    middle = function(point)
    plus, minus = [function(add(point, u)) for u in unit], [function(add(point, u, -1)) for u in unit]
    pairs = {}
    for i in range(3):
        for j in range(i):
            corners = [
                (s * t, function(add(add(point, unit[i], s), unit[j], t))) for s in (1, -1) for t in (1, -1)
            ]
            pairs[i, j] = pairs[j, i] = [sum(s * c[k] for s, c in corners) / (4 * h * h) for k in range(3)]
    first = [[(plus[i][k] - minus[i][k]) / (2 * h) for i in range(3)] for k in range(3)]
    second = []
    for k in range(3):
        bends = [(plus[i][k] - 2 * middle[k] + minus[i][k]) / h**2 for i in range(3)]
        second.append([[bends[i] if i == j else pairs[i, j][k] for j in range(3)] for i in range(3)])
    return first, second


def clean(numbers: list, size) -> list:
    """Return the numbers, those that are noise of the differences as exact zeros."""
    return [mpf(0) if abs(n) <= mpf(10) ** -50 * size else n for n in numbers]


def fields(axes: tuple, m: list[float], point: list[float]) -> Fields:
    """Return one row."""
    a, m, r = exact(axes), exact(m), exact(point)
    g = attraction(a, r)
    s = confocal(a, r)
    row = {"A": scaled(cross(m, g), MU0), "scalar_potential": [dot(m, g)]}
    if s == 0:
        h = [-n * m_i for n, m_i in zip(factors(a, s), m, strict=True)]
        return row | {"B": scaled(add(h, m), MU0), "H": h, "grad_B": [mpf(0)] * 9}
    step = STEP * min(*a, mp.sqrt(s), s / max(norm(r), mp.sqrt(s)))
    first, second = stencil(lambda q: attraction(a, q), r, step)
    h = [-sum(m[k] * first[k][i] for k in range(3)) for i in range(3)]
    grad = [-MU0 * sum(m[k] * second[k][i][j] for k in range(3)) for i in range(3) for j in range(3)]
    h, grad = clean(h, norm(h)), clean(grad, norm(grad))
    assert_traceless(grad)
    assert_symmetric(grad)
    curl = [sum(m[i] * first[j][j] - m[j] * first[i][j] for j in range(3)) for i in range(3)]
    assert_close(curl, h, 40)
    b = scaled(h, MU0)
    return row | {"B": b, "H": h, "grad_B": grad}


def surface_point(axes: tuple, u: list, distance) -> list[float]:
    """Return the point `distance` (in smallest semi-axes) off the surface, where its normal leaves from a_i u_i."""
    a = exact(axes)
    foot = [a_i * u_i for a_i, u_i in zip(a, u, strict=True)]
    normal = [u_i / a_i for a_i, u_i in zip(a, u, strict=True)]
    return floats(add(foot, normal, distance * min(a) / norm(normal)))


def magnetization(rng: random.Random) -> list[float]:
    """Return a unit vector along an axis or anywhere."""
    kind = rng.randrange(4)
    return [float(kind == i) for i in range(3)] if kind < 3 else floats(direction(rng))


def outer_points(rng: random.Random, axes: tuple) -> Iterator[tuple[str, list[float]]]:
    """Yield kinds and points of a shape: inside, outside, near and far."""
    big = max(axes)
    for _ in range(6):
        yield "inside", floats(a * u * rng.random() for a, u in zip(axes, direction(rng), strict=True))
    for _ in range(8):
        yield "generic", floats(scaled(direction(rng), big * log_uniform(rng, 0.1, 1.5)))
        yield "scaled", surface_point(axes, direction(rng), log_uniform(rng, -1, 2))
    for n in range(1, 10):
        yield "near_surface", surface_point(axes, direction(rng), mpf(10) ** -n)
    for n in range(1, 7):
        yield "far", floats(scaled(direction(rng), big * mpf(10) ** n))
    for i in range(3):
        yield "axis", [axes[i] * float(log_uniform(rng, 0.001, 2)) * (i == j) for j in range(3)]


def special_points(rng: random.Random, axes: tuple) -> Iterator[tuple[str, list[float]]]:
    """Yield kinds and points inside the skin, next to the ends of the axes and in the plane z = 0."""
    for n in (3, 6, 9):
        small = mpf(10) ** -n
        yield "just_inside", surface_point(axes, direction(rng), -small)
        yield "plane", surface_point(axes, [mp.cos(n), mp.sin(n), mpf(0)], small)
        for i in range(3):
            u = [sign(rng) * (mpf(1) if i == j else small) for j in range(3)]
            yield "near_pole", surface_point(axes, scaled(u, 1 / norm(u)), small)


def cases() -> Iterator[Case]:
    """Yield every row's kind, semi-axes, magnetization and point."""
    rng = random.Random(7)
    for axes in SHAPES:
        for points in (outer_points, special_points):
            for kind, point in points(rng, axes):
                yield kind, axes, magnetization(rng), point


def check_factors() -> None:
    """Compare N of every shape with quadrature of its definition."""
    for axes in SHAPES:
        a = [mpf(x) / mpf(max(axes)) for x in axes]
        for i in range(3):
            with mp.workdps(30):

                def integrand(u, a=a, i=i):
                    t = mp.exp(u)
                    w = [x * x + t for x in a]
                    return t / (w[i] * mp.sqrt(w[0] * w[1] * w[2]))

                total = mp.quad(integrand, [*range(-100, 60, 8), 60])
            assert_close([a[0] * a[1] * a[2] / 2 * total], [factors(a, mpf(0))[i]], 20)


def main() -> None:
    rows = []
    check_factors()
    for kind, axes, m, point in cases():
        with mp.workdps(DPS):
            row = fields(axes, m, point)
        inputs = {"semi_axes": list(axes), "magnetization": m, "points": point}
        rows.append((kind, inputs | row))
    write(__file__, "ellipsoid", ABOUT, rows)


if __name__ == "__main__":
    main()
