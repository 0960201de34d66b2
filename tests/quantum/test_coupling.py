"""LS coupling in a field: the Zeeman and the Paschen-Back limit, and the exact solution for a spin of 1/2."""

import numpy as np
import pytest

from magneton import constants
from magneton.quantum.coupling import ls_coupling, multiplet
from magneton.quantum.spectroscopic import energy_from
from magneton.quantum.terms import lande_g

MU_B, G = float(constants.mu_B), -float(constants.g_e)
TERMS = [(1, 0.5), (2, 1.5), (3, 3.0), (3, 1.0)]
A = energy_from(10.969, "GHz") / 1.5  # hydrogen's 2p


@pytest.mark.parametrize(("L", "S"), TERMS)
def test_weak_fields_split_levels_by_landes_factor(L, S):
    B = 1e-7 * A / MU_B
    moments = ls_coupling(L, S, A).level_moments(B, direction=(0.0, 0.0, 1.0))[:, 2] / MU_B
    first = 0
    for J in np.arange(abs(L - S), L + S + 0.5):  # A > 0: the smallest J is the lowest
        expected = -np.nan_to_num(lande_g(J, L, S)) * np.arange(-J, J + 0.5)
        found = moments[first : first + len(expected)]
        np.testing.assert_allclose(np.sort(found), np.sort(expected), atol=3e-6)
        first += len(expected)


@pytest.mark.parametrize(("L", "S"), TERMS)
def test_strong_fields_decouple_spin_and_orbit(L, S):
    B = 1e6 * A / MU_B
    energies = ls_coupling(L, S, A).energies(B, direction=(0.0, 0.0, 1.0))
    m_L, m_S = np.meshgrid(np.arange(-L, L + 0.5), np.arange(-S, S + 0.5))
    expected = np.sort((MU_B * B * (m_L + G * m_S) + A * m_L * m_S).ravel())
    np.testing.assert_allclose(energies, expected, atol=1e-4 * A)


@pytest.mark.parametrize("x", [0.0, 0.3, 1.0, 4.0, 50.0])
@pytest.mark.parametrize("L", [1, 2])
def test_a_spin_of_one_half_between_both_limits(L, x):
    """States of one m_J mix by twos: the roots of 2 x 2 blocks, in units of A, x = mu_B B/A."""
    expected = [L / 2.0 + x * (L + G / 2.0), L / 2.0 - x * (L + G / 2.0)]
    for m in np.arange(-L + 0.5, L):
        half = 0.5 * m + 0.5 * x * (G - 1.0)
        root = np.sqrt(half**2 + 0.25 * ((L + 0.5) ** 2 - m**2))
        expected += [-0.25 + x * m - root, -0.25 + x * m + root]
    energies = ls_coupling(L, 0.5, A).energies(x * A / MU_B, direction=(1.0, -2.0, 2.0)) / A
    np.testing.assert_allclose(energies, np.sort(expected), atol=1e-14 * (1.0 + 4.0 * x))


def test_moments_are_slopes():
    levels, axis = ls_coupling(2, 1.5, A), np.array([0.6, 0.0, 0.8])
    B, step = 1.3 * A / MU_B, 1e-4 * A / MU_B
    slopes = (levels.energies((B - step) * axis) - levels.energies((B + step) * axis)) / (2.0 * step)
    np.testing.assert_allclose(levels.level_moments(B * axis) @ axis, slopes, atol=1e-7 * MU_B)


def test_landes_intervals_make_the_multiplet_of_the_coupling():
    L, S = 3, 1.5
    J = np.arange(1.5, 5.0)
    intervals = {j: 0.5 * A * (j * (j + 1) - L * (L + 1) - S * (S + 1)) for j in J.tolist()}
    by_levels = multiplet(L, S, intervals, g_spin=2)
    by_coupling = ls_coupling(L, S, A, g_spin=2)
    np.testing.assert_allclose(by_levels.hamiltonian, by_coupling.hamiltonian, atol=1e-13 * A)
    np.testing.assert_array_equal(by_levels.moment_operators, by_coupling.moment_operators)


def test_the_splitting_of_hydrogens_2p_state():
    """alpha^2 c R_inf/16 of Dirac's levels, with their next order, the electron's anomaly and the reduced mass."""
    alpha, a_e, proton = float(constants.alpha), G / 2.0 - 1.0, float(constants.m_p / constants.m_e)
    dirac = alpha**2 * float(constants.c) * float(constants.R_inf) / 16.0 * (1.0 + 0.625 * alpha**2)
    assert dirac * (1.0 + 2.0 * a_e) * proton / (1.0 + proton) == pytest.approx(10.96904e9, rel=1e-5)
    split = np.diff(ls_coupling(1, 0.5, A).energies([0.0, 0.0, 0.0]))[1]
    assert split == pytest.approx(energy_from(10.969, "GHz"), rel=1e-14)


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="energies must have J = 1/2, 3/2, got"):
        multiplet(1, 0.5, {0.5: 0.0})
    with pytest.raises(ValueError, match="S must be one of 0, 1/2, 1"):
        ls_coupling(1, 0.3, A)
    with pytest.raises(ValueError, match="L must be one of 0, 1, 2"):
        ls_coupling(1.5, 0.5, A)
