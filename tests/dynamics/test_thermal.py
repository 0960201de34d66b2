"""Thermal moments: the random numbers, their variance, and the Langevin function out of the dynamics."""

import math

import numpy as np
import pytest
from scipy import stats

from magneton import _jit, constants
from magneton.dynamics.integrators import THERMAL
from magneton.dynamics.spin_system import SpinSystem
from magneton.dynamics.terms.local import Zeeman
from magneton.kernels import moment_layout as layout
from magneton.kernels.moment_noise import draw, threefry

MU = float(constants.mu_B)
K_B = float(constants.k_B)
GAMMA = abs(float(constants.gamma_e))


@_jit.kernel
def _zeros():
    none = np.uint64(0)
    return threefry(none, none, none, none, none, none, none, none)


def test_threefry_against_its_authors_answer():
    """The first line of threefry4x64 20 in kat_vectors of Random123."""
    wanted = (0x09218EBDE6C85537, 0x55941F5266D86105, 0x4BD25E16282434DC, 0xEE29EC846BD2E40B)
    assert tuple(int(word) for word in _zeros()) == wanted


def test_normal_numbers():
    s, key = np.zeros(layout.SIZE), np.array([5, 7], dtype=np.uint64)
    s[layout.SIGMA : layout.SIGMA + layout.LANES] = 1.0
    rows = []
    for step in range(1000):
        draw(64 * 3, step, key, s)
        rows.append(s[layout.NOISE : layout.NOISE + 3 * layout.LANES].copy())
    values = np.array(rows)
    assert stats.kstest(values.ravel(), "norm").pvalue > 1e-3
    three = values.reshape(1000, 3, -1).transpose(1, 0, 2).reshape(3, -1)
    assert np.abs(np.corrcoef(three) - np.eye(3)).max() < 4.5 / math.sqrt(64000)


def langevin(xi):
    """Return coth xi - 1/xi."""
    return 1.0 / math.tanh(xi) - 1.0 / xi


def equilibrium(xi, count, rng):
    """Return unit vectors of Boltzmann's distribution exp(xi u_z)."""
    p = rng.random(count)
    z = 1.0 + np.log(p + (1.0 - p) * math.exp(-2.0 * xi)) / xi
    phi, rho = 2.0 * np.pi * rng.random(count), np.sqrt(1.0 - z * z)
    return np.stack([rho * np.cos(phi), rho * np.sin(phi), z], axis=1)


def mean_along(xi, method, turn, count, samples, alpha=0.5):
    """Return <u_z> of moments in a field with m B/(k_B T) = xi, by steps of |gamma| B dt = turn, and its error."""
    B = xi * K_B / MU
    dt = turn / (GAMMA * B)
    relaxation = (1.0 + alpha**2) * MU / (alpha * GAMMA * K_B * max(2.0, xi))
    every = max(1, round(relaxation / dt))
    u = equilibrium(xi, count, np.random.default_rng(1))
    times = every * dt * np.arange(4, samples + 4)
    system = SpinSystem(MU * u, terms=[Zeeman([0, 0, B])], alpha=alpha)
    run = system.run(times[-1], dt=dt, method=method, temperature=1.0, seed=5, times=times)
    each = run.moments[:, :, 2].mean(axis=0) / MU
    return each.mean(), each.std() / math.sqrt(count)


def test_langevin_function_by_every_method():
    cases = [("strang", 0.5, 0.02), ("strang", 3.0, 0.1), ("strang", 12.0, 0.1)]
    cases += [("depondt-mertens", 3.0, 0.02), ("midpoint", 3.0, 0.02)]
    assert {method for method, _, _ in cases} == set(THERMAL)
    chi = 0.0
    for method, xi, turn in cases:
        mean, error = mean_along(xi, method, turn, 640, 20)
        assert error < 0.02 * langevin(xi) + 0.005
        chi += ((mean - langevin(xi)) / error) ** 2
    assert 1e-3 < stats.chi2.sf(chi, len(cases)) < 0.999


def test_the_bias_of_long_steps_shrinks_with_their_order():
    """Measured: bias/L(2) = -0.106 (|gamma| B dt)^2 with alpha = 0.5; a first order would not shrink so."""
    with pytest.warns(UserWarning, match=r"\|gamma\| B dt is 0.8"):
        coarse, error = mean_along(2.0, "strang", 0.8, 6400, 30)
    with pytest.warns(UserWarning, match=r"\|gamma\| B dt is 0.2"):
        fine, _ = mean_along(2.0, "strang", 0.2, 6400, 30)
    bias = 1.0 - coarse / langevin(2.0)
    assert abs(bias - 0.0678) < 5.0 * error
    assert abs(1.0 - fine / langevin(2.0)) < bias / 4.0


def test_without_damping_there_is_no_noise():
    system = SpinSystem([MU, 0, 0], terms=[Zeeman([0, 0, 1.0])])
    cold, hot = (
        system.run(1e-12, dt=1e-14, method="midpoint", **k) for k in ({}, {"temperature": 300.0, "seed": 1})
    )
    assert np.array_equal(cold.moments, hot.moments)
