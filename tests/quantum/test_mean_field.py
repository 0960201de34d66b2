"""Magnets in their own mean field: against 30 digits, limits in closed form, and laws of the free energy."""

import numpy as np
import pytest

from magneton import constants
from magneton.quantum.mean_field import Ferromagnet
from magneton.quantum.paramagnets import curie_weiss, inverse_brillouin
from magneton.quantum.two_sublattices import Antiferromagnet, Ferrimagnet
from reference._load import load

K_B, MU_B, MU_0 = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0"))
TABLE = load("weiss")
MAGNET = Ferromagnet(3.5, 2.0, 3e28, T_C=292.0)
GARNET = Ferrimagnet((2.5, 3.5), (2.0, 2.0), (3e28, 2.7e28), ((300.0, -60.0), (-60.0, 0.0)))
FIELDS = np.array([0.0, 1e-3, -1.0, 5.0, 50.0])[:, None]


def slope(function, at, step):
    """Return a derivative to fourth order."""
    near, far = (function(at + k * step) - function(at - k * step) for k in (1.0, 2.0))
    return (8.0 * near - far) / (12.0 * step)


@pytest.mark.parametrize("J", np.unique(TABLE["J"]))
def test_spontaneous_magnetization_and_coercive_field_are_exact_to_rounding(J):
    here = TABLE["J"] == J
    t, m, h = (TABLE[name][here] for name in ("t", "m", "h"))
    magnet = Ferromagnet(J, 2.0, 1e28, T_C=1.0)
    np.testing.assert_allclose(magnet.reduced_magnetization(0.0, t), m, rtol=4e-16)
    reduced = magnet.coercive_field(t) * magnet.moment / K_B
    np.testing.assert_allclose(reduced, h, rtol=3e-15)


@pytest.mark.parametrize("J", [0.5, 1.0, 7.5])
def test_next_to_T_C_the_exponents_are_landau_s(J):
    magnet = Ferromagnet(J, 2.0, 1e28, T_C=1024.0)
    amplitude = np.sqrt(10.0 / 3.0 * (J + 1.0) ** 2 / (J**2 + (J + 1.0) ** 2))
    tau = 2.0**-40
    T = 1024.0 * (1.0 - tau)
    np.testing.assert_allclose(magnet.reduced_magnetization(0.0, T), amplitude * np.sqrt(tau), rtol=1e-11)
    np.testing.assert_allclose(magnet.heat_capacity(0.0, T), magnet.heat_capacity_jump, rtol=1e-11)
    above = magnet.susceptibility(0.0, 1024.0 * (1.0 + tau))
    np.testing.assert_allclose(magnet.susceptibility(0.0, T), above / 2.0, rtol=1e-11)
    # On the critical isotherm M goes as the cube root of B.
    M = magnet.magnetization(np.array([1e-9, 8e-9]), 1024.0)
    np.testing.assert_allclose(M[1] / M[0], 2.0, rtol=1e-6)
    assert magnet.reduced_magnetization(0.0, 1e-12) == 1.0
    assert magnet.spontaneous_magnetization(1024.0) == 0.0


def test_every_branch_holds_itself_over_a_wide_sweep():
    """No failure: the field of a solution, recomputed from m by the inverse function, is the field asked for."""
    B, T = np.linspace(-300.0, 300.0, 101)[:, None], np.geomspace(1e-3, 3e3, 80)
    for branch in ("stable", "metastable", "unstable"):
        m = MAGNET.reduced_magnetization(B, T, branch)
        exists = np.isfinite(m) & (np.abs(m) < 0.99)
        own = MU_0 * MAGNET.molecular_field * MAGNET.saturation_magnetization * m
        total = K_B * T * inverse_brillouin(3.5, np.where(exists, m, 0.0)) / MAGNET.moment
        assert (np.abs(total - own - B) < 1e-13 * (np.abs(own) + np.abs(B) + 1.0))[exists].all()
        held = np.abs(B) <= MAGNET.coercive_field(T)
        expected = np.ones_like(held) if branch == "stable" else held & (T < 292.0)
        np.testing.assert_array_equal(np.isfinite(m), expected)


def test_branches_are_the_minima_and_the_maximum_of_the_constrained_free_energy():
    B, T = 20.0, 150.0
    m = np.linspace(-1.0, 1.0, 200_001)
    F = MAGNET.constrained_free_energy(m, B, T)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(F)))) + 1
    branches = [MAGNET.reduced_magnetization(B, T, name) for name in ("metastable", "unstable", "stable")]
    np.testing.assert_allclose(m[turns], branches, atol=2e-5)
    energies = [MAGNET.free_energy(B, T, name) for name in ("metastable", "unstable", "stable")]
    np.testing.assert_allclose(F[turns], energies, rtol=1e-9)
    assert energies[2] < energies[0] < energies[1]


