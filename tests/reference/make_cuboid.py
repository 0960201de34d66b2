"""Make cuboid.csv: fields of a uniformly magnetized cuboid, by sums over its corners in mpmath."""

import random
from collections.abc import Iterator
from itertools import product

import numpy as np
from _common import (
    MU0,
    Dual,
    Fields,
    add,
    assert_close,
    assert_symmetric,
    assert_traceless,
    cross,
    curl,
    direction,
    dot,
    exact,
    floats,
    gradients,
    log,
    log_uniform,
    norm,
    scaled,
    settled,
    sign,
    sqrt,
    values,
    variables,
    write,
)
from mpmath import mp, mpf

DPS = 120
ABOUT = (
    "Cuboid with edges `dimension` along x, y, z about the origin, uniform magnetization (A/m).",
    f"sums of logarithms and arc tangents over the corners at {DPS} digits, again at half as many more, derivatives",
    "by exact forward differentiation; each row checked by B = curl A, H = -grad psi, div B = 0, and some generic",
    "ones by product Gauss quadrature of the surface charges to 20 digits",
)
CUBE, BRICK, SMALL, LARGE = (1.0, 1.0, 1.0), (1.0, 1.5, 0.7), (3e-9, 2e-9, 5e-9), (2e8, 1.3e8, 1.1e8)
PLATES = ((1.0, 0.8, 1e-3), (2e-3, 1.0, 1.5), (1.0, 1e-6, 1.0))
NEEDLES = ((1e-3, 2e-3, 1.0), (3.0, 1e-3, 1e-3), (1e-6, 1.0, 1e-6))
Case = tuple[str, tuple, list[float], list[float]]


def arc(v: Dual, w: Dual, u: Dual, r: Dual) -> Dual:
    """Return atan(v w/(u r)), up to constants that cancel in the sum over corners where u = 0."""
    above, below = v * w, u * r
    if above.value == 0 and below.value == 0:
        return Dual(0)  # in line with an edge: the pair of corners cancels to second order
    if abs(above.value) <= abs(below.value):
        t = above / below
        return t.chain(mp.atan(t.value), 1 / (1 + t.value**2))
    t = below / above
    turn = mp.sign(above.value) * mp.sign(below.value) * mp.pi / 2
    return t.chain(turn - mp.atan(t.value), -1 / (1 + t.value**2))


def logarithm(r: Dual, w: Dual, side: int) -> Dual:
    """Return ln(r + w) up to what cancels in the sum over corners; `side` is the sign of the point's coordinate."""
    argument = r + w * side
    return log(argument) * side if argument.value else Dual(0)


def corner(x: list[Dual], sides: list[int]) -> tuple:
    """Return the terms of one corner in the second derivatives and in minus the gradient of phi."""
    r = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2])
    logs = [logarithm(r, x[i], sides[i]) for i in range(3)]
    arcs = [arc(x[i - 2], x[i - 1], x[i], r) for i in range(3)]
    second = [-arcs[0], -arcs[1], -arcs[2], logs[0], logs[1], logs[2]]
    first = [x[i] * arcs[i] - x[i - 2] * logs[i - 1] - x[i - 1] * logs[i - 2] for i in range(3)]
    return second, first


