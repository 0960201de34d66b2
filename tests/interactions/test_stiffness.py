"""Stiffness against differences of sixth order of forces and torques, and what must hold for any of it."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from laws.test_interactions import BODIES, TARGETS, moved
from magneton import CircularLoop, Cuboid, Dipole, interaction
from magneton.interactions import NotConverged, stiffness

WEIGHTS = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
STEP = 0.02
PIVOT = np.array([0.8, 1.2, 1.3])


def slope(result_at, quantity):
    """Return the derivative by a parameter of one of a result's vectors, from six results."""
    parts = [
        w * (getattr(result_at(k * STEP), quantity) - getattr(result_at(-k * STEP), quantity))
        for k, w in WEIGHTS.items()
    ]
    return sum(parts) / STEP


@pytest.mark.parametrize("name", TARGETS)
def test_stiffness_is_minus_the_gradient_of_force_and_torque(name):
    source, target = BODIES["Cuboid"], moved(TARGETS[name])
    k = stiffness(source, target, pivot=PIVOT, rtol=1e-10)
    axis = np.array([0.48, -0.6, 0.64])

    def shifted(step):
        return interaction(source, target.translated(step * axis), pivot=PIVOT + step * axis, rtol=1e-13)

    def turned(step):
        return interaction(
            source, target.rotated(Rotation.from_rotvec(step * axis), about=PIVOT), pivot=PIVOT, rtol=1e-13
        )

    scale = np.abs(k.translation).max(), np.abs(k.rotation).max(), np.abs(k.coupling).max()
    assert np.allclose(k.translation @ axis, -slope(shifted, "force"), rtol=0, atol=1e-7 * scale[0])
    assert np.allclose(k.rotation @ axis, -slope(turned, "torque"), rtol=0, atol=1e-7 * scale[1])
    assert np.allclose(k.coupling @ axis, -slope(turned, "force"), rtol=0, atol=1e-7 * scale[2])
    assert k.error <= 1e-10


@pytest.mark.parametrize("name", [n for n in TARGETS if TARGETS[n].body.closed and "Density" not in n])
def test_stiffness_is_symmetric_and_has_no_trace(name):
    k = stiffness(BODIES["CircularLoop"], moved(TARGETS[name])).translation
    size = np.abs(k).max()
    assert np.allclose(k, k.T, rtol=0, atol=1e-11 * size)
    assert abs(np.trace(k)) < 1e-11 * size


def test_coaxial_dipoles():
    a, b = Dipole([0, 0, 2.0]), Dipole([0, 0, 3.0], [0, 0, 0.5])
    force = interaction(a, b).force[2]
    k = stiffness(a, b)
    assert k.translation[2, 2] == pytest.approx(4 * force / 0.5, rel=1e-13)
    assert k.translation[0, 0] == pytest.approx(-2 * force / 0.5, rel=1e-13)


def test_bodies_that_touch_are_refused():
    cube = Cuboid([1, 1, 1], magnetization=[0, 0, 1.0])
    with pytest.raises((ValueError, NotConverged)):
        stiffness(cube, cube.translated([0, 0, 1.0]))


def test_a_field_is_no_target():
    with pytest.raises(ValueError, match="target must be a body"):
        stiffness(CircularLoop(1.0, 1.0), BODIES["UniformField"])
