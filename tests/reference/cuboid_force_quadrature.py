"""Force, torque and energy of two cuboids by Gauss quadrature over the faces of the second, in 64-bit mantissas.

The field and potential of the first come from sums over its eight corners, [JosephSchlomann1965]; the panels are
graded towards the lines where these have their logarithms.
"""

from itertools import pairwise, product

import numpy as np
from mpmath import mp, mpf

NODES = 16
RATIO = 4.0
REAL = np.longdouble
MU0_4PI = REAL(1.25663706127e-6) / (4 * REAL("3.14159265358979323846264338327950288"))


def gauss() -> tuple[np.ndarray, np.ndarray]:
    """Return nodes and weights on (-1, 1), by Newton steps from floats."""
    nodes, weights = [], []
    with mp.workdps(30):
        for guess in np.polynomial.legendre.leggauss(NODES)[0].tolist():
            t = mpf(guess)
            for _ in range(4):
                below, value = mpf(1), t
                for n in range(2, NODES + 1):
                    below, value = value, ((2 * n - 1) * t * value - (n - 1) * below) / n
                slope = NODES * (t * value - below) / (t * t - 1)
                t -= value / slope
            nodes.append(REAL(mp.nstr(t, 25)))
            weights.append(REAL(mp.nstr(2 / ((1 - t * t) * slope**2), 25)))
    return np.array(nodes), np.array(weights)


NODE, WEIGHT = gauss()


def graded(low, high, centres, finest):
    """Return nodes and weights between `low` and `high`, panels shrinking towards the centres."""
    breaks = {low, high}
    for centre in centres:
        breaks.add(centre)
        step = finest
        while step < 2 * (high - low):
            breaks |= {centre - step, centre + step}
            step *= REAL(RATIO)
    places = sorted(b for b in breaks if low <= b <= high)
    kept = [low]
    for b in places:
        if b - kept[-1] > finest / 8:
            kept.append(b)
    kept[-1] = high
    middle = [(a + b) / 2 for a, b in pairwise(kept)]
    half = [(b - a) / 2 for a, b in pairwise(kept)]
    return (
        np.concatenate([m + h * NODE for m, h in zip(middle, half, strict=True)]),
        np.concatenate([h * WEIGHT for h in half]),
    )


def corner(d: list, sides: tuple) -> tuple[list, list, list]:
    """Return the logarithms, the arc tangents and the parts of the gradient at the difference from one corner."""
    squares = [c * c for c in d]
    r = np.sqrt(squares[0] + squares[1] + squares[2])
    logs, arcs = [], []
    for k in range(3):
        x, y, z = d[k], d[(k + 1) % 3], d[(k + 2) % 3]
        rest = squares[(k + 1) % 3] + squares[(k + 2) % 3]
        logs.append(np.copysign(np.log((r + np.abs(x)) / np.sqrt(rest)), x))
        # On a face the field outside is meant.
        outside = np.where(x == 0, REAL(sides[k]), np.sign(x))
        arcs.append(np.arctan2(y * z, np.abs(x) * r) * outside)
    first = [
        d[(k + 1) % 3] * logs[(k + 2) % 3] + d[(k + 2) % 3] * logs[(k + 1) % 3] - d[k] * arcs[k]
        for k in range(3)
    ]
    return logs, arcs, first


def field(m, half, points: list) -> tuple[list, np.ndarray]:
    """Return 4 pi H and 4 pi times the scalar potential of a cuboid."""
    h, psi = [np.zeros_like(points[0]) for _ in range(3)], np.zeros_like(points[0])
    for sides in product((-1, 1), repeat=3):
        d = [p - s * a for p, s, a in zip(points, sides, half, strict=True)]
        logs, arcs, first = corner(d, sides)
        s = -REAL(sides[0] * sides[1] * sides[2])
        for k in range(3):
            i, j = (k + 1) % 3, (k + 2) % 3
            h[k] += s * (-m[k] * arcs[k] + m[i] * logs[j] + m[j] * logs[i])
            psi -= s * m[k] * first[k]
    return h, psi


def by_quadrature(m1, m2, dimension1, dimension2, offset, pivot) -> tuple[dict, list]:
    """Return the three quantities, and the integrals of the absolute integrands."""
    m1, m2 = [REAL(v) for v in m1], [REAL(v) for v in m2]
    half1, half2 = [REAL(v) / 2 for v in dimension1], [REAL(v) / 2 for v in dimension2]
    centre, arm = [REAL(v) for v in offset], [REAL(o) - REAL(p) for o, p in zip(offset, pivot, strict=True)]
    gap = max(
        abs(c) - a - b for c, a, b in zip(centre, half1, half2, strict=True)
    )  # between the nearest faces
    longest = max(half1), max(half2)
    finest = max(gap, REAL(1e-14) * min(longest), REAL(1e-16) * max(longest)) / 2
    force, torque, energy = np.zeros(3, REAL), np.zeros(3, REAL), REAL(0)
    scales = np.zeros(3, REAL)
    for axis, side in product(range(3), (-1, 1)):
        if m2[axis] == 0:
            continue
        across = [(axis + 1) % 3, (axis + 2) % 3]
        rules = [
            graded(-half2[k], half2[k], [-half1[k] - centre[k], half1[k] - centre[k]], finest) for k in across
        ]
        for u, du in zip(*rules[0], strict=True):
            v, dv = rules[1]
            local = [np.zeros_like(v) for _ in range(3)]
            local[axis] += side * half2[axis]
            local[across[0]] += u
            local[across[1]] += v
            # Differences of the exact inputs first: a gap keeps its digits.
            h, psi = field(m1, half1, [x + c for x, c in zip(local, centre, strict=True)])
            charge = MU0_4PI * m2[axis] * side * du * dv
            r = [x + a for x, a in zip(local, arm, strict=True)]
            moment = [r[(k + 1) % 3] * h[(k + 2) % 3] - r[(k + 2) % 3] * h[(k + 1) % 3] for k in range(3)]
            force += [np.sum(charge * c) for c in h]
            torque += [np.sum(charge * c) for c in moment]
            energy += np.sum(charge * psi)
            size = np.sqrt(h[0] ** 2 + h[1] ** 2 + h[2] ** 2)
            reach = np.sqrt(r[0] ** 2 + r[1] ** 2 + r[2] ** 2)
            sizes = size, reach * size, np.abs(psi)
            scales += [np.sum(np.abs(charge) * c) for c in sizes]
    text = {"force": force, "torque": torque, "energy": [energy]}
    return {name: [np.format_float_scientific(v, 22) for v in values] for name, values in text.items()}, [
        mpf(np.format_float_scientific(s, 22)) for s in scales
    ]