def closed_form(dimension: tuple, magnetization: list, point: list) -> Fields:
    """Return all fields of one row, and what checks them."""
    x, size, m = variables(point), exact(dimension), exact(magnetization)
    sides = [1 if p >= 0 else -1 for p in point]
    second, first = [Dual(0)] * 6, [Dual(0)] * 3
    for corner_signs in product((1, -1), repeat=3):
        s = corner_signs[0] * corner_signs[1] * corner_signs[2]
        here = corner([x[i] + corner_signs[i] * size[i] / 2 for i in range(3)], sides)
        second = [a + b * s for a, b in zip(second, here[0], strict=True)]
        first = [a + b * s for a, b in zip(first, here[1], strict=True)]
    xx, yy, zz, yz, zx, xy = second
    tensor = ((xx, xy, zx), (xy, yy, yz), (zx, yz, zz))
    h = [dot(row, m) * (1 / (4 * mp.pi)) for row in tensor]
    inside = all(2 * abs(mpf(p)) < d for p, d in zip(point, size, strict=True))
    b = [MU0 * (v + (n if inside else 0)) for v, n in zip(h, m, strict=True)]
    a = [v * (MU0 / (4 * mp.pi)) for v in cross(m, first)]
    psi = dot(first, m) * (1 / (4 * mp.pi))
    return {
        "B": values(b),
        "H": values(h),
        "A": values(a),
        "grad_B": gradients(b),
        "scalar_potential": [psi.value],
        "curl_A": curl(a),
        "grad_psi": psi.gradient,
    }


def fields(dimension: tuple, magnetization: list, point: list) -> Fields:
    """Return the settled fields of one row, after the checks that need no quadrature."""
    row = settled(lambda: closed_form(dimension, magnetization, point), DPS)
    assert_close(row.pop("curl_A"), row["B"], 40)
    assert_close(scaled(row.pop("grad_psi"), -1), row["H"], 40)
    assert_traceless(row["grad_B"])
    assert_symmetric(row["grad_B"])
    return row


def check_by_quadrature(dimension: tuple, magnetization: list, point: list, row: Fields) -> None:
    """Compare H and the scalar potential with a product Gauss rule over the charges of the six faces."""
    nodes, weights = gauss(56)
    h, psi = [mpf(0)] * 3, mpf(0)
    for axis, side in product(range(3), (1, -1)):
        first, second = (axis + 1) % 3, (axis + 2) % 3
        area = mpf(dimension[first]) * mpf(dimension[second])
        charge = side * mpf(magnetization[axis]) * area / (4 * mp.pi)
        for (t, wt), (s, ws) in product(zip(nodes, weights, strict=True), repeat=2):
            source = [mpf(0)] * 3
            source[axis] = mpf(side) * dimension[axis] / 2
            source[first], source[second] = t * dimension[first], s * dimension[second]
            r = add(exact(point), source, -1)
            weight = charge * wt * ws / norm(r)
            psi += weight
            h = add(h, r, weight / dot(r, r))
    assert_close(h, row["H"], 20)
    assert_close([psi], row["scalar_potential"], 20)


def gauss(count: int) -> tuple[list, list]:
    """Return nodes and weights on (-1/2, 1/2), by Newton steps from floats."""
    nodes, weights = [], []
    for guess in np.polynomial.legendre.leggauss(count)[0].tolist():
        t = mpf(guess)
        for _ in range(6):
            below, value = mpf(1), t
            for n in range(2, count + 1):
                below, value = value, ((2 * n - 1) * t * value - (n - 1) * below) / n
            slope = count * (t * value - below) / (t * t - 1)
            t -= value / slope
        nodes.append(t / 2)
        weights.append(1 / ((1 - t * t) * slope**2))
    return nodes, weights


# --- the rows ---


def magnetizations(rng: random.Random) -> Iterator[list[float]]:
    """Yield, again and again, one along each axis and two oblique ones."""
    while True:
        for axis in range(3):
            yield [8e5 * sign(rng) * (i == axis) for i in range(3)]
        yield from (floats(scaled(direction(rng), 1e6)) for _ in range(2))


def outside(rng: random.Random, dimension: tuple, low: float, high: float) -> list[float]:
    """Return a point in any direction, 10**low to 10**high longest edges from the centre."""
    return floats(scaled(direction(rng), max(dimension) * log_uniform(rng, low, high)))


def within(rng: random.Random, dimension: tuple, reach: float = 0.95) -> list[float]:
    return [rng.uniform(-0.5, 0.5) * reach * d for d in dimension]


