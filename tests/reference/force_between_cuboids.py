"""Energy, force and torque between two uniformly magnetized cuboids, from the charges on their faces.

Edges parallel: with p the vector from a charge of the source to one of the target, each pair of faces is an integral
of weights in p_x, p_y, p_z, piecewise polynomials, over 1/|p|. Two dimensions are done in closed form, one by
Gauss-Legendre panels graded towards the singular points (tanh-sinh where two edges touch).

Any orientation: the energy of two rectangles is a closed form. With the origin on the line where their planes meet,
1/|p| is homogeneous of degree -1 in the four coordinates, so that by the divergence theorem the integral over
rectangle times rectangle is a third of those over rectangle times edge; with the origin where the edge's line meets
the plane, half of those over edge times edge and over rectangle times corner; both are elementary. Forces and torques
are differences of that energy with as many more digits. Where planes or edges are parallel it is the mean of two
orientations tilted by 1e-24 either way.
"""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise, product

from _common import MU0, Fields, add, cross, dot, exact, norm, scaled
from mpmath import mp, mpf
from sheet_integrals import legendre

DPS, NODES = 45, 40
Box = tuple[Sequence[float], Sequence[float]]
"""Edges [m] and polarization [T] in the body's own frame."""

# --- edges parallel ---

Piece = tuple  # (low, high, [c0, c1, c2]): the polynomial between low and high
Weight = list[Piece]  # a piece of no length is a point, its c0 the strength


def linear(low, high, at_zero, slope) -> tuple:
    return low, high, [at_zero, slope, mpf(0)]


def overlap(a, b, d) -> tuple[Weight, Weight, Weight]:
    """Return the weights of p = d + t - x, |x| < a, |t| < b: the length in t, the integral of t, d(length)/dp."""
    ends = sorted({d - a - b, d - abs(a - b), d + abs(a - b), d + a + b})
    length, moment, slope = [], [], []
    for low, high in pairwise(ends):
        middle = (low + high) / 2 - d
        t1, s1 = (-b, 0) if middle - a < -b else (-d - a, 1)
        t2, s2 = (b, 0) if middle + a > b else (a - d, 1)
        length.append(linear(low, high, t2 - t1, mpf(s2 - s1)))
        moment.append((low, high, [(t2 * t2 - t1 * t1) / 2, s2 * t2 - s1 * t1, mpf(s2 * s2 - s1 * s1) / 2]))
        slope.append(linear(low, high, mpf(s2 - s1), mpf(0)))
    return length, moment, slope


def box(low, high, at_zero, slope) -> tuple[Weight, Weight, Weight]:
    """Return the weights of one face's point and the other body's edge; t = at_zero + slope p."""
    one, steps = mpf(1), [linear(low, low, mpf(1), mpf(0)), linear(high, high, mpf(-1), mpf(0))]
    return [linear(low, high, one, mpf(0))], [linear(low, high, at_zero, slope)], steps


def point(p, t) -> tuple[Weight, Weight, None]:
    """Return the weights of two parallel faces p apart; the slope is that of the kernel."""
    return [linear(p, p, mpf(1), mpf(0))], [linear(p, p, t, mpf(0))], None


def asinh_over(q, m2):
    """Return asinh(q/m), m2 = m^2."""
    return mp.asinh(q / mp.sqrt(m2))


def between_planes(coefficients, q, p, w, cubed: bool):
    """Return the antiderivative in q of (c0 + c1 q + c2 q^2)/r, or of the same times w/r^3."""
    m2 = p * p + w * w
    r = mp.sqrt(m2 + q * q)
    c0, c1, c2 = coefficients
    if cubed:
        total = c0 * q / (m2 * r) - c1 / r
        return w * (total + c2 * (asinh_over(q, m2) - q / r) if c2 else total)
    total = (c0 - c2 * m2 / 2) * asinh_over(q, m2)
    return total + (c1 + c2 * q / 2) * r if c1 or c2 else total


def corner(first: Piece, p, second: Piece, q, s):
    """Return the antiderivative in p and q, where those are not fixed, of (c0 + c1 p)/r; second is constant."""
    (c0, c1, _), factor = first[2], second[2][0]
    r = mp.sqrt(p * p + q * q + s * s)
    over_q = (lambda: 1 / r) if second[0] == second[1] else (lambda: asinh_over(q, p * p + s * s))
    if first[0] == first[1]:
        return factor * c0 * over_q()
    if second[0] == second[1]:
        return factor * (c0 * asinh_over(p, q * q + s * s) + c1 * r)
    total = mpf(0)
    if c0:
        size = abs(s)
        flat = p * asinh_over(q, p * p + s * s) if p else mpf(0)
        flat += q * asinh_over(p, q * q + s * s) if q else mpf(0)
        total += c0 * (flat - size * mp.atan2(p * q, size * r))
    if c1:
        total += c1 / 2 * (q * r + (p * p + s * s) * over_q())
    return factor * total


