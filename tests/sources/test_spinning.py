"""Charged bodies that turn: moments, g factors, and the fields of ring, disk, shell, sphere and cylinder."""

import mpmath
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton.constants import mu_0
from magneton.sources.charges import MovingCharges
from magneton.sources.loop import CircularLoop
from magneton.sources.points import Dipole
from magneton.sources.sphere import Sphere
from magneton.sources.spinning import SHAPES, SpinningBody

MU0 = float(mu_0)
Q, MASS, R, L = 2e-6, 0.3, 0.7, 0.9
W = np.array([0.0, 0.0, 250.0])
rng = np.random.default_rng(8)
MAKE = {
    "ring": lambda w=W, **more: SpinningBody.ring(Q, MASS, R, w, **more),
    "disk": lambda w=W, **more: SpinningBody.disk(Q, MASS, R, w, **more),
    "shell": lambda w=W, **more: SpinningBody.shell(Q, MASS, R, w, **more),
    "solid_sphere": lambda w=W, **more: SpinningBody.solid_sphere(Q, MASS, R, w, **more),
    "cylinder": lambda w=W, **more: SpinningBody.cylinder(Q, MASS, R, L, w, **more),
}
every_shape = pytest.mark.parametrize("shape", MAKE)


def sampled(shape, count):
    """Return random points that a body's charge is spread over."""
    angle, u, height = 2 * np.pi * rng.random(count), rng.random(count), L * (rng.random(count) - 0.5)
    if shape in ("shell", "solid_sphere"):
        points = rng.normal(size=(count, 3))
        points *= R / np.linalg.norm(points, axis=1)[:, None]
        return points if shape == "shell" else points * rng.random((count, 1)) ** (1 / 3)
    rho = R if shape == "ring" else R * np.sqrt(u)
    return np.stack([rho * np.cos(angle), rho * np.sin(angle), height * (shape == "cylinder")], axis=-1)


@every_shape
def test_moment_and_angular_momentum_are_those_of_many_charges(shape):
    w = np.array([30.0, -100.0, 200.0])
    count = 40000
    turn = Rotation.align_vectors([w], [[0, 0, 1.0]])[0]
    places = turn.apply(sampled(shape, count))
    velocities = np.cross(w, places)
    many = MovingCharges(Q / count, places, velocities, MASS / count, centre=[0, 0, 0])
    body = MAKE[shape](w)
    error = np.linalg.norm(many.moment_about([0, 0, 0]) - body.moment) / np.linalg.norm(body.moment)
    assert error <= 0.02
    error = np.linalg.norm(many.angular_momentum - body.angular_momentum) / np.linalg.norm(
        body.angular_momentum
    )
    assert error <= 0.02


@every_shape
def test_charge_and_mass_spread_alike_give_g_1(shape):
    body = MAKE[shape]()
    assert body.g_factor == 1.0
    assert body.gyromagnetic_ratio == Q / (2 * MASS)
    ratio = body.moment @ body.angular_momentum / (body.angular_momentum @ body.angular_momentum)
    assert ratio == pytest.approx(body.gyromagnetic_ratio, rel=1e-14)


@pytest.mark.parametrize(
    ("shape", "mass_shape", "g"),
    [
        ("shell", "solid_sphere", 5 / 3),
        ("ring", "disk", 2.0),
        ("solid_sphere", "shell", 3 / 5),
        ("disk", "ring", 0.5),
    ],
)
def test_g_of_charge_and_mass_spread_differently(shape, mass_shape, g):
    body = MAKE[shape](mass_shape=mass_shape)
    assert body.g_factor == pytest.approx(g, rel=1e-15)
    ratio = body.moment[2] / body.angular_momentum[2]
    assert ratio == pytest.approx(g * Q / (2 * MASS), rel=1e-14)


def test_a_ring_is_a_loop():
    ring, loop = MAKE["ring"](), CircularLoop(R, Q * W[2] / (2 * np.pi))
    points = rng.normal(size=(20, 3))
    for quantity in ("B", "H", "A", "grad_B"):
        np.testing.assert_allclose(
            getattr(ring, quantity)(points), getattr(loop, quantity)(points), rtol=1e-12
        )
    assert np.all(np.isnan(ring.B([R, 0, 0])))


