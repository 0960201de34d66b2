"""Moments from torques, forces, oscillations, fluxes, coefficients and susceptibilities."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from magneton import CircularLoop, Dipole, force
from magneton.constants import N_A, k_B, mu_0, mu_B
from magneton.estimation import (
    from_flux,
    from_force,
    from_gauss_coefficients,
    from_oscillation,
    from_susceptibility,
    from_torque,
)

MOMENT = np.array([1e-3, -2e-3, 3e-3])
LOOP = CircularLoop(radius=0.05, current=10.0)
RNG = np.random.default_rng(88)


def test_torque_and_its_covariance() -> None:
    B = RNG.normal(size=(5, 3)) * 0.1
    sigma = RNG.uniform(1e-6, 3e-6, size=(5, 3))
    draws = []
    for _ in range(400):
        tau = np.cross(MOMENT, B) + RNG.normal(size=(5, 3)) * sigma
        draws.append(from_torque(B, tau, sigma).moment)
    fit = from_torque(B, np.cross(MOMENT, B), sigma)
    assert fit.moment == pytest.approx(MOMENT, rel=1e-10)
    white = np.linalg.solve(np.linalg.cholesky(fit.moment_covariance), (np.array(draws) - MOMENT).T)
    assert np.cov(white) == pytest.approx(np.eye(3), abs=0.25)


def test_parallel_fields_are_an_error() -> None:
    with pytest.raises(ValueError, match="B must hold two or more fields that are not parallel"):
        from_torque([[0, 0, 1], [0, 0, -2]], np.zeros((2, 3)), 1e-6)
    with pytest.raises(ValueError, match="parallel"):
        from_torque([[0, 0, 1]], np.zeros((1, 3)), 1e-6)


def test_force_is_that_of_the_library() -> None:
    coil = CircularLoop(radius=0.05, current=10.0)
    points = np.array([[0.0, 0.0, 0.02], [0.01, 0.0, 0.03], [0.0, 0.02, 0.01]])
    F = np.array([force(coil, Dipole(moment=MOMENT, position=p)) for p in points])
    fit = from_force(coil, points, F, 1e-9)
    assert fit.moment == pytest.approx(MOMENT, rel=1e-9)
    one = from_force(coil, points, F @ [0, 0.6, 0.8], 1e-9, axis=[0, 3, 4])
    assert one.moment == pytest.approx(MOMENT, rel=1e-9)


def test_a_moment_that_no_force_shows() -> None:
    coil = CircularLoop(radius=0.05, current=10.0)
    with pytest.warns(UserWarning, match="do not determine moment_x, moment_y"):
        fit = from_force(coil, [[0, 0, 0.02], [0, 0, 0.03]], [1e-4, 2e-4], 1e-6, axis=[0, 0, 1])
    assert np.isinf(fit.moment_std[:2]).all()
    assert np.isfinite(fit.moment_std[2])


def test_oscillation_of_a_needle() -> None:
    m, inertia, B = 0.8, 2e-6, 30e-6
    small = 2 * np.pi * np.sqrt(inertia / (m * B))
    assert from_oscillation(small, inertia, B, 0.01).moment == pytest.approx(m, rel=1e-12)
    # The period at 90 degrees is 1.18034060 times that of small amplitude (Gauss's lemniscate constant).
    assert from_oscillation(
        1.1803405990 * small, inertia, B, 0.01, amplitude=np.pi / 2
    ).moment == pytest.approx(m, rel=1e-8)
    fit = from_oscillation(small, inertia, B, 0.001 * small, inertia_std=0.003 * inertia, B_std=0.006 * B)
    assert fit.moment_std / m == pytest.approx(0.007, rel=1e-9)


def test_flux_of_a_loop_by_its_vector_potential() -> None:
    coil = CircularLoop(radius=0.02, current=2.0)
    points = np.array([[0.0, 0.005, 0.01], [0.004, 0.0, -0.02], [0.003, 0.006, 0.0]])
    t = 2 * np.pi * (np.arange(400) + 0.5) / 400
    ring = 0.02 * np.stack([np.cos(t), np.sin(t), 0 * t], axis=1)
    along = np.stack([-np.sin(t), np.cos(t), 0 * t], axis=1) * 0.02 * 2 * np.pi / 400
    flux = np.array([np.sum(Dipole(moment=MOMENT, position=p).A(ring) * along) for p in points])
    assert from_flux(coil, points, flux, 1e-12).moment == pytest.approx(MOMENT, rel=1e-9)
    far = points + np.array([0.0, 0.0, 0.1])
    gone = np.array([from_flux_of(coil, p) for p in far])
    change = from_flux(coil, points, flux - gone[0], 1e-12, reference=far[0])
    assert change.moment == pytest.approx(MOMENT, rel=1e-9)


def from_flux_of(coil: CircularLoop, place: np.ndarray) -> float:
    return float(coil.B(place) @ MOMENT / coil.current)


def test_earths_moment() -> None:
    # IGRF-14, 2020.0
    earth = from_gauss_coefficients(-29403.41e-9, -1451.37e-9, 4653.35e-9, 6371.2e3, [0.1e-9, 0.2e-9, 0.3e-9])
    assert earth.magnitude == pytest.approx(7.70812e22, rel=1e-5)
    assert earth.moment[2] < 0
    factor = 4 * np.pi * 6371.2e3**3 / mu_0
    assert earth.moment_std == pytest.approx(np.array([0.2e-9, 0.3e-9, 0.1e-9]) * factor)


def test_susceptibility_with_all_unknowns() -> None:
    T = np.linspace(50, 300, 12)
    chi = 2 * mu_0 * N_A * (3.6 * mu_B) ** 2 / (3 * k_B * (T - 7.0)) - 1e-9
    fit = from_susceptibility(T, chi, 1e-11, ions=2, independent=True)
    assert fit.moment == pytest.approx(3.6 * mu_B, rel=1e-9)
    assert fit.nuisances["weiss_temperature"][0] == pytest.approx(7.0, rel=1e-7)
    assert fit.nuisances["chi_0"][0] == pytest.approx(-1e-9, rel=1e-6)
    with pytest.raises(ValueError, match="chi must be positive somewhere"):
        from_susceptibility(T, -chi)


def test_susceptibility_only_above_the_weiss_temperature() -> None:
    curie = mu_0 * N_A * (3.6 * mu_B) ** 2 / (3 * k_B)
    T = np.linspace(80.0, 300.0, 12)
    with pytest.raises(ValueError, match="a Weiss temperature of 103 K"):
        from_susceptibility(T, curie / (T - 103.0))
    with pytest.raises(ValueError, match="chi must fall as"):
        from_susceptibility(T, 1e-8 * T)
    for theta in (79.99, -400.0):  # a fit that begins at theta = 0 finds no way so near the pole
        fit = from_susceptibility(T, curie / (T - theta) + curie / 80.0, independent=True)
        assert fit.moment == pytest.approx(3.6 * mu_B, rel=1e-6)
        assert fit.nuisances["weiss_temperature"][0] == pytest.approx(theta, rel=1e-6)


def test_degrees_of_freedom_of_scatter_and_a_shared_error() -> None:
    # Bands of Student's t with the effective number hold the truth as often as they say.
    runs, inside, m, inertia, B = 2000, 0, 0.8, 2e-6, 30e-6
    period, rng = 2 * np.pi * np.sqrt(inertia / (m * B)), np.random.default_rng(89)
    for _ in range(runs):
        measured = period * (1 + 0.01 * rng.normal(size=3))
        said = inertia * (1 + 0.02 * rng.normal())
        fit = from_oscillation(measured, said, B, inertia_std=0.02 * said)
        inside += abs(fit.moment - m) < stats.t.ppf(0.975, fit.dof) * fit.moment_std
    assert inside / runs == pytest.approx(0.95, abs=0.02)
    scatter = from_oscillation(measured, said, B)
    a, s = scatter.moment_std**2, (0.02 * fit.moment) ** 2
    assert scatter.dof == 2
    assert fit.dof == int(2 * (a + s) ** 2 / a**2)
    assert fit.moment_std**2 == pytest.approx(a + s)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: from_oscillation([1.0, 2.0], 1e-6, [1e-5] * 3), r"B must be a number or have shape \(2,\)"),
        (lambda: from_oscillation([[1.0, 2.0]], 1e-6, 1e-5), r"period must be .* got shape \(1, 2\)"),
        (
            lambda: from_oscillation(1.0, 1e-6, 1e-5, amplitude=[0.1, 0.2]),
            "amplitude must be a number or have",
        ),
        (lambda: from_oscillation(1.0, 1e-6, 1e-5, 0.1, B_std=-1.0), "B_std must not be negative"),
        (lambda: from_oscillation(1.0, 1e-6, 1e-5, 0.1, B_std=[1.0, 1.0]), "B_std must be a number"),
        (lambda: from_force(LOOP, [[0, 0, 1.0]], [1.0], axis=[0, 0, 0]), "axis must not be zero"),
        (lambda: from_force(Dipole([0, 0, 1.0]), [[0, 0, 0.0]], [[0, 0, 1.0]]), "points must be where"),
        (lambda: from_force(None, [[0, 0, 1.0]], [[0, 0, 1.0]]), "source must be a source"),
        (lambda: from_gauss_coefficients(1.0, 1.0, 1.0, 1.0, [1.0, 2.0]), "noise must be a number or have"),
        (lambda: from_flux([], [[0, 0, 1.0]], []), "coils must be one coil or more"),
    ],
)
def test_what_makes_no_sense_is_said(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
