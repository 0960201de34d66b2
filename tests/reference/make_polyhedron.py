"""Make polyhedron.csv: B, H, A, the scalar potential and grad_B of magnetized polyhedra, from their charged faces."""

import random
from collections.abc import Iterator
from itertools import product

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
    perpendicular,
    scaled,
    settled,
    sign,
    sqrt,
    values,
    variables,
    write,
)
from mpmath import mp, mpf
from polyhedron_bodies import BODIES, TIPPED

DPS = 90
ABOUT = (
    "Uniformly magnetized polyhedra with triangular faces; `body` counts those of polyhedron_bodies.py from 0.",
    f"sums over charged faces, each in closed form in its own frame, at {DPS} digits and again at half as many more,",
    "grad_B by exact forward differentiation; each row checked by B = curl A, H = -grad psi, div B = 0, curl B = 0,",
    "and thirty rows at 2 to 7 extents by quadrature of dipoles over its tetrahedra to 12 digits and more",
)
NAMES = list(BODIES)


def atan2(y: Dual, x: Dual) -> Dual:
    square = x.value**2 + y.value**2
    slopes = zip(y.gradient, x.gradient, strict=True)
    return Dual(mp.atan2(y.value, x.value), [(x.value * s - y.value * t) / square for s, t in slopes])


def triangle(r: list[Dual], corners: list) -> tuple[list, Dual, list[Dual]]:
    """Return the normal, the integral of 1/R and its gradient: sums over edges of logarithms and of arctangents."""
    normal = cross(add(corners[1], corners[0], -1), add(corners[2], corners[0], -1))
    normal = scaled(normal, 1 / norm(normal))
    height = dot(add(r, corners[0], -1), normal)
    size = height * (1 if height.value > 0 else -1)
    solid, total, gradient = Dual(mpf(0)), Dual(mpf(0)), [Dual(mpf(0))] * 3
    for k in range(3):
        start, end = corners[k], corners[(k + 1) % 3]
        along = add(end, start, -1)
        along = scaled(along, 1 / norm(along))
        outward = cross(along, normal)
        a, b = add(r, start, -1), add(r, end, -1)
        inward = -dot(a, outward)
        s1, s2 = -dot(a, along), -dot(b, along)
        r1, r2 = sqrt(dot(a, a)), sqrt(dot(b, b))
        near = inward * inward + height * height
        # of the two forms, the one whose terms have one sign
        if s1.value + s2.value > 0:
            logarithm = log((r2 + s2) / (r1 + s1))
        else:
            logarithm = log((r1 - s1) / (r2 - s2))
        solid = solid + atan2(inward * s2, near + size * r2) - atan2(inward * s1, near + size * r1)
        total = total + inward * logarithm
        gradient = [g - o * logarithm for g, o in zip(gradient, outward, strict=True)]
    signed = solid if height.value > 0 else -solid
    total = total - size * solid
    return normal, total, [g - n * signed for g, n in zip(gradient, normal, strict=True)]


def closed_form(name: str, point: list[float]) -> Fields:
    """Return B, H, A, psi, grad_B, and what they are checked against."""
    vertices, faces, m = BODIES[name]
    vertices, m, r = [exact(v) for v in vertices], exact(m), variables(point)
    psi, a, h, seen = Dual(mpf(0)), [Dual(mpf(0))] * 3, [Dual(mpf(0))] * 3, mpf(0)
    for face in faces:
        normal, integral, gradient = triangle(r, [vertices[i] for i in face])
        charge, current = dot(m, normal), cross(m, normal)
        psi = psi + charge * integral
        h = [x - charge * g for x, g in zip(h, gradient, strict=True)]
        a = [x + k * integral for x, k in zip(a, current, strict=True)]
        seen += dot(values(gradient), normal)
    unit = 1 / (4 * mp.pi)
    inside = mp.nint(seen * unit)
    assert abs(seen * unit - inside) < mpf(10) ** -20
    assert inside in (0, 1)
    h, psi, a = [x * unit for x in h], psi * unit, [x * (unit * MU0) for x in a]
    b = [(x + k * inside) * MU0 for x, k in zip(h, m, strict=True)]
    return {
        "B": values(b),
        "H": values(h),
        "A": values(a),
        "scalar_potential": [psi.value],
        "grad_B": gradients(b),
        "curl_A": curl(a),
        "minus_grad_psi": scaled(psi.gradient, -1),
        "inside": [inside],
    }


