"""Make gauss.csv: fields of spherical harmonic coefficients up to degree 60.

Each function of degree n and order m is the polynomial that Rodrigues' formula gives, divided by r^(2 n + 1), with its
exact gradient and Hessian carried along; nothing of it comes from a recurrence between degrees. Checks: grad B is
traceless, and the curl of A = -sum (1/n) r x grad V_n, formed from the Hessian, is B.
"""

import random
from collections.abc import Iterator

from _common import MU0, Fields, assert_close, assert_traceless, direction, exact, floats, norm, scaled, write
from gauss_models import coefficients
from mpmath import binomial, factorial, mp, mpf

RADIUS = 1.25
DPS = 110


class Jet:
    """A number with its exact gradient and Hessian with respect to x, y, z."""

    def __init__(self, value, gradient=(0, 0, 0), hessian=None):
        self.value = mpf(value)
        self.gradient = [mpf(g) for g in gradient]
        self.hessian = hessian or [[mpf(0)] * 3 for _ in range(3)]

    def __add__(self, other: "Jet") -> "Jet":
        gradient = [a + b for a, b in zip(self.gradient, other.gradient, strict=True)]
        hessian = [[self.hessian[i][j] + other.hessian[i][j] for j in range(3)] for i in range(3)]
        return Jet(self.value + other.value, gradient, hessian)

    def __mul__(self, other) -> "Jet":
        if not isinstance(other, Jet):
            hessian = [[h * other for h in row] for row in self.hessian]
            return Jet(self.value * other, [g * other for g in self.gradient], hessian)
        u, v, p, q = self.value, other.value, self.gradient, other.gradient
        hessian = [
            [u * other.hessian[i][j] + v * self.hessian[i][j] + p[i] * q[j] + p[j] * q[i] for j in range(3)]
            for i in range(3)
        ]
        return Jet(u * v, [u * q[i] + v * p[i] for i in range(3)], hessian)

    def power(self, exponent) -> "Jet":
        """Return self**exponent."""
        u, p = self.value, self.gradient
        first, second = exponent * u ** (exponent - 1), exponent * (exponent - 1) * u ** (exponent - 2)
        hessian = [[first * self.hessian[i][j] + second * p[i] * p[j] for j in range(3)] for i in range(3)]
        return Jet(u**exponent, [first * g for g in p], hessian)


def powers(base: Jet, highest: int) -> list[Jet]:
    out = [Jet(1)]
    for _ in range(highest):
        out.append(out[-1] * base)
    return out


def zonal_part(n: int, m: int, z: list[Jet], r2: list[Jet]) -> Jet:
    """Return Schmidt's r^n P_n^m(z/r) over (r sin(theta))^m, by Rodrigues' formula."""
    total = Jet(0)
    for k in range((n - m) // 2 + 1):
        weight = (-1) ** k * binomial(n, k) * binomial(2 * n - 2 * k, n)
        weight *= factorial(n - 2 * k) / factorial(n - 2 * k - m)
        total = total + z[n - m - 2 * k] * r2[k] * weight
    schmidt = mp.sqrt((2 if m else 1) * factorial(n - m) / factorial(n + m))
    return total * (schmidt / mpf(2) ** n)


def potentials(degree: int, point: list[float]) -> list[Jet]:
    """Return V_n, n = 0 ... degree, in T m."""
    g, h = coefficients(degree)
    a = mpf(RADIUS)
    x, y, z = (Jet(p / a, [mpf(i == j) / a for j in range(3)]) for i, p in enumerate(exact(point)))
    square = x * x + y * y + z * z
    z_powers, r2_powers = powers(z, degree), powers(square, degree // 2)
    cosine, sine = [Jet(1)], [Jet(0)]
    for _ in range(degree):
        c, s = cosine[-1], sine[-1]
        cosine.append(c * x + s * y * mpf(-1))
        sine.append(c * y + s * x)
    out = [Jet(0)]
    for n in range(1, degree + 1):
        total = Jet(0)
        for m in range(n + 1):
            wave = cosine[m] * mpf(g[n][m]) + sine[m] * mpf(h[n][m])
            total = total + zonal_part(n, m, z_powers, r2_powers) * wave
        out.append(total * square.power(-(n + mpf(1) / 2)) * a)
    return out


def fields(degree: int, point: list[float]) -> Fields:
    """Return B, A, grad B and the scalar potential."""
    parts = potentials(degree, point)
    total = Jet(0)
    for part in parts:
        total = total + part
    b = [-g for g in total.gradient]
    grad = [-total.hessian[i][j] for i in range(3) for j in range(3)]
    p = exact(point)
    a, slope = [mpf(0)] * 3, [[mpf(0)] * 3 for _ in range(3)]
    for n, part in enumerate(parts[1:], start=1):
        for i in range(3):
            j, k = (i + 1) % 3, (i + 2) % 3
            a[i] -= (p[j] * part.gradient[k] - p[k] * part.gradient[j]) / n
            for axis in range(3):
                turn = (axis == j) * part.gradient[k] - (axis == k) * part.gradient[j]
                turn += p[j] * part.hessian[axis][k] - p[k] * part.hessian[axis][j]
                slope[i][axis] -= turn / n
    assert_traceless(grad)
    curl = [slope[2][1] - slope[1][2], slope[0][2] - slope[2][0], slope[1][0] - slope[0][1]]
    assert_close(curl, b, 40)
    return {"B": b, "A": a, "grad_B": grad, "scalar_potential": [total.value / MU0]}


def points(rng: random.Random) -> Iterator[tuple[str, list[float]]]:
    """Yield kinds and points: about the surface, far away, on and next to the axis, in the equator."""
    for _ in range(6):
        yield "surface", floats(scaled(direction(rng), RADIUS * mpf(rng.uniform(0.9, 1.6))))
    for exponent in (1, 3, 6):
        yield "far", floats(scaled(direction(rng), RADIUS * mpf(10) ** exponent))
    for sign in (1.0, -1.0):
        yield "pole", [0.0, 0.0, sign * RADIUS]
        for gap in (1e-3, 1e-9, 1e-200):
            yield "near_pole", [gap * RADIUS, -0.5 * gap, sign * RADIUS]
    yield "equator", [RADIUS, 0.0, 0.0]
    yield "equator", [0.0, -1.5, 0.0]


def main() -> None:
    rng = random.Random(14)
    rows = []
    for degree in (1, 2, 3, 13, 60):
        chosen = list(points(rng))
        for kind, point in chosen[::4] if degree == 60 else chosen:
            with mp.workdps(DPS):
                row = fields(degree, point)
            rows.append((kind, {"degree": [float(degree)], "points": point, **row}))
            assert norm(row["B"]) > 0
    about = [
        "Field of Schmidt semi-normalised coefficients, those of gauss_models.coefficients(degree), radius 1.25 m:",
        "B in T, A (toroidal) in T m, grad_B in T/m, scalar potential in A. Polynomials of Rodrigues' formula with",
        "exact gradient and Hessian; checked: grad_B traceless, curl A = B.",
    ]
    write(__file__, "gauss", about, rows)


if __name__ == "__main__":
    main()
