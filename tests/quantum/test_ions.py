"""Atoms and ions: names, configurations, ground levels and their moments."""

import math
from itertools import combinations

import numpy as np
import pytest

from magneton import constants
from magneton.quantum import configurations
from magneton.quantum.ions import atom, ion, measured_ions
from magneton.quantum.terms import Term, ground_term, hund_term, lande_g

MU_B = float(constants.mu_B)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ce3+", 2.535), ("Nd3+", 3.618), ("Gd3+", 7.937), ("Dy3+", 10.646), ("Er3+", 9.581)],
)
def test_effective_moments_of_the_ground_levels(name, expected):
    assert ion(name, g_spin=2).effective_moment == pytest.approx(expected, abs=5e-4)


def test_the_exact_g_of_the_spin_shows_in_gadolinium():
    assert ion("Gd3+").effective_moment == pytest.approx(7.946, abs=5e-4)
    assert ion("Gd3+").lande_g == pytest.approx(-float(constants.g_e), rel=1e-15)


@pytest.mark.parametrize("name", ["Dy+3", "Dy(III)", "Dy 3+", " Dy3+ ", "Dy\u00b3\u207a", "Dy^3+"])
def test_all_ways_to_write_an_ion_mean_the_same(name):
    assert ion(name) == ion("Dy3+")


@pytest.mark.parametrize(
    ("name", "configuration", "term"),
    [
        ("Dy3+", "[Xe] 4f9", "6H15/2"),
        ("Fe3+", "[Ar] 3d5", "6S5/2"),
        ("Fe2+", "[Ar] 3d6", "5D4"),
        ("Na2+", "[He] 2s2 2p5", "2P3/2"),
        ("Ce4+", "[Kr] 4d10 5s2 5p6", "1S0"),
        ("Gd2+", "[Xe] 4f7 5d1", "9D2"),
        ("W7+", "[Xe] 4f13", "2F7/2"),
        ("U4+", "[Rn] 5f2", "3H4"),
        ("Lr+", "[Rn] 5f14 7s2", "1S0"),
        ("Cl-", "[Ne] 3s2 3p6", "1S0"),
        ("O2-", "[He] 2s2 2p6", "1S0"),
        ("C-", "[He] 2s2 2p3", "4S3/2"),
        ("V+", "[Ar] 3d4", "5D0"),
        ("Ce+", "[Xe] 4f1 5d2", "4H7/2"),
    ],
)
def test_configurations_and_terms_of_ions(name, configuration, term):
    found = ion(name)
    assert (found.configuration, found.term) == (configuration, term)
    assert sum(configurations.read(configuration).values()) == found.Z - found.charge


def test_a_closed_shell_has_no_moment():
    chloride = ion("Cl-")
    assert chloride.effective_moment == chloride.moment == chloride.saturation_moment == 0.0
    assert math.isnan(chloride.lande_g)
    assert chloride.projections.tolist() == [0.0]
    assert chloride.effective_moment_at(300.0) == 0.0


def test_which_neutral_atoms_break_the_rules():
    """Configurations as all textbooks list them; of the levels, cerium's alone is not by Hund's rules."""
    unlike, unruly = [], []
    for symbol in configurations.elements():
        found = atom(symbol)
        filled = configurations.read(found.configuration)
        assert sum(filled.values()) == found.Z
        if filled != configurations.madelung(found.Z):
            unlike.append(symbol)
        if ground_term(configurations.by_momentum(filled)) != found.ground_level:
            unruly.append(symbol)
    assert len(configurations.elements()) == 103
    assert " ".join(unlike) == "Cr Cu Nb Mo Ru Rh Pd Ag La Ce Gd Pt Au Ac Th Pa U Np Cm Lr"
    assert unruly == ["Ce"]


def test_every_exception_among_ions_is_one():
    for row in configurations.read_rows("ground_states_ions.csv"):
        found = ion(row["ion"])
        neutral = configurations.read(atom(found.symbol).configuration)
        left = {key: count for key, count in configurations.cation(neutral, found.charge).items() if count}
        assert configurations.read(row["configuration"]) != left
        assert configurations.written(configurations.read(row["configuration"])) == row["configuration"]


