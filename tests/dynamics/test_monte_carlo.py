"""Monte Carlo of lattices against exact averages: one moment, pairs, chains, hot and cold lattices."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import i0e, i1e

from magneton._jit import get_threads, set_threads
from magneton.constants import k_B
from magneton.dynamics._estimates import block_jackknife
from magneton.dynamics.monte_carlo import MonteCarlo
from magneton.dynamics.terms.exchange import Exchange
from magneton.dynamics.terms.lattice import Lattice

kB, M = float(k_B), 1e-23
METHODS = ["heat bath", "metropolis"]


def langevin(x: float) -> float:
    return 1.0 / math.tanh(x) - 1.0 / x


def require_near(estimate, wanted, largest_error):
    assert abs(estimate.value - wanted) < 4.0 * estimate.error
    assert estimate.error < largest_error


@pytest.mark.parametrize("method", METHODS)
def test_pairs_align_as_langevin_says(method):
    """<u_i.u_j> = L(J/(k_B T)), at T = 1 K."""
    n = 100
    pairs = np.arange(0, 2 * n, 2), np.arange(1, 2 * n, 2)
    run = MonteCarlo(Exchange(2.0 * kB, pairs=pairs), M, method=method, reflections=1, seed=5).run(1.0, 640)
    energy = run.mean_energy()
    require_near(energy, -2.0 * kB * n * langevin(2.0), 0.012 * kB * n)
    slope = 1.0 / 4.0 - 1.0 / math.sinh(2.0) ** 2
    require_near(run.heat_capacity(), 4.0 * kB * n * slope, 12.0 * kB)
    near = run.reweighted(1.1)
    require_near(near.mean_energy(), -2.0 * kB * n * langevin(2.0 / 1.1), 0.016 * kB * n)
    assert near.temperature == 1.1
    assert near.effective_share < 0.8
    back = near.reweighted(1.0)
    assert back.mean_energy() == pytest.approx(energy)
    assert back.effective_share == pytest.approx(1.0)


@pytest.mark.parametrize("method", METHODS)
def test_anisotropy_and_field(method):
    """Moments in a field aslant of their axis: Boltzmann's average, by quadrature."""
    b, kappa, n = np.array([0.6, 0.0, 0.8]), 2.0, 400
    c, w = np.polynomial.legendre.leggauss(60)
    across = b[0] * np.sqrt(1.0 - c * c)
    weight = w * np.exp(b[2] * c + kappa * c * c + across)
    z = np.sum(weight * i0e(across) * c) / np.sum(weight * i0e(across))
    x = np.sum(weight * i1e(across) * np.sqrt(1.0 - c * c)) / np.sum(weight * i0e(across))
    mc = MonteCarlo(
        Exchange(0.0, pairs=([0], [n - 1])),
        M,
        B=b * kB / M,
        K=kappa * kB,
        method=method,
        reflections=1,
        start="random",
        seed=2,
    )
    run = mc.run(1.0, 640)
    require_near(run.magnetization_along([0, 0, 1]), z, 0.004)
    require_near(run.magnetization_along([1, 0, 0]), x, 0.004)


def test_hot_and_cold_cubic_lattice():
    """Hot, a bond has -J (L + 4 L^3) and chi is 1 + 6 L + ...; cold, n - 1 pairs of waves share k_B T and shrink m."""
    lattice = Lattice((6, 6, 6), 1e-10, periodic=True)
    mc = MonteCarlo(Exchange(kB, lattice), M, reflections=1, seed=9)
    T = 0.02
    cold = mc.run(T, 320)
    k = 2.0 * np.pi * np.arange(6) / 6
    gaps = 2.0 * (3.0 - sum(np.meshgrid(np.cos(k), np.cos(k), np.cos(k)))).ravel()[1:]
    waves = T * np.sum(1.0 / gaps) / 216
    require_near(cold.mean_magnetization(), 1.0 - waves, 5e-5)
    require_near(cold.mean_energy(), -3.0 * 216 * kB + T * 215 * kB, 0.05 * kB)
    hot = mc.run(8.0, 640)
    L = langevin(1.0 / 8.0)
    require_near(hot.mean_energy(), -3.0 * 216 * kB * (L + 4.0 * L**3), 0.8 * kB)
    assert hot.binder_cumulant().value == pytest.approx(4.0 / 9.0, abs=0.03)
    chi = hot.susceptibility([1.0, 0.0, 0.0])
    require_near(
        chi, 216 * M * M / (3.0 * kB * 8.0) * (1.0 + 6.0 * L + 30.0 * L**2 + 150.0 * L**3), 0.1 * chi.value
    )


def test_runs_resume_and_do_not_depend_on_threads():
    lattice, before = Lattice((14, 14, 15), 1e-10, periodic=True), get_threads()

    def made():
        return MonteCarlo(
            Exchange(kB, lattice), M, method="metropolis", K=0.1 * kB, start="random", seed=2**63
        )

    try:
        set_threads(1)
        whole = made()
        whole.run(1.0, 32, thermalize=5)
        kept = whole.state
        energy = whole.run(1.2, 32, thermalize=3).energy
        set_threads(3)
        resumed = made()
        resumed.restore(kept)
        assert np.array_equal(resumed.run(1.2, 32, thermalize=3).energy, energy)
        assert np.array_equal(resumed.u, whole.u)
    finally:
        set_threads(before)


def test_block_errors_of_correlated_samples():
    """Samples x' = 0.9 x + noise: the mean's variance is (1 + 0.9)/(1 - 0.9) times that of independent ones."""
    rng, n = np.random.default_rng(4), 64000
    x = np.empty(n)
    x[0], noise = 0.0, rng.normal(size=n)
    for k in range(1, n):
        x[k] = 0.9 * x[k - 1] + noise[k]
    wanted = math.sqrt(19.0 / (1.0 - 0.81) / n)
    assert block_jackknife(lambda m: m, x).error == pytest.approx(wanted, rel=0.35)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "cluster"}, "method must be one of"),
        ({"seed": -1}, "seed must be an integer, 0 or more"),
        ({"seed": 2**64}, "seed must be below"),
        ({"start": "up"}, "start must be 'aligned'"),
        ({"start": [[0, 0, 1]]}, "start must be 2 vectors"),
        ({"axis": [0, 0, 0]}, "axis must not be zero"),
        ({"B": [1.0, 0.0]}, "B must have shape"),
        ({"reflections": -1}, "reflections must be an integer"),
        ({"magnitude": 0.0}, "magnitude must be positive"),
    ],
)
def test_errors_name_the_argument(arguments, message):
    with pytest.raises(ValueError, match=message):
        MonteCarlo(Exchange(kB, pairs=([0], [1])), **{"magnitude": M, "seed": 1, **arguments})


@pytest.mark.parametrize("temperature", [1e-300, 1e-320])
def test_temperatures_that_overflow_are_refused(temperature):
    mc = MonteCarlo(Exchange(kB, pairs=([0], [1])), M, seed=1)
    with pytest.raises(ValueError, match="temperature must be above 1e-100 K"):
        mc.run(temperature, 32)
    cold = mc.run(1e-90, 32)
    assert cold.mean_energy().value == pytest.approx(-kB, rel=1e-12)


def test_matrices_and_few_samples_are_refused():
    pair = [0], [1]
    with pytest.raises(ValueError, match="exchange must have numbers"):
        MonteCarlo(Exchange(np.ones((1, 3, 3)), pairs=pair), M, seed=1)
    with pytest.raises(ValueError, match="samples must be an integer, 32 or more"):
        MonteCarlo(Exchange(kB, pairs=pair), M, seed=1).run(1.0, 31)
