import math
from itertools import combinations

import numpy as np
import pytest

from magneton import constants
from magneton.quantum.g_factors import g_I_from_bohr, g_I_to_bohr
from magneton.quantum.hyperfine import Hyperfine
from magneton.quantum.spectroscopic import energy_from
from reference._load import load

H, MU_B, MU_N = float(constants.h), float(constants.mu_B), float(constants.mu_N)
TABLE = load("breit_rabi")
ROWS = range(len(TABLE["B"]))
ATOMS = ("H", "D", "T", "3He+", "6Li", "7Li", "23Na", "39K", "40K", "41K", "85Rb", "87Rb", "133Cs", "43Ca+")
GENERAL = Hyperfine(2.0, 1.0, energy_from(-84.7, "MHz"), energy_from(12.5, "MHz"), 1.3362, 1.8)


def close(got, want, scale, rtol):
    assert abs(got - want) <= rtol * scale, f"{got} {want} {abs(got - want) / scale:.1e}"


# ---- against matrices of 90 digits


@pytest.mark.parametrize("i", ROWS)
def test_levels_and_transitions_agree_with_matrices_in_any_field(i):
    row = {name: column[i] for name, column in TABLE.items()}
    J, nuclear_spin, A, Q, g_J, g_I = (float(row[name]) for name in ("J", "I", "A", "Q", "g_J", "g_I"))
    atom = Hyperfine(J, nuclear_spin, A, Q, g_J, g_I)
    upper, lower, B = (row["F_upper"], row["m_upper"]), (row["F_lower"], row["m_lower"]), float(row["B"])
    closed = row["kinds"] != "general"
    zeeman = max(atom.J * atom.g_J * MU_B, atom.I * abs(atom.g_I) * MU_N)
    rest = max(abs(atom.zero_field_energy(F)) for F in atom.F_values)
    size = rest + zeeman * B
    rtol = 2e-15 if closed else 1e-14
    close(atom.energy(*upper, B), row["energy"], size, rtol)
    # the shift of m_F = 0 is of second order in B: relative to itself it is good in the closed form
    linear = abs(row["m_upper"]) * zeeman * B
    close(
        atom.shift(*upper, B), row["shift"], (abs(row["shift"]) + linear) if closed else zeeman * B, 10 * rtol
    )
    close(atom.moment(*upper, B), row["moment"], zeeman, 10 * rtol)
    first, second = atom.transition_sensitivity(lower, upper, B)
    if closed:
        close(atom.transition_frequency(lower, upper, B), row["frequency"], abs(row["frequency"]), 2e-15)
        close(first, row["first"], abs(row["first"]), 2e-15)
        own = (zeeman / H) ** 2 / (rest / H) / (1.0 + zeeman * B / rest) ** 3  # of each of the two
        close(second, row["second"], abs(row["second"]) + own, 2e-15 if rest / zeeman > B else 1e-12)
    else:
        close(atom.transition_frequency(lower, upper, B), row["frequency"], size / H, rtol)
        close(first, row["first"], zeeman / H, 10 * rtol)
        close(second, row["second"], (zeeman / H) ** 2 / (rest / H), 1e-11)


def test_the_straight_levels_keep_their_names_past_the_crossings():
    atom, B = Hyperfine.of("43Ca+"), 1e3
    for m in (4.0, -4.0):
        nuclear = -math.copysign(3.5, m) * atom.g_I * MU_N
        want = 3.5 * atom.A / 2 + (math.copysign(0.5, m) * atom.g_J * MU_B + nuclear) * B
        assert math.isclose(atom.energy(4, m, B), want, rel_tol=1e-15)


# ---- laws


