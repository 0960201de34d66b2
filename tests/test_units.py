"""Conversions with their published digits, what must be refused, and quantities of other libraries."""

import math
import pickle
import re
import subprocess
import sys

import astropy.units as u
import numpy as np
import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from magneton import constants, units

UREG = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
PI = math.pi
C_CGS = 29979245800.0

# (from, to, factor). Exact factors are compared with ==, so they are written as the decimal they are.
EXACT = [
    ("erg/G", "A m^2", 1e-3),
    ("erg/G", "J/T", 1e-3),
    ("J/T", "A m^2", 1.0),
    ("N m/T", "J/T", 1.0),
    ("abA cm^2", "A m^2", 1e-3),
    ("abA cm^2", "erg/G", 1.0),
    ("G cm^3", "A m^2", 1e-3),
    ("G cm^3", "erg/G", 1.0),
    ("erg/G", "statA cm^2", C_CGS),
    ("abA", "statA", C_CGS),
    ("mu_B", "A m^2", 9.2740100657e-24),
    ("mu_N", "J/T", 5.0507837393e-27),
    ("G", "T", 1e-4),
    ("T", "G", 1e4),
    ("nT", "T", 1e-9),
    ("gamma", "nT", 1.0),
    ("G", "nT", 1e5),
    ("emu/cm^3", "A/m", 1e3),
    ("emu/cm^3", "kA/m", 1.0),
    ("erg/(G cm^3)", "A/m", 1e3),
    ("emu/g", "A m^2/kg", 1.0),
    ("emu/mol", "A m^2/mol", 1e-3),
    ("abA cm", "A m", 0.1),
    ("erg/(G cm)", "A m", 0.1),
    ("emu/g", "emu/(g Oe)", 1.0),
    ("emu/mol", "emu/(mol Oe)", 1.0),
    ("emu/(cm^3 Oe)", "cgs", 1.0),
    ("cm^3/mol", "emu/(mol Oe)", 1.0),
    ("cm^3/mol cgs", "emu/(mol Oe)", 1.0),
    ("cm^3/g", "cm^3/g cgs", 1.0),
    ("cm^3/mol SI", "m^3/mol", 1e-6),
    ("cm^3/g SI", "m^3/kg", 1e-3),
    ("1", "SI", 1.0),
    ("Mx", "Wb", 1e-8),
    ("Wb", "V s", 1.0),
    ("dyn", "N", 1e-5),
    ("dyn cm", "N m", 1e-7),
    ("erg", "J", 1e-7),
    ("eV", "J", 1.602176634e-19),
    ("keV", "J", 1.602176634e-16),
    ("G/cm", "T/m", 1e-2),
    ("km/h", "m/s", 5 / 18),
    ("cm", "m", 0.01),
    ("Å", "nm", 0.1),
    ("h", "s", 3600.0),
    ("MHz", "1/s", 1e6),
    ("T", "Wb/m^2", 1.0),
    ("H", "Wb/A", 1.0),
    ("statV", "V", 299.792458),
    ("%", "1", 0.01),
    ("Da", "kg", 1.66053906892e-27),
    ("kg m^2/s^2", "J", 1.0),
    ("kg m^2/s^2", "N m", 1.0),
    ("T m^3", "nT km^3", 1.0),
    ("GHz/T", "MHz/mT", 1.0),
]

