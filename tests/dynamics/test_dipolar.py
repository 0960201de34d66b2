"""Dipole fields on lattices: transforms against pairs, periodic ones against known energies and growing sums."""

from __future__ import annotations

import math

import numpy as np
import pytest

from magneton._jit import get_threads, set_threads
from magneton.constants import mu_0
from magneton.dynamics.terms.base import Moments
from magneton.dynamics.terms.dipolar import Dipolar
from magneton.dynamics.terms.lattice import Lattice
from magneton.interactions.system import MomentSystem
from magneton.summation.ewald import periodic_tensors

RNG = np.random.default_rng(5)
ALL, FILM = True, (True, True, False)


def directions(count: int) -> np.ndarray:
    u = RNG.normal(size=(count, 3))
    return u / np.linalg.norm(u, axis=1, keepdims=True)


def field_and_energy(term, u):
    out = np.zeros(u.shape)
    term.add_field(u, out)
    return out, term.energy(u)


@pytest.mark.parametrize(
    "lattice",
    [
        Lattice((5, 4, 3), 2e-10),
        Lattice((7, 1, 4), vectors=2e-10 * np.array([[1, 0, 0], [0.3, 1, 0], [0.1, 0.2, 1.5]])),
        Lattice((1, 1, 9), 1e3),
        Lattice.bcc((3, 4, 2), 2e-10),
    ],
    ids=["cubic", "skew", "chain", "bcc"],
)
def test_transforms_equal_all_pairs(lattice):
    u, m = directions(len(lattice)), RNG.uniform(1.0, 2.0, len(lattice)) * 1e-23
    system = MomentSystem(m[:, None] * u, lattice.positions)
    for term in (
        Dipolar(lattice, "direct").compiled(Moments(m)),
        Dipolar(lattice, "fft").compiled(Moments(m)),
        Dipolar().compiled(Moments(m, lattice.positions)),
    ):
        B, energy = field_and_energy(term, u)
        np.testing.assert_allclose(B, system.fields(), rtol=0, atol=1e-14 * np.abs(B).max())
        scale = np.sum(m * np.linalg.norm(B, axis=1))
        assert energy == pytest.approx(system.energy(), rel=0, abs=1e-14 * scale)


def energy_per_moment(shape, periodic, pattern) -> float:
    """Return the energy in mu_0 m^2/(4 pi a^3)."""
    a, m = 3e-10, 2e-23
    lattice = Lattice(shape, a, periodic=periodic)
    u = pattern(*np.rint(lattice.positions / a).astype(int).T)
    energy = Dipolar(lattice).compiled(Moments(np.full(len(lattice), m))).energy(u)
    return energy / len(lattice) / (float(mu_0) * m * m / (4.0 * math.pi * a**3))


def microvortex(x, y, z):
    return np.stack([(-1.0) ** y, (-1.0) ** x, 0.0 * z], axis=1) / math.sqrt(2.0)


def columnar(x, y, z):
    return np.stack([0.0 * x, 0.0 * y, (-1.0) ** (x + y + 0 * z)], axis=1)


def aligned(x, y, z):
    return np.stack([0.0 * x, 0.0 * y, 1.0 + 0.0 * z], axis=1)


@pytest.mark.parametrize(
    ("shape", "periodic", "pattern", "wanted"),
    [
        ((2, 2, 1), FILM, microvortex, -2.5494364970),
        ((2, 6, 1), FILM, microvortex, -2.5494364970),
        ((2, 2, 2), ALL, columnar, -2.6767886844),
        ((4, 2, 1), ALL, columnar, -2.6767886844),
        # Lorentz: a cubic site sees mu_0 M/3 where there is no demagnetizing field.
        ((1, 1, 1), ALL, aligned, -2.0 * math.pi / 3.0),
        ((3, 2, 1), ALL, aligned, -2.0 * math.pi / 3.0),
    ],
)
def test_energies_of_periodic_lattices(shape, periodic, pattern, wanted):
    assert energy_per_moment(shape, periodic, pattern) == pytest.approx(wanted, rel=0, abs=1e-10)


