"""Make forces.csv: energy, force and torque between two bodies, by closed forms and quadrature in mpmath."""

from collections.abc import Callable, Sequence
from itertools import product
from multiprocessing import Pool

from _common import (
    MU0,
    Dual,
    Fields,
    add,
    assert_close,
    cross,
    dot,
    dual,
    exact,
    norm,
    scaled,
    variables,
    write,
)
from force_between_cuboids import corner, linear, parallel, rotation, tilted, turned
from force_coaxial import cylinder_on_solenoid, cylinders
from force_over_faces import cuboid_faces, cylinder_faces, dipole_h, moment, over_faces
from force_rows import Case, cylinder_cases, loop_cases, mixed_cases, parallel_cases, tilted_cases
from make_loop import off_axis
from mpmath import mp, mpf
from sheet_integrals import cylinder

DPS = 50
ABOUT = (
    "Force (N), torque about the target's centre (N m), energy (J) of a target in a source's field.",
    "kind: source, target, case. The source is at the origin, its axes those of the frame; the target at `position`,",
    "turned by the rotation vector `rotvec`. size: cuboid edges; sphere radius; cylinder radius, height; loop radius;",
    "solenoid radius, length, turns. strength: polarization (T) in the body's frame, or current (A) in z.",
    "Loops: Maxwell's elliptic integrals; coaxial cylinders and solenoids: one integral over the azimuth; cuboids:",
    "see force_between_cuboids.py; spheres: dipoles; loops by the trapezoidal rule. Digits count from |force| and, of",
    "the torque and energy, from that times the distance. Checked: coaxial loops by Neumann's integral, contact by a",
    "gap of 1e-12, parallel cuboids by the closed form for tilted ones (30 digits), some forces of circuits and",
    "coaxial magnets by differences of the energy (18), cases `one` by quadrature over the target's faces (8)",
)
Vector = Sequence[float]


# --- loops ---


def maxwell(a, b, z) -> tuple:
    """Return M and dM/dz of two coaxial loops."""
    k2 = 4 * a * b / ((a + b) ** 2 + z * z)
    k, big_k, big_e = mp.sqrt(k2), mp.ellipk(k2), mp.ellipe(k2)
    mutual = MU0 * mp.sqrt(a * b) * ((2 / k - k) * big_k - 2 / k * big_e)
    slope = -MU0 * z * k / (4 * mp.sqrt(a * b)) * ((2 - k2) / (1 - k2) * big_e - 2 * big_k)
    return mutual, slope


def coaxial_loops(size, strength, size2, strength2, position, rotvec) -> Fields:
    a, b, z = mpf(size[0]), mpf(size2[0]), mpf(position[2])
    currents = mpf(strength[2]) * mpf(strength2[2])
    mutual, slope = maxwell(a, b, z)
    assert_close([slope], [mp.diff(lambda x: maxwell(a, b, x)[0], z)], 20)
    # Neumann's double integral, one turn of it by symmetry
    neumann = around(lambda t: [mp.cos(t) / mp.sqrt(a * a + b * b + z * z - 2 * a * b * mp.cos(t))])
    assert_close([MU0 * a * b / 2 * neumann[0]], [mutual], 25)
    return {
        "force": [mpf(0), mpf(0), currents * slope],
        "torque": [mpf(0)] * 3,
        "energy": [-currents * mutual],
    }


def around(integrand: Callable, count: int = 64) -> list:
    """Return the integral of a vector over a turn, by the trapezoidal rule, doubled until it has settled."""
    total = [mpf(0)] * len(integrand(mpf(0)))
    for i in range(count):
        total = add(total, integrand(2 * mp.pi * i / count))
    last = scaled(total, 2 * mp.pi / count)
    while count < 60000:
        for i in range(count):
            total = add(total, integrand(2 * mp.pi * (i + mpf(1) / 2) / count))
        count *= 2
        value = scaled(total, 2 * mp.pi / count)
        if norm(add(value, last, -1)) <= mpf(10) ** -22 * norm(value):
            # the error of the finer rule is the square of that of the coarser
            return value
        last = value
    raise AssertionError("the integral around the loop has not settled")


def on_loop(radius, current, position, rotvec, field: Callable) -> Fields:
    """Return what a field B, A of a point does to a loop."""
    centre, columns = exact(position), rotation(exact(rotvec))

    def integrand(t) -> list:
        arm = turned(columns, [radius * mp.cos(t), radius * mp.sin(t), mpf(0)])
        along = turned(columns, [-radius * mp.sin(t), radius * mp.cos(t), mpf(0)])
        b, a = field(add(centre, arm))
        push = cross(along, b)
        return [dot(a, along), *push, *cross(arm, push)]

    total = around(integrand)
    return {
        "force": scaled(total[1:4], current),
        "torque": scaled(total[4:], current),
        "energy": [-current * total[0]],
    }


