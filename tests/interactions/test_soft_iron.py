"""Bodies of constant permeability."""

import math

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import (
    Cuboid,
    Cylinder,
    Dipole,
    Ellipsoid,
    Sphere,
    UniformField,
    demagnetizing_factors,
    interaction,
)
from magneton.constants import mu_0
from magneton.interactions._soft_sphere import sphere_response
from magneton.interactions._tally import NotConverged
from magneton.interactions._voxel_iron import VoxelGrid
from magneton.interactions.images import image
from magneton.interactions.soft_iron import magnetized, polarizability
from magneton.sources import Magnetization

MU0 = float(mu_0)
TURN = Rotation.from_rotvec([0.4, -0.7, 0.2])
NONE = {"magnetization": [0, 0, 0]}
CUBE = Cuboid([1, 1, 1], **NONE)


@pytest.mark.parametrize("mu_r", [math.inf, 1000.0, 1.5, 0.0])
def test_a_sphere_in_a_uniform_field(mu_r):
    a, B = 0.02, np.array([0.1, -0.2, 0.3])
    factor = 1.0 if mu_r == math.inf else (mu_r - 1) / (mu_r + 2)
    ball = magnetized(Sphere(a, **NONE), mu_r, UniformField(B))
    np.testing.assert_allclose(ball.moment, 4 * math.pi * a**3 * factor * B / MU0, rtol=1e-14)
    np.testing.assert_allclose(ball.source.moment, ball.moment, rtol=1e-14)
    # M = chi H inside: H is the field outside less M/3.
    H = B / MU0 + ball.source.H([0.003, 0.004, 0.005])
    if mu_r < math.inf:
        np.testing.assert_allclose((mu_r - 1) * H, ball.source.magnetization, rtol=1e-11)
    else:
        assert np.abs(H).max() <= 1e-13 * np.abs(B).max() / MU0
    assert ball.energy == pytest.approx(-0.5 * ball.moment @ B, rel=1e-14)


MAGNET = Cuboid([0.02, 0.01, 0.01], polarization=[0.3, 0, 1.0], position=[0.01, -0.02, 0.05])


@pytest.mark.parametrize("mu_r", [math.inf, 7.0, 0.0])
def test_a_sphere_in_a_magnet_s_field_keeps_the_boundary_conditions(mu_r):
    a, centre = 0.03, np.array([0.002, -0.003, 0.001])
    ball = magnetized(Sphere(a, position=centre, **NONE), mu_r, MAGNET, rtol=1e-12)
    n = np.random.default_rng(2).normal(size=(20, 3))
    n /= np.linalg.norm(n, axis=1)[:, None]
    outside = centre + a * n
    H = MAGNET.H(outside) + ball.source.H(outside)
    size = np.abs(MAGNET.H(outside)).max()
    if mu_r == math.inf:
        assert np.abs(np.cross(n, H)).max() <= 1e-9 * size
    elif mu_r == 0.0:
        assert np.abs(np.sum(n * H, axis=1)).max() <= 1e-9 * size
    # Inside, each degree of the external potential is 1 - chi l/(mu_r l + l + 1) as strong: the moment is that at the
    # centre, and the force is the reaction on the magnet's poles.
    np.testing.assert_allclose(
        ball.moment, polarizability(Sphere(a, **NONE), mu_r) @ MAGNET.B(centre), rtol=1e-10
    )
    reaction = interaction(ball.source, MAGNET, rtol=1e-9).force
    np.testing.assert_allclose(reaction, -ball.force, rtol=0, atol=1e-8 * np.linalg.norm(ball.force))

    def energy(shift):
        moved = Sphere(a, position=centre + np.array([0, 0, shift]), **NONE)
        return magnetized(moved, mu_r, MAGNET, rtol=1e-12).energy

    h = 2e-4
    slope = (8 * (energy(h) - energy(-h)) - energy(2 * h) + energy(-2 * h)) / (12 * h)
    assert ball.force[2] == pytest.approx(-slope, rel=1e-6)


