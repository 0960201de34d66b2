"""Heat and cold from fields: the ideal paramagnet, Maxwell's relation, entropies before and after."""

from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from magneton import constants
from magneton.quantum import spin_hamiltonian
from magneton.quantum.energy_levels import EnergyLevels
from magneton.quantum.magnetocaloric import (
    adiabatic_temperature,
    adiabatic_temperature_change,
    debye_entropy,
    entropy_change,
)

K_B, MU_B = float(constants.k_B), float(constants.mu_B)
ALONG: dict[str, Any] = {"direction": [0.0, 0.0, 1.0]}
GADOLINIUM = spin_hamiltonian(3.5, g=2.0)


@pytest.mark.parametrize(
    ("T", "B_1", "B_2"),
    [(1.0, 1.0, 0.05), (3.0, 1.0, 0.05), (300.0, 1e-4, 3e-5), (300.0, 1e-6, 1e-3), (2.0, 1e-3, 9.0)],
)
def test_the_temperature_of_an_ideal_paramagnet_follows_the_field(T, B_1, B_2):
    after = adiabatic_temperature(GADOLINIUM, B_1, B_2, T, **ALONG)
    np.testing.assert_allclose(after, T * B_2 / B_1, rtol=1e-12)


def test_splitting_without_field_sets_how_cold_it_gets():
    chromium = spin_hamiltonian(1.5, g=1.97, D=0.5 * K_B)
    T = np.array([1.0, 1.5])
    after = adiabatic_temperature(chromium, 1.0, 0.0, T, **ALONG)
    assert (after > 0.05).all()
    before = chromium.entropy(1.0, T, **ALONG)
    np.testing.assert_allclose(chromium.entropy(0.0, after, **ALONG), before, rtol=1e-12)
    fields = np.array([[0.0, 0.0, 0.2], [0.2, 0.0, 0.0]])
    many = adiabatic_temperature(chromium, [0.0, 0.0, 1.0], fields, T[:, None])
    assert many.shape == (2, 2)
    np.testing.assert_allclose(many[:, 0], adiabatic_temperature(chromium, 1.0, 0.2, T, **ALONG), rtol=1e-12)


def test_what_no_temperature_reaches():
    assert adiabatic_temperature(GADOLINIUM, 5.0, 0.0, 4.0, **ALONG) == 0.0
    assert adiabatic_temperature(GADOLINIUM, 0.0, 5.0, 4.0, **ALONG) == np.inf
    assert np.isnan(adiabatic_temperature(GADOLINIUM, 9.0, 1.0, 0.01, **ALONG))  # exp(-1200)


def test_a_lattice_shares_its_entropy():
    def lattice(T):
        return debye_entropy(T, 200.0, 5.0)

    change = adiabatic_temperature_change(GADOLINIUM, 0.0, 7.0, 10.0, lattice_entropy=lattice, **ALONG)
    total = [GADOLINIUM.entropy(B, T, **ALONG) + lattice(T) for B, T in ((0.0, 10.0), (7.0, 10.0 + change))]
    assert change > 1.0
    np.testing.assert_allclose(*total, rtol=1e-13)
    assert change < adiabatic_temperature_change(
        GADOLINIUM, 1e-3, 7.0, 10.0, lattice_entropy=lambda T: 0.1 * lattice(T), **ALONG
    )


@pytest.mark.parametrize("T", [0.5, 5.0, 300.0])
def test_the_change_of_entropy_is_the_integral_of_the_slope(T):
    nickel = spin_hamiltonian(1.0, g=2.2, D=2.0 * K_B)

    def slope(B):
        return nickel.moment_slope(B, T, **ALONG)[2] / K_B

    expected = quad(slope, 0.5, 4.0, epsabs=0.0, epsrel=1e-11)[0]
    np.testing.assert_allclose(entropy_change(nickel, 0.5, 4.0, T, **ALONG) / K_B, expected, rtol=1e-9)


def test_levels_by_their_energies_will_do():
    signs = np.array([1.0, -1.0])
    spin = EnergyLevels(lambda B: -MU_B * B[..., None] * signs)
    np.testing.assert_allclose(adiabatic_temperature(spin, 1.0, [0.5, 0.1], 1.0), [0.5, 0.1], rtol=1e-12)


def test_debye_entropy_cold_and_hot():
    # 4 pi^4/5 (T/theta)^3 and 3 (log(T/theta) + 4/3 + (theta/T)^2/40), in k_B
    np.testing.assert_allclose(debye_entropy(1.0, 100.0), K_B * 0.8 * np.pi**4 * 1e-6, rtol=1e-11)
    hot = 3.0 * (np.log(10.0) + 4.0 / 3.0 + 0.01 / 40.0)
    np.testing.assert_allclose(debye_entropy(1e3, 100.0, 2.0), 2.0 * K_B * hot, rtol=1e-6)


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match=r"lattice_entropy must return shape \(2,\), got \(\)"):
        adiabatic_temperature(GADOLINIUM, 1.0, 0.5, [1.0, 2.0], lattice_entropy=lambda T: 1.0, **ALONG)
    with pytest.raises(ValueError, match="debye_temperature must be positive"):
        debye_entropy(1.0, 0.0)


def test_the_change_of_entropy_when_hot_keeps_its_digits():
    """-(g mu_B B)^2 J (J + 1)/(6 k_B T^2): 1e-14 of the entropy itself."""
    x = 1e-7  # mu_B B/(k_B T)
    B = x * 300.0 * K_B / MU_B
    change = entropy_change(GADOLINIUM, 0.0, B, 300.0, **ALONG)
    np.testing.assert_allclose(change / K_B, -4.0 * x**2 * 15.75 / 6.0, rtol=1e-9)
