"""Images in a plane of iron."""

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
    Dipoles,
    Ellipsoid,
    HelmholtzPair,
    Pole,
    PolePair,
    Polyline,
    Solenoid,
    Sphere,
    Tetrahedron,
    interaction,
)
from magneton.constants import mu_0
from magneton.interactions.images import image

TURN = Rotation.from_rotvec([0.4, -0.7, 0.2])
AT = {"position": [0.1, -0.2, 0.7], "orientation": TURN}
J = {"polarization": [0.3, -0.2, 1.0], **AT}
SOURCES = [
    Dipole([1.0, 2.0, 3.0], AT["position"]),
    Dipoles([[1.0, 2.0, 3.0], [0, 1.0, -1.0]], [AT["position"], [0, 0, 1.0]]),
    Pole(2.0, AT["position"]),
    PolePair(3.0, [0.1, 0.2, -0.1], AT["position"]),
    Cuboid([0.1, 0.2, 0.3], **J),
    Cylinder(0.1, 0.3, **J),
    Sphere(0.2, **J),
    Ellipsoid([0.1, 0.2, 0.3], **J),
    CircularLoop(0.2, 3.0, **AT),
    Solenoid(0.1, 0.2, 50, 2.0, **AT),
    Coil(0.1, 0.15, 0.2, 50, 2.0, **AT),
    HelmholtzPair(0.2, 10, 2.0, **AT),
    Polyline([[0, 0, 0.5], [0.2, 0.1, 0.6], [0.1, 0.3, 0.4], [0, 0, 0.5]], 4.0),
]
SOURCES.append(Collection([SOURCES[4], SOURCES[8]]))
NORMAL = np.array([2.0, -1.0, 6.0]) / math.sqrt(41)
POINT = np.array([0.1, 0.1, 0.05])


@pytest.mark.parametrize("mu_r", [math.inf, 50.0, 0.0])
@pytest.mark.parametrize("source", SOURCES, ids=lambda s: type(s).__name__)
def test_the_boundary_conditions_hold_on_the_plane(source, mu_r):
    # Behind the plane B is the source's times 2 mu_r/(mu_r + 1). Its normal part is that in front, and the tangential
    # part of H = B/(mu_r mu_0) there too.
    mirrored = image(source, POINT, 3.0 * NORMAL, mu_r)
    assert type(mirrored) is type(source)
    points = np.random.default_rng(1).uniform(-1, 1, (40, 3))
    points -= ((points - POINT) @ NORMAL)[:, None] * NORMAL
    B = source.B(points)
    front, size = B + mirrored.B(points), np.abs(B).max()
    behind = 2.0 * B / (1 + 1 / mu_r) if mu_r else 0.0 * B
    np.testing.assert_allclose(front @ NORMAL, behind @ NORMAL, rtol=0, atol=1e-12 * size)
    tangential = np.cross(NORMAL, 2.0 / (mu_r + 1) * B)
    np.testing.assert_allclose(np.cross(NORMAL, front), tangential, rtol=0, atol=1e-12 * size)


@pytest.mark.parametrize("mu_r", [math.inf, 3.0, 0.0])
def test_force_on_a_moment_in_front_of_iron(mu_r):
    # m^2 (1 + cos^2)/2 takes the place of m^2: 3 mu_0 m^2 (1 + cos^2)/(4 pi (2 h)^4), towards the iron.
    m, h = np.array([0.3, 0.4, 1.2]), 0.05
    factor = 1.0 if mu_r == math.inf else (mu_r - 1) / (mu_r + 1)
    moment = Dipole(m, [0, 0, h])
    pair = interaction(image(moment, [0, 0, 0], [0, 0, 1], mu_r), moment)
    expected = -factor * 3 * float(mu_0) / (4 * math.pi) * (m @ m + m[2] ** 2) / (2 * h) ** 4
    np.testing.assert_allclose(pair.force, [0, 0, expected], rtol=1e-13, atol=1e-16)

    def energy(height):
        moved = Dipole(m, [0, 0, height])
        return 0.5 * interaction(image(moved, [0, 0, 0], [0, 0, 1], mu_r), moved).energy

    step = 1e-3 * h
    slope = (8 * (energy(h + step) - energy(h - step)) - energy(h + 2 * step) + energy(h - 2 * step)) / (
        12 * step
    )
    assert pair.force[2] == pytest.approx(-slope, rel=1e-9)


def test_errors():
    dipole = Dipole([0, 0, 1], [0, 0, 1.0])
    with pytest.raises(
        ValueError, match="source must lie on the side that normal points to, got -1 m along it"
    ):
        image(dipole, [0, 0, 0], [0, 0, -1])
    with pytest.raises(ValueError, match="normal must not be zero"):
        image(dipole, [0, 0, 0], [0, 0, 0])
    with pytest.raises(ValueError, match="mu_r must not be negative, got -2"):
        image(dipole, [0, 0, 0], [0, 0, 1], -2)
    with pytest.raises(ValueError, match="mu_r must be finite"):
        image(dipole, [0, 0, 0], [0, 0, 1], math.nan)
    body = Tetrahedron([[0, 0, 1], [1, 0, 1], [0, 1, 1], [0, 0, 2]], polarization=[0, 0, 1])
    with pytest.raises(ValueError, match=r"source must be one of Dipole, .* got Tetrahedron"):
        image(body, [0, 0, 0], [0, 0, 1])
