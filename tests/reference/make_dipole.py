"""Make dipole.csv (field of a point dipole) and dipole_pair.csv (force, torque and energy of two)."""

import random
from collections.abc import Iterator

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
    dual,
    exact,
    floats,
    gradients,
    log_uniform,
    norm,
    perpendicular,
    scaled,
    settled,
    sqrt,
    values,
    variables,
    write,
)
from mpmath import mp

DPS = 120
ABOUT = (
    "Point dipole `moment` at the origin: B, A, the scalar potential psi (H = -grad psi), and grad_B.",
    f"closed forms at {DPS} digits and again at {DPS + DPS // 2}, grad_B by exact forward differentiation;",
    "each row checked by B = curl A = -mu0 grad psi, div B = 0, curl B = 0",
)
ABOUT_PAIR = (
    "Point dipoles m1 at the origin and m2 at r: force on m2, torque on m2 about its own position, energy.",
    "B1 = field of m1 at r; energy = -m2.B1, torque = m2 x B1, force = -grad energy",
    f"closed forms at {DPS} digits and again at {DPS + DPS // 2}; each row checked by force = -grad energy",
    "and by the balance of the torques on m1 and m2 with r x force",
)
Floats = list[float]


def flux_density(m: list, r: list[Dual]) -> list[Dual]:
    """Return B = mu0/(4 pi) (3 (m.r) r / r^5 - m / r^3)."""
    r2 = dot(r, r)
    r3 = r2 * sqrt(r2)
    pull = 3 * dot(m, r) / r2
    return [MU0 / (4 * mp.pi) * (pull * x - p) / r3 for x, p in zip(r, m, strict=True)]


def closed_form(moment: Floats, point: Floats) -> Fields:
    """Return the fields of one dipole, with curl A and -mu0 grad psi for the checks."""
    m, r = exact(moment), variables(point)
    r2 = dot(r, r)
    r3 = r2 * sqrt(r2)
    b = flux_density(m, r)
    a = [MU0 / (4 * mp.pi) * c / r3 for c in cross(m, r)]
    psi = dot(m, r) / (4 * mp.pi * r3)
    checks = {"curl_A": curl(a), "slope": scaled(psi.gradient, -MU0)}
    return {"B": values(b), "A": values(a), "scalar_potential": [psi.value], "grad_B": gradients(b)} | checks


def fields(moment: Floats, point: Floats) -> Fields:
    """Return the settled fields of one dipole, checked: B = curl A = -mu0 grad psi, div B = 0, curl B = 0."""
    row = settled(lambda: closed_form(moment, point), DPS)
    assert_close(row.pop("curl_A"), row["B"], 40)
    assert_close(row.pop("slope"), row["B"], 40)
    assert_traceless(row["grad_B"])
    assert_symmetric(row["grad_B"])
    return row


def pair_force(m1: list, m2: list, r: list) -> list:
    """Return the force on m2 in the form of Yung, Landecker & Villani (1998), written with unit vectors."""
    distance = norm(r)
    n = scaled(r, 1 / distance)
    n1, n2 = dot(n, m1), dot(n, m2)
    sums = add(add(scaled(n, dot(m1, m2) - 5 * n1 * n2), m1, n2), m2, n1)
    return scaled(sums, 3 * MU0 / (4 * mp.pi * distance**4))


def pair_form(first: Floats, second: Floats, separation: Floats) -> Fields:
    """Return force, torque and energy, with -grad energy and the torque on m1 for the checks."""
    m1, m2, r = exact(first), exact(second), exact(separation)
    b1 = flux_density(m1, variables(separation))
    energy = -dual(dot(m2, b1))
    # the field is even in r, so that of m2 at m1 is that of m2 at r
    reaction = cross(m1, values(flux_density(m2, variables(separation))))
    torque = cross(m2, values(b1))
    checks = {"slope": scaled(energy.gradient, -1), "reaction": reaction}
    return {"force": pair_force(m1, m2, r), "torque": torque, "energy": [energy.value]} | checks


def pair(m1: Floats, m2: Floats, r: Floats) -> Fields:
    """Return the settled row, checked: force = -grad energy, and torque + reaction + r x force = 0."""
    row = settled(lambda: pair_form(m1, m2, r), DPS)
    scale = MU0 * norm(exact(m1)) * norm(exact(m2)) / norm(exact(r)) ** 3
    assert_close(row.pop("slope"), row["force"], 40, scale / norm(exact(r)))
    turned = add(add(row["torque"], row.pop("reaction")), cross(exact(r), row["force"]))
    assert_close(turned, [0, 0, 0], 40, scale)
    return row


def random_moment(rng: random.Random) -> Floats:
    """Return a moment from a Bohr magneton's size to the Earth's [A m^2]."""
    return floats(scaled(direction(rng), log_uniform(rng, -24, 23)))


def single_cases(rng: random.Random) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield every kind, moment and point of dipole.csv."""
    for _ in range(120):
        yield "generic", floats(scaled(direction(rng), log_uniform(rng, -3, 3))), floats(direction(rng))
    for low, high, kind in ((-9, -3, "near"), (-3, 3, "middle"), (3, 9, "far")):
        for _ in range(40):
            yield kind, random_moment(rng), floats(scaled(direction(rng), log_uniform(rng, low, high)))
    for i in range(3):
        for j in range(3):
            for size in (1e-9, 0.75, 1e9):
                yield "axes", [float(i == n) for n in range(3)], [-size * (j == n) + 0.0 for n in range(3)]
    for _ in range(20):
        moment = random_moment(rng)
        yield (
            "nearly_equatorial",
            moment,
            floats(scaled(perpendicular(rng, exact(moment)), log_uniform(rng, -9, 9))),
        )
        yield (
            "nearly_axial",
            moment,
            floats(scaled(exact(moment), log_uniform(rng, -9, 9) / norm(exact(moment)))),
        )
    for moment, point in (
        ([1.0, -2.0, 0.0], [2.0, 1.0, 0.0]),
        ([2.0, 1.0, 0.0], [-1.0, 2.0, 3.0]),
        ([1.0, 1.0, 2.0], [4.0, 4.0, -4.0]),
    ):
        yield "equatorial", moment, point


def pair_cases(rng: random.Random) -> Iterator[tuple[str, Floats, Floats, Floats]]:
    """Yield every kind, moments and separation of dipole_pair.csv."""
    for _ in range(80):
        separation = floats(scaled(direction(rng), log_uniform(rng, -1, 1)))
        yield (
            "generic",
            floats(direction(rng)),
            floats(scaled(direction(rng), log_uniform(rng, -2, 2))),
            separation,
        )
    for _ in range(40):
        separation = floats(scaled(direction(rng), log_uniform(rng, -9, 9)))
        yield "scales", random_moment(rng), random_moment(rng), separation
    axes = [[float(i == n) for n in range(3)] for i in range(3)]
    for m1 in (axes[0], axes[2]):
        for m2 in axes:
            for r in ([0.0, 0.0, 0.5], [0.0, 3.0, 0.0], [-2.0, 0.0, 0.0]):
                yield "axes", m1, m2, r


def main() -> None:
    rng = random.Random(3)
    rows = [(kind, {"moment": m, "points": r} | fields(m, r)) for kind, m, r in single_cases(rng)]
    write(__file__, "dipole", ABOUT, rows)
    rows = [(kind, {"m1": m1, "m2": m2, "r": r} | pair(m1, m2, r)) for kind, m1, m2, r in pair_cases(rng)]
    write(__file__, "dipole_pair", ABOUT_PAIR, rows)


if __name__ == "__main__":
    main()
