"""m = -dU/dB: right at atomic scales, with noise, and honest about its error."""

import numpy as np
import pytest

from magneton.constants import mu_B
from magneton.sources.from_energy import moment_from_energy

MU = float(mu_B)
M = MU * np.array([0.3, -1.2, 0.8])
B = np.array([0.5, -0.2, 1.4])
ALPHA = MU * np.array([[0.2, 0.05, 0.0], [0.05, 0.1, -0.02], [0.0, -0.02, 0.3]])
UNIT = 1.7  # tesla, the scale of the saturating energies below


def linear(b):
    return -M @ b


def quadratic(b):
    return -M @ b - 0.5 * b @ ALPHA @ b


def two_level(b):
    return -MU * UNIT * np.log(np.cosh(np.linalg.norm(b) / UNIT))


def two_level_moment(b):
    size = np.linalg.norm(b)
    return MU * np.tanh(size / UNIT) * b / size


def cubic(b):
    return -MU * (b[0] * b[1] * b[2] + b[2] ** 3)


CASES = {
    "linear": (linear, lambda b: M, 1e-14),
    "quadratic": (quadratic, lambda b: M + ALPHA @ b, 1e-13),
    "two_level": (two_level, two_level_moment, 1e-11),
    "cubic": (cubic, lambda b: MU * np.array([b[1] * b[2], b[0] * b[2], b[0] * b[1] + 3 * b[2] ** 2]), 1e-13),
    "rigid": (lambda b: -MU * np.linalg.norm(b), lambda b: MU * b / np.linalg.norm(b), 1e-10),
}


@pytest.mark.parametrize("scale", [1.0, 1e-30, 1e24])
@pytest.mark.parametrize("name", CASES)
def test_without_noise(name, scale):
    energy, exact, digits = CASES[name]
    found = moment_from_energy(lambda b: scale * energy(b), B)
    error = np.abs(found.moment - scale * exact(B))
    assert np.all(error <= found.error)
    assert np.linalg.norm(found.error) <= 100 * digits * scale * np.linalg.norm(exact(B))
    assert np.linalg.norm(error) <= digits * scale * np.linalg.norm(exact(B))
    assert found.evaluations <= 80


@pytest.mark.parametrize("name", CASES)
def test_with_noise_the_error_is_a_bound_and_not_a_wild_one(name):
    energy, exact, _ = CASES[name]
    sigma = 1e-4 * MU
    rng = np.random.default_rng(5)
    errors, bounds = [], []
    for _ in range(60):
        found = moment_from_energy(lambda b: energy(b) + sigma * rng.normal(), B, noise=sigma)
        errors.append(np.abs(found.moment - exact(B)))
        bounds.append(found.error)
    assert np.all(np.array(errors) <= np.array(bounds))
    # No estimate from steps of |B|/4 and less can beat sigma/(sqrt(2) |B|/4).
    least = sigma / (np.sqrt(2) * 0.25 * np.linalg.norm(B))
    assert least < np.median(bounds) < 40 * least


def test_the_offset_of_the_energy_limits_the_digits_and_the_error_says_so():
    found = moment_from_energy(lambda b: 1e-15 + quadratic(b), B)
    error = np.abs(found.moment - (M + ALPHA @ B))
    assert np.all(error <= found.error)
    assert np.max(error) > 1e-8 * MU


def test_a_narrow_crossing_is_resolved_by_smaller_steps():
    gap = 0.02

    def energy(b):
        return -MU * np.sqrt((b[2] - B[2] - 0.01) ** 2 + gap**2)

    exact = -MU * 0.01 / np.sqrt(0.01**2 + gap**2)
    found = moment_from_energy(energy, B)
    assert abs(found.moment[2] - exact) <= found.error[2] <= 1e-8 * MU
    np.testing.assert_array_equal(found.moment[:2], 0.0)


def test_at_zero_field_a_step_is_needed():
    with pytest.raises(ValueError, match="step must be given where B is zero"):
        moment_from_energy(linear, [0, 0, 0])
    found = moment_from_energy(quadratic, [0, 0, 0], step=1e-3)
    assert np.all(np.abs(found.moment - M) <= found.error)
    assert np.linalg.norm(found.error) <= 1e-11 * MU


def test_an_induced_moment_counts_half():
    alpha = 2e-24
    assert moment_from_energy(lambda b: -0.5 * alpha * b @ b, B).moment == pytest.approx(alpha * B, rel=1e-12)
    assert moment_from_energy(lambda b: -alpha * b @ b, B).moment == pytest.approx(2 * alpha * B, rel=1e-12)


@pytest.mark.parametrize(
    ("energy", "message"),
    [
        (lambda b: np.nan, r"energy must return a finite number of joules, got nan at B = \["),
        (
            lambda b: b,
            r"energy must return a finite number of joules, got an array of shape \(3,\) at B = \[",
        ),
        (
            lambda b: b * np.nan,
            r"energy must return a finite number of joules, got an array of shape \(3,\) at B = \[",
        ),
        (lambda b: [[1.0, np.inf]], r"energy must return .*, got an array of shape \(1, 2\) at B = \["),
        (lambda b: None, r"energy must return a finite number of joules, got None at B = \["),
        (lambda b: "low", r"energy must return a finite number of joules, got 'low' at B = \["),
        (3.0, "energy must be a function of B, got float"),
    ],
)
def test_what_is_no_energy_is_refused(energy, message):
    with pytest.raises(ValueError, match=message):
        moment_from_energy(energy, B)


def test_bad_noise_is_refused():
    with pytest.raises(ValueError, match="noise must not be negative"):
        moment_from_energy(linear, B, noise=-1.0)
