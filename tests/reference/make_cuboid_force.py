"""Make cuboid_force.csv: force, torque and energy of two uniformly magnetized cuboids with parallel edges."""

import random
from collections.abc import Iterator
from itertools import product

import numpy as np
from _common import (
    MU0,
    Dual,
    Fields,
    add,
    cross,
    direction,
    dot,
    exact,
    floats,
    log,
    norm,
    scaled,
    sign,
    sqrt,
    variables,
    write,
)
from cuboid_force_quadrature import by_quadrature
from mpmath import mp, mpf

DPS = 160
SHIFT = mpf(10) ** -60
ABOUT = (
    "Two cuboids with edges along x, y, z and uniform magnetizations (A/m), the second's centre at `offset` from the",
    "first's; force and torque (about `pivot`, from the first's centre) on the second, energy -int M2.B1 dV, by sums",
    f"over 64 corners at {DPS} digits, forces as exact derivatives of the energy; where the two touch or edges are in",
    "line, the limit from outside, by a shift of 1e-60; a row of each kind but far checked by quadrature over the",
    "faces, to 2e-16 of the integral of the absolute integrand",
)
Case = tuple[str, list, list, list, list, list, list]


# --- the antiderivatives ---


def functions(p: list[Dual]) -> tuple:
    """Return r, ln[(r + x)^2/(y^2 + z^2)]/2 and atan(y z/(x r)), the last two for each axis."""
    squares = [c * c for c in p]
    r = sqrt(squares[0] + squares[1] + squares[2])
    logs, arcs = [], []
    for k in range(3):
        x, y, z = p[k], p[(k + 1) % 3], p[(k + 2) % 3]
        rest = squares[(k + 1) % 3] + squares[(k + 2) % 3]
        side = mp.sign(x.value)
        logs.append((log(r + x * side) - log(rest) * mpf(0.5)) * side)
        t = y * z / (x * r)
        arcs.append(t.chain(mp.atan(t.value), 1 / (1 + t.value**2)))
    return r, logs, arcs


def second(p: list[Dual], r: Dual, logs: list, arcs: list) -> dict:
    """Return the second derivatives of the antiderivative of 1/r twice over each axis."""
    xx = [c * c for c in p]
    out = {}
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        x, y, z = p[i], p[j], p[k]
        same = z * (xx[j] - xx[i]) * logs[k] * mpf(0.5) + y * (xx[k] - xx[i]) * logs[j] * mpf(0.5)
        out[i, i] = same - x * y * z * arcs[i] + r * (xx[i] * 2 - xx[j] - xx[k]) / 6
        mixed = (
            y * (xx[k] * 3 - xx[j]) * logs[i] / 6
            + x * (xx[k] * 3 - xx[i]) * logs[j] / 6
            + x * y * z * logs[k]
        )
        turns = xx[i] * arcs[i] + xx[j] * arcs[j] + xx[k] * arcs[k] / 3
        out[i, j] = out[j, i] = mixed - z * turns * mpf(0.5) - x * y * r / 3
    return out


def lever(p: list, r, logs: list, arcs: list, q: int, j: int, k: int):
    """Return the integral over x_k of the derivative of the antiderivative by x_q, x_q and x_j; all three differ."""
    x, y, z = p[q], p[j], p[k]
    return (
        y * (6 * z * z - 3 * x * x - y * y) * logs[k] / 12
        + z * (z * z - 3 * x * x) * logs[j] / 6
        + x * (x * x - 3 * z * z) * arcs[q] / 6
        - 5 * y * z * r / 12
    )


def antiderivatives(p: list) -> tuple:
    """Return G_ij, G_ijl and the integral of G_ijl over x_k (k not l) at one corner."""
    duals = variables(p)
    r, logs, arcs = functions(duals)
    g2 = second(duals, r, logs, arcs)
    g3 = {(i, j, m): g2[i, j].gradient[m] for i, j, m in product(range(3), repeat=3)}
    plain = [v.value for v in logs], [v.value for v in arcs]
    g2 = {key: v.value for key, v in g2.items()}
    integrals = {}
    for k, m in product(range(3), repeat=2):
        if k == m:
            continue
        q = 3 - k - m
        twice = {m: lever(p, r.value, *plain, m, q, k), q: lever(p, r.value, *plain, q, m, k)}
        for i, j in product(range(3), repeat=2):
            if k in (i, j):
                rest = [i, j]
                rest.remove(k)
                value = g2[rest[0], m]
            elif i == j == m:
                value = -g2[k, m] - twice[q]
            else:
                value = twice[q] if i == j else twice[m]
            integrals[k, i, j, m] = value
    for i in range(3):
        g3[i, i, i] = -sum(g3[j, j, i] for j in range(3) if j != i)
    return g2, g3, integrals


