"""The field of a spacecraft at the tip of its boom."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.transform import Rotation

from magneton import Dipole
from magneton.constants import mu_0
from magneton.estimation import MomentEstimate, RotatingRig, Spacecraft, Unit, fit_dipoles
from magneton.estimation._magnitudes import below, quantile

K = mu_0 / (4 * np.pi)
TIP = np.array([4.0, 0.3, -0.2])


def covariance(seed: int, n: int = 1) -> np.ndarray:
    size = np.repeat([0.01, 0.02], 3 * n)
    A = np.random.default_rng(seed).normal(size=(6 * n, 6 * n)) * size[:, None] / np.sqrt(6 * n)
    return A @ A.T


@pytest.mark.parametrize("mean", [0.0, 0.5, 30.0, 1000.0])
@pytest.mark.parametrize("off", [-1.5, -0.1, 0.0, 0.1, 3.0])
def test_lengths_of_equal_variances_are_noncentral_chi(mean: float, off: float) -> None:
    scale, length = 1e-9, np.sqrt(mean**2 + 3.0) + off
    under, above = below(
        scale * np.array([0.6 * mean, 0.0, 0.8 * mean]), scale**2 * np.eye(3), scale * length
    )
    truth = stats.ncx2(3, mean**2) if mean else stats.chi2(3)
    assert under == pytest.approx(truth.cdf(length**2), rel=2e-12)
    assert above == pytest.approx(truth.sf(length**2), rel=2e-12)


def test_tails_of_one_random_component_keep_their_digits() -> None:
    C = np.diag([0.01, 0.0, 0.0])
    for length in (0.3, 2.0, 5.0):
        z = (np.array([length, -length]) - 2.0) / 0.1
        under, above = below(np.array([2.0, 0.0, 0.0]), C, length)
        assert under == pytest.approx(stats.norm.cdf(z[0]) - stats.norm.cdf(z[1]), rel=1e-9)
        assert above == pytest.approx(stats.norm.sf(z[0]) + stats.norm.cdf(z[1]), rel=1e-9)
    assert below(np.array([0.0, 3.0, 4.0]), np.zeros((3, 3)), 5.1) == (1.0, 0.0)
    assert below(np.array([0.0, 3.0, 4.0]), C, 4.9) == (0.0, 1.0)
    assert quantile(np.array([0.0, 3.0, 4.0]), np.zeros((3, 3)), 0.9) == 5.0


@pytest.mark.parametrize("variances", [[1.0, 0.3, 0.01], [1.0, 1e-4, 1e-8], [1.0, 1.0, 1e-6]])
def test_lengths_of_unlike_variances_by_simulation(variances: list[float]) -> None:
    turn, runs = Rotation.from_rotvec([0.3, -0.8, 1.1]).as_matrix(), 200_000
    mean = turn @ [0.3, 0.5, 1.0]
    draws = np.random.default_rng(61).normal(size=(runs, 3)) * np.sqrt(variances) @ turn.T + mean
    lengths, C = np.linalg.norm(draws, axis=1), turn @ np.diag(variances) @ turn.T
    for level in (0.01, 0.3, 0.68, 0.95, 0.999):
        part = np.mean(lengths < quantile(mean, C, level))
        assert part == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / runs))


def test_a_unit_is_turned_and_mounted_with_its_covariance() -> None:
    turn = Rotation.from_rotvec([0.2, 0.5, -0.9])
    dipoles = [
        Dipole(moment=[0.1, 0, 0.2], position=[0.02, 0.01, 0]),
        Dipole(moment=[0, 0.1, 0], position=[0, 0, 0.1]),
    ]
    unit = Unit("wheel", dipoles, [0.5, -0.2, 0.1], turn, covariance(62, 2))
    R = turn.as_matrix()
    seen = R @ sum(d.B(R.T @ (TIP - unit.position)) for d in dipoles)
    assert pytest.approx(seen, rel=1e-12) == unit.field(TIP).B
    assert unit.moment == pytest.approx(R @ [0.1, 0.1, 0.2])
    draws = np.random.default_rng(63).multivariate_normal(np.zeros(12), covariance(62, 2), 1500)
    B = np.array(
        [
            sum(
                Dipole(
                    moment=d.moment + e[6 + 3 * i : 9 + 3 * i], position=d.position + e[3 * i : 3 * i + 3]
                ).B(R.T @ (TIP - unit.position))
                for i, d in enumerate(dipoles)
            )
            for e in draws
        ]
    )
    spread = np.cov((B @ R.T).T)
    assert unit.field(TIP).covariance == pytest.approx(spread, rel=0.15, abs=0.15 * np.trace(spread) / 3)


def craft() -> Spacecraft:
    return Spacecraft(
        [
            Unit("wheel", Dipole(moment=[0.0, 0.0, 0.2]), [0.5, 0, 0], covariance=covariance(64)),
            Unit("tank", Dipole(moment=[0.05, -0.1, 0.0]), [-0.5, 0.2, 0], covariance=covariance(65)),
            Unit.of_magnitude("relay", 0.03, [0.0, 0.0, 0.3]),
        ]
    )


def test_errors_of_units_add_as_squares_and_shares_sum_up() -> None:
    parts, whole = craft().contributions(TIP), craft().field(TIP)
    assert pytest.approx(sum(p.B for p in parts.values()), rel=1e-13) == whole.B
    assert whole.covariance == pytest.approx(sum(p.covariance for p in parts.values()), rel=1e-13)
    verdict = craft().verdict(TIP, 0.5e-9)
    assert sum(verdict.shares.values()) == pytest.approx(np.linalg.norm(whole.B), rel=1e-12)
    assert sum(verdict.variance_shares.values()) == pytest.approx(1.0)
    assert verdict.shares["relay"] == 0.0
    assert "relay" in str(verdict)
    assert np.trace(craft().moment_covariance) == pytest.approx(
        0.03**2 + sum(np.trace(covariance(s)[3:, 3:]) for s in (64, 65))
    )


def test_a_verdict_is_the_chance_of_the_limit() -> None:
    there, rng = craft().field(TIP), np.random.default_rng(66)
    lengths = np.linalg.norm(rng.multivariate_normal(there.B, there.covariance, 100_000), axis=1)
    limit = 1.1 * np.linalg.norm(there.B)
    verdict = craft().verdict(TIP, limit)
    assert verdict.probability == pytest.approx(np.mean(lengths < limit), abs=4 * np.sqrt(0.25 / 1e5))
    assert verdict.probability + verdict.risk == pytest.approx(1.0)
    low, high = craft().probability_band(TIP, 0.9)
    assert np.mean((low < lengths) & (lengths < high)) == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / 1e5))
    assert craft().verdict(TIP, low).passes(0.0499)
    assert not craft().verdict(TIP, 0.99 * low).passes(0.05)


def test_beyond_the_booms_length_the_limit_is_kept() -> None:
    length = craft().boom_length([1, 0, 0], 0.1e-9, 0.9, origin=[0, 0, 0])
    quantiles = craft().magnitude_quantile([[length * f, 0, 0] for f in (0.999, 1.0, 1.001, 3.0, 100.0)], 0.9)
    assert quantiles[0] > 0.1e-9
    assert quantiles[1] == pytest.approx(0.1e-9)
    assert (quantiles[2:] < 0.1e-9).all()
    sure = Spacecraft([Unit("magnet", Dipole(moment=[0, 0, 1.0]))])
    assert sure.boom_length([0, 0, 1], 1e-9) == pytest.approx((2 * K / 1e-9) ** (1 / 3), rel=1e-9)
    assert Spacecraft([Unit("empty", Dipole(moment=[0, 0, 0.0]))]).boom_length([1, 0, 0], 1e-9) == 0.0


def test_a_fit_on_the_rotating_rig_predicts_the_field_within_its_band() -> None:
    rig, angles, rng = RotatingRig([[0.5, 0, 0.1], [0.4, 0.1, -0.1]]), np.radians(np.arange(0, 360, 20)), None
    truth, runs, inside = Dipole(moment=[0.1, 0.05, 0.2], position=[0.02, 0.01, 0.03]), 60, []
    rng = np.random.default_rng(67)
    for _ in range(runs):
        B = rig.field(truth, angles) + [18e-6, 0, -44e-6] + rng.normal(size=(18, 2, 3)) * 20e-9
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fit = fit_dipoles(rig.readings(angles, B, 20e-9), background="uniform")
        there = Unit("unit", fit, [0.3, 0, 0]).field(TIP)
        off = there.B - truth.B(TIP - [0.3, 0, 0])
        inside.append(off @ np.linalg.solve(there.covariance, off))
    assert np.mean(inside) == pytest.approx(3.0, abs=4 * np.sqrt(6 / runs))


def one_sided(noise: float | None, sensors: int, seed: int = 68) -> MomentEstimate:
    points = np.array([[0.3, 0, 0], [0.25, 0.15, 0.05], [0.3, -0.1, 0.15]])[:sensors]
    B = Dipole(moment=[0.1, 0.05, 0.2], position=[0.02, 0.01, 0.03]).B(points)
    return fit_dipoles(points, B + np.random.default_rng(seed).normal(size=B.shape) * 20e-9, noise=noise)


def test_a_unit_keeps_how_errors_of_places_and_moments_go_together() -> None:
    fit, near = one_sided(20e-9, 3), np.array([0.6, 0.3, 0.2])
    expected = fit.predict(near).covariance
    for there in (Unit("u", fit).field(near), Spacecraft([Unit("u", fit)]).field(near)):
        assert there.covariance == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.trace(expected))
    apart = fit.covariance.copy()  # the correlation matters here
    apart[:3, 3:] = apart[3:, :3] = 0.0
    alone = (
        Unit("u", Dipole(moment=fit.moment, position=fit.position), covariance=apart).field(near).covariance
    )
    assert np.trace(alone) > 1.5 * np.trace(expected)


def test_an_estimated_noise_counts_with_the_variance_of_students_t() -> None:
    fit = one_sided(None, 3)
    assert fit.dof == 3
    with pytest.warns(UserWarning, match="unit u: the noise was estimated with 3 degrees of freedom only"):
        unit = Unit("u", fit)
    assert unit.field(TIP).covariance == pytest.approx(3.0 * fit.predict(TIP).covariance, rel=1e-9)
    for dof in (1, 2):
        with pytest.raises(ValueError, match=f"with 3 degrees of freedom or more, got {dof}"):
            Unit("u", replace(fit, dof=dof))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Unit("u", replace(fit, dof=10))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Unit("u", "magnet"), "dipoles must be a MomentEstimate"),
        (
            lambda: Unit("u", Dipole(moment=[0, 0, 1]), covariance=np.eye(3)),
            r"covariance must have shape \(6, 6\)",
        ),
        (lambda: Unit("u", Dipole(moment=[0, 0, 1]), covariance=-np.eye(6)), "no negative variance"),
        (lambda: Unit("u", Dipole(moment=[0, 0, 1]), orientation=[0, 0, 1]), "orientation must be"),
        (lambda: Unit.of_magnitude("u", -1.0, [0, 0, 0]), "magnitude must be positive"),
        (lambda: Spacecraft([]), "units must be one Unit or more"),
        (
            lambda: Spacecraft([*craft().units, craft().units[0]]),
            "different names, got wheel, tank, relay, wheel",
        ),
        (lambda: craft().verdict(TIP, 0.0), "limit must be positive"),
        (lambda: craft().verdict([0.5, 0, 0], 1.0), "point must not be at a dipole"),
        (lambda: craft().boom_length([0, 0, 0], 1e-9), "direction must not be zero"),
    ],
)
def test_what_makes_no_sense_is_said(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]
