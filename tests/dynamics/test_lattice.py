"""Lattices and their bonds, exchange and Dzyaloshinskii-Moriya, against sums bond by bond."""

from __future__ import annotations

import numpy as np
import pytest

from magneton._jit import get_threads, set_threads
from magneton.dynamics.terms.base import CoupledTerm, Moments
from magneton.dynamics.terms.dipolar import Dipolar
from magneton.dynamics.terms.exchange import DzyaloshinskiiMoriya, Exchange
from magneton.dynamics.terms.lattice import Lattice

RNG = np.random.default_rng(7)
J = 2e-21


def directions(count: int) -> np.ndarray:
    u = RNG.normal(size=(count, 3))
    return u / np.linalg.norm(u, axis=1, keepdims=True)


def field_of(term: CoupledTerm, u: np.ndarray) -> np.ndarray:
    out = np.zeros(u.shape)
    term.add_field(u, out)
    return out


def require_field_is_derivative(term: CoupledTerm, u: np.ndarray, magnitude: np.ndarray) -> None:
    """B = -dE/dm: exact by a central difference, as the energy is quadratic in the moments."""
    B, away = field_of(term, u), np.random.default_rng(3).normal(size=u.shape)
    slope = 0.5 * (term.energy(u + away) - term.energy(u - away))
    assert slope == pytest.approx(-np.sum(magnitude[:, None] * B * away), rel=1e-12, abs=0)


@pytest.mark.parametrize("shape", [(4, 5, 6), (1, 5, 2), (1, 1, 7), (2, 2, 2), (3, 4, 1), (2, 600, 1)])
@pytest.mark.parametrize("periodic", [False, True, (True, False, False), (False, True, False)])
def test_the_stencil_is_the_sum_over_bonds(shape, periodic):
    lattice = Lattice(shape, 3e-10, periodic=periodic)
    u, m = directions(len(lattice)), RNG.uniform(1.0, 2.0, len(lattice)) * 1e-23
    term = Exchange(J, lattice).compiled(Moments(m))
    assert type(term).__name__ == "StencilCoupling"
    i, j, values = Exchange(J, lattice).bonds()
    wanted = np.zeros(u.shape)
    np.add.at(wanted, i, J * u[j] / m[i, None])
    np.add.at(wanted, j, J * u[i] / m[j, None])
    np.testing.assert_allclose(field_of(term, u), wanted, rtol=0, atol=1e-14 * np.abs(wanted).max())
    by_bonds = -np.sum(values * np.sum(u[i] * u[j], axis=1))
    assert term.energy(u) == pytest.approx(by_bonds, rel=0, abs=1e-14 * J * len(i))


def test_bonds_are_those_of_the_lattice():
    def neighbours(lattice, shell):
        i, j, vectors = lattice.bonds(shell)
        gap = lattice.positions[j] - lattice.positions[i] - vectors
        cells = gap @ np.linalg.inv(lattice.vectors * np.array(lattice.shape)[:, None])
        np.testing.assert_allclose(cells, np.rint(cells), atol=1e-12)  # an image is the same site
        lengths = np.linalg.norm(vectors, axis=1)
        np.testing.assert_allclose(lengths, lengths[0], rtol=1e-12)
        counts = np.bincount(np.concatenate([i, j]), minlength=len(lattice))
        assert np.all(counts == counts[0])
        return int(counts[0]), lengths[0]

    for lattice, wanted in [
        (Lattice((4, 4, 4), 1.0, periodic=True), [(6, 1.0), (12, 2**0.5), (8, 3**0.5), (6, 2.0)]),
        (Lattice.bcc((3, 3, 3), 1.0, periodic=True), [(8, 0.75**0.5), (6, 1.0)]),
        (Lattice.fcc((3, 3, 3), 1.0, periodic=True), [(12, 0.5**0.5), (6, 1.0)]),
        (
            Lattice((4, 4, 1), vectors=[[1, 0, 0], [-0.5, 0.75**0.5, 0], [0, 0, 9]], periodic=True),
            [(6, 1.0), (6, 3**0.5)],
        ),
    ]:
        for shell, (count, length) in enumerate(wanted, start=1):
            found = neighbours(lattice, shell)
            assert found[0] == count
            assert found[1] == pytest.approx(length, rel=1e-12, abs=0)
    assert len(Lattice((3, 1, 1), 1.0, periodic=True).bonds().i) == 3
    assert len(Lattice((3, 1, 1), 1.0).bonds().i) == 2