@pytest.mark.parametrize("atom", [Hyperfine.of("87Rb"), Hyperfine(1.5, 0.5, 1e-25, 0.0, 1.33, 2.0), GENERAL])
def test_levels_and_moments_are_those_of_the_whole_matrix(atom):
    B = np.array([0.0, 1e-12, 1e-3, 0.03, 1.0, 1e6, -0.03])
    whole = atom.levels.energies(B, direction=[0.0, 0.0, 1.0])
    size = np.abs(whole).max(axis=-1, keepdims=True)
    assert (np.abs(np.sort(atom.energies(B), axis=-1) - whole) <= 2e-15 * size).all()
    order = np.argsort(atom.energies(0.03))
    whole_moments = atom.levels.level_moments(0.03, direction=[1.0, 2.0, 2.0]) @ [1 / 3, 2 / 3, 2 / 3]
    np.testing.assert_allclose(atom.moments(0.03)[order], whole_moments, rtol=0, atol=1e-11 * MU_B)


@pytest.mark.parametrize("name", ATOMS)
def test_all_moments_of_an_atom_add_up_to_zero(name):
    atom = Hyperfine.of(name)
    sums = atom.moments(np.geomspace(1e-12, 1e6, 19)).sum(axis=-1)
    assert (np.abs(sums) <= 1e-14 * MU_B).all()
    assert len(atom.labels) == (2 * atom.J + 1) * (2 * atom.I + 1)


@pytest.mark.parametrize("atom", [Hyperfine.of("85Rb"), Hyperfine.of("3He+"), GENERAL])
def test_weak_fields_give_lande_g_F_and_strong_ones_m_J(atom):
    for F, m in atom.labels:
        weak = -atom.lande_g_F(F) * MU_B * m if F else 0.0
        assert math.isclose(atom.moment(F, m, 1e-12), weak, rel_tol=1e-6, abs_tol=1e-6 * MU_B)
        electrons, nucleus = atom.spin_projections(F, m, 1e6)
        assert abs(2.0 * electrons - round(float(2.0 * electrons))) < 1e-8
        assert abs(electrons + nucleus - m) < 1e-13


@pytest.mark.parametrize("name", ["H", "85Rb", "43Ca+"])
def test_reversed_fields_reverse_m(name):
    atom, B = Hyperfine.of(name), np.geomspace(1e-9, 1e3, 13)
    for F, m in atom.labels:
        np.testing.assert_allclose(atom.shift(F, m, -B), atom.shift(F, -m, B), rtol=1e-13)


# ---- clock points


def test_clock_points_are_all_changes_of_sign_of_the_slope():
    B, most = np.geomspace(1e-7, 1e2, 4001), 0
    for atom in (Hyperfine.of("D"), Hyperfine.of("43Ca+"), Hyperfine(0.5, 4.0, -1e-24, 0.0, 2.0, -8.0)):
        for lower, upper in combinations(atom.labels, 2):
            first = atom.transition_sensitivity(lower, upper, B).first
            seen = B[:-1][first[:-1] * first[1:] < 0.0]
            found = atom.clock_points(lower, upper)
            inside = found[(found > 0.0) & (found < 1e2)]
            assert len(inside) == len(seen)
            np.testing.assert_allclose(inside, seen, rtol=6e-3)
            size = atom.g_J * MU_B / H
            assert (np.abs(atom.transition_sensitivity(lower, upper, found).first) <= 1e-15 * size).all()
            assert (np.diff(found) > 0.0).all()
            most = max(most, len(found))
    assert most == 2  # the slopes within one F are not monotone


def test_clock_points_of_43Ca_and_the_edition_of_its_nuclear_moment():
    calcium = Hyperfine.of("43Ca+")  # mu_I = -1.315350(9) mu_N, Hanley et al. 2021
    first, second = (float(calcium.clock_points((4, m), (3, 1))[0]) * 1e4 for m in (0, 1))
    assert (round(first, 4), round(second, 4)) == (146.0942, 287.7827)  # printed: 146.094 G and 287.783 G
    # measured there: 3199941076.920(46) Hz
    assert abs(-calcium.transition_frequency((3, 1), (4, 0), first * 1e-4) - 3199941076.920) < 0.046
    found = {}
    for edition, moment in {"2014": -1.315348, "2021": -1.315350, "bare, 2019": -1.31733}.items():
        ion = Hyperfine(0.5, 3.5, calcium.A, 0.0, calcium.g_J, moment / 3.5)
        found[edition] = [round(float(ion.clock_points((4, m), (3, 1))[0]) * 1e4, 5) for m in (0, 1)]
    assert found == {
        "2014": [146.09421, 287.78275],
        "2021": [146.09421, 287.78275],
        "bare, 2019": [146.09405, 287.78279],
    }


