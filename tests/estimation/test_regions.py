"""Profile likelihood, bootstrap, and when the linear covariance is not to be trusted."""

import numpy as np
import pytest
from scipy import optimize, stats

from magneton import Dipole
from magneton.estimation import Readings, fit_dipoles, from_torque
from magneton.estimation._bootstrap import Bootstrap
from magneton.estimation._finish import finished
from magneton.estimation._likelihood import Held, Profile
from magneton.estimation._solve import solve
from magneton.estimation.estimate import MomentEstimate

SIGMA = 50e-9
MOMENT = np.array([0.06, 0, 0.08])


def plane() -> np.ndarray:
    x, y = np.meshgrid(np.arange(4) * 0.02 - 0.03, np.arange(4) * 0.02 - 0.03)
    return np.stack([x.ravel(), y.ravel(), np.zeros(16)], axis=1)


def noisy(height: float, seed: int = 0) -> tuple[Dipole, np.ndarray]:
    source = Dipole(moment=MOMENT, position=[0.01, -0.005, height])
    return source, source.B(plane()) + SIGMA * np.random.default_rng(seed).normal(size=(16, 3))


def line(noise: float | None, prior: float = np.inf) -> MomentEstimate:
    """Return a straight line through points: linear in both parameters."""
    x, z = np.linspace(0.0, 1.0, 12), np.random.default_rng(5).normal(size=12)
    design, y = np.stack([np.ones(12), x], axis=1), 2.0 + 3.0 * x + 0.1 * z
    sigma, own = np.full(12, 0.1 if noise else 1.0), np.array([np.inf, prior])
    solution = solve(lambda p: (design @ p, design), np.zeros(2), y, sigma, own)
    return finished(
        "line",
        ("a", "b"),
        ("1", "1"),
        y,
        sigma,
        noise is not None,
        solution,
        own,
        evaluate=lambda p: (design @ p, design),
    )


@pytest.mark.parametrize("noise", [0.1, None])
@pytest.mark.parametrize("prior", [np.inf, 2.0])
def test_a_linear_problem_has_the_linear_intervals_and_regions(noise: float | None, prior: float) -> None:
    e = line(noise, prior)
    std = e.std["b"]
    p = e.profile("b")
    assert p.delta(e.parameters[1] + std * np.array([-2.0, 0.0, 1.0])) == pytest.approx(
        [4.0, 0.0, 1.0], abs=1e-9
    )
    q = stats.norm.ppf(0.975) if noise else stats.t.ppf(0.975, e.dof)
    assert p.interval(0.95) == pytest.approx((e.parameters[1] - q * std, e.parameters[1] + q * std), rel=1e-6)
    linear, curved = e.confidence_region(0.9, ("a", "b")), e.likelihood_region(0.9, ("a", "b"))
    edge = linear.centre + linear.semi_axes[1] * linear.axes[:, 1]
    assert curved.delta(edge) == pytest.approx(curved.limit, rel=1e-9)
    assert curved.contains(np.stack([edge, linear.centre])).tolist() in ([True, True], [False, True])


def test_the_growth_of_chi_square_is_that_of_an_independent_minimiser() -> None:
    source, B = noisy(0.3)
    with pytest.warns(UserWarning, match="not to be trusted"):
        fit = fit_dipoles(plane(), B, noise=SIGMA, start=source.position)

    def chi_square(position: np.ndarray) -> float:
        unit = [Dipole(moment=m, position=position).B(plane()).reshape(-1) for m in np.eye(3)]
        A = np.stack(unit, axis=1)
        left = B.reshape(-1) - A @ np.linalg.lstsq(A, B.reshape(-1), rcond=None)[0]
        return float(left @ left) / SIGMA**2

    least = optimize.minimize(
        lambda x: chi_square(0.01 * x),
        fit.position * 100,
        method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-8},
    ).fun
    region = fit.likelihood_region(0.95)
    for place in ([0.01, -0.005, 0.3], [0.02, 0.0, 0.32], [0.0, 0.0, 0.25]):
        assert region.delta(place) == pytest.approx(chi_square(np.array(place)) - least, rel=1e-5, abs=1e-5)
    held_z = optimize.minimize(
        lambda x: chi_square(np.array([0.01 * x[0], 0.01 * x[1], 0.35])), [1.0, -0.5], method="Nelder-Mead"
    )
    assert fit.profile("position_z").delta(0.35) == pytest.approx(held_z.fun - least, rel=1e-4)


def test_intervals_end_where_chi_square_has_grown_and_are_lopsided_far_away() -> None:
    source, B = noisy(0.35)
    with pytest.warns(UserWarning, match="not to be trusted"):
        fit = fit_dipoles(plane(), B, noise=SIGMA, start=source.position)
    p = fit.profile("position")
    low, high = p.interval(0.95)
    assert p.delta([low, high]) == pytest.approx([stats.chi2.ppf(0.95, 1)] * 2, rel=1e-4)
    away = (p.value - low, high - p.value)
    assert max(away) > 1.2 * min(away)
    assert fit.profile("position", direction=[0, 0, 2.0]).interval(0.68) == pytest.approx(
        fit.profile("position_z").interval(0.68)
    )


