"""Directions of free moments at rest."""

import numpy as np
import pytest

from magneton import Cuboid, Dipole, MomentSystem, UniformField
from magneton.constants import mu_0
from magneton.interactions import directions as module
from magneton.interactions._tally import NotConverged
from magneton.interactions.directions import equilibrium

K = float(mu_0) / (4 * np.pi)
ALONG_X = [[0, 0, 0], [0.1, 0, 0]]
PAIR_UNIT = K / 0.1**3


def cloud(count, seed):
    rng = np.random.default_rng(seed)
    k = round(count ** (1 / 3) + 0.5)
    grid = np.stack(np.meshgrid(*[np.arange(k)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)[:count]
    return rng.normal(size=(count, 3)), grid + rng.uniform(-0.1, 0.1, (count, 3))


def test_two_moments_turn_head_to_tail():
    pair = equilibrium([[0, 0.2, 1.0], [0, 0, 2.0]], ALONG_X)
    sizes = np.linalg.norm(pair.moments, axis=1)
    np.testing.assert_allclose(sizes, [np.hypot(0.2, 1.0), 2.0], rtol=1e-15)
    np.testing.assert_allclose(np.abs(pair.moments[:, 0]), sizes, rtol=1e-14)
    assert pair.energy == pytest.approx(-2 * sizes.prod() * PAIR_UNIT, rel=1e-13)
    assert pair.stable
    assert pair.gradient <= 1e-14


def test_eigenvalues_of_a_pair_head_to_tail_and_of_its_saddle():
    # In each transverse direction the Hessian is (2, 1; 1, 2) head to tail; side by side it is (-1, -2; -2, -1) for
    # turns towards the line and (-1, 1; 1, -1) for turns across it.
    start = [[0, 0, 1.0], [0, 0, 1.0]]
    stable, saddle = equilibrium(start, ALONG_X), equilibrium(start, ALONG_X, escape=False)
    np.testing.assert_allclose(stable.hessian_eigenvalues / PAIR_UNIT, [1, 1, 3, 3], rtol=1e-12)
    np.testing.assert_allclose(saddle.hessian_eigenvalues / PAIR_UNIT, [-3, -2, 0, 1], atol=1e-12)
    np.testing.assert_array_equal(saddle.moments, start)
    assert stable.stable
    assert not saddle.stable


def test_one_moment_turns_to_the_field():
    held = equilibrium([[0.3, 0, -2.0]], [[1.0, 2.0, 3.0]], UniformField([0, 0, 0.5]))
    m = np.hypot(0.3, 2.0)
    np.testing.assert_allclose(held.moments, [[0, 0, m]], rtol=0, atol=1e-14)
    np.testing.assert_allclose(held.hessian_eigenvalues, [0.5 * m, 0.5 * m], rtol=1e-13)
    # From the exact top too, which is a maximum.
    assert equilibrium([[0, 0, -2.0]], [[0, 0, 0]], UniformField([0, 0, 0.5])).energy == pytest.approx(-1.0)


def test_a_minimum_with_torques_and_slopes_of_nought():
    moments, positions = cloud(40, 1)
    magnet = Cuboid([1, 1, 1], polarization=[0, 1e-6, 1e-6], position=[0, 0, 6.0])
    rest = equilibrium(moments, positions, magnet)
    fields, torques = rest.system.fields(), rest.system.torques()
    size = np.linalg.norm(rest.moments, axis=1) * np.linalg.norm(fields, axis=1)
    assert np.max(np.linalg.norm(torques, axis=1) / size) <= 1e-14
    assert np.all(np.sum(rest.moments * fields, axis=1) > 0)
    assert rest.energy == pytest.approx(MomentSystem(rest.moments, positions, magnet).energy(), rel=1e-14)
    assert rest.energy < MomentSystem(moments, positions, magnet).energy()
    # Any turn costs what the eigenvalues say, or more.
    rng = np.random.default_rng(2)
    u = rest.moments / np.linalg.norm(rest.moments, axis=1)[:, None]
    turn = np.cross(u, rng.normal(size=u.shape))
    turn *= 1e-3 / np.linalg.norm(turn)
    moved = (u + turn) / np.linalg.norm(u + turn, axis=1)[:, None]
    cost = (
        MomentSystem(moved * np.linalg.norm(moments, axis=1)[:, None], positions, magnet).energy()
        - rest.energy
    )
    assert 0.5e-6 * rest.hessian_eigenvalues[0] * 0.99 <= cost <= 0.5e-6 * rest.hessian_eigenvalues[-1]
    assert rest.stable


def test_hessian_is_the_second_derivative_along_great_circles():
    moments, positions = cloud(7, 3)
    sizes = np.linalg.norm(moments, axis=1)
    u = moments / sizes[:, None]
    land = module._Landscape(sizes, positions, UniformField([0, 1e-7, 2e-7]))
    _, field = land.energy_and_field(u)
    dense, operator = land.dense_hessian(u, field), land.hessian(u, field)
    v = np.random.default_rng(4).normal(size=14)
    np.testing.assert_allclose(operator.matvec(v), dense @ v, rtol=0, atol=1e-13 * np.abs(dense).max())
    turn = np.einsum("nik,nk->ni", module._across(u), v.reshape(-1, 2))
    angle = np.linalg.norm(turn, axis=1)[:, None]

    def energy(t):
        return land.energy_and_field(np.cos(t * angle) * u + np.sin(t * angle) * turn / angle)[0]

    h = 1e-2
    second = (
        -205 / 72 * energy(0)
        + sum(
            w * (energy(k * h) + energy(-k * h))
            for k, w in {1: 8 / 5, 2: -1 / 5, 3: 8 / 315, 4: -1 / 560}.items()
        )
    ) / h**2
    assert v @ dense @ v == pytest.approx(second, rel=1e-8)


def test_the_lowest_eigenvalues_of_a_large_system(monkeypatch):
    moments, positions = cloud(30, 5)
    whole = equilibrium(moments, positions)
    monkeypatch.setattr(module, "_DENSE", 5)
    large = equilibrium(whole.moments, positions)
    assert large.gradient <= 1e-10
    np.testing.assert_allclose(large.hessian_eigenvalues, whole.hessian_eigenvalues[:6], rtol=1e-6)


def test_a_motion_that_costs_nothing_is_not_stable():
    # Eight equal moments on a cube: the ground state is a family, one of whose motions costs nothing.
    cube = np.stack(np.meshgrid(*[[0.0, 1.0]] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    family = []
    for seed in (0, 1):
        start = np.random.default_rng(seed).normal(size=(8, 3))
        family.append(equilibrium(start / np.linalg.norm(start, axis=1)[:, None], cube))
    assert family[0].energy == pytest.approx(family[1].energy, rel=1e-12)
    assert np.abs(family[0].hessian_eigenvalues - family[1].hessian_eigenvalues).max() > 0.1 * K
    for rest in family:
        assert abs(rest.hessian_eigenvalues[0]) <= 1e-12 * rest.hessian_eigenvalues[-1]
        assert rest.hessian_eigenvalues[1] > 0
        assert not rest.stable


def test_errors():
    with pytest.raises(ValueError, match="moments must not be zero, got zero at 1"):
        equilibrium([[0, 0, 1.0], [0, 0, 0]], ALONG_X)
    with pytest.raises(ValueError, match="moments and positions must have the same length"):
        equilibrium([[0, 0, 1.0]], ALONG_X)
    with pytest.raises(
        ValueError, match=r"external must have a field at every moment, got none at \[0.1, 0.0, 0.0\]"
    ):
        equilibrium([[0, 0, 1.0]] * 2, ALONG_X, Dipole([0, 0, 1], [0.1, 0, 0]))
    with pytest.raises(NotConverged, match="tol=1e-30 was not reached"):
        equilibrium(*cloud(5, 7), tol=1e-30)
