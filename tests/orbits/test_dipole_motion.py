"""Bounce and drift in a dipole field: the integrals against mpmath, the motion against its closed forms."""

import math

import numpy as np
import pytest

from magneton import constants
from magneton.orbits.dipole_integrals import (
    action_integral,
    bounce_and_action,
    bounce_integral,
    drift_integral,
    mirror_latitude,
)
from magneton.orbits.dipole_motion import (
    L_of_flux,
    bounce_period,
    drift_period,
    drift_rate,
    loss_cone,
    modified_invariant_dipole,
    second_invariant_dipole,
    third_invariant_dipole,
)
from magneton.orbits.species import electron, proton
from reference._load import load

MEV = 1e6 * float(constants.e)


def test_the_integrals_agree_with_mpmath():
    table = load("bounce")
    angles = table["pitch_angle"]
    assert np.abs(bounce_integral(angles) / table["T"] - 1).max() < 1e-14
    assert np.abs(action_integral(angles) / table["Y"] - 1).max() < 1e-14
    assert np.abs(drift_integral(angles) / (table["D"] / table["T"]) - 1).max() < 1e-14
    sine = np.sin(mirror_latitude(angles))
    assert np.abs(sine / np.sqrt(table["sin2_latitude"]) - 1).max() < 1e-15
    assert np.abs(bounce_integral(math.pi - angles) / table["T"] - 1).max() < 1e-14


def test_both_ends_are_exact():
    top = 1 + math.log(2 + math.sqrt(3)) / (2 * math.sqrt(3))
    np.testing.assert_allclose(
        bounce_integral([0, math.pi / 2]), [top, math.pi * math.sqrt(2) / 6], rtol=1e-15
    )
    np.testing.assert_allclose(drift_integral([0, math.pi / 2]), [1 / 3, 1 / 2], rtol=1e-15)
    assert mirror_latitude(0.0) == math.pi / 2
    assert mirror_latitude(math.pi / 2) < 1e-16
    # far below the table's angles the mirror field overflows nothing
    assert bounce_integral(1e-150) == pytest.approx(top, rel=1e-14)


def test_the_printed_values():
    assert round(float(bounce_integral(math.radians(45))), 6) == 0.886859
    assert round(float(drift_integral(math.radians(45))), 6) == 0.454819
    assert round(math.degrees(loss_cone(4.0)), 3) == 5.342


def test_the_usual_approximation_is_good_to_two_percent_above_five_degrees_only():
    angles = np.radians(np.linspace(5, 90, 400))
    error = (1.30 - 0.56 * np.sin(angles)) / bounce_integral(angles) - 1
    assert 0.02 < np.abs(error).max() < 0.0211  # at 36 degrees
    assert 1.30 / bounce_integral(0.0) - 1 == pytest.approx(-0.06, abs=0.003)


def test_time_is_minus_the_slope_of_the_action():
    # d(Y/y)/dy = -2 T/y^2, by integration over a range of pitch angles
    nodes, weights = np.polynomial.legendre.leggauss(24)
    low, high = 0.3, 1.2
    angles = low + 0.5 * (high - low) * (1 + nodes)
    integrand = 2 * bounce_integral(angles) * np.cos(angles) / np.sin(angles) ** 2
    total = 0.5 * (high - low) * (weights @ integrand)
    ends = action_integral([low, high]) / np.sin([low, high])
    assert total == pytest.approx(ends[0] - ends[1], rel=1e-13)


