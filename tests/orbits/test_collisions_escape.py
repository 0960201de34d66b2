"""Escape from a loss cone against mpmath, and the ensemble: its law, its streams, its first passages."""

import math

import mpmath
import numpy as np
import pytest

from magneton._jit import get_threads, set_threads
from magneton.numerics.philox import philox
from magneton.orbits.collisions import (
    FiniteVolumeScattering,
    first_passage_times,
    loss_cone_decay_rate,
    mean_escape_time,
    mu_relaxation,
    scatter,
    scatter_pitch_cosine,
    strong_diffusion_time,
)

NU = 40.0


def mode_at_the_cone(n, ratio, sides):
    """Return the regular Legendre function of degree n at the edge of the cone, by mpmath."""
    if sides == 1:
        return mpmath.hyp2f1(-n, n + 1, 1, (1 + mpmath.sqrt(1 - 1 / mpmath.mpf(ratio))) / 2)  # P_n(-xi_c)
    return mpmath.hyp2f1(-n / 2, (n + 1) / 2, 0.5, 1 - 1 / mpmath.mpf(ratio))


@pytest.mark.parametrize(
    ("sides", "ratio"), [(2, 1.001), (2, 1.999), (2, 2.0), (2, 1e9), (1, 1.001), (1, 7.0), (1, 1e9)]
)
def test_decay_rate_is_the_first_zero_in_the_degree(ratio, sides):
    got = loss_cone_decay_rate(ratio, NU, sides=sides) / NU
    with mpmath.workdps(25):
        n = (mpmath.sqrt(1 + 4 * mpmath.mpf(got)) - 1) / 2
        root = mpmath.findroot(lambda n: mode_at_the_cone(n, ratio, sides), (n, n * (1 + mpmath.mpf(1e-8))))
        assert abs(got / (root * (root + 1)) - 1) <= 3e-15
        # It is the first one: there is no other change of sign below it.
        below = [mode_at_the_cone(root * x, ratio, sides) for x in (0.5, 0.95)]
        assert min(mpmath.sign(x) for x in below) == 1


@pytest.mark.parametrize("sides", [1, 2])
def test_mean_escape_time_solves_its_equation(sides):
    for ratio in (1.0001, 1.05, 1.2, 8.0, 1e8):
        with mpmath.workdps(40):
            cone = mpmath.sqrt(1 - 1 / mpmath.mpf(ratio))
            lower = -1 if sides == 1 else -cone

            def slope(x, sides=sides):
                return -1 / (1 - x) if sides == 1 else -x / (1 - x * x)

            start = 0.3 * float(cone)
            one = -mpmath.quad(slope, [start, (start + cone) / 2, cone])
            # <T> = -(1/width) integral of T' (xi - lower), by parts.
            mean = -mpmath.quad(
                lambda x, lower=lower: slope(x) * (x - lower), [lower, 0, 1 - 2 * (1 - cone), cone]
            )
            mean /= cone - lower
        assert abs(mean_escape_time(ratio, NU, start, sides=sides) * NU / one - 1) <= 1e-12
        assert abs(mean_escape_time(ratio, NU, sides=sides) * NU / mean - 1) <= 2e-15


def test_slow_escape_from_high_mirrors_grows_with_the_logarithm_of_the_ratio():
    for sides, law in ((2, lambda R: 0.5 * np.log(4 * R) - 1), (1, lambda R: np.log(4 * R) - 1)):
        gaps = [1 / loss_cone_decay_rate(R, 1.0, sides=sides) / law(R) - 1 for R in (1e6, 1e12)]
        assert 0.0 < gaps[1] < 0.3 * gaps[0] < 0.002
        np.testing.assert_allclose(mean_escape_time(1e9, 1.0, sides=sides), law(1e9), rtol=1e-7)


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_published_words(counter, key, words):
    """Known answers of philox4x32-10, from the Random123 library of Salmon et al. (2011)."""
    given = [np.uint64(int(word, 16)) for word in f"{counter} {key}".split()]
    assert [f"{int(word):08x}" for word in philox(*given)] == words.split()


@pytest.mark.parametrize("tau", [1e-8, 0.02, 0.24, 1.1, 30.0])
def test_law_of_a_kick(tau):
    """<P_l> of the angle decays at l(l+1), the speed stays, and the azimuth about the velocity is uniform."""
    n, axis = 40_000, np.array([2.0, -1.0, 2.0]) / 3.0
    v = scatter(np.tile(3e5 * axis, (n, 1)), NU, tau / NU, rng=11) / 3e5
    assert np.abs(np.linalg.norm(v, axis=1) - 1).max() <= 2e-15
    for sample, want in (
        *(
            (np.polynomial.legendre.Legendre.basis(k)(v @ axis), math.exp(-k * (k + 1) * tau))
            for k in (1, 2, 4, 7)
        ),
        *((v @ across, 0.0) for across in ((1.0, 2.0, 0.0), (2.0, -4.0, -4.0))),
    ):
        assert abs(sample.mean() - want) <= 4 * sample.std() / math.sqrt(n) + 1e-14