# (from, to, digits as printed, relative tolerance of the print).
ROUNDED = [
    ("statA cm^2", "A m^2", 3.33564095e-14, 1e-9),
    ("statA", "A", 3.33564095e-10, 1e-9),
    ("Oe", "A/m", 79.57747154594767, 1e-15),
    ("G", "A/m", 79.57747154594767, 1e-15),
    ("emu/cm^3", "G", 12.566370614359172, 1e-15),
    ("emu/cm^3", "T", 1.25663706127e-3, 1e-15),
    ("T", "A/m", 1 / constants.mu_0, 1e-15),
    ("Wb m", "A m^2", 1 / constants.mu_0, 1e-15),
    ("Wb", "A m", 1 / constants.mu_0, 1e-15),
    ("cgs", "SI", 4 * PI, 1e-15),
    ("emu/(cm^3 Oe)", "SI", 4 * PI, 1e-15),
    ("emu/cm^3", "SI", 4 * PI, 1e-15),
    ("emu/(g Oe)", "m^3/kg", 4e-3 * PI, 1e-15),
    ("emu/g", "m^3/kg", 4e-3 * PI, 1e-15),
    ("cm^3/g cgs", "m^3/kg", 4e-3 * PI, 1e-15),
    ("emu/(mol Oe)", "m^3/mol", 4e-6 * PI, 1e-15),
    ("emu/mol", "m^3/mol", 4e-6 * PI, 1e-15),
    ("cm^3/mol cgs", "cm^3/mol SI", 4 * PI, 1e-15),
    ("emu K/(mol Oe)", "m^3 K/mol", 4e-6 * PI, 1e-15),
    ("deg", "rad", PI / 180, 1e-15),
    ("arcmin", "deg", 1 / 60, 1e-15),
    # Bohr magnetons per formula unit: 5584.94 emu/mol each.
    ("mu_B", "erg/G", 9.2740100657e-21, 1e-15),
]


@pytest.mark.parametrize(("source", "target", "factor"), EXACT)
def test_exact_factors(source, target, factor):
    assert units.convert(1, source, target) == factor


@pytest.mark.parametrize(("source", "target", "factor", "rel"), ROUNDED)
def test_rounded_factors(source, target, factor, rel):
    assert units.convert(1, source, target) == pytest.approx(factor, rel=rel, abs=0)
    assert units.convert(1, target, source) == pytest.approx(1 / factor, rel=rel, abs=0)


def test_ratio_of_gaussian_to_electrostatic_moment_is_c():
    ratio = units.convert(1, "erg/G", "A m^2") / units.convert(1, "statA cm^2", "A m^2")
    assert ratio == pytest.approx(C_CGS, rel=4e-16)


@pytest.mark.parametrize(("current", "radius"), [(1.0, 0.01), (2.5, 0.3), (1e-6, 2e-9)])
def test_moment_of_a_loop_in_gaussian_units_is_current_times_area_over_c(current, radius):
    in_statamperes = units.convert(current, "A", "statA")
    area = PI * units.convert(radius, "m", "cm") ** 2
    gaussian = in_statamperes * area / units.convert(constants.c, "m/s", "cm/s")
    assert units.convert(gaussian, "erg/G", "A m^2") == pytest.approx(
        current * PI * radius**2, rel=1e-15, abs=0
    )


def test_saturation_moment_of_one_bohr_magneton_per_formula_unit():
    molar = units.convert(constants.N_A * constants.mu_B, "A m^2/mol", "emu/mol")
    assert molar == pytest.approx(5584.94, rel=1e-6)


@pytest.mark.parametrize(
    "spelling",
    ["A m^2", "A*m**2", "A.m^2", "A·m²", "A m2", "m^2 A", "A m^(2)", "(A) (m)^2", "A/m^-2", "A / (1/m²)"],
)
def test_spellings_of_one_unit(spelling):
    assert units.convert(2.0, "erg/G", spelling) == 0.002


@pytest.mark.parametrize("spelling", ["uT", "µT", "μT"])
def test_micro_has_three_spellings(spelling):
    assert units.convert(1, spelling, "nT") == 1000.0


@pytest.mark.parametrize("spelling", ["mu_B", "muB", "µ_B", "μB", "µB"])
def test_bohr_magneton_has_many_spellings(spelling):
    assert units.convert(1, spelling, "J/T") == constants.mu_B


@pytest.mark.parametrize(("source", "target"), [("10 cm", "m"), ("s⁻¹", "Hz"), ("/s", "Hz"), ("", "1")])
def test_what_is_and_is_not_a_unit(source, target):
    if source == "10 cm":
        with pytest.raises(ValueError, match="cannot read '10 cm'"):
            units.convert(1, source, target)
    else:
        assert units.convert(3, source, target) == 3.0


