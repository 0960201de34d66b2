"""The cuboid as a source, and its demagnetizing factors."""

import itertools

import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.spatial.transform import Rotation

from magneton import Cuboid
from magneton.constants import mu_0
from magneton.sources.demagnetizing_cuboid import cuboid_demagnetizing_factors

MU0 = float(mu_0)
BRICK = Cuboid([0.01, 0.02, 0.03], magnetization=[1e5, -2e5, 9e5], position=[0.1, 0.2, 0.3])


def test_moment_is_magnetization_times_volume():
    assert BRICK.volume == pytest.approx(6e-6, rel=1e-15)
    np.testing.assert_allclose(BRICK.moment, [0.6, -1.2, 5.4], rtol=1e-15)
    turned = BRICK.rotated(Rotation.from_rotvec([0, 0, np.pi / 2]))
    np.testing.assert_allclose(turned.moment, [1.2, 0.6, 5.4], rtol=1e-14)


def test_the_ways_to_give_the_magnetization_agree():
    point = [0.12, 0.2, 0.31]
    frame = {"position": BRICK.position}
    for other in (
        Cuboid(BRICK.dimension, polarization=MU0 * BRICK.magnetization, **frame),
        Cuboid(BRICK.dimension, remanence=MU0 * BRICK.magnetization, **frame),
    ):
        np.testing.assert_allclose(other.B(point), BRICK.B(point), rtol=1e-14)
    graded = Cuboid([0.01, 0.01, 0.01], grade="N42", direction=[0, 0, 2])
    np.testing.assert_allclose(np.linalg.norm(graded.polarization), graded.remanence[2], rtol=1e-15)
    assert 1.2 < graded.remanence[2] < 1.4


def test_B_inside_is_mu_0_H_plus_M():
    points = BRICK.position + np.array([[0.0, 0, 0], [0.004, -0.009, 0.0149], [0.0051, 0, 0]])
    np.testing.assert_array_equal(BRICK.contains(points), [True, True, False])
    inside = MU0 * (BRICK.H(points[:2]) + BRICK.magnetization)
    np.testing.assert_allclose(BRICK.B(points[:2]), inside, rtol=1e-13)
    np.testing.assert_allclose(BRICK.B(points[2]), MU0 * BRICK.H(points[2]), rtol=1e-14)


@pytest.mark.parametrize("name", ["B", "H"])
def test_magpylib_agrees_at_generic_points(name):
    magpylib = pytest.importorskip("magpylib")
    rng = np.random.default_rng(3)
    points = rng.uniform(-2, 2, (2000, 3))
    orientation = Rotation.from_rotvec([0.3, -0.8, 0.5])
    ours = Cuboid(
        [1.0, 1.5, 0.7], polarization=[0.3, 0.2, 1.0], position=[0.1, 0, 0], orientation=orientation
    )
    theirs = magpylib.magnet.Cuboid(
        dimension=(1.0, 1.5, 0.7), polarization=(0.3, 0.2, 1.0), position=(0.1, 0, 0), orientation=orientation
    )
    expected = getattr(theirs, f"get{name}")(points)
    error = np.linalg.norm(getattr(ours, name)(points) - expected, axis=1) / np.linalg.norm(expected, axis=1)
    assert error.max() <= 1e-12


@pytest.mark.parametrize(
    "dimension", [[1.0, 1.0], [1.0, 0.0, 1.0], [1.0, -1.0, 1.0], 1.0, [1.0, np.inf, 1.0]]
)
def test_wrong_dimensions_are_refused(dimension):
    with pytest.raises(ValueError, match="dimension must be"):
        Cuboid(dimension, magnetization=[0, 0, 1])
    with pytest.raises(ValueError, match="dimension must be"):
        cuboid_demagnetizing_factors(dimension)


# --- demagnetizing factors --------------------------------------------------------------------------------


def test_published_demagnetizing_factors():
    # Ten digits, evaluated from eq. 1 of Aharoni (1998).
    for dimension, axis, factor in [
        ([1, 1, 2], 2, 0.1983161528),
        ([1, 1, 10], 2, 0.0457311924),
        ([100, 100, 10], 2, 0.8050776336),
        ([100, 10, 100], 1, 0.8050776336),
        ([2, 1, 1], 0, 0.1983161528),
    ]:
        assert cuboid_demagnetizing_factors(dimension)[axis] == pytest.approx(factor, abs=6e-11)
    np.testing.assert_allclose(cuboid_demagnetizing_factors([3e-9] * 3), 1 / 3, rtol=2e-16)


def _newell(x, y, z):
    """Return Newell's function f, a double antiderivative in each of x, y, z of minus the xx tensor element."""
    r = mp.sqrt(x * x + y * y + z * z)
    total = (2 * x * x - y * y - z * z) * r / 6
    if x and y and z:
        total -= x * y * z * mp.atan(y * z / (x * r))
    if y and (x or z):
        total += y / 2 * (z * z - x * x) * mp.asinh(y / mp.hypot(x, z))
    if z and (x or y):
        total += z / 2 * (y * y - x * x) * mp.asinh(z / mp.hypot(x, y))
    return total


def test_demagnetizing_factors_of_plates_and_needles():
    # The second differences of Newell's function: another closed form of the same average.
    with mp.workdps(100):
        for dimension in itertools.product([1e-6, 1.0, 3.7, 1e6], repeat=3):
            factors = cuboid_demagnetizing_factors(dimension)
            assert factors.sum() == pytest.approx(1.0, abs=2e-16)
            a, b, c = (mpf(d) for d in dimension)
            total = mpf(0)
            for i, j, k in itertools.product(
                (0, 1), repeat=3
            ):  # by symmetry; the weight of 0 is -2, of 1 it is 2
                weight = 8 * (-1) ** (i + j + k)
                total += weight * _newell(i * a, j * b, k * c)
            exact = total / (4 * mp.pi * a * b * c)
            assert abs(factors[0] / exact - 1) <= 2e-16


def test_mean_of_H_inside_is_minus_N_times_M():
    dimension, magnetization = np.array([1.0, 0.6, 1.4]), np.array([1.0, 2.0, -3.0])
    magnet = Cuboid(dimension, magnetization=magnetization)
    # H has logarithmic singularities at the edges: nodes that crowd there exponentially (tanh-sinh).
    t = np.linspace(-2.8, 2.8, 57)
    nodes = 0.5 * np.tanh(0.5 * np.pi * np.sinh(t))
    weights = 0.25 * np.pi * np.cosh(t) / np.cosh(0.5 * np.pi * np.sinh(t)) ** 2 * (t[1] - t[0])
    grid = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij"), axis=-1) * dimension
    mean = np.einsum("i,j,k,ijkc->c", weights, weights, weights, magnet.H(grid))
    expected = -cuboid_demagnetizing_factors(dimension) * magnetization
    np.testing.assert_allclose(mean, expected, rtol=1e-8)
