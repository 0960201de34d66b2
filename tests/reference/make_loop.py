"""Make loop.csv: B, A and grad_B of a circular loop in the plane z = 0, by elliptic integrals in mpmath."""

import random
from collections.abc import Iterator

from _common import (
    MU0,
    Dual,
    Fields,
    assert_close,
    assert_symmetric,
    assert_traceless,
    check_biot_savart,
    curl,
    direction,
    exact,
    floats,
    graded,
    gradients,
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
RADII = (0.1, 3.7e-9, 2.5e8)
ABOUT = (
    "Circular loop of radius `radius` in the plane z = 0 about the origin, 1 A counterclockwise about +z.",
    f"closed forms at {DPS} digits and more (6 for each decade of rho/radius), again at half as many more,",
    "their derivatives by exact forward differentiation; each row off the axis checked by B = curl A,",
    "div B = 0, curl B = 0, and every fifth row by quadrature of Biot-Savart to 25 digits",
)
Case = tuple[str, float, list[float]]


def elliptic(m: Dual) -> tuple[Dual, Dual]:
    """Return K(m) and E(m)."""
    k, e, p = mp.ellipk(m.value), mp.ellipe(m.value), m.value
    return m.chain(k, (e / (1 - p) - k) / (2 * p)), m.chain(e, (e - k) / (2 * p))


def off_axis(a, point: list[float]) -> Fields:
    """Return the fields by the closed forms of Simpson et al. (2001) for B and of Smythe for A_phi."""
    x, y, z = variables(point)
    rho2 = x * x + y * y
    rho = sqrt(rho2)
    near2 = (rho - a) * (rho - a) + z * z
    far2 = (rho + a) * (rho + a) + z * z
    far = sqrt(far2)
    k, e = elliptic(4 * a * rho / far2)
    total = rho2 + z * z + a * a
    radial = MU0 / (2 * mp.pi) * z * (total * e - near2 * k) / (near2 * far * rho2)
    axial = MU0 / (2 * mp.pi) * ((2 * a * a - total) * e + near2 * k) / (near2 * far)
    swirl = MU0 / (2 * mp.pi) * (total * k / far - far * e) / rho2
    b = [radial * x, radial * y, axial]
    vector = [-swirl * y, swirl * x, Dual(mpf(0))]
    return {"B": values(b), "A": values(vector), "grad_B": gradients(b), "curl_A": curl(vector)}


def on_axis(a, z) -> Fields:
    """Return the fields on the axis: B_z = mu0 a^2 / (2 (a^2 + z^2)^(3/2)), A = 0."""
    s = a * a + z * z
    bz = MU0 * a * a / (2 * s * mp.sqrt(s))
    slope = -3 * z / s * bz
    zero = mpf(0)
    grad = [-slope / 2, zero, zero, zero, -slope / 2, zero, zero, zero, slope]
    return {"B": [zero, zero, bz], "A": [zero] * 3, "grad_B": grad}


def fields(radius: float, point: list[float]) -> Fields:
    """Return the settled fields of one row, after the checks that need no quadrature."""
    a, (x, y, z) = mpf(radius), exact(point)
    if x == y == 0:
        return settled(lambda: on_axis(a, z), DPS)
    rho = mp.hypot(x, y)
    row = settled(lambda: off_axis(a, point), DPS + int(6 * abs(mp.log10(rho / a))))
    assert_close(row.pop("curl_A"), row["B"], 40)
    assert_traceless(row["grad_B"])
    assert_symmetric(row["grad_B"])
    if rho < 1e-11 * a:
        axis = on_axis(a, z)
        half = axis["B"][2] / 2
        assert_close(row["B"], [x * axis["grad_B"][0], y * axis["grad_B"][0], axis["B"][2]], 20)
        assert_close(row["A"], [-half * y, half * x, mpf(0)], 20)
        assert_close(row["grad_B"], axis["grad_B"], 10, MU0 / a**2)
    return row


def check_by_quadrature(radius: float, point: list[float], row: Fields) -> None:
    """Compare a row with quadrature of the plain integrals over the turn of the loop."""
    a, (x, y, z) = mpf(radius), exact(point)
    width = min(mp.hypot(mp.hypot(x, y) - a, z) / a, mpf(1))
    peak = mp.atan2(y, x)

    def path(t) -> tuple[list, list]:
        c, s = mp.cos(t), mp.sin(t)
        return [a * c, a * s, mpf(0)], [-a * s, a * c, mpf(0)]

    size = {name: norm(row[name]) for name in row}
    size["A"] = max(size["A"], MU0 * a / (a + norm([x, y, z])) * mpf(10) ** -6)
    size["grad_B"] = max(size["grad_B"], norm(row["B"]) / a * mpf(10) ** -6)
    with mp.workdps(60):
        check_biot_savart(row, size, point, path, graded(peak - mp.pi, peak + mp.pi, peak, width))


def ring(radius: float, turn, rho, z) -> list[float]:
    """Return the point at rho and z [radii], `turn` half turns from the x axis (quarter turns are exact)."""
    return floats(scaled([rho * mp.cospi(turn), rho * mp.sinpi(turn), z], mpf(radius)))


def near_wire(rng: random.Random, radius: float, distance, count: int) -> Iterator[list[float]]:
    """Yield points around the wire; the first four lie in and straight above the plane of the loop."""
    for i in range(count):
        turn = mpf(rng.choice([0, 0.5, 1, 1.5])) if i % 3 == 0 else mpf(rng.uniform(-1, 1))
        around = mpf(i) / 2 if i < 4 else mpf(rng.uniform(-1, 1))
        point = ring(radius, turn, 1 + distance * mp.cospi(around), distance * mp.sinpi(around))
        assert mpf(point[2]) != 0 or mpf(point[0]) ** 2 + mpf(point[1]) ** 2 != mpf(radius) ** 2
        yield point


def anywhere(rng: random.Random, radius: float, low: float, high: float) -> list[float]:
    """Return a point in any direction, 10**low to 10**high radii from the centre."""
    return floats(scaled(direction(rng), mpf(radius) * log_uniform(rng, low, high)))


def unit_cases(rng: random.Random) -> Iterator[tuple[str, list[float]]]:
    """Yield the kinds and points of the loop of radius 1."""
    for _ in range(90):
        yield "generic", anywhere(rng, 1, -2, 2)
    yield "centre", [0.0, 0.0, 0.0]
    for _ in range(16):
        yield "axis", [0.0, 0.0, sign(rng) * float(log_uniform(rng, -3, 3))]
    for z in (1e-300, 1e-20, 1e-9, 1.0, 1e6):
        yield "axis", [0.0, 0.0, z]
    for tiny in (1e-3, 1e-6, 1e-9, 1e-12, 1e-20, 1e-160, 1e-300):
        z = sign(rng) * float(log_uniform(rng, -2, 1))
        yield from (("near_axis", p) for p in ([tiny, 0.0, z], [0.0, -tiny, z], [-tiny, 0.7 * tiny, -z]))
        yield from (("near_axis", p) for p in ([tiny, 0.0, 0.0], [tiny, tiny, 1e3]))
        yield "near_centre", floats(scaled(direction(rng), mpf(tiny)))
    for low, high in ((-3, 0), (0, 2)):
        for i in range(14):
            yield (
                "plane",
                ring(1, mpf(i) / 2 if i < 4 else rng.uniform(-1, 1), log_uniform(rng, low, high), 0),
            )
    for tiny in (1e-9, 1e-12, 1e-20, 1e-300):
        for rho in (0.3, 0.9, 1.2, 8.0):
            yield "near_plane", ring(1, rng.uniform(-1, 1), rho, sign(rng) * tiny)
    for n in range(1, 10):
        yield from (("near_wire", p) for p in near_wire(rng, 1, mpf(10) ** -n, 13))
    for n in (12, 15):
        yield from (("touching_wire", p) for p in near_wire(rng, 1, mpf(10) ** -n, 8))
    for _ in range(36):
        yield "far", anywhere(rng, 1, 1, 6)
    for n in range(1, 7):
        yield "far_plane", ring(1, mpf(n) / 2, mpf(10) ** n, 0)
        yield "far_plane", ring(1, rng.uniform(-1, 1), log_uniform(rng, n - 0.5, n), 0)
        yield "far_axis", [0.0, 0.0, sign(rng) * 10.0**n]
        yield "far_axis", ring(1, rng.uniform(-1, 1), mpf(10) ** -n, log_uniform(rng, n - 0.5, n))


def cases() -> Iterator[Case]:
    """Yield every row's kind, radius and point."""
    rng = random.Random(1)
    for kind, point in unit_cases(rng):
        yield kind, 1.0, point
    for radius in RADII:
        yield "centre", radius, [0.0, 0.0, 0.0]
        for _ in range(10):
            yield "generic", radius, anywhere(rng, radius, -2, 2)
            yield "far", radius, anywhere(rng, radius, 1, 6)
        for i in range(3):
            yield "axis", radius, floats([0, 0, radius * log_uniform(rng, -2, 2)])
            yield "plane", radius, ring(radius, rng.uniform(-1, 1), log_uniform(rng, i - 2, i - 1), 0)
        for n in (1, 3, 5, 7, 9):
            yield from (("near_wire", radius, p) for p in near_wire(rng, radius, mpf(10) ** -n, 3))


def main() -> None:
    rows, checked = [], {}
    for kind, radius, point in cases():
        row = fields(radius, point)
        rows.append((kind, {"radius": [radius], "points": point} | row))
        if len(rows) % 5 == 0:
            check_by_quadrature(radius, point, row)
            checked[kind] = checked.get(kind, 0) + 1
    assert sum(checked.values()) >= 40
    write(__file__, "loop", ABOUT, rows)
    print("checked by quadrature:", checked)


if __name__ == "__main__":
    main()