@pytest.mark.parametrize(
    ("lattice", "shell", "length", "bonds"),
    [
        (Lattice((8, 8, 4), vectors=[[1, 0, 0], [0.5, 0.75**0.5, 0], [0, 0, 2.9]]), 2, 3**0.5, 3),
        (Lattice((8, 8, 4), vectors=[[1, 0, 0], [0.5, 0.75**0.5, 0], [0, 0, 2.9]]), 3, 2.0, 3),
        (Lattice((9, 9, 9), (2.5e-10, 2.5e-10, 8e-10), periodic=True), 3, 5e-10, 2),
        (Lattice((8, 8, 4), (1.0, 1.0, 2.0), periodic=True), 3, 2.0, 3),
        (Lattice((9, 9, 1), (1.0, 3.0, 1.0)), 2, 2.0, 1),
        (Lattice((8, 8, 8), vectors=[[1, 0, 0], [2.6, 0.6, 0], [0, 0, 1]]), 1, 0.52**0.5, 1),
        (Lattice.bcc((1, 1, 1), 1.0), 1, 0.75**0.5, 1),
    ],
)
def test_shells_of_long_and_skewed_cells(lattice, shell, length, bonds):
    """None is missed behind planes that lie close."""
    found = lattice.offsets(shell)
    steps = [
        (np.array(cells) + lattice.basis[b] - lattice.basis[a]) @ lattice.vectors for a, b, cells in found
    ]
    assert len(found) == bonds
    np.testing.assert_allclose(np.linalg.norm(steps, axis=1), length, rtol=1e-12)


def test_positions_are_those_of_the_lattice_up_to_a_shift():
    lattice = Lattice((3, 2, 1), 1e-9)
    m, shift = np.ones(6), np.array([1e-7, 0.0, 2e-8])
    u, coupled = directions(6), DzyaloshinskiiMoriya(J, lattice)
    shifted = coupled.compiled(Moments(m, lattice.positions + shift))
    assert np.array_equal(field_of(shifted, u), field_of(coupled.compiled(Moments(m)), u))
    for term in (coupled, Exchange(J, lattice), Dipolar(lattice)):
        for positions in (5.0 * lattice.positions, lattice.positions[::-1]):
            with pytest.raises(ValueError, match="positions must be those of the lattice's sites"):
                term.compiled(Moments(m, positions))


def test_matrices_shells_and_pairs_agree():
    lattice = Lattice.bcc((3, 2, 3), 1e-10, periodic=(True, False, False))
    u, moments = directions(len(lattice)), Moments(np.full(len(lattice), 1e-23))
    two_shells = Exchange([J, -0.3 * J], lattice)
    i, j, values = two_shells.bonds()
    as_matrices = Exchange(values[:, None, None] * np.eye(3), pairs=(i, j)).compiled(moments)
    wanted = field_of(two_shells.compiled(moments), u)
    np.testing.assert_allclose(
        field_of(as_matrices, u), wanted, rtol=1e-13, atol=1e-14 * np.abs(wanted).max()
    )
    matrix = RNG.normal(size=(3, 3)) * J
    one = Exchange([matrix], pairs=([1], [0])).compiled(Moments(np.ones(2)))
    assert one.energy(u[:2]) == pytest.approx(-u[1] @ matrix @ u[0], rel=1e-13, abs=0)
    require_field_is_derivative(one, u[:2], np.ones(2))


