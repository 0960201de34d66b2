"""Make energy_gradients.csv: force, torque and stiffness of every kind of source by differences of the energy."""

from collections.abc import Callable
from multiprocessing import Pool

import energy_gradients_shapes as shapes
from _common import Fields, assert_close, exact, norm, scaled, write
from energy_gradients_bodies import BODIES, OPEN, PARTNERS, SHIFT, TURN, pairs
from energy_gradients_clouds import CLOUDS, Cloud, charged_cuboid, placed
from energy_gradients_pairs import UNIT, back, by_energy, by_force, energy_of, moved, once, push, slope
from mpmath import mpf

ABOUT = (
    "Energy (J), force (N), torque (N m) and stiffness (N/m, N m/rad, N/rad: minus the gradient of force and torque,",
    "as magneton.interactions.Stiffness) of pairs. kind: body, way, partner; `on`: the body is the source, `from`:",
    "the target. Both are in energy_gradients_bodies.py, with where they are and what torques are about. By central",
    "differences (1e-17 m and rad) of the energy of points with currents, poles or moments: quadrature of what the",
    "bodies are defined by. Currents that do not close have no energy (nan): the force itself and its differences.",
    "Digits count from the largest number of a group. Each row checked by a finer rule, and by a translation without a",
    "trace (Earnshaw)",
)
CHECKED = 30
USUAL, FINER = 33, 38


def partner(name: str, poles: bool) -> Cloud:
    """Return a partner in its place."""
    kind, arguments, turn, shift = PARTNERS[name]
    make: Callable[..., Cloud] = charged_cuboid if poles else CLOUDS[kind]
    return placed(make(**arguments), turn, shift)


def body(name: str) -> Cloud:
    return placed(CLOUDS[name.partition(".")[0]](**BODIES[name]), TURN, SHIFT)


def motions(name: str, way: str, other: str) -> Callable:
    """Return the energy, or for currents that do not close force and torque, after small motions of the target."""
    cloud, small = body(name), partner(other, other == "Cuboid")
    pivot = exact(SHIFT if way == "from" else PARTNERS[other][3])
    if way == "from" and name in OPEN:
        return lambda moves: push(moved(cloud, moves, pivot), small, pivot)
    energy = energy_of(cloud)
    if way == "on":
        return once(lambda moves: energy(moved(small, moves, pivot)))
    return once(
        lambda moves: energy(moved(small, back(moves), pivot))
    )  # the partner has fewer points to move


def check(pair: tuple[str, str, str], row: Fields) -> None:
    """Raise unless a finer rule gives the same, and the second derivatives of the energy add up to zero."""
    shapes.DIGITS = FINER
    f = motions(*pair)
    shapes.DIGITS = USUAL
    if pair[1] == "from" and pair[0] in OPEN:
        same, fine = row["force"] + row["torque"], scaled(f([]), UNIT)
    else:
        same, fine = [*row["energy"], row["force"][0]], scaled([f([]), -slope(f, 0)], UNIT)
    assert_close(same, fine, CHECKED)
    size = norm(row["translation"])
    assert_close([sum(row["translation"][::4])], [0], CHECKED - 1, size or 1)


def without_noise(row: Fields) -> Fields:
    """Return the row with zeros for groups that are noise: all lengths are of about a metre, so that sizes compare."""
    size = max(norm(numbers) for name, numbers in row.items() if name != "energy")
    return {
        name: [mpf(0)] * len(numbers) if norm(numbers) < mpf(10) ** -CHECKED * size else numbers
        for name, numbers in row.items()
    }


def row_of(pair: tuple[str, str, str]) -> tuple[str, Fields]:
    f = motions(*pair)
    row = by_force(f) if pair[1] == "from" and pair[0] in OPEN else by_energy(f)
    row = without_noise(row)
    check(pair, row)
    return " ".join(pair), row


def main() -> None:
    with Pool(2) as pool:
        rows = list(pool.imap(row_of, pairs(), chunksize=1))
    write(__file__, "energy_gradients", ABOUT, rows)


if __name__ == "__main__":
    main()
