"""Make segment.csv: B, A and grad_B of a straight open filament, by closed forms in mpmath."""

import random
from collections.abc import Iterator

from _common import (
    MU0,
    Fields,
    add,
    assert_close,
    assert_traceless,
    check_biot_savart,
    cross,
    curl,
    direction,
    dot,
    exact,
    floats,
    graded,
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

DPS = 150
SCALES = (1e-9, 1e8)
ABOUT = (
    "Straight filament from p1 to p2 carrying 1 A, open: grad_B is that of the Biot-Savart integral over the",
    "filament alone, so it has a curl off the wire and need not be symmetric; its trace is zero.",
    f"closed forms at {DPS} digits and again at {DPS + DPS // 2}, derivatives by forward differentiation;",
    "each row checked by B = curl A, div B = 0, curl B = grad div A, every fifth by quadrature to 25 digits",
)
Points = list[float]
Case = tuple[str, Points, Points, Points]


def closed_form(p1: Points, p2: Points, point: Points) -> Fields:
    """Return B = k r1 x r2 (r1 + r2)/(r1 r2 (r1 r2 + r1.r2)), A = k t ln((r1 + r2 + l)/(r1 + r2 - l))."""
    k = MU0 / (4 * mp.pi)
    start, end = exact(p1), exact(p2)
    along = add(end, start, -1)
    length = norm(along)
    x = variables(point)
    r1, r2 = add(x, start, -1), add(x, end, -1)
    n1, n2 = sqrt(dot(r1, r1)), sqrt(dot(r2, r2))
    factor = k * (n1 + n2) / (n1 * n2 * (n1 * n2 + dot(r1, r2)))
    # along x r1 is r1 x r2, without the cancellation far away
    b = [factor * c for c in cross(along, r1)]
    a = scaled(along, k / length * log((n1 + n2 + length) / (n1 + n2 - length)))
    return {"B": values(b), "A": values(a), "grad_B": gradients(b), "curl_A": curl(a), "curl_B": curl(b)}


def fields(p1: Points, p2: Points, point: Points) -> Fields:
    """Return the settled fields of one row, after the checks that need no quadrature.

    These are div B = 0, B = curl A, and curl B = grad div A = k (r2/|r2|^3 - r1/|r1|^3).
    """
    row = settled(lambda: closed_form(p1, p2, point), DPS)
    with mp.workdps(DPS):
        r1, r2 = (add(exact(point), exact(p), -1) for p in (p1, p2))
        ends = add(scaled(r2, 1 / norm(r2) ** 3), scaled(r1, 1 / norm(r1) ** 3), -1)
        assert_traceless(row["grad_B"])
        assert_close(row.pop("curl_A"), row["B"], 40)
        assert_close(row.pop("curl_B"), scaled(ends, MU0 / (4 * mp.pi)), 40, norm(row["grad_B"]))
    return row


def distance(p1: Points, p2: Points, point: Points) -> tuple:
    """Return the distance from the filament [lengths] and the parameter 0..1 of its nearest point."""
    start, end, x = exact(p1), exact(p2), exact(point)
    along = add(end, start, -1)
    t = min(max(dot(add(x, start, -1), along) / dot(along, along), mpf(0)), mpf(1))
    return norm(add(add(x, start, -1), along, -t)) / norm(along), t


def check_by_quadrature(case: Case, row: Fields) -> None:
    """Compare a row with quadrature of the plain integrals along the filament."""
    _, p1, p2, point = case
    start, end = exact(p1), exact(p2)
    along = add(end, start, -1)
    with mp.workdps(60):
        gap, nearest = distance(p1, p2, point)
        breaks = graded(mpf(0), mpf(1), nearest, min(gap, mpf(1)))
        size = {name: norm(row[name]) for name in row}
        # on the extension B = 0, and every integrand too
        size["B"] = max(size["B"], size["A"] / norm(along) * mpf(10) ** -20)
        check_biot_savart(row, size, point, lambda t: (add(start, along, t), along), breaks)


def oblique(rng: random.Random, scale: float = 1.0) -> tuple[Points, Points]:
    """Return two random vertices."""
    size = scale * log_uniform(rng, -0.5, 0.5)
    start = scaled(direction(rng), size * rng.uniform(0, 1))
    return floats(start), floats(add(start, direction(rng), size))


def placed(rng: random.Random, ends: tuple[Points, Points], t, off) -> Points:
    """Return a point at the parameter t of the line through the ends, `off` lengths to a random side."""
    start, end = map(exact, ends)
    along = add(end, start, -1)
    length = norm(along)
    return floats(add(add(start, along, t), perpendicular(rng, along), off * length))


def around(rng: random.Random, ends: tuple[Points, Points], t, off) -> Points:
    """Return a point `off` lengths in any direction from the parameter t of the line."""
    start, end = map(exact, ends)
    along = add(end, start, -1)
    return floats(add(add(start, along, t), direction(rng), off * norm(along)))


def collinear() -> Iterator[Case]:
    """Yield points exactly on the extension of the filament: dyadic numbers, so B = 0 exactly."""
    for along in ([0.0, 0.0, 1.0], [3.0, 0.0, 0.0], [0.0, -0.125, 0.0], [1.0, 2.0, -2.0]):
        for t in (-(2.0**-30), 1 + 2.0**-30, -0.5, 1.25, -7.0, 1024.0):
            start = [0.5, -1.0, 0.25]
            yield "collinear", start, floats(add(start, along)), floats(add(start, along, t))


def cases() -> Iterator[Case]:
    """Yield every row's kind, end points and point."""
    rng = random.Random(2)
    unit_z = ([0.0, 0.0, -0.5], [0.0, 0.0, 0.5])
    for scale in (1.0,) * 90 + SCALES * 10:
        ends = oblique(rng, scale)
        yield "generic", *ends, around(rng, ends, rng.uniform(0, 1), log_uniform(rng, -2, 1))
    for n in range(1, 10):
        off = mpf(10) ** -n
        for scale in (1.0,) * 7 + SCALES:
            ends = oblique(rng, scale)
            yield "near_wire", *ends, placed(rng, ends, rng.uniform(0.02, 0.98), off)
        for _ in range(3):
            yield "near_wire_axis", *unit_z, placed(rng, unit_z, rng.uniform(0.02, 0.98), off)
        for t in (0, 1):
            for _ in range(2):
                ends = oblique(rng)
                yield "near_end", *ends, around(rng, ends, t, off)
            yield "near_end", *unit_z, around(rng, unit_z, t, off)
        for side in (-1, 1):
            beyond = mpf(0.5) + side * (mpf(0.5) + log_uniform(rng, -n, -n + 1))
            for ends in (oblique(rng), unit_z):
                yield "near_extension", *ends, placed(rng, ends, beyond, mpf(10) ** -9)
                yield "near_extension", *ends, placed(rng, ends, mpf(0.5) + side, off)
    yield from collinear()
    for _ in range(24):
        ends = oblique(rng)
        yield "bisector", *ends, placed(rng, ends, mpf(0.5), log_uniform(rng, -3, 2))
    for i in range(6):
        yield "bisector", *unit_z, [sign(rng) * float(log_uniform(rng, i - 3, i - 2)), 0.0, 0.0]
    for scale in (1.0,) * 30 + SCALES * 5:
        ends = oblique(rng, scale)
        yield "far", *ends, around(rng, ends, mpf(0.5), log_uniform(rng, 1, 6))


def main() -> None:
    rows, checked = [], {}
    for case in cases():
        kind, p1, p2, point = case
        gap, _ = distance(p1, p2, point)
        assert gap > 0, "a point on the wire has no field"
        row = fields(p1, p2, point)
        rows.append((kind, {"p1": p1, "p2": p2, "points": point} | row))
        if len(rows) % 5 == 0:
            check_by_quadrature(case, row)
            checked[kind] = checked.get(kind, 0) + 1
    assert sum(checked.values()) >= 40
    write(__file__, "segment", ABOUT, rows)
    print("checked by quadrature:", checked)


if __name__ == "__main__":
    main()
