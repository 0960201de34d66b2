"""Spins with zero-field splitting, and spins coupled by exchange: splittings and limits in closed form."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import constants
from magneton.quantum import energy_from, spin_hamiltonian
from magneton.quantum.exchange import bleaney_bowers, exchange_dimer, spin_cluster

K_B, MU_B = float(constants.k_B), float(constants.mu_B)
J = energy_from(-10.0, "cm^-1")
NO_FIELD = [0.0, 0.0, 0.0]


def test_a_triplet_splits_by_d_and_e():
    energies = spin_hamiltonian(1.0, D=3.0 * K_B, E=0.4 * K_B).energies(NO_FIELD) / K_B
    np.testing.assert_allclose(energies, [-2.0, 1.0 - 0.4, 1.0 + 0.4], rtol=1e-14)


@pytest.mark.parametrize("spin", [0.5, 1.0, 1.5, 2.5])
def test_a_tensor_of_splitting_turns_with_the_spin(spin):
    """In a turned frame the energies are those in the turned field."""
    turn = Rotation.from_rotvec([0.3, -0.8, 0.5]).as_matrix()
    D, E, B = 2.0 * K_B, 0.3 * K_B, np.array([0.5, 1.0, -0.7])
    tensor = np.diag([E - D / 3.0, -E - D / 3.0, 2.0 * D / 3.0])
    g = np.diag([2.0, 2.1, 2.3])
    turned = spin_hamiltonian(spin, g=turn @ g @ turn.T, D=turn @ tensor @ turn.T)
    plain = spin_hamiltonian(spin, g=g, D=D, E=E)
    scale = np.abs(plain.energies(B)).max()
    np.testing.assert_allclose(turned.energies(turn @ B), plain.energies(B), atol=1e-13 * scale)
    np.testing.assert_allclose(turned.moment(turn @ B, 1.0), turn @ plain.moment(B, 1.0), rtol=1e-12)


def test_a_tensor_keeps_its_trace():
    levels = spin_hamiltonian(1.0, D=np.diag([1.0, 2.0, 3.0]) * K_B)
    np.testing.assert_allclose(levels.energies(NO_FIELD) / K_B, [3.0, 4.0, 5.0], rtol=1e-13)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_dimer_of_spins_one_half_follows_bleaney_and_bowers(sign):
    T = np.array([2.0, 20.0, 300.0, 1e5])
    dimer = exchange_dimer(0.5, 0.5, sign * J, g=2.16)
    np.testing.assert_allclose(dimer.molar_susceptibility(T), bleaney_bowers(T, sign * J, 2.16), rtol=1e-12)


def test_bleaney_and_bowers_from_two_free_spins_to_one_triplet():
    free = 2.0 * spin_hamiltonian(0.5, g=2.0).molar_susceptibility(5.0)
    np.testing.assert_allclose(bleaney_bowers(5.0, 0.0, 2.0), free, rtol=1e-12)
    triplet = spin_hamiltonian(1.0, g=2.0).molar_susceptibility(0.01)
    np.testing.assert_allclose(bleaney_bowers(0.01, -J, 2.0), triplet, rtol=1e-12)


def test_the_levels_of_a_dimer_are_those_of_the_total_spin():
    """Lande's interval rule, E(S) = -J (S (S+1) - S1 (S1+1) - S2 (S2+1)), each 2 S + 1 times."""
    energies = exchange_dimer(1.0, 2.5, J).energies(NO_FIELD) / J
    expected = [-(S * (S + 1) - 2.0 - 8.75) for S in (1.5, 2.5, 3.5) for _ in range(round(2 * S) + 1)]
    np.testing.assert_allclose(np.sort(energies), np.sort(expected), rtol=1e-12)


def test_a_triangle_of_antiferromagnetic_spins_is_frustrated():
    triangle = spin_cluster([0.5] * 3, {(0, 1): J, (1, 2): J, (0, 2): J}, g=2.0)
    # four states of S = 1/2 at 3 J/2, four of S = 3/2 at -3 J/2 (J is negative)
    np.testing.assert_allclose(triangle.energies(NO_FIELD) / J, [1.5] * 4 + [-1.5] * 4, rtol=1e-12)
    np.testing.assert_allclose(triangle.entropy(NO_FIELD, 0.1), K_B * np.log(4.0), rtol=1e-12)


def test_couplings_may_be_tensors_and_spins_may_differ():
    d = 0.2 * J
    skew = np.array([[0.0, d, 0.0], [-d, 0.0, 0.0], [0.0, 0.0, 0.0]])
    plain, skewed = (exchange_dimer(0.5, 0.5, t, g=(2.0, 2.2)) for t in (J, J * np.eye(3) + skew))
    # with Dzyaloshinskii's term the singlet and m = 0 of the triplet are at J/2 +- sqrt(J^2 + d^2)
    expected = np.sort([-0.5 * J, -0.5 * J, 0.5 * J - np.hypot(J, d), 0.5 * J + np.hypot(J, d)])
    np.testing.assert_allclose(skewed.energies(NO_FIELD), expected, rtol=1e-12)
    saturated = plain.moment(1e3, 0.01, direction=[0, 0, 1])[2]
    np.testing.assert_allclose(saturated, 2.1 * MU_B, rtol=1e-3)


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="E must be 0 if D is a matrix"):
        spin_hamiltonian(1.0, D=np.eye(3) * K_B, E=K_B)
    with pytest.raises(ValueError, match="D must be symmetric"):
        spin_hamiltonian(1.0, D=np.triu(np.ones((3, 3))) * K_B)
    with pytest.raises(ValueError, match=r"pairs of different spins 0 to 1, each once, got \(1, 0\)"):
        spin_cluster([0.5, 0.5], {(0, 1): J, (1, 0): J})
    with pytest.raises(ValueError, match="g must have one entry for each of 2 spins, got 3"):
        exchange_dimer(0.5, 0.5, J, g=[2.0, 2.0, 2.0])
    with pytest.raises(ValueError, match="spins must have between 1 and 4096 levels"):
        spin_cluster([2.5] * 5, {})
