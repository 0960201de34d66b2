"""Second derivatives of fields."""

import itertools

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import (
    CircularLoop,
    Collection,
    Cuboid,
    Cylinder,
    Dipole,
    Dipoles,
    Ellipsoid,
    Magnetization,
    PolePair,
    Solenoid,
    Sphere,
    UniformField,
)
from magneton.interactions._derivatives import second_gradient

TURNED = Rotation.from_rotvec([0.3, -0.8, 0.5])
SOURCES = {
    "dipoles": Dipoles([[1.0, 2, 3], [-2.0, 0, 1]], [[0, 0, 0], [0.1, 0.2, 0.1]]),
    "loop": CircularLoop(0.1, 1e3, orientation=TURNED),
    "poles": PolePair(1e3, [0, 0.1, 0.1]),
    "plate": Cuboid([0.2, 0.2, 0.01], polarization=[0, 0.3, 1.0], orientation=TURNED),
    "cylinder": Cylinder(0.05, 0.2, polarization=[0.5, 0, 1.0]),
    "ellipsoid": Ellipsoid([0.02, 0.05, 0.1], polarization=[0.5, 0, 1.0]),
    "solenoid": Solenoid(0.05, 0.2, 100, 10.0),
}
SOURCES["all"] = Collection([*SOURCES.values(), UniformField([0, 0, 1.0])])


def by_differences(source, point, h):
    """Return the derivatives of the gradient, by differences of eighth order."""
    out = np.empty((3, 3, 3))
    for k, e in enumerate(np.eye(3)):
        weights = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}
        out[:, :, k] = (
            sum(
                w * (source.grad_B(point + s * h * e) - source.grad_B(point - s * h * e))
                for s, w in weights.items()
            )
            / h
        )
    return out


@pytest.mark.parametrize("name", SOURCES)
def test_against_differences_of_the_gradient(name):
    points = np.array([[0.3, -0.2, 0.25], [0.02, 0.03, 0.17], [-1.0, 2.0, 0.5]])
    found = second_gradient(SOURCES[name], points)
    for value, point in zip(found, points, strict=True):
        expected = by_differences(SOURCES[name], point, 0.004 * np.linalg.norm(point))
        np.testing.assert_allclose(value, expected, rtol=0, atol=1e-8 * np.abs(expected).max())


@pytest.mark.parametrize("name", SOURCES)
def test_symmetric_and_without_trace(name):
    value = second_gradient(SOURCES[name], [0.12, 0.17, -0.14])
    size = np.abs(value).max()
    for order in itertools.permutations(range(3)):
        np.testing.assert_allclose(value, value.transpose(order), rtol=0, atol=1e-14 * size)
    assert np.abs(np.trace(value)).max() <= 2e-13 * size


def test_a_magnet_s_field_near_its_face_and_inside():
    # A sphere is a dipole outside, at all distances, and uniform inside.
    ball = Sphere(0.1, polarization=[0, 0.6, 0.8])
    n = np.array([2.0, 3.0, 6.0]) / 7.0
    for distance in (0.101, 0.1 + 1e-5, 0.1 + 1e-8):
        exact = second_gradient(Dipole(ball.moment), distance * n)
        assert np.abs(second_gradient(ball, distance * n) - exact).max() <= 1e-12 * np.abs(exact).max() / (
            distance / 0.1 - 1
        )
    assert np.abs(second_gradient(ball, 0.05 * n)).max() <= 1e-12 * np.abs(exact).max()
    # A point within the sphere that holds a plate, outside and inside the plate.
    plate = SOURCES["plate"]
    for height in (0.012, 0.0):
        point = TURNED.apply([0.03, 0.02, height])
        expected = by_differences(plate, point, 4e-4 if height else 2e-4)
        found = second_gradient(plate, point)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8 * np.abs(expected).max())


def test_a_source_that_lies_inside_the_first_sphere_is_seen():
    # Of a body only the sphere is known that holds it. Two grains far apart make a wide one, of which the first sphere
    # is a part: it holds a grain, both rules agree on it, and only the mean differs from the value at the centre.
    grains = Magnetization([[0, 0, -1.0], [0, 0, 1.0]], [[0, 0, 1e5], [0, 0, 1e5]], volumes=1e-9)
    point = np.array([0.005, 0.0, 1.0])
    expected = by_differences(grains, point, 1e-4)
    found = second_gradient(grains, point)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8 * np.abs(expected).max())


def test_where_there_is_none():
    assert np.all(np.isnan(second_gradient(Dipole([0, 0, 1]), [0, 0, 0])))
    assert np.all(np.isnan(second_gradient(CircularLoop(0.1, 1e3), [0.1, 0, 0])))
    assert not second_gradient(UniformField([0, 0, 1]), [[1, 2, 3]]).any()
    with pytest.raises(ValueError, match="source must be a source or several, got int"):
        second_gradient(3, [0, 0, 0])
