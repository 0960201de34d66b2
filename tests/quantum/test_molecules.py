"""Molecules: what their magnetism is made of, on paths that do not share the code."""

import numpy as np
import pytest

from magneton import constants, units
from magneton.quantum import energy_from, energy_in, spin_hamiltonian
from magneton.quantum.formulas import parse_formula
from magneton.quantum.hydrogen_gas import SpinIsomers
from magneton.quantum.molar import susceptibility_from
from magneton.quantum.molecules import molecule
from magneton.quantum.pascal import diamagnetic_correction
from magneton.quantum.rotors import rotating_spin

K_B, MU_B, MU_0, N_A = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0", "N_A"))
G_E = -float(constants.g_e)
ZERO = (0.0, 0.0, 0.0)
WARM = 293.15
NAMES = ["H2", "N2", "O2", "NO", "NO2", "CO2", "H2O", "C6H6", "CH4", "He", "Ne", "Ar", "Kr", "Xe"]


# ---- oxygen


def test_oxygen_is_that_of_the_measurement_and_the_parts_explain_the_difference_from_a_free_spin():
    oxygen = molecule("O2")
    free = susceptibility_from(G_E * np.sqrt(2.0), WARM)
    assert round(free * 1e9, 3) == 42.983
    spin, diamagnetic = oxygen.contributions(WARM)
    assert (spin.origin, diamagnetic.origin) == ("electron spin", "diamagnetic")
    # g^2 averaged over directions raises it by 1.6e-3; the splitting lowers it, to second order in x, by 1.5e-5.
    along, across = np.square(oxygen.g)
    g2 = (along + 2.0 * across) / 3.0
    x = oxygen.D / (K_B * WARM)
    lowered = spin.susceptibility / (free * g2 / G_E**2) - 1.0
    assert lowered == pytest.approx(-(x**2) / 18.0 + x / 9.0 * (across - along) / g2, rel=0.02, abs=0.0)
    assert np.sqrt(g2) == pytest.approx(2.0039, abs=0.0003)  # May, Moldover and Schmidt 2008
    assert oxygen.susceptibility(WARM) == pytest.approx(42.92e-9, abs=0.06e-9)
    assert oxygen.susceptibility(WARM) == spin.susceptibility + diamagnetic.susceptibility


def test_zero_field_splitting_of_oxygen_against_closed_forms():
    oxygen, T = molecule("O2"), np.array([1.0, 5.0, 90.0])
    assert energy_in(oxygen.D, "cm^-1") == pytest.approx(3.9695, abs=1e-4)
    x = oxygen.D / (K_B * T)
    z = 1.0 + 2.0 * np.exp(-x)
    (along, across), unit = oxygen.g, MU_B * (MU_B / K_B) / T
    parallel = along**2 * unit * 2.0 * np.exp(-x) / z
    perpendicular = across**2 * unit * 2.0 * -np.expm1(-x) / (x * z)
    expected = N_A * MU_0 * (parallel + 2.0 * perpendicular) / 3.0
    np.testing.assert_allclose(oxygen.paramagnetic_susceptibility(T), expected, rtol=1e-12)


def test_lines_of_rotating_oxygen():
    """Tretyakov et al. 2005 as used for the air, in GHz; centrifugal terms, left out, are below 20 MHz."""
    energies = energy_in(molecule("O2").rotating_levels(5).energies(ZERO), "GHz")
    levels = np.unique(energies.round(6))
    first, third = levels[:3], levels[3:6]
    assert first[2] - first[0] == pytest.approx(118.7503, abs=0.001)
    assert first[2] - first[1] == pytest.approx(56.2648, abs=0.001)
    assert third[2] - third[0] == pytest.approx(62.4863, abs=0.02)
    assert third[2] - third[1] == pytest.approx(58.4466, abs=0.02)


def test_a_heavy_rotor_is_a_powder_at_rest():
    D, T = 20.0 * K_B, 40.0
    still = spin_hamiltonian(1.0, D=D).molar_susceptibility(T)
    assert still / susceptibility_from(G_E * np.sqrt(2.0), T) == pytest.approx(1.0 - 0.25 / 18.0, abs=1e-3)
    rotors = {B: rotating_spin(1.0, rotation=B * K_B, D=D, highest=n) for B, n in ((16.0, 5), (8.0, 6))}
    off = {B: rotor.molar_susceptibility(T) / still - 1.0 for B, rotor in rotors.items()}
    # What is left falls with B_0/k_B T: next to nothing of the splitting's 1.4 % remains at B_0 = 0.
    assert 0.0 < off[8.0] < off[16.0] < 0.25 / 18.0
    assert abs(2.0 * off[8.0] - off[16.0]) < 1e-3


