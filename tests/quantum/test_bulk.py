"""From atoms to a magnet and back."""

import pytest

from magneton import constants
from magneton.quantum.bulk import (
    ferromagnetic_element,
    magnetomechanical_ratio,
    moment_per_atom,
    orbital_share,
    saturation_magnetization,
)
from magneton.quantum.terms import spin_g

MU_B = float(constants.mu_B)


@pytest.mark.parametrize(("symbol", "moment"), [("Fe", 2.22), ("Co", 1.72), ("Ni", 0.606)])
def test_moments_per_atom_of_the_ferromagnets(symbol, moment):
    """[Kittel2005] chapter 12, table 2; the densities are those at room temperature."""
    found = ferromagnetic_element(symbol)
    assert found.listed_moment == moment
    assert found.moment_mu_B == pytest.approx(moment, rel=0.01)
    assert found.orbital_moment + found.spin_moment == pytest.approx(found.moment, rel=1e-15)


def test_irons_moment_from_its_moment_per_mass():
    """221.71(8) J/(T kg) near 0 K, Crangle and Goodman, Proc. R. Soc. A 321, 477 (1971): 2.217 mu_B."""
    assert moment_per_atom(221.71, 1.0, 0.055845) / MU_B == pytest.approx(2.217, abs=1e-3)


def test_there_and_back():
    M = saturation_magnetization(2.22 * MU_B, 7870.0, 0.055845)
    assert moment_per_atom(M, 7870.0, 0.055845) == pytest.approx(2.22 * MU_B, rel=1e-15)


@pytest.mark.parametrize("g_spin", [2, "exact"])
def test_shares_from_the_angular_momentum_they_carry(g_spin):
    orbit, spin, g = 0.09, 2.13, spin_g(g_spin)
    g_prime = (orbit + spin) / (orbit + spin / g)
    assert orbital_share(g_prime, g_spin=g_spin) == pytest.approx(orbit / (orbit + spin), rel=1e-12)
    assert orbital_share(1.0, g_spin=g_spin) == 1.0
    assert orbital_share(g, g_spin=g_spin) == 0.0


def test_both_g_of_a_ferromagnet_say_the_same():
    orbit, spin = 0.09, 2.13
    spectroscopic, mechanical = (orbit + spin) / (spin / 2.0), (orbit + spin) / (orbit + spin / 2.0)
    assert magnetomechanical_ratio(spectroscopic) == pytest.approx(mechanical, rel=1e-14)
    assert magnetomechanical_ratio(mechanical) == pytest.approx(spectroscopic, rel=1e-14)
    iron = ferromagnetic_element("Fe")
    assert magnetomechanical_ratio(iron.spectroscopic_g) == pytest.approx(iron.g_prime, rel=0.006)


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="density must be positive, got 0"):
        moment_per_atom(1.0, 0.0, 0.05)
    with pytest.raises(ValueError, match="g must be larger than 1, got 1"):
        magnetomechanical_ratio(1.0)
    with pytest.raises(ValueError, match="symbol must be that of a ferromagnetic element"):
        ferromagnetic_element("Cu")