def test_clock_points_of_rubidium_and_hydrogen():
    # Harber et al. 2002: the two-photon transition of 87Rb at about 3.23 G; Arimondo et al. 1977 for g_J and g_I
    assert round(float(Hyperfine.of("87Rb").clock_points((1, -1), (2, 1))[0]) * 1e4, 5) == 3.22892
    assert Hyperfine.of("133Cs").clock_points((3, 0), (4, 0)).tolist() == [0.0]
    hydrogen = Hyperfine.of("H")
    assert round(float(hydrogen.clock_points((0, 0), (1, -1))[0]), 4) == 0.6482
    assert hydrogen.clock_points((0, 0), (1, -1), 0.6).size == 0
    assert hydrogen.clock_points((0, 0), (1, 1)).size == 0


def test_clock_points_of_any_spins():
    found = GENERAL.clock_points((2, 0), (3, 0))
    assert found[0] == 0.0
    for B in GENERAL.clock_points((1, 0), (3, 1)):
        assert abs(GENERAL.transition_sensitivity((1, 0), (3, 1), B).first) < 1e-13 * MU_B / H
    assert GENERAL.clock_points((1, 0), (3, 1)).size
    alone = Hyperfine(1.0, 0.0, 0.0, 0.0, 2.0, 0.0)
    assert alone.clock_points((1, 0), (1, 1)).size == 0
    assert math.isclose(alone.moment(1, 1, 5.0), -2.0 * MU_B, rel_tol=1e-15)
    # a nucleus without moment: the slopes of both levels agree nowhere but far away
    assert Hyperfine(0.5, 1.5, 1e-24, 0.0, 2.0, 0.0).clock_points((2, 0), (2, 1)).size == 0


# ---- measured constants


def test_ready_ground_states_have_their_intervals():
    measured = {  # MHz; Karshenboim 2005, Schneider 2022, Bize 1999, the SI, Arbes 1994
        "H": 1420.4057517667,
        "D": 327.384352522,
        "T": 1516.701470773,
        "3He+": -8665.64986577,
        "87Rb": 6834.682610904290,
        "133Cs": 9192.631770,
        "43Ca+": -3225.6082864,
    }
    for name, interval in measured.items():
        atom = Hyperfine.of(name)
        assert math.isclose(atom.hyperfine_interval(*atom.F_values), 1e6 * interval, rel_tol=1e-14)


def test_ready_nuclear_moments_are_those_of_the_nuclei_less_the_shielding():
    bare = {  # in nuclear magnetons: the IAEA's evaluation of 2019 and CODATA 2022
        "H": 2.79284734463,
        "D": 0.8574382335,
        "T": 2.97896246,
        "3He+": -2.12762534975,
        "6Li": 0.822043,
        "7Li": 3.256407,
        "23Na": 2.217500,
        "39K": 0.391470,
        "41K": 0.214872,
        "40K": -1.297970,
        "85Rb": 1.353060,
        "87Rb": 2.751290,
        "133Cs": 2.5778,
        "43Ca+": -1.31733,
    }
    for name, moment in bare.items():
        atom = Hyperfine.of(name)
        assert 0.99 < atom.g_I * atom.I / moment < 1.0
        assert atom.source is not None
        assert atom.source.citation
        assert (atom.A > 0.0) == (moment > 0.0)