def test_without_coupling_to_the_axis_a_rotor_does_not_matter():
    levels = rotating_spin(0.5, rotation=3.0 * K_B, highest=3, parity="odd")
    assert len(levels.hamiltonian) == 2 * (3 + 7)
    field = [0.3, -0.2, 5.0]
    np.testing.assert_allclose(
        levels.moment(field, 2.0), spin_hamiltonian(0.5).moment(field, 2.0), rtol=1e-12
    )


def test_two_g_of_a_rotor_average_to_those_of_its_lowest_state():
    """In N = 0 all directions of the axis are alike: g is (g_par + 2 g_perp)/3."""
    levels = rotating_spin(0.5, rotation=1e6 * K_B, g=(2.6, 2.0), highest=1)
    moment = levels.level_moments([0.0, 0.0, 1e-3])[0, 2]
    assert moment == pytest.approx(0.5 * 2.2 * MU_B, rel=1e-6, abs=0.0)


# ---- nitric oxide


def test_nitric_oxide_follows_van_vleck():
    nitric = molecule("NO")
    assert nitric.term == "2Pi"
    T = np.array([20.0, 112.8, 300.0, 2000.0])
    two = {"formula": "NO", "spin": "0.5", "orbital": "1", "spin_orbit": "119.82 cm^-1"}
    g_2 = molecule("NO", table=[{**two, "g_parallel": "2", "g_perpendicular": "2"}])
    x = energy_from(119.82, "cm^-1") / (K_B * T)
    expected = 2.0 * np.sqrt((1.0 - np.exp(-x) + x * np.exp(-x)) / (x + x * np.exp(-x)))
    np.testing.assert_allclose(g_2.effective_moment(T), expected, rtol=1e-12)
    assert nitric.effective_moment(300.0) == pytest.approx(1.83, abs=0.015)
    assert nitric.effective_moment(1e7) == pytest.approx(np.sqrt(1.0 + 0.75 * G_E**2), rel=1e-4, abs=0.0)
    assert nitric.contributions(300.0)[0].origin == "electron spin and orbit"


# ---- hydrogen


def test_hydrogen_has_the_percentages_of_para_of_woolley_scott_and_brickwedde():
    """J. Res. NBS 41, 379 (1948), computed with the constants of that time."""
    para = {20.39: 99.789, 50.0: 77.054, 80.0: 48.537, 100.0: 38.620, 150.0: 28.603, 300.0: 25.072}
    found = 100.0 * (1.0 - SpinIsomers("H2").ortho_fraction(list(para)))
    np.testing.assert_allclose(found, list(para.values()), atol=0.025)


@pytest.mark.parametrize(
    ("name", "normal", "lowest_is_ortho"), [("H2", 0.75, False), ("D2", 2.0 / 3.0, True)]
)
def test_mixtures_at_high_and_low_temperature(name, normal, lowest_is_ortho):
    gas = SpinIsomers(name)
    assert gas.normal == normal
    assert gas.ortho_fraction(700.0) == pytest.approx(normal, abs=1e-5)
    assert gas.ortho_fraction(2.0) == pytest.approx(float(lowest_is_ortho), abs=1e-12)
    assert gas.heat_capacity(700.0) == pytest.approx(float(constants.R), rel=0.05, abs=0.0)


def test_heat_capacities_are_slopes_of_the_energy():
    gas, T, step = SpinIsomers("H2"), np.array([30.0, 50.0, 120.0, 280.0]), 1e-3
    for ortho in (None, 0.75, 0.0):
        slope = (gas.energy(T + step, ortho) - gas.energy(T - step, ortho)) / (2.0 * step)
        np.testing.assert_allclose(gas.heat_capacity(T, ortho), slope, rtol=1e-6)
    # conversion of ortho at 0 K gives 1417 J/mol, the figure of liquefiers
    assert gas.energy(0.5, 1.0) - gas.energy(0.5, 0.0) == pytest.approx(1417.0, abs=1.0)


