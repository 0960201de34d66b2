"""Thermal moments: the random numbers, their variance, and the Langevin function out of the dynamics."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.transform import Rotation
from scipy.special import i0

from magneton import constants
from magneton.dynamics.integrators import THERMAL, angle_deviation, thermal_deviation
from magneton.dynamics.spin_system import SpinSystem
from magneton.dynamics.terms.exchange import Exchange
from magneton.dynamics.terms.local import UniaxialAnisotropy, Zeeman
from magneton.kernels import moment_layout as layout
from magneton.kernels.moment_noise import draw
from magneton.numerics.philox import philox

MU = float(constants.mu_B)
K_B = float(constants.k_B)
GAMMA = abs(float(constants.gamma_e))


def test_normal_numbers_are_those_of_their_words():
    """Box and Muller's pairs of Philox's words, steps beyond 2^32 included."""
    s, key = np.zeros(layout.SIZE), np.array([5, 7], dtype=np.uint64)
    s[layout.SIGMA : layout.SIGMA + layout.LANES] = 2.0
    first, step = 2**33, 2**32 + 3
    draw(first, step, key, s)
    noise = s[layout.NOISE : layout.NOISE + 3 * layout.LANES].reshape(3, -1)
    for lane in (0, 1, 37, layout.LANES - 1):
        a, b, c, d = _uniforms(first + lane, step, key)
        one, two = 2.0 * math.sqrt(-2.0 * math.log(a)), 2.0 * math.sqrt(-2.0 * math.log(b))
        wanted = one * _cosine(c), one * _cosine(c - 2**62), two * _cosine(d)  # cosine, sine, cosine
        np.testing.assert_allclose(noise[:, lane], wanted, rtol=0.0, atol=4e-14)


def _uniforms(index, step, key):
    """Return two numbers in (0, 1) and two whole words for angles."""
    words = []
    for which in (0, 1):
        counter = (2 * (step >> 32) + which, step % 2**32, index % 2**32, index >> 32)
        w = [int(word) for word in philox(*(np.uint64(c) for c in counter), key[0], key[1])]
        words += [w[0] * 2**32 + w[1], w[2] * 2**32 + w[3]]
    return *((word // 2**12 + 0.5) * 2.0**-52 for word in words[:2]), *words[2:]


def _cosine(word):
    """Return the cosine of the angle that is the word over 2^64 of a turn, less an eighth."""
    return math.cos(2.0 * math.pi * ((word - 2**61) % 2**64 / 2.0**64))


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


def mean_along(xi, method, turn, count, samples, seed, alpha=0.5):
    """Return <u_z> of moments in a field with m B/(k_B T) = xi, by steps of |gamma| B dt = turn, and its error."""
    B = xi * K_B / MU
    dt = turn / (GAMMA * B)
    relaxation = (1.0 + alpha**2) * MU / (alpha * GAMMA * K_B * max(2.0, xi))
    every = max(1, round(relaxation / dt))
    u = equilibrium(xi, count, np.random.default_rng([seed, 1]))
    times = every * dt * np.arange(4, samples + 4)
    system = SpinSystem(MU * u, terms=[Zeeman([0, 0, B])], alpha=alpha)
    run = system.run(times[-1], dt=dt, method=method, temperature=1.0, seed=seed, times=times)
    each = run.moments[:, :, 2].mean(axis=0) / MU
    return each.mean(), each.std() / math.sqrt(count)


def test_langevin_function_by_every_method():
    """Each point has its own seed: means of one seed err together, and chi-square would count one error many times."""
    cases = [("strang", 0.5, 0.02), ("strang", 3.0, 0.1), ("strang", 12.0, 0.1)]
    cases += [("depondt-mertens", 3.0, 0.02), ("midpoint", 3.0, 0.02)]
    assert {method for method, _, _ in cases} == set(THERMAL)
    chi = 0.0
    for seed, (method, xi, turn) in enumerate(cases):
        mean, error = mean_along(xi, method, turn, 640, 20, seed)
        assert error < 0.02 * langevin(xi) + 0.005
        chi += ((mean - langevin(xi)) / error) ** 2
    assert 1e-3 < stats.chi2.sf(chi, len(cases)) < 0.999


def chain_mean(xi, method, h, kappa=0.0, alpha=0.5, nodes=24, order=5):
    """Return <u_z> that endless runs of steps dt = h |m|/(|gamma| k_B T) tend to, without a random number.

    A step is taken from Gauss's nodes in u_z under all thermal fields of a product rule of Gauss and Hermite; averages
    of Legendre polynomials make a matrix, and the distribution that stays as it is is at rest under it.
    """
    one, dt = np.ones(1), h * MU / (GAMMA * K_B)
    z, w = np.polynomial.legendre.leggauss(nodes)
    x, v = np.polynomial.hermite_e.hermegauss(order)
    noise = np.stack(np.meshgrid(x, x, x, indexing="ij"), -1).reshape(-1, 3)
    weights = np.einsum("i,j,k->ijk", v, v, v).ravel() / v.sum() ** 3
    u = np.stack([np.sqrt(1.0 - z * z), 0.0 * z, z], axis=1)
    deviation = angle_deviation if method == "strang" else thermal_deviation
    sigma = deviation(MU * one, GAMMA * one, alpha * one, 1.0, dt)[0]
    many, fields = np.repeat(u, len(noise), axis=0), np.tile(sigma * noise, (nodes, 1))
    B = np.array([0.0, 0.0, xi * K_B / MU])
    spread = (w[:, None] * np.polynomial.legendre.legvander(z, nodes - 1) * (np.arange(nodes) + 0.5)).T

    def matrix(ends):
        polynomials = np.polynomial.legendre.legvander(ends[:, 2], nodes - 1).reshape(nodes, -1, nodes)
        return spread @ (weights @ polynomials if polynomials.shape[1] > 1 else polynomials[:, 0])

    def stepped(start, B, method):
        terms = [Zeeman(B), UniaxialAnisotropy(kappa * K_B)]
        system = SpinSystem(MU * start, terms=terms, alpha=alpha)
        return matrix(system.run(dt, dt=dt, method=method, times=[dt]).moments[-1] / MU)

    if method == "strang":
        turned = matrix(Rotation.from_rotvec(fields).apply(many))
        step = turned @ stepped(u, B, "depondt-mertens") @ turned
    else:
        step = stepped(many, B + fields, method)
    rest = (step - np.eye(nodes)).T
    rest[0] = np.eye(nodes)[0]
    return np.linalg.solve(rest, np.eye(nodes)[0])[1]


def boltzmann(xi, kappa):
    """Return <u_z> of exp(xi u_z + kappa u_z^2)."""
    z, w = np.polynomial.legendre.leggauss(40)
    weight = w * np.exp(xi * z + kappa * z * z)
    return weight @ z / weight.sum()


@pytest.mark.parametrize("kappa", [0.0, 1.5])
@pytest.mark.parametrize(
    ("method", "order", "bound"), [("strang", 2, 1.6), ("depondt-mertens", 1, 0.1), ("midpoint", 1, 0.16)]
)
def test_the_bias_of_means_shrinks_with_the_order_of_the_step(method, order, bound, kappa):
    """Boltzmann's averages in the limit; the bias stays below bound h^order of them, h = |gamma| k_B T dt/|m|."""
    exact = boltzmann(2.0, kappa)
    assert kappa or exact == pytest.approx(langevin(2.0), rel=1e-12)
    coarse, fine = (chain_mean(2.0, method, h, kappa) / exact - 1.0 for h in (0.02, 0.01))
    assert math.log2(coarse / fine) == pytest.approx(order, abs=0.15)
    assert abs(coarse) < bound * 0.02**order