AMBIGUOUS = [
    ("emu", "A m^2", ["erg/G", "emu/cm^3", "emu/g", "emu/mol", "emu/(cm^3 Oe)"]),
    ("EMU", "erg/G", ["erg/G", "emu/(g Oe)"]),
    ("emu", "emu", ["erg/G"]),
    ("memu", "A m^2", ["erg/G"]),
    ("A m^2", "emu", ["erg/G"]),
    ("esu", "C", ["statC", "statA", "statA cm^2"]),
    ("ESU", "A m^2", ["statA cm^2"]),
    ("T m^3", "A m^2", ["mu0 m (1 T m^3 = 795774.716 A m^2", "mu0 m/(4 pi) (1 T m^3 = 10000000 A m^2"]),
    ("A m^2", "T m^3", ["mu0 m", "mu0 m/(4 pi)"]),
    ("G cm^3", "T m^3", ["mu0 m", "mu0 m/(4 pi)"]),
    ("cm^3/mol", "m^3/mol", ["cm^3/mol SI", "cm^3/mol cgs", "1e-06", "1.25663706e-05"]),
    ("m^3/mol", "cm^3/mol", ["cm^3/mol SI", "cm^3/mol cgs"]),
    ("cm^3/mol SI", "cm^3/mol", ["cm^3/mol cgs"]),
    ("cm^3/g", "m^3/kg", ["cm^3/g SI", "cm^3/g cgs"]),
    ("cm^3 K/mol", "m^3 K/mol", ["cm^3 K/mol SI", "cm^3 K/mol cgs"]),
]


@pytest.mark.parametrize(("source", "target", "listed"), AMBIGUOUS)
def test_ambiguous_units_list_their_meanings(source, target, listed):
    with pytest.raises(ValueError, match="ambiguous") as caught:
        units.convert(1, source, target)
    for meaning in listed:
        assert meaning in str(caught.value)
    assert "\n" not in str(caught.value)


WRONG_KIND = [
    ("N m", "J", "a torque is not an energy"),
    ("J", "N m", "a torque is not an energy"),
    ("dyn cm", "erg", "dyn cm"),
    ("T", "Oe", "B and H are different quantities"),
    ("G", "Oe", "B and H are different quantities"),
    ("Oe", "nT", "mu0 H"),
    ("emu/cm^3", "Oe", "magnetization (A/m, emu/cm^3"),
    ("erg/(G cm^3)", "Oe", "field strength H (A/m, Oe)"),
    ("Hz", "rad/s", "one cycle is 2 pi rad"),
    ("MHz/T", "rad/(s T)", "one cycle is 2 pi rad"),
    ("m", "s", "length (m, cm)"),
    ("A m^2", "A/m", "magnetic moment"),
    ("deg", "SI", "angle"),
    ("emu/g", "emu/mol", "molar moment"),
    ("m^3/kg", "m^3/mol", "molar susceptibility"),
]


