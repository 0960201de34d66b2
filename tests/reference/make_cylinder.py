"""Make cylinder.csv: all fields of a uniformly magnetized cylinder, by quadrature over the azimuth in mpmath."""

import random
from collections.abc import Iterator

from _common import assert_close, assert_traceless, direction, floats, log_uniform, norm, scaled, sign, write
from mpmath import mp, mpf
from sheet_integrals import DPS, NODES, cylinder

ABOUT = (
    "Cylinder of radius `radius` and height `height` about the origin, its axis along z, of uniform magnetization.",
    f"Wall charges, sheet currents and rims of the discs, integrated over the azimuth at {DPS} digits by graded",
    f"Gauss-Legendre panels of {NODES} nodes; each row checked by div B = 0, every eighth with other panels",
)
Case = tuple[str, float, float, list[float], list[float]]
WAYS = ([0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [-0.4, 1.1, 0.7])


def at(radius: float, turn, rho, z) -> list[float]:
    """Return the point at rho and z [radii], `turn` half turns from the x axis."""
    return floats(scaled([rho * mp.cospi(turn), rho * mp.sinpi(turn), z], mpf(radius)))


def turn(rng: random.Random) -> float:
    """Return an angle; the axes of the frame come often."""
    return rng.choice([0, 0.5, 1, 1.5]) if rng.random() < 0.4 else rng.uniform(-1, 1)


def surface_points(rng: random.Random, h) -> Iterator[tuple[str, list[float]]]:
    """Yield points 1e-2 to 1e-9 radii from the surface of a cylinder of radius 1."""
    for n in (2, 4, 6, 9):
        d = mpf(10) ** -n
        yield "wall", at(1, turn(rng), 1 + sign(rng) * d, rng.uniform(-0.49, 0.49) * h)
        yield "face", at(1, turn(rng), rng.uniform(0, 0.95), h / 2 + sign(rng) * d * min(h, 1))
        around = mpf(rng.uniform(-1, 1))
        yield (
            "edge",
            at(
                1, turn(rng), 1 + d * mp.cospi(around), sign(rng) * (h / 2 + d * min(h, 1) * mp.sinpi(around))
            ),
        )
        yield "over_edge", at(1, turn(rng), 1 + sign(rng) * d, sign(rng) * h * rng.uniform(0.55, 1.5))


def axis_points(rng: random.Random, h) -> Iterator[tuple[str, list[float]]]:
    """Yield points on the axis, near it and near the centre of a cylinder of radius 1."""
    yield "axis", [0.0, 0.0, float(h * rng.uniform(-0.5, 0.5))]
    yield "axis", [0.0, 0.0, float(sign(rng) * h * rng.uniform(0.55, 3))]
    yield "centre", [0.0, 0.0, 0.0]
    for n in (1, 3, 9):
        yield "near_axis", at(1, turn(rng), mpf(10) ** -n, h * rng.uniform(-1.5, 1.5))
        yield "near_centre", floats(scaled(direction(rng), mpf(10) ** -n * min(h, 1)))
    yield "plane", at(1, turn(rng), rng.uniform(0.1, 2), 0)


def unit_points(rng: random.Random, h) -> Iterator[tuple[str, list[float]]]:
    """Yield kinds and points about a cylinder of radius 1 and height h."""
    for _ in range(6):
        yield "generic", at(1, turn(rng), 2 * mpf(rng.random()), h * rng.uniform(-1, 1))
    for low, high in ((0, 1), (1, 2), (2, 4), (4, 6)):
        yield "far", floats(scaled(direction(rng), max(h, mpf(1)) * log_uniform(rng, low, high)))
    yield "beside", at(1, turn(rng), 1 + h * log_uniform(rng, -2, 0), h * rng.uniform(-0.6, 0.6))
    yield (
        "far_axis",
        at(1, turn(rng), log_uniform(rng, -3, 0), sign(rng) * max(h, 1) * log_uniform(rng, 1, 6)),
    )
    yield from axis_points(rng, h)
    yield from surface_points(rng, h)


def cases() -> Iterator[Case]:
    """Yield every row's kind, radius, height, magnetization and point."""
    rng = random.Random(11)
    for k, h in enumerate((1e-6, 1e-3, 0.1, 0.5, 1.0, 2.0, 2.0, 5.0, 30.0, 1e3, 1e6)):
        for i, (kind, point) in enumerate(unit_points(rng, mpf(h))):
            yield kind, 1.0, h, WAYS[(i + k) % 3], point
    for radius in (0.1, 3.7e-9, 2.5e8):
        for i in range(6):
            h = float(radius * log_uniform(rng, -1, 1))
            point = at(radius, turn(rng), 2 * mpf(rng.random()), mpf(h) / mpf(radius) * rng.uniform(-1, 1))
            yield "scaled", radius, h, WAYS[i % 3], point


def check(case: Case, row: dict) -> None:
    """Compare a row with a finer rule on the same panels."""
    _, radius, height, magnetization, point = case
    finer = cylinder(radius, height, magnetization, point, NODES + 8)
    for name, numbers in row.items():
        assert_close(numbers, finer[name], 31, norm(finer[name]))


def main() -> None:
    rows = []
    with mp.workdps(DPS):
        for number, case in enumerate(cases()):
            kind, radius, height, magnetization, point = case
            row = cylinder(radius, height, magnetization, point)
            assert_traceless(row["grad_B"])
            if number % 8 == 0:
                check(case, row)
            inputs = {"radius": [radius], "height": [height], "magnetization": magnetization, "points": point}
            rows.append((kind, inputs | row))
        write(__file__, "cylinder", ABOUT, rows)


if __name__ == "__main__":
    main()
