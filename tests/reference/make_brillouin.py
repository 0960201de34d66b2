"""Make brillouin.csv and weiss.csv: Brillouin's function, its slope, and the mean field magnet that it makes."""

import math
import random

from _common import assert_close, write
from mpmath import mp, mpf

DPS = 700
SPINS = (0.5, 1.0, 1.5, 2.0, 3.5, 7.5, 100.5, 1e6, math.inf)
BRILLOUIN = (
    "B_J(x) = a coth(a x) - b coth(b x), a = (2J + 1)/(2J), b = 1/(2J), and its derivative; coth x - 1/x for J = inf",
    f"closed forms at {DPS} digits; rows up to x = 1e4 and J = 200 checked by mean and variance of m/J over the",
    "levels; those of larger J to lie next to Langevin's function",
)
WEISS = (
    "A mean field ferromagnet of spin J at t = T/T_C: m > 0 with m = B_J(3J m/((J + 1) t)), and the reduced field",
    "h = g mu_B J B/(k_B T_C) at which dh/dx = 0, h = t x - 3J B_J(x)/(J + 1)",
    "bisection at 60 digits",
)


def spin(J: float):
    """Return a and b."""
    return (mpf(1) + 1 / (2 * mpf(J)), 1 / (2 * mpf(J))) if math.isfinite(J) else (mpf(1), mpf(0))


def function(x, J):
    a, b = spin(J)
    return a * mp.coth(a * x) - (b * mp.coth(b * x) if b else 1 / x)


def slope(x, J):
    a, b = spin(J)
    return (b * mp.csch(b * x)) ** 2 - (a * mp.csch(a * x)) ** 2 if b else 1 / x**2 - mp.csch(x) ** 2


def check(x, J, value, derivative) -> None:
    """Raise unless the sums over the levels, or the expansion in 1/J, agree."""
    if x > 1e4:
        return
    if J <= 200:
        m = [mpf(i) / round(2 * J) * 2 - 1 for i in range(round(2 * J) + 1)]
        weights = [mp.exp(x * (each - 1)) for each in m]
        total = mp.fsum(weights)
        mean = mp.fsum(w * each for w, each in zip(weights, m, strict=True)) / total
        variance = mp.fsum(w * (each - mean) ** 2 for w, each in zip(weights, m, strict=True)) / total
        assert_close([value, derivative], [mean, variance], 30, derivative)
    elif math.isfinite(J):
        limit = function(x, math.inf)
        assert abs(value - limit) < 2 * limit / J


def brillouin(x: float, J: float) -> dict[str, list]:
    """Return the row of one argument."""
    with mp.workdps(DPS):
        value, derivative = function(mpf(x), J), slope(mpf(x), J)
        check(mpf(x), J, value, derivative)
        if derivative < mpf(10) ** -400:
            derivative = mpf(0)
        return {"J": [J], "x": [x], "value": [value], "slope": [derivative]}


def root(rising, low, high):
    """Return the root of an increasing function, by bisection."""
    for _ in range(260):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def weiss(t: float, J: float) -> dict[str, list]:
    """Return the row of one temperature."""
    with mp.workdps(60):
        stiff, t_exact = 3 * mpf(J) / (mpf(J) + 1), mpf(t)
        small = mpf(10) ** -12
        x = root(lambda x: t_exact * x - stiff * function(x, J), small, 2 * stiff / t_exact)
        s = root(lambda x: t_exact - stiff * slope(x, J), small, x)
        field = stiff * function(s, J) - t_exact * s
        return {"J": [J], "t": [t], "m": [function(x, J)], "h": [field]}


def arguments(J: float, rng: random.Random) -> list[tuple[str, float]]:
    """Return the arguments of one J: small, next to the seams of the forms in use, any, large."""
    a = float(spin(J)[0])
    rows = [("small", 10.0**-k) for k in (300, 150, 20, 8, 4, 2, 1)]
    rows += [("seam", edge / a * (1 + side)) for edge in (2.0, 2.8) for side in (-1e-12, 1e-12)]
    rows += [("any", rng.uniform(0.1, 4.0)) for _ in range(8)] + [
        ("any", rng.uniform(4.0, 40.0)) for _ in range(4)
    ]
    return rows + [("large", x) for x in (100.0, 340.0, 1e5, 1e100, 1e300)]


def main() -> None:
    rng = random.Random(6)
    rows = [(kind, brillouin(x, J)) for J in SPINS for kind, x in arguments(J, rng)]
    write(__file__, "brillouin", BRILLOUIN, rows)
    temperatures = [("near_T_C", 1.0 - 10.0**-k) for k in (12, 9, 6, 3)]
    temperatures += [("any", rng.uniform(0.02, 0.99)) for _ in range(8)]
    write(
        __file__,
        "weiss",
        WEISS,
        [(kind, weiss(t, J)) for J in (0.5, 1.0, 3.5, 50.0) for kind, t in temperatures],
    )


if __name__ == "__main__":
    main()
