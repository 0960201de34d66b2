"""Bodies as points with poles, elements of current or moments: quadrature of what they carry to all digits.

Magnets carry the bound currents M x n, or poles M.n where asked; nothing but the definition of each body is used, no
formula of its field.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from _common import MU0, add, cross, dot, exact, scaled
from energy_gradients_shapes import (
    around,
    ball,
    box,
    box_faces,
    can,
    circle,
    disc,
    ellipsoid_surface,
    gauss,
    stretched,
    triangle,
    tube,
)
from force_between_cuboids import rotation, turned
from mpmath import mp, mpf


class Part(NamedTuple):
    """What a part carries ("currents", "moments", "poles", "series", "uniform"), and rows of (point, value).

    The value is an element of current (A m) or a moment (A m^2), a vector; a pole (A m), a number; for "series" the
    axes and the coefficients; for "uniform" B 4 pi/mu0.
    """

    content: str
    rows: list[tuple]


Cloud = list[Part]


# --- wires ---


def loop(radius, current, position=(0, 0, 0)) -> Cloud:
    return placed([Part("currents", list(circle(mpf(radius), mpf(current))))], (0, 0, 0), position)


def helmholtz(radius, turns, current) -> Cloud:
    rows = [
        row for side in (-1, 1) for row in circle(mpf(radius), mpf(turns) * current, side * mpf(radius) / 2)
    ]
    return [Part("currents", rows)]


def polyline(vertices, current, closed) -> Cloud:
    corners = [exact(v) for v in vertices]
    rows = []
    for start, end in zip(corners, corners[1:] + corners[: int(closed)], strict=False):
        side = add(end, start, -1)
        for t, w in stretched(0, 1, mp.sqrt(dot(side, side)) / 2):
            rows.append((add(start, side, t), scaled(side, w * current)))
    return [Part("currents", rows)]


def curve(curve, current) -> Cloud:
    a, b, third = exact(curve)
    rows = []
    for c, s, w in around(max(a, b) * mpf("1.3")):
        point = [a * c, b * s, 2 * third * s * c]
        rows.append((point, scaled([-a * s, b * c, 2 * third * (c * c - s * s)], w * current)))
    return [Part("currents", rows)]


# --- magnets ---


def bound(surface: Iterable[tuple], magnetization) -> list[tuple]:
    """Return the currents M x n of a surface."""
    m = exact(magnetization)
    return [(point, cross(m, area)) for point, area in surface]


def cuboid(dimension, magnetization) -> Cloud:
    return [Part("currents", bound(box_faces(exact((0, 0, 0)), exact(dimension)), magnetization))]


def charged_cuboid(dimension, magnetization) -> Cloud:
    """Return the same by its poles M.n, without those that vanish."""
    m = exact(magnetization)
    faces = box_faces(exact((0, 0, 0)), exact(dimension))
    return [Part("poles", [(point, pole) for point, area in faces if (pole := dot(m, area))])]


def cylinder(radius, height, magnetization) -> Cloud:
    return [Part("currents", bound(can(mpf(radius), mpf(height)), magnetization))]


def ellipsoid(semi_axes, magnetization) -> Cloud:
    return [Part("currents", bound(ellipsoid_surface(*exact(semi_axes)), magnetization))]


def sphere(radius, magnetization) -> Cloud:
    return ellipsoid([radius] * 3, magnetization)


def mesh(vertices, faces, magnetization) -> Cloud:
    """Return the currents of a polyhedron whose faces run counter-clockwise seen from outside."""
    corners = [exact(v) for v in vertices]
    surface = (row for face in faces for row in triangle(*(corners[i] for i in face)))
    return [Part("currents", bound(surface, magnetization))]


def tetrahedron(vertices, magnetization) -> Cloud:
    corners = [exact(v) for v in vertices]
    a, b, c = (add(corners[i], corners[0], -1) for i in (1, 2, 3))
    faces = [(0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2)]
    outward = faces if dot(cross(a, b), c) > 0 else [face[::-1] for face in faces]
    return mesh(vertices, outward, magnetization)


# --- windings and voxels ---


def around_axis(point) -> list:
    """Return z x r."""
    return [-point[1], point[0], mpf(0)]


def solenoid(radius, length, turns, current) -> Cloud:
    radius, length, per_length = mpf(radius), mpf(length), mpf(turns) * current / length
    rows = [row for z, w in gauss(-length / 2, length / 2) for row in circle(radius, per_length * w, z)]
    return [Part("currents", rows)]


def coil(inner_radius, outer_radius, length, turns, current) -> Cloud:
    a, b, length = exact((inner_radius, outer_radius, length))
    density = mpf(turns) * current / ((b - a) * length)
    rows = []
    for point, volume in tube(a, b, length):
        along = around_axis(point)
        rows.append((point, scaled(along, density * volume / mp.sqrt(dot(along, along)))))
    return [Part("currents", rows)]


def voxel_magnets(points, magnetization, volumes, edges) -> Cloud:
    rows = []
    for centre, m in zip(points, magnetization, strict=True):
        rows += bound(box_faces(exact(centre), exact(edges)), m)
    return [Part("currents", rows)]


def voxel_currents(points, current_density, volumes, edges) -> Cloud:
    parts = zip(points, current_density, strict=True)
    return [
        Part("currents", [(p, scaled(exact(j), v)) for centre, j in parts for p, v in box(centre, edges)])
    ]


def voxel_poles(points, density, volumes, edges) -> Cloud:
    return [
        Part("poles", [(p, v * q) for c, q in zip(points, density, strict=True) for p, v in box(c, edges)])
    ]


# --- charges that turn: dq omega x r ---


def spread(shape, radius, length) -> tuple[Iterable[tuple], Any]:
    """Return the points of a body with elements of its length, area or volume, and the whole of that."""
    if shape == "ring":
        return (
            ([radius * c, radius * s, mpf(0)], radius * w) for c, s, w in around(radius)
        ), 2 * mp.pi * radius
    if shape == "disk":
        return ((point, area[2]) for point, area in disc(radius)), mp.pi * radius**2
    if shape == "shell":
        surface = ellipsoid_surface(radius, radius, radius)
        return ((point, mp.sqrt(dot(area, area))) for point, area in surface), 4 * mp.pi * radius**2
    if shape == "solid_sphere":
        return ball(radius), 4 * mp.pi * radius**3 / 3
    return tube(mpf(0), radius, length), mp.pi * radius**2 * length


def spinning(shape, charge, mass, radius, angular_velocity, length=0) -> Cloud:
    points, whole = spread(shape, mpf(radius), mpf(length))
    omega = scaled(exact(angular_velocity), mpf(charge) / whole)
    return [Part("currents", [(point, scaled(cross(omega, point), element)) for point, element in points])]


# --- points and fields ---


def moving_charges(charges, positions, velocities, centre) -> Cloud:
    rows = [(exact(p), scaled(exact(v), mpf(charges))) for p, v in zip(positions, velocities, strict=True)]
    return [Part("currents", rows)]


def pole_pair(pole_strength, separation) -> Cloud:
    half, p = scaled(exact(separation), mpf(1) / 2), mpf(pole_strength)
    return [Part("poles", [(half, p), (scaled(half, -1), -p)])]


def dipoles(moments, positions) -> Cloud:
    rows = [(exact(p), exact(m)) for p, m in zip(positions, moments, strict=True)]
    return [Part("moments", rows)]


def series(g, h, unit: Callable) -> Cloud:
    """Return the sum of c P_l^m e^(im phi)/r^(l+1), c = unit(l) g and h: psi in units of 1/4 pi."""
    table = [[[unit(n) * mpf(c) for c in row] for n, row in enumerate(half)] for half in (g, h)]
    axes = [[mpf(i == j) for i in range(3)] for j in range(3)]
    return [Part("series", [(exact((0, 0, 0)), (axes, table))])]


def planet(g, h, radius) -> Cloud:
    return series(g, h, lambda n: 4 * mp.pi / MU0 * mpf(radius) ** (n + 2))


def collection(sources) -> Cloud:
    return [part for kind, arguments in sources for part in CLOUDS[kind](**arguments)]


CLOUDS: dict[str, Callable[..., Cloud]] = {
    "Dipole": lambda moment, position=(0, 0, 0): dipoles([moment], [position]),
    "Dipoles": dipoles,
    "Pole": lambda pole_strength, position: [Part("poles", [(exact(position), mpf(pole_strength))])],
    "PolePair": pole_pair,
    "UniformField": lambda B0: [Part("uniform", [(exact((0, 0, 0)), scaled(exact(B0), 4 * mp.pi / MU0))])],
    "CircularLoop": loop,
    "Polyline": polyline,
    "CurveLoop": curve,
    "Magnetization": voxel_magnets,
    "CurrentDensity": voxel_currents,
    "PoleDensity": voxel_poles,
    "Cuboid": cuboid,
    "Cylinder": cylinder,
    "Solenoid": solenoid,
    "Coil": coil,
    "HelmholtzPair": helmholtz,
    "Tetrahedron": tetrahedron,
    "TriangularMesh": mesh,
    "Sphere": sphere,
    "Ellipsoid": ellipsoid,
    "MovingCharges": moving_charges,
    "SpinningBody": spinning,
    "GaussCoefficients": planet,
    "Multipole": lambda coefficients: series(coefficients[0], coefficients[1], lambda n: mpf(1)),
    "Collection": collection,
}


# --- places ---


def carried(part: Part, point: Callable, vector: Callable) -> Part:
    """Return a part whose points and vectors are moved."""
    if part.content == "poles":
        return Part("poles", [(point(p), value) for p, value in part.rows])
    if part.content == "series":
        rows = [(point(p), ([vector(axis) for axis in axes], table)) for p, (axes, table) in part.rows]
        return Part("series", rows)
    return Part(part.content, [(point(p), vector(value)) for p, value in part.rows])


def placed(cloud: Cloud, turn: Sequence, shift: Sequence) -> Cloud:
    """Return a cloud turned by a rotation vector about the origin and moved."""
    columns, shift = rotation(exact(turn)), exact(shift)
    return [
        carried(part, lambda p: add(turned(columns, p), shift), lambda v: turned(columns, v))
        for part in cloud
    ]
