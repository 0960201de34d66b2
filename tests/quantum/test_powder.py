"""Averages over directions: closed forms, kinks, quadrature of scipy."""

import numpy as np
import pytest
from scipy.integrate import quad

from magneton import constants
from magneton.quantum import Levels, spin_hamiltonian
from magneton.quantum.powder import powder_average

K_B, MU_B = float(constants.k_B), float(constants.mu_B)


def test_an_isotropic_spin_needs_no_average():
    B, T = np.array([0.0, 0.1, 10.0]), np.array([[0.5], [100.0]])
    average = powder_average(spin_hamiltonian(0.5, g=2.0), "moment", B, T)
    np.testing.assert_allclose(average.value, MU_B * np.tanh(MU_B * B / (K_B * T)), rtol=1e-12)


@pytest.mark.parametrize("T", [1e-5, 5e-4, 1e-2, 1.0])
def test_the_kink_of_an_easy_axis(T):
    """g along one axis only: the integral of c tanh(x c), which is 1/2 when cold."""
    B = 0.7
    x = MU_B * B / (K_B * T)
    axis = np.array([1.0, 2.0, 2.0]) / 3.0
    spin = spin_hamiltonian(0.5, g=2.0 * np.outer(axis, axis))
    average = powder_average(spin, "moment", B, T, rtol=1e-9)
    points = [min(k / x, 1.0) for k in (1.0, 5.0, 20.0)]
    expected = quad(lambda c: c * np.tanh(x * c), 0.0, 1.0, points=points, epsabs=1e-14, limit=200)[0]
    off = abs(average.value / MU_B - expected)
    assert off < 1e-9 * expected
    assert off <= average.error / MU_B + 1e-13
    assert average.error <= 1e-9 * average.value


def test_an_easy_plane():
    """The same for g in a plane, whose moment vanishes at the poles only: the integral of s^2 tanh(x s) dtheta."""
    B, T = 0.7, 5e-4
    x = MU_B * B / (K_B * T)
    axis = np.array([2.0, -1.0, 2.0]) / 3.0
    spin = spin_hamiltonian(0.5, g=2.0 * (np.eye(3) - np.outer(axis, axis)))
    points = [k / x for k in (1.0, 5.0, 20.0)]
    expected = quad(
        lambda t: np.sin(t) ** 2 * np.tanh(x * np.sin(t)), 0.0, 0.5 * np.pi, points=points, epsabs=1e-14
    )[0]
    np.testing.assert_allclose(spin.powder_moment(B, T) / MU_B, expected, rtol=1e-8)


def test_a_rhombic_spin_agrees_with_the_plain_double_integral():
    levels, B, T = spin_hamiltonian(1.0, g=[2.0, 2.2, 2.4], D=4.0 * K_B, E=1.0 * K_B), 3.0, 1.0
    z, w = np.polynomial.legendre.leggauss(60)
    phi = (np.arange(120) + 0.5) * 2.0 * np.pi / 120
    s = np.sqrt(1.0 - z * z)[:, None]
    axes = np.stack(np.broadcast_arrays(s * np.cos(phi), s * np.sin(phi), z[:, None]), axis=-1)
    along = (levels.moment(B * axes, T) * axes).sum(axis=-1)
    np.testing.assert_allclose(levels.powder_moment(B, T), 0.5 * w @ along.mean(axis=1), rtol=1e-8)
    slope = (levels.powder_moment(B + 1e-3, T) - levels.powder_moment(B - 1e-3, T)) / 2e-3
    np.testing.assert_allclose(levels.powder_susceptibility(B, T), slope, rtol=1e-5)


def test_without_field_it_is_a_third_of_the_trace_even_with_a_moment_at_rest():
    rng = np.random.default_rng(2)
    a = rng.normal(size=(4, 3, 3)) + 1j * rng.normal(size=(4, 3, 3))
    a = a + np.conj(a.swapaxes(1, 2))
    levels = Levels(K_B * a[0], MU_B * a[1:])
    assert levels.has_moment_at_rest
    third = np.trace(levels.susceptibility([0.0, 0.0, 0.0], 2.0)) / 3.0
    np.testing.assert_allclose(levels.powder_susceptibility(0.0, 2.0), third, rtol=1e-12)
    moment = powder_average(levels, "moment", 0.0, 2.0)
    assert abs(moment.value) < 1e-14 * MU_B


def test_what_cannot_be_met_is_said():
    spin = spin_hamiltonian(1.0, g=[2.0, 2.2, 2.4], D=-4.0 * K_B)
    with pytest.raises(
        RuntimeError, match=r"the average has an error of .*, not 1e-13, after 6300 directions"
    ):
        powder_average(spin, "moment", 3.0, 0.01, rtol=1e-13, max_directions=10)
    with pytest.raises(ValueError, match="quantity must be one of moment, moment_slope, susceptibility"):
        powder_average(spin, "energies", 3.0, 1.0)
    with pytest.raises(ValueError, match="B must not be negative"):
        spin.powder_moment(-1.0, 1.0)


def test_every_point_of_a_grid_meets_its_tolerance_smooth_or_not():
    spin = spin_hamiltonian(1.0, g=[2.0, 2.2, 2.4], D=-4.0 * K_B, E=1.0 * K_B)
    B, T = np.array([0.0, 0.3, 3.0]), np.array([[0.03], [2.0]])  # steep, and not
    fine = powder_average(spin, "moment", B, T, rtol=1e-9)
    for rtol in (1e-3, 1e-7):
        found = powder_average(spin, "moment", B, T, rtol=rtol)
        assert (np.abs(found.value - fine.value) <= rtol * fine.value).all()
        assert (found.error <= rtol * found.value).all()
    assert powder_average(spin, "moment", B[:, None], 2.0, rtol=1e-3).directions < 150
    capacity = powder_average(spin, "heat_capacity", 3.0, 0.5, rtol=1e-7).value
    z, w = np.polynomial.legendre.leggauss(100)
    phi = (np.arange(200) + 0.5) * np.pi / 100
    s = np.sqrt(1.0 - z * z)[:, None]
    axes = np.stack(np.broadcast_arrays(s * np.cos(phi), s * np.sin(phi), z[:, None]), axis=-1)
    plain = 0.5 * w @ spin.heat_capacity(3.0 * axes, 0.5).mean(axis=1)
    np.testing.assert_allclose(capacity, plain, rtol=1e-6)
