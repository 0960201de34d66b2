"""Fields of a cylinder of uniform magnetization by quadrature over the azimuth, for the tables of it and the solenoid.

Along z the wall's charges and currents integrate to elementary functions; what is left is one integral over the
angle t between the point and the wall, by Gauss-Legendre panels graded towards t = 0. The magnetization across the
axis is taken as wall charges, that along it as a current sheet; the potentials of the discs as integrals over
their rims. Neither elliptic integrals nor the integrands of the package occur.
"""

import math
from functools import cache
from itertools import pairwise

from _common import MU0, Fields, exact, norm, scaled
from mpmath import mp, mpf

DPS, NODES = 60, 36


def legendre(count: int) -> list[tuple]:
    """Return the nodes and weights of the rule on [-1, 1] at the working precision."""
    return legendre_at(count, mp.dps)


@cache
def legendre_at(count: int, _: int) -> list[tuple]:
    """Return the rule by Newton's method on the recurrence."""
    rule = []
    for i in range(count):
        x = mp.cos(mp.pi * (i + mpf(3) / 4) / (count + mpf(1) / 2))
        for _ in range(8):
            before, p = mpf(1), x
            for n in range(2, count + 1):
                before, p = p, ((2 * n - 1) * x * p - (n - 1) * before) / n
            slope = count * (x * p - before) / (x * x - 1)
            x -= p / slope
        rule.append((x, 2 / ((1 - x * x) * slope * slope)))
    return rule


def panels(rho, gap, a) -> list:
    """Return break points from 0 to pi, graded towards 0 by the distance to the wall."""
    width = min(abs(gap) / max(a, rho), mpf(1)) / 2
    points = [mpf(0)]
    while width < 2:
        points.append(width)
        width *= 2
    return [*points, mp.pi]


def integrals(rho, gap, low, high, a, count: int) -> dict:
    """Return the integrals over the whole circle that the fields are made of; `low`, `high` are z - b and z + b."""
    total = dict.fromkeys(
        ("wall", "disc", "hr", "ht", "hz", "bz", "grr", "gtt", "grt", "grz", "gzz", "gtz", "bzz"), mpf(0)
    )
    breaks = panels(rho, gap, a)
    for begin, end in pairwise(breaks):
        half, centre = (end - begin) / 2, (end + begin) / 2
        for node, weight in legendre(count):
            for name, value in integrands(centre + half * node, rho, gap, low, high, a).items():
                total[name] += 2 * a * half * weight * value
    return total


def integrands(t, rho, gap, low, high, a) -> dict:
    """Return the integrands at the angle t."""
    c, s = mp.cos(t), mp.sin(t)
    q = gap * gap + 4 * a * rho * mp.sin(t / 2) ** 2
    r1, r2 = mp.sqrt(q + low * low), mp.sqrt(q + high * high)
    i3 = (high / r2 - low / r1) / q
    i5 = (high / r2**3 - low / r1**3 + 2 * i3) / (3 * q)
    side = 1 / r2**3 - 1 / r1**3
    d, e = rho - a * c, -a * s
    root = mp.sqrt(q)
    ends = 1 / r1 - 1 / r2
    return {
        "wall": c * (mp.asinh(high / root) - mp.asinh(low / root)),
        "disc": (a - rho * c) / q * ((r1 - abs(low)) - (r2 - abs(high))),
        "hr": c * d * i3,
        "ht": s * e * i3,
        "hz": c * ends,
        "bz": (a - rho * c) * i3,
        "grr": c * (i3 - 3 * d * d * i5),
        "gtt": c * (i3 - 3 * e * e * i5),
        "grt": -3 * s * d * e * i5,
        "grz": c * d * side,
        "gzz": c * (high / r2**3 - low / r1**3),
        "gtz": s * e * side,
        "bzz": (a - rho * c) * side,
    }


def cylinder(radius: float, height: float, magnetization, point, count: int = NODES) -> Fields:
    """Return B, H, A, grad B and the scalar potential, to 40 digits; the point is on no face.

    In the middle of a needle the ends' parts all but vanish: it takes more digits.
    """
    with mp.workdps(DPS + max(0, round(6 * math.log10(height / radius)))):
        row = at_working_precision(radius, height, magnetization, point, count)
    # What vanishes by symmetry comes out as noise far below any digit.
    for name, unit in (("A", "B"), ("scalar_potential", "H")):
        if norm(row[name]) < mpf(10) ** -45 * radius * norm(row[unit]):
            row[name] = [mpf(0)] * len(row[name])
    if not any(point):
        row["grad_B"] = [mpf(0)] * 9
    return row


def at_working_precision(radius: float, height: float, magnetization, point, count: int) -> Fields:
    """Return the same at the working precision, with its noise."""
    a, b = mpf(radius), mpf(height) / 2
    x, y, z = exact(point)
    rho = mp.hypot(x, y)
    c, s = (x / rho, y / rho) if rho else (mpf(1), mpf(0))
    gap = (x * x + y * y - a * a) / (rho + a)
    n = integrals(rho, gap, z - b, z + b, a, count)
    mx, my, mz = exact(magnetization)
    mr, mt = c * mx + s * my, c * my - s * mx
    inside = gap < 0 and abs(z) < b
    # In the frame of the point's azimuth: r along it, t across.
    hr, ht, hz = mr * n["hr"] + mz * n["hz"], mt * n["ht"], mr * n["hz"] + mz * n["bz"]
    over = n["hz"] / rho if rho else -n["bzz"] / 2
    grr = mr * n["grr"] + mz * (-over - n["bzz"])
    gtt = mr * n["gtt"] + mz * over
    grz, gtz, gzz = mr * n["grz"] + mz * n["gzz"], mt * n["gtz"], mr * n["gzz"] + mz * n["bzz"]
    grt = mt * n["grt"]
    unit = 1 / (4 * mp.pi)
    h = [unit * (c * hr - s * ht), unit * (s * hr + c * ht), unit * hz]
    # Of the part along z this is B/mu0 so far.
    field = [h[0] + (mx if inside else 0), h[1] + (my if inside else 0), h[2]]
    if inside:
        h[2] -= mz
    ar, at, az = mt * n["disc"], mz * n["wall"] - mr * n["disc"], -mt * n["wall"]
    turn = [[c, -s, 0], [s, c, 0], [0, 0, 1]]
    own = [[grr, grt, grz], [grt, gtt, gtz], [grz, gtz, gzz]]
    grad = [
        MU0 * unit * sum(turn[i][k] * own[k][m] * turn[j][m] for k in range(3) for m in range(3))
        for i in range(3)
        for j in range(3)
    ]
    return {
        "B": scaled(field, MU0),
        "H": h,
        "A": scaled([c * ar - s * at, s * ar + c * at, az], MU0 * unit),
        "grad_B": grad,
        "scalar_potential": [unit * (mr * n["wall"] + mz * n["disc"])],
    }
