"""Scattering of mu by current sheets: simulated against the weak, the sharp and the thick sheet."""

import numpy as np
import pytest

from magneton import constants, orbits
from magneton.orbits.breaking import sharp_sheet_jump, sheet_exponent, sheet_scattering, weak_sheet_jump
from magneton.orbits.fields import HarrisSheet, SheetRow, SheetStep, along

PROTON = orbits.proton
B0, V_PERP = 5e-9, 1e6
RHO = PROTON.mass * V_PERP / (PROTON.charge * B0)
PITCH = np.radians(30.0)
V_PAR = V_PERP / np.tan(PITCH)


def turning(tilt, ratio, profile="tanh", **frame):
    """Return a sheet in which B of 5 nT turns from +tilt to -tilt about the normal; ratio is rho/L."""
    s, c = B0 * np.sin(tilt), B0 * np.cos(tilt)
    return SheetStep([s, 0, c], [-s, 0, c], RHO / ratio, profile, **frame)


def test_the_example_of_the_solar_wind():
    assert pytest.approx(2.0879e6, rel=1e-4) == RHO
    sheet = turning(np.radians(15), RHO / 5e5)
    found = sheet_scattering(sheet, PROTON, V_PAR, V_PERP, count=32)
    assert found.transmitted.all()
    assert found.ratio.min() < 0.1
    assert found.ratio.max() > 2.5
    # As the crossing keeps area in (mu, gyrophase), what comes back from the other side has the same law.
    back = sheet_scattering(sheet, PROTON, -V_PAR, V_PERP, count=32)
    assert back.spread == pytest.approx(found.spread, rel=1e-9)
    steps = sheet_scattering(sheet, PROTON, V_PAR, V_PERP, count=32, dt=0.02)
    assert np.allclose(steps.ratio, found.ratio, rtol=0, atol=1e-4)


@pytest.mark.parametrize("profile", ["tanh", "linear"])
@pytest.mark.parametrize("ratio", [0.1, 0.6, 4.2])
def test_weak_sheet_at_every_thickness(profile, ratio):
    sheet = turning(1e-4, ratio, profile, position=(1e6, -2e6, 3e5), orientation=along([0.3, -0.5, 0.7]))
    found = sheet_scattering(sheet, "proton", V_PAR, V_PERP, count=6)
    kick = weak_sheet_jump(sheet, "proton", V_PAR, V_PERP)
    assert found.spread == pytest.approx(np.sqrt(2) * kick, rel=3e-5)
    if profile == "tanh":  # the mean change is d(g^2 mu^2)/dmu, at a fixed energy
        x = V_PERP**2 * (1 + np.array([-1e-4, 1e-4]))
        g = weak_sheet_jump(sheet, "proton", np.sqrt(V_PAR**2 + V_PERP**2 - x), np.sqrt(x))
        slope = np.diff((g * x) ** 2)[0] / (2e-4 * V_PERP**4)
        assert found.mean - 1 == pytest.approx(slope, rel=2e-2, abs=1e-11)


def test_thin_sheet_is_sharp():
    tilt = np.radians(15)
    found = sheet_scattering(turning(tilt, 3000.0), PROTON, V_PAR, V_PERP, count=12)
    phases = 2 * np.pi * np.arange(12) / 12
    sheet = turning(tilt, 1.0)
    jump = sharp_sheet_jump(sheet.B1, sheet.B2, PITCH, phases)
    assert np.mean(jump.weight) == pytest.approx(1.0, rel=1e-14)
    assert found.mean == pytest.approx(np.mean(jump.weight * jump.ratio), rel=1e-6)
    assert found.spread == pytest.approx(np.sqrt(np.mean(jump.weight * (jump.ratio - 1) ** 2)), rel=1e-6)
    # Fields of other strength, parallel: the velocity and its part across are what they were.
    parallel = sharp_sheet_jump([0, 0, 1.0], [0, 0, 1.0], PITCH, phases)
    assert np.allclose(parallel.ratio, 1.0, rtol=1e-14)
    # In a field as oblique as that the particle crosses the sheet again and again.
    assert np.isnan(sharp_sheet_jump([1.0, 0, 0.2], [-1.0, 0, 0.2], PITCH, 0.3).ratio)


