"""Energy, force and torque between coaxial cylinders of uniform magnetization, and thin solenoids.

Along the axis all integrals are elementary; what is left is one over the azimuth t between two points of the walls,
by Gauss-Legendre panels graded towards t = 0 (tanh-sinh where two rims touch). Along the axis the magnetization is
a current sheet, or charges of the end discs; across it, charges of the wall that go as the cosine of the azimuth.
"""

from collections.abc import Callable
from itertools import pairwise

from _common import MU0, Fields, add, cross, exact, scaled
from force_between_cuboids import log_of_sum, tanh_sinh
from mpmath import mp, mpf
from sheet_integrals import legendre

NODES = 40


def azimuth(f: Callable, a, b, reach):
    """Return the integral over 0 to pi of cos(t) f(1 - cos t, R^2), R the distance across of radii a and b.

    `reach` is the angle from 0 to the nearest singular point, or 0.
    """

    def g(t):
        versine = 2 * mp.sin(t / 2) ** 2
        return (1 - versine) * f(versine, (a - b) ** 2 + 2 * a * b * versine)

    if not reach:
        return sum(tanh_sinh(g, low, high) for low, high in pairwise([0, mp.pi / 64, mp.pi / 4, mp.pi]))
    marks = [mpf(0)] + [reach * 2**n for n in range(-1, 60) if reach * 2**n < 2] + [mp.pi]
    total = mpf(0)
    for low, high in pairwise(marks):
        half, middle = (high - low) / 2, (high + low) / 2
        total += half * sum(weight * g(middle + half * node) for node, weight in legendre(NODES))
    return total


def ends(h, h2, z) -> list[tuple]:
    """Return the heights of the target's two ends above the source's two, and the signs of their terms."""
    return [(z + s * h2 / 2 - t * h / 2, -s * t) for s in (1, -1) for t in (1, -1)]


def walls(a, h, b, h2, z) -> tuple:
    """Return the integral over both walls of cos(t - t')/r, and its derivative by z."""
    heights = ends(h, h2, z)
    reach = mp.hypot(a - b, min(abs(e) for e, _ in heights)) / mp.sqrt(a * b)

    def twice(_, r2):
        return sum(s * (e * mp.asinh(e / mp.sqrt(r2)) - mp.sqrt(e * e + r2)) for e, s in heights)

    def once(_, r2):
        return sum(s * mp.asinh(e / mp.sqrt(r2)) for e, s in heights)

    factor = 4 * mp.pi * a * b
    return factor * azimuth(twice, a, b, reach), factor * azimuth(once, a, b, reach)


def disc_lever(a, b, versine, e):
    """Return the integral of rho^2/r over 0 < rho < b, r^2 = rho^2 - 2 a rho (1 - versine) + a^2 + e^2."""
    foot = a - a * versine
    q2 = a * a * versine * (2 - versine) + e * e
    low, high = mp.sqrt(foot * foot + q2), mp.sqrt((b - foot) ** 2 + q2)
    logarithm = log_of_sum(high, b - foot, q2) - log_of_sum(low, -foot, q2)
    return ((b + 3 * foot) * high - 3 * foot * low + (2 * foot * foot - q2) * logarithm) / 2


def wall_on_discs(a, h, b, h2, z) -> tuple:
    """Return the force along x and the torque about y of a wall of charge cos t on discs of charge 1 and -1.

    The discs are the ends of a cylinder with its centre at height z; times 4 pi/mu0.
    """
    force = torque = mpf(0)
    for s in (1, -1):
        heights = [(z + s * h2 / 2 + t * h / 2, t) for t in (1, -1)]
        least = min(abs(e) for e, _ in heights)

        def potential(_, r2, heights=heights):
            return sum(k * mp.asinh(e / mp.sqrt(r2)) for e, k in heights)

        def lever(versine, _, heights=heights):
            return sum(k * disc_lever(a, b, versine, e) for e, k in heights)

        # The integral of H_x over the disc is that of the potential over its rim; of x H_z, the slope of x psi.
        push = -2 * mp.pi * a * b * azimuth(potential, a, b, mp.hypot(a - b, least) / mp.sqrt(a * b))
        along = -2 * mp.pi * a * azimuth(lever, a, b, least / a)
        force += s * push
        torque += s * (s * h2 / 2 * push - along)
    return force, torque


def axial_on_axial(a, h, k, b, h2, k2, z) -> tuple:
    """Return energy and force along z of two current sheets of k and k2 [A/m]."""
    integral, slope = walls(a, h, b, h2, z)
    factor = MU0 / (4 * mp.pi) * k * k2
    return -factor * integral, factor * slope


def across_on_axial(a, h, across, b, h2, axial, z) -> tuple[list, list]:
    """Return force and torque of a cylinder magnetized across on one magnetized along the common axis."""
    force, torque = wall_on_discs(a, h, b, h2, z)
    (x, y), unit = across, MU0 * axial / (4 * mp.pi)
    force, torque = unit * force, unit * torque
    return [x * force, y * force, mpf(0)], [-y * torque, x * torque, mpf(0)]


def cylinders(size, strength, size2, strength2, position, rotvec) -> Fields:
    """Return what one coaxial cylinder does to another."""
    (a, h, _), (b, h2, _), z = exact(size), exact(size2), mpf(position[2])
    m, m2 = (scaled(exact(s), 1 / MU0) for s in (strength, strength2))
    energy, force, torque = mpf(0), [mpf(0)] * 3, [mpf(0)] * 3
    if m[2] and m2[2]:
        energy, force[2] = axial_on_axial(a, h, m[2], b, h2, m2[2], z)
    if any(m[:2]) and any(m2[:2]):
        integral, slope = walls(a, h, b, h2, z)
        unit, along = MU0 / (8 * mp.pi), m[0] * m2[0] + m[1] * m2[1]
        energy += unit * integral * along
        force[2] -= unit * slope * along
        torque[2] += unit * integral * (m[0] * m2[1] - m[1] * m2[0])
    if any(m[:2]) and m2[2]:
        push, turn = across_on_axial(a, h, m[:2], b, h2, m2[2], z)
        force, torque = add(force, push), add(torque, turn)
    if m[2] and any(m2[:2]):  # the other way round, by the third law
        push, turn = across_on_axial(b, h2, m2[:2], a, h, m[2], -z)
        force = add(force, push, -1)
        torque = add(add(torque, cross([mpf(0), mpf(0), z], push)), turn, -1)
    return {"force": force, "torque": torque, "energy": [energy]}


def cylinder_on_solenoid(size, strength, size2, strength2, position, rotvec) -> Fields:
    """Return what a cylinder magnetized along its axis does to a coaxial solenoid."""
    (a, h, _), (b, length, turns) = exact(size), exact(size2)
    sheets = mpf(strength[2]) / MU0, turns * mpf(strength2[2]) / length
    energy, force = axial_on_axial(a, h, sheets[0], b, length, sheets[1], mpf(position[2]))
    return {"force": [mpf(0), mpf(0), force], "torque": [mpf(0)] * 3, "energy": [energy]}