def loops(size, strength, size2, strength2, position, rotvec) -> Fields:
    def field(point) -> tuple:
        row = off_axis(mpf(size[0]), point)
        return scaled(row["B"], mpf(strength[2])), scaled(row["A"], mpf(strength[2]))

    return on_loop(mpf(size2[0]), mpf(strength2[2]), position, rotvec, field)


# --- the field of a cuboid ---


def asinh(x: Dual) -> Dual:
    return x.chain(mp.asinh(x.value), 1 / mp.sqrt(1 + x.value**2))


def atan_ratio(y: Dual, x: Dual) -> Dual:
    ratio = y / x
    return ratio.chain(mp.atan(ratio.value), 1 / (1 + ratio.value**2))


def root(x: Dual) -> Dual:
    value = mp.sqrt(x.value)
    return x.chain(value, 1 / (2 * value))


def cuboid_h(edges: Vector, polarization: Vector, point: Vector) -> list[Dual]:
    """Return mu0 H of a cuboid with its gradient: logarithms and arctangents of its charged faces' corners."""
    r, half = variables(point), scaled(exact(edges), mpf(1) / 2)
    total = [dual(0), dual(0), dual(0)]
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        for s, t, u in product((1, -1), repeat=3) if polarization[k] else ():
            z, x, y = r[k] - s * half[k], t * half[i] - r[i], u * half[j] - r[j]
            charge = s * t * u * mpf(polarization[k]) / (4 * mp.pi)
            x2, y2, z2 = x * x, y * y, z * z
            total[i] += asinh(y / root(x2 + z2)) * charge
            total[j] += asinh(x / root(y2 + z2)) * charge
            total[k] += atan_ratio(x * y, z * root(x2 + y2 + z2)) * charge
    return total


def cuboid_a(edges: Vector, polarization: Vector, point: Vector) -> list:
    """Return A of a cuboid, from the sheet currents J x n/mu0 of its faces."""
    half, total, one = scaled(exact(edges), mpf(1) / 2), [mpf(0)] * 3, linear(mpf(0), mpf(1), mpf(1), mpf(0))
    for k, s in product(range(3), (1, -1)):
        normal = [mpf(s * (i == k)) for i in range(3)]
        i, j = (k + 1) % 3, (k + 2) % 3
        potential = sum(
            t * u * corner(one, t * half[i] - point[i], one, u * half[j] - point[j], point[k] - s * half[k])
            for t, u in product((1, -1), repeat=2)
        )
        total = add(total, cross(exact(polarization), normal), potential / (4 * mp.pi))
    return total


def cuboid_on_loop(size, strength, size2, strength2, position, rotvec) -> Fields:
    def field(point) -> tuple:
        return [h.value for h in cuboid_h(size, strength, point)], cuboid_a(size, strength, point)

    return on_loop(mpf(size2[0]), mpf(strength2[2]), position, rotvec, field)


# --- spheres ---


def on_moment(m: Sequence, b: list[Dual]) -> Fields:
    """Return what a field with its gradient, a symmetric one, does to a dipole."""
    values = [x.value for x in b]
    return {
        "force": [sum(m[j] * b[j].gradient[i] for j in range(3)) for i in range(3)],
        "torque": cross(m, values),
        "energy": [-dot(m, values)],
    }


def turned_strength(strength, rotvec) -> list:
    return turned(rotation(exact(rotvec)), exact(strength))


def spheres(size, strength, size2, strength2, position, rotvec) -> Fields:
    m, n, r = (
        moment(size[0], exact(strength)),
        moment(size2[0], turned_strength(strength2, rotvec)),
        variables(position),
    )
    r2 = dot(r, r)
    along, inverse = dot(r, m) / (r2 * r2 * root(r2)), 1 / (r2 * root(r2))
    b = [(r[i] * along * 3 - inverse * m[i]) * (MU0 / (4 * mp.pi)) for i in range(3)]
    return on_moment(n, b)


def cuboid_on_sphere(size, strength, size2, strength2, position, rotvec) -> Fields:
    m = moment(size2[0], turned_strength(strength2, rotvec))
    return on_moment(m, cuboid_h(size, strength, position))


def sphere_on_cuboid(size, strength, size2, strength2, position, rotvec) -> Fields:
    """Return the reaction to what the cuboid does to the sphere, seen from the cuboid."""
    columns = rotation(exact(rotvec))
    rows = [[columns[j][i] for j in range(3)] for i in range(3)]
    seat = turned(rows, scaled(exact(position), -1))
    act = on_moment(moment(size[0], turned(rows, exact(strength))), cuboid_h(size2, strength2, seat))
    torque = add(act["torque"], cross(seat, act["force"]))
    return {
        "force": turned(columns, scaled(act["force"], -1)),
        "torque": turned(columns, scaled(torque, -1)),
        "energy": act["energy"],
    }


# --- cuboids ---


def cuboids(size, strength, size2, strength2, position, rotvec) -> Fields:
    if any(rotvec):
        return tilted((size, strength), (size2, strength2), position, rotvec)
    return parallel((size, strength), (size2, strength2), position)


