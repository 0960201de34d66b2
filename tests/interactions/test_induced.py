"""Bodies that a field and each other magnetize."""

import math

import numpy as np
import pytest

from magneton import CircularLoop, Cuboid, Dipole, UniformField
from magneton.constants import mu_0
from magneton.interactions._polarize import PolarizationCatastrophe
from magneton.interactions.induced import induced_moments

K = float(mu_0) / (4 * math.pi)
MAGNET = Cuboid([0.2, 0.3, 0.4], polarization=[0, 0.5, 1.0], position=[0.3, 0, 6.0])


def cloud(count, seed):
    """Return positions a spacing or so apart."""
    rng = np.random.default_rng(seed)
    k = math.ceil(count ** (1 / 3))
    grid = np.stack(np.meshgrid(*[np.arange(k)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)[:count]
    return grid + rng.uniform(-0.15, 0.15, (count, 3))


def field_matrix(positions):
    """Return the fields of unit moments at all others, shape (3 n, 3 n)."""
    count = len(positions)
    matrix = np.zeros((count, 3, count, 3))
    for j, place in enumerate(positions):
        others = np.arange(count) != j
        for k, unit in enumerate(np.eye(3)):
            matrix[others, :, j, k] = Dipole(unit, place).B(positions[others])
    return matrix.reshape(3 * count, 3 * count)


@pytest.mark.parametrize("alpha", [0.05 / K, -0.05 / K])
def test_two_bodies_in_a_uniform_field_along_and_across_their_line(alpha):
    r, B0 = 0.8, 1e-3
    coupling = K * alpha / r**3
    for field, factor in (([0, 0, B0], 1 / (1 - 2 * coupling)), ([B0, 0, 0], 1 / (1 + coupling))):
        pair = induced_moments(alpha, [[0, 0, 0], [0, 0, r]], UniformField(field), rtol=1e-13)
        np.testing.assert_allclose(
            pair.moments, factor * alpha * np.array([field, field]), rtol=1e-12, atol=1e-14 * abs(alpha) * B0
        )
        assert pair.energy == pytest.approx(-factor * alpha * B0**2, rel=1e-12)
        assert pair.residual <= 1e-13


def anisotropic(count, seed, signs):
    rng = np.random.default_rng(seed)
    turns = np.linalg.qr(rng.normal(size=(count, 3, 3)))[0]
    sizes = rng.uniform(0.02, 0.1, (count, 3)) / K * np.asarray(signs)[:, None]
    return (turns * sizes[:, None, :]) @ np.swapaxes(turns, 1, 2)


@pytest.mark.parametrize("signs", [(1, 1), (-1, -1), (1, -1)], ids=["para", "dia", "both"])
def test_tensors_and_permanent_moments_against_the_dense_solution(signs):
    count = 30
    positions = cloud(count, 1)
    alpha = anisotropic(count, 2, np.resize(signs, count))
    permanent = 1e4 * np.random.default_rng(3).normal(size=(count, 3))
    result = induced_moments(alpha, positions, MAGNET, permanent, rtol=1e-12)
    G = field_matrix(positions)
    blocks = np.zeros((count, 3, count, 3))
    blocks[np.arange(count), :, np.arange(count)] = alpha
    blocks = blocks.reshape(3 * count, 3 * count)
    outside = MAGNET.B(positions).ravel()
    dense = np.linalg.solve(np.eye(3 * count) - blocks @ G, permanent.ravel() + blocks @ outside)
    np.testing.assert_allclose(result.moments.ravel(), dense, rtol=0, atol=1e-10 * np.abs(dense).max())
    # U(m) = (m - m0).alpha^-1 (m - m0)/2 - m.B_ext - m.G m/2
    part = dense - permanent.ravel()
    energy = 0.5 * part @ np.linalg.solve(blocks, part) - dense @ outside - 0.5 * dense @ G @ dense
    assert result.energy == pytest.approx(energy, rel=1e-9)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_force_on_induced_moments_is_minus_the_gradient_of_their_energy(sign):
    positions, alpha = cloud(8, 4), anisotropic(8, 5, [sign] * 8)
    permanent = np.zeros((8, 3))
    permanent[1] = [3e3, 2e3, -1e3]
    outside = [MAGNET, CircularLoop(0.5, 1e5, [0, 4.0, 0.5])]

    def energy(shift):
        moved = positions.copy()
        moved[3] += shift
        return induced_moments(alpha, moved, outside, permanent, rtol=1e-14).energy

    force = induced_moments(alpha, positions, outside, permanent, rtol=1e-14).system.forces()[3]
    h, weights = 2e-2, {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}
    for axis, e in enumerate(np.eye(3)):
        slope = sum(w * (energy(k * h * e) - energy(-k * h * e)) for k, w in weights.items()) / h
        assert force[axis] == pytest.approx(-slope, abs=1e-7 * np.linalg.norm(force))


def test_a_body_that_nothing_magnetizes_keeps_its_moment():
    positions = [[0, 0, 0], [0, 0, 1.0]]
    result = induced_moments([0.0, 0.1 / K], positions, moments=[[0, 0, 2.0], [0, 0, 0]], rtol=1e-14)
    assert result.moments[0].tolist() == [0, 0, 2.0]
    np.testing.assert_allclose(result.moments[1], [0, 0, 0.1 / K * 2 * K * 2.0], rtol=1e-13)
    assert result.source.B([0, 0, 5.0])[2] == pytest.approx(2 * K * (2.0 / 125 + 0.4 / 64), rel=1e-12)


def test_no_field_induces_nothing():
    result = induced_moments(0.1, np.eye(3))
    assert not result.moments.any()
    assert (result.energy, result.residual, result.iterations) == (0.0, 0.0, 0)


def test_a_pair_too_close_is_named():
    positions = cloud(40, 6)
    positions[31] = positions[7] + [0, 0, 0.4]
    with pytest.raises(
        PolarizationCatastrophe, match=r"The strongest pair, 7 and 31, is 0\.4 m apart.* = 1\.56"
    ):
        induced_moments(0.05 / K, positions, UniformField([0, 0, 1.0]))


@pytest.mark.parametrize("axis", [0, 2])
def test_many_bodies_run_away_together_though_each_pair_is_stable(axis):
    # On a chain the coupling of all along it is 4 zeta(3) k alpha/r^3 = 1.44, of a pair 0.6. A field across the chain
    # has no part in the unstable direction.
    chain = np.arange(60)[:, None] * np.array([0, 0, 1.0])
    with pytest.raises(PolarizationCatastrophe, match=r"60 bodies together .* = 0\.6,"):
        induced_moments(0.3 / K, chain, UniformField(np.eye(3)[axis]))


def test_touching_iron_balls_on_a_lattice_are_stable():
    # k alpha = a^3 at most: a cubic lattice of touching spheres stays below the catastrophe.
    grid = np.stack(np.meshgrid(*[np.arange(7.0)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    result = induced_moments(0.125 / K, grid, UniformField([0, 0, 1.0]))
    assert result.residual <= 1e-9
    assert result.iterations < 40


def test_errors():
    two = [[0, 0, 0], [0, 0, 1.0]]
    with pytest.raises(
        ValueError, match=r"polarizabilities must be a number, .* with n = 2, got shape \(3,\)"
    ):
        induced_moments([1.0, 2.0, 3.0], two)
    with pytest.raises(
        ValueError, match=r"polarizabilities must be a number, .* with n = 2, got shape \(3, 3, 3\)"
    ):
        induced_moments(np.ones((3, 3, 3)), two)
    with pytest.raises(ValueError, match="polarizabilities must be symmetric tensors"):
        induced_moments([[1, 1, 0], [0, 1, 0], [0, 0, 1]], two)
    with pytest.raises(ValueError, match="positions must differ, got 0 and 1"):
        induced_moments(1.0, [two[0], two[0]])
    with pytest.raises(
        ValueError, match=r"external must have a field at every body, got none at \[0.0, 0.0, 1.0\]"
    ):
        induced_moments(1e-9, two, Dipole([0, 0, 1.0], [0, 0, 1.0]))
    with pytest.raises(ValueError, match="moments and positions must have the same length, got 1 and 2"):
        induced_moments(1e-9, two, moments=[[0, 0, 1]])
