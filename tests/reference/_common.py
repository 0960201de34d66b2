"""What the scripts that make the reference tables share: exact derivatives, quadrature, digits, files."""

import random
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import copysign
from pathlib import Path

import mpmath
from mpmath import mp, mpf

mp.dps = 80
"""Working digits of inputs and checks; every closed form sets its own, higher."""

MU0 = mpf(1.25663706127e-6)
"""The float64 nearest to the CODATA 2022 value [T m/A], taken as exact."""

DIGITS = 30
"""Significant digits written for every output."""

AXES = "xyz"
Vector = Sequence
Fields = dict[str, list]
"""Outputs of one row: name of the group -> its 1, 3 or 9 numbers."""


# --- derivatives: numbers that carry their gradient ---


class Dual:
    """A number with its exact gradient with respect to x, y, z (forward differentiation)."""

    def __init__(self, value, gradient: Sequence = (0, 0, 0)):
        self.value = value
        self.gradient = [mpf(g) for g in gradient]

    def chain(self, value, slope) -> "Dual":
        """Return f(self), given the value of f and its derivative there."""
        return Dual(value, [slope * g for g in self.gradient])

    def __add__(self, other) -> "Dual":
        other = dual(other)
        return Dual(
            self.value + other.value, [g + h for g, h in zip(self.gradient, other.gradient, strict=True)]
        )

    def __mul__(self, other) -> "Dual":
        other = dual(other)
        pairs = zip(self.gradient, other.gradient, strict=True)
        return Dual(self.value * other.value, [g * other.value + h * self.value for g, h in pairs])

    def __neg__(self) -> "Dual":
        return self * -1

    def __sub__(self, other) -> "Dual":
        return self + -dual(other)

    def __rsub__(self, other) -> "Dual":
        return -self + other

    def __truediv__(self, other) -> "Dual":
        other = dual(other)
        return self * other.chain(1 / other.value, -1 / other.value**2)

    def __rtruediv__(self, other) -> "Dual":
        return dual(other) / self

    __radd__ = __add__
    __rmul__ = __mul__


def dual(number) -> Dual:
    """Return the number as a `Dual`; a plain one is a constant."""
    return number if isinstance(number, Dual) else Dual(mpf(number))


def variables(point: Vector) -> list[Dual]:
    """Return x, y, z of the point as the variables to differentiate by."""
    return [Dual(mpf(p), [i == j for j in range(3)]) for i, p in enumerate(point)]


def sqrt(number: Dual) -> Dual:
    root = mp.sqrt(number.value)
    return number.chain(root, 1 / (2 * root))


def log(number: Dual) -> Dual:
    return number.chain(mp.log(number.value), 1 / number.value)


def values(vector: Iterable[Dual]) -> list:
    """Return the plain numbers."""
    return [v.value for v in vector]


def gradients(vector: Iterable[Dual]) -> list:
    """Return the derivatives, row major: [i, j] = dV_i/dx_j."""
    return [g for v in vector for g in v.gradient]


def curl(vector: Iterable[Dual]) -> list:
    """Return the curl of the vector field."""
    g = gradients(vector)
    return [g[7] - g[5], g[2] - g[6], g[3] - g[1]]


# --- vectors ---


def dot(a: Vector, b: Vector):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> list:
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def add(a: Vector, b: Vector, factor=1) -> list:
    """Return a + factor b."""
    return [p + factor * q for p, q in zip(a, b, strict=True)]


def scaled(a: Vector, factor) -> list:
    return [factor * p for p in a]


def norm(a: Iterable):
    """Return the Euclidean (for nine numbers: Frobenius) norm."""
    return mp.sqrt(sum(p * p for p in a))


def exact(vector: Vector) -> list:
    """Return the floats as mpmath numbers, unrounded."""
    return [mpf(v) for v in vector]


# --- inputs: drawn with Python's generator, computed in mpmath, rounded once to float64 ---


def floats(vector: Iterable) -> list[float]:
    """Return the numbers rounded to float64; these floats are the exact inputs of the table."""
    return [float(v) for v in vector]


def log_uniform(rng: random.Random, low: float, high: float):
    """Return 10**u with u uniform between `low` and `high`."""
    return mpf(10) ** rng.uniform(low, high)


def direction(rng: random.Random) -> list:
    """Return a unit vector, uniform on the sphere."""
    z, turn = mpf(rng.uniform(-1, 1)), mpf(rng.uniform(-1, 1))
    s = mp.sqrt(1 - z * z)
    return [s * mp.cospi(turn), s * mp.sinpi(turn), z]


def perpendicular(rng: random.Random, axis: Vector) -> list:
    """Return a random unit vector at right angles to `axis`."""
    side = cross(axis, direction(rng))
    return scaled(side, 1 / norm(side))


def sign(rng: random.Random) -> float:
    return copysign(1.0, rng.random() - 0.5)


# --- checks ---


