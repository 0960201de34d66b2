"""Make bounce.csv: the mirror latitude and the bounce, action and drift integrals of a charge in a dipole field."""

import math
import random

from _common import assert_close, write
from mpmath import mp, mpf

DPS = 100
ABOUT = (
    "A charge bouncing in a dipole field, by its equatorial pitch angle a [rad]: sin^2 of the mirror latitude m, and",
    "integrals over the latitude l from 0 to m, with u = sin^2(a) sqrt(1 + 3 sin^2 l)/cos^6 l and root = sqrt(1 - u):",
    "T of cos l sqrt(1 + 3 sin^2 l)/root, Y of twice that times root^2, and the drift by gradient and curvature",
    "D of cos^3 l (1 + sin^2 l)/(1 + 3 sin^2 l)^(3/2) (1 - u/2)/root",
    f"tanh-sinh quadrature at {DPS} digits in t, l = m sin t; each row checked by D = (6 T - Y)/12",
)


def relative_field(latitude):
    """Return B over its value at the equator."""
    return mp.sqrt(1 + 3 * mp.sin(latitude) ** 2) / mp.cos(latitude) ** 6


def mirror_latitude(sin2):
    """Return the latitude where sin2 times the relative field is one, by bisection."""
    low, high = mpf(0), mp.pi / 2
    for _ in range(int(3.33 * mp.dps)):
        middle = (low + high) / 2
        low, high = (middle, high) if sin2 * relative_field(middle) < 1 else (low, middle)
    return (low + high) / 2


def integrands(latitude, sin2) -> list:
    """Return what T, Y and D are integrals of."""
    sine2, cosine, u = mp.sin(latitude) ** 2, mp.cos(latitude), sin2 * relative_field(latitude)
    if u >= 1:  # a node nearer to the mirror point than the digits tell
        return [mpf(0)] * 3
    root, stretch = mp.sqrt(1 - u), mp.sqrt(1 + 3 * sine2)
    arc = cosine * stretch
    return [arc / root, 2 * arc * root, cosine**3 * (1 + sine2) / stretch**3 * (1 - u / 2) / root]


def bounce(angle: float) -> dict[str, list]:
    """Return the row of one pitch angle."""
    with mp.workdps(DPS):
        sin2 = mp.sin(mpf(angle)) ** 2
        top = mirror_latitude(sin2)
        # graded towards the mirror point: close to the pole the field rises steeply
        breaks = [mpf(0), *(mp.pi / 2 - mpf(20) ** -k for k in range(6)), mp.pi / 2]

        def integral(which):
            return mpf(mp.quad(lambda t: integrands(top * mp.sin(t), sin2)[which] * top * mp.cos(t), breaks))

        time, action, drift = (integral(which) for which in range(3))
        assert_close([drift], [(6 * time - action) / 12], 32)
        return {"sin2_latitude": [mp.sin(top) ** 2], "T": [time], "Y": [action], "D": [drift]}


def main() -> None:
    rng = random.Random(5)
    angles = [("near_axis", 10.0**-k) for k in (8, 6, 5, 4, 3, 2)]
    angles += [("near_equator", math.pi / 2 - 10.0**-k) for k in (8, 6, 4, 2)]
    angles += [("degrees", math.radians(degrees)) for degrees in (5, 15, 30, 45, 60, 75, 85)]
    angles += [("generic", rng.uniform(0.02, 1.55)) for _ in range(12)]
    write(__file__, "bounce", ABOUT, [(kind, {"pitch_angle": [a]} | bounce(a)) for kind, a in angles])


if __name__ == "__main__":
    main()