def test_a_shell_has_the_B_and_A_of_a_magnetized_ball_and_H_without_its_magnetization():
    shell = MAKE["shell"]()
    ball = Sphere(R, magnetization=Q / (4 * np.pi * R) * W)
    points = rng.normal(size=(40, 3)) * 0.5
    for quantity in ("B", "A", "grad_B"):
        np.testing.assert_allclose(
            getattr(shell, quantity)(points), getattr(ball, quantity)(points), rtol=1e-12
        )
    np.testing.assert_allclose(shell.H(points), shell.B(points) / MU0, rtol=1e-15)
    np.testing.assert_allclose(shell.B([0, 0, 0.1])[2], 2 / 3 * MU0 * Q * W[2] / (4 * np.pi * R), rtol=1e-14)


def test_a_solid_sphere_is_a_pile_of_shells():
    body = MAKE["solid_sphere"]()
    nodes, weights = np.polynomial.legendre.leggauss(12)
    for point in ([0.2, 0.1, 0.3], [0.0, 0.0, 0.1], [0.5, 0.4, 0.6]):
        inner = min(np.linalg.norm(point), R)
        for quantity in ("B", "A"):
            total = 0.0
            for low, high in ((0.0, inner), (inner, R)):
                for node, weight in zip(nodes, weights, strict=True):
                    s = low + 0.5 * (high - low) * (1 + node)
                    charge = 3 * Q * s**2 / R**3 * 0.5 * (high - low) * weight
                    if s > 0 and charge > 0:
                        total = total + getattr(SpinningBody.shell(charge, 1.0, s, W), quantity)(point)
            np.testing.assert_allclose(getattr(body, quantity)(point), total, rtol=1e-12, atol=1e-28)
    # No current runs on its surface: B passes it, and only its gradient jumps.
    rim = np.array([R, 0, 0])
    np.testing.assert_allclose(body.B(rim * (1 - 1e-12)), body.B(rim * (1 + 1e-12)), rtol=1e-10)
    assert np.all(np.isfinite(body.B(rim)))
    assert np.all(np.isnan(body.grad_B(rim)))


def test_the_gradient_inside_a_solid_sphere():
    body = MAKE["solid_sphere"]()
    step = 0.01
    for point in np.array([[0.2, 0.1, 0.3], [-0.3, 0.2, -0.1], [0.0, 0.0, 0.5]]):
        # B is quadratic inside: central differences are exact.
        pairs = [(body.B(point + step * e) - body.B(point - step * e)) / (2 * step) for e in np.eye(3)]
        g = body.grad_B(point)
        np.testing.assert_allclose(g, np.stack(pairs, axis=-1), atol=1e-12 * np.abs(g).max())
        curl = np.array([g[2, 1] - g[1, 2], g[0, 2] - g[2, 0], g[1, 0] - g[0, 1]]) / MU0
        density = 3 * Q / (4 * np.pi * R**3) * np.cross(W, point)
        np.testing.assert_allclose(curl, density, atol=1e-14 * np.abs(g).max() / MU0)


def exact_ring(rho, z, a):
    """Return B_rho and B_z of a loop in units of mu_0 I/(2 pi), by the textbook forms."""
    far2, near2 = (a + rho) ** 2 + z * z, (a - rho) ** 2 + z * z
    m = 4 * a * rho / far2
    k, e = mpmath.ellipk(m), mpmath.ellipe(m)
    axial = (k + (a * a - rho * rho - z * z) / near2 * e) / mpmath.sqrt(far2)
    radial = z / rho * (-k + (a * a + rho * rho + z * z) / near2 * e) / mpmath.sqrt(far2)
    return radial, axial