def assert_close(got: Sequence, want: Sequence, digits: int, scale=None) -> None:
    """Raise unless the vectors agree to `digits` digits of `scale` (by default the norm of `want`)."""
    scale = norm(want) if scale is None else scale
    error = norm(add(got, want, -1))
    assert error <= mpf(10) ** -digits * scale, f"{got}\n{want}\n{mp.nstr(error / (scale or 1), 3)}"


def assert_traceless(grad: Sequence) -> None:
    assert_close([grad[0] + grad[4] + grad[8]], [0], 40, norm(grad))


def assert_symmetric(grad: Sequence) -> None:
    assert_close([grad[1], grad[2], grad[5]], [grad[3], grad[6], grad[7]], 40, norm(grad))


def settled(compute: Callable[[], Fields], dps: int) -> Fields:
    """Return the outputs at `dps` digits and half as many again, once every number has agreed to 40 digits.

    A number that is noise in both evaluations is an exact zero; anything else that disagrees is an error.
    """
    with mp.workdps(dps):
        coarse = compute()
    with mp.workdps(dps + dps // 2):
        fine = compute()
        for name, numbers in fine.items():
            size = max(abs(n) for n in numbers)
            for i, (a, b) in enumerate(zip(coarse[name], numbers, strict=True)):
                if abs(a - b) <= mpf(10) ** -40 * abs(b):
                    continue
                assert max(abs(a), abs(b)) <= mpf(10) ** (40 - dps) * size, (
                    f"{name}[{i}] has not settled: {a} {b}"
                )
                numbers[i] = mpf(0)
    return fine


def check_biot_savart(row: Fields, sizes: dict, point: Vector, path: Callable, breaks: Sequence) -> None:
    """Raise unless quadrature of the plain integrals of 1 A along the path gives the row to 25 digits.

    `path(t)` returns position and tangent; t runs over the pieces between `breaks`. The sizes of B, A and
    grad_B are what the digits count from, and the units of the integrals: `mp.quad` has an absolute error.
    """
    point = exact(point)

    @cache
    def integrands(t) -> list:
        position, tangent = path(t)
        r = add(point, position, -1)
        u = 1 / norm(r)
        b = cross(tangent, scaled(r, u**3))
        moved = [cross(tangent, [mpf(i == j) * u**3 for i in range(3)]) for j in range(3)]
        grad = [moved[j][i] - 3 * u * u * b[i] * r[j] for i in range(3) for j in range(3)]
        unit = {name: MU0 / (4 * mp.pi * size) for name, size in sizes.items()}
        return scaled(b, unit["B"]) + scaled(tangent, u * unit["A"]) + scaled(grad, unit["grad_B"])

    total = [mp.quad(lambda t, i=i: integrands(t)[i], breaks, method="gauss-legendre") for i in range(15)]
    for name, part in {"B": total[:3], "A": total[3:6], "grad_B": total[6:]}.items():
        assert_close(part, scaled(row[name], 1 / sizes[name]), 25, 1)


def graded(low, high, centre, width) -> list:
    """Return break points from `low` to `high`, graded towards a peak of the given centre and width."""
    steps = [0, *(width * mpf(4) ** n for n in range(30))]
    inner = sorted({centre + s * side for s in steps for side in (-1, 1)})
    points = [low, *(p for p in inner if low < p < high), high]
    return [a for a, b in pairwise(points) if b - a > width / 10] + [high]


# --- files ---


def titles(group: str, size: int) -> list[str]:
    """Return the column names of a group of 1, 3 or 9 numbers."""
    parts = {1: [""], 3: [f".{i}" for i in AXES], 9: [f".{i}{j}" for i in AXES for j in AXES]}
    return [group + part for part in parts[size]]


def decimal(number) -> str:
    """Return an input float so that it round trips, or an output with 30 digits."""
    if isinstance(number, float):
        return repr(number)
    return "0" if number == 0 else mp.nstr(number, DIGITS, min_fixed=0, max_fixed=0)


def write(script: str, name: str, about: Sequence[str], rows: Sequence[tuple[str, Fields]]) -> None:
    """Write the table `name`.csv beside this file, and print how many rows of each kind it has."""
    columns = [title for group, numbers in rows[0][1].items() for title in titles(group, len(numbers))]
    lines = [f"# {line}" for line in about]
    lines.append(
        "# inputs: float64, exact as printed; outputs: SI, 30 significant digits; mu0 = 1.25663706127e-6"
    )
    lines.append(f"# mpmath {mpmath.__version__}; regenerate: python tests/reference/{Path(script).name}")
    lines.append(",".join(["kind", *columns]))
    for kind, groups in rows:
        lines.append(",".join([kind, *(decimal(n) for numbers in groups.values() for n in numbers)]))
    (Path(__file__).parent / f"{name}.csv").write_text(
        "\n".join(lines) + "\n", encoding="ascii", newline="\n"
    )
    counts: dict[str, int] = {}
    for kind, _ in rows:
        counts[kind] = counts.get(kind, 0) + 1
    print(f"{name}: {len(rows)} rows,", ", ".join(f"{kind} {count}" for kind, count in counts.items()))