def near(rng: random.Random, dimension: tuple, distance: float, axes: int) -> list[float]:
    """Return a point this far (longest edges) inside or outside of a face (1 axis), an edge (2) or a corner (3)."""
    point = within(rng, dimension)
    for axis in rng.sample(range(3), axes):
        gap = float(mpf(distance) * max(dimension) * rng.uniform(0.5, 1))
        point[axis] = sign(rng) * (0.5 * dimension[axis] + sign(rng) * gap)
    return point


def beyond(rng: random.Random, dimension: tuple, axes: int, off: float) -> list[float]:
    """Return a point in the plane of a face (1 axis) or in line with an edge (2), or `off` longest edges from it."""
    order = rng.sample(range(3), 3)
    point = within(rng, dimension)
    for axis in order[:axes]:
        point[axis] = sign(rng) * (0.5 * dimension[axis] + off * max(dimension))
    out = order[-1]
    point[out] = sign(rng) * float(dimension[out] / 2 + max(dimension) * log_uniform(rng, -2, 1))
    return point


def near_axis(rng: random.Random, dimension: tuple, off: float) -> list[float]:
    """Return a point on an axis, or `off` longest edges from it."""
    point = [off * max(dimension)] * 3
    point[rng.randrange(3)] = sign(rng) * float(max(dimension) * log_uniform(rng, -3, 5))
    return point


def compact(rng: random.Random, dimension: tuple, count: int) -> Iterator[tuple[str, list[float]]]:
    """Yield kinds and points of any cuboid."""
    for _ in range(count):
        yield "generic", outside(rng, dimension, -1, 1)
        yield "inside", within(rng, dimension)
        yield "far", outside(rng, dimension, 1, 6)
        yield "near_plane_of_symmetry", within(rng, dimension, 10.0 ** rng.uniform(-9, 0))
    for n in (2, 5, 9):
        for axes, kind in enumerate(("face", "edge", "corner"), 1):
            yield f"near_{kind}", near(rng, dimension, 10.0**-n, axes)
    for off in (0.0, 1e-9):
        yield "beyond_face", beyond(rng, dimension, 1, off)
        yield "beyond_edge", beyond(rng, dimension, 2, off)
        yield "axis", near_axis(rng, dimension, off)


def cases() -> Iterator[Case]:
    """Yield every row's kind, edges, magnetization and point."""
    rng = random.Random(7)
    directions = magnetizations(rng)
    for dimension, count in ((CUBE, 12), (BRICK, 24), (SMALL, 3), (LARGE, 3)):
        for repeat in range(1 + count // 6):
            for kind, point in compact(rng, dimension, count if repeat == 0 else 1):
                yield kind, dimension, next(directions), point
    for name, shapes in (("plate", PLATES), ("needle", NEEDLES)):
        for dimension in shapes:
            for _ in range(3):
                for kind, point in compact(rng, dimension, 2):
                    yield f"{name}_{kind}", dimension, next(directions), point
            for _ in range(8):
                thin = [d * float(log_uniform(rng, -1, 3)) * sign(rng) for d in dimension]
                point = [min(max(t, -2 * max(dimension)), 2 * max(dimension)) for t in thin]
                yield f"{name}_beside", dimension, next(directions), point


def main() -> None:
    rows, checked = [], 0
    for kind, dimension, magnetization, point in cases():
        try:
            row = fields(dimension, magnetization, point)
        except ZeroDivisionError:
            raise AssertionError(f"{kind} {dimension} {point}: on the surface") from None
        inputs = {"dimension": list(dimension), "magnetization": magnetization, "points": point}
        rows.append((kind, inputs | row))
        room = max(abs(2 * p) / d for p, d in zip(point, dimension, strict=True))
        if dimension in (CUBE, BRICK) and (room < 0.5 or room > 2.5) and checked < 8:
            with mp.workdps(30):
                check_by_quadrature(dimension, magnetization, point, row)
            checked += 1
    assert checked == 8
    write(__file__, "cuboid", ABOUT, rows)


if __name__ == "__main__":
    main()