def test_harmonics_and_the_closed_form_agree_in_a_uniform_field():
    B = np.array([0.1, -0.2, 0.3])
    answer = sphere_response(0.02, np.array([1.0, 2.0, 3.0]), 5.0, UniformField(B), 1e-9)
    plain = magnetized(Sphere(0.02, **NONE), 5.0, UniformField(B))
    assert answer.energy == pytest.approx(plain.energy, rel=1e-13)
    g, h = answer.coefficients
    np.testing.assert_allclose([g[1, 1], h[1, 1], g[1, 0]], plain.moment, rtol=1e-12)
    assert np.abs(answer.force).max() <= 1e-12 * abs(plain.energy) / 0.02


def test_a_turned_ellipsoid_in_a_uniform_field():
    body, mu_r, B = Ellipsoid([0.01, 0.02, 0.05], orientation=TURN, **NONE), 20.0, np.array([0.1, -0.2, 0.3])
    grain = magnetized(body, mu_r, UniformField(B))
    # Inside M = chi (H_0 - N M) with N along the body's own axes.
    M, H = grain.source.magnetization, TURN.inv().apply(B) / MU0
    np.testing.assert_allclose(M, (mu_r - 1) * (H - demagnetizing_factors(body) * M), rtol=1e-12)
    np.testing.assert_allclose(grain.torque, np.cross(grain.moment, B), rtol=1e-13)
    np.testing.assert_allclose(polarizability(body, mu_r) @ B, grain.moment, rtol=1e-13)

    # The torque is minus the slope of the energy on turning.
    def energy(angle):
        turned = body.rotated(Rotation.from_rotvec([0, 0, angle]))
        return magnetized(turned, mu_r, UniformField(B)).energy

    h = 1e-2
    slope = (8 * (energy(h) - energy(-h)) - energy(2 * h) + energy(-2 * h)) / (12 * h)
    assert grain.torque[2] == pytest.approx(-slope, rel=1e-6)


@pytest.mark.parametrize(
    ("mu_r", "expected"),
    # Sihvola et al. (2004), table of the limits for the cube, electric polarizability over the volume; in between their
    # interpolation formula, said to be right to 3e-4.
    [(math.inf, 3.6442), (10.0, 2.5112), (0.0, -1.6383)],
)
def test_polarizability_of_a_cube(mu_r, expected):
    cube = magnetized(CUBE, mu_r, UniformField([0, 0, MU0]))
    assert abs(cube.moment[2] - expected) <= cube.error * abs(expected)
    assert cube.moment[2] == pytest.approx(expected, rel=2e-3)
    assert np.abs(cube.moment[:2]).max() <= 1e-6
    assert cube.energy == pytest.approx(-0.5 * MU0 * cube.moment[2], rel=1e-9)


def test_a_weakly_magnetic_cube_has_the_magnetometric_factor():
    # To second order in chi the mean of M is chi H (1 - chi N), N = 1/3.
    chi = 1e-5
    cube = magnetized(CUBE, 1 + chi, UniformField([0, 0, MU0]))
    assert (1 - cube.moment[2] / chi) / chi == pytest.approx(1 / 3, rel=2e-2)
    weak = magnetized(Cuboid([1.0, 1.0, 0.2], **NONE), 1.1, UniformField([0, 0, MU0]))
    N = demagnetizing_factors(Cuboid([1.0, 1.0, 0.2], **NONE))[2]
    assert weak.moment[2] == pytest.approx(0.2 * 0.1 / (1 + 0.1 * N), rel=5e-4)


def test_the_field_on_voxels_is_that_of_their_sum():
    grid = VoxelGrid(np.array([0.3, 0.2, 0.5]), (3, 4, 5))
    M = np.random.default_rng(1).normal(size=(60, 3))
    cells = [Cuboid(grid.edges, magnetization=m, position=p) for m, p in zip(M, grid.points, strict=True)]
    np.testing.assert_allclose(grid.field(M), sum(cell.H(grid.points) for cell in cells), rtol=0, atol=1e-13)


def test_iron_of_the_voxels_obeys_its_law():
    body = Cuboid([0.02, 0.03, 0.01], position=[0.1, 0.2, 0.3], orientation=TURN, **NONE)
    magnet = Cylinder(0.01, 0.01, polarization=[0, 0, 1.2], position=[0.1, 0.2, 0.34])
    iron = magnetized(body, 100.0, magnet, rtol=5e-2)
    voxels = iron.source
    assert isinstance(voxels, Magnetization)
    centres = TURN.apply(np.array(voxels.points)) + body.position
    H = magnet.H(centres) + voxels.H(centres)
    M = TURN.apply(np.array(voxels.magnetization))
    np.testing.assert_allclose(99.0 * H, M, rtol=0, atol=1e-2 * np.abs(M).max())
    assert np.linalg.norm(voxels.moment - iron.moment) <= 5e-2 * np.linalg.norm(iron.moment)
    assert iron.force[2] > 0  # iron is drawn to the magnet