def result(m1: list, m2: list, dimension1: list, dimension2: list, offset: list, pivot: list) -> Fields:
    """Return force, torque and energy."""
    scale = max(*dimension1, *dimension2)
    moved = [
        mpf(d) + SHIFT * scale * (1 if d >= 0 else -1) * n for d, n in zip(offset, (1, 2, 3), strict=True)
    ]
    m1, m2 = exact(m1), exact(m2)
    field, force, torque = [mpf(0)] * 3, [mpf(0)] * 3, [mpf(0)] * 3
    for sides in product((-1, 1), repeat=6):
        s1, s2 = sides[:3], sides[3:]
        total = -mp.fprod(sides)
        arm = [b * mpf(e) / 2 for b, e in zip(s2, dimension2, strict=True)]
        p = [d + h - a * mpf(e) / 2 for d, h, a, e in zip(moved, arm, s1, dimension1, strict=True)]
        g2, g3, integrals = antiderivatives(p)
        field = add(field, [sum(m1[i] * g2[i, m] for i in range(3)) for m in range(3)], total)
        pairs = [(m1[i] * m2[j], i, j) for i, j in product(range(3), repeat=2)]
        f = [sum(c * g3[i, j, m] for c, i, j in pairs) for m in range(3)]
        force = add(force, f, total)
        moment = {
            (k, m): arm[k] * f[m] - sum(c * integrals[k, i, j, m] for c, i, j in pairs)
            for k, m in product(range(3), repeat=2)
            if k != m
        }
        parts = [moment[(n + 1) % 3, (n + 2) % 3] - moment[(n + 2) % 3, (n + 1) % 3] for n in range(3)]
        torque = add(torque, parts, total)
    torque = add(add(torque, cross(m2, field)), cross(add(exact(offset), exact(pivot), -1), force))
    unit = MU0 / (4 * mp.pi)
    out = {"force": scaled(force, unit), "torque": scaled(torque, unit), "energy": [-unit * dot(m2, field)]}
    size = unit * norm(m1) * norm(m2) * min(mp.fprod(dimension1), mp.fprod(dimension2))
    return {
        name: [mpf(0) if abs(v) < mpf(10) ** -36 * size / length else v for v in out[name]]
        for name, length in (("force", scale), ("torque", 1), ("energy", 1))
    }


# --- the rows ---


def magnetizations(rng: random.Random) -> Iterator[tuple[list, list]]:
    """Yield, again and again, parallel, perpendicular and oblique pairs."""
    while True:
        a = rng.randrange(3)
        for b in (a, (a + 1) % 3):
            yield [8e5 * (i == a) for i in range(3)], [6e5 * sign(rng) * (i == b) for i in range(3)]
        yield floats(scaled(direction(rng), 1e6)), floats(scaled(direction(rng), 7e5))


def sizes(rng: random.Random, low: float = 0.3, high: float = 2.0) -> list[float]:
    return [rng.uniform(low, high) for _ in range(3)]


def dyadic(rng: random.Random) -> list[float]:
    """Return edges whose sums are exact."""
    return [rng.randrange(4, 40) / 16.0 for _ in range(3)]


def beside(rng: random.Random, one: list, two: list, gap: float) -> list[float]:
    """Return an offset with this gap between two faces that face each other, at least in part."""
    offset = [rng.uniform(-0.45, 0.45) * (a + b) for a, b in zip(one, two, strict=True)]
    axis = rng.randrange(3)
    offset[axis] = sign(rng) * (0.5 * (one[axis] + two[axis]) + gap)
    return offset


