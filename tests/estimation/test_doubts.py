"""Data that cannot be right, or cannot tell: each is said."""

import numpy as np
import pytest

from magneton import Dipole
from magneton.estimation import Readings, fit_dipoles, fit_multipoles, from_torque

TRUTH = Dipole(moment=[0.3, -0.2, 0.5], position=[0.02, 0.03, 0.01])
RNG = np.random.default_rng(71)
POINTS = RNG.normal(size=(12, 3)) * 0.2
NOISE = 1e-9
B = TRUTH.B(POINTS) + RNG.normal(size=POINTS.shape) * NOISE


def test_axes_that_all_sensors_swap() -> None:
    with pytest.warns(UserWarning, match=r"axes may be swapped: \(Bz, Bx, -By\)"):
        fit_dipoles(POINTS, np.stack([B[:, 1], -B[:, 2], B[:, 0]], axis=1), noise=NOISE)


def test_axes_that_one_sensor_swaps() -> None:
    read = B.copy()
    read[4] = read[4, [1, 0, 2]]
    with pytest.warns(UserWarning, match=r"axes of sensor 4 may be swapped: \(By, Bx, Bz\)"):
        fit_dipoles(POINTS, read, noise=NOISE)


@pytest.mark.parametrize("sensor", [0, 7])
def test_a_sensor_in_another_unit(sensor: int) -> None:
    read = B.copy()
    read[sensor] *= 1000.0
    with pytest.warns(UserWarning, match=rf"sensor {sensor} fits if its readings are multiplied by 0.001"):
        fit_dipoles(POINTS, read, noise=NOISE)


def test_all_in_nanotesla() -> None:
    with pytest.warns(UserWarning, match="hardly in tesla"):
        fit_dipoles(POINTS, B * 1e9, noise=NOISE * 1e9)


def test_sensors_on_a_line() -> None:
    points = np.linspace(0.1, 1.0, 9)[:, None] * np.array([1.0, 2.0, 0.5])
    with pytest.warns(UserWarning, match="lie on a line"):
        fit_dipoles(points, TRUTH.B(points), noise=NOISE)


def test_a_plane_that_reads_its_normal_has_two_sides() -> None:
    x, y = np.meshgrid(np.linspace(-0.1, 0.1, 6), np.linspace(-0.1, 0.1, 6))
    points = np.stack([x.ravel(), y.ravel(), np.zeros(36)], axis=1)
    below = Dipole(moment=[0.3, -0.2, 0.5], position=[0.02, 0.03, -0.06])
    readings = Readings.axis(points, [0, 0, 1], below.B(points)[:, 2], 1e-8)
    with pytest.warns(UserWarning, match="other places explain the readings as well"):
        fit = fit_dipoles(readings)
    assert abs(fit.position[2]) == pytest.approx(0.06)
    assert fit.alternatives[0] == pytest.approx(fit.position * [1, 1, -1], rel=1e-5)
    one = fit_dipoles(readings, volume=[[-0.1, -0.1, -0.2], [0.1, 0.1, -0.01]])
    assert one.position == pytest.approx(below.position, rel=1e-6)
    assert not one.warnings


def test_a_good_fit_has_no_doubts() -> None:
    assert fit_dipoles(POINTS, B, noise=NOISE).warnings == ()


def test_a_model_that_does_not_fit_is_never_silent() -> None:
    with pytest.warns(UserWarning, match="the model does not fit"):
        fit = fit_dipoles(POINTS, B + np.array([1e-5, -2e-5, 1e-5]), noise=NOISE)
    assert len(fit.warnings) == 1
    with pytest.warns(UserWarning, match="the model does not fit"):
        fit_dipoles(POINTS, B, noise=NOISE, positions=TRUTH.position + np.array([0.0, 0.01, 0.0]))
    with pytest.warns(UserWarning, match="the model does not fit"):
        from_torque([[1, 0, 0], [0, 1, 0]], [[5, 0, 0], [0, 5, 0]], noise=1e-3)


def test_a_place_outside_the_volume_is_said() -> None:
    with pytest.warns(UserWarning, match="lies outside the volume"):
        fit_dipoles(POINTS, B, noise=NOISE, volume=[[0.03, -0.1, -0.1], [0.3, 0.1, 0.1]])


def test_hundreds_of_teslas_are_doubted() -> None:
    scale = 200.0 / np.abs(B).max()
    with pytest.warns(UserWarning, match="hardly in tesla"):
        fit_dipoles(POINTS, B * scale, noise=NOISE * scale)


@pytest.mark.parametrize("known", ["positions", "start"])
def test_a_dipole_on_a_sensor_is_refused(known: str) -> None:
    with pytest.raises(ValueError, match="is a dipole on a sensor"):
        fit_dipoles(POINTS, B, noise=NOISE, **{known: POINTS[3]})


def test_robust_losses_need_more_readings_than_unknowns() -> None:
    with pytest.raises(ValueError, match='loss must be "linear"'):
        fit_dipoles(POINTS[:2], B[:2], loss="tukey")


def test_what_is_known_of_offsets_needs_a_noise() -> None:
    with pytest.raises(ValueError, match="noise must be given where offsets"):
        fit_dipoles(POINTS, B, offsets=1e-6)
    with pytest.raises(ValueError, match="noise must be given where offsets"):
        fit_multipoles(POINTS, B, 1, offsets=1e-6)
    fit = fit_dipoles(POINTS, B, noise=NOISE, offsets=1e-9)
    assert fit.dof == 36 + 36 - 42
    assert 0.2 < fit.reduced_chi_square < 2.5


def test_the_background_is_that_of_the_middle() -> None:
    G = np.diag([1e-6, 1e-6, -2e-6])
    fit = fit_dipoles(POINTS, B + (POINTS + 1.0) @ G, noise=NOISE, background="linear")
    middle = (POINTS.mean(axis=0) + 1.0) @ G
    found = [fit.nuisances[f"background_{k}"] for k in "xyz"]
    assert [value for value, _ in found] == pytest.approx(middle, abs=6 * max(std for _, std in found))


def test_bands_of_an_estimated_noise_are_wider() -> None:
    known = fit_dipoles(POINTS[:4], B[:4], noise=NOISE)
    guess = fit_dipoles(POINTS[:4], B[:4])
    for fit, factor in (
        (known, 1.959964),
        (guess, 2.446912),
    ):  # normal, and Student's t with 6 degrees of freedom
        there = fit.predict([1.0, 0.0, 0.0])
        low, high = there.band(0.95)
        assert (high - low) / 2 == pytest.approx(factor * there.std, rel=1e-6)
