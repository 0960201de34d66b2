"""Bodies may touch, at any angle; no part of one may lie inside the other, however small."""

import math

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import (
    CircularLoop,
    Coil,
    Collection,
    Cuboid,
    Cylinder,
    Dipole,
    Polyline,
    Solenoid,
    Sphere,
    interaction,
)
from magneton.interactions import stiffness
from magneton.sources import Ellipsoid, Magnetization, Pole, SpinningBody

M = {"magnetization": [0.2, 0.3, 1.0]}
PLATE = Cuboid([1.0, 1.0, 0.1], **M)
CUBE = Cuboid([0.1, 0.1, 0.1], **M)
TILTED = Rotation.from_rotvec([math.pi / 4, 0, 0])
SKEW = Rotation.from_rotvec([math.radians(30), 0, 0]) * Rotation.from_rotvec([0, math.radians(20), 0])


def resting(body, rotation):
    """Return a cube turned, its lowest corner at z = 0."""
    corners = 0.05 * np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    return body.rotated(rotation).translated([0.0, 0.0, -rotation.apply(corners)[:, 2].min()])


TOUCHING = {
    "edge on a face": (PLATE, resting(CUBE, TILTED).translated([0.02, 0.03, 0.05])),
    "corner on a face": (PLATE, resting(CUBE, SKEW).translated([0.02, 0.03, 0.05])),
    "cylinder lying on a plate": (
        PLATE,
        Cylinder(0.3, 0.4, **M)
        .rotated(Rotation.from_rotvec([math.pi / 2, 0, 0]))
        .translated([0, 0, 0.05 + 0.3]),
    ),
    "sphere on a plate": (PLATE, Sphere(0.3, **M, position=[0.1, 0.02, 0.05 + 0.3])),
    "ellipsoid on a plate": (PLATE, Ellipsoid([0.3, 0.2, 0.1], **M, position=[0.1, 0.02, 0.05 + 0.1])),
}


@pytest.mark.parametrize("name", TOUCHING)
def test_bodies_that_touch_have_the_force_of_a_small_gap(name):
    lower, upper = TOUCHING[name]
    touching = interaction(lower, upper, rtol=1e-6)
    apart = interaction(lower, upper.translated([0, 0, 1e-7]), rtol=1e-6)
    assert np.allclose(touching.force, apart.force, rtol=0, atol=1e-4 * np.linalg.norm(apart.force))


OVERLAPPING = {
    "loop through a small sphere": (
        CircularLoop(1.0, 2.0),
        Sphere(0.02, **M, position=[math.cos(0.1), math.sin(0.1), 0.003]),
    ),
    "loop through a small cuboid": (
        CircularLoop(1.0, 2.0),
        Cuboid([0.02] * 3, **M, position=[math.cos(0.1), math.sin(0.1), 0.003]),
    ),
    "wire through a small sphere": (
        Polyline([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], 1.0),
        Sphere(0.01, **M, position=[0.123, 0.004, 0]),
    ),
    "sphere cut by a solenoid": (
        Solenoid(1.0, 1.0, 100, 2.0),
        Sphere(0.02, **M, position=[math.cos(0.2) + 0.003, math.sin(0.2), 0.083]),
    ),
    "rod through a cylinder": (
        Cylinder(0.03, 0.05, **M),
        Cylinder(0.0005, 1.0, **M, position=[0.0283, 0.003, 0.002]),
    ),
    "sphere in the side of a cylinder": (
        Cylinder(0.5, 1.0, **M),
        Sphere(0.3, **M, position=[0.795 * math.cos(0.2), 0.795 * math.sin(0.2), 0.0]),
    ),
    "cube inside voxels": (
        Magnetization([[0, 0, 0], [0.2, 0, 0]], [[0, 0, 1e6]] * 2, 8e-3),
        Cuboid([0.02] * 3, **M, position=[0.03, 0.02, 0.01]),
    ),
    "dipole inside a turning shell": (
        SpinningBody.shell(2, 1, 0.3, (1, 1, 2)),
        Dipole((0, 1, 2), (0.1, 0.05, 0.02)),
    ),
    "cube in a cube": (Cuboid([0.3] * 3, **M), CUBE),
}


@pytest.mark.parametrize("name", OVERLAPPING)
@pytest.mark.parametrize("question", [interaction, stiffness])
def test_bodies_that_overlap_are_refused(name, question):
    for source, target in (OVERLAPPING[name], OVERLAPPING[name][::-1]):
        with pytest.raises(ValueError, match="must not overlap"):
            question(source, target)


def test_a_magnet_that_fills_the_bore_of_a_coil_is_no_overlap():
    coil, magnet = Coil(0.1, 0.15, 0.2, 100, 2.0), Cylinder(0.1, 0.2, **M, position=[0, 0, 0.25])
    assert np.isfinite(interaction(coil, magnet, rtol=1e-6).force).all()


def slope(source, target, axis, step=0.01):
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    return sum(
        w * (interaction(source, target.translated(k * step * axis), rtol=1e-12).force
             - interaction(source, target.translated(-k * step * axis), rtol=1e-12).force)
        for k, w in weights.items()
    ) / step  # fmt: skip


PLACE = (0.2, 0.1, 0.4)


@pytest.mark.parametrize("target", [Cuboid([0.1] * 3, **M, position=PLACE), Dipole((0.1, 0.2, 1.0), PLACE)])
@pytest.mark.parametrize("pole", [False, True])
def test_stiffness_in_the_field_of_an_open_line(target, pole):
    """curl B is not zero there, and beside a pole there is no common picture of the magnet."""
    source = Polyline([[-0.3, -0.5, 0], [0.7, 0.6, 0]], 1000.0)
    if pole:
        source = Collection([source, Pole(1e3, (1, 1, 1))])
    axis = np.array([0.48, -0.6, 0.64])
    k = stiffness(source, target)
    allowed = 1e-7 * np.abs(k.translation).max()
    assert np.allclose(k.translation @ axis, -slope(source, target, axis), rtol=0, atol=allowed)


def test_stiffness_of_a_small_magnet_in_the_field_of_the_earth():
    from magneton import earth

    magnet = Cuboid([0.1] * 3, polarization=(0.3, 0.5, 1), position=(6371200.0, 0, 0))
    k = stiffness(earth(2020.0), magnet)
    dipole = stiffness(earth(2020.0), Dipole(magnet.moment, magnet.position))
    assert np.allclose(
        k.translation, dipole.translation, rtol=0, atol=1e-9 * np.abs(dipole.translation).max()
    )