def ends(piece: Piece) -> list[tuple]:
    """Return the places and signs at which an antiderivative is taken."""
    low, high, _ = piece
    return [(low, mpf(1))] if low == high else [(low, mpf(-1)), (high, mpf(1))]


def valued(coefficients, p):
    return coefficients[0] + p * (coefficients[1] + p * coefficients[2])


def tanh_sinh(f: Callable, low, high):
    """Return the integral of what may be infinite at 0, where the weight is nothing; `mp.quad` errs absolutely."""
    size = abs(f((low + high) / 2)) * (high - low)
    if not size:
        size = high - low
    value, error = mp.quad(
        lambda p: f(p) / size if p else mpf(0), [low, high], method="tanh-sinh", maxdegree=10, error=True
    )
    assert error <= mpf(10) ** -33, f"an integral has not settled: {value} +- {error}"
    return value * size


def gauss(f: Callable, low, high):
    half, middle = (high - low) / 2, (high + low) / 2
    return half * sum(weight * f(middle + half * node) for node, weight in legendre(NODES))


def outer(weight: Weight, inner: Callable, distances: list):
    """Return the integral of weight times inner, with singular points `distances` off 0 on the imaginary axis."""
    near = min(distances)
    span = max(abs(weight[0][0]), abs(weight[-1][1]))
    least = min((d for d in distances if d), default=span)
    grades = [g for g in (least * mpf(3) ** n for n in range(60)) if g < span]
    total = mpf(0)
    for low, high, coefficients in weight:
        if low == high:
            total += coefficients[0] * inner(low)
            continue
        marks = [m for g in [mpf(0), *grades] for m in (g, -g) if low < m < high]
        points = [low, *sorted(set(marks)), high]
        for a, b in pairwise(points):
            rule = tanh_sinh if near == 0 and (abs(a) <= least and abs(b) <= least) else gauss
            total += rule(lambda p, c=coefficients: valued(c, p) * inner(p), a, b)
    return total


def planes(first: Weight, second: Weight, plane: Weight, cubed: bool, side: int):
    """Return the integral for two parallel faces; in contact the kernel w/r^3 is 2 pi times a point charge."""
    (w, _, (strength, _, _)) = plane[0]
    if cubed and w == 0:
        values = [next((valued(c, 0) for a, b, c in x if a <= 0 <= b), mpf(0)) for x in (first, second)]
        return side * 2 * mp.pi * strength * values[0] * values[1]

    def inner(p):
        return sum(
            sign * between_planes(piece[2], q, p, w, cubed) if piece[0] != piece[1] else mpf(0)
            for piece in second
            for q, sign in ends(piece)
        )

    distances = [mp.hypot(w, q) for piece in second for q in piece[:2]] + [abs(w)]
    return strength * outer(first, inner, distances)


def across(first: Weight, second: Weight, along: Weight):
    """Return the integral for two faces at right angles; `along` is the weight along both."""

    def inner(s):
        return sum(
            u * v * corner(one, p, two, q, s)
            for one in first
            for p, u in ends(one)
            for two in second
            for q, v in ends(two)
        )

    distances = [mp.hypot(p, q) for one in first for p in one[:2] for two in second for q in two[:2]]
    distances += [abs(p) for one in first for p in one[:2]] + [abs(q) for two in second for q in two[:2]]
    return outer(along, inner, distances)


def pair_of_faces(i: int, s: int, j: int, t: int, a: list, b: list, d: list) -> list:
    """Return energy, force, torque of faces s a_i and t b_j with unit charge densities, times 4 pi/mu0."""

    def weights(k: int):
        if k == i == j:
            return point(d[k] + t * b[k] - s * a[k], t * b[k])
        if k == i:
            return box(d[k] - b[k] - s * a[k], d[k] + b[k] - s * a[k], s * a[k] - d[k], mpf(1))
        if k == j:
            return box(d[k] + t * b[k] - a[k], d[k] + t * b[k] + a[k], t * b[k], mpf(0))
        return overlap(a[k], b[k], d[k])

    w = [weights(k) for k in range(3)]
    one, two = ((i + 1) % 3, (i + 2) % 3) if i == j else (i, j)

    def integral(moment: int | None, slope: int | None):
        chosen = [w[k][1 if k == moment else 0] if k != slope else w[k][2] for k in range(3)]
        if i == j:
            cubed = slope == i
            plane = w[i][1 if moment == i else 0] if cubed else chosen[i]
            return planes(chosen[one], chosen[two], plane, cubed, 1 if d[i] > 0 else -1)
        return across(chosen[one], chosen[two], chosen[3 - i - j])

    force = [integral(None, k) for k in range(3)]
    torque = [integral((k + 1) % 3, (k + 2) % 3) - integral((k + 2) % 3, (k + 1) % 3) for k in range(3)]
    return [integral(None, None), *force, *torque]