@pytest.mark.parametrize("name", ["H2", "D2"])
def test_the_normal_mixture_has_the_magnetism_of_free_nuclei(name):
    gas = SpinIsomers(name)
    parts = {part.origin: part for part in molecule(name).contributions(WARM)}
    nuclear = parts["nuclear 1H" if name == "H2" else "nuclear 2H"]
    assert gas.nuclear_susceptibility(WARM, gas.normal) == pytest.approx(
        nuclear.susceptibility, rel=1e-9, abs=0.0
    )
    assert gas.nuclear_susceptibility(WARM) == pytest.approx(nuclear.susceptibility, rel=2e-3, abs=0.0)


# ---- all


@pytest.mark.parametrize("name", NAMES)
def test_laws_of_the_table(name):
    it = molecule(name)
    assert it.diamagnetic_susceptibility < 0.0
    assert it.diamagnetic_citation
    assert it.quality in ("ab initio", "measured", "handbook", "estimate")
    assert it.paramagnetic == bool(it.electron_citation)
    parts = it.contributions(WARM)
    sizes = [abs(part.susceptibility) for part in parts]
    assert sizes == sorted(sizes, reverse=True)
    assert all(part.citation for part in parts)
    assert it.susceptibility(WARM) == pytest.approx(
        sum(part.susceptibility for part in parts), rel=1e-14, abs=0.0
    )
    assert (it.susceptibility(WARM) > 0.0) == it.paramagnetic
    if it.term != "1S":
        assert 0.5 < it.diamagnetic_susceptibility / diamagnetic_correction(parse_formula(name)) < 2.0


def test_noble_gases_grow_with_their_shells():
    chi = [molecule(name).diamagnetic_susceptibility for name in ("He", "Ne", "Ar", "Kr", "Xe")]
    assert chi == sorted(chi, reverse=True)
    assert units.convert(chi[0], "m^3/mol", "emu/(mol Oe)") == pytest.approx(-1.89107e-6, abs=5e-12)


@pytest.mark.parametrize(
    ("name", "nuclei"),
    [
        ("13CO2", {"13C": 1, "16O": 2}),
        ("C17O2", {"12C": 1, "17O": 2}),
        ("12C16O18O", {"12C": 1, "16O": 1, "18O": 1}),
        ("carbon dioxide", {"12C": 1, "16O": 2}),
        ("16OCO", {"12C": 1, "16O": 2}),
        ("D2O", {"2H": 2, "16O": 1}),
        ("HDO", {"1H": 1, "2H": 1, "16O": 1}),
        ("129Xe", {"129Xe": 1}),
        ("13C6H6", {"13C": 6, "1H": 6}),
    ],
)
def test_isotopologues(name, nuclei):
    assert {each.name: count for each, count in molecule(name).nuclei} == nuclei


def test_isotopes_that_cannot_be_are_not_read():
    """D2O is no DO with oxygen of mass 2."""
    found = molecule("D2O", table=[{"formula": "OH"}, {"formula": "H2O"}])
    assert found.formula == "D2O"
    assert [each.name for each, _ in found.nuclei] == ["2H", "16O"]


def test_heavy_isotopes_bring_a_nuclear_moment_to_carbon_dioxide():
    assert [part.origin for part in molecule("CO2").contributions()] == ["diamagnetic"]
    nuclear = molecule("13CO2").contributions(WARM)[1]
    assert nuclear.origin == "nuclear 13C"
    # IAEA 2019, and sqrt((I + 1)/I) from the largest projection to the effective moment
    expected = 0.702369 * np.sqrt(3.0) * float(constants.mu_N) / MU_B
    assert nuclear.effective_moment == pytest.approx(expected, rel=1e-5, abs=0.0)
    with pytest.raises(ValueError, match=r"must have a Sigma term.*got 17O2 of 2 17O"):
        molecule("17O2").rotating_levels(3)


def test_an_unseen_molecule_is_a_row(tmp_path):
    path = tmp_path / "more.csv"
    path.write_text(
        "# invented for this test\n"
        "formula,name,spin,zero_field_splitting,electron_citation,diamagnetic,quality,diamagnetic_citation\n"
        "XeO2,xenic thing,1,10 K,Test1,-50,estimate,Test2\n"
    )
    unseen = molecule("129XeO2", table=path)
    assert unseen.name == molecule("Xenic Thing", table=str(path)).name == "xenic thing"
    assert [part.origin for part in unseen.contributions(4.0)] == [
        "electron spin",
        "diamagnetic",
        "nuclear 129Xe",
    ]
    spin = spin_hamiltonian(1.0, D=10.0 * K_B).molar_susceptibility(4.0)
    assert unseen.paramagnetic_susceptibility(4.0) == pytest.approx(spin, rel=1e-14, abs=0.0)
    with pytest.raises(ValueError, match="'O2'"):
        molecule("O2", table=path)


