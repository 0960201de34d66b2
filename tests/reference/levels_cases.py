"""Hamiltonians, fields and temperatures for levels.csv, from their number alone: plain float arithmetic, no BLAS.

Matrices are nested lists of complex numbers, energies in J, moments in J/T. Most entries are small integers times
powers of two, so that degeneracies, splittings and time reversal are exact in float64.
"""

import math
import random
from dataclasses import dataclass

UNIT = 2.0**-77
KINDS = ("random", "ion", "degenerate", "near_degenerate", "cold", "huge_field", "tiny_field", "at_rest")
EACH = 25
Matrix = list


@dataclass(frozen=True)
class Case:
    """H_0, three moment operators, a field in T and a temperature in K."""

    kind: str
    hamiltonian: Matrix
    moments: list
    field: list
    temperature: float


def case(number: int) -> Case:
    """Return the case of a number from 0 to 199."""
    rng = random.Random(1000 + number)
    kind = KINDS[number // EACH]
    h, m, field, temperature = _MAKERS[kind](rng, number % EACH)
    return Case(kind, h, m, field, temperature)


# ---- matrices


def build(n: int, entry) -> Matrix:
    """Return the Hermitian matrix whose upper triangle is given; its diagonal is real."""
    upper = {(i, j): complex(entry(i, j)) for i in range(n) for j in range(i, n)}
    return [
        [
            upper[i, j] if i < j else upper[j, i].conjugate() if j < i else complex(upper[i, i].real)
            for j in range(n)
        ]
        for i in range(n)
    ]


def added(a: Matrix, b: Matrix, factor: float) -> Matrix:
    """Return a + factor b."""
    return [[x + factor * y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]


def scaled(a: Matrix, factor: float) -> Matrix:
    return [[factor * x for x in row] for row in a]


def whole(rng: random.Random, n: int, most: int = 3) -> Matrix:
    """Return a Hermitian matrix of small Gaussian integers."""
    return build(n, lambda i, j: complex(rng.randint(-most, most), rng.randint(-most, most)))


def positive(rng: random.Random, n: int, rank: int) -> Matrix:
    """Return a positive matrix of a rank, so that the lowest level, 0, is (n - rank)-fold."""
    rows = [[complex(rng.randint(-2, 2), rng.randint(-2, 2)) for _ in range(n)] for _ in range(rank)]
    return build(n, lambda i, j: sum(v[i] * v[j].conjugate() for v in rows))


def even(a: Matrix, b: Matrix) -> Matrix:
    """Return [[a, b], [-b*, a*]], b antisymmetric: invariant under time reversal, with Kramers doublets."""
    top = [[*p, *q] for p, q in zip(a, b, strict=True)]
    low = [[*(-y.conjugate() for y in q), *(x.conjugate() for x in p)] for p, q in zip(a, b, strict=True)]
    return top + low


def odd(a: Matrix, b: Matrix) -> Matrix:
    """Return [[a, b], [b*, -a*]], b symmetric: changes its sign under time reversal."""
    top = [[*p, *q] for p, q in zip(a, b, strict=True)]
    low = [[*(y.conjugate() for y in q), *(-x.conjugate() for x in p)] for p, q in zip(a, b, strict=True)]
    return top + low


def antisymmetric(a: Matrix) -> Matrix:
    return [[a[i][j] if i < j else -a[j][i] if j < i else 0j for j in range(len(a))] for i in range(len(a))]


def symmetric(a: Matrix) -> Matrix:
    return [[a[i][j] if i <= j else a[j][i] for j in range(len(a))] for i in range(len(a))]


def kramers(rng: random.Random, half: int, rank: int = 0) -> Matrix:
    """Return an H_0 of 2 half levels, doublets at least; with a rank, fourfold or more at the bottom."""
    if rank:
        a = positive(rng, half, rank)
        return even(a, scaled(a, 0.0))
    return even(whole(rng, half), antisymmetric(whole(rng, half)))


def kramers_moments(rng: random.Random, half: int) -> list:
    return [odd(whole(rng, half), symmetric(whole(rng, half))) for _ in range(3)]


def in_units(h: Matrix, m: list, moment: float = 0.25) -> tuple[Matrix, list]:
    return scaled(h, UNIT), [scaled(each, moment * UNIT) for each in m]


# ---- fields and temperatures


def power(rng: random.Random, low: float, high: float) -> float:
    """Return 10**u with u uniform."""
    return 10.0 ** rng.uniform(low, high)


def field(rng: random.Random, size: float) -> list:
    v = [rng.uniform(-1.0, 1.0) for _ in range(3)]
    length = math.sqrt(sum(x * x for x in v))
    return [size * x / length for x in v]


# ---- kinds


def _random(rng, index):
    n = 2 + index % 15
    h = scaled(build(n, lambda *_: complex(rng.uniform(-1, 1), rng.uniform(-1, 1))), 1e-22 * rng.random())
    m = [
        scaled(build(n, lambda *_: complex(rng.uniform(-1, 1), rng.uniform(-1, 1))), 1e-23 * rng.random())
        for _ in range(3)
    ]
    return h, m, field(rng, power(rng, -2, 2)), power(rng, -1, 3)


def _spin(j: float) -> tuple[Matrix, Matrix, Matrix, list]:
    m = [j - k for k in range(round(2 * j) + 1)]
    raising = [math.sqrt((j - low) * (j + low + 1)) for low in m[1:]]

    def step(i, k):
        return raising[i] if k == i + 1 else 0.0

    n = len(m)
    x = build(n, lambda i, k: 0.5 * step(i, k))
    y = build(n, lambda i, k: -0.5j * step(i, k))
    return x, y, build(n, lambda i, k: m[i] if i == k else 0.0), m


def _ion(rng, index):
    """An ion of up to 16 levels in a crystal field with two- and fourfold axes."""
    j = [1.0, 1.5, 2.0, 2.5, 3.5, 6.0, 7.5][index % 7]
    x, y, z, m = _spin(j)
    a, b, c = (rng.uniform(-1, 1) for _ in range(3))

    def entry(i, k):
        jump = {0: a * (m[i] ** 2 - j * j / 3) + 0.02 * b * m[i] ** 4, 2: 0.3 * c}
        return jump.get(k - i, 0.0)

    g = -1.3 * 9.2740100657e-24
    h = scaled(build(len(m), entry), 1e-22)
    return h, [scaled(s, g) for s in (x, y, z)], field(rng, power(rng, -2, 1.5)), power(rng, -0.5, 2.5)


def _degenerate(rng, index):
    if index % 2:
        half = 2 + index % 5
        h, m = kramers(rng, half, 1 + index % (half - 1) if index % 4 == 1 else 0), kramers_moments(rng, half)
    else:
        n = 3 + index % 8
        h, m = positive(rng, n, n // 2), [whole(rng, n) for _ in range(3)]
    return *in_units(h, m), field(rng, power(rng, -6, 1)), power(rng, -1, 2)


def _near_degenerate(rng, index):
    """Splittings of 2^-10 to 2^-46, that is 1e-3 to 1e-14; temperatures from below them to above the gaps."""
    split = 2.0 ** -(10 + round(36 * index / (EACH - 1)))
    if index % 2:
        half = 2 + index % 4
        h = added(kramers(rng, half, half - 1), kramers(rng, half), split)
        m = kramers_moments(rng, half)
    else:
        n = 3 + index % 6
        h, m = added(positive(rng, n, n - 2), whole(rng, n), split), [whole(rng, n) for _ in range(3)]
    low = math.log10(max(split, 1e-9)) - 0.5
    return *in_units(h, m), field(rng, power(rng, low, 1)), power(rng, low, 1)


def _cold(rng, index):
    """k_B T of 1e-6 to 1e-2 of the gaps; the lowest level alone, doublets, or fourfold."""
    if index % 3:
        half = 2 + index % 5
        h, m = kramers(rng, half, half - 1 if index % 3 == 1 else 0), kramers_moments(rng, half)
    else:
        n = 2 + index % 7
        h, m = whole(rng, n), [whole(rng, n) for _ in range(3)]
    return *in_units(h, m), field(rng, power(rng, -8, 1)), power(rng, -6, -2)


def _huge_field(rng, index):
    half = 1 + index % 6
    if index % 2:
        h, m = kramers(rng, half), kramers_moments(rng, half)
    else:
        h, m = whole(rng, half + 1), [whole(rng, half + 1) for _ in range(3)]
    return *in_units(h, m), field(rng, power(rng, 3, 9)), power(rng, -1, 3)


def _tiny_field(rng, index):
    half = 1 + index % 6
    rank = half - 1 if index % 2 and half > 1 else 0
    h, m = in_units(kramers(rng, half, rank), kramers_moments(rng, half))
    return h, m, field(rng, power(rng, -20, -6)), power(rng, -5, 3)


def _at_rest(rng, index):
    """A moment without field: H_0 is not invariant under time reversal."""
    n = 2 + index % 6
    h, m = in_units(whole(rng, n), [whole(rng, n) for _ in range(3)])
    return h, m, field(rng, power(rng, -20, 0)), power(rng, -2, 4)


_MAKERS = {
    "random": _random,
    "ion": _ion,
    "degenerate": _degenerate,
    "near_degenerate": _near_degenerate,
    "cold": _cold,
    "huge_field": _huge_field,
    "tiny_field": _tiny_field,
    "at_rest": _at_rest,
}