# --- checks ---


def check_by_faces(case: Case, row: Fields) -> None:
    """Compare a row with the field of the source integrated over the target's faces."""
    kind, size, strength, size2, strength2, position, rotvec = case
    source, target, _ = kind.split()
    with mp.workdps(30):
        if target == "cuboid":
            faces = cuboid_faces(size2, strength2, 20)
        else:
            faces = cylinder_faces(size2, strength2, 12)
        fields = {
            "cuboid": lambda r: [x.value / MU0 for x in cuboid_h(size, strength, r)],
            "sphere": dipole_h(size, strength),
            "cylinder": lambda r: cylinder(size[0], size[1], scaled(exact(strength), 1 / MU0), r, 20)["H"],
        }
        got = over_faces(faces, position, rotvec, fields[source])
        digits = 8 if target == "cylinder" else 12
        assert_close(got["force"], row["force"], digits)
        assert_close(got["torque"], row["torque"], digits)


def check_slope(case: Case, row: Fields) -> None:
    """Compare the force along z with differences of the energy."""
    kind, *bodies, position, rotvec = case
    reach = mpf(10) ** -14 * min(x for size in (bodies[0], bodies[2]) for x in size if x)
    ends = [add(exact(position), [0, 0, s * reach]) for s in (1, -1)]
    up, down = (compute(kind)(*bodies, end, rotvec)["energy"][0] for end in ends)
    assert_close([(down - up) / (2 * reach)], [row["force"][2]], 18, norm(row["force"]))


def check_contact(case: Case, row: Fields) -> None:
    """Compare a row with one of a tiny gap."""
    kind, *bodies, position, rotvec = case
    size = mpf(bodies[0][0])
    aside = [0, 0, 1] if position[2] else [1, 0, 0]
    near = compute(kind)(*bodies, add(exact(position), aside, mpf(10) ** -12 * size), rotvec)
    for name in row:
        assert_close(near[name], row[name], 9, norm(row["force"]) * size ** (name != "force"))


def check_parallel(case: Case, row: Fields) -> None:
    """Compare a row with the closed form for cuboids of any orientation."""
    _, size, strength, size2, strength2, position, rotvec = case
    closed = tilted((size, strength), (size2, strength2), position, rotvec)
    for name in row:
        assert_close(closed[name], row[name], 30, norm(row["force"]) * norm(position) ** (name != "force"))


def check(case: Case, row: Fields) -> None:
    """Compare a row with another way to the same numbers, where there is one."""
    source, target, label = case[0].split()
    if "contact" in label:
        check_contact(case, row)
    elif source == target == "cuboid" and not any(case[-1]):
        check_parallel(case, row)
    elif label == "one" and target in ("cuboid", "cylinder"):
        check_by_faces(case, row)
    elif target == "solenoid" or label.startswith(("axial", "equal", "generic", "linked", "one", "far")):
        check_slope(case, row)


def compute(kind: str) -> Callable:
    source, target, case = kind.split()
    pairs = {
        "loop loop": coaxial_loops if "coaxial" in case else loops,
        "cylinder cylinder": cylinders,
        "cylinder solenoid": cylinder_on_solenoid,
        "cuboid cuboid": cuboids,
        "cuboid loop": cuboid_on_loop,
        "sphere sphere": spheres,
        "cuboid sphere": cuboid_on_sphere,
        "sphere cuboid": sphere_on_cuboid,
    }
    return pairs[f"{source} {target}"]


def without_noise(row: Fields, length) -> Fields:
    """Return the row with what vanishes by symmetry set to zero."""
    sizes = {"force": norm(row["force"]), "torque": max(norm(row["torque"]), norm(row["force"]) * length)}
    sizes["energy"] = max(norm(row["energy"]), sizes["torque"])
    sizes["force"] = max(sizes["force"], sizes["energy"] / length)
    return {
        name: [x if abs(x) > mpf(10) ** -35 * sizes[name] else mpf(0) for x in row[name]]
        for name in ("force", "torque", "energy")
    }


GROUPS = ("source_size", "source_strength", "target_size", "target_strength", "position", "rotvec")


def row_of(case: Case) -> tuple[str, Fields]:
    """Return the checked row of a case."""
    kind, *inputs = case
    with mp.workdps(DPS):
        row = compute(kind)(*inputs)
        check(case, row)
        return kind, dict(zip(GROUPS, inputs, strict=True)) | without_noise(row, norm(inputs[4]))


def main() -> None:
    makers = (loop_cases, cylinder_cases, parallel_cases, tilted_cases, mixed_cases)
    with mp.workdps(DPS):
        cases = [case for make in makers for case in make()]
        with Pool() as pool:
            rows = pool.map(row_of, cases, chunksize=1)
        write(__file__, "forces", ABOUT, rows)


if __name__ == "__main__":
    main()
