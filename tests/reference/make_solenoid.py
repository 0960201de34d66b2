"""Make solenoid.csv: B, A and grad B of a cylindrical current sheet, by quadrature over the azimuth in mpmath."""

import random
from itertools import pairwise

from _common import add, assert_close, assert_symmetric, assert_traceless, exact, norm, write
from make_cylinder import unit_points
from make_loop import off_axis
from mpmath import mp, mpf
from sheet_integrals import DPS, NODES, cylinder, legendre

ABOUT = (
    "Cylindrical current sheet of radius `radius` and length `length` about the origin, 1 A/m around +z.",
    f"Integrated over the azimuth at {DPS} digits by graded Gauss-Legendre panels of {NODES} nodes; each row checked",
    "by div B = 0 and curl B = 0, every seventh as a stack of loops, in elliptic integrals, to 22 digits",
)
LENGTHS = (1e-6, 1e-3, 0.1, 0.5, 1.0, 2.0, 7.0, 100.0, 1e4, 1e6)


def check_stack(length: float, point: list[float], row: dict) -> None:
    """Compare a row with the integral of loops' fields over the length, by panels graded towards the point.

    Digits count from the integral of the loops' sizes: deep inside a needle their gradients cancel.
    """
    b, (x, y, z) = mpf(length) / 2, exact(point)
    gap = abs(mp.hypot(x, y) - 1)
    breaks = {-b, b, *(v for v in (z,) if -b < v < b)}
    for side in (-1, 1):
        step = gap + max(abs(z) - b, 0)
        while step < 2 * b + abs(z):
            if -b < z + side * step < b:
                breaks.add(z + side * step)
            step *= 3
    ends = sorted(breaks)
    total = {"B": [mpf(0)] * 3, "A": [mpf(0)] * 3, "grad_B": [mpf(0)] * 9}
    size = dict.fromkeys(total, mpf(0))
    for low, high in pairwise(ends):
        for node, weight in legendre(30):
            height = (low + high) / 2 + (high - low) / 2 * node
            loop = off_axis(mpf(1), [x, y, z - height])
            for name in total:
                total[name] = add(total[name], loop[name], weight * (high - low) / 2)
                size[name] += norm(loop[name]) * weight * (high - low) / 2
    for name, numbers in total.items():
        assert_close(row[name], numbers, 22, size[name])


def main() -> None:
    rng, rows, checked = random.Random(12), [], 0
    with mp.workdps(DPS):
        for length in LENGTHS:
            for kind, point in unit_points(rng, mpf(length)):
                row = cylinder(1.0, length, [0.0, 0.0, 1.0], point)
                row = {name: row[name] for name in ("B", "A", "grad_B")}
                assert_traceless(row["grad_B"])
                assert_symmetric(row["grad_B"])
                if len(rows) % 7 == 3 and mp.hypot(*exact(point[:2])) > mpf(10) ** -6:
                    checked += 1
                    check_stack(length, point, row)
                rows.append((kind, {"radius": [1.0], "length": [length], "points": point} | row))
        assert checked > 25
        write(__file__, "solenoid", ABOUT, rows)
        print("checked as stacks of loops:", checked)


if __name__ == "__main__":
    main()
