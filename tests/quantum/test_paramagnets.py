"""Brillouin's and Langevin's functions to rounding, the laws of Curie and Van Vleck, small particles."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from magneton import constants, units
from magneton.quantum import spin_hamiltonian
from magneton.quantum.paramagnets import (
    brillouin,
    brillouin_slope,
    curie_constant,
    curie_weiss,
    inverse_brillouin,
    inverse_langevin,
    langevin,
    langevin_slope,
    paramagnetic_moment,
    van_vleck,
)
from magneton.quantum.superparamagnets import Superparamagnet, blocking_temperature, neel_relaxation_time
from reference._load import load

K_B, MU_B, MU_0, N_A = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0", "N_A"))
G = -float(constants.g_e)
TABLE = load("brillouin")
SPINS = np.unique(TABLE["J"])


def rows(J):
    here = TABLE["J"] == J
    return tuple(TABLE[name][here] for name in ("x", "value", "slope"))


def of(J, name, x):
    """Return a function of J, Langevin's for J = inf."""
    if math.isinf(J):
        return {"value": langevin, "slope": langevin_slope, "inverse": inverse_langevin}[name](x)
    return {"value": brillouin, "slope": brillouin_slope, "inverse": inverse_brillouin}[name](J, x)


@pytest.mark.parametrize("J", SPINS)
def test_the_function_is_exact_to_rounding(J):
    x, value, _ = rows(J)
    np.testing.assert_allclose(of(J, "value", x), value, rtol=6e-16)
    np.testing.assert_allclose(of(J, "value", -x), -value, rtol=6e-16)


@pytest.mark.parametrize("J", SPINS)
def test_the_slope_is_exact_to_rounding_times_its_condition_number(J):
    x, _, slope = rows(J)
    normal = slope > 1e-300
    rtol = 1e-15 + np.where(math.isfinite(J), 1.2e-16 * x / J, 0.0)
    error = np.abs(of(J, "slope", x) - slope)
    assert (error[normal] <= (rtol * slope)[normal]).all()
    assert (error[~normal] <= 1e-300).all()


@pytest.mark.parametrize("J", SPINS)
def test_the_inverse_is_exact_to_rounding_times_its_condition_number(J):
    x, value, slope = rows(J)
    told = value < 1.0
    condition = value[told] / (x * slope)[told]
    error = np.abs(of(J, "inverse", value[told]) / x[told] - 1.0)
    assert (error <= 1e-15 + 1.2e-16 * condition).all()


def test_values_printed_and_at_the_ends():
    assert round(brillouin(3.5, 1.0), 8) == 0.39484211
    assert round(brillouin(0.5, 1.0), 8) == 0.76159416
    for function in (langevin, lambda x: brillouin(1.5, x)):
        np.testing.assert_array_equal(function([0.0, np.inf, -np.inf, np.nan]), [0.0, 1.0, -1.0, np.nan])
    np.testing.assert_array_equal(inverse_langevin([1.0, -1.0, 1.5]), [np.inf, -np.inf, np.nan])
    assert brillouin(1e18, 0.7) == langevin(0.7)


def test_each_spin_of_an_array_has_its_own_function_on_every_thread():
    J, x = np.array([0.5, 2.0, 0.5])[:, None], np.linspace(-4.0, 4.0, 40_000)
    table = brillouin(J, x)
    np.testing.assert_allclose(table[0], np.tanh(x), rtol=6e-16)
    np.testing.assert_array_equal(table[1, ::5000], [brillouin(2.0, part) for part in x[::5000]])


@pytest.mark.parametrize("B", [1e-6, 0.3, 8.0])
def test_the_moment_of_an_ion_is_that_of_its_levels(B):
    levels = spin_hamiltonian(3.5).moment(B, 2.0, direction=(0.0, 0.0, 1.0))[2]
    np.testing.assert_allclose(paramagnetic_moment(B, 2.0, 3.5, G), levels, rtol=1e-13)


def test_curie_s_constant_is_the_slope_of_the_moment_in_both_systems():
    B, T = 1e-9, 4.0
    per_mole = MU_0 * N_A * paramagnetic_moment(B, T, 2.5, G) / B
    np.testing.assert_allclose(per_mole * T, curie_constant(2.5, G), rtol=1e-14)
    cgs = units.convert(curie_constant(2.5, 2.0), "m^3 K/mol", "emu K/(mol Oe)")
    assert round(float(cgs), 5) == 4.37673  # 35/8 of 1.00039
    np.testing.assert_array_equal(curie_weiss([300.0, 10.0], 3.0, 50.0), [3.0 / 250.0, np.nan])