@pytest.mark.parametrize(
    ("magnet", "branch"),
    [(MAGNET, "stable"), (MAGNET, "metastable"), (GARNET, "stable"), (GARNET, "up"), (GARNET, "down")],
)
def test_magnetization_and_entropy_are_derivatives_of_the_free_energy(magnet, branch):
    B, T = 6.0, 140.0
    M = -slope(lambda b: magnet.free_energy(b, T, branch), B, 0.3)
    np.testing.assert_allclose(magnet.magnetization(B, T, branch), M, rtol=1e-6)
    S = -slope(lambda t: magnet.free_energy(B, t, branch), T, 0.3)
    np.testing.assert_allclose(magnet.entropy(B, T, branch), S, rtol=1e-7)
    chi = MU_0 * slope(lambda b: magnet.magnetization(b, T, branch), B, 0.3)
    np.testing.assert_allclose(magnet.susceptibility(B, T, branch), chi, rtol=1e-5)


def test_heat_capacity_is_the_slope_of_the_entropy():
    C = 200.0 * slope(lambda t: MAGNET.entropy(3.0, t), 200.0, 0.1)
    np.testing.assert_allclose(MAGNET.heat_capacity(3.0, 200.0), C, rtol=1e-9)


def test_the_loop_jumps_at_the_coercive_field():
    loop = MAGNET.hysteresis(100.0)
    coercive = MAGNET.coercive_field(100.0)
    jump = np.argmax(np.diff(loop.rising))
    assert loop.B[jump] == coercive
    assert loop.rising[jump] < 0.0 < loop.rising[jump + 1]
    np.testing.assert_array_equal(loop.falling, -loop.rising[::-1])
    np.testing.assert_array_equal(
        loop.rising[loop.B < 0.0], MAGNET.magnetization(loop.B[loop.B < 0.0], 100.0)
    )
    closed = MAGNET.hysteresis(300.0, B_max=2.0, points=5)
    np.testing.assert_array_equal(closed.rising, closed.falling)


def test_curie_and_weiss_above_T_C():
    chi = MAGNET.susceptibility(0.0, [293.0, 1000.0])
    np.testing.assert_allclose(chi, curie_weiss([293.0, 1000.0], MAGNET.curie_constant, 292.0), rtol=1e-13)
    np.testing.assert_allclose(MAGNET.T_C, MAGNET.molecular_field * MAGNET.curie_constant, rtol=1e-15)