def test_coupled_pairs_in_a_field():
    """<z> of exp(-2 u1.u2 + 1.5 (z1 + z2)), by quadrature over both z and the angle between."""
    count, h = 1000, 0.025
    z, w = np.polynomial.legendre.leggauss(24)
    rho = np.outer(np.sqrt(1.0 - z * z), np.sqrt(1.0 - z * z))
    weight = np.outer(w, w) * np.exp(-2.0 * np.outer(z, z) + 1.5 * np.add.outer(z, z)) * i0(2.0 * rho)
    wanted = np.sum(weight * z) / weight.sum()
    u = equilibrium(0.5, 2 * count, np.random.default_rng([6, 1]))
    first = np.arange(0, 2 * count, 2)
    terms = [Exchange(-2.0 * K_B, pairs=(first, first + 1)), Zeeman([0.0, 0.0, 1.5 * K_B / MU])]
    dt = h * MU / (GAMMA * K_B)
    times = 50 * dt * np.arange(4, 24)  # by relaxation times of a free moment
    run = SpinSystem(MU * u, terms=terms, alpha=0.5).run(
        times[-1], dt=dt, method="strang", temperature=1.0, seed=6, times=times
    )
    each = run.moments[:, :, 2].reshape(len(times), count, 2).mean(axis=(0, 2)) / MU
    assert abs(each.mean() - wanted) < 4.0 * each.std() / math.sqrt(count) < 0.06 * wanted


def test_long_runs_tend_to_the_mean_of_their_steps():
    """Steps so long that the bias is many errors."""
    with pytest.warns(UserWarning, match=r"\|gamma\| B dt is 0.8"):
        mean, error = mean_along(2.0, "strang", 0.8, 6400, 30, 0)
    wanted = chain_mean(2.0, "strang", 0.4)
    assert abs(mean - wanted) < 4.0 * error < 0.25 * abs(wanted - langevin(2.0))


def test_without_damping_there_is_no_noise():
    system = SpinSystem([MU, 0, 0], terms=[Zeeman([0, 0, 1.0])])
    cold, hot = (
        system.run(1e-12, dt=1e-14, method="midpoint", **k) for k in ({}, {"temperature": 300.0, "seed": 1})
    )
    assert np.array_equal(cold.moments, hot.moments)
