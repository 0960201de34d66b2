"""Force and torque of a field on a magnet, by a product rule over its charged faces: for checks."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from _common import MU0, Fields, add, cross, dot, exact, scaled
from force_between_cuboids import rotation, turned
from mpmath import mp, mpf
from sheet_integrals import legendre

Vector = Sequence[float]


def moment(radius, polarization: Sequence) -> list:
    return scaled(polarization, 4 * mp.pi * mpf(radius) ** 3 / (3 * MU0))


def gauss_on(low, high, count: int = 20) -> list[tuple]:
    half, middle = (high - low) / 2, (high + low) / 2
    return [(middle + half * node, half * weight) for node, weight in legendre(count)]


def cuboid_faces(edges: Vector, polarization: Vector, count: int) -> Iterator[tuple]:
    """Yield places on a cuboid's faces, in its own frame, and the charges there [T m^2]."""
    half = scaled(exact(edges), mpf(1) / 2)
    for k, s in product(range(3), (1, -1)):
        i, j = (k + 1) % 3, (k + 2) % 3
        for (x, u), (y, v) in product(gauss_on(-half[i], half[i], count), gauss_on(-half[j], half[j], count)):
            place = [mpf(0)] * 3
            place[k], place[i], place[j] = s * half[k], x, y
            yield place, s * mpf(polarization[k]) * u * v


def cylinder_faces(size: Vector, polarization: Vector, count: int) -> Iterator[tuple]:
    """Yield the same for a cylinder; eight azimuths are exact for two coaxial ones."""
    b, half = mpf(size[0]), mpf(size[1]) / 2
    for n in range(8):
        c, s = mp.cospi(mpf(n) / 4), mp.sinpi(mpf(n) / 4)
        for x, u in gauss_on(-half, half, count):
            charge = c * mpf(polarization[0]) + s * mpf(polarization[1])
            yield [b * c, b * s, x], charge * u * b * mp.pi / 4
        for (x, u), end in product(gauss_on(mpf(0), b, count), (1, -1)):
            yield [x * c, x * s, end * half], end * mpf(polarization[2]) * u * x * mp.pi / 4


def over_faces(faces: Iterator[tuple], position: Vector, rotvec: Vector, h: Callable) -> Fields:
    """Return force and torque of a field H on charged faces by a product rule of Gauss."""
    force, torque, columns = [mpf(0)] * 3, [mpf(0)] * 3, rotation(exact(rotvec))
    for place, charge in faces:
        if charge:
            arm = turned(columns, place)
            push = scaled(h(add(exact(position), arm)), charge)
            force, torque = add(force, push), add(torque, cross(arm, push))
    return {"force": force, "torque": torque}


def dipole_h(size: Vector, strength: Vector) -> Callable:
    m = moment(size[0], exact(strength))

    def h(point) -> list:
        r2 = dot(point, point)
        return scaled(add(scaled(point, 3 * dot(m, point) / r2), m, -1), 1 / (4 * mp.pi * r2 * mp.sqrt(r2)))

    return h
