"""Spins with zero-field splitting, and spins coupled by exchange: splittings and limits in closed form."""

from functools import reduce

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import constants
from magneton.quantum import energy_from, hyperfine_spin, spin_hamiltonian, spin_operators
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


def test_spectroscopic_units_as_people_write_them():
    for unit in ("cm-1", "1/cm", "cm⁻¹"):
        assert energy_from(5.0, unit) == energy_from(5.0, "cm^-1")
    assert energy_from(1.0, "kJ/mol") == pytest.approx(1e3 / float(constants.N_A), rel=1e-15)
    with pytest.raises(ValueError, match="got 'ghz'; did you mean GHz"):
        energy_from(1.0, "ghz")
    with pytest.raises(ValueError, match=r"use magneton.quantum.energy_from\(5, 'cm\^-1'\)"):
        spin_hamiltonian(1.0, D="5 cm^-1")


def test_quantities_that_stand_for_energies():
    pint = pytest.importorskip("pint")
    unit = pint.UnitRegistry()
    for value, name in (
        (1 / unit.cm, "cm^-1"),
        (unit.GHz, "GHz"),
        (unit.kelvin, "K"),
        (unit.kJ / unit.mol, "kJ/mol"),
    ):
        assert energy_from(3.0 * value) == pytest.approx(energy_from(3.0, name), rel=1e-15)
    with pytest.raises(ValueError, match="unit must be left out for a quantity"):
        energy_from(3.0 * unit.GHz, "GHz")
    for plain in (3.0, [1.0, 2.0]):
        with pytest.raises(ValueError, match="unit must be given for a number"):
            energy_from(plain)
    with pytest.raises(ValueError, match="value must be an energy, or E/h"):
        energy_from(3.0 * unit.meter)


def test_tensors_that_are_not_symmetric_are_taken_row_by_row():
    """mu_B B.g.S, -2 S_1.J.S_2 and S.A.I, against sums of products of the operators."""
    tensor = np.array([[1.0, 0.3, -0.2], [0.1, 0.8, 0.5], [0.4, -0.6, 1.2]])
    s, i = spin_operators(1.0), spin_operators(0.5)
    B = np.array([0.3, -0.5, 0.7])
    zeeman = sum(B[k] * tensor[k, n] * s[n] for k in range(3) for n in range(3))
    m = spin_hamiltonian(1.0, g=tensor).moment_operators
    np.testing.assert_allclose(-np.einsum("k,kij->ij", B, m), MU_B * zeeman, atol=1e-14 * MU_B)
    product = sum(tensor[k, n] * np.kron(s[k], i[n]) for k in range(3) for n in range(3))
    hyperfine = hyperfine_spin(1.0, 0.5, A=tensor * J).hamiltonian
    np.testing.assert_allclose(hyperfine / J, product, atol=1e-13)
    reverse = sum(tensor[k, n] * np.kron(s[n], i[k]) for k in range(3) for n in range(3))
    for pair, expected in (((0, 1), product), ((1, 0), reverse)):
        coupled = spin_cluster([1.0, 0.5], {pair: tensor * J}).hamiltonian
        np.testing.assert_allclose(coupled / J, -2.0 * expected, atol=1e-13)
    # spins that are not neighbours in the product, with others before, between and behind
    chain = spin_cluster([0.5, 1.0, 0.5, 0.5, 0.5], {(1, 3): tensor * J}).hamiltonian / J
    one, two = np.eye(2), i
    far = sum(
        tensor[k, n] * reduce(np.kron, [one, s[k], one, two[n], one]) for k in range(3) for n in range(3)
    )
    np.testing.assert_allclose(chain, -2.0 * far, atol=1e-13)


def test_energies_in_other_units_and_spins_without_bound_are_refused():
    for call in (
        lambda: spin_hamiltonian(1.0, D=5.0),
        lambda: spin_hamiltonian(1.0, E=5.0),
        lambda: exchange_dimer(0.5, 0.5, -142.0),
        lambda: bleaney_bowers(300.0, -142.0),
        lambda: hyperfine_spin(0.5, 0.5, A=16e6),
    ):
        with pytest.raises(ValueError, match=r"must be in J, 1e-15 J at most, got .*energy_from"):
            call()
    with pytest.raises(ValueError, match="spin must be below 2048, got 1e"):
        spin_hamiltonian(1e9)
    with pytest.raises(ValueError, match="j must be below 2048"):
        spin_operators(1e9)
    with pytest.raises(ValueError, match="spin and nuclear_spin must have 4096 levels together"):
        hyperfine_spin(0.5, 1e9, A=0.0)
    with pytest.raises(ValueError, match="E must be a number"):
        spin_hamiltonian(1.0, E=[1e-23, 2e-23])  # ty: ignore
