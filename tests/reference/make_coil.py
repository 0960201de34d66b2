"""Make coil.csv: grad B of windings of rectangular cross-section, by quadrature of loops over the radius in mpmath."""

import random
from collections.abc import Iterator
from itertools import pairwise

from _common import (
    MU0,
    Fields,
    add,
    assert_close,
    assert_traceless,
    exact,
    log_uniform,
    scaled,
    settled,
    write,
)
from make_loop import off_axis
from mpmath import mp, mpf
from sheet_integrals import legendre

DPS, NODES = 64, 36
ABOUT = (
    "Winding from `inner` to `outer` radius and of the length `length` about the origin, 1 A/m^2 around +z.",
    f"The loops of its two ends, in elliptic integrals, over the radius at {DPS} digits and at half as many more, by",
    f"Gauss-Legendre panels of {NODES} nodes graded towards the point; rows at some distance also as loops over the",
    "whole cross-section, to 20 digits",
)
LENGTHS, THICKNESSES = (0.1, 1e-2, 1e-3), (1.0, 0.1, 1e-3)


def loop(rho, a, z) -> list:
    """Return B_rho/rho, B_z and A_phi/rho of a loop, per mu_0/(4 pi)."""
    alpha2, beta2 = (a - rho) ** 2 + z * z, (a + rho) ** 2 + z * z
    m, beta = 4 * a * rho / beta2, mp.sqrt(beta2)
    k, e = mp.ellipk(m), mp.ellipe(m)
    return [
        2 * z / (rho * rho * beta) * ((a * a + rho * rho + z * z) / alpha2 * e - k),
        2 / beta * (k + (a * a - rho * rho - z * z) / alpha2 * e),
        2 * beta / (rho * rho) * ((1 - m / 2) * k - e),
    ]


def graded(low, high, place, width) -> list:
    """Return break points from `low` to `high`, graded towards `place` down to `width`."""
    breaks = {low, high} | ({place} if low < place < high else set())
    while width < high - low + abs(place - low):
        breaks |= {p for p in (place - width, place + width) if low < p < high}
        width *= 3
    return sorted(breaks)


def nodes(breaks: list, count: int) -> Iterator[tuple]:
    for low, high in pairwise(breaks):
        for node, weight in legendre(count):
            yield (low + high) / 2 + (high - low) / 2 * node, (high - low) / 2 * weight


def winding(inner: float, outer: float, length: float, point: list[float]) -> Fields:
    """Return grad B, row by row."""
    x, y, z = exact(point)
    rho, b = mp.hypot(x, y), mpf(length) / 2
    q = bzz = qz = mpf(0)
    for a, weight in nodes(graded(mpf(inner), mpf(outer), rho, abs(abs(z) - b)), NODES):
        q1, b1, w1 = loop(rho, a, z - b)
        q2, b2, w2 = loop(rho, a, z + b)
        q, bzz, qz = q + weight * (w1 - w2), bzz + weight * (b2 - b1), qz + weight * (q2 - q1)
    c, s, slope = x / rho, y / rho, -bzz - q  # dB_rho/d rho
    jump = 4 * mp.pi if inner < rho < outer and abs(z) < b else 0
    across, along = rho * qz - jump, rho * qz
    rows = [
        c * c * slope + s * s * q, c * s * (slope - q), c * along,
        c * s * (slope - q), s * s * slope + c * c * q, s * along,
        c * across, s * across, bzz,
    ]  # fmt: skip
    return {"grad_B": scaled(rows, MU0 / (4 * mp.pi))}


def check_by_loops(inner: float, outer: float, length: float, point: list[float], row: Fields) -> None:
    """Compare the row with loops over the cross-section."""
    x, y, z = exact(point)
    b, rho = mpf(length) / 2, mp.hypot(x, y)
    away = mp.hypot(max(inner - rho, rho - outer, 0), max(abs(z) - b, 0))
    total = [mpf(0)] * 9
    with mp.workdps(30):
        for a, wa in nodes(graded(mpf(inner), mpf(outer), rho, away), 22):
            for height, wz in nodes(graded(-b, b, z, away), 22):
                total = add(total, off_axis(a, [x, y, z - height])["grad_B"], wa * wz)
    assert_close(total, row["grad_B"], 20)


def cases(rng: random.Random, inner: float, outer: float, length: float) -> Iterator[tuple[str, list]]:
    """Yield the kinds and points of one winding."""

    def at(rho, z) -> list:
        turn = mpf(rng.uniform(-1, 1))
        return [float(rho * mp.cospi(turn)), float(rho * mp.sinpi(turn)), float(z)]

    def between(low, high):
        return mpf(low) + (mpf(high) - mpf(low)) * mpf(rng.uniform(0.05, 0.95))

    b, thickness = mpf(length) / 2, mpf(outer) - mpf(inner)
    for power in (0, 2, 6):
        step = b * mpf(10) ** -power * log_uniform(rng, -0.3, 0.3)
        side = rng.choice((-1, 1))
        yield "over_face", at(between(inner, outer), side * (b + step))
        step = thickness * mpf(10) ** (-power - 1) * log_uniform(rng, -0.3, 0.3)
        yield "beside_wall", at(outer + step if side > 0 else inner - step, between(-b, b))
    yield "far_over_face", at(between(inner, outer), b + length * log_uniform(rng, 0.5, 1.2))
    yield "near_edge", at(outer + thickness / 1000, b + b / 1000)
    yield "inside", at(between(inner, outer), between(-b, b))


def main() -> None:
    rng, rows, checked = random.Random(21), [], 0
    for length in LENGTHS:
        for thickness in THICKNESSES:
            inner, outer = 1.0 - 0.5 * thickness, 1.0 + 0.5 * thickness
            for kind, point in cases(rng, inner, outer, length):
                row = settled(lambda p=point, s=(inner, outer, length): winding(*s, p), DPS)
                assert_traceless(row["grad_B"])
                if kind == "far_over_face" and length <= thickness <= 10 * length:
                    check_by_loops(inner, outer, length, point, row)
                    checked += 1
                values = {"inner": [inner], "outer": [outer], "length": [length], "points": point}
                rows.append((kind, values | row))
            print(length, thickness, len(rows), flush=True)
    assert checked == 4
    write(__file__, "coil", ABOUT, rows)
    print("checked as loops over the cross-section:", checked)


if __name__ == "__main__":
    main()