def test_dzyaloshinskii_moriya_turns_by_its_angle_and_sense():
    m, D = RNG.uniform(1.0, 2.0, 24) * 1e-23, 0.7 * J
    lattice = Lattice((4, 3, 2), 1e-10, periodic=(True, True, False))
    term, u = DzyaloshinskiiMoriya(D, lattice).compiled(Moments(m)), directions(24)
    i, j, vectors = lattice.bonds()
    by_bonds = np.sum(D * vectors / 1e-10 * np.cross(u[i], u[j]))
    assert term.energy(u) == pytest.approx(by_bonds, rel=1e-12, abs=0)
    require_field_is_derivative(term, u, m)
    # The helix of a chain along x: atan(D/J) a bond, left-handed for D > 0; energy -sqrt(J^2 + D^2) a bond.
    chain, turn = Lattice((9, 1, 1), 1e-10), np.arctan2(D, J)
    helix = np.stack([np.zeros(9), np.cos(turn * np.arange(9)), -np.sin(turn * np.arange(9))], axis=1)
    energy = sum(
        t.compiled(Moments(m[:9])).energy(helix) for t in (Exchange(J, chain), DzyaloshinskiiMoriya(D, chain))
    )
    assert energy == pytest.approx(-8.0 * np.hypot(J, D), rel=1e-13, abs=0)
    across = DzyaloshinskiiMoriya(D, chain, normal=[0, 0, 3.0]).bonds()[2]
    np.testing.assert_allclose(across, np.tile([0, D, 0], (8, 1)), atol=1e-15 * D)


def test_results_do_not_depend_on_threads():
    lattice = Lattice((40, 40, 8), 1e-10, periodic=True)
    u, moments, before = directions(len(lattice)), Moments(np.full(len(lattice), 1e-23)), get_threads()
    terms = [t.compiled(moments) for t in (Exchange(J, lattice), DzyaloshinskiiMoriya(J, lattice))]
    try:
        fields = []
        for threads in (1, 3):
            set_threads(threads)
            fields.append([field_of(term, u) for term in terms])
    finally:
        set_threads(before)
    assert np.array_equal(fields[0], fields[1])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Lattice((3, 3), 1.0), "shape must be three numbers"),
        (lambda: Lattice((3, 0, 3), 1.0), "shape must be a positive integer"),
        (lambda: Lattice((3, 3, 3)), "spacing or vectors must be given"),
        (lambda: Lattice((3, 3, 3), -1.0), "spacing must not be negative"),
        (lambda: Lattice((3, 3, 3), 0.0), "spacing must be one or three positive"),
        (
            lambda: Lattice((3, 3, 3), vectors=[[1, 0, 0], [0, 1, 0], [1, 1, 0]]),
            "vectors must be three that span",
        ),
        (lambda: Lattice((3, 3, 3), 1.0, basis=[[0, 0, 1.0]]), "basis must lie between"),
        (lambda: Lattice((3, 3, 3), 1.0, periodic=1), "periodic must be a bool"),
        (lambda: Lattice((3, [3], 3), 1.0), "shape must be a positive integer"),
        (lambda: Lattice((1, 1, 1), 1.0).bonds(), "lattice must have two sites or more for bonds"),
        (lambda: Lattice.bcc((1, 1, 1), 1.0).bonds(2), "shell must be one of the 1 of the cell, got 2"),
        (lambda: Exchange(J, pairs=([0, 1], [1, 0])), "pairs must hold each pair once, got 0 and 1 2 times"),
        (
            lambda: Exchange(J, pairs=np.array([(0, 1), (2, 3)])),
            r"pairs must be a tuple of two lists, \(i, j\)",
        ),
        (lambda: Exchange(J, pairs=[(0, 1), (2, 3)]), r"pairs must be a tuple of two lists, \(i, j\)"),
        (lambda: Exchange(J, pairs=3), "pairs must be two lists of indices"),
        (lambda: Exchange(J), "lattice or pairs"),
        (lambda: Exchange([J, J], pairs=([0], [1])), "J must be a number, or of shape"),
        (lambda: Exchange(J, pairs=([0], [0])), "pairs must join two moments"),
        (lambda: Exchange(J, pairs=([-1], [0])), "pairs must not be negative"),
        (lambda: Exchange(J, pairs=([5], [0])).compiled(Moments(np.ones(5))), "pairs must be below"),
        (lambda: Exchange(J, Lattice((2, 2, 2), 1.0)).compiled(Moments(np.ones(5))), "one site a moment"),
        (lambda: DzyaloshinskiiMoriya([J, J], pairs=([0], [1])), "D must be vectors"),
        (
            lambda: DzyaloshinskiiMoriya(J, Lattice((2, 2, 2), 1.0), normal=[0, 0, 0]),
            "normal must not be zero",
        ),
    ],
)
def test_errors_name_the_argument(make, message):
    with pytest.raises(ValueError, match=message):
        make()
