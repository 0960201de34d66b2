"""Two cuboids with parallel edges: the 30-digit table, published numbers, and the laws."""

import math

import mpmath as mp
import numpy as np
import pytest

from magneton.constants import mu_0
from magneton.interactions.cuboids import cuboid_pair
from magneton.kernels import cuboid_force_functions as functions
from magneton.sources import Cuboid
from reference._load import load

rng = np.random.default_rng(19841009)
ONE, TWO = np.array([1.0, 1.5, 0.75]), np.array([0.5, 0.625, 1.25])
M1, M2 = np.array([3e5, -5e5, 7e5]), np.array([-4e5, 2e5, 6e5])
ORIGIN = np.zeros(3)
#: Generic; a gap of 1e-9 edges; faces, an edge and a corner in contact.
OFFSETS = [
    (0.3, 0.2, 1.5),
    (0.3, 0.2, 1.0 + 1e-9),
    (0.3, 0.2, 1.0),
    (0.75, 1.0625, 0.2),
    (-0.75, 1.0625, -1.0),
    (0.25, 0.4375, 1.0),
]


def parts(values):
    return values[:3], values[3:6], values[6:]


def lengths(values):
    return np.array([np.linalg.norm(v) for v in parts(values)])


def test_every_row_of_the_table():
    table = load("cuboid_force")
    assert len(table["kinds"]) >= 120
    for row, kind in enumerate(table["kinds"]):
        inputs = [table[name][row] for name in ("dimension1", "M1", "dimension2", "M2", "offset", "pivot")]
        values, noise = cuboid_pair(*inputs)
        expected = np.concatenate([table["force"][row], table["torque"][row], [table["energy"][row]]])
        assert np.all(lengths(values - expected) <= noise), (row, kind, lengths(values - expected), noise)
        # What vanishes by symmetry is judged by the others, over a length that both have.
        force, torque, energy = lengths(expected)
        size = min(*inputs[0], *inputs[2])
        scales = np.array(
            [force + energy / size, torque + force * size + energy, energy + force * size + torque]
        )
        tiny = kind.startswith(("far", "slender"))
        assert np.all(noise <= (1e-12 if tiny else 4e-15) * scales), (row, kind, noise / scales)