def exact_disk(rho, z):
    """Return B_rho and B_z of the disk by quadrature over rings."""
    rho, z, radius = mpmath.mpf(rho), mpmath.mpf(z), mpmath.mpf(R)
    gaps = [abs(z) * mpmath.mpf(16) ** n for n in range(-1, 10)] if z else []
    cuts = {mpmath.mpf(0), radius, min(rho, radius)}
    cuts |= {rho + side * gap for gap in gaps for side in (-1, 1) if 0 < rho + side * gap < radius}
    cuts |= {radius - (rho - radius) * mpmath.mpf(16) ** n for n in range(-1, 10) if rho > radius}
    cuts = sorted(c for c in cuts if 0 <= c <= radius)
    unit = mpmath.mpf(MU0) / (2 * mpmath.pi) * mpmath.mpf(Q) * mpmath.mpf(W[2]) / (mpmath.pi * radius**2)
    parts = [
        mpmath.quad(lambda s, i=i: s * exact_ring(rho, z, s)[i], cuts, method="gauss-legendre")
        for i in (0, 1)
    ]
    return [float(unit * part) for part in parts]


@pytest.mark.parametrize(
    ("rho", "z"),
    [
        (0.3, -1e-9),
        (0.7 + 1e-9, 1e-9),
        (0.700001, 0.0),
        (5.0, 3.0),
    ],
)
def test_a_disk_is_a_sum_of_rings_to_twelve_digits(rho, z):
    with mpmath.workdps(20):
        expected = exact_disk(rho, z)
    got = MAKE["disk"]().B([rho, 0.0, z])
    error = np.linalg.norm(got[[0, 2]] - expected) / np.linalg.norm(expected)
    assert error <= 1e-12
    assert got[1] == 0.0


def test_a_disk_on_its_axis():
    disk = MAKE["disk"]()
    for z in (1e-9, 0.01, 0.3, -2.0):
        bracket = (R**2 + 2 * z * z) / np.hypot(R, z) - 2 * abs(z)
        expected = MU0 * Q * W[2] / (2 * np.pi * R**2) * bracket
        np.testing.assert_allclose(disk.B([0, 0, z]), [0, 0, expected], rtol=1e-13 * (1 + z**4 / R**4))
    assert np.all(np.isnan(disk.B([0.2, 0.1, 0])))


def test_at_the_middle_of_a_disk_B_is_whole_and_its_gradient_jumps():
    centre = np.array([0.1, -0.2, 0.3])
    omega = np.array([30.0, -100.0, 200.0])
    disk = MAKE["disk"](omega, position=centre)
    expected = MU0 * Q * omega / (2 * np.pi * R)
    np.testing.assert_allclose(disk.B(centre), expected, rtol=1e-14)
    np.testing.assert_allclose(disk.H(centre), expected / MU0, rtol=1e-14)
    np.testing.assert_allclose(disk.A(centre), 0.0, atol=1e-16 * R * np.linalg.norm(expected))
    assert np.all(np.isnan(disk.grad_B(centre)))


def test_the_gradient_next_to_a_disk_is_that_of_its_face():
    # B_z = mu_0 q omega/(2 pi R^2) (R - 2 |z| + ...) on the axis; B_rho jumps by mu_0 q omega rho/(pi R^2).
    disk, slope = MAKE["disk"](), -MU0 * Q * W[2] / (np.pi * R**2)
    for height in (1e-15, 1e-18, 1e-30, 1e-200, -1e-200):
        expected = np.copysign(slope, slope * height) * np.diag([-0.5, -0.5, 1.0])
        np.testing.assert_allclose(disk.grad_B([0, 0, height]), expected, rtol=1e-13, atol=1e-14 * abs(slope))
        for rho in (1e-4, 0.3, 0.6):
            got = disk.grad_B([rho, 0, height])[2, 2]
            np.testing.assert_allclose(got, np.copysign(slope, slope * height), rtol=1e-12)


