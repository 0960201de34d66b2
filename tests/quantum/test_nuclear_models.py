"""Models of nuclear moments: Schmidt's lines, odd-odd nuclei, the deuteron."""

import numpy as np
import pytest

from magneton import constants
from magneton.quantum.angular import embedded, spin_operators
from magneton.quantum.nuclear_models import (
    deuteron_d_state,
    deuteron_moment,
    odd_odd_moment,
    schmidt_moment,
    shell_numbers,
)
from magneton.quantum.particles import particle
from magneton.quantum.pedigree import MomentValue

# Schmidt values in mu_N as textbooks print them, from the free nucleons.
SCHMIDT = [
    ("s1/2", "proton", 2.793),
    ("p1/2", "proton", -0.264),
    ("p3/2", "proton", 3.793),
    ("d3/2", "proton", 0.124),
    ("d5/2", "proton", 4.793),
    ("f7/2", "proton", 5.793),
    ("g9/2", "proton", 6.793),
    ("h9/2", "proton", 2.624),
    ("s1/2", "neutron", -1.913),
    ("p1/2", "neutron", 0.638),
    ("d3/2", "neutron", 1.148),
    ("d5/2", "neutron", -1.913),
]


@pytest.mark.parametrize(("shell", "nucleon", "printed"), SCHMIDT)
def test_schmidt_lines(shell, nucleon, printed):
    found = schmidt_moment(*shell_numbers(shell), nucleon)
    assert found.value == pytest.approx(printed, abs=5.1e-4)
    assert found.unit == "mu_N"
    assert found.moment == pytest.approx(found.value * float(constants.mu_N), rel=1e-15)


@pytest.mark.parametrize("l", range(8))
@pytest.mark.parametrize("nucleon", ["proton", "neutron"])
def test_both_lines_are_their_closed_forms(l, nucleon):  # noqa: E741
    quenching = 0.6
    g_l = 1.0 if nucleon == "proton" else 0.0
    g_s = quenching * float(constants.g_p if nucleon == "proton" else constants.g_n)
    above = schmidt_moment(l, l + 0.5, nucleon, quenching).value
    assert above == pytest.approx(l * g_l + 0.5 * g_s, rel=1e-13)
    if l:
        j = l - 0.5
        below = schmidt_moment(l, j, nucleon, quenching).value
        assert below == pytest.approx(j / (j + 1.0) * ((l + 1.0) * g_l - 0.5 * g_s), rel=1e-13)


def test_measured_moments_lie_between_free_and_quenched_lines():
    # 209Bi, a proton in h9/2: 4.092 mu_N (IAEA 2019), far above 2.624; quenching closes part of the gap.
    free, quenched = (schmidt_moment(5, 4.5, "proton", q).value for q in (1.0, 0.6))
    assert free < quenched < 4.092


@pytest.mark.parametrize(
    ("spin", "shell", "printed"),
    [(1, "p3/2", 0.627), (1, "p1/2", 0.373), (3, "p3/2", 1.880), (0, "p3/2", 0.0)],  # 6Li, 14N, 10B
)
def test_odd_odd_nuclei_in_jj_coupling(spin, shell, printed):
    assert odd_odd_moment(spin, shell, shell).value == pytest.approx(printed, abs=5.1e-4)


def test_additivity_takes_measured_moments():
    # 10B from its neighbours in the table of IAEA 2019: 11B, whose proton is odd, and 9Be, whose neutron is.
    proton = MomentValue("11B", 1.5, 2.6883782, 1e-6, "mu_N", True, "IAEA 2019", "Stone2019")
    neutron = MomentValue("9Be", 1.5, -1.177430, 5e-6, "mu_N", True, "IAEA 2019", "Stone2019")
    assert odd_odd_moment(3, proton, neutron).value == pytest.approx(2.6883782 - 1.177430, rel=1e-14)
    stretched = odd_odd_moment(4.0, "d5/2", neutron)
    assert stretched.value == pytest.approx(4.79284734465 - 1.177430, rel=1e-10)


def test_deuteron_from_its_formula_and_from_the_coupled_states():
    total = particle("proton").value + particle("neutron").value
    for weight in (0.0, 0.04, 0.3, 1.0):
        expected = total - 1.5 * weight * (total - 0.5)
        assert deuteron_moment(weight).value == pytest.approx(expected, rel=1e-9)
    orbit, spin = embedded(spin_operators(2), 0, (5, 3)), embedded(spin_operators(1), 1, (5, 3))
    j = orbit + spin
    values, states = np.linalg.eigh(sum(each @ each for each in j) + 1e-3 * j[2])
    top = states[:, np.argmin(np.abs(values - 2.001))]  # J = 1, m = 1
    g_spin = 0.5 * float(constants.g_p + constants.g_n)
    pure_d = (top.conj() @ (0.5 * orbit[2] + g_spin * spin[2]) @ top).real
    assert deuteron_moment(1.0).value == pytest.approx(pure_d, rel=1e-12)


def test_the_measured_deuteron_asks_for_four_per_cent_of_d_state():
    weight = deuteron_d_state()
    assert weight == pytest.approx(0.0393, abs=5e-5)
    assert deuteron_moment(weight).value == pytest.approx(particle("deuteron").value, rel=1e-14)


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="j must be one of 3/2, 5/2 for l = 2 and s = 1/2, got 7/2"):
        schmidt_moment(2, 3.5, "proton")
    with pytest.raises(ValueError, match=r"l must be an integer, 0 or more, got 1\.5"):
        schmidt_moment(1.5, 2.0, "proton")
    with pytest.raises(ValueError, match="nucleon must be 'proton' or 'neutron', got 'P'"):
        schmidt_moment(2, 2.5, "P")
    with pytest.raises(ValueError, match=r"label must be an orbit such as .*got 'x1/2'"):
        shell_numbers("x1/2")
    with pytest.raises(ValueError, match="spin must be one of 0, 1, 2, 3 for j_p = 3/2 and j_n = 3/2, got 4"):
        odd_odd_moment(4, "p3/2", "p3/2")
    with pytest.raises(ValueError, match="proton must be a moment of known sign"):
        odd_odd_moment(1, particle("Sigma0-Lambda"), "p3/2")
    with pytest.raises(ValueError, match=r"d_state must lie between 0 and 1, got 1.2"):
        deuteron_moment(1.2)


def test_nucleons_by_their_letters():
    for letter, name in (("p", "proton"), ("n", "neutron")):
        assert schmidt_moment(2, 2.5, letter).value == schmidt_moment(2, 2.5, name).value
        assert schmidt_moment(2, 2.5, letter).name == f"{name} in d5/2"
