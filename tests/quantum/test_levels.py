"""Levels: limits that are known in closed form."""

import numpy as np
import pytest

from magneton import constants
from magneton.quantum import Levels, spin_hamiltonian, spin_operators

K_B, MU_B = float(constants.k_B), float(constants.mu_B)


@pytest.mark.parametrize("x", [1e-20, 1e-8, 1e-3, 1.0, 30.0, 1e5])
def test_a_spin_one_half_follows_the_hyperbolic_tangent(x):
    g, T = -float(constants.g_e), 4.2
    B = 2.0 * x * K_B * T / (g * MU_B)
    m = spin_hamiltonian(0.5).moment(B, T, direction=(1.0, 2.0, -2.0))
    expected = 0.5 * g * MU_B * np.tanh(x) * np.array([1.0, 2.0, -2.0]) / 3.0
    np.testing.assert_allclose(m, expected, rtol=1e-13)


def test_entropy_goes_from_that_of_the_ground_state_to_that_of_all_levels():
    triplet = spin_hamiltonian(1.0, D=5.0 * K_B)
    assert triplet.entropy([0.0, 0.0, 0.0], 1e-3) == 0.0
    np.testing.assert_allclose(triplet.entropy([0.0, 0.0, 0.0], 1e9), K_B * np.log(3.0), rtol=1e-13)


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        spin_hamiltonian(0.5).moment([0.0, 0.0, 1.0], 0.0)
    with pytest.raises(ValueError, match="hamiltonian must be Hermitian"):
        Levels([[0.0, 1.0], [2.0, 0.0]], spin_operators(0.5))
    with pytest.raises(ValueError, match=r"moments must have shape \(3, 2, 2\)"):
        Levels(np.zeros((2, 2)), spin_operators(1.0))
    with pytest.raises(ValueError, match="spin must be one of 0, 1/2, 1"):
        spin_hamiltonian(0.7)