@pytest.mark.parametrize(
    "place", [(0.3, 1e-3), (0.3, 0.02), (0.34, 0.3), (0.36, 0.3), (1e-3, 1e-4), (0.7, 1e-3), (0.9, 0.1)]
)
def test_the_gradient_of_a_disk_is_the_slope_of_B(place):
    rho, z = place
    step = 1e-2 * z
    disk = MAKE["disk"]()
    got = disk.grad_B([rho, 0, z])
    for axis in (0, 2):
        shifts = np.arange(-4, 5)[:, None] * step * np.eye(3)[axis]
        B = disk.B(np.array([rho, 0, z]) + shifts)
        weights = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 0, 4 / 5, -1 / 5, 4 / 105, -1 / 280])
        assert np.linalg.norm(weights @ B / step - got[:, axis]) <= 1e-10 * np.linalg.norm(got)


def exact_A_of_disk(rho):
    """Return A_phi in the plane of the disk by quadrature over rings."""
    rho, radius = mpmath.mpf(rho), mpmath.mpf(R)

    def ring(s):
        m = 4 * s * rho / (s + rho) ** 2
        if m >= 1:  # rounded: an integrable singularity
            return mpmath.mpf(0)
        return (s + rho) / rho * ((1 - m / 2) * mpmath.ellipk(m) - mpmath.ellipe(m)) * s

    unit = mpmath.mpf(MU0) / (2 * mpmath.pi) * mpmath.mpf(Q) * mpmath.mpf(W[2]) / (mpmath.pi * radius**2)
    return float(unit * mpmath.quad(ring, sorted({mpmath.mpf(0), min(rho, radius), radius})))


def test_A_is_continuous_on_disk_and_shell():
    disk, shell = MAKE["disk"](), MAKE["shell"]()
    with mpmath.workdps(40):
        for rho in (1e-3, 0.3, R, 1.1):
            np.testing.assert_allclose(disk.A([rho, 0, 0]), [0, exact_A_of_disk(rho), 0], rtol=1e-12)
    points = R * np.array([[1.0, 0, 0], [0, -1, 0], [0, 0, 1]])
    np.testing.assert_allclose(
        shell.A(points), MU0 * Q / (12 * np.pi * R) * np.cross(W, points), rtol=1e-14, atol=1e-30
    )


def test_where_the_axis_leaves_a_surface_the_currents_vanish():
    for sign in (1.0, -1.0):
        pole = np.array([0, 0, sign * R])
        shell, solid, cylinder = MAKE["shell"](), MAKE["solid_sphere"](), MAKE["cylinder"]()
        np.testing.assert_allclose(shell.B(pole), MU0 * Q * W / (6 * np.pi * R), rtol=1e-14)
        assert np.all(np.isnan(shell.grad_B(pole)))
        end = np.array([0, 0, sign * L / 2])
        for body, place in ((solid, pole), (cylinder, end)):
            here = body.grad_B(place)
            for side in (1 - 1e-9, 1 + 1e-9):
                assert np.linalg.norm(body.grad_B(side * place) - here) <= 1e-7 * np.linalg.norm(here)
    assert np.all(np.isnan(shell.B([R, 0, 0])))


def test_a_cylinder_is_a_stack_of_disks():
    body = MAKE["cylinder"]()
    nodes, weights = np.polynomial.legendre.leggauss(60)
    points = np.array([[1.3, 0.2, 0.1], [0.2, 0.1, 1.0], [0.9, 0.9, -0.9]])
    for quantity, digits in (("B", 1e-13), ("A", 1e-13), ("grad_B", 1e-12)):
        total = 0.0
        for node, weight in zip(nodes, weights, strict=True):
            disk = SpinningBody.disk(Q * weight / 2, 1.0, R, W, position=[0, 0, 0.5 * L * node])
            total = total + getattr(disk, quantity)(points)
        error = np.linalg.norm((getattr(body, quantity)(points) - total).reshape(3, -1), axis=1)
        assert np.all(error <= digits * np.linalg.norm(total.reshape(3, -1), axis=1))


