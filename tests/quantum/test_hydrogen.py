import math

import numpy as np
import pytest

from magneton import constants
from magneton.quantum.hydrogen import HydrogenLike, hydrogen_like
from magneton.quantum.hyperfine import Hyperfine

ALPHA, MU_B = float(constants.alpha), float(constants.mu_B)
PROTON = (1, 0.5, float(constants.mu_p), float(constants.m_p))


def interval(level):
    """Return the interval of the two F in MHz."""
    return level.hyperfine.hyperfine_interval(*level.hyperfine.F_values) / 1e6


# ---- hyperfine structure


def test_contact_term_of_hydrogen_is_56_ppm_above_the_measurement():
    # CODATA 2022; measured: Karshenboim 2005
    contact = interval(hydrogen_like("H"))
    assert round(contact, 4) == 1420.4855
    assert round((contact / 1420.4057517667 - 1.0) * 1e6, 2) == 56.11


def test_corrections_explain_the_56_ppm_but_for_recoil_and_polarizability():
    found = hydrogen_like("H").corrections()
    assert [round(1e6 * each, 1) for each in (*found, found.total)] == [79.9, -103.3, -39.3, -62.7]
    missing = 1420.4057517667 / interval(hydrogen_like("H")) - 1.0
    # left: the proton's recoil and polarizability; the latter is 1.3(3) ppm (Carlson 2007)
    assert 6e-6 < missing - found.total < 7.5e-6


@pytest.mark.parametrize(
    ("atom", "measured", "structure"),
    [
        ("H", 1420.4057517667, -33.0),
        ("D", 327.384352522, 138.0),
        ("T", 1516.701470773, -38.0),
        ("muonium", 4463.302765, -178.0),
    ],
)
def test_what_quantum_electrodynamics_leaves_to_the_nucleus(atom, measured, structure):
    # measured less QED of a point nucleus at rest, in ppm: Karshenboim 2005; muonium as measured by Liu et al. 1999
    level = hydrogen_like(atom)
    found = level.corrections(nuclear_radius=0.0)
    assert abs(1e6 * (measured / interval(level) - 1.0 - found.total) - structure) < 1.0


def test_breits_correction_begins_with_three_halves_z_alpha_squared():
    found = HydrogenLike(1, 0.5, float(constants.mu_p), 1.0).corrections()
    assert math.isclose(found.relativistic, 1.5 * ALPHA**2 + 17.0 / 8.0 * ALPHA**4, rel_tol=1e-8)


def test_contact_term_scales_with_the_cube_of_z_over_n():
    for n in (2, 3, 7):
        assert math.isclose(
            interval(hydrogen_like("H", n)), interval(hydrogen_like("H")) / n**3, rel_tol=1e-14
        )
    one, two = (HydrogenLike(Z, *PROTON[1:]).A for Z in (1, 2))
    assert math.isclose(two, 8.0 * one, rel_tol=1e-14)


def test_hyperfine_structure_of_2p_is_that_of_orbit_and_spin_at_a_distance():
    # with g = 2 and a heavy nucleus: 1s/24 for 2p1/2 and, of A, 1/5 of that for 2p3/2 (Bethe & Salpeter sect. 22)
    contact = interval(hydrogen_like("H"))
    assert math.isclose(interval(hydrogen_like("H", 2, 1, 0.5)), contact / 24.0, rel_tol=1e-3)
    assert math.isclose(hydrogen_like("H", 2, 1, 1.5).A, hydrogen_like("H", 2, 1, 0.5).A / 5.0, rel_tol=3e-3)
    assert (
        abs(interval(hydrogen_like("H", 2, 1, 0.5)) - 59.22) < 0.14
    )  # measured: 59.22(14) MHz, Lundeen et al. 1975


def test_contact_term_follows_from_the_density_at_the_nucleus():
    # -(2/3) mu_0 m_e.m_I |psi(0)|^2, the interval being that of two spins 1/2: 4 times A/4
    mass = float(constants.m_p)
    radius = float(constants.a_0) * (1.0 + float(constants.m_e) / mass)
    density = 1.0 / (math.pi * radius**3)
    energy = (
        2.0 / 3.0 * float(constants.mu_0) * abs(float(constants.mu_e)) * float(constants.mu_p) * density * 4.0
    )
    assert math.isclose(hydrogen_like("H").A, energy, rel_tol=1e-9)  # CODATA rounds mu_e and g_e mu_B apart


# ---- moments