@pytest.mark.parametrize(("source", "target", "said"), WRONG_KIND)
def test_wrong_kinds_are_refused(source, target, said):
    with pytest.raises(ValueError, match=re.escape(f"cannot convert {source!r} to {target!r}")) as caught:
        units.convert(1, source, target)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("tesle", "unknown unit 'tesle'; did you mean 'tesla'"),
        ("furlong", "unknown unit 'furlong'"),
        ("A foo^2", "unknown unit 'foo' in 'A foo^2'"),
        ("m^1000", "powers beyond 12 are not read"),
        ("(m^4)^4", "powers beyond 12 are not read"),
        ("((m", "a parenthesis or a symbol is missing"),
        ("m)", "a parenthesis or a symbol is missing"),
        ("m//s", "a parenthesis or a symbol is missing"),
        ("m**", "a parenthesis or a symbol is missing"),
        ("emu/mol Oe", "put a product in parentheses"),
        ("J/kg*K", "put a product in parentheses"),
        ("m 2", "cannot read '2'"),
        ("m^0.5", "cannot read"),
        ("m SI", "mark susceptibilities only"),
        ("m" * 200, "at most 120 characters"),
        (3, "from_unit must be the name of a unit, got 3"),
    ],
)
def test_what_cannot_be_read(unit, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        units.convert(1, unit, "m")


@pytest.mark.parametrize("value", ["3", None, True, [1, "a"], [[1], [1, 2]], 1 * u.m])
def test_values_must_be_plain_numbers(value):
    with pytest.raises(ValueError, match="value must be a number or an array of numbers"):
        units.convert(value, "m", "cm")


def test_shapes_and_types():
    assert type(units.convert(np.float64(2), "m", "cm")) is float
    assert type(units.convert(3, "m", "m")) is float
    assert units.convert(1 + 2j, "m", "cm") == 100 + 200j
    result = units.convert([[1, 2], [3, 4]], "G", "nT")
    np.testing.assert_array_equal(result, [[1e5, 2e5], [3e5, 4e5]])
    assert result.dtype == np.float64


def test_same_unit_returns_the_value_itself():
    value, array = 0.1 + 0.2, np.array([0.1, 0.7])
    assert units.convert(value, "statA cm^2", "statA cm^2") is value
    assert units.convert(array, "Oe", "Oe") is array


def test_rounding_is_correct_for_decimal_ratios():
    assert units.convert(10, "cm", "m") == 0.1
    assert units.convert(3, "mm", "m") == 0.003
    assert units.convert(36, "km/h", "m/s") == 10.0


def test_nan_zero_and_infinity_pass():
    assert math.isnan(units.convert(math.nan, "G", "T"))
    assert units.convert(-math.inf, "Oe", "A/m") == -math.inf
    assert math.copysign(1, units.convert(-0.0, "emu/g", "m^3/kg")) == -1


@pytest.mark.parametrize(("source", "target"), [row[:2] for row in EXACT + ROUNDED])
@given(value=st.floats(-1e100, 1e100).filter(lambda x: x == 0 or abs(x) > 1e-100))
def test_round_trips(source, target, value):
    again = units.convert(units.convert(value, source, target), target, source)
    assert again == pytest.approx(value, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("10 cm", "m", 0.1),
        ("0.5 G", "T", 5e-5),
        ("5 nT", "T", 5e-9),
        ("100 keV", "J", 1.602176634e-14),
        ("1e-3 A m^2", "A m^2", 1e-3),
        ("  -2.5e+1cm ", "m", -0.25),
        (".1 mm", "m", 1e-4),
        ("5eV", "J", 8.01088317e-19),
        ("45 deg", "rad", PI / 4),
        ("10 1/s", "Hz", 10.0),
        ("3", "1", 3.0),
        ("12 %", "1", 0.12),
        ("0 T", "T", 0.0),
        ("1e305 km", "m", 1e308),
        ("1e-999999999 m", "m", 0.0),
    ],
)
def test_parse(text, unit, value):
    assert units.parse(text, unit) == value


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("3", "m", "a unit is required, such as '3 m', got '3'"),
        ("m", "m", "a number with a unit is required, such as '3 m', got 'm'"),
        ("nan m", "m", "a number with a unit is required"),
        ("inf m", "m", "a number with a unit is required"),
        ("1e999999999 m", "m", "a finite number is required"),
        ("1e305 km", "nm", "a finite number is required"),
        ("3+4 m", "m", "'+4 m' is not a unit"),
        ("10 20 m", "m", "'20 m' is not a unit"),
        ("3 s", "m", "cannot convert 's' to 'm'"),
        ("1 emu", "A m^2", "ambiguous"),
        ("3 N m", "J", "a torque is not an energy"),
        (3.0, "m", "a number with a unit is required, such as '3 m', got 3.0"),
    ],
)
def test_parse_refuses(text, unit, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        units.parse(text, unit)


def test_kinds_of_a_unit():
    assert units.kinds("J/T") == units.kinds("erg/G") == ("magnetic moment",)
    assert units.kinds("N m") == ("torque",)
    assert units.kinds("J") == ("energy",)
    assert set(units.kinds("A/m")) == {"field strength H", "magnetization"}
    assert set(units.kinds("emu/mol")) == {"molar moment", "molar susceptibility"}


WATER = {"molar_mass": 18.015e-3, "density": 997.05}


def test_susceptibility_of_water():
    # CRC Handbook: chi_mol = -12.97e-6 cm^3/mol (cgs); about -9.0e-6 by volume (SI), -0.72e-6 by mass (cgs).
    volume = units.convert_susceptibility(-12.97e-6, "cm^3/mol cgs", "SI", **WATER)
    assert volume == pytest.approx(-9.02e-6, rel=1e-3)
    mass = units.convert_susceptibility(-12.97e-6, "emu/(mol Oe)", "emu/(g Oe)", molar_mass=18.015e-3)
    assert mass == pytest.approx(-0.7200e-6, rel=1e-4)


SUSCEPTIBILITIES = ["SI", "cgs", "emu/(cm^3 Oe)", "m^3/kg", "emu/(g Oe)", "m^3/mol", "emu/(mol Oe)"]


@pytest.mark.parametrize("source", SUSCEPTIBILITIES)
@pytest.mark.parametrize("target", SUSCEPTIBILITIES)
def test_susceptibilities_round_trip(source, target):
    value = np.array([1e-5, -2.0])
    there = units.convert_susceptibility(value, source, target, **WATER)
    back = units.convert_susceptibility(there, target, source, **WATER)
    np.testing.assert_allclose(back, value, rtol=2e-15)


def test_susceptibilities_of_many_samples():
    density = [1000.0, 2000.0] * u.kg / u.m**3
    result = units.convert_susceptibility([1e-9, 1e-9], "m^3/kg", "SI", density=density)
    np.testing.assert_allclose(result, [1e-6, 2e-6], rtol=1e-15)


def test_cgs_susceptibilities_by_their_definition():
    # chi_volume = rho chi_mass (rho in g/cm^3), chi_molar = M chi_mass (M in g/mol): no 4 pi within cgs.
    by_mass = units.convert_susceptibility(3.0, "cgs", "emu/(g Oe)", density=2000.0)
    assert by_mass == pytest.approx(1.5, rel=1e-15)
    molar = units.convert_susceptibility(1.5, "emu/(g Oe)", "emu/(mol Oe)", molar_mass=0.1)
    assert molar == pytest.approx(150.0, rel=1e-15)


@pytest.mark.parametrize(
    ("source", "target", "given", "said"),
    [
        ("SI", "m^3/kg", {}, "density in kg/m^3 is required to convert a volume susceptibility to a mass"),
        ("SI", "m^3/mol", {"density": 1.0}, "molar_mass in kg/mol is required"),
        ("m^3/mol", "m^3/kg", {"molar_mass": -1.0}, "molar_mass must be positive, got -1.0"),
        ("m^3/mol", "SI", {"molar_mass": 1.0, "density": math.nan}, "density must be positive, got nan"),
        ("m^3/mol", "SI", {"molar_mass": "x", "density": 1.0}, "molar_mass must be a number, got 'x'"),
        ("cm^3/mol", "SI", {"molar_mass": 1.0, "density": 1.0}, "ambiguous"),
        ("A/m", "SI", {}, "from_unit must be a unit of susceptibility"),
        ("SI", "m", {}, "to_unit must be a unit of susceptibility"),
    ],
)
def test_susceptibility_refuses(source, target, given, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        units.convert_susceptibility(1.0, source, target, **given)


@pytest.mark.parametrize(
    ("value", "unit", "plain"),
    [
        (UREG.Quantity(2.0, "cm"), "m", 0.02),
        (UREG.Quantity(3, "erg/gauss"), "A m^2", 0.003),
        (UREG.Quantity(1.0, "statampere * cm**2"), "A m^2", 1e-4 * 10 / C_CGS),
        (UREG.Quantity(1.0, "bohr_magneton"), "A m^2", constants.mu_B),
        (UREG.Quantity(5.0, "nanotesla"), "T", 5e-9),
        (UREG.Quantity(1.0, "oersted"), "A/m", 1000 / (4 * PI)),
        (UREG.Quantity(30.0, "degree"), "rad", PI / 6),
        (UREG.Quantity(2.0, ""), "1", 2.0),
        (UREG.Quantity(1.0, "knot"), "m/s", 1852 / 3600),
        (UREG.Quantity(25.0, "degC"), "K", 298.15),
        # pint prints the Planck constant as a sign that Unicode takes for an h, the hour.
        (UREG.Quantity(1.0, "planck_constant"), "J s", constants.h),
        (2.0 * u.cm, "m", 0.02),
        (3 * u.erg / u.G, "A m^2", 0.003),
        (1 * u.G * u.cm**3, "A m^2", 1e-3),
        (5 * u.nT, "T", 5e-9),
        (30 * u.deg, "rad", PI / 6),
        (2 * u.dimensionless_unscaled, "1", 2.0),
        (1 * u.lyr, "m", 9460730472580800.0),
        (2 * u.Unit("7 m"), "m", 14.0),
        (1 * u.Gs, "s", 1e9),
    ],
)
def test_quantities_are_stripped(value, unit, plain):
    stripped = units.strip("x", value, unit)
    assert type(stripped) is float
    assert stripped == pytest.approx(plain, rel=4e-16, abs=0)


@pytest.mark.parametrize(
    "value",
    [
        UREG.Quantity([1.0, 2.0], "cm"),
        [1.0, 2.0] * u.cm,
        [UREG.Quantity(1.0, "cm"), UREG.Quantity(20.0, "mm")],
        (0.01 * u.m, 2 * u.cm),
    ],
)
def test_arrays_and_lists_of_quantities(value):
    np.testing.assert_array_equal(units.strip("x", value, "m"), [0.01, 0.02])
    nested = units.strip("x", [value, value], "m")
    np.testing.assert_array_equal(nested, [[0.01, 0.02]] * 2)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (UREG.Quantity(2.0, "s"), "m", "radius must be convertible to m, got a quantity in s"),
        (2.0 * u.s, "m", "radius must be convertible to m, got a quantity in s"),
        (UREG.Quantity(2.0, "knot"), "m", "radius must be convertible to m, got a quantity in k"),
        (2.0 * u.solMass, "m", "radius must be convertible to m, got a quantity in solMass"),
        (UREG.Quantity(2.0, ""), "m", "radius must be convertible to m, got a quantity in 1"),
        (UREG.Quantity(2.0, "N*m"), "J", "radius must be convertible to J, got a quantity in"),
        (UREG.Quantity(2.0, "T*m**3"), "A m^2", "is ambiguous and may mean"),
        ([1.0, UREG.Quantity(2.0, "m")], "m", "radius must have a unit on every element or on none"),
        ([1.0 * u.m, 2.0 * u.s], "m", "got a quantity in s"),
    ],
)
def test_wrong_quantities(value, unit, said):
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        units.strip("radius", value, unit)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [1.0, 2, np.float64(3), np.ones(3), [1.0, 2.0], (1, 2), [], [[1.0], [2.0]], "3 m", None, object()],
)
def test_plain_values_come_back_untouched(value):
    assert units.strip("x", value, "m") is value