def test_g_factors_of_bound_hydrogen_follow_from_codata():
    # CODATA 2022, bound to free, leading terms: -(Z alpha)^2/3 with recoil and anomaly; the nucleus is shielded alike
    alpha, ratio = float(constants.alpha), float(constants.m_e) / float(constants.m_p)
    electron = 1.0 + alpha**2 * (-1.0 / 3.0 - alpha**2 / 12.0 + alpha / (4.0 * math.pi) + 0.5 * ratio)
    hydrogen = Hyperfine.of("H")
    assert math.isclose(hydrogen.g_J, -float(constants.g_e) * electron, rel_tol=3e-10)
    anomaly = float(constants.g_p) / 2.0 - 1.0
    recoil = ratio / 6.0 * (3.0 + 4.0 * anomaly) / (1.0 + anomaly)
    proton = 1.0 - alpha**2 / 3.0 - 97.0 / 108.0 * alpha**4 + alpha**2 * recoil
    assert math.isclose(hydrogen.g_I, float(constants.g_p) * proton, rel_tol=3e-10)


def test_the_other_convention_is_converted_there_and_back():
    rubidium = Hyperfine.of("87Rb")
    assert rubidium.source is not None
    assert (rubidium.source.g_I_printed, rubidium.source.convention) == (-0.0009951414, "bohr")
    assert math.isclose(g_I_to_bohr(rubidium.g_I), -0.0009951414, rel_tol=1e-15)
    assert math.isclose(g_I_from_bohr(-MU_N / MU_B), 1.0, rel_tol=1e-15)


# ---- errors


def test_wrong_input_is_named():
    rubidium = Hyperfine.of("87Rb")
    with pytest.raises(ValueError, match="F must be one of 1, 2 for J = 1/2 and I = 3/2, got 3"):
        rubidium.energy(3, 0, 0.0)
    with pytest.raises(ValueError, match="m_F must be one of 1, 0, -1 for F = 1, got 2"):
        rubidium.moment(1, 2, 0.0)
    with pytest.raises(ValueError, match=r"m_F must be one of 1, 0, -1 for F = 1, got 0\.5"):
        rubidium.clock_points((1, 0.5), (2, 0))
    with pytest.raises(ValueError, match="lower must be a pair"):
        rubidium.transition_frequency(1, (2, 0), 0.0)
    with pytest.raises(ValueError, match="two different levels"):
        rubidium.transition_frequency((2, 0), (2, 0), 0.0)
    with pytest.raises(ValueError, match="B_max must be positive, got -1"):
        rubidium.clock_points((1, 0), (2, 0), -1.0)
    with pytest.raises(ValueError, match="J must be one of 0, 1/2, 1"):
        Hyperfine(-0.5, 1.5, 1e-24, 0.0, 2.0, 1.0)
    with pytest.raises(ValueError, match="B must be 0 for J = 1/2"):
        Hyperfine(0.5, 1.5, 1e-24, 1e-25, 2.0, 1.0)
    with pytest.raises(ValueError, match="A or B must not be 0"):
        Hyperfine(0.5, 1.5, 0.0, 0.0, 2.0, 1.0)
    with pytest.raises(ValueError, match="such as 87Rb, 85Rb; got '88Rb'"):
        Hyperfine.of("88Rb")


def test_names_of_nuclides_and_scalars():
    assert Hyperfine.of("rubidium-87") == Hyperfine.of("87Rb")
    assert Hyperfine.of("calcium-43+") == Hyperfine.of("43Ca+")
    atom = Hyperfine.of("87Rb")
    pair = (1, 0), (2, 0)
    found = [atom.transition_frequency(*pair, 0.1), *atom.transition_sensitivity(*pair, 0.1)]
    found += [getattr(atom, name)(2, 0, 0.1) for name in ("energy", "shift", "moment")]
    assert {type(each) for each in (*found, *atom.spin_projections(2, 0, 0.1))} == {float}
    assert {type(GENERAL.transition_frequency((1, 0), (2, 0), 0.1)), type(GENERAL.moment(1, 0, 0.1))} == {
        float
    }


def test_the_quadrupole_may_be_left_out_and_the_factors_may_not():
    assert Hyperfine(J=0.5, I=1.5, A=1e-24, g_J=2.0, g_I=1.0) == Hyperfine(0.5, 1.5, 1e-24, 0.0, 2.0, 1.0)
    with pytest.raises(ValueError, match="g_I must be given"):
        Hyperfine(J=0.5, I=1.5, A=1e-24, g_J=2.0)
