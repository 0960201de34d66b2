"""Diamagnetism: Langevin and Larmor's formula, Pascal's constants and the formulas they are summed over."""

import math

import numpy as np
import pytest

from magneton import constants, units
from magneton.quantum.diamagnetism import (
    estimated_diamagnetism,
    induced_moment,
    langevin_diamagnetism,
    mean_square_radius_from,
)
from magneton.quantum.formulas import parse_formula
from magneton.quantum.pascal import diamagnetic_correction, pascal_constants

A_0, M_E, E = float(constants.a_0), float(constants.m_e), float(constants.e)


def cgs(chi):
    """Return m^3/mol as 1e-6 cm^3/mol."""
    return 1e6 * units.convert(chi, "m^3/mol", "emu/(mol Oe)")


def test_hydrogen_and_helium():
    assert round(cgs(langevin_diamagnetism(3.0 * A_0**2)), 4) == -2.3760
    helium = units.convert(-1.89107e-6, "emu/(mol Oe)", "m^3/mol")
    square = mean_square_radius_from(helium, electrons=2)
    # The non-relativistic <r^2> of one of helium's electrons is 1.193483 a_0^2 (Pekeris); 3e-4 are relativity and mass.
    assert square / A_0**2 == pytest.approx(1.1935, rel=4e-4, abs=0.0)
    assert cgs(langevin_diamagnetism(square, 2)) == pytest.approx(-1.89107, rel=1e-14, abs=0.0)


def test_the_induced_moment_is_that_of_larmors_precession():
    square, B = 3.0 * A_0**2, np.array([0.3, -0.4, 1.2])
    larmor = E * B / (2.0 * M_E)
    current = (
        -E * larmor / (2.0 * math.pi)
    )  # of the electron, about the field; its orbit has the area 2 pi <r^2>/3
    expected = current * math.pi * 2.0 * square / 3.0
    np.testing.assert_allclose(induced_moment(langevin_diamagnetism(square), B), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("formula", "atoms"),
    [
        ("CuSO4·5H2O", {"Cu": 1, "S": 1, "O": 9, "H": 10}),
        ("CuSO4.5H2O", {"Cu": 1, "S": 1, "O": 9, "H": 10}),
        ("K3[Fe(CN)6]", {"K": 3, "Fe": 1, "C": 6, "N": 6}),
        ("Al2(SO4)3 * 18 H2O", {"Al": 2, "S": 3, "O": 30, "H": 36}),
        ("Co", {"Co": 1}),
        ("CO", {"C": 1, "O": 1}),
    ],
)
def test_formulas_are_counted(formula, atoms):
    assert parse_formula(formula) == atoms


@pytest.mark.parametrize("formula", ["", "C(H", "CH)", "(CH]2", "2", "c6h6", "H2O·", "C-H", "()2"])
def test_what_is_no_formula_is_said_to_be_none(formula):
    with pytest.raises(ValueError, match="formula must"):
        parse_formula(formula)


def test_an_element_that_is_none_has_neighbours():
    with pytest.raises(ValueError, match=r"such as .*Xe.*'Xf'"):
        parse_formula("XfF2")


@pytest.mark.parametrize(
    ("constituents", "printed", "measured"),
    [  # printed: sums as Bain and Berry take them; measured: CRC Handbook
        ({"C(ring)": 6, "H": 6}, -55.02, -54.8),
        ({"C(ring)": 5, "H": 5, "N(ring)": 1}, -50.46, -49.0),
        ({"K+": 1, "Cl-": 1}, -38.3, -38.8),
        ({"Na+": 1, "Cl-": 1}, -30.2, -30.2),
        ("CCl4", -86.4, -66.8),
    ],
)
def test_sums_of_pascals_constants(constituents, printed, measured):
    chi = cgs(diamagnetic_correction(constituents))
    assert chi == pytest.approx(printed, abs=1e-9)
    assert chi == pytest.approx(measured, rel=0.3, abs=0.0)


def test_groups_and_bonds_add_to_ions_and_atoms():
    assert cgs(diamagnetic_correction({"K+": 3, "Fe3+": 1, "CN-": 6})) == pytest.approx(-44.7 - 10.0 - 78.0)
    assert diamagnetic_correction({"SO42-": 1}) == diamagnetic_correction({"SO4^2-": 1})
    ethene = diamagnetic_correction({"C": 2, "H": 4, "C=C": 1})
    assert cgs(ethene) == pytest.approx(-23.72 + 5.5)


def test_laws_of_the_table():
    table = pascal_constants()
    bonds = {"C=C", "C#C", "C=N", "C#N", "N=O"}
    assert all(value <= 0.0 for key, value in table.items() if key not in bonds)
    assert len(table) == 200
    # Of one element the ion with more electrons is the more diamagnetic.
    for series in (
        ["Cr2+", "Cr3+", "Cr4+", "Cr5+", "Cr6+"],
        ["Cl-", "Cl5+"],
        ["W2+", "W3+", "W4+", "W5+", "W6+"],
    ):
        values = [table[key] for key in series]
        assert values == sorted(values)
    # So are heavier ones of a column.
    for column in (
        ["F-", "Cl-", "Br-", "I-"],
        ["Li+", "Na+", "K+", "Rb+", "Cs+"],
        ["Be2+", "Mg2+", "Ca2+", "Sr2+"],
    ):
        values = [table[key] for key in column]
        assert values == sorted(values, reverse=True)


def test_the_rule_of_thumb_is_near():
    assert cgs(estimated_diamagnetism(0.07811)) == pytest.approx(-39.055)
    assert 0.5 < estimated_diamagnetism(0.07811) / diamagnetic_correction({"C(ring)": 6, "H": 6}) < 1.0


def test_unknown_constituents_are_named_with_what_there_is():
    with pytest.raises(ValueError, match=r"made of .*Fe2\+, Fe3\+.*got 'Fe4\+'"):
        diamagnetic_correction({"Fe4+": 1})
    with pytest.raises(ValueError, match=r"Cu\+, Cu2\+.*'Cu' in a formula.*mapping"):
        diamagnetic_correction("CuSO4")
    with pytest.raises(ValueError, match=r"such as pyridine.*'pyridin'"):
        diamagnetic_correction({"pyridin": 1})
    with pytest.raises(ValueError, match=r"constituents\['K\+'\] must not be negative"):
        diamagnetic_correction({"K+": -1})
    with pytest.raises(ValueError, match="constituents must be a formula or a mapping"):
        diamagnetic_correction({})
    with pytest.raises(ValueError, match="susceptibility must not be positive"):
        mean_square_radius_from(1e-9)
