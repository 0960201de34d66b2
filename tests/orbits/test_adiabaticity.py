"""The conditions of adiabaticity."""

import numpy as np
import pytest

from magneton import Dipole
from magneton.orbits import Species, proton
from magneton.orbits._adiabaticity import adiabaticity
from support.numpy_fields import NumpyField

C = 299792458.0
UNIT = Species(-2.0, 3.0)


def test_dipole_equator():
    """B falls as r^-3 and R_c = r/3: both ratios are 3 rho/r, at right angles and along the field."""
    dipole, r = Dipole([0.0, 0.0, 1e7]), 2.0  # B = 1/8 T
    across = adiabaticity(dipole, UNIT, [r, 0.0, 0.0], [0.1, 0.0, 0.0])
    rho = 3.0 * 0.1 / (2.0 / r**3)
    assert across.rho_over_L_gradient == pytest.approx(3 * rho / r, rel=1e-9)
    along = adiabaticity(dipole, UNIT, [r, 0.0, 0.0], [0.0, 0.0, -0.1])
    assert along.rho_over_L_gradient == 0.0
    assert along.rho_over_L_curvature == pytest.approx(3 * rho / r, rel=1e-9)
    assert along.kappa == pytest.approx(np.sqrt(r / 3 / rho), rel=1e-9)
    assert along.rho_over_L_shear == pytest.approx(0.0, abs=1e-12)
    # On the axis B is twice that, and spreads evenly: div b = 3/r.
    axis = adiabaticity(dipole, UNIT, [0.0, 0.0, r], [0.0, 0.0, 0.1])
    assert axis.rho_over_L_shear == pytest.approx(1.5 * rho / 2 / r, rel=1e-9)


def test_a_rotating_field_is_seen_by_its_shear_alone():
    """B = (cos kz, sin kz, 0): constant strength, straight lines; b turns by k a metre across it."""
    k = 1.7
    field = NumpyField(lambda x, y, z, t: (np.cos(k * z), np.sin(k * z), 0 * x))
    result = adiabaticity(field, UNIT, [0.3, 0.1, 0.2], [0.1, 0.2, 0.2])
    assert result.rho_over_L_shear == pytest.approx(1.5 * 0.3 * k, rel=1e-12)
    assert result.rho_over_L_gradient == pytest.approx(0.0, abs=1e-15)
    assert result.rho_over_L == result.rho_over_L_shear
    assert not result.valid
    assert result.condition == "rho_over_L_shear"


def test_a_field_that_changes():
    """B(t) along z with its induced E; |dB/dt|/(B Omega), and |dE/dt| against v, and |grad E|."""
    field = NumpyField(
        lambda x, y, z, t: (0 * x, 0 * x, 1 + 0.5 * t), lambda x, y, z, t: (0.25 * y, -0.25 * x + t**2, 0 * x)
    )
    result = adiabaticity(field, UNIT, np.zeros(3), [3.0, 0.0, 0.0], [0.0, 2.0])
    assert result.omega_over_Omega[0] == pytest.approx(0.5 * 1.5)
    assert result.electric_shear[0] == pytest.approx(0.25 * np.sqrt(2) * 1.5)
    # At t = 2 B is 2, E = 4 along y, the drift 2 along x: 1 is left of the speed 3; dE/dt = 4.
    assert result.omega_over_Omega[1] == pytest.approx(4.0 / (2.0 * 1.0) * 1.5 / 2.0)


def test_relativistic_particles_turn_more_slowly():
    field = NumpyField(lambda x, y, z, t: (0 * x, 0 * x, 1 + x / C + 0.5 * t), scale=C)
    result = adiabaticity(field, UNIT, np.zeros(3), [0.6 * C, 0.0, 0.0])
    assert result.omega_over_Omega == pytest.approx(0.5 * 1.5 / 0.8)
    assert result.rho_over_L_gradient == pytest.approx(0.6 * 1.5 / 0.8)
    # dE/dt = B v Omega/5, Omega = 0.8/1.5: E has grown to v B/5 when the particle has turned by a radian.
    pushed = NumpyField(
        lambda x, y, z, t: (0 * x, 0 * x, 1 + 0 * x),
        lambda x, y, z, t: (0 * x, 0.6 * C * 0.8 / 1.5 / 5.0 * t, 0 * x),
    )
    result = adiabaticity(pushed, UNIT, np.zeros(3), [0.6 * C, 0.0, 0.0])
    assert result.omega_over_Omega == pytest.approx(0.2)


def test_words():
    sheet = NumpyField(lambda x, y, z, t: (0 * x, 0 * x, 5e-9 * (1.5 + np.tanh(x / 5e5))), scale=1e5)
    state = adiabaticity(sheet, proton, [0.0, 0.0, 0.0], [0.0, 1e6, 0.0])
    words = "not adiabatic: the strength of B changes within a Larmor radius, rho_over_L_gradient = 1"
    assert str(state).startswith(words)
    calm = adiabaticity(sheet, proton, [[0.0, 0.0, 0.0], [5e6, 0.0, 0.0]], [0.0, 1e4, 0.0])
    assert calm.valid.all()
    assert str(calm).startswith("2 of 2 states adiabatic; the worst: adiabatic (rho/L = 0.0")
    assert not adiabaticity(sheet, proton, [0.0, 0.0, 0.0], [0.0, 1e4, 0.0], limit=1e-3).valid


def test_nothing_holds_where_there_is_no_field():
    null = NumpyField(lambda x, y, z, t: (x, y, -2 * z))
    state = adiabaticity(null, UNIT, np.zeros(3), [1.0, 0.0, 0.0])
    assert not state.valid
    assert state.rho_over_L == np.inf
    assert state.kappa == 0.0
    undefined = adiabaticity(Dipole([0.0, 0.0, 1.0]), UNIT, np.zeros(3), [1.0, 0.0, 0.0])
    assert not undefined.valid
    assert str(undefined) == "not known: the field is not defined there"