def by_faces(dimension1, m1, dimension2, m2, offset, pivot):
    """Return force and torque by Gauss quadrature of the field over the faces of 2."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    source = Cuboid(dimension1, magnetization=m1)
    force, torque = np.zeros(3), np.zeros(3)
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for side in (-0.5, 0.5):
            points = np.zeros((40, 40, 3))
            points[..., axis] = side * dimension2[axis]
            points[..., u] = 0.5 * dimension2[u] * nodes[:, None]
            points[..., v] = 0.5 * dimension2[v] * nodes
            points = points.reshape(-1, 3) + offset
            charge = (
                2
                * side
                * m2[axis]
                * 0.25
                * dimension2[u]
                * dimension2[v]
                * np.outer(weights, weights).ravel()
            )
            each = charge[:, None] * source.B(points)
            force += each.sum(axis=0)
            torque += np.cross(points - pivot, each).sum(axis=0)
    return force, torque


@pytest.mark.parametrize("offset", [(0.4, -0.3, 1.9), (-1.4, 0.2, 0.1), (0.5, 1.9, -1.2)])
def test_force_and_torque_are_the_integrals_over_the_faces(offset):
    pivot = np.array([0.2, -0.1, 0.4])
    values, _ = cuboid_pair(ONE, M1, TWO, M2, offset, pivot)
    force, torque = by_faces(ONE, M1, TWO, M2, np.array(offset), pivot)
    np.testing.assert_allclose(values[:3], force, rtol=0, atol=1e-12 * np.linalg.norm(force))
    np.testing.assert_allclose(values[3:6], torque, rtol=0, atol=1e-12 * np.linalg.norm(torque))


# --- published -------------------------------------------------------------------------------------------


def test_force_of_akoun_and_yonnet():
    # The figure of [AkounYonnet1984]: 20 x 12 x 6 mm under 12 x 20 x 6 mm, 0.38 T both; one moves along x.
    # N, as read off it in steps of 2 mm by the tests of the program cudamag.
    fx = [0.6, 0.25, 0, -0.25, -0.6, -0.9, -1.05, -1.1, -1.05, -0.88, -0.55, -0.25, -0.08, 0, 0.05]
    fy = [0.6, 0.63, 0.64, 0.63, 0.6, 0.51, 0.425, 0.31, 0.23, 0.14, 0.05, 0.02, 0, -0.01, -0.02]
    fz = [-1.76, -1.85, -1.85, -1.85, -1.76, -1.47, -1.08, -0.64, -0.25, 0.15, 0.4, 0.43, 0.33, 0.25, 0.18]
    M = [0.0, 0.0, 0.38 / mu_0]
    forces = [
        cuboid_pair([0.02, 0.012, 0.006], M, [0.012, 0.02, 0.006], M, [x, -0.004, 0.008], ORIGIN)[0][:3]
        for x in -0.004 + 0.002 * np.arange(15)
    ]
    np.testing.assert_allclose(forces, np.transpose([fx, fy, fz]), rtol=0, atol=0.025)


def test_stiffness_of_magcode():
    # AUMAG/magcode, matlab/testsuite/test_cuboid_stiffness.m: -dF_i/dx_i of two cuboids of 1 T, in uN/m.
    def direction(azimuth, elevation):
        a, e = math.radians(azimuth), math.radians(elevation)
        return np.array([math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e)]) / (
            4e-7 * math.pi
        )

    def force(shift):
        one, two = [0.03, 0.04, 0.05], [0.055, 0.045, 0.035]
        offset = np.array([0.1, 0.09, 0.11]) + shift
        return cuboid_pair(one, direction(30, 50), two, direction(60, 45), offset, ORIGIN)[0][:3]

    def slope(step, axis):
        shift = step * np.eye(3)[axis]
        return (force(shift) - force(-shift))[axis] / (2 * step)

    stiffness = [-(4 * slope(1e-4, k) - slope(2e-4, k)) / 3 for k in range(3)]
    assert [round(1e6 * k) for k in stiffness] == [-5424370, 2953150, 2471220]


# --- laws ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("offset", [*OFFSETS[:1], (0.25, 0.4375, 1.5), (1.2, 0.0, 0.25), (10.0, 20.0, -5.0)])
def test_force_is_minus_the_gradient_of_the_energy(offset):
    def energy(shift):
        return cuboid_pair(ONE, M1, TWO, M2, np.array(offset) + shift, ORIGIN)[0][6]

    step = 2.0**-9 * np.linalg.norm(offset)
    weights = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}  # central difference, of order eight
    force = [
        -sum(c * (energy(k * step * e) - energy(-k * step * e)) for k, c in weights.items()) / step
        for e in np.eye(3)
    ]
    exact = cuboid_pair(ONE, M1, TWO, M2, offset, ORIGIN)[0][:3]
    np.testing.assert_allclose(force, exact, rtol=0, atol=1e-11 * np.linalg.norm(exact))


@pytest.mark.parametrize("offset", OFFSETS)
def test_third_law_and_balance_of_torques(offset):
    offset, pivot = np.array(offset), np.array([0.3, 0.7, -0.4])
    for one, two in ((ONE, TWO), (ONE, 1e-3 * TWO), (ONE, ONE)):
        d = offset if two is TWO else offset * (one + two) / (ONE + TWO)
        on_2, noise = cuboid_pair(one, M1, two, M2, d, pivot)
        on_1, noise_1 = cuboid_pair(two, M2, one, M1, -d, pivot - d)
        assert np.all(lengths(on_2 + on_1 * ([1] * 6 + [-1])) <= noise + noise_1)


@pytest.mark.parametrize("offset", OFFSETS)
def test_torque_moves_with_the_pivot(offset):
    offset, pivot = np.array(offset), np.array([3.0, -2.0, 5.0])
    about_centre, noise = cuboid_pair(ONE, M1, TWO, M2, offset, offset)
    about_pivot, more = cuboid_pair(ONE, M1, TWO, M2, offset, pivot)
    np.testing.assert_array_equal(about_pivot[[0, 1, 2, 6]], about_centre[[0, 1, 2, 6]])
    moved = about_centre[3:6] + np.cross(offset - pivot, about_centre[:3])
    size = np.linalg.norm(offset - pivot) * np.linalg.norm(about_centre[:3])
    np.testing.assert_allclose(about_pivot[3:6], moved, rtol=0, atol=noise[1] + more[1] + 1e-15 * size)


@pytest.mark.parametrize("offset", OFFSETS)
def test_axes_may_be_renamed_and_reversed(offset):
    offset, pivot = np.array(offset), np.array([0.1, 0.2, 0.3])
    values, noise = cuboid_pair(ONE, M1, TWO, M2, offset, pivot)
    cycled, _ = cuboid_pair(*(np.roll(v, 1) for v in (ONE, M1, TWO, M2, offset, pivot)))
    expected = np.concatenate([np.roll(values[:3], 1), np.roll(values[3:6], 1), values[6:]])
    assert np.all(lengths(cycled - expected) <= 2 * noise)
    # A mirror turns axial vectors: a torque and a magnetization alike.
    mirror = np.array([-1.0, 1.0, 1.0])
    mirrored, _ = cuboid_pair(ONE, -mirror * M1, TWO, -mirror * M2, mirror * offset, mirror * pivot)
    expected = np.concatenate([mirror * values[:3], -mirror * values[3:6], values[6:]])
    assert np.all(lengths(mirrored - expected) <= 2 * noise)


@pytest.mark.parametrize("factor", [2.0**-30, 2.0**30])
@pytest.mark.parametrize("offset", OFFSETS)
def test_bits_do_not_depend_on_the_unit(offset, factor):
    scaled = cuboid_pair(ONE * factor, M1, TWO * factor, M2, np.multiply(offset, factor), factor * ORIGIN)
    values, noise = cuboid_pair(ONE, M1, TWO, M2, offset, ORIGIN)
    np.testing.assert_array_equal(scaled[0], values * factor ** np.array([2.0] * 3 + [3.0] * 4))
    np.testing.assert_array_equal(scaled[1], noise * factor ** np.array([2.0, 3.0, 3.0]))


def test_contact_is_the_limit_from_outside():
    for offset in OFFSETS[2:]:
        touching, _ = cuboid_pair(ONE, M1, TWO, M2, offset, ORIGIN)
        assert np.all(np.isfinite(touching))
        # An overlap by rounding changes nothing either.
        for factor in (1.0 + 1e-13, 1.0 - 1e-13):
            near, _ = cuboid_pair(ONE, M1, TWO, M2, np.multiply(offset, factor), ORIGIN)
            assert np.all(lengths(touching - near) <= 1e-10 * lengths(touching))
    # Two long rods stick together with mu_0 M^2 A/2; thin wide plates hardly at all.
    plate = np.array([1.0, 1.0, 1e-4])
    force = cuboid_pair(plate, [0, 0, 1e6], plate, [0, 0, 1e6], [0.0, 0.0, 1e-4], ORIGIN)[0]
    tall = cuboid_pair([1, 1, 1e4], [0, 0, 1e6], [1, 1, 1e4], [0, 0, 1e6], [0.0, 0.0, 1e4], ORIGIN)[0]
    assert 0.99 <= -tall[2] / (0.5 * mu_0 * 1e12) <= 1.0
    assert 0.0 < -force[2] <= 1e-3 * -tall[2]


def test_dipoles_far_away():
    # Of a cube the first correction is of the order (1/d)^4.
    d = 300.0
    values, noise = cuboid_pair([1.0] * 3, [0, 0, 2.0], [1.0] * 3, [0, 0, 3.0], [0.0, 0.0, d], ORIGIN)
    assert values[2] == pytest.approx(-6 * 6.0 * mu_0 / (4 * math.pi * d**4), rel=1e-8)
    assert values[6] == pytest.approx(-2 * 6.0 * mu_0 / (4 * math.pi * d**3), rel=1e-8)
    assert noise[0] <= 1e-9 * abs(values[2])


def test_noise_grows_where_the_sums_cancel():
    near, far = (cuboid_pair(ONE, M1, TWO, M2, [0.0, d, 0.0], ORIGIN) for d in (1e2, 1e5))
    assert near[1][0] <= 1e-11 * np.linalg.norm(near[0][:3])
    assert far[1][0] >= np.linalg.norm(far[0][:3]) * 1e-3


def test_nothing_without_magnetization():
    values, noise = cuboid_pair(ONE, ORIGIN, TWO, M2, OFFSETS[0], ORIGIN)
    assert not values.any()
    assert not noise.any()


@pytest.mark.parametrize("tiny", [1e-100, 1e-150, 1e-158, 1e-162, 5e-324])
def test_edges_out_of_line_by_next_to_nothing(tiny):
    in_line, noise = cuboid_pair(ONE, M1, ONE, M2, [0.0, 0.0, ONE[2]], ORIGIN)
    almost, _ = cuboid_pair(ONE, M1, ONE, M2, [tiny, -tiny, ONE[2]], ORIGIN)
    assert np.all(lengths(almost - in_line) <= noise)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_for_what_is_no_number(bad):
    values, noise = cuboid_pair(ONE, M1, TWO, M2, [bad, 0.0, 1.0], ORIGIN)
    assert np.isnan(values).all()
    assert np.isnan(noise).all()


# --- the functions ---------------------------------------------------------------------------------------


def test_logarithm_and_arc_tangent_in_double_double():
    with mp.workdps(50):
        ratios = [1.0, 1.0 + 2.0**-40, *(10.0 ** rng.uniform(0, 30, 200)), *rng.uniform(1, 3, 200)]
        for ratio in map(float, ratios):
            k, *base = functions.half_log_table(ratio)
            value = functions.half_log((ratio, 0.0), (1.0, 0.0), k, tuple(base))
            exact = mp.log(ratio) / 2
            assert abs(mp.mpf(value[0]) + mp.mpf(value[1]) - exact) <= mp.mpf(2) ** -103 * max(1, exact)
        for ratio in map(float, [0.0, 1e-20, 1.0, *rng.uniform(0, 1, 400)]):
            k, *base = functions.angle_table(ratio)
            value = functions.arc((ratio, 0.0), (1.0, 0.0), k, tuple(base))
            assert abs(mp.mpf(value[0]) + mp.mpf(value[1]) - mp.atan(ratio)) <= mp.mpf(2) ** -104
