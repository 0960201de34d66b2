"""Data that cannot be right, or cannot tell: each is said."""

import numpy as np
import pytest

from magneton import Dipole
from magneton.estimation import Readings, fit_dipoles

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
