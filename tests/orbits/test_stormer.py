"""Stormer's theory: printed values, the forbidden region, and the constant along a computed orbit."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from magneton import Dipole, constants
from magneton.kernels.field import MU0_4PI
from magneton.orbits.species import Species, proton
from magneton.orbits.stormer import stormer_constant, stormer_cutoff_rigidity, stormer_length

B0, R = 3.12e-5, 6.3712e6
MOMENT = np.array([0.0, 0.0, -B0 * R**3 / MU0_4PI])
C = float(constants.c)


def speed_of(species, rigidity):
    """Return the speed of a charge of that rigidity."""
    u = abs(species.charge) * rigidity / (species.mass * C)
    return u / math.sqrt(1 + (u / C) ** 2)


def test_the_vertical_cutoff_on_the_equator():
    assert round(float(stormer_cutoff_rigidity(0.0)) / 1e9, 2) == 14.90
    assert stormer_cutoff_rigidity(0.7, distance=1.3) == pytest.approx(
        B0 * R * C / 4 * math.cos(0.7) ** 4 / 1.3**2, rel=1e-14
    )
    assert stormer_cutoff_rigidity(math.pi / 2) < 1.0


@pytest.mark.parametrize("species", [proton, Species(-proton.charge, proton.mass)])
def test_at_the_cutoff_the_constant_is_that_of_the_closing_pass(species):
    rng = np.random.default_rng(1)
    latitude, longitude = rng.uniform(-1.3, 1.3, 40), rng.uniform(0, 6, 40)
    zenith, azimuth = rng.uniform(0, 1.5, 40), rng.uniform(0, 6.2, 40)
    sign = math.copysign(1, species.charge)
    cutoff = stormer_cutoff_rigidity(latitude, distance=1.2, zenith=zenith, azimuth=azimuth, charge_sign=sign)
    up = np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], -1
    )
    east = np.stack([-np.sin(longitude), np.cos(longitude), 0 * longitude], -1)
    north = np.cross(up, east)
    comes_from = np.cos(zenith)[:, None] * up + np.sin(zenith)[:, None] * (
        np.sin(azimuth)[:, None] * east + np.cos(azimuth)[:, None] * north
    )
    speeds = np.array([speed_of(species, rigidity) for rigidity in cutoff])
    b = stormer_constant(MOMENT, species, 1.2 * R * up, -speeds[:, None] * comes_from)
    # near c the velocity's own rounding limits the momentum
    np.testing.assert_allclose(b, -2 * sign, rtol=1e-12)


def test_positive_charges_from_the_east_need_more_rigidity():
    east, west = stormer_cutoff_rigidity(0.0, zenith=1.0, azimuth=[math.pi / 2, -math.pi / 2])
    assert east > 1.5 * stormer_cutoff_rigidity(0.0) > 1.5 * west
    assert stormer_cutoff_rigidity(0.0, zenith=1.0, azimuth=math.pi / 2, charge_sign=-1) == west


def test_the_length_is_the_radius_of_the_circular_orbit():
    rigidity = 2e10
    length = stormer_length(np.linalg.norm(MOMENT), rigidity)
    # q v B = gamma m v^2/C: rigidity = B C c
    B = MU0_4PI * np.linalg.norm(MOMENT) / length**3
    assert B * length * C == pytest.approx(rigidity, rel=1e-14)
    v = speed_of(proton, rigidity)
    assert stormer_constant(MOMENT, "proton", [length, 0, 0], [0, -v, 0]) == pytest.approx(-2, rel=1e-10)


def test_the_constant_is_conserved_along_an_orbit():
    field, v = Dipole(MOMENT), 0.6 * C
    u0 = v / 0.8 * np.array([0.48, 0.64, 0.6])
    ratio = proton.charge / proton.mass

    def rates(_, state):
        velocity = state[3:] / math.sqrt(1 + state[3:] @ state[3:] / C**2)
        return np.concatenate([velocity, ratio * np.cross(velocity, field.B(state[:3]))])

    start = np.concatenate([[3 * R, 0.0, 0.5 * R], u0])
    orbit = solve_ivp(rates, (0, 0.4), start, method="DOP853", rtol=1e-10, atol=1e-3)
    velocities = orbit.y[3:].T / np.sqrt(1 + (orbit.y[3:] ** 2).sum(0) / C**2)[:, None]
    b = stormer_constant(MOMENT, proton, orbit.y[:3].T, velocities)
    assert np.ptp(orbit.y[0]) > R
    assert np.ptp(b) < 1e-8 * np.abs(b).max()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stormer_cutoff_rigidity(2.0), "latitude must lie between -pi/2 and pi/2, got 2"),
        (lambda: stormer_cutoff_rigidity(0.0, zenith=-1.0), "zenith must lie between 0 and pi"),
        (lambda: stormer_cutoff_rigidity(0.0, charge_sign=2), "charge_sign must be 1 or -1, got 2"),
        (lambda: stormer_length(-1.0, 1e9), "moment must be positive, got -1"),
        (lambda: stormer_constant(MOMENT, "proton", [1, 0, 0], [0, 0, 0]), "velocity must not be zero"),
    ],
)
def test_errors_name_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
