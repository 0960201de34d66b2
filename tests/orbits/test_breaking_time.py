"""mu in a uniform field that changes in time."""

import mpmath
import numpy as np
import pytest

from magneton.orbits.breaking import mu_jump_off_axis, mu_jump_uniform, traced_mu_jump

mpmath.mp.dps = 40


def exact(omega1, omega2, rate):
    a, b = (mpmath.pi * mpmath.mpf(w) / mpmath.mpf(rate) for w in (omega1, omega2))
    return mpmath.sinh((b - a) / 2) ** 2 / (mpmath.sinh(a) * mpmath.sinh(b))


@pytest.mark.parametrize(("rate", "digits"), [(10.0, "0.122715045320"), (0.3, "0.00002801925")])
def test_published_digits(rate, digits):
    assert abs(mu_jump_uniform(0.5, 1.0, rate) - float(digits)) <= 0.6 * 10.0 ** -len(digits.split(".")[1])


@pytest.mark.parametrize("rate", [1e-3, 0.01, 0.3, 7.0, 1e3, 1e9, 1e25, 1e300])
@pytest.mark.parametrize("pair", [(0.5, 1.0), (3.0, 0.2), (1.0, 1.0 + 1e-9), (1e-6, 1e4)])
def test_closed_form_at_every_rate(pair, rate):
    expected = exact(*pair, rate)
    got = mu_jump_uniform(*pair, rate)
    if expected < mpmath.mpf(10) ** -306:  # less than the floats have
        assert got < 1e-300
    else:
        # The exponent's own rounding: 2 pi omega/rate times 1e-16.
        slack = 1e-15 * (8.0 + 2 * np.pi * min(pair) / rate)
        assert abs(got / float(expected) - 1.0) < slack


def test_jump_is_the_same_backwards_and_without_overflow():
    rates = np.array([1e-308, 1e-100, 1.0, 1e308])
    with np.errstate(all="raise", under="ignore"):
        there, back = mu_jump_uniform(0.5, 2.0, rates), mu_jump_uniform(2.0, 0.5, rates)
    assert np.allclose(there, back, rtol=1e-15, atol=0)
    assert there[0] == there[1] == 0.0
    assert there[3] == pytest.approx(1.5**2 / 4, rel=1e-14)  # sudden: (omega2 - omega1)^2/(4 omega1 omega2)


@pytest.mark.parametrize("rate", [0.3, 1.0, 4.0, 30.0])
def test_orbit_on_the_axis(rate):
    for species in ("proton", "electron"):
        traced = traced_mu_jump(species, 0.5, 1.0, rate)
        assert abs(traced - mu_jump_uniform(0.5, 1.0, rate)) < 2e-11


def test_orbit_off_the_axis_depends_on_the_phase():
    phases = 2 * np.pi * np.arange(6) / 6
    traced = [traced_mu_jump("electron", 1.3, 0.5, 3.0, offset=2.5, gyrophase=phase) for phase in phases]
    spectrum = np.abs(np.fft.fft(traced)) / 6
    expected = mu_jump_off_axis(1.3, 0.5, 3.0, 2.5)
    assert spectrum[0] == pytest.approx(expected.mean, rel=1e-10)
    assert 2 * spectrum[1] == pytest.approx(expected.swing, rel=1e-10)
    assert spectrum[2:5].max() < 1e-10 * spectrum[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0.0, 1.0, 1.0), "omega1 must be positive, got 0"),
        ((1.0, -1.0, 1.0), "omega2 must be positive, got -1"),
        ((1.0, 1.0, "slow"), "rate must be a number or an array of numbers"),
    ],
)
def test_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        mu_jump_uniform(*arguments)