def fields(name: str, point: list[float]) -> Fields:
    row = settled(lambda: closed_form(name, point), DPS)
    assert_close(row.pop("curl_A"), row["B"], 35)
    assert_close(row.pop("minus_grad_psi"), row["H"], 35)
    assert_traceless(row["grad_B"])
    assert_symmetric(row["grad_B"])
    return row


def check_by_quadrature(name: str, point: list[float], row: Fields, rule: list) -> None:
    """Compare B with dipoles in the tetrahedra from the first corner, by a product rule of Gauss."""
    vertices, faces, m = BODIES[name]
    vertices, m, r = [exact(v) for v in vertices], exact(m), exact(point)
    with mp.workdps(30):
        total = [mpf(0)] * 3
        for face in faces:
            edges = [add(vertices[i], vertices[0], -1) for i in face]
            det = dot(edges[0], cross(edges[1], edges[2]))
            for (u, wu), (v, wv), (w, ww) in product(rule, repeat=3) if det else ():
                d = add(r, vertices[0], -1)
                for edge, part in zip(edges, (u, (1 - u) * v, (1 - u) * (1 - v) * w), strict=True):
                    d = add(d, edge, -part)
                size = norm(d)
                weight = wu * wv * ww * (1 - u) ** 2 * (1 - v) * det
                dipole = add(scaled(d, 3 * dot(m, d) / size**5), m, -1 / size**3)
                total = add(total, dipole, weight)
        assert_close(scaled(total, MU0 / (4 * mp.pi)), row["B"], 12)


def gauss(order: int) -> list:
    """Return nodes and weights on (0, 1)."""
    nodes = mp.polyroots(
        mp.taylor(lambda x: mp.legendre(order, x), 0, order)[::-1], maxsteps=200, extraprec=200
    )
    slopes = [order * mp.legendre(order - 1, x) / (1 - x * x) for x in nodes]
    return [((1 + x) / 2, 1 / ((1 - x * x) * s * s)) for x, s in zip(nodes, slopes, strict=True)]


def inner_point(rng: random.Random, corners: list) -> list:
    """Return a point between the corners."""
    shares = [mpf(rng.uniform(0.1, 1)) for _ in corners]
    point = [mpf(0)] * 3
    for share, corner in zip(shares, corners, strict=True):
        point = add(point, corner, share / sum(shares))
    return point


def cases(rng: random.Random, name: str) -> Iterator[tuple[str, list]]:
    """Yield the kinds and points of one body."""
    vertices, faces, _ = BODIES[name]
    vertices = [exact(v) for v in vertices]
    centre = scaled([sum(v[i] for v in vertices) for i in range(3)], mpf(1) / len(vertices))
    extent = max(norm(add(v, centre, -1)) for v in vertices)

    def face() -> list:
        return [vertices[i] for i in rng.choice(faces)]

    for _ in range(6):
        yield "generic", add(centre, direction(rng), extent * log_uniform(rng, -0.5, 0.3))
    for i in range(3):
        corners = vertices if len(vertices) == 4 else [*face(), centre]
        yield ("inside" if name != "angle" or i else "notch"), inner_point(rng, corners)
    for power in range(1, 10):
        corners = face()
        normal = cross(add(corners[1], corners[0], -1), add(corners[2], corners[0], -1))
        step = extent * mpf(10) ** -power
        for side in (1, -1):
            yield "near_face", add(inner_point(rng, corners), normal, side * step / norm(normal))
        corners = face()
        edge = add(corners[1], corners[0], -1)
        for _ in range(2):
            place = add(corners[0], edge, mpf(rng.uniform(0.02, 0.98)))
            yield "near_edge", add(place, perpendicular(rng, scaled(edge, 1 / norm(edge))), step)
        yield "beyond_edge", add(add(corners[1], edge, mpf(rng.uniform(0.02, 1))), direction(rng), step)
        for _ in range(2):
            yield "near_corner", add(rng.choice(vertices), direction(rng), step)
        corners = face()
        along = add(inner_point(rng, corners), corners[0], -1)
        place = add(corners[0], along, step / norm(along))
        yield "near_corner", add(place, direction(rng), step * mpf(10) ** -3)
    for _ in range(12):
        yield "middle", add(centre, direction(rng), extent * log_uniform(rng, 0.3, 0.85))
    for power in range(1, 7):
        yield "far", add(centre, direction(rng), extent * log_uniform(rng, power - 1, power))
    yield "far", add(centre, direction(rng), extent * mpf(10) ** 6 * sign(rng))


