"""The pinned constants against SciPy's table, and against the relations that tie them together."""

import copy
import math
import pickle

import numpy as np
import pytest
import scipy.constants as reference

from magneton import constants, units

ALL = constants.all_constants()
# CODATA prints the magnitude of these; the sign is that of the moment.
NEGATIVE = {"gamma_e", "gamma_n", "gamma_h_shielded"}
# The edition of SciPy's table; an older or newer one agrees only within its uncertainties.
SAME_EDITION = reference.physical_constants["Bohr magneton"][0] == 9.2740100657e-24


@pytest.mark.parametrize("symbol", ALL)
def test_agrees_with_scipy(symbol):
    constant = ALL[symbol]
    value, unit, uncertainty = reference.physical_constants[constant.name]
    if symbol in NEGATIVE:
        value = -value
    if not SAME_EDITION:
        assert abs(constant - value) <= 5 * math.hypot(constant.uncertainty, uncertainty) + 1e-15 * abs(value)
        return
    # SciPy computes the exact ones in floats, so that these may differ in the last bits.
    assert float(constant) == pytest.approx(value, rel=0 if uncertainty else 4e-16, abs=0)
    assert constant.uncertainty == uncertainty
    assert constant.unit == (unit or "1")


@pytest.mark.parametrize(
    ("symbol", "value", "uncertainty"),
    [
        ("mu_0", 1.25663706127e-6, 0.00000000020e-6),
        ("mu_B", 9.2740100657e-24, 0.0000000029e-24),
        ("mu_N", 5.0507837393e-27, 0.0000000016e-27),
        ("mu_e", -9.2847646917e-24, 0.0000000029e-24),
        ("mu_p", 1.41060679545e-26, 0.00000000060e-26),
        ("mu_n", -9.6623653e-27, 0.0000023e-27),
        ("g_e", -2.00231930436092, 0.00000000000036),
        ("gamma_e", -1.76085962784e11, 0.00000000055e11),
        ("gamma_p", 2.6752218708e8, 0.0000000011e8),
        ("c", 299792458.0, 0.0),
        ("e", 1.602176634e-19, 0.0),
        ("h", 6.62607015e-34, 0.0),
        ("N_A", 6.02214076e23, 0.0),
        ("k_B", 1.380649e-23, 0.0),
    ],
)
def test_printed_digits(symbol, value, uncertainty):
    assert ALL[symbol] == value
    assert ALL[symbol].uncertainty == pytest.approx(uncertainty, rel=1e-12)


def combined(*symbols):
    """Five times the relative uncertainty of a product, and the rounding of its digits."""
    return 5 * math.hypot(*(ALL[symbol].relative_uncertainty for symbol in symbols)) + 1e-15


