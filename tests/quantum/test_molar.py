"""Molar susceptibility: the factors between it and the effective moment, and corrections of what was measured."""

import numpy as np
import pytest

from magneton import constants, units
from magneton.quantum import spin_hamiltonian
from magneton.quantum.molar import (
    corrected_susceptibility,
    effective_moment_from,
    measured_susceptibility,
    susceptibility_from,
)


def test_the_printed_factors():
    assert round(effective_moment_from(1.0, 1.0), 3) == 797.727
    assert round(effective_moment_from(1.0, 1.0, "cgs"), 6) == 2.827869


@pytest.mark.parametrize("system", ["SI", "cgs"])
def test_moment_and_susceptibility_are_each_others_reverse(system):
    p, T = np.array([[0.0], [1.7], [10.6]]), np.array([2.0, 300.0])
    chi = susceptibility_from(p, T, system)
    np.testing.assert_allclose(effective_moment_from(chi, T, system), np.broadcast_to(p, (3, 2)), rtol=1e-14)


def test_systems_differ_as_their_units_do():
    chi = susceptibility_from(5.9, 290.0)
    other = units.convert_susceptibility(susceptibility_from(5.9, 290.0, "cgs"), "emu/(mol Oe)", "m^3/mol")
    assert other == pytest.approx(chi, rel=1e-14, abs=0.0)


def test_the_moment_of_a_free_spin_comes_back_from_what_a_magnetometer_reads():
    T, amount, B = 300.0, 2e-6, 1e-3
    one = spin_hamiltonian(2.5).moment(B, T, direction=(0.0, 0.0, 1.0))[2]
    moment = amount * float(constants.N_A) * one
    chi = measured_susceptibility(moment + 3e-9, B, amount, holder=3e-9)
    assert effective_moment_from(chi, T) == pytest.approx(
        -float(constants.g_e) * np.sqrt(8.75), rel=1e-9, abs=0.0
    )


def test_corrections_are_taken_off_and_uncertainties_add_in_square():
    value, error = corrected_susceptibility(
        np.array([10.0, 20.0]),
        -2.0,
        temperature_independent=0.5,
        holder=-0.25,
        uncertainties={"measured": [0.3, 0.0], "diamagnetic": 0.4},
    )
    np.testing.assert_allclose(value, [11.75, 21.75])
    np.testing.assert_allclose(error, [0.5, 0.4])
    assert corrected_susceptibility(1.0, -1.0) == (2.0, 0.0)


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="system must be 'SI'"):
        effective_moment_from(1.0, 300.0, "emu")
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        susceptibility_from(1.0, 0.0)
    with pytest.raises(ValueError, match="susceptibility"):
        effective_moment_from(-1e-9, 300.0)
    with pytest.raises(ValueError, match="diamagnetic must not be positive, got 2"):
        corrected_susceptibility(1.0, 2.0)
    with pytest.raises(ValueError, match=r"uncertainties must be of measured, .*got mass"):
        corrected_susceptibility(1.0, -2.0, uncertainties={"mass": 1.0})
    with pytest.raises(ValueError, match="B must not be zero"):
        measured_susceptibility(1e-9, [0.1, 0.0], 1e-3)