def test_thick_sheet_leaves_an_exponential_of_the_nearest_singularity():
    tilt, ratios = np.radians(15), (0.035, 0.05, 0.07)
    sheets = [turning(tilt, ratio) for ratio in ratios]
    spreads = [sheet_scattering(s, PROTON, V_PAR, V_PERP, count=4, rtol=1e-14).spread for s in sheets]
    K = np.array([sheet_exponent(s, PROTON, V_PAR, V_PERP) for s in sheets])
    slopes = np.diff(np.log(spreads)) / np.diff(K)
    assert np.abs(slopes + 1).max() < 0.013, slopes
    assert spreads[0] < 1e-7


def test_exponent_is_an_integral_to_the_zero_of_B():
    sheet = HarrisSheet(3e-9, 1e7, normal=4e-9, guide=1e-9)
    start, speed2 = np.sqrt(26.0) * 1e-9, V_PAR**2 + V_PERP**2
    # Up the imaginary axis, z = i y: B^2 = Bz^2 + guide^2 - B0^2 tan^2(y/L).
    edge = np.arctan(np.sqrt(17.0) / 3.0)
    r, w = np.polynomial.legendre.leggauss(200)
    r = 0.5 * (1 + r)
    y = edge * (1 - r**2)
    B = np.sqrt(17e-18 - 9e-18 * np.tan(y) ** 2)
    rate = PROTON.charge / PROTON.mass * B**2 / 4e-9 / np.sqrt(speed2 - V_PERP**2 * B / start)
    integral = 1e7 * np.sum(w * rate * r) * edge
    gamma = 1 / np.sqrt(1 - speed2 / float(constants.c) ** 2)
    assert sheet_exponent(sheet, PROTON, V_PAR, V_PERP) == pytest.approx(integral / gamma, rel=1e-10)
    weak = turning(1e-7, 0.1)
    kappa = np.pi / 2 * np.tan(PITCH) / 0.1
    assert sheet_exponent(weak, PROTON, V_PAR, V_PERP) == pytest.approx(kappa, rel=1e-4)


def row(count, tilt, seed):
    gyration = PROTON.charge * B0 / PROTON.mass / V_PERP
    places = np.cumsum(np.random.default_rng(seed).exponential(20.0 / gyration, count))
    plateaus = np.tile([0.0, 0.0, B0], (count + 1, 1))
    plateaus[:, 0] = tilt * B0 * (-1.0) ** np.arange(count + 1)
    return SheetRow(places, 0.5 / gyration, plateaus)


def test_kicks_of_a_row_add_with_their_phases():
    field = row(6, 1e-4, 8)
    found = sheet_scattering(field, PROTON, V_PERP, V_PERP, count=5)
    kick = weak_sheet_jump(field, PROTON, V_PERP, V_PERP)
    assert found.spread == pytest.approx(np.sqrt(2) * kick, rel=1e-3)


def test_spread_grows_with_the_root_of_the_number_of_sheets():
    rng = np.random.default_rng(11)
    spreads = {}
    for count in (10, 40):
        squares = []
        for seed in (1, 2, 3):
            v_par = V_PERP * rng.uniform(0.7, 1.3, 128)
            phases = rng.uniform(0, 2 * np.pi, 128)
            field = row(count, 3e-3, seed)
            found = sheet_scattering(field, PROTON, v_par, V_PERP, gyrophase=phases, dt=0.5)
            squares.append(found.spread**2)
            random = weak_sheet_jump(field, PROTON, v_par, V_PERP, coherent=False)
        spreads[count] = np.sqrt(np.mean(squares))
        assert spreads[count] == pytest.approx(np.sqrt(2 * np.mean(random**2)), rel=0.12)
    assert spreads[40] / spreads[10] == pytest.approx(2.0, rel=0.15)


def test_refused():
    with pytest.raises(ValueError, match="field must have a component through the sheet"):
        sheet_scattering(SheetStep([1e-9, 0, 0], [-1e-9, 0, 0], 1e5), PROTON, 1e5, 1e5)
    with pytest.raises(ValueError, match="parallel_velocity must not be zero and of one sign"):
        sheet_scattering(turning(0.1, 1.0), PROTON, [1e5, -1e5], 1e5)
    with pytest.raises(ValueError, match="field must be a SheetStep, HarrisSheet or SheetRow, got 3"):
        sheet_scattering(3, PROTON, 1e5, 1e5)
    with pytest.raises(ValueError, match="field must be one sheet with a tanh profile"):
        sheet_exponent(turning(0.1, 1.0, "linear"), PROTON, 1e5, 1e5)
    with pytest.raises(ValueError, match="B2 must have the z of B1"):
        sharp_sheet_jump([0, 0, 1], [0, 0, 2], 0.3, 0.0)
