"""The moment of a whole spin-orbit multiplet: Van Vleck's closed formula, limits and measurements."""

import numpy as np
import pytest

from magneton import constants
from magneton.quantum.ions import ion
from magneton.quantum.multiplets import known_multiplets, multiplet_energies
from magneton.quantum.spectroscopic import energy_in
from magneton.quantum.terms import Term, lande_g, spin_g

K_B, MU_B = float(constants.k_B), float(constants.mu_B)
TEMPERATURES = np.array([0.5, 4.0, 77.0, 300.0, 1200.0, 1e5])


def van_vleck(found, T):
    """Return the effective moment in mu_B by the closed formula, [VanVleck1932] chapter IX.

    Its F is for g_s = 2; a field mixes levels of different J by the spin's part alone, (g_s - 1)^2 F.
    """
    L, S, energies = found.L, found.S, {J: E / K_B for J, E in found.level_energies.items()}

    def mixing(J):
        return ((S + L + 1) ** 2 - J**2) * (J**2 - (S - L) ** 2) / J if J else 0.0

    above, below = 0.0, 0.0
    for J, E in energies.items():
        induced = 0.0
        if J + 1 in energies:
            induced += mixing(J + 1) / (energies[J + 1] - E)
        if J - 1 in energies:
            induced -= mixing(J) / (E - energies[J - 1])
        curie = lande_g(J, L, S, g_spin=found.g_spin) ** 2 * J * (J + 1) * (2 * J + 1) if J else 0.0
        weight = np.exp(-E / T)
        above = above + weight * (curie + 0.5 * T * induced * (spin_g(found.g_spin) - 1.0) ** 2)
        below = below + weight * (2 * J + 1)
    return np.sqrt(above / below)


@pytest.mark.parametrize(
    ("name", "g_spin"),
    [("Ce3+", 2), ("Sm3+", "exact"), ("Eu3+", "exact"), ("Eu3+", 2), ("V3+", 2), ("Co2+", "exact")],
)
def test_the_free_energy_has_van_vlecks_formula_in_it(name, g_spin):
    found = ion(name, g_spin=g_spin)
    np.testing.assert_allclose(
        found.effective_moment_at(TEMPERATURES), van_vleck(found, TEMPERATURES), rtol=1e-10
    )


@pytest.mark.parametrize(("name", "g_spin"), [("V3+", 2), ("Eu3+", "exact")])
def test_the_moment_is_that_of_the_levels_susceptibility(name, g_spin):
    found, T = ion(name, g_spin=g_spin), np.array([4.2, 300.0])
    chi = found.levels.susceptibility(np.zeros(3), T) / MU_B
    for k in range(3):
        expected = np.sqrt(3.0 * T * chi[:, k, k] * (K_B / MU_B))
        np.testing.assert_allclose(found.effective_moment_at(T), expected, rtol=1e-11)


@pytest.mark.parametrize(("name", "measured", "near"), [("Eu3+", 3.4, 0.16), ("Sm3+", 1.5, 0.1)])
def test_excited_levels_make_what_the_ground_level_misses(name, measured, near):
    found = ion(name)
    assert found.measured_moment == measured
    assert found.effective_moment_at(300.0) == pytest.approx(measured, abs=near)
    assert abs(found.effective_moment - measured) > 0.6


def test_other_lanthanides_hardly_feel_their_excited_levels():
    for name in ("Ce3+", "Pr3+", "Nd3+", "Tb3+", "Dy3+", "Ho3+", "Er3+", "Tm3+", "Yb3+"):
        found = ion(name)
        assert found.effective_moment < found.effective_moment_at(300.0) < found.effective_moment + 0.06


def test_cold_europium_has_the_same_susceptibility_at_any_temperature():
    """Van Vleck paramagnetism: p_eff^2 goes as T, with 24 (g_s - 1)^2 k_B T/E_1 from 7F1 alone."""
    found = ion("Eu3+", g_spin=2)
    first = found.level_energies[1.0] / K_B
    for T in (0.01, 1.0, 10.0):
        assert found.effective_moment_at(T) ** 2 == pytest.approx(24.0 * T / first, rel=1e-10)


def test_hot_multiplets_forget_the_coupling():
    for name in ("Eu3+", "Ni2+"):
        found = ion(name)
        limit = np.hypot(found.spin_only_moment, np.sqrt(found.L * (found.L + 1.0)))
        assert found.effective_moment_at(1e9) == pytest.approx(limit, rel=1e-4)


def test_a_term_of_one_level_needs_no_energies():
    assert ion("Gd3+").effective_moment_at([1.0, 300.0]) == pytest.approx([ion("Gd3+").effective_moment] * 2)


def test_every_multiplet_begins_at_the_ground_level_and_rises():
    for name in known_multiplets():
        found = ion(name)
        J, E = np.array(list(found.level_energies.items())).T
        assert J[0] == found.J
        assert E[0] == 0.0
        assert (np.diff(E) > 0.0).all()
        assert sorted(J) == np.arange(abs(found.L - found.S), found.L + found.S + 0.5).tolist()


def test_intervals_from_a_constant():
    assert energy_in(ion("Ce3+").level_energies[3.5], "cm^-1") == pytest.approx(3.5 * 647.3, rel=1e-12)
    assert energy_in(ion("Yb3+").level_energies[2.5], "cm^-1") == pytest.approx(3.5 * 2928.0, rel=1e-12)
    assert energy_in(ion("Fe2+").level_energies[3.0], "cm^-1") == pytest.approx(4 * 103.0, rel=1e-12)


def test_unknown_levels_are_said():
    with pytest.raises(
        ValueError, match=r"the levels J = 9/2, .* of Fe\+ are not in the table, which has Ce3\+"
    ):
        ion("Fe+").effective_moment_at(300.0)
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        ion("Eu3+").effective_moment_at(0.0)
    assert multiplet_energies("nothing", Term(0.0, 2.0, 2.0)) == {2.0: 0.0}