def parallel(source: Box, target: Box, position: Sequence[float]) -> Fields:
    """Return energy, force and torque on the target at `position`, its edges parallel to the source's."""
    with mp.workdps(DPS):
        a, b = scaled(exact(source[0]), mpf(1) / 2), scaled(exact(target[0]), mpf(1) / 2)
        d, total = exact(position), [mpf(0)] * 7
        for i, j, s, t in product(range(3), range(3), (1, -1), (1, -1)):
            charges = s * t * mpf(source[1][i]) * mpf(target[1][j])
            if charges:
                total = add(total, pair_of_faces(i, s, j, t, a, b, d), charges)
        total = scaled(total, 1 / (4 * mp.pi * MU0))
    return {"energy": total[:1], "force": total[1:4], "torque": total[4:]}


# --- any orientation ---


def rotation(rotvec: Sequence) -> list[list]:
    """Return the columns of the matrix of a rotation vector: the turned axes."""
    angle = norm(rotvec)
    if not angle:
        return [[mpf(i == j) for i in range(3)] for j in range(3)]
    axis, columns = scaled(rotvec, 1 / angle), []
    for k in range(3):
        e = [mpf(i == k) for i in range(3)]
        turned = add(scaled(e, mp.cos(angle)), cross(axis, e), mp.sin(angle))
        columns.append(add(turned, axis, 2 * mp.sin(angle / 2) ** 2 * axis[k]))
    return columns


def turned(columns: list[list], v: Sequence) -> list:
    return [sum(columns[k][i] * v[k] for k in range(3)) for i in range(3)]


def log_of_sum(r, q, rest):
    """Return log(r + q), where rest = r^2 - q^2."""
    return mp.log(r + q if q > 0 else rest / (r - q))


def edge_edge(a0, a1, b0, b1):
    """Return the integral of 1/r over two skew edges, from feet of their common perpendicular."""
    u, v, d = add(a1, a0, -1), add(b1, b0, -1), add(b0, a0, -1)
    length_a, length_b = norm(u), norm(v)
    u, v = scaled(u, 1 / length_a), scaled(v, 1 / length_b)
    c, n = dot(u, v), cross(u, v)
    sin2 = dot(n, n)
    sin = mp.sqrt(sin2)
    du, dv = dot(d, u), dot(d, v)
    foot_a, foot_b = (du - c * dv) / sin2, (c * du - dv) / sin2
    h = abs(dot(d, n)) / sin
    total = mpf(0)
    for (s, x), (t, y) in product(
        ((-foot_a, -1), (length_a - foot_a, 1)), ((-foot_b, -1), (length_b - foot_b, 1))
    ):
        r = mp.sqrt(s * s + t * t - 2 * s * t * c + h * h)
        term = s * log_of_sum(r, t - s * c, s * s * sin2 + h * h)
        term += t * log_of_sum(r, s - t * c, t * t * sin2 + h * h)
        total += x * y * (term - h / sin * mp.atan2(h * h * c + s * t * sin2, h * r * sin))
    return total


def rectangle_potential(corners: list, at: list):
    """Return the integral of 1/r over a rectangle given by its corners in turn."""
    u, v, d = (
        add(corners[1], corners[0], -1),
        add(corners[3], corners[0], -1),
        add(at, corners[0], -1),
    )
    lu, lv = norm(u), norm(v)
    x, y = dot(d, u) / lu, dot(d, v) / lv
    z = abs(dot(d, cross(u, v))) / (lu * lv)
    total = mpf(0)
    for (p, a), (q, b) in product(((-x, -1), (lu - x, 1)), ((-y, -1), (lv - y, 1))):
        first = linear(mpf(0), mpf(1), mpf(1), mpf(0))
        total += a * b * corner(first, p, first, q, z)
    return total


def outward(corners: list, k: int) -> list:
    """Return the unit vector from the rectangle's centre through edge k, from corner k to the next."""
    side = add(corners[k], corners[k - 1], -1)
    return scaled(side, 1 / norm(side))