@pytest.mark.parametrize("shell", [1, 2, 3])
def test_hunds_rules_find_the_extreme_microstate(shell):
    orbitals = [(m, spin) for m in range(-shell, shell + 1) for spin in (-0.5, 0.5)]
    for n in range(1, len(orbitals)):
        states = [(sum(s for _, s in each), sum(m for m, _ in each)) for each in combinations(orbitals, n)]
        S, L = max(states)
        assert hund_term(shell, n) == Term(S, L, L + S if n > 2 * shell + 1 else abs(L - S))


def test_projections_are_against_the_angular_momentum():
    dy = ion("Dy3+", g_spin=2)
    assert len(dy.projections) == 16
    np.testing.assert_allclose(dy.projections / MU_B, -4.0 / 3.0 * np.arange(7.5, -8.0, -1.0), rtol=1e-14)
    assert dy.saturation_moment == pytest.approx(10.0, rel=1e-14)
    assert dy.moment == pytest.approx(dy.effective_moment * MU_B, rel=1e-15)


def test_which_model_measurements_bear_out():
    """4f moments are those of the level J, but for Sm3+ and Eu3+; in 3d ions the crystal quenches L."""
    for name in measured_ions():
        found = ion(name)
        by_level = abs(found.effective_moment - found.measured_moment)
        by_spin = abs(found.spin_only_moment - found.measured_moment)
        if "4f" in found.configuration:
            assert (by_level < 0.3) == (name not in ("Sm3+", "Eu3+"))
        elif found.L:
            assert by_spin < by_level
    assert len(measured_ions()) == 25
    assert math.isnan(ion("La3+").measured_moment)


def test_landes_limits():
    assert lande_g(2.0, 2, 0) == 1.0
    assert lande_g(1.5, 0, 1.5) == pytest.approx(-float(constants.g_e), rel=1e-15)
    assert lande_g(0.5, 1, 0.5, g_spin=2) == pytest.approx(2.0 / 3.0, rel=1e-15)
    assert lande_g(0.5, 2, 1.5, g_spin=2) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: ion("Dy70+"),
            r"name must have the charge of Dy\+ to Dy65\+, got Dy70\+: no electron would be left",
        ),
        (lambda: ion("H+"), r"the charge of H-, got H\+: no electron"),
        (lambda: ion("He2+"), r"the charge of He\+, got He2\+: no electron"),
        (lambda: ion("Cl2-"), r"Cl\+ to Cl16\+ or Cl-, got Cl2-: its outermost subshell would be overfull"),
        (lambda: ion("Dyy3+"), "name must be that of an element, H to Lr, such as Dy"),
        (lambda: ion("3+"), "name must be an element with a charge"),
        (lambda: atom("Fe!"), 'name must be an element, such as "Fe" or "iron", got'),
        (lambda: ion("CO2+"), "name must be that of an element, H to Lr, such as Co"),
        (lambda: ion("Xx3+"), "name must be that of an element, H to Lr, such as Xe; got 'Xx'"),
        (lambda: ion("Dy III"), r"say Dy3\+ for the oxidation state, Dy2\+ for the spectrum"),
        (
            lambda: ion("Fe"),
            r"name must have a charge, such as Fe\+ or Fe2\+, got 'Fe'; atom\('Fe'\) is neutral",
        ),
        (lambda: atom("Fe3+"), r"name must be that of a neutral atom, got 'Fe3\+'; use ion"),
        (lambda: ion("Fe3+", g_spin=2.1), r'g_spin must be "exact" or 2, got 2.1'),
        (lambda: lande_g(3, 2, 0.5), "J must be one of 3/2, 5/2 for L = 2 and S = 1/2, got 3"),
        (lambda: lande_g(1, 0.5, 0.5), "L must be one of 0, 1, 2, ..., got 1/2"),
        (lambda: hund_term("f", 15), "n must be 0 to 14 in a subshell f, got 15"),
        (lambda: hund_term("g", 1), "l must be one of s, p, d, f, or 0 to 3, got 'g'"),
        (lambda: Term.read("6X1/2"), 'symbol must be one such as "6H15/2"'),
    ],
)
def test_wrong_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        *(("dy3+", "Dy3+"), ("iron(III)", "Fe3+"), ("Iron 2+", "Fe2+"), ("Dy+++", "Dy3+"), ("co2+", "Co2+")),
        *(("Fe³⁺", "Fe3+"), ("Fe (iii)", "Fe3+"), ("O--", "O2-")),
    ],
)
def test_ions_as_people_write_them(name, wanted):
    assert ion(name) == ion(wanted)


def test_atoms_by_their_english_names():
    assert atom("iron") == atom("fe") == atom("Fe")