@pytest.mark.parametrize(("n", "orbital", "j"), [(1, 0, 0.5), (2, 1, 0.5), (2, 1, 1.5), (3, 2, 2.5)])
def test_contributions_add_up_to_the_moment_of_the_level(n, orbital, j):
    level, B = hydrogen_like("D", n, orbital, j), np.array([0.0, 1e-4, 0.3, 1e3])
    for F, m in level.hyperfine.labels:
        parts = level.contributions(F, m, B)
        np.testing.assert_allclose(parts.total, level.hyperfine.moment(F, m, B), rtol=0, atol=2e-15 * MU_B)


def test_stretched_state_adds_up_all_moments():
    parts = hydrogen_like("H", 2, 1, 1.5).contributions(2, 2)
    assert math.isclose(parts.electron_spin, float(constants.mu_e), rel_tol=1e-9)
    assert math.isclose(
        parts.orbital, -MU_B * (1.0 - float(constants.m_e) / float(constants.m_p)), rel_tol=1e-9
    )
    assert math.isclose(parts.nuclear, float(constants.mu_p), rel_tol=1e-9)


def test_lande_factors():
    # with g_s = 2: 2, 2/3 and 4/3; the anomaly and the proton's motion change the fourth digit
    for orbital, j, g in ((0, 0.5, 2.0), (1, 0.5, 2 / 3), (1, 1.5, 4 / 3)):
        assert abs(hydrogen_like("H", 2, orbital, j).g_J - g) < 2.5e-3
    assert hydrogen_like("H").g_J == -float(constants.g_e)
    # two equal masses of opposite charge have no orbital moment
    assert abs(HydrogenLike(1, 0.5, 0.0, float(constants.m_e), 2, 1, 0.5).g_orbital) == 0.0


def test_measured_constants_differ_from_the_contact_term_as_stated():
    free, bound = hydrogen_like("H").g_J, Hyperfine.of("H").g_J
    assert round((bound / free - 1.0) * 1e6, 1) == -17.7


# ---- errors


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match=r"l must be one of 0, \.\.\., n - 1 = 0, got 1"):
        hydrogen_like("H", 1, 1)
    with pytest.raises(ValueError, match="j must be one of 1/2, 3/2 for l = 1 and s = 1/2, got 5/2"):
        hydrogen_like("H", 2, 1, 2.5)
    with pytest.raises(ValueError, match="atom must be known by name"):
        hydrogen_like("He")
    with pytest.raises(ValueError, match="nuclear_moment must be 0 for nuclear_spin = 0"):
        HydrogenLike(1, 0.0, 1e-26, 1e-27)
    with pytest.raises(ValueError, match="nuclear_mass must be positive, got 0"):
        HydrogenLike(1, 0.5, 1e-26, 0.0)
    with pytest.raises(ValueError, match="corrections are known for n = 1, l = 0, got n = 2, l = 0"):
        hydrogen_like("H", 2).corrections()


# ---- recoil and small terms


def test_recoil_of_the_orbit_counts_the_charge_of_the_nucleus():
    # Electron and nucleus about their common centre: l (1/m - Z/M)/(1/m + 1/M), in units of m.
    light = HydrogenLike(3, 0.0, 0.0, 10.0 * float(constants.m_e), 2, 1, 1.5)
    assert math.isclose(light.g_orbital, (1.0 - 3 * 0.01) / 1.1, rel_tol=1e-14)


def test_the_orbits_field_at_the_nucleus_has_the_relative_velocity():
    heavy, light = (
        HydrogenLike(1, 0.5, 1e-26, mass, 2, 1, 1.5) for mass in (1.0, 20.0 * float(constants.m_e))
    )
    spin = -0.25 * -float(constants.g_e)  # (l(l + 1) - j(j + 1) + s(s + 1))/4
    orbit = 2.5  # (j(j + 1) + l(l + 1) - s(s + 1))/2
    expected = (orbit * 1.05 + spin) / (orbit + spin) / 1.05**3
    assert math.isclose(light.A / heavy.A, expected, rel_tol=1e-12)


def test_radiative_corrections_of_hydrogen_term_by_term():
    # Eides, Grotch & Shelyuto 2001: alpha (Z alpha)(ln 2 - 5/2), and the logarithms of the next order
    log = math.log(ALPHA)
    terms = (
        ALPHA**2 * (math.log(2.0) - 2.5),
        ALPHA**3 / math.pi * -8.0 / 3.0 * log * (log - math.log(4.0) + 281.0 / 480.0),
        ALPHA**3 / math.pi * 17.122,
        ALPHA**3 / math.pi * 0.7717,
    )
    assert [round(1e6 * each, 2) for each in terms] == [-96.22, -9.29, 2.12, 0.1]
    assert math.isclose(hydrogen_like("H").corrections().radiative, sum(terms), rel_tol=1e-12)
