"""Make orbit.csv: relativistic orbits in the field of two dipoles, by Taylor series in mpmath."""

from itertools import pairwise

from _common import MU0, Fields, assert_close, exact, norm, write
from mpmath import mp, mpf

C = mpf(299792458)
CHARGE, PROTON, ELECTRON = 1.602176634e-19, 1.67262192595e-27, 9.1093837139e-31
RE = 6.371e6
ABOUT = (
    "Orbits from `position` with `velocity` at time 0, in the dipoles `moment_a` at `place_a` and `moment_b` at",
    "`place_b`; `end_position` and `end_proper_velocity` (gamma v) at `time`. Taylor series at 50 digits, of order",
    "55 in steps of about a twentieth of a gyration; order 45 and steps half as long again agree to 27 digits.",
    "kinds: dipole (a bounce of a 10 MeV proton at 4 earth radii), bottle (a proton between two dipoles on an axis),",
    "scattered (an electron of gamma 16 that comes from afar)",
)


def product(a: list, b: list, n: int):
    """Return coefficient n of a product of series."""
    return mp.fdot(a[: n + 1], b[n::-1])


class Dipole:
    """The series of one dipole's field along an orbit, a coefficient at a time."""

    def __init__(self, place: list, moment: list) -> None:
        self.place, self.moment = exact(place), [MU0 / (4 * mp.pi) * m for m in exact(moment)]
        self.r, self.numerator = [[], [], []], [[], [], []]
        self.r2, self.power, self.mr = [], [], []

    def term(self, position: list, n: int) -> list:
        """Return coefficient n of B = (3 (m.r) r - m r^2)/r^5, given all coefficients of the position up to n."""
        for i in range(3):
            self.r[i].append(position[i][n] - (self.place[i] if n == 0 else 0))
        self.r2.append(sum(product(r, r, n) for r in self.r))
        self.mr.append(mp.fdot(self.moment, [r[n] for r in self.r]))
        self.power.append(self._power(n))
        for i in range(3):
            self.numerator[i].append(3 * product(self.mr, self.r[i], n) - self.moment[i] * self.r2[n])
        return [product(q, self.power, n) for q in self.numerator]

    def closed(self, position: list) -> list:
        """Return B at a place."""
        r = [a - b for a, b in zip(position, self.place, strict=True)]
        size = norm(r)
        radial = 3 * mp.fdot(self.moment, r) / size**5
        return [radial * a - m / size**3 for a, m in zip(r, self.moment, strict=True)]

    def _power(self, n: int):
        """Return coefficient n of r^-5 = (r^2)^a, from r^2 (r^-5)' = a (r^2)' r^-5."""
        if n == 0:
            return self.r2[0] ** (mpf(-5) / 2)
        weights = [-mpf(3 * j) / 2 - n for j in range(1, n + 1)]
        terms = [w * c for w, c in zip(weights, self.r2[1:], strict=True)]
        return mp.fdot(terms, self.power[n - 1 :: -1]) / (n * self.r2[0])


def step(x: list, u: list, ratio, gamma, dipoles: list, h, order: int) -> tuple[list, list]:
    """Return x and u after the time h."""
    fields = [Dipole(*d) for d in dipoles]
    xs, us, bs = [[c] for c in x], [[c] for c in u], [[], [], []]
    for n in range(order):
        terms = [f.term(xs, n) for f in fields]
        for i in range(3):
            bs[i].append(sum(t[i] for t in terms))
        for i in range(3):
            j, k = (i + 1) % 3, (i + 2) % 3
            force = product(us[j], bs[k], n) - product(us[k], bs[j], n)
            xs[i].append(us[i][n] / (gamma * (n + 1)))
            us[i].append(ratio / gamma * force / (n + 1))
    x, u, b = ([mp.polyval(c[::-1], h) for c in series] for series in (xs, us, bs))
    closed = [sum(parts) for parts in zip(*(f.closed(x) for f in fields), strict=True)]
    assert_close(b, closed, 24)
    return x, u


def orbit(row: Fields, order: int, steps: int) -> tuple[list, list]:
    """Return x and u at the row's time, in a magnetic field that does no work, so that gamma is constant."""
    x, v = exact(row["position"]), exact(row["velocity"])
    gamma = 1 / mp.sqrt(1 - sum(c * c for c in v) / C**2)
    u, ratio = [gamma * c for c in v], mpf(row["charge"][0]) / mpf(row["mass"][0])
    dipoles = [(row[f"place_{i}"], row[f"moment_{i}"]) for i in "ab" if any(row[f"moment_{i}"])]
    edges = [mpf(row["time"][0]) * i / steps for i in range(steps + 1)]
    for a, b in pairwise(edges):
        x, u = step(x, u, ratio, gamma, dipoles, b - a, order)
    return x, u


def case(
    kind: str, particle: tuple, start: tuple, dipoles: tuple, time: float, steps: int
) -> tuple[str, Fields]:
    (charge, mass), (position, velocity), ((place_a, moment_a), (place_b, moment_b)) = (
        particle,
        start,
        dipoles,
    )
    row: Fields = {"charge": [charge], "mass": [mass], "position": position, "velocity": velocity}
    row |= {
        "place_a": place_a,
        "moment_a": moment_a,
        "place_b": place_b,
        "moment_b": moment_b,
        "time": [time],
    }
    with mp.workdps(50):
        x, u = orbit(row, 45, steps)
        fine = orbit(row, 55, 3 * steps // 2)
        assert_close(x, fine[0], 27)
        assert_close(u, fine[1], 27)
        # The field does no work.
        v = exact(row["velocity"])
        start_u = sum(c * c for c in v) / (1 - sum(c * c for c in v) / C**2)
        assert_close([sum(c * c for c in fine[1])], [start_u], 31)
    row |= {"end_position": fine[0], "end_proper_velocity": fine[1]}
    return kind, row


def main() -> None:
    none = ([0.0, 0.0, 1e6], [0.0, 0.0, 0.0])
    earth = (([0.0, 0.0, 0.0], [0.0, 0.0, -8e22]), none)
    coils = (([0.0, 0.0, 0.5], [0.0, 0.0, 1e4]), ([0.0, 0.0, -0.5], [0.0, 0.0, 1e4]))
    proton, electron = (CHARGE, PROTON), (-CHARGE, ELECTRON)
    rows = [
        case("dipole", proton, ([4 * RE, 0.0, 0.0], [1e6, 3e7, 3e7]), earth, 1.2, 120),
        case("bottle", proton, ([0.02, 0.0, 0.0], [0.0, 1e5, 1.5e5]), coils, 1e-5, 120),
        case("scattered", electron, ([5e7, 1e6, 2e7], [-2.95e8, 0.0, -5e7]), earth, 0.16, 320),
    ]
    write(__file__, "orbit", ABOUT, rows)


if __name__ == "__main__":
    main()