def test_the_force_is_minus_the_slope_of_the_energy():
    magnet = Dipole([0, 0, 10.0], [0.02, 0, 0.05])

    def iron(shift):
        return magnetized(Cuboid([0.04, 0.03, 0.02], position=[0, 0, shift], **NONE), 50.0, magnet)

    h, still = 2e-3, iron(0.0)
    slope = (8 * (iron(h).energy - iron(-h).energy) - iron(2 * h).energy + iron(-2 * h).energy) / (12 * h)
    assert still.force[2] == pytest.approx(-slope, rel=2 * still.error)
    # And the reaction on the magnet, by the voxels' field.
    reaction = interaction(still.source, magnet).force
    np.testing.assert_allclose(
        reaction, -still.force, rtol=0, atol=4 * still.error * np.linalg.norm(still.force)
    )


@pytest.mark.parametrize("mu_r", [1000.0, 10.0])
def test_a_wide_plate_holds_a_magnet_as_its_image_does(mu_r):
    magnet = Cuboid([0.02, 0.02, 0.01], polarization=[0, 0, 1.0], position=[0, 0, 0.01])
    plate = magnetized(Cuboid([0.1, 0.1, 0.02], position=[0, 0, -0.01], **NONE), mu_r, magnet, rtol=2e-2)
    mirrored = image(magnet, [0, 0, 0], [0, 0, 1], mu_r)
    # The force on the magnet's faces, each a sheet of poles M.
    x, w = np.polynomial.legendre.leggauss(30)
    places = np.stack(np.meshgrid(0.01 * x, 0.01 * x, [0.005, 0.015], indexing="ij"), axis=-1)
    Bz = np.einsum("i,j,ijk->k", 0.01 * w, 0.01 * w, mirrored.B(places)[..., 2])
    force = (Bz[1] - Bz[0]) * magnet.magnetization[2]
    assert force < 0
    assert plate.force[2] == pytest.approx(-force, rel=2e-2)
    assert np.abs(plate.force[:2]).max() <= 1e-6 * plate.force[2]


def test_errors():
    uniform = UniformField([0, 0, 1.0])
    with pytest.raises(ValueError, match="body must be a Sphere, Ellipsoid or Cuboid, got Cylinder"):
        magnetized(Cylinder(1, 1, **NONE), 10.0, uniform)
    with pytest.raises(ValueError, match="body must be a Sphere or Ellipsoid, got Cuboid"):
        polarizability(CUBE, 10.0)
    with pytest.raises(ValueError, match="external must be a UniformField for an Ellipsoid"):
        magnetized(Ellipsoid([1, 1, 2], **NONE), 10.0, Dipole([0, 0, 1], [0, 0, 3.0]))
    with pytest.raises(ValueError, match="external must lie outside the body"):
        magnetized(Sphere(1.0, **NONE), 10.0, Dipole([0, 0, 1], [0, 0.1, 0.3]))
    with pytest.raises(NotConverged, match="with harmonics up to 80"):
        magnetized(Sphere(1.0, **NONE), 10.0, Dipole([0, 0, 1], [0, 0, 1.001]))
    with pytest.raises(ValueError, match="mu_r must not be negative"):
        magnetized(CUBE, -1.0, uniform)
    with pytest.raises(ValueError, match="external must have a field all over the body"):
        magnetized(CUBE, 10.0, Dipole([0, 0, 1], [0.125, 0.125, 0.125]))


def test_too_tight_a_tolerance_says_how_far_it_came(monkeypatch):
    monkeypatch.setattr("magneton.interactions.soft_iron._MOST_VOXELS", 5000)
    with pytest.raises(
        NotConverged, match=r"rtol=1e-06 was not reached with 4096 voxels: the error is 0\.00"
    ):
        magnetized(CUBE, 1000.0, UniformField([0, 0, 1.0]), rtol=1e-6)
