"""Moments of particles: the table beside CODATA, older printed digits, CPT, names, the quark model."""

import dataclasses
import math
from decimal import Decimal

import numpy as np
import pytest

from magneton import constants
from magneton.quantum._notation import concise_notation
from magneton.quantum.particles import all_particles, particle, particle_editions
from magneton.quantum.quark_model import quark_model_moment, quark_moments

SYMBOLS = {
    "electron": "e",
    "muon": "mu",
    "proton": "p",
    "neutron": "n",
    "deuteron": "d",
    "triton": "t",
    "helion": "h",
}


@pytest.mark.parametrize("name", SYMBOLS)
def test_moments_in_both_units_are_codatas_of_2022(name):
    found, symbol = particle(name), SYMBOLS[name]
    moment, g = getattr(constants, f"mu_{symbol}"), getattr(constants, f"g_{symbol}")
    assert abs(found.moment - moment) <= 0.1 * moment.uncertainty + 5e-11 * abs(moment)
    assert found.moment_uncertainty == pytest.approx(moment.uncertainty, rel=0.06)
    assert abs(found.g_factor - g) <= 0.1 * g.uncertainty
    assert found.g_factor_uncertainty == pytest.approx(g.uncertainty, rel=0.06)
    mass = getattr(constants, f"m_{symbol}")
    assert (found.mass, found.mass_uncertainty) == (mass, mass.uncertainty)
    assert found.edition == "CODATA 2022"


# Moments in J/T with all the digits that CODATA 2006 printed, and those that older texts print of them.
CODATA_2006 = {
    "electron": (-9.28476377e-24, "-9.284764e-24"),
    "proton": (1.410606662e-26, "14.106067e-27"),
    "neutron": (-9.6623641e-27, "-9.66236e-27"),
    "muon": (-4.49044786e-26, "-44.904478e-27"),
    "deuteron": (4.33073465e-27, "4.3307346e-27"),
    "triton": (1.504609361e-26, "15.046094e-27"),
}


@pytest.mark.parametrize("name", CODATA_2006)
def test_digits_of_older_texts_are_those_of_codata_2006(name):
    full, printed = CODATA_2006[name]
    last_digit = 10.0 ** Decimal(printed).as_tuple().exponent
    assert abs(float(printed) - full) < last_digit  # some are cut, not rounded
    # Both magnetons have grown by 1.0e-7 since, hence the seventh place.
    assert 0.9e-7 < particle(name).moment / full - 1.0 < 1.3e-7


def test_particle_data_group_2026_as_printed():
    printed = {
        "Lambda": "-0.613(4)",
        "Sigma+": "2.458(10)",
        "Sigma-": "-1.160(25)",
        "Xi0": "-1.250(14)",
        "Xi-": "-0.6507(25)",
        "Omega-": "-2.02(5)",
        "Sigma0-Lambda": "±1.61(8)",
    }
    assert {name: particle(name).concise for name in printed} == printed
    assert particle("electron", "PDG 2026").anomaly == 0.00115965218062
    assert particle("muon", "PDG 2026").anomaly == 11659207.15e-10
    assert particle("antiproton", "PDG 2026").concise == "-2.7928473441(42)"
    assert not particle("Sigma0-Lambda").sign_known


@pytest.mark.parametrize("edition", ["CODATA 2022", "PDG 2026"])
@pytest.mark.parametrize("name", ["electron", "muon"])
def test_moment_and_anomaly_of_leptons_agree(name, edition):
    lepton = particle(name, edition)
    magneton = constants.e * constants.hbar / (2.0 * lepton.mass)
    ratio = -lepton.moment / magneton / (1.0 + lepton.anomaly)
    assert abs(ratio - 1.0) < {"electron": 1e-9, "muon": 3e-8}[name]  # uncertainty of the masses
    assert lepton.g_factor == -2.0 * (1.0 + lepton.anomaly)