def tipped_cases(rng: random.Random, name: str) -> Iterator[tuple[str, list]]:
    """Yield the kinds and points of a body with a tip: about that, along the body, and away from it."""
    vertices, faces, _ = BODIES[name]
    vertices = [exact(v) for v in vertices]
    tip, foot = vertices[-1], scaled(add(add(vertices[0], vertices[1]), vertices[2]), mpf(1) / 3)
    along = add(tip, foot, -1)
    thin = [face for face in faces if len(vertices) - 1 in face]
    width = norm(add(vertices[thin[0][0]], vertices[thin[0][1]], -1))
    for _ in range(4):
        yield "generic", add(foot, direction(rng), log_uniform(rng, -0.5, 0.3))
        yield "middle", add(foot, direction(rng), log_uniform(rng, 0.3, 0.6))
    for power in (1, 2, 3, 4, 6, 9):
        step = mpf(10) ** -power
        for _ in range(2):
            yield "near_tip", add(tip, direction(rng), step)
        yield "beyond_tip", add(tip, along, step)
        yield "in_tip", add(tip, along, -step / 2)
        corners = [vertices[i] for i in rng.choice(thin)]
        normal = cross(add(corners[1], corners[0], -1), add(corners[2], corners[0], -1))
        for side in (1, -1):
            yield "near_face", add(inner_point(rng, corners), normal, side * step * width / norm(normal))
        corner = vertices[rng.choice([i for face in thin for i in face if i != len(vertices) - 1])]
        edge = add(tip, corner, -1)
        place = add(corner, edge, mpf(rng.uniform(0.02, 0.98)))
        yield "near_edge", add(place, perpendicular(rng, scaled(edge, 1 / norm(edge))), step * width)
        yield "near_corner", add(corner, direction(rng), step)
    for _ in range(12):
        place = add(foot, along, mpf(rng.uniform(0.1, 0.95)))
        side = perpendicular(rng, scaled(along, 1 / norm(along)))
        yield "beside", add(place, side, width * log_uniform(rng, -0.5, 1.5))
    yield "far", add(foot, direction(rng), mpf(10) ** 3)


def main() -> None:
    rng = random.Random(7)
    with mp.workdps(30):
        rule = gauss(14)
    rows, checked = [], 0
    for number, name in enumerate(NAMES):
        for kind, point in (tipped_cases if name in TIPPED else cases)(rng, name):
            row = fields(name, floats(point))
            inside = row.pop("inside")[0]
            rows.append((kind, {"body": [float(number)], "points": floats(point)} | row))
            if kind == "middle" and name not in TIPPED and len(rows) % 4 == 0:
                assert not inside
                check_by_quadrature(name, floats(point), row, rule)
                checked += 1
    assert checked >= 10
    write(__file__, "polyhedron", ABOUT, rows)
    print("checked by quadrature:", checked)


if __name__ == "__main__":
    main()