C = constants
RELATIONS = {
    "hbar": (C.hbar, C.h / (2 * math.pi), ["h"]),
    "R": (C.R, C.k_B * C.N_A, []),
    "F": (C.F, C.e * C.N_A, []),
    "Phi_0": (C.Phi_0, C.h / (2 * C.e), []),
    "K_J": (C.K_J * C.Phi_0, 1, []),
    "R_K": (C.R_K, C.h / C.e**2, []),
    "light": (C.c**2 * C.mu_0 * C.epsilon_0, 1, ["mu_0", "epsilon_0"]),
    "mu_0 and alpha": (C.mu_0, 2 * C.alpha * C.h / (C.e**2 * C.c), ["mu_0", "alpha"]),
    "mu_B": (C.mu_B, C.e * C.hbar / (2 * C.m_e), ["mu_B", "m_e"]),
    "mu_N": (C.mu_N, C.e * C.hbar / (2 * C.m_p), ["mu_N", "m_p"]),
    "a_0": (C.a_0, C.hbar / (C.m_e * C.c * C.alpha), ["a_0", "m_e", "alpha"]),
    "R_inf": (C.R_inf, C.alpha**2 * C.m_e * C.c / (2 * C.h), ["alpha", "alpha", "m_e", "R_inf"]),
    "E_h": (C.E_h, 2 * C.R_inf * C.h * C.c, ["E_h", "R_inf"]),
    "r_e": (C.r_e, C.alpha**2 * C.a_0, ["alpha", "alpha", "r_e"]),
    "electron moment": (C.mu_e, C.g_e * C.mu_B / 2, ["mu_e", "g_e", "mu_B"]),
    "electron anomaly": (-C.g_e / 2, 1 + C.a_e, ["g_e"]),
    "electron gamma": (C.gamma_e, 2 * C.mu_e / C.hbar, ["gamma_e", "mu_e"]),
    "muon moment": (C.mu_mu, C.g_mu * C.e * C.hbar / (4 * C.m_mu), ["mu_mu", "g_mu", "m_mu"]),
    "muon anomaly": (-C.g_mu / 2, 1 + C.a_mu, ["g_mu"]),
    "proton moment": (C.mu_p, C.g_p * C.mu_N / 2, ["mu_p", "g_p"]),
    "proton gamma": (C.gamma_p, 2 * C.mu_p / C.hbar, ["gamma_p", "mu_p"]),
    "neutron moment": (C.mu_n, C.g_n * C.mu_N / 2, ["mu_n", "g_n"]),
    "neutron gamma": (C.gamma_n, 2 * C.mu_n / C.hbar, ["gamma_n", "mu_n"]),
    "deuteron moment": (C.mu_d, C.g_d * C.mu_N, ["mu_d", "g_d"]),
    "triton moment": (C.mu_t, C.g_t * C.mu_N / 2, ["mu_t", "g_t"]),
    "helion moment": (C.mu_h, C.g_h * C.mu_N / 2, ["mu_h", "g_h"]),
    "shielding": (1 - C.mu_p_shielded / C.mu_p, C.sigma_p, ["sigma_p"]),
    "shielded proton gamma": (C.gamma_p_shielded, 2 * C.mu_p_shielded / C.hbar, ["gamma_p_shielded"]),
    "shielded helion gamma": (C.gamma_h_shielded, 2 * C.mu_h_shielded / C.hbar, ["gamma_h_shielded"]),
}


@pytest.mark.parametrize("name", RELATIONS)
def test_relations(name):
    one, other, uncertain = RELATIONS[name]
    assert one == pytest.approx(other, rel=combined(*uncertain), abs=0)


def test_mu_0_is_measured():
    assert C.mu_0 != 4e-7 * math.pi
    assert C.mu_0 / (4e-7 * math.pi) - 1 == pytest.approx(-1.3e-10, abs=0.2e-10)


def test_arithmetic_gives_plain_floats():
    for result in (C.mu_0 * 2, 2 / C.mu_0, -C.mu_0, +C.mu_0, abs(C.mu_0), C.mu_0**2, C.mu_0 + C.e):
        assert type(result) is float
    assert np.asarray(C.mu_0).dtype == np.float64


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(protocol):
    again = pickle.loads(pickle.dumps(C.mu_B, protocol))
    assert repr(again) == repr(C.mu_B)
    assert again == C.mu_B


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy])
def test_copies(copier):
    assert repr(copier(C.mu_B)) == repr(C.mu_B)


def test_shows_itself():
    assert repr(C.mu_0) == (
        "Constant(1.25663706127e-06, uncertainty=2e-16, unit='N A^-2', name='vacuum mag. permeability')"
    )
    assert str(C.mu_0) == f"{C.mu_0}" == "1.25663706127e-06"


def test_cannot_be_changed():
    with pytest.raises(AttributeError, match="a constant cannot be changed"):
        C.mu_0.uncertainty = 0.0


def test_all_constants_lists_a_copy():
    listed = constants.all_constants()
    assert listed["mu_0"] is constants.mu_0
    assert listed["m_muon"] is listed["m_mu"]
    listed.clear()
    assert constants.all_constants()


@pytest.mark.parametrize("symbol", ALL)
def test_units_are_readable(symbol):
    unit = ALL[symbol].unit
    assert units.convert(1.0, unit, unit) == 1.0