def test_inside_the_cylinder_curl_H_is_the_current_density():
    body = MAKE["cylinder"]()
    points = np.array([[0.2, 0.1, 0.3], [0.5, -0.4, -0.44], [1e-9, 0, 0.1], [0.3, 0.0, 0.4500001]])
    gradient = body.grad_B(points)
    g = gradient / MU0
    curl = np.stack([g[:, 2, 1] - g[:, 1, 2], g[:, 0, 2] - g[:, 2, 0], g[:, 1, 0] - g[:, 0, 1]], axis=-1)
    density = Q / (np.pi * R**2 * L) * np.cross(W, points)
    density[3] = 0.0  # above the end
    assert np.linalg.norm(curl - density) <= 1e-12 * np.linalg.norm(g)
    step = 1e-4
    for axis, e in enumerate(np.eye(3)[:2]):
        # fourth order, off the ends
        shifted = [body.B(points[:1] + k * step * e)[0] for k in (1, -1, 2, -2)]
        slope = (8 * (shifted[0] - shifted[1]) - (shifted[2] - shifted[3])) / (12 * step)
        np.testing.assert_allclose(slope, gradient[0][:, axis], atol=1e-10 * np.abs(gradient[0]).max())


def test_on_the_cylinders_surface_B_is_continuous_and_its_gradient_is_not_defined():
    body = MAKE["cylinder"]()
    for place, out in (([0.3, 0, 0.45], [0, 0, 1]), ([R, 0, 0.1], [1, 0, 0]), ([R, 0, 0.45], [1, 0, 1])):
        place, out = np.array(place), np.array(out)
        for quantity in ("B", "A"):
            function = getattr(body, quantity)
            here = function(place)
            for side in (-1e-13, 1e-13):
                error = np.linalg.norm(function(place + side * out) - here)
                assert error <= 1e-10 * np.linalg.norm(here)
        assert np.all(np.isnan(body.grad_B(place)))


@every_shape
def test_far_away_it_is_a_dipole(shape):
    body = MAKE[shape]()
    point = np.array([3e5, -2e5, 1e5])
    for quantity in ("B", "A", "grad_B"):
        got, want = getattr(body, quantity)(point), getattr(Dipole(body.moment), quantity)(point)
        assert np.linalg.norm(got - want) <= 1e-10 * np.linalg.norm(want)


@every_shape
def test_the_field_turns_with_the_axis_and_the_moment_with_the_body(shape):
    turn = Rotation.from_rotvec([0.4, -0.9, 1.3])
    body = MAKE[shape]()
    tilted = MAKE[shape](turn.apply(W), position=[0.1, 0.2, 0.3])
    moved = body.rotated(turn).translated([0.1, 0.2, 0.3])
    points = rng.normal(size=(8, 3))
    expected = turn.apply(body.B(points))
    for other in (tilted, moved):
        got = other.B(turn.apply(points) + other.position)
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-11 * np.abs(expected).max())
        np.testing.assert_allclose(other.moment, turn.apply(body.moment), rtol=1e-13)
        np.testing.assert_allclose(other.angular_velocity, turn.apply(W), rtol=1e-14)


def test_the_axis_may_point_down():
    up, down = MAKE["disk"](), MAKE["disk"](-W)
    np.testing.assert_allclose(down.B([0.3, 0.2, 0.4]), -up.B([0.3, 0.2, 0.4]), rtol=1e-14)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SpinningBody("cube", Q, MASS, R, W), "shape must be one of ring, disk, shell"),
        (lambda: SpinningBody.ring(Q, 0.0, R, W), "mass must be positive, got 0"),
        (lambda: SpinningBody.ring(Q, MASS, -1.0, W), "radius must be positive, got -1"),
        (lambda: SpinningBody.ring(Q, MASS, R, [0, 0, 0]), "angular_velocity must not be zero"),
        (
            lambda: SpinningBody("cylinder", Q, MASS, R, W),
            "length must be given for a cylinder and for nothing else",
        ),
        (lambda: SpinningBody.ring(Q, MASS, R, W, mass_shape="egg"), "mass_shape must be one of ring"),
        (lambda: SpinningBody.ring(Q, MASS, R, W, length=1.0), "length must be given for a cylinder"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_every_shape_is_tested():
    assert set(MAKE) == set(SHAPES)