def test_unknown_names_have_neighbours():
    with pytest.raises(ValueError, match=r"such as oxygen.*got 'oxigen'"):
        molecule("oxigen")
    with pytest.raises(ValueError, match=r"such as CO2.*got 'CO3'"):
        molecule("CO3")
    with pytest.raises(ValueError, match=r"molecule must be .*such as H2, D2; got 'T2'"):
        SpinIsomers("T2")
    with pytest.raises(ValueError, match=r"ortho must lie between 0 and 1, got 1\.5"):
        SpinIsomers("H2").energy(20.0, 1.5)
    with pytest.raises(ValueError, match="parity must be one of all, even, odd, got 'none'"):
        rotating_spin(1.0, rotation=1e-23, highest=3, parity="none")
    with pytest.raises(ValueError, match=r"g must be a number, or .*got shape \(3,\)"):
        rotating_spin(1.0, rotation=1e-23, highest=3, g=[2.0, 2.0, 2.1])
    with pytest.raises(ValueError, match="spin of O2 must be a number, got 'one'"):
        molecule("O2", table=[{"formula": "O2", "spin": "one"}])
    with pytest.raises(ValueError, match="unit must be one of J"):
        molecule("O2", table=[{"formula": "O2", "rotation": "1.4"}])
    with pytest.raises(ValueError, match="table must have the column formula"):
        molecule("O2", table=[{"name": "oxygen"}])
    with pytest.raises(ValueError, match="temperature must be positive"):
        molecule("O2").susceptibility(0.0)


@pytest.mark.parametrize(
    "name", ["13CO2", "C17O2", "18O2", "D2", "HDO", "H218O", "CH3D", "16O18O", "13C6H6", "C6D6", "O2"]
)
def test_a_formula_keeps_its_isotopes_and_can_be_read_again(name):
    found = molecule(name)
    assert found.formula == name
    assert molecule(found.formula) == found or np.isnan(found.rotation)
    assert molecule(found.formula).nuclei == found.nuclei


def test_subscripts_and_a_short_repr():
    assert molecule("O₂") == molecule("O2")
    assert molecule("¹³CO₂").nuclei == molecule("13CO2").nuclei
    assert repr(molecule("O2")) == "Molecule('O2', name='oxygen', term='3Sigma_g-')"


def test_the_temperature_may_be_left_out_only_where_nothing_depends_on_it():
    helium = molecule("He")
    assert helium.susceptibility() == helium.susceptibility(7.0) == helium.diamagnetic_susceptibility
    assert helium.effective_moment() == 0.0
    for ask in ("susceptibility", "contributions"):
        with pytest.raises(ValueError, match="temperature must be given for N2, whose nuclei"):
            getattr(molecule("N2"), ask)()
    with pytest.raises(ValueError, match="temperature must be given for O2, whose electrons"):
        molecule("O2").paramagnetic_susceptibility()


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_spin_isomers_next_to_zero_kelvin():
    """There all are in the lowest level, but for Boltzmann's factor of the gap, which is kept however small."""
    hydrogen, deuterium = SpinIsomers("H2"), SpinIsomers("D2")
    for T in (1e-300, 1e-3, 1e-2):
        assert hydrogen.ortho_fraction(T) == hydrogen.energy(T) == hydrogen.nuclear_susceptibility(T) == 0.0
        assert hydrogen.heat_capacity(T) == deuterium.heat_capacity(T) == deuterium.energy(T) == 0.0
        assert deuterium.ortho_fraction(T) == 1.0
        assert hydrogen.energy(T, ortho=1.0) == pytest.approx(1417.3, abs=0.2)
    gap = float(hydrogen._ortho.lowest)
    assert hydrogen.ortho_fraction(1.0) == pytest.approx(9.0 * np.exp(-gap), rel=1e-13, abs=0.0)
    gap = float(deuterium._para.lowest)  # three of spin and three of J = 1, beside six states of ortho
    expected = N_A * K_B * gap * 1.5 * np.exp(-gap)
    assert deuterium.energy(1.0) == pytest.approx(expected, rel=1e-13, abs=0.0)
