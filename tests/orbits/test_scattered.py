"""One particle that collides: every kick acts, and <P_l> decays as it should."""

import numpy as np
import pytest

from magneton import UniformField, orbits
from magneton.orbits import scattered

FIELD = UniformField([0, 0, 1e-6])
START = [0, 0, 0], [0, 0, 1e6]
DURATION = 1e-5


@pytest.mark.parametrize("count", [1, 2, 7])
def test_kicks_add_up_to_the_whole_time(monkeypatch, count):
    kicks = []

    def unmoved(velocity, rate, interval, rng):
        kicks.append(rate * interval)
        return velocity

    monkeypatch.setattr(scattered, "scatter", unmoved)
    orbit = orbits.trace_scattered(
        FIELD, "electron", *START, DURATION, 100.0, seed=1, interval=DURATION / count * 1.000001, start=1.0
    )
    np.testing.assert_allclose(kicks, np.full(count, 100.0 * DURATION / count))
    # Without a turn it flies straight on, and its times go on.
    np.testing.assert_allclose([orbit.time[0], orbit.time[-1]], [1.0, 1.0 + DURATION], rtol=1e-15)
    assert orbit.position[-1, 2] == pytest.approx(1e6 * DURATION, rel=1e-9)
    assert np.all(np.diff(orbit.time) > 0.0)


@pytest.mark.parametrize("count", [1, 2])
def test_moments_of_the_direction_decay_at_their_rates(count):
    """From xi = 1, <P_1> = exp(-2 nu T) and <P_2> = exp(-6 nu T), however few the kicks are."""
    depth, rng = 0.25, np.random.default_rng(5)
    runs = [
        orbits.trace_scattered(
            FIELD,
            "electron",
            *START,
            DURATION,
            depth / DURATION,
            seed=rng,
            interval=1.000001 * DURATION / count,
        )
        for _ in range(250)
    ]
    xi = np.array([np.cos(orbit.pitch_angle[-1]) for orbit in runs])
    for values, expected in ((xi, np.exp(-2 * depth)), (1.5 * xi**2 - 0.5, np.exp(-6 * depth))):
        error = np.std(values) / np.sqrt(len(values))
        assert abs(np.mean(values) - expected) < 4.0 * error
        assert error < 0.03
    assert all(np.array_equal(orbit.velocity[0], START[1]) for orbit in runs)
