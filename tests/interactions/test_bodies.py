"""Forces between bodies: the stated error, contact, bodies of very different sizes, nanometres, magnets in a bore."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import Coil, Cuboid, Cylinder, Dipole, Solenoid, Sphere, interaction
from magneton.interactions._routes import _forces_on, _swapped
from magneton.sources import Ellipsoid
from support.bodies import random_body

M = np.array([2e5, -3e5, 9e5])
UP = [0.0, 0.0, 9e5]


def misses(result, values):
    """Return the errors of force, torque and energy in units of their scales."""
    force, torque, energy = np.split(np.asarray(values), [3, 6])
    parts = (result.force - force, result.torque - torque, result.energy - energy)
    return [float(np.linalg.norm(p)) / s for p, s in zip(parts, result.scales, strict=True)]


def values_of(result):
    return np.concatenate([result.force, result.torque, [result.energy]])


# --- the stated error ------------------------------------------------------------------------------------


def other_integral(source, target):
    """Return the integral over the body that `interaction` does not integrate over."""
    pivot = target.body.position
    plain = not target.body.patches and not target.body.hull
    if not plain and _swapped(source, target):
        return _forces_on(source, target, pivot, 1e-12)
    return _forces_on(target, source, pivot, 1e-12).reaction()


def random_pair(seed):
    """Return a random pair that does not overlap."""
    rng = np.random.default_rng(seed)
    spread = (0.8, 1.2, 2.0, 5.0)[seed % 4]
    while True:
        pair = random_body(rng, 0.0), random_body(rng, spread)
        try:
            interaction(*pair, rtol=1e-2)
        except ValueError:
            continue
        return pair


@pytest.mark.parametrize("seed", range(40))
def test_the_error_bounds_the_difference_of_both_integrals(seed):
    source, target = random_pair(seed)
    other = other_integral(source, target)
    for rtol in (1e-6, 1e-10):
        result = interaction(source, target, rtol=rtol)
        doubt = [float(e) / s for e, s in zip(other.errors, result.scales, strict=True)]
        assert all(m <= result.error + d for m, d in zip(misses(result, other.values), doubt, strict=True))
        assert result.error <= rtol


# --- contact ---------------------------------------------------------------------------------------------

CONTACTS = {
    "equal": ([0.0, 0.0, 1.0], 0.0),
    "shifted along an edge": ([0.3, 0.0, 1.0], 0.0),
    "shifted": ([0.3, -0.2, 1.0], 0.0),
    "turned by 45 degrees": ([0.0, 0.0, 1.0], np.pi / 4),
    "turned and shifted": ([0.3, -0.2, 1.0], np.pi / 4),
}


def two_cubes(place, angle, gap):
    turn = Rotation.from_rotvec([0.0, 0.0, angle])
    position = np.add(place, [0.0, 0.0, gap])
    return Cuboid([1.0] * 3, magnetization=M), Cuboid(
        [1.0] * 3, magnetization=[-3e5, 1e5, 8e5], position=position, orientation=turn
    )


@pytest.mark.parametrize("name", CONTACTS)
def test_cubes_in_contact_have_the_force_of_a_vanishing_gap(name):
    touching, near = (interaction(*two_cubes(*CONTACTS[name], gap), rtol=1e-7) for gap in (0.0, 1e-8))
    assert np.any(touching.force != near.force)  # the gap is not rounded away
    assert max(misses(touching, values_of(near))) < 5e-7


@pytest.mark.parametrize("name", ["equal", "shifted along an edge", "shifted"])
def test_the_integral_over_touching_faces_is_the_closed_form(name):
    source, target = two_cubes(*CONTACTS[name], 0.0)
    integral = _forces_on(source, target, target.position, 1e-7)
    result = interaction(source, target, rtol=1e-12)
    assert result.evaluations == 1  # by the closed form
    assert max(misses(result, integral.values)) < 1e-7


def test_cylinders_in_contact_have_the_force_of_a_vanishing_gap():
    lower = Cylinder(0.5, 1.0, magnetization=UP)
    touching, near = (
        interaction(lower, Cylinder(0.4, 0.6, magnetization=M, position=[0.1, 0.0, 0.8 + gap]), rtol=1e-8)
        for gap in (0.0, 1e-8)
    )
    assert max(misses(touching, values_of(near))) < 1e-6


# --- sizes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tilt", [0.0, 0.7])
@pytest.mark.parametrize("height", [1e-6, 0.3])
def test_a_cuboid_a_million_times_smaller_is_a_dipole(height, tilt):
    large = Cuboid([1.0, 0.8, 0.6], magnetization=M)
    turn = Rotation.from_rotvec([tilt, -0.4 * tilt, 0.2 * tilt])
    tiny = Cuboid(
        [1e-6, 2e-6, 1e-6], magnetization=M, position=[0.1, 0.07, 0.300002 + height], orientation=turn
    )
    point = Dipole(tiny.moment, tiny.position)
    exact = interaction(large, point)
    on_tiny, on_large = interaction(large, tiny), interaction(tiny, large, pivot=tiny.position)
    for result, sign in ((on_tiny, 1.0), (on_large, -1.0)):
        np.testing.assert_allclose(
            result.force, sign * exact.force, rtol=0, atol=1e-9 * np.linalg.norm(exact.force)
        )
        np.testing.assert_allclose(
            result.torque, sign * exact.torque, rtol=0, atol=1e-9 * np.linalg.norm(exact.torque)
        )
        assert result.energy == pytest.approx(exact.energy, rel=1e-9)


def scenes(length):
    """Return pairs at a scale of lengths, at fixed magnetization."""
    turn = Rotation.from_rotvec([0.4, -0.7, 0.3])
    cube = Cuboid(np.array([1.0, 0.8, 0.6]) * length, magnetization=M)
    at = {"magnetization": M, "position": np.array([0.2, 0.1, 1.1]) * length}
    tilted = {**at, "orientation": turn}
    aside = {"magnetization": M, "position": np.array([0.9, 0.1, 0.2]) * length}
    current = 1e6 * length
    return {
        "cuboids": (cube, Cuboid([0.5 * length] * 3, **at)),
        "tilted": (cube, Cuboid([0.5 * length] * 3, **tilted)),
        "ellipsoid": (cube, Ellipsoid(np.array([0.5, 0.4, 0.3]) * length, **tilted)),
        "coil": (
            Coil(0.3 * length, 0.5 * length, length, 100.0, current),
            Cylinder(0.3 * length, 0.5 * length, **tilted),
        ),
        "solenoid": (Solenoid(0.5 * length, length, 100.0, current), Sphere(0.3 * length, **aside)),
    }


@pytest.mark.parametrize("name", scenes(1.0))
def test_a_scene_in_nanometres_has_the_same_digits(name):
    # B of a magnet depends on shape alone, and of a circuit if its current is in proportion: F goes as the area.
    metres, nanometres = (interaction(*scenes(length)[name], rtol=1e-10) for length in (1.0, 1e-9))
    grown = np.concatenate([nanometres.force * 1e18, nanometres.torque * 1e27, [nanometres.energy * 1e27]])
    assert max(misses(metres, grown)) < 1e-12
    assert nanometres.error == pytest.approx(metres.error, rel=0.1)


# --- one in the other ------------------------------------------------------------------------------------


@pytest.mark.parametrize("swapped", [False, True])
def test_a_magnet_inside_another_is_refused(swapped):
    pair = Cuboid([1.0] * 3, magnetization=M), Sphere(0.1, magnetization=M, position=[0.1, 0.2, 0.1])
    with pytest.raises(ValueError, match="overlap"):
        interaction(*(pair[::-1] if swapped else pair))


def volume_integral(source, magnet, count=16):
    """Return force and energy of a cuboid with its edges along the axes, by Gauss-Legendre over its volume."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    grid = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij"), axis=-1).reshape(-1, 3)
    share = np.einsum("i,j,k->ijk", weights, weights, weights).ravel() * np.prod(magnet.dimension) / 8.0
    points = magnet.position + 0.5 * grid * magnet.dimension
    force = np.einsum("n,j,nji->i", share, magnet.magnetization, source.grad_B(points))
    return force, -float(share @ (source.B(points) @ magnet.magnetization))


@pytest.mark.parametrize(
    "winding", [Coil(0.3, 0.5, 1.0, 100.0, 1e4), Solenoid(0.3, 1.0, 100.0, 1e4)], ids=["coil", "solenoid"]
)
@pytest.mark.parametrize("swapped", [False, True])
def test_a_magnet_in_the_bore_of_a_winding(winding, swapped):
    magnet = Cuboid([0.2, 0.15, 0.3], magnetization=M, position=[0.03, -0.05, 0.2])
    pair = (magnet, winding) if swapped else (winding, magnet)
    result = interaction(*pair, rtol=1e-10)
    force, energy = volume_integral(winding, magnet)
    force = -force if swapped else force
    assert np.linalg.norm(result.force - force) <= 1e-10 * result.scales[0]
    assert result.energy == pytest.approx(energy, rel=1e-10)