def in_line(rng: random.Random, one: list, two: list, gap: float, axes: int) -> list[float]:
    """Return such an offset with edges in line along the other axes: faces flush, or centred for equal edges."""
    offset = beside(rng, one, two, gap)
    room = [abs(d) - 0.5 * (a + b) for d, a, b in zip(offset, one, two, strict=True)]
    others = [k for k in range(3) if k != max(range(3), key=lambda k: room[k])]
    for k in others[:axes]:
        offset[k] = sign(rng) * 0.5 * (one[k] - two[k])
    return offset


def pairs(rng: random.Random) -> Iterator[tuple[str, list, list, list]]:
    """Yield every row's kind, edges and offset."""
    for _ in range(12):
        one, two = sizes(rng), sizes(rng)
        yield "generic", one, two, beside(rng, one, two, rng.uniform(0.3, 2.0))
        yield "far", one, two, floats(scaled(direction(rng), 10.0 ** rng.uniform(0.7, 2)))
    for gap, kind in ((0.01, "gap_1e-2"), (1e-6, "gap_1e-6"), (0.0, "contact")):
        for _ in range(6):
            one, two = dyadic(rng), dyadic(rng)
            yield kind, one, two, beside(rng, one, two, gap)
            yield f"{kind}_in_line", one, two, in_line(rng, one, two, gap, 1 + rng.randrange(2))
            yield f"{kind}_equal", one, one, in_line(rng, one, one, gap, 2)
    for ratio in (8.0, 1024.0):  # exact, so that nothing overlaps by rounding
        for gap in (0.0, 0.01, 1.0):
            for _ in range(2):
                one, two = dyadic(rng), scaled(dyadic(rng), 1.0 / ratio)
                kind = f"size_1_to_{ratio:g}"
                yield kind, one, two, beside(rng, one, two, gap * max(two))
                yield kind, two, one, beside(rng, one, two, gap * max(two))
                yield f"{kind}_in_line", one, two, in_line(rng, one, two, gap * max(two), 2)
    for gap in (0.01, 1.0):
        for shape in ([1.0, 1.5, 1e-3], [1e-3, 2e-3, 1.0]):
            one, two = shape, rng.sample(shape, 3)
            yield "slender", one, two, beside(rng, one, two, gap)
            one, two = scaled(sizes(rng), 1e-9), scaled(sizes(rng), 2e-9)
            yield "nanometre", one, two, beside(rng, one, two, gap * 1e-9)
    one, two = [1.0, 1.5, 0.5], [0.5, 0.25, 0.75]
    yield "corner_to_corner", one, two, [0.75, 0.875, 0.625]
    yield "edge_to_edge", one, two, [0.75, 0.875, 0.125]
    yield "one_plane", one, two, [0.0, 2.0, 0.125]


def cases() -> Iterator[Case]:
    rng = random.Random(1984)
    moments = magnetizations(rng)
    for kind, one, two, offset in pairs(rng):
        length = max(*one, *two)
        pivot = rng.choice((offset, [0.0, 0.0, 0.0], [rng.uniform(-1, 1) * length for _ in range(3)]))
        yield (kind, *next(moments), one, two, offset, pivot)


def main() -> None:
    assert np.finfo(np.longdouble).eps < 2e-19, "the quadrature needs 64-bit mantissas"
    rows, checked, worst = [], set(), mpf(0)
    for kind, m1, m2, one, two, offset, pivot in cases():
        with mp.workdps(DPS):
            row = result(m1, m2, one, two, offset, pivot)
        if kind != "far" and kind not in checked:  # far away the corners' sums would lose too many digits
            values, scales = by_quadrature(m1, m2, one, two, offset, pivot)
            for name, scale in zip(("force", "torque", "energy"), scales, strict=True):
                errors = [abs(mpf(a) - b) for a, b in zip(values[name], row[name], strict=True)]
                assert max(errors) <= mpf("2e-16") * scale, (kind, name, values[name], row[name], scale)
                worst = max(worst, max(errors) / scale)
            checked.add(kind)
        inputs = {"dimension1": one, "M1": m1, "dimension2": two, "M2": m2, "offset": offset, "pivot": pivot}
        rows.append((kind, {name: [float(v) for v in vector] for name, vector in inputs.items()} | row))
    print("quadrature differs by at most", mp.nstr(worst, 2), "of the integral of the absolute integrand")
    write(__file__, "cuboid_force", ABOUT, rows)


if __name__ == "__main__":
    main()