def test_the_drift_is_the_slope_of_the_energy_on_a_shell_of_constant_mu_and_J():
    # d(phi)/dt = dE/dL at constant mu and J over q dPhi/dL/(2 pi), with no use of D
    L, angle, energy, step = 4.0, 0.7, 1.0 * MEV, 1e-4
    rest = electron.rest_energy

    def momentum2(E):
        return E * (E + 2 * rest)

    invariants = (
        momentum2(energy) * math.sin(angle) ** 2 * L**3,
        momentum2(energy) * (L * action_integral(angle)) ** 2,
    )
    energies = []
    for shell in (L - step, L + step):
        # y^2 L/Y^2 is what both together leave of the pitch angle
        target = invariants[0] / invariants[1]
        low, high = 0.01, math.pi / 2 - 0.01
        for _ in range(60):
            middle = 0.5 * (low + high)
            ratio = math.sin(middle) ** 2 * shell / action_integral(middle) ** 2
            low, high = (low, middle) if ratio > target else (middle, high)
        p2 = invariants[0] / (math.sin(low) ** 2 * shell**3)
        energies.append(p2 / (math.sqrt(rest**2 + p2) + rest))
    slope = (energies[1] - energies[0]) / (2 * step)
    flux_slope = -third_invariant_dipole(L) / L
    expected = 2 * math.pi * slope / (electron.charge * flux_slope)
    assert drift_rate("electron", energy, L, angle) == pytest.approx(expected, rel=1e-7)


def test_the_periods_are_those_of_the_issue():
    energy, L, angle, R, B0 = 1.0 * MEV, 4.0, math.radians(45), 6.3712e6, 3.12e-5
    gamma = 1 + energy / proton.rest_energy
    v = float(constants.c) * math.sqrt(1 - gamma**-2)
    assert bounce_period("proton", energy, L, angle) == pytest.approx(
        4 * L * R / v * bounce_integral(angle), rel=1e-12
    )
    formula = (
        2 * math.pi * proton.charge * B0 * R**2 / (3 * gamma * proton.mass * v**2 * L * drift_integral(angle))
    )
    assert drift_period("proton", energy, L, angle) == pytest.approx(formula, rel=1e-12)
    p = gamma * proton.mass * v
    second = second_invariant_dipole("proton", energy, L, angle)
    assert second == pytest.approx(2 * p * L * R * action_integral(angle), rel=1e-12)
    # K = J/sqrt(8 m mu), m mu = p_perp^2/(2 B)
    expected = second / (2 * p * math.sin(angle)) * math.sqrt(B0 / L**3)
    assert modified_invariant_dipole(L, angle) == pytest.approx(expected, rel=1e-12)


def test_positive_charges_drift_west_and_electrons_east():
    rates = [drift_rate(kind, 1e5 * float(constants.e), [2.0, 4.0], 1.0) for kind in ("proton", "electron")]
    assert (rates[0] < 0).all()
    assert (rates[1] > 0).all()
    assert (drift_rate("proton", 1e-14, 4.0, 1.0, equatorial_field=-3e-5) > 0).all()


def test_the_loss_cone_mirrors_at_the_surface_and_fills_the_sphere_there():
    L = np.array([1.0, 1.0 + 1e-10, 1.5, 3.0, 10.0])
    np.testing.assert_allclose(L * np.cos(mirror_latitude(loss_cone(L))) ** 2, 1.0, rtol=1e-14)
    assert loss_cone(1.0) == math.pi / 2
    assert L_of_flux(third_invariant_dipole(5.5)) == pytest.approx(5.5, rel=1e-15)


def test_shapes_are_kept():
    angles = np.full((2, 5000), 0.4)
    assert bounce_integral(angles).shape == (2, 5000)
    assert bounce_integral(np.empty(0)).shape == (0,)
    assert isinstance(float(bounce_integral(0.4)), float)
    time, action = bounce_and_action(angles)
    np.testing.assert_allclose(time, bounce_integral(0.4), rtol=1e-15)
    np.testing.assert_allclose(action, action_integral(0.4), rtol=2e-15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bounce_integral(4.0), "pitch_angle must lie between 0 and pi, got 4"),
        (lambda: loss_cone(0.5), "L must be at least 1, got 0.5"),
        (lambda: bounce_period("proton", -1.0, 4.0, 0.5), "energy must be positive, got -1"),
        (lambda: drift_period("proton", 1.0, 0.0, 0.5), "L must be positive, got 0"),
        (lambda: L_of_flux(0.0), "flux must not be zero"),
    ],
)
def test_errors_name_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