def test_the_tau_is_measured_as_limits_and_predicted_by_theory():
    measured, theory = particle_editions("tau")
    low, high = (
        measured.anomaly - 1.96 * measured.anomaly_uncertainty,
        measured.anomaly + 1.96 * measured.anomaly_uncertainty,
    )
    np.testing.assert_allclose([low, high], [-0.0024, 0.0047], atol=5e-5)
    assert "-0.0024 to 0.0047" in measured.note
    assert (theory.edition, theory.anomaly) == ("Standard Model", 117721e-8)
    assert "not a measurement" in theory.note
    magneton = constants.e * constants.hbar / (2.0 * theory.mass)
    np.testing.assert_allclose(theory.moment, -(1.0 + theory.anomaly) * magneton, rtol=2e-6)


@pytest.mark.parametrize("each", all_particles(antiparticles=True), ids=lambda each: each.name)
def test_antiparticles_have_opposite_charge_and_moment_and_return(each):
    anti = each.antiparticle
    assert anti == particle(each.antiparticle_name)
    assert (anti.charge, anti.spin, anti.mass) == (-each.charge, each.spin, each.mass) or math.isnan(
        each.mass
    )
    assert anti.value == (-each.value if each.sign_known else each.value)
    assert dataclasses.asdict(anti.antiparticle).items() >= {"name": each.name, "value": each.value}.items()
    assert ("CPT" in anti.edition) != ("CPT" in each.edition)


def test_the_positron_is_parallel_to_its_spin_and_measured_antiparticles_bear_cpt_out():
    assert particle("positron").gyromagnetic_ratio > 0.0 > particle("electron").gyromagnetic_ratio
    for name in ("antiproton", "anti-Xi-"):
        by_cpt, measured = particle_editions(name)
        sigma = math.hypot(by_cpt.uncertainty, measured.uncertainty)
        assert 0.0 < abs(by_cpt.value - measured.value) < 2.0 * sigma


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("e-", "electron"),
        ("e⁺", "positron"),
        ("µ−", "muon"),
        ("antimu", "antimuon"),
        ("P+", "proton"),
        ("pbar", "antiproton"),
        ("Σ⁺", "Sigma+"),
        ("sigma minus", "Sigma-"),
        ("Σ̄⁻", "anti-Sigma+"),
        ("antiSigma+", "anti-Sigma+"),
        ("Λ", "Lambda"),
        ("Ω−", "Omega-"),
        ("³He²⁺", "helion"),
        ("Σ0→Λ".replace("→", "->"), "Sigma0-Lambda"),
    ],
)
def test_spellings(spelling, name):
    assert particle(spelling).name == name


def test_unknown_names_and_editions_are_told_with_what_there_is():
    with pytest.raises(
        ValueError, match=r"name must be that of a particle, such as proton, antiproton, .*got 'protn'"
    ):
        particle("protn")
    with pytest.raises(ValueError, match=r"such as electron, positron, muon.*got 3"):
        particle(3)
    with pytest.raises(
        ValueError, match="edition must be 'PDG 2026' or 'Standard Model' for the tau, got 'CODATA 2022'"
    ):
        particle("tau", "CODATA 2022")


@pytest.mark.parametrize(
    ("value", "uncertainty", "text"),
    [
        (2.79284734463, 8.2e-10, "2.79284734463(82)"),
        (-1.16, 0.025, "-1.160(25)"),
        (2.458, 0.01, "2.458(10)"),
        (-0.613, 0.004, "-0.613(4)"),
        (1.0, 0.0996, "1.00(10)"),
        (-9.284764691694297e-24, 2.9033e-33, "-9.2847646917(29)e-24"),
        (0.001165920715, 1.45e-10, "0.00116592072(15)"),
        (1508.0, 12.0, "1508(12)"),
        (42.5, math.nan, "42.5"),
        (299792458.0, 0.0, "299792458"),
        (0.0, 0.3, "0.0(3)"),
    ],
)
def test_concise_notation(value, uncertainty, text):
    assert concise_notation(value, uncertainty) == text


