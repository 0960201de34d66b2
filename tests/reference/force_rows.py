"""The pairs of bodies in forces.csv."""

from collections.abc import Iterator, Sequence

from _common import exact
from force_between_cuboids import rotation
from mpmath import mp, mpf

Vector = Sequence[float]
ZERO = [0.0, 0.0, 0.0]
MAGNET, UP, ACROSS, SKEW = [0.01, 0.01, 0.01], [0.0, 0.0, 1.2], [1.2, 0.0, 0.0], [0.4, -0.7, 1.1]
Case = tuple[str, list[float], list[float], list[float], list[float], list[float], list[float]]
"""Kind, source's size and strength, target's size and strength, position, rotation vector."""


def loop_cases() -> Iterator[Case]:
    for a, b in ((1.0, 1.0), (0.1, 0.06), (0.05, 1.25)):
        for name, gap in (("near", 0.01), ("close", 0.1), ("one", 1.0), ("away", 10.0), ("far", 1000.0)):
            yield (
                f"loop loop coaxial_{name}",
                [a, 0.0, 0.0],
                [0.0, 0.0, 3.0],
                [b, 0.0, 0.0],
                [0.0, 0.0, -2.0],
                [
                    0.0,
                    0.0,
                    gap * max(a, b),
                ],
                ZERO,
            )
    loop, amperes = [1.0, 0.0, 0.0], [0.0, 0.0, 1.5]
    for name, size, position, rotvec in (
        ("generic", 0.7, [0.4, -0.3, 0.9], [0.3, -0.5, 0.2]),
        ("linked", 0.8, [0.9, 0.2, 0.1], [1.3, 0.2, 0.0]),
        ("far", 0.7, [40.0, -30.0, 90.0], [0.3, -0.5, 0.2]),
    ):
        yield f"loop loop {name}", loop, amperes, [size, 0.0, 0.0], [0.0, 0.0, 0.8], position, rotvec


def cylinder_cases() -> Iterator[Case]:
    small, wide = [0.005, 0.004, 0.0], [0.008, 0.003, 0.0]
    middle = 0.0035
    for name, gap in (("contact", 0.0), ("near", 5e-5), ("one", 0.005), ("far", 0.5)):
        for label, j, j2 in (("axial", UP, UP), ("diametral", ACROSS, UP), ("skew", SKEW, [0.6, 0.5, -0.9])):
            case = name if label == "skew" and name == "one" else f"{label}_{name}"
            yield f"cylinder cylinder {case}", small, j, wide, j2, [0.0, 0.0, middle + gap], ZERO
    for name, gap in (("contact", 0.0), ("near", 1e-4), ("one", 0.01)):
        yield (
            f"cylinder cylinder equal_{name}",
            [0.005, 0.004, 0.0],
            UP,
            [0.005, 0.004, 0.0],
            UP,
            [
                0.0,
                0.0,
                0.004 + gap,
            ],
            ZERO,
        )
    rod, winding = [0.004, 0.02, 0.0], [0.006, 0.03, 300.0]
    for name, z in (("inside", 0.001), ("half_in", 0.012), ("near", 0.0251), ("away", 0.06), ("far", 2.0)):
        yield f"cylinder solenoid {name}", rod, UP, winding, [0.0, 0.0, 1.5], [0.0, 0.0, z], ZERO
    yield (
        "cylinder solenoid wide_near",
        [0.009, 0.02, 0.0],
        UP,
        winding,
        [0.0, 0.0, 1.5],
        [0.0, 0.0, 0.0251],
        ZERO,
    )