class Rectangles:
    """Integrals of 1/r over rectangles, edges and corners of two bodies, each computed once."""

    def __init__(self, first: list, second: list):
        self.corners = first, second
        self.edge_edge = cache(lambda a, b: edge_edge(*(first[i] for i in a), *(second[i] for i in b)))
        self.potential = cache(self._potential)

    def _potential(self, body: int, face: tuple, vertex: int):
        return rectangle_potential([self.corners[body][i] for i in face], self.corners[1 - body][vertex])

    def face_edge(self, body: int, face: tuple, edge: tuple):
        """Return the integral over a face of one body and an edge of the other."""
        corners = [self.corners[body][i] for i in face]
        start, end = (self.corners[1 - body][i] for i in edge)
        normal = cross(add(corners[1], corners[0], -1), add(corners[3], corners[0], -1))
        along = add(end, start, -1)
        length = norm(along)
        t = -dot(normal, add(start, corners[0], -1)) / dot(normal, along) * length
        origin = add(start, along, t / length)
        total = t * self.potential(body, face, edge[0]) + (length - t) * self.potential(body, face, edge[1])
        for k in range(4):
            side = tuple(sorted((face[k], face[(k + 1) % 4])))
            pair = (side, edge) if body == 0 else (edge, side)
            total += dot(outward(corners, k), add(corners[k], origin, -1)) * self.edge_edge(*pair)
        return total / 2

    def face_face(self, first: tuple, second: tuple):
        """Return the integral over a face of each body."""
        faces = [self.corners[0][i] for i in first], [self.corners[1][i] for i in second]
        n, m = (cross(add(c[1], c[0], -1), add(c[3], c[0], -1)) for c in faces)
        line = cross(n, m)
        # on both planes: x = alpha n + beta m, from the first corner of the first face
        reach = dot(m, add(faces[1][0], faces[0][0], -1))
        nm, size = dot(n, m), dot(line, line)
        origin = add(faces[0][0], add(scaled(m, dot(n, n)), n, -nm), reach / size)
        total = mpf(0)
        for body, face, other in ((0, first, second), (1, second, first)):
            for k in range(4):
                edge = tuple(sorted((face[k], face[(k + 1) % 4])))
                height = dot(outward(faces[body], k), add(faces[body][k], origin, -1))
                total += height * self.face_edge(1 - body, other, edge)
        return total / 3


SIGNS = list(product((-1, 1), repeat=3))


def faces(polarization: Sequence) -> list[tuple[tuple, object]]:
    """Return the corners in turn and the charge density [T] of each charged face."""
    found = []
    for k, s in product(range(3), (-1, 1)):
        ring = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
        face = []
        for p, q in ring:
            place = {k: s, (k + 1) % 3: p, (k + 2) % 3: q}
            face.append(SIGNS.index(tuple(place[i] for i in range(3))))
        if polarization[k]:
            found.append((tuple(face), s * polarization[k]))
    return found


def energy(source: Box, target: Box, position: list, columns: list) -> mpf:
    """Return the energy of the target, turned so that its axes are the columns."""
    first = [[e * s / 2 for e, s in zip(exact(source[0]), signs, strict=True)] for signs in SIGNS]
    own = [[e * s / 2 for e, s in zip(exact(target[0]), signs, strict=True)] for signs in SIGNS]
    second = [add(position, turned(columns, v)) for v in own]
    table, total = Rectangles(first, second), mpf(0)
    for one, charge in faces(exact(source[1])):
        for two, other in faces(exact(target[1])):
            total += charge * other * table.face_face(one, two)
    return total / (4 * mp.pi * MU0)


TILTS = ([3, 5, 7], [5, -7, 3], [-7, 3, 5])
"""Axes along no edge, face or diagonal; together they span space."""


def tilted(source: Box, target: Box, position: Sequence[float], rotvec: Sequence[float], dps=170) -> Fields:
    """Return energy, force and torque on the target at `position`, turned by `rotvec`, from the closed form."""
    with mp.workdps(dps):
        step = mpf(10) ** -24
        d, base = exact(position), rotation(exact(rotvec))
        length = min(exact(source[0]) + exact(target[0]))

        def at(tilt: list, sign: int, shift: list) -> mpf:
            turn = rotation(scaled(tilt, sign * step))
            return energy(source, target, add(d, shift), [turned(turn, c) for c in base])

        still, total = [mpf(0)] * 3, mpf(0)
        slopes = []
        for tilt in TILTS:
            up, down = at(tilt, 1, still), at(tilt, -1, still)
            slopes.append(-(up - down) / (2 * step))
            total += (up + down) / 6
        torque = mp.lu_solve(mp.matrix(TILTS), mp.matrix(slopes))
        force = []
        for k in range(3):
            shift = [length * step * (i == k) for i in range(3)]
            # tilted either way with the shift either way: what is of first order in the tilt alone cancels
            parts = [at(TILTS[0], t, scaled(shift, s)) * s for t in (1, -1) for s in (1, -1)]
            force.append(-sum(parts) / (4 * length * step))
    return {"energy": [total], "force": force, "torque": list(torque)}