def test_an_interval_is_infinite_where_chi_square_stays_low() -> None:
    x = np.linspace(0.5, 1.0, 8)

    def evaluate(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        f = np.exp(-p[0] * x)
        return f, (-x * f)[:, None]

    y = np.exp(-2.0 * x)
    found = solve(evaluate, np.array([2.0]), y, np.ones(8))
    e = finished("decay", ("rate",), ("1",), y, np.ones(8), True, found, evaluate=evaluate)
    low, high = e.profile("rate").interval(0.68)
    assert np.isfinite(low)
    assert high == np.inf


def test_the_doubt_is_told_far_away_and_not_near() -> None:
    for height in (0.05, 0.1, 0.2):
        source, B = noisy(height)
        assert fit_dipoles(plane(), B, noise=SIGMA, start=source.position).warnings == ()
    source, B = noisy(0.4)
    with pytest.warns(UserWarning, match="the linear covariance is not to be trusted"):
        fit = fit_dipoles(plane(), B, noise=SIGMA, start=source.position)
    assert any("bootstrap" in text for text in fit.warnings)


@pytest.mark.filterwarnings("ignore:the linear covariance")
def test_far_away_the_likelihood_region_covers_where_the_ellipsoid_does_not() -> None:
    linear, curved = [], []
    for seed in range(40):
        source, B = noisy(0.45, 100 + seed)
        fit = fit_dipoles(plane(), B, noise=SIGMA, start=source.position)
        linear.append(fit.confidence_region(0.68, "moment").contains(MOMENT))
        curved.append(fit.likelihood_region(0.68, "moment").contains(MOMENT))
    # Of a binomial with 40 trials, four standard deviations.
    assert abs(np.mean(curved) - 0.68) < 0.29
    assert np.mean(linear) < 0.68 - 0.15


@pytest.mark.parametrize("kind", ["parametric", "residual"])
def test_draws_of_a_linear_problem_scatter_by_its_covariance(kind: str) -> None:
    e = line(0.1)
    draws = e.bootstrap(1500, 3, kind)
    X = np.stack([np.ones(12), np.linspace(0.0, 1.0, 12)], axis=1)
    whole = e.residuals / e.noise / np.sqrt(1.0 - np.diagonal(X @ np.linalg.pinv(X)))
    expected = 1.0 if kind == "parametric" else np.var(whole)
    assert np.var(draws.of("b")) / e.std["b"] ** 2 == pytest.approx(expected, rel=0.12)
    assert draws.interval("b", 0.9, "percentile") == pytest.approx(
        draws.interval("b", 0.9), abs=0.2 * e.std["b"]
    )
    assert np.array_equal(draws.draws[:20], e.bootstrap(20, 3, kind).draws)


def test_draws_of_a_near_dipole_make_the_ellipsoid_of_the_covariance() -> None:
    source, B = noisy(0.05)
    fit = fit_dipoles(plane(), B, noise=SIGMA, start=source.position)
    draws = fit.bootstrap(200, 1)
    for of in ("position", "moment"):
        ratio = draws.region(0.68, of).semi_axes / fit.confidence_region(0.68, of).semi_axes
        assert ratio == pytest.approx(1.0, abs=0.15)
        assert np.cov(draws.of(of).T).trace() == pytest.approx(
            fit.covariance[np.ix_(fit.numbers(of), fit.numbers(of))].trace(), rel=0.3
        )


def test_accelerated_intervals_follow_efrons_formula() -> None:
    e = line(0.1)
    sample = e.parameters + e.std["b"] * np.random.default_rng(0).exponential(size=(4001, 2))
    draws = Bootstrap(e, sample, {}, "parametric")
    below = np.mean(sample[:, 1] < e.parameters[1] + 1e-300)
    z0 = stats.norm.ppf(max(below, 0.5 / 4001))
    parts = stats.norm.cdf(2 * z0 + stats.norm.ppf([0.05, 0.95]))
    assert draws.interval("b", 0.9) == pytest.approx(tuple(np.quantile(sample[:, 1], parts)))


def test_a_robust_fit_has_a_profile_and_draws() -> None:
    source, B = noisy(0.06)
    B[3, 1] += 1e-5
    fit = fit_dipoles(plane(), B, loss="huber", start=source.position)
    low, high = fit.profile("position_x").interval(0.68)
    q = stats.t.ppf(0.84, fit.dof)
    assert 0.5 * (high - low) == pytest.approx(q * fit.std["position_x"], rel=0.15)
    draws = fit.bootstrap(60, 2)
    assert np.std(draws.of("position_x")) == pytest.approx(fit.std["position_x"], rel=0.4)


def test_what_cannot_be_is_refused() -> None:
    torque = from_torque([[1e-3, 0, 0], [0, 1e-3, 0]], np.cross([1, 2, 3], np.eye(3)[:2] * 1e-3), noise=1e-6)
    with pytest.raises(ValueError, match="a profile needs the model of the readings, which from_torque"):
        torque.profile("moment_x")
    with pytest.raises(ValueError, match="bootstrap needs the model"):
        torque.bootstrap(10)
    source, B = noisy(0.05)
    fit = fit_dipoles(plane(), B, noise=SIGMA, start=source.position)
    with pytest.raises(ValueError, match='of must be "moment" or "position"'):
        fit.profile("size")
    with pytest.raises(ValueError, match="different names of"):
        fit.likelihood_region(0.95, ("position_x", "position_x"))
    with pytest.raises(ValueError, match="direction must be left out"):
        fit.profile("position_x", direction=[1, 0, 0])
    with pytest.raises(ValueError, match="kind must be"):
        fit.bootstrap(10, kind="wild")
    with pytest.raises(ValueError, match="name must be one of position_x"):
        fit.bootstrap(3).interval("position")


def test_the_minimum_is_followed_when_several_are_held() -> None:
    source, B = noisy(0.1)
    fit = fit_dipoles(Readings.vector(plane(), B, SIGMA), start=source.position)
    held = Held(fit, np.eye(6)[3:])
    target = fit.moment + 3 * fit.moment_std
    growth, theta = held.along(target)
    assert theta[3:] == pytest.approx(target)
    assert growth == pytest.approx(held.along(target, theta)[0], rel=1e-6)
    assert isinstance(fit.profile("moment_x"), Profile)