def test_two_sublattices_that_agree_are_a_ferromagnet():
    own, other = 0.7 * MAGNET.molecular_field, 1.3 * MAGNET.molecular_field
    two = Ferrimagnet((3.5, 3.5), (2.0, 2.0), (1.5e28, 1.5e28), ((own, other), (other, own)))
    T = np.array([0.01, 10.0, 100.0, 250.0, 290.0, 291.9, 293.0, 400.0, 3000.0])
    np.testing.assert_allclose(two.T_C, 292.0, rtol=1e-14)
    np.testing.assert_allclose(two.free_energy(FIELDS, T), MAGNET.free_energy(FIELDS, T), rtol=1e-14)
    M = MAGNET.magnetization(FIELDS, T)
    np.testing.assert_allclose(two.magnetization(FIELDS, T), M, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(two.susceptibility(0.0, T), MAGNET.susceptibility(0.0, T), rtol=1e-10)


def test_no_held_state_lies_below_the_state_found():
    """Random couplings, those against the own sublattice too, over all temperatures and fields."""
    rng = np.random.default_rng(3)
    grid = np.linspace(-0.9999, 0.9999, 21)
    for _ in range(20):
        coupling = rng.normal(0.0, 400.0, (2, 2))
        magnet = Ferrimagnet(
            rng.integers(1, 8, 2) / 2,
            rng.uniform(1.0, 2.5, 2),
            rng.uniform(5e27, 3e28, 2),
            coupling + coupling.T,
        )
        B, T = np.array([0.0, 0.1, 3.0, 1000.0])[:, None], np.geomspace(0.1, 3000.0, 15)
        held = magnet.constrained_free_energy(grid[:, None, None, None], grid[:, None, None], B, T)
        F = magnet.free_energy(B, T)
        assert (held.min(axis=(0, 1)) >= F - 1e-13 * np.abs(F)).all()
        x = magnet._solved(B, T, "stable")
        assert (x[0, :, 0] >= 0.0).all()  # A up without a field
        m = np.stack(magnet.reduced_magnetizations(B, T), axis=-1)
        own, pull = m @ magnet._K.T, B[..., None] * magnet._mu
        scale = np.abs(m) @ np.abs(magnet._K.T) + np.abs(pull) + 1e-290
        assert (np.abs(T[:, None] * x - own - pull) <= 1e-14 * scale).all()


def test_a_ferrimagnet_compensates_and_orders_where_the_closed_forms_say():
    (T,) = GARNET.compensation_temperatures()
    m = GARNET.reduced_magnetizations(0.0, T)
    first, second = GARNET.saturation_magnetizations * m
    assert abs(first + second) < 1e-12 * first
    assert first > 0.1 * GARNET.saturation_magnetizations[0]
    # T_C, the larger root of a quadratic equation, and Neel's hyperbola above it.
    (a, b), ((aa, ab), (_, bb)) = GARNET.curie_constants, GARNET.molecular_field
    mean, half = 0.5 * (a * aa + b * bb), 0.5 * (a * aa - b * bb)
    np.testing.assert_allclose(GARNET.T_C, mean + np.sqrt(half**2 + a * b * ab**2), rtol=1e-14)
    chi = GARNET.susceptibility(0.0, 1200.0)
    determinant = (1200.0 - a * aa) * (1200.0 - b * bb) - a * b * ab**2
    expected = (1200.0 * (a + b) - a * b * (aa + bb - 2.0 * ab)) / determinant
    np.testing.assert_allclose(chi, expected, rtol=1e-13)
    assert GARNET.reduced_magnetizations(0.0, GARNET.T_C * (1.0 - 1e-6)).A > 0.0
    assert abs(GARNET.reduced_magnetizations(0.0, GARNET.T_C * (1.0 + 1e-6)).A) < 1e-100
    alike = Antiferromagnet(2.5, 2.0, 5e28, T_N=67.0, theta=-80.0)
    assert len(alike.compensation_temperatures()) == 0


def test_an_antiferromagnet_has_a_cusp_and_a_ferromagnet_in_each_sublattice():
    magnet = Antiferromagnet(2.5, 2.0, 5e28, T_N=67.0, theta=-80.0)
    twin = Ferromagnet(2.5, 2.0, 5e28, T_C=67.0)
    T = np.linspace(0.5, 66.5, 20)
    m = magnet.reduced_magnetizations(0.0, T)
    np.testing.assert_allclose(m.A, twin.reduced_magnetization(0.0, T), rtol=1e-12)
    np.testing.assert_array_equal(m.B, -np.asarray(m.A))
    across = magnet.perpendicular_susceptibility
    np.testing.assert_allclose(across, -1.0 / magnet.molecular_field[0, 1], rtol=1e-15)
    along = magnet.parallel_susceptibility(np.append(T, [67.0, 100.0]))
    np.testing.assert_allclose(along[:-2], magnet.susceptibility(0.0, T), rtol=1e-10)
    np.testing.assert_allclose(along[-2:], [across, magnet.curie_constant / 180.0], rtol=1e-13)
    assert along[0] < 1e-20 * across
    np.testing.assert_allclose(magnet.powder_susceptibility(0.5), 2.0 / 3.0 * across, rtol=1e-14)
    # Half the difference of the susceptibilities times H^2 pays for the anisotropy.
    B = magnet.spin_flop_field(40.0, 1e5)
    gain = 0.5 * (across - magnet.parallel_susceptibility(40.0)) * B**2 / MU_0
    np.testing.assert_allclose(gain, 1e5, rtol=1e-13)
    assert np.isnan(magnet.spin_flop_field(70.0, 1e5))


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="give either T_C or molecular_field"):
        Ferromagnet(0.5, 2.0, 1e28)
    with pytest.raises(ValueError, match="branch must be one of stable, metastable, unstable, got 'up'"):
        MAGNET.magnetization(0.0, 1.0, "up")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="B_max must be given from T_C = 292 K on"):
        MAGNET.hysteresis(300.0)
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        GARNET.magnetization(1.0, 0.0)
    with pytest.raises(ValueError, match="m must lie between -1 and 1"):
        MAGNET.constrained_free_energy(1.5, 0.0, 1.0)
    with pytest.raises(ValueError, match="molecular_field must be a symmetric matrix"):
        Ferrimagnet((1, 1), (2, 2), (1e28, 1e28), ((0, 1), (2, 0)))
    with pytest.raises(ValueError, match="J must be two numbers"):
        Ferrimagnet(1, (2, 2), (1e28, 1e28), ((0, 1), (1, 0)))
    with pytest.raises(ValueError, match="theta must be below T_N = 10 K, got 20"):
        Antiferromagnet(1, 2, 1e28, T_N=10.0, theta=20.0)


def test_a_branch_is_nan_where_it_no_longer_is_a_minimum():
    for B, there in ((0.0, True), (5000.0, False)):
        held = GARNET.reduced_magnetizations(B, 20.0, "down")
        assert np.isfinite(held).all() == there
        assert np.isnan(held).any() != there


def test_at_zero_kelvin_the_saturation_is_pointed_to_and_loops_are_shown_briefly():
    magnet = Ferromagnet(0.5, 2.0, 9e28, T_C=600.0)
    with pytest.raises(ValueError, match=r"temperature must be positive, got 0; .*saturation_magnetization"):
        magnet.spontaneous_magnetization(0.0)
    assert repr(magnet.hysteresis(300.0, 1.0, points=5)) == "Hysteresis(5 fields up to 1 T)"