def test_columnar_energy_from_growing_open_lattices():
    """A lattice without net moment, cut where its columns pair up: what its surface adds falls as 1/n."""
    sizes = np.array([4, 8, 16])
    open_ends = [energy_per_moment((n, n, n), False, columnar) for n in sizes]
    limit = np.linalg.solve(1.0 / sizes[:, None] ** np.arange(3.0), open_ends)[0]
    assert limit == pytest.approx(-2.6767886844, abs=2e-3)


def test_film_of_layers_is_the_limit_of_growing_sums():
    """Components between layers, which the single layer does not have; the rest of a sum to R falls as 1/R."""
    cell, r = np.array([[1.0, 0.0, 0.0], [0.3, 1.1, 0.0]]), np.array([[0.2, 0.4, 0.7]])
    sums = []
    for radius in (40.0, 80.0, 160.0):
        n = np.arange(-220, 221)
        images = np.stack(np.meshgrid(n, n, indexing="ij"), axis=-1).reshape(-1, 2) @ cell
        d = r + images[np.linalg.norm(r + images, axis=1) < radius]
        d2 = np.sum(d * d, axis=1)[:, None]
        pairs = np.stack([d[:, 0] ** 2, d[:, 2] ** 2, d[:, 0] * d[:, 2], d[:, 1] * d[:, 2]], axis=1)
        sums.append(np.sum((3.0 * pairs - np.array([1, 1, 0, 0]) * d2) / d2**2.5, axis=0))
    # In the plane, pi/(A R) of xx and -2 pi/(A R) of zz lie outside.
    limit = sums[2] + np.array([1.0, -2.0, 0.0, 0.0]) * math.pi / (1.1 * 160.0)
    found = periodic_tensors(r, cell)[0, [0, 2, 4, 5]]
    np.testing.assert_allclose(found, limit, atol=3e-5)
    assert np.trace(np.diag(periodic_tensors(r, cell)[0, :3])) == pytest.approx(0.0, abs=1e-13)


def test_a_lattice_repeated_has_the_same_field():
    """Four copies of a cell of two layers, as one cell; so no result depends on the splitting either."""
    small, large = Lattice((2, 1, 2), 1.0, periodic=FILM), Lattice((4, 2, 2), 1.0, periodic=FILM)
    u = directions(4).reshape(2, 1, 2, 3)
    fields = [
        field_and_energy(Dipolar(lattice).compiled(Moments(np.ones(len(lattice)))), v.reshape(-1, 3))[0]
        for lattice, v in ((small, u), (large, np.tile(u, (2, 2, 1, 1))))
    ]
    wanted = np.tile(fields[0].reshape(2, 1, 2, 3), (2, 2, 1, 1)).reshape(-1, 3)
    np.testing.assert_allclose(fields[1], wanted, rtol=0, atol=1e-13 * np.abs(wanted).max())


def test_results_do_not_depend_on_threads():
    lattice, before = Lattice((20, 24, 6), 1.0), get_threads()
    u, term = directions(len(lattice)), Dipolar(lattice).compiled(Moments(np.ones(len(lattice))))
    try:
        set_threads(1)
        one = field_and_energy(term, u)[0]
        set_threads(3)
        assert np.array_equal(field_and_energy(term, u)[0], one)
    finally:
        set_threads(before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dipolar(method="fft"), "lattice must be given"),
        (lambda: Dipolar(method="fmm"), "method must be one of"),
        (lambda: Dipolar(Lattice((2, 2, 2), 1.0, periodic=(True, False, False))), "lattice must be periodic"),
        (lambda: Dipolar(Lattice((2, 2, 2), 1.0, periodic=True), "direct"), "method must be 'fft'"),
        (lambda: Dipolar(Lattice((2, 2, 2), 1.0)).compiled(Moments(np.ones(3))), "one site a moment"),
        (lambda: Dipolar().compiled(Moments(np.ones(3))), "positions must be given"),
        (lambda: Dipolar().compiled(Moments(np.ones(2), np.zeros((2, 3)))), "positions must differ"),
    ],
)
def test_errors_name_the_argument(make, message):
    with pytest.raises(ValueError, match=message):
        make()
