"""Losses that bound what bad readings do."""

import numpy as np
import pytest

from magneton import Dipole
from magneton.estimation import Readings, fit_dipoles
from magneton.estimation._losses import LOSSES, scale
from magneton.estimation._robust import inflation

TRUTH = Dipole(moment=[0.06, 0, 0.08], position=[0.01, -0.005, 0.06])
SIGMA = 50e-9


def plane(count: int = 6) -> np.ndarray:
    x = (np.arange(count) - 0.5 * (count - 1)) * 0.02
    grid = np.stack(np.meshgrid(x, x, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.column_stack([grid, np.zeros(len(grid))])


def spoiled(seed: int, part: float, size: float) -> tuple[np.ndarray, np.ndarray]:
    """Return readings of which a part is wrong by about `size` standard deviations, and which they are."""
    rng = np.random.default_rng(seed)
    B = TRUTH.B(plane()) + SIGMA * rng.normal(size=(36, 3))
    wrong = rng.random(B.shape) < part
    return B + wrong * size * SIGMA * rng.choice([-1.0, 1.0], B.shape), wrong.reshape(-1)


@pytest.mark.parametrize("name", ["huber", "tukey"])
def test_a_loss_is_a_square_near_zero_and_its_derivatives_fit(name: str) -> None:
    loss = LOSSES[name]
    u, h = np.linspace(-7.0, 7.0, 57) + 1e-3, 1e-5
    assert loss.rho(np.array([1e-3])) == pytest.approx(0.5e-6, rel=1e-6)
    assert u * loss.weight(u) == pytest.approx((loss.rho(u + h) - loss.rho(u - h)) / (2 * h), abs=1e-8)
    psi = [v * loss.weight(v) for v in (u + h, u - h)]
    assert loss.slope(u) == pytest.approx((psi[0] - psi[1]) / (2 * h), abs=1e-8)


def test_losses_are_95_percent_efficient_at_normal_noise() -> None:
    u = np.linspace(-12.0, 12.0, 200_001)
    density = np.exp(-0.5 * u * u) / np.sqrt(2 * np.pi) * (u[1] - u[0])
    for loss in LOSSES.values():
        variance = np.sum(density * (u * loss.weight(u)) ** 2) / np.sum(density * loss.slope(u)) ** 2
        assert 1.0 / variance == pytest.approx(0.95, abs=2e-4)


def test_the_scale_is_that_of_normal_noise_whatever_a_few_readings_say() -> None:
    z = np.random.default_rng(0).normal(size=20_001)
    z[:100] = 1e9
    assert scale(3.0 * z, 0, 1.0) == pytest.approx(3.0, rel=0.02)


@pytest.mark.parametrize("size", [30.0, 1e6])
@pytest.mark.parametrize("told", [True, False])
def test_gross_errors_mislead_neither_the_scan_nor_the_fit(size: float, told: bool) -> None:
    B, wrong = spoiled(1, 0.05, size)
    fit = fit_dipoles(plane(), B, noise=SIGMA if told else None, loss="tukey")
    assert (fit.weights[wrong] < 1e-6).all()
    assert np.median(fit.weights[~wrong]) > 0.8
    good = fit_dipoles(
        Readings.vector(plane(), np.where(wrong.reshape(-1, 3), np.nan, B), SIGMA, missing="drop")
    )
    assert np.abs((fit.position - good.position) / good.position_std).max() < 1.0
    assert fit.position_std == pytest.approx(good.position_std, rel=0.3)
    assert fit.noise[0] == pytest.approx(SIGMA, rel=0.25)


def test_least_squares_is_misled_where_the_losses_are_not() -> None:
    B, _ = spoiled(2, 0.05, 300.0)
    start = TRUTH.position
    gaps = {
        loss: np.linalg.norm(fit_dipoles(plane(), B, loss=loss, start=start).position - TRUTH.position)
        for loss in ("linear", "huber", "tukey")
    }
    assert gaps["linear"] > 20 * gaps["tukey"]
    assert gaps["linear"] > 5 * gaps["huber"]


def test_without_noise_outliers_are_left_out_to_rounding() -> None:
    points = plane()
    B = TRUTH.B(points)
    B[7] += [1e-5, -3e-6, 2e-6]
    fit = fit_dipoles(points, B + np.array([1e-6, 0, -2e-6]), loss="tukey", background="uniform")
    assert fit.position == pytest.approx(TRUTH.position, abs=1e-11)
    assert (fit.weights[21:24] == 0.0).all()


def test_two_dipoles_their_number_and_a_background_are_found_among_bad_readings() -> None:
    rng = np.random.default_rng(3)
    points = plane(5)
    places = np.array([[-0.03, 0.01, 0.03], [0.03, -0.015, 0.035]])
    B = sum(
        Dipole(moment=m, position=p).B(points)
        for m, p in zip(([0.03, 0, 0.05], [0, 0.04, -0.04]), places, strict=True)
    )
    B = B + [20e-6, 5e-6, -40e-6] + SIGMA * rng.normal(size=B.shape)
    B[rng.choice(25, 3, replace=False), [0, 1, 2]] += 1e-5
    fit = fit_dipoles(points, B, "auto", background="uniform", loss="tukey", max_dipoles=2)
    assert fit.n_dipoles == 2
    order = np.argsort(fit.position[:, 0])
    assert fit.position[order] == pytest.approx(places, abs=1e-3)


def test_a_covariance_without_outliers_is_that_of_least_squares_over_the_efficiency() -> None:
    u = np.random.default_rng(0).normal(size=400_000)
    for loss in LOSSES.values():
        assert inflation(u, loss, len(u)) / loss.slope(u).mean() == pytest.approx(1.0 / 0.95, rel=5e-3)


def test_a_covariance_with_few_readings_has_hubers_correction() -> None:
    loss, u = LOSSES["huber"], np.array([0.1, -0.5, 1.0, 3.0, -0.2, 0.4, -2.0, 0.3])
    # Six of eight slopes are 1: mean 3/4, variance 3/16; psi^2 of the two others is 1.345^2.
    K = 1.0 + 2 / 8 * (3 / 16) / (3 / 4) ** 2
    squares = 0.01 + 0.25 + 1.0 + 0.04 + 0.16 + 0.09 + 2 * 1.345**2
    assert inflation(u, loss, 6) == pytest.approx(K**2 * squares / 6 / (3 / 4))


@pytest.mark.parametrize("loss", ["huber", "tukey"])
def test_robust_regions_hold_the_truth_as_often_as_they_say(loss: str) -> None:
    held = []
    for seed in range(60):
        B, _ = spoiled(1000 + seed, 0.05, 100.0)
        fit = fit_dipoles(plane(), B, loss=loss, start=TRUTH.position)
        held.append(fit.confidence_region(0.68).contains(TRUTH.position))
    # Of a binomial with 60 trials, four standard deviations.
    assert abs(np.mean(held) - 0.68) < 0.24


def test_a_loss_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match='loss must be "linear", "huber" or "tukey", got'):
        fit_dipoles(plane(), TRUTH.B(plane()), loss="cauchy")