# From the measured moments of p, n (CODATA 2022) and Lambda (PDG 2026), to three places as they are printed.
QUARK_MODEL = {
    "Sigma+": 2.673,
    "Sigma0": 0.791,
    "Sigma-": -1.091,
    "Xi0": -1.435,
    "Xi-": -0.493,
    "Omega-": -1.839,
    "Sigma0-Lambda": 1.630,
}


def test_quark_model_beside_measurement():
    assert {name: round(quark_model_moment(name).value, 3) for name in QUARK_MODEL} == QUARK_MODEL
    for name in ("proton", "neutron", "Lambda"):  # the inputs come back, with their uncertainties
        found, given = quark_model_moment(name), particle(name)
        assert found.value == pytest.approx(given.value, rel=1e-14)
        assert found.uncertainty == pytest.approx(given.uncertainty, rel=1e-12)
    assert quark_model_moment("Omega-").uncertainty == pytest.approx(3.0 * 0.004, rel=1e-6)
    assert quark_model_moment("Σ⁺") == quark_model_moment("Sigma+")


def _wave_function(name):
    """Return the spin and flavour state, spin up, of a baryon with quarks a, a, b: mixed symmetric, symmetrised."""
    pair, other = {"proton": "ud", "neutron": "du", "Sigma+": "us", "Sigma-": "ds", "Xi0": "su", "Xi-": "sd"}[
        name
    ]
    state = {}
    for place in range(3):  # where the other quark is
        flavours = [pair] * 3
        flavours[place] = other
        for down in range(3):
            spins = [1, 1, 1]
            spins[down] = -1
            state[tuple(zip(flavours, spins, strict=True))] = 2.0 if down == place else -1.0
    return state


@pytest.mark.parametrize("name", ["proton", "neutron", "Sigma+", "Sigma-", "Xi0", "Xi-"])
def test_shares_follow_from_the_wave_functions(name):
    moments = {"u": 1.7, "d": -0.83, "s": -0.59}
    state = _wave_function(name)
    norm = sum(c * c for c in state.values())
    mean = sum(c * c * sum(s * moments[q] for q, s in quarks) for quarks, c in state.items()) / norm
    assert quark_model_moment(name, moments).value == pytest.approx(mean, rel=1e-14)


def test_equal_masses_give_minus_two_thirds():
    charges = {"u": 2 / 3, "d": -1 / 3, "s": -1 / 3}
    ratio = quark_model_moment("neutron", charges).value / quark_model_moment("proton", charges).value
    assert ratio == pytest.approx(-2 / 3, rel=1e-14)
    assert quark_model_moment("Omega-", charges).value == -1.0  # three times its quark's, spin 3/2
    assert set(quark_moments()) == set("uds")


def test_wrong_input_of_the_quark_model_is_named():
    with pytest.raises(
        ValueError, match=r"name must be that of a baryon of the octet or the Omega-, .*got 'electron'"
    ):
        quark_model_moment("electron")
    with pytest.raises(ValueError, match="quarks must give the moments of 'u', 'd' and 's'"):
        quark_model_moment("proton", {"u": 1.0})


def test_nuclides_and_parts_of_editions_are_understood():
    assert particle("He-3") == particle("3He") == particle("helion")
    assert particle("hydrogen-2") == particle("deuteron")
    assert particle("electron", "PDG").edition == "PDG 2026"
    assert particle("electron", "2022").edition == "CODATA 2022"
    assert particle("anti-Xi-", "PDG").edition == "PDG 2026"
    for edition in ("P", "", "codata pdg"):
        with pytest.raises(ValueError, match="edition must be 'CODATA 2022' or 'PDG 2026'"):
            particle("electron", edition)


def test_without_an_uncertainty_ten_digits_are_shown():
    assert concise_notation(0.85701630957100017, float("nan")) == "0.8570163096"
    assert concise_notation(-9.2847646917e-24, float("nan")) == "-9.284764692e-24"