def test_streams_are_of_the_particle_and_of_the_seed_alone():
    rng = np.random.default_rng(5)
    v, nu = rng.normal(size=(7000, 3)), rng.uniform(0, 3, 7000)
    nu[3] = 0.0
    before = get_threads()
    try:
        set_threads(1)
        alone = scatter(v, nu, 0.4, rng=9)
        set_threads(3)
        np.testing.assert_array_equal(scatter(v, nu, 0.4, rng=9), alone)
    finally:
        set_threads(before)
    np.testing.assert_array_equal(scatter(v[:50], nu[:50], 0.4, rng=9), alone[:50])
    np.testing.assert_array_equal(alone[3], v[3])
    assert not np.isclose(scatter(v, nu, 0.4, rng=10), alone)[nu > 1e-3].any()
    first, second = (scatter(v, nu, 0.4, rng) for _ in range(2))
    assert not np.isclose(first, second)[nu > 1e-3].any()


def test_cosines_follow_their_own_rates_and_stay_within_one():
    xi = np.array([[1.0], [-1.0]]) * np.ones((2, 30_000))
    nu = np.array([[0.1], [1.0]])
    after = scatter_pitch_cosine(xi, nu, 0.1, rng=1)
    assert np.abs(after).max() <= 1.0
    want = np.array([1.0, -1.0]) * np.exp(-0.2 * nu[:, 0])
    assert (np.abs(after.mean(axis=1) - want) < 4 * after.std(axis=1) / math.sqrt(30_000)).all()
    mean, _ = mu_relaxation(0.1, nu[:, 0], 0.0)
    np.testing.assert_allclose((1 - after**2).mean(axis=1), mean, rtol=0.04)


@pytest.mark.parametrize(("ratio", "sides", "xi"), [(4.0, 2, 0.3), (1.5, 1, -0.8), (60.0, 2, -0.9)])
def test_first_passages(ratio, sides, xi):
    n = 4000
    times = first_passage_times(np.full(n, xi), NU, 1.0, ratio, rng=3, sides=sides)
    want = mean_escape_time(ratio, NU, xi, sides=sides)
    assert abs(times.mean() - want) < 4 * times.std() / math.sqrt(n)
    cells = FiniteVolumeScattering(NU, 300, mirror_ratio=ratio, sides=sides)
    held = cells.number(cells.advance(cells.beam(xi), want))
    censored = first_passage_times(np.full(n, xi), NU, want, ratio, rng=6, sides=sides)
    fraction = np.isinf(censored).mean()
    assert abs(fraction - held) < 4 * math.sqrt(held * (1 - held) / n)
    assert censored[np.isfinite(censored)].max() <= want


def test_escape_rate_of_cells_ensemble_and_eigenvalue():
    rate, n = loss_cone_decay_rate(4.0, NU), 8000
    times = first_passage_times(np.zeros(n), NU, 3 / rate, 4.0, rng=12)
    early, late = ((times > t / rate).sum() for t in (0.7, 2.0))
    found = rate * math.log(early / late) / 1.3
    error = rate * math.sqrt(1 / late - 1 / early) / 1.3
    assert error < 0.03 * rate
    assert abs(found - rate) < 3 * error
    cells = FiniteVolumeScattering(NU, 300, mirror_ratio=4.0)
    f = cells.advance(cells.beam(0.0), 2 / rate)
    assert abs(cells.loss_rate(f) / cells.number(f) / rate - 1) < 1e-3


def test_first_passages_at_the_limits():
    times = first_passage_times([0.99, -0.99, 0.0], [NU, 0.0, 0.0], 1.0, 2.0, rng=1)
    np.testing.assert_array_equal(times, [0.0, 0.0, np.inf])
    assert first_passage_times(-0.99, NU, 1.0, 2.0, rng=1, sides=1) > 0.0
    np.testing.assert_array_equal(mean_escape_time(2.0, [NU, 0.0], [0.99, 0.0]), [0.0, np.inf])


def test_a_full_loss_cone_empties_a_mirror_in_two_ratios_of_transits():
    """A flat field between two mirrors, filled with isotropic velocities: count who meets an end within the cone."""
    ratio, duration = 50.0, 0.2
    rng = np.random.default_rng(0)
    z, xi = rng.uniform(0, 1, 400_000), rng.uniform(-1, 1, 400_000)
    gone = ((z + duration * xi > 1) | (z + duration * xi < 0)) & (xi**2 > 1 - 1 / ratio)
    want = len(z) * duration / strong_diffusion_time(ratio, 1.0, 1.0)
    assert abs(gone.sum() - want) < 4 * math.sqrt(want)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scatter([[1.0, 2.0]], 1.0, 1.0, 0), r"velocity must have shape \(\.\.\., 3\)"),
        (lambda: scatter([[1.0, 2.0, 3.0]], [1.0, 2.0], 1.0, 0), r"nu and dt must be numbers or fit \(1,\)"),
        (
            lambda: scatter([1.0, 2.0, 3.0], 1.0, 1.0, -1),
            "rng must be a numpy.random.Generator or an integer",
        ),
        (lambda: scatter_pitch_cosine(1.1, 1.0, 1.0, 0), "xi must lie between -1 and 1, got 1.1"),
        (lambda: first_passage_times(0.1, -1.0, 1.0, 2.0, 0), "nu must not be negative, got -1"),
        (lambda: first_passage_times(0.1, 1.0, 1.0, 2.0, 0, sides=3), "sides must be 1 or 2, got 3"),
        (lambda: loss_cone_decay_rate(0.5, 1.0), "mirror_ratio must be greater than 1, got 0.5"),
        (lambda: mean_escape_time([2.0, 1.0], 1.0), "mirror_ratio must be greater than 1, got 1"),
    ],
)
def test_errors_name_the_argument(call, words):
    with pytest.raises(ValueError, match=words):
        call()