def test_symbols_mean_what_pint_means():
    # A unit that pint prints with one of our symbols must not be converted as something else. The
    # electrostatic units have other dimensions there and are left out.
    compared = 0
    for name in sorted(set(UREG._units)):
        try:
            quantity = UREG.Quantity(1.0, name)
            theirs = quantity.to_base_units()
            ours = units.strip("x", quantity, f"{theirs.units:C}")
        except Exception:
            continue
        compared += 1
        assert ours == pytest.approx(theirs.magnitude, rel=1e-8), name
    assert compared > 100


def test_errors_can_be_pickled_and_are_value_errors():
    with pytest.raises(ValueError) as caught:
        units.convert(1, "N m", "J")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_import_brings_in_neither_pint_nor_astropy():
    code = (
        "import sys, magneton.units; sys.exit(bool({'pint', 'astropy', 'numba', 'scipy'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1, "inch", "m", 0.0254),
        (2, "in", "cm", 5.08),
        (3, "cc", "cm^3", 3),
        (1, "emu/cc", "A/m", 1000),
        (1, "Tesla", "Gauss", 1e4),
        (1, "Ampere Meter^2", "A m^2", 1),
    ],
)
def test_everyday_spellings(value, unit, to, expected):
    assert units.convert(value, unit, to) == expected


@pytest.mark.parametrize(
    ("unit", "hint"),
    [("Am2", "'A m^2'"), ("Am^2/kg", "'A m^2/kg'"), ("Nm", "'N m'"), ("TESLA", ""), ("IN", "")],
)
def test_run_together_or_shouted_units_are_not_guessed(unit, hint):
    with pytest.raises(ValueError, match="unknown unit") as caught:
        units.parse(f"1 {unit}", "m")
    assert hint in str(caught.value)