def test_van_vleck_s_equation_is_the_slope_of_the_levels_moment():
    """A triplet of which a field across the axis mixes level 0 with the even one of the pair above it."""
    split = 7.0 * K_B
    triplet = spin_hamiltonian(1.0, g=G, D=split)
    p = (G * MU_B) ** 2 / split
    for T in (0.5, 5.0, 300.0):
        chi = MU_0 * N_A * triplet.susceptibility([0.0, 0.0, 0.0], T)
        across = van_vleck([0.0, split, split], [0.0, 0.0, 0.0], [-p, p, 0.0], T)
        along = van_vleck([0.0, split, split], [0.0, G * MU_B, -G * MU_B], [0.0, 0.0, 0.0], T)
        np.testing.assert_allclose([across, along], [chi[0, 0], chi[2, 2]], rtol=1e-12)


@pytest.mark.parametrize("spread", [0.3, 1.0])
@pytest.mark.parametrize("B", [1e-5, 0.1, 20.0])
def test_the_mean_over_particles_is_that_of_adaptive_quadrature(spread, B):
    particles, T = Superparamagnet(2e4 * MU_B, spread), 300.0
    x = 2e4 * MU_B * B / (K_B * T)

    def weighted(z):
        size = math.exp(spread * z)
        return size * langevin(x * size) * math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)

    expected = quad(weighted, -10.0, 12.0, points=[0.0], epsrel=1e-13, limit=200)[0]
    value, error = particles.moment_and_error(B, T, rtol=1e-11)
    assert error <= 1e-11 * value
    np.testing.assert_allclose(value / particles.median, expected, rtol=1e-11)


def test_the_ends_of_a_curve_tell_the_particles():
    particles = Superparamagnet(1e-19, 0.6)
    slope = particles.moment(1e-9, 300.0) / 1e-9
    np.testing.assert_allclose(particles.initial_susceptibility(300.0), slope, rtol=1e-9)
    big = 1e6
    lacking = particles.saturation - particles.moment(big, 300.0)
    intercept = big * lacking / particles.saturation
    found = Superparamagnet.from_curve(slope, particles.saturation, 300.0, intercept)
    np.testing.assert_allclose([found.median, found.spread], [1e-19, 0.6], rtol=1e-6)
    assert Superparamagnet.from_curve(slope, particles.saturation, 300.0).spread == 0.0
    with pytest.raises(ValueError, match="intercept must be at least"):
        Superparamagnet.from_curve(slope, particles.saturation, 300.0, 0.1 * intercept)


def test_a_particle_at_its_blocking_temperature_reverses_in_the_measuring_time():
    barrier = 300.0 * K_B
    T = blocking_temperature(barrier, measuring_time=50.0, attempt_time=1e-10)
    np.testing.assert_allclose(neel_relaxation_time(barrier, T, attempt_time=1e-10), 50.0, rtol=1e-12)
    assert neel_relaxation_time(barrier, 1e-3) == np.inf


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="J must be one of 0, 1/2, 1"):
        brillouin(0.7, 1.0)
    with pytest.raises(ValueError, match="J must be one of 1/2, 1, 3/2"):
        brillouin([0.5, 0.0], 1.0)
    with pytest.raises(ValueError, match="x must be a real number"):
        langevin("1")
    with pytest.raises(ValueError, match="temperature must be positive, got -1"):
        paramagnetic_moment(1.0, -1.0, 0.5)
    with pytest.raises(ValueError, match="lists of the same length"):
        van_vleck([0.0], [0.0, 1.0], [0.0], 1.0)
    with pytest.raises(ValueError, match="measuring_time must be longer"):
        blocking_temperature(1e-20, measuring_time=1e-12)
    with pytest.raises(ValueError, match="spread must lie between 0 and 5"):
        Superparamagnet(1e-20, -1.0)


def test_the_default_g_is_that_of_the_free_electron():
    free = -float(constants.g_e)
    assert curie_constant(3.5) == curie_constant(3.5, free)
    assert paramagnetic_moment(1.0, 2.0, 3.5) == paramagnetic_moment(1.0, 2.0, 3.5, free)