def parallel_cases() -> Iterator[Case]:
    aside = [0.003, -0.002]
    for label, j in (("axial", UP), ("perpendicular", ACROSS)):
        for name, z in (("contact", 0.01), ("near", 0.0101), ("one", 0.02), ("far", 1.0)):
            yield f"cuboid cuboid {label}_{name}", MAGNET, UP, MAGNET, j, [0.0, 0.0, z], ZERO
            if name != "far":
                yield f"cuboid cuboid {label}_aside_{name}", MAGNET, UP, MAGNET, j, [*aside, z], ZERO
    yield "cuboid cuboid beside_contact", MAGNET, UP, MAGNET, UP, [0.01, 0.0, 0.0], ZERO
    yield "cuboid cuboid beside_near", MAGNET, UP, MAGNET, UP, [0.0101, 0.0, 0.0], ZERO
    yield (
        "cuboid cuboid skew",
        MAGNET,
        SKEW,
        [0.006, 0.013, 0.008],
        [0.6, 0.5, -0.9],
        [0.003, -0.002, 0.0131],
        ZERO,
    )
    plate, needle = [0.03, 0.02, 0.0005], [0.0004, 0.0006, 0.02]
    yield "cuboid cuboid plate_needle", plate, UP, needle, UP, [0.004, 0.003, 0.0103], ZERO
    yield "cuboid cuboid small_near", MAGNET, UP, [1e-6, 1e-6, 1e-6], UP, [0.0049, 0.001, 0.005000505], ZERO
    yield (
        "cuboid cuboid nanometres",
        [1e-8, 2e-8, 1e-8],
        UP,
        [1e-8, 1e-8, 3e-8],
        ACROSS,
        [4e-9, 1e-9, 2.1e-8],
        ZERO,
    )


def lowest(edges: Vector, rotvec: Vector):
    """Return how far the turned cuboid reaches below its centre."""
    columns = rotation(exact(rotvec))
    return sum(abs(columns[k][2]) * mpf(edges[k]) / 2 for k in range(3))


def tilted_cases() -> Iterator[Case]:
    angle = mp.pi / 6
    oblique = [float(angle * k / mp.sqrt(14)) for k in (1, 2, 3)]
    for label, rotvec in (("tilted", oblique), ("tilted_x", [float(angle), 0.0, 0.0])):
        reach = mpf("0.005") + lowest(MAGNET, rotvec)
        for name, gap in (("near", "1e-4"), ("one", "0.01"), ("far", "1")):
            case = name if (label, name) == ("tilted", "one") else f"{label}_{name}"
            at = [0.001, -0.002, float(reach + mpf(gap))]
            yield f"cuboid cuboid {case}", MAGNET, UP, MAGNET, UP, at, rotvec
    other = [0.006, 0.013, 0.008]
    at = [0.003, -0.002, float(mpf("0.0051") + lowest(other, oblique))]
    yield "cuboid cuboid tilted_skew_near", MAGNET, SKEW, other, [0.6, 0.5, -0.9], at, oblique
    yield (
        "cuboid cuboid tilted_skew_one",
        MAGNET,
        SKEW,
        other,
        [0.6, 0.5, -0.9],
        [0.012, 0.009, 0.016],
        oblique,
    )


def mixed_cases() -> Iterator[Case]:
    rotvec, ring, ampere = [0.3, -0.5, 0.2], [0.008, 0.0, 0.0], [0.0, 0.0, 2.0]
    yield "cuboid loop near", MAGNET, UP, ring, ampere, [0.0, 0.0, 0.0051], ZERO
    yield "cuboid loop one", MAGNET, UP, ring, ampere, [0.002, -0.001, 0.015], rotvec
    yield "cuboid loop around", MAGNET, SKEW, ring, ampere, [0.0003, 0.0, 0.001], [0.05, 0.02, 0.0]
    yield "cuboid loop far", MAGNET, SKEW, ring, ampere, [0.3, 0.4, -0.8], rotvec
    ball, other = [0.005, 0.0, 0.0], [0.6, 0.5, -0.9]
    for name, at in (
        ("near", [0.001, -0.0005, 0.0101]),
        ("one", [0.004, 0.003, 0.015]),
        ("far", [3.0, -4.0, 8.0]),
    ):
        yield f"sphere sphere {name}", ball, SKEW, ball, other, at, rotvec
        yield f"cuboid sphere {name}", MAGNET, SKEW, ball, other, at, rotvec
        yield f"sphere cuboid {name}", ball, SKEW, [0.005, 0.007, 0.01], other, at, rotvec
