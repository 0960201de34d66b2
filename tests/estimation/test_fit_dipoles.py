"""Dipoles from the field around them."""

import numpy as np
import pytest

from magneton import Dipole
from magneton.constants import mu_0
from magneton.estimation import Readings, fit_dipoles

K = mu_0 / (4 * np.pi)


def sphere(count: int, radius: float) -> np.ndarray:
    i = np.arange(count) + 0.5
    z = 1 - 2 * i / count
    angle = np.pi * (1 + 5**0.5) * i
    s = np.sqrt(1 - z * z)
    return radius * np.stack([s * np.cos(angle), s * np.sin(angle), z], axis=1)


def planar() -> np.ndarray:
    x, y = np.meshgrid(np.arange(4) * 0.02 - 0.03, np.arange(4) * 0.02 - 0.03)
    return np.stack([x.ravel(), y.ravel(), np.zeros(16)], axis=1)


TRUTH = Dipole(moment=[0.06, 0, 0.08], position=[0.01, -0.005, 0.1])


def test_uncertainties_on_a_sphere_are_those_of_theory() -> None:
    n, r, sigma, m = 500, 0.3, 1e-9, 2.0
    points = sphere(n, r)
    fit = fit_dipoles(points, Dipole(moment=[0, 0, m]).B(points), noise=sigma)
    assert fit.moment_std == pytest.approx(sigma * r**3 / (K * np.sqrt(2 * n)), rel=2e-3)
    assert fit.position_std[:2] == pytest.approx(sigma * r**4 / (3 * K * m * np.sqrt(n)), rel=2e-3)
    assert fit.position_std[2] == pytest.approx(sigma * r**4 / (K * m * np.sqrt(12 * n)), rel=2e-3)


@pytest.mark.parametrize(
    ("background", "position", "moment"), [(None, 0.365e-3, 0.947e-2), ("uniform", 0.700e-3, 2.39e-2)]
)
def test_uncertainties_of_a_planar_array(background: str | None, position: float, moment: float) -> None:
    fit = fit_dipoles(planar(), TRUTH.B(planar()), noise=50e-9, background=background)
    assert np.linalg.norm(fit.position_std) == pytest.approx(position, rel=2e-3)
    assert np.linalg.norm(fit.moment_std) / 0.1 == pytest.approx(moment, rel=2e-3)


def test_noiseless_dipoles_come_back_with_all_kinds_of_readings() -> None:
    points = sphere(24, 0.2)
    B, grad_B = TRUTH.B(points), TRUTH.grad_B(points)
    axes = np.roll(points, 1, axis=1)
    along = axes / np.linalg.norm(axes, axis=1)[:, None]
    ambient = np.array([20e-6, -5e-6, 40e-6])
    step = np.array([0.0, 0.0, 0.03])
    kinds = [
        Readings.vector(points, B, 1e-9),
        Readings.axis(points, axes, np.einsum("nk,nk->n", B, along), 1e-9),
        Readings.difference(
            points, step, axes, np.einsum("nk,nk->n", TRUTH.B(points + step) - B, along), 1e-9
        ),
        Readings.gradient(points, grad_B, 1e-8),
        Readings.total_field(points, np.linalg.norm(B + ambient, axis=1), 1e-9, ambient=ambient),
        Readings.weighted(
            np.stack([points, points + step], axis=1),
            np.stack([axes, along], axis=1),
            np.einsum("nk,nk->n", B, axes) + np.einsum("nk,nk->n", TRUTH.B(points + step), along),
            1e-9,
        ),
    ]
    for readings in [*kinds, kinds[0] + kinds[3] + kinds[4] + kinds[2]]:
        fit = fit_dipoles(readings)
        assert fit.position == pytest.approx(TRUTH.position, abs=1e-9)
        assert fit.moment == pytest.approx(TRUTH.moment, abs=1e-9)


def test_a_background_and_offsets_are_told_from_the_dipole() -> None:
    rng = np.random.default_rng(3)
    points = sphere(40, 0.2)
    G = rng.normal(size=(3, 3)) * 1e-6
    G = G + G.T - np.trace(G) * 2 / 3 * np.eye(3)
    B = TRUTH.B(points) + [3e-6, -1e-6, 2e-6] + points @ G.T
    fit = fit_dipoles(points, B, noise=1e-9, background="linear")
    assert fit.position == pytest.approx(TRUTH.position, abs=1e-9)
    assert fit.nuisances["background_gradient_xy"][0] == pytest.approx(G[0, 1], rel=1e-6)
    twice = np.vstack([points, points + np.array([0.0, 0.01, 0.0])])
    off = rng.normal(size=(40, 3)) * 1e-7
    read = TRUTH.B(twice) + np.vstack([off, off])
    sensor = np.tile(np.arange(40), 2)
    fit = fit_dipoles(Readings.vector(twice, read, 1e-9, sensor=sensor), offsets=float("inf"))
    assert fit.position == pytest.approx(TRUTH.position, abs=1e-9)
    assert fit.nuisances["offset_4"][0] == pytest.approx(off[1, 1], rel=1e-6)


def test_the_number_of_dipoles_is_found() -> None:
    rng = np.random.default_rng(4)
    points = sphere(60, 0.2)
    other = Dipole(moment=[0.0, 0.05, 0.0], position=[-0.05, 0.03, -0.06])
    B = TRUTH.B(points) + other.B(points) + rng.normal(size=points.shape) * 1e-8
    fit = fit_dipoles(points, B, "auto", noise=1e-8)
    assert fit.n_dipoles == 2
    assert fit.moment.shape == fit.position.shape == (2, 3)


def test_known_places_leave_a_linear_problem() -> None:
    fit = fit_dipoles(planar(), TRUTH.B(planar()), noise=50e-9, positions=TRUTH.position)
    assert fit.names == ("moment_x", "moment_y", "moment_z")
    assert fit.moment == pytest.approx(TRUTH.moment, rel=1e-12, abs=1e-14)
    assert fit.position == pytest.approx(TRUTH.position)


def test_an_unknown_noise_is_estimated() -> None:
    rng = np.random.default_rng(5)
    points = sphere(400, 0.2)
    fit = fit_dipoles(points, TRUTH.B(points) + rng.normal(size=points.shape) * 2e-8)
    assert fit.noise[0] == pytest.approx(2e-8, rel=0.08)
    assert fit.reduced_chi_square == pytest.approx(1.0)


def test_predictions_carry_the_covariance() -> None:
    fit = fit_dipoles(planar(), TRUTH.B(planar()), noise=50e-9)
    where = np.array([0.1, 0.2, 0.3])
    there = fit.predict(where)
    assert pytest.approx(TRUTH.B(where), rel=1e-9) == there.B
    L = np.linalg.cholesky(fit.covariance)
    rng = np.random.default_rng(6)
    draws = fit.parameters + rng.normal(size=(4000, 6)) @ L.T
    spread = np.std([Dipole(moment=d[3:], position=d[:3]).B(where) for d in draws], axis=0)
    assert there.std == pytest.approx(spread, rel=0.06)
    low, high = there.band(0.6826894921)
    assert (high - low) / 2 == pytest.approx(there.std, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"B": None}, "B must be"),
        ({"n_dipoles": 20}, "readings must be at least as many as the 120 unknowns"),
        ({"noise": -1.0}, "noise must be positive"),
        ({"background": "cubic"}, "background must be"),
        ({"positions": [[0, 0, 0], [1, 1, 1]]}, "positions must have shape"),
        ({"volume": [0, 1]}, "volume must be"),
        ({"B": np.full((16, 3), np.nan)}, "B must not be nan"),
    ],
)
def test_what_cannot_be_fitted_is_said(change: dict, message: str) -> None:
    given = {"points": planar(), "B": TRUTH.B(planar()), "noise": 1e-9} | change
    with pytest.raises(ValueError, match=message):
        fit_dipoles(**given)
